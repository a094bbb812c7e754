"""Compares several halls: their figures, and their satisfaction like for like, which of them lie beyond chance.

- Like for like is same_mix() of the shares by service. A hall's line of chance is z·√v round the figure
  of all, v the larger of Σ nₛqₛ(1 − qₛ) ÷ n² (what its own services allow, qₛ the share of all halls) and q(1 − q) ÷ n,
  the curve that is drawn: what lies inside the curve is never called beyond.
- Nobody is ranked: there is "above" and "below" beyond 99.8 % of chance, and nothing between.
- Fewer than FEWEST_RANKED ratings are not compared.
- What is held against a hall's own past is counted, not like for like: the past has its own mix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache, partial
from math import comb, exp, inf, lgamma, log, log10, sqrt

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.satisfaction import FEWEST_RANKED, Difference, Rate, compare, differ, pooled, rate

# Halls side by side as if each had had the same mix of services: like is compared with like only.

FEWEST_EACH = 30
"""A hall is compared by a service of which the other halls together have as many, and with as many of its own
altogether: under this one day's chance would weigh as much as a hall (our figure)."""

Parts = Mapping[str, tuple[float, int]]
"""What a hall has of each service: a sum, of minutes or of those in time, and of how many."""


class SameMix(Struct, frozen=True):
    """`figures` are the halls' means (or shares) in their order, None where they can't be compared; `services` those
    that took part, each with the mean of all halls in `usual`; `of` how much of each hall was compared, by which of
    its services in `compared`."""

    services: tuple[str, ...]
    figures: tuple[float | None, ...]
    usual: Mapping[str, float] = field(default_factory=dict)
    of: tuple[int, ...] = ()
    compared: tuple[frozenset[str], ...] = ()


def same_mix(halls: Sequence[Parts], *, most: float = inf) -> SameMix:
    """Return each hall's mean as it would be if its mix of services were that of all halls together, cut at 0 and
    `most`.

    Indirect standardization: m + Σ wₛ·(mₕₛ − mₛ), m and mₛ the means of all halls, wₛ = nₕₛ ÷ Σ nₕₛ, over the services
    of which the other halls together have FEWEST_EACH or more; a hall with fewer of these than FEWEST_EACH is not
    compared. A hall without a service thus keeps no other from being compared by it. (N. E. Breslow, N. E. Day,
    Statistical Methods in Cancer Research II, 1987, ch. 2.)

    Raises:
        ValueError: a number is negative.
    """
    if any(n < 0 for parts in halls for _sum, n in parts.values()):
        raise ValueError("a negative number")
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for parts in halls:
        for code, (amount, n) in parts.items():
            sums[code] += amount
            counts[code] += n
    usual = {code: sums[code] / n for code, n in counts.items() if n}
    whole = sum(counts.values())
    figures: list[float | None] = []
    of, compared, services = [], [], set()
    for parts in halls:
        own = {code: part for code, part in parts.items() if part[1] and counts[code] - part[1] >= FEWEST_EACH}
        n = sum(one[1] for one in own.values())
        of.append(n)
        compared.append(frozenset(own))
        if n < FEWEST_EACH:
            figures.append(None)
            continue
        services |= set(own)
        apart = sum(amount - number * usual[code] for code, (amount, number) in own.items()) / n
        figures.append(min(most, max(0.0, sum(sums.values()) / whole + apart)))
    return SameMix(
        tuple(code for code in counts if code in services),
        tuple(figures),
        {code: usual[code] for code in services},
        tuple(of),
        tuple(compared),
    )


# Rates of many months or people side by side: what chance alone explains, and how much of a small number to
# believe.

SIGMAS = 3.0
FUNNEL_Z = (1.959964, 3.090232)
"""Of the funnel's two pairs of limits: 95 % and 99.8 % of rates lie within when only chance is at work."""
_WEAKEST, _STRONGEST = 2.0, 1e6
"""How many ratings a prior may be worth: at the least as many as that by which all rates are alike likely (a = b =
1)."""
_GOLDEN = (sqrt(5) - 1) / 2

