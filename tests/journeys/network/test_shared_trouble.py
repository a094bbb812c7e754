"""A shared hall in trouble: a line cut, a PC asleep, the main PC without power. Each station says so, keeps its picture
and goes on."""

from __future__ import annotations

import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from queuedesk.app.clock import real_clock
from queuedesk.desk.change import console
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.stations.window.context import ASK_AGAIN_FOR_S
from queuedesk.store.engine.server_link import CONNECT_S
from tests.journeys.network.shared_pcs import (
    BACK_WITHIN_S,
    SAID_WITHIN_S,
    MainPc,
    Program,
    SharedHall,
    owner,
    shared_hall,
    whole_log,
)

CUT_FOR_S = ASK_AGAIN_FOR_S + 2 * CONNECT_S + 1.0
"""Longer than a press is asked again: its last try ends on the line that is cut."""
STATIONS = ("guide", "counter-3")


@pytest.mark.journey
def test_nothing_is_lost_or_done_twice_when_things_break(tmp_path: Path) -> None:
    with shared_hall(tmp_path) as hall:
        door, wall = hall.opened(*STATIONS)
        door.tell("counter-3", "press")
        door.heard(what="log", station="counter-3", kind="call")
        wall.heard(what="shown", ticket="A001")
        _cut_one_and_let_the_other_sleep(hall, door, wall)
        _lose_power(hall, door, wall)
        door.tell("counter-3", "press")
        door.heard(what="log", station="counter-3", kind="finish")
        _withdraw(hall, wall)
        for program in (door, wall):
            program.end()
        log = whole_log(hall.main)

    done = Counter((event.kind, event.ticket) for event in log if event.ticket is not None)
    assert set(done.values()) == {1}
    assert [event.kind for event in log if event.ticket == "A001"] == ["issue", "call", "start", "finish"]


def _cut_one_and_let_the_other_sleep(hall: SharedHall, door: Program, wall: Program) -> None:
    """The door's PC is cut off while its clerk starts with a customer; meanwhile the hall goes on without it and the
    display."""
    wall.signal(signal.SIGSTOP)
    hall.lines[0].cut()
    cut = time.monotonic()
    door.tell("counter-3", "press")
    for station in STATIONS:
        away = door.heard(since=cut, what="away", station=station, code="database_away")
        assert away["t"] - cut < SAID_WITHIN_S + away["late_s"]
    called = _go_on(hall.main)
    time.sleep(max(0.0, cut + CUT_FOR_S - time.monotonic()))

    hall.lines[0].mend()
    mended = time.monotonic()
    for station in STATIONS:
        back = door.heard(since=mended, what="back", station=station)
        assert back["t"] - mended < BACK_WITHIN_S + back["late_s"]
        door.heard(since=mended, what="log", station=station, kind="call", ticket=called)
    told = door.heard(since=mended, what="told", station="counter-3")
    assert not told["done"]
    assert told["text"].endswith(" was not done: Start")
    wall.signal(signal.SIGCONT)
    awake = time.monotonic()
    shown = wall.heard(since=awake, what="shown", ticket=called)
    assert shown["t"] - awake < BACK_WITHIN_S + shown["late_s"]
    door.tell("counter-3", "press")
    door.heard(since=mended, what="log", station="counter-3", kind="start")


def _go_on(main: MainPc) -> str:
    """Give out a ticket on the main PC, and call it to window 1."""
    with owner(main) as desk:
        opening.open_window(desk, console(real_clock()), "1", staff="C1")
        label = str(issuing.issue(desk, console(real_clock()), "A")["ticket"])
        assert calling.call(desk, console(real_clock()), "1")["ticket"] == label
    return label


def _lose_power(hall: SharedHall, door: Program, wall: Program) -> None:
    """The main PC dies and starts again, as its entry in what starts with it does."""
    lost = hall.main.lose_power()
    for program, station in ((door, "guide"), (door, "counter-3"), (wall, "display")):
        away = program.heard(since=lost, what="away", station=station)
        assert away["t"] - lost < SAID_WITHIN_S + away["late_s"]
    hall.main.share(hall.lines)
    ready = time.monotonic()
    for program, station in ((door, "guide"), (door, "counter-3"), (wall, "display")):
        back = program.heard(since=lost, what="back", station=station)
        assert back["t"] - ready < BACK_WITHIN_S + back["late_s"]


def _withdraw(hall: SharedHall, wall: Program) -> None:
    """The manager lets a PC in no more while its display is open; the others notice nothing of it."""
    hall.main.ask("pcs", "withdraw", hall.wall.home.name)
    withdrawn = time.monotonic()
    told = wall.heard(what="away", station="display", code="pc_withdrawn")
    assert told["t"] - withdrawn < SAID_WITHIN_S + told["late_s"]
