"""Measure what a station holds after a day's work: the manager's after all its pages and a month of dates, one that
followed a day of many tickets, and a display that shows a film of 1920 x 1080.

python scripts/bench/memory.py [--tickets N] [--days N]

Linux only: it reads /proc. Memory is what the process holds in all (RSS).

Of a section's pages the three opened last stay (resources/docs/decisions/pages-made-anew.md). Of the rest, numpy for
the what-if takes 18 MB, what reads and writes PDF 38. Looking up the one style sheet takes 33 MB: Qt holds tables for
each widget, whether a rule is about it or not. A display's film of 1920 x 1080 holds 55 MB, most of it decoded
pictures.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from figures import keep
from films import make_film
from idle_stations import held_mb
from station_start import ROOT, busy_hall

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing
from queuedesk.paths import resource_path
from queuedesk.store.engine.database import Database

PAGES_MB, DAY_MB, MONTH_MB, FILM_MB = 280, 20, 5, 200
SETTLE_S = 12.0
FOLLOW_S = 5.0
FILM_S, WATCHED_S = 4, 20.0
# With all loaded that a page needs, the manager's station opens each page and each tab by itself, then goes back
# through the dates of its figures.
OPENED = """
import sys
from datetime import timedelta
from pathlib import Path
from msgspec.structs import replace
from queuedesk.app.main import main
from queuedesk.app.station.launch import import_hall_modules
import_hall_modules()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from queuedesk.stations.manager.pages import TabbedPages
from queuedesk.stations.manager.sections import FIGURES
from queuedesk.stations.manager.pages import REPORTS, SETUP
from queuedesk.stations.manager.station import ManagerView
days, words = int(sys.argv[1]), sys.argv[2:]
app = QApplication(sys.argv[:1])
def found(kind):
    return next(one for one in app.allWidgets() if isinstance(one, kind))
def held(what):
    kb = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    print(what, int(kb) / 1024, flush=True)
def steps():
    yield
    held("started")
    view = found(ManagerView)
    for key, _icon, _word in view.stack.entries():
        view.open_page(key)
        yield
        page = view.stack.get_or_make_page(key)
        for part in view.setup_page.own.set_up_part_keys() if key == SETUP else ():
            view.setup_page.open_set_up_part(part)
            yield
        if isinstance(page, TabbedPages):
            for tab, _icon, _word in page.pages.entries():
                page.open_tab(tab)
                yield
    held("pages")
    view.open_page(REPORTS)
    view.reports.open_tab(FIGURES)
    yield
    figures = view.reports.pages.get_or_make_page(FIGURES)
    for n in range(days):
        wanted = figures.wanted_period
        figures.show_period(replace(wanted, period="day", day=wanted.day - timedelta(days=1)))
        yield
        if n == 0:
            held("date")
    held("dates")
    app.exit(0)
one = steps()
def step():
    try:
        next(one, None)
    except Exception:
        sys.__excepthook__(*sys.exc_info())
        return app.exit(1)
    QTimer.singleShot(700, step)
QTimer.singleShot(5000, step)
sys.exit(main(words))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=2000)
    parser.add_argument("--days", type=int, default=30)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hall = Path(folder) / "hall.sqlite"
        busy_hall(hall)
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": folder, "QT_QPA_PLATFORM": "offscreen"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Compiling at each start would be held as well.
        manager(hall, args.days, environ)
        for station in (["--as", "G1", "guide"], ["display"]):
            followed(hall, station, args.tickets, environ)
        film(Path(folder), environ)


