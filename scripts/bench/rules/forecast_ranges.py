"""How often the range that a forecast of arrivals told held those who came: four times in five is what it says.

    python scripts/bench/rules/forecast_ranges.py [--presets power bank …] [--seed N] [--days 28] [--drawn 8]
    python scripts/bench/rules/forecast_ranges.py --hall FILE …

Each date from the fourth on is forecast from those before it. "Errors" is the range that is told, by the forecast's own
past errors; "chance" is what it would be by chance and by how much whole days may differ. Half-hours are those in
which somebody came or was expected; "services" are whole days of one service. `score` is the interval score at 80 % in
people: the lower the better. Without --seed one is drawn. It also says on which weekday a hall begins.

Halls are played at a desk; simulated days differ by weekday, bill day and chance alone. --drawn plays none, but draws
the arrivals of so many halls of each kind, of which dates, services, weekdays and half-hours differ besides, each hall
by shares of its own. --hall judges halls that are there, such as replayed records.

Measured (--drawn 8, seed 31415): 0.801 of 27,547 half-hours held, mean width 14.2, score 20.5; whole days 0.819, a
service's days 0.814. By kind of hall 0.760 (government counter, 0.73 from the third week on: one spread of weekdays
stands for all of them) to 0.832. Two records: 0.795 and 0.793, in the first week 0.69 and 0.74.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
from sqlalchemy import select

from queuedesk.core.queue.hallday import opening_spans_on, utc_moment_of_hall_minute
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.arrival_forecast import (
    HALF_HOURS,
    DayArrivals,
    expected_arrival_count_in_span,
    forecast_day_arrivals,
    four_in_five_count_bounds,
)
from queuedesk.desk import setting_up
from queuedesk.features.replay.verbs import busy_bill_dates, simulate_days_of_preset_hall
from queuedesk.sim.demand import (
    BILL_DAYS,
    TIME_ZONE,
    expected_customers_on_date,
    has_open_service_on,
    service_shares_on,
)
from queuedesk.sim.demand import random_customers_of_day as people_of
from queuedesk.store import schema
from queuedesk.store.engine.database import Database
from queuedesk.store.figures import arrivals
from queuedesk.store.parts import halls

TODAY = date(2026, 6, 26)
EDGE = 0.1
DATES, WEEKDAYS, SERVICES, HALF_HOURLY = 0.25, 0.25, 0.2, 0.3
"""By at most which shares a drawn hall's dates, weekdays, services and half-hours differ for reasons of their own."""
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
        hall = tx.execute(select(schema.halls.c.id)).scalar_one()
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, hall))
        dates = sorted(tx.execute(select(schema.tickets.c.date).distinct()).scalars())
        found = arrivals.day_arrivals_of_span(tx, hall, setup, dates[0], dates[-1])
    db.dispose()
    return setup, [one for one in found if one.arrival_count]


