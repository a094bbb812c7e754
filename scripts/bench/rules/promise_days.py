"""Judges wait promises on invented days: `replay --predictions` beside people ahead × mean ÷ windows and the longest
wait in line.

    python scripts/bench/rules/promise_days.py [--windows 3 7 22] [--seed S] [--days 12] [--scored 6] [--shapes tickets
    actions …]

Shapes: tickets, tickets+setup, actions, actions+setup, bare (actions without a word of windows). Only first visits that
found no idle window count. Both simple rules get their interval from past days by split conformal in 6 bins. Minutes;
`score` is the interval score at 80 %.

Measured, draws from seed 101 on, score of what was quoted for tickets, tickets+setup, actions, actions+setup: three
windows after one day 74.0, 64.5, 72.3, 61.9, after twelve 63.6, 61.0, 60.0, 59.0; seven windows after one day 33.6,
31.7, 31.9, 31.5, after twelve 30.4, 29.1, 27.3, 27.1. The simple formula scores 99 to 106 and 49 to 52. On a hall's
first day: three windows 80.7, 63.3, 74.5, 62.0; seven 45.6, 40.6, 45.4, 40.4.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))
from tests.sim.invented_day import InventedDay, Visit  # noqa: E402 - the halls are the tests' own
from tests.sim.invented_files import play_days, scored, write_actions, write_tickets  # noqa: E402
from tests.sim.invented_hall import CREDITS, InventedHall, invent  # noqa: E402

BINS = 6
PAST = [
    "normal",
    "normal",
    "bill-day",
    "normal",
    "rush",
    "normal",
    "normal",
    "absent",
    "bill-day",
    "normal",
    "priority",
    "normal",
]
SCORED = ("normal", "bill-day", "rush", "slow-system", "absent", "priority")
SHAPES = ("tickets", "tickets+setup", "actions", "actions+setup")


@dataclass
class Told:
    """Intervals beside what came: one row a ticket."""

    low: list[float]
    high: list[float]
    point: list[float]
    actual: list[float]
    half_hour: list[int]

    @classmethod
    def none(cls) -> Told:
        return cls([], [], [], [], [])

    def add(self, low: float, high: float, point: float, actual: float, half_hour: int) -> None:
        for kept, value in zip((self.low, self.high, self.point, self.actual), (low, high, point, actual), strict=True):
            kept.append(value)
        self.half_hour.append(half_hour)

    def extend(self, other: Told) -> None:
        for name in ("low", "high", "point", "actual", "half_hour"):
            getattr(self, name).extend(getattr(other, name))

    def figures(self) -> dict[str, float]:
        """Return n, MAE, late, early, width, score and the worst half-hour's late share."""
        low, high, point, actual = (np.array(x, dtype=float) for x in (self.low, self.high, self.point, self.actual))
        late, early = actual > high, actual < low
        score = (high - low) + 10 * np.where(early, low - actual, 0) + 10 * np.where(late, actual - high, 0)
        halves = np.array(self.half_hour)
        worst = max((late[halves == h].mean() for h in set(self.half_hour) if (halves == h).sum() >= 30), default=0.0)
        return {
            "n": len(actual),
            "wait": actual.mean(),
            "mae": np.abs(point - actual).mean(),
            "late": late.mean(),
            "early": early.mean(),
            "width": (high - low).mean(),
            "score": score.mean(),
            "worst": worst,
        }


def actual(visit: Visit) -> float:
    """Return the minutes that somebody waited."""
    return ((visit.called or 0) - visit.arrived) / 60


