"""How long is left of a visit, how fast a day goes, and how clerks differ."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from queuedesk.core.waits.estimates import (
    PACE_HALF,
    POINTS,
    SPREAD,
    STILL_THERE,
    Estimates,
    Handling,
    Taken,
    group_factors,
    guessed,
    handling_of,
    micros,
    pace,
    rest_min,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def taken(kept_min: float, since_call_min: float) -> Taken:
    is_over = kept_min < since_call_min
    called = micros(NOW - timedelta(minutes=since_call_min))
    return Taken(("A", None), called, 0.0, kept_min if is_over else STILL_THERE)


def test_visits_teach_mean_spread_and_a_table() -> None:
    learned = handling_of([1, 2, 3, 4])
    assert (learned.mean_min, learned.var_min2, learned.n) == (2.5, 1.25, 4)
    assert len(learned.quantiles) == POINTS
    assert learned.quantiles == tuple(sorted(learned.quantiles))
    assert 1 <= learned.quantiles[0] < 1.1
    assert 3.9 < learned.quantiles[-1] <= 4


def test_a_visit_of_one_length_has_the_rest_of_it() -> None:
    always = handling_of([5.0, 5.0])
    assert rest_min(always, 2) == (pytest.approx(3), pytest.approx(0, abs=1e-9))
    # A clerk who takes twice as long is at 1 of 5 usual minutes after 2.
    assert rest_min(always, 2, 2.0)[0] == pytest.approx(8)


def test_a_memoryless_service_has_always_as_much_left() -> None:
    exponential = Handling(
        mean_min=6.6, var_min2=6.6**2, quantiles=tuple(-6.6 * math.log(1 - (i + 0.5) / POINTS) for i in range(POINTS))
    )
    for elapsed in (0, 3, 8, 14):
        assert rest_min(exponential, elapsed)[0] == pytest.approx(6.6 * math.log(2), rel=0.06)
    # Of those called so long ago, a share of 1 − 1/e of a usual visit has passed.
    passed = 1 - math.exp(-1)
    weight = 60 * passed / (60 * passed + PACE_HALF)
    still_there = pace([taken(60, 6.6)] * 60, Estimates(services={"A": exponential}), NOW)
    assert (still_there - 1 + weight) / weight == pytest.approx(1 / passed, rel=0.01)


def test_a_visit_longer_than_nearly_all_has_a_third_of_its_length_left() -> None:
    short = handling_of([3.0, 4.0, 5.0])
    assert rest_min(short, 20) == (pytest.approx(7.0), pytest.approx(49.0))
    assert rest_min(short, 5) == (2.0, 4.0)


def test_a_long_visit_among_many_does_not_stretch_what_is_left_of_another() -> None:
    usual, tailed = handling_of([4.0, 5.0, 6.0] * 30), handling_of([4.0, 5.0, 6.0] * 30 + [60.0] * 3)
    assert tailed.mean_min > usual.mean_min + 1
    assert rest_min(tailed, 1)[0] == pytest.approx(rest_min(usual, 1)[0], abs=0.3)


def test_only_a_mean_is_known() -> None:
    guess = guessed(8)
    assert rest_min(guess, 0)[0] == pytest.approx(8 / math.hypot(1, SPREAD), rel=0.02)
    assert rest_min(guess, 0)[1] == pytest.approx(36, rel=0.15)


def test_the_pace_of_a_slow_day_shows_and_is_shrunk() -> None:
    usual = Estimates(services={"A": handling_of([4.0, 6.0])})
    slow = [taken(7.5, 60)] * 40
    assert pace([], usual, NOW) == 1
    assert pace(slow, usual, NOW) == pytest.approx(1 + 0.5 * 40 / 60)
    assert pace(slow[:5], usual, NOW) == pytest.approx(1 + 0.5 * 5 / 25)
    assert pace([taken(50, 60)] * 60, usual, NOW) == 1.6
    assert pace([taken(0.1, 60)] * 60, usual, NOW) == 0.7


def test_visits_that_go_on_do_not_make_the_first_hour_fast() -> None:
    """Only the short ones are over after ten minutes: taken alone they would say 1.25 times as fast."""
    usual = Estimates(services={"A": handling_of([5.0] * 50 + [25.0] * 50)})
    visits = [taken(5, 10), taken(10, 10)] * 20
    assert pace(visits, usual, NOW) == pytest.approx(1, abs=0.01)


def test_clerks_differ_as_much_as_their_visits_show() -> None:
    dice = Random(4)
    logs = {
        code: [dice.gauss(shift, 0.6) for _ in range(n)]
        for code, shift, n in (("a", 0.25, 400), ("b", -0.25, 400), ("c", 0.3, 3))
    }
    factors = group_factors(logs)
    assert factors["a"] / factors["b"] == pytest.approx(math.exp(0.5), rel=0.12)
    few = sum(logs["c"]) / 3
    assert abs(math.log(factors["c"])) < abs(few)
    assert group_factors({"a": [0.3, 0.3]}) == {"a": 1.0}
    assert group_factors({}) == {}
