"""Windows and their shifts: who sits where, pauses and their reasons, and whom a closing window leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hall import MANAGER, Hall, at, clerk, refused, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def test_a_window_as_it_stands(tmp_path: Path) -> None:
    skilled = [{"code": "CB", "name": "CB", "role": "clerk", "skills": ["C", "B"]}]
    hall = simple_hall(tmp_path, staff=skilled)

    assert hall.do("open", "3", staff="CB") == {
        "code": "3",
        "state": "open",
        "staff": "CB",
        "services": ["B", "C"],
        "ticket": None,
        "back": None,
    }


@pytest.mark.parametrize("staff", ["C1", "M1", "AD"])
def test_clerks_managers_and_admins_may_sit_at_a_window(hall: Hall, staff: str) -> None:
    assert hall.do("open", "1", staff=staff, who=MANAGER)["staff"] == staff


def test_a_shift_with_its_pauses(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.clock.move(minutes=10)
    told = hall.do("pause", "1", reason="tea", minutes=5, who=clerk("C1"))
    hall.clock.move(minutes=4)
    again = hall.do("pause", "1", reason="lunch", minutes=30)
    hall.clock.move(minutes=20)
    hall.do("resume", "1")
    hall.clock.move(minutes=10)
    hall.do("pause", "1", reason="call")
    hall.clock.move(minutes=1)
    hall.do("close", "1")
    (shift,) = hall.whole().shifts.values()

    assert (told["state"], told["back"], again["back"]) == (
        "paused",
        "2026-11-20T09:15:00+08:00",
        "2026-11-20T09:44:00+08:00",
    )
    assert (shift.staff, shift.window, shift.opened, shift.closed) == ("C1", "1", at("9:00"), at("9:45"))
    assert [(p.start, p.end, p.reason) for p in shift.pauses] == [
        (at("9:10"), at("9:34"), "tea"),
        (at("9:44"), at("9:45"), "call"),
    ]
    hall.must_follow_from_its_log()


def test_who_closed_may_open_another_window(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("close", "1")
    hall.open("2", "C1")
    hall.open("1", "C2")

    assert {w.code: w.staff for w in hall.whole().windows.values()} == {"1": "C2", "2": "C1"}
    assert len(hall.whole().shifts) == 3


@pytest.mark.parametrize("verb", ["pause", "close"])
def test_the_last_window_of_those_who_wait_says_whom_it_leaves(hall: Hall, verb: str) -> None:
    words = {"reason": "tea"} if verb == "pause" else {}
    hall.open("2", "C2")
    hall.open("3", "C3")
    hall.queue("A", "C")

    assert "unserved" not in hall.do(verb, "2", **words)
    assert hall.do(verb, "3", **words)["unserved"] == ["A", "C"]


def test_a_shift_is_handed_over_in_one_step(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.clock.move(minutes=30)
    hall.do("pause", "1", reason="lunch", minutes=30)

    told = hall.do("hand-over", "1", staff="C2", who=clerk("C1"))

    assert (told["state"], told["staff"], told["back"]) == ("open", "C2", None)
    before, after = hall.log()[-2:]
    assert (before.kind, before.staff, before.data["handed_to"]) == ("close", "C1", "C2")
    assert (after.kind, after.staff, after.actor) == ("open", "C2", "C1")
    assert before.time == after.time
    hall.must_follow_from_its_log()


def test_a_hand_over_changes_nothing_where_it_is_refused(hall: Hall) -> None:
    with refused(hall, "window_closed", window="1"):
        hall.do("hand-over", "1", staff="C2")
    hall.open("1", "C1")
    hall.open("2", "C2")
    for code, staff in (
        ("window_open", "C1"),
        ("staff_elsewhere", "C2"),
        ("not_a_clerk", "G1"),
        ("unknown_staff", "X"),
    ):
        with refused(hall, code):
            hall.do("hand-over", "1", staff=staff)
    with refused(hall, "not_your_window"):
        hall.do("hand-over", "1", staff="C3", who=clerk("C2"))
    hall.issue("A")
    hall.call("1")
    with refused(hall, "window_busy"):
        hall.do("hand-over", "1", staff="C3")


def test_who_takes_those_left_behind_is_noted(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")

    hall.do("pause", "1", reason="tea", left_to="2")
    assert hall.last().data["left_to"] == "2"
    hall.do("close", "1", left_to="@manager")
    assert hall.last().data["left_to"] == "@manager"

    hall.open("1", "C1")
    with refused(hall, "unknown_window"):
        hall.do("close", "1", left_to="99")
