"""The pass: golden orders and times, spread, breaks, closings; one window takes people in the hall's order."""

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from string import ascii_uppercase

import pytest
from msgspec.structs import replace

from queuedesk.core.queue.dispatch import CallOrderRule, tickets_in_call_order
from queuedesk.core.queue.ticket import LineTicket, turn_from_issuing_event
from queuedesk.core.waits.estimates import Estimates, ServiceHandling
from queuedesk.core.waits.live import LiveHall, LiveTicket, LiveWindow
from queuedesk.core.waits.schedule import forecast_turns

DAY = date(2026, 11, 20)
NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
_SERVICES = {"A": ServiceHandling(mean_min=5, var_min2=4), "B": ServiceHandling(mean_min=10, var_min2=9)}
A_AND_B = Estimates(services=_SERVICES, between_min=0.0)


def ticket(label: str, service: str, place: float, turn: int = 0, **more: object) -> LiveTicket:
    return LiveTicket(id=(DAY, label), service=service, place_min=place, turn=turn, **more)  # type: ignore[arg-type]


def window(code: str, services: str, free: float = 0.0, **more: object) -> LiveWindow:
    return LiveWindow(code=code, services=frozenset(services), free_min=free, **more)  # type: ignore[arg-type]


def hall(tickets: Iterable[LiveTicket], *windows: LiveWindow, learned: Estimates = A_AND_B, **more: object) -> LiveHall:
    return LiveHall(tickets=tuple(tickets), windows=windows, learned=learned, services=("A", "B"), **more)  # type: ignore[arg-type]


ABABA = [ticket(f"T{i}", service, -5 + i, i) for i, service in enumerate("ABABA")]
THREE = (window("1", "AB", 2), window("2", "A", 4), window("3", "B", 3))


def times(live: LiveHall) -> list[float | None]:
    turns = forecast_turns(live).turns
    return [turns[t.id].at_min if t.id in turns else None for t in live.tickets if t.id]


def test_each_window_takes_whom_it_may_and_whom_none_serves_has_no_turn() -> None:
    assert times(hall(ABABA, *THREE)) == [2, 3, 4, 7, 9]
    found = forecast_turns(hall(ABABA, THREE[1]))
    assert [round(turn.at_min) for turn in found.turns.values()] == [4, 9, 14]
    assert (DAY, "T1") not in found.turns
    assert "B" not in found.newcomers
    assert "B" not in found.clear_min
    assert found.clear_min["A"] == 19


def test_later_visits_take_as_long_beside_those_of_now_as_the_time_of_day_says() -> None:
    slower_from_ten = replace(A_AND_B, by_half_hour={"A": (0.8,) * 20 + (1.6,) * 28})
    line = [ticket(f"T{i}", "A", -5 + i, i) for i in range(4)]

    def called(minute: float) -> list[float | None]:
        return times(hall(line, window("1", "A"), learned=slower_from_ten, minute=minute))

    assert called(590.0) == [0, 5, 10, 20]
    assert called(620.0) == [0, 5, 10, 15]
    assert called(1435.0) == [0, 5, 10, 15]  # past midnight the last half hour goes on


def test_a_break_is_taken_after_the_customer_or_on_time_while_nobody_waits() -> None:
    assert times(hall(ABABA, replace(THREE[0], breaks=((6, 30),)), *THREE[1:])) == [2, 3, 4, 13, 9]
    early = ticket("T0", "A", 20, 0, not_before_min=10)
    assert times(hall([early], window("1", "A", breaks=((6, 30),)))) == [36]
    assert times(hall([early], window("1", "A", breaks=((11, 30),)))) == [10]


def test_the_spread_grows_with_what_is_ahead_and_where_little_is_known() -> None:
    windows = (replace(w, free_var=1) for w in THREE)
    turns = forecast_turns(hall(ABABA, *windows)).turns
    assert turns[DAY, "T4"].sd_min == pytest.approx(2.3838, abs=1e-4)
    known = hall(ABABA, *THREE)
    new = replace(known, doubt=0.3)
    sure, unsure = forecast_turns(known).turns[DAY, "T4"], forecast_turns(new).turns[DAY, "T4"]
    assert unsure.at_min == sure.at_min
    assert unsure.sd_min**2 - sure.sd_min**2 == pytest.approx((0.3 * sure.at_min) ** 2)


@pytest.mark.parametrize("order", ["credit", "credit_double", "priority_first"])
@pytest.mark.parametrize("guard", [0, 2])
def test_one_window_takes_people_in_the_order_of_the_rule(order: str, guard: int) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    for n in range(60):
        rng = random.Random(seed + n)
        rule = CallOrderRule(order, rng.choice((1, 2, 3, 4)), guard)
        count = rng.choice((None, 0, 1, 3))
        line = []
        for i in range(rng.randrange(2, 16)):
            place, credit_s = NINE - timedelta(minutes=rng.randrange(1, 40)), rng.choice((0, 0, 600, 900))
            own = {"place": place, "turn": turn_from_issuing_event(i), "credit_s": credit_s}
            line.append(LineTicket(date=DAY, label=f"T{i}", service="A", **own))
        tickets = [
            ticket(t.label, "A", (t.place - NINE).total_seconds() / 60, t.turn, credit_min=rule.credit_s(t) / 60)
            for t in line
        ]
        live = hall(tickets, window("1", "AB"), normal_calls=count, jump_every=rule.jump_every, guard=rule.guard)
        turns = forecast_turns(live).turns
        in_order = [t.id for t in tickets_in_call_order(line, count, rule)]
        assert sorted(turns, key=lambda id: turns[id].at_min) == in_order


