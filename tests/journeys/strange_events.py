"""Every strange event there is, in an order of chance, over a hall with one of each station.

`python -m tests.journeys.strange_events [--seed N] [--rounds N] [--at-once N]` puts each event of `tests/event_cases`
into the log of a hall in which nine stations are open, so many in one breath, and compares what each of them shows with
a fresh snapshot. Another round is another hall and another order. It prints what it counted and ends with 1 when a
station was left behind or met a bug.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from queuedesk.desk import looking
from tests.bounded import PATIENCE_S
from tests.desk.stage import stage
from tests.event_cases import cases, put_in
from tests.hall import Hall
from tests.stations.all_stations import STATIONS, AllStations


def one_round(hall: Hall, app: QApplication, chance: random.Random, at_once: int) -> tuple[int, list[str]]:
    """Put every event in; return how many there were, and what went wrong."""
    found = list(cases())
    chance.shuffle(found)
    everybody, wrong = AllStations(hall, app), []
    try:
        while found and not wrong:
            batch, found = found[:at_once], found[at_once:]
            put_in(hall.desk.db, 1, [case.event for case in batch], hall.clock())
            try:
                everybody.must_stand_at(looking.hall_now(hall.desk, hall.clock()), PATIENCE_S)
            except AssertionError as behind:
                wrong.append(f"{behind} after {[case.name for case in batch]}")
        wrong += [repr(bug) for bug in everybody.bugs]
    finally:
        everybody.stop()
    hall.must_follow_from_its_log()
    return len(list(cases())) - len(found), wrong


def main() -> int:
    """Run it; return the exit status."""
    parser = argparse.ArgumentParser(prog="strange_events")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=25)
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    began, status = time.monotonic(), 0
    for n in range(asked.rounds):
        with tempfile.TemporaryDirectory(prefix="queuedesk-strange-", ignore_cleanup_errors=True) as folder:
            os.environ["XDG_CONFIG_HOME"] = str(Path(folder, "config"))
            put, wrong = one_round(stage(Path(folder)), app, random.Random(asked.seed + n), asked.at_once)
        print(
            f"seed {asked.seed + n}: {put} events, {len(STATIONS)} stations, {len(wrong)} left behind or with a bug,"
            f" {time.monotonic() - began:.0f} s",
            flush=True,
        )
        for one in wrong:
            print(f"  {one}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
