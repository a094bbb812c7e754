"""What past dates taught and the bounds of promises: cached, and made anew where missing."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace
from sqlalchemy import bindparam, delete, select

from queuedesk.core.log.state import CALLS, OVERTAKES, SHIFTS
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import Estimates, Tracker
from queuedesk.core.waits.observations import VERSION, DayObservations, observed
from queuedesk.core.waits.quote import DAYS, estimated
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import part_tables, tickets
from queuedesk.store.schema.table import upsert
from queuedesk.store.schema.tables import learned as learned_rows
from queuedesk.store.schema.tables import learned_days
from queuedesk.store.schema.tables import tracker as trackers

MOST_DAYS_AT_ONCE = 10
"""So many dates at most are learned from in one go: of a long past that nobody learned from yet the rest follows, date
by date."""

_TRACKER = select(trackers).where(trackers.c.hall == bindparam("hall"))
_LEARNED = (
    select(learned_rows)
    .where(learned_rows.c.hall == bindparam("hall"), learned_rows.c.date <= bindparam("day"))
    .order_by(learned_rows.c.date.desc())
    .limit(1)
)


def tracker(tx: Transaction, hall: int) -> Tracker:
    """Return the bounds of the hall's last promise."""
    row = tx.execute(_TRACKER, {"hall": hall}).first()
    if row is None:
        return Tracker()
    return Tracker(low=row.low, high=row.high, upto=row.upto, at=row.at, date=row.date)


def save_tracker(tx: Transaction, hall: int, one: Tracker) -> None:
    values = {"hall": hall, "low": one.low, "high": one.high, "upto": one.upto, "at": one.at, "date": one.date}
    upsert(tx, trackers, values)


def of_date(tx: Transaction, hall: int, setup: Setup, setup_hash: str, day: date, *, keep: bool = False) -> Estimates:
    """Return what was learned before `day`; `keep` stores, inside a write transaction, what had to be computed."""
    row = tx.execute(_LEARNED, {"hall": hall, "day": day}).first()
    made_with = f"{setup_hash}-{VERSION}"
    if row is not None and row.setup_hash == made_with:
        before = Estimates.of(row.learned)
        # Dates without tickets teach nothing: on Monday Saturday's lessons hold.
        if before.upto == day or not tickets.busy_days(tx, hall, row.date, day - timedelta(days=1)):
            return replace(before, upto=day)
    lessons = observed_days(tx, hall, setup, day - timedelta(days=DAYS), day - timedelta(days=1), keep=keep)
    found = estimated(setup, lessons, day)
    if keep:
        tx.execute(delete(learned_rows).where(learned_rows.c.hall == hall))
        upsert(tx, learned_rows, {"hall": hall, "date": day, "setup_hash": made_with, "learned": found.document()})
    return found


def observed_days(
    tx: Transaction,
    hall: int,
    setup: Setup,
    first: date,
    last: date,
    *,
    keep: bool = False,
    at_most: int = MOST_DAYS_AT_ONCE,
) -> dict[date, DayObservations]:
    """Return what the dates from `first` to `last`, all of them over, taught; at most `at_most` new ones are computed,
    the latest first."""
    among = (learned_days.c.hall == hall, learned_days.c.date >= first, learned_days.c.date <= last)
    rows = tx.execute(select(learned_days).where(*among, learned_days.c.version == VERSION))
    found = {row.date: DayObservations.of(row.taught) for row in rows}
    missing = sorted(tickets.busy_days(tx, hall, first, last) - found.keys(), reverse=True)
    for day in missing[:at_most]:
        found[day] = _taught(tx, hall, setup, day)
        if keep:
            upsert(tx, learned_days, {"hall": hall, "date": day, "version": VERSION, "taught": found[day].document()})
    return dict(sorted(found.items()))


def forget(tx: Transaction, hall: int, day: date) -> None:
    """Delete what `day` taught: it was corrected, or more was entered."""
    tx.execute(delete(learned_days).where(learned_days.c.hall == hall, learned_days.c.date == day))
    tx.execute(delete(learned_rows).where(learned_rows.c.hall == hall, learned_rows.c.date > day))


def _taught(tx: Transaction, hall: int, setup: Setup, day: date) -> DayObservations:
    return observed(
        setup,
        day,
        tickets.of_day(tx, hall, day),
        [*part_tables.of_days(tx, hall, CALLS, day, day).values()],
        shifts=[*part_tables.of_days(tx, hall, SHIFTS, day, day).values()],
        overtakes=[*part_tables.of_days(tx, hall, OVERTAKES, day, day).values()],
        added={(e.ticket or "", str(e.data["added"])) for e in events.of_kind(tx, hall, day, "add")},
    )
