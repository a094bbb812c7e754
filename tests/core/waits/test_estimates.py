"""How long is left of a visit, how fast a day goes, how clerks differ; who does not come when called; how bounds move
with promises kept and missed."""

import math
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from queuedesk.core.waits import estimates
from queuedesk.core.waits.estimates import (
    NONE,
    WAIT_BINS,
    Absences,
    Estimates,
    Handling,
    Outcome,
    Tracker,
    advance,
    group_factors,
    guessed,
    handling_of,
    pace,
    rest_min,
    wait_bin,
)
from tests.core.waits.past_day import at_bins

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def taken(kept_min: float, since_call_min: float) -> estimates.Taken:
    is_over = kept_min < since_call_min
    called = estimates.micros(NOW - timedelta(minutes=since_call_min))
    return estimates.Taken(("A", None), called, 0.0, kept_min if is_over else estimates.STILL_THERE)


def test_visits_teach_mean_spread_and_a_table() -> None:
    learned = handling_of([1, 2, 3, 4])
    assert (learned.mean_min, learned.var_min2, learned.n) == (2.5, 1.25, 4)
    assert len(learned.quantiles) == estimates.POINTS
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
        mean_min=6.6,
        var_min2=6.6**2,
        quantiles=tuple(-6.6 * math.log(1 - (i + 0.5) / estimates.POINTS) for i in range(estimates.POINTS)),
    )
    for elapsed in (0, 3, 8, 14):
        assert rest_min(exponential, elapsed)[0] == pytest.approx(6.6 * math.log(2), rel=0.06)
    # Of those called so long ago, a share of 1 − 1/e of a usual visit has passed.
    passed = 1 - math.exp(-1)
    weight = 60 * passed / (60 * passed + estimates.PACE_HALF)
    still_there = pace([taken(60, 6.6)] * 60, Estimates(services={"A": exponential}), NOW)
    assert (still_there - 1 + weight) / weight == pytest.approx(1 / passed, rel=0.01)


def test_what_is_left_of_a_long_visit_and_of_one_beside_long_ones() -> None:
    short = handling_of([3.0, 4.0, 5.0])
    assert rest_min(short, 20) == (pytest.approx(7.0), pytest.approx(49.0))
    assert rest_min(short, 5) == (2.0, 4.0)
    usual, tailed = handling_of([4.0, 5.0, 6.0] * 30), handling_of([4.0, 5.0, 6.0] * 30 + [60.0] * 3)
    assert tailed.mean_min > usual.mean_min + 1
    assert rest_min(tailed, 1)[0] == pytest.approx(rest_min(usual, 1)[0], abs=0.3)
    guess = guessed(8)
    assert rest_min(guess, 0)[0] == pytest.approx(8 / math.hypot(1, estimates.SPREAD), rel=0.02)
    assert rest_min(guess, 0)[1] == pytest.approx(36, rel=0.15)


def test_the_pace_of_a_slow_day_shows_and_visits_that_go_on_make_no_day_fast() -> None:
    usual = Estimates(services={"A": handling_of([4.0, 6.0])})
    slow = [taken(7.5, 60)] * 40
    assert pace([], usual, NOW) == 1
    assert pace(slow, usual, NOW) == pytest.approx(1 + 0.5 * 40 / 60)
    assert pace(slow[:5], usual, NOW) == pytest.approx(1 + 0.5 * 5 / 25)
    assert pace([taken(50, 60)] * 60, usual, NOW) == 1.6
    assert pace([taken(0.1, 60)] * 60, usual, NOW) == 0.7
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


# -- who does not come when called: what past dates say, and how today counts ------------------------------------------


@pytest.mark.parametrize(("never", "rate"), [(0.03, 0.004), (0.1, 0.0), (0.0, 0.01)])
def test_the_curve_goes_on_as_those_gave_up_who_waited_for_less(never: float, rate: float) -> None:
    dice = Random(4)
    called, absent = list(NONE), list(NONE)
    for _ in range(40_000):
        waited = dice.uniform(0, 45)
        bin = wait_bin(int(60 * waited))
        called[bin] += 1
        absent[bin] += dice.random() > math.exp(-never - rate * waited)
    found = Absences.of(called, absent)
    at = estimates.MIDDLES.index
    for minutes in (2.5, 42.5, 92.5):
        assert found.usual[at(minutes)] == pytest.approx(1 - math.exp(-never - rate * minutes), abs=0.03)
    assert found.chances()[at(92.5)] == pytest.approx(found.usual[at(92.5)], abs=0.02)


