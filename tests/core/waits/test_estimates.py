"""How long is left of a visit, how fast a day goes, who comes when called, what a date teaches and dates come to."""

import json
import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.ticket import Pause, Shift, WaitPromise
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.waits import estimates, observations
from queuedesk.core.waits.estimates import handling_from_visits, median_remaining_min_and_variance, todays_pace_factor
from queuedesk.core.waits.quote import estimates_from_observations, promise_bounds_now
from queuedesk.desk import looking
from tests.core.waits.past_day import DAY, PastDay, a_setup, at_bins
from tests.hall import Hall, at, simple_hall

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def taken(kept_min: float, since_call_min: float) -> estimates.TodaysCalledVisit:
    is_over = kept_min < since_call_min
    called = estimates.epoch_micros(NOW - timedelta(minutes=since_call_min))
    return estimates.TodaysCalledVisit(("A", None), called, 0.0, kept_min if is_over else estimates.STILL_THERE)


def test_visits_teach_mean_spread_and_a_table() -> None:
    learned = handling_from_visits([1, 2, 3, 4])
    assert (learned.mean_min, learned.var_min2, learned.n) == (2.5, 1.25, 4)
    assert len(learned.quantiles) == estimates.POINTS
    assert learned.quantiles == tuple(sorted(learned.quantiles))
    assert 1 <= learned.quantiles[0] < 1.1
    assert 3.9 < learned.quantiles[-1] <= 4


def test_a_visit_of_one_length_has_the_rest_of_it() -> None:
    always = handling_from_visits([5.0, 5.0])
    assert median_remaining_min_and_variance(always, 2) == (pytest.approx(3), pytest.approx(0, abs=1e-9))
    # A clerk who takes twice as long is at 1 of 5 usual minutes after 2.
    assert median_remaining_min_and_variance(always, 2, 2.0)[0] == pytest.approx(8)


def test_a_memoryless_service_has_always_as_much_left() -> None:
    points = estimates.POINTS
    quantiles = tuple(-6.6 * math.log(1 - (i + 0.5) / points) for i in range(points))
    exponential = estimates.ServiceHandling(mean_min=6.6, var_min2=6.6**2, quantiles=quantiles)
    for elapsed in (0, 3, 8, 14):
        assert median_remaining_min_and_variance(exponential, elapsed)[0] == pytest.approx(6.6 * math.log(2), rel=0.06)
    # Of those called so long ago, a share of 1 − 1/e of a usual visit has passed.
    passed = 1 - math.exp(-1)
    weight = 60 * passed / (60 * passed + estimates.PACE_HALF)
    still_there = todays_pace_factor([taken(60, 6.6)] * 60, estimates.Estimates(services={"A": exponential}), NOW)
    assert (still_there - 1 + weight) / weight == pytest.approx(1 / passed, rel=0.01)


def test_what_is_left_of_a_long_visit_and_of_one_beside_long_ones() -> None:
    short = handling_from_visits([3.0, 4.0, 5.0])
    assert median_remaining_min_and_variance(short, 20) == (pytest.approx(7.0), pytest.approx(49.0))
    assert median_remaining_min_and_variance(short, 5) == (2.0, 4.0)
    usual, tailed = handling_from_visits([4.0, 5.0, 6.0] * 30), handling_from_visits([4.0, 5.0, 6.0] * 30 + [60.0] * 3)
    assert tailed.mean_min > usual.mean_min + 1
    usual_rest, tailed_rest = (median_remaining_min_and_variance(one, 1)[0] for one in (usual, tailed))
    assert tailed_rest == pytest.approx(usual_rest, abs=0.3)
    guess = estimates.handling_from_mean(8)
    assert median_remaining_min_and_variance(guess, 0)[0] == pytest.approx(
        8 / math.hypot(1, estimates.SPREAD), rel=0.02
    )
    assert median_remaining_min_and_variance(guess, 0)[1] == pytest.approx(36, rel=0.15)


