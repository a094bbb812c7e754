"""What the log tells of dates: which business dates it has, which of its events stand on paper, and how parts of the
set-up stood on a date, by the log's changes of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import ColumnElement, bindparam, case, func, literal, select

from queuedesk.core.log.event import are_event_data_readable
from queuedesk.core.setup.file import WHOLE, document_after_change
from queuedesk.core.upkeep import RESTORE, LogEndAnchor, LogFacts, RestoredBackup
from queuedesk.store.engine.types import Transaction, UtcMomentColumn
from queuedesk.store.log.events import time_is_right_condition
from queuedesk.store.schema import events, shifts

DEVICE = "device"
_SEQS_AT_ONCE = 500
_NEVER = literal(datetime(9999, 1, 1, tzinfo=UTC), UtcMomentColumn)


class LastEventOfLoggedDate(Struct, frozen=True):
    """A business date in the log: its last event of the requested kinds; whether one is more than a remark."""

    last_seq: int
    is_busy: bool


class LogEventsOfDate(NamedTuple):
    """A business date in the log: how many events, and the seq of the first and the last one."""

    n: int
    first: int
    last: int


def logged_dates(
    tx: Transaction, hall: int, kinds: Collection[str], remarks: Collection[str], before: datetime | None = None
) -> dict[date, LastEventOfLoggedDate]:
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
    found = {
        day: LastEventOfLoggedDate(seq, bool(is_busy)) for day, seq, is_busy in tx.execute(statement) if day is not None
    }
    for day, seq in _last_equipment_event_seq_by_date(tx, hall, element, before):
        if day in found:
            found[day] = replace(found[day], last_seq=max(seq, found[day].last_seq))
    return found


def _last_equipment_event_seq_by_date(
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


def log_ranges_by_date(tx: Transaction, hall: int, first: date, last: date) -> dict[date | None, LogEventsOfDate]:
    """Return what the log has of each business date from `first` to `last`; None are events whose date is none."""
    statement = (
        select(events.c.date, func.count(), func.min(events.c.seq), func.max(events.c.seq))
        .where(events.c.hall == hall, events.c.date >= first, events.c.date <= last)
        .group_by(events.c.date)
    )
    found: dict[date | None, LogEventsOfDate] = {}
    for day, *logged in tx.execute(statement):
        known = found.get(day)
        own = LogEventsOfDate(*logged)
        found[day] = (
            own
            if known is None
            else LogEventsOfDate(known.n + own.n, min(known.first, own.first), max(known.last, own.last))
        )
    return found


def was_day_ended(tx: Transaction, hall: int, day: date) -> bool:
    statement = select(events.c.seq).where(events.c.hall == hall, events.c.date == day, events.c.kind == "day-end")
    return tx.execute(statement.where(time_is_right_condition(tx, hall)).limit(1)).first() is not None


# -- what of a log stands on paper: an end of it, and whether the events that sheets name are still there ------------


def anchor_at_event(tx: Transaction, hall: int, seq: int | None) -> LogEndAnchor | None:
    """Return the end of a log at event `seq`; None if there is no such event."""
    found = hashes_of_events(tx, hall, [1, seq]) if seq is not None else {}
    if seq is None or len(found) < len({1, seq}):
        return None
    return LogEndAnchor(log=found[1], seq=seq, hash=found[seq])


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


# The kind stands in the statement itself: with a parameter in its place no partial index would do.
SET_UP_KIND: ColumnElement[str] = bindparam(None, "set-up", literal_execute=True)
_ONE_ROW = ("settings", *WHOLE)


class SetUpVersions(Struct):
    """One hall's changes of `parts`, read once."""

    tx: Transaction
    hall: int
    parts: tuple[str, ...]
    _days: list[date] | None = None
    _versions: list[Mapping[str, Any]] = field(default_factory=list)

    def version_index_at_end_of_date(self, day: date) -> int:
        """Return the place of what stood at a date's end, for set_up_version_at_index(); a date before the hall was set
        up has what it began with."""
        return max(0, bisect_right(self._read_versions_and_dates(), day) - 1)

    def set_up_version_at_index(self, at: int) -> Mapping[str, Any] | None:
        """Return the parts after a change, None in a hall without any."""
        self._read_versions_and_dates()
        return self._versions[at] if self._versions else None

    def versions_on(self, day: date) -> Sequence[Mapping[str, Any]]:
        """Return the parts as they stood at the end of the date before and after each change of this one."""
        before, last = (
            self.version_index_at_end_of_date(day - timedelta(days=1)),
            self.version_index_at_end_of_date(day),
        )
        return self._versions[before : last + 1]

    def first_date_with_part(self, part: str) -> date | None:
        """Return the business date of the first change after which a part has rows, None if it never had."""
        days = self._read_versions_and_dates()
        return next((day for day, version in zip(days, self._versions, strict=True) if version.get(part)), None)

    def date_of_version(self, at: int) -> date | None:
        """Return the business date of a change."""
        days = self._read_versions_and_dates()
        return days[at] if days else None

    def _read_versions_and_dates(self) -> list[date]:
        """Fill the versions with the parts after each change of any; return the business dates of the changes, in
        order."""
        if self._days is not None:
            return self._days
        statement = select(events.c.seq, events.c.date, events.c.data).where(
            events.c.hall == self.hall, events.c.kind == SET_UP_KIND
        )
        days: list[date] = []
        document: Mapping[str, Any] = {}
        # Asked for their order, the planner would walk through the whole log, which has it.
        for _seq, day, data in sorted(self.tx.execute(statement), key=itemgetter(0)):
            if day is None or not are_event_data_readable("set-up", data):
                continue
            if "setup" in data:
                document = {part: data["setup"].get(part, {} if part in _ONE_ROW else ()) for part in self.parts}
            elif data.get("part") in self.parts:
                document = document_after_change(document, data)
            else:
                continue
            # A clock that was put back makes no earlier change of a later one.
            days.append(max(day, days[-1]) if days else day)
            self._versions.append(document)
        self._days = days
        return days
