"""Satisfaction rates against counts whose intervals are known, and against statsmodels
(scripts/golden_statistics.py)."""

import json
from pathlib import Path

import pytest

from queuedesk.core.figures.satisfaction import compare, pooled, rate, response, wilson_interval

GOLDEN = json.loads((Path(__file__).parent.parent.parent / "golden" / "statistics.json").read_text(encoding="utf-8"))

KNOWN = [  # satisfied, dissatisfied, rate in percent, both bounds in percent
    *((415, 18, 95.84, 93.53, 97.35), (380, 21, 94.76, 92.13, 96.55), (384, 19, 95.29, 92.75, 96.96)),
    *((403, 20, 95.27, 92.81, 96.92), (397, 19, 95.43, 92.98, 97.06), (377, 18, 95.44, 92.91, 97.10)),
    *((2356, 115, 95.35, 94.44, 96.11), (415, 13, 96.96, 94.87, 98.22), (377, 5, 98.69, 96.97, 99.44)),
    (2356, 47, 98.04, 97.41, 98.53),
]


@pytest.mark.parametrize(("satisfied", "dissatisfied", "share", "low", "high"), KNOWN)
def test_rates_and_bounds_of_known_counts(satisfied, dissatisfied, share, low, high):
    found = rate(satisfied, dissatisfied)
    assert found.n == satisfied + dissatisfied
    assert found.rate is not None and found.low is not None and found.high is not None
    assert [round(100 * x, 2) for x in (found.rate, found.low, found.high)] == [share, low, high]


def test_nobody_rated_gives_no_rate_and_nothing_to_compare():
    found, difference = rate(0, 0), compare((0, 0), (5, 1))
    assert (found.n, found.rate, found.low, found.high) == (0, None, None, None)
    assert (difference.difference, difference.low, difference.high, difference.z) == (None, None, None, None)


def test_bounds_stay_shares_where_all_agree():
    found = [wilson_interval(satisfied, 10) for satisfied in (0, 10)]
    assert [(round(one.low, 4), round(one.high, 4)) for one in found] == [(0.0, 0.2775), (0.7225, 1.0)]


@pytest.mark.parametrize(("satisfied", "rated"), [(0, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(satisfied, rated):
    with pytest.raises(ValueError):
        wilson_interval(satisfied, rated)
    with pytest.raises(ValueError):
        rate(-1, 5)


@pytest.mark.parametrize(("satisfied", "dissatisfied", "low", "high"), GOLDEN["wilson"])
def test_wilson_agrees_with_a_statistics_library(satisfied, dissatisfied, low, high):
    found = wilson_interval(satisfied, satisfied + dissatisfied)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))


@pytest.mark.parametrize(("first", "second", "low", "high", "z"), GOLDEN["compare"])
def test_differences_agree_with_a_statistics_library(first, second, low, high, z):
    found = compare(tuple(first), tuple(second))
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
    assert found.z == (None if z is None else pytest.approx(z, abs=1e-9))


def test_the_two_half_years_differ():
    found = compare((2356, 115), (2356, 47))
    assert found.difference is not None and found.low is not None and found.high is not None and found.z is not None
    assert [round(x, 4) for x in (found.difference, found.low, found.high)] == [0.0270, 0.0171, 0.0372]
    assert round(found.z, 2) == 5.25


def test_newcombe_as_published():
    """R. G. Newcombe, 1998, table II, method 10: 56 of 70 less 48 of 80, and 10 of 10 less 0 of 10."""
    found = compare((48, 32), (56, 14))
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    found = compare((0, 10), (10, 0))
    assert (found.low, found.high) == (pytest.approx(0.6075, abs=5e-5), pytest.approx(1.0))


def test_pooled_is_the_sum_not_the_mean():
    assert pooled([(90, 10), (1, 0)]).rate == pytest.approx(91 / 101)
    assert pooled([]).n == 0


def test_who_is_silent_is_told_apart():
    found = response(90, 10, 300)
    assert (found.share, found.lowest, found.highest) == (0.25, 0.225, 0.975)
    assert found.is_low
    assert not response(90, 10, 100).is_low
    assert response(0, 0, 0).share is None and not response(0, 0, 0).is_low
