"""The tables as an event's board: what is read once, written once, and undone as a whole."""

import re
from datetime import UTC, date
from pathlib import Path

import pytest

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import RATINGS, TICKETS
from queuedesk.core.queue.ticket import Window
from queuedesk.core.setup.rows import Setup
from queuedesk.store.log.book import HallWriter
from tests import whole_halls
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, at, simple_hall
from tests.store.statements import statements

TODAY = date(2026, 11, 20)


def begun(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.play("open 1 staff=C1", "queue A A")
    return hall


pytestmark = [ON_BOTH_ENGINES, pytest.mark.hall(make=begun)]


def leaving(book: HallWriter, label: str) -> Event:
    moment, told = at("9:05").astimezone(UTC), {"actor": "G1", "ticket": label, "service": "A"}
    data = {"date": TODAY.isoformat()}
    return Event(seq=book.hall_counters().seq + 1, at=moment, time=moment, kind="leave", data=data, **told)


def test_what_was_recorded_is_seen_before_it_is_written_and_whatever_goes_wrong_undoes_all_of_it(hall: Hall) -> None:
    before = hall.whole()
    with pytest.raises(ZeroDivisionError), hall.desk.db.write(1) as tx:
        book = HallWriter(tx, 1)
        book.record_event(leaving(book, "A001"))
        book.close()
        raise ZeroDivisionError
    assert hall.whole() == before
    hall.must_follow_from_its_log()
    with hall.desk.db.write(1) as tx:
        book = HallWriter(tx, 1)
        complete = book.record_event(leaving(book, "A001"))
        assert (book.get_record(TICKETS, (TODAY, "A001")).state, book.hall_counters().seq) == ("left", complete.seq)
        assert whole_halls.whole(tx, 1).tickets[TODAY, "A001"].state == "waiting"
        book.close()
        assert whole_halls.whole(tx, 1).tickets[TODAY, "A001"].state == "left"
    hall.must_follow_from_its_log()


def test_events_of_one_transaction_follow_each_other_in_the_chain_and_a_set_up_is_read_once_for_each_change(hall):
    with hall.desk.db.write(1) as tx:
        book = HallWriter(tx, 1)
        first, second = book.record_event(leaving(book, "A001")), book.record_event(leaving(book, "A002"))
        book.close()
    assert (second.seq, second.prev) == (first.seq + 1, first.hash)
    assert hall.log()[-2:] == [first, second]

    def setup() -> Setup | None:
        with hall.desk.db.read() as tx:
            return HallWriter(tx, 1).setup()

    first = setup()
    assert setup() is first
    hall.do("set-setting", "crowd", 9)
    assert setup() is not first
    assert setup().setting_as_int("crowd") == 9  # type: ignore[union-attr]


def test_what_is_not_there_is_none_to_ask_and_a_bug_to_apply_and_numbers_go_on_within_a_transaction(hall: Hall) -> None:
    with hall.desk.db.read() as tx:
        book = HallWriter(tx, 1)
        assert book.find_ticket((TODAY, "A099")) is None
        assert book.last_number(TODAY, "Z") is None
        assert book.window("2") == Window(code="2")
        assert list(book.windows()) == ["1", "2", "3"]
        for ask in (
            lambda: book.get_record(TICKETS, (TODAY, "A099")),
            lambda: book.get_record(RATINGS, (TODAY, "A001")),
        ):
            with pytest.raises(KeyError):
                ask()
        assert book.last_number(TODAY, "A") == 2
        book.put_series(TODAY, "A", 7)
        assert book.last_number(TODAY, "A") == 7


def test_one_call_is_a_fixed_number_of_statements_however_many_wait(hall: Hall) -> None:
    counts = []
    for _ in range(2):
        with statements(hall.desk.db) as asked:
            hall.call("1")
        counts.append(len(asked))
        hall.do("finish", "1")
        hall.queue(*"A" * 20)
        # A key that is set, though to what it was, has each index of its row written anew.
        assert not [one for one in asked if one.startswith("UPDATE") and re.search(r"\b(hall|label|n)=", one)]
    assert counts[0] == counts[1] <= 11
