"""A day's windows: load and target into windows, the thinnest moment, a day under way; who is planned where."""

import csv
from datetime import UTC, date, datetime
from math import exp
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.queue.ticket import Pause, Shift
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.hall import Calendar, DateUnlikeItsWeekday
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing import day
from queuedesk.core.staffing.roster import RosterRow, ShiftBreak, shifts_planned_on
from queuedesk.core.waits.arrival_forecast import DayArrivals, DayForecast

DAY = date(2026, 11, 20)
KEEPS = {"A": day.HandlingTime(mean_min=6, sd_min=4, n=90), "B": day.HandlingTime(mean_min=12, sd_min=8, n=40)}
UNSEEN = day.DayArrivalsAndShifts()


def hall(**parts: Any) -> Setup:
    own = {"code": "H", "name": "H", "timezone": "UTC", "opens": "09:00", "closes": "12:00"}
    services = [{"code": code, "name": code, "prefix": code} for code in ("A", "B")]
    windows = [{"code": code, "services": ["A", "B"] if code == "1" else ["A"]} for code in "1234"]
    staff = [{"code": f"C{n}", "name": f"C{n}", "role": "clerk"} for n in range(1, 5)]
    return check_and_read_setup({"hall": own, "services": services, "windows": windows, "staff": staff, **parts})


def forecast(a: float, b: float = 0.0, *, slots: range = range(18, 24), spread2: float = 0.0144) -> DayForecast:
    rows = {code: tuple(n if slot in slots else 0.0 for slot in range(48)) for code, n in (("A", a), ("B", b))}
    return DayForecast(date=DAY, days=20, services=rows, spread2=spread2)


def shift(window: str, start: str = "09:00", end: str = "12:00", **more: Any) -> dict[str, Any]:
    return {"window": window, "staff": f"C{window}", "from": start, "to": end, **more}


def half_hour(found: day.StaffingDay, time: str) -> day.StaffingHalfHour:
    hours, minutes = time.split(":")
    return next(one for one in found.half_hours if one.start_min == 60 * int(hours) + int(minutes))


def test_half_hours_are_those_in_which_the_hall_is_open_and_need_a_forecast():
    found = day.staffing_day(hall(), forecast(10), KEEPS, UNSEEN)
    assert [one.start_min for one in found.half_hours] == list(range(540, 720, 30))
    assert {one.came for one in found.half_hours} == {None}
    found = day.staffing_day(hall(roster=[shift("1")]), DayForecast(date=DAY, days=2), KEEPS, UNSEEN)
    assert (found.total, half_hour(found, "10:00").needed, half_hour(found, "10:00").planned) == (None, None, 1)
    assert half_hour(found, "10:00").missing_window_count is None
    hours = [{"days": "1-4", "from": "09:00", "to": "12:00"}]
    setup = hall(services=[{"code": code, "name": code, "prefix": code, "hours": hours} for code in "AB"])
    nobody = DayForecast(date=DAY, days=20, services={"A": (0.0,) * 48})
    assert day.staffing_day(setup, nobody, KEEPS, UNSEEN).half_hours == ()


def test_a_steady_flow_needs_what_erlang_says():
    """Thirty people of six minutes in each half hour: once the hall has filled, a load of six."""
    found = day.staffing_day(hall(), forecast(30), KEEPS, UNSEEN)
    steady = half_hour(found, "11:00")
    assert steady.load == pytest.approx(6, abs=0.01)
    alone = day.ArrivalRateAndHandling(per_hour=60, handling_min=6)
    assert steady.needed == day.performance_of_fewest_windows(alone, target=0.8, within_min=15).windows
    assert half_hour(found, "9:00").load is not None and half_hour(found, "9:00").load == pytest.approx(5.98, abs=0.05)
    assert steady.needed_busy is not None and steady.needed is not None and steady.needed_busy >= steady.needed


