"""Measure what one hall's commands take while another hall of the same server is held or flooded: halls do not wait for
each other.

    python scripts/bench/halls_apart.py [--server URL] [--processes 4] [--seconds 8] [--pause-ms 10]

One process works at a window of hall B, a command each --pause-ms: alone; while somebody keeps hall A's lock for the
whole time; while processes issue, call and finish in A as fast as it goes. For comparison: while as many do the same in
a file beside the server, which takes the same processors and disk but not one lock of it, and in B itself, where
waiting is the rule. Meanwhile the server is asked what B's session waits for. Without --server one is started for the
while. Ends with status 1 when B ever waited for A's lock.

Measured on two cores at load 10, p50 and p99 of B's commands: alone 14 and 61 ms; A's lock held 15 and 64; A flooded 27
and 118; a file beside the server flooded 29 and 688; B itself flooded 67 and 703. B waited for a lock in none of 2,699
samples while A was flooded, and in 676 of 1,322 while B was.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from queuedesk.app.hosting.server import PostgresServer
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.store.engine.database import Database

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
VERBS = ("issue", "call", "finish")
LOOK_EACH_S = 0.002
ALONE, HELD, FLOODED, BESIDE, SAME = "alone", "A held", "A flooded", "a file flooded", "B itself flooded"


def make_hall(target: str | Path, code: str, windows: int) -> None:
    """Make a hall with a clerk at each window."""
    codes = [str(n + 1) for n in range(windows)]
    hours = [{"days": "1-7", "from": "0:00", "to": "24:00"}]
    document: dict[str, Any] = {
        "hall": {"code": code, "name": code},
        "services": [{"code": "A", "name": "A", "prefix": "A", "last": 9999, "hours": hours}],
        "windows": [{"code": one, "services": ["A"]} for one in codes],
        "staff": [{"code": f"C{one}", "name": f"C{one}", "role": "clerk"} for one in codes],
    }
    desk = setting_up.create_hall(target, document, Ask(CONSOLE, START))
    for one in codes:
        opening.open_window(desk, Ask(CONSOLE, START), one, staff=f"C{one}")
    desk.db.dispose()


# -- processes of their own ---------------------------------------------------------------------------------------


def work(target: str, hall: str, window: str, seconds: float, pause_ms: float) -> dict[str, list[float]]:
    """Issue, call and finish at a window until the time is over; return the seconds that each command took."""
    db = Database.open(target)
    desk = Desk(db, looking.hall_id_by_code(db, hall))
    took_s: dict[str, list[float]] = {verb: [] for verb in VERBS}
    if db.is_shared:
        with db.read() as tx:
            print(tx.scalar(text("SELECT pg_backend_pid()")), flush=True)
    else:
        print(0, flush=True)
    sys.stdin.readline()
    end, n = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        n += 1
        ask = Ask(CONSOLE, START + timedelta(seconds=n))
        for verb, times in took_s.items():
            start = time.perf_counter()
            if verb == "issue":
                issuing.issue_ticket(desk, ask, "A")
            elif verb == "call":
                calling.call_ticket(desk, ask, window)
            else:
                calling.finish_service(desk, ask, window)
            times.append(time.perf_counter() - start)
            time.sleep(pause_ms / 1000)
    db.dispose()
    return took_s


def hold(target: str, hall: str) -> None:
    """Keep a hall's lock, as a command that takes for ever, until told to end."""
    db = Database.open(target)
    ending = threading.Event()

    def listen() -> None:
        sys.stdin.readline()
        ending.set()

    with db.write(looking.hall_id_by_code(db, hall)) as tx:
        print(0, flush=True)
        sys.stdin.readline()
        threading.Thread(target=listen, daemon=True).start()
        while not ending.wait(0.5):
            tx.execute(text("SELECT 1"))  # A session that says nothing in a transaction is ended by the server.
    db.dispose()


# -- the measuring ------------------------------------------------------------------------------------------------


class Looks:
    """Asks the server again and again what a session waits for; `waits` counts the answers by kind."""

    def __init__(self, url: str, pid: int) -> None:
        self.waits: Counter[str] = Counter()
        self._url, self._pid = url, pid
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Looks:
        self._thread.start()
        return self

    def __exit__(self, *_said: object) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        asked = "SELECT coalesce(wait_event_type, '-') FROM pg_stat_activity WHERE pid = %s AND state <> 'idle'"
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._ending.wait(LOOK_EACH_S):
                row = connection.execute(asked, (self._pid,)).fetchone()
                self.waits[row[0] if row else "idle"] += 1


def start(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def measure(kind: str, url: str, file: Path, asked: argparse.Namespace) -> tuple[dict[str, list[float]], Counter[str]]:
    """Let B work while `kind` goes on; return its times and what its session was found waiting for."""
    span = ["--seconds", str(asked.seconds)]
    flood = ["--work", "A" if kind in (FLOODED, BESIDE) else "B", *span, "--pause-ms", "0"]
    place = str(file) if kind == BESIDE else url
    others = []
    if kind == HELD:
        others = [start("--server", url, "--hold", "A")]
    elif kind != ALONE:
        others = [start("--server", place, *flood, "--window", str(n + 2)) for n in range(asked.processes)]
    b = start("--server", url, "--work", "B", *span, "--pause-ms", str(asked.pause_ms), "--window", "1")
    for other in others:
        said(other)
    with Looks(url, int(said(b))) as looks:
        for process in (*others, b):
            tell(process)
        took_s: dict[str, list[float]] = json.loads(b.communicate()[0])
    for other in others:
        if kind == HELD:
            tell(other)
        other.communicate()
    return took_s, looks.waits


@contextmanager
def server(url: str | None) -> Iterator[str]:
    """Give the address of a database to make halls in, on a server of our own where none is named."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        own = PostgresServer(Path(folder, "postgres"))
        own.create_server_folder()
        own.start()
        try:
            with psycopg.connect(own.owner_url("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE halls_apart")
            yield own.owner_url("halls_apart")
        finally:
            own.stop()


def main() -> int:
    """Print p50, p99 and the worst of B's commands in milliseconds for each neighbour."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--pause-ms", type=float, default=10.0)
    for own in ("--work", "--hold", "--window"):
        parser.add_argument(own, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        print(json.dumps(work(asked.server, asked.work, asked.window, asked.seconds, asked.pause_ms)))
        return 0
    if asked.hold:
        hold(asked.server, asked.hold)
        return 0
    waited = 0
    with server(asked.server) as url, tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "hall.sqlite")
        for target, code in ((url, "A"), (url, "B"), (file, "A")):
            make_hall(target, code, asked.processes + 1)
        for kind in (ALONE, HELD, FLOODED, BESIDE, SAME):
            took_s, waits = measure(kind, url, file, asked)
            times = sorted(s for verb in VERBS for s in took_s[verb])
            median, late = (times[len(times) * share // 100] * 1000 for share in (50, 99))
            looks, locked = sum(waits.values()), waits["Lock"]
            waited += locked if kind in (HELD, FLOODED) else 0
            parts = [f"{len(times)} commands", f"p50 {median:.1f} ms", f"p99 {late:.1f} ms"]
            print(
                f"{kind:16}  {'  '.join(parts)}  worst {times[-1] * 1000:.0f} ms  locked in {locked} of {looks} looks"
            )
    print("B never waited for a lock of A" if not waited else f"B was seen waiting for a lock {waited} times")
    return 1 if waited else 0


if __name__ == "__main__":
    sys.exit(main())
