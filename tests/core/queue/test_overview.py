"""What screens ask of a hall: lines, the next customers, alerts, and why somebody still waits."""

from pathlib import Path

import pytest

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import overview
from queuedesk.core.queue.dispatch import NO_FIGURES, NO_WINDOW_OPEN
from queuedesk.desk import looking
from tests.hall import Hall, labels, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


NO_WINDOW = ("no_window", "red")  # these halls have opened none


def now(hall: Hall) -> HallState:
    return looking.hall_state_now(hall.desk, hall.clock())


def kinds(hall: Hall) -> list[tuple[str, str]]:
    return [(a.kind, a.level) for a in overview.current_alerts(now(hall), hall.clock())]


def test_who_is_next_is_whom_a_call_takes(hall: Hall) -> None:
    hall.open("2", "C2")
    hall.queue("A", "C", "B", minutes_apart=1)
    hall.play(5, "issue A klass=elderly")
    for _ in range(3):
        expected = overview.tickets_callable_by_window(now(hall), "2", hall.clock())[0].label
        assert hall.serve_out("2") == expected
    assert overview.tickets_callable_by_window(now(hall), "2", hall.clock()) == []
    assert labels(overview.waiting_in_call_order(now(hall))) == ["C001"]


def test_a_service_s_line_is_its_own_and_its_wait_that_of_everybody_before(hall: Hall) -> None:
    hall.open("2", "C2")
    hall.queue("A", "B", "A", minutes_apart=1)
    lines = {line.service: line for line in overview.service_lines(now(hall), hall.clock())}
    assert [(lines[s].waiting, lines[s].ahead, lines[s].windows) for s in "ABC"] == [(2, 3, 1), (1, 3, 1), (0, 0, 0)]
    assert (lines["A"].wait, lines["C"].wait) == (NO_FIGURES, NO_WINDOW_OPEN)
    assert lines["C"].longest_since is None


def test_why_somebody_still_waits_and_who_passed_them(hall: Hall) -> None:
    hall.queue("A", "A")

    def told(label: str) -> overview.WhyNotCalled:
        state = now(hall)
        return overview.explain_not_called(state, state.tickets[hall.date, label], hall.clock())

    assert told("A001").code == "no_window"
    hall.open("1", "C1")
    assert (told("A001").code, told("A002").code) == ("next", "ahead")
    hall.do("call", "1", ticket="A002", reason="a child")
    assert (told("A002").code, told("A001").code) == ("called", "all_busy")
    assert [(o.by, o.reason, o.text) for o in told("A001").passed_by] == [("A002", "chosen", "a child")]
    hall.do("finish", "1")
    assert told("A002").code == "ended"


def test_who_is_not_called_yet_is_past_the_target_a_moment_after_it(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "B", minutes_apart=1)
    hall.clock.move(minutes=13)
    assert overview.waiting_past_target_summary(now(hall), hall.clock()) is None
    hall.clock.move(seconds=1)
    assert overview.waiting_past_target_summary(now(hall), hall.clock()) == overview.WaitingCountPastTarget(
        1, "A001", 15
    )
    hall.clock.move(minutes=10)
    assert overview.waiting_past_target_summary(now(hall), hall.clock()) == overview.WaitingCountPastTarget(
        2, "A001", 25
    )
    hall.call("1")
    assert overview.waiting_past_target_summary(now(hall), hall.clock()) == overview.WaitingCountPastTarget(
        1, "B001", 24
    )


def test_a_long_wait_is_amber_then_red(hall: Hall) -> None:
    hall.issue("A")
    for minutes, level in ((9.9, None), (0.1, "amber"), (4.9, "amber"), (0.1, "red")):
        hall.clock.move(minutes=minutes)
        assert kinds(hall) == [NO_WINDOW, *([("long_wait", level)] if level else [])]


def test_a_window_that_is_not_back_in_time_is_told_a_moment_later(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("pause", "1", reason="tea", minutes=5)
    hall.clock.move(minutes=5)
    assert kinds(hall) == []
    hall.clock.move(seconds=6)
    assert kinds(hall) == [("late_back", "amber")]


def test_a_window_that_calls_nobody_though_somebody_waits_for_it(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "open 3 staff=C3", 10)
    assert kinds(hall) == []
    hall.issue("C")
    assert [(a.kind, a.window) for a in overview.current_alerts(now(hall), hall.clock())] == [("no_call", "3")]


def test_a_crowd_is_more_than_the_hall_s_number_and_a_series_comes_to_its_end(hall: Hall) -> None:
    hall.do("set-setting", "crowd", 7)
    hall.do("set-row", "services", "A", {"last": 10})
    hall.queue(*"A" * 7)
    assert kinds(hall) == [NO_WINDOW]
    hall.issue("A")
    assert kinds(hall) == [NO_WINDOW, ("crowd", "red")]
    hall.issue("A")
    (found,) = (a for a in overview.current_alerts(now(hall), hall.clock()) if a.kind == "series_ending")
    assert (found.service, found.minutes) == ("A", 1)


def test_the_worst_stands_first_and_people_for_whom_no_window_is_open_at_once(hall: Hall) -> None:
    hall.play("open 2 staff=C1", "queue A C")
    found = overview.current_alerts(now(hall), hall.clock())
    assert [(a.kind, a.level, a.service, a.minutes) for a in found] == [("no_window", "red", "C", 1)]
    hall.open("3", "C3")
    assert kinds(hall) == []
    for window in "23":
        hall.do("pause", window, reason="tea", minutes=1)
    hall.clock.move(minutes=20)
    assert [a.kind for a in overview.current_alerts(now(hall), hall.clock())][:2] == ["no_window", "no_window"]
    hall.do("resume", "2")
    assert {kind for kind, _level in kinds(hall)} == {"no_window", "long_wait", "late_back"}
    assert kinds(hall)[-1] == ("late_back", "amber")


def test_a_hall_without_a_set_up_is_a_bug() -> None:
    with pytest.raises(ValueError, match="set-up"):
        overview.set_up(HallState())