def test_the_roster_counts_with_its_thinnest_moment_and_a_service_short_of_windows_is_named():
    roster = [shift("1", breaks=[{"from": "10:10", "minutes": 15}]), shift("2", "09:15"), shift("3", end="11:45")]
    found = day.staffing_day(hall(roster=roster), forecast(5), KEEPS, UNSEEN)
    assert [one.planned for one in found.half_hours] == [2, 3, 2, 3, 3, 2]
    setup = hall(roster=[shift("1"), shift("2"), shift("3"), shift("4")])
    found = day.staffing_day(setup, forecast(2, 5), KEEPS, UNSEEN)
    short = half_hour(found, "10:30").short_of
    assert [one.service for one in short] == ["B"] and short[0].planned == 1 and short[0].needed > 1
    assert (half_hour(found, "10:30").needed or 0) >= short[0].needed


def test_the_target_is_the_halls_own():
    easy, hard = hall(), hall(targets=[{"measure": "within_target", "value": 98}], settings={"wait_target_minutes": 2})
    assert (day.staffing_goal_on(easy, DAY).share, day.staffing_goal_on(easy, DAY).within_min) == (0.8, 15)
    assert (day.staffing_goal_on(hard, DAY).share, day.staffing_goal_on(hard, DAY).within_min) == (0.98, 2)
    found = [day.staffing_day(setup, forecast(30), KEEPS, UNSEEN) for setup in (easy, hard)]
    needed = [half_hour(one, "11:00").needed for one in found]
    assert needed[0] is not None and needed[1] is not None and needed[1] > needed[0]


def test_a_service_nobody_was_served_for_takes_what_the_set_up_says():
    items = [{"code": "X", "name": "X", "minutes": 4}, {"code": "Y", "name": "Y", "minutes": 8}]
    a, b = ({"code": code, "name": code, "prefix": code} for code in "AB")
    setup = hall(services=[{**a, "items": items}, {**b, "handling_target": 10}])
    assert [day.default_handling_time(service).mean_min for service in setup.services.values()] == [6, 10]


def moment(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=UTC)


def came(n: int, until: int) -> DayArrivals:
    return DayArrivals(date=DAY, services={"A": tuple(n if 18 <= slot < until else 0 for slot in range(48))})


def test_a_day_shows_who_came_and_who_was_at_work_until_now():
    pauses = (Pause(start=moment(10, 10), end=moment(10, 25), reason="r"),)
    shifts = [
        Shift(id=1, window="1", staff="C1", date=DAY, opened=moment(9), closed=moment(12), pauses=pauses),
        Shift(id=2, window="2", staff="C2", date=DAY, opened=moment(9, 45), closed=moment(11)),
    ]
    seen = day.DayArrivalsAndShifts(came=came(11, 24), shifts=shifts, is_past=True)
    found = day.staffing_day(hall(), forecast(10), KEEPS, seen)
    assert [one.came for one in found.half_hours] == [11] * 6
    assert [one.at_work for one in found.half_hours] == [1, 1.5, 1.5, 2, 1, 1]
    assert found.came == 66
    shifts = [Shift(id=1, window="1", staff="C1", date=DAY, opened=moment(9))]
    seen = day.DayArrivalsAndShifts(came=came(10, 20), shifts=shifts, now=moment(10, 10), now_min=610)
    found = day.staffing_day(hall(), forecast(10), KEEPS, seen)
    assert [one.at_work for one in found.half_hours] == [1, 1, None, None, None, None]


def test_a_busy_morning_raises_what_is_still_to_come_and_leaves_what_was_expected():
    seen = day.DayArrivalsAndShifts(came=came(20, 20), now=moment(10), now_min=600)
    usual, busy = (day.staffing_day(hall(), forecast(10), KEEPS, one) for one in (UNSEEN, seen))
    assert half_hour(busy, "9:30").people.mean == half_hour(usual, "9:30").people.mean == 10
    assert 11.5 < half_hour(busy, "11:00").people.mean < 16
    assert [one.came for one in busy.half_hours] == [20, 20, None, None, None, None]
    assert busy.total == usual.total


