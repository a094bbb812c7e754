"""A day's windows: load and target into windows, the roster's thinnest moment, single services, a day under way, and
lines."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from queuedesk.core.queue.ticket import Pause, Shift
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.day import (
    Flow,
    HalfHour,
    Keeps,
    Seen,
    StaffingDay,
    fewest,
    goal_on,
    keeps_of,
    staffing_day,
)
from queuedesk.core.waits.arrival_forecast import DayArrivals, DayForecast

DAY = date(2026, 11, 20)
KEEPS = {"A": Keeps(mean_min=6, sd_min=4, n=90), "B": Keeps(mean_min=12, sd_min=8, n=40)}


def hall(**parts: Any) -> Setup:
    own = {"code": "H", "name": "H", "timezone": "UTC", "opens": "09:00", "closes": "12:00"}
    services = [{"code": code, "name": code, "prefix": code} for code in ("A", "B")]
    windows = [{"code": code, "services": ["A", "B"] if code == "1" else ["A"]} for code in "1234"]
    staff = [{"code": f"C{n}", "name": f"C{n}", "role": "clerk"} for n in range(1, 5)]
    return check_setup({"hall": own, "services": services, "windows": windows, "staff": staff, **parts})


def forecast(a: float, b: float = 0.0, *, slots: range = range(18, 24), spread2: float = 0.0144) -> DayForecast:
    rows = {code: tuple(n if slot in slots else 0.0 for slot in range(48)) for code, n in (("A", a), ("B", b))}
    return DayForecast(date=DAY, days=20, services=rows, spread2=spread2)


def shift(window: str, start: str = "09:00", end: str = "12:00", **more: Any) -> dict[str, Any]:
    return {"window": window, "staff": f"C{window}", "from": start, "to": end, **more}


def at(found: StaffingDay, time: str) -> HalfHour:
    hours, minutes = time.split(":")
    return next(one for one in found.half_hours if one.start_min == 60 * int(hours) + int(minutes))


def test_half_hours_are_those_in_which_the_hall_is_open():
    found = staffing_day(hall(), forecast(10), KEEPS, Seen())
    assert [one.start_min for one in found.half_hours] == list(range(540, 720, 30))
    assert {one.came for one in found.half_hours} == {None}


def test_a_steady_flow_needs_what_erlang_says():
    """Thirty people of six minutes in each half hour: once the hall has filled, a load of six."""
    found = staffing_day(hall(), forecast(30), KEEPS, Seen())
    steady = at(found, "11:00")
    assert steady.load == pytest.approx(6, abs=0.01)
    assert steady.needed == fewest(Flow(per_hour=60, handling_min=6), target=0.8, within_min=15).windows
    assert at(found, "9:00").load is not None and at(found, "9:00").load == pytest.approx(5.98, abs=0.05)
    assert steady.needed_busy is not None and steady.needed is not None and steady.needed_busy >= steady.needed


def test_a_hall_without_a_forecast_has_no_windows_needed():
    found = staffing_day(hall(roster=[shift("1")]), DayForecast(date=DAY, days=2), KEEPS, Seen())
    assert (found.total, at(found, "10:00").needed, at(found, "10:00").planned) == (None, None, 1)
    assert at(found, "10:00").gap is None


def test_a_closed_date_has_no_half_hours():
    hours = [{"days": "1-4", "from": "09:00", "to": "12:00"}]
    setup = hall(services=[{"code": code, "name": code, "prefix": code, "hours": hours} for code in "AB"])
    nobody = DayForecast(date=DAY, days=20, services={"A": (0.0,) * 48})
    assert staffing_day(setup, nobody, KEEPS, Seen()).half_hours == ()


def test_the_roster_counts_with_its_thinnest_moment():
    roster = [shift("1", breaks=[{"from": "10:10", "minutes": 15}]), shift("2", "09:15"), shift("3", end="11:45")]
    found = staffing_day(hall(roster=roster), forecast(5), KEEPS, Seen())
    assert [one.planned for one in found.half_hours] == [2, 3, 2, 3, 3, 2]


def test_a_service_that_needs_more_than_may_serve_it_is_named():
    setup = hall(roster=[shift("1"), shift("2"), shift("3"), shift("4")])
    found = staffing_day(setup, forecast(2, 5), KEEPS, Seen())
    short = at(found, "10:30").short_of
    assert [one.service for one in short] == ["B"] and short[0].planned == 1 and short[0].needed > 1
    assert (at(found, "10:30").needed or 0) >= short[0].needed


def test_the_target_is_the_halls_own():
    easy, hard = hall(), hall(targets=[{"measure": "within_target", "value": 98}], settings={"wait_target_minutes": 2})
    assert (goal_on(easy, DAY).share, goal_on(easy, DAY).within_min) == (0.8, 15)
    assert (goal_on(hard, DAY).share, goal_on(hard, DAY).within_min) == (0.98, 2)
    needed = [at(staffing_day(setup, forecast(30), KEEPS, Seen()), "11:00").needed for setup in (easy, hard)]
    assert needed[0] is not None and needed[1] is not None and needed[1] > needed[0]


def test_a_service_nobody_was_served_for_takes_what_the_set_up_says():
    items = [{"code": "X", "name": "X", "minutes": 4}, {"code": "Y", "name": "Y", "minutes": 8}]
    services = [
        {"code": "A", "name": "A", "prefix": "A", "items": items},
        {"code": "B", "name": "B", "prefix": "B", "handling_target": 10},
    ]
    setup = hall(services=services)
    assert [keeps_of(service).mean_min for service in setup.services.values()] == [6, 10]


def moment(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=UTC)


def came(n: int, until: int) -> DayArrivals:
    return DayArrivals(date=DAY, services={"A": tuple(n if 18 <= slot < until else 0 for slot in range(48))})


def test_a_day_that_is_over_shows_who_came_and_who_was_at_work():
    pauses = (Pause(start=moment(10, 10), end=moment(10, 25), reason="r"),)
    shifts = [
        Shift(id=1, window="1", staff="C1", date=DAY, opened=moment(9), closed=moment(12), pauses=pauses),
        Shift(id=2, window="2", staff="C2", date=DAY, opened=moment(9, 45), closed=moment(11)),
    ]
    found = staffing_day(hall(), forecast(10), KEEPS, Seen(came=came(11, 24), shifts=shifts, is_past=True))
    assert [one.came for one in found.half_hours] == [11] * 6
    assert [one.at_work for one in found.half_hours] == [1, 1.5, 1.5, 2, 1, 1]
    assert found.came == 66


def test_a_busy_morning_raises_what_is_still_to_come_and_leaves_what_was_expected():
    seen = Seen(came=came(20, 20), now=moment(10), now_min=600)
    usual, busy = staffing_day(hall(), forecast(10), KEEPS, Seen()), staffing_day(hall(), forecast(10), KEEPS, seen)

    def due(found: StaffingDay, time: str) -> float:
        people = at(found, time).people
        assert people is not None
        return people.mean

    assert due(busy, "9:30") == due(usual, "9:30") == 10
    assert 11.5 < due(busy, "11:00") < 16
    assert [one.came for one in busy.half_hours] == [20, 20, None, None, None, None]
    assert busy.total == usual.total


@pytest.mark.parametrize(("waiting", "more"), [(0, False), (3, False), (40, True)])
def test_a_line_needs_windows_until_it_is_gone(waiting: int, more: bool):
    seen = Seen(came=came(10, 20), now=moment(10), now_min=600, waiting=waiting, open_now=2)
    found = staffing_day(hall(), forecast(10), KEEPS, seen)
    assert (found.backlog is not None) is more
    if found.backlog is not None:
        assert found.backlog.needed > found.backlog.flow == at(found, "10:00").needed
        assert (found.backlog.waiting, found.backlog.open) == (40, 2)


def test_nobody_is_at_work_after_now():
    shifts = [Shift(id=1, window="1", staff="C1", date=DAY, opened=moment(9))]
    seen = Seen(came=came(10, 20), shifts=shifts, now=moment(10, 10), now_min=610)
    found = staffing_day(hall(), forecast(10), KEEPS, seen)
    assert [one.at_work for one in found.half_hours] == [1, 1, None, None, None, None]
