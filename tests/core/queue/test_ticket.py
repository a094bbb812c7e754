"""A ticket's moves, one by one: from which state, to what, and what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.dispatch import Rule
from queuedesk.core.queue.ticket import MOVES, Leg, State, Ticket, new_turn, seconds

USUAL = Rule()
NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)

# The life of a ticket as the design words it: verb → from; `issue` and `serve` make one, day-end is the hall's.
FROM = {
    "call": "waiting",
    "recall": "called",
    "start": "called",
    "miss": "called",
    "return": "called",
    "leave": "called missed parked waiting",
    "void": "called waiting",
    "reinstate": "missed",
    "finish": "serving called",
    "add": "serving",
    "stall": "serving",
    "unstall": "serving",
    "park": "serving",
    "unpark": "parked",
    "transfer": "serving called",
    "redirect": "serving called waiting",
    "reopen": "finished",
    "defer": "waiting",
    "postpone": "waiting",
    "need": "waiting called parked missed",
    "fetched": "waiting called",
    "rate": "finished",
    "correct": "waiting called serving parked missed finished left",
}


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


def ticket(**changes: object) -> Ticket:
    values: dict[str, object] = {
        "date": date(2026, 11, 20),
        "label": "A001",
        "service": "A",
        "place": NINE,
        "arrived": NINE,
        "seq": 7,
        "turn": new_turn(7),
        "token": "23456Z",
        "credit_s": 600,
        "since": NINE,
        "legs": (Leg(n=1, service="A", joined=NINE),),
    }
    return Ticket(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("state", State)
def test_which_verb_moves_which_state(state: State) -> None:
    one, refused = ticket(state=state, window="3"), {}
    for verb in FROM:
        try:
            one.must(verb)
        except RuleError as error:
            refused[verb] = (error.code, error.details)
    assert refused == {
        verb: ("wrong_state", {"ticket": "A001", "state": state.value, "window": "3", "verb": verb})
        for verb, states in FROM.items()
        if state.value not in states.split()
    }


def test_the_table_of_moves_has_no_other_verb() -> None:
    assert set(MOVES) == set(FROM)


def test_a_call_binds_one_window_and_ends_what_it_was_held_for() -> None:
    called = ticket(to_window="3", held_until=at(9)).called_to("3", "C3", at(5))

    assert (called.state, called.window, called.round_calls, called.since) == (State.CALLED, "3", 1, at(5))
    assert (called.to_window, called.held_until) == (None, None)
    assert (called.leg.called, called.leg.last_called, called.leg.calls, called.leg.staff) == (at(5), at(5), 1, "C3")


def test_a_recall_counts_and_keeps_the_first_call() -> None:
    again = ticket().called_to("3", "C3", at(5)).recalled(at(6))

    assert (again.leg.called, again.leg.last_called, again.leg.calls, again.round_calls) == (at(5), at(6), 2, 2)
    assert again.since == at(5)


def test_a_missed_and_reinstated_ticket_keeps_its_first_call() -> None:
    again = ticket().called_to("3", "C3", at(5)).recalled(at(6)).missed(at(7)).placed(at(9), 1, at(8))
    called = again.called_to("2", "C2", at(10))

    assert (again.state, again.place, again.has_credit, USUAL.key(again)) == (State.WAITING, at(9), False, at(9))
    assert (called.leg.called, called.leg.last_called, called.leg.calls, called.round_calls) == (at(5), at(10), 3, 1)


def test_the_third_miss_ends_it_as_a_no_show() -> None:
    one = ticket()
    for n in range(3):
        one = one.called_to("3", "C3", at(n)).missed(at(n + 0.5))
        assert one.misses == n + 1
    assert (one.state, one.flags, one.leg.end, one.leg.ended) == (State.LEFT, {"no_show"}, "leave", at(2.5))


def test_a_call_given_back_was_none() -> None:
    back = ticket().called_to("3", "C3", at(5)).recalled(at(6)).returned(at(7), "wrong button")

    assert (back.state, back.place, back.turn, back.has_credit) == (State.WAITING, NINE, new_turn(7), True)
    assert back.leg == ticket().leg
    assert (back.window, back.reason) == (None, "wrong button")


def test_a_call_given_back_after_a_miss_leaves_the_call_before_it() -> None:
    missed = ticket().called_to("3", "C3", at(5)).recalled(at(6)).missed(at(7)).placed(at(9), 1, at(8))
    back = missed.called_to("2", "C2", at(10)).returned(at(11), "wrong button")

    assert (back.leg.called, back.leg.calls) == (at(5), 2)


def test_a_call_given_back_in_a_later_leg_was_none_either_after_a_miss_in_the_first() -> None:
    first = ticket(steps=("B",)).called_to("3", "C3", at(5)).missed(at(6)).placed(at(8), 1, at(7))
    second = first.called_to("3", "C3", at(9)).started(at(10)).finished(at(12))
    back = second.called_to("2", "C2", at(15)).returned(at(16), "wrong button")

    assert (back.service, back.leg.called, back.leg.calls) == ("B", None, 0)


def test_a_skipped_start_is_assumed_at_the_call() -> None:
    done = ticket().called_to("3", "C3", at(5)).recalled(at(6)).finished(at(10))

    assert (done.state, done.leg.started, done.leg.finished) == (State.FINISHED, at(5), at(10))
    assert done.leg.start_assumed
    assert done.flags == {"start_assumed"}


def test_a_skipped_start_is_not_assumed_at_a_call_that_was_missed() -> None:
    late = ticket().called_to("3", "C3", at(5)).missed(at(7)).placed(at(20), 1, at(15))
    done = late.called_to("3", "C3", at(30)).finished(at(34))

    assert (done.leg.called, done.leg.started) == (at(5), at(30))


def test_a_visit_goes_on_by_its_original_arrival() -> None:
    first = ticket(steps=("B", "C"), item="x")
    first = replace(first, legs=first.legs_with(item="x"))
    on = first.called_to("3", "C3", at(5)).started(at(6)).finished(at(9), outcome="done")

    assert (on.state, on.service, on.place, on.turn, on.steps) == (State.WAITING, "B", NINE, new_turn(7), ("C",))
    assert (on.legs[0].end, on.legs[0].finished, on.legs[0].outcome) == ("finish", at(9), "done")
    assert on.leg == Leg(n=2, service="B", joined=at(9))
    assert (on.item, on.window, on.round_calls) == (None, None, 0)
    assert on.wanted == ("A", "x")
    assert on.redirected("C", at(10)).transferred("A", at(11)).item == "x"
    assert first.redirected("B", at(1)).wanted is None


@pytest.mark.parametrize("is_started", [True, False])
def test_a_transfer_keeps_the_work_of_the_leg(is_started: bool) -> None:
    one = ticket(steps=("C",)).called_to("3", "C3", at(5))
    one = one.started(at(6)) if is_started else one
    on = one.transferred("B", at(9))

    assert (on.service, on.place, on.has_credit, on.steps) == ("B", NINE, True, ("C",))
    assert (on.legs[0].end, on.legs[0].finished) == ("transfer", at(9) if is_started else None)
    assert on.leg.joined == at(9)


def test_a_redirected_ticket_joined_when_it_arrived() -> None:
    on = ticket().called_to("3", "C3", at(5)).started(at(6)).redirected("B", at(7)).redirected("C", at(8))

    assert [leg.end for leg in on.legs] == ["redirect", "redirect", None]
    assert [leg.joined for leg in on.legs] == [NINE, NINE, NINE]
    assert (on.service, on.place, on.credit_s, on.has_credit) == ("C", NINE, 600, True)


def test_stalled_time_is_summed_up_and_ends_with_what_ends_the_serving() -> None:
    one = ticket().called_to("3", "C3", at(0)).started(at(1))
    one = one.stalled(at(2), "system").unstalled(at(3)).stalled(at(4), "system")

    assert one.finished(at(6)).leg.stalled_us == 180_000_000
    assert one.parked(at(6), "form").leg.stalled_us == 180_000_000
    assert one.transferred("B", at(6)).legs[0].stalled_us == 180_000_000
    assert one.redirected("B", at(6)).legs[0].stalled_us == 180_000_000
    assert {m.stalled_since for m in (one.finished(at(6)), one.parked(at(6), "form"), one.transferred("B", at(6)))} == {
        None
    }


def test_parked_time_is_out_of_handling_and_the_one_who_takes_it_back_has_it() -> None:
    one = ticket().called_to("3", "C3", at(0)).started(at(1)).parked(at(2), "form")
    back = one.unparked("2", "C2", at(12))

    assert (one.state, one.window, one.reason) == (State.PARKED, None, "form")
    assert (back.state, back.window, back.leg.window, back.leg.staff) == (State.SERVING, "2", "2", "C2")
    assert back.parked(at(13), "form").unparked("3", "C3", at(14)).leg.held_s == 660


def test_reopened_is_one_leg_and_the_time_between_is_out_of_handling() -> None:
    done = ticket().called_to("3", "C3", at(0)).started(at(1)).finished(at(5))
    back = done.reopened(at(8))

    assert (back.state, back.window, back.leg.held_s) == (State.SERVING, "3", 180)
    assert (back.leg.started, back.leg.finished, back.leg.end) == (at(1), None, None)
    assert back.finished(at(9)).leg.held_s == 180


def test_leaving_and_voiding_end_the_leg() -> None:
    gone = ticket().left(at(3), "deferred", end="defer")
    wrong = ticket().called_to("3", "C3", at(1)).voided(at(3), "twice")

    assert (gone.state, gone.flags, gone.leg.end, gone.leg.ended) == (State.LEFT, {"deferred"}, "defer", at(3))
    assert (wrong.state, wrong.reason, wrong.window, wrong.leg.end) == (State.VOID, "twice", None, "void")


def test_a_spent_credit_stays_spent_when_the_visit_goes_on() -> None:
    one = ticket(steps=("B",)).placed(at(5), 9, at(4)).called_to("3", "C3", at(6)).started(at(7)).finished(at(8))

    assert (one.place, USUAL.key(one)) == (NINE, NINE)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 1, 60), (0, 0.99 / 60, 0), (0, 1.99 / 60, 1), (1, 0, 0), (None, 1, 0), (0, None, 0)],
)
def test_seconds_are_whole_and_never_negative(start: float | None, end: float | None, expected: int) -> None:
    assert seconds(None if start is None else at(start), None if end is None else at(end)) == expected
