"""A hall as a whole in memory, from its tables and from its log: that a station, the tables and the log come to the
same."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from queuedesk.core.log.state import HallState
from queuedesk.core.log.whole_event import fold
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import estimates, halls, part_tables, tickets
from queuedesk.store.parts.part_tables import ROWS


def whole(tx: Transaction, hall: int) -> HallState:
    """Return everything that the tables hold of the hall."""
    row = halls.load(tx, hall)
    return HallState(
        **{part.name: part.held(part_tables.of_days(tx, hall, part).values()) for part in ROWS},
        setup_now=halls.setup(tx, row),
        now=row.now,
        tickets={t.id: t for t in tickets.from_date(tx, hall, date.min)},
        series=tickets.all_series(tx, hall),
        signed_in=tickets.people_at_stations(tx, hall),
        tracker=estimates.tracker(tx, hall),
    )


def from_log(tx: Transaction, hall: int) -> HallState:
    """Return what the log alone comes to, with the events in `aside` that can't be applied."""
    state = HallState()
    for event in events.all_of(tx, hall):
        fault = fold(event, state)
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
