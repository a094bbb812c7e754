"""A day as strokes and lanes: from the tickets and shifts of a hall, and what is usual of a weekday."""

from datetime import timedelta

import numpy as np
import pytest

from queuedesk.core.figures.day_ribbon import (
    FEWEST_USUAL_DAYS,
    day_ribbon,
    forecast_waiting_next_hour,
    mean_waiting_by_quarter_hour,
)
from queuedesk.core.queue.hallday import end_of_day, utc_moment_of_hall_minute
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY
from queuedesk.core.waits.arrival_forecast import DayForecast
from queuedesk.core.waits.quote import cached_wait_snapshot
from queuedesk.desk import looking
from queuedesk.desk.queue import opening
from tests.hall import make_hall


@pytest.fixture
def hall(tmp_path):
    return make_hall(tmp_path, time="9:00")


def shown(hall):
    return day_ribbon(looking.hall_state_now(hall.desk, hall.clock()), hall.date, hall.clock())


def test_a_visit_is_its_wait_its_way_and_its_time_at_the_window(hall):
    hall.open("1", "C1")
    first, second = hall.queue("A", "A")
    hall.play(10, "call 1", 1, "start 1", 5, "finish 1", 2, "call 1")
    day = shown(hall)
    one, two = day.steps_of_ticket(first), day.steps_of_ticket(second)
    (walked,) = [(s.waits, s.walks, s.served, s.window, s.is_on) for s in one]
    assert walked == ((540, 550), (550, 551), (551, 556), "1", False)
    assert [(s.waits, s.served, s.is_on) for s in two] == [((540, 558), None, True)]
    assert (day.now, day.target) == (558, 15)


def missed_and_called_again(hall, *, again="1"):
    """Have somebody called to window 1 at 9:10, missed at 9:11, back in line at 9:14 and called again at 9:18."""
    hall.open("1", "C1")
    if again != "1":
        hall.open(again, "C2")
    label = hall.issue("A")
    hall.play(10, "call 1", 1, "miss 1")
    hall.after(3, "reinstate", label)
    hall.after(4, "call", again)
    hall.clock.move(minutes=1)
    return label


@pytest.mark.parametrize("again", ["1", "2"])
@pytest.mark.parametrize("ends", [("finish",), ("transfer", "C")])
def test_who_was_missed_walks_until_the_miss_and_from_the_next_call(hall, again, ends):
    label = missed_and_called_again(hall, again=again)
    hall.do("start", again)
    hall.after(5, ends[0], again, *ends[1:])
    at_windows = sorted((s.walks, s.window, s.served) for s in shown(hall).steps_of_ticket(label) if s.window)
    assert at_windows == [((550, 551), "1", None), ((558, 559), again, (559, 564))]


def test_who_is_missed_is_not_on_the_way_any_more(hall):
    label = missed_and_called_again(hall)
    for act, what in (("miss", "1"), ("reinstate", label), ("leave", label)):
        hall.do(act, what)
        assert [s.walks for s in shown(hall).steps_of_ticket(label) if s.walks is not None] == [(558, 559)], act
        hall.clock.move(minutes=6)


def test_a_call_that_is_repeated_is_one_way(hall):
    hall.open("1", "C1")
    label = hall.issue("A")
    hall.play("call 1", 2, "recall 1", 1, "start 1", 5, "transfer 1 C")
    assert [s.walks for s in shown(hall).steps_of_ticket(label) if s.walks is not None] == [(540, 543)]


def test_a_visit_that_the_days_end_ended_makes_its_ribbon_no_longer(hall):
    hall.open("1", "C1")
    served, left = hall.queue("A", "A")
    hall.play(10, "call 1", 1, "start 1")
    today, end = hall.date, shown(hall).end
    hall.clock.move(minutes=24 * 60)
    hall.issue("A")  # the first of the next day ends the one before
    day = day_ribbon(looking.hall_state_on(hall.desk, today), today, hall.clock())
    assert hall.ticket(left, today).legs[-1].ended == end_of_day(looking.setup_of_hall(hall.desk), today)
    assert day.end == end < MINUTES_A_DAY
    assert [s.waits for s in day.steps_of_ticket(left)] == [(540, end)]
    assert [s.served[0] for s in day.steps_of_ticket(served)] == [551]
    assert max(s.end_minute for s in day.strokes) <= end


