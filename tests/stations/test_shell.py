"""The window round a station: who is here, menu, scale, help, and what it says while the data is away."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.people import Actor, Role, station
from queuedesk.desk import closing, looking, signing
from queuedesk.stations.context import StationContext
from queuedesk.stations.feed_bridge import HallFeed
from queuedesk.stations.frame import take_picture
from queuedesk.stations.page import MenuEntry, StationPage
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.shell import StationWindow
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.style import LIGHT, Look, apply
from queuedesk.stations.tasks import InlineTasks
from queuedesk.stations.widgets.dialogs import ConfirmDialog
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.pills import Pill
from tests.hall import at, make_hall, preset

GUIDES = ("guide", "manager", "admin")
ZHOU = Actor("G1", Role.GUIDE)


class Page(StationPage):
    """A page that remembers what it was told."""

    def __init__(self, context: StationContext) -> None:
        super().__init__(context)
        self.ticks: list[object] = []
        self.languages: list[str] = []
        self.stopped = False
        self.closes = self.lets_go = True

    def retranslate(self) -> None:
        self.languages.append(i18n.current())

    def tick(self, now: object) -> None:
        self.ticks.append(now)

    def menu_entries(self) -> list[MenuEntry]:
        return [MenuEntry("Own act", lambda: None, "F8"), MenuEntry("Not now", lambda: None, enabled=False)]

    def may_close(self) -> bool:
        return self.closes

    def may_sign_out(self) -> bool:
        return self.lets_go

    def closing_effect(self) -> str:
        return "The page loses something."

    def stop(self) -> None:
        self.stopped = True


class OwnAwayPage(Page):
    """A page with its own words while the data is away."""

    def show_away(self, since: object) -> None:
        self.away = since


class HallPage(Page):
    canvas = (1920, 1080)


@pytest.fixture
def hall(tmp_path):
    return make_hall(tmp_path)


@pytest.fixture
def kept():
    return {}


@pytest.fixture
def opened(hall, kept, qtbot, qapp):
    """Return a function that opens a station's window over the hall; each ends with the test."""
    windows = []
    i18n.use("en")

    def open_(build=Page, roles=GUIDES, name="guide", who=None, follow=False) -> StationWindow:
        look = Look(LIGHT)
        apply(qapp, look)
        feed = HallFeed(hall.desk, hall.clock)
        context = StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, name, who)
        window = StationWindow(context, build, roles, Preferences(kept.__setitem__), chores=False)
        windows.append((window, feed))
        window.resize(1366, 768)
        window.show()
        if follow:
            window.start()
        return window

    yield open_
    for window, feed in windows:
        window.close_anyway()
        feed.stop()
        window.deleteLater()
    i18n.use("zh_CN")


def log(hall):
    return [(event.kind, event.actor, event.staff) for event in looking.events_after(hall.desk, 1)]


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


# -- who is here --
def test_one_touch_signs_in_and_opens_the_page(hall, opened, qtbot):
    window = opened()
    assert list(window.page.tiles) == ["G1", "M1", "AD"]

    click(qtbot, window.page.tiles["G1"])

    assert (type(window.page), window.context.who) == (Page, ZHOU)
    assert log(hall) == [("sign-in", "G1", "G1")]


def test_a_digit_picks_the_name_beside_it(hall, opened, qtbot):
    window = opened()
    qtbot.keyClick(window.page, Qt.Key.Key_9)
    assert window.context.who is None

    qtbot.keyClick(window.page, Qt.Key.Key_1)

    assert window.context.who == ZHOU


def test_a_person_with_a_pin_is_asked_for_it(hall, opened, qtbot):
    signing.set_pin(hall.desk, hall.ask(), "G1", "2580")
    window = opened()
    click(qtbot, window.page.tiles["G1"])

    for digit in "2581":
        qtbot.keyClick(window.page, digit)
    qtbot.keyClick(window.page, Qt.Key.Key_Return)
    assert (window.page.trouble(), window.context.who) == ("That PIN does not match; please enter it again.", None)

    for digit in "2580":
        click(qtbot, window.page.pad.digits[digit])
    click(qtbot, window.page.pad.enter)
    assert window.context.who == ZHOU


