"""The hall that a desk keeps in memory, as another process and a night leave it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from queuedesk.core.log.state import HallState
from queuedesk.core.waits.quote import live_of
from queuedesk.desk.change import begin, carry_on, followed
from queuedesk.desk.queue import issuing
from queuedesk.desk.upkeep import clocks
from queuedesk.store.log import book
from queuedesk.store.log.book import Book
from queuedesk.store.parts import sharing
from queuedesk.store.schema import learned_days
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, simple_hall

pytestmark = ON_BOTH_ENGINES


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def kept(hall: Hall) -> HallState:
    with hall.desk.db.write(hall.desk.hall) as tx:
        return followed(hall.desk.db.followed, Book(tx, hall.desk.hall), hall.date)


def overnight(hall: Hall) -> None:
    """Leave a hall at work with a window open, one customer called and one waiting; another process begins the next
    morning."""
    hall.open("1", "C1")
    hall.queue(*"AAA")
    hall.serve_out("1", minutes=5)
    hall.call("1")
    hall.clock.now = (hall.clock.now + timedelta(days=1)).replace(hour=9, minute=0)
    hall.desk.db.followed.clear()


def test_a_process_that_begins_with_a_day_end_that_is_due_has_the_hall_right(hall: Hall) -> None:
    overnight(hall)
    hall.issue("A")

    with hall.desk.db.read() as tx:
        fresh = book.of_lines(tx, hall.desk.hall, hall.date)
    mine = kept(hall)
    assert mine.now == fresh.now
    assert mine.series == fresh.series
    assert {t.id for t in mine.waiting()} == {t.id for t in fresh.waiting()}
    assert {c: w.state for c, w in mine.windows.items()} == {c: w.state for c, w in fresh.windows.items()}
    assert hall.last().data["promise"] == {"ahead": 0, "reason": "no_window_open"}


def test_numbers_go_on_whoever_gave_the_last_one(hall: Hall) -> None:
    hall.open("1", "C1")
    assert hall.queue("A", "B") == ["A001", "B001"]
    here, hall.desk.db.followed = hall.desk.db.followed, {}  # as another process
    assert hall.issue("A") == "A002"
    assert hall.do("serve", "1", "A", reason="in a hurry")["ticket"] == "A003"
    hall.desk.db.followed = here
    assert hall.issue("A") == "A004"
    with pytest.raises(ZeroDivisionError), hall.desk.db.write(hall.desk.hall) as tx:
        change = begin(tx, hall.desk, hall.ask())
        issuing.give(change, "A", klass="normal")
        carry_on(change.followed, hall.desk.hall, change.appended)
        raise ZeroDivisionError
    assert hall.queue("A", "B") == ["A005", "B002"]


def test_a_date_teaches_the_same_whoever_ends_it(hall: Hall) -> None:
    overnight(hall)
    day = hall.date - timedelta(days=1)
    hall.issue("A")

    def lessons() -> object:
        setup = hall.whole().setup_now
        assert setup is not None
        with hall.desk.db.write(hall.desk.hall) as tx:
            return sharing.observed_days(tx, hall.desk.hall, setup, day, day)

    first = lessons()
    with hall.desk.db.write(hall.desk.hall) as tx:
        tx.execute(delete(learned_days))
    assert lessons() == first


def test_a_process_that_begins_on_a_day_keeps_what_was_learned_before_it(hall: Hall) -> None:
    overnight(hall)
    day = hall.date - timedelta(days=1)
    for _ in range(2):
        hall.issue("A")
        hall.desk.db.followed.clear()

    with hall.desk.db.read() as tx:
        assert list(tx.execute(select(learned_days.c.date)).scalars()) == [day]


def test_what_the_last_day_taught_is_read_once_after_days_without_anybody(hall: Hall) -> None:
    overnight(hall)
    hall.issue("A")
    hall.clock.move(days=1)
    clocks.end_due(hall.desk, hall.ask())  # learns on a date on which nobody comes
    hall.clock.move(days=3)
    hall.open("1", "C1")
    hall.issue("A")
    before = kept(hall).learned
    hall.issue("A")

    assert (before.upto, before.days) == (hall.date, 2)
    assert kept(hall).learned is before


def test_who_left_uncalled_is_the_same_to_every_process(hall: Hall) -> None:
    for _day in range(3):
        hall.open("1", "C1")
        for _ in range(6):
            hall.issue("A", klass="elderly")
            hall.serve_out("1", minutes=5)
        hall.clock.now = (hall.clock.now + timedelta(days=1)).replace(hour=9, minute=0)
    hall.open("1", "C1")
    hall.queue(*"AA")
    for _ in range(8):
        hall.do("leave", hall.issue("A", klass="elderly"))
    hall.queue(*"AA")
    said = kept(hall)
    hall.desk.db.followed.clear()
    fresh = kept(hall)

    assert fresh is not said
    assert live_of(said, hall.clock()).arrivals == live_of(fresh, hall.clock()).arrivals != ()


def test_who_did_not_come_when_called_is_the_same_to_every_process(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AAAAAA")
    said = []
    for minutes, verb in ((5, "miss"), (6, "finish"), (4, "miss"), (9, "finish"), (3, "miss")):
        hall.clock.move(minutes=minutes)
        hall.call("1")
        said.append(live_of(kept(hall), hall.clock()).no_show)
        hall.do(verb, "1")
    before = kept(hall)
    said.append(live_of(before, hall.clock()).no_show)
    hall.desk.db.followed.clear()
    fresh = kept(hall)

    assert fresh is not before
    assert live_of(fresh, hall.clock()).no_show == said[-1]
    assert len(set(said)) == len(said) == 6, "each call counts as soon as somebody has come, or has not"
