"""Who will come: weekdays, pay days, closed days, few days, intervals that hold, and errors that are told."""

import random
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.arrival_forecast import (
    FEWEST_DAYS,
    DayArrivals,
    accuracy_of_past_forecasts,
    expected_arrival_count_in_span,
    forecast_day_arrivals,
    forecast_updated_by_arrivals,
    four_in_five_count_bounds,
    pay_day_relation,
)
from queuedesk.core.waits.arrival_learning import ScaledForecastErrors, variances_of_dates_and_weekdays
from tests.every_day import SEES_ALL

MONDAY = date(2026, 9, 7)
WEEK = (1.3, 1.0, 0.9, 1.0, 1.1, 0.5, 0.4)
PAY = {"before": 0.8, "on": 2.0, "after": 1.4, None: 1.0}


def push_preview_document(**parts: object) -> dict[str, Any]:
    return {
        "hall": {"code": "H", "name": "H", "opens": "08:00", "closes": "18:00"},
        "services": [{"code": code, "name": code, "prefix": code} for code in ("A", "B")],
        "windows": [{"code": "1", "services": ["A", "B"]}],
        **parts,
    }


def hall(*pay_days: date) -> Setup:
    return check_and_read_setup(push_preview_document(pay_days=[day.isoformat() for day in pay_days]))


def spread(total: float, *, first: int = 17, last: int = 34) -> list[float]:
    return [total / (last - first) if first <= slot < last else 0.0 for slot in range(48)]


def day_of(day: date, people: dict[str, float], *, chance=None, busy: float = 1.0) -> DayArrivals:
    rows = {
        code: tuple(int(chance.poisson(each * busy)) if chance else round(each * busy) for each in spread(total))
        for code, total in people.items()
    }
    return DayArrivals(date=day, services=rows)


def weeks(n: int, *, of: dict[str, float], pay: tuple[date, ...] = (), chance=None, cv=0.0) -> list[DayArrivals]:
    days = []
    for ahead in range(7 * n):
        day = MONDAY + timedelta(days=ahead)
        factor = WEEK[day.weekday()] * PAY[pay_day_relation(day, pay)]
        luck = float(chance.gamma(1 / cv**2, cv**2)) if cv else 1.0
        days.append(day_of(day, {code: total * factor for code, total in of.items()}, chance=chance, busy=luck))
    return days


def total(setup: Setup, history: list[DayArrivals], day: date) -> float:
    return expected_arrival_count_in_span(forecast_day_arrivals(setup, history, day), 0, 1440).mean


def test_weekdays_are_told_apart():
    history = weeks(8, of={"A": 340.0, "B": 170.0})
    after = MONDAY + timedelta(weeks=8)
    for ahead in range(7):
        due = 510 * WEEK[ahead]
        assert total(hall(), history, after + timedelta(days=ahead)) == pytest.approx(due, rel=0.08), ahead


def test_days_around_a_pay_day_are_told_apart():
    pay = tuple(MONDAY + timedelta(days=each) for each in (10, 38, 66, 94))
    history = weeks(13, of={"A": 340.0}, pay=pay)
    setup = hall(*pay)
    around = [pay[3] + timedelta(days=n) for n in (-1, 0, 1)]
    assert pay_day_relation(pay[3], pay) == pay_day_relation(pay[3], around) == "on"
    for gap, kind in ((-1, "before"), (0, "on"), (1, "after"), (3, None)):
        day = pay[3] + timedelta(days=gap)
        assert forecast_day_arrivals(setup, history, day).pay_day == kind
        assert total(setup, history, day) == pytest.approx(340 * WEEK[day.weekday()] * PAY[kind], rel=0.22), kind
    assert total(setup, history, pay[3]) > 1.5 * total(hall(*pay[:3]), history, pay[3])


