"""What happened elsewhere is a fact: the hall's rules choose and forbid nothing, a ticket's life still does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.ticket import State
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from tests.hall import DEEDS, Hall, refused, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = simple_hall(tmp_path, settings={"outcome_required": "on", "postponements": 0})
    yield made
    made.desk.db.dispose()


def record(hall: Hall, verb: str, *args: Any, **words: Any) -> dict[str, Any]:
    """Let a recorded deed have happened now."""
    return dict(DEEDS[verb](hall.desk, Ask(CONSOLE, hall.clock(), recorded=True), *args, **words))


def test_a_recorded_call_passes_whom_it_passed(hall: Hall) -> None:
    """The rule would have called A001; whom the call passed is counted as recorded, no reason asked for."""
    hall.queue("A", "A", "A", minutes_apart=1)
    hall.open("1", "C1")

    record(hall, "call", "1", ticket="A003")

    assert hall.ticket("A003").state is State.CALLED
    passed = looking.hall_on(hall.desk, hall.date).overtakes
    assert [(o.label, o.by, o.reason) for o in passed] == [("A001", "A003", "recorded"), ("A002", "A003", "recorded")]
    hall.must_follow_from_its_log()


def test_a_recorded_call_by_credit_counts_as_recorded_too(hall: Hall) -> None:
    hall.issue("A")
    hall.issue("A", klass="elderly")
    hall.open("1", "C1")

    record(hall, "call", "1", ticket="A002", reason="as written down")

    [passed] = looking.hall_on(hall.desk, hall.date).overtakes
    assert (passed.reason, passed.text) == ("recorded", "as written down")


def test_a_call_without_a_ticket_goes_by_the_rule(hall: Hall) -> None:
    hall.issue("A")
    hall.issue("A", klass="elderly")
    hall.open("1", "C1")

    assert record(hall, "call", "1")["ticket"] == "A002"
    assert [o.reason for o in looking.hall_on(hall.desk, hall.date).overtakes] == ["priority"]


def test_what_a_window_may_serve_refuses_no_record(hall: Hall) -> None:
    """Window 1 serves A alone."""
    hall.queue("C", "B")
    hall.open("1", "C1")

    record(hall, "call", "1", ticket="C001")
    record(hall, "start", "1")
    record(hall, "park", "1", reason=None)
    record(hall, "unpark", "1", "C001")
    record(hall, "finish", "1")
    assert record(hall, "serve", "1", "C")["state"] == "serving"
    assert hall.ticket("C001").leg.outcome is None


def test_one_clerk_sat_at_two_windows(hall: Hall) -> None:
    record(hall, "open", "1", staff="C1")
    assert record(hall, "open", "2", staff="C1")["staff"] == "C1"


def test_reasons_and_settings_refuse_no_record(hall: Hall) -> None:
    hall.queue("A", "A", "A")
    record(hall, "open", "1", staff="C1")

    record(hall, "postpone", "A001")
    record(hall, "defer", "A001")
    record(hall, "void", "A002", reason=None)
    record(hall, "call", "1", ticket="A003")
    record(hall, "return", "1", reason=None)
    record(hall, "pause", "1", reason=None)

    assert [hall.ticket(f"A00{n}").state for n in (1, 2, 3)] == [State.LEFT, State.VOID, State.WAITING]
    assert hall.ticket("A002").reason == "recorded"
    hall.must_follow_from_its_log()


def test_a_closed_service_refuses_no_record(tmp_path: Path) -> None:
    hours = [{"days": "1-7", "from": "20:00", "to": "21:00"}]
    services = [{"code": "A", "name": "A", "prefix": "A", "hours": hours}]
    hall = simple_hall(tmp_path, services=services, windows=[{"code": "1", "services": ["A"]}])

    with refused(hall, "service_closed"):
        hall.issue("A")
    assert record(hall, "issue", "A")["ticket"] == "A001"
    hall.desk.db.dispose()


def test_a_recorded_number_is_kept_and_the_series_goes_on_after_it(hall: Hall) -> None:
    record(hall, "issue", "A", label="A041")
    record(hall, "issue", "A", label="17-b")
    record(hall, "issue", "A", label="A7")
    record(hall, "issue", "A", label="A" + "9" * 18)

    assert hall.issue("A") == "A042"
    assert hall.ticket("17-b").service == "A"
    with refused(hall, "already_given", ticket="A7"):
        record(hall, "issue", "B", label="A7")
    hall.must_follow_from_its_log()


def test_a_ticket_that_was_never_called_is_not_started(hall: Hall) -> None:
    hall.issue("A")
    record(hall, "open", "1", staff="C1")

    with refused(hall, "no_customer"):
        record(hall, "start", "1")
    record(hall, "leave", "A001")
    with refused(hall, "wrong_state"):
        record(hall, "call", "1", ticket="A001")
