"""How often the range that a forecast of arrivals told held those who came: four times in five is what it says.

    python scripts/bench/rules/forecast_ranges.py [--presets power bank …] [--seed N] [--days 28] [--hall FILE …]

Each date from the fourth on is forecast from those before it. "Errors" is the range that is told, by the forecast's own
past errors; "chance" is what it would be if people came by chance and days differed as usual. Half-hours are those in
which somebody came or was expected. `score` is the interval score at 80 % in people: the lower the better. Without
--seed one is drawn; --hall judges halls that are there, such as replayed records, and plays none.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from sqlalchemy import select

from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.arrival_forecast import HALF_HOURS, DayArrivals, bounds, expected, forecast_day
from queuedesk.sim.whole_days import simulate
from queuedesk.store.engine.database import Database
from queuedesk.store.figures import arrivals
from queuedesk.store.parts import halls
from queuedesk.store.schema import tables

TODAY = date(2026, 6, 26)
EDGE = 0.1
AGES = ((4, 7), (8, 14), (15, 999))


class Kept(NamedTuple):
    """A range and who came, on the hall's `day`th date."""

    day: int
    low: int
    high: int
    came: int

    @property
    def score(self) -> float:
        return self.high - self.low + (max(0, self.low - self.came) + max(0, self.came - self.high)) / EDGE


def history_of(file: Path) -> tuple[Setup, list[DayArrivals]]:
    """Return a hall's set-up and who came on each of its dates."""
    db = Database.open(file)
    with db.read() as tx:
        hall = tx.execute(select(tables.halls.c.id)).scalar_one()
        setup = halls.setup(tx, halls.load(tx, hall))
        dates = sorted(tx.execute(select(tables.tickets.c.date).distinct()).scalars())
        found = arrivals.counted(tx, hall, setup, dates[0], dates[-1])
    db.dispose()
    return setup, [one for one in found if one.n]


def judged(setup: Setup, history: list[DayArrivals]) -> dict[str, list[Kept]]:
    """Return the ranges of half-hours by errors and by chance, and of whole days by both."""
    found: dict[str, list[Kept]] = {"errors": [], "chance": [], "errors, days": [], "chance, days": []}
    for n, one in enumerate(history, start=1):
        said = forecast_day(setup, history, one.date)
        if (whole := expected(said, 0, 1440)) is None:
            continue
        found["errors, days"].append(Kept(n, whole.low, whole.high, one.n))
        found["chance, days"].append(Kept(n, *bounds(whole.mean, said.spread2), one.n))
        came, due = one.half_hours(), said.half_hours()
        for slot in range(HALF_HOURS):
            told = expected(said, 30 * slot, 30 * slot + 30)
            if told is not None and (due[slot] >= 0.5 or came[slot]):
                found["errors"].append(Kept(n, told.low, told.high, came[slot]))
                found["chance"].append(Kept(n, *bounds(due[slot], said.spread2), came[slot]))
    return found


def show(name: str, found: dict[str, list[Kept]]) -> None:
    """Print a hall."""
    print(name)
    for by, kept in found.items():
        n = max(1, len(kept))
        ages = [
            f"days {first}–{last}: {sum(k.low <= k.came <= k.high for k in own) / len(own):.3f}"
            for first, last in AGES
            if (own := [k for k in kept if first <= k.day <= last])
        ]
        print(
            f"  {by:13} n {len(kept):5}  held {sum(k.low <= k.came <= k.high for k in kept) / n:.3f}"
            f"  under {sum(k.came < k.low for k in kept) / n:.3f}  over {sum(k.came > k.high for k in kept) / n:.3f}"
            f"  width {sum(k.high - k.low for k in kept) / n:6.1f}  score {sum(k.score for k in kept) / n:6.1f}  "
            + "  ".join(ages)
        )


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presets", nargs="+", default=[name for name in PRESETS if name != "other"])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--hall", type=Path, nargs="+", metavar="FILE")
    args = parser.parse_args()
    if args.hall:
        for file in args.hall:
            show(file.name, judged(*history_of(file)))
        return
    print(f"seed {args.seed}, {args.days} days")
    for preset in args.presets:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "hall.sqlite"
            simulate(preset, args.seed, today=TODAY, days=args.days, target=file)
            show(preset, judged(*history_of(file)))


if __name__ == "__main__":
    main()
