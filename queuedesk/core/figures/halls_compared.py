"""Satisfaction of several halls in a period, like for like: who lies beyond chance, and what a month can't tell.

- Like for like is hall_comparison.same_mix() of the shares by service. A hall's line of chance is z·√v round the figure
  of all, v the larger of Σ nₛqₛ(1 − qₛ) ÷ n² (what its own services allow, qₛ the share of all halls) and q(1 − q) ÷ n,
  the curve that is drawn: what lies inside the curve is never called beyond.
- Nobody is ranked: there is "above" and "below" beyond 99.8 % of chance, and nothing between.
- Fewer than FEWEST_RANKED ratings are not compared.
- What is held against a hall's own past is counted, not like for like: the past has its own mix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from math import comb, log10, sqrt

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.hall_comparison import FUNNEL_Z, SameMix, same_mix
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, Difference, Rate, compare, pooled, rate

ABOVE, BELOW, INSIDE, TOO_FEW, UNLIKE = "above", "below", "inside", "too_few", "unlike"
"""Where a hall lies; UNLIKE: enough ratings, but hardly any of services that the others have too."""
AFTER_BEST, AFTER_WORST, ONE_DAY, FEW = "after_best", "after_worst", "one_day", "few"
"""What a month can't tell: a fall after the best of the hall's own periods, a rise after the worst, a day that nobody
would expect, all of a few ratings alike."""
REGION, DISTRICT = "region", "district"
"""What halls may be put together by."""
EARLIER = 12
"""So many periods of a hall's own are looked at."""
FEWEST_PERIODS = 4
"""With fewer earlier periods none of them is called the best or the worst (our figure)."""
SELDOM = 2.5
"""A day nearer to the others than so many standard deviations need not be looked at."""
CHANCE_OF_A_DAY = 0.05
"""How likely chance alone may make one extraordinary day among all days of all halls (our figure)."""

SMALLEST = -300
"""The power of ten below which a chance is none."""

Counts = tuple[int, int]
"""Satisfied and dissatisfied."""


class HallCounts(Struct, frozen=True, kw_only=True, dict=True):
    """What is counted of a hall: by date and service of the period, and of each earlier period, the latest first.
    Services of two halls are the same where their keys are."""

    code: str
    name: str
    name_en: str
    region: str = ""
    district: str = ""
    days: Mapping[date, Mapping[str, Counts]] = field(default_factory=dict)
    earlier: Sequence[Counts] = ()

    @cached_property
    def services(self) -> Mapping[str, Counts]:
        """The counts by service, of all dates."""
        found: dict[str, Counts] = {}
        for own in self.days.values():
            for key, (good, bad) in own.items():
                before = found.get(key, (0, 0))
                found[key] = before[0] + good, before[1] + bad
        return found

    @cached_property
    def whole(self) -> Counts:
        """The counts of all services together."""
        return _sum(self.services.values())

    def without(self, day: date) -> HallCounts:
        """Return the hall as if nobody had rated on that date."""
        return replace(self, days={one: own for one, own in self.days.items() if one != day})


class ComparedHall(Struct, frozen=True, kw_only=True):
    """A hall among the others. `found` is what was counted, `alike` the share like for like of `n` ratings, None where
    it is not compared; `spread` is one standard deviation of chance. `verdict` is by like for like, `counted_as` what
    the counted share would say."""

    counts: HallCounts
    found: Rate
    satisfied: int
    alike: float | None
    n: int
    spread: float | None
    verdict: str
    counted_as: str
    before: Rate

    @property
    def code(self) -> str:
        return self.counts.code

    @property
    def is_beyond(self) -> bool:
        return self.verdict in (ABOVE, BELOW)


class Group(Struct, frozen=True, kw_only=True):
    """Halls of a region or district with their ratings together; `name` is "" for halls without one. `alike` is of
    those that are compared."""

    name: str
    halls: tuple[ComparedHall, ...]
    found: Rate
    alike: float | None
    before: Rate


class Remark(Struct, frozen=True, kw_only=True):
    """What the period can't tell of a hall.

    AFTER_BEST, AFTER_WORST: `then` is the period before, `own` the hall's earlier periods together, `change` against
    the period before and `from_own` against these. ONE_DAY: `day` with its counts in `then`, `rest` without it and
    where that lies. FEW: nothing more.
    """

    kind: str
    code: str
    now: Rate
    then: Rate | None = None
    own: Rate | None = None
    change: Difference | None = None
    from_own: Difference | None = None
    day: date | None = None
    rest: Rate | None = None
    rest_verdict: str = ""


