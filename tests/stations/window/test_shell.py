"""The window round a station: who is here, menu, scale and help."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE, Actor, Role, station
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.upkeep import closing, maintenance
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.help import HelpPanel
from queuedesk.stations.window.preferences import Preferences
from queuedesk.store.engine.database import Database
from tests.stations.shell_pages import ZHOU, HallPage, Page


def log(hall):
    return [(event.kind, event.actor, event.staff) for event in looking.events_after(hall.desk, 1)]


def signed_in_at(hall):
    return hall.whole().signed_in


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


# -- who is here --
def test_one_touch_or_a_digit_signs_in_and_signing_out_asks_before_something_is_lost(hall, opened, qtbot):
    window = opened()
    assert list(window.page.tiles) == ["G1", "M1", "AD"]
    click(qtbot, window.page.tiles["G1"])
    page = window.page
    assert (type(page), window.context.who) == (Page, ZHOU)
    assert log(hall) == [("sign-in", "G1", "G1")]

    window.menu().findChild(object, "sign-out").trigger()
    assert (type(window.page), window.context.who, page.stopped) == (SignInView, None, True)
    assert log(hall)[-1] == ("sign-out", "G1", "G1")

    # A digit picks the name beside it.
    qtbot.keyClick(window.page, Qt.Key.Key_9)
    assert window.context.who is None
    qtbot.keyClick(window.page, Qt.Key.Key_1)
    assert window.context.who == ZHOU

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

    window.preferences.set_language("zh_CN")
    assert window.page.tiles["G1"].text() == "周琳"


def test_whoever_is_here_stays_when_an_earlier_backup_is_put_back(hall, opened, qtbot, tmp_path):
    maintenance.back_up(hall.desk.db, CONSOLE, tmp_path / "b.zip", hall.clock())
    window = opened()
    window.context.feed.start()
    click(qtbot, window.page.tiles["G1"])
    maintenance.restore(tmp_path / "b.zip", hall.path, hall.ask(), replace=True)

    there = Database.open(hall.path)
    qtbot.waitUntil(lambda: looking.events_after(Desk(there, 1), 1)[-1].kind == "sign-in")
    there.dispose()
    assert (type(window.page), window.context.who) == (Page, ZHOU)
    window.context.feed.stop()


def test_a_person_with_a_pin_is_asked_for_it(hall, opened, qtbot):
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "G1", "2580")
    window = opened()
    click(qtbot, window.page.tiles["G1"])

    for digit in "258":
        qtbot.keyClick(window.page, digit)
    pad = window.page.pad
    assert (pad.enter.isEnabled(), pad.enter.text()) == (False, "Enter the PIN"), "three digits can't be sent"
    qtbot.keyClick(window.page, "1")
    qtbot.keyClick(window.page, Qt.Key.Key_Return)
    assert (window.page.trouble(), window.context.who) == ("That PIN does not match; please enter it again.", None)

    for digit in "2580":
        click(qtbot, window.page.pad.digits[digit])
    click(qtbot, window.page.pad.enter)
    assert window.context.who == ZHOU


def test_who_has_no_pin_where_others_have_one_opens_no_manager_s_station(hall, opened, qtbot):
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "G1", "2580")
    window = opened(roles=("manager", "admin"), name="manager")

    click(qtbot, window.page.tiles["M1"])

    assert (window.context.who, "M1 has none" in window.page.trouble()) == (None, True)
    assert signed_in_at(hall) == {}
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "M1", "1234")
    click(qtbot, window.page.tiles["M1"])
    for digit in "1234":
        qtbot.keyClick(window.page, digit)
    qtbot.keyClick(window.page, Qt.Key.Key_Return)
    assert window.context.who == Actor("M1", Role.MANAGER)


def test_a_manager_s_station_that_opens_again_asks_for_the_pin_again(hall, opened):
    boss = Actor("M1", Role.MANAGER)
    sign_in_and_pins.sign_in(hall.desk, hall.ask(boss), "manager", "M1")
    assert opened(roles=("manager", "admin"), name="manager").context.who == boss

    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "M1", "1234")
    window = opened(roles=("manager", "admin"), name="manager")
    assert (type(window.page), window.context.who) == (SignInView, None)


def test_two_pcs_have_each_their_own_people_at_a_station_of_one_name(hall, opened, qtbot):
    door, back = opened(follow=True, pc="Door"), opened(follow=True, pc="Back#2")
    door.sign_in("G1")
    back.sign_in("M1")

    assert signed_in_at(hall) == {"guide@Door": "G1", "guide@Back 2": "M1"}
    qtbot.waitUntil(lambda: door.context.feed.state.signed_in == signed_in_at(hall))
    assert door.context.who == ZHOU
    door.sign_out()
    assert signed_in_at(hall) == {"guide@Back 2": "M1"}


def test_who_was_here_goes_on_under_the_stations_new_name(hall, opened):
    sign_in_and_pins.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    before, window = opened().context, opened(pc="Door")
    assert window.context.who is None

    window.see("", before)

    assert window.context.who == ZHOU
    assert signed_in_at(hall) == {"guide@Door": "G1"}, "nobody is at two stations"


class PlacedPage(Page):
    """A page with several places in it."""

    place = "first"

    def seen(self):
        return self.place

    def see(self, what):
        self.place = what


def test_whose_page_is_made_anew_stays_where_they_were(hall, opened):
    window = opened(PlacedPage)
    window.sign_in("G1")
    window.page.see("second")

    window.admit(ZHOU)
    assert window.page.place == "second"
    window.admit(Actor("M1", Role.MANAGER))
    assert window.page.place == "first"


@pytest.mark.parametrize("why", ["another hall", "gone"])
def test_nobody_goes_on_in_another_hall_or_once_they_have_gone(hall, opened, why):
    sign_in_and_pins.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    before = opened().context
    if why == "gone":
        sign_in_and_pins.sign_out(hall.desk, hall.ask(ZHOU), "guide")
    else:
        state = before.feed.state
        state.put_hall(replace(state.now, hash="0" * 64))
    window = opened(pc="Door")

    window.see("", before)

    assert (type(window.page), window.context.who) == (SignInView, None)
    assert "guide@Door" not in signed_in_at(hall)


def test_who_was_here_is_remembered_by_the_log_until_somebody_takes_over_or_the_day_ends(hall, opened, qtbot):
    sign_in_and_pins.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    window = opened(follow=True)
    page = window.page
    assert window.context.who == ZHOU

    with qtbot.waitSignal(window.context.feed.changed):
        hall.issue("A")
    assert window.page is page, "an event of another station changes nobody"
    sign_in_and_pins.sign_in(hall.desk, hall.ask(), "guide", "M1")
    qtbot.waitUntil(lambda: window.context.who == Actor("M1", Role.MANAGER))

    closing.end_today(hall.desk, hall.ask())
    qtbot.waitUntil(lambda: isinstance(window.page, SignInView))


def test_a_station_that_acts_as_itself_opens_at_once_and_where_nobody_can_sign_in_no_name_is_offered(opened):
    window = opened(roles=(), name="display", who=station("display"))
    assert (type(window.page), window.sign_out_act()) == (Page, None)

    empty = opened(roles=("nobody",))
    assert (type(empty.page), empty.page.tiles) == (SignInView, {})


# -- language, size, contrast --
def test_help_text_size_contrast_and_language_are_in_the_menu_below_the_pages_acts(opened, kept, qtbot):
    window = opened(roles=())
    actions = window.menu().actions()
    assert [action.text() for action in actions if not action.isSeparator()] == [
        "Own act\tF8", "Not now", "Language", "Text size", "High contrast", "Help\tF1", "Home\tCtrl+Shift+H"
    ]  # fmt: skip
    assert [action.isEnabled() for action in actions[:2]] == [True, False]

    # Help lies over the page until Escape.
    window.activateWindow()
    window.show_help()
    panel = window.findChild(HelpPanel)
    assert "Giving a ticket" in panel.text()
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(HelpPanel) is None)

    window.menu().findChild(object, "150").trigger()
    assert (window.look.scale.k, kept) == (1.5, {"text_pct": 150})
    names = []
    for _time in range(2):
        window.menu().findChild(object, "contrast").trigger()
        names.append(window.look.theme.name)
    assert names == ["contrast", "light"]

    window.preferences.set_language("zh_CN")
    assert (window.page.languages, kept["language"]) == (["zh_CN"], "zh_CN")


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


# -- the hall's equipment --
def test_whoever_may_checks_the_equipment_from_the_menu(hall, opened, qtbot):
    from queuedesk.stations.checking.dialog import ChecksDialog

    def entries(window):
        return [action.text() for action in window.menu().actions()]

    assert "Checks at opening" not in entries(opened(who=ZHOU))
    hall.do("set-setting", "opening_checks", "on")
    window = opened(who=ZHOU, follow=True)
    assert "Checks at opening" in entries(window)
    window.ask_checks()
    (dialog,) = window.findChildren(ChecksDialog)
    click(qtbot, dialog.rows[("voice", "")].yes_button)

    qtbot.waitUntil(lambda: [kind for kind, actor, _staff in log(hall) if actor == "G1"] == ["check"])
    assert not dialog.yes_button.isVisible() and not dialog.waive_button.isVisible()


def test_who_works_here_signs_the_hall_open_and_then_closed(hall, opened, qtbot):
    from queuedesk.stations.checking.signing import LACKING, SigningDialog

    window = opened(who=ZHOU, follow=True)
    assert "Open the hall …" in [action.text() for action in window.menu().actions()]
    window.ask_signature()
    (dialog,) = window.findChildren(SigningDialog)
    for row in dialog.rows:
        click(qtbot, row.buttons["good"])
    click(qtbot, dialog.rows[2].buttons[LACKING])
    dialog.yes_button.click()
    assert log(hall) == [], "a lack needs its reason"
    click(qtbot, dialog.rows[2].why[0])
    dialog.air["temperature"].set_value("200")
    click(qtbot, dialog.yes_button)
    dialog.air["temperature"].set_value("21")
    click(qtbot, dialog.yes_button)

    qtbot.waitUntil(lambda: [one[:2] for one in log(hall)][-1] == ("opening", "G1"))
    (signed,) = hall.whole().openings.values()
    assert (signed.temperature, [mark.item for mark in signed.lacking]) == (21, [3])
    qtbot.waitUntil(lambda: "Close the hall …" in [action.text() for action in window.menu().actions()])
