"""Who does not come when called: what past dates say, and how today counts."""

from __future__ import annotations

import math
from random import Random

import pytest

from queuedesk.core.waits.estimates import MIDDLES, NONE, WAIT_BINS, Absences, wait_bin
from tests.core.waits.past_day import at_bins


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

    for minutes in (2.5, 42.5, 92.5):
        assert found.usual[MIDDLES.index(minutes)] == pytest.approx(1 - math.exp(-never - rate * minutes), abs=0.03)
    assert found.chances()[MIDDLES.index(92.5)] == pytest.approx(found.usual[MIDDLES.index(92.5)], abs=0.02)


def test_few_calls_that_nobody_answered_do_not_make_a_curve_steep() -> None:
    few = Absences.of(at_bins(m0=170, m15=28, m30=11), at_bins(m0=4, m15=2))

    assert 0.02 < few.chances()[0] < 0.04
    assert few.chances()[-1] < 0.25


def test_where_everybody_comes_nothing_is_said() -> None:
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


def test_the_chance_never_falls_with_the_wait() -> None:
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


def test_times_beyond_the_table_and_a_clock_that_lies_have_a_place_in_it() -> None:
    assert (wait_bin(-40), wait_bin(0), wait_bin(299), wait_bin(300)) == (0, 0, 0, 1)
    assert wait_bin(10 * 3600) == WAIT_BINS - 1
