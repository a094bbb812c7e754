"""Measure how long writers wait for each other: our retry against SQLite's own busy handler, in one run.

python scripts/bench/contention.py [--processes N] [--writes N] [--folder DIR]
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import keep
from sqlalchemy import text

from queuedesk.store.engine.database import Database

ADD = "INSERT INTO waits (text) VALUES ('A line of about the length of an event in the log, with its hash and so on')"


def work(way: str, file: Path, writes: int) -> list[float]:
    """Write `writes` times and return how long each took, in seconds, from asking for the lock to the commit."""
    if way == "ours":
        db = Database.open(file)
        add = text(ADD)

        def write() -> None:
            with db.write() as tx:
                tx.execute(add)
    else:
        connection = sqlite3.connect(file, timeout=30, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")

        def write() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(ADD)
            connection.execute("COMMIT")

    print("ready", flush=True)
    sys.stdin.readline()
    took_s = []
    for _ in range(writes):
        start = time.perf_counter()
        write()
        took_s.append(time.perf_counter() - start)
    return took_s


def measure(way: str, folder: Path, processes: int, writes: int) -> list[float]:
    """Let `processes` of them write at once to a new file."""
    file = folder / f"{way}.sqlite"
    db = Database.create(file)
    with db.write() as tx:
        tx.execute(text("CREATE TABLE waits (id INTEGER PRIMARY KEY, text TEXT) STRICT"))
    command = [sys.executable, __file__, "--work", way, "--file", str(file), "--writes", str(writes)]
    pipe = subprocess.PIPE
    workers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(processes)]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    took_s = [one for worker in workers for one in json.loads(worker.communicate()[0])]
    with db.read() as tx:
        written = tx.execute(text("SELECT count(*) FROM waits")).scalar_one()
    db.dispose()
    if written != processes * writes:
        raise SystemExit(f"{way}: {written} of {processes * writes} written")
    return sorted(took_s)


def main() -> None:
    """Print median, 99th percentile and worst of both ways, and the ratio of the worst."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--writes", type=int, default=100)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        print(json.dumps(work(asked.work, asked.file, asked.writes)))
        return
    worst_s = {}
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        for way in ("ours", "sqlite"):
            took_s = measure(way, Path(folder), asked.processes, asked.writes)
            worst_s[way] = took_s[-1]
            median, late = took_s[len(took_s) // 2], took_s[len(took_s) * 99 // 100]
            print(f"{way}: median {median * 1e3:.2f} ms, p99 {late * 1e3:.1f} ms, worst {took_s[-1] * 1e3:.1f} ms")
    keep("eight writers on one file, longest wait", worst_s["ours"] / worst_s["sqlite"], "× SQLite's own waiting")
    print(f"worst wait, ours to SQLite's busy handler: {worst_s['ours'] / worst_s['sqlite']:.2f}")


if __name__ == "__main__":
    main()
