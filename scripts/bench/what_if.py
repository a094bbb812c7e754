"""Measures how long a what-if takes: a recorded day of about 1,000 tickets, played 40 times each way.

python scripts/bench/what_if.py [--customers 1000] [--runs 40]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from figures import keep

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.what_if.rules import QUESTIONS, question_for_day
from queuedesk.features.what_if.rules.change import answer_what_if
from queuedesk.features.what_if.verbs import read_recorded_day
from queuedesk.sim.demand import SimulatedDay
from queuedesk.store.upkeep.exchange import opening_new_database_draft

DAY = date(2026, 11, 20)
WINDOWS = 12


def large_hall() -> Setup:
    """Return a hall with WINDOWS windows of mixed services."""
    services = [
        {"code": c, "name": c, "prefix": c, "handling_target": n} for c, n in zip("ABCD", (5, 8, 12, 5), strict=True)
    ]
    windows = [{"code": str(n + 1), "services": list("ABCD"[: 1 + n % 4])} for n in range(WINDOWS)]
    staff = [{"code": f"C{n + 1}", "name": f"C{n + 1}", "role": "clerk"} for n in range(WINDOWS)]
    staff += [{"code": "G", "name": "G", "role": "guide"}, {"code": "M", "name": "M", "role": "manager"}]
    document = {"hall": {"code": "H", "name": "H"}, "services": services, "windows": windows, "staff": staff}
    return check_and_read_setup(setting_up.setup_document_for_new_hall(document, timezone="Asia/Shanghai"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=40)
    args = parser.parse_args()
    setup = large_hall()
    with tempfile.TemporaryDirectory() as folder, opening_new_database_draft(Path(folder) / "hall.sqlite") as db:
        made = setting_up.create_first_hall(db, setup, Ask(CONSOLE, utc_moment_of_hall_minute(setup, DAY, 0)))
        desk = Desk(db, made.hall)
        SimulatedDay(desk, DAY, 1, customers=args.customers).play()
        began = time.perf_counter()
        day = read_recorded_day(desk, DAY)
        print(f"reading {len(day.visits)} visits at {len(day.posts)} windows: {time.perf_counter() - began:.2f} s")
        for code in QUESTIONS:
            asked = question_for_day(day, code)
            began = time.perf_counter()
            found = answer_what_if(day, asked.change, base=asked.base, runs=args.runs).figures
            took = time.perf_counter() - began
            keep(f"a what-if: {code}", took, "s", 10)
            match = found["match"]
            print(
                f"{code:14} {took:5.2f} s  recorded {match['recorded']}  as it was {match['simulated']}  {match['verdict']}"
            )


if __name__ == "__main__":
    main()
