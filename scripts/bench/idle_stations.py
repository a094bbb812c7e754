"""Measure what each station costs while nothing happens: memory, and share of one core.

python scripts/bench/idle_stations.py [--seconds N] [--together] [STATION …]
python scripts/bench/idle_stations.py --server [--seconds N] [--counters N] [--displays N]

With --server it is measured what counters and displays that work with a shared hall cost the PC that shares it, its
gate and its server, and how often they ask it for something.

Linux only: it reads /proc. Memory is the proportional set size: pages that several processes share are divided among
them; beside it stands what the process holds in all. "figures" is the manager's station with the figures open.

Nearly all of a station's memory are Python's own objects: SQLAlchemy and what reads a hall take about 20 MB, Qt's
classes 15. A manager's today page, its alerts and its side list need 8.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from figures import keep
from shared_hall import make_hall_at_work
from shared_host import shared_host
from station_start import ROOT, STATIONS, busy_hall

from queuedesk.core.network.sharing import PcKind

SETTLE_S = 8.0
# Stations begin one after the other, and what they do as they begin is not what they do at rest.
STAGGER_S, STARTED_S = 2.0, 30.0
HOST_LIMIT_PCT = 5.0
LIMIT_MB, LIMIT_PCT, HELD_MB = 150, 2.0, 150
FIGURES = "figures"
AT_WINDOW = ("counter", "plate", "rating")
WHO = {"counter": "C3", "guide": "G1", "manager": "M1", FIGURES: "M1"}
# The manager's station, which goes to its figures by itself. What it loads it loads in the order of `queuedesk`: Qt's
# classes that were loaded another way hold 25 MB more.
OPENED = """
import sys
from queuedesk.app.main import main
from queuedesk.app.station.launch import import_hall_modules
import_hall_modules()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from queuedesk.stations.manager.pages import REPORTS
from queuedesk.stations.manager.station import ManagerView
app = QApplication(sys.argv[:1])
def go():
    next(one for one in app.allWidgets() if isinstance(one, ManagerView)).open_page(REPORTS)
QTimer.singleShot(3000, go)
sys.exit(main(sys.argv[1:]))
"""
BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.show()
QTimer.singleShot(500, lambda: print("shown", flush=True))
app.exec()
"""
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--together", action="store_true", help="all at the same time: each then shares more pages")
    parser.add_argument("--server", action="store_true")
    parser.add_argument("--counters", type=int, default=20)
    parser.add_argument("--displays", type=int, default=5)
    parser.add_argument("stations", nargs="*", default=[*STATIONS, "plate", FIGURES])
    args = parser.parse_args()
    if args.server:
        at_the_host(args.counters, args.displays, args.seconds)
        return
    with tempfile.TemporaryDirectory() as folder:
        hall = Path(folder) / "hall.sqlite"
        busy_hall(hall)
        bare = bare_mb()
        print(f"an empty window holds {bare:.0f} MB")
        leave_bytecode(args.stations, hall, folder)
        at_once = [args.stations] if args.together else [[name] for name in args.stations]
        found = [one for names in at_once for one in measured(names, hall, folder, args.seconds)]
        for name, (pss, rss, pct) in zip(args.stations, found, strict=True):
            fits = "" if pss < LIMIT_MB and pct < LIMIT_PCT else "  over the limit"
            print(f"{name:8} {pss:6.0f} MB ({rss:.0f} MB with shared pages)  {pct:4.1f} % of a core{fits}")
            keep(f"memory, {name}", rss, "MB", HELD_MB)
            keep(f"memory, {name}, beside", rss / bare, "× an empty window's")


