"""Measure how long each station takes from the start of its process to its first painted frame, and to its page.

python scripts/bench/station_start.py [--rounds N] [STATION …]

A first frame says which station opens; its page shows the hall. The first round only leaves the bytecode behind. Prints
the median and the worst of the others, and the median as a multiple of an empty Qt window's in the same run.

The bounds (0.45 s; 0.6 s for the manager's page) were kept while the program patched what others made: SQLAlchemy
without its docstrings, fewer names of PySide6, rare garbage collection. By turns in one hour the patches were worth
0.03 to 0.14 s a page; they are gone because they were hard to maintain.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from figures import keep, noon_zone

from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.paths import resource_path

ROOT = Path(__file__).resolve().parents[2]
STATIONS = ("home", "guide", "kiosk", "counter", "display", "plate", "rating", "lobby", "manager")
WAITING = 60
LIMIT_S, LIMITS_S = 0.45, {"manager": 0.6}

# Both say on which moment of the system's steady clock, which all processes share, their first frame had been painted,
# and a station of its page, which shows the hall. What it begins after that is on neither. It looks for garbage as
# seldom as `queuedesk` does.
EMPTY = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, lambda: app.exit(0))
app = QApplication([])
window = Window()
window.resize(1366, 768)
window.show()
app.exec()
print(time.monotonic(), time.monotonic())
"""
STATION = """
import sys, time
from queuedesk.app.main import main
from queuedesk.app.station.painting import new_application
from PySide6.QtWidgets import QApplication
from queuedesk.app.station.program import StationProgram
class Seen:
    frame = page = 0.0
def open(program, open=StationProgram.show_opening_window):
    open(program)
    Seen.frame = time.monotonic()
def painted():
    Seen.page = time.monotonic()
    QApplication.exit(0)
StationProgram.show_opening_window = open
StationProgram.run = lambda program, frame, begin=None, run=StationProgram.run: run(program, frame, painted)
app = new_application()
status = main(sys.argv[1:])
print(Seen.frame, Seen.page)
sys.exit(status)
"""


def busy_hall(path: Path) -> None:
    """Make a hall in the middle of its day: windows open, people signed in, a full line."""
    document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
    start = datetime.now(UTC) - timedelta(hours=1)
    document = setting_up.setup_document_for_new_hall(document, timezone=noon_zone(start), all_hours=True)
    desk = setting_up.create_hall(path, document, Ask(CONSOLE, start))
    opening.sign_in(desk, Ask(Actor("G1", Role.GUIDE), start), "guide", "G1")
    opening.sign_in(desk, Ask(Actor("M1", Role.MANAGER), start), "manager", "M1")
    for window in range(1, 7):
        opening.open_window(desk, Ask(CONSOLE, start), str(window), staff=f"C{window}")
    for number in range(WAITING):
        issuing.issue_ticket(desk, Ask(CONSOLE, start + timedelta(seconds=number)), "ABCD"[number % 4])
    for window in range(1, 7):
        calling.call_ticket(desk, Ask(CONSOLE, start + timedelta(minutes=2)), str(window))
    desk.db.dispose()


def start(code: str, words: list[str], environ: dict[str, str]) -> tuple[float, float, float]:
    """Return the seconds from the start of a process to its first frame and to its page, and the processor's until its
    end."""
    begun = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=ROOT, env=environ, stdout=subprocess.PIPE, encoding="utf-8"
    ) as running:
        assert running.stdout is not None
        said = running.stdout.read()
        _id, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{words} ended with {running.returncode}")
    frame, page = (float(moment) - begun for moment in said.split()[-2:])
    return frame, page, used.ru_utime + used.ru_stime


def main() -> int:
    """Print one line per station; the status is 1 when the median of a first frame is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("stations", nargs="*", default=STATIONS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hall = Path(folder) / "hall.sqlite"
        busy_hall(hall)
        places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), folder)
        environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), **places}
        # As installed: with the bytecode of an earlier start, written beside nobody's sources.
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        # A display must not speak while its start is measured.
        settings = Path(folder) / "queuedesk" / "config.json"
        settings.parent.mkdir(exist_ok=True)
        settings.write_text('{"voice": false}', encoding="utf-8")
        runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ("empty window", *asked.stations)}
        for number in range(-1, asked.rounds):
            for name, times in runs.items():
                words = [] if name == "empty window" else ["--db", str(hall), name]
                if name in ("counter", "plate", "rating"):
                    words += ["--window", "3"]
                took = start(STATION if words else EMPTY, words, environ)
                if number >= 0:
                    times.append(took)
    bare, _page, bare_cpu = (statistics.median(part) for part in zip(*runs.pop("empty window"), strict=True))
    print(f"empty window   median {bare:.2f} s, processor {bare_cpu:.2f} s")
    late = False
    for name, times in runs.items():
        (frames, pages, cpu), limit = zip(*times, strict=True), LIMITS_S.get(name, LIMIT_S)
        median, of_cpu = statistics.median(frames), statistics.median(cpu) / bare_cpu
        page = statistics.median(pages)
        late |= median > limit
        of_bare = f"{median / bare:.1f} × an empty window, page {page:.2f} s, of the processor's time {of_cpu:.1f} ×"
        print(f"{name:14} median {median:.2f} s  worst {max(frames):.2f} s  {of_bare}")
        keep(f"first frame, {name}", median, "s", limit)
        keep(f"page, {name}", page, "s", limit)
        keep(f"start, {name}", of_cpu, "× an empty window's processor time")
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
