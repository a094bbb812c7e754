"""Every control of every station is named for a screen reader and can be reached by keyboard, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.app.station.wiring import Station, Wish, build_station
from queuedesk.app.this_pc.config import Config
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.queue.ticket import State
from queuedesk.core.talk.screen import all_stations
from queuedesk.features.appointments.verbs import Wish as Booking
from queuedesk.i18n import _
from queuedesk.stations.counter.scene import Act
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.guide.screen_keys import ScreenKeys
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.guide.texts import Choice
from queuedesk.stations.guide.ticket.drafting import OfferDialog
from queuedesk.stations.home.controller import Deeds, HomeController
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.kiosk.station import KioskPage
from queuedesk.stations.kiosk.taking import Order
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.manager.tickets.correct_dialog import CorrectDialog
from queuedesk.stations.manager.today.day_acts import NotesDialog
from queuedesk.stations.rating.controller import Stage
from queuedesk.stations.rating.view import AnsweringPage
from queuedesk.stations.widgets.charts.chart_view import Pointed
from queuedesk.stations.window.context import InlineTasks, Services
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import Look, apply
from tests.every_day import walked_in
from tests.hall import Hall, at, made_once, make_hall
from tests.journeys.hands import until

CONTROLS = (QAbstractButton, QLineEdit, QAbstractSpinBox, QComboBox, QListView)
WHO = {"guide": Actor("G1", Role.GUIDE), "manager": Actor("AD", Role.ADMIN)}
AT_WINDOW = ("counter", "plate", "rating")
# What a clerk is asked while serving at window 2, with somebody called to window 3, with nobody at window 5.
QUESTIONS = {
    "2": (Act.PARK, Act.STALL, Act.ADD, Act.DELIVERED, Act.TRANSFER, Act.REDIRECT),
    "3": (Act.MISS, Act.GIVE_BACK, Act.TRANSFER, Act.REDIRECT),
    "5": (Act.CALL_CHOSEN, Act.SERVE, Act.PAUSE, Act.HAND_OVER),
}


def busy(folder: Path) -> Hall:
    """Return a hall in which every page and question has something to show."""
    hall = make_hall(folder, time="10:30")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    hall.queue(*"ABBCABD")
    hall.serve_out("3")
    hall.call("3")
    hall.call("2")
    hall.do("start", "2")
    hall.do("set-pin", "M1", "4711")
    hall.do("book", Booking(service="A", at=at("11:00"), name="Hu Min"))
    for code in "AB":
        hall.do("set-row", "services", code, {"group": "柜台", "group_en": "Counter"})
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, busy)


@pytest.fixture(params=walked_in("zh_CN"))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.use(request.param)
    yield request.param
    i18n.use("zh_CN")


@pytest.fixture
def station(
    hall: Hall, qapp: QApplication, qtbot: QtBot, language: str, request: pytest.FixtureRequest
) -> Iterator[Station]:
    name, window = request.param
    look = Look()
    apply(qapp, look)
    wish = Wish(name=name, db=str(hall.path), window=window, at=at("10:36"), picture=True)
    built = build_station(
        wish,
        config=Config(),
        look=look,
        preferences=Preferences(lambda *_: None),
        on_bug=lambda bug: pytest.fail(str(bug)),
    )
    if name in WHO or name == "counter":
        built.window.admit(WHO.get(name) or Actor(f"C{window}", Role.CLERK))
    built.window.resize(1366, 768)
    built.window.show()
    qtbot.waitExposed(built.window)
    yield built
    built.window.end()
    built.stop()
    let_go(built.window)


def let_go(window: Frame) -> None:
    """Close a window and let Qt delete all in it while Python still knows it."""
    window.close_anyway()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def controls(window: QWidget) -> list[QWidget]:
    found = [widget for kind in CONTROLS for widget in window.findChildren(kind)]
    # A table's corner button is Qt's own and does nothing here.
    found = [w for w in found if w.objectName() != "qt_tableview_cornerbutton"]
    return [w for w in found if w.isVisible() and not isinstance(w.parentWidget(), (QAbstractSpinBox, QComboBox))]


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def is_reached(button: QAbstractButton) -> bool:
    """Whether Tab comes to it, or arrow keys from its neighbour in a group, or the keyboard has the very key it
    shows."""
    if isinstance(button.parentWidget(), ScreenKeys):
        return True
    group = [button]
    if button.isCheckable() and button.autoExclusive():
        group = [one for one in button.parentWidget().findChildren(QAbstractButton) if one.autoExclusive()]
    return any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in group)


def must_be_usable(window: QWidget) -> int:
    seen = controls(window)
    unnamed = [type(w).__name__ + ":" + w.objectName() for w in seen if not name_of(w).strip()]
    assert unnamed == []
    unreachable = [
        f"{type(w).__name__} {name_of(w)}"
        for w in seen
        if isinstance(w, QAbstractButton) and w.isEnabled() and not is_reached(w)
    ]
    assert unreachable == []
    return len(seen)


def tree(shown: QAccessibleInterface) -> Iterator[tuple[str, str]]:
    """Yield role and name of everything that a screen reader finds there."""
    if shown.state().invisible:
        return
    yield shown.role().name, shown.text(QAccessible.Text.Name)
    for place in range(shown.childCount()):
        if (part := shown.child(place)) is not None and part.isValid():
            yield from tree(part)


def words_in(window: QWidget) -> list[str]:
    """Return the sentences that a screen reader finds in a window."""
    QApplication.processEvents()
    found = tree(QAccessible.queryAccessibleInterface(window))
    return [name for role, name in found if role in ("StaticText", "AlertMessage") and name]


def must_tell_the_call(station: Station) -> None:
    """Assert that a screen reader finds the number that is called to window 3."""
    tickets = station.context.feed.state.tickets.values()
    (label,) = (one.label for one in tickets if one.state is State.CALLED and one.leg.window == "3")
    assert any(label in words for words in words_in(station.window))
    assert next(tree(QAccessible.queryAccessibleInterface(station.window)))[0] == "Window"


WALKED = {"manager", "guide", "counter", "kiosk", "rating"}
"""Stations of more pages than one, which have walks of their own."""
OF_ONE_PAGE = [(name, "3" if name in AT_WINDOW else None) for name in all_stations() if name not in WALKED]


@pytest.mark.parametrize("station", OF_ONE_PAGE, ids=[name for name, _window in OF_ONE_PAGE], indirect=True)
def test_every_control_has_a_name_and_a_way_to_it_and_a_call_is_found_where_it_is_shown(station: Station) -> None:
    must_be_usable(station.window)
    if not station.context.name.startswith("lobby"):
        must_tell_the_call(station)


def walk(pages: Iterator[str], window: QWidget) -> list[str]:
    """Look at each page that comes, a question over it included; return their names."""
    seen = []
    for page in pages:
        QApplication.processEvents()
        must_be_usable(window)
        seen.append(page)
    return seen


def go(page: ManagerView, key: str) -> None:
    """Press an entry of the side list."""
    entry = page.nav.findChild(QAbstractButton, key)
    assert entry is not None
    entry.click()


@pytest.mark.parametrize("station", [("manager", None)], indirect=True)
def test_every_page_of_the_manager_and_what_is_asked(station: Station) -> None:
    """With every tab of the reports; their charts are named and reached."""
    page = station.window.page
    assert isinstance(page, ManagerView)
    must_be_usable(station.window)
    page.today.note_button.click()
    must_be_usable(station.window)
    page.findChild(NotesDialog).close_dialog()
    seen = 0
    keys = [one.objectName() for one in page.nav.findChildren(QAbstractButton) if one.objectName()]
    for key in keys:
        go(page, key)
        QApplication.processEvents()
        seen += must_be_usable(station.window)
    assert seen > 20

    go(page, "reports")
    QApplication.processEvents()
    charts = [one for one in page.reports.findChildren(Pointed) if one.isVisible() and one.points]
    assert len(charts) > 8
    assert [type(one).__name__ for one in charts if not name_of(one).strip()] == []
    assert all(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in charts)

    def tabs() -> Iterator[str]:
        for tab in page.reports.tabs.findChildren(QAbstractButton):
            tab.click()
            yield tab.text()

    assert len(walk(tabs(), station.window)) == len(page.reports.pages.entries()) > 3

    def questions() -> Iterator[str]:
        go(page, "tickets")
        QApplication.processEvents()
        rows = page.tickets.list
        QTest.mouseClick(
            rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.tickets.index(0)).center()
        )
        yield "story"
        page.tickets.story.correct_button.click()
        yield "correction"
        page.findChild(CorrectDialog).close_dialog()

    assert len(walk(questions(), station.window)) == 2


@pytest.mark.parametrize("station", [("guide", None)], indirect=True)
def test_every_page_of_the_front_desk(station: Station) -> None:
    page = station.window.page
    assert isinstance(page, GuideView)

    def pages() -> Iterator[str]:
        yield "front"
        page.choose(Choice("B", "gmgh"))
        yield "papers"
        page.drafting.ask_return()
        yield "return visit"
        page.drafting.dialog.close_dialog()  # type: ignore[union-attr]
        page.drafting.ask_offer(Choice("A"))
        yield "offer"
        page.findChild(OfferDialog).close_dialog()
        page.show_front()
        page.find_number()
        yield "pad"
        page.show_ticket(page.state.waiting()[0].label)
        yield "ticket"
        page.show_front()
        page.hall_rail.redirect_button.click()
        yield "line"
        page.show_front()
        page.acts.ask_reprint()
        yield "reprint"
        page.added["appointments"].open()
        yield "appointments"
        page.added["appointments"].acts.open_new()
        yield "new appointment"
        page.added["appointments"].acts.new_dialog.refuse()  # type: ignore[union-attr]
        page.added["appointments"].acts.open_card(page.added["appointments"].card.rows[0].said.key)  # type: ignore[union-attr]
        yield "appointment"

    assert len(walk(pages(), station.window)) == 11


@pytest.mark.parametrize("station", [("counter", window) for window in QUESTIONS], indirect=True)
def test_every_question_of_the_counter(station: Station) -> None:
    page = station.window.page
    assert isinstance(page, CounterView)
    assert page.controller.scene is not None
    if page.controller.scene.window.code == "3":
        must_tell_the_call(station)

    def questions() -> Iterator[str]:
        yield "nothing"
        assert page.controller.scene is not None
        for act in QUESTIONS[page.controller.scene.window.code]:
            page.asking.act(act, page.controller.scene)
            assert page.asking.is_open, act
            yield str(act)
            page.asking.close()

    assert len(walk(questions(), station.window)) > 4


@pytest.mark.parametrize("station", [("kiosk", None)], indirect=True)
def test_every_page_of_the_kiosk(station: Station) -> None:
    """What it gave is found in words, and what it asks over a page."""
    page = station.window.page
    assert isinstance(page, KioskPage)
    does = page.controller
    station.context.services = Services()  # nothing is printed

    def must_be_said_whole() -> None:
        said = words_in(station.window)
        shown = page.view.ticket.said
        assert f"{shown.label}" in said[2], said
        assert shown.service in said
        assert [fact for fact, _runs in shown.facts if not any(words.startswith(fact) for words in said)] == []

    def must_be_a_question() -> None:
        found = tree(QAccessible.queryAccessibleInterface(station.window))
        assert [name for role, name in found if role == "Dialog"] == [page.view.sheet.accessibleName()]

    def pages() -> Iterator[str]:
        yield str(does.stage)
        does.open_group("柜台")
        yield str(does.stage)
        does.home()
        does.open_where()
        yield str(does.stage)
        does.home()
        does.open_find()
        does.type_letter("g")
        yield str(does.stage)
        does.open_info("B", "gmgh")
        yield str(does.stage)
        does.home()
        does.set_several(True)
        does.press_service("C")
        yield "several"
        does.take(Order(("C", "D")))
        until(lambda: not does.holding.holds, "a ticket")
        must_be_said_whole()
        yield str(does.stage)
        for large in (does.set_large, does.set_contrast):
            does.home()
            large(True)
            yield large.__name__
        does.home()
        for ask in (does.ask_class, does.ask_help, lambda: does.ask_to_leave(does.home)):
            ask()
            yield str(does.sheet)
            must_be_a_question()
            does.close_sheet()

    seen = walk(pages(), station.window)
    assert seen == [
        "greeting",
        "group",
        "where",
        "find",
        "info",
        "several",
        "ticket",
        "set_large",
        "set_contrast",
        "classes",
        "help",
        "pin",
    ]


@pytest.mark.parametrize("station", [("rating", "3"), ("rating", None)], indirect=True)
def test_every_page_of_the_rating(station: Station) -> None:
    """What it asks and its thanks are found in words, and its trouble."""
    page = station.window.page
    assert isinstance(page, AnsweringPage)

    def must_be_said() -> None:
        if page.controller.stage is Stage.ASKING:
            assert {
                _("How was your visit?"),
                _("One touch is enough. The person who served you does not see your rating."),
            } < {*words_in(station.window)}
            page.view.show_trouble("it can't be kept")
            assert words_in(station.window)[-1] == "it can't be kept"
        elif page.controller.stage is Stage.THANKS:
            assert words_in(station.window) == [
                _("Thank you!"),
                _("Your rating is saved"),
                _("Please take your papers with you"),
            ]

    def pages() -> Iterator[str]:
        for stage in (page.controller.rest, Stage.ASKING, Stage.QUESTIONS, Stage.REASONS, Stage.THANKS):
            page.controller.show_stage(stage)
            yield str(stage)
            must_be_said()

    assert len(walk(pages(), station.window)) == 5


def test_every_step_of_the_first_start(tmp_path: Path, qapp: QApplication, qtbot: QtBot, language: str) -> None:
    deeds = Deeds(
        start=lambda _words: None,
        read_file=lambda _path: None,
        keep=lambda _choices: None,
        open_at_start=lambda _words: None,
        timezone=lambda: "Asia/Shanghai",
    )
    controller = HomeController(tmp_path / "new.sqlite", InlineTasks(), lambda: at("10:42"), deeds)
    look, kept = Look(), Preferences(lambda *_: None)
    apply(qapp, look)
    frame = Frame(look, kept, lambda: at("10:42"), help_page="home", leads_home=False)
    wizard = WizardPage(look, controller, kept)
    frame.show_page(wizard)
    frame.resize(1366, 768)
    frame.show()
    qtbot.waitExposed(frame)

    def steps() -> Iterator[str]:
        wizard.presets.cards["government"].click()  # type: ignore[attr-defined]
        for step in range(len(wizard.steps)):
            assert wizard.at == step
            yield str(step)
            wizard.go(step + 1) if step + 1 < len(wizard.steps) else None

    assert len(walk(steps(), frame)) == len(wizard.steps)
    frame.end()
    let_go(frame)
