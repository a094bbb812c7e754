"""Let processes issue, call and finish at once on one file; check that nothing is given twice and print how long they
waited.

    python scripts/bench/desk_contention.py [--processes 8] [--rounds 60] [--folder DIR]

Each process sits at a window of its own and does `rounds` times: issue, call, finish. Ends with status 1 when a number
was issued twice, a customer called by two, a command failed for a lock, the log broke, or one command took 0.5 s or
more.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from figures import keep

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.desk.upkeep import examining
from queuedesk.store.engine.database import Database

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LONGEST_S = 0.5


def make_hall(file: Path, processes: int) -> None:
    """Make a hall with a window and a clerk for each process."""
    codes = [str(n + 1) for n in range(processes)]
    document: dict[str, Any] = {
        "hall": {"code": "T", "name": "Test"},
        "services": [
            {
                "code": "A",
                "name": "A",
                "prefix": "A",
                "last": 9999,
                "hours": [{"days": "1-7", "from": "0:00", "to": "24:00"}],
            }
        ],
        "windows": [{"code": code, "services": ["A"]} for code in codes],
        "staff": [{"code": f"C{code}", "name": f"C{code}", "role": "clerk"} for code in codes],
    }
    desk = setting_up.create_hall(file, document, Ask(CONSOLE, START))
    for code in codes:
        opening.open_window(desk, Ask(CONSOLE, START), code, staff=f"C{code}")
    desk.db.dispose()


def work(file: Path, window: str, rounds: int) -> dict[str, Any]:
    """Issue, call and finish; return what was issued and called, seconds by command, and the codes of what failed."""
    desk = Desk(Database.open(file), 1)
    issued, called, failed = [], [], []
    took_s: dict[str, list[float]] = {"issue": [], "call": [], "finish": []}
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(rounds):
        ask = Ask(CONSOLE, START + timedelta(seconds=n))
        for verb, times in took_s.items():
            start = time.perf_counter()
            try:
                if verb == "issue":
                    issued.append(issuing.issue_ticket(desk, ask, "A")["ticket"])
                elif verb == "call":
                    called.append(calling.call_ticket(desk, ask, window)["ticket"])
                else:
                    calling.finish_service(desk, ask, window)
            except OutsideError as error:
                failed.append(error.code)
            times.append(time.perf_counter() - start)
    desk.db.dispose()
    return {"issued": issued, "called": called, "failed": failed, "took_s": took_s}


def run(file: Path, processes: int, rounds: int) -> list[dict[str, Any]]:
    """Let all of them begin at once and return what each did."""
    pipe = subprocess.PIPE
    command = [sys.executable, __file__, "--file", str(file), "--rounds", str(rounds), "--window"]
    workers = [subprocess.Popen([*command, str(n + 1)], stdin=pipe, stdout=pipe, text=True) for n in range(processes)]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return [json.loads(worker.communicate()[0]) for worker in workers]


def wrong(file: Path, done: list[dict[str, Any]], expected: int) -> list[str]:
    """Return what must not be, in plain words."""
    found = []
    for name in ("issued", "called"):
        labels = [label for one in done for label in one[name]]
        if len(labels) != expected or len(set(labels)) != expected:
            found.append(f"{name} {len(labels)} times {len(set(labels))} different tickets, not {expected}")
    if failed := [code for one in done for code in one["failed"]]:
        found.append(f"{len(failed)} commands failed: {sorted(set(failed))}")
    db = Database.open(file)
    seqs = [event.seq for event in looking.events_after(Desk(db, 1), 0)]
    if seqs != list(range(1, len(seqs) + 1)):
        found.append("the log has gaps")
    found += [f"{check.name}: {check.what}" for check in examining.examine_database(db) if check.status != examining.OK]
    db.dispose()
    return found


def main() -> int:
    """Print median, 95th and 99th percentile and the worst of each command, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--folder", type=Path, help="where the file is made; a disk, not memory")
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--window", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.window:
        print(json.dumps(work(asked.file, asked.window, asked.rounds)))
        return 0
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        file = Path(folder) / "hall.sqlite"
        make_hall(file, asked.processes)
        done = run(file, asked.processes, asked.rounds)
        found = wrong(file, done, asked.processes * asked.rounds)
    worst_s = 0.0
    for verb in ("issue", "call", "finish"):
        took_s = sorted(s for one in done for s in one["took_s"][verb])
        shares = statistics.quantiles(took_s, n=100)
        worst_s = max(worst_s, took_s[-1])
        figures = {"median": shares[49], "p95": shares[94], "p99": shares[98], "worst": took_s[-1]}
        print(f"{verb:6} " + "  ".join(f"{name} {value * 1000:6.1f} ms" for name, value in figures.items()))
    keep("eight processes on one file, longest command", worst_s, "s", LONGEST_S)
    if worst_s >= LONGEST_S:
        found.append(f"one command took {worst_s:.2f} s")
    print("; ".join(found) or f"{asked.processes} processes, {asked.rounds} rounds each: nothing twice, no lock shown")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
