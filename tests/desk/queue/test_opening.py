"""Windows and their shifts: who sits where, pauses and their reasons, and whom a closing window leaves behind."""

from datetime import UTC
from pathlib import Path

import pytest

from queuedesk.core.queue.overview import tickets_callable_by_window
from queuedesk.core.queue.ticket import LentService
from queuedesk.desk import looking
from tests.hall import GUIDE, MANAGER, Hall, at, clerk, labels, refused, simple_hall, simple_setup


def with_skills(folder: Path) -> Hall:
    """Of two clerks more CA can do A alone, CB the others alone."""
    can = {"CA": ["A"], "CB": ["C", "B"]}
    skilled = [{"code": code, "name": code, "role": "clerk", "skills": skills} for code, skills in can.items()]
    return simple_hall(folder, staff=[*simple_setup()["staff"], *skilled])


pytestmark = pytest.mark.hall(make=with_skills)


def test_a_window_as_it_stands_and_calls_what_its_clerk_can_do(hall: Hall) -> None:
    told = {"code": "3", "state": "open", "staff": "CB", "services": ["B", "C"], "ticket": None, "back": None}
    assert hall.do("open", "3", staff="CB") == told
    hall.queue("A", "B", "C")
    assert hall.call("3") == "B001"
    hall.do("finish", "3")
    with refused(hall, "cannot_serve", window="3", ticket="A001", service="A"):
        hall.do("call", "3", ticket="A001")
    for staff in ("C1", "M1", "AD"):
        assert hall.do("open", "1", staff=staff, who=MANAGER)["staff"] == staff
        hall.do("close", "1")


def test_a_shift_with_its_pauses(hall: Hall) -> None:
    hall.play("open 1 staff=C1", 10)
    told = hall.do("pause", "1", reason="tea", minutes=5, who=clerk("C1"))
    hall.clock.move(minutes=4)
    again = hall.do("pause", "1", reason="lunch", minutes=30)
    hall.play(20, "resume 1", 10, "pause 1 reason=call", 1, "close 1")
    (shift,) = hall.whole().shifts.values()
    assert (told["state"], told["back"][11:16], again["back"][11:16]) == ("paused", "09:15", "09:44")
    assert (shift.staff, shift.window, shift.opened, shift.closed) == ("C1", "1", at("9:00"), at("9:45"))
    pauses = [("9:10", "9:34", "tea"), ("9:44", "9:45", "call")]
    assert [(p.start, p.end, p.reason) for p in shift.pauses] == [(at(a), at(b), reason) for a, b, reason in pauses]
    hall.play("open 2 staff=C1", "open 1 staff=C2")
    assert {w.code: w.staff for w in hall.whole().windows.values()} == {"1": "C2", "2": "C1"}
    hall.must_follow_from_its_log()


@pytest.mark.parametrize("verb", ["pause", "close"])
def test_the_last_window_of_those_who_wait_says_whom_it_leaves(hall: Hall, verb: str) -> None:
    words = {"reason": "tea"} if verb == "pause" else {}
    hall.play("open 2 staff=C2", "open 3 staff=C3", "queue A C")
    assert "unserved" not in hall.do(verb, "2", **words)
    assert hall.do(verb, "3", **words)["unserved"] == ["A", "C"]


def test_a_shift_is_handed_over_in_one_step_and_who_takes_those_left_behind_is_noted(hall: Hall) -> None:
    hall.play("open 1 staff=C1", 30)
    hall.do("pause", "1", reason="lunch", minutes=30)
    told = hall.do("hand-over", "1", staff="C2", who=clerk("C1"))
    assert (told["state"], told["staff"], told["back"]) == ("open", "C2", None)
    before, after = hall.log()[-2:]
    assert (before.kind, before.staff, before.data["handed_to"]) == ("close", "C1", "C2")
    assert (after.kind, after.staff, after.actor) == ("open", "C2", "C1")
    assert before.time == after.time
    hall.must_follow_from_its_log()
    hall.issue("A")
    hall.do("pause", "1", reason="tea", left_to="2")
    assert hall.last().data["left_to"] == "2"
    hall.do("close", "1", left_to="@manager")
    assert hall.last().data["left_to"] == "@manager"


@pytest.mark.parametrize(
    "end", ["take-back 1 B", "close 1", "day-end", "hand-over 1 staff=C2", "remove-row services B"]
)
def test_what_ends_that_a_service_is_lent(hall: Hall, end: str) -> None:
    hall.play("open 1 staff=C1", "lend 1 B", 5, end)
    assert "lent" not in looking.window_rows(hall.desk, hall.clock())[0]
    shift = min(hall.whole().shifts.values(), key=lambda one: one.id)
    assert hall.whole().windows["1"].extra == frozenset()
    assert shift.lent == (LentService(service="B", start=at("9:00").astimezone(UTC), end=at("9:05").astimezone(UTC)),)
    hall.must_follow_from_its_log()


def test_a_window_serves_what_is_lent_to_it_also_after_a_pause_and_to_the_end_of_a_visit(hall: Hall) -> None:
    hall.open("1", "C1")
    others = looking.window_rows(hall.desk, hall.clock())[1:]
    hall.queue("B", "A", minutes_apart=1)
    assert hall.do("lend", "1", "B", who=MANAGER)["services"] == ["A", "B"]
    (first, *rest) = looking.window_rows(hall.desk, hall.clock())
    assert (first["services"], first["lent"], rest) == (["A", "B"], ["B"], others)
    assert looking.ticket_document_by_label(hall.desk, "B001", hall.clock())["ahead"] == 0
    assert looking.why_not_called(hall.desk, "B001", hall.clock())[1].code != "no_window"
    hall.play("pause 1 reason=tea", "resume 1")
    state = looking.hall_state_now(hall.desk, hall.clock())
    assert labels(tickets_callable_by_window(state, "1", hall.clock())) == ["B001", "A001"]
    assert hall.call("1") == "B001"
    hall.do("take-back", "1", "B")
    assert hall.do("finish", "1")["state"] == "finished"
    hall.must_follow_from_its_log()


def test_a_transfer_may_go_there_closing_says_who_is_left_and_nobody_is_lent_what_is_beyond_the_own_skills(hall: Hall):
    hall.play("open 1 staff=C1", "open 2 staff=C3", "lend 1 C", "issue A", "call 2")
    assert hall.do("transfer", "2", "C", to_window="1")["service"] == "C"
    assert hall.do("close", "1")["unserved"] == ["C"]
    hall.open("3", "CA")
    with refused(hall, "lacks_skill"):
        hall.do("lend", "3", "C", who=GUIDE)
