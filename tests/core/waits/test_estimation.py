"""What past dates together come to."""

import datetime as clock
import json
import math
from random import Random
from typing import Any

import pytest

from queuedesk.core.setup.file import check_setup
from queuedesk.core.waits.estimates import FIRST_HIGH, FIRST_LOW, HIGH_START, LOW_START, SPREAD, Estimates, ToldWait
from queuedesk.core.waits.observations import AtWork, DayObservations
from queuedesk.core.waits.quote import estimated
from tests.core.waits.past_day import DAY, a_setup

SETUP = a_setup(A=6)
NEXT = DAY + clock.timedelta(days=1)


def days_of(*lessons: DayObservations) -> dict[clock.date, DayObservations]:
    return {NEXT - clock.timedelta(days=i + 1): one for i, one in enumerate(lessons)}


def seen(**what: Any) -> DayObservations:
    """Return what a date taught on which somebody came in each half-hour."""
    return DayObservations(arrivals={"A": [1] * 48}, **what)


def kept(seconds: list[int]) -> DayObservations:
    return seen(kept_s={"A": {"LI": seconds}})


def test_a_hall_without_a_past_takes_its_services_as_they_are_set_up() -> None:
    found = estimated(SETUP, {}, NEXT)
    assert (found.days, found.low, found.high) == (0, FIRST_LOW, FIRST_HIGH)
    assert found.services["A"].mean_min == 6
    assert found.services["A"].var_min2 == pytest.approx((SPREAD * 6) ** 2)
    assert "B" not in found.services  # nothing is said of it, and nothing was seen


def test_items_say_more_than_a_target() -> None:
    document = dict(SETUP.document)
    document["services"] = [dict(s) for s in document["services"]]
    document["services"][0]["items"] = [
        {"code": "x", "name": "X", "minutes": 3},
        {"code": "y", "name": "Y", "minutes": 5},
    ]
    assert estimated(check_setup(document), {}, NEXT).services["A"].mean_min == 4


def test_few_visits_lean_on_the_set_up_and_many_do_not() -> None:
    few = estimated(SETUP, days_of(kept([120] * 10)), NEXT).services["A"]
    assert 2 < few.mean_min < 6
    many = estimated(SETUP, days_of(kept([120] * 40)), NEXT).services["A"]
    assert (many.mean_min, many.n) == (pytest.approx(2), 40)


def test_a_slow_clerk_is_known_and_does_not_make_the_service_slow() -> None:
    random = Random(4)
    visits = {
        clerk: [round(300 * factor * math.exp(random.gauss(0, 0.5))) for _ in range(400)]
        for clerk, factor in (("LI", 1.3), ("WANG", 1 / 1.3))
    }
    found = estimated(SETUP, days_of(seen(kept_s={"A": visits})), NEXT)
    assert found.clerks["LI"] / found.clerks["WANG"] == pytest.approx(1.69, rel=0.1)
    assert found.services["A"].mean_min == pytest.approx(5 * math.exp(0.125), rel=0.1)


def test_only_dates_before_and_at_most_sixty_days_back_teach() -> None:
    days = {
        NEXT: kept([60] * 50),
        DAY: kept([120] * 50),
        NEXT - clock.timedelta(days=61): kept([600] * 50),
    }
    found = estimated(SETUP, days, NEXT)
    assert (found.days, found.services["A"].mean_min) == (1, pytest.approx(2))


def test_the_chance_not_to_come_never_falls_with_the_wait() -> None:
    called, absent = [0] * 24, [0] * 24
    called[:4], absent[:4] = [100, 100, 100, 100], [2, 8, 4, 20]
    found = estimated(SETUP, days_of(seen(called=called, absent=absent)), NEXT).absences
    chances = found.chances()
    assert len(chances) == 24
    assert list(chances) == sorted(chances)
    assert chances[1] == chances[2] == pytest.approx(0.06, abs=0.005)


def test_people_leave_as_fast_as_past_ones_did_who_stood_there_as_long() -> None:
    # Half-lives of 10 minutes until the tenth minute, nobody leaves afterwards; windows call at random.
    dice = Random(8)
    left, waits = [], []
    for _ in range(6000):
        patience = dice.expovariate(math.log(2) / 10)
        called = dice.uniform(0, 40)
        if patience < min(called, 10):
            left.append(round(patience * 60))
        else:
            waits.append(ToldWait(line="A", place=1, minute=600.0, minutes=called))
    found = estimated(SETUP, days_of(seen(left_s=left, waits=waits)), NEXT).stays

    assert found[0] == 1.0
    assert [found[1], found[2], found[6]] == [pytest.approx(one, abs=0.02) for one in (0.5**0.5, 0.5, 0.5)]
    nobody = estimated(SETUP, days_of(seen(waits=waits)), NEXT)
    assert nobody.stays == ()