@pytest.mark.parametrize(("waiting", "more"), [(0, False), (3, False), (40, True)])
def test_a_line_needs_windows_until_it_is_gone(waiting: int, more: bool):
    seen = day.DayArrivalsAndShifts(came=came(10, 20), now=moment(10), now_min=600, waiting=waiting, open_now=2)
    found = day.staffing_day(hall(), forecast(10), KEEPS, seen)
    assert (found.backlog is not None) is more
    if found.backlog is not None:
        assert found.backlog.needed > found.backlog.flow == half_hour(found, "10:00").needed
        assert (found.backlog.waiting, found.backlog.open) == (40, 2)


# -- windows for a flow: Erlang's formulas against known figures, offered loads, and what a line adds ------------------
def known() -> list[dict[str, float]]:
    with (Path(__file__).parent.parent.parent / "golden" / "erlang_c.csv").open(encoding="utf-8") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", known(), ids=lambda row: f"{row['arrivals_per_hour']:g}x{row['windows']:g}")
def test_figures_that_are_known(row):
    flow = day.ArrivalRateAndHandling(per_hour=row["arrivals_per_hour"], handling_min=row["handling_minutes"])
    windows = int(row["windows"])
    found = day.line_performance_with_windows(flow, windows, within_min=5)
    assert (round(found.p_wait, 4), round(found.mean_wait_min, 3)) == (row["p_wait"], row["mean_wait_minutes"])
    shares = [day.line_performance_with_windows(flow, windows, within_min=minutes).within for minutes in (5, 10, 15)]
    assert [share and round(share, 4) for share in shares] == [row["within_5"], row["within_10"], row["within_15"]]


def test_formulas_at_their_simplest_with_too_few_windows_and_with_a_thousand():
    assert round(day.erlang_b(6, 5), 4) == 0.1918
    assert day.erlang_c(1, 0.5) == pytest.approx(0.5)
    assert day.erlang_c(2, 1) == pytest.approx(1 / 3)
    assert day.erlang_c(3, 3) == day.erlang_c(3, 7) == day.erlang_c(0, 0) == 1
    few = day.line_performance_with_windows(day.ArrivalRateAndHandling(per_hour=60, handling_min=5), 5, within_min=10)
    assert (few.p_wait, few.mean_wait_min, few.within) == (None, None, None)
    none = day.performance_of_fewest_windows(
        day.ArrivalRateAndHandling(per_hour=0, handling_min=5), target=0.99, within_min=0
    )
    assert (none.windows, none.p_wait, none.mean_wait_min, none.within) == (1, 0, 0, 1)
    crowd = day.ArrivalRateAndHandling(per_hour=12_000, handling_min=5)
    assert 1000 < day.performance_of_fewest_windows(crowd, target=0.8, within_min=1).windows < 1040
    assert day.erlang_c(100_000, 10) == 0


@pytest.mark.parametrize(("per_hour", "handling", "windows"), [(60, 5, 6), (30, 20, 12)])
def test_the_fewest_windows_for_a_target(per_hour, handling, windows):
    flow = day.ArrivalRateAndHandling(per_hour=per_hour, handling_min=handling)
    found = day.performance_of_fewest_windows(flow, target=0.8, within_min=10)
    one_less = day.line_performance_with_windows(flow, windows - 1, within_min=10)
    assert found.windows == windows
    assert found == day.line_performance_with_windows(flow, windows, within_min=10)
    assert one_less.within is None or one_less.within < 0.8


@pytest.mark.parametrize("target", [0, 1, 1.2, -0.1])
def test_no_number_of_windows_makes_a_certainty(target):
    with pytest.raises(ValueError):
        day.performance_of_fewest_windows(
            day.ArrivalRateAndHandling(per_hour=60, handling_min=5), target=target, within_min=10
        )


def memoryless(length: float) -> float:
    """Return the cover of handling times without memory, of 6.6 minutes in the mean."""
    return 6.6 * (1 - exp(-max(0.0, length) / 6.6))


