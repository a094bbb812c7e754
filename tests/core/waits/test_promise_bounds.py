"""How bounds move with promises kept and missed, and what a score is."""

from __future__ import annotations

from random import Random

import pytest

from queuedesk.core.waits.estimates import Kept, Outcome, Tracker, advance, interval_score, new_day, scored

HIT, MISS = Outcome(late=False), Outcome(late=True)


def test_the_golden_steps() -> None:
    start = Tracker(low=-1.28, high=1.28)
    highs = [advance(start, [HIT] * n, 10).high for n in (1, 2)]
    assert highs == [pytest.approx(1.278), pytest.approx(1.276)]
    missed = advance(start, [HIT, HIT, MISS], 80)
    assert missed.high == pytest.approx(1.294)
    assert advance(missed, [MISS], 160).high == pytest.approx(1.303)
    assert missed.low == start.low


def test_the_low_end_moves_the_other_way() -> None:
    start = Tracker(low=-1.6, high=1.8)
    assert advance(start, [Outcome(early=False)], 1).low == pytest.approx(-1.598)
    assert advance(start, [Outcome(early=True)], 1).low == pytest.approx(-1.618)


def test_bounds_never_meet_and_each_end_learns_for_itself() -> None:
    narrow = advance(Tracker(low=-0.2, high=0.2), [Outcome(early=False, late=False)] * 50, 1, upto=7)
    assert (narrow.low, narrow.high, narrow.upto) == (-0.2, 0.2, 7)


def test_a_new_day_is_drawn_to_what_was_learned() -> None:
    begun = new_day(Tracker(low=-2.0, high=3.0, upto=5), -1.0, 1.0)
    assert (begun.low, begun.high) == (pytest.approx(-1.9), pytest.approx(2.8))


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


def test_a_range_never_begins_before_now() -> None:
    assert Tracker(low=-1.6, high=1.8).range_min(2, 2, 2) == (0, pytest.approx(5.6))


@pytest.mark.parametrize(("actual", "score"), [(12, 5), (18, 35), (9, 15), (10, 5), (15, 5)])
def test_the_interval_score_is_the_width_and_ten_a_minute_outside(actual: float, score: float) -> None:
    assert interval_score(10, 15, actual) == score


def test_promises_are_scored_together() -> None:
    both = [Kept(low=10, high=15, point=12, actual=18), Kept(low=10, high=15, point=12, actual=9)]
    total = scored(both)
    assert (total.n, total.late, total.early, total.width) == (2, 0.5, 0.5, 5)
    assert (total.score, total.mae) == (pytest.approx(25), pytest.approx(4.5))
    assert scored([]).late is None