def manager(hall: Path, days: int, environ: dict[str, str]) -> None:
    """Print what the manager's station holds after all its pages, and what `days` dates of figures add."""
    line = [sys.executable, "-c", OPENED, str(days), "--db", str(hall), "--as", "M1", "manager"]
    done = subprocess.run(line, cwd=ROOT, env=environ, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    held = {what: float(mb) for what, mb in (line.split() for line in done.stdout.splitlines())}
    print(f"manager  {held['started']:.0f} MB, after all pages {held['pages']:.0f} MB{over(held['pages'], PAGES_MB)}")
    more = held["dates"] - held["date"]
    keep("memory, manager after all its pages", held["pages"], "MB", PAGES_MB)
    keep(f"memory, {days} dates of figures add", more, "MB", MONTH_MB)
    print(f"         {days} dates of figures add {more:.1f} MB{over(more, MONTH_MB)}")


def followed(hall: Path, station: Sequence[str], tickets: int, environ: dict[str, str]) -> None:
    """Print what a day of `tickets` adds to a station that follows it."""
    line = [sys.executable, "-m", "queuedesk", "--db", str(hall), *station]
    process = subprocess.Popen(line, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)
    try:
        time.sleep(SETTLE_S)
        before = held_mb(process.pid)
        play(hall, tickets)
        time.sleep(FOLLOW_S)
        after = held_mb(process.pid)
    finally:
        process.terminate()
        process.wait()
    keep(f"memory, {tickets:,} tickets add to {station[-1]}", after - before, "MB", DAY_MB)
    print(
        f"{station[-1]:8} {before:.0f} MB, {tickets} tickets add {after - before:.1f} MB{over(after - before, DAY_MB)}"
    )


def film(folder: Path, environ: dict[str, str]) -> None:
    """Print the most that a display holds which has nothing to show but a film, begun again and again."""
    hall, data = folder / "calm.sqlite", folder / "data"
    document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
    for service in document["services"]:
        service.update(steps="", steps_en="", fees="", fees_en="", items=[])
    setting_up.create_hall(
        hall, setting_up.setup_document_for_new_hall(document, all_hours=True), Ask(CONSOLE, datetime.now(UTC))
    ).db.dispose()
    (data / "queuedesk" / "media").mkdir(parents=True)
    make_film(data / "queuedesk" / "media" / "film.mp4", FILM_S, 1920, 1080)
    line = [sys.executable, "-m", "queuedesk", "--db", str(hall), "display"]
    process = subprocess.Popen(line, cwd=ROOT, env={**environ, "XDG_DATA_HOME": str(data)}, stdin=subprocess.DEVNULL)
    try:
        time.sleep(SETTLE_S)
        most, until = 0.0, time.monotonic() + WATCHED_S
        while time.monotonic() < until:
            most = max(most, held_mb(process.pid))
            time.sleep(0.2)
        if "libavcodec" not in Path(f"/proc/{process.pid}/maps").read_text():
            raise SystemExit("the display shows no film")
    finally:
        process.terminate()
        process.wait()
    keep("memory, display with a film", most, "MB", FILM_MB)
    print(f"display with a film: {most:.0f} MB{over(most, FILM_MB)}")


def play(hall: Path, tickets: int) -> None:
    """Issue, call, start and finish so many, one after the other."""
    desk = Desk(Database.open(hall), 1)
    setup = looking.setup_of_hall(desk)
    windows = {service: str(n) for n in range(1, 7) for service in setup.services_at_window(str(n), f"C{n}")}
    for service in windows:
        setting_up.change_row_fields(desk, Ask(CONSOLE, datetime.now(UTC)), "services", service, {"last": 9999})
    for window in sorted(set(windows.values())):
        with suppress(RuleError):  # free already
            calling.start_serving(desk, Ask(CONSOLE, datetime.now(UTC)), window)
            calling.finish_service(desk, Ask(CONSOLE, datetime.now(UTC)), window)
    for n in range(tickets):
        ask = Ask(CONSOLE, datetime.now(UTC))
        service, window = sorted(windows.items())[n % len(windows)]
        issuing.issue_ticket(desk, ask, service)
        calling.call_ticket(desk, ask, window)
        calling.start_serving(desk, ask, window)
        calling.finish_service(desk, ask, window)
    desk.db.dispose()


def over(mb: float, limit: float) -> str:
    return "" if mb <= limit else f"  over the limit of {limit:.0f}"


if __name__ == "__main__":
    main()
