"""Measure what many open pages of visits cost a hall, and how soon they have what happens in it.

    python scripts/bench/phones.py [--phones 10000] [--calls 60] [--waiting 200] [--folder DIR]

A hall with 200 waiting, whose other visits of the day are over; `queuedesk web` serves it, and each visit has its
page's stream open, with texts of its own. Another process issues, calls and finishes through the desk, in turns: while
nobody looks, then with all phones, and so on, so that whatever else the machine does hits both. In the last turn the
hall's name is changed too, which changes every page.

Arrival is the kernel's stamp of the packet, so that a slow reader here does not count; the time of a call is when its
commit has returned. Linux only. It raises its limit of open files to the system's: with 10,000 phones that has to be
11,000 or more, and the program itself serves 10,000 streams at most.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import resource
import select
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from call_to_display import percentile
from figures import keep, noon_zone
from idle_stations import cpu_s, held_mb
from sqlalchemy import insert
from sqlalchemy import select as rows_of

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.ticket import TicketState
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.features.web import verbs
from queuedesk.features.web.rules import visit_token
from queuedesk.features.web.server.main import raise_file_limit_and_give_it
from queuedesk.store import schema
from queuedesk.store.engine.database import Database

ROOT = Path(__file__).resolve().parents[2]
HALL = re.compile(rb'"hall":"(Hall \d)"')
LAST_CALLED = re.compile(rb': (A\d+)"')
AFTER = b'"state":"called"', b'"state":"serving"', b'"state":"finished"'
"""What a page that no longer waits says: one that is late shows what came after in place of the call."""
STAMPED = 35
"""SO_TIMESTAMPNS of Linux, which Python has no name for: the kernel's clock at each packet."""
AT_ONCE = 200
NAMES, BETWEEN_NAMES_S = 5, 3.0
PAUSE_S = 0.15, 0.35
SERVED_S = 1.0
"""A visit takes at least so long: a page that was told nothing meanwhile would show its end alone."""
TURNS = 6
IDLE_S = 30.0
QUIET_S, LONGEST_S = 3.0, 120.0
LIMITS_MS = {"called": 200, "all": 2000}
LIMIT_MB, LIMIT_PCT, LIMIT_RATIO = 300, 2.0, 1.5
VERBS = ("issue", "call", "finish")


def ask() -> Ask:
    return Ask(CONSOLE, datetime.now(UTC))


def make_hall(file: Path, waiting: int, over: int) -> Desk:
    """Make a hall where `waiting` people wait at one service and `over` visits of the day have ended."""
    always = [{"days": "1-7", "from": "0:00", "to": "24:00"}]
    zone = noon_zone(datetime.now(UTC))
    document: dict[str, Any] = {
        "hall": {"code": "T", "name": "Hall 0", "timezone": zone, "features": ["web"]},
        "services": [{"code": "A", "name": "A", "prefix": "A", "last": 9999, "hours": always}],
        "windows": [{"code": "1", "services": ["A"]}],
        "staff": [{"code": "C1", "name": "C1", "role": "clerk"}],
    }
    desk = setting_up.create_hall(file, document, ask())
    opening.open_window(desk, ask(), "1", staff="C1")
    label = issuing.issue_ticket(desk, ask(), "A")["ticket"]
    calling.call_ticket(desk, ask(), "1")
    calling.finish_service(desk, ask(), "1")
    add_like(desk, label, over - 1)
    for _ in range(waiting):
        issuing.issue_ticket(desk, ask(), "A")
    return desk


def add_like(desk: Desk, label: str, count: int) -> None:
    """Put visits of the same day that ended as this one did into the tables, under other numbers."""
    with desk.db.write(desk.hall) as tx:
        for table in (schema.tickets, schema.legs):
            row = dict(tx.execute(rows_of(table).where(table.c.label == label)).mappings().one())
            numbers = [f"{'BCDEFGHI'[n // 9999]}{n % 9999 + 1:04d}" for n in range(count)]
            for first in range(0, count, 5000):
                tx.execute(insert(table), [{**row, "label": one} for one in numbers[first : first + 5000]])


# -- the hall's own work -----------------------------------------------------------------------------------------------


def work(file: Path, calls: int, names: int) -> None:
    """Serve customers, and rename the hall; print what was done: its kind, what it was about, when its commit had
    returned (s) and how long it took (ms)."""
    desk = Desk(Database.open(file), 1)

    def done(kind: str, function: Callable[..., Any], *args: Any) -> str:
        began = time.perf_counter()
        told = function(desk, ask(), *args)
        row = (kind, str(told.get("ticket", args[0])), time.time(), (time.perf_counter() - began) * 1e3)
        print(json.dumps(row), flush=True)
        return row[1]

    for _ in range(calls):
        done("issue", issuing.issue_ticket, "A")
        time.sleep(random.uniform(*PAUSE_S))
        done("call", calling.call_ticket, "1")
        time.sleep(SERVED_S)
        done("finish", calling.finish_service, "1")
        time.sleep(random.uniform(*PAUSE_S))
    for n in range(names):
        name = f"Hall {n + 1}"
        began = time.perf_counter()
        setting_up.change_hall(desk, ask(), {"name": name})
        print(json.dumps(("name", name, time.time(), (time.perf_counter() - began) * 1e3)), flush=True)
        time.sleep(BETWEEN_NAMES_S)
    desk.db.dispose()


