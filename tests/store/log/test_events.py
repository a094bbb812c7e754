"""The log in the database: as it was printed, in order, page by page; ids and their answers; epochs; what its dates
tell; and what stands outside it: refusals, comments, and what was shown and spoken."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from queuedesk.core.figures.periods import NOTE, TOLD
from queuedesk.core.network.roles import HALL
from queuedesk.desk.change import Ask
from queuedesk.desk.upkeep import clocks
from queuedesk.store.log import events, journal, log_dates
from tests import engines
from tests.desk.stage import DISPLAY, KIOSK, stage, start, stop
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, Hall, at, simple_hall
from tests.journeys.chain import first_broken

pytestmark = ON_BOTH_ENGINES
TODAY = date(2026, 11, 20)


@pytest.mark.hall(make=stage)
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


@pytest.mark.hall(make=stage)
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


def test_what_a_station_did_with_a_call_comes_together_and_refusals_and_comments_are_found(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "queue A", "call 1")
    seq = hall.last().seq
    with hall.desk.db.write(1) as tx:
        assert [(c.shown, c.silent) for c in journal.calls_with_outcomes(tx, 1, hall.date)] == [(None, False)]
        journal.save_announcement_result(tx, 1, seq, "D1", shown=at("9:03"), link="none")
        journal.save_announcement_result(tx, 1, seq, "D2", shown=at("9:02"), spoken=at("9:04"), link="clips")
        (call,) = journal.calls_with_outcomes(tx, 1, hall.date, "A001")
        assert (call.seq, call.ticket, call.window) == (seq, "A001", "1")
        assert (call.shown, call.spoken, call.silent) == (at("9:02"), at("9:04"), True)
        assert journal.calls_with_outcomes(tx, 1, hall.date, "A002") == []
        journal.save_announcement_result(tx, 1, 7, "D1", shown=at("9:00"))
        journal.save_announcement_result(tx, 1, 7, "D1", spoken=at("9:01"), link="clips")
        assert journal.call_announcement_results(tx, 1, 7) == [("D1", at("9:00"), at("9:01"), "clips")]
    with hall.desk.db.write(1) as tx:
        journal.write_refusal(tx, 1, at=at("9:05"), actor="C1", verb="call", code="not_your_window")
        journal.write_refusal(tx, 1, at=at("9:01"), actor="console", verb="sign-in", code="who_are_you")
    with hall.desk.db.read() as tx:
        first, second = (at("9:05"), "C1", "call", "not_your_window"), (at("9:01"), "console", "sign-in", "who_are_you")
        assert journal.refusals_in_journal(tx, 1) == [first, second]
        assert journal.refusals_in_journal(tx, 2) == []
    with hall.desk.db.write(1) as tx:
        journal.store_comment(tx, 1, "x", salt="s", text="谢谢", written=at("9:00"))
        assert journal.comments_written_between(tx, 1, at("9:00"), at("9:01")) == {"x": "谢谢"}
        assert journal.comments_written_between(tx, 1, at("8:59"), at("9:00")) == {}
        assert journal.comments_written_between(tx, 1, at("9:01"), at("9:02")) == {}
        assert journal.comments_written_between(tx, 2, at("9:00"), at("9:01")) == {}


def told(hall, before=None):
    with hall.desk.db.read() as tx:
        return log_dates.logged_dates(tx, hall.desk.hall, TOLD, {NOTE}, before)


def was_day_ended(hall) -> bool:
    with hall.desk.db.read() as tx:
        return log_dates.was_day_ended(tx, hall.desk.hall, TODAY)


def test_a_date_is_told_by_what_happened_on_it_while_a_window_was_open(hall):
    hall.do("sign-in", "manager", "M1", who=MANAGER)
    start(hall, DISPLAY)
    assert told(hall) == {}
    hall.do("add-note", "weather", "snow", who=MANAGER)
    assert [one.is_busy for one in told(hall).values()] == [False], "a note alone makes no busy date"

    hall.play("open 1 staff=C1", "issue A")
    start(hall, KIOSK)
    assert told(hall) == {TODAY: log_dates.LastEventOfLoggedDate(hall.last().seq, True)}
    first = hall.last().seq
    hall.clock.move(hours=1)
    noon = hall.clock()
    hall.do("close", "1")
    closed = hall.last().seq
    stop(hall, KIOSK)
    assert hall.last().seq > closed
    assert told(hall)[TODAY].last_seq == closed
    assert told(hall, noon)[TODAY].last_seq == told(hall, noon - timedelta(minutes=1))[TODAY].last_seq == first

    assert not was_day_ended(hall)
    clocks.end_today(hall.desk, Ask(HALL, hall.clock()))
    assert was_day_ended(hall)
    with hall.desk.db.read() as tx:
        assert set(log_dates.hashes_of_events(tx, hall.desk.hall, [1, 2, 99])) == {1, 2}
