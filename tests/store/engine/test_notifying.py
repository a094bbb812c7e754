import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import psycopg
import pytest
from sqlalchemy import text

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing
from queuedesk.store.engine import notifying, server_link
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.wakeups import CommitWaiter
from queuedesk.store.parts import halls
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.credentials import shared
from tests.hall import at, simple_setup
from tests.postgres import end_connections, open_to
from tests.relay import relay

pytestmark = pytest.mark.waits

QUIET_S = 0.5
SAID_S = 3.0


@pytest.fixture
def by_words_alone(monkeypatch):
    """Leave words, and asking often, as the only ways to find out."""
    monkeypatch.setattr(notifying, "BEAT_S", 60)


@pytest.fixture
def quick_beat(monkeypatch):
    monkeypatch.setattr(notifying, "BEAT_S", 0.2)


@pytest.fixture
def desk(shared_url) -> Iterator[Desk]:
    desk = setting_up.create_hall(shared_url, simple_setup(), Ask(CONSOLE, at("8:00")))
    yield desk
    desk.db.dispose()


@pytest.fixture
def waker(shared_url) -> Iterator[Callable[..., CommitWaiter]]:
    """Make wakers that have had their first look, each with a database of its own, as another PC has."""
    made: list[tuple[CommitWaiter, Database]] = []

    def new(url: str = shared_url, hall: int = 1) -> CommitWaiter:
        db = Database.open(url, is_patient=True)
        waker = CommitWaiter(db, hall)
        made.append((waker, db))
        assert waker.wait_for_commit(PATIENCE_S)
        return waker

    yield new
    for waker, db in made:
        waker.close()
        db.dispose()


def issue(desk: Desk) -> None:
    issuing.issue_ticket(desk, Ask(CONSOLE, at("9:00")), "A")


@pytest.mark.usefixtures("by_words_alone")
def test_a_commit_wakes_all_who_wait_a_doubt_is_answered_and_a_nudge_ends_the_wait(desk, waker):
    both = [waker(), waker()]
    later = threading.Timer(0.05, issue, [desk])
    later.start()
    assert [one.wait_for_commit(PATIENCE_S) for one in both] == [True, True]
    later.join()
    one, _other = both
    one.recheck_database()
    assert one.wait_for_commit(PATIENCE_S)
    threading.Timer(0.05, one.nudge).start()
    with Stopwatch() as took:
        assert not one.wait_for_commit(PATIENCE_S)
    assert took.s < 5


@pytest.mark.usefixtures("quick_beat")
def test_each_commit_wakes_once_another_hall_s_nobody_and_a_new_epoch_all(desk, shared_url, waker):
    one = waker()
    issue(desk)
    assert one.wait_for_commit(PATIENCE_S)
    assert not one.wait_for_commit(3 * notifying.BEAT_S)
    with desk.db.write(desk.hall):
        pass
    assert not one.wait_for_commit(QUIET_S), "without an event nobody is woken"
    with desk.db.write() as tx:
        halls.insert_hall_row_with_id(tx, 2, "B")
    elsewhere = waker(hall=2)
    issue(desk)
    assert not elsewhere.wait_for_commit(3 * notifying.BEAT_S)
    with psycopg.connect(shared_url) as other:
        other.execute("UPDATE database SET epoch = 'another'")
    assert elsewhere.wait_for_commit(PATIENCE_S)


@pytest.mark.usefixtures("by_words_alone")
def test_a_joined_pc_hears_what_another_does(shared_url, waker):
    with shared(shared_url) as made:
        others = [waker(made.pc(listens)) for listens in PcKind]
        made.hall(made.pc(PcKind.STAFF)).issue("A")
        assert [one.wait_for_commit(PATIENCE_S) for one in others] == [True] * len(PcKind)


@pytest.mark.usefixtures("quick_beat")
def test_a_lost_word_costs_a_beat_and_who_never_hears_one_asks_often(desk, shared_url, waker, monkeypatch):
    one = waker()
    with relay(shared_url, lost=(b"pg_notify",)) as mute:
        other = Desk(Database.open(mute.url), 1)
        for _ in range(notifying.UNHEARD):
            issue(other)
            with Stopwatch() as took:
                assert one.wait_for_commit(PATIENCE_S)
            assert took.s < notifying.BEAT_S + QUIET_S
        monkeypatch.setattr(notifying, "BEAT_S", 60)
        issue(other)
        assert one.wait_for_commit(PATIENCE_S)
        other.db.dispose()


