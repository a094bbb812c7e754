"""A hall as a whole in memory, from its tables and from its log, which must come to the same."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import text

from queuedesk.core.log.apply import apply_or_set_aside
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState, RecordKind
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls, part_tables, sharing, tickets
from queuedesk.store.parts.part_tables import ROWS
from queuedesk.store.rights.withheld_ratings import MANAGERS


def whole(tx: Transaction, hall: int) -> HallState:
    """Return everything that the tables hold of the hall; of most parts a test's hall has nothing."""
    row, there = halls.load_hall_row(tx, hall), _there(tx, hall)
    state = HallState(
        setup_now=halls.setup_of_hall_row(tx, row),
        now=row.now,
        tickets={t.id: t for t in tickets.tickets_since_date(tx, hall, date.min)},
        series=tickets.last_numbers_by_series(tx, hall),
        signed_in=tickets.staff_by_station(tx, hall),
        tracker=sharing.last_promise_bounds(tx, hall),
    )
    for part in ROWS:
        state.replace_records(
            part,
            part.records_in_own_container(part_tables.objects_of_days(tx, hall, part).values() if there[part] else ()),
        )
    return state


def _there(tx: Transaction, hall: int) -> dict[RecordKind[Any, Any], bool]:
    """Return which parts have rows, asked in one statement; where only managers may ask there may be some."""
    return {**dict.fromkeys(ROWS, True), **dict(zip(_ASKED, tx.execute(_ARE_THERE, {"hall": hall}).one(), strict=True))}


_ASKED = [part for part, rows in ROWS.items() if rows.name not in MANAGERS]
_IN_EACH = (f"EXISTS (SELECT 1 FROM {ROWS[part].table.name} WHERE hall = :hall)" for part in _ASKED)
_ARE_THERE = text(f"SELECT {', '.join(_IN_EACH)}")


def from_log(tx: Transaction, hall: int) -> HallState:
    """Return what the log alone comes to, with the events in `aside` that can't be applied."""
    return of_events(events.all_events(tx, hall))


def of_events(log: Iterable[Event]) -> HallState:
    """Return what the events of a log come to."""
    state = HallState()
    for event in log:
        fault = apply_or_set_aside(event, state)
        if fault is not None:
            state.aside[event.seq] = fault
    state.overtakes.sort(key=lambda o: (o.seq, o.label))
    return state


def differences(tables: HallState, log: HallState) -> list[str]:
    """Return the names of the parts in which the tables do not follow from the log; empty when all do."""
    different = []
    for part in (part for part in fields(HallState) if part.compare):
        left, right = getattr(tables, part.name), getattr(log, part.name)
        if part.name == "setup_now":
            left, right = left and left.document, right and right.document
        if left != right:
            different.append(part.name)
    return different
