"""The hall as the tables hold it, for a station's start; the tables made anew from the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import Any

from queuedesk.core.log.apply import fold, kinds_of
from queuedesk.core.log.event import Fault, feature_of
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
    HallNow,
    HallState,
    K,
    Part,
    T,
)
from queuedesk.core.queue.hallday import day_begins, day_turns
from queuedesk.core.queue.ticket import Window
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import Estimates
from queuedesk.core.waits.experts import FOLLOWED
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.log.book import Book
from queuedesk.store.parts import devices, estimates, halls, part_tables, tickets
from queuedesk.store.parts.part_tables import FOLLOWING, ROWS
from queuedesk.store.schema.tables import LEARNED

RECENT_CALLS = FOLLOWED
"""Today's pace, and what experts say of waits, show in the last calls."""


def of_day(tx: Transaction, hall: int, day: date) -> HallState:
    """Return the hall with the tickets, calls, ratings … of one business date; `now.seq` is where a follower goes on.

    What is still open from earlier dates is included: the day-end that is due will name it.
    """
    row = halls.load(tx, hall)
    setup = halls.setup(tx, row)
    parts = [part for part in ROWS if part not in (TOTALS, OUTAGES, WINDOWS)]
    there = part_tables.parts_there(tx, hall, parts, day)
    state = HallState(
        outages=devices.outages_between(tx, hall, day_begins(setup, day), day_turns(setup, day)),
        windows=_windows(tx, hall, setup),
        setup_now=setup,
        now=row.now,
        tickets={t.id: t for t in [*tickets.left_open(tx, hall, day), *tickets.of_day(tx, hall, day)]},
        series=tickets.all_series(tx, hall, day),
        signed_in=tickets.people_at_stations(tx, hall),
        learned=_learned(tx, row, setup, day),
        tracker=estimates.tracker(tx, hall),
    )
    for part in parts:
        state.hold(part, part.held(_of_day(tx, hall, part, day, there).values()))
    return state


def _of_day(tx: Transaction, hall: int, part: Part[K, T], day: date, there: Set[tuple[str, str]]) -> dict[K, T]:
    """Return what a station holds of a part on `day`: what is of that date, or open, or of no date."""
    still = part_tables.still_open(tx, hall, part) if (part.name, "open") in there else {}
    return still | (part_tables.of_days(tx, hall, part, day, day) if (part.name, "day") in there else {})


def _windows(tx: Transaction, hall: int, setup: Setup) -> dict[str, Window]:
    """Return every window of the set-up as it stands."""
    return _all_windows(part_tables.of_days(tx, hall, WINDOWS), setup)


def _all_windows(known: Mapping[str, Window], setup: Setup) -> dict[str, Window]:
    return {code: known.get(code) or Window(code=code) for code in setup.windows}


def of_lines(tx: Transaction, hall: int, day: date) -> HallState:
    """Return what a number and its quoted wait depend on, except what was learned: who is in the hall, the calls of
    `day`, the tickets they called last, its last numbers, windows."""
    row = halls.load(tx, hall)
    setup = halls.setup(tx, row)
    bounds = estimates.tracker(tx, hall)
    calls = list(part_tables.of_days(tx, hall, CALLS, day, day).values())
    recent = {c.label for i, c in enumerate(reversed(calls)) if i < RECENT_CALLS or c.seq > bounds.upto}
    return HallState(
        setup_now=setup,
        now=row.now,
        tickets={t.id: t for t in [*tickets.open_tickets(tx, hall), *tickets.of_labels(tx, hall, day, sorted(recent))]},
        windows=_windows(tx, hall, setup),
        shifts=part_tables.still_open(tx, hall, SHIFTS) | part_tables.of_days(tx, hall, SHIFTS, day, day),
        calls=calls,
        series=tickets.all_series(tx, hall, day),
        overtakes=list(part_tables.of_days(tx, hall, OVERTAKES, day, day).values()),
        appointments=part_tables.still_open(tx, hall, APPOINTMENTS),
        help_calls=part_tables.still_open(tx, hall, HELP_CALLS),
        tracker=bounds,
    )


def _learned(tx: Transaction, row: halls.HallRow, setup: Setup, day: date) -> Estimates:
    """Return what was learned before `day`; on a date that is over nobody waits, and nothing is told."""
    if row.now.date is not None and day < row.now.date:
        return Estimates()
    return estimates.of_date(tx, row.id, setup, row.setup_hash, day)


def watched(tx: Transaction, hall: int) -> HallState:
    """Return only what the hall's alerts depend on, and whom they go to: what is open, windows, the date's series,
    alarms, equipment, who is signed in."""
    row = halls.load(tx, hall)
    days = {} if row.now.date is None else {hall: row.now.date}
    state = watched_in(tx, {hall: row.now}, {hall: halls.setup(tx, row)}, days)[hall]
    state.signed_in = tickets.people_at_stations(tx, hall)
    return state


def watched_in(
    tx: Transaction, now: Mapping[int, HallNow], setups: Mapping[int, Setup], days: Mapping[int, date]
) -> dict[int, HallState]:
    """Return only what the alerts of each of several halls depend on, as one statement of each table gives it for all
    of them; the series are those of the hall's date in `days`."""
    open_now, series = tickets.open_in(tx, now), tickets.series_in(tx, days)
    windows, alarms, devices = (part_tables.in_halls(tx, now, part) for part in (WINDOWS, ALARMS, DEVICES))
    return {
        hall: HallState(
            setup_now=setups[hall],
            now=then,
            tickets={t.id: t for t in open_now[hall]},
            windows=_all_windows(windows[hall], setups[hall]),
            series=series.get(hall, {}),
            alarms=alarms[hall],
            devices=devices[hall],
        )
        for hall, then in now.items()
    }


def setup_of_log(tx: Transaction, hall: int) -> Setup | None:
    """Return the set-up that results from the log, None if it has none."""
    state = HallState()
    for event in events.of_kinds(tx, hall, ("set-up",)):
        fold(event, state)
    return state.setup_now


def fill(tx: Transaction, hall: int, parts: Sequence[Part[Any, Any]]) -> None:
    """Write what the log says of features' parts into their tables, which are new and empty."""
    kinds = {kind for part in parts for kind in kinds_of(feature_of(part.name))}
    state = HallState()
    for event in events.of_kinds(tx, hall, (*kinds, "set-right")):
        fold(event, state)
    for part in parts:
        held = state.of(part)
        part_tables.save(tx, hall, part, *(held if part.is_list else held.values()))


def rebuild(tx: Transaction, hall: int) -> dict[int, Fault]:
    """Empty every table that follows from the log and write it anew, inside the caller's write transaction; return the
    events that can't be applied."""
    for table in (*FOLLOWING, *LEARNED):
        tx.execute(table.delete().where(table.c.hall == hall))
    halls.begin_anew(tx, hall)
    return Book(tx, hall).replay(events.all_of(tx, hall))
