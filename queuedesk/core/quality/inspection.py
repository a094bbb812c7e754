"""Inspections, planned, filled in item by item by one version of a score sheet and signed; and the morning.

The morning is a briefing that each person reads, the hall's opening and closing that somebody signs, who is there.
"""

from __future__ import annotations

import calendar
import datetime as clock
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.quality.sheet import Item
from queuedesk.core.setup.hall import add_working_days
from queuedesk.core.setup.rows import Setup

OPEN, MYSTERY, TELEPHONE, VIDEO, SUPERVISOR = "open", "mystery", "telephone", "video", "supervisor"
CHANNELS = (OPEN, MYSTERY, TELEPHONE, VIDEO, SUPERVISOR)
"""How a hall is looked at: by its own people in the open, by a visitor whom nobody knows, by a call, over the cameras,
by supervisors from outside."""
PLANNED, RUNNING, DONE, DROPPED = "planned", "running", "done", "dropped"
WARN_DAYS = 5
"""So many working days before a month ends, what is short of the rule is said."""


class Mark(Struct, frozen=True, kw_only=True):
    """What was found of one item, counted from 1.

    `taken` is what is deducted, None for an item that does not apply: its weight then leaves the sum. `reasons` are
    places in the item's reasons, from 1; `words` and `photos` stand beside the log, under these ids.
    """

    item: int
    taken: int | None
    reasons: tuple[int, ...] = ()
    words: str | None = None
    photos: tuple[str, ...] = ()

    @property
    def has_reason(self) -> bool:
        return bool(self.reasons or self.words)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing: a deduction needs a reason."""
        return not self.taken or self.has_reason


class Score(Struct, frozen=True):
    """Points earned, of those that could be had."""

    points: int
    of: int

    @property
    def per_hundred(self) -> int | None:
        """Return the points of a hundred, halves up; None where nothing applied."""
        return (200 * self.points + self.of) // (2 * self.of) if self.of else None


class Inspection(Struct, frozen=True, kw_only=True):
    """An inspection from its plan to its signature.

    `date` is the planned one until it begins. `items` are those of the sheet's version by which it is filled in,
    nothing before it begins. Of who looks, one is given: `staff` of the hall, a mystery visitor's number, or the id of
    a name beside the log. `visit` is the date and number of the visitor's own ticket, `claimed_s` the wait in seconds
    that the visitor wrote down.
    """

    seq: int
    date: clock.date
    channel: str
    sheet: str
    by: str
    planned: bool
    staff: str | None = None
    visitor: int | None = None
    outsider: str | None = None
    version: int | None = None
    name: str = ""
    name_en: str = ""
    items: tuple[Item, ...] = ()
    started: datetime | None = None
    marks: tuple[Mark, ...] = ()
    visit: tuple[clock.date, str] | None = None
    claimed_s: int | None = None
    signed: datetime | None = None
    signed_by: str | None = None
    dropped: datetime | None = None
    reason: str | None = None

    @property
    def state(self) -> str:
        if self.dropped is not None:
            return DROPPED
        if self.signed is not None:
            return DONE
        return RUNNING if self.started is not None else PLANNED

    @property
    def is_open(self) -> bool:
        return self.signed is None and self.dropped is None

    def mark(self, item: int) -> Mark | None:
        """Return what was found of an item, None while nobody looked at it."""
        return next((one for one in self.marks if one.item == item), None)

    def marked(self, mark: Mark) -> Inspection:
        others = [one for one in self.marks if one.item != mark.item]
        return replace(self, marks=tuple(sorted([*others, mark], key=lambda one: one.item)))

    @property
    def score(self) -> Score:
        return score(self.items, self.marks)

    @property
    def left(self) -> list[int]:
        """The items, from 1, that nobody looked at, or whose deduction lacks its reason."""
        return left(self.items, self.marks)


def must_have(items: Sequence[Item], mark: Mark) -> None:
    """Raise ValueError for a mark of an item, a deduction or a reason that these items do not have."""
    if not 1 <= mark.item <= len(items):
        raise ValueError(mark.item)
    item = items[mark.item - 1]
    if not 0 <= (mark.taken or 0) <= item.weight or any(not 1 <= n <= len(item.reasons) for n in mark.reasons):
        raise ValueError(mark.taken, mark.reasons)


def left(items: Sequence[Item], marks: Iterable[Mark]) -> list[int]:
    """Return the items, from 1, that nobody looked at, or whose deduction lacks its reason."""
    whole = {mark.item for mark in marks if mark.is_whole}
    return [n for n in range(1, len(items) + 1) if n not in whole]


def score(items: Sequence[Item], marks: Iterable[Mark]) -> Score:
    """Return what the marks so far add up to; items that do not apply, or were not looked at, are in neither sum."""
    points = possible = 0
    for mark in marks:
        if mark.taken is not None:
            weight = items[mark.item - 1].weight
            points, possible = points + weight - mark.taken, possible + weight
    return Score(points, possible)


class FilledSheet(Protocol):
    """A sheet that was filled in."""

    @property
    def seq(self) -> int: ...
    @property
    def version(self) -> int | None: ...
    @property
    def items(self) -> tuple[Item, ...]: ...


def version_of(items: Sequence[Item], filled: Iterable[FilledSheet]) -> int:
    """Return the version of a sheet with these items: that of the last sheet `filled` in if nothing changed since, else
    the next one."""
    last = max((sheet for sheet in filled if sheet.version), key=lambda one: one.seq, default=None)
    if last is None or last.version is None:
        return 1
    return last.version if last.items == tuple(items) else last.version + 1


# -- what a month covers ---------------------------------------------------------------------------------------------


class ChannelCoverage(Struct, frozen=True, kw_only=True):
    """Of one channel in a month: how many were done, of how many planned, and the fewest that the hall wants."""

    channel: str
    done: int
    planned: int
    least: int

    @property
    def is_short(self) -> bool:
        return self.done < self.least


def coverage(inspections: Iterable[Inspection], least: Mapping[str, int]) -> list[ChannelCoverage]:
    """Return the channels of a month's inspections in their order; one that nobody uses and the hall does not want is
    left out."""
    found = [inspection for inspection in inspections if inspection.state != DROPPED]
    rows = []
    for channel in CHANNELS:
        own = [one for one in found if one.channel == channel]
        done = sum(one.state == DONE for one in own)
        if own or least.get(channel):
            rows.append(ChannelCoverage(channel=channel, done=done, planned=len(own), least=least.get(channel, 0)))
    return rows


def least_of(setup: Setup) -> dict[str, int]:
    """Return how many inspections of each channel the hall wants a month."""
    return {channel: setup.number(f"inspect_{channel}") for channel in CHANNELS}


def warns_from(setup: Setup, last: clock.date) -> clock.date:
    """Return from which date on the hall is told what a month that ends on `last` is short of."""
    return add_working_days(setup.calendar, last + clock.timedelta(days=1), -WARN_DAYS)


def month_of(day: clock.date) -> tuple[clock.date, clock.date]:
    """Return the first and the last date of the month that `day` belongs to."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


