"""Times the report of a year: a hall of 250,000 tickets, into all four kinds of file, its figures first and once more.

python scripts/bench/year_report.py [--days N] [--tickets N] [--folder DIR]

One day goes through the real desk, with its late-comers, wrong windows and customers set aside; the other days are its
rows again under other dates, put straight into the tables.

Of the time that a year takes which was never counted, a quarter is SQLite's, two thirds are counting in Python (forty
figures, of which none takes more than a fifteenth; a tenth of the whole is collecting garbage), a tenth is the document
and the figures of quality, a fiftieth keeping the sums.
Afterwards the sums of its dates are known (resources/docs/decisions/kept-sums.md).
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from figures import keep

from queuedesk.core.features import list_in_features_package, set_installed_features
from queuedesk.core.figures.periods import YEAR
from queuedesk.core.network.roles import CONSOLE, actor_of_station
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, rating
from queuedesk.desk.queue.opening import open_window
from queuedesk.desk.upkeep import clocks as ending
from queuedesk.paths import resource_path
from queuedesk.reports.figures.period import read_period_report
from queuedesk.reports.figures.write import write_period_report
from queuedesk.store.engine.types import EventDateColumn, IsoDateColumn, UtcMomentColumn
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.schema import table_named

FIRST = date(2026, 1, 1)
NINE = datetime(2026, 1, 1, 1, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 1, 4, 0, 5, tzinfo=UTC)
WINDOWS = {f"{n}": f"C{n}" for n in range(1, 7)}
UNUSUAL = 0.08
AT_KIOSK = 0.7
AGAIN = 0.03
FORM_FREE = 0.3
KIOSK = actor_of_station("K1")
NUMBERED = frozenset({"seq", "id", "turn"})


def asked(now: datetime) -> Ask:
    """Return what the console asks at `now`."""
    return Ask(CONSOLE, now)


def one_day(file: Path, tickets: int) -> Desk:
    """Return a hall whose six windows have seen a day of `tickets` customers, some of them not the plain way."""
    document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
    document["services"] = [row | {"last": 9999} for row in document["services"]]
    document["windows"] = [row | {"services": ["A", "B", "C", "D"]} for row in document["windows"]]
    ready = setting_up.setup_document_for_new_hall(document, timezone="Asia/Shanghai", all_hours=True)
    desk = setting_up.create_hall(file, ready, asked(NINE))
    for window, staff in WINDOWS.items():
        open_window(desk, asked(NINE), window, staff=staff)
    chance = random.Random(1)
    step = timedelta(hours=8) / tickets
    seen: list[str] = []
    for n in range(tickets):
        now = NINE + n * step
        who = KIOSK if chance.random() < AT_KIOSK else CONSOLE
        before = (chance.choice(seen), FIRST) if seen and chance.random() < AGAIN else None
        issuing.issue_ticket(desk, Ask(who, now), chance.choice("AAAB"), return_of=before)
        window = chance.choice(list(WINDOWS))
        called = calling.call_ticket(desk, asked(now), window)
        ticket = str(called["ticket"])
        seen.append(ticket)
        kind = chance.choice(("miss", "park", "redirect", "stall")) if chance.random() < UNUSUAL else ""
        if kind == "miss":
            calling.record_missed_call(desk, asked(now + step * 0.2), window)
            calling.reinstate_missed_ticket(desk, asked(now + step * 0.3), ticket)
            calling.call_ticket(desk, asked(now + step * 0.4), window, ticket=ticket, reason="chosen")
        calling.start_serving(desk, asked(now + step * 0.4), window)
        if kind == "park":
            calling.park_ticket(desk, asked(now + step * 0.5), window, reason="copying")
            calling.serve_parked_ticket(desk, asked(now + step * 0.6), window, ticket)
        if kind == "stall":
            calling.record_wait_for_other_system(desk, asked(now + step * 0.5), window, reason="bank_system")
        if kind == "redirect":
            to = "C" if called["service"] == "D" else "D"
            calling.redirect_customer(desk, asked(now + step * 0.6), to, window=window)
            continue
        outcome = chance.choice(("done", "accepted", None))
        calling.finish_service(
            desk, asked(now + step * 0.7), window, outcome=outcome, form_free=chance.random() < FORM_FREE
        )
        if chance.random() < 0.6:
            rating.rate_visit(desk, asked(now + step * 0.8), ticket, chance.choice([5, 5, 5, 4, 4, 3, 2]))
    ending.end_today(desk, asked(NINE + timedelta(hours=9)))
    return desk


def repeat(file: Path, day: date, n: int, seqs: int) -> None:
    """Put the rows of FIRST into the tables once more, under `day`, `n` times `seqs` further on in the log."""
    shift_us = (day - FIRST).days * 86_400_000_000
    with closing(sqlite3.connect(file)) as db:
        for table in map(table_named, ("events", *FOLLOWING)):
            # What a hall has once stands for no date of its own.
            if "date" not in table.c or table.primary_key.columns.keys() == ["hall"]:
                continue
            taken = []
            for column in table.c:
                name = f'"{column.name}"'
                if isinstance(column.type, UtcMomentColumn):
                    taken.append(f"{name} + {shift_us}")
                elif isinstance(column.type, (IsoDateColumn, EventDateColumn)):
                    taken.append(f"CASE WHEN {name} = '{FIRST}' THEN '{day}' ELSE {name} END")
                elif column.name in NUMBERED:
                    taken.append(f"{name} + {n * seqs << (20 if column.name == 'turn' else 0)}")
                elif column.name in ("data", "return_of"):
                    taken.append(f"replace({name}, '{FIRST}', '{day}')")
                else:
                    taken.append(name)
            names = ", ".join(f'"{column.name}"' for column in table.c)
            own = f"\"date\" = '{FIRST}'"
            db.execute(
                f'INSERT INTO "{table.name}" ({names}) SELECT {", ".join(taken)} FROM "{table.name}" WHERE {own}'
            )
        db.commit()


def main() -> None:
    """Print how long the figures and each kind of file took."""
    set_installed_features(list_in_features_package("FEATURES"))  # of which one makes workbooks and tables
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument("--tickets", type=int, default=1000, help="a day")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        file = Path(folder) / "hall.sqlite"
        desk = one_day(file, given.tickets)
        with closing(sqlite3.connect(file)) as db:
            seqs = int(db.execute("SELECT max(seq) FROM events").fetchone()[0])
        working = [day for n in range(366) if (day := FIRST + timedelta(days=n)).weekday() < 5]
        for n, day in enumerate(working[1 : given.days], start=1):
            repeat(file, day, n, seqs)
        print(f"{file.stat().st_size / 1e6:.0f} MB")
        for known in ("never counted before", "counted before"):
            begun, cpu = time.perf_counter(), time.process_time()
            read = read_period_report(desk, YEAR, FIRST, NEXT_YEAR)
            whole, spent = time.perf_counter() - begun, time.process_time() - cpu
            print(f"figures of {read.figures['issued']} tickets, {known}: {whole:.1f} s, processor {spent:.1f} s")
            keep(f"the figures of a year of {read.figures['issued']:,} tickets, {known}", whole, "s")
        for ending_of in ("pdf", "xlsx", "csv", "json"):
            begun, cpu = time.perf_counter(), time.process_time()
            out = Path(folder) / f"year.{ending_of}"
            write_period_report(desk, YEAR, FIRST, out, lang="en", now=NEXT_YEAR)
            whole, spent = time.perf_counter() - begun, time.process_time() - cpu
            print(f"{ending_of}: {whole:.1f} s, processor {spent:.1f} s, {out.stat().st_size / 1000:.0f} kB")
            keep(f"a year of {read.figures['issued']:,} tickets as {ending_of.upper()}", whole, "s", 3)
        desk.db.dispose()


if __name__ == "__main__":
    main()
