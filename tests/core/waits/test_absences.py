"""Who does not come when called: what past dates say, and what today shows."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

import pytest

from queuedesk.core.waits.absences import MIDDLES, NONE, WAIT_BINS, Absences, wait_bin
from queuedesk.core.waits.estimates import Estimates, handling_of
from queuedesk.core.waits.live import Live
from queuedesk.core.waits.quote import live_of
from queuedesk.desk import looking
from tests.hall import Hall, simple_hall


def at_bins(**by_minutes: int) -> list[int]:
    """Return counts by 5 minutes: m10=7 are 7 after 10 to 15 minutes."""
    found = list(NONE)
    for minutes, count in by_minutes.items():
        found[wait_bin(60 * int(minutes[1:]))] = count
    return found


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


# -- today's calls, at a hall ----------------------------------------------------------------------------------------

LEARNED = Estimates(
    days=9,
    services={code: handling_of([8.0, 10.0, 12.0]) for code in "ABC"},
    absences=Absences.of(at_bins(m0=100), at_bins(m0=4)),
)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def seen(hall: Hall) -> Live:
    state = looking.hall_now(hall.desk, hall.clock())
    state.learned = LEARNED
    return live_of(state, hall.clock())


def test_who_did_not_come_today_tells_of_those_who_wait_as_long(hall: Hall) -> None:
    hall.open("1", "C1")
    waiting = hall.queue(*"AAAAAAAA")
    usual = seen(hall).no_show
    hall.clock.move(minutes=62)
    for _ in waiting[:4]:
        hall.call("1")
        hall.do("miss", "1")
    now = seen(hall).no_show

    assert usual == LEARNED.absences.chances()
    assert now == LEARNED.absences.chances(at_bins(m60=4), at_bins(m60=4))
    hall.call("1")
    assert seen(hall).no_show == now  # Nobody knows yet whether this one comes.
    hall.do("start", "1")
    assert seen(hall).no_show == LEARNED.absences.chances(at_bins(m60=5), at_bins(m60=4))


def test_who_comes_late_after_all_did_not_come_when_called(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.call("1")
    hall.do("miss", "1")
    hall.clock.move(minutes=2)
    hall.do("reinstate", "A001")
    hall.call("1")
    hall.do("start", "1")

    assert seen(hall).no_show == LEARNED.absences.chances(at_bins(m0=1), NONE)


def test_who_was_called_by_mistake_or_tells_that_they_go_is_counted_as_it_was(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AA")
    hall.call("1")
    hall.do("return", "1", reason="wrong button")
    assert seen(hall).no_show == LEARNED.absences.chances()
    hall.clock.move(minutes=1)
    hall.call("1")
    hall.do("leave", "A001")
    assert seen(hall).no_show == LEARNED.absences.chances(at_bins(m0=1), at_bins(m0=1))


def test_another_process_knows_the_same_of_today(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AAAAAA")
    for minutes, verb in ((5, "miss"), (6, "finish"), (4, "miss"), (9, "finish"), (3, "miss")):
        hall.clock.move(minutes=minutes)
        hall.call("1")
        hall.do(verb, "1")
    followed = seen(hall).no_show
    hall.desk.db.followed.clear()

    assert seen(hall).no_show == followed != LEARNED.absences.chances()