Counts = tuple[int, int]
"""Satisfied and dissatisfied."""


class Point(Struct, frozen=True):
    """A rate between its limits, all shares in 0..1; `rate` is None where nobody rated."""

    n: int
    rate: float | None
    low: float | None
    high: float | None

    @property
    def is_outside(self) -> bool:
        """Whether the rate lies further out than chance alone explains."""
        return (
            self.rate is not None
            and self.low is not None
            and self.high is not None
            and not self.low <= self.rate <= self.high
        )


def p_chart(counts: Sequence[Counts]) -> tuple[float | None, list[Point]]:
    """Return the centre (the pooled rate) and each period between its limits, p̄ ± 3·√(p̄(1 − p̄)/nᵢ), cut at 0 and 1.

    (W. A. Shewhart, Economic Control of Quality, 1931; D. C. Montgomery, Introduction to Statistical Quality Control,
    ch. 7.)

    Raises:
        ValueError: a count is negative.
    """
    _checked(counts)
    whole = sum(s + d for s, d in counts)
    if whole == 0:
        return None, [Point(0, None, None, None) for _ in counts]
    centre = sum(s for s, _d in counts) / whole
    return centre, [_between(count, centre, SIGMAS) for count in counts]


def funnel(counts: Sequence[Counts], target: float) -> list[tuple[Point, Point]]:
    """Return each hall or person between the 95 % and the 99.8 % limits round `target`, a share: target ± z·√(target(1
    − target)/nᵢ).

    (D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24, 2005.)

    Raises:
        ValueError: a count is negative, or the target is no share.
    """
    _checked(counts)
    if not 0 <= target <= 1:
        raise ValueError(f"{target} is no share")
    inner, outer = FUNNEL_Z
    return [(_between(count, target, inner), _between(count, target, outer)) for count in counts]


class RateEstimate(Struct, frozen=True):
    """A rate and its estimate: `weight` of `believed` comes from its own ratings, the rest from everybody's.

    `rank` is the place, shared by a group: 1 and those in groups before it. Every one of a group differs from every one
    of another by more than chance does, at a limit common to all pairs; None for those with fewer than 30 ratings, and
    for everybody where there is one group only.
    """

    n: int
    rate: float | None
    believed: float
    weight: float
    rank: int | None


def partly_pooled(counts: Sequence[Counts]) -> list[RateEstimate]:
    """Return for each of several people or halls the raw rate, and the rate drawn towards everybody's where ratings are
    few.

    Empirical Bayes with a beta prior: believed = (S + a) ÷ (n + a + b), a and b by maximum likelihood of the
    beta-binomial distribution of all counts. (D. A. Griffiths, Biometrics 29, 1973; G. Casella, An introduction to
    empirical Bayes data analysis, The American Statistician 39, 1985.)

    Raises:
        ValueError: a count is negative, or nobody rated at all.
    """
    _checked(counts)
    a, b = beta_prior(counts)
    believed = [(s + a) / (s + d + a + b) for s, d in counts]
    order = sorted((i for i, (s, d) in enumerate(counts) if s + d >= FEWEST_RANKED), key=lambda i: -believed[i])
    ranks = _places([counts[i] for i in order])
    estimates = []
    for i, (s, d) in enumerate(counts):
        n = s + d
        estimates.append(RateEstimate(n, s / n if n else None, believed[i], n / (n + a + b), None))
    for i, place in zip(order, ranks, strict=True):
        estimates[i] = replace(estimates[i], rank=place)
    return estimates


def _places(ordered: Sequence[Counts]) -> list[int | None]:
    """Return the place of each of several counts, the best first; None where chance may have made all differences."""
    k = len(ordered)
    pairs = k * (k - 1) // 2
    places, start = [], 0
    for at in range(k):
        if at and all(differ(one, other, pairs) for one in ordered[:at] for other in ordered[at:]):
            start = at
        places.append(start + 1)
    return [place if start else None for place in places]