class HallsCompared(Struct, frozen=True, kw_only=True):
    """All halls in the order of their names; `moved` are the codes of those that stand elsewhere as counted: on another
    side of the line of all, or of chance."""

    halls: tuple[ComparedHall, ...]
    all: Rate
    all_before: Rate
    services: tuple[str, ...]
    moved: tuple[str, ...]
    remarks: tuple[Remark, ...]

    @property
    def beyond(self) -> tuple[ComparedHall, ...]:
        """Those beyond chance, below before above."""
        return tuple(sorted((one for one in self.halls if one.is_beyond), key=lambda one: one.verdict != BELOW))

    @property
    def compared(self) -> tuple[ComparedHall, ...]:
        """Those that stand in the funnel, by number of ratings."""
        return tuple(sorted((one for one in self.halls if one.alike is not None), key=lambda one: (one.n, one.code)))

    def groups(self, by: str) -> tuple[Group, ...]:
        """Return the halls by REGION or DISTRICT."""
        return tuple(_groups(self.halls, self.all.rate, by))

    def has(self, by: str) -> bool:
        """Whether any hall says its REGION or DISTRICT."""
        return any(_place(one, by) for one in self.halls)

    def hall(self, code: str) -> ComparedHall | None:
        return next((one for one in self.halls if one.code == code), None)


class HallsOfPeriod(Struct, frozen=True, kw_only=True):
    """The halls that somebody may see in a period; `own` is the code of the desk's hall, `target` the share that it
    promised on the last date, None without one; `then` are the dates of the period before."""

    period: str
    first: date
    last: date
    own: str
    target: float | None
    then: tuple[date, date]
    found: HallsCompared


def compare_halls(counts: Sequence[HallCounts]) -> HallsCompared:
    """Return the halls side by side.

    Raises:
        ValueError: a count is negative.
    """
    ordered = sorted(counts, key=lambda one: (one.name_en or one.name, one.name, one.code))
    found = _compared(ordered)
    whole = pooled(one.whole for one in ordered)
    moved = tuple(one.code for one in found if _stands_elsewhere(one, whole.rate))
    return HallsCompared(
        halls=found,
        all=whole,
        all_before=pooled(one.earlier[0] for one in ordered if one.earlier),
        services=_mix(ordered).services,
        moved=moved,
        remarks=tuple(_remarks(ordered, found)),
    )


def _mix(counts: Sequence[HallCounts]) -> SameMix:
    parts = [{key: (float(good), good + bad) for key, (good, bad) in one.services.items()} for one in counts]
    return same_mix(parts, most=1.0)


def _compared(counts: Sequence[HallCounts]) -> tuple[ComparedHall, ...]:
    mix = _mix(counts)
    centre = pooled(one.whole for one in counts).rate
    rows = []
    for one, alike, n, by in zip(counts, mix.figures, mix.of, mix.compared, strict=True):
        own = one.whole
        spread = (
            _spread(one, {key: mix.usual[key] for key in by}, n, centre)
            if alike is not None and centre is not None
            else None
        )
        few = sum(own) < FEWEST_RANKED
        none = TOO_FEW if few else UNLIKE
        rows.append(
            ComparedHall(
                counts=one,
                found=rate(*own),
                satisfied=own[0],
                alike=None if few else alike,
                n=n,
                spread=None if few else spread,
                verdict=none if few or alike is None else _lies(alike, centre, spread),
                counted_as=none if few else _lies(rate(*own).rate, centre, _plain(centre, sum(own))),
                before=rate(*one.earlier[0]) if one.earlier else rate(0, 0),
            )
        )
    return tuple(rows)


def _plain(centre: float | None, n: int) -> float | None:
    return None if centre is None or not n else sqrt(centre * (1 - centre) / n)


def _spread(one: HallCounts, usual: Mapping[str, float], n: int, centre: float) -> float:
    own = sum((good + bad) * usual[key] * (1 - usual[key]) for key, (good, bad) in one.services.items() if key in usual)
    return sqrt(max(own / (n * n), centre * (1 - centre) / n))


def _lies(share: float | None, centre: float | None, spread: float | None, z: float = FUNNEL_Z[1]) -> str:
    if share is None or centre is None or spread is None:
        return INSIDE
    return ABOVE if share > centre + z * spread else BELOW if share < centre - z * spread else INSIDE


def _stands_elsewhere(one: ComparedHall, centre: float | None) -> bool:
    if one.alike is None or one.found.rate is None or centre is None:
        return False
    return one.counted_as != one.verdict or (one.found.rate > centre) != (one.alike > centre)


# -- regions and districts ---------------------------------------------------------------------------------------------


def _place(one: ComparedHall, by: str) -> str:
    return one.counts.district if by == DISTRICT else one.counts.region