def test_a_steady_load_one_that_began_and_one_that_lags_behind_arrivals():
    always = [1.0] * 48
    for cover in (
        memoryless,
        day.lognormal_limited_mean_function(6.6, 4.0),
        day.lognormal_limited_mean_function(6.6, 0.0),
    ):
        assert day.offered_load(always, 30, cover, 720) == pytest.approx(6.6)
    switched = [0.0, 1.0, 1.0]
    assert day.offered_load(switched, 30, memoryless, 36.6) == pytest.approx(6.6 * (1 - exp(-1)))
    assert round(day.offered_load(switched, 30, memoryless, 36.6), 3) == 4.172
    assert day.offered_load(switched, 30, memoryless, 30) == 0
    loads = day.slice_loads([0.0, 2.0, 0.0, 0.0], 30, day.lognormal_limited_mean_function(20.0, 0.0))
    assert [max(step) for step in loads] == pytest.approx([0, 40, 40, 0])


@pytest.mark.parametrize(
    ("windows", "waiting", "added"), [(6, 0, 0), (6, 9, 0), (6, 10, 1), (6, 25, 4), (0, 5, 2), (6, 9 + 5 * 30 / 6.6, 5)]
)
def test_a_line_needs_windows_beside_the_flow(windows, waiting, added):
    """Six windows of 6.6 minutes call 9 people in ten minutes; each 4.5 more take one window for half an hour."""
    assert day.windows_needed_with_backlog(windows, waiting, 6.6, 10) == windows + added


# -- the plan of a hall: whom it has at which window on a day ----------------------------------------------------------
FRIDAY = date(2026, 11, 20)


def row(window: str, staff: str, **when: object) -> RosterRow:
    return RosterRow(window=window, staff=staff, start=510, end=1050, **when)  # type: ignore[arg-type]


ROSTER = (
    row("1", "every day"),
    row("1", "Fridays", weekdays=frozenset({5})),
    row("1", "this Friday", date=FRIDAY),
    row("2", "every day"),
    row("2", "weekend", weekdays=frozenset({6, 7})),
    row("3", "another Friday", date=date(2026, 11, 27)),
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (FRIDAY, {"1": "this Friday", "2": "every day"}),
        (date(2026, 11, 27), {"1": "Fridays", "2": "every day", "3": "another Friday"}),
        (date(2026, 11, 21), {"1": "every day", "2": "weekend"}),
        (date(2026, 11, 23), {"1": "every day", "2": "every day"}),
    ],
)
def test_what_names_the_day_closest_stands_for_a_window(day: date, expected: dict[str, str]) -> None:
    assert {r.window: r.staff for r in shifts_planned_on(ROSTER, day)} == expected


def test_holidays_plan_nobody_and_make_up_days_whoever_works_most_weekdays() -> None:
    office = row("4", "office", weekdays=frozenset({1, 2, 3, 4, 5}))
    days = {date(2026, 11, 21): DateUnlikeItsWeekday(kind="working"), FRIDAY: DateUnlikeItsWeekday(kind="holiday")}
    calendar = Calendar(days=days)
    changing = [row("5", f"weekday {n}", weekdays=frozenset({n})) for n in range(1, 7)]
    found = {r.window: r.staff for r in shifts_planned_on((*ROSTER, office, *changing), date(2026, 11, 21), calendar)}
    assert found == {"1": "every day", "2": "every day", "4": "office", "5": "weekday 1"}
    assert {r.staff for r in shifts_planned_on(ROSTER, FRIDAY, calendar)} == {"this Friday"}


def test_a_row_that_is_off_plans_nobody_and_a_break_is_no_time_at_the_window() -> None:
    off = RosterRow(window="1", staff="", start=0, end=0, date=FRIDAY, off=True)
    assert {r.window for r in shifts_planned_on((*ROSTER[:2], *ROSTER[3:], off), FRIDAY)} == {"2"}
    sits = RosterRow(window="1", staff="C1", start=510, end=1050, breaks=(ShiftBreak(start=690, minutes=40),))
    found = [sits.is_working_at(minute) for minute in (509, 510, 689, 690, 729, 730, 1049, 1050)]
    assert found == [False, True, True, False] * 2
