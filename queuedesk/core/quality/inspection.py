"""Inspections: planned, filled in item by item by a version of a score sheet, and signed; and the morning routine.

The morning routine is a briefing that each person reads, the signed opening and closing of the hall, and attendance."""

from __future__ import annotations

import calendar
import datetime as clock
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.quality.sheet import ScoreSheetItem
from queuedesk.core.setup.hall import add_working_days
from queuedesk.core.setup.rows import Setup

OPEN, MYSTERY, TELEPHONE, VIDEO, SUPERVISOR = "open", "mystery", "telephone", "video", "supervisor"
CHANNELS = (OPEN, MYSTERY, TELEPHONE, VIDEO, SUPERVISOR)
"""How a hall is inspected: openly by its own staff, by a mystery visitor, by telephone, over the cameras, by
supervisors from outside."""
PLANNED, RUNNING, DONE, DROPPED = "planned", "running", "done", "dropped"
WARN_DAYS = 5
"""Working days before the end of a month from which missing inspections are reported."""


class InspectionItemResult(Struct, frozen=True, kw_only=True):
    """The result for one item, counted from 1. `taken` is the deduction, None for an item that does not apply, whose
    weight then does not count. `reasons` are positions in the item's reasons, from 1; `words` and `photos` are ids of
    what is stored outside the log."""

    item: int
    taken: int | None
    reasons: tuple[int, ...] = ()
    words: str | None = None
    photos: tuple[str, ...] = ()

    @property
    def has_reason(self) -> bool:
        return bool(self.reasons or self.words)

    @property
    def is_complete(self) -> bool:
        """Whether it is complete: a deduction needs a reason."""
        return not self.taken or self.has_reason


class InspectionScore(Struct, frozen=True):
    """Points earned, of the possible ones (`of`)."""

    points: int
    of: int

    @property
    def points_per_hundred(self) -> int | None:
        """The points of a hundred, halves rounded up; None if no item applied."""
        return (200 * self.points + self.of) // (2 * self.of) if self.of else None


class Inspection(Struct, frozen=True, kw_only=True):
    """An inspection from its plan to its signature. `date` is the planned one until it begins. `items` are those of the
    sheet's version, none before it begins. The inspector is one of: `staff` of the hall, a mystery visitor's number
    (`visitor`), or the id of a name stored outside the log (`outsider`). `visit` is the date and number of the
    visitor's ticket, `claimed_s` the wait in seconds that the visitor reported."""

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
    items: tuple[ScoreSheetItem, ...] = ()
    started: datetime | None = None
    marks: tuple[InspectionItemResult, ...] = ()
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

    def mark_of_item(self, item: int) -> InspectionItemResult | None:
        return next((mark for mark in self.marks if mark.item == item), None)

    def with_item_mark(self, mark: InspectionItemResult) -> Inspection:
        others = [other for other in self.marks if other.item != mark.item]
        return replace(self, marks=tuple(sorted([*others, mark], key=lambda each: each.item)))

    @property
    def score(self) -> InspectionScore:
        return score_of_marks(self.items, self.marks)

    @property
    def unfinished_items(self) -> list[int]:
        """The numbers of the items, from 1, that are not marked or whose deduction lacks a reason."""
        return unfinished_item_numbers(self.items, self.marks)


def require_valid_mark(items: Sequence[ScoreSheetItem], mark: InspectionItemResult) -> None:
    """Raise ValueError if the mark's item, deduction or reason does not exist in `items`."""
    if not 1 <= mark.item <= len(items):
        raise ValueError(mark.item)
    item = items[mark.item - 1]
    if not 0 <= (mark.taken or 0) <= item.weight or any(not 1 <= n <= len(item.reasons) for n in mark.reasons):
        raise ValueError(mark.taken, mark.reasons)


def unfinished_item_numbers(items: Sequence[ScoreSheetItem], marks: Iterable[InspectionItemResult]) -> list[int]:
    """Return the numbers of the items, from 1, that are not marked or whose deduction lacks a reason."""
    whole = {mark.item for mark in marks if mark.is_complete}
    return [n for n in range(1, len(items) + 1) if n not in whole]


def score_of_marks(items: Sequence[ScoreSheetItem], marks: Iterable[InspectionItemResult]) -> InspectionScore:
    """Return the score of the marks so far; items that do not apply or are not marked do not count."""
    points = possible = 0
    for mark in marks:
        if mark.taken is not None:
            weight = items[mark.item - 1].weight
            points, possible = points + weight - mark.taken, possible + weight
    return InspectionScore(points, possible)


class FilledSheet(Protocol):
    @property
    def seq(self) -> int: ...
    @property
    def version(self) -> int | None: ...
    @property
    def items(self) -> tuple[ScoreSheetItem, ...]: ...


def sheet_version_for_items(items: Sequence[ScoreSheetItem], filled: Iterable[FilledSheet]) -> int:
    """Return the version of a sheet with these items: that of the last `filled` sheet if the items are the same, else
    the next one."""
    last = max((sheet for sheet in filled if sheet.version), key=lambda sheet: sheet.seq, default=None)
    if last is None or last.version is None:
        return 1
    return last.version if last.items == tuple(items) else last.version + 1


# -- the coverage of a month -----------------------------------------------------------------------------------------


