"""Signing in, what is checked before a window opens, another window, stopping, and one's own cases."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.pc_clock import JumpDetectingClock
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.quality.case import Rectification, quality_duties_of_person
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.upkeep import clocks
from queuedesk.stations.acts.own_cases import case_duty_counts_line
from queuedesk.stations.counter import scene, words
from queuedesk.stations.counter.asking import PersonPickDialog, PinDialog
from queuedesk.stations.counter.questions import PauseDialog
from queuedesk.stations.counter.signing_in import CounterSignIn
from queuedesk.stations.counter.station import CounterView, build_station_page
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext, ThisPcChoicesStore
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.shell import StationWindow
from tests.hall import MANAGER, Hall, clerk
from tests.stations.counter.conftest import Page, at_ten, click_on, open_view
from tests.stations.stubs import lend, stub

Key, ENTER = Qt.Key, Qt.Key.Key_Return
PHONE = "13800135176"


@pytest.fixture
def door(context: StationContext) -> CounterSignIn:
    context.feed.start()
    return CounterSignIn(context)


def refusals(door: CounterSignIn) -> list[str]:
    refused: list[str] = []
    door.refused.connect(lambda error: refused.append(error.code))
    return refused


def opened(hall: Hall) -> list[tuple[str | None, str | None]]:
    return [(event.window, event.staff) for event in hall.log() if event.kind == "open"]


def test_window_then_name_opens_the_window_unless_one_is_at_another_and_who_starts_again_goes_on_unless_signed_out(
    hall, door, context, catch_up, qtbot
):
    refused = refusals(door)
    hall.open("5", "C4")
    catch_up()
    door.begin_sign_in("99", go_on=True)
    assert (door.step, door.window) == ("window", ""), "a window nobody set up is asked for"
    door.begin_sign_in("3", go_on=True)
    assert (door.step, door.window) == ("name", "3"), "a named window asks for the name only"
    assert "G1" not in [name.person.code for name in door.selectable_people()], "guides have no window"
    door.begin_sign_in()
    assert door.step == "window"
    door.choose_window("3")
    assert (door.step, [n.person.code for n in door.selectable_people()][:2]) == ("name", ["C1", "C2"])
    assert {n.person.code: n.window for n in door.selectable_people()}["C4"] == "5"
    door.choose_person_by_code("C4")
    assert refused == ["staff_elsewhere"]
    with qtbot.waitSignal(door.signed_in) as entered:
        door.choose_person_by_code("C3")
    assert (entered.args, context.who.name, opened(hall)[1:]) == (["3"], "C3", [("3", "C3")])
    # The station is started again, after a sign-out and without one.
    catch_up()
    context.who, again = None, CounterSignIn(context)
    again.begin_sign_in("3")
    assert (again.step, context.who) == ("name", None), "nobody is taken for granted"
    assert [name.person.code for name in again.selectable_people()] == ["C3"]
    with qtbot.waitSignal(again.signed_in):
        again.begin_sign_in("3", go_on=True)
    assert (context.who.name, opened(hall)[1:]) == ("C3", [("3", "C3")]), "opened once, by the clerk"


def with_a_pin(folder: Path) -> Hall:
    """Make the hall at ten once with a clerk's PIN, which takes long to work out."""
    hall = at_ten(folder)
    hall.do("set-pin", "C3", "4711")
    return hall


has_a_pin = pytest.mark.hall(make=with_a_pin)


@has_a_pin
@pytest.mark.parametrize("why", ["", "gone", "relieved", "another hall", "another role"])
def test_who_gave_a_pin_works_on_where_the_hall_is_now_unless_it_is_not_certain_who_is_here(
    hall, context, look, door, qtbot, *, why: str
):
    """The station of somebody who gave a PIN is opened again in one program, as when its hall went to a server."""
    door.begin_sign_in("3")
    door.choose_person_by_code("C3")
    with qtbot.waitSignal(door.signed_in):
        door.check_typed_pin("4711")
    before = context.feed.state
    if why == "gone":
        context.who = None
    elif why == "relieved":
        hall.play("set-pin C4 4711", "hand-over 3 staff=C4")
    elif why == "another hall":
        before.put_hall_counters(replace(before.now, hash="0" * 64))
    elif why == "another role":
        context.who = Actor("C3", Role.MANAGER)
    feed = HallFeed(hall.desk, hall.clock)
    anew = StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, "counter-3")
    anew.options["window"] = "3"
    window: Any = StationWindow(anew, build_station_page, (), Preferences(lambda _name, _value: None))
    qtbot.addWidget(window)
    window.show_page_by_key("", context)
    assert (window.current_page.controller.scene is None) is (anew.who is None), "at work"
    assert anew.who == (None if why else context.who)
    assert not why or window.current_page.signing_in.step == "pin"