def test_the_pace_of_a_slow_day_shows_and_visits_that_go_on_make_no_day_fast() -> None:
    usual = estimates.Estimates(services={"A": handling_from_visits([4.0, 6.0])})
    slow = [taken(7.5, 60)] * 40
    assert todays_pace_factor([], usual, NOW) == 1
    assert todays_pace_factor(slow, usual, NOW) == pytest.approx(1 + 0.5 * 40 / 60)
    assert todays_pace_factor(slow[:5], usual, NOW) == pytest.approx(1 + 0.5 * 5 / 25)
    assert todays_pace_factor([taken(50, 60)] * 60, usual, NOW) == 1.6
    assert todays_pace_factor([taken(0.1, 60)] * 60, usual, NOW) == 0.7
    usual = estimates.Estimates(services={"A": handling_from_visits([5.0] * 50 + [25.0] * 50)})
    visits = [taken(5, 10), taken(10, 10)] * 20
    assert todays_pace_factor(visits, usual, NOW) == pytest.approx(1, abs=0.01)


def test_clerks_differ_as_much_as_their_visits_show() -> None:
    dice = Random(4)
    logs = {
        code: [dice.gauss(shift, 0.6) for _ in range(n)]
        for code, shift, n in (("a", 0.25, 400), ("b", -0.25, 400), ("c", 0.3, 3))
    }
    factors = estimates.visit_length_factors(logs)
    assert factors["a"] / factors["b"] == pytest.approx(math.exp(0.5), rel=0.12)
    few = sum(logs["c"]) / 3
    assert abs(math.log(factors["c"])) < abs(few)
    assert estimates.visit_length_factors({"a": [0.3, 0.3]}) == {"a": 1.0}
    assert estimates.visit_length_factors({}) == {}


# -- who does not come when called: what past dates say, and how today counts ------------------------------------------
@pytest.mark.parametrize(("never", "rate"), [(0.03, 0.004), (0.1, 0.0), (0.0, 0.01)])
def test_the_curve_goes_on_as_those_gave_up_who_waited_for_less(never: float, rate: float) -> None:
    dice = Random(4)
    called, absent = list(estimates.NONE), list(estimates.NONE)
    for _ in range(40_000):
        waited = dice.uniform(0, 45)
        bin = estimates.wait_bin(int(60 * waited))
        called[bin] += 1
        absent[bin] += dice.random() > math.exp(-never - rate * waited)
    found = estimates.NoShowStatistics.from_call_counts(called, absent)
    at = estimates.MIDDLES.index
    for minutes in (2.5, 42.5, 92.5):
        assert found.usual[at(minutes)] == pytest.approx(1 - math.exp(-never - rate * minutes), abs=0.03)
    assert found.no_show_chances()[at(92.5)] == pytest.approx(found.usual[at(92.5)], abs=0.02)


def test_few_calls_make_no_curve_steep_and_where_everybody_comes_nothing_is_said() -> None:
    few = estimates.NoShowStatistics.from_call_counts(at_bins(m0=170, m15=28, m30=11), at_bins(m0=4, m15=2))
    assert 0.02 < few.no_show_chances()[0] < 0.04
    assert few.no_show_chances()[-1] < 0.25
    assert estimates.NoShowStatistics().no_show_chances() == ()
    all_came = estimates.NoShowStatistics.from_call_counts(at_bins(m0=50), estimates.NONE)
    assert all_came.no_show_chances(at_bins(m0=9), estimates.NONE) == ()


def test_today_counts_as_much_as_past_dates_call_for_call() -> None:
    past = estimates.NoShowStatistics.from_call_counts(at_bins(m0=100, m30=100), at_bins(m0=5, m30=10))
    now = past.no_show_chances(at_bins(m60=40), at_bins(m60=20))
    assert now[estimates.wait_bin(3600)] == pytest.approx(0.5, abs=0.02)
    assert now[:5] == past.no_show_chances()[:5]
    assert now[-1] == now[estimates.wait_bin(3600)]
    calm = past.no_show_chances(at_bins(m30=300), estimates.NONE)
    assert calm[estimates.wait_bin(1800)] < past.no_show_chances()[estimates.wait_bin(1800)]