def conformal(pairs: Iterable[tuple[float, float]]) -> tuple[list[float], list[tuple[float, float]]]:
    """Return the edges of bins of the prediction and the 10 % and 90 % residual of each."""
    rows = sorted(pairs)
    edges = [rows[len(rows) * n // BINS][0] for n in range(1, BINS)]
    bounds = []
    for n in range(BINS):
        part = sorted(a - p for p, a in rows[len(rows) * n // BINS : len(rows) * (n + 1) // BINS])
        rank = min(len(part), int(np.ceil(0.9 * (len(part) + 1))))
        bounds.append((part[len(part) - rank], part[rank - 1]))
    return edges, bounds


def simple(past: Sequence[InventedDay], days: Sequence[InventedDay]) -> dict[str, Told]:
    """Return what the simple rules would have told on `days`."""
    lengths = [((v.ended or 0) - (v.called or 0)) / 60 for day in past for v in day.visits]
    mean = float(np.mean(lengths))
    rules: dict[str, Callable[[Visit], float]] = {
        "naive": lambda v: v.naive[0] * mean / max(1, v.naive[1]),
        "by skill": lambda v: v.naive[2] // 1000 * mean / max(1, v.naive[2] % 1000),
        "longest": lambda v: v.hol_s / 60,
    }
    found = {}
    for name, rule in rules.items():
        edges, bounds = conformal((rule(v), actual(v)) for day in past for v in scored(day))
        told = Told.none()
        for day in days:
            for v in scored(day):
                point = rule(v)
                low, high = bounds[int(np.searchsorted(edges, point, side="right"))]
                told.add(max(0.0, point + low), max(0.0, point + high), point, actual(v), v.arrived // 1800)
        found[name] = told
    return found


def replayed(path: Path, setup: Path | None) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return what `replay --predictions` told each ticket."""
    out = path.with_suffix(f".told{'-s' if setup else ''}.csv")
    command = [sys.executable, "-m", "queuedesk", "--lang", "en", "replay", str(path), "--predictions", str(out)]
    command += ["--setup", str(setup)] if setup else []
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, env=env, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    with out.open(encoding="utf-8") as file:
        return {(r["date"], r["ticket"]): (r["low"], r["high"], r["point"]) for r in csv.DictReader(file)}


def told_promises(
    days: dict[date, InventedDay], found: dict[tuple[str, str], tuple[str, str, str]]
) -> tuple[Told, int]:
    """Return the promises of those scored, and how many were told nothing."""
    told, nothing = Told.none(), 0
    for day, played in days.items():
        for visit in scored(played):
            low, high, point = found[day.isoformat(), visit.ticket]
            if low == "":
                nothing += 1
                continue
            told.add(float(low), float(high), float(point), actual(visit), visit.arrived // 1800)
    return told, nothing


def setup_document(hall: InventedHall, pay_days: Sequence[date]) -> dict[str, Any]:
    """Return the hall's set-up: skills, the roster with its breaks, pay days."""
    skills = {place.code: [code for code in hall.services if code in place.skills] for place in hall.places}
    return {
        "hall": {
            "code": "INV",
            "name": "Invented",
            "name_en": "Invented",
            "timezone": "UTC+08:00",
            "opens": "08:30",
            "closes": "17:00",
        },
        "services": [{"code": code, "name": code, "name_en": code, "prefix": code[0]} for code in hall.services],
        "windows": [{"code": place.code, "name": place.code, "services": skills[place.code]} for place in hall.places],
        "staff": [
            {"code": place.staff, "name": place.staff, "role": "clerk", "skills": skills[place.code]}
            for place in hall.places
        ],
        "classes": [{"code": code, "name": code, "credit_minutes": minutes} for code, minutes in CREDITS.items()],
        "roster": [
            {
                "window": place.code,
                "staff": place.staff,
                "from": clock(place.opens),
                "to": clock(place.closes),
                "breaks": [{"from": clock(due), "minutes": length} for due, length in place.breaks],
            }
            for place in hall.places
        ],
        "pay_days": [day.isoformat() for day in pay_days],
    }


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def files(
    folder: Path, hall: InventedHall, days: dict[date, InventedDay], shapes: Sequence[str]
) -> dict[str, tuple[Path, Path | None]]:
    """Write the files that the shapes need; return for each its file and set-up."""
    setup = folder / "setup.json"
    document = setup_document(hall, [day for day, played in days.items() if played.what.is_pay_day])
    setup.write_text(json.dumps(document), encoding="utf-8")
    found: dict[str, tuple[Path, Path | None]] = {}
    for shape in shapes:
        kind, _plus, with_setup = shape.partition("+")
        path = folder / f"{kind}{'-setup' if with_setup else ''}.csv"
        if kind == "tickets":
            write_tickets(path, days)
        else:
            write_actions(path, days, with_windows=kind == "actions")
        found[shape] = path, setup if with_setup else None
    return found


def line(name: str, figures: dict[str, float], extra: str = "") -> str:
    return (
        f"{name:<26}{figures['n']:>6.0f} {figures['wait']:>6.1f} {figures['mae']:>6.2f} {figures['late']:>6.3f}"
        f" {figures['early']:>6.3f} {figures['width']:>6.1f} {figures['score']:>7.2f} {figures['worst']:>6.2f} {extra}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--windows", type=int, nargs="+", default=[3, 7, 22])
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--days", type=int, default=12, help="past days in the file")
    parser.add_argument("--scored", type=int, default=6)
    parser.add_argument("--shapes", nargs="+", default=list(SHAPES))
    parser.add_argument("--load", type=float, default=0.86)
    parser.add_argument("--lengths", choices=["lognormal", "gamma", "mixed"], default="lognormal")
    parser.add_argument("--by-day", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder in which the files stay")
    args = parser.parse_args()
    print(f"seed {args.seed}, {args.days} past days, load {args.load}, lengths {args.lengths}")
    print(f"{'':<26}{'n':>6} {'wait':>6} {'MAE':>6} {'late':>6} {'early':>6} {'width':>6} {'score':>7} {'worst':>6}")
    pooled: dict[str, Told] = {}
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as pool:
        jobs = []
        for windows in args.windows:
            folder = (args.keep or Path(temporary)) / str(windows)
            folder.mkdir(parents=True, exist_ok=True)
            hall = invent(args.seed, windows, load=args.load, shape=args.lengths)
            learning = list(play_days(hall, args.seed + 1, PAST).values())
            names = [PAST[n % len(PAST)] for n in range(args.days)] + [
                SCORED[n % len(SCORED)] for n in range(args.scored)
            ]
            days = play_days(hall, args.seed, names)
            judged = dict(list(days.items())[args.days :])
            running = {
                shape: pool.submit(replayed, *both) for shape, both in files(folder, hall, days, args.shapes).items()
            }
            jobs.append((windows, learning if args.days < 6 else list(days.values())[: args.days], judged, running))
        for windows, past, judged, running in jobs:
            beside = simple(past, list(judged.values()))
            naive = beside["naive"].figures()
            for name, told in beside.items():
                print(line(f"{windows} {name}", told.figures()), flush=True)
                pooled.setdefault(name, Told.none()).extend(told)
            for shape, job in running.items():
                found = job.result()
                told, nothing = told_promises(judged, found)
                figures = told.figures()
                ratio = f"score {figures['score'] / naive['score']:.2f}  MAE {figures['mae'] / naive['mae']:.2f}  none {nothing}"
                print(line(f"{windows} {shape}", figures, ratio), flush=True)
                pooled.setdefault(shape, Told.none()).extend(told)
                if args.by_day:
                    for day, played in judged.items():
                        one, nothing = told_promises({day: played}, found)
                        other = simple(past, [played])["naive"].figures()
                        print(
                            line(
                                f"   {played.what.name}",
                                one.figures(),
                                f"naive {other['late']:.3f} {other['score']:.1f} none {nothing}",
                            )
                        )
    base = pooled["naive"].figures()
    for name, told in pooled.items():
        figures = told.figures()
        print(
            line(
                f"all {name}",
                figures,
                f"score {figures['score'] / base['score']:.2f}  MAE {figures['mae'] / base['mae']:.2f}",
            )
        )


if __name__ == "__main__":
    main()
