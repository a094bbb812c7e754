"""What one date teaches."""

import json
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.ticket import Pause, Shift, WaitPromise
from queuedesk.core.waits import observations
from queuedesk.core.waits.estimates import PromiseBoundFactors
from queuedesk.core.waits.observations import labels_called_out_of_turn, observations_of_day
from queuedesk.core.waits.quote import estimates_from_observations, promise_bounds_now
from queuedesk.desk import looking
from tests.core.waits.past_day import PastDay, a_setup
from tests.hall import Hall, at, simple_hall

SETUP = a_setup()
TOLD = WaitPromise(ahead=3, low=5, high=15, point_s=600, sd_s=120)


def lessons(day: PastDay, **more: object) -> observations.DayObservations:
    return observations.observations_of_day(SETUP, day.day, day.tickets.values(), day.calls, **more)  # type: ignore[arg-type]


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
DAY = date(2026, 11, 20)


def overtake(by: str, label: str, reason: str = "chosen") -> Overtake:
    return Overtake(seq=1, date=DAY, label=label, by=by, time=at("9:00"), reason=reason)


def test_who_passes_two_of_the_own_line_is_out_of_turn() -> None:
    services = {"A1": "A", "A2": "A", "A3": "A", "B1": "B"}
    for first, second, reason, expected in (
        ("A1", "A2", "chosen", {"A3"}),
        ("A1", "A2", "recorded", {"A3"}),
        ("A1", "B1", "chosen", set()),
        ("A1", "A2", "priority", set()),
    ):
        both = [overtake("A3", first, reason), overtake("A3", second, reason)]
        assert labels_called_out_of_turn(both, services) == expected, (second, reason)
    assert labels_called_out_of_turn([overtake("A3", "A1")], services) == frozenset()


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
    state.tracker = PromiseBoundFactors(low=-1.6, high=1.8, upto=1, at=at("9:00"), date=DAY)
    ticket = state.tickets[DAY, "A008"]
    assert ticket.promise.low is not None and ticket.promise.low > 1  # it came before the range began
    assert promise_bounds_now(state, hall.clock(), DAY).low == -1.6
    state.overtakes = []
    assert promise_bounds_now(state, hall.clock(), DAY).low < -1.6
    state = looking.hall_state_now(hall.desk, hall.clock())
    setup = state.setup_now
    told = observations_of_day(setup, DAY, state.tickets.values(), state.calls, overtakes=state.overtakes)
    assert told.passing == {"A": 1}
    assert told.scores == []
    assert observations_of_day(setup, DAY, state.tickets.values(), state.calls).scores != []
    many = replace(told, visits={"A": 8})
    assert estimates_from_observations(setup, {DAY: many}, date(2026, 11, 21)).redirects == {"A": {"A": 0.125}}
