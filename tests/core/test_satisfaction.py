"""Satisfaction rates against counts whose intervals are known."""

import pytest

from queuedesk.core.satisfaction import rate, wilson_interval

KNOWN = [  # satisfied, dissatisfied, rate in percent, both bounds in percent
    (415, 18, 95.84, 93.53, 97.35),
    (380, 21, 94.76, 92.13, 96.55),
    (384, 19, 95.29, 92.75, 96.96),
    (403, 20, 95.27, 92.81, 96.92),
    (397, 19, 95.43, 92.98, 97.06),
    (377, 18, 95.44, 92.91, 97.10),
    (2356, 115, 95.35, 94.44, 96.11),
    (415, 13, 96.96, 94.87, 98.22),
    (377, 5, 98.69, 96.97, 99.44),
    (2356, 47, 98.04, 97.41, 98.53),
]


@pytest.mark.parametrize(("satisfied", "dissatisfied", "share", "low", "high"), KNOWN)
def test_rates_and_bounds_of_known_counts(satisfied, dissatisfied, share, low, high):
    found = rate(satisfied, dissatisfied)

    assert found.n == satisfied + dissatisfied
    assert found.rate is not None and found.low is not None and found.high is not None
    assert [round(100 * x, 2) for x in (found.rate, found.low, found.high)] == [share, low, high]


def test_nobody_rated_gives_no_rate():
    found = rate(0, 0)

    assert (found.n, found.rate, found.low, found.high) == (0, None, None, None)


@pytest.mark.parametrize(("satisfied", "rated", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)])
def test_bounds_stay_shares_where_all_agree(satisfied, rated, low, high):
    found = wilson_interval(satisfied, rated)

    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("satisfied", "rated"), [(0, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(satisfied, rated):
    with pytest.raises(ValueError):
        wilson_interval(satisfied, rated)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError):
        rate(-1, 5)
