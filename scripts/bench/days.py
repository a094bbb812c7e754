"""Times whole days through the desk: simulated ones, and recorded ones that are replayed, a thousand tickets each.

    python scripts/bench/days.py [--tickets 1000]

Prints the seconds and events of each, and the seconds that a thousand tickets come to.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from figures import keep

from queuedesk.features.replay.verbs import ReplayResultCounts, replay_file_into_hall, simulate_days_of_preset_hall

DAY = date(2026, 11, 20)
TICKETS_A_DAY = 300
WINDOWS = 6
HEADER = "ticket,service,class,arrived,called,started,finished,left,window,staff"


def recorded(tickets: int) -> str:
    """Return a file of recorded tickets: six windows serve four services in the order of arrival, some customers
    leave."""
    rng = random.Random(1)
    rows = [HEADER]
    for n in range(tickets):
        day, place = divmod(n, TICKETS_A_DAY)
        opens = datetime(2026, 3, 2, 8, 30, tzinfo=UTC) + timedelta(days=day)
        if place == 0:
            free = dict.fromkeys(range(1, WINDOWS + 1), opens)
        arrived = opens + timedelta(seconds=place * 100 + rng.randint(0, 90))
        service = rng.choice("AABC")
        if rng.random() < 0.05:
            rows.append(f"{service}{place:03d},{service},,{arrived},,,,{arrived + timedelta(minutes=20)},,")
            continue
        window = min(free, key=lambda code: free[code])
        called = max(arrived, free[window]) + timedelta(seconds=10)
        started, finished = called + timedelta(seconds=30), called + timedelta(seconds=rng.randint(120, 1080))
        free[window] = finished
        rows.append(f"{service}{place:03d},{service},,{arrived},{called},{started},{finished},,{window},C{window}")
    return "\n".join(rows) + "\n"


def told(what: str, played: ReplayResultCounts, took_s: float) -> None:
    """Print one measurement."""
    each = 1000 * took_s / played.tickets
    keep(f"1,000 tickets, {what}", each, "s", 20)
    print(f"{what}: {played.tickets} tickets, {played.events} events in {took_s:.1f} s; 1,000 tickets: {each:.1f} s")


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1000)
    wanted: int = parser.parse_args().tickets
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        days = -(-wanted // 250)
        start = time.perf_counter()
        played = simulate_days_of_preset_hall("power", 1, today=DAY, days=days, target=folder / "simulated.sqlite")
        told("simulate", played, time.perf_counter() - start)
        file = folder / "days.csv"
        file.write_text(recorded(wanted), encoding="utf-8")
        start = time.perf_counter()
        played = replay_file_into_hall(file, target=folder / "replayed.sqlite")
        told("replay", played, time.perf_counter() - start)


if __name__ == "__main__":
    main()
