"""Plays a city's day against one PostgreSQL at many times real speed and prints p50 and p99 of each command.

    python scripts/bench/city_day.py [--halls 62] [--tickets 1000] [--speed 20] [--until 17:00] [--processes 4]
    [--server URL]

Every hall has its own public and staff logins, as a shared hall's PCs have. Processes share each hall's windows among
them, so that they wait for its lock as its counters would; numbers come at two peaks a day. The first hall has 20
windows, the others 9 to 14. Without --server the wheel's own server is started in a temporary folder, with its data on
the disk before a command is answered. Ends with status 1 when a log is broken, a number is missing or a customer was
called by two.

Measured at 25 times real speed, players and server on the same two cores: 301,778 commands, 246 a second; p50 and p99
of issue 8.2 and 24 ms, call 6.7 and 22, start 5.0 and 16, finish 5.1 and 17, rate 5.2 and 16; at most 1.7 s late.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from queuedesk.app.hosting.server import PostgresServer
from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import first_broken_seq
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, Actor, Role, actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.rights import grants

OPENS = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai
# Its day is no day of the server's own clock, to which logins of PCs are held.
ANY_TIME = "CREATE OR REPLACE FUNCTION public.qd_now() RETURNS bigint LANGUAGE sql AS 'SELECT NULL::bigint'"
HOURS = 8
BUSIEST_WINDOWS = 20
SERVICES = "ABCDE"
KIOSK = actor_of_station("kiosk")
# How many of a hundred come in each hour from nine.
PEAKS = (10, 18, 15, 8, 9, 17, 14, 9)
SERVICE_S = (90, 420)
RATES_ONE_IN = 3
LOOK_AGAIN_S = 120
CONNECTIONS = 500


@dataclass
class Play:
    """One process's part of the day: what happens next in any of its halls, and what each command took."""

    speed: float
    until: datetime
    begun: float = 0.0
    behind_s: float = 0.0
    queue: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    took_s: dict[str, list[float]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    called: list[tuple[int, str]] = field(default_factory=list)
    _n: int = 0

    def at(self, moment: datetime, deed: Callable[[datetime], object]) -> None:
        self._n += 1
        heappush(self.queue, (moment, self._n, deed))

    def run(self) -> None:
        self.begun = time.monotonic()
        while self.queue and self.queue[0][0] < self.until:
            moment, _, deed = heappop(self.queue)
            due = self.begun + (moment - OPENS).total_seconds() / self.speed
            wait = due - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self.behind_s = max(self.behind_s, -wait)
            deed(moment)

    def timed(self, name: str, command: Callable[..., dict[str, Any]], *args: Any, **words: Any) -> dict[str, Any]:
        """Carry out one command; a refusal is counted and gives nothing."""
        start = time.perf_counter()
        try:
            return command(*args, **words)
        except RuleError as error:
            name = error.code
            self.refused[name] += 1
            return {}
        finally:
            self.took_s.setdefault(name, []).append(time.perf_counter() - start)


class Window:
    """A window of one hall: calls, serves, finishes, looks again when no one waiting."""

    def __init__(self, play: Play, desk: Desk, window: str, chance: random.Random, rate: Callable[..., None]) -> None:
        self._play, self._desk, self._window, self._chance, self._rate = play, desk, window, chance, rate
        self._who = Actor(f"C{window}", Role.CLERK)

    def look(self, now: datetime) -> None:
        done = self._play.timed("call", calling.call_ticket, self._desk, Ask(self._who, now), self._window)
        if not done:
            self._play.at(now + timedelta(seconds=LOOK_AGAIN_S), self.look)
            return
        self._play.called.append((self._desk.hall, str(done["ticket"])))
        self._play.at(now + timedelta(seconds=self._chance.randint(10, 40)), self._start)

    def _start(self, now: datetime) -> None:
        self._play.timed("start", calling.start_serving, self._desk, Ask(self._who, now), self._window)
        self._play.at(now + timedelta(seconds=self._chance.randint(*SERVICE_S)), self._finish)

    def _finish(self, now: datetime) -> None:
        done = self._play.timed("finish", calling.finish_service, self._desk, Ask(self._who, now), self._window)
        if done and self._chance.randrange(RATES_ONE_IN) == 0:
            self._rate(self._desk.hall, str(done["ticket"]), now + timedelta(seconds=20))
        self._play.at(now + timedelta(seconds=self._chance.randint(2, 20)), self.look)


def moment_at(clock: str) -> datetime:
    """Return a time of the day in Shanghai, such as "9:30"."""
    hour, minute = map(int, clock.split(":"))
    return OPENS + timedelta(hours=hour - 9, minutes=minute)


def windows_of(hall: int) -> list[str]:
    count = BUSIEST_WINDOWS if hall == 1 else 9 + hall % 6
    return [str(n) for n in range(1, count + 1)]


def set_up(hall: int, windows: int) -> dict[str, Any]:
    codes = [str(n) for n in range(1, windows + 1)]
    hours = [{"days": "1-7", "from": "0:00", "to": "24:00"}]
    return {
        "hall": {"code": f"H{hall}", "name": f"Hall {hall}", "timezone": "Asia/Shanghai"},
        "services": [{"code": c, "name": c, "prefix": c, "last": 9999, "hours": hours} for c in SERVICES],
        "windows": [{"code": w, "services": list(SERVICES if int(w) % 3 else SERVICES[:3])} for w in codes],
        "staff": [{"code": f"C{w}", "name": f"Clerk {w}", "role": "clerk"} for w in codes]
        + [{"code": "G1", "name": "Guide", "role": "guide"}],
    }


def found(url: str, count: int) -> dict[int, dict[str, str]]:
    """Make the halls with their windows open; return each hall's logins by kind."""
    db = Database.create(url)
    logins = {}
    with db.write() as tx:
        grants.install_rights(tx)
        tx.exec_driver_sql(ANY_TIME)
    for hall in range(1, count + 1):
        desk = setting_up.add_hall(db, check_and_read_setup(set_up(hall, len(windows_of(hall)))), Ask(CONSOLE, OPENS))
        for window in windows_of(hall):
            opening.open_window(desk, Ask(CONSOLE, OPENS), window, staff=f"C{window}")
        logins[hall] = {str(kind): login(db, url, hall, kind) for kind in (PcKind.PUBLIC, PcKind.STAFF)}
    db.dispose()
    return logins


def login(db: Database, url: str, hall: int, kind: PcKind) -> str:
    """Make a PC's login and return its address."""
    with db.write() as tx:
        role, password = grants.add_pc(tx, hall, str(kind), kind, made_by="bench", now=OPENS)
    parts = urlsplit(url)
    return parts._replace(netloc=f"{role}:{password}@{parts.netloc.rpartition('@')[2]}").geturl()


def arrivals(hall: int, tickets: int) -> Iterator[tuple[datetime, str]]:
    chance = random.Random(hall)
    for _ in range(tickets):
        hour = chance.choices(range(HOURS), PEAKS)[0]
        yield OPENS + timedelta(hours=hour, seconds=chance.uniform(0, 3600)), chance.choice(SERVICES)


def work(args: argparse.Namespace, logins: dict[int, dict[str, str]]) -> Play:
    """Play this part's share of each hall's windows, and the door of its share of the halls."""
    part, parts, play = args.part, args.processes, Play(args.speed, moment_at(args.until))

    def rate(hall: int, ticket: str, moment: datetime) -> None:
        desk = doors.get(hall) or staff[hall]
        play.at(moment, lambda now: play.timed("rate", rating.rate_visit, desk, Ask(CUSTOMER, now), ticket, 5))

    def issue(door: Desk, service: str, now: datetime) -> None:
        play.timed("issue", issuing.issue_ticket, door, Ask(KIOSK, now), service)

    staff, doors = {}, {}
    for hall, login in logins.items():
        chance = random.Random(f"{hall} {part}")
        staff[hall] = Desk(Database.open(login["staff"]), hall)
        for window in windows_of(hall)[part::parts]:
            counter = Window(play, staff[hall], window, chance, rate)
            play.at(OPENS + timedelta(seconds=chance.uniform(1, 60)), counter.look)
        if hall % parts == part:
            door = doors[hall] = Desk(Database.open(login["public"]), hall)
            for moment, service in arrivals(hall, args.tickets):
                play.at(moment, partial(issue, door, service))
    print("ready", flush=True)
    sys.stdin.readline()
    play.run()
    return play


def check(url: str, halls: int, called: list[tuple[int, str]], issued: int) -> list[str]:
    """Return what is wrong with the day's logs; called and issued as the processes saw it."""
    db = Database.open(url)
    wrong = [f"{who} was called twice" for who, times in Counter(called).items() if times > 1]
    seen = 0
    for hall in range(1, halls + 1):
        with db.read() as tx:
            log = list(events.all_events(tx, hall))
        seen += sum(event.kind == "issue" for event in log)
        if (seq := first_broken_seq(log)) is not None:
            wrong.append(f"hall {hall}: the log is broken at {seq}")
    db.dispose()
    return [*wrong, *([f"{issued} numbers given, {seen} in the logs"] if seen != issued else [])]


@contextmanager
def server(url: str | None) -> Iterator[tuple[str, Callable[[], float]]]:
    """Give an empty database's address and a clock of the server's processor time in seconds; of a foreign one that is
    0."""
    if url is not None:
        yield url, lambda: 0.0
        return
    with tempfile.TemporaryDirectory(prefix="queuedesk-city-") as folder:
        own = PostgresServer(Path(folder), settings={"max_connections": str(CONNECTIONS)})
        own.create_server_folder()
        own.start()
        try:
            first = int((own.data / "postmaster.pid").read_text().split()[0])
            yield own.owner_url(), lambda: processor_s(first)
        finally:
            own.stop()


def processor_s(first: int) -> float:
    """Return the processor's seconds of a server's first process and all its children, those that ended included
    (Linux)."""
    if sys.platform != "linux":
        return 0.0
    ticks = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(entry.name) == first:
                ticks += sum(map(int, fields[11:15]))
            elif int(fields[1]) == first:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the day's figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--halls", type=int, default=62)
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--speed", type=float, default=20)
    parser.add_argument("--until", default="17:00")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--server")
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part is not None:
        logins = {int(hall): urls for hall, urls in json.loads(sys.stdin.readline()).items()}
        play = work(args, logins)
        figures = {
            "took_s": play.took_s,
            "behind_s": play.behind_s,
            "called": play.called,
            "cpu_s": time.process_time(),
        }
        print(json.dumps(figures))
        return
    with server(args.server) as (url, server_s):
        logins = found(url, args.halls)
        before_s, before_bytes, start = server_s(), size(url), time.monotonic()
        told = played(args, logins)
        took, server_took = time.monotonic() - start, server_s() - before_s
        report(args, told, took=took, server_s=server_took, grown=size(url) - before_bytes)
        issued = sum(len(one["took_s"].get("issue", ())) for one in told)
        called = [(hall, ticket) for one in told for hall, ticket in one["called"]]
        if wrong := check(url, args.halls, called, issued):
            sys.exit("\n".join(wrong))
        print("every log is whole; nobody was called twice, no number is missing")


def played(args: argparse.Namespace, logins: dict[int, dict[str, str]]) -> list[dict[str, Any]]:
    pipe = subprocess.PIPE
    words = [
        str(word) for name in ("tickets", "speed", "until", "processes") for word in (f"--{name}", getattr(args, name))
    ]
    command = [sys.executable, __file__, *words, "--part"]
    players = [subprocess.Popen([*command, str(n)], stdin=pipe, stdout=pipe, text=True) for n in range(args.processes)]
    for player in players:
        assert player.stdin is not None
        player.stdin.write(json.dumps(logins) + "\n")
        player.stdin.flush()
    for player in players:
        assert player.stdout is not None
        player.stdout.readline()
    for player in players:
        assert player.stdin is not None
        player.stdin.write("go\n")
        player.stdin.flush()
    return [json.loads(player.communicate()[0]) for player in players]


def report(args: argparse.Namespace, told: list[dict[str, Any]], *, took: float, server_s: float, grown: int) -> None:
    all_s: dict[str, list[float]] = {}
    for one in told:
        for name, values in one["took_s"].items():
            all_s.setdefault(name, []).extend(values)
    count = sum(map(len, all_s.values()))
    print(
        f"{args.halls} halls, {count} commands in {took:.0f} s: {count / took:.0f} a second, {args.speed:g} times real speed"
    )
    for name, values in sorted(all_s.items(), key=lambda item: -len(item[1])):
        values.sort()
        p99 = values[int(len(values) * 0.99)]
        print(
            f"  {name:16}{len(values):8} p50 {statistics.median(values) * 1000:7.1f} ms  p99 {p99 * 1000:7.1f} ms  worst {values[-1] * 1000:7.1f} ms"
        )
    clients_s = sum(one["cpu_s"] for one in told)
    print(
        f"processor time of one command: server {server_s / count * 1000:.2f} ms, client {clients_s / count * 1000:.2f} ms"
    )
    print(
        f"most behind its time: {max(one['behind_s'] for one in told):.1f} s; grown by {grown / count:.0f} bytes a command"
    )


def size(url: str) -> int:
    db = Database.open(url)
    try:
        with db.read() as tx:
            return int(tx.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
    finally:
        db.dispose()


if __name__ == "__main__":
    main()
