"""A hall grows from one PC to three: shared, joined, a customer served across them, the server killed in the middle of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from queuedesk.app.pg_server import PgServer
from queuedesk.core.errors import RuleError
from queuedesk.core.event import Event, broken_at
from queuedesk.desk import issuing, looking
from queuedesk.desk.change import Desk, console
from queuedesk.store import snapshot
from queuedesk.store.database import Database
from tests.hall import at
from tests.journeys.shared_pcs import MainPc, Pc, joined, joining
from tests.networks import FarPc

SAID_WITHIN_S, BACK_WITHIN_S = 3.0, 5.0
SHOWN_WITHIN_S = 1.0
MENDED_WITHIN_S = 8.0


@dataclass
class SharedHall:
    """The main PC, the PC at the door with a counter and a rating screen, and the one behind the hall's display."""

    main: MainPc
    door: Pc
    wall: Pc
    lines: list[FarPc]


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[SharedHall]:
    with ExitStack() as stack:
        lines = [stack.enter_context(FarPc()) for _ in range(2)]
        home = tmp_path / "main"
        home.mkdir()
        main = MainPc(home)
        stack.callback(main.end)
        code = main.share(lines)["code"]
        door = joining(tmp_path / "door", lines[0], code)
        stack.callback(door.end)
        wall = joining(tmp_path / "wall", lines[1], main.ask("host", "code", "--for", "public")["code"])
        stack.callback(wall.end)
        joined(door, wall)
        yield SharedHall(main, door, wall, lines)


def whole_log(main: MainPc) -> list[Event]:
    """Return the hall's log as the server has it, once it was verified: its chain, and that every table follows from it."""
    db = Database.open(PgServer(main.home / "postgres").url())
    try:
        with db.read() as tx:
            assert snapshot.differences(snapshot.whole(tx, 1), snapshot.from_log(tx, 1)) == []
        log = looking.events_after(Desk(db, 1), 0)
    finally:
        db.dispose()
    assert broken_at(log) is None
    return log


@pytest.mark.journey
def test_a_customer_is_served_across_pcs_while_the_server_dies(shared: SharedHall) -> None:
    main = shared.main
    door, wall = shared.door.stations("guide", "counter-3", "rating-3"), shared.wall.stations("display")
    for program in (door, wall):
        program.heard(what="ready")
    door.tell("guide", "sign_in", "G1")
    door.tell("counter-3", "sign_in", "C3")
    door.heard(what="log", station="counter-3", kind="open")

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
    log = whole_log(main)
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
    main.end()
    _opens_alone(main, log)


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
