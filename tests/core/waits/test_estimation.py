"""What past dates together come to."""

import datetime as clock
import json
import math
from random import Random
from typing import Any

import pytest

from queuedesk.core.setup.file import check_setup
from queuedesk.core.waits import estimates
from queuedesk.core.waits.observations import AtWork, DayObservations
from queuedesk.core.waits.quote import estimated
from tests.core.waits.past_day import DAY, a_setup

SETUP = a_setup(A=6)
NEXT = DAY + clock.timedelta(days=1)


def learned(*dates: DayObservations) -> estimates.Estimates:
    """Return what dates together come to, of which the last was yesterday."""
    return estimated(SETUP, {NEXT - clock.timedelta(days=n): one for n, one in enumerate(dates, 1)}, NEXT)


def seen(**what: Any) -> DayObservations:
    """Return what a date taught on which somebody came in each half-hour."""
    return DayObservations(arrivals={"A": [1] * 48}, **what)


def kept(seconds: list[int]) -> DayObservations:
    return seen(kept_s={"A": {"LI": seconds}})


def test_services_are_as_set_up_until_many_visits_are_known() -> None:
    found = estimated(SETUP, {}, NEXT)
    assert (found.days, found.low, found.high) == (0, estimates.FIRST_LOW, estimates.FIRST_HIGH)
    assert found.services["A"].mean_min == 6
    assert found.services["A"].var_min2 == pytest.approx((estimates.SPREAD * 6) ** 2)
    assert "B" not in found.services  # nothing is said of it, and nothing was seen
    first, *others = SETUP.document["services"]
    items = [{"code": "x", "name": "X", "minutes": 3}, {"code": "y", "name": "Y", "minutes": 5}]
    setup = check_setup({**SETUP.document, "services": [{**first, "items": items}, *others]})
    assert estimated(setup, {}, NEXT).services["A"].mean_min == 4
    few = learned(kept([120] * 10)).services["A"]
    assert 2 < few.mean_min < 6
    many = learned(kept([120] * 40)).services["A"]
    assert (many.mean_min, many.n) == (pytest.approx(2), 40)


def test_a_slow_clerk_is_known_and_does_not_make_the_service_slow() -> None:
    random = Random(4)
    visits = {
        clerk: [round(300 * factor * math.exp(random.gauss(0, 0.5))) for _ in range(400)]
        for clerk, factor in (("LI", 1.3), ("WANG", 1 / 1.3))
    }
    found = learned(seen(kept_s={"A": visits}))
    assert found.clerks["LI"] / found.clerks["WANG"] == pytest.approx(1.69, rel=0.1)
    assert found.services["A"].mean_min == pytest.approx(5 * math.exp(0.125), rel=0.1)


def test_only_dates_before_and_at_most_sixty_days_back_teach() -> None:
    days = {NEXT: kept([60] * 50), DAY: kept([120] * 50), NEXT - clock.timedelta(days=61): kept([600] * 50)}
    found = estimated(SETUP, days, NEXT)
    assert (found.days, found.services["A"].mean_min) == (1, pytest.approx(2))


def test_absences_are_those_of_all_calls_and_bounds_the_tenths_of_past_scores() -> None:
    called, absent = [100] * 4 + [0] * 20, [2, 8, 4, 20] + [0] * 20
    assert learned(seen(called=called, absent=absent)).absences == estimates.Absences.of(called, absent)
    scores = [i / 10 for i in range(-50, 50)]
    found = learned(seen(scores=scores))
    assert (found.low, found.high) == (pytest.approx(-4.1), pytest.approx(4.0))
    few = learned(seen(scores=scores[:20]))
    assert (few.low, few.high) == (estimates.LOW_START, estimates.HIGH_START)


