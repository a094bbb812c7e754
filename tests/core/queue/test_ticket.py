"""A ticket's moves, one by one: from which state, to what, and what is kept."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.dispatch import CallOrderRule
from queuedesk.core.queue.ticket import MOVES, Leg, Ticket, TicketState, turn_from_issuing_event, whole_seconds_between

USUAL = CallOrderRule()
NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)

# The life of a ticket as the design words it: verb → from; `issue` and `serve` make one, day-end is the hall's.
FROM: dict[str, str] = json.loads(Path(__file__).with_name("moved_from.json").read_text("utf-8"))


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


def ticket(**changes: object) -> Ticket:
    own = {
        "date": NINE.date(),
        "label": "A001",
        "service": "A",
        "seq": 7,
        "turn": turn_from_issuing_event(7),
        "token": "23456Z",
    }
    times = {"place": NINE, "arrived": NINE, "since": NINE, "legs": (Leg(n=1, service="A", joined=NINE),)}
    return Ticket(**{**own, **times, "credit_s": 600, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("state", TicketState)
def test_which_verb_moves_which_state(state: TicketState) -> None:
    assert set(MOVES) == set(FROM)
    one, refused = ticket(state=state, window="3"), {}
    for verb in FROM:
        try:
            one.require_may(verb)
        except RuleError as error:
            refused[verb] = (error.code, error.details)
    assert refused == {
        verb: ("wrong_state", {"ticket": "A001", "state": state.value, "window": "3", "verb": verb})
        for verb, states in FROM.items()
        if state.value not in states.split()
    }


def test_a_call_binds_one_window_and_is_counted_the_first_one_stays_also_after_a_miss() -> None:
    called = ticket(to_window="3", held_until=at(9)).with_call_to("3", "C3", at(5))
    assert (called.state, called.window, called.round_calls, called.since) == (TicketState.CALLED, "3", 1, at(5))
    assert (called.to_window, called.held_until) == (None, None)
    leg = called.current_leg
    assert (leg.called, leg.last_called, leg.calls, leg.staff) == (at(5), at(5), 1, "C3")
    recalled = ticket().with_call_to("3", "C3", at(5)).with_recall(at(6))
    assert (recalled.since, recalled.current_leg.called, recalled.current_leg.last_called) == (at(5), at(5), at(6))
    assert (recalled.current_leg.calls, recalled.round_calls) == (2, 2)
    again = recalled.missed_or_no_show_ticket(at(7)).waiting_ticket_at_new_place(at(9), 1, at(8))
    assert (again.state, again.place, again.has_credit, USUAL.key(again)) == (TicketState.WAITING, at(9), False, at(9))
    called = again.with_call_to("2", "C2", at(10))
    leg = called.current_leg
    assert (leg.called, leg.last_called, leg.calls, called.round_calls) == (at(5), at(10), 3, 1)
    back = called.with_mistaken_call_undone(at(11), "wrong button")
    assert (back.current_leg.called, back.current_leg.calls) == (at(5), 2)


def test_a_skipped_start_is_assumed_at_the_call_and_not_at_one_that_was_missed() -> None:
    done = ticket().with_call_to("3", "C3", at(5)).with_recall(at(6)).with_service_finished(at(10))
    assert (done.current_leg.started, done.current_leg.start_assumed, done.flags) == (at(5), True, {"start_assumed"})
    late = (
        ticket()
        .with_call_to("3", "C3", at(5))
        .missed_or_no_show_ticket(at(7))
        .waiting_ticket_at_new_place(at(20), 1, at(15))
    )
    done = late.with_call_to("3", "C3", at(30)).with_service_finished(at(34))
    assert (done.current_leg.called, done.current_leg.started) == (at(5), at(30))


def test_a_call_given_back_was_none_in_a_later_leg_too() -> None:
    back = ticket().with_call_to("3", "C3", at(5)).with_recall(at(6)).with_mistaken_call_undone(at(7), "wrong button")
    assert (back.state, back.place, back.turn, back.has_credit) == (
        TicketState.WAITING,
        NINE,
        turn_from_issuing_event(7),
        True,
    )
    assert back.current_leg == ticket().current_leg
    assert (back.window, back.reason) == (None, "wrong button")
    missed = ticket(steps=("B",)).with_call_to("3", "C3", at(5)).missed_or_no_show_ticket(at(6))
    first = missed.waiting_ticket_at_new_place(at(8), 1, at(7))
    second = first.with_call_to("3", "C3", at(9)).started_ticket(at(10)).with_service_finished(at(12))
    back = second.with_call_to("2", "C2", at(15)).with_mistaken_call_undone(at(16), "wrong button")
    assert (back.service, back.current_leg.called, back.current_leg.calls) == ("B", None, 0)


def test_a_visit_goes_on_by_its_original_arrival_and_a_spent_credit_stays_spent() -> None:
    first = ticket(steps=("B", "C"), item="x")
    first = replace(first, legs=first.legs_with_current_changed(item="x"))
    on = first.with_call_to("3", "C3", at(5)).started_ticket(at(6)).with_service_finished(at(9), outcome="done")
    assert (on.state, on.service, on.steps) == (TicketState.WAITING, "B", ("C",))
    assert (on.place, on.turn) == (NINE, turn_from_issuing_event(7))
    assert (on.legs[0].end, on.legs[0].finished, on.legs[0].outcome) == ("finish", at(9), "done")
    assert on.current_leg == Leg(n=2, service="B", joined=at(9))
    assert (on.item, on.window, on.round_calls) == (None, None, 0)
    assert on.service_and_item_customer_came_for == ("A", "x")
    assert on.redirected_ticket("C", at(10)).transferred_ticket("A", at(11)).item == "x"
    assert first.redirected_ticket("B", at(1)).service_and_item_customer_came_for is None
    called = ticket(steps=("B",)).waiting_ticket_at_new_place(at(5), 9, at(4)).with_call_to("3", "C3", at(6))
    one = called.started_ticket(at(7)).with_service_finished(at(8))
    assert (one.place, USUAL.key(one)) == (NINE, NINE)


def test_stalled_time_is_summed_up_and_ends_with_what_ends_the_serving() -> None:
    one = ticket().with_call_to("3", "C3", at(0)).started_ticket(at(1))
    one = one.stalled_ticket(at(2), "system").with_stall_ended(at(3)).stalled_ticket(at(4), "system")
    done, parked = one.with_service_finished(at(6)), one.parked_ticket(at(6), "form")
    for moved in (done, parked, one.transferred_ticket("B", at(6)), one.redirected_ticket("B", at(6))):
        assert (moved.legs[0].stalled_us, moved.stalled_since) == (180_000_000, None)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 1, 60), (0, 0.99 / 60, 0), (0, 1.99 / 60, 1), (1, 0, 0), (None, 1, 0), (0, None, 0)],
)
def test_seconds_are_whole_and_never_negative(start: float | None, end: float | None, expected: int) -> None:
    assert whole_seconds_between(None if start is None else at(start), None if end is None else at(end)) == expected
