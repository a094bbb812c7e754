"""Every statement that stations wait for finds its rows by an index, however long the history."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.log.state import CALLS, CHECKS, DAY_NOTES, NOT_READY, OFFERS, OVERTAKES, SHIFTS, WAIVERS
from queuedesk.desk import looking
from queuedesk.desk.talk import announcing, messaging
from queuedesk.desk.talk import devices as equipment
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.counted import in_brief
from queuedesk.store.log import book, events
from queuedesk.store.parts import part_tables, sharing, tickets
from queuedesk.store.schema import metadata
from tests.desk.stage import stage
from tests.hall import Hall, at
from tests.store.statements import listening

TODAY = date(2026, 11, 20)
PARTIAL = {
    index.name
    for t in metadata.tables.values()
    for index in t.indexes
    if index.dialect_kwargs["sqlite_where"] is not None
}
SMALL = {
    "halls",
    "windows",
    "database",
    "signed_in",
    "pins",
    "pushed_notices",
    "alarms",
    "devices",
    "beats",
    "tracker",
    "learned",
}  # as many rows as the hall has windows, stations, people


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return stage(tmp_path, settings={"overnight": "early_place"})


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
    """Return the statements that walk through all rows of a table that grows: of a hall's file, all rows are the
    hall's."""
    return [
        (statement, plan)
        for statement, plan in found
        for table, index, terms in re.findall(
            r"(?:SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+)(?: \((.*?)\))?)?", plan
        )
        if table not in SMALL and index not in PARTIAL and terms in ("", "hall=?")
    ]


COMMANDS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("issue", ("A",), {}),
    ("issue", ("A",), {"return_of": ("A009", TODAY)}),
    ("call", ("1",), {}),
    ("call", ("1",), {"ticket": "A010", "reason": "r"}),
    ("serve", ("1", "A"), {"reason": "r"}),
    ("recall", ("3",), {}),
    ("start", ("3",), {}),
    ("miss", ("3",), {}),
    ("finish", ("2",), {}),
    ("reopen", ("1",), {}),
    ("unpark", ("1", "A005"), {}),
    ("transfer", ("2", "B"), {"place": "front", "reason": "r"}),
    ("reinstate", ("A006",), {}),
    ("postpone", ("A009",), {}),
    ("leave", ("A009",), {}),
    ("open", ("5",), {"staff": "CB"}),
    ("pause", ("1",), {"reason": "r"}),
    ("close", ("1",), {}),
    ("rate", ("A002", 5), {}),
    ("offer", ("A",), {"to": "bank", "ticket": "A009"}),
    ("set-total", ("bank", "2026-10", "A", 5), {}),
    ("set-indicator", ("hotline", 2025, {}), {}),
    ("push", ("on",), {}),
    ("add-note", ("weather", "hail"), {}),
    ("correct", ("A002",), {"changes": {"staff": "C2"}, "reason": "r", "second": "M1"}),
    ("raise-due", (), {}),
    ("day-end", (), {}),
]


SCREENS: list[Callable[[Hall], object]] = [
    lambda hall: looking.hall_now(hall.desk, hall.clock()),
    lambda hall: looking.tickets_of(hall.desk, TODAY, hall.clock()),
    lambda hall: looking.find_ticket(hall.desk, TODAY, "A001"),
    lambda hall: looking.history(hall.desk, TODAY, "A001"),
    lambda hall: looking.events_after(hall.desk, 5),
    lambda hall: looking.last_moment(hall.desk),
    lambda hall: equipment.find_lost(hall.desk, hall.ask()),
    lambda hall: equipment.started(hall.desk, hall.ask(), "display", "display"),
    lambda hall: equipment.report(hall.desk, hall.ask(), "printer", "K1", "offline"),
    lambda hall: messaging.notes_of(hall.desk, TODAY, TODAY),
]


@pytest.mark.parametrize(("verb", "args", "words"), COMMANDS, ids=lambda one: one if isinstance(one, str) else "")
def test_no_command_walks_through_the_history(
    hall: Hall, verb: str, args: tuple[Any, ...], words: dict[str, Any]
) -> None:
    found = plans(hall, lambda: hall.do(verb, *args, **words))

    assert found
    assert walks(found) == []


