"""The log in the database: as it was printed, in order, page by page; ids and their answers; epochs."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from queuedesk.store.log import events
from tests import engines
from tests.desk.stage import stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, simple_hall
from tests.journeys.chain import first_broken

pytestmark = [ON_BOTH_ENGINES, pytest.mark.hall(make=stage)]
TODAY = date(2026, 11, 20)


def test_the_log_is_read_on_from_a_seq_or_in_pages_and_anyone_can_check_it(hall: Hall, monkeypatch: pytest.MonkeyPatch):
    log = hall.log()
    assert first_broken(json.loads(json.dumps(event.printed_fields())) for event in log) is None
    with hall.desk.db.read() as tx:
        assert events.events_after(tx, 1, 5) == log[5:]
        assert events.events_after(tx, 1, 5, 3) == log[5:8]
        assert events.events_after(tx, 1, len(log)) == []
        assert events.events_after(tx, 2, 0) == []
        assert events.event_with_seq(tx, 1, 7) == log[6]
        assert events.event_count(tx, 1) == len(log)
        for page in (1, 7, 5000):
            monkeypatch.setattr(events, "PAGE", page)
            assert list(events.all_events(tx, 1)) == log


def test_a_day_s_events_and_a_ticket_s_are_found_a_seq_is_given_once_and_an_answer_is_kept_by_its_id(hall) -> None:
    hall.clock.move(days=1)
    hall.issue("A")
    with hall.desk.db.read() as tx:
        day = events.events_of_day(tx, 1, TODAY)
        own = events.events_of_day(tx, 1, TODAY, "A001")
        tomorrow = events.events_of_day(tx, 1, date(2026, 11, 21))
    assert day == hall.log()[:-1]
    assert [event.kind for event in own] == ["issue", "call", "finish", "rate"]
    assert [(event.kind, event.ticket) for event in tomorrow] == [("issue", "A001")]
    last = hall.last()
    with pytest.raises(IntegrityError), hall.desk.db.write(1) as tx:
        events.append_event(tx, 1, last)
    hall.must_follow_from_its_log()
    document = {"ticket": "A001", "名": "张", "n": [1, None, True]}
    with hall.desk.db.write(1) as tx:
        events.store_command_answer(tx, 1, "c-1", words="w", seq=3, document=document)
    with hall.desk.db.read() as tx:
        assert events.answer_of_command(tx, 1, "c-1") == ("w", document)
        assert events.answer_of_command(tx, 1, "c-2") is None
        assert events.answer_of_command(tx, 2, "c-1") is None


def test_each_database_has_an_epoch_of_its_own_that_stays(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        hall = simple_hall(tmp_path / name)
        for _ in range(2):
            db = engines.again(hall.desk.db)
            with db.read() as tx:
                found.append(events.epoch(tx))
            db.dispose()
    assert found[0] == found[1]
    assert found[2] == found[3]
    assert found[0] != found[2]
    assert all(len(epoch) == 16 for epoch in found)
