"""Corrections: the figures follow, what stood there stays in the log, and the story says what was put right."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.log.event import QUEUE_KINDS
from queuedesk.desk import looking
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.store.log import events
from tests.desk.stories import story_of
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, CONSOLE, MANAGER, Hall, at, refused, simple_hall

TODAY = date(2026, 11, 20)


def begun(folder: Path) -> Hall:
    """A001: called 9:05 by C1, started 9:06, finished 9:16, rated 2 · A002: called 9:20, finished 9:30, not started."""
    hall = simple_hall(folder)
    hall.play("open 1 staff=C1", "queue A A", "9:05", "call 1", "9:06", "start 1", "9:16", "finish 1 outcome=done")
    hall.do("rate", "A001", 2)
    hall.play("9:20", "call 1", "9:30", "finish 1")
    return hall


pytestmark = pytest.mark.hall(make=begun)


def figures(hall: Hall, day: date = TODAY) -> dict[str, Any]:
    with hall.desk.db.read() as tx:
        log = events.events_of_day(tx, 1, day)
    return day_figures(looking.hall_state_on(hall.desk, day), day, hall.clock(), log)


def put_right(hall: Hall, label: str, **words: Any) -> dict[str, Any]:
    """Correct with M1 acting and AD confirming; the tables must follow from the log."""
    about = {name: words.pop(name) for name in ("leg", "day") if name in words}
    answer = hall.do("correct", label, changes=words, reason="forgotten", second="AD", who=MANAGER, **about)
    hall.must_follow_from_its_log()
    return answer


def test_times_staff_and_starts_that_are_put_right_change_the_figures(hall: Hall) -> None:
    put_right(hall, "A001", started=at("9:08"), finished=at("9:12"))
    found = figures(hall)
    assert (found["way"]["n"], found["way"]["mean"]) == (1, 3.0)
    assert (found["handling"]["n"], found["handling"]["mean"]) == (2, 7.0)  # 4 and 10 minutes
    assert next(w for w in found["windows"] if w["code"] == "1")["serving_minutes"] == 14.0
    leg = hall.ticket("A001").current_leg
    assert (leg.ended, leg.called) == (at("9:12"), at("9:05"))
    assert hall.ticket("A002").flags == {"start_assumed"}
    put_right(hall, "A002", started=at("9:22"))
    assert hall.ticket("A002").flags == {"corrected"}
    assert figures(hall)["way"]["n"] == 2
    assert [row for row in figures(hall)["left_out"] if row["what"] == "start_assumed"] == []
    put_right(hall, "A001", staff="C2")
    rows = {row["code"]: row for row in figures(hall)["staff"]}
    assert (rows["C1"]["finished"], rows["C2"]["finished"]) == (1, 1)
    assert (rows["C1"]["ratings"]["n"], rows["C2"]["ratings"]["n"]) == (0, 1)


def test_an_excluded_rating_leaves_the_figures_is_named_and_may_come_back(hall: Hall) -> None:
    put_right(hall, "A001", rating="excluded")
    found = figures(hall)
    assert (found["ratings"]["n"], found["ratings"]["unrated"]) == (0, 1)
    assert {"what": "excluded", "n": 1, "why": "excluded_by_correction"} in found["left_out"]
    assert hall.ticket("A001").flags == {"corrected", "rating_excluded"}
    with refused(hall, "already_rated"):
        hall.do("rate", "A001", 5)
    with refused(hall, "nothing_to_correct"):
        put_right(hall, "A001", rating="excluded")
    put_right(hall, "A001", rating=4)
    assert (hall.ticket("A001").rating, hall.ticket("A001").flags) == (4, {"corrected"})
    assert figures(hall)["ratings"]["levels"]["4"] == 1


@ON_BOTH_ENGINES
def test_what_only_the_day_s_end_closed_becomes_exact_again(hall: Hall) -> None:
    hall.play("issue A", "call 1", "start 1")
    hall.clock.move(days=1)
    hall.do("end-due")
    assert "inaccurate" in hall.ticket("A003", TODAY).flags
    before = figures(hall)["handling"]["n"]
    put_right(hall, "A003", finished=at("9:40"), day=TODAY)
    assert hall.ticket("A003", TODAY).flags == {"corrected", "day_end"}
    assert figures(hall)["handling"]["n"] == before + 1
    assert hall.last().date == TODAY, "the correction belongs to the ticket's date"
    assert hall.whole().now.date == date(2026, 11, 20)


def test_each_step_is_corrected_by_its_number_with_room_for_the_next_and_for_what_was_set_aside(hall: Hall) -> None:
    hall.open("3", "C3")
    hall.issue("A", then=["C"])
    hall.play("serve-out 1", "serve-out 3")
    put_right(hall, "A003", leg=1, note="first", staff="C2")
    first, last = hall.ticket("A003").legs
    assert (first.note, first.staff, last.note, last.staff) == ("first", "C2", None, "C3")
    with refused(hall, "times_order"):  # the next step was called at 9:35
        put_right(hall, "A003", leg=1, finished=at("9:35:01"))
    hall.play("issue A", "call 1", "start 1", "9:41", "park 1 reason=form", 5, "unpark 1 A004", 1, "finish 1")
    with refused(hall, "times_order"):
        put_right(hall, "A004", finished=at("9:44:59"))
    put_right(hall, "A004", finished=at("9:45"))
    assert hall.ticket("A004").current_leg.whole_s_set_aside == 300


def test_who_acts_confirms_nothing(hall: Hall) -> None:
    for who, second in ((MANAGER, "M1"), (ADMIN, "AD")):
        with refused(hall, "same_person"):
            hall.do("correct", "A001", changes={"staff": "C2"}, reason="r", second=second, who=who)
    with refused(hall, "same_person"):
        hall.do("correct", "A001", changes={"note": "x"}, reason="r", second="M1", who=MANAGER)
    hall.do("correct", "A001", changes={"staff": "C2"}, reason="r", second="M1", who=CONSOLE)
    assert hall.last().data["second"] == "M1"


def test_the_story_says_what_was_put_right_and_who_confirmed_and_the_old_values_stay_in_the_log(hall: Hall) -> None:
    put_right(hall, "A001", finished=at("9:12"), rating="excluded", note="Mrs Li")
    assert story_of(hall, "A001")[-1] == (
        "Manager · M1 · End: 09:16:00, now 09:12:00 · Note: –, now Mrs Li · Rating: Dissatisfied, now left out"
        " · forgotten · confirmed by AD"
    )
    assert "Mrs Li" not in story_of(hall, "A001", typed=False)[-1]
    assert "办结时间：09:16:00，改为 09:12:00" in story_of(hall, "A001", "zh_CN")[-1]
    assert "correct" not in QUEUE_KINDS
    put_right(hall, "A001", outcome="", note="late")
    assert hall.last().data["old"] == {"outcome": "done", "note": "Mrs Li"}
    assert hall.last().data["new"] == {"outcome": None, "note": "late"}
    assert hall.ticket("A001").current_leg.outcome is None


def one_manager(folder: Path, *others: tuple[str, str]) -> Hall:
    """Return a hall of clerk C1, who has served A001 at window 1, manager M1 and `others` by code and role."""
    people = [("C1", "clerk"), ("M1", "manager"), *others]
    staff = [{"code": code, "name": code, "role": role} for code, role in people]
    hall = simple_hall(folder, staff=staff)
    hall.play("open 1 staff=C1", "issue A", "serve-out 1")
    return hall


def correct(hall: Hall, **words: Any) -> None:
    hall.do("correct", "A001", reason="pressed late", who=MANAGER, **{"changes": {"finished": at("9:04")}, **words})
    hall.must_follow_from_its_log()


def test_without_another_manager_a_colleague_whom_it_does_not_concern_is_the_witness(tmp_path: Path) -> None:
    hall = one_manager(tmp_path, ("C2", "clerk"), ("G1", "guide"))
    with refused(hall, "not_a_second", people=["C2", "G1"], staff="C1"):
        correct(hall, second="C1")
    with refused(hall, "not_a_second", people=["G1"], staff="C2"):
        correct(hall, second="C2", changes={"staff": "C2"})
    with refused(hall, "not_alone", people=["C2", "G1"]):
        correct(hall, alone=True)
    correct(hall, second="G1")
    assert (hall.last().data["second"], hall.last().data["witness"]) == ("G1", True)
    assert story_of(hall, "A001")[-1].endswith("witnessed by G1")
    assert hall.ticket("A001").flags == {"corrected"}


def test_only_what_nobody_else_could_confirm_is_said_to_be_done_by_one_person_alone(tmp_path: Path) -> None:
    hall = one_manager(tmp_path)
    correct(hall, changes={"note": "paid"}, alone=True)
    assert "alone" not in hall.last().data
    assert hall.ticket("A001").flags == {"corrected"}
    for words in ({}, {"second": "C1"}):
        with refused(hall, "nobody_else"):
            correct(hall, **words)
    correct(hall, alone=True)
    assert (hall.last().data.get("second"), hall.last().data["alone"]) == (None, True)
    assert story_of(hall, "A001")[-1].endswith("by one person alone: no one else could confirm it")
    assert hall.ticket("A001").flags == {"corrected", "corrected_alone"}
    (row,) = [row for row in figures(hall)["left_out"] if row["what"] == "corrected_alone"]
    assert row == {"what": "corrected_alone", "n": 1, "why": "nobody_else_could_agree"}
    assert len(tickets_behind_figure(hall.desk, "left_out.corrected_alone", TODAY, TODAY, hall.clock()).rows) == 1
