"""Automatic backups: when the next is due, which stay, when their age deserves a warning."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime, time, timedelta

from msgspec import Struct

DAYS, WEEKS, MONTHS = 7, 5, 12
ALWAYS = 3
"""So many of the latest stay whatever the rule says."""
OLD_AFTER = timedelta(days=2)
AFTER_CLOSING = timedelta(minutes=30)
LATEST = time(23, 30)
DOUBTFUL = timedelta(days=1)
"""A moment so far ahead was written by a wrong clock, or is read by one."""


class BackupNote(Struct, frozen=True, kw_only=True):
    """What is known of a hall's backups: the last proven one, and why the last try failed, None where it did not.

    `made` is the moment it shows, `proven` when it was read back; `seq` and `hash` are the log's end in it, `place` its
    folder. `same_disk` says that the folder is on the disk of the hall itself.
    """

    made: datetime | None = None
    proven: datetime | None = None
    seq: int | None = None
    hash: str | None = None
    place: str = ""
    pc: str = ""
    same_disk: bool = False
    tried: datetime | None = None
    code: str | None = None

    def is_old(self, now: datetime) -> bool:
        """Whether the last proven one is older than two days, or there is none."""
        return self.proven is None or now - self.proven > OLD_AFTER

    def trouble(self, began: datetime, now: datetime) -> str | None:
        """Return what is wrong with the hall's backups, as a device's cause; None if nothing. `began` is when the hall
        was made: one of today or yesterday may have no backup yet."""
        if self.code is not None:
            return self.code
        if self.proven is None:
            return "backup_none" if now - began > OLD_AFTER else None
        return "backup_old" if self.is_old(now) else None


class Copy(Struct, frozen=True):
    """A proven backup in its folder; `made` is on the hall's clock."""

    name: str
    made: datetime


def is_due(last: datetime | None, now: datetime, closes: time) -> bool:
    """Whether a backup is to be made: once a day half an hour after closing, or as soon as a PC runs again after that
    moment.

    `last` is when the last one was made, None if never; all on the hall's clock. A backup of tomorrow or later was made
    by a wrong clock and does not count.
    """
    if last is None or last > now + DOUBTFUL:
        return True
    moment = datetime.combine(now.date(), closes, now.tzinfo) + AFTER_CLOSING
    if moment.date() != now.date() or moment.time() > LATEST:
        moment = datetime.combine(now.date(), LATEST, now.tzinfo)
    if moment > now:
        moment -= timedelta(days=1)
    return last < moment


def kept_until(made: datetime) -> date:
    """Return the last day on which a backup stays where one is made each month: the newest of its month is the first
    that does not, a year later."""
    return date(made.year + 1, made.month, 1)


def superseded(copies: Iterable[Copy], now: datetime) -> list[Copy]:
    """Return the copies that need not be kept, the oldest first.

    Kept are the newest copy of each of the last 7 days, 5 weeks and 12 months of which there are copies, and the last
    three in any case. A day without a copy takes no place, so neither a clock that is ahead nor a year off makes a copy
    look old. Copies dated later than tomorrow are left alone and replace no others.
    """
    newest_first = sorted((c for c in copies if c.made <= now + DOUBTFUL), key=lambda c: (c.made, c.name), reverse=True)
    kept = set(newest_first[:ALWAYS])
    for most, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        kept |= _newest_of_each(newest_first, most, period)
    return [copy for copy in reversed(newest_first) if copy not in kept]


def _newest_of_each(newest_first: list[Copy], most: int, period: Callable[[date], Hashable]) -> set[Copy]:
    found: dict[Hashable, Copy] = {}
    for copy in newest_first:
        found.setdefault(period(copy.made.date()), copy)
    return set(list(found.values())[:most])


def _day(day: date) -> Hashable:
    return day


def _week(day: date) -> Hashable:
    return day.isocalendar()[:2]


def _month(day: date) -> Hashable:
    return day.year, day.month