def _groups(found: Sequence[ComparedHall], centre: float | None, by: str) -> Iterator[Group]:
    """Yield them in the order of their names, halls without one last."""
    names = sorted({_place(one, by) for one in found}, key=lambda name: (not name, name))
    for name in names:
        own = tuple(one for one in found if _place(one, by) == name)
        like = [(one.alike, one.n) for one in own if one.alike is not None]
        whole = sum(n for _share, n in like)
        yield Group(
            name=name,
            halls=own,
            found=pooled((one.satisfied, one.found.n - one.satisfied) for one in own),
            alike=sum(share * n for share, n in like) / whole if whole and centre is not None else None,
            before=pooled(one.counts.earlier[0] for one in own if one.counts.earlier),
        )


# -- what a month can't tell -------------------------------------------------------------------------------------------


def _remarks(counts: Sequence[HallCounts], found: Sequence[ComparedHall]) -> Iterator[Remark]:
    """Yield them, those of halls beyond chance first."""
    days = sum(len(one.days) for one in counts)
    remarks = [
        remark
        for one, hall in zip(counts, found, strict=True)
        for remark in (_of_one_day(counts, hall, days), _returning(one, hall), _few(hall))
        if remark is not None
    ]
    known = {hall.code: hall.is_beyond for hall in found}
    kinds = (ONE_DAY, AFTER_BEST, AFTER_WORST, FEW)
    yield from sorted(remarks, key=lambda one: (not known[one.code], kinds.index(one.kind)))


def _few(hall: ComparedHall) -> Remark | None:
    """Tell of a few ratings that are all alike: they look like the best or the worst hall."""
    if not 0 < hall.found.n < FEWEST_RANKED or hall.found.rate not in (0.0, 1.0):
        return None
    return Remark(kind=FEW, code=hall.code, now=hall.found)


def _returning(one: HallCounts, hall: ComparedHall) -> Remark | None:
    """Tell of a certain change after the hall's own best or worst period: part of it is chance coming back."""
    known = [each for each in one.earlier if sum(each) >= FEWEST_RANKED]
    if hall.found.n < FEWEST_RANKED or len(known) < FEWEST_PERIODS or known[0] != one.earlier[0]:
        return None
    rates = [good / (good + bad) for good, bad in known]
    change = compare(known[0], one.whole)
    if change.low is None or change.high is None or change.low <= 0 <= change.high:
        return None
    if change.high < 0 and rates[0] > max(rates[1:]):
        kind = AFTER_BEST
    elif change.low > 0 and rates[0] < min(rates[1:]):
        kind = AFTER_WORST
    else:
        return None
    own = (sum(good for good, _bad in known), sum(bad for _good, bad in known))
    return Remark(
        kind=kind,
        code=hall.code,
        now=hall.found,
        then=rate(*known[0]),
        own=rate(*own),
        change=change,
        from_own=compare(own, one.whole),
    )


def _of_one_day(counts: Sequence[HallCounts], hall: ComparedHall, days: int) -> Remark | None:
    """Tell of the day that is least to be expected by the hall's other days, if it is."""
    own = {day: _sum(services.values()) for day, services in hall.counts.days.items()}
    found, whole = None, hall.counts.whole
    if hall.found.n < FEWEST_RANKED:
        return None
    for day, (good, bad) in own.items():
        rest = whole[0] - good, whole[1] - bad
        if sum(rest) < FEWEST_RANKED:
            continue
        # A rate of 0 or 1 would forbid what it has not met yet: one more of either is thought of (Laplace).
        usual = (rest[0] + 1) / (sum(rest) + 2)
        n = good + bad
        if abs(good - n * usual) < SELDOM * sqrt(n * usual * (1 - usual)):
            continue
        likely = _tail(good, n, usual)
        if likely < CHANCE_OF_A_DAY / days and (found is None or likely < found[0]):
            found = likely, day, rest
    if found is None:
        return None
    _likely, day, rest = found
    return Remark(
        kind=ONE_DAY,
        code=hall.code,
        now=hall.found,
        then=rate(*own[day]),
        day=day,
        rest=rate(*rest),
        rest_verdict=_without(counts, hall.code, day),
    )


def _without(counts: Sequence[HallCounts], code: str, day: date) -> str:
    """Return where a hall would lie by its other days."""
    others = _compared([one.without(day) if one.code == code else one for one in counts])
    return next(one.verdict for one in others if one.code == code)


def _sum(counts: Iterable[Counts]) -> Counts:
    good = bad = 0
    for one, other in counts:
        good, bad = good + one, bad + other
    return good, bad


def _tail(good: int, n: int, usual: float) -> float:
    """Return how likely as many or more would be as far on the same side, of both sides twice the smaller tail."""
    low = sum(_binomial(k, n, usual) for k in range(good + 1))
    high = sum(_binomial(k, n, usual) for k in range(good, n + 1))
    return min(1.0, 2 * min(low, high))


def _binomial(k: int, n: int, p: float) -> float:
    exponent = log10(comb(n, k)) + k * log10(p) + (n - k) * log10(1 - p)
    return 10.0**exponent if exponent > SMALLEST else 0.0
