"""Rates, limits, funnels and mixes against published figures, statsmodels and scipy (scripts/golden_statistics.py)."""

import json
from collections import Counter
from math import comb
from pathlib import Path
from random import Random
from statistics import NormalDist

import pytest

from queuedesk.core.figures.halls import (
    FEWEST_EACH,
    beta_prior,
    control_chart_limits,
    funnel_limits,
    means_with_same_mix,
    shrunk_rates,
)
from queuedesk.core.figures.satisfaction import (
    are_significantly_different,
    pooled_satisfaction_rate,
    response_rate_and_bounds,
    satisfaction_rate,
    satisfaction_rate_difference,
    wilson_interval,
)

GOLDEN = json.loads((Path(__file__).parent.parent.parent / "golden" / "statistics.json").read_text(encoding="utf-8"))


def test_nobody_rated_gives_no_rate_and_no_difference():
    found, difference = satisfaction_rate(0, 0), satisfaction_rate_difference((0, 0), (5, 1))
    assert (found.n, found.rate, found.low, found.high) == (0, None, None, None)
    assert (difference.difference, difference.low, difference.high, difference.z) == (None, None, None, None)


@pytest.mark.parametrize(("satisfied", "dissatisfied", "low", "high"), GOLDEN["wilson"])
def test_wilson_agrees_with_a_statistics_library(satisfied, dissatisfied, low, high):
    found = satisfaction_rate(satisfied, dissatisfied)
    assert (found.n, found.rate) == (satisfied + dissatisfied, satisfied / (satisfied + dissatisfied))
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))


@pytest.mark.parametrize(("first", "second", "low", "high", "z"), GOLDEN["compare"])
def test_differences_agree_with_a_statistics_library(first, second, low, high, z):
    found = satisfaction_rate_difference(tuple(first), tuple(second))
    assert found.difference == pytest.approx(second[0] / sum(second) - first[0] / sum(first))
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
    assert found.z == (None if z is None else pytest.approx(z, abs=1e-9))


def test_pooled_is_the_sum_and_who_is_silent_is_told_apart():
    assert pooled_satisfaction_rate([(90, 10), (1, 0)]).rate == pytest.approx(91 / 101)
    assert pooled_satisfaction_rate([]).n == 0
    found = response_rate_and_bounds(90, 10, 300)
    assert (found.share, found.lowest, found.highest) == (0.25, 0.225, 0.975)
    assert found.is_low
    assert not response_rate_and_bounds(90, 10, 100).is_low
    assert response_rate_and_bounds(0, 0, 0).share is None and not response_rate_and_bounds(0, 0, 0).is_low


# D. C. Montgomery, Introduction to Statistical Quality Control, table 7.1: bad cans in 30 samples of 50.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]


def test_limits_are_those_of_a_published_chart_follow_the_number_of_ratings_and_stay_shares():
    centre, points = control_chart_limits([(bad, 50 - bad) for bad in CANS])
    assert centre == pytest.approx(0.2313, abs=5e-5)
    assert (points[0].low, points[0].high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.4102, abs=5e-5))
    assert [number for number, point in enumerate(points, start=1) if point.is_beyond_chance_limits] == [15, 23]
    _centre, points = control_chart_limits([(9, 1), (90, 10), (0, 0), (9, 1)])
    assert points[0].high == 1.0
    assert points[1].low is not None and points[0].low is not None and points[1].low > points[0].low
    assert points[2].rate is None and not points[2].is_beyond_chance_limits
    assert control_chart_limits([(0, 0)])[0] is None


def test_the_wider_limits_of_a_funnel_hold_the_narrower():
    for inner, outer in funnel_limits([(90, 10), (380, 21), (3, 3)], 0.95):
        assert outer.low <= inner.low <= 0.95 <= inner.high <= outer.high
    ((inner, outer),) = funnel_limits([(90, 10)], 0.95)
    assert (inner.low, outer.low) == (pytest.approx(0.9073, abs=5e-5), pytest.approx(0.8826, abs=5e-5))
    assert (inner.is_beyond_chance_limits, outer.is_beyond_chance_limits) == (True, False)


@pytest.mark.parametrize(("counts", "a", "b"), GOLDEN["prior"])
def test_the_prior_is_the_likeliest_one(counts, a, b):
    found = beta_prior([(s, d) for s, d in counts])
    assert found == (pytest.approx(a, rel=1e-4), pytest.approx(b, rel=1e-4))


def test_small_numbers_are_drawn_to_the_rate_of_all_and_stand_in_no_ranking():
    few, many, other = shrunk_rates([(4, 0), (400, 20), (300, 60)])
    assert few.rate == 1.0 and few.believed < 0.99
    assert many.rate is not None and abs(many.believed - many.rate) < 0.005
    assert (few.rank, many.rank, other.rank) == (None, 1, 2)


