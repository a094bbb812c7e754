"""Compares several halls: their figures, the same mix of services, and whether they differ by more than chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache, partial
from math import exp, inf, lgamma, log, sqrt
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.satisfaction import FEWEST_RANKED, differ
from queuedesk.core.figures.targets import WITHIN_TARGET_AT_LEAST, goal_in_time
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import AMBER, RED, Alert, Late, joined, past_target, set_up, wait_level
from queuedesk.core.queue.ticket import seconds
from queuedesk.core.queue.window import WindowState

SILENT_AFTER = timedelta(minutes=3)
"""Every station gives a sign of life each half-minute; a hall without any for longer has no PC that works with it."""


class HallBeside(Struct, frozen=True, kw_only=True):
    """One hall's row among several, as of now.

    `longest_since` is when the longest waiting joined its line, `level` what that is by the hall's rules (AMBER, RED or
    ""); `served` are the tickets finished on this business date; `within_target` is a share, None while nobody was
    called, `is_short_of_target` that it is less than the hall promised, `late` who waits past the target and was not
    called yet; `red` and `amber` count the alerts that nobody has seen, `worst` is the first of them; `silent_since`
    the last sign of life, None while there are signs.
    """

    code: str
    name: str
    name_en: str
    waiting: int
    longest_since: datetime | None
    level: str
    windows: int
    open_windows: int
    served: int
    within_target: float | None
    target_minutes: int
    is_short_of_target: bool
    late: Late | None
    red: int
    amber: int
    worst: Alert | None
    silent_since: datetime | None

    @property
    def is_working(self) -> bool:
        """Whether customers are there or could be served."""
        return bool(self.open_windows or self.waiting)


def beside(
    state: HallState, day: Mapping[str, Any], alerts: Sequence[Alert], sign: datetime | None, now: datetime
) -> HallBeside:
    """Return a hall's row: `day` are its figures of the business date, `sign` is when a station of it last gave a sign
    of life."""
    setup = set_up(state)
    since = min((joined(ticket) for ticket in state.waiting()), default=None)
    last = max((at for at in (sign, state.now.at) if at is not None), default=None)
    fresh = [one for one in alerts if one.acknowledged is None]
    windows = [state.window(code) for code in setup.windows]
    within = day["wait"]["within_target"]
    return HallBeside(
        code=setup.hall.code,
        name=setup.hall.name,
        name_en=setup.hall.name_en,
        waiting=len(state.waiting()),
        longest_since=since,
        level=wait_level(setup, seconds(since, now) // 60) if since is not None else "",
        windows=len(windows),
        open_windows=sum(window.state is WindowState.OPEN for window in windows),
        served=day["finished"],
        within_target=within,
        target_minutes=day["wait"]["target_minutes"],
        is_short_of_target=within is not None and within < goal_in_time(day, WITHIN_TARGET_AT_LEAST)[0],
        late=past_target(state, now),
        red=sum(one.level == RED for one in fresh),
        amber=sum(one.level == AMBER for one in fresh),
        worst=next(iter(fresh), None),
        silent_since=last if last is not None and now - last >= SILENT_AFTER else None,
    )


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
        own = {code: one for code, one in parts.items() if one[1] and counts[code] - one[1] >= FEWEST_EACH}
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
    return centre, [_between(one, centre, SIGMAS) for one in counts]


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
    return [(_between(one, target, inner), _between(one, target, outer)) for one in counts]


class Shrunk(Struct, frozen=True):
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


def partly_pooled(counts: Sequence[Counts]) -> list[Shrunk]:
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
    found = []
    for i, (s, d) in enumerate(counts):
        n = s + d
        found.append(Shrunk(n, s / n if n else None, believed[i], n / (n + a + b), None))
    for i, place in zip(order, ranks, strict=True):
        found[i] = replace(found[i], rank=place)
    return found


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