def test_the_chance_never_falls_with_the_wait_and_every_time_has_its_place() -> None:
    dice = Random(5)
    for _ in range(300):
        called = [dice.randrange(30) for _ in range(estimates.WAIT_BINS)]
        absent = [dice.randint(0, n) for n in called]
        today = [dice.randrange(9) for _ in range(estimates.WAIT_BINS)]
        past = estimates.NoShowStatistics.from_call_counts(called, absent)
        found = past.no_show_chances(today, [dice.randint(0, n) for n in today])
        assert list(found) == sorted(found)
        assert len(found) in (0, estimates.WAIT_BINS)
        assert all(0 <= share <= 1 for share in found)
    assert (estimates.wait_bin(-40), estimates.wait_bin(0), estimates.wait_bin(299), estimates.wait_bin(300)) == (
        0,
        0,
        0,
        1,
    )
    assert estimates.wait_bin(10 * 3600) == estimates.WAIT_BINS - 1


# -- how bounds move with promises kept and missed ---------------------------------------------------------------------
HIT, MISS = estimates.KnownPromiseEarlyOrLate(late=False), estimates.KnownPromiseEarlyOrLate(late=True)


def test_the_golden_steps_of_both_ends_of_a_day_and_of_a_range() -> None:
    start = estimates.PromiseBoundFactors(low=-1.28, high=1.28)
    highs = [estimates.promise_bounds_after_outcomes(start, [HIT] * n, 10).high for n in (1, 2)]
    assert highs == [pytest.approx(1.278), pytest.approx(1.276)]
    missed = estimates.promise_bounds_after_outcomes(start, [HIT, HIT, MISS], 80)
    assert missed.high == pytest.approx(1.294)
    assert estimates.promise_bounds_after_outcomes(missed, [MISS], 160).high == pytest.approx(1.303)
    assert missed.low == start.low
    start = estimates.PromiseBoundFactors(low=-1.6, high=1.8)
    for early, low in ((False, -1.598), (True, -1.618)):
        outcome = estimates.KnownPromiseEarlyOrLate(early=early)
        assert estimates.promise_bounds_after_outcomes(start, [outcome], 1).low == pytest.approx(low)
    both_in_time = [estimates.KnownPromiseEarlyOrLate(early=False, late=False)] * 50
    narrow = estimates.promise_bounds_after_outcomes(
        estimates.PromiseBoundFactors(low=-0.2, high=0.2), both_in_time, 1, upto=7
    )
    assert (narrow.low, narrow.high, narrow.upto) == (-0.2, 0.2, 7)
    begun = estimates.promise_bounds_at_day_start(estimates.PromiseBoundFactors(low=-2.0, high=3.0, upto=5), -1.0, 1.0)
    assert (begun.low, begun.high) == (pytest.approx(-1.9), pytest.approx(2.8))
    assert estimates.PromiseBoundFactors(low=-1.6, high=1.8).wait_range_min(2, 2, 2) == (0, pytest.approx(5.6))


def test_one_in_ten_is_missed_in_the_long_run_even_where_the_spread_was_guessed_wrong() -> None:
    dice = Random(11)
    tracker = estimates.PromiseBoundFactors()
    missed = []
    for _ in range(6000):
        late = dice.gauss(0, 3) > tracker.high
        missed.append(late)
        tracker = estimates.promise_bounds_after_outcomes(tracker, [estimates.KnownPromiseEarlyOrLate(late=late)], 10)
    assert sum(missed[1000:]) / 5000 == pytest.approx(0.10, abs=0.015)
    assert tracker.high == pytest.approx(3 * 1.28, rel=0.15)


SETUP = a_setup(A=6)
NEXT = DAY + timedelta(days=1)