def test_lanes_are_the_windows_of_the_set_up_with_their_pauses(hall):
    hall.play("open 1 staff=C1", 30)
    opening.pause_window(hall.desk, hall.ask(), "1", reason="break", minutes=10)
    hall.clock.move(minutes=6)
    ribbon = shown(hall)
    lane, closed = (next(lane for lane in ribbon.lanes if lane.window == window) for window in "12")
    assert (list(lane.open), list(lane.pauses)) == ([(540, ribbon.end)], [(570, 576)])
    assert not closed.open
    assert (ribbon.start, ribbon.end) == (510, 1050)


def test_usual_is_the_mean_of_such_days_and_nothing_is_said_of_too_few(hall):
    setup = looking.hall_state_now(hall.desk, hall.clock()).setup_now
    weeks = [hall.date - timedelta(days=7 * n) for n in range(1, FEWEST_USUAL_DAYS + 1)]
    waits = [(day, *(utc_moment_of_hall_minute(setup, day, minute) for minute in (590, 620))) for day in weeks]
    usual = dict(mean_waiting_by_quarter_hour(setup, hall.date, [*waits, waits[0]]))
    assert (usual[585], usual[600], usual[615], usual[630]) == (0, 1.25, 1.25, 0)
    assert mean_waiting_by_quarter_hour(setup, hall.date, waits[1:]) == []


def test_the_next_hour_is_told_only_where_somebody_knows(hall):
    hall.queue("A", "A")
    forecast = DayForecast(date=hall.date, days=20, services=dict.fromkeys(("A", "B"), (4.0,) * 48), spread2=0.02)

    def ahead(known):
        return forecast_waiting_next_hour(looking.hall_state_now(hall.desk, hall.clock()), known, hall.clock())

    assert ahead(forecast) == [], "no window is open"
    hall.open("1", "C1")
    assert ahead(DayForecast(date=hall.date, days=2)) == [], "too few days"
    found = ahead(forecast)
    assert [one.minute for one in found] == [540, 555, 570, 585, 600]
    assert (found[0].low, found[0].middle, found[0].high) == (2, 2, 2)
    assert all(0 <= one.low <= one.middle <= one.high for one in found)
    assert found[-1].high - found[-1].low >= found[1].high - found[1].low


def test_about_four_futures_of_five_lie_in_the_fan(hall):
    """Futures played apart from the program: people come by chance, visits differ, two windows take who is first."""
    hall.play("open 1 staff=C1", "open 2 staff=C2")
    hall.queue(*"AAAAAAAA")
    forecast = DayForecast(date=hall.date, days=20, services={"A": (11.0,) * 48}, spread2=0.02)
    state = looking.hall_state_now(hall.desk, hall.clock())
    fan = forecast_waiting_next_hour(state, forecast, hall.clock())[1:]
    live = cached_wait_snapshot(state, hall.clock()).live
    visit = live.learned.services["A"]
    rng = np.random.default_rng(5)

    def waiting(at):
        pace = np.exp(rng.normal(0, live.doubt))  # how long visits take is not known better in a new hall
        factor = rng.gamma(1 / forecast.spread2, forecast.spread2)
        coming = np.sort(rng.uniform(0, 60, rng.poisson(22 * factor)))
        free, called = [0.0, 0.0], []
        shape = visit.mean_min**2 / visit.var_min2
        for came in (*[0.0] * 8, *coming):
            first = min(free)
            called.append(max(came, first))
            lasts = pace * rng.gamma(shape, visit.mean_min / shape)
            free[free.index(first)] = called[-1] + lasts + live.learned.between_min
        came = np.array([*[0.0] * 8, *coming])
        return [int(((came <= minute) & (np.array(called) > minute)).sum()) for minute in at]

    ahead = [one.minute - 540 for one in fan]
    futures = np.array([waiting(ahead) for _ in range(1000)])
    inside = [((n >= one.low - 0.5) & (n <= one.high + 0.5)).mean() for n, one in zip(futures.T, fan, strict=True)]
    assert 0.70 <= np.mean(inside) <= 0.90, inside
