"""The hall in memory: its counters, what a station forgets, and what it shows in which order."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.log.state import HallCounters, certain_clock_skew, clock_skew_cause
from queuedesk.core.queue.ticket import TicketState
from queuedesk.desk import looking
from queuedesk.desk.talk import messaging
from tests.core.log.test_event import chain
from tests.hall import Hall, labels, simple_hall

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def test_the_date_never_goes_back_and_calls_are_counted_by_their_date() -> None:
    dated = {day: replace(chain(1)[0], data={"date": str(day)} if day else {}) for day in (None, FRIDAY, SATURDAY)}
    known = [(None, FRIDAY), (FRIDAY, SATURDAY), (SATURDAY, FRIDAY), (FRIDAY, None), (None, None)]
    after = [HallCounters(date=before).after_event(dated[of_event]).date for before, of_event in known]
    assert after == [FRIDAY, SATURDAY, SATURDAY, FRIDAY, None]
    now = HallCounters(normal_calls=2, calls_date=FRIDAY)
    assert (now.normal_calls_since_priority_call(FRIDAY), now.normal_calls_since_priority_call(SATURDAY)) == (2, None)


def test_a_station_forgets_what_is_over_and_of_earlier_dates(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "sign-in guide G1", "queue A A A", "serve-out 1", "call 1", "not-ready B")
    hall.play("offer B to=bank", "add-note event today")
    hall.do("add-note", "event", "tomorrow", day=SATURDAY)
    hall.do("rate", "A001", 4)
    for place, text in (("guide", "unread"), ("guide", "read"), ("all", "to all")):
        sent = hall.do("message", place, text, origin="manager")
        if text == "read":
            hall.do("message-seen", sent["seq"], place="guide")
    state = looking.hall_state_now(hall.desk, hall.clock())
    state.day_notes += messaging.day_notes_between(hall.desk, SATURDAY, SATURDAY)
    state.drop_closed_records_before(SATURDAY)
    assert labels(sorted(state.tickets.values(), key=lambda t: t.label)) == ["A002", "A003"]  # still open
    assert (state.calls, state.not_ready, state.ratings, state.series) == ([], [], {}, {})
    assert len(state.shifts) == 1
    assert [message.text for message in state.messages.values()] == ["unread"]
    assert (state.offers, [note.text for note in state.day_notes]) == ([], ["tomorrow"])


def test_tickets_stand_by_how_long_they_are_there_and_a_window_nobody_opened_is_closed(hall: Hall) -> None:
    hall.open("1", "C1")
    first, second = hall.queue("A", "A", minutes_apart=1)
    hall.do("call", "1", ticket=second, reason="in a hurry")
    hall.do("miss", "1")
    hall.clock.now += timedelta(minutes=1)
    hall.play("call 1", "miss 1")
    state = looking.hall_state_now(hall.desk, hall.clock())
    assert labels(state.tickets_in_state(TicketState.MISSED)) == [second, first]
    assert state.waiting_tickets() == []
    state = looking.hall_state_now(hall.desk, hall.clock())
    assert (state.window("2").state, state.window("9").state) == ("closed", "closed")


# -- a clock that is wrong: by how much it surely is, whatever way the question took -----------------------------------
NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(
    ("ahead", "way", "sure"), [(0, 0, 0), (7, 0, 7), (-7, 0, -7), (0, 10, 0), (7, 10, 2), (-7, 10, -2), (4, 10, 0)]
)
def test_a_slow_network_makes_no_clock_wrong(ahead: float, way: float, sure: float) -> None:
    """The answer took so long, half of it there and half of it back."""
    asked, answered = NINE + minutes(ahead), NINE + minutes(ahead + way)
    assert certain_clock_skew(asked, NINE + minutes(way / 2), answered) == minutes(sure)


def test_two_minutes_are_told_and_again_only_what_is_another_amount() -> None:
    assert [clock_skew_cause(minutes(skew), None) for skew in (1.9, 2, -7.4)] == [None, "ahead 2", "behind 7"]
    known = {9: "ahead 7", 12: "ahead 12", 3: "ahead 3", -7: "behind 7", 0: None}
    assert {skew: clock_skew_cause(minutes(skew), "ahead 7") for skew in known} == known
    assert clock_skew_cause(minutes(7), "stopped") == "ahead 7"