def bare_mb() -> float:
    """Return the megabytes that a Qt window without anything holds."""
    with subprocess.Popen(
        [sys.executable, "-c", BARE],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as window:
        assert window.stdout is not None
        window.stdout.readline()
        held = held_mb(window.pid)
        window.terminate()
    return held


def held_mb(pid: int) -> float:
    """Return the megabytes that a process holds, with the pages that it shares."""
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS")) / 1024


def leave_bytecode(names: Sequence[str], hall: Path, folder: str) -> None:
    """Let each station have run once, two at a time. As installed: without the bytecode of an earlier start 1 MB and
    more is left of the compiling."""
    for first in range(0, len(names), 2):
        with ExitStack() as running:
            for name in names[first : first + 2]:
                running.enter_context(begun(name, hall, folder))
            time.sleep(SETTLE_S)


def measured(names: Sequence[str], hall: Path, folder: str, seconds: float) -> list[tuple[float, float, float]]:
    """Return, of stations that run at the same time, megabytes of its own, megabytes in all, and percent of a core."""
    with ExitStack() as running:
        pids = [running.enter_context(begun(name, hall, folder)).pid for name in names]
        time.sleep(SETTLE_S)
        before = [cpu_s(pid) for pid in pids]
        time.sleep(seconds)
        pct = [(cpu_s(pid) - start) / seconds * 100 for pid, start in zip(pids, before, strict=True)]
        held = [own_and_all_mb(pid) for pid in pids]
    return [(pss, rss, share) for (pss, rss), share in zip(held, pct, strict=True)]


def own_and_all_mb(pid: int) -> tuple[float, float]:
    """Return the megabytes that a process holds, with its part of the pages that it shares and with all of them."""
    memory = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    pss, rss = (int(memory[key].split()[0]) / 1024 for key in ("Pss", "Rss"))
    return pss, rss


@contextmanager
def begun(name: str, hall: Path, folder: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a station, and end it."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": folder, "QT_QPA_PLATFORM": "offscreen"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = str(Path(folder, "bytecode"))
    who = ["--as", WHO[name]] if name in WHO else []
    line = [
        sys.executable,
        *(["-c", OPENED] if name == FIGURES else ["-m", "queuedesk"]),
        "--db",
        str(hall),
        *who,
        "manager" if name == FIGURES else name,
        *(["--window", "3"] if name in AT_WINDOW else []),
    ]
    station = subprocess.Popen(line, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    try:
        yield station
    finally:
        station.terminate()
        station.wait()


def at_the_host(counters: int, displays: int, seconds: float) -> None:
    """Print what idle stations cost the PC that shares the hall, in percent of a core."""
    stations: list[subprocess.Popen[bytes]] = []
    with shared_host() as host, tempfile.TemporaryDirectory() as folder:
        make_hall_at_work(host.owner, counters, datetime.now(UTC)).db.dispose()
        host.install_rights()
        rows = [("counter", PcKind.STAFF, ["--window", str(n + 1)]) for n in range(counters)]
        rows += [("display", PcKind.PUBLIC, [])] * displays
        try:
            for number, (name, kind, words) in enumerate(rows):
                env = {
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "HOME": f"{folder}/{number}",
                    "QT_QPA_PLATFORM": "offscreen",
                    "QUEUEDESK_DB": host.joined(f"{name} {number}", kind),
                }
                who = ["--as", f"X{number + 1}"] if name == "counter" else []
                line = [sys.executable, "-m", "queuedesk", *who, name, *words]
                stations.append(subprocess.Popen(line, cwd=ROOT, env=env, stdin=subprocess.DEVNULL))
                time.sleep(STAGGER_S)
            time.sleep(SETTLE_S + STARTED_S)
            before, asked = host.cpu_s(), transactions(host.owner)
            time.sleep(seconds)
            gate_pct, server_pct = (
                (now - then) / seconds * 100 for now, then in zip(host.cpu_s(), before, strict=True)
            )
            a_minute = (transactions(host.owner) - asked) / seconds * 60 / len(rows)
            alive = sum(station.poll() is None for station in stations)
        finally:
            for station in stations:
                station.terminate()
            for station in stations:
                station.wait()
    fits = "" if gate_pct + server_pct < HOST_LIMIT_PCT and alive == len(rows) else "  over the limit"
    print(
        f"{counters} counters and {displays} displays at rest ({alive} alive): each asks {a_minute:.0f} times a minute"
    )
    print(f"the host: gate {gate_pct:.1f} %, server {server_pct:.1f} % of a core{fits}")


def transactions(url: str) -> int:
    """Return how many transactions the database has seen."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
        assert row is not None
        return int(row[0])


def cpu_s(pid: int) -> float:
    """Return the seconds of a processor that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main()
