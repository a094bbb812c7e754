"""The hall as the pass sees it: who is away and until when, what is left of a visit, who will come, how fast today
goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import NO_FIGURES, NO_WINDOW_OPEN, NOT_REACHED, Wait
from queuedesk.core.queue.overview import forecast_now, service_lines, standing
from queuedesk.core.waits.estimates import Absences, Estimates, Habit, guessed, handling_of
from queuedesk.core.waits.live import Live, LiveWindow
from queuedesk.core.waits.quote import SURE_VISITS, live_of
from queuedesk.desk import looking
from queuedesk.features.appointments.verbs import Wish
from tests.core.waits.past_day import at_bins
from tests.hall import Hall, at, make_hall, simple_hall

TEN_MINUTES = Estimates(days=9, services={code: handling_of([8.0, 10.0, 12.0]) for code in "ABC"})


def roster(*rows: tuple[str, str, str, str], breaks: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    return [{"window": w, "staff": s, "from": f, "to": t, "breaks": list(breaks)} for w, s, f, t in rows]


def seen(hall: Hall, learned: Estimates = TEN_MINUTES) -> Live:
    return live_of(state_of(hall, learned), hall.clock())


def state_of(hall: Hall, learned: Estimates = TEN_MINUTES) -> HallState:
    state = looking.hall_now(hall.desk, hall.clock())
    state.learned = learned
    return state


def window(live: Live, code: str = "1") -> LiveWindow:
    return next(w for w in live.windows if w.code == code)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


@pytest.fixture
def planned(tmp_path: Path) -> Hall:
    rows = roster(("1", "C1", "9:00", "17:00"), breaks=[{"from": "12:00", "minutes": 40}])
    return simple_hall(tmp_path, time="11:50", roster=[*rows, *roster(("2", "C2", "13:00", "16:30"))])


def test_a_free_window_takes_somebody_now_and_a_busy_one_when_its_visit_is_over(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.issue("A")
    hall.call("1")
    hall.clock.move(minutes=4)
    live = seen(hall)

    assert (window(live, "2").free_min, window(live, "2").now_serving) == (0, None)
    assert window(live, "1").free_min == pytest.approx(6, abs=0.1)
    assert (window(live, "1").now_serving, window(live, "1").services) == ("A", frozenset("A"))
    assert {w.code for w in live.windows} == {"1", "2"}


def test_time_put_aside_is_not_time_at_the_window_and_who_is_aside_comes_back(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.call("1")
    hall.do("start", "1")
    hall.clock.move(minutes=3)
    hall.do("park", "1", reason="copies")
    hall.clock.move(minutes=4)
    assert seen(hall).returning == (("A", 6.0),)
    assert window(seen(hall)).now_serving is None
    hall.do("unpark", "1", "A001")
    hall.clock.move(minutes=1)

    assert window(seen(hall)).free_min == pytest.approx(6, abs=0.1)
    assert seen(hall).returning == ()


def test_a_recall_after_a_miss_begins_anew(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.call("1")
    hall.do("miss", "1")
    hall.clock.move(minutes=9)
    hall.do("reinstate", "A001")
    hall.call("1")

    assert window(seen(hall)).free_min == pytest.approx(10, abs=0.1)


def test_another_system_that_stands_still_keeps_the_window_longer(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.call("1")
    hall.do("start", "1")
    hall.clock.move(minutes=4)
    plain = window(seen(hall)).free_min
    hall.do("stall", "1", reason="system")

    assert window(seen(hall)).free_min == pytest.approx(plain + 6)


def test_the_clerk_and_the_day_stretch_what_is_left(hall: Hall) -> None:
    hall.open("1", "C1")
    for _ in range(20):
        hall.issue("A")
        hall.serve_out("1", minutes=15)
    pace = 1 + 20 / 40 * 0.5
    assert window(seen(hall)).factor == pytest.approx(pace, abs=0.01)
    assert window(seen(hall, replace(TEN_MINUTES, clerks={"C1": 1.5}))).factor == pytest.approx(1.5, abs=0.01)


def test_who_said_when_they_are_back_is_back_then(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("pause", "1", reason="bank", minutes=25)
    hall.clock.move(minutes=10)
    assert (window(seen(hall)).free_min, window(seen(hall)).is_sure) == (15, True)
    hall.clock.move(minutes=18)
    assert window(seen(hall)).free_min == 3  # late, as after any pause


def test_a_pause_of_unknown_length_is_a_short_one_and_grows(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("pause", "1", reason="errand")
    found = []
    for _ in range(4):
        found.append(window(seen(hall)).free_min)
        hall.clock.move(minutes=8)
    assert found == [6, 1, 8, 12]
    assert not window(seen(hall)).is_sure


def test_a_pause_at_the_time_of_a_planned_break_is_that_break(planned: Hall) -> None:
    planned.open("1", "C1")
    planned.clock.now = at("11:55")
    planned.do("pause", "1", reason="lunch")
    planned.clock.now = at("12:05")

    live = seen(planned)
    assert (window(live).free_min, window(live).breaks, window(live).is_sure) == (30, (), True)
    planned.clock.now = at("12:36")
    planned.do("resume", "1")
    assert (window(seen(planned)).free_min, window(seen(planned)).breaks) == (0, ())


def test_breaks_closing_and_later_openings_come_from_the_roster(planned: Hall) -> None:
    planned.open("1", "C1")
    live = seen(planned)

    assert window(live).breaks == ((10, 40),)
    assert window(live).closes_min == 310
    assert (window(live, "2").free_min, window(live, "2").staff, window(live, "2").closes_min) == (70, "C2", 280)


def test_a_break_falls_due_behind_the_customer_and_is_over_once_the_clerk_calls_again(planned: Hall) -> None:
    planned.open("1", "C1")
    planned.queue("A", "A")
    planned.call("1")
    planned.clock.now = at("12:03")
    assert window(seen(planned)).breaks == ((-3, 40),)
    planned.do("finish", "1")
    planned.clock.now = at("12:13")
    assert window(seen(planned)).free_min == 30  # on the break, though nobody wrote it down
    planned.call("1")
    assert window(seen(planned)).breaks == ()


def test_a_clerk_who_is_late_is_expected_for_a_while(planned: Hall) -> None:
    found = []
    for time in ("13:00", "13:10", "13:30", "13:50"):
        planned.clock.now = at(time)
        found.append([w.free_min for w in seen(planned).windows if w.code == "2"])
    assert found == [[2], [10], [30], []]


def test_a_window_closed_for_the_day_does_not_come_back(planned: Hall) -> None:
    planned.clock.now = at("13:05")
    planned.open("2", "C2")
    planned.do("close", "2")
    planned.clock.now = at("13:20")
    assert [w.code for w in seen(planned).windows] == []


def test_a_window_that_leaves_people_waiting_is_away_whatever_the_log_says(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "A")
    assert window(seen(hall)).free_min == 0
    found = []
    for minutes in (4, 8, 18, 40):
        hall.clock.move(minutes=minutes)
        found.append([round(w.free_min, 1) for w in seen(hall).windows])
    assert found == [[2.0], [1.0], [15.0], [30.0]]


def test_who_waits_at_an_open_window_that_calls_nobody_is_told_a_figure_all_the_same(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "A")
    known = replace(TEN_MINUTES, days=1, services={"A": replace(guessed(10), n=SURE_VISITS)})
    told = []
    for minutes in (40, 30, 60, 120):
        hall.clock.move(minutes=minutes)
        for learned in (TEN_MINUTES, known):
            wait = standing(state_of(hall, learned), hall.ticket("A001"), hall.clock()).wait
            assert isinstance(wait, Wait)
            told.append(wait.point)

    assert told[1::2] == pytest.approx([20, 30, 30, 30], abs=1)
    assert told[::2] == [10] * 4  # nothing shows yet in a new hall that the clerk has gone


def test_a_window_that_has_let_people_wait_for_an_hour_counts_only_where_nobody_else_serves(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue("A", "A", "B")
    hall.clock.move(minutes=70)
    assert {w.code: w.is_gone for w in seen(hall).windows} == {"1": True, "2": True}
    assert hall.call("2") == "A001"

    assert [w.code for w in seen(hall).windows] == ["2"]


def test_an_open_window_that_calls_nobody_counts_beside_one_whose_clerk_went_away(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue("A", "A")
    hall.do("pause", "2", reason="short")
    hall.clock.move(minutes=70)

    assert {w.code: (w.is_gone, w.is_sure) for w in seen(hall).windows} == {"1": (True, True), "2": (False, False)}
    assert isinstance(standing(state_of(hall), hall.ticket("A001"), hall.clock()).wait, Wait)


def test_in_a_record_of_elsewhere_a_window_that_calls_nobody_for_an_hour_has_closed(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.clock.move(minutes=70)
    state = state_of(hall)
    assert state.setup_now is not None
    state.setup_now = replace(state.setup_now, hall=replace(state.setup_now.hall, replayed=True))

    assert live_of(state, hall.clock()).windows == ()


def test_a_window_that_has_not_called_while_people_wait_is_free_after_its_own_usual_rest(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    rests = replace(TEN_MINUTES, between_min=1.5, between_at={"2": 3.0}, between=handling_of([0.5] * 99 + [2.5] * 99))
    assert [w.free_min for w in seen(hall, rests).windows] == [0, 0]  # who comes now is called at once

    hall.queue("A", "B")
    hall.clock.move(minutes=1)
    assert [w.pause_min for w in seen(hall, rests).windows] == [1.5, 3.0]
    assert [w.free_min for w in seen(hall, rests).windows] == pytest.approx([1.5, 4.0], abs=0.05)
    hall.clock.move(seconds=30)
    assert window(seen(hall, rests)).free_min == pytest.approx(1.0, abs=0.05)


def test_a_window_with_nobody_to_serve_is_only_idle(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("B")
    hall.clock.move(minutes=30)
    assert window(seen(hall)).free_min == 0


def test_habits_stand_in_for_a_roster(hall: Hall) -> None:
    usual = replace(
        TEN_MINUTES,
        habits={"1": Habit(opens=530, closes=1000, breaks=((720, 760),)), "3": Habit(opens=600, closes=990)},
    )
    hall.open("1", "C1")
    live = seen(hall, usual)

    assert (window(live).breaks, window(live).closes_min) == (((180, 40),), None)  # nobody closes out of habit
    assert window(live, "3").free_min == 60
    hall.clock.now = at("12:01")
    hall.issue("A")
    hall.clock.now = at("12:06")
    assert window(seen(hall, usual)).free_min == 34


def test_priority_tickets_and_appointments_that_will_come_are_in_it(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:00")
    from_ten = (0.0,) * 20 + (12.0,) * 28
    rates = {"A": from_ten, "B": (0.0,) * 48}
    hall.do("book", Wish(service="C", at=at("10:20"), name="Hu Min"))
    coming = seen(hall, replace(TEN_MINUTES, priority_per_hour=rates, credit_min=11.0)).arrivals

    assert [(one.service, one.place_min, one.credit_min) for one in coming] == [
        ("A", 2.5, 11.0),
        ("A", 7.5, 11.0),
        ("C", 20, 12.0),
    ]
    assert all(one.expected and one.id is None for one in coming)


def test_on_a_day_with_more_priority_tickets_more_are_expected(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:00")
    usual = replace(TEN_MINUTES, priority_per_hour={"A": (4.0,) * 48}, credit_min=11.0)
    few = len(seen(hall, usual).arrivals)
    for _ in range(31):
        hall.issue("A", klass="elderly")

    assert (few, len(seen(hall, usual).arrivals)) == (0, 3)


def test_known_steps_and_held_tickets_are_in_it(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.issue("A", then=["B"])
    hall.issue("A")
    hall.call("2")
    hall.do("start", "2")
    hall.do("transfer", "2", "A", to_window="1")
    live = seen(hall)
    sent = next(t for t in live.tickets if t.id == (hall.date, "A001"))

    assert live.follow_ups == {(hall.date, "A001"): ("B",)}
    assert (sent.only, sent.held_min, sent.redirected) == (frozenset({"1"}), 15, True)
    assert next(t for t in live.tickets if t.id == (hall.date, "A002")).only is None


def test_credit_and_places_are_the_counters_own(hall: Hall) -> None:
    hall.issue("A")
    hall.clock.move(minutes=3)
    hall.issue("A", klass="elderly")
    live = seen(hall)

    assert [(t.place_min, t.credit_min) for t in live.tickets] == [(-3, 0), (0, 10)]
    assert (live.normal_calls, live.jump_every) == (None, 3)


def test_on_the_first_day_today_s_visits_correct_the_guess(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:00")
    hall.open("1", "C1")
    guess = seen(hall, Estimates()).learned.services["A"].mean_min
    for _ in range(10):
        hall.issue("A")
        hall.serve_out("1", minutes=9)
    known = seen(hall, Estimates()).learned.services["A"].mean_min

    assert known == pytest.approx((5 * guess + 10 * 9) / 15)
    kept = replace(TEN_MINUTES, services={"A": handling_of([4.0, 6.0]), "B": guessed(3)})
    assert seen(hall, kept).learned.services["A"].mean_min == 5


def test_why_no_range_is_told(hall: Hall) -> None:
    def told(service: str, learned: Estimates = TEN_MINUTES) -> object:
        lines = service_lines(state_of(hall, learned), hall.clock())
        return next(line.wait for line in lines if line.service == service)

    assert told("A") == NO_WINDOW_OPEN
    hall.open("1", "C1")
    assert told("A") == Wait(low=0, high=1, point_s=0)
    assert told("B") == NO_WINDOW_OPEN
    hall.queue("A", "A")
    hall.call("1")
    assert isinstance(told("A"), Wait)
    assert told("A", Estimates()) == NO_FIGURES
    closing = replace(TEN_MINUTES, habits={"1": Habit(opens=500, closes=550)})
    assert isinstance(told("A", closing), Wait)
    hall.do("finish", "1")
    hall.do("pause", "1", reason="errand")
    assert told("A") == NO_WINDOW_OPEN
    hall.do("pause", "1", reason="errand", minutes=20)
    assert isinstance(told("A"), Wait)


def test_who_is_not_reached_before_a_written_closing_time_is_told_so(planned: Hall) -> None:
    planned.open("1", "C1")
    planned.queue(*"A" * 60)
    lines = service_lines(state_of(planned, TEN_MINUTES), planned.clock())

    assert lines[0].wait == NOT_REACHED


def test_everybody_who_asks_within_a_second_shares_one_pass(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "A")
    state = state_of(hall)
    first = forecast_now(state, hall.clock())
    ticket = state.tickets[hall.date, "A002"]

    assert isinstance(standing(state, ticket, hall.clock()).wait, Wait)
    assert forecast_now(state, hall.clock()) is first
    hall.clock.move(seconds=2)
    assert forecast_now(state, hall.clock()) is not first


def test_a_newcomer_is_told_what_the_ticket_will_be_told(hall: Hall) -> None:
    hall.open("3", "C1")
    hall.queue("A", "B", "C", minutes_apart=1)
    hall.call("3")
    state = state_of(hall)
    line = next(line for line in service_lines(state, hall.clock()) if line.service == "B")
    hall.issue("B")
    later = state_of(hall)
    stands = standing(later, later.tickets[hall.date, "B002"], hall.clock())

    assert (line.ahead, line.wait) == (stands.ahead, stands.wait)


# -- who does not come when called, by today's calls -----------------------------------------------------------------

SOME_STAY_AWAY = replace(TEN_MINUTES, absences=Absences.of(at_bins(m0=100), at_bins(m0=4)))


def test_who_did_not_come_today_tells_of_those_who_wait_as_long(hall: Hall) -> None:
    hall.open("1", "C1")
    waiting = hall.queue(*"AAAAAAAA")
    usual = seen(hall, SOME_STAY_AWAY).no_show
    hall.clock.move(minutes=62)
    for _ in waiting[:4]:
        hall.call("1")
        hall.do("miss", "1")
    now = seen(hall, SOME_STAY_AWAY).no_show

    assert usual == SOME_STAY_AWAY.absences.chances()
    assert now == SOME_STAY_AWAY.absences.chances(at_bins(m60=4), at_bins(m60=4))
    hall.call("1")
    assert seen(hall, SOME_STAY_AWAY).no_show == now  # Nobody knows yet whether this one comes.
    hall.do("start", "1")
    assert seen(hall, SOME_STAY_AWAY).no_show == SOME_STAY_AWAY.absences.chances(at_bins(m60=5), at_bins(m60=4))


def test_who_comes_late_after_all_did_not_come_when_called(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.call("1")
    hall.do("miss", "1")
    hall.clock.move(minutes=2)
    hall.do("reinstate", "A001")
    hall.call("1")
    hall.do("start", "1")

    assert seen(hall, SOME_STAY_AWAY).no_show == SOME_STAY_AWAY.absences.chances(at_bins(m0=1), at_bins(m0=1))


def test_who_was_called_by_mistake_or_tells_that_they_go_is_counted_as_it_was(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AA")
    hall.call("1")
    hall.do("return", "1", reason="wrong button")
    assert seen(hall, SOME_STAY_AWAY).no_show == SOME_STAY_AWAY.absences.chances()
    hall.clock.move(minutes=1)
    hall.call("1")
    hall.do("leave", "A001")
    assert seen(hall, SOME_STAY_AWAY).no_show == SOME_STAY_AWAY.absences.chances(at_bins(m0=1), at_bins(m0=1))


def test_who_came_and_is_missed_at_the_next_window_came_when_called(hall: Hall) -> None:
    hall.open("3", "C3")
    hall.issue("A")
    hall.call("3")
    hall.do("start", "3")
    hall.clock.move(minutes=4)
    hall.do("transfer", "3", "B")
    hall.call("3")
    hall.clock.move(minutes=1)
    hall.do("miss", "3")

    assert seen(hall, SOME_STAY_AWAY).no_show == SOME_STAY_AWAY.absences.chances(at_bins(m0=1), at_bins())
