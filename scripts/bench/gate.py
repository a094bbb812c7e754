"""Measure the gate before a hall's server: what it adds to each round trip, and what connections cost that are mostly
idle.

python scripts/bench/gate.py [--trips N] [--idle N] [--seconds S]

Linux only: it reads /proc. The gate runs in a process of its own; the server is the one that a hall would have.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg
from figures import keep

from queuedesk.app.hosting.gate import GuestGate, load_or_make_certificate
from queuedesk.app.hosting.server import LOOPBACK, PostgresServer

ROOT = Path(__file__).resolve().parent.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trips", type=int, default=5000)
    parser.add_argument("--idle", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--gate", nargs=2, metavar=("FOLDER", "PORT"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.gate is not None:
        run_gate(Path(args.gate[0]), int(args.gate[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder) / "postgres")
        server.create_server_folder()
        server.start()
        gate = None
        try:
            own = server.stored_server_access()
            gate = subprocess.Popen(
                [sys.executable, __file__, "--gate", folder, str(own.port)],
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert gate.stdout is not None
            port = int(gate.stdout.readline())
            known = f"host={LOOPBACK} user=queuedesk password={own.password} dbname=postgres"
            through = f"{known} port={port} sslmode=verify-ca sslrootcert={load_or_make_certificate(Path(folder), now()).file}"
            round_trips(f"{known} port={own.port}", through, args.trips)
            idle_times(through, gate.pid, args.idle, args.seconds)
        finally:
            if gate is not None:
                gate.communicate()
            server.stop()


def run_gate(folder: Path, port: int) -> None:
    """Be the gate until whoever started this has enough."""
    gate = GuestGate(load_or_make_certificate(folder, now()), [(LOOPBACK, 0)], servers=[(LOOPBACK, port)])
    gate.start()
    print(gate.addresses[0][1], flush=True)
    sys.stdin.read()
    gate.stop()


def round_trips(direct: str, through: str, n: int) -> None:
    """Print what a round trip takes with and without the gate, taken in turn."""
    took: dict[str, list[float]] = {"direct": [], "gate": []}
    with psycopg.connect(direct, autocommit=True) as one, psycopg.connect(through, autocommit=True) as other:
        for _ in range(n):
            for name, connection in (("direct", one), ("gate", other)):
                start = time.perf_counter()
                connection.execute("SELECT 1")
                took[name].append((time.perf_counter() - start) * 1e6)
    keep("a round trip by the gate", median(took["gate"]) / median(took["direct"]), "× one without it")
    for name, times in took.items():
        print(f"{name:7} median {median(times):5.0f} µs   p99 {sorted(times)[int(n * 0.99)]:5.0f} µs")


def idle_times(through: str, pid: int, n: int, seconds: float) -> None:
    """Print what the gate's process costs with `n` connections that say nothing, and that ask something once a
    second."""
    connections = [psycopg.connect(through, autocommit=True) for _ in range(n)]
    for asks in (False, True):
        before, start = cpu_s(pid), time.perf_counter()
        while (left := start + seconds - time.perf_counter()) > 0:
            if not asks:
                time.sleep(left)
                break
            for connection in connections:
                connection.execute("SELECT 1")
                time.sleep(1 / n)
        share = (cpu_s(pid) - before) / (time.perf_counter() - start)
        keep(f"{n} connections, {'a question a second' if asks else 'silent'}", share * 100, "% of a core", 5)
        print(f"{n} connections, {'one question a second each' if asks else 'silent':26} {share:6.2%} of a core")
    for connection in connections:
        connection.close()


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