def test_a_newcomer_is_called_when_a_window_has_nobody_else_nor_expects_one_with_credit() -> None:
    found = forecast_turns(hall(ABABA, *THREE))
    assert found.newcomers["A"].at_min == 14  # window 2; window 1 has the second B until 17
    assert found.newcomers["B"].at_min == 13
    assert forecast_turns(hall([], window("1", "A"))).newcomers["A"].at_min == 0
    coming = LiveTicket(id=None, service="A", place_min=2, turn=99, credit_min=10, expected=True)
    busy = window("1", "A", 4)
    assert forecast_turns(hall([], busy, arrivals=(coming,))).newcomers["A"].at_min == 9
    assert forecast_turns(hall([], busy, arrivals=(replace(coming, credit_min=1),))).newcomers["A"].at_min == 4
    # Just after a priority call they may not jump.
    assert forecast_turns(hall([], busy, arrivals=(coming,), normal_calls=0)).newcomers["A"].at_min == 4


def test_who_is_not_there_yet_is_not_called_and_a_window_calls_nobody_once_it_closes() -> None:
    coming = LiveTicket(id=None, service="A", place_min=6, turn=99, credit_min=30, expected=True)
    waiting = [ticket("T0", "A", -1, 0), ticket("T1", "A", 0, 1)]
    assert times(hall(waiting, window("1", "A", 3), arrivals=(coming,))) == [3, 13]
    waiting = [ticket(f"T{i}", "A", i - 9, i) for i in range(3)]
    assert times(hall(waiting, window("1", "A", closes_min=10))) == [0, 5, None]
    assert "A" not in forecast_turns(hall(waiting, window("1", "A", closes_min=10))).clear_min


def test_who_is_kept_for_a_window_waits_for_it_until_the_time_is_over() -> None:
    kept = ticket("T0", "A", -9, 0, only=frozenset("2"), held_min=15)
    other = ticket("T1", "A", -8, 1)
    assert times(hall([kept, other], window("1", "A"), window("2", "A", 7))) == [7, 0]
    assert times(hall([kept, other], window("1", "A"), window("2", "A", 40))) == [15, 0]


def test_who_does_not_come_or_may_leave_before_the_call_keeps_the_window_for_less() -> None:
    waiting = [ticket(f"T{i}", "A", -6, i) for i in range(3)]
    assert times(hall(waiting, window("1", "A"), no_show=(0.0, 1.0))) == [0, 1, 2]
    found = [replace(t, redirected=True) for t in waiting]
    assert times(hall(found, window("1", "A"), no_show=(0.0, 1.0))) == [0, 5, 10]
    # One in two leaves within the first five minutes, nobody in the next five, everybody in the five after them.
    leaving = replace(A_AND_B, stays=(1.0, 0.5, 0.5, 1e-9))
    fresh = [ticket(f"T{i}", "A", 0, i) for i in range(3)]
    assert times(hall(fresh, window("1", "A"), learned=leaving)) == [0, 5, 7.5]
    patient = [ticket(f"T{i}", "A", -5, i) for i in range(3)]
    assert times(hall(patient, window("1", "A"), learned=leaving)) == [0, 5, pytest.approx(10, abs=1e-6)]
    later = [ticket(f"T{i}", "A", -10, i) for i in range(3)]
    assert times(hall(later, window("1", "A"), learned=leaving)) == [0, 5, pytest.approx(5, abs=1e-6)]


def test_those_who_go_on_come_first_in_their_next_line_also_from_a_window_and_in_circles() -> None:
    often = replace(A_AND_B, redirects={"A": {"B": 0.5}})
    waiting = [ticket("T0", "A", -9, 0), ticket("T1", "B", -8, 1), ticket("T2", "B", -7, 2)]
    # The first A of each two goes on to B: at 5, when window 2 has T1 until 10.
    live = hall(waiting, window("1", "A"), window("2", "B"), learned=often)
    assert times(live) == [0, 0, 20]
    known = hall(waiting, window("1", "A"), window("2", "B"), follow_ups={(DAY, "T0"): ("B",)})
    assert times(known) == [0, 0, 20]
    circle = replace(A_AND_B, redirects={"A": {"B": 1.0}, "B": {"A": 1.0}})
    found = forecast_turns(hall([ticket("T0", "A", -9, 0)], window("1", "AB"), learned=circle))
    assert found.clear_min == {"A": 5, "B": 15}
    at_window = window("1", "A", 3, now_serving="A", now_id=(DAY, "T9"))
    waiting = [ticket("T1", "B", -8, 1), ticket("T2", "B", -7, 2)]
    live = hall(waiting, at_window, window("2", "B"), follow_ups={(DAY, "T9"): ("B",)})
    assert times(live) == [0, 20]
    # A window that had nobody left is woken by who is sent on to it.
    assert forecast_turns(replace(live, tickets=())).clear_min == {"A": 3, "B": 13}


def test_the_same_hall_gives_the_same_forecast_in_any_order_of_its_tickets_and_of_services_sent_on_to() -> None:
    waiting = [ticket(f"T{i}", "AB"[i % 2], -60 + i // 2, i, credit_min=10.0 * (i % 5 == 0)) for i in range(60)]
    live = hall(waiting, *THREE)
    assert forecast_turns(live).turns == forecast_turns(replace(live, tickets=tuple(reversed(waiting)))).turns
    # Two whose set goes the other way round in this process.
    first, second = next(pair for pair in combinations(ascii_uppercase, 2) if [*frozenset(pair)] != [*pair])
    learned = replace(A_AND_B, services={first: A_AND_B.services["A"], second: A_AND_B.services["B"]})
    live = hall([], window("1", first + second), learned=learned, returning=((second, 0.0), (first, 0.0)))
    assert forecast_turns(live).clear_min == {first: 5, second: 15}