def test_a_pin_of_three_digits_can_not_be_sent(hall, opened, qtbot):
    signing.set_pin(hall.desk, hall.ask(), "G1", "2580")
    window = opened()
    click(qtbot, window.page.tiles["G1"])

    for digit in "258":
        window.page.pad.give(digit)

    assert (window.page.pad.enter.isEnabled(), window.page.pad.enter.text()) == (False, "Enter the PIN")


def test_who_was_here_before_is_remembered_by_the_log(hall, opened):
    signing.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")

    assert opened().context.who == ZHOU


def test_signing_out_asks_anew(hall, opened):
    signing.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    window = opened()
    page = window.page

    window.menu().findChild(object, "sign-out").trigger()

    assert (type(window.page), window.context.who, page.stopped) == (SignInView, None, True)
    assert log(hall)[-1] == ("sign-out", "G1", "G1")


def test_signing_out_asks_before_something_is_lost(hall, opened, qtbot):
    signing.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    window = opened()
    page = window.page
    page.lets_go = False

    window.menu().findChild(object, "sign-out").trigger()
    (question,) = window.findChildren(ConfirmDialog)
    assert question.accessibleName() == "Sign out now? The page loses something."
    click(qtbot, question.safe_button)
    assert window.page is page

    window.menu().findChild(object, "sign-out").trigger()
    click(qtbot, window.findChildren(ConfirmDialog)[-1].act_button)
    assert (type(window.page), page.stopped) == (SignInView, True)


def test_the_days_end_asks_anew(hall, opened, qtbot):
    signing.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    window = opened(follow=True)

    closing.end_today(hall.desk, hall.ask())

    qtbot.waitUntil(lambda: isinstance(window.page, SignInView))


def test_somebody_signed_in_elsewhere_takes_over(hall, opened, qtbot):
    signing.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    window = opened(follow=True)

    signing.sign_in(hall.desk, hall.ask(), "guide", "M1")

    qtbot.waitUntil(lambda: window.context.who == Actor("M1", Role.MANAGER))


def test_an_event_of_another_station_changes_nobody(hall, opened, qtbot):
    window = opened(follow=True)
    click(qtbot, window.page.tiles["G1"])
    page = window.page

    with qtbot.waitSignal(window.context.feed.changed):
        hall.issue("A")

    assert window.page is page


def test_a_station_that_acts_as_itself_opens_at_once(hall, opened):
    window = opened(roles=(), name="display", who=station("display"))

    assert (type(window.page), window.sign_out_act()) == (Page, None)


def test_a_hall_without_such_people_says_so(tmp_path, opened, hall):
    window = opened(roles=())
    assert isinstance(window.page, Page)

    empty = opened(roles=("nobody",))
    assert empty.page.tiles == {}


# -- language, size, contrast --
def test_a_language_is_changed_while_running_and_kept(opened, kept):
    window = opened(roles=())

    window.preferences.set_language("zh_CN")

    assert (window.page.languages, kept) == (["zh_CN"], {"language": "zh_CN"})


def test_the_sign_in_page_speaks_the_new_language(opened):
    window = opened()
    window.preferences.set_language("zh_CN")

    assert window.page.tiles["G1"].text() == "周琳"


def test_the_menu_has_the_pages_acts_first(opened):
    actions = opened(roles=()).menu().actions()

    assert [action.text() for action in actions if not action.isSeparator()] == [
        "Own act\tF8", "Not now", "Language", "Text size", "High contrast", "Help\tF1", "Home\tCtrl+Shift+H"
    ]  # fmt: skip
    assert [action.isEnabled() for action in actions[:2]] == [True, False]


def test_larger_text_is_chosen_in_the_menu(opened, kept):
    window = opened(roles=())
    window.menu().findChild(object, "150").trigger()

    assert (window.look.scale.k, kept) == (1.5, {"text_pct": 150})


def test_contrast_is_switched_on_and_off(opened):
    window = opened(roles=())
    names = []
    for _time in range(2):
        window.menu().findChild(object, "contrast").trigger()
        names.append(window.look.theme.name)

    assert names == ["contrast", "light"]


def test_a_choice_that_can_not_be_kept_still_holds(qapp):
    def refuse(_name, _value):
        raise OutsideError("cannot_write", path="config.json")

    preferences = Preferences(refuse)
    preferences.set_text_pct(125)

    assert preferences.text_pct == 125


