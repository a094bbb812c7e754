"""Every statement that stations wait for finds its rows by an index, however long the history."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core import features
from queuedesk.core.log.state import CALLS, CHECKS, DAY_NOTES, NOT_READY, OFFERS, OVERTAKES, SHIFTS, WAIVERS
from queuedesk.desk import looking
from queuedesk.desk.talk import announcing, messaging
from queuedesk.desk.talk import devices as equipment
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.counted import ticket_and_leg_counts_by_hall
from queuedesk.store.log import book, events
from queuedesk.store.parts import part_tables, sharing, tickets
from queuedesk.store.schema import metadata_of_all_tables
from tests.desk.stage import stage
from tests.hall import Hall, at
from tests.store.statements import listening

TODAY = date(2026, 11, 20)
INDEXES = [index for table in metadata_of_all_tables().tables.values() for index in table.indexes]
PARTIAL = {index.name for index in INDEXES if index.dialect_kwargs["sqlite_where"] is not None}
SMALL = {"halls", "windows", "database", "signed_in", "pins", "pushed_notices"}
SMALL |= {"alarms", "devices", "beats", "tracker", "learned"}  # as many rows as the hall has windows, stations, people


def with_early_places(folder: Path) -> Hall:
    return stage(folder, settings={"overnight": "early_place"})


pytestmark = pytest.mark.hall(make=with_early_places)


def plans(hall: Hall, work: Callable[[], object]) -> list[tuple[str, str]]:
    """Return (statement, plan) of everything that `work` asks of the database."""
    asked: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, parameters: Any, *rest: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, parameters))

    with listening(hall.desk.db, before_cursor_execute=note):
        work()
    found = []
    with hall.desk.db.read() as tx:
        for statement, parameters in asked:
            steps = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            found.append((statement, " | ".join(str(step[3]) for step in steps)))
    return found


def walks(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the statements that walk through all rows, or all rows of the hall, of a table that grows."""
    return [
        (statement, plan)
        for statement, plan in found
        for table, index, terms in re.findall(
            r"(?:SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+)(?: \((.*?)\))?)?", plan
        )
        if table not in SMALL and index not in PARTIAL and terms in ("", "hall=?")
    ]


PLAYED = (
    "issue A; call 1; call 1 ticket=A010 reason=r; serve 1 A reason=r; recall 3; start 3; miss 3; finish 2; reopen 1; "
    "unpark 1 A005; transfer 2 B place=front reason=r; reinstate A006; postpone A009; leave A009; open 5 staff=CB; "
    "pause 1 reason=r; close 1; offer A to=bank ticket=A009; push on; add-note weather hail; raise-due; day-end"
)
COMMANDS: dict[str, Callable[[Hall], object]] = {
    **{deed: methodcaller("play", deed) for deed in PLAYED.split("; ")},
    "issue of a return": methodcaller("do", "issue", "A", return_of=("A009", TODAY)),
    "rate": methodcaller("do", "rate", "A002", 5),
    "correct": methodcaller("do", "correct", "A002", changes={"staff": "C2"}, reason="r", second="M1"),
}
if "channels" in features.choosable_feature_names():
    COMMANDS["set-total"] = methodcaller("do", "set-total", "bank", "2026-10", "A", 5)
if "indicators" in features.choosable_feature_names():
    COMMANDS["set-indicator"] = methodcaller("do", "set-indicator", "hotline", 2025, {})


SCREENS: list[Callable[[Hall], object]] = [
    lambda hall: looking.hall_state_now(hall.desk, hall.clock()),
    lambda hall: looking.tickets_of_date(hall.desk, TODAY, hall.clock()),
    lambda hall: looking.find_ticket(hall.desk, TODAY, "A001"),
    lambda hall: looking.ticket_with_events(hall.desk, TODAY, "A001"),
    lambda hall: looking.events_after(hall.desk, 5),
    lambda hall: looking.last_event_time(hall.desk),
    lambda hall: equipment.record_lost_stations(hall.desk, hall.ask()),
    lambda hall: equipment.record_station_start(hall.desk, hall.ask(), "display", "display"),
    lambda hall: equipment.record_device_state(hall.desk, hall.ask(), "printer", "K1", "offline"),
    lambda hall: messaging.day_notes_between(hall.desk, TODAY, TODAY),
]


WORKS = COMMANDS | {f"screen {n}": work for n, work in enumerate(SCREENS)}


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_no_command_and_no_screen_walks_through_the_history(hall: Hall, work: Callable[[Hall], object]) -> None:
    found = plans(hall, lambda: work(hall))
    assert found
    assert walks(found) == []


READS: list[Callable[[Transaction], object]] = [
    lambda tx: tickets.waiting_tickets(tx, 1, "AB"),
    lambda tx: tickets.open_tickets(tx, 1),
    lambda tx: tickets.count_return_tickets(tx, 1, TODAY, "A001@2026-11-19"),
    lambda tx: tickets.count_tickets_called_since(tx, 1, "A", at("9:00")),
    lambda tx: part_tables.objects_still_open(tx, 1, SHIFTS).values(),
    lambda tx: part_tables.objects_of_days(tx, 1, OVERTAKES, TODAY, TODAY).values(),
    lambda tx: book.state_for_alerts(tx, 1),
    lambda tx: ticket_and_leg_counts_by_hall(tx, {1: TODAY, 2: TODAY}),
    lambda tx: book.state_for_quotes(tx, 1, TODAY),
    lambda tx: book.hall_state_of_day(tx, 1, TODAY),
    lambda tx: events.events_of_day(tx, 1, TODAY),
    lambda tx: events.events_of_kind_on_date(tx, 1, TODAY, "call"),
    lambda tx: events.events_after(tx, 1, 5),
    lambda tx: sharing.outages_between(tx, 1, at("9:00"), at("10:00")),
    *(
        partial(lambda tx, part: part_tables.objects_of_days(tx, 1, part, TODAY, TODAY).values(), part=part)
        for part in (CALLS, SHIFTS, NOT_READY, OFFERS, DAY_NOTES, CHECKS, WAIVERS)
    ),
]


def test_each_finds_its_rows_by_an_index_and_a_walk_would_be_seen(hall: Hall) -> None:
    def read() -> None:
        with hall.desk.db.read() as tx:
            for work in READS:
                work(tx)

    found = plans(hall, read)
    assert len(found) >= len(READS)
    assert walks(found) == []

    def walk() -> None:
        with hall.desk.db.read() as tx:
            tx.exec_driver_sql("SELECT count(*) FROM tickets WHERE token = 'none'")

    assert len(walks(plans(hall, walk))) == 1


def test_every_index_is_named_after_its_table_and_what_was_said_on_a_day_is_found_by_its_date(hall):
    assert [index.name for index in INDEXES if not str(index.name).startswith(f"ix_{index.table.name}_")] == []
    for since in (0, 40):
        found = plans(hall, lambda since=since: announcing.announcements_of_day(hall.desk, TODAY, since))
        assert any("ix_events_day" in plan for _statement, plan in found)
        assert walks(found) == []