def beta_prior(counts: Sequence[Counts]) -> tuple[float, float]:
    """Return a and b of the beta distribution that everybody's rates most likely come from; a + b lies in 2 … 10⁶.

    Few ratings that happen to agree with each other, person by person, are most likely where everybody satisfies all or
    nobody: a weaker prior would take a single rating for somebody's rate. Counts that differ no more than chance
    explains, or that all agree, give that strongest prior round the pooled rate.

    Raises:
        ValueError: nobody rated at all.
    """
    return _beta_prior(tuple(counts))


@lru_cache(maxsize=64)
def _beta_prior(counts: tuple[Counts, ...]) -> tuple[float, float]:
    """Look for it: ten thousand steps, which each kind of file of one report would take again."""
    satisfied, whole = sum(s for s, _d in counts), sum(s + d for s, d in counts)
    if whole == 0:
        raise ValueError("nobody rated")
    middle = satisfied / whole
    if satisfied in (0, whole):
        return middle * _STRONGEST, (1 - middle) * _STRONGEST

    def likelihood(odds: float, strength: float) -> float:
        mean, prior = 1 / (1 + exp(-odds)), exp(strength)
        a, b = mean * prior, (1 - mean) * prior
        # lgamma(a + s) − lgamma(a) and its like, without the binomials, which do not depend on a and b.
        return sum(
            lgamma(a + s) - lgamma(a) + lgamma(b + d) - lgamma(b) - lgamma(prior + s + d) + lgamma(prior)
            for s, d in counts
        )

    odds, strength = log(middle / (1 - middle)), log(10.0)
    for _round in range(60):
        before = odds, strength
        strength = _highest(partial(likelihood, odds), log(_WEAKEST), log(_STRONGEST))
        odds = _highest(partial(_turned, likelihood, strength), odds - 3, odds + 3)
        if abs(odds - before[0]) < 1e-9 and abs(strength - before[1]) < 1e-9:
            break
    mean, prior = 1 / (1 + exp(-odds)), exp(strength)
    return mean * prior, (1 - mean) * prior


def _turned(of: Callable[[float, float], float], second: float, first: float) -> float:
    return of(first, second)