def drawn_trends(preset: str, seed: int, days: int) -> tuple[Setup, list[DayArrivals]]:
    """Return the set-up of a kind of hall and who came to one whose days differ for reasons of their own."""
    chance = np.random.default_rng([seed, list(PRESETS).index(preset)])
    begin = TODAY - timedelta(days=days + int(chance.integers(7)))
    ready = setting_up.setup_document_for_new_hall(setting_up.preset_setup_document(preset), timezone=TIME_ZONE)
    bills = busy_bill_dates(preset, begin, begin + timedelta(days=days))
    setup, kind = check_and_read_setup({**ready, "pay_days": [day.isoformat() for day in bills]}), BILL_DAYS.get(preset)
    dates, weekdays, services, half_hours = (
        most * chance.random() for most in (DATES, WEEKDAYS, SERVICES, HALF_HOURLY)
    )
    usual = np.exp(chance.normal(0, weekdays, 8))
    found = []
    for day in (begin + timedelta(days=n) for n in range(days)):
        if not has_open_service_on(setup, day):
            continue
        luck = np.exp(chance.normal(0, dates)) * usual[day.isoweekday()]
        moods = np.exp(chance.normal(0, half_hours, HALF_HOURS))
        shares = {
            code: share * np.exp(chance.normal(0, services))
            for code, share in service_shares_on(setup, day, kind).items()
        }
        rows = {code: [0] * HALF_HOURS for code in setup.services}
        begins, ends = (
            utc_moment_of_hall_minute(setup, day, minute) for minute in (setup.hall.opens, setup.hall.closes)
        )
        customers = round(expected_customers_on_date(setup, day, kind) * luck * moods.max())
        whole = sum(shares.values())
        shares = {code: share / whole for code, share in shares.items()}
        for one in people_of(setup, begins, ends, customers=customers, shares=shares, rng=chance):
            at = setup.to_hall_time(one.at)
            minute = at.hour * 60 + at.minute
            is_open = any(
                start <= minute < end for start, end in opening_spans_on(setup, setup.services[one.service], day)
            )
            # Thinned, so that each half-hour has its own mood.
            if is_open and chance.random() < moods[minute // 30] / moods.max():
                rows[one.service][minute // 30] += 1
        found.append(DayArrivals(date=day, services={code: tuple(row) for code, row in rows.items() if any(row)}))
    return setup, [one for one in found if one.arrival_count]


def judged(setup: Setup, history: list[DayArrivals]) -> dict[str, list[Kept]]:
    """Return the ranges of half-hours by errors and by chance, of whole days by both, of a service's days by errors."""
    kinds = ("errors", "chance", "errors, days", "chance, days", "errors, services")
    found: dict[str, list[Kept]] = {kind: [] for kind in kinds}
    for n, one in enumerate(history, start=1):
        said = forecast_day_arrivals(setup, history, one.date)
        if (whole := expected_arrival_count_in_span(said, 0, 1440)) is None:
            continue
        found["errors, days"].append(Kept(n, whole.low, whole.high, one.arrival_count))
        found["chance, days"].append(Kept(n, *four_in_five_count_bounds(whole.mean, said.spread2), one.arrival_count))
        for code, row in said.services.items():
            if (its := expected_arrival_count_in_span(said, 0, 1440, [code])) is not None and sum(row) > 0:
                found["errors, services"].append(Kept(n, its.low, its.high, sum(one.services.get(code, ()))))
        came, due = one.people_by_half_hour(), said.people_by_half_hour()
        for slot in range(HALF_HOURS):
            told = expected_arrival_count_in_span(said, 30 * slot, 30 * slot + 30)
            if told is not None and (due[slot] >= 0.5 or came[slot]):
                found["errors"].append(Kept(n, told.low, told.high, came[slot]))
                found["chance"].append(Kept(n, *four_in_five_count_bounds(due[slot], said.spread2), came[slot]))
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
            f"  {by:16} n {len(kept):5}  held {sum(k.low <= k.came <= k.high for k in kept) / n:.3f}"
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
    parser.add_argument("--drawn", type=int, metavar="HALLS")
    parser.add_argument("--hall", type=Path, nargs="+", metavar="FILE")
    args = parser.parse_args()
    if args.hall:
        for file in args.hall:
            show(file.name, judged(*history_of(file)))
        return
    print(f"seed {args.seed}, {args.days} days")
    everything: dict[str, list[Kept]] = {}
    for preset in args.presets:
        if args.drawn:
            found: dict[str, list[Kept]] = {}
            for n in range(args.drawn):
                for by, kept in judged(*drawn_trends(preset, args.seed + n, args.days)).items():
                    found.setdefault(by, []).extend(kept)
                    everything.setdefault(by, []).extend(kept)
            show(preset, found)
            continue
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "hall.sqlite"
            simulate_days_of_preset_hall(
                preset, args.seed, today=TODAY - timedelta(days=args.seed % 7), days=args.days, target=file
            )
            show(preset, judged(*history_of(file)))
    if everything:
        show("all", everything)


if __name__ == "__main__":
    main()
