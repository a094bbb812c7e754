"""What screens ask of a hall: lines, the next customers, alerts, and why somebody still waits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import overview
from queuedesk.core.queue.dispatch import NO_FIGURES, NO_WINDOW_OPEN, Wait
from queuedesk.core.queue.overview import (
    Late,
    alerts,
    next_for,
    past_target,
    service_lines,
    standing,
    whole_order,
    why,
)
from queuedesk.desk import looking
from tests.hall import Hall, labels, make_hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


NO_WINDOW = ("no_window", "red")  # these halls have opened none


def now(hall: Hall) -> HallState:
    return looking.hall_now(hall.desk, hall.clock())


def kinds(hall: Hall) -> list[tuple[str, str]]:
    return [(a.kind, a.level) for a in alerts(now(hall), hall.clock())]


def test_who_is_next_is_whom_a_call_takes(hall: Hall) -> None:
    hall.open("2", "C2")
    hall.queue("A", "C", "B", minutes_apart=1)
    hall.clock.move(minutes=5)
    hall.issue("A", klass="elderly")
    for _ in range(3):
        expected = next_for(now(hall), "2", hall.clock())[0].label
        assert hall.serve_out("2") == expected
    assert next_for(now(hall), "2", hall.clock()) == []
    assert labels(whole_order(now(hall))) == ["C001"]


def test_a_service_s_line_is_its_own_and_its_wait_that_of_everybody_before(hall: Hall) -> None:
    hall.open("2", "C2")
    hall.queue("A", "B", "A", minutes_apart=1)
    lines = {line.service: line for line in service_lines(now(hall), hall.clock())}

    assert [(lines[s].waiting, lines[s].ahead, lines[s].windows) for s in "ABC"] == [(2, 3, 1), (1, 3, 1), (0, 0, 0)]
    assert (lines["A"].wait, lines["C"].wait) == (NO_FIGURES, NO_WINDOW_OPEN)
    assert lines["C"].longest_since is None


def test_a_wait_is_told_from_the_calls_of_the_line_s_windows(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AAAAAAAA")
    for _ in range(5):
        hall.serve_out("1", minutes=4)
    state = now(hall)

    stands = standing(state, state.tickets[hall.date, "A008"], hall.clock())

    assert (stands.ahead, stands.wait) == (2, Wait(low=3, high=15, point_s=517))  # of five visits


def test_why_somebody_still_waits(hall: Hall) -> None:
    hall.queue("A", "A")

    def code(label: str) -> str:
        state = now(hall)
        return why(state, state.tickets[hall.date, label], hall.clock()).code

    assert code("A001") == "no_window"
    hall.open("1", "C1")
    assert (code("A001"), code("A002")) == ("next", "ahead")
    hall.call("1")
    assert (code("A001"), code("A002")) == ("called", "all_busy")
    hall.do("finish", "1")
    assert code("A001") == "ended"


def test_who_passed_somebody_is_told_with_the_reason(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.do("call", "1", ticket="A002", reason="a child")
    state = now(hall)
    told = why(state, state.tickets[hall.date, "A001"], hall.clock())

    assert [(o.by, o.reason, o.text) for o in told.passed_by] == [("A002", "chosen", "a child")]


def test_who_is_not_called_yet_is_past_the_target_a_moment_after_it(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "B", minutes_apart=1)
    hall.clock.move(minutes=13)
    assert past_target(now(hall), hall.clock()) is None
    hall.clock.move(seconds=1)
    assert past_target(now(hall), hall.clock()) == Late(1, "A001", 15)
    hall.clock.move(minutes=10)
    assert past_target(now(hall), hall.clock()) == Late(2, "A001", 25)
    hall.call("1")
    assert past_target(now(hall), hall.clock()) == Late(1, "B001", 24)


def waits(hall: Hall) -> None:
    hall.issue("A")


def comes_back_in_five_minutes(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("pause", "1", reason="tea", minutes=5)


def is_served_for_five_minutes_at_most(hall: Hall) -> None:
    hall.do("set-row", "services", "A", {"handling_target": 5})
    hall.open("1", "C1")
    hall.issue("A")
    hall.call("1")
    hall.clock.move(minutes=2)
    hall.do("start", "1")


@pytest.mark.parametrize(
    ("begun", "minutes", "expected"),
    [
        (waits, 9.9, [NO_WINDOW]),
        (waits, 10, [NO_WINDOW, ("long_wait", "amber")]),
        (waits, 14.9, [NO_WINDOW, ("long_wait", "amber")]),
        (waits, 15, [NO_WINDOW, ("long_wait", "red")]),
        (comes_back_in_five_minutes, 5, []),
        (comes_back_in_five_minutes, 5.1, [("late_back", "amber")]),
        (is_served_for_five_minutes_at_most, 4.9, []),
        (is_served_for_five_minutes_at_most, 5, [("long_serving", "amber")]),
    ],
)
def test_an_alert_comes_at_its_moment(
    hall: Hall, begun: Callable[[Hall], None], minutes: float, expected: list[tuple[str, str]]
) -> None:
    begun(hall)
    hall.clock.move(minutes=minutes)
    assert kinds(hall) == expected


def test_a_crowd_is_more_than_the_hall_s_number(hall: Hall) -> None:
    hall.do("set-setting", "crowd", 3)
    hall.queue(*"AAA")
    assert kinds(hall) == [NO_WINDOW]
    hall.issue("A")
    assert kinds(hall) == [NO_WINDOW, ("crowd", "red")]


def test_a_window_that_calls_nobody_though_somebody_waits_for_it(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.clock.move(minutes=10)
    assert kinds(hall) == []
    hall.issue("C")

    assert [(a.kind, a.window) for a in alerts(now(hall), hall.clock())] == [("no_call", "3")]


def test_a_series_that_comes_to_its_end(hall: Hall) -> None:
    hall.do("set-row", "services", "A", {"last": 10})
    hall.queue(*"A" * 8)
    assert "series_ending" not in dict(kinds(hall))
    hall.issue("A")
    (found,) = (a for a in alerts(now(hall), hall.clock()) if a.kind == "series_ending")
    assert (found.service, found.minutes) == ("A", 1)


def test_the_worst_stands_first(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("pause", "1", reason="tea", minutes=1)
    hall.issue("A")
    hall.clock.move(minutes=20)
    found = alerts(now(hall), hall.clock())

    assert [a.kind for a in found] == ["no_window", "long_wait", "late_back"]


def test_a_hall_without_a_set_up_is_a_bug() -> None:
    with pytest.raises(ValueError, match="set-up"):
        overview.set_up(HallState())


def test_people_who_wait_where_no_window_is_open_are_an_alert(tmp_path: Path) -> None:
    """At once and red: nobody will ever call them; it goes when a window that serves them opens."""
    hall = make_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "C")

    found = alerts(now(hall), hall.clock())
    assert [(a.kind, a.level, a.service, a.minutes) for a in found] == [("no_window", "red", "C", 1)]
    hall.open("5", "C5")
    assert kinds(hall) == []
