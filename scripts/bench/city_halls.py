"""Measure what halls side by side take in a city: compared in a period, and live.

    python scripts/bench/city_halls.py period [--halls 62] [--ratings 40] [--days 280] [--rounds 5]
    python scripts/bench/city_halls.py live [--halls 62] [--tickets 1000] [--grown 10] [--rounds 20]
    both: [--budget-ms 1000] [--budget-mb 400]

period: each hall has --ratings ratings of three services on each of --days dates, written straight into the table: what
is measured reads that alone. Beside each press, in turn with it, the server only counts the same ratings in one
statement: the ratio says what the comparison adds where other work takes the processor.

live: one day of --tickets customers goes through the real desk; the other halls have its rows again. Then, as the
manager's page asks: the first look at all of them; looks when nothing has happened; looks after one command in each of
--grown halls, as in a city with ten commands a second.

Ends with status 1 when the quickest press of a period, the first look or the median of a later one took longer than
the budget, or the process more memory.

Measured, median of five, beside only counting the same ratings: a day 0.05 s (1.1 ×), a week 0.17 (4.0), a month 0.43
(8.7), a quarter 0.38 (7.6), a year 0.68 (10.2); 133 MB.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from figures import keep
from sqlalchemy import func, insert, select

from queuedesk.app.hosting.server import PostgresServer
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import (
    DAY,
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    date_in_previous_period,
    period_span_containing,
)
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, rating
from queuedesk.desk.queue.opening import open_window
from queuedesk.features.halls.rules import EARLIER
from queuedesk.features.halls.verbs import HallsOverviewReader, compare_halls
from queuedesk.store.schema import metadata_of_all_tables, ratings

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SERVICES = ("A", "B", "C")


def make_halls(url: str, count: int) -> Desk:
    """Make the halls and return the first."""
    desks = []
    for n in range(count):
        code = f"H{n + 1:02}"
        document = {
            "hall": {"code": code, "name": code, "region": f"Region {n % 5 + 1}"},
            "services": [{"code": one, "name": one, "prefix": one} for one in SERVICES],
            "windows": [{"code": "1", "services": list(SERVICES)}],
            "staff": [{"code": "AD", "name": "AD", "role": "admin"}],
        }
        desks.append(setting_up.create_hall(url, document, Ask(CONSOLE, NOW)))
    for one in desks[1:]:
        one.db.dispose()
    return desks[0]


def fill(desk: Desk, halls: int, days: int, each: int) -> int:
    """Write the ratings, and return how many."""
    rng = random.Random(7)
    for hall in range(1, halls + 1):
        rows: list[dict[str, Any]] = [
            {
                "hall": hall,
                "date": date(2026, 11, 20) - timedelta(days=n),
                "label": f"A{label:03}",
                "level": 1 if rng.random() < 0.05 else 5,
                "time": NOW - timedelta(days=n),
                "service": rng.choice(SERVICES),
                "tags": [],
                "reasons": False,
                "excluded": False,
            }
            for n in range(days)
            for label in range(each)
        ]
        with desk.db.write(desk.hall) as tx:
            tx.execute(insert(ratings), rows)
    return halls * days * each


def count_plainly(desk: Desk, period: str) -> None:
    """Let the server count the ratings of the period and of the twelve before it."""
    first, last = period_span_containing(period, TODAY)
    for _n in range(EARLIER):
        first = period_span_containing(period, date_in_previous_period(period, first))[0]
    with desk.db.read() as tx:
        tx.execute(select(func.count()).where(ratings.c.date.between(first, last), ratings.c.level > 0)).all()


def play(desk: Desk, tickets: int) -> datetime:
    """Let customers be served at the hall's window, one in eight of them still waiting at the end; return when."""
    rng, step = random.Random(5), timedelta(hours=8) / tickets
    open_window(desk, Ask(CONSOLE, NINE), "1", staff="AD")
    for n in range(tickets):
        now = NINE + step * (n + 1)
        issuing.issue_ticket(desk, Ask(CONSOLE, now), rng.choice(SERVICES))
        if n % 8:
            called = calling.call_ticket(desk, Ask(CONSOLE, now), "1")
            calling.start_serving(desk, Ask(CONSOLE, now), "1")
            calling.finish_service(desk, Ask(CONSOLE, now + step / 2), "1")
            if rng.random() < 0.4:
                rating.rate_visit(desk, Ask(CONSOLE, now + step / 2), called["ticket"], 1 if rng.random() < 0.05 else 5)
    return NINE + step * (tickets + 1)


