"""How far a period's satisfaction rate can be trusted: by date, against the period before, of halls and of people side
by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from queuedesk.core.figures.case_mix import SameMix, same_mix
from queuedesk.core.figures.measures.times import MINUTE_US
from queuedesk.core.figures.overdispersion import Point, Shrunk, funnel, p_chart, partly_pooled
from queuedesk.core.figures.periods import DAY, span_of
from queuedesk.core.figures.satisfaction import Difference, Rate, Response, compare, rate, response
from queuedesk.reports.figures.period import HallRead, PeriodRead, service_code
from queuedesk.reports.figures.slots import Slot, bar_step, slots

Counts = tuple[int, int]
"""Satisfied and dissatisfied."""


@dataclass(frozen=True, slots=True)
class ByDate:
    """The p-chart: rates of days or months with their limits round `centre`, the rate of all; None where nobody
    rated."""

    slots: Sequence[Slot]
    points: Sequence[Point]
    centre: float | None

    @property
    def outside(self) -> list[int]:
        """The places of those that chance hardly explains."""
        return [i for i, point in enumerate(self.points) if point.is_outside]

    @property
    def rated(self) -> int:
        """How many of the dates have a rating."""
        return sum(point.n > 0 for point in self.points)


@dataclass(frozen=True, slots=True)
class Member:
    """A hall or a person beside others: counts, limits round the rate of all, what is believed of it."""

    code: str
    counts: Counts
    found: Rate
    inner: Point
    outer: Point
    pooled: Shrunk

    @property
    def out(self) -> int:
        """How far out the rate lies: 0 within the 95 % limits, 1 beyond them, 2 beyond those of 99.8 %."""
        return self.inner.is_outside + self.outer.is_outside


@dataclass(frozen=True, slots=True)
class Before:
    """The period before, and how far this one's rate lies above its."""

    first: date
    last: date
    found: Rate
    difference: Difference


@dataclass(frozen=True, slots=True)
class Alike:
    """The halls' figures as if all had had the same mix of services."""

    waits: SameMix
    within: SameMix
    rates: SameMix


@dataclass(frozen=True, slots=True)
class Rates:
    """Everything a page or a table says of a period's satisfaction rate; `halls` and `alike` only of several halls
    together."""

    counts: Counts
    found: Rate
    response: Response
    by_date: ByDate | None
    before: Before
    clerks: Sequence[Member]
    halls: Sequence[Member]
    alike: Alike | None


def rates_of(read: PeriodRead) -> Rates:
    """Return a period's rates; a single date has no chart by date."""
    ratings = read.figures["ratings"]
    counts = (ratings["satisfied"], ratings["dissatisfied"])
    clerks = [(row["code"], _counts(row["ratings"])) for row in read.figures["staff"]]
    halls = [(hall.setup.hall.code, _counts(hall.figures["ratings"])) for hall in read.halls] if read.together else []
    return Rates(
        counts=counts,
        found=rate(*counts),
        response=response(*counts, ratings["unrated"]),
        by_date=_by_date(read),
        before=_before(read, counts),
        clerks=side_by_side(clerks),
        halls=side_by_side(halls),
        alike=_alike(read.halls) if read.together else None,
    )


def side_by_side(of: Sequence[tuple[str, Counts]]) -> list[Member]:
    """Return those who were rated at all, against the rate of all of them; nothing where there is but one to
    compare."""
    known = [(code, counts) for code, counts in of if sum(counts)]
    if len(known) < 2:
        return []
    all_counts = [counts for _code, counts in known]
    centre = sum(s for s, _d in all_counts) / sum(s + d for s, d in all_counts)
    limits, pooled = funnel(all_counts, centre), partly_pooled(all_counts)
    return [
        Member(code, counts, rate(*counts), inner, outer, one)
        for (code, counts), (inner, outer), one in zip(known, limits, pooled, strict=True)
    ]


def _counts(ratings: dict[str, int]) -> Counts:
    return ratings["satisfied"], ratings["dissatisfied"]


def _by_date(read: PeriodRead) -> ByDate | None:
    if read.period == DAY:
        return None
    found = slots(read.tally.days, read.first, read.last, bar_step(read.period))
    centre, points = p_chart([(slot.satisfied, slot.rated - slot.satisfied) for slot in found])
    return ByDate(found, points, centre)


def _before(read: PeriodRead, counts: Counts) -> Before:
    first, last = span_of(read.period, read.first - timedelta(days=1))
    earlier = (sum(hall.before[0] for hall in read.halls), sum(hall.before[1] for hall in read.halls))
    return Before(first, last, rate(*earlier), compare(earlier, counts))


def _alike(halls: Sequence[HallRead]) -> Alike:
    waits, within, rated = [], [], []
    for hall in halls:
        code = service_code(list(halls), hall)
        services = {code(name): one for name, one in hall.tally.services.items()}
        waits.append({name: (sum(one.waits) / MINUTE_US, len(one.waits)) for name, one in services.items()})
        within.append({name: (one.within, len(one.waits) + one.late) for name, one in services.items()})
        rated.append({code(name): (s, s + d) for name, (s, d) in hall.rated.items()})
    return Alike(same_mix(waits), same_mix(within), same_mix(rated))