def _highest(of: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function with one hill is highest (golden section)."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = of(left), of(right)
    while high - low > 1e-10:
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = of(right)
        else:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = of(left)
    return (low + high) / 2


def _between(counts: Counts, centre: float, z: float) -> Point:
    satisfied, dissatisfied = counts
    n = satisfied + dissatisfied
    if n == 0:
        return Point(0, None, None, None)
    half = z * sqrt(centre * (1 - centre) / n)
    return Point(n, satisfied / n, max(0.0, centre - half), min(1.0, centre + half))


def _checked(counts: Sequence[Counts]) -> None:
    for satisfied, dissatisfied in counts:
        if min(satisfied, dissatisfied) < 0:
            raise ValueError(f"{satisfied} satisfied, {dissatisfied} dissatisfied")


ABOVE, BELOW, INSIDE, TOO_FEW, UNLIKE = "above", "below", "inside", "too_few", "unlike"
"""Where a hall lies; UNLIKE: enough ratings, but hardly any of services that the others have too."""
AFTER_BEST, AFTER_WORST, ONE_DAY, FEW = "after_best", "after_worst", "one_day", "few"
"""What a month can't tell: a fall after the best of the hall's own periods, a rise after the worst, a day that nobody
would expect, all of a few ratings alike."""
REGION, DISTRICT = "region", "district"
"""What halls may be put together by."""
FEWEST_PERIODS = 4
"""With fewer earlier periods none of them is called the best or the worst (our figure)."""
SELDOM = 2.5
"""A day nearer to the others than so many standard deviations need not be looked at."""
CHANCE_OF_A_DAY = 0.05
"""How likely chance alone may make one extraordinary day among all days of all halls (our figure)."""

SMALLEST = -300
"""The power of ten below which a chance is none."""


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
        return replace(self, days={when: own for when, own in self.days.items() if when != day})


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


class HallComparison(Struct, frozen=True, kw_only=True):
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
        return tuple(sorted((hall for hall in self.halls if hall.is_beyond), key=lambda one: one.verdict != BELOW))

    @property
    def compared(self) -> tuple[ComparedHall, ...]:
        """Those that stand in the funnel, by number of ratings."""
        return tuple(sorted((hall for hall in self.halls if hall.alike is not None), key=lambda one: (one.n, one.code)))

    def groups(self, by: str) -> tuple[Group, ...]:
        """Return the halls by REGION or DISTRICT."""
        return tuple(_groups(self.halls, self.all.rate, by))

    def has(self, by: str) -> bool:
        """Whether any hall says its REGION or DISTRICT."""
        return any(_place(hall, by) for hall in self.halls)

    def hall(self, code: str) -> ComparedHall | None:
        return next((compared_hall for compared_hall in self.halls if compared_hall.code == code), None)


def compare_halls(counts: Sequence[HallCounts]) -> HallComparison:
    """Return the halls side by side.

    Raises:
        ValueError: a count is negative.
    """
    ordered = sorted(counts, key=lambda one: (one.name_en or one.name, one.name, one.code))
    halls = _compared(ordered)
    whole = pooled(hall_counts.whole for hall_counts in ordered)
    moved = tuple(hall.code for hall in halls if _stands_elsewhere(hall, whole.rate))
    return HallComparison(
        halls=halls,
        all=whole,
        all_before=pooled(hall_counts.earlier[0] for hall_counts in ordered if hall_counts.earlier),
        services=_mix(ordered).services,
        moved=moved,
        remarks=tuple(_remarks(ordered, halls)),
    )


def _mix(counts: Sequence[HallCounts]) -> SameMix:
    parts = [{key: (float(good), good + bad) for key, (good, bad) in count.services.items()} for count in counts]
    return same_mix(parts, most=1.0)


def _compared(counts: Sequence[HallCounts]) -> tuple[ComparedHall, ...]:
    mix = _mix(counts)
    centre = pooled(count.whole for count in counts).rate
    rows = []
    for count, alike, n, by in zip(counts, mix.figures, mix.of, mix.compared, strict=True):
        own = count.whole
        spread = (
            _spread(count, {key: mix.usual[key] for key in by}, n, centre)
            if alike is not None and centre is not None
            else None
        )
        few = sum(own) < FEWEST_RANKED
        none = TOO_FEW if few else UNLIKE
        rows.append(
            ComparedHall(
                counts=count,
                found=rate(*own),
                satisfied=own[0],
                alike=None if few else alike,
                n=n,
                spread=None if few else spread,
                verdict=none if few or alike is None else _lies(alike, centre, spread),
                counted_as=none if few else _lies(rate(*own).rate, centre, _plain(centre, sum(own))),
                before=rate(*count.earlier[0]) if count.earlier else rate(0, 0),
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
    names = sorted({_place(hall, by) for hall in found}, key=lambda name: (not name, name))
    for name in names:
        own = tuple(hall for hall in found if _place(hall, by) == name)
        like = [(hall.alike, hall.n) for hall in own if hall.alike is not None]
        whole = sum(n for _share, n in like)
        yield Group(
            name=name,
            halls=own,
            found=pooled((hall.satisfied, hall.found.n - hall.satisfied) for hall in own),
            alike=sum(share * n for share, n in like) / whole if whole and centre is not None else None,
            before=pooled(hall.counts.earlier[0] for hall in own if hall.counts.earlier),
        )


# -- what a month can't tell -------------------------------------------------------------------------------------------


def _remarks(counts: Sequence[HallCounts], found: Sequence[ComparedHall]) -> Iterator[Remark]:
    """Yield them, those of halls beyond chance first."""
    days = sum(len(count.days) for count in counts)
    remarks = [
        remark
        for count, hall in zip(counts, found, strict=True)
        for remark in (_of_one_day(counts, hall, days), _returning(count, hall), _few(hall))
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
    others = _compared([count.without(day) if count.code == code else count for count in counts])
    return next(other.verdict for other in others if other.code == code)


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