@pytest.mark.usefixtures("by_words_alone")
def test_an_engine_that_has_no_listen_is_asked_often(desk, shared_url, waker):
    with relay(shared_url, lost=(b"LISTEN",)) as deaf:
        one = waker(deaf.url)
        for _ in range(3):
            issue(desk)
            assert one.wait_for_commit(PATIENCE_S)


def test_a_command_that_waits_for_a_silent_server_is_let_go(desk, shared_url):
    with relay(shared_url) as way:
        db = Database.open(way.url)
        with closing(CommitWaiter(db, 1)) as one:
            assert one.wait_for_commit(PATIENCE_S)
            way.silent_after = b"INSERT INTO events"
            with Stopwatch() as took, pytest.raises(OutsideError, match="database_away"):
                issue(Desk(db, 1))
            assert took.s < SAID_S
        db.dispose()


def test_a_word_that_gets_stuck_undoes_nothing(desk, shared_url, caplog):
    with relay(shared_url) as way:
        db = Database.open(way.url)
        with closing(CommitWaiter(db, 1)) as one:
            assert one.wait_for_commit(PATIENCE_S)
            way.silent_after = b"pg_notify"
            issue(Desk(db, 1))
        db.dispose()
    assert [event.kind for event in looking.events_after(desk, 0)] == ["set-up", "issue"]
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_a_right_that_was_taken_away_is_told(shared_url, waker):
    with shared(shared_url) as made:
        one = waker(made.pc(PcKind.PUBLIC))
        with psycopg.connect(shared_url) as other:
            other.execute("REVOKE ALL ON halls FROM qd_public")
        one.recheck_database()
        with pytest.raises(OutsideError, match="not_this_pc"):
            one.wait_for_commit(PATIENCE_S)


def test_ended_connections_are_noticed_and_replaced(desk, shared_url, waker):
    one = waker()
    end_connections(shared_url)
    with pytest.raises(OutsideError, match="database_away"):
        one.wait_for_commit(PATIENCE_S)

    def is_back() -> bool:
        with suppress(OutsideError):
            return one.wait_for_commit(PATIENCE_S)
        return False

    assert until(is_back)
    desk.db.dispose()
    issue(desk)
    assert one.wait_for_commit(PATIENCE_S)


@pytest.mark.usefixtures("by_words_alone")
def test_words_of_a_liar_keep_nobody_from_hearing_true_ones(desk, shared_url, waker):
    one = waker()
    for lie in ("9" * 7000, "9" * 18, "none", "1"):
        with psycopg.connect(shared_url, autocommit=True) as liar:
            liar.execute(f"NOTIFY {notifying.commit_channel_name(1)}, '{lie}'")
        issue(desk)
        while one.wait_for_commit(QUIET_S):
            pass
        issue(desk)
        assert one.wait_for_commit(PATIENCE_S)


def test_closed_it_holds_no_connection(desk, shared_url, waker):
    desk.db.dispose()
    one = waker()
    one._db.dispose()
    until(lambda: len(open_to(shared_url)) == 1)  # others end once the server has seen it
    one.close()
    until(lambda: not open_to(shared_url))
    assert not one.wait_for_commit(PATIENCE_S)


def test_a_listener_that_meets_silence_at_a_new_connection_ends_what_waits_there(desk, shared_url, monkeypatch):
    monkeypatch.setattr(server_link, "CONNECT_S", 0.2)
    with relay(shared_url) as way:
        db = Database.open(way.url)
        waker = CommitWaiter(db, 1)
        assert waker.wait_for_commit(PATIENCE_S)
        with pytest.raises(OutsideError) as told, db.read() as tx:
            with psycopg.connect(shared_url) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE 'SELECT d.epoch%' AND pid <> pg_backend_pid()"
                )
            with pytest.raises(OutsideError):
                waker.wait_for_commit(PATIENCE_S)
            way.silent = True
            tx.execute(text("SELECT 1"))
        assert told.value.code == "database_away"
        way.silent = False
        waker.close()
        db.dispose()