def copy_day(desk: Desk, count: int, founded: int) -> None:
    """Give the other halls the first one's day, row for row."""
    now = "seq, hash, at, date, normal_calls, calls_date"
    with desk.db.write() as tx:
        tx.exec_driver_sql("SET LOCAL session_replication_role = replica")  # row by row nothing is looked at
        for table in metadata_of_all_tables().sorted_tables:
            names = [f'"{column.name}"' for column in table.columns if not column.computed]
            if '"hall"' not in names:
                continue
            values = ", ".join("others.id" if name == '"hall"' else f"t.{name}" for name in names)
            new = f" AND t.seq > {founded}" if table.name == "events" else ""
            tx.exec_driver_sql(
                f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {table.name} t,"
                f" generate_series(2, {count}) others(id) WHERE t.hall = 1{new} ON CONFLICT DO NOTHING"
            )
        tx.exec_driver_sql(f"UPDATE halls SET ({now}) = (SELECT {now} FROM halls WHERE id = 1) WHERE id > 1")
    with desk.db.write() as tx:
        tx.exec_driver_sql("ANALYZE")


def look_ms(side: HallsOverviewReader, now: datetime) -> float:
    """Return how long one look of the page took."""
    begun = time.perf_counter()
    side.read_hall_rows(CONSOLE, now)
    return (time.perf_counter() - begun) * 1000


def grow(desk: Desk, among: list[int], now: datetime) -> None:
    """Let something happen in these halls."""
    for hall in among:
        own = Desk(desk.db, hall)
        try:
            issuing.issue_ticket(own, Ask(CONSOLE, now), "A")
        except RuleError as error:
            raise SystemExit(f"hall {hall}: {error.code}") from error


def compare(desk: Desk, args: argparse.Namespace) -> float:
    """Print the time of each kind of period; return the longest of the quickest presses, in ms."""
    print(f"{fill(desk, args.halls, args.days, args.ratings):,} ratings in {args.halls} halls")
    slowest = 0.0
    for period in (DAY, WEEK, MONTH, QUARTER, YEAR):
        took, plain = [], []
        for _n in range(args.rounds or 5):
            begun = time.perf_counter()
            compare_halls(desk, CONSOLE, period, TODAY, NOW)
            between = time.perf_counter()
            count_plainly(desk, period)
            took.append((between - begun) * 1000)
            plain.append((time.perf_counter() - between) * 1000)
        quickest, ratio = min(took), min(took) / min(plain)
        print(f"{period:8} median {statistics.median(took):5.0f}, quickest {quickest:5.0f} ms: {ratio:4.1f} × a count")
        keep(f"{args.halls} halls compared in a {period}", quickest / 1000, "s", 1)
        slowest = max(slowest, quickest)
    return slowest


def follow(desk: Desk, args: argparse.Namespace) -> float:
    """Print the time of the first looks, of idle ones and of those after something has happened; return the longest of
    the first and the medians, in ms."""
    with desk.db.read() as tx:
        founded = int(tx.exec_driver_sql("SELECT seq FROM halls WHERE id = 1").scalar_one())
    now = play(desk, args.tickets)
    copy_day(desk, args.halls, founded)
    side, rounds = HallsOverviewReader(desk), args.rounds or 20
    before_s = time.process_time()
    first, own_ms = look_ms(side, now), (time.process_time() - before_s) * 1000
    idle = [look_ms(side, now) for _n in range(rounds)]
    rng, grown = random.Random(3), []
    for _n in range(rounds):
        now += timedelta(seconds=1)
        grow(desk, rng.sample(range(1, args.halls + 1), min(args.grown, args.halls)), now)
        grown.append(look_ms(side, now))
    print(f"all halls after {first:.0f} ms, {own_ms:.0f} ms of them this process's own time on the processor")
    keep(f"{args.halls} full halls, all of them", first / 1000, "s", 1)
    keep(f"{args.halls} full halls, {args.grown} grown", statistics.median(grown) / 1000, "s")
    for word, took in (("nothing new", idle), (f"{args.grown} halls grown", grown)):
        print(f"{word}: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms")
    return max(statistics.median(idle), statistics.median(grown), first)


def main() -> int:
    """Print the times and the memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("period", "live"))
    parser.add_argument("--halls", type=int, default=62)
    parser.add_argument("--ratings", type=int, default=40)
    parser.add_argument("--days", type=int, default=280)
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--grown", type=int, default=10)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--budget-ms", type=float, default=1000)
    parser.add_argument("--budget-mb", type=float, default=400)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder, "postgres"))
        server.create_server_folder()
        server.start()
        try:
            with psycopg.connect(server.owner_url("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE city_halls")
            desk = make_halls(server.owner_url("city_halls"), args.halls)
            slowest = (compare if args.what == "period" else follow)(desk, args)
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"memory {used:.0f} MB at most")
            desk.db.dispose()
        finally:
            server.stop()
    return int(slowest > args.budget_ms or used > args.budget_mb)


if __name__ == "__main__":
    sys.exit(main())