def test_a_make_up_saturday_is_like_working_days_and_a_holiday_teaches_nothing():
    """The last Saturday was worked, the last Monday closed but for a few, the last Tuesday short."""
    history = weeks(8, of={"A": 340.0})
    saturday, monday = MONDAY + timedelta(weeks=8, days=5), MONDAY + timedelta(weeks=7)
    worked, tuesday = saturday - timedelta(weeks=1), monday + timedelta(days=1)
    few = {worked: 340.0, monday: 10.0, tuesday: 120.0}
    history = [day_of(one.date, {"A": few[one.date]}) if one.date in few else one for one in history]
    special = {"kind": "special", "from": "8:30", "to": "13:30"}
    rows = {worked: {"kind": "working"}, monday: {"kind": "holiday"}, tuesday: special}
    rows |= {saturday: {"kind": "working"}, saturday - timedelta(days=1): special}
    setup = check_and_read_setup(push_preview_document(calendar={day.isoformat(): row for day, row in rows.items()}))
    usual, friday = sum(WEEK[:5]) / 5, saturday - timedelta(days=1)
    assert total(setup, history, saturday) == pytest.approx(340 * usual, rel=0.05)
    assert total(setup, history, saturday + timedelta(weeks=1)) == pytest.approx(340 * WEEK[5], rel=0.15)
    assert total(setup, history, monday + timedelta(weeks=1)) == pytest.approx(340 * WEEK[0], rel=0.08)
    assert total(setup, history, monday + timedelta(weeks=1, days=1)) == pytest.approx(340 * WEEK[1], rel=0.08)
    # Five of the ten hours, in which those who come at the others stay away.
    assert total(setup, history, friday) == pytest.approx(0.55 * total(hall(), history, friday), rel=0.12)


def test_one_odd_day_does_not_make_a_weekday():
    """After one week a Monday of three times as many says less of the next than it shows."""
    steady = [day_of(MONDAY + timedelta(days=n), {"A": 170.0}) for n in range(7)]
    odd = [day_of(MONDAY, {"A": 510.0}), *steady[1:]]
    assert 170 < total(hall(), odd, MONDAY + timedelta(days=7)) < 0.8 * 510


def test_nothing_later_than_the_day_before_is_used():
    history = weeks(4, of={"A": 340.0})
    day = MONDAY + timedelta(weeks=3)
    known = [one for one in history if one.date < day]
    wild = [one if one.date < day else replace(one, services={"A": (99,) * 48}) for one in history]
    assert forecast_day_arrivals(hall(), wild, day) == forecast_day_arrivals(hall(), known, day)


def test_few_days_give_no_forecast():
    history = weeks(1, of={"A": 100.0})[: FEWEST_DAYS - 1]
    found = forecast_day_arrivals(hall(), history, MONDAY + timedelta(days=9))
    assert (found.has_enough_past_days, expected_arrival_count_in_span(found, 0, 1440)) == (False, None)
    assert forecast_day_arrivals(hall(), [], MONDAY).days == 0
    few, until = weeks(1, of={"A": 100.0})[:FEWEST_DAYS], MONDAY + timedelta(days=FEWEST_DAYS)
    assert accuracy_of_past_forecasts(hall(), few, until) is None


@pytest.mark.parametrize("years", [5, 36, 100, 7000])
def test_a_day_far_ahead_is_like_the_last_ones_known(years: int) -> None:
    setup, history = hall(), weeks(4, of={"A": 200.0, "B": 40.0})
    soon = history[-1].date + timedelta(days=364)
    far = soon + timedelta(days=7 * 52 * years)
    near, later = (forecast_day_arrivals(setup, history, day) for day in (soon, far))
    assert total(setup, history, far) == pytest.approx(total(setup, history, soon), rel=0.01)
    assert later.differ == pytest.approx(near.differ, rel=0.01)