class ChannelCoverage(Struct, frozen=True, kw_only=True):
    """A channel's inspections in a month: done, planned, and the hall's minimum (`least`)."""

    channel: str
    done: int
    planned: int
    least: int

    @property
    def is_short(self) -> bool:
        return self.done < self.least


def channel_coverage(inspections: Iterable[Inspection], least: Mapping[str, int]) -> list[ChannelCoverage]:
    """Return the coverage of a month's channels, without those that have no inspections and no minimum. `least` is the
    minimum by channel."""
    counted = [inspection for inspection in inspections if inspection.state != DROPPED]
    rows = []
    for channel in CHANNELS:
        own = [inspection for inspection in counted if inspection.channel == channel]
        done = sum(inspection.state == DONE for inspection in own)
        if own or least.get(channel):
            rows.append(ChannelCoverage(channel=channel, done=done, planned=len(own), least=least.get(channel, 0)))
    return rows


def monthly_inspection_minimums(setup: Setup) -> dict[str, int]:
    return {channel: setup.setting_as_int(f"inspect_{channel}") for channel in CHANNELS}


def inspection_warning_start(setup: Setup, last: clock.date) -> clock.date:
    """Return the date from which the hall is warned of inspections missing in the month that ends on `last`."""
    return add_working_days(setup.calendar, last + clock.timedelta(days=1), -WARN_DAYS)


def month_first_and_last(day: clock.date) -> tuple[clock.date, clock.date]:
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


# -- the briefing ------------------------------------------------------------------------------------------------------


class BriefingReceipt(Struct, frozen=True):
    """A record that the person `by` has read a briefing."""

    at: datetime
    by: str


class Briefing(Struct, frozen=True, kw_only=True):
    """The briefing of a date; a correction is the next version, which all have to read again. `text` and `text_en` are
    the ids and digests of words stored outside the log, one point a line."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    version: int
    text: str
    text_en: str | None = None
    receipts: tuple[BriefingReceipt, ...] = ()

    def receipt_of_person(self, staff: str) -> BriefingReceipt | None:
        return next((receipt for receipt in self.receipts if receipt.by == staff), None)

    def read(self, at: datetime, by: str) -> Briefing:
        return replace(self, receipts=(*self.receipts, BriefingReceipt(at, by)))


def last_briefing_of_date(briefings: Iterable[Briefing], day: clock.date) -> Briefing | None:
    return max((row for row in briefings if row.date == day), key=lambda row: row.seq, default=None)


# -- opening and closing -----------------------------------------------------------------------------------------------

OPENING, CLOSING = "opening", "closing"
SHEETS: Mapping[str, str] = {OPENING: "environment", CLOSING: "closing"}
"""The code of the score sheet for the opening and for the closing."""
TEMPERATURES, HUMIDITIES = range(-30, 61), range(101)
"""The possible readings in °C and in %."""


class SignedOpeningOrClosing(Struct, frozen=True, kw_only=True):
    """A signed opening or closing of a hall by a version of a sheet; the last one of a date counts. An item that is not
    in order loses its whole weight. `temperature` is in °C, `humidity` in %."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    what: str
    sheet: str
    version: int
    name: str
    name_en: str
    items: tuple[ScoreSheetItem, ...]
    marks: tuple[InspectionItemResult, ...]
    temperature: int | None = None
    humidity: int | None = None

    @property
    def score(self) -> InspectionScore:
        return score_of_marks(self.items, self.marks)

    @property
    def marks_with_deduction(self) -> list[InspectionItemResult]:
        return [mark for mark in self.marks if mark.taken]


# -- attendance --------------------------------------------------------------------------------------------------------


class StaffAttendanceOnDate(Struct, frozen=True, kw_only=True):
    """A person's attendance on a date: `start` is the start of work in the roster, None if not on it; `here` the first
    time seen by the program; `due` the latest time to arrive, None if the hall has no rule."""

    staff: str
    start: datetime | None
    here: datetime | None
    due: datetime | None

    @property
    def staff_late_minutes(self) -> int | None:
        """The whole minutes after `due`; None without a rule, or for a person not seen."""
        if self.due is None or self.here is None:
            return None
        return max(0, int((self.here - self.due).total_seconds() // 60))

    def is_missing(self, now: datetime) -> bool:
        """Whether the person is overdue at `now`."""
        moment = self.due or self.start
        return moment is not None and self.here is None and now > moment


def attendance_rows(
    starts: Mapping[str, datetime], seen: Iterable[tuple[str, datetime]], early: clock.timedelta | None
) -> list[StaffAttendanceOnDate]:
    """Return the attendance of the people in the roster's `starts`, earliest first, then of others who came. `early` is
    how long before the start people must arrive, None without a rule. The first time in `seen` of a person counts."""
    here: dict[str, datetime] = {}
    for staff, at in seen:
        here[staff] = min(at, here.get(staff, at))
    rows = []
    for staff in sorted({*starts, *here}, key=lambda code: (code not in starts, starts.get(code) or here[code], code)):
        start = starts.get(staff)
        due = start - early if start is not None and early is not None else None
        rows.append(StaffAttendanceOnDate(staff=staff, start=start, here=here.get(staff), due=due))
    return rows