@pytest.mark.parametrize(
    ("stays_min", "leaves_until", "longest", "shares"),
    [
        (0, 10, 40, {0: 1.0, 1: 0.5**0.5, 2: 0.5, 6: 0.5}),
        (10, 60, 20, {2: 1.0, 4: 0.5, 8: 0.125}),  # as fast as after the longest wait that anybody had
    ],
)
def test_people_leave_as_fast_as_past_ones_did_who_stood_there_as_long(stays_min, leaves_until, longest, shares):
    """Half of them in ten minutes, from a minute on and until another; windows call at random."""
    dice, left, waits = Random(8), [], []
    for _ in range(6000):
        patience, called = stays_min + dice.expovariate(math.log(2) / 10), dice.uniform(0, longest)
        if patience < min(called, leaves_until):
            left.append(round(patience * 60))
        else:
            waits.append(estimates.ToldWait(line="A", place=1, minute=600.0, minutes=called))
    found = learned(seen(left_s=left, waits=waits)).stays
    assert {n: found[n] for n in shares} == pytest.approx(shares, abs=0.02)
    assert learned(seen(waits=waits)).stays == ()


@pytest.mark.parametrize(("left", "waited"), [([0], []), ([0], [0.0, 0.0]), ([1], []), ([0] * 3000, [2.0])])
def test_a_date_of_which_hardly_more_is_known_than_who_left_says_something_of_all_waits(left, waited):
    waits = [estimates.ToldWait(line="A", place=1, minute=600.0, minutes=one) for one in waited]
    found = learned(seen(left_s=left, waits=waits)).stays
    assert found[0] == 1.0
    assert list(found) == sorted(found, reverse=True)
    assert found[-1] > 0
    if len(left) == 1:
        assert found[1] > 0.9  # one person is not all people


def test_the_time_of_day_is_known_where_visits_differ_by_more_than_chance() -> None:
    random = Random(4)

    def lesson(shift: float) -> DayObservations:
        begun = [18] * 300 + [22] * 300
        logs = [random.gauss(shift if half_hour == 22 else 0, 0.5) for half_hour in begun]
        seconds = {"LI": [round(300 * math.exp(x)) for x in logs], "WANG": [round(450 * math.exp(x)) for x in logs]}
        by_clerk = {"LI": begun, "WANG": begun}
        return seen(kept_s={"A": seconds}, begun_at={"A": by_clerk})

    found = learned(lesson(0.4))
    early, late = found.by_half_hour["A"][18], found.by_half_hour["A"][22]
    assert late / early == pytest.approx(math.exp(0.4), rel=0.1)
    assert found.by_half_hour["A"][30] == 1
    assert estimates.Estimates.of(json.loads(json.dumps(found.document()))) == found
    assert learned(lesson(0.0)).by_half_hour == {}


def test_what_a_window_takes_to_call_is_drawn_to_what_windows_take() -> None:
    gaps = seen(between_s={"one": [30] * 60})
    found = learned(gaps, seen(between_s={"one": [30] * 60, "two": [150] * 30}))
    usual = (120 * 0.5 + 30 * 2.5 + 50 * 0.3) / 200
    assert found.between_min == pytest.approx(usual)
    assert found.pause_at("one") == pytest.approx((120 * 0.5 + 30 * usual) / 150)
    assert found.pause_at("two") == pytest.approx((30 * 2.5 + 30 * usual) / 60)
    assert found.pause_at("three") == found.between_min
    assert found.between is not None
    assert (found.between.n, found.between.mean_min) == (150, pytest.approx(0.9))
    assert learned(seen(between_s={"one": [30] * 50})).between is None  # too few to tell how they differ
    assert estimates.Estimates.of(json.loads(json.dumps(found.document()))) == found


def test_windows_have_habits_and_priority_tickets_come_as_their_service_does() -> None:
    lunches = [(700, 740), (705, 748), (698, 741)]
    dates = [seen(windows={"1": AtWork(first=540, last=990, breaks=(b,))}) for b in lunches]
    habit = learned(*dates).habits["1"]
    assert (habit.opens, habit.closes, habit.breaks) == (540, 990, ((700, 741),))
    assert learned(*dates[:2]).habits == {}
    arrivals, urgent = [0] * 48, [0] * 48
    arrivals[18], arrivals[19], urgent[18] = 6, 2, 2
    lesson = DayObservations(arrivals={"A": arrivals}, priority={"A": urgent}, credits_s=[600, 900])
    found = learned(lesson, lesson)
    assert found.credit_min == 12.5
    assert (found.priority_per_hour["A"][18], found.priority_per_hour["A"][19]) == (3.0, 1.0)