def test_where_a_service_is_closed_nobody_comes():
    document = push_preview_document()
    weekdays, saturdays = {"days": "1-5", "from": "08:30", "to": "17:00"}, {"days": "6", "from": "08:30", "to": "12:00"}
    document["services"][0]["hours"] = [weekdays, saturdays]
    setup = check_and_read_setup(document)
    history = weeks(6, of={"A": 340.0, "GONE": 100.0})
    saturday, sunday = (forecast_day_arrivals(setup, history, MONDAY + timedelta(weeks=6, days=n)) for n in (5, 6))
    assert sum(sunday.people_by_half_hour()) == 0 and "GONE" not in saturday.services
    assert sum(saturday.people_by_half_hour()[24:]) == 0
    assert sum(saturday.people_by_half_hour()) == pytest.approx(170, rel=0.1)


def test_a_part_of_a_half_hour_has_its_part_of_the_people():
    found = forecast_day_arrivals(hall(), weeks(4, of={"A": 340.0, "B": 68.0}), MONDAY + timedelta(weeks=4, days=1))
    whole, part = expected_arrival_count_in_span(found, 600, 630), expected_arrival_count_in_span(found, 610, 640)
    assert part.mean == pytest.approx(whole.mean, rel=0.01)
    assert expected_arrival_count_in_span(found, 600, 630, ["B"]).mean == pytest.approx(whole.mean / 6, rel=0.02)


@pytest.mark.parametrize(("mean", "spread2"), [(0.3, 0.01), (4.0, 0.0), (25.0, 0.02), (300.0, 0.02)])
def test_bounds_hold_four_of_five(mean: float, spread2: float):
    seed = random.randrange(10**9)
    chance = np.random.default_rng(seed)
    low, high = four_in_five_count_bounds(mean, spread2)
    factors = chance.gamma(1 / spread2, spread2, 20_000) if spread2 else np.ones(20_000)
    came = chance.poisson(mean * factors)
    assert 0.78 <= np.mean((low <= came) & (came <= high)) <= 1.0, seed
    assert np.mean(came < low) <= 0.12 and np.mean(came > high) <= 0.12, seed


def test_a_busy_morning_makes_a_busy_afternoon():
    day = MONDAY + timedelta(weeks=8)
    chance = np.random.default_rng(7)
    found = forecast_day_arrivals(hall(), weeks(8, of={"A": 340.0}, chance=chance, cv=0.25), day)
    due = sum(found.people_by_half_hour()[:24])
    busy, quiet = (forecast_updated_by_arrivals(found, share * due, 720) for share in (1.5, 0.5))
    after = [sum(each.people_by_half_hour()[24:]) for each in (busy, found, quiet)]
    assert 1.3 < after[0] / after[1] < 1.5
    assert 0.5 < after[2] / after[1] < 0.7
    assert busy.spread2 < found.spread2
    assert forecast_updated_by_arrivals(found, 0, 480) == found


def test_errors_are_those_of_forecasts_from_earlier_days_and_beat_last_week():
    seed = random.randrange(10**9)
    chance = np.random.default_rng(seed)
    pay = tuple(MONDAY + timedelta(days=each) for each in (9, 39, 69, 99))
    setup, until = hall(*pay), MONDAY + timedelta(weeks=15)
    history = weeks(15, of={"A": 240.0, "B": 120.0}, pay=pay, chance=chance, cv=0.1)
    found = accuracy_of_past_forecasts(setup, history, until)
    assert (found.days, found.compared) == (31, 31)
    assert found.forecast_there.day_mae < 0.9 * found.last_week.day_mae, seed
    assert found.forecast_there.half_hour_mae < 0.9 * found.last_week.half_hour_mae, seed
    assert 0.7 < found.within < 0.92 and found.days_within > 0.5, seed
    assert accuracy_of_past_forecasts(setup, [*history, day_of(until, {"A": 9000.0})], until) == found