@has_a_pin
def test_a_pin_is_asked_for_and_a_wrong_one_refused(hall: Hall, door: CounterSignIn, context, qtbot):
    refused = refusals(door)
    door.begin_sign_in()
    for wanted in ("pin", "name", "window", "pin"):
        if wanted == "pin":
            door.choose_window("3")
            door.choose_person_by_code("C3")
        else:
            door.go_back_one_step()
        assert door.step == wanted, "back leads to the step before"
    door.check_typed_pin("1111")
    assert (refused, context.who) == (["wrong_pin"], None)
    with qtbot.waitSignal(door.signed_in):
        door.check_typed_pin("4711")
    assert opened(hall) == [("3", "C3")]


def test_where_it_is_not_certain_what_day_it_is_who_signs_in_is_asked_and_then_is_here(hall: Hall, context, qtbot):
    hall.issue("A")
    hall.clock.move(hours=24)
    context.clock = JumpDetectingClock(hall.clock, lambda: 0.0)
    asked: list[tuple[str, str, Callable[[], object]]] = []
    context.confirm_clock = lambda trouble, who, again: asked.append((trouble.code, who.name, again))
    context.feed.start()
    door = CounterSignIn(context)
    door.begin_sign_in("3", go_on=True)
    door.choose_person_by_code("C3")
    ((code, who, go_on),) = asked
    assert (code, who, context.who) == ("clock_ahead", "C3", None)
    clocks.confirm_time(hall.desk, Ask.ask_from_clock(context.clock, clerk("C3")))
    with qtbot.waitSignal(door.signed_in):
        go_on()
    assert context.who.name == "C3"
    assert [event.kind for event in hall.log()[-3:]] == ["day-end", "clock", "open"]


@pytest.fixture
def kept_windows(context: StationContext) -> list[str]:
    kept: list[str] = []
    lend(context, own_choices=stub(ThisPcChoicesStore, store_counter_window=kept.append))
    return kept


def start(context: StationContext, qtbot: QtBot, window: str) -> CounterView:
    """Start the counter of a PC at a window, "" for one that keeps none yet."""
    view = open_view(context, qtbot, window)
    qtbot.addWidget(view, before_close_func=lambda view: view.stop())
    return view


def entries(view: CounterView) -> dict[str, Callable[[], None]]:
    return {entry.text: entry.act for entry in view.menu_entries() if entry.enabled}


def sign_in(view: CounterView, window: str, staff: str, qtbot: QtBot) -> None:
    view.signing_in.choose_window(window)
    view.signing_in.choose_person_by_code(staff)
    qtbot.waitUntil(lambda: view.controller.code == window)


def test_another_window_closes_this_one_and_asks_but_not_over_a_customer(hall, context, kept_windows, qtbot):
    """A choice that cannot be kept stops nobody."""

    def full(_window: str) -> None:
        raise OutsideError("cannot_write", path="config.json")

    view = start(context, qtbot, "")
    sign_in(view, "3", "C3", qtbot)
    entries(view)["Another window"]()
    qtbot.waitUntil(lambda: view.signing_in.active)
    assert (view.signing_in.step, hall.last().kind) == ("window", "close")
    sign_in(view, "5", "C3", qtbot)
    assert kept_windows == ["3", "5"]
    lend(context, own_choices=stub(ThisPcChoicesStore, store_counter_window=full))
    entries(view)["Another window"]()
    qtbot.waitUntil(lambda: view.signing_in.active)
    sign_in(view, "3", "C3", qtbot)
    assert view.controller.scene is not None
    # Staying after all leaves the next sign-out as it is.
    hall.issue("A")
    qtbot.waitUntil(lambda: view.context.feed.state.now.seq >= hall.length())
    view.controller.call()
    qtbot.waitUntil(lambda: not view.may_close())
    assert "Another window" not in entries(view)
    hall.play("start 3", "finish 3", "issue A")
    qtbot.waitUntil(lambda: view.may_close() and view.context.feed.state.now.seq >= hall.length())
    entries(view)["Another window"]()
    view.asking.dialog.refuse()  # somebody waits for this window only
    hall.do("close", "3")
    qtbot.waitUntil(lambda: view.signing_in.active)
    assert (view.signing_in.step, view.signing_in.window) == ("name", "3")


