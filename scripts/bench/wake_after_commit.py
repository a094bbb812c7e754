"""Measure what it costs halls that share a server to announce a commit inside its transaction, or after it.

python scripts/bench/wake_after_commit.py [--server URL | --disk-ms MS] [--halls N] [--commits N] [--rounds N]

Every hall is a process that writes without a pause, as a city's halls do together in a bad minute. Three ways take
turns: no word at all, the word inside the transaction, the word after it. Counted is the time until the command's
answer would be on the screen: the commit, and where it is sent after it, the word too. Without --server a server is
started for the while, which with --disk-ms waits so long at each write to the disk, as if that were a turning one.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from queuedesk.app.hosting.server import PostgresServer

WAYS = ("none", "inside", "after")
TABLES = """
DROP TABLE IF EXISTS bench_halls, bench_log;
CREATE TABLE bench_halls (id bigint PRIMARY KEY, seq bigint NOT NULL);
CREATE TABLE bench_log (hall bigint, seq bigint, text text NOT NULL, PRIMARY KEY (hall, seq));
"""
TEXT = "x" * 300  # an event's row, with its hash
INSIDE = "SELECT pg_notify('bench_' || %s::text, %s::text)"
AFTER = "SELECT set_config('synchronous_commit', 'off', true), pg_notify('bench_' || %s::text, %s::text)"


def write(url: str, way: str, hall: int, commits: int) -> list[float]:
    """Write as `hall` and return how long each command took (s)."""
    took_s = []
    with psycopg.connect(url, autocommit=True) as connection:
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(commits):
            start = time.perf_counter()
            with connection.transaction():
                row = connection.execute("SELECT seq FROM bench_halls WHERE id = %s FOR UPDATE", (hall,)).fetchone()
                assert row is not None
                seq = row[0] + 1
                connection.execute("INSERT INTO bench_log VALUES (%s, %s, %s)", (hall, seq, TEXT))
                connection.execute("UPDATE bench_halls SET seq = %s WHERE id = %s", (seq, hall))
                if way == "inside":
                    connection.execute(INSIDE, (hall, seq))
            if way == "after":
                connection.execute(AFTER, (hall, seq))
            took_s.append(time.perf_counter() - start)
    return took_s


def measure(url: str, way: str, halls: int, commits: int) -> tuple[list[float], float]:
    """Let all halls write at once; return every command's time and that of the whole (s)."""
    command = [sys.executable, __file__, "--server", url, "--commits", str(commits), "--work", way, "--hall"]
    pipe = subprocess.PIPE
    workers = [
        subprocess.Popen([*command, str(hall)], stdin=pipe, stdout=pipe, text=True) for hall in range(1, halls + 1)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    start = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    took_s: list[float] = []
    for worker in workers:
        took_s += json.loads(worker.communicate()[0].splitlines()[-1])
    return took_s, time.perf_counter() - start


@contextmanager
def server(url: str | None, disk_ms: int) -> Iterator[str]:
    """Give the address of a database to measure in, on a server of our own where none is named."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        # Whoever writes the log waits so long first, and whoever commits meanwhile has it written by the same write.
        own = PostgresServer(
            Path(folder, "postgres"), settings={"commit_delay": str(disk_ms * 1000), "commit_siblings": "0"}
        )
        own.create_server_folder()
        own.start()
        try:
            yield own.owner_url("postgres")
        finally:
            own.stop("immediate")


def main() -> None:
    """Print commits a second and the percentiles of each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server")
    parser.add_argument("--disk-ms", type=int, default=0)
    parser.add_argument("--halls", type=int, default=8)
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--hall", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        print(json.dumps(write(asked.server, asked.work, asked.hall, asked.commits)))
        return
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    spans = dict.fromkeys(WAYS, 0.0)
    with server(asked.server, asked.disk_ms) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(TABLES)
            connection.execute("INSERT INTO bench_halls SELECT g, 0 FROM generate_series(1, %s) g", (asked.halls,))
        for _ in range(asked.rounds):
            for way in WAYS:
                took_s, whole_s = measure(url, way, asked.halls, asked.commits)
                times[way] += took_s
                spans[way] += whole_s
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TABLE bench_halls, bench_log")
    print(f"{asked.halls} halls at once, {asked.rounds} rounds of {asked.commits} commits each")
    for way in WAYS:
        ordered = sorted(times[way])
        median, late = (ordered[len(ordered) * share // 100] * 1e3 for share in (50, 99))
        print(
            f"{way:6}: {len(ordered) / spans[way]:6.0f} commits a second, median {median:.1f} ms, p99 {late:.1f} ms, worst {ordered[-1] * 1e3:.1f} ms"
        )


if __name__ == "__main__":
    main()