@pytest.mark.parametrize("work", SCREENS)
def test_no_screen_walks_through_the_history(hall: Hall, work: Callable[[Hall], object]) -> None:
    assert walks(plans(hall, lambda: work(hall))) == []


def one_plan(hall: Hall, work: Callable[[Transaction], object]) -> str:
    def run() -> None:
        with hall.desk.db.read() as tx:
            work(tx)

    return " | ".join(plan for _, plan in plans(hall, run))


@pytest.mark.parametrize(
    ("work", "index"),
    [
        (lambda tx: tickets.waiting(tx, 1, "AB"), "ix_tickets_waiting"),
        (lambda tx: tickets.waiting(tx, 1, "A"), "ix_tickets_waiting"),
        (lambda tx: tickets.open_tickets(tx, 1), "ix_tickets_waiting"),
        (lambda tx: tickets.open_tickets(tx, 1), "ix_tickets_aside"),
        (lambda tx: tickets.returns_of(tx, 1, TODAY, "A001@2026-11-19"), "ix_tickets_day|sqlite_autoindex_tickets"),
        (lambda tx: tickets.calls_of_service_since(tx, 1, "A", at("9:00")), "ix_calls_missed"),
        (lambda tx: part_tables.of_days(tx, 1, CALLS, TODAY, TODAY).values(), "ix_calls_date"),
        (lambda tx: part_tables.still_open(tx, 1, SHIFTS).values(), "ix_shifts_open"),
        (lambda tx: part_tables.of_days(tx, 1, SHIFTS, TODAY, TODAY).values(), "ix_shifts_date"),
        (lambda tx: part_tables.of_days(tx, 1, OVERTAKES, TODAY, TODAY).values(), "ix_overtakes_date"),
        (lambda tx: part_tables.of_days(tx, 1, NOT_READY, TODAY, TODAY).values(), "ix_not_ready_date"),
        (lambda tx: part_tables.of_days(tx, 1, OFFERS, TODAY, TODAY).values(), "ix_offers_date"),
        (lambda tx: part_tables.of_days(tx, 1, DAY_NOTES, TODAY, TODAY).values(), "ix_day_notes_day"),
        (lambda tx: book.watched(tx, 1), "ix_tickets_waiting"),
        (lambda tx: in_brief(tx, {1: TODAY, 2: TODAY}), "ix_tickets_day.*autoindex_legs"),
        (lambda tx: part_tables.of_days(tx, 1, CHECKS, TODAY, TODAY).values(), "ix_checks_date"),
        (lambda tx: part_tables.of_days(tx, 1, WAIVERS, TODAY, TODAY).values(), "ix_waivers_date"),
        (lambda tx: sharing.outages_between(tx, 1, at("9:00"), at("10:00")), "ix_outages_end"),
        (lambda tx: events.of_day(tx, 1, TODAY), "ix_events_day"),
        (lambda tx: events.after(tx, 1, 5), "sqlite_autoindex_events"),
        (lambda tx: book.of_day(tx, 1, TODAY), "ix_tickets_waiting"),
    ],
)
def test_which_index_finds_the_rows(hall: Hall, work: Callable[[Transaction], object], index: str) -> None:
    assert re.search(index, one_plan(hall, work))


def test_every_table_is_strict(hall: Hall) -> None:
    with hall.desk.db.read() as tx:
        strict = {name: bool(flag) for name, flag in tx.exec_driver_sql("SELECT name, strict FROM pragma_table_list")}

    assert all(strict[name] for name in metadata.tables)


def test_every_index_is_named_after_its_table() -> None:
    for table in metadata.tables.values():
        assert all(str(index.name).startswith(f"ix_{table.name}_") for index in table.indexes)


@pytest.mark.parametrize("since", [0, 40])
def test_what_was_said_on_a_day_is_found_by_its_date(hall, since):
    found = plans(hall, lambda: announcing.said_on(hall.desk, TODAY, since))

    assert any("ix_events_day" in plan for _statement, plan in found)
    assert walks(found) == []
