"""A hall grows from one PC to three: shared, joined, a customer served across them, the server killed in the middle of
it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, console
from queuedesk.desk.queue import issuing
from queuedesk.store.engine.database import Database
from tests.hall import at
from tests.journeys.network.shared_pcs import SAID_WITHIN_S, MainPc, Program, shared_hall, whole_log

SHOWN_WITHIN_S = 1.0
MENDED_WITHIN_S = 8.0


@pytest.mark.journey
def test_a_customer_is_served_across_pcs_while_the_server_dies(tmp_path: Path) -> None:
    with shared_hall(tmp_path) as hall:
        main = hall.main
        door, wall = hall.opened("guide", "counter-3", "rating-3")
        _serve(main, door, wall)
        log = whole_log(main)
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
    wall.heard(what="shown", ticket="B001")
    for program in (door, wall):
        program.end()


def _must_be_once(log: list[Event]) -> None:
    # Which of two that were pressed while the server was dead comes first is nobody's promise.
    pressed = sorted((("finish", "A001"), ("issue", "C001")), key=[(e.kind, e.ticket) for e in log].index)
    assert [(event.kind, event.ticket) for event in log if event.ticket is not None] == [
        ("issue", "A001"),
        ("issue", "B001"),
        ("call", "A001"),
        ("start", "A001"),
        *pressed,
        ("rate", "A001"),
        ("call", "B001"),
    ]
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
            issuing.issue(Desk(db, 1), console(at("9:00")), "A")
    finally:
        db.dispose()