def learned(*dates: observations.DayObservations) -> estimates.Estimates:
    """Return what dates together come to, of which the last was yesterday."""
    return estimates_from_observations(SETUP, {NEXT - timedelta(days=n): one for n, one in enumerate(dates, 1)}, NEXT)


def seen(**what: Any) -> observations.DayObservations:
    """Return what a date taught on which somebody came in each half-hour."""
    return observations.DayObservations(arrivals={"A": [1] * 48}, **what)


def kept(seconds: list[int]) -> observations.DayObservations:
    return seen(kept_s={"A": {"LI": seconds}})


def test_services_are_as_set_up_until_many_visits_are_known() -> None:
    found = estimates_from_observations(SETUP, {}, NEXT)
    assert (found.days, found.low, found.high) == (0, estimates.FIRST_LOW, estimates.FIRST_HIGH)
    assert found.services["A"].mean_min == 6
    assert found.services["A"].var_min2 == pytest.approx((estimates.SPREAD * 6) ** 2)
    assert "B" not in found.services  # nothing is said of it, and nothing was seen
    first, *others = SETUP.document["services"]
    items = [{"code": "x", "name": "X", "minutes": 3}, {"code": "y", "name": "Y", "minutes": 5}]
    setup = check_and_read_setup({**SETUP.document, "services": [{**first, "items": items}, *others]})
    assert estimates_from_observations(setup, {}, NEXT).services["A"].mean_min == 4
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
    days = {NEXT: kept([60] * 50), DAY: kept([120] * 50), NEXT - timedelta(days=61): kept([600] * 50)}
    found = estimates_from_observations(SETUP, days, NEXT)
    assert (found.days, found.services["A"].mean_min) == (1, pytest.approx(2))


def test_absences_are_those_of_all_calls_and_bounds_the_tenths_of_past_scores() -> None:
    called, absent = [100] * 4 + [0] * 20, [2, 8, 4, 20] + [0] * 20
    assert learned(seen(called=called, absent=absent)).absences == estimates.NoShowStatistics.from_call_counts(
        called, absent
    )
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
            waits.append(estimates.WaitWithQuote(line="A", place=1, minute=600.0, minutes=called))
    found = learned(seen(left_s=left, waits=waits)).stays
    assert {n: found[n] for n in shares} == pytest.approx(shares, abs=0.02)
    assert learned(seen(waits=waits)).stays == ()


@pytest.mark.parametrize(("left", "waited"), [([0], []), ([0], [0.0, 0.0]), ([1], []), ([0] * 3000, [2.0])])
def test_a_date_of_which_hardly_more_is_known_than_who_left_says_something_of_all_waits(left, waited):
    waits = [estimates.WaitWithQuote(line="A", place=1, minute=600.0, minutes=one) for one in waited]
    found = learned(seen(left_s=left, waits=waits)).stays
    assert found[0] == 1.0
    assert list(found) == sorted(found, reverse=True)
    assert found[-1] > 0
    if len(left) == 1:
        assert found[1] > 0.9  # one person is not all people


def test_the_time_of_day_is_known_where_visits_differ_by_more_than_chance() -> None:
    random = Random(4)

    def lesson(shift: float) -> observations.DayObservations:
        begun = [18] * 300 + [22] * 300
        logs = [random.gauss(shift if half_hour == 22 else 0, 0.5) for half_hour in begun]
        seconds = {"LI": [round(300 * math.exp(x)) for x in logs], "WANG": [round(450 * math.exp(x)) for x in logs]}
        by_clerk = {"LI": begun, "WANG": begun}
        return seen(kept_s={"A": seconds}, begun_at={"A": by_clerk})

    found = learned(lesson(0.4))
    early, late = found.by_half_hour["A"][18], found.by_half_hour["A"][22]
    assert late / early == pytest.approx(math.exp(0.4), rel=0.1)
    assert found.by_half_hour["A"][30] == 1
    assert estimates.Estimates.from_document(json.loads(json.dumps(found.to_document()))) == found
    assert learned(lesson(0.0)).by_half_hour == {}


