"""The dates of a period in the steps in which it is shown: days, or months of a year, weeks where a table would grow
long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from queuedesk.core.figures.measures.figures import DayLine
from queuedesk.core.figures.measures.times import MINUTE_US
from queuedesk.core.figures.periods import DAY, MONTH, QUARTER, WEEK, YEAR, span_of
from queuedesk.i18n import date_short, day_staff, figure_range, weekday_short
from queuedesk.i18n.moments import month_short


class Slot(Struct, frozen=True, kw_only=True):
    """The dates from `first` to `last` added up, over all requested halls."""

    first: date
    last: date
    issued: int = 0
    waits: int = 0
    waited_us: int = 0
    within: int = 0
    asked: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def mean_wait(self) -> float | None:
        """Minutes, None where nobody was called."""
        return self.waited_us / self.waits / MINUTE_US if self.waits else None

    @property
    def within_target(self) -> float | None:
        """The share called in time, None where nobody could be."""
        return self.within / self.asked if self.asked else None


def slots(lines: Iterable[DayLine], first: date, last: date, step: str) -> list[Slot]:
    """Return the period's days, weeks or months (`step`), including those without a ticket, cut at its ends."""
    spans = []
    at = first
    while at <= last:
        _, end = span_of(step, at)
        spans.append((at, min(end, last)))
        at = end + timedelta(days=1)
    known = list(lines)
    return [_sum([line for line in known if begins <= line.day <= ends], begins, ends) for begins, ends in spans]


def _sum(lines: list[DayLine], first: date, last: date) -> Slot:
    names = ("issued", "waits", "waited_us", "within", "asked", "rated", "satisfied")
    return Slot(first=first, last=last, **{name: sum(getattr(line, name) for line in lines) for name in names})


def bar_step(period: str) -> str:
    """Return the length of time of a bar in the period's chart."""
    return MONTH if period == YEAR else DAY


def row_step(period: str) -> str:
    """Return the length of time of a row in the period's table."""
    return {DAY: DAY, WEEK: DAY, MONTH: WEEK, QUARTER: WEEK, YEAR: MONTH}[period]


def bar_labels(found: list[Slot], period: str, lang: str) -> list[tuple[int, str]]:
    """Return which slots of the chart have a label."""
    if period == YEAR:
        return [(i, month_short(slot.first, lang)) for i, slot in enumerate(found)]
    if period == WEEK:
        return [(i, f"{weekday_short(slot.first, lang)} {slot.first.day}") for i, slot in enumerate(found)]
    if period == MONTH:
        return [(i, str(slot.first.day)) for i, slot in enumerate(found)]
    mondays = [i for i, slot in enumerate(found) if slot.first.weekday() == 0]
    return [(i, date_short(found[i].first, lang)) for i in mondays[::2] if i < len(found) - 3]


def slot_name(slot: Slot, period: str, lang: str) -> str:
    """Return the name of a row in the period's table: "Mon 16 Nov", "16 Nov–22 Nov", "Nov"."""
    if period == YEAR:
        return month_short(slot.first, lang)
    if slot.first == slot.last:
        return day_staff(slot.first, lang)
    return figure_range(date_short(slot.first, lang), date_short(slot.last, lang))
