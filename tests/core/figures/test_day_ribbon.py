"""A day as strokes and lanes: from the tickets and shifts of a hall, and what is usual of a weekday."""

from __future__ import annotations

from datetime import timedelta

from queuedesk.core.figures.day_ribbon import FEWEST_USUAL_DAYS, day_ribbon, next_hour, usual_waiting
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.waits.arrival_forecast import DayForecast
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, opening, serving
from tests.hall import make_hall


def shown(hall):
    return day_ribbon(looking.hall_now(hall.desk, hall.clock()), hall.date, hall.clock())


def test_a_visit_is_its_wait_its_way_and_its_time_at_the_window(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    hall.open("1", "C1")
    first, second = hall.queue("A", "A")
    hall.clock.move(minutes=10)
    hall.call("1")
    hall.clock.move(minutes=1)
    calling.start(hall.desk, hall.ask(), "1")
    hall.clock.move(minutes=5)
    serving.finish(hall.desk, hall.ask(), "1")
    hall.clock.move(minutes=2)
    hall.call("1")
    day = shown(hall)

    one, two = day.of(first), day.of(second)
    assert [(s.waits, s.walks, s.served, s.window, s.is_on) for s in one] == [
        ((540, 550), (550, 551), (551, 556), "1", False)
    ]
    assert [(s.waits, s.served, s.is_on) for s in two] == [((540, 558), None, True)]
    assert day.now == 558
    assert day.target == 15


def test_lanes_are_the_windows_of_the_set_up_with_their_pauses(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    hall.open("1", "C1")
    hall.clock.move(minutes=30)
    opening.pause(hall.desk, hall.ask(), "1", reason="break", minutes=10)
    hall.clock.move(minutes=6)

    ribbon = shown(hall)
    lane = next(lane for lane in ribbon.lanes if lane.window == "1")
    closed = next(lane for lane in ribbon.lanes if lane.window == "2")
    assert list(lane.open) == [(540, ribbon.end)]
    assert list(lane.pauses) == [(570, 576)]
    assert not closed.open
    assert (ribbon.start, ribbon.end) == (510, 1050)


def test_usual_is_the_mean_of_such_days_and_nothing_is_said_of_too_few(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    setup = looking.hall_now(hall.desk, hall.clock()).setup_now
    weeks = [hall.date - timedelta(days=7 * n) for n in range(1, FEWEST_USUAL_DAYS + 1)]
    waits = [(day, hall_moment(setup, day, 590), hall_moment(setup, day, 620)) for day in weeks]

    usual = dict(usual_waiting(setup, hall.date, [*waits, waits[0]]))
    assert (usual[585], usual[600], usual[615], usual[630]) == (0, 1.25, 1.25, 0)
    assert usual_waiting(setup, hall.date, waits[1:]) == []


def test_the_next_hour_is_told_only_where_somebody_knows(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    hall.queue("A", "A")
    forecast = DayForecast(date=hall.date, days=20, services=dict.fromkeys(("A", "B"), (4.0,) * 48), spread2=0.02)

    def ahead(known):
        return next_hour(looking.hall_now(hall.desk, hall.clock()), known, hall.clock())

    assert ahead(forecast) == [], "no window is open"
    hall.open("1", "C1")
    assert ahead(DayForecast(date=hall.date, days=2)) == [], "too few days"
    found = ahead(forecast)
    assert [one.minute for one in found] == [540, 555, 570, 585, 600]
    assert (found[0].low, found[0].middle, found[0].high) == (2, 2, 2)
    assert all(0 <= one.low <= one.middle <= one.high for one in found)
    assert found[-1].high - found[-1].low >= found[1].high - found[1].low