def test_names_stay_in_reach_and_another_window_beside_them_where_one_is_named_which_is_not_kept(
    hall, context, kept_windows, qtbot
):
    view = start(context, qtbot, "3")
    view.resize(1024, 730)
    view.show()
    qtbot.waitUntil(lambda: view.sign_in.names["C3"].visibleRegion().boundingRect().height() > 40)
    hall.open("5", "C4")
    qtbot.waitUntil(lambda: not view.sign_in.names["C4"].isEnabled())
    qtbot.waitUntil(view.sign_in.names["C3"].isVisible)
    for tile in view.sign_in.names.values():
        assert tile.visibleRegion().boundingRect().height() == tile.height() > 40
    assert view.signing_in.step == "name"
    entries(view)["Another window"]()
    assert (view.signing_in.step, entries(view)) == ("window", {})
    view.signing_in.begin_sign_in("3")
    view.signing_in.choose_person_by_code("C3")
    qtbot.waitUntil(lambda: view.controller.code == "3")
    assert kept_windows == []


def paused_four(hall: Hall) -> None:
    hall.play("open 4 staff=C4")
    hall.do("pause", "4", reason="break", minutes=10)


def test_a_pause_and_a_close_ask_who_takes_those_who_wait_and_name_paused_windows_first(page: Page):
    def left_to() -> tuple[str, str]:
        return page.hall.last().kind, page.hall.last().data["left_to"]

    page.press(Key.Key_F10)
    assert isinstance(page.dialog, PauseDialog)
    assert not page.dialog.takers, "no paused window could take them"
    page.press(Key.Key_1, ENTER)
    assert page.dialog is None, "it asks once, whoever waits"
    assert left_to() == ("pause", "@manager")
    four = "Window 4, Chen Jing, back 10:10"
    page.press(Key.Key_Space)
    paused_four(page.hall)
    page.settle()
    page.press(Key.Key_F10)
    assert [one.text() for one in page.dialog.takers.values()] == [four, "I'll tell the duty manager"]
    page.click(page.dialog.takers["4"])
    page.press(Key.Key_1, ENTER)
    assert left_to() == ("pause", "4")
    page.press(Key.Key_Space, Key.Key_F11)
    question = page.dialog
    assert isinstance(question, ReasonDialog)
    rows = [row.text() for row in question.reasons.values()]
    beginnings = (four, "A colleague here", "I'll tell the duty manager")
    assert all(row.startswith(words) for row, words in zip(rows, beginnings, strict=True))
    assert (question.reason(), question.yes_button.isEnabled()) == ("", False), "nothing is chosen beforehand"
    assert question.effect.text().replace("\u2060", "") == (
        "2 people wait for Pay a bill, 1 person waits for Account services. "
        "Only windows 1, 2, 4–6 could take them, and they are not serving now."
    )
    page.press(Key.Key_1, ENTER)
    assert left_to() == ("close", "4")


def test_only_paused_windows_with_the_skill_can_take_and_one_alone_is_named_as_one(hall: Hall):
    hall.play("open 3 staff=C3", "issue B")
    for window in ("1", "4"):
        hall.play(f"open {window} staff=C{window}", f"pause {window} reason=break")
    now = scene.counter_scene_at(looking.hall_state_now(hall.desk, hall.clock()), "3", hall.clock())
    (left,) = scene.lines_left_if_window_stops(now)
    (taker,) = scene.paused_windows_able_to_take_over(now, [left])
    assert (taker.window, taker.staff, taker.services) == ("4", "C4", ("B",))
    assert set(scene.staff_who_could_take_over_window(now)).isdisjoint({"C1", "C3", "C4", "G1"})
    assert scene.staff_who_could_take_over_window(now)[0] == "C2"
    assert words.customers_left_unserved_line(now, [structs.replace(left, could=("4",))]) == (
        "1 person waits for Account services. Only window 4 could take them, and it is not serving now."
    )


def test_a_break_is_handed_over_in_one_step_by_pin_where_there_is_one(page: Page):
    page.view.controller.hand_over(clerk("G1"))
    page.settle()
    assert (page.says() != "", page.view.context.who) == (True, clerk("C3")), "a guide has no window"
    page.press(Key.Key_F10)
    page.click(page.dialog.over_button)
    assert isinstance(page.dialog, PersonPickDialog)
    page.type(str(list(page.dialog.tiles).index("C4") + 1))
    page.settle()
    assert [(e.kind, e.staff, e.actor) for e in page.hall.log()[-2:]] == [("close", "C3", "C3"), ("open", "C4", "C3")]
    assert page.view.context.who == clerk("C4")
    assert (page.says(), page.view.signing_in.active) == ("Chen Jing is serving here now.", False), "the page goes on"
    page.press(Key.Key_Space)
    assert page.hall.last().actor == "C4"
    page.press(Key.Key_Space, Key.Key_Space)
    # The next relief proves it by PIN.
    page.hall.do("set-pin", "C2", "4711")
    page.press(Key.Key_F10)
    page.click(page.dialog.over_button)
    page.dialog.tiles["C2"].click()
    page.settle()
    pin = page.dialog
    assert isinstance(pin, PinDialog)
    page.press(Key.Key_4, Key.Key_7, Key.Key_1, Key.Key_2, ENTER)
    assert (page.dialog, pin.line.text()) == (pin, "That PIN does not match; please enter it again.")
    page.press(Key.Key_4, Key.Key_7, Key.Key_1, Key.Key_1, ENTER)
    assert (page.dialog, page.view.context.who) == (None, clerk("C2"))
    assert page.kinds == ["close", "call", "start", "finish", "close"], "nobody paused: the window stays open"


