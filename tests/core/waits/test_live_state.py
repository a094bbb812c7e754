"""The hall as the pass sees it: who is away until when, what is left of a visit, who will come, how fast today goes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import NO_FIGURES, NO_WINDOW_OPEN, NOT_REACHED, QuotedWait
from queuedesk.core.queue.overview import line_position_and_wait, service_lines
from queuedesk.core.waits.estimates import (
    Estimates,
    NoShowStatistics,
    UsualWindowHours,
    handling_from_mean,
    handling_from_visits,
)
from queuedesk.core.waits.live import LiveHall, LiveWindow
from queuedesk.core.waits.quote import SURE_VISITS, cached_wait_snapshot, live_hall
from queuedesk.desk import looking
from tests.core.waits.past_day import at_bins
from tests.hall import Hall, at, make_hall, simple_hall

TEN_MINUTES = Estimates(days=9, services={code: handling_from_visits([8.0, 10.0, 12.0]) for code in "ABC"})


def roster(*rows: tuple[str, str, str, str], breaks: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    return [{"window": w, "staff": s, "from": f, "to": t, "breaks": list(breaks)} for w, s, f, t in rows]


def state_of(hall: Hall, learned: Estimates = TEN_MINUTES) -> HallState:
    state = looking.hall_state_now(hall.desk, hall.clock())
    state.learned = learned
    return state


def seen(hall: Hall, learned: Estimates = TEN_MINUTES) -> LiveHall:
    return live_hall(state_of(hall, learned), hall.clock())


def window(live: LiveHall, code: str = "1") -> LiveWindow:
    return next(w for w in live.windows if w.code == code)


def free(hall: Hall, code: str = "1", learned: Estimates = TEN_MINUTES) -> float:
    """Return in how many minutes a window is free."""
    return window(seen(hall, learned), code).free_min


def told(hall: Hall, service: str = "A", learned: Estimates = TEN_MINUTES) -> object:
    """Return what somebody is told who would take a ticket now."""
    return next(line.wait for line in service_lines(state_of(hall, learned), hall.clock()) if line.service == service)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Windows 1 and 2 are open."""
    hall = simple_hall(tmp_path)
    hall.play("open 1 staff=C1", "open 2 staff=C2")
    return hall


@pytest.fixture
def planned(tmp_path: Path) -> Hall:
    rows = roster(("1", "C1", "9:00", "17:00"), breaks=[{"from": "12:00", "minutes": 40}])
    return simple_hall(tmp_path, time="11:50", roster=[*rows, *roster(("2", "C2", "13:00", "16:30"))])


# -- what is left of a visit -------------------------------------------------------------------------------------------
def test_a_free_window_takes_somebody_now_and_a_busy_one_when_its_visit_is_over(hall: Hall) -> None:
    hall.play("issue A", "call 1", 4)
    live = seen(hall)
    assert (window(live, "2").free_min, window(live, "2").now_serving) == (0, None)
    assert window(live).free_min == pytest.approx(6, abs=0.1)
    assert (window(live).now_serving, window(live).services) == ("A", frozenset("A"))
    assert {w.code for w in live.windows} == {"1", "2"}
    hall.play("miss 1", 9, "reinstate A001", "call 1")
    assert free(hall) == pytest.approx(10, abs=0.1), "a call after a miss begins anew"


def test_time_put_aside_is_not_time_at_the_window_and_who_is_aside_comes_back(hall: Hall) -> None:
    hall.play("issue A", "call 1", "start 1", 3, "park 1 reason=copies", 4)
    assert seen(hall).returning == (("A", 6.0),)
    assert window(seen(hall)).now_serving is None
    hall.play("unpark 1 A001", 1)
    assert free(hall) == pytest.approx(6, abs=0.1)
    assert seen(hall).returning == ()
    plain = free(hall)
    hall.do("stall", "1", reason="system")
    assert free(hall) == pytest.approx(plain + 6), "another system stands still"


def test_the_clerk_and_the_day_stretch_what_is_left(hall: Hall) -> None:
    for _ in range(20):
        hall.play("issue A", "serve-out 1 minutes=15")
    assert window(seen(hall)).factor == pytest.approx(1 + 20 / 40 * 0.5, abs=0.01)
    assert window(seen(hall, replace(TEN_MINUTES, clerks={"C1": 1.5}))).factor == pytest.approx(1.5, abs=0.01)