def test_what_a_window_takes_to_call_is_drawn_to_what_windows_take() -> None:
    gaps = seen(between_s={"one": [30] * 60})
    found = learned(gaps, seen(between_s={"one": [30] * 60, "two": [150] * 30}))
    usual = (120 * 0.5 + 30 * 2.5 + 50 * 0.3) / 200
    assert found.between_min == pytest.approx(usual)
    assert found.minutes_between_visits_at_window("one") == pytest.approx((120 * 0.5 + 30 * usual) / 150)
    assert found.minutes_between_visits_at_window("two") == pytest.approx((30 * 2.5 + 30 * usual) / 60)
    assert found.minutes_between_visits_at_window("three") == found.between_min
    assert (found.between.n, found.between.mean_min) == (150, pytest.approx(0.9))
    assert learned(seen(between_s={"one": [30] * 50})).between is None  # too few to tell how they differ
    assert estimates.Estimates.from_document(json.loads(json.dumps(found.to_document()))) == found


def test_windows_have_habits_and_priority_tickets_come_as_their_service_does() -> None:
    lunches = [(700, 740), (705, 748), (698, 741)]
    dates = [seen(windows={"1": observations.WindowWorkHours(first=540, last=990, breaks=(b,))}) for b in lunches]
    habit = learned(*dates).habits["1"]
    assert (habit.opens, habit.closes, habit.breaks) == (540, 990, ((700, 741),))
    assert learned(*dates[:2]).habits == {}
    arrivals, urgent = [0] * 48, [0] * 48
    arrivals[18], arrivals[19], urgent[18] = 6, 2, 2
    lesson = observations.DayObservations(arrivals={"A": arrivals}, priority={"A": urgent}, credits_s=[600, 900])
    found = learned(lesson, lesson)
    assert found.credit_min == 12.5
    assert (found.priority_per_hour["A"][18], found.priority_per_hour["A"][19]) == (3.0, 1.0)


# -- what one date teaches ---------------------------------------------------------------------------------------------
PLAIN = a_setup()
TOLD = WaitPromise(ahead=3, low=5, high=15, point_s=600, sd_s=120)


def lessons(day: PastDay, **more: object) -> observations.DayObservations:
    return observations.observations_of_day(PLAIN, day.day, day.tickets.values(), day.calls, **more)  # type: ignore[arg-type]


def came(*minutes: float) -> PastDay:
    """Return a date on which A001, A002 … come for A at these minutes."""
    day = PastDay()
    for n, minute in enumerate(minutes, 1):
        day.comes(f"A00{n}", "A", minute)
    return day


def test_a_window_is_kept_from_the_call_until_it_is_free() -> None:
    day = came(540)
    day.served("A001", "1", 545, 552, "LI")
    found = lessons(day)
    assert (found.kept_s, found.begun_at, found.visits) == ({"A": {"LI": [420]}}, {"A": {"LI": [18]}}, {"A": 1})


def test_who_comes_back_after_a_miss_keeps_the_window_only_the_second_time() -> None:
    day = came(540)
    day.missed("A001", "1", 545, 547)
    day.tickets["A001"] = day.tickets["A001"].waiting_ticket_at_new_place(day.at(540), 1, day.at(550))
    day.served("A001", "1", 560, 566, "LI")
    found = lessons(day)
    assert found.kept_s == {"A": {"LI": [360]}}
    assert (sum(found.called), sum(found.absent), found.absent[1]) == (2, 1, 1), "after five minutes"


def test_only_who_left_before_a_call_teaches_how_long_people_stay() -> None:
    day = came(540, 540, 540, 540)
    day.tickets["A001"] = day.tickets["A001"].ticket_after_leaving(day.at(552))
    day.tickets["A002"] = day.tickets["A002"].ticket_after_leaving(day.at(1020), "no_show", end="day-end")
    day.missed("A003", "1", 545, 547)
    day.tickets["A003"] = day.tickets["A003"].ticket_after_leaving(day.at(550))
    day.tickets["A004"] = day.tickets["A004"].with_void_state(day.at(541), "issued_twice")
    assert lessons(day).left_s == [720]


