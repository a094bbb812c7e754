"""Signing in at the counter is opening its window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from queuedesk.core.log.pc_clock import WatchedClock
from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import opening, sign_in_and_pins
from queuedesk.desk.upkeep import clocks
from queuedesk.stations.counter.signing_in import SigningIn
from queuedesk.stations.counter.station import build
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.shell import StationWindow
from queuedesk.stations.window.style import Look
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import Hall, clerk


@pytest.fixture
def door(context: StationContext) -> SigningIn:
    """Return the sign-in of a station that follows its hall."""
    context.feed.start()
    return SigningIn(context)


def events(hall: Hall, kind: str) -> list[tuple[str | None, str | None]]:
    return [(e.window, e.staff) for e in looking.events_after(hall.desk, 0) if e.kind == kind]


def test_window_then_name_opens_the_window(hall: Hall, door: SigningIn, context: StationContext, qtbot):
    door.begin("99", go_on=True)
    assert (door.step, door.window) == ("window", ""), "a window nobody set up is asked for"
    door.begin("3", go_on=True)
    assert (door.step, door.window) == ("name", "3"), "a named window asks for the name only"
    assert "G1" not in [name.person.code for name in door.names()], "guides have no window"

    door.begin()
    assert door.step == "window"
    door.choose_window("3")
    assert (door.step, [n.person.code for n in door.names()][:2]) == ("name", ["C1", "C2"])

    with qtbot.waitSignal(door.signed_in) as entered:
        door.choose_name("C3")

    assert entered.args == ["3"]
    assert context.who is not None and context.who.name == "C3"
    assert events(hall, "open") == [("3", "C3")]


def test_a_station_started_again_goes_on_with_its_clerk_but_not_after_a_sign_out(
    hall: Hall, context: StationContext, qtbot
):
    hall.open("3", "C3")
    context.feed.state = looking.hall_now(hall.desk, hall.clock())
    door = SigningIn(context)
    door.begin("3")
    assert (door.step, context.who) == ("name", None), "nobody is taken for granted"
    assert [name.person.code for name in door.names()] == ["C3"]

    with qtbot.waitSignal(door.signed_in):
        door.begin("3", go_on=True)
    assert context.who is not None and context.who.name == "C3"
    assert events(hall, "open") == [("3", "C3")], "opened once, by the clerk"


@dataclass
class Seat:
    """The window's station, closed and opened again in one program, as when its hall went to a server."""

    hall: Hall
    look: Look
    qtbot: QtBot
    context: StationContext

    def reopen(self) -> StationWindow:
        """Return a window in place of this one's, which shows what it shows once all is answered."""
        feed = HallFeed(self.hall.desk, self.hall.clock)
        context = StationContext(self.hall.desk, feed, InlineTasks(), self.look, self.hall.clock, "counter-3")
        context.options["window"] = "3"
        window = StationWindow(context, build, (), Preferences(lambda _name, _value: None))
        self.qtbot.addWidget(window)
        window.see("", self.context)
        return window

    def asks_for(self, window: StationWindow) -> str:
        return window.page.signing_in.step if window.context.who is None else ""  # type: ignore[attr-defined]


@pytest.fixture
def seat(hall: Hall, context: StationContext, look: Look, door: SigningIn, qtbot: QtBot) -> Seat:
    """Somebody with a PIN who gave it."""
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C3", "4711")
    door.begin("3")
    door.choose_name("C3")
    with qtbot.waitSignal(door.signed_in):
        door.give_pin("4711")
    return Seat(hall, look, qtbot, context)


def test_who_gave_a_pin_works_on_where_the_hall_is_now(seat: Seat):
    window = seat.reopen()

    assert (seat.asks_for(window), window.context.who) == ("", seat.context.who)
    assert window.page.controller.scene is not None, "at work"


@pytest.mark.parametrize("why", ["gone", "relieved", "another hall", "another role"])
def test_the_pin_is_asked_for_where_it_is_not_certain_who_is_here(seat: Seat, why: str):
    hall, before = seat.hall, seat.context.feed.state
    if why == "gone":
        seat.context.who = None
    elif why == "relieved":
        sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C4", "4711")
        opening.hand_over(hall.desk, hall.ask(), "3", staff="C4")
    elif why == "another hall":
        before.put_hall(replace(before.now, hash="0" * 64))
    else:
        seat.context.who = Actor("C3", Role.MANAGER)

    window = seat.reopen()
    assert (seat.asks_for(window), window.context.who) == ("pin", None)


def test_a_pin_is_asked_for_and_a_wrong_one_refused(hall: Hall, door: SigningIn, context: StationContext, qtbot):
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C3", "4711")
    refused: list[str] = []
    door.refused.connect(lambda error: refused.append(error.code))
    door.begin()
    door.choose_window("3")
    door.choose_name("C3")
    steps = [door.step]
    for _step in range(2):
        door.back()
        steps.append(door.step)
    assert steps == ["pin", "name", "window"], "back leads to the step before"

    door.choose_window("3")
    door.choose_name("C3")
    door.give_pin("1111")
    assert (refused, context.who) == (["wrong_pin"], None)
    with qtbot.waitSignal(door.signed_in):
        door.give_pin("4711")
    assert events(hall, "open") == [("3", "C3")]


def test_somebody_at_another_window_is_said_to_be_there(hall: Hall, context: StationContext):
    opening.open_window(hall.desk, hall.ask(), "5", staff="C3")
    context.feed.state = looking.hall_now(hall.desk, hall.clock())
    door = SigningIn(context)
    refused: list[str] = []
    door.refused.connect(lambda error: refused.append(error.code))
    door.begin("3")

    assert {n.person.code: n.window for n in door.names()}["C3"] == "5"
    door.choose_name("C3")

    assert refused == ["staff_elsewhere"]


def test_where_it_is_not_certain_what_day_it_is_who_signs_in_is_asked_and_then_is_here(hall: Hall, context, qtbot):
    hall.issue("A")
    hall.clock.move(hours=24)
    context.clock = WatchedClock(hall.clock, lambda: 0.0)
    asked: list[tuple[str, str, Callable[[], object]]] = []
    context.confirm_clock = lambda trouble, who, again: asked.append((trouble.code, who.name, again))
    context.feed.start()
    door = SigningIn(context)
    door.begin("3", go_on=True)

    door.choose_name("C3")
    ((code, who, go_on),) = asked
    assert (code, who, context.who) == ("clock_ahead", "C3", None)
    clocks.confirm(hall.desk, Ask.by(context.clock, clerk("C3")))
    with qtbot.waitSignal(door.signed_in):
        go_on()

    assert context.who is not None and context.who.name == "C3"
    assert [e.kind for e in hall.log()[-3:]] == ["day-end", "clock", "open"]
