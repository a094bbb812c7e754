"""Measure how long the report of a day with many tickets takes, from the hall's file to the finished PDF.

python scripts/bench/day_pdf.py [--tickets N] [--runs N] [--folder DIR]
"""

import argparse
import json
import random
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from figures import keep

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, rating
from queuedesk.desk.queue.opening import open_window
from queuedesk.paths import resource_path
from queuedesk.reports.figures import period as report
from queuedesk.reports.figures.write import write_day_report

DAY = date(2026, 3, 2)
NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 3, 3, 1, tzinfo=UTC)
WINDOWS = {"3": "C3", "4": "C4", "5": "C5", "6": "C6"}


def asked(now: datetime) -> Ask:
    """Return what the console asks at `now`."""
    return Ask(CONSOLE, now)


def busy_hall(file: Path, tickets: int) -> Desk:
    """Return a hall in which `tickets` were issued, called, served and mostly rated in one day."""
    document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
    document["services"] = [row | {"last": 9999} for row in document["services"]]
    ready = setting_up.setup_document_for_new_hall(document, timezone="Asia/Shanghai", all_hours=True)
    desk = setting_up.create_hall(file, ready, asked(NINE))
    for window, staff in WINDOWS.items():
        open_window(desk, asked(NINE), window, staff=staff)
    chance = random.Random(1)
    step = timedelta(hours=8) / tickets
    for n in range(tickets):
        now = NINE + n * step
        issuing.issue_ticket(desk, asked(now), chance.choice("AAAB"))
        window = chance.choice(list(WINDOWS))
        ticket = str(calling.call_ticket(desk, asked(now), window)["ticket"])
        calling.start_serving(desk, asked(now + step * 0.3), window)
        calling.finish_service(desk, asked(now + step * 0.6), window)
        if chance.random() < 0.6:
            rating.rate_visit(desk, asked(now + step * 0.8), ticket, chance.choice([5, 5, 5, 4, 4, 3, 2]))
    return desk


def main() -> None:
    """Print the median and the worst of several runs, the share that reading takes, and the size of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        desk = busy_hall(Path(folder) / "hall.sqlite", asked.tickets)
        path = Path(folder) / "day.pdf"
        whole, read, cpu = [], [], []
        for run in range(asked.runs):
            lang = ("zh_CN", "en")[run % 2]
            begun, cpu_begun = time.perf_counter(), time.process_time()
            write_day_report(desk, DAY, path, lang=lang, now=NEXT_MORNING)
            whole.append(time.perf_counter() - begun)
            cpu.append(time.process_time() - cpu_begun)
            begun = time.perf_counter()
            report.read_day_report(desk, DAY, NEXT_MORNING)
            read.append(time.perf_counter() - begun)
        size = path.stat().st_size
        desk.db.dispose()
    first = whole[0]
    for times in (whole, read, cpu):
        times.sort()
    middle = asked.runs // 2
    print(f"{asked.tickets} tickets to PDF: median {whole[middle]:.2f} s, worst {whole[-1]:.2f} s, first {first:.2f} s")
    print(f"processor time: median {cpu[middle]:.2f} s")
    keep(f"a day's PDF of {asked.tickets:,} tickets", whole[middle], "s", 0.25)
    print(f"of which reading and counting: {read[middle] / whole[middle] * 100:.0f} %; file {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
