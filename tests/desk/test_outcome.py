"""What became of a command whose answer never came."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk.change import Ask
from queuedesk.desk.looking import Outcome, outcome, own_id
from queuedesk.desk.queue import calling, issuing
from queuedesk.store.schema import commands
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def by_station(hall: Hall) -> Ask:
    return replace(hall.ask(GUIDE), command=own_id())


def kept(hall: Hall) -> int:
    with hall.desk.db.read() as tx:
        return tx.execute(select(func.count()).select_from(commands)).scalar_one()


@ON_BOTH_ENGINES
def test_every_id_is_another_one() -> None:
    assert len({own_id() for _ in range(100)}) == 100


@ON_BOTH_ENGINES
def test_what_was_done_is_found_by_its_id_with_its_own_event(hall: Hall) -> None:
    ask = by_station(hall)
    issuing.issue(hall.desk, ask, "A")
    hall.issue("A")
    found = outcome(hall.desk, str(ask.command))

    assert found.is_done
    assert found.event is not None
    assert (found.event.kind, found.event.ticket, found.event.command) == ("issue", "A001", ask.command)


@ON_BOTH_ENGINES
def test_what_was_refused_or_never_came_was_not_done(hall: Hall) -> None:
    ask = by_station(hall)
    with pytest.raises(RuleError, match="reason_needed"):
        calling.void(hall.desk, ask, hall.issue("A"), reason="")

    assert outcome(hall.desk, str(ask.command)) == Outcome(is_done=False)
    assert outcome(hall.desk, own_id()) == Outcome(is_done=False)


@ON_BOTH_ENGINES
def test_what_is_asked_twice_is_done_once(hall: Hall) -> None:
    ask = by_station(hall)
    first = issuing.issue(hall.desk, ask, "A")
    later = replace(ask, now=ask.now + timedelta(seconds=7))

    assert issuing.issue(hall.desk, later, "A") == first
    assert [event.kind for event in hall.log()].count("issue") == 1


def test_no_answer_names_the_command(hall: Hall) -> None:
    ask = by_station(hall)
    hall.path.rename(hall.path.with_name("elsewhere"))
    with pytest.raises(OutsideError) as trouble:
        issuing.issue(hall.desk, ask, "A")

    assert trouble.value.code == "database_away"
    assert {
        **trouble.value.details,
        "command": ask.command,
        "verb": "issue",
        "asked": ask.now,
    } == trouble.value.details


@ON_BOTH_ENGINES
def test_answers_are_kept_until_the_day_end_after_next(hall: Hall) -> None:
    """A station's own ids are forgotten then; an id that a caller chose keeps its answer for good."""
    ask = by_station(hall)
    issuing.issue(hall.desk, ask, "A")
    issuing.issue(hall.desk, replace(ask, command="once"), "A")
    hall.do("day-end", who=MANAGER)
    assert outcome(hall.desk, str(ask.command)).is_done

    hall.clock.move(days=1)
    hall.issue("A")
    hall.do("day-end", who=MANAGER)
    assert not outcome(hall.desk, str(ask.command)).is_done
    assert outcome(hall.desk, "once").is_done
    assert kept(hall) == 1
