"""Measure what comparing a city's halls takes: from the press to the answer, and memory, with a year of ratings.

    python scripts/bench/halls_compared.py [--halls 62] [--ratings 40] [--days 280] [--budget-ms 1000] [--budget-mb 400]

Each hall has --ratings ratings of three services on each of --days dates, written straight into the table: what is
measured reads that alone. Ends with status 1 when a press took longer, or the process more memory, than its budget.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import insert

from queuedesk.app.hosting.pg_server import PgServer
from queuedesk.core.figures.periods import DAY, MONTH, QUARTER, WEEK, YEAR
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures.halls_comparing import compare_halls
from queuedesk.desk.setup import setting_up
from queuedesk.store.schema.tables import ratings

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
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


def main() -> int:
    """Print the time of each kind of period, and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--halls", type=int, default=62)
    parser.add_argument("--ratings", type=int, default=40)
    parser.add_argument("--days", type=int, default=280)
    parser.add_argument("--budget-ms", type=float, default=1000)
    parser.add_argument("--budget-mb", type=float, default=400)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = PgServer(Path(folder, "postgres"))
        server.make()
        server.start()
        try:
            with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE halls_compared")
            desk = make_halls(server.url("halls_compared"), args.halls)
            print(f"{fill(desk, args.halls, args.days, args.ratings):,} ratings in {args.halls} halls")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            worst = 0.0
            for period in (DAY, WEEK, MONTH, QUARTER, YEAR):
                took = []
                for _n in range(3):
                    begun = time.perf_counter()
                    compare_halls(desk, CONSOLE, period, date(2026, 11, 20), NOW)
                    took.append((time.perf_counter() - begun) * 1000)
                print(f"{period:8} first {took[0]:7.0f} ms, then {min(took[1:]):7.0f} ms")
                worst = max(worst, *took)
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"memory {used:.0f} MB at most, {before:.0f} MB before comparing")
            desk.db.dispose()
        finally:
            server.stop()
    return int(worst > args.budget_ms or used > args.budget_mb)


if __name__ == "__main__":
    sys.exit(main())