# -- the briefing ------------------------------------------------------------------------------------------------------


class Receipt(Struct, frozen=True):
    """That somebody has read a briefing, and when."""

    at: datetime
    by: str


class Briefing(Struct, frozen=True, kw_only=True):
    """What everybody is told on a date; a correction is the next version, to be read anew. `text` and `text_en` are the
    ids and digests of words beside the log, one point a line."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    version: int
    text: str
    text_en: str | None = None
    receipts: tuple[Receipt, ...] = ()

    def receipt(self, staff: str) -> Receipt | None:
        return next((one for one in self.receipts if one.by == staff), None)

    def read(self, at: datetime, by: str) -> Briefing:
        return replace(self, receipts=(*self.receipts, Receipt(at, by)))


def current(briefings: Iterable[Briefing], day: clock.date) -> Briefing | None:
    """Return the last version of a date's briefing."""
    return max((briefing for briefing in briefings if briefing.date == day), key=lambda one: one.seq, default=None)


def unread(briefings: Iterable[Briefing], day: clock.date, staff: str) -> Briefing | None:
    """Return the date's briefing if `staff` has still to read it; who wrote it need not."""
    last = current(briefings, day)
    return last if last is not None and last.by != staff and last.receipt(staff) is None else None


# -- opening and closing -----------------------------------------------------------------------------------------------

OPENING, CLOSING = "opening", "closing"
SHEETS: Mapping[str, str] = {OPENING: "environment", CLOSING: "closing"}
"""What is signed, with the code of the score sheet that it goes by."""
TEMPERATURES, HUMIDITIES = range(-30, 61), range(101)
"""What a thermometer in °C and a hygrometer in % can show."""


class Opening(Struct, frozen=True, kw_only=True):
    """A hall that was looked at by a version of a sheet and signed open, or signed closed; the last one of a date
    counts. What is not in order takes an item's whole weight. `temperature` is in °C, `humidity` in %."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    what: str
    sheet: str
    version: int
    name: str
    name_en: str
    items: tuple[Item, ...]
    marks: tuple[Mark, ...]
    temperature: int | None = None
    humidity: int | None = None

    @property
    def score(self) -> Score:
        return score(self.items, self.marks)

    @property
    def lacking(self) -> list[Mark]:
        """What was not in order."""
        return [mark for mark in self.marks if mark.taken]


# -- who was to be there, and who was ----------------------------------------------------------------------------------


class Attendance(Struct, frozen=True, kw_only=True):
    """A person on a date: `start` is when the roster wants them to work, None where it does not; `here` when the
    program first knew of them, `due` when they were to be there where the hall has a rule."""

    staff: str
    start: datetime | None
    here: datetime | None
    due: datetime | None

    @property
    def late_min(self) -> int | None:
        """Return the whole minutes after `due`, None where there is no rule or nobody came."""
        if self.due is None or self.here is None:
            return None
        return max(0, int((self.here - self.due).total_seconds() // 60))

    def is_missing(self, now: datetime) -> bool:
        """Whether somebody who was to be there has not come."""
        moment = self.due or self.start
        return moment is not None and self.here is None and now > moment


def attendance(
    starts: Mapping[str, datetime], seen: Iterable[tuple[str, datetime]], early: clock.timedelta | None
) -> list[Attendance]:
    """Return everybody of the roster's `starts`, the earliest first, then who came without; `early` is how long before
    the start somebody has to be there, None where the hall has no rule. Of `seen` the first counts."""
    here: dict[str, datetime] = {}
    for staff, at in seen:
        here[staff] = min(at, here.get(staff, at))
    rows = []
    for staff in sorted({*starts, *here}, key=lambda one: (one not in starts, starts.get(one) or here[one], one)):
        start = starts.get(staff)
        due = start - early if start is not None and early is not None else None
        rows.append(Attendance(staff=staff, start=start, here=here.get(staff), due=due))
    return rows
