"""Why a ticket waits that a transfer keeps for one window or clerk: nobody else is said to be free for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk import i18n
from queuedesk.desk import looking
from queuedesk.i18n.queue.line_words import why_now
from tests.hall import Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Windows 1 and 2 have clerks, and one customer is served at window 1."""
    i18n.use("en")
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.issue("A")
    hall.call("1")
    hall.do("start", "1")
    return hall


def told(hall: Hall, *, public: bool = False) -> str:
    state = looking.hall_now(hall.desk, hall.clock())
    return why_now(state, state.tickets[hall.date, "A001"], hall.clock(), public=public)


def test_only_the_window_it_is_kept_for_can_call_it(hall: Hall) -> None:
    hall.open("3", "C3")
    hall.do("transfer", "1", "A", to_window="3")

    assert told(hall) == "A001 is next, and window 3 can call it now; it is kept for window 3 until 9:15."
    hall.issue("C")
    assert hall.call("3", ticket="C001", reason="asked") == "C001"
    assert told(hall).startswith("A001 is next, and every window for it has a customer (window 3)")


def test_a_closed_window_it_is_kept_for_is_named(hall: Hall) -> None:
    hall.do("transfer", "1", "A", to_window="3")

    assert told(hall) == "A001 is waiting for window 3, which is not open now; other windows may call it from 9:15."
    hall.clock.move(minutes=15)
    assert told(hall) == "A001 is next, and windows 1, 2 can call it now."


def test_a_clerk_it_is_kept_for_is_named_to_staff_alone(hall: Hall) -> None:
    hall.do("transfer", "1", "A", to_staff="C3")

    assert told(hall).startswith("A001 is waiting for C3, who is at no open window now; other windows")
    assert told(hall, public=True).startswith("A001 is waiting for a clerk who is at no open window now; other windows")
    hall.open("3", "C3")
    assert told(hall) == "A001 is next, and window 3 can call it now; it is kept for C3 until 9:15."
    assert told(hall, public=True).endswith("; it is kept for one clerk until 9:15.")


def test_who_stands_before_it_is_counted_at_the_window_it_is_kept_for(hall: Hall) -> None:
    """Window 3 would call C001 first; window 2, which may not call A001, has nobody else."""
    hall.issue("C")
    hall.open("3", "C3")
    hall.clock.move(minutes=1)
    hall.do("transfer", "1", "A", to_window="3", place="end")

    assert told(hall).startswith("A001 is waiting because 1 ticket is to be called before it (window 3); it is kept")
