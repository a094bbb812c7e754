"""The read side: tickets, waits, the state, a day; no lock and no event."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.looking import CommandOutcome, command_outcome, new_command_id
from queuedesk.desk.queue import calling, issuing
from queuedesk.store.engine.database import Database
from queuedesk.store.parts import halls
from queuedesk.store.schema import commands
from tests.desk.stage import STATES, stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, simple_hall

TODAY = date(2026, 11, 20)


@pytest.mark.hall(make=stage)
@ON_BOTH_ENGINES
def test_a_wait_told_is_the_one_given_a_day_end_stands_in_each_story_and_what_is_not_there_is_named(hall: Hall) -> None:
    desk, now = hall.desk, hall.clock()
    asks: list[Callable[[], object]] = [
        lambda: looking.ticket_document_by_label(desk, "A099", now),
        lambda: looking.ticket_document_by_label(desk, "A001", now, date(2026, 11, 19)),
        lambda: looking.find_ticket(desk, TODAY, "A099"),
        lambda: looking.ticket_with_events(desk, TODAY, "A099"),
        lambda: looking.why_not_called(desk, "A099", now),
    ]
    for ask in asks:
        with pytest.raises(RuleError, match="unknown_ticket"):
            ask()
    with pytest.raises(RuleError, match="unknown_service"):
        looking.wait_of_new_ticket(desk, "Z", now)
    told = looking.wait_of_new_ticket(hall.desk, "B", hall.clock())
    issued = hall.do("issue", "B")

    assert set(told) <= {"service", "ahead", "wait", "wait_reason"}
    assert (told["ahead"], told["wait"]) == (issued["ahead"], issued["wait"])
    hall.do("day-end")
    _, told = looking.ticket_with_events(hall.desk, TODAY, "A009")
    _, left = looking.ticket_with_events(hall.desk, TODAY, "A007")

    assert [event.kind for event in told] == ["issue", "day-end"]
    assert [event.kind for event in left] == ["issue", "leave"]


def test_recent_calls_are_the_last_twenty(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"A" * 22)
    for _ in range(22):
        hall.serve_out("1", minutes=0.1)
    calls = looking.hall_state_document(hall.desk, hall.clock(), lambda setup, alert: "")["recent_calls"]
    assert [call["ticket"] for call in calls] == [f"A{n:03d}" for n in range(22, 2, -1)]


def test_which_hall_is_meant(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    assert looking.hall_id_by_code(hall.desk.db, None) == looking.hall_id_by_code(hall.desk.db, "T") == 1
    with pytest.raises(RuleError, match="unknown_hall"):
        looking.hall_id_by_code(hall.desk.db, "X")
    with hall.desk.db.write() as tx:
        halls.insert_hall_row_with_id(tx, 2, "U")
    with pytest.raises(RuleError) as several:
        looking.hall_id_by_code(hall.desk.db, None)
    assert (several.value.code, several.value.details) == ("hall_needed", {"halls": ["T", "U"]})
    assert looking.hall_id_by_code(hall.desk.db, "U") == 2
    db = Database.create(tmp_path / "empty.sqlite")
    with pytest.raises(OutsideError, match="database_missing"):
        looking.hall_id_by_code(db, None)
    db.dispose()


def by_station(hall: Hall) -> Ask:
    return replace(hall.ask(GUIDE), command=new_command_id())


@ON_BOTH_ENGINES
def test_what_is_asked_twice_is_done_once_and_found_by_its_id_until_the_day_end_after_next(hall: Hall) -> None:
    """What was refused or never came was not done. A station's own ids are forgotten at that day-end; an id that a
    caller chose keeps its answer for good."""
    ask = by_station(hall)
    first = issuing.issue_ticket(hall.desk, ask, "A")
    assert issuing.issue_ticket(hall.desk, replace(ask, now=ask.now + timedelta(seconds=7)), "A") == first
    assert [event.kind for event in hall.log()].count("issue") == 1
    hall.issue("A")
    found = command_outcome(hall.desk, str(ask.command))
    assert found.is_done
    assert (found.event.kind, found.event.ticket, found.event.command) == ("issue", "A001", ask.command)
    empty = by_station(hall)
    with pytest.raises(RuleError, match="reason_needed"):
        calling.void_ticket(hall.desk, empty, "A001", reason="")
    for id in (str(empty.command), new_command_id()):
        assert command_outcome(hall.desk, id) == CommandOutcome(is_done=False)
    issuing.issue_ticket(hall.desk, replace(ask, command="once"), "A")
    hall.do("day-end", who=MANAGER)
    assert command_outcome(hall.desk, str(ask.command)).is_done
    hall.clock.move(days=1)
    hall.issue("A")
    hall.do("day-end", who=MANAGER)
    assert not command_outcome(hall.desk, str(ask.command)).is_done
    assert command_outcome(hall.desk, "once").is_done
    with hall.desk.db.read() as tx:
        assert tx.execute(select(func.count()).select_from(commands)).scalar_one() == 1


def test_no_answer_names_the_command(hall: Hall) -> None:
    ask = by_station(hall)
    hall.path.rename(hall.path.with_name("elsewhere"))
    with pytest.raises(OutsideError) as trouble:
        issuing.issue_ticket(hall.desk, ask, "A")
    assert trouble.value.code == "database_away"
    assert trouble.value.details.items() >= {"command": ask.command, "verb": "issue", "asked": ask.now}.items()


GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "morning.json"
"""What is told of a hall in the middle of its morning: its state, its windows, its day, each of its tickets."""


def answers(hall: Hall) -> dict[str, Any]:
    now = hall.clock()
    return {
        "state": looking.hall_state_document(hall.desk, now, lambda setup, alert: alert.kind),
        "windows": looking.window_rows(hall.desk, now),
        "day": looking.tickets_of_date(hall.desk, TODAY, now),
        "tickets": [looking.ticket_document_by_label(hall.desk, label, now) for label in STATES],
        "not called": {label: looking.why_not_called(hall.desk, label, now)[1].code for label in ("A009", "B001")},
    }


@pytest.mark.hall(make=stage)
def test_what_is_told_of_a_hall_and_its_tickets_is_as_it_is_kept_and_writes_nothing(hall: Hall) -> None:
    """A changed file is looked at as a difference; `json.dumps(answers(hall), ensure_ascii=False, indent=1)` is new."""
    before = hall.whole()
    assert json.loads(json.dumps(answers(hall))) == json.loads(GOLDEN.read_text(encoding="utf-8"))
    looking.hall_state_on(hall.desk, TODAY)
    assert hall.whole() == before
    assert looking.last_event_time(hall.desk) == hall.last().at