def test_a_canvas_is_scaled_whole_and_offers_no_text_size(opened):
    window = opened(HallPage, roles=())
    window.resize(960, 540)

    assert window.look.scale.k == 0.5
    assert window.menu().findChild(object, "150") is None


def test_help_lies_over_the_page_until_escape(opened, qtbot):
    window = opened(roles=())
    window.activateWindow()
    window.show_help()

    panel = window._help
    assert "Giving a ticket" in panel.text()

    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window._help is None)


# -- away, closing, pictures --
def test_data_away_is_said_over_the_page_with_its_time(opened, hall):
    window = opened(roles=())
    window.context.feed.away_since = at("10:42")
    window.context.feed.away.emit(at("10:42"))
    said = window._banner.accessibleName()
    assert said == "The hall's file can't be opened since 10:42 Retrying. This shows 10:42."
    assert window._banner.isVisible()

    window.context.feed.away_since = None
    window.context.feed.back.emit()
    assert not window._banner.isVisible()


def test_a_page_may_say_it_itself(opened):
    window = opened(OwnAwayPage, roles=())

    window.context.feed.away.emit(at("10:42"))

    assert (window.page.away, window._banner.isVisible()) == (at("10:42"), False)


def test_a_renamed_file_is_said_within_three_seconds(opened, hall, qtbot):
    window = opened(roles=(), follow=True)
    away = hall.path.rename(hall.path.with_name("elsewhere"))
    qtbot.waitUntil(window._banner.isVisible, timeout=3000)

    away.rename(hall.path)
    qtbot.waitUntil(lambda: not window._banner.isVisible(), timeout=3000)


def test_a_page_that_is_busy_is_not_closed_without_asking(opened, qtbot):
    window = opened(roles=())
    page = window.page
    page.closes = False
    window.close()
    assert (window.isVisible(), page.stopped) == (True, False)
    question = window.findChild(ConfirmDialog)
    assert "The page loses something." in [label.text() for label in question.findChildren(Label)]

    page.closes = True
    with qtbot.waitSignal(window.gone):
        window.close()
    assert page.stopped


def test_the_home_key_leads_home(opened, qtbot):
    window = opened(roles=())
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    with qtbot.waitSignal(window.home_wanted):
        qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def test_the_menu_ends_where_its_button_ends(opened):
    window = opened(roles=())
    window.show_menu(QPoint(1300, 50))
    menu = window._menu

    assert menu.geometry().right() <= 1300
    menu.close()


def test_a_picture_has_the_size_that_was_asked_for(opened, tmp_path, hall):
    window = opened(roles=())
    take_picture(window, tmp_path / "guide.png", (1366, 768))

    assert QImage(str(tmp_path / "guide.png")).size().toTuple() == (1366, 768)
    assert window.page.ticks[-1] == hall.clock()


def test_a_picture_that_can_not_be_written_is_said(opened, tmp_path):
    with pytest.raises(OutsideError, match="cannot_write"):
        take_picture(opened(roles=()), tmp_path / "missing" / "guide.png", (1366, 768))


def test_every_page_of_a_simulated_hall_says_that_it_is_a_demonstration(hall, opened, tmp_path, qtbot):
    real = opened()
    assert "Demonstration" not in words_of(real)
    (tmp_path / "demo").mkdir()
    demo = make_hall(tmp_path / "demo", hall={**preset()["hall"], "simulated": True})
    hall.desk, hall.clock = demo.desk, demo.clock

    window = opened()
    assert "Demonstration" in words_of(window)
    i18n.use("zh_CN")
    window.retranslate()

    assert "演示" in words_of(window)


def words_of(window):
    return [label.text() for label in window.findChildren(Pill) if label.isVisible()]


def test_a_hall_that_renames_its_windows_is_read_anew_at_once(hall, opened, qtbot):
    window = opened(roles=(), who=station("guide"))
    try:
        window.start()
        before = len(window.page.languages)
        hall.do("set-hall", {"words": {"window": "room"}})
        qtbot.waitUntil(lambda: len(window.page.languages) > before)

        assert i18n._("Window {window}", window="3") == "Room 3"
    finally:
        i18n.use_words()
