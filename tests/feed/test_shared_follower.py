"""A follower of a hall on a server, through all that may happen to the server, the network and the PC."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

import psycopg
import pytest

from queuedesk.app.hosting.gate import GuestGate, load_or_make_certificate
from queuedesk.app.hosting.server import PostgresServer
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing
from queuedesk.feed.follower import LogFollower
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.notifying import ANSWER_S
from queuedesk.store.log import events
from queuedesk.store.rights import grants
from tests.bounded import PATIENCE_S, Stopwatch
from tests.credentials import shared
from tests.feed.following import Told, follower_of, next_of, numbered
from tests.hall import at, simple_setup
from tests.networks import FarPc
from tests.postgres import SETTINGS, end_connections
from tests.relay import relay

pytestmark = pytest.mark.waits

SAID_S = 3.0
BACK_S = 5.0
ROOT = Path(__file__).parent.parent.parent
FOLLOW = """
import os
import sys
from queuedesk.feed.follower import LogFollower
from queuedesk.store.log import events
from queuedesk.store.engine.database import Database

db = Database.open(sys.argv[1])
with db.read() as tx:
    epoch = events.epoch(tx)
# Not print: a follower that speaks while Python ends would hold the stream that Python wants to close.
say = lambda *words: os.write(1, (" ".join(map(str, words)) + "\\n").encode())
LogFollower(
    db, 1, 1, epoch=epoch, read_epoch=events.epoch, read_events=events.events_after,
    on_events=lambda new: [say("event", one.seq) for one in new],
    on_away=lambda trouble: say("away", trouble.code),
    on_back=lambda: say("back"),
    on_reset=lambda epoch: 0,
).start()
say("ready")
sys.stdin.read()
"""


@pytest.fixture
def desk(pg_url) -> Iterator[Desk]:
    desk = setting_up.create_hall(pg_url, simple_setup(), Ask(CONSOLE, at("8:00")))
    yield desk
    desk.db.dispose()


@pytest.fixture
def follow() -> Iterator[Callable[..., "Queue[Told]"]]:
    """Follow the hall at an address from its first event on, as a PC of its own; a queue gets what is told."""
    made: list[tuple[LogFollower, Database]] = []

    def started(url: str) -> "Queue[Told]":
        told: Queue[Told] = Queue()
        db = Database.open(url)
        with db.read() as tx:
            follower = follower_of(db, told, 1, events.epoch(tx))
        made.append((follower, db))
        follower.start()
        return told

    yield started
    for follower, db in made:
        follower.stop()
        db.dispose()


@pytest.fixture
def own_server(tmp_path) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path / "postgres", settings={**SETTINGS, "synchronous_commit": "on"})
    server.create_server_folder()
    server.start()
    yield server
    server.stop("immediate")


def issue(desk: Desk, times: int = 1) -> None:
    for _ in range(times):
        issuing.issue_ticket(desk, Ask(CONSOLE, at("9:00")), "A")


def says(process: "subprocess.Popen[str]", lines: int) -> list[str]:
    """Wait for the next lines that a follower in a process of its own prints."""
    return [process.stdout.readline().strip() for _ in range(lines)]  # type: ignore[union-attr]


@contextmanager
def far_follower(url: str, *before: str) -> Iterator["subprocess.Popen[str]"]:
    """Run one; `before` goes before the command."""
    command = [*before, sys.executable, "-c", FOLLOW, url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert says(process, 1) == ["ready"]
        yield process
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


def test_what_several_pcs_write_at_once_comes_in_order_once_each(desk, pg_url, follow):
    told = follow(pg_url)
    pcs = [Desk(Database.open(pg_url), 1) for _ in range(3)]
    threads = [threading.Thread(target=issue, args=(pc, 8)) for pc in pcs]
    for thread in threads:
        thread.start()
    assert next_of(told, 24) == numbered(*range(2, 26))
    for thread, pc in zip(threads, pcs, strict=True):
        thread.join()
        pc.db.dispose()
    assert told.empty()


def test_a_killed_server_is_told_and_its_return_too(own_server, follow):
    desk = setting_up.create_hall(own_server.owner_url("postgres"), simple_setup(), Ask(CONSOLE, at("8:00")))
    told = follow(own_server.owner_url("postgres"))
    issue(desk)
    assert next_of(told, 1) == numbered(2)
    os.kill(int((own_server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert next_of(told, 1, within_s=SAID_S) == [("away", "database_away")]
    own_server.start()
    assert next_of(told, 1, within_s=BACK_S) == [("back", None)]
    desk.db.dispose()
    issue(desk)
    assert next_of(told, 1) == numbered(3)
    desk.db.dispose()


def test_a_silent_network_is_told_and_what_happened_meanwhile_comes(desk, pg_url, follow):
    with relay(pg_url) as way:
        told = follow(way.url)
        issue(desk)
        assert next_of(told, 1) == numbered(2)
        way.silent = True
        issue(desk, 3)
        assert next_of(told, 1, within_s=SAID_S) == [("away", "database_away")]
        way.silent = False
        assert next_of(told, 4, within_s=BACK_S) == [("back", None), *numbered(3, 4, 5)]
        way.silent_after = b"FROM events"  # in a look
        issue(desk)
        assert next_of(told, 1, within_s=SAID_S) == [("away", "database_away")]
        way.silent = False
        assert next_of(told, 2, within_s=BACK_S) == [("back", None), *numbered(6)]


def test_a_process_that_slept_catches_up(desk, pg_url):
    """First its line is kept meanwhile; then the server ends it."""
    with far_follower(pg_url) as follower:
        issue(desk)
        assert says(follower, 1) == ["event 2"]
        for is_cut, first in ((False, 3), (True, 7)):
            follower.send_signal(signal.SIGSTOP)
            issue(desk, 3)
            if is_cut:
                end_connections(pg_url)
            time.sleep(ANSWER_S + 0.1)  # what it asked may be answered while it sleeps, and is no silence then
            issue(desk)
            with Stopwatch() as took:
                follower.send_signal(signal.SIGCONT)
                said = says(follower, 6 if is_cut else 4)
            events = [line for line in said if line.startswith("event")]
            assert events == [f"event {seq}" for seq in range(first, first + 4)]
            assert [line for line in said if line not in events] == ["away database_away", "back"][: 2 * is_cut]
            assert took.s < BACK_S


def test_a_pc_whose_cable_is_pulled_says_so_and_comes_back(desk, pg_url, tmp_path):
    own = load_or_make_certificate(tmp_path, at("8:00"))
    with FarPc() as far:
        gate = GuestGate(own, [(far.near, 0)], servers=[("127.0.0.1", urlsplit(pg_url).port or 0)])
        gate.start()
        host, port = gate.addresses[0]
        parts = urlsplit(pg_url)
        way = f"{parts.scheme}://{parts.username}:{parts.password}@{host}:{port}{parts.path}"
        with far_follower(f"{way}?sslmode=verify-ca&sslrootcert={own.file}", *far.words()) as follower:
            issue(desk)
            assert says(follower, 1) == ["event 2"]
            far.cut()
            with Stopwatch() as took:
                issue(desk, 2)
                assert says(follower, 1) == ["away database_away"]
            assert took.s < SAID_S
            far.mend()
            with Stopwatch() as took:
                assert says(follower, 3) == ["back", "event 3", "event 4"]
            assert took.s < BACK_S
        gate.stop()


def test_a_server_that_comes_back_without_the_last_events_asks_for_a_fresh_snapshot(desk, pg_url, follow):
    with relay(pg_url) as way:
        told = follow(way.url)
        issue(desk, 2)
        assert next_of(told, 2) == numbered(2, 3)
        way.silent = True
        with psycopg.connect(pg_url) as other:
            other.execute("SET session_replication_role = replica")  # as the owner of a server may, past all rules
            other.execute("DELETE FROM events WHERE seq = 3")
            other.execute("UPDATE halls SET seq = 2, hash = (SELECT hash FROM events WHERE seq = 2)")
        assert next_of(told, 1) == [("away", "database_away")]
        way.silent = False
        back, reset = next_of(told, 2)
    assert (back, reset[0]) == (("back", None), "reset")


def test_a_pc_that_was_withdrawn_is_told_so(shared_url, follow):
    with shared(shared_url) as made:
        url = made.pc(PcKind.PUBLIC)
        told = follow(url)
        made.hall().issue("A")
        assert next_of(told, 1) == numbered(2)
        with made.owner.write() as tx:
            assert grants.withdraw_pc(tx, str(urlsplit(url).username))
        with Stopwatch() as took:
            while next_of(told, 1) != [("away", "pc_withdrawn")]:
                pass
        assert took.s < SAID_S
