"""Measure what each station costs while nothing happens: memory, and share of one core.

python scripts/bench/idle_stations.py [--seconds N] [STATION …]

Linux only: it reads /proc. Memory is the proportional set size: pages that several processes share are divided among them; beside it
stands what the process holds in all. "figures" is the manager's station with the figures open.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from station_start import ROOT, STATIONS, busy_hall

SETTLE_S = 8.0
LIMIT_MB, LIMIT_PCT = 150, 2.0
FIGURES = "figures"
AT_WINDOW = ("counter", "plate", "rating")
WHO = {"counter": "C3", "guide": "G1", "manager": "M1", FIGURES: "M1"}
# The manager's station, which goes to its figures by itself.
OPENED = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from queuedesk.app.main import main
from queuedesk.stations.manager.view import REPORTS, ManagerView
app = QApplication(sys.argv[:1])
def go():
    next(one for one in app.allWidgets() if isinstance(one, ManagerView)).open_page(REPORTS)
QTimer.singleShot(3000, go)
sys.exit(main(sys.argv[1:]))
"""
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("stations", nargs="*", default=[*STATIONS, "plate", FIGURES])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hall = Path(folder) / "hall.sqlite"
        busy_hall(hall)
        for name in args.stations:
            pss, rss, pct = measured(name, hall, folder, args.seconds)
            fits = "" if pss < LIMIT_MB and pct < LIMIT_PCT else "  over the limit"
            print(f"{name:8} {pss:6.0f} MB ({rss:.0f} MB with shared pages)  {pct:4.1f} % of a core{fits}")


def measured(name: str, hall: Path, folder: str, seconds: float) -> tuple[float, float, float]:
    """Return megabytes of its own, megabytes in all, and percent of a core."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": folder, "QT_QPA_PLATFORM": "offscreen"}
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
        time.sleep(SETTLE_S)
        start = cpu_s(station.pid)
        time.sleep(seconds)
        used = cpu_s(station.pid) - start
        memory = dict(
            line.split(":", 1) for line in Path(f"/proc/{station.pid}/smaps_rollup").read_text().splitlines()[1:]
        )
        pss, rss = (int(memory[key].split()[0]) / 1024 for key in ("Pss", "Rss"))
    finally:
        station.terminate()
        station.wait()
    return pss, rss, used / seconds * 100


def cpu_s(pid: int) -> float:
    """Return the seconds of a processor that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main()