def test_a_ticket_that_moves_on_teaches_where_to_unless_the_step_was_known_from_the_start() -> None:
    day = came(540)
    day.called("A001", "1", 545, "LI")
    at_work = day.tickets["A001"].started_ticket(day.at(545))
    day.tickets["A001"] = replace(at_work, steps=("B",)).with_service_finished(day.at(550))
    assert lessons(day).onward == {}
    assert lessons(day, added={("A001", "B")}).onward == {"A": {"B": 1}}
    day.tickets["A001"] = at_work.redirected_ticket("B", day.at(547))
    day.served("A001", "2", 550, 560, "WANG")
    found = lessons(day)
    assert found.onward == {"A": {"B": 1}}
    assert found.kept_s == {"A": {"LI": [120]}, "B": {"WANG": [600]}}


def test_time_between_visits_counts_only_while_somebody_waited() -> None:
    day = came(540, 541, 570)
    day.served("A001", "1", 540, 545)
    day.served("A002", "1", 546, 550)  # a minute while A002 waited
    day.served("A003", "1", 571, 575)  # nobody waited before 570
    assert lessons(day).between_s == {"1": [60]}


def test_a_long_gap_while_people_wait_is_a_break_and_so_is_a_recorded_pause() -> None:
    day = came(540, 541, 760)
    for label, called, ended in (("A001", 540, 545), ("A002", 590, 600), ("A003", 761, 765)):
        day.served(label, "1", called, ended)
    pause = Pause(start=day.at(700), end=day.at(740), reason="lunch")
    shift = Shift(id=1, window="1", staff="LI", date=day.day, opened=day.at(530), pauses=(pause,))
    found = lessons(day, shifts=[shift])
    assert found.windows == {"1": observations.WindowWorkHours(first=540, last=761, breaks=((545, 590), (700, 740)))}


def test_scores_are_of_promises_that_were_not_for_at_once() -> None:
    day = PastDay()
    day.comes("A001", "A", 540, promise=TOLD)
    day.comes("A002", "A", 540, promise=WaitPromise(ahead=0, low=0, high=1, point_s=0, sd_s=21))
    day.served("A001", "1", 554, 560)
    day.served("A002", "2", 540, 560)
    assert lessons(day).scores == [2.0]


def test_a_late_ticket_and_a_priority_ticket_stand_in_their_half_hours() -> None:
    day = came(540)
    day.comes("A002", "A", 575, credit=10)
    found = lessons(day)
    assert (found.arrivals["A"][18], found.arrivals["A"][19], found.priority["A"][19]) == (1, 1, 1)
    assert found.credits_s == [600]


def test_what_was_taught_can_be_written_down() -> None:
    day = PastDay()
    day.comes("A001", "A", 540, promise=TOLD)
    day.comes("A002", "A", 540)
    day.served("A001", "1", 554, 560)
    day.served("A002", "1", 590, 600)
    found = lessons(day)
    again = observations.DayObservations.from_document(json.loads(json.dumps(found.to_document())))
    assert again.to_document() == found.to_document()
    assert again.windows == found.windows
    assert lessons(PastDay()).is_empty


# -- what a window leaves to others, where only the record tells -------------------------------------------------------
@pytest.mark.parametrize(
    ("calls", "left"),
    [
        ({"1": {"A": 40, "B": 30}, "2": {"A": 60}, "3": {"B": 25}}, {"2": frozenset("B"), "3": frozenset("A")}),
        ({"1": {"A": 100, "B": 8}, "2": {"B": 100}}, {"2": frozenset("A")}),  # seldom is not never
        ({"1": {"A": 200, "B": 1}, "2": {"A": 20, "B": 180}}, {"1": frozenset("B")}),  # an exception is no habit
        ({"1": {"A": 5}, "2": {"B": 3}}, {}),  # few calls say nothing
        ({}, {}),
    ],
)
def test_what_a_window_hardly_calls_though_others_do_is_not_its_own(calls, left) -> None:
    assert observations.seldom_called_services(calls) == left


