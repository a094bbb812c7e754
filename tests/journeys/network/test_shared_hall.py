"""A hall grows from one PC to three, and goes on through a killed server, a cut line, sleep and a loss of power."""

import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from queuedesk.app.clock import real_clock
from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, console_ask
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.store.engine.database import Database
from tests.hall import at
from tests.journeys.network import shared_pcs
from tests.journeys.network.shared_pcs import BACK_WITHIN_S, SAID_WITHIN_S, MainPc, Program, SharedHall, owner

SHOWN_WITHIN_S = 1.0
MENDED_WITHIN_S = 8.0
STATIONS = ("guide", "counter-3")


@pytest.mark.journey
def test_nothing_is_lost_or_done_twice_across_pcs_when_things_break(tmp_path: Path) -> None:
    with shared_pcs.shared_hall(tmp_path) as hall:
        main = hall.main
        door, wall = hall.opened(*STATIONS, "rating-3")
        _serve(main, door, wall)
        _cut_one_and_let_the_other_sleep(hall, door, wall)
        _lose_power(hall, door, wall)
        door.tell("counter-3", "press")
        door.heard(what="log", station="counter-3", kind="finish", ticket="B001")
        _withdraw(hall, wall)
        for program in (door, wall):
            program.end()
        log = shared_pcs.whole_log(main)
        _must_be_once(log)
        main.end()
        _opens_alone(main, log)


def _serve(main: MainPc, door: Program, wall: Program) -> None:
    """Serve the first customer, in spite of all."""
    door.tell("guide", "issue", "B")
    assert door.heard(what="log", station="counter-3", kind="issue")["ticket"] == "B001"
    door.tell("counter-3", "press")
    called = door.heard(what="log", station="counter-3", kind="call")
    shown = wall.heard(what="shown", ticket="A001")
    assert shown["t"] - called["t"] < SHOWN_WITHIN_S + shown["late_s"]
    door.tell("counter-3", "press")
    door.heard(what="log", station="counter-3", kind="start")
    killed = main.kill_server()
    door.tell("counter-3", "press")
    door.tell("guide", "issue", "C")
    for program, station in ((door, "guide"), (door, "counter-3"), (wall, "display")):
        away = program.heard(since=killed, what="away", station=station, code="database_away")
        assert away["t"] - killed < SAID_WITHIN_S + away["late_s"]
        back = program.heard(since=killed, what="back", station=station)
        assert back["t"] - killed < MENDED_WITHIN_S + back["late_s"]
    assert door.heard(since=killed, what="log", station="counter-3", kind="finish")["ticket"] == "A001"
    assert door.heard(since=killed, what="log", station="guide", kind="issue")["ticket"] == "C001"
    door.tell("rating-3", "rate", "5")
    door.heard(what="thanks")
    door.tell("counter-3", "press")
    door.heard(what="log", station="counter-3", kind="call", ticket="B001")
    wall.heard(what="shown", ticket="B001")


def _cut_one_and_let_the_other_sleep(hall: SharedHall, door: Program, wall: Program) -> None:
    """The door's PC is cut off while its clerk starts with a customer; the hall goes on without it."""
    wall.signal(signal.SIGSTOP)
    hall.lines[0].cut()
    cut = time.monotonic()
    door.tell("counter-3", "press")
    for station in STATIONS:
        away = door.heard(since=cut, what="away", station=station, code="database_away")
        assert away["t"] - cut < SAID_WITHIN_S + away["late_s"]
    called = _go_on(hall.main)
    # Its press has been asked again for as long as it ever is.
    door.heard(since=cut, what="unanswered", station="counter-3")
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
        opening.open_window(desk, console_ask(real_clock()), "1", staff="C1")
        label = str(issuing.issue_ticket(desk, console_ask(real_clock()), "A")["ticket"])
        assert calling.call_ticket(desk, console_ask(real_clock()), "1")["ticket"] == label
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


def _must_be_once(log: list[Event]) -> None:
    # An answer to a question for reasons, which nobody gave, comes by chance, so that nobody can tell who was asked.
    done = [(event.kind, event.ticket) for event in log if event.ticket is not None and event.kind != "reasons"]
    # Which of two that were pressed while the server was dead comes first is nobody's promise.
    pressed = sorted((("finish", "A001"), ("issue", "C001")), key=done.index)
    wanted = ["issue A001", "issue B001", "call A001", "start A001", *map(" ".join, pressed), "rate A001", "call B001"]
    wanted += ["issue A002", "call A002", "start B001", "finish B001"]
    assert [" ".join(one) for one in done] == wanted
    commands = Counter(event.command for event in log if event.command is not None)
    assert set(commands.values()) == {1}


def _opens_alone(main: MainPc, log: list[Event]) -> None:
    """See that the file of before still opens without any server: whole, as it was, and for looking only."""
    db = Database.open(main.file)
    try:
        kept = looking.events_after(Desk(db, 1), 0)
        assert kept == log[: len(kept)]
        assert [event.ticket for event in kept if event.kind == "issue"] == ["A001"]
        with pytest.raises(RuleError, match="hall_moved"):
            issuing.issue_ticket(Desk(db, 1), console_ask(at("9:00")), "A")
    finally:
        db.dispose()
