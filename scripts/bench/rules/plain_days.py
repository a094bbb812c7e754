"""How near days come to their record when they are played as they were, with and without what the record lacks.

    python scripts/bench/rules/plain_days.py [--presets power bank …] [--seed N] [--days 10] [--hall FILE …]

Each hall plays its days, and what-if plays each again ("own"). Then only times, lines, windows and clerks are kept, as
records of elsewhere come, replayed without a set-up, and played again ("plain"): breaks and skills have to be inferred
from the calls. Prints the verdicts, the mean share of the wait that is missing or too much, half-hours off, and what
was inferred a day. Without --seed one is drawn; --hall judges halls that are there, such as replayed records.

Near means a mean wait within 20 % of the record, roughly near within 40 %, with twice that for half-hours. Measured
(seed 472682, eight kinds of hall, eight days each): 63 own days near, 1 roughly; of 64 plain days without inference 19
near, 26 roughly, 19 not, with it 50, 12 and 2. At a telephone centre's record 0 and 6 of ten days were near: a fifth of
the wait is still missing, because absences stay at their recorded times while in a simulation other windows are free
then.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from statistics import fmean

from sqlalchemy import select

from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.presets import PRESETS
from queuedesk.desk.change import Desk
from queuedesk.features.replay.verbs import TICKET_NAMES, replay_file_into_hall, simulate_days_of_preset_hall
from queuedesk.features.what_if.rules import DayChange
from queuedesk.features.what_if.rules.change import TOLD_AWAY_MIN, answer_what_if
from queuedesk.features.what_if.verbs import read_recorded_day
from queuedesk.store import schema
from queuedesk.store.engine.database import Database
from queuedesk.store.parts import tickets as stored

TODAY = date(2026, 6, 26)
PLAYS = 10


def dates_of(db: Database) -> tuple[int, list[date]]:
    """Return the hall's number and its dates."""
    with db.read() as tx:
        hall = tx.execute(select(schema.halls.c.id)).scalar_one()
        return hall, sorted(tx.execute(select(schema.tickets.c.date).distinct()).scalars())


def judge(name: str, file: Path) -> None:
    """Play every day of a hall as it was, and print a line."""
    db = Database.open(file)
    hall, dates = dates_of(db)
    verdicts: Counter[str] = Counter()
    shares, off, away, minutes, unable = [], [], [], [], []
    for day in dates:
        recorded = read_recorded_day(Desk(db, hall), day)
        match = answer_what_if(recorded, DayChange(), runs=PLAYS).figures["match"]
        verdicts[match["verdict"]] += 1
        shares.append(match["share"] or 0.0)
        off.append(match["half_hours_share"] or 0.0)
        long = [n for one in recorded.away if (n := one.end_min - one.start_min) >= TOLD_AWAY_MIN]
        away.append(len(long))
        minutes.append(sum(long))
        unable.append(sum(len(one.services) for one in recorded.unable))
    db.dispose()
    print(
        f"{name:20} near {verdicts['close']:3} roughly {verdicts['rough']:3} not {verdicts['off']:3}"
        f"  share {fmean(shares):+.3f} (mean size {fmean(map(abs, shares)):.3f})  half-hours {fmean(off):.3f}"
        f"  a day: {fmean(away):.1f} absences of {fmean(minutes):.0f} min, {fmean(unable):.1f} lines not served"
    )


def plain_record(file: Path, target: Path) -> None:
    """Write a hall's visits of one step as a record without breaks, classes and set-up."""
    db = Database.open(file)
    hall, dates = dates_of(db)
    rows = []
    with db.read() as tx:
        for day in dates:
            known = [
                t for t in stored.tickets_of_day(tx, hall, day) if t.state in (TicketState.FINISHED, TicketState.LEFT)
            ]
            rows += _one_after_the_other([t for t in known if len(t.legs) == 1 and not t.current_leg.held_us])
    db.dispose()
    with target.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, TICKET_NAMES)
        writer.writeheader()
        writer.writerows(rows)


def _one_after_the_other(visits: list[Ticket]) -> list[dict[str, str | None]]:
    """Return the rows of visits; who was served while the window had another is left out."""
    free: dict[str | None, datetime] = {}
    found: list[dict[str, str | None]] = []
    for ticket in sorted(visits, key=lambda t: t.current_leg.called or t.arrived):
        leg, row = (
            ticket.current_leg,
            {"ticket": ticket.label, "service": ticket.current_leg.service, "arrived": _text(ticket.arrived)},
        )
        if leg.called is None:
            found.append({**row, "left": _text(leg.ended)})
        elif leg.ended is not None and leg.called >= free.get(leg.window, leg.called):
            free[leg.window] = leg.ended
            times = {"called": leg.called, "started": leg.started or leg.called, "finished": leg.ended}
            found.append({**row, **{k: _text(v) for k, v in times.items()}, "window": leg.window, "staff": leg.staff})
    return found


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else ""


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presets", nargs="+", default=[name for name in PRESETS if name != "other"])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--hall", type=Path, nargs="+", metavar="FILE")
    args = parser.parse_args()
    if args.hall:
        for file in args.hall:
            judge(file.stem, file)
        return
    print(f"seed {args.seed}, {args.days} days")
    for preset in args.presets:
        with tempfile.TemporaryDirectory() as folder:
            own, record, plain = (Path(folder) / name for name in ("own.sqlite", "record.csv", "plain.sqlite"))
            simulate_days_of_preset_hall(preset, args.seed, today=TODAY, days=args.days, target=own)
            plain_record(own, record)
            replay_file_into_hall(record, target=plain)
            judge(f"{preset}, own", own)
            judge(f"{preset}, plain", plain)


if __name__ == "__main__":
    main()