def crowds(n: int, seed: int, *, half_hour: float, day: float) -> list[DayArrivals]:
    """Draw days whose half-hours, and which as wholes, differ by those shares for no reason: a bus, the weather."""
    chance = np.random.default_rng(seed)
    usual = np.array(spread(400.0))
    found = []
    for ahead in range(n):
        luck = np.exp(chance.normal(0, half_hour, 48) + chance.normal(0, day))
        people = tuple(chance.poisson(usual * luck).tolist())
        found.append(DayArrivals(date=MONDAY + timedelta(days=ahead), services={"A": people}))
    return found


@pytest.mark.parametrize(("half_hour", "day"), [(0.02, 0.02), (0.35, 0.1), (0.2, 0.35)])
def test_ranges_hold_four_of_five_in_halls_of_every_kind(half_hour: float, day: float):
    """From the fourth day on, by errors alone: nobody told the forecast how much half-hours and days differ here."""
    first = random.randrange(10**6)
    setup, held, by_chance = hall(), [], []
    # The more whole days differ, the more halls it takes to see what ranges hold.
    for seed in range(first, first + (36 if day > 0.3 else 10)):
        history = crowds(14, seed, half_hour=half_hour, day=day)
        # What a date might have been as well: one outcome each would say more of luck than of ranges.
        came = np.array([one.people_by_half_hour() for one in crowds(40, seed + 10**6, half_hour=half_hour, day=day)])
        for one in [history[n] for n in ((3, 5, 9, 13) if SEES_ALL else (3, 9))]:
            said = forecast_day_arrivals(setup, history, one.date)
            for slot in range(17, 34):
                told = expected_arrival_count_in_span(said, 30 * slot, 30 * slot + 30)
                held.append(np.mean((told.low <= came[:, slot]) & (came[:, slot] <= told.high)))
                low, high = four_in_five_count_bounds(said.people_by_half_hour()[slot], said.spread2)
                by_chance.append(np.mean((low <= came[:, slot]) & (came[:, slot] <= high)))
    assert 0.76 <= np.mean(held) <= 0.94, first
    if half_hour > 0.3:
        assert np.mean(by_chance) < 0.65, first


def test_ranges_of_whole_days_hold_four_of_five_from_the_first_week_on():
    """Halls that open on any weekday, each with weekdays and luck of its own that nobody told the forecast."""
    first = random.randrange(10**6)
    setup, early, later = hall(), [], []
    for seed in range(first, first + 24):
        chance, luck = np.random.default_rng(seed), (0.0, 0.1, 0.3)[seed % 3]
        begin, usual = int(chance.integers(7)), np.exp(chance.normal(0, 0.2, 7))
        days = [MONDAY + timedelta(days=begin + n) for n in range(11)]
        means = {day: 400 * usual[day.weekday()] for day in days}
        history = [day_of(day, {"A": chance.poisson(means[day] * np.exp(chance.normal(0, luck)))}) for day in days]
        for held, ages in ((early, (3, 5, 6)), (later, (8, 10))):
            for day in (days[n] for n in ages):
                told = expected_arrival_count_in_span(forecast_day_arrivals(setup, history, day), 0, 1440)
                again = chance.poisson(means[day] * np.exp(chance.normal(0, luck, 40)))
                held.append(np.mean((told.low <= again) & (again <= told.high)))
    assert 0.67 <= np.mean(early) <= 0.94, first
    assert 0.67 <= np.mean(later) <= 0.97, first


