"""The hall as the tables hold it: a station's start, and what a rebuild is compared with."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from queuedesk.core.log.parts import K, Part, T
from queuedesk.core.log.state import (
    ALARMS,
    APPOINTMENTS,
    CALLS,
    DEVICES,
    HELP_CALLS,
    OUTAGES,
    OVERTAKES,
    SHIFTS,
    TOTALS,
    WINDOWS,
    HallState,
)
from queuedesk.core.log.whole_event import fold
from queuedesk.core.queue.hallday import day_begins, day_turns
from queuedesk.core.queue.window import Window
from queuedesk.core.setup.values import Setup
from queuedesk.core.waits.estimates import Learned
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.engine.types import to_json
from queuedesk.store.engine.values import hall_text
from queuedesk.store.log import events
from queuedesk.store.parts import counters, devices, halls, learned, register, tickets
from queuedesk.store.parts.register import FOLLOWING, ROWS
from queuedesk.store.schema.promise import LEARNED

RECENT_CALLS = 100
"""Today's pace shows in the last calls."""


def of_day(tx: Transaction, hall: int, day: date) -> HallState:
    """Return the hall with the tickets, calls, ratings … of one business date; `now.seq` is where a follower goes on.

    What is still open from earlier dates is there too: the day-end that is due will name it.
    """
    row = halls.load(tx, hall)
    setup = halls.setup(tx, row)
    held = {
        part.name: part.held(_of_day(tx, hall, part, day).values()) for part in ROWS if part not in (TOTALS, OUTAGES)
    }
    held["outages"] = devices.outages_between(tx, hall, day_begins(setup, day), day_turns(setup, day))
    return HallState(
        **held | {"windows": _windows(tx, hall, setup)},
        setup_now=setup,
        now=row.now,
        tickets={t.id: t for t in [*tickets.open_tickets(tx, hall), *tickets.of_day(tx, hall, day)]},
        series=counters.all_series(tx, hall, day),
        signed_in=counters.people_at_stations(tx, hall),
        learned=_learned(tx, row, setup, day),
        tracker=learned.tracker(tx, hall),
    )


def _of_day(tx: Transaction, hall: int, part: Part[K, T], day: date) -> dict[K, T]:
    """Return what a station holds of a part on `day`: what is of that date, or open, or of no date."""
    still = register.still_open(tx, hall, part) if ROWS[part].is_open is not None else {}
    return still | register.of_days(tx, hall, part, day, day)


def _windows(tx: Transaction, hall: int, setup: Setup) -> dict[str, Window]:
    """Return every window of the set-up as it stands."""
    known = register.of_days(tx, hall, WINDOWS)
    return {code: known.get(code) or Window(code=code) for code in setup.windows}


def of_lines(tx: Transaction, hall: int, day: date) -> HallState:
    """Return what waits are told from, but for what was learned: who is in the hall, the calls of `day`, whom the last
    of them called, windows."""
    row = halls.load(tx, hall)
    setup = halls.setup(tx, row)
    bounds = learned.tracker(tx, hall)
    calls = list(register.of_days(tx, hall, CALLS, day, day).values())
    recent = {c.label for i, c in enumerate(reversed(calls)) if i < RECENT_CALLS or c.seq > bounds.upto}
    return HallState(
        setup_now=setup,
        now=row.now,
        tickets={t.id: t for t in [*tickets.open_tickets(tx, hall), *tickets.of_labels(tx, hall, day, sorted(recent))]},
        windows=_windows(tx, hall, setup),
        shifts=_of_day(tx, hall, SHIFTS, day),
        calls=calls,
        overtakes=list(register.of_days(tx, hall, OVERTAKES, day, day).values()),
        appointments=register.still_open(tx, hall, APPOINTMENTS),
        help_calls=register.still_open(tx, hall, HELP_CALLS),
        tracker=bounds,
    )


def _learned(tx: Transaction, row: halls.HallRow, setup: Setup, day: date) -> Learned:
    """Return what was learned before `day`; on a date that is over nobody waits, and nothing is told."""
    if row.now.date is not None and day < row.now.date:
        return Learned()
    return learned.of_date(tx, row.id, setup, row.setup_hash, day)


def watched(tx: Transaction, hall: int) -> HallState:
    """Return as little of the hall as its alerts are made from: what is open, windows, the date's series, alarms,
    equipment."""
    row = halls.load(tx, hall)
    setup = halls.setup(tx, row)
    return HallState(
        setup_now=setup,
        now=row.now,
        tickets={t.id: t for t in tickets.open_tickets(tx, hall)},
        windows=_windows(tx, hall, setup),
        series=counters.all_series(tx, hall, row.now.date) if row.now.date else {},
        alarms=register.of_days(tx, hall, ALARMS),
        devices=register.of_days(tx, hall, DEVICES),
    )


def whole(tx: Transaction, hall: int) -> HallState:
    """Return everything that the tables hold of the hall."""
    row = halls.load(tx, hall)
    return HallState(
        **{part.name: part.held(register.of_days(tx, hall, part).values()) for part in ROWS},
        setup_now=halls.setup(tx, row),
        now=row.now,
        tickets={t.id: t for t in tickets.everything(tx, hall)},
        series=counters.all_series(tx, hall),
        signed_in=counters.people_at_stations(tx, hall),
        tracker=learned.tracker(tx, hall),
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


def strange_row(tx: Transaction, hall: int, log: HallState) -> list[str]:
    """Return what the tables hold that no state has and that does not follow from the log: code, set-up's text and
    hash, whom messages wait for."""
    told, from_event, text = hall_text(tx, hall)
    setup = log.setup_now
    last = next((event.hash for event in reversed(list(events.of_kinds(tx, hall, ("set-up",))))), "")
    wanted = ("", "", "{}") if setup is None else (setup.hall.code, last, to_json(dict(setup.document)))
    found = zip(("code", "setup_hash", "setup"), (told, from_event, text), wanted, strict=True)
    strange = [name for name, here, there in found if here != there]
    return [*strange, "messages"] if register.is_filed_amiss(tx, hall) else strange


def rebuild(tx: Transaction, hall: int) -> None:
    """Throw away every table that follows from the log and write it anew, inside the caller's write transaction."""
    state = from_log(tx, hall)
    for table in (*FOLLOWING, *LEARNED):
        tx.execute(table.delete().where(table.c.hall == hall))
    for ticket in state.tickets.values():
        tickets.save(tx, hall, ticket, None)
    for part in ROWS:
        held = getattr(state, part.name)
        register.save(tx, hall, part, *(held if part.is_list else held.values()))
    for (day, prefix), number in state.series.items():
        counters.save_series(tx, hall, day, prefix, number)
    for station, staff in state.signed_in.items():
        counters.save_signed_in(tx, hall, station, staff)
    if state.tracker.date is not None:
        learned.save_tracker(tx, hall, state.tracker)
    halls.save(tx, hall, state.now)
    if state.setup_now is not None:
        hash = next(e.hash for e in reversed(list(events.all_of(tx, hall))) if e.kind == "set-up")
        halls.save_setup(tx, hall, hash, state.setup_now)
