"""Compares several halls: their figures, and their satisfaction like for like, with those beyond chance.

- Like for like is means_with_same_mix() of the shares by service. A hall's line of chance is z·√v round the figure
  of all, v the larger of Σ nₛqₛ(1 − qₛ) ÷ n² (what its own services allow, qₛ the share of all halls) and q(1 − q) ÷ n,
  the curve that is drawn: a hall inside the curve is never called beyond.
- There is no ranking: only "above" and "below" the 99.8 % limits of chance.
- Fewer than FEWEST_RANKED ratings are not compared.
- Comparisons with a hall's own past use the counted rates, not like for like: the past has its own mix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache, partial
from math import comb, exp, inf, lgamma, log, log10, sqrt

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.satisfaction import (
    FEWEST_RANKED,
    Rate,
    SatisfactionRateDifference,
    are_significantly_different,
    pooled_satisfaction_rate,
    satisfaction_rate,
    satisfaction_rate_difference,
)

# Halls compared as if each had the same mix of services.

FEWEST_EACH = 30
"""A hall is compared by a service of which the other halls together have as many, and with as many of its own
altogether: under this one day's chance would weigh as much as a hall (our figure)."""

Parts = Mapping[str, tuple[float, int]]
"""By service: a sum (of minutes, or of tickets in time), and the number of tickets."""


class MixStandardizedMeans(Struct, frozen=True):
    """`figures` are the halls' means (or shares) in their order, None where they can't be compared; `services` those
    that took part, each with the mean of all halls in `usual`; `of` how much of each hall was compared, by which of
    its services in `compared`."""

    services: tuple[str, ...]
    figures: tuple[float | None, ...]
    usual: Mapping[str, float] = field(default_factory=dict)
    of: tuple[int, ...] = ()
    compared: tuple[frozenset[str], ...] = ()


def means_with_same_mix(halls: Sequence[Parts], *, most: float = inf) -> MixStandardizedMeans:
    """Return each hall's mean as it would be with the mix of services of all halls together, cut at 0 and `most`.

    Indirect standardization: m + Σ wₛ·(mₕₛ − mₛ), m and mₛ the means of all halls, wₛ = nₕₛ ÷ Σ nₕₛ, over the services
    of which the other halls together have FEWEST_EACH or more; a hall with fewer of these than FEWEST_EACH is not
    compared. A service that one hall lacks thus stays comparable for the others. (N. E. Breslow, N. E. Day, Statistical
    Methods in Cancer Research II, 1987, ch. 2.)

    Raises:
        ValueError: a number is negative."""
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
        comparable = {code: part for code, part in parts.items() if part[1] and counts[code] - part[1] >= FEWEST_EACH}
        n = sum(pair[1] for pair in comparable.values())
        of.append(n)
        compared.append(frozenset(comparable))
        if n < FEWEST_EACH:
            figures.append(None)
            continue
        services |= set(comparable)
        deviation = sum(amount - number * usual[code] for code, (amount, number) in comparable.items()) / n
        figures.append(min(most, max(0.0, sum(sums.values()) / whole + deviation)))
    return MixStandardizedMeans(
        tuple(code for code in counts if code in services),
        tuple(figures),
        {code: usual[code] for code in services},
        tuple(of),
        tuple(compared),
    )


# Rates of many months or people: what chance explains, and how far small numbers are shrunk.

SIGMAS = 3.0
FUNNEL_Z = (1.959964, 3.090232)
"""Of the funnel's two pairs of limits: 95 % and 99.8 % of rates lie within when only chance is at work."""
_WEAKEST_PRIOR, _STRONGEST_PRIOR = 2.0, 1e6
"""Limits of a + b, the number of ratings that the prior weighs: the weakest is the uniform prior, a = b = 1."""
_GOLDEN_SECTION = (sqrt(5) - 1) / 2

Counts = tuple[int, int]
"""Satisfied and dissatisfied."""


class RateWithChanceLimits(Struct, frozen=True):
    """A rate between its limits, all shares in 0..1; `rate` is None without ratings."""

    n: int
    rate: float | None
    low: float | None
    high: float | None

    @property
    def is_beyond_chance_limits(self) -> bool:
        """Whether the rate is further out than chance explains."""
        return (
            self.rate is not None
            and self.low is not None
            and self.high is not None
            and not self.low <= self.rate <= self.high
        )