def test_who_is_passed_over_again_and_again_is_not_served_there_and_either_reason_will_do():
    today = observations.count_calls_by_window_and_service([("1", "A"), ("1", "A"), ("2", "B")])
    assert observations.sum_call_tables({"1": {"A": 1}}, today) == {"1": {"A": 3}, "2": {"B": 1}}
    passings = [(1, "1", "B"), (1, "1", "B"), (2, "1", "B"), (3, "1", "B"), (3, "1", "C"), (4, "2", "A"), (5, "2", "A")]
    assert observations.services_passed_over_by_window(passings, {"1": {"A": 3}}) == {"1": frozenset("B")}
    assert observations.services_passed_over_by_window(passings, {"1": {"A": 3, "B": 1}}) == {}
    found = observations.union_of_services_by_window({"1": frozenset("A")}, {"1": frozenset("B"), "2": frozenset("C")})
    assert found == {"1": frozenset("AB"), "2": frozenset("C")}


# -- who was called out of turn teaches no bounds, and is expected to happen again -------------------------------------
FRIDAY = date(2026, 11, 20)


def overtake(by: str, label: str, reason: str = "chosen") -> Overtake:
    return Overtake(seq=1, date=FRIDAY, label=label, by=by, time=at("9:00"), reason=reason)


def test_who_passes_two_of_the_own_line_is_out_of_turn() -> None:
    services = {"A1": "A", "A2": "A", "A3": "A", "B1": "B"}
    for first, second, reason, expected in (
        ("A1", "A2", "chosen", {"A3"}),
        ("A1", "A2", "recorded", {"A3"}),
        ("A1", "B1", "chosen", set()),
        ("A1", "A2", "priority", set()),
    ):
        both = [overtake("A3", first, reason), overtake("A3", second, reason)]
        assert observations.labels_called_out_of_turn(both, services) == expected, (second, reason)
    assert observations.labels_called_out_of_turn([overtake("A3", "A1")], services) == frozenset()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Return a hall where the last of eight is called first."""
    hall = simple_hall(tmp_path, services=[
        {"code": "A", "name": "A", "prefix": "A", "handling_target": 6, "hours": [{"days": "1-7", "from": "0:00", "to": "24:00"}]}
    ], windows=[{"code": "1", "services": ["A"]}])  # fmt: skip
    hall.open("1", "C1")
    hall.queue(*"A" * 8)
    hall.play(1, "call 1 ticket=A008 reason=frail", "start 1", 6, "finish 1")
    return hall


def test_a_call_out_of_turn_moves_no_bounds_and_is_expected_in_every_line_of_the_hall(hall: Hall) -> None:
    state = looking.hall_state_now(hall.desk, hall.clock())
    state.tracker = estimates.PromiseBoundFactors(low=-1.6, high=1.8, upto=1, at=at("9:00"), date=FRIDAY)
    ticket = state.tickets[FRIDAY, "A008"]
    assert ticket.promise.low is not None and ticket.promise.low > 1  # it came before the range began
    assert promise_bounds_now(state, hall.clock(), FRIDAY).low == -1.6
    state.overtakes = []
    assert promise_bounds_now(state, hall.clock(), FRIDAY).low < -1.6
    state = looking.hall_state_now(hall.desk, hall.clock())
    setup = state.setup_now
    told = observations.observations_of_day(
        setup, FRIDAY, state.tickets.values(), state.calls, overtakes=state.overtakes
    )
    assert told.passing == {"A": 1}
    assert told.scores == []
    assert observations.observations_of_day(setup, FRIDAY, state.tickets.values(), state.calls).scores != []
    many = replace(told, visits={"A": 8})
    assert estimates_from_observations(setup, {FRIDAY: many}, date(2026, 11, 21)).redirects == {"A": {"A": 0.125}}