# -- who is away, and until when ---------------------------------------------------------------------------------------
def test_who_said_when_they_are_back_is_back_then_and_other_pauses_are_short_ones_that_grow(hall: Hall) -> None:
    hall.do("pause", "1", reason="bank", minutes=25)
    hall.play("pause 2 reason=errand", 10)
    assert (window(seen(hall)).free_min, window(seen(hall)).is_sure) == (15, True)
    hall.clock.move(minutes=18)
    assert free(hall) == 3, "late, as after any pause"
    hall.play("resume 2", "pause 2 reason=errand")
    found = []
    for _ in range(4):
        found.append(free(hall, "2"))
        hall.clock.move(minutes=8)
    assert found == [6, 1, 8, 12]
    assert not window(seen(hall), "2").is_sure


def test_breaks_closing_and_later_openings_come_from_the_roster_and_a_pause_at_that_time_is_the_break(planned: Hall):
    planned.open("1", "C1")
    own, later = window(seen(planned)), window(seen(planned), "2")
    assert (own.breaks, own.closes_min) == (((10, 40),), 310)
    assert (later.free_min, later.staff, later.closes_min) == (70, "C2", 280)
    planned.play("11:55", "pause 1 reason=lunch", "12:05")
    live = seen(planned)
    assert (window(live).free_min, window(live).breaks, window(live).is_sure) == (30, (), True)
    planned.play("12:36", "resume 1")
    assert (window(seen(planned)).free_min, window(seen(planned)).breaks) == (0, ())
    planned.queue(*"A" * 60)
    assert told(planned) == NOT_REACHED


def test_a_break_falls_due_behind_the_customer_and_is_over_once_the_clerk_calls_again(planned: Hall) -> None:
    planned.play("open 1 staff=C1", "queue A A", "call 1", "12:03")
    assert window(seen(planned)).breaks == ((-3, 40),)
    planned.play("finish 1", "12:13")
    assert free(planned) == 30, "on the break, though nobody wrote it down"
    planned.call("1")
    assert window(seen(planned)).breaks == ()


def test_a_clerk_who_is_late_is_expected_for_a_while_and_one_who_closed_is_not(planned: Hall) -> None:
    found = []
    for time in ("13:00", "13:10", "13:30", "13:50"):
        planned.clock.now = at(time)
        found.append([w.free_min for w in seen(planned).windows if w.code == "2"])
    assert found == [[2], [10], [30], []]
    planned.play("open 2 staff=C2", "close 2")
    assert seen(planned).windows == ()


def test_a_window_that_leaves_people_waiting_is_away_whatever_the_log_says(hall: Hall) -> None:
    hall.play("close 2", "queue B", 30)
    assert free(hall) == 0, "whom it can't serve does not wait for it"
    hall.queue("A", "A")
    found = []
    for minutes in (4, 8, 18, 40):
        hall.clock.move(minutes=minutes)
        found.append([round(w.free_min, 1) for w in seen(hall).windows])
    assert found == [[2.0], [1.0], [15.0], [30.0]]
    state = state_of(hall)
    state.setup_now = replace(state.setup_now, hall=replace(state.setup_now.hall, replayed=True))
    assert live_hall(state, hall.clock()).windows == (), "in a record of elsewhere it has closed after an hour"


def test_who_waits_at_an_open_window_that_calls_nobody_is_told_a_figure_all_the_same(hall: Hall) -> None:
    hall.play("close 2", "queue A A")
    known = replace(TEN_MINUTES, days=1, services={"A": replace(handling_from_mean(10), n=SURE_VISITS)})
    found = []
    for minutes in (40, 30, 60, 120):
        hall.clock.move(minutes=minutes)
        for learned in (TEN_MINUTES, known):
            stands = line_position_and_wait(state_of(hall, learned), hall.ticket("A001"), hall.clock())
            found.append(stands.wait.point_minutes)
    assert found[1::2] == pytest.approx([20, 30, 30, 30], abs=1)
    assert found[::2] == [10] * 4, "nothing shows yet in a new hall that the clerk has gone"