Row = tuple[str, str, float, float]


def worked(begins: Executor, file: Path, calls: int, phones: Phones | None = None, names: int = 0) -> list[Row]:
    """Let another process work, begun by `begins`, while the phones are read."""
    line = [sys.executable, __file__, "--work", str(file), "--calls", str(calls), "--names", str(names)]
    with tempfile.TemporaryFile("w+") as said:
        process = begins.submit(subprocess.Popen, line, stdout=said).result()
        while process.poll() is None:
            if phones is None:
                time.sleep(0.2)
            else:
                phones.read(0.2)
        if process.returncode:
            sys.exit("the hall's work failed")
        if phones is not None and names:
            phones.until_told(len(phones.seen), f'"hall":"Hall {names}"'.encode())
        said.seek(0)
        return [tuple(json.loads(line)) for line in said]


# -- the phones --------------------------------------------------------------------------------------------------------


class Phones:
    """Open streams of pages, by their tickets' numbers; `seen` has what came for each and when."""

    def __init__(self, port: int, paths: dict[str, str]) -> None:
        self.seen: defaultdict[str, list[tuple[float, bytes]]] = defaultdict(list)
        self._epoll = select.epoll()
        self._open: dict[int, tuple[str, socket.socket]] = {}
        for n, (label, path) in enumerate(paths.items(), start=1):
            one = socket.create_connection(("127.0.0.1", port))
            one.setsockopt(socket.SOL_SOCKET, STAMPED, 1)
            one.sendall(f"GET {path}/events?lang=en HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            one.setblocking(False)
            self._open[one.fileno()] = label, one
            self._epoll.register(one, select.EPOLLIN)
            if n % AT_ONCE == 0:
                self.read(0.0)
        self.until_told(len(paths))

    def until_told(self, count: int, word: bytes = b'"state"') -> None:
        """Wait until so many phones have a text with this word in it."""
        end = time.monotonic() + LONGEST_S
        while (told := sum(any(word in data for _at, data in came) for came in self.seen.values())) < count:
            if time.monotonic() > end:
                sys.exit(f"only {told} of {count} phones were told {word!r} within {LONGEST_S:.0f} s")
            self.read(0.5)

    def read(self, seconds: float) -> None:
        """Note what comes within a time."""
        end = time.monotonic() + seconds
        while True:
            for number, _mask in self._epoll.poll(max(0.0, end - time.monotonic()), len(self._open)):
                label, one = self._open[number]
                data, extra, _flags, _from = one.recvmsg(65_536, 64)
                if not data:
                    sys.exit(f"the stream of {label} has ended")
                stamp = next((value for _level, kind, value in extra if kind == STAMPED), b"")
                s, ns = struct.unpack("qq", stamp) if stamp else divmod(time.time_ns(), 10**9)
                self.seen[label].append((s + ns / 1e9, data))
            if time.monotonic() >= end:
                return

    def close(self) -> None:
        for _label, one in self._open.values():
            one.close()
        self._epoll.close()


@contextlib.contextmanager
def served(file: Path, folder: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve the hall's pages meanwhile; yield the process and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["--db", str(file), "--json", "web", "--listen", f"127.0.0.1:{port}"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": folder, "XDG_STATE_HOME": folder, "XDG_DATA_HOME": folder}
    process = subprocess.Popen([sys.executable, "-m", "queuedesk", *words], env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert "listening" in process.stdout.readline()
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def called_ms(phones: Phones, rows: list[Row]) -> list[float]:
    """Return how long after each call's commit the called phone had it."""
    found = []
    for _kind, label, at, _took in (row for row in rows if row[0] == "call"):
        found.append((first(phones.seen[label], lambda data: any(word in data for word in AFTER)) - at) * 1e3)
    return found


def all_moved_ms(phones: Phones, rows: list[Row], waiting: list[str]) -> list[float]:
    """Return how long after each call's commit the last page that still waited had it: each says which number was
    called last."""
    found = []
    for _kind, label, at, _took in (row for row in rows if row[0] == "call"):

        def tells(data: bytes, label: str = label) -> bool:
            return any(order(told.decode()) >= order(label) for told in LAST_CALLED.findall(data)) or any(
                word in data for word in AFTER
            )

        later = [phones.seen[other] for other in waiting if order(other) > order(label)]
        if later:
            found.append((max(first(seen, tells) for seen in later) - at) * 1e3)
    return found


def order(label: str) -> tuple[int, str]:
    """Return what puts numbers of one letter in order: A999 comes before A1000."""
    return len(label), label


def renamed_ms(phones: Phones, rows: list[Row]) -> list[float]:
    """Return how long after each change of the hall's name each page had it."""
    found = []
    for _kind, name, at, _took in (row for row in rows if row[0] == "name"):

        def tells(data: bytes, name: str = name) -> bool:
            return any(told.decode() >= name for told in HALL.findall(data))

        found += [(first(seen, tells) - at) * 1e3 for seen in phones.seen.values()]
    return found


def first(seen: list[tuple[float, bytes]], is_it: Callable[[bytes], bool]) -> float:
    """Return when the first text came that is it. Ends the run if none did."""
    at = next((at for at, data in seen if is_it(data)), None)
    return sys.exit(f"a phone was not told; its last text: {seen[-1:]}") if at is None else at


def main() -> int:
    """Print arrival, the hall's own work with and without phones, memory, and the processor at rest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--waiting", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where the file is made; a disk, not memory")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--names", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        work(args.work, args.calls, args.names)
        return 0
    raise_file_limit_and_give_it()
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < args.phones + 1000:
        print("the system allows too few open files", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        file = Path(folder) / "hall.sqlite"
        desk = make_hall(file, args.waiting, args.phones - args.waiting)
        measure(desk, file, folder, args.phones, args.calls)
        desk.db.dispose()
    return 0


def measure(desk: Desk, file: Path, folder: str, phones: int, calls: int) -> None:
    alone: list[Row] = []
    beside: list[Row] = []
    called: list[float] = []
    moved: list[float] = []
    renamed: list[float] = []
    each, secret = max(1, calls // TURNS), verbs.visit_link_secret(desk)
    with served(file, folder) as (process, port), ThreadPoolExecutor(1) as begins:
        alone_mb = held_mb(process.pid)
        # Reading is no work of this PC's and gives way to all else: on Linux this is about the one thread alone, and
        # not about the one, begun before, that starts the hall's own work.
        begins.submit(os.getpid).result()
        os.nice(19)
        for turn in range(1, TURNS + 1):
            alone += worked(begins, file, each)
            tickets = looking.hall_state_now(desk, datetime.now(UTC)).tickets.values()
            waiting = [one.label for one in tickets if one.state is TicketState.WAITING]
            looking_on = sorted(tickets, key=lambda one: one.state is not TicketState.WAITING)[:phones]
            began = time.monotonic()
            held = Phones(
                port, {one.label: f"/T/{visit_token(secret, one.date, one.label, one.token)}" for one in looking_on}
            )
            print(f"{len(looking_on)} streams have begun after {time.monotonic() - began:.1f} s", flush=True)
            held.read(QUIET_S)
            if turn == 1:
                busy_s = cpu_s(process.pid)
                held.read(IDLE_S)
                idle_pct = (cpu_s(process.pid) - busy_s) / IDLE_S * 100
            rows = worked(begins, file, each, held, names=NAMES if turn == TURNS else 0)
            held.read(QUIET_S)
            all_mb = held_mb(process.pid)
            held.close()
            beside += rows
            called += called_ms(held, rows)
            moved += all_moved_ms(held, rows, waiting)
            renamed += renamed_ms(held, rows)
            time.sleep(QUIET_S)
    told = (
        (f"a call on the called phone, {phones:,} look on", called, LIMITS_MS["called"]),
        ("a call on all pages that wait", moved, LIMITS_MS["all"]),
        (f"a change of {phones:,} pages, each", renamed, LIMITS_MS["all"]),
    )
    for name, found, limit in told:
        half, late = statistics.median(found), percentile(found, 99)
        print(f"{name}: median {half:.0f} ms, p99 {late:.0f} ms, worst {max(found):.0f} ms")
        keep(f"{name}, median", half, "ms")
        keep(f"{name}, p99", late, "ms", limit)
    for verb in VERBS:
        for which, of in (("median", 50), ("p95", 95)):
            without, with_all = (percentile([row[3] for row in rows if row[0] == verb], of) for rows in (alone, beside))
            print(f"{verb}, {which}: {without:.1f} ms without phones, {with_all:.1f} ms beside them")
            # A slow moment of the disk is a large part of so few late ones: only the median has a limit.
            most = LIMIT_RATIO if which == "median" else None
            keep(f"{verb} beside {phones:,} phones, {which}", with_all / without, "× without", most)
    print(f"memory: {alone_mb:.0f} MB without phones, {all_mb:.0f} MB with all")
    keep(f"memory, web with {phones:,} phones", all_mb, "MB", LIMIT_MB)
    print(f"processor at rest: {idle_pct:.1f} % of a core")
    keep(f"web at rest with {phones:,} phones", idle_pct, "% of a core", LIMIT_PCT)


if __name__ == "__main__":
    sys.exit(main())
