"""The read side: tickets, waits, the state, a day; no lock and no event."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk import looking
from queuedesk.store.engine.database import Database
from queuedesk.store.parts import halls
from tests.desk.stage import STATES, stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, simple_hall

TODAY = date(2026, 11, 20)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return stage(tmp_path)


@pytest.mark.parametrize("label", STATES)
def test_a_ticket_in_each_state(hall: Hall, label: str) -> None:
    told = looking.ticket_now(hall.desk, label, hall.clock())

    assert (told["ticket"], told["state"], told["visit"]) == (label, STATES[label], f"2026-11-20-{label}")
    assert (told["ahead"] is None) is (STATES[label] != "waiting")
    assert (told["wait"] is None) is ("wait_reason" in told)
    assert ("rating" in told) is (label == "A001")
    assert ("finished" in told) is (STATES[label] == "finished")


def test_a_ticket_that_is_told_what_it_does(hall: Hall) -> None:
    told = looking.ticket_now(hall.desk, "A004", hall.clock())

    assert (told["window"], told["staff"], told["calls"]) == ("3", "C3", 1)
    assert told["arrived"] == "2026-11-20T09:03:00+08:00"
    assert "started" not in told


def test_what_a_ticket_issued_now_would_be_told_is_what_it_is_told(hall: Hall) -> None:
    told = looking.wait_for(hall.desk, "B", hall.clock())
    issued = hall.do("issue", "B")

    assert set(told) <= {"service", "ahead", "wait", "wait_reason"}
    assert (told["ahead"], told["wait"]) == (issued["ahead"], issued["wait"])


@ON_BOTH_ENGINES
@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda desk, now: looking.ticket_now(desk, "A099", now), "unknown_ticket"),
        (lambda desk, now: looking.ticket_now(desk, "A001", now, date(2026, 11, 19)), "unknown_ticket"),
        (lambda desk, now: looking.find_ticket(desk, TODAY, "A099"), "unknown_ticket"),
        (lambda desk, now: looking.history(desk, TODAY, "A099"), "unknown_ticket"),
        (lambda desk, now: looking.why_not_called(desk, "A099", now), "unknown_ticket"),
        (lambda desk, now: looking.wait_for(desk, "Z", now), "unknown_service"),
    ],
)
def test_what_is_not_there_is_named(hall: Hall, ask: object, code: str) -> None:
    with pytest.raises(RuleError) as error:
        ask(hall.desk, hall.clock())  # type: ignore[operator]
    assert error.value.code == code


def test_the_hall_as_it_stands(hall: Hall) -> None:
    state = looking.state_document(hall.desk, hall.clock(), lambda setup, alert: alert.kind)

    assert list(state) == ["hall", "windows", "waiting", "recent_calls", "alerts"]
    assert {w["code"]: (w["state"], w["ticket"]) for w in state["windows"]} == {
        "1": ("open", None),
        "2": ("open", "A003"),
        "3": ("open", "A004"),
        "4": ("paused", None),
        "5": ("closed", None),
        "6": ("open", None),
    }
    assert [t["ticket"] for t in state["waiting"]] == ["A009", "A010", "B001"]
    assert state["recent_calls"][0] == {"ticket": "A004", "window": "3", "at": "2026-11-20T09:12:00+08:00"}


@ON_BOTH_ENGINES
def test_recent_calls_are_the_last_twenty(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue(*"A" * 22)
    for _ in range(22):
        hall.serve_out("1", minutes=0.1)
    calls = looking.state_document(hall.desk, hall.clock(), lambda setup, alert: "")["recent_calls"]

    assert [call["ticket"] for call in calls] == [f"A{n:03d}" for n in range(22, 2, -1)]


def test_a_day_with_its_legs(hall: Hall) -> None:
    day = {t["ticket"]: t for t in looking.tickets_of(hall.desk, TODAY, hall.clock())}

    assert list(day) == [*sorted(label for label in STATES if label[0] == "A"), "B001"]
    assert [leg["end"] for leg in day["A004"]["legs"]] == ["redirect", "redirect", None]
    assert day["A001"]["flags"] == ["start_assumed"]
    assert (day["A001"]["way"], day["A002"]["way"]) == (None, 0.0)
    assert set(day["A002"]["legs"][0]) == {
        "service",
        "place",
        "called",
        "started",
        "finished",
        "window",
        "staff",
        "end",
    }
    assert day["A002"]["legs"][0]["end"] == "finish"


@ON_BOTH_ENGINES
def test_a_ticket_s_story_holds_the_day_end_that_closed_it(hall: Hall) -> None:
    hall.do("day-end")
    _, told = looking.history(hall.desk, TODAY, "A009")
    _, left = looking.history(hall.desk, TODAY, "A007")

    assert [event.kind for event in told] == ["issue", "day-end"]
    assert [event.kind for event in left] == ["issue", "leave"]


def test_looking_writes_nothing(hall: Hall) -> None:
    before = hall.whole()
    looking.hall_on(hall.desk, TODAY)
    looking.window_rows(hall.desk, hall.clock())
    looking.why_not_called(hall.desk, "A009", hall.clock())

    assert hall.whole() == before
    assert looking.last_moment(hall.desk) == hall.last().at


def test_which_hall_is_meant(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    assert looking.hall_by_code(hall.desk.db, None) == looking.hall_by_code(hall.desk.db, "T") == 1
    for code, refusal in (("X", "unknown_hall"),):
        with pytest.raises(RuleError) as error:
            looking.hall_by_code(hall.desk.db, code)
        assert error.value.code == refusal
    with hall.desk.db.write() as tx:
        halls.create(tx, 2, "U")
    with pytest.raises(RuleError) as several:
        looking.hall_by_code(hall.desk.db, None)
    assert (several.value.code, several.value.details) == ("hall_needed", {"halls": ["T", "U"]})
    assert looking.hall_by_code(hall.desk.db, "U") == 2


def test_a_file_without_a_hall_has_none(tmp_path: Path) -> None:
    db = Database.create(tmp_path / "empty.sqlite")
    with pytest.raises(OutsideError) as error:
        looking.hall_by_code(db, None)
    assert error.value.code == "database_missing"
    db.dispose()