def control_chart_limits(counts: Sequence[Counts]) -> tuple[float | None, list[RateWithChanceLimits]]:
    """Return the centre (the pooled rate) and each period between its limits, p̄ ± 3·√(p̄(1 − p̄)/nᵢ), cut at 0 and 1.

    (W. A. Shewhart, Economic Control of Quality, 1931; D. C. Montgomery, Introduction to Statistical Quality Control,
    ch. 7.)

    Raises:
        ValueError: a count is negative."""
    _require_nonnegative_counts(counts)
    whole = sum(s + d for s, d in counts)
    if whole == 0:
        return None, [RateWithChanceLimits(0, None, None, None) for _ in counts]
    centre = sum(s for s, _d in counts) / whole
    return centre, [_rate_with_funnel_limits(count, centre, SIGMAS) for count in counts]


def funnel_limits(counts: Sequence[Counts], target: float) -> list[tuple[RateWithChanceLimits, RateWithChanceLimits]]:
    """Return each hall or person between the 95 % and the 99.8 % limits round `target`, a share: target ± z·√(target(1
    − target)/nᵢ). (D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine
    24, 2005.) Raises ValueError: a count is negative, or the target is no share."""
    _require_nonnegative_counts(counts)
    if not 0 <= target <= 1:
        raise ValueError(f"{target} is no share")
    inner, outer = FUNNEL_Z
    return [
        (_rate_with_funnel_limits(count, target, inner), _rate_with_funnel_limits(count, target, outer))
        for count in counts
    ]


class ShrunkSatisfactionRate(Struct, frozen=True):
    """A rate and its estimate: `weight` of `believed` comes from its own ratings, the rest from all ratings. `rank` is
    that of its group, which counts the members of better groups. Each member of a group differs from each member of
    another by more than chance, at a limit common to all pairs. None with fewer than 30 ratings, or with one group
    only."""

    n: int
    rate: float | None
    believed: float
    weight: float
    rank: int | None


def shrunk_rates(counts: Sequence[Counts]) -> list[ShrunkSatisfactionRate]:
    """Return the raw rate of each person or hall, and the rate shrunk towards the pooled one where ratings are few.

    Empirical Bayes with a beta prior: believed = (S + a) ÷ (n + a + b), a and b by maximum likelihood of the
    beta-binomial distribution of all counts. (D. A. Griffiths, Biometrics 29, 1973; G. Casella, An introduction to
    empirical Bayes data analysis, The American Statistician 39, 1985.)

    Raises:
        ValueError: a count is negative, or there are no ratings at all."""
    _require_nonnegative_counts(counts)
    a, b = beta_prior(counts)
    believed = [(s + a) / (s + d + a + b) for s, d in counts]
    order = sorted((i for i, (s, d) in enumerate(counts) if s + d >= FEWEST_RANKED), key=lambda i: -believed[i])
    ranks = _ranks_in_order([counts[i] for i in order])
    estimates = []
    for i, (s, d) in enumerate(counts):
        n = s + d
        estimates.append(ShrunkSatisfactionRate(n, s / n if n else None, believed[i], n / (n + a + b), None))
    for i, place in zip(order, ranks, strict=True):
        estimates[i] = replace(estimates[i], rank=place)
    return estimates


def _ranks_in_order(ordered: Sequence[Counts]) -> list[int | None]:
    """Return the ranks of counts ordered best first; None for all where chance may explain every difference."""
    k = len(ordered)
    pairs = k * (k - 1) // 2
    places, start = [], 0
    for at in range(k):
        if at and all(
            are_significantly_different(better, worse, pairs) for better in ordered[:at] for worse in ordered[at:]
        ):
            start = at
        places.append(start + 1)
    return [place if start else None for place in places]


def beta_prior(counts: Sequence[Counts]) -> tuple[float, float]:
    """Return the most likely a and b of a beta distribution of all rates; a + b is in 2 … 10⁶. A few ratings that agree
    within each person would be most likely if everybody satisfied all customers or none: a weaker prior would take a
    single rating for that person's rate. Counts that differ no more than by chance, or that all agree, give the
    strongest prior around the pooled rate. Raises ValueError: there are no ratings at all."""
    return _fit_beta_prior(tuple(counts))