def test_a_window_that_let_people_wait_for_an_hour_counts_where_no_other_is_sure_to_serve(hall: Hall) -> None:
    hall.play("queue A A B", "pause 2 reason=short", 70)
    assert {w.code: (w.is_gone, w.is_sure) for w in seen(hall).windows} == {"1": (True, True), "2": (False, False)}
    assert isinstance(line_position_and_wait(state_of(hall), hall.ticket("A001"), hall.clock()).wait, QuotedWait)
    hall.do("resume", "2")
    assert hall.call("2") == "A001"
    assert [w.code for w in seen(hall).windows] == ["2"]


def test_a_window_that_has_not_called_while_people_wait_is_free_after_its_own_usual_rest(hall: Hall) -> None:
    between = handling_from_visits([0.5] * 99 + [2.5] * 99)
    rests = replace(TEN_MINUTES, between_min=1.5, between_at={"2": 3.0}, between=between)
    assert [w.free_min for w in seen(hall, rests).windows] == [0, 0]  # who comes now is called at once
    hall.play("queue A B", 1)
    assert [w.pause_min for w in seen(hall, rests).windows] == [1.5, 3.0]
    assert [w.free_min for w in seen(hall, rests).windows] == pytest.approx([1.5, 4.0], abs=0.05)
    hall.clock.move(seconds=30)
    assert free(hall, learned=rests) == pytest.approx(1.0, abs=0.05)


def test_habits_stand_in_for_a_roster(hall: Hall) -> None:
    habits = {
        "1": UsualWindowHours(opens=530, closes=1000, breaks=((720, 760),)),
        "3": UsualWindowHours(opens=600, closes=990),
    }
    usual = replace(TEN_MINUTES, habits=habits)
    live = seen(hall, usual)
    assert (window(live).breaks, window(live).closes_min) == (((180, 40),), None)  # nobody closes out of habit
    assert window(live, "3").free_min == 60
    hall.play("close 2", "12:01", "issue A", "12:06")
    assert free(hall, learned=usual) == 34