def test_counts_that_differ_by_chance_alone_or_all_agree_are_one_and_a_single_rating_is_nobodys_rate():
    found = shrunk_rates([(95, 5), (190, 10), (19, 1)])
    assert [one.believed for one in found] == [pytest.approx(0.95, abs=1e-4)] * 3
    assert [one.rank for one in found] == [None] * 3
    found = shrunk_rates([(4, 0), (1, 0), (0, 1)])
    assert [one.weight for one in found] == [pytest.approx(n / (n + 2)) for n in (4, 1, 1)]
    assert 0.4 < found[2].believed < 0.8 < found[1].believed < found[0].believed < 1
    for counts, all_are in (([(40, 0), (50, 0)], 1.0), ([(0, 40), (0, 0)], 0.0)):
        assert [one.believed for one in shrunk_rates(counts)] == [all_are, all_are]


def test_counts_that_nobody_can_have_are_refused():
    for work, *given in (
        *((wilson_interval, 0, 0), (wilson_interval, -1, 5), (wilson_interval, 6, 5), (satisfaction_rate, -1, 5)),
        *((control_chart_limits, [(-1, 2)]), (funnel_limits, [(-1, 2)], 0.9), (shrunk_rates, [(3, -1)])),
        (means_with_same_mix, [{"A": (1.0, -1)}]),
    ):
        with pytest.raises(ValueError):
            work(*given)


def test_places_stand_only_between_groups_that_differ():
    assert [one.rank for one in shrunk_rates([(115, 5), (114, 6), (113, 7)])] == [None] * 3
    # Two good ones and two bad ones, and one between whom nothing sets apart from either.
    assert [one.rank for one in shrunk_rates([(560, 40), (380, 20), (300, 100), (280, 100)])] == [1, 1, 3, 3]
    assert [one.rank for one in shrunk_rates([(380, 20), (345, 55), (320, 80)])] == [1, 2, 2]
    assert {one.rank for one in shrunk_rates([(380, 20), (30, 4), (320, 80)])} == {None}


def test_a_difference_is_significant_as_its_definition_says_also_among_the_counts_of_a_year():
    """Both the interval and Fisher's exact test, whose chance is here the count of all ways."""

    def by_definition(first: tuple[int, int], second: tuple[int, int], comparisons: int) -> bool:
        z = NormalDist().inv_cdf(1 - 0.05 / comparisons / 2)
        found = satisfaction_rate_difference(first, second, z=z)
        n, m, bad = sum(first), sum(second), first[1] + second[1]
        ways = [comb(n, k) * comb(m, bad - k) for k in range(min(n, bad) + 1)]
        tail = min(sum(ways[: first[1] + 1]), sum(ways[first[1] :]))
        return not found.low <= 0 <= found.high and 40 * comparisons * tail <= comb(n + m, bad)

    rng, told = Random(5), Counter[bool]()
    for _ in range(600):
        first, second = ((rng.randint(1, 60), rng.randint(0, 12)) for _ in range(2))
        for comparisons in (1, 6):
            answer = are_significantly_different(first, second, comparisons)
            assert answer is by_definition(first, second, comparisons), (first, second, comparisons)
            told[answer] += 1
    assert min(told.values()) > 50
    assert are_significantly_different((120_000, 30_000), (30_000, 9_000), 6)
    assert are_significantly_different((150_000, 0), (0, 150_000), 6)
    assert not are_significantly_different((120_000, 30_000), (30_000, 7_560), 6)


# -- halls as if all had had the same mix of services ------------------------------------------------------------------
# Both halls wait 5 min for A and 20 for B; the second has far more of B.
EAST = {"A": (400.0, 80), "B": (800.0, 40)}
WEST = {"A": (200.0, 40), "B": (1600.0, 80)}


def test_halls_that_differ_by_their_mix_alone_are_equal_and_others_stand_beside_all_at_their_own():
    found = means_with_same_mix([EAST, WEST])
    assert found.services == ("A", "B")
    assert found.figures == (pytest.approx(12.5), pytest.approx(12.5))  # raw: 10 and 15
    slow = {"A": (800.0, 40), "B": (1600.0, 80)}  # A 20, B 20; of all halls A 10, B 20, together 15
    assert means_with_same_mix([EAST, slow]).figures == pytest.approx((15 - 80 * 5 / 120, 15 + 40 * 10 / 120))
    found = means_with_same_mix([EAST | {"C": (3.0, 90)}, WEST | {"C": (900.0, FEWEST_EACH - 1)}])
    assert (found.services, found.of) == (("A", "B", "C"), (120, 120 + FEWEST_EACH - 1))
    easy, hard = {"A": (990.0, 1000), "B": (10.0, 100)}, {"B": (60.0, 60)}
    assert means_with_same_mix([easy, hard], most=1.0).figures[1] == 1.0


def test_a_hall_with_other_services_or_hardly_anything_keeps_no_other_from_being_compared():
    found = means_with_same_mix([EAST, {"X": (9.0, 500)}, {"A": (1.0, 12)}, WEST])
    assert [one is None for one in found.figures] == [False, True, True, False]
    first, empty, last = means_with_same_mix([EAST, {"A": (0.0, 0)}, WEST]).figures
    assert (empty, (first, last)) == (None, pytest.approx((12.5, 12.5)))


@pytest.mark.parametrize("halls", [[EAST], [EAST, {}], [EAST, {"C": (10.0, 50)}], []])
def test_without_a_like_nothing_is_compared(halls):
    assert means_with_same_mix(halls).figures == tuple(None for _ in halls)
