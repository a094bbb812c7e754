"""The morning: a briefing that each person reads, the hall's opening and closing that somebody signs, who is there."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.quality.inspection import Mark, Score, score
from queuedesk.core.quality.sheet import Item

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
    return max((one for one in briefings if one.date == day), key=lambda one: one.seq, default=None)


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
        return [one for one in self.marks if one.taken]


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
        wanted = self.due or self.start
        return wanted is not None and self.here is None and now > wanted


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