# -- who waits and who will come ---------------------------------------------------------------------------------------
def test_priority_tickets_that_will_come_are_in_it_and_more_on_a_day_with_more(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:00")
    from_ten = (0.0,) * 20 + (12.0,) * 28
    rates = {"A": from_ten, "B": (0.0,) * 48}
    coming = seen(hall, replace(TEN_MINUTES, priority_per_hour=rates, credit_min=11.0)).arrivals
    assert [(one.service, one.place_min, one.credit_min) for one in coming] == [("A", 2.5, 11.0), ("A", 7.5, 11.0)]
    assert all(one.expected and one.id is None for one in coming)
    usual = replace(TEN_MINUTES, priority_per_hour={"A": (4.0,) * 48}, credit_min=11.0)
    few = len(seen(hall, usual).arrivals)
    for _ in range(31):
        hall.issue("A", klass="elderly")
    assert (few, len(seen(hall, usual).arrivals)) == (0, 3)


def test_credit_places_known_steps_and_held_tickets_are_in_it(hall: Hall) -> None:
    hall.issue("A", then=["B"])
    hall.play(3, "issue A klass=elderly")
    live = seen(hall)
    assert [(t.place_min, t.credit_min) for t in live.tickets] == [(-3, 0), (0, 10)]
    assert (live.normal_calls, live.jump_every) == (None, 3)
    hall.play("call 2 ticket=A001 reason=asked", "start 2", "transfer 2 A to_window=1")
    live = seen(hall)
    sent, other = sorted(live.tickets, key=lambda t: str(t.id))
    assert live.follow_ups == {(hall.date, "A001"): ("B",)}
    assert (sent.only, sent.held_min, sent.redirected, other.only) == (frozenset({"1"}), 15, True, None)


def test_on_the_first_day_today_s_visits_correct_the_guess(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:00")
    hall.open("1", "C1")
    guess = seen(hall, Estimates()).learned.services["A"].mean_min
    for _ in range(10):
        hall.play("issue A", "serve-out 1 minutes=9")
    assert seen(hall, Estimates()).learned.services["A"].mean_min == pytest.approx((5 * guess + 10 * 9) / 15)
    kept = replace(TEN_MINUTES, services={"A": handling_from_visits([4.0, 6.0]), "B": handling_from_mean(3)})
    assert seen(hall, kept).learned.services["A"].mean_min == 5


# -- what is told ------------------------------------------------------------------------------------------------------
def test_why_no_range_is_told(hall: Hall) -> None:
    hall.do("close", "2")
    assert told(hall) == QuotedWait(low=0, high=1, point_s=0)
    assert told(hall, "B") == NO_WINDOW_OPEN
    hall.play("queue A A", "call 1")
    assert isinstance(told(hall), QuotedWait)
    assert told(hall, learned=Estimates()) == NO_FIGURES
    usual = replace(TEN_MINUTES, habits={"1": UsualWindowHours(opens=500, closes=550)})
    assert isinstance(told(hall, learned=usual), QuotedWait)
    hall.play("finish 1", "pause 1 reason=errand")
    assert told(hall) == NO_WINDOW_OPEN
    hall.do("pause", "1", reason="errand", minutes=20)
    assert isinstance(told(hall), QuotedWait)


def test_everybody_who_asks_within_a_second_shares_one_pass_and_is_told_what_the_ticket_will_be(hall: Hall) -> None:
    hall.queue("A", "B", "A", minutes_apart=1)
    hall.call("2")
    state = state_of(hall)
    line = next(line for line in service_lines(state, hall.clock()) if line.service == "B")
    first = cached_wait_snapshot(state, hall.clock()).forecast
    assert isinstance(line_position_and_wait(state, state.tickets[hall.date, "A002"], hall.clock()).wait, QuotedWait)
    assert cached_wait_snapshot(state, hall.clock()).forecast is first
    hall.issue("B")
    stands = line_position_and_wait(state_of(hall), hall.ticket("B002"), hall.clock())
    assert (line.ahead, line.wait) == (stands.ahead, stands.wait)
    hall.clock.move(seconds=2)
    assert cached_wait_snapshot(state, hall.clock()).forecast is not first


# -- who does not come when called, by today's calls -------------------------------------------------------------------
PAST = NoShowStatistics.from_call_counts(at_bins(m0=100), at_bins(m0=4))


def no_show(hall: Hall) -> tuple[float, ...]:
    return seen(hall, replace(TEN_MINUTES, absences=PAST)).no_show


def test_who_did_not_come_today_tells_of_those_who_wait_as_long(hall: Hall) -> None:
    waiting = hall.queue(*"AAAAAAAA")
    assert no_show(hall) == PAST.no_show_chances()
    hall.clock.move(minutes=62)
    for _ in waiting[:4]:
        hall.play("call 1", "miss 1")
    assert no_show(hall) == PAST.no_show_chances(at_bins(m60=4), at_bins(m60=4))
    hall.call("1")
    assert no_show(hall) == PAST.no_show_chances(at_bins(m60=4), at_bins(m60=4)), "nobody knows yet whether one comes"
    hall.do("start", "1")
    assert no_show(hall) == PAST.no_show_chances(at_bins(m60=5), at_bins(m60=4))


def test_who_comes_late_after_all_did_not_come_and_who_is_missed_at_the_next_window_did(hall: Hall) -> None:
    hall.play("issue A", "call 2", "miss 2", 2, "reinstate A001", "call 2", "start 2")
    assert no_show(hall) == PAST.no_show_chances(at_bins(m0=1), at_bins(m0=1))
    hall.play("transfer 2 B", "call 2", "miss 2")
    assert no_show(hall) == PAST.no_show_chances(at_bins(m0=1), at_bins(m0=1))


def test_who_was_called_by_mistake_or_tells_that_they_go_is_counted_as_it_was(hall: Hall) -> None:
    hall.queue(*"AA")
    hall.call("1")
    hall.do("return", "1", reason="wrong button")
    assert no_show(hall) == PAST.no_show_chances()
    hall.play(1, "call 1", "leave A001")
    assert no_show(hall) == PAST.no_show_chances(at_bins(m0=1), at_bins(m0=1))
