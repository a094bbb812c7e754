"""Which business dates the log tells of, and which of its events stand on paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, case, func, literal, select

from queuedesk.core.upkeep import RESTORE, Anchor, LogFacts, RestoredBackup
from queuedesk.store.engine.types import Transaction, UtcMoment
from queuedesk.store.log.events import time_is_right_condition
from queuedesk.store.schema import events, shifts

DEVICE = "device"
_SEQS_AT_ONCE = 500
_NEVER = literal(datetime(9999, 1, 1, tzinfo=UTC), UtcMoment)


class LoggedDate(Struct, frozen=True):
    """A business date in the log: its last event of the requested kinds; whether one is more than a remark."""

    last_seq: int
    is_busy: bool


class LogDateRange(NamedTuple):
    """A business date in the log: how many events, and the seq of the first and the last one."""

    n: int
    first: int
    last: int


def logged_dates(
    tx: Transaction, hall: int, kinds: Collection[str], remarks: Collection[str], before: datetime | None = None
) -> dict[date, LoggedDate]:
    """Return every date with events of `kinds`, logged `before` if given; one with only `remarks` is not busy. For the
    equipment, only events before the date's last window closed count, as later ones change none of its figures. It
    reads the whole log once: a second for a million events, so run it where nobody waits."""
    busy = func.max(case((events.c.kind.in_(sorted(remarks)), 0), else_=1))
    statement = (
        select(events.c.date, func.max(events.c.seq), busy)
        .where(events.c.hall == hall, events.c.date.is_not(None), events.c.kind.in_(sorted(kinds)))
        .group_by(events.c.date)
    )
    element = time_is_right_condition(tx, hall)
    statement = statement.where(element)
    if before is not None:
        statement = statement.where(events.c.at < before)
    found = {day: LoggedDate(seq, bool(is_busy)) for day, seq, is_busy in tx.execute(statement) if day is not None}
    for day, seq in _last_equipment_events(tx, hall, element, before):
        if day in found:
            found[day] = replace(found[day], last_seq=max(seq, found[day].last_seq))
    return found


def _last_equipment_events(
    tx: Transaction, hall: int, told: ColumnElement[bool], before: datetime | None
) -> list[tuple[date, int]]:
    """Return the last event of the equipment while a window was open, by date."""
    last_closed = (
        select(shifts.c.date, func.max(func.coalesce(shifts.c.closed, _NEVER)).label("closed"))
        .where(shifts.c.hall == hall)
        .group_by(shifts.c.date)
        .subquery()
    )
    statement = (
        select(events.c.date, func.max(events.c.seq))
        .join(last_closed, last_closed.c.date == events.c.date)
        .where(events.c.hall == hall, events.c.kind == DEVICE, events.c.time < last_closed.c.closed, told)
        .group_by(events.c.date)
    )
    if before is not None:
        statement = statement.where(events.c.at < before)
    return [(row[0], row[1]) for row in tx.execute(statement)]


def hashes_of_events(tx: Transaction, hall: int, seqs: Sequence[int]) -> dict[int, str]:
    """Return the hash of each of these events that exists."""
    found: dict[int, str] = {}
    for i in range(0, len(seqs), _SEQS_AT_ONCE):
        chunk = seqs[i : i + _SEQS_AT_ONCE]
        rows = tx.execute(select(events.c.seq, events.c.hash).where(events.c.hall == hall, events.c.seq.in_(chunk)))
        found |= {row.seq: row.hash for row in rows}
    return found


def log_by_date(tx: Transaction, hall: int, first: date, last: date) -> dict[date | None, LogDateRange]:
    """Return what the log has of each business date from `first` to `last`; None are events whose date is none."""
    statement = (
        select(events.c.date, func.count(), func.min(events.c.seq), func.max(events.c.seq))
        .where(events.c.hall == hall, events.c.date >= first, events.c.date <= last)
        .group_by(events.c.date)
    )
    found: dict[date | None, LogDateRange] = {}
    for day, *logged in tx.execute(statement):
        known = found.get(day)
        own = LogDateRange(*logged)
        found[day] = (
            own
            if known is None
            else LogDateRange(known.n + own.n, min(known.first, own.first), max(known.last, own.last))
        )
    return found


def was_day_ended(tx: Transaction, hall: int, day: date) -> bool:
    statement = select(events.c.seq).where(events.c.hall == hall, events.c.date == day, events.c.kind == "day-end")
    return tx.execute(statement.where(time_is_right_condition(tx, hall)).limit(1)).first() is not None


# -- what of a log stands on paper: an end of it, and whether the events that sheets name are still there ------------


def anchor_at_event(tx: Transaction, hall: int, seq: int | None) -> Anchor | None:
    """Return the end of a log at event `seq`; None if there is no such event."""
    found = hashes_of_events(tx, hall, [1, seq]) if seq is not None else {}
    if seq is None or len(found) < len({1, seq}):
        return None
    return Anchor(log=found[1], seq=seq, hash=found[seq])


def log_facts_at_seqs(tx: Transaction, hall: int, seqs: Sequence[int]) -> LogFacts:
    """Return what the log holds at these events, without checking its chain or looking for restored backups."""
    last = tx.execute(select(func.max(events.c.seq)).where(events.c.hall == hall)).scalar()
    found = hashes_of_events(tx, hall, sorted({1, *seqs}))
    return LogFacts(first_hash=found.get(1, ""), last=last or 0, hashes=found)


def backup_restores(tx: Transaction, hall: int) -> list[RestoredBackup]:
    """Return when backups were restored, by searching the log."""
    rows = tx.execute(
        select(events.c.seq, events.c.time, events.c.data).where(events.c.hall == hall, events.c.kind == RESTORE)
    )
    return [RestoredBackup(row.seq, row.time, str(row.data.get("lost_since", ""))) for row in rows]