def test_few_calls_make_no_curve_steep_and_where_everybody_comes_nothing_is_said() -> None:
    few = Absences.of(at_bins(m0=170, m15=28, m30=11), at_bins(m0=4, m15=2))
    assert 0.02 < few.chances()[0] < 0.04
    assert few.chances()[-1] < 0.25
    assert Absences().chances() == ()
    assert Absences.of(at_bins(m0=50), NONE).chances(at_bins(m0=9), NONE) == ()


def test_today_counts_as_much_as_past_dates_call_for_call() -> None:
    past = Absences.of(at_bins(m0=100, m30=100), at_bins(m0=5, m30=10))
    now = past.chances(at_bins(m60=40), at_bins(m60=20))
    assert now[wait_bin(3600)] == pytest.approx(0.5, abs=0.02)
    assert now[:5] == past.chances()[:5]
    assert now[-1] == now[wait_bin(3600)]
    calm = past.chances(at_bins(m30=300), NONE)
    assert calm[wait_bin(1800)] < past.chances()[wait_bin(1800)]


def test_the_chance_never_falls_with_the_wait_and_every_time_has_its_place() -> None:
    dice = Random(5)
    for _ in range(300):
        called = [dice.randrange(30) for _ in range(WAIT_BINS)]
        absent = [dice.randint(0, n) for n in called]
        today = [dice.randrange(9) for _ in range(WAIT_BINS)]
        past = Absences.of(called, absent)
        found = past.chances(today, [dice.randint(0, n) for n in today])
        assert list(found) == sorted(found)
        assert len(found) in (0, WAIT_BINS)
        assert all(0 <= share <= 1 for share in found)
    assert (wait_bin(-40), wait_bin(0), wait_bin(299), wait_bin(300)) == (0, 0, 0, 1)
    assert wait_bin(10 * 3600) == WAIT_BINS - 1


# -- how bounds move with promises kept and missed, and what a score is ------------------------------------------------

HIT, MISS = Outcome(late=False), Outcome(late=True)


def test_the_golden_steps_of_both_ends_of_a_day_and_of_a_range() -> None:
    start = Tracker(low=-1.28, high=1.28)
    highs = [advance(start, [HIT] * n, 10).high for n in (1, 2)]
    assert highs == [pytest.approx(1.278), pytest.approx(1.276)]
    missed = advance(start, [HIT, HIT, MISS], 80)
    assert missed.high == pytest.approx(1.294)
    assert advance(missed, [MISS], 160).high == pytest.approx(1.303)
    assert missed.low == start.low
    start = Tracker(low=-1.6, high=1.8)
    assert advance(start, [Outcome(early=False)], 1).low == pytest.approx(-1.598)
    assert advance(start, [Outcome(early=True)], 1).low == pytest.approx(-1.618)
    narrow = advance(Tracker(low=-0.2, high=0.2), [Outcome(early=False, late=False)] * 50, 1, upto=7)
    assert (narrow.low, narrow.high, narrow.upto) == (-0.2, 0.2, 7)
    begun = estimates.new_day(Tracker(low=-2.0, high=3.0, upto=5), -1.0, 1.0)
    assert (begun.low, begun.high) == (pytest.approx(-1.9), pytest.approx(2.8))
    assert Tracker(low=-1.6, high=1.8).range_min(2, 2, 2) == (0, pytest.approx(5.6))


def test_one_in_ten_is_missed_in_the_long_run_even_where_the_spread_was_guessed_wrong() -> None:
    dice = Random(11)
    tracker = Tracker()
    missed = []
    for _ in range(6000):
        late = dice.gauss(0, 3) > tracker.high
        missed.append(late)
        tracker = advance(tracker, [Outcome(late=late)], 10)
    assert sum(missed[1000:]) / 5000 == pytest.approx(0.10, abs=0.015)
    assert tracker.high == pytest.approx(3 * 1.28, rel=0.15)


@pytest.mark.parametrize(("actual", "score"), [(12, 5), (18, 35), (9, 15), (10, 5), (15, 5)])
def test_the_interval_score_is_the_width_and_ten_a_minute_outside(actual: float, score: float) -> None:
    assert estimates.interval_score(10, 15, actual) == score


def test_promises_are_scored_together() -> None:
    both = [estimates.Kept(low=10, high=15, point=12, actual=18), estimates.Kept(low=10, high=15, point=12, actual=9)]
    total = estimates.scored(both)
    assert (total.n, total.late, total.early, total.width) == (2, 0.5, 0.5, 5)
    assert (total.score, total.mae) == (pytest.approx(25), pytest.approx(4.5))
    assert estimates.scored([]).late is None
