"""Measure how soon a follower of a hall on a server notices trouble, and how soon it is back, while the hall works on.

python scripts/bench/network_trouble.py [--rounds N] [--followers N]

Four kinds of trouble take turns: the way to the server falls silent for four seconds (nothing is closed, nobody is
told), it does so while each follower logs in anew, the server ends every connection, the server is killed and started
again two seconds later. Somebody issues tickets all the time. In the end each follower must have been given each event
of the log once, in order; else this ends with 1.

Measured, 30 times each, worst until it is noticed and until the follower is back: silence 2.20 and 0.26 s, silence
during the log-in 2.00 and 0.54 s, connections ended 0.02 and 0.53 s, server killed 0.01 and 0.82 s.
"""

import argparse
import os
import random
import signal
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from queuedesk.app.hosting.server import PostgresServer
from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing
from queuedesk.feed.follower import LogFollower
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from tests.relay import Relay

NINE = datetime(2026, 11, 20, 1, tzinfo=UTC)
NAME = "hall"
SILENT_S, DEAD_S, REST_S, PATIENCE_S = 4.0, 2.0, 2.0, 20.0
PACE_S = 0.15
SETUP = {
    "hall": {"code": "T", "name": "Test hall", "timezone": "Asia/Shanghai"},
    "services": [
        {
            "code": "A",
            "name": "A",
            "prefix": "A",
            "last": 9999,
            "hours": [{"days": "1-7", "from": "0:00", "to": "24:00"}],
        }
    ],
    "windows": [{"code": "1", "services": ["A"]}],
}


class Watcher:
    """A follower by a way of its own, and when it said what."""

    def __init__(self, url: str) -> None:
        self.way = Relay(url)
        self.seqs: list[int] = []
        self.away = self.back = 0.0
        self._db = Database.open(self.way.url)
        with self._db.read() as tx:
            epoch, last = events.epoch(tx), events.events_after(tx, 1, 0)[-1].seq
        self.since = last
        self._follower = LogFollower(
            self._db,
            1,
            last,
            epoch=epoch,
            read_epoch=events.epoch,
            read_events=events.events_after,
            on_events=self._take,
            on_away=self._note_hall_away,
            on_back=self._note_hall_back,
            on_reset=self._restart_at_window,
        )
        self._follower.start()

    def stop(self) -> None:
        self._follower.stop()
        self._db.dispose()
        self.way.close()

    def _take(self, new: list[Event]) -> None:
        self.seqs += [event.seq for event in new]

    def _note_hall_away(self, _trouble: OutsideError) -> None:
        self.away = time.monotonic()

    def _note_hall_back(self) -> None:
        self.back = time.monotonic()

    def _restart_at_window(self, _epoch: str) -> int:
        raise AssertionError("the log is the same all the time")


Span = tuple[float, float]


def fall_silent(watchers: list[Watcher], _server: PostgresServer) -> Span:
    """Let nothing through for a while; return when that began and when it was over."""
    began = time.monotonic()
    for watcher in watchers:
        watcher.way.silent = True
    time.sleep(SILENT_S)
    return began, _speak_again(watchers)


def fall_silent_at_login(watchers: list[Watcher], server: PostgresServer) -> Span:
    """Have each follower open a new connection for its next look, and let nothing through from its first words on."""
    for watcher in watchers:
        watcher.way.silent_after = b"application_name"
    _end_connections(server, "query NOT LIKE 'SELECT d.epoch%' AND query NOT LIKE 'LISTEN%'")
    end = time.monotonic() + PATIENCE_S
    while not all(watcher.way.silent for watcher in watchers) and time.monotonic() < end:
        time.sleep(0.001)
    began = time.monotonic()
    time.sleep(SILENT_S)
    return began, _speak_again(watchers)


def _speak_again(watchers: list[Watcher]) -> float:
    over = time.monotonic()
    for watcher in watchers:
        watcher.way.silent = False
    return over


def end_connections(_watchers: list[Watcher], server: PostgresServer) -> Span:
    """End every connection; return when that was."""
    began = time.monotonic()
    _end_connections(server, "true")
    return began, time.monotonic()


def _end_connections(server: PostgresServer, which: str) -> None:
    with psycopg.connect(server.owner_url("postgres"), autocommit=True) as connection:
        connection.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{NAME}' AND pid <> pg_backend_pid() AND {which}"
        )


def kill(_watchers: list[Watcher], server: PostgresServer) -> Span:
    """Kill the server and start it again; return when that was and when it answered."""
    began = time.monotonic()
    os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    time.sleep(DEAD_S)
    server.start()
    return began, time.monotonic()


TROUBLES: dict[str, Callable[[list[Watcher], PostgresServer], Span]] = {
    "a silent network": fall_silent,
    "a network silent at a login": fall_silent_at_login,
    "ended connections": end_connections,
    "a killed server": kill,
}


def suffer(watchers: list[Watcher], server: PostgresServer, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Have each kind of trouble so often; return for each follower how soon it noticed, and was back (s)."""
    took: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(rounds):
        for name, trouble in TROUBLES.items():
            time.sleep(REST_S + random.random())
            began, over = trouble(watchers, server)
            end = time.monotonic() + PATIENCE_S
            while not all(w.back > w.away > began for w in watchers) and time.monotonic() < end:
                time.sleep(0.01)
            took[name] += [(w.away - began, w.back - over) for w in watchers if w.back > w.away > began]
    return took


def main() -> int:
    """Print for each kind how soon it was noticed and over; 1 when an event was lost or came twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--followers", type=int, default=3)
    asked = parser.parse_args()
    stopping = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder, "postgres"))
        server.create_server_folder()
        server.start()
        try:
            with psycopg.connect(server.owner_url("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {NAME}")
            desk = setting_up.create_hall(server.owner_url(NAME), SETUP, Ask(CONSOLE, NINE))

            def work(desk: Desk = desk) -> None:
                while not stopping.wait(PACE_S):
                    with suppress(OutsideError):
                        issuing.issue_ticket(desk, Ask(CONSOLE, NINE), "A")

            watchers = [Watcher(server.owner_url(NAME)) for _ in range(asked.followers)]
            worker = threading.Thread(target=work)
            worker.start()
            took = suffer(watchers, server, asked.rounds)
            stopping.set()
            worker.join()
            log = looking.events_after(desk, 0)
            end = time.monotonic() + PATIENCE_S
            whole = [range(watcher.since + 1, log[-1].seq + 1) for watcher in watchers]
            while not (right := all(w.seqs == list(seqs) for w, seqs in zip(watchers, whole, strict=True))):
                if time.monotonic() > end:
                    break
                time.sleep(0.05)
            for watcher in watchers:
                watcher.stop()
            desk.db.dispose()
        finally:
            stopping.set()
            server.stop("immediate")
    print(
        f"{len(log)} events, {len(watchers)} followers: {'each once, in order' if right else 'NOT each once in order'}"
    )
    for name, times in took.items():
        noticed, back = (sorted(column) for column in zip(*times, strict=True))
        print(
            f"{name}, {len(times)} of {asked.rounds * len(watchers)} told: noticed after median {noticed[len(times) // 2]:.2f} s,"
            f" worst {noticed[-1]:.2f} s; back after median {back[len(times) // 2]:.2f} s, worst {back[-1]:.2f} s"
        )
    return 0 if right else 1


if __name__ == "__main__":
    raise SystemExit(main())