def test_after_a_wait_longer_than_any_before_people_leave_as_fast_as_after_the_longest() -> None:
    # Nobody leaves for ten minutes, then half of those who are left in ten; nobody has waited over twenty.
    dice = Random(9)
    left, waits = [], []
    for _ in range(6000):
        patience, called = 10 + dice.expovariate(math.log(2) / 10), dice.uniform(0, 20)
        if patience < called:
            left.append(round(patience * 60))
        else:
            waits.append(ToldWait(line="A", place=1, minute=600.0, minutes=called))
    found = estimated(SETUP, days_of(seen(left_s=left, waits=waits)), NEXT).stays
    assert [found[2], found[4], found[8]] == [pytest.approx(one, abs=0.02) for one in (1.0, 0.5, 0.125)]


@pytest.mark.parametrize(("left", "waited"), [([0], []), ([0], [0.0, 0.0]), ([1], []), ([0] * 3000, [2.0])])
def test_a_date_of_which_hardly_more_is_known_than_who_left_says_something_of_all_waits(
    left: list[int], waited: list[float]
) -> None:
    waits = [ToldWait(line="A", place=1, minute=600.0, minutes=one) for one in waited]
    found = estimated(SETUP, days_of(seen(left_s=left, waits=waits)), NEXT).stays
    assert found[0] == 1.0
    assert list(found) == sorted(found, reverse=True)
    assert found[-1] > 0
    if len(left) == 1:
        assert found[1] > 0.9  # one person is not all people


def test_bounds_are_the_tenths_of_past_scores() -> None:
    scores = [i / 10 for i in range(-50, 50)]
    found = estimated(SETUP, days_of(seen(scores=scores)), NEXT)
    assert (found.low, found.high) == (pytest.approx(-4.1), pytest.approx(4.0))
    few = estimated(SETUP, days_of(seen(scores=scores[:20])), NEXT)
    assert (few.low, few.high) == (LOW_START, HIGH_START)


def test_the_time_of_day_is_known_where_visits_differ_by_more_than_chance() -> None:
    random = Random(4)

    def lesson(shift: float) -> DayObservations:
        begun = [18] * 300 + [22] * 300
        logs = [random.gauss(shift if half_hour == 22 else 0, 0.5) for half_hour in begun]
        seconds = {"LI": [round(300 * math.exp(x)) for x in logs], "WANG": [round(450 * math.exp(x)) for x in logs]}
        by_clerk = {"LI": begun, "WANG": begun}
        return seen(kept_s={"A": seconds}, begun_at={"A": by_clerk})

    found = estimated(SETUP, days_of(lesson(0.4)), NEXT)
    early, late = found.by_half_hour["A"][18], found.by_half_hour["A"][22]
    assert late / early == pytest.approx(math.exp(0.4), rel=0.1)
    assert found.by_half_hour["A"][30] == 1
    assert Estimates.of(json.loads(json.dumps(found.document()))) == found
    assert estimated(SETUP, days_of(lesson(0.0)), NEXT).by_half_hour == {}


def test_what_a_window_takes_to_call_is_drawn_to_what_windows_take() -> None:
    def gaps(**by_window: list[int]) -> DayObservations:
        return seen(between_s=by_window)

    found = estimated(SETUP, days_of(gaps(one=[30] * 60), gaps(one=[30] * 60, two=[150] * 30)), NEXT)
    usual = (120 * 0.5 + 30 * 2.5 + 50 * 0.3) / 200
    assert found.between_min == pytest.approx(usual)
    assert found.pause_at("one") == pytest.approx((120 * 0.5 + 30 * usual) / 150)
    assert found.pause_at("two") == pytest.approx((30 * 2.5 + 30 * usual) / 60)
    assert found.pause_at("three") == found.between_min
    assert found.between is not None
    assert (found.between.n, found.between.mean_min) == (150, pytest.approx(0.9))
    assert estimated(SETUP, days_of(gaps(one=[30] * 50)), NEXT).between is None  # too few to tell how they differ
    assert Estimates.of(json.loads(json.dumps(found.document()))) == found


def test_windows_have_habits_after_three_dates() -> None:
    lunches = [(700, 740), (705, 748), (698, 741)]
    dates = [seen(windows={"1": AtWork(first=540, last=990, breaks=(b,))}) for b in lunches]
    habit = estimated(SETUP, days_of(*dates), NEXT).habits["1"]
    assert (habit.opens, habit.closes, habit.breaks) == (540, 990, ((700, 741),))
    assert estimated(SETUP, days_of(*dates[:2]), NEXT).habits == {}


def test_priority_tickets_come_as_their_service_does() -> None:
    arrivals, urgent = [0] * 48, [0] * 48
    arrivals[18], arrivals[19], urgent[18] = 6, 2, 2
    lesson = DayObservations(arrivals={"A": arrivals}, priority={"A": urgent}, credits_s=[600, 900])
    found = estimated(SETUP, days_of(lesson, lesson), NEXT)
    assert found.credit_min == 12.5
    assert (found.priority_per_hour["A"][18], found.priority_per_hour["A"][19]) == (3.0, 1.0)
