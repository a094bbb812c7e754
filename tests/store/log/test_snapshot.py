"""What a screen starts from, what a rebuild writes, and that both are what the log comes to."""

import gc
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from queuedesk.core import features
from queuedesk.core.log.apply import apply_event
from queuedesk.core.log.state import PARTS, TICKETS, HallState
from queuedesk.core.queue.ticket import Ticket
from queuedesk.desk import looking
from queuedesk.store import schema
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import book as snapshot
from queuedesk.store.log import events
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts.part_tables import FOLLOWING, ROWS
from queuedesk.store.upkeep import pack
from tests import whole_halls
from tests.desk.stage import stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, simple_hall
from tests.store.statements import statements

TODAY = date(2026, 11, 20)


def begun(folder: Path) -> Hall:
    hall = stage(folder, settings={"overnight": "early_place"})
    hall.play("not-ready A", "sign-in guide G1", "offer A to=bank")
    if "channels" in features.choosable_feature_names():
        hall.do("set-total", "bank", "2026-10", "A", 5, site="East", amount_cents=1050)
    hall.play("push on", "add-note weather hail start=9:00")
    hall.do("correct", "A001", changes={"rating": "excluded"}, reason="r", second="M1")
    hall.play(20, "raise-due", "ack long_wait service=A")
    return hall


pytestmark = [ON_BOTH_ENGINES, pytest.mark.hall(make=begun)]


def rows(tx: Transaction) -> dict[str, set[str]]:
    return {t.name: {str(row) for row in tx.execute(select(t))} for t in map(schema.table_named, (*FOLLOWING, "halls"))}


def test_a_rebuild_mends_tables_that_were_lost_and_equals_those_that_were_written_event_by_event(hall: Hall) -> None:
    whole = hall.whole()
    with hall.desk.db.write(1) as tx:
        for table in map(schema.table_named, FOLLOWING):
            tx.execute(table.delete())
        snapshot.rebuild_from_log_and_give_faults(tx, 1)
    assert hall.whole() == whole
    hall.clock.move(days=1)
    hall.issue("A", return_of=("A009", TODAY))
    with hall.desk.db.write(1) as tx:
        before = rows(tx)
        snapshot.rebuild_from_log_and_give_faults(tx, 1)
        assert rows(tx) == before
    hall.must_follow_from_its_log()
    hall.open("1", "C1")
    assert hall.call("1") == "A001"


def test_a_screen_that_starts_now_and_one_that_followed_since_morning_show_the_same(hall: Hall) -> None:
    with hall.desk.db.read() as tx:
        screen = snapshot.hall_state_of_day(tx, 1, TODAY)
    since = screen.now.seq
    hall.play("start 3", "call 1", "issue B klass=elderly")
    for event in hall.log(since):
        apply_event(event, screen)
    with hall.desk.db.read() as tx:
        fresh = snapshot.hall_state_of_day(tx, 1, TODAY)
    assert whole_halls.differences(screen, fresh) == []


def test_a_start_asks_once_which_parts_there_are(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.issue("A")
    looking.hall_state_now(hall.desk, hall.clock())  # what a login may read is asked once
    with statements(hall.desk.db) as asked:
        looking.hall_state_now(hall.desk, hall.clock())
    assert len(asked) < len(ROWS) - 10


def test_a_day_holds_its_own_and_what_is_still_open_from_before(tmp_path: Path) -> None:
    tomorrow = date(2026, 11, 21)
    hall = simple_hall(tmp_path, time="23:00")
    hall.play("open 1 staff=C1", "queue A A", "serve-out 1", "offer A to=online", "add-note event today")
    hall.do("add-note", "event", "tomorrow", day=tomorrow)
    with hall.desk.db.read() as tx:
        early = snapshot.hall_state_of_day(tx, 1, tomorrow)
    assert [t.label for t in early.tickets.values()] == ["A002"]
    assert (early.calls, early.series, len(early.shifts)) == ([], {}, 1)
    assert early.windows["1"].state == "open"
    hall.play("33:00", "issue A")
    with hall.desk.db.read() as tx:
        days = [snapshot.hall_state_of_day(tx, 1, day) for day in (TODAY, tomorrow)]
    assert [len(day.calls) for day in days] == [1, 0]
    assert [len(day.offers) for day in days] == [1, 0]
    assert [[note.text for note in day.day_notes] for day in days] == [["today"], ["tomorrow"]]
    assert [sorted(t.date.day for t in day.tickets.values()) for day in days] == [[20, 20, 21], [21]]


def test_every_part_is_held_in_memory_and_in_a_table():
    held = HallState()
    loose = {rows.part.name: set(rows.part.kind.__struct_fields__) - set(rows.table.c.keys()) for rows in ROWS.values()}
    assert {*ROWS, TICKETS} == set(PARTS)
    assert all(type(held.records_of_part(part)) is (list if part.is_list else dict) for part in PARTS)
    # What a thing has and no column of its name: only a move's own fields, which stand in columns of theirs.
    assert {name: names for name, names in loose.items() if names} == {"moves": {"move"}}


@pytest.mark.parametrize("work", [snapshot.rebuild_from_log_and_give_faults, pack.tables_differing_from_log])
def test_whatever_the_length_of_the_log_a_page_of_it_is_held_in_memory(tmp_path, monkeypatch, work) -> None:
    hall = simple_hall(tmp_path)
    hall.queue(*["A"] * 40)
    monkeypatch.setattr(events, "PAGE", 10)
    held: list[int] = []
    write = HallWriter.close

    def close(book: HallWriter) -> None:
        write(book)
        held.append(sum(isinstance(one, Ticket) for one in gc.get_objects(0)))

    monkeypatch.setattr(HallWriter, "close", close)
    gc.collect(1)
    gc.disable()  # What is made from now on is among the youngest objects, which alone are looked through.
    try:
        with hall.desk.db.write(1) as tx:
            work(tx, 1)
    finally:
        gc.enable()

    assert len(held) >= 4
    assert 0 < max(held) <= 10