def open_case(page: Page, owner: str | None, **words: Any) -> None:
    page.hall.do("case-open", NewCaseData(klass="complaint", owner=owner, **words), who=MANAGER)
    page.settle()


def test_an_own_case_is_acted_on_with_two_presses_and_the_list_leads_to_each_and_counts_the_overdue(page: Page):
    card, own = page.view.rail.cases, page.view.talk.own_cases
    open_case(page, "C1", title="Somebody else's")
    assert card.isHidden()
    open_case(page, "C3", title="Not told what to bring", contact=PHONE)
    assert (card.isVisible(), card.all_button.isHidden()) == (True, True)
    assert (card.number.text(), card.about.text()) == ("26-002", "Not told what to bring")
    for note, said in (("Sorry", "Contact the customer and note it"), ("A list of papers", "Note what was done")):
        click_on(card.open_button)
        assert click_on(own.dialog.yes_button) == said
        QTest.keyClicks(own.dialog.note.edit, note)
        click_on(own.dialog.yes_button)
        page.settle()
    for n in (1, 2, 3):
        click_on(card.open_button)
        assert click_on(own.dialog.vain_button) == f"No answer · try {n} of 3"
        page.settle()
    click_on(card.act_button)
    click_on(own.dialog.yes_button)
    page.settle()
    assert card.isHidden()
    # Nothing comes or goes under a question.
    open_case(page, "C3", title="First")
    page.view.talk.open_help_dialog()
    open_case(page, "C3", title="Second")
    assert card.all_button.isHidden()
    page.view.asking.close()
    own.refresh()
    assert card.number.text() == "26-003"
    assert click_on(card.all_button) == own.duty_counts_line == "Your tasks: 2"
    assert [row.text() for row in own.dialog.rows] == ["26-003 · First", "26-004 · Second"]
    click_on(own.dialog.rows[1])
    assert own.dialog.case["number"] == "26-004"
    today = date(2026, 11, 20)
    fix = partial(Rectification, date=today, issue="", owner="C3", by="M1")
    fixes = [fix(seq=n, due=today - timedelta(days=days)) for n, days in enumerate((1, 0))]
    assert (
        case_duty_counts_line(quality_duties_of_person([], fixes, "C3", today), today) == "Your tasks: 2, one overdue"
    )
    assert quality_duties_of_person([], [fix(seq=1, due=today)], "C1", today) == []


def test_rows_set_aside_above_the_card_are_whole_or_not_there(page: Page):
    page.hall.play(*["issue A", "call 3", "start 3", "park 3 reason=copying"] * 5, "call 3")
    open_case(page, "C3", title="Not told what to bring")
    open_case(page, "C3", title="Second")
    rail = page.view.rail

    def must_be_whole() -> int:
        page.settle()
        seen = [row for row in rail.rows.values() if not row.visibleRegion().isEmpty()]
        assert seen and all(row.visibleRegion().boundingRect() == row.rect() for row in seen)
        if rail.cases.isVisible():
            shelf, card = rail.shelf.geometry(), rail.cases.geometry()
            assert shelf.bottom() < card.top() and card.height() >= rail.cases.minimumSizeHint().height()
        assert rail.aside_title.text() == f"Set aside and missed · {5 - len(seen)} more"
        return len(seen)

    beside_card = {}
    for width in (1366, 1024):
        page.view.resize(width, 768)
        for scrolled in (61, 0):
            rail.shelf.verticalScrollBar().setValue(scrolled)
            beside_card[width] = must_be_whole()
    for case in list(page.view.context.feed.state.cases.values()):
        page.hall.do("case-owner", case.number, "C1", who=MANAGER)
    for width, seen in beside_card.items():
        page.view.resize(width, 768)
        assert must_be_whole() > seen, "the card is gone"