def test_a_weekday_that_was_not_seen_is_wider_and_so_is_a_first_pay_day():
    """On the ninth date of a hall that opened on a Monday and closed on its first Wednesday."""
    pay = MONDAY + timedelta(days=10)
    chance = np.random.default_rng(5)
    history = [one for one in weeks(2, of={"A": 340.0}, chance=chance)[:9] if one.date.weekday() != 2]
    day = MONDAY + timedelta(days=8)
    seen, unseen = (forecast_day_arrivals(hall(), history, day + timedelta(days=n)) for n in (0, 1))
    paid, usual = (forecast_day_arrivals(hall(*days), history, pay) for days in ((pay,), ()))
    assert (seen.of_weekday, unseen.of_weekday, paid.of_pay_day, usual.of_pay_day) == (1, 0, 0, None)
    for narrow, wide in ((seen, unseen), (usual, paid)):
        ends = [expected_arrival_count_in_span(one, 0, 1440) for one in (narrow, wide)]
        assert (ends[1].high - ends[1].low) / ends[1].mean > 1.1 * (ends[0].high - ends[0].low) / ends[0].mean


@pytest.mark.parametrize(("days", "weekdays"), [(0.05, 0.3), (0.25, 0.05), (0.2, 0.2)])
def test_how_dates_and_weekdays_differ_is_learned_apart(days: float, weekdays: float):
    """Of eight weeks; after one, in which no weekday came twice, only both together are known."""
    seed = random.randrange(10**9)
    chance = np.random.default_rng(seed)
    after_a_week, found = [], []
    for _hall in range(40):
        of = np.arange(56) % 7
        logs = 5 + chance.normal(0, weekdays, 7)[of] + chance.normal(0, days, 56) + chance.normal(0, 0.05, 56)
        found.append(variances_of_dates_and_weekdays(logs, np.full(56, 0.05**2), of))
        after_a_week.append(sum(variances_of_dates_and_weekdays(logs[:7], np.full(7, 0.05**2), of[:7])))
    learned = np.sqrt(np.mean(found, axis=0))
    for got, other, true in zip(learned, learned[::-1], (days, weekdays), strict=True):
        assert got == pytest.approx(true, rel=0.25) if true >= 0.2 else got < 0.6 * other, seed
    assert np.sqrt(np.mean(after_a_week)) == pytest.approx(np.hypot(days, weekdays), rel=0.3), seed


@pytest.mark.parametrize(("dates", "shared"), [(3, 0.2), (3, 0.9), (6, 0.5), (25, 0.5)])
@pytest.mark.parametrize("times", [0.8, 1.0, 1.4])
def test_ends_hold_the_next_errors_however_few_and_however_alike_they_are(dates: int, shared: float, times: float):
    """17 errors a date with a part in common, `times` as large as the forecasts' own spread says."""
    seed = random.randrange(10**9)
    chance = np.random.default_rng(seed)
    people, spread2 = 100.0, shared / (1 - shared) / 100
    size = times * np.sqrt(people + spread2 * people**2)
    held = []
    for _hall in range(200):
        alike = chance.normal(0, np.sqrt(shared), dates + 1)[:, None]
        came = people + size * (alike + chance.normal(0, np.sqrt(1 - shared), (dates + 1, 17)))
        rows = [(n, people, float(each)) for n in range(dates) for each in came[n]]
        low, high = ScaledForecastErrors(rows, [spread2] * dates, 0.5).error_range_ends(0.8)
        next_ = (came[dates] - people) / size * times
        held.append(np.mean((low <= next_) & (next_ <= high)))
    assert 0.65 <= np.mean(held) <= 0.93, seed
    if dates == 25:
        assert 0.75 <= np.mean(held) <= 0.86, seed


def test_a_half_hour_that_differs_more_has_the_wider_range():
    """A school's bus comes at ten, or not."""
    chance = np.random.default_rng(3)
    history = []
    for one in crowds(25, 3, half_hour=0.0, day=0.0):
        row = list(one.services["A"])
        row[20] = int(row[20] * chance.choice([0.4, 1.6]))
        history.append(replace(one, services={"A": tuple(row)}))
    said = forecast_day_arrivals(hall(), history, MONDAY + timedelta(days=25))
    bus, other = expected_arrival_count_in_span(said, 600, 630), expected_arrival_count_in_span(said, 660, 690)
    assert bus.high - bus.low > 1.5 * (other.high - other.low)