@lru_cache(maxsize=64)
def _fit_beta_prior(counts: tuple[Counts, ...]) -> tuple[float, float]:
    """Fit the prior in up to ten thousand steps; cached because every file of one report needs the same."""
    satisfied, whole = sum(s for s, _d in counts), sum(s + d for s, d in counts)
    if whole == 0:
        raise ValueError("nobody rated")
    middle = satisfied / whole
    if satisfied in (0, whole):
        return middle * _STRONGEST_PRIOR, (1 - middle) * _STRONGEST_PRIOR

    def log_likelihood(odds: float, strength: float) -> float:
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
        strength = _x_of_function_maximum(partial(log_likelihood, odds), log(_WEAKEST_PRIOR), log(_STRONGEST_PRIOR))
        odds = _x_of_function_maximum(
            partial(_call_with_swapped_arguments, log_likelihood, strength), odds - 3, odds + 3
        )
        if abs(odds - before[0]) < 1e-9 and abs(strength - before[1]) < 1e-9:
            break
    mean, prior = 1 / (1 + exp(-odds)), exp(strength)
    return mean * prior, (1 - mean) * prior


def _call_with_swapped_arguments(function: Callable[[float, float], float], second: float, first: float) -> float:
    return function(first, second)


def _x_of_function_maximum(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function with a single maximum is greatest, by golden section search."""
    left, right = high - _GOLDEN_SECTION * (high - low), low + _GOLDEN_SECTION * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > 1e-10:
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN_SECTION * (high - low)
            at_right = function(right)
        else:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN_SECTION * (high - low)
            at_left = function(left)
    return (low + high) / 2


def _rate_with_funnel_limits(counts: Counts, centre: float, z: float) -> RateWithChanceLimits:
    satisfied, dissatisfied = counts
    n = satisfied + dissatisfied
    if n == 0:
        return RateWithChanceLimits(0, None, None, None)
    half = z * sqrt(centre * (1 - centre) / n)
    return RateWithChanceLimits(n, satisfied / n, max(0.0, centre - half), min(1.0, centre + half))


def _require_nonnegative_counts(counts: Sequence[Counts]) -> None:
    for satisfied, dissatisfied in counts:
        if min(satisfied, dissatisfied) < 0:
            raise ValueError(f"{satisfied} satisfied, {dissatisfied} dissatisfied")


ABOVE, BELOW, INSIDE, TOO_FEW, UNLIKE = "above", "below", "inside", "too_few", "unlike"
"""Verdicts on a hall; UNLIKE: enough ratings, but too few of services that other halls also have."""
AFTER_BEST, AFTER_WORST, ONE_DAY, FEW = "after_best", "after_worst", "one_day", "few"
"""Kinds of HallRatingCaveat: a fall after the hall's best period, a rise after its worst, an unusual day, few ratings
that all agree."""
REGION, DISTRICT = "region", "district"
"""Ways to group halls."""
FEWEST_PERIODS = 4
"""With fewer earlier periods none of them is called the best or the worst (our figure)."""
LEAST_SIGMAS = 2.5
"""A day nearer to the others than so many standard deviations need not be looked at."""
CHANCE_OF_A_DAY = 0.05
"""How likely chance alone may make one extraordinary day among all days of all halls (our figure)."""

SMALLEST_EXPONENT = -300
"""The power of ten below which a chance is none."""


class HallRatingCountsByDate(Struct, frozen=True, kw_only=True, dict=True):
    """Ratings of a hall by date and service of the period, and of each earlier period, the latest first. Services of
    two halls are the same where their keys are."""

    code: str
    name: str
    name_en: str
    region: str = ""
    district: str = ""
    days: Mapping[date, Mapping[str, Counts]] = field(default_factory=dict)
    earlier: Sequence[Counts] = ()

    @cached_property
    def counts_by_service(self) -> Mapping[str, Counts]:
        """The counts of each service over all dates."""
        totals: dict[str, Counts] = {}
        for by_service in self.days.values():
            for key, (good, bad) in by_service.items():
                before = totals.get(key, (0, 0))
                totals[key] = before[0] + good, before[1] + bad
        return totals

    @cached_property
    def total_counts(self) -> Counts:
        return _sum_counts(self.counts_by_service.values())

    def without_day(self, day: date) -> HallRatingCountsByDate:
        return replace(self, days={when: own for when, own in self.days.items() if when != day})


class ComparedHall(Struct, frozen=True, kw_only=True):
    """A hall among the others. `found` is the counted rate, `alike` the like-for-like share of `n` ratings, None where
    it is not compared; `spread` is one standard deviation of chance. `verdict` is by `alike`, `counted_as` is the
    verdict that the counted share would give."""

    counts: HallRatingCountsByDate
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
    def is_beyond_chance(self) -> bool:
        return self.verdict in (ABOVE, BELOW)


class HallGroupSatisfaction(Struct, frozen=True, kw_only=True):
    """Halls of a region or district with their ratings together; `name` is "" for halls without one. `alike` is that of
    the compared halls."""

    name: str
    halls: tuple[ComparedHall, ...]
    found: Rate
    alike: float | None
    before: Rate


class HallRatingCaveat(Struct, frozen=True, kw_only=True):
    """A warning against reading too much into a hall's period. AFTER_BEST, AFTER_WORST: `then` is the period before,
    `own` the hall's earlier periods together, `change` against the period before and `from_own` against these. ONE_DAY:
    `day` with its counts in `then`, `rest` and `rest_verdict` without that day. FEW: nothing more."""

    kind: str
    code: str
    now: Rate
    then: Rate | None = None
    own: Rate | None = None
    change: SatisfactionRateDifference | None = None
    from_own: SatisfactionRateDifference | None = None
    day: date | None = None
    rest: Rate | None = None
    rest_verdict: str = ""


class HallComparison(Struct, frozen=True, kw_only=True):
    """All halls by name; `moved` are the codes of halls that the counted share would place on another side of the
    overall rate or of the limits of chance."""

    halls: tuple[ComparedHall, ...]
    all: Rate
    all_before: Rate
    services: tuple[str, ...]
    moved: tuple[str, ...]
    remarks: tuple[HallRatingCaveat, ...]

    @property
    def halls_beyond_chance(self) -> tuple[ComparedHall, ...]:
        """Halls beyond chance, those below first."""
        return tuple(
            sorted((hall for hall in self.halls if hall.is_beyond_chance), key=lambda each: each.verdict != BELOW)
        )

    @property
    def compared_halls(self) -> tuple[ComparedHall, ...]:
        """Halls with a like-for-like share, by number of ratings."""
        return tuple(sorted((hall for hall in self.halls if hall.alike is not None), key=lambda h: (h.n, h.code)))

    def hall_groups(self, by: str) -> tuple[HallGroupSatisfaction, ...]:
        return tuple(_groups_by_region(self.halls, self.all.rate, by))

    def has_group_names(self, by: str) -> bool:
        return any(_group_name(hall, by) for hall in self.halls)

    def hall_by_code(self, code: str) -> ComparedHall | None:
        return next((compared_hall for compared_hall in self.halls if compared_hall.code == code), None)


def compare_halls(counts: Sequence[HallRatingCountsByDate]) -> HallComparison:
    """Compare the halls with each other. Raises ValueError: a count is negative."""
    ordered = sorted(counts, key=lambda entry: (entry.name_en or entry.name, entry.name, entry.code))
    halls = _compare_each_hall(ordered)
    whole = pooled_satisfaction_rate(hall_counts.total_counts for hall_counts in ordered)
    moved = tuple(hall.code for hall in halls if _is_moved_by_mix(hall, whole.rate))
    return HallComparison(
        halls=halls,
        all=whole,
        all_before=pooled_satisfaction_rate(hall_counts.earlier[0] for hall_counts in ordered if hall_counts.earlier),
        services=_standardized_hall_shares(ordered).services,
        moved=moved,
        remarks=tuple(_remarks_on_halls(ordered, halls)),
    )


def _standardized_hall_shares(counts: Sequence[HallRatingCountsByDate]) -> MixStandardizedMeans:
    parts = [
        {key: (float(good), good + bad) for key, (good, bad) in count.counts_by_service.items()} for count in counts
    ]
    return means_with_same_mix(parts, most=1.0)


def _compare_each_hall(counts: Sequence[HallRatingCountsByDate]) -> tuple[ComparedHall, ...]:
    mix = _standardized_hall_shares(counts)
    centre = pooled_satisfaction_rate(count.total_counts for count in counts).rate
    rows = []
    for count, alike, n, by in zip(counts, mix.figures, mix.of, mix.compared, strict=True):
        own = count.total_counts
        spread = (
            _standard_deviation_of_hall(count, {key: mix.usual[key] for key in by}, n, centre)
            if alike is not None and centre is not None
            else None
        )
        few = sum(own) < FEWEST_RANKED
        none = TOO_FEW if few else UNLIKE
        rows.append(
            ComparedHall(
                counts=count,
                found=satisfaction_rate(*own),
                satisfied=own[0],
                alike=None if few else alike,
                n=n,
                spread=None if few else spread,
                verdict=none if few or alike is None else _verdict_on_share(alike, centre, spread),
                counted_as=none
                if few
                else _verdict_on_share(
                    satisfaction_rate(*own).rate, centre, _binomial_standard_deviation(centre, sum(own))
                ),
                before=satisfaction_rate(*count.earlier[0]) if count.earlier else satisfaction_rate(0, 0),
            )
        )
    return tuple(rows)


def _binomial_standard_deviation(centre: float | None, n: int) -> float | None:
    return None if centre is None or not n else sqrt(centre * (1 - centre) / n)


def _standard_deviation_of_hall(
    hall: HallRatingCountsByDate, usual: Mapping[str, float], n: int, centre: float
) -> float:
    var = sum(
        (good + bad) * usual[key] * (1 - usual[key])
        for key, (good, bad) in hall.counts_by_service.items()
        if key in usual
    )
    return sqrt(max(var / (n * n), centre * (1 - centre) / n))


def _verdict_on_share(share: float | None, centre: float | None, spread: float | None, z: float = FUNNEL_Z[1]) -> str:
    if share is None or centre is None or spread is None:
        return INSIDE
    return ABOVE if share > centre + z * spread else BELOW if share < centre - z * spread else INSIDE


def _is_moved_by_mix(hall: ComparedHall, centre: float | None) -> bool:
    if hall.alike is None or hall.found.rate is None or centre is None:
        return False
    return hall.counted_as != hall.verdict or (hall.found.rate > centre) != (hall.alike > centre)


# -- regions and districts ---------------------------------------------------------------------------------------------


def _group_name(hall: ComparedHall, by: str) -> str:
    return hall.counts.district if by == DISTRICT else hall.counts.region


def _groups_by_region(halls: Sequence[ComparedHall], centre: float | None, by: str) -> Iterator[HallGroupSatisfaction]:
    """Yield the groups by name, halls without a region or district last."""
    names = sorted({_group_name(hall, by) for hall in halls}, key=lambda name: (not name, name))
    for name in names:
        members = tuple(hall for hall in halls if _group_name(hall, by) == name)
        compared = [(hall.alike, hall.n) for hall in members if hall.alike is not None]
        whole = sum(n for _share, n in compared)
        yield HallGroupSatisfaction(
            name=name,
            halls=members,
            found=pooled_satisfaction_rate((hall.satisfied, hall.found.n - hall.satisfied) for hall in members),
            alike=sum(share * n for share, n in compared) / whole if whole and centre is not None else None,
            before=pooled_satisfaction_rate(hall.counts.earlier[0] for hall in members if hall.counts.earlier),
        )


# -- remarks -----------------------------------------------------------------------------------------------------------


def _remarks_on_halls(
    counts: Sequence[HallRatingCountsByDate], halls: Sequence[ComparedHall]
) -> Iterator[HallRatingCaveat]:
    """Yield the remarks, those on halls beyond chance first."""
    days = sum(len(count.days) for count in counts)
    remarks = [
        remark
        for count, hall in zip(counts, halls, strict=True)
        for remark in (
            _remark_unusual_day(counts, hall, days),
            _remark_change_after_extreme(count, hall),
            _caveat_on_few_unanimous_ratings(hall),
        )
        if remark is not None
    ]
    is_beyond = {hall.code: hall.is_beyond_chance for hall in halls}
    kinds = (ONE_DAY, AFTER_BEST, AFTER_WORST, FEW)
    yield from sorted(remarks, key=lambda remark: (not is_beyond[remark.code], kinds.index(remark.kind)))


def _caveat_on_few_unanimous_ratings(hall: ComparedHall) -> HallRatingCaveat | None:
    """Remark on a few ratings that all agree: they look like the best or the worst hall."""
    if not 0 < hall.found.n < FEWEST_RANKED or hall.found.rate not in (0.0, 1.0):
        return None
    return HallRatingCaveat(kind=FEW, code=hall.code, now=hall.found)


def _remark_change_after_extreme(hall_counts: HallRatingCountsByDate, hall: ComparedHall) -> HallRatingCaveat | None:
    """Remark on a significant change after the hall's best or worst period: in part it is regression to the mean."""
    ranked = [counts for counts in hall_counts.earlier if sum(counts) >= FEWEST_RANKED]
    if hall.found.n < FEWEST_RANKED or len(ranked) < FEWEST_PERIODS or ranked[0] != hall_counts.earlier[0]:
        return None
    rates = [good / (good + bad) for good, bad in ranked]
    change = satisfaction_rate_difference(ranked[0], hall_counts.total_counts)
    if change.low is None or change.high is None or change.low <= 0 <= change.high:
        return None
    if change.high < 0 and rates[0] > max(rates[1:]):
        kind = AFTER_BEST
    elif change.low > 0 and rates[0] < min(rates[1:]):
        kind = AFTER_WORST
    else:
        return None
    total = (sum(good for good, _bad in ranked), sum(bad for _good, bad in ranked))
    return HallRatingCaveat(
        kind=kind,
        code=hall.code,
        now=hall.found,
        then=satisfaction_rate(*ranked[0]),
        own=satisfaction_rate(*total),
        change=change,
        from_own=satisfaction_rate_difference(total, hall_counts.total_counts),
    )


def _remark_unusual_day(
    counts: Sequence[HallRatingCountsByDate], hall: ComparedHall, days: int
) -> HallRatingCaveat | None:
    """Remark on the day that is least likely given the hall's other days, where it is unlikely enough."""
    by_day = {day: _sum_counts(services.values()) for day, services in hall.counts.days.items()}
    least_likely, whole = None, hall.counts.total_counts
    if hall.found.n < FEWEST_RANKED:
        return None
    for day, (good, bad) in by_day.items():
        rest = whole[0] - good, whole[1] - bad
        if sum(rest) < FEWEST_RANKED:
            continue
        # Laplace's rule of succession: a rate of 0 or 1 would make the opposite rating impossible.
        usual = (rest[0] + 1) / (sum(rest) + 2)
        n = good + bad
        if abs(good - n * usual) < LEAST_SIGMAS * sqrt(n * usual * (1 - usual)):
            continue
        likely = _two_sided_p(good, n, usual)
        if likely < CHANCE_OF_A_DAY / days and (least_likely is None or likely < least_likely[0]):
            least_likely = likely, day, rest
    if least_likely is None:
        return None
    _likely, day, rest = least_likely
    return HallRatingCaveat(
        kind=ONE_DAY,
        code=hall.code,
        now=hall.found,
        then=satisfaction_rate(*by_day[day]),
        day=day,
        rest=satisfaction_rate(*rest),
        rest_verdict=_verdict_without_day(counts, hall.code, day),
    )


def _verdict_without_day(counts: Sequence[HallRatingCountsByDate], code: str, day: date) -> str:
    halls = _compare_each_hall([count.without_day(day) if count.code == code else count for count in counts])
    return next(hall.verdict for hall in halls if hall.code == code)


def _sum_counts(counts: Iterable[Counts]) -> Counts:
    good = bad = 0
    for satisfied, dissatisfied in counts:
        good, bad = good + satisfied, bad + dissatisfied
    return good, bad


def _two_sided_p(good: int, n: int, usual: float) -> float:
    """Return the two-sided p-value of a binomial count: twice the smaller tail, at most 1."""
    low = sum(_binomial_probability(k, n, usual) for k in range(good + 1))
    high = sum(_binomial_probability(k, n, usual) for k in range(good, n + 1))
    return min(1.0, 2 * min(low, high))


def _binomial_probability(k: int, n: int, p: float) -> float:
    exponent = log10(comb(n, k)) + k * log10(p) + (n - k) * log10(1 - p)
    return 10.0**exponent if exponent > SMALLEST_EXPONENT else 0.0
