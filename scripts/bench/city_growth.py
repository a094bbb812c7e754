"""Measures what a command costs on one PostgreSQL as history, halls and windows grow, each by itself.

    python scripts/bench/city_growth.py [--history 0 10000 100000 1000000] [--halls 1 62 200] [--windows 5 20 60]
    [--rounds 100]

One station with a staff login issues, calls, starts and finishes. Prints, for each size, the server's processor time of
a command, which other work on the machine does not change, and p50 and p99 of the four commands together. History is
finished tickets of earlier dates of the same hall, each with its leg, its call and four events.

A quarter of the server's time for a command is the system's: waiting for each question, sending answers, the disk. Left
out as a trial, the rules of whose rows they are took 13 %, the check of the event 17 %, that of the log's end 7 %, that
a row's hall exists 5 %, the word to followers 5 %. At 5, 20 and 60 windows a command took 1.9, 1.9 and 1.9 ms, with 1,
62 and 200 halls 1.9, 2.0 and 2.1, at 0, 100,000 and 1,000,000 tickets of history 1.9, 2.1 and 1.8.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from city_day import ANY_TIME, OPENS, login, server, set_up, size
from figures import keep
from sqlalchemy import Table, text

from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.store import schema
from queuedesk.store.engine.database import Database
from queuedesk.store.rights import grants

WARM_UP = 15
WINDOWS = 20
A_DAY, DAY_US = 1000, 86_400_000_000
STEP = 20_000
EVENTS = 4  # issue, call, start, finish
TODAY = "2026-11-20"
AN_HOUR = timedelta(hours=1)
MOMENTS = {"arrived", "place", "since", "joined", "called", "last_called", "started", "finished", "ended", "time", "at"}


def prepared(url: str, windows: int) -> tuple[Database, str]:
    """Make a hall of so many open windows; return its owner's door and a staff login."""
    db = Database.create(url)
    with db.write() as tx:
        grants.install_rights(tx)
        tx.exec_driver_sql(ANY_TIME)
    setting_up.add_hall(db, check_and_read_setup(set_up(1, windows)), Ask(CONSOLE, OPENS))
    for window in map(str, range(1, windows + 1)):
        opening.open_window(Desk(db, 1), Ask(CONSOLE, OPENS), window, staff=f"C{window}")
    return db, login(db, url, 1, PcKind.STAFF)


def add_halls(db: Database, have: int, want: int) -> None:
    for hall in range(have + 1, want + 1):
        setting_up.add_hall(db, check_and_read_setup(set_up(hall, 12)), Ask(CONSOLE, OPENS))


def add_history(db: Database, have: int, want: int) -> None:
    """Put finished tickets of earlier dates beside today's first finished one, as a long-used hall has them."""
    for first in range(have, want, STEP):
        span = {"first": first, "last": min(first + STEP, want) - 1, "day": DAY_US, "a_day": A_DAY}
        with db.write() as tx:
            tx.exec_driver_sql("SET LOCAL session_replication_role = replica")  # row by row nothing is looked at
            for table, seqs in ((schema.tickets, 0), (schema.legs, 0), (schema.calls, 1), (schema.events, EVENTS)):
                tx.execute(text(_copies(table, seqs)), span)
    with db.write() as tx:
        tx.exec_driver_sql("ANALYZE")


def _copies(table: Table, seqs: int) -> str:
    """Return the statement that copies the rows of ticket A001 of today to earlier dates; `seqs` of them have a seq of
    their own."""
    own = {"date": "to_char(CAST(t.date AS date) - day.back, 'YYYY-MM-DD')"}
    own |= dict.fromkeys(("label", "ticket"), "'A' || lpad(CAST(copy % :a_day AS text), 4, '0')")
    own |= {name: f't."{name}" - day.back * :day' for name in MOMENTS}
    if seqs:
        own["seq"] = f"-1 - copy * {seqs} - row_number() OVER (PARTITION BY copy) + 1"
    names = [column.name for column in table.columns]
    values = ", ".join(own.get(name, f't."{name}"') for name in names)
    label = "ticket" if "ticket" in names and table is schema.events else "label"
    return (
        f"INSERT INTO {table.name} ({', '.join(_quoted(names))}) SELECT {values} FROM {table.name} t,"
        " generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) copy,"
        " LATERAL (SELECT 1 + CAST(copy / :a_day AS integer) AS back) day"
        f" WHERE t.hall = 1 AND t.{label} = 'A001' AND t.date = '{TODAY}'"
    )


def _quoted(names: list[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def measure(url: str, rounds: int, start: datetime) -> str:
    """Let one clerk work with a staff login; return what a command took."""
    db = Database.open(url)
    desk, who, now = Desk(db, 1), Actor("C1", Role.CLERK), start
    guide = Actor("G1", Role.GUIDE)
    took_s: list[float] = []
    with db.read() as tx:
        backend = int(tx.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    begun_s, client_s = 0.0, 0.0
    for n in range(WARM_UP + rounds):
        if n == WARM_UP:
            begun_s, client_s, took_s = backend_s(backend), time.process_time(), []
        for person, command, at in (
            (guide, issuing.issue_ticket, "A"),
            (who, calling.call_ticket, "1"),
            (who, calling.start_serving, "1"),
            (who, calling.finish_service, "1"),
        ):
            begun = time.perf_counter()
            command(desk, Ask(person, now), at)
            took_s.append(time.perf_counter() - begun)
            now += timedelta(seconds=5)
    server_ms = (backend_s(backend) - begun_s) / len(took_s) * 1000
    client_ms = (time.process_time() - client_s) / len(took_s) * 1000
    took_s.sort()
    db.dispose()
    p99 = took_s[int(len(took_s) * 0.99)] * 1000
    keep("a command, the server's processor", server_ms, "ms", 1.2)
    keep("a command, the client's processor", client_ms, "ms")
    return f"server {server_ms:5.2f} ms, client {client_ms:5.2f} ms; p50 {statistics.median(took_s) * 1000:6.1f} ms, p99 {p99:6.1f} ms"


def backend_s(pid: int) -> float:
    """Return the processor's seconds of one of the server's processes (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--history", type=int, nargs="*", default=[0, 10_000, 100_000, 1_000_000])
    parser.add_argument("--halls", type=int, nargs="*", default=[1, 62, 200])
    parser.add_argument("--windows", type=int, nargs="*", default=[5, 20, 60])
    parser.add_argument("--rounds", type=int, default=100)
    args = parser.parse_args()
    for windows in args.windows:
        with server(None) as (url, _):
            db, address = prepared(url, windows)
            print(f"{windows:8} windows   {measure(address, args.rounds, OPENS)}", flush=True)
            db.dispose()
    with server(None) as (url, _):
        db, address = prepared(url, WINDOWS)
        now = OPENS
        for have, want in pairwise([1, *args.halls]):
            add_halls(db, have, want)
            now += AN_HOUR
            print(f"{want:8} halls     {measure(address, args.rounds, now)}", flush=True)
        for have, want in pairwise([0, *args.history]):
            add_history(db, have, want)
            now += AN_HOUR
            print(f"{want:8} tickets   {measure(address, args.rounds, now)}; {size(url) / 1e6:.0f} MB", flush=True)
        db.dispose()


if __name__ == "__main__":
    main()
