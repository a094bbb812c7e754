"""Judges the waits that a hall quotes on its first day, by people ahead and windows, with and without minutes in its
set-up.

    python scripts/bench/rules/first_days.py [--halls 12] [--seed S] [--markdown]
    python scripts/bench/rules/first_days.py --idle 20

Each hall has one service, 1 to 6 windows and one date, played with the tests' dice and replayed by `queuedesk replay
--predictions`. Visits differ (lognormal, coefficient of variation 0.75), and a hall's own mean is off from its set-up's
minutes by a factor that differs as much as it does between clerks and halls (standard deviation 0.25). Crowds come and
go, so that lines of every length are seen all day. "early" and "late" are the shares of waits that ended before the
range and after it, `score` the interval score at 80 %, "twice" the share of ranges whose upper end is more than twice
the people ahead, with those at the windows, × the set-up's minutes ÷ windows.

With `--idle` nothing is played: people take tickets for a service of so many minutes, and nobody calls for an hour.

Measured (--halls 6 --seed 7), 7,330 waits with minutes in the set-up: 4 % late, 5 % early, mean wait 21.7, width 16.8,
score 18.9; without minutes 4 % late, 3 % early, width 20.7, score 22.0. The upper end is at most twice the larger of
the pass's own figure and (people ahead + 1) × the minutes ÷ windows: while every window has a customer, one visit has
to end first. People ahead alone are no bound that can be kept: with one person ahead and one to three busy windows
three to five waits of ten took more than twice that. Of 11,200 waits drawn one by one the first ends of -1.28 and 1.4
spreads leave 8 % late at a score of 24.6; -1.6 and 1.8 left 5 % at 26.6. In a new hall a window that is open and calls
nobody counts as one that serves: most likely nobody has begun yet.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from heapq import heapify, heappop, heappush
from pathlib import Path
from statistics import fmean, median, quantiles

ROOT = Path(__file__).resolve().parents[3]
OPENS = datetime(2031, 3, 3, 8, 30, tzinfo=timezone(timedelta(hours=8)))
DAY_MIN = 480.0
MINUTES = (3, 4, 5, 6, 8, 10, 12)
DIFFER, OFF = 0.75, 0.25
WINDOWS, AHEAD = range(1, 7), range(1, 13)
HEAD = (
    "| ahead | " + " | ".join(f"{n} window{'s' if n > 1 else ''}" for n in WINDOWS) + " |",
    "| --- " * (len(WINDOWS) + 1) + "|",
)


@dataclass
class Visit:
    """Minutes after the hall opened; `ahead` waited before this one when it came, `busy` windows had a customer."""

    number: int
    came: float
    ahead: int
    busy: int
    called: float = 0.0
    ended: float = 0.0
    window: int = 0


@dataclass
class QuotedVisit:
    """A visit that found no window free, and the range and point that it was told; None where nothing was told."""

    visit: Visit
    windows: int
    minutes: int
    told: tuple[float, float, float] | None

    @property
    def waited(self) -> float:
        return self.visit.called - self.visit.came

    @property
    def formula(self) -> float:
        return (self.visit.ahead + self.visit.busy) * self.minutes / self.windows


def play(dice: random.Random, windows: int, minutes: int) -> list[Visit]:
    """Return the visits of one day: a crowd at the door, then as many as the windows can serve, in waves."""
    mean = minutes * math.exp(dice.gauss(0, OFF))
    spread = math.sqrt(math.log(1 + DIFFER**2))
    came = [dice.random() for _ in range(dice.randrange(0, 13))]
    at = 1.0
    while at < DAY_MIN - 90:
        wave = 1 + 0.5 * math.sin(at / 60)
        at += dice.expovariate(0.85 * wave * windows / mean)
        came.append(at)
    free = [(0.0, window) for window in range(1, windows + 1)]
    heapify(free)
    visits: list[Visit] = []
    for number, moment in enumerate(sorted(came), 1):
        waiting = sum(one.called > moment for one in visits)
        busy = sum(one.called <= moment < one.ended for one in visits)
        visit = Visit(number, moment, waiting, busy)
        until, visit.window = heappop(free)
        visit.called = max(moment, until)
        visit.ended = visit.called + max(0.3, dice.lognormvariate(math.log(mean) - spread**2 / 2, spread))
        heappush(free, (visit.ended, visit.window))
        visits.append(visit)
    return visits


def write(folder: Path, visits: Iterable[Visit], windows: int, minutes: int | None) -> tuple[Path, Path]:
    """Write a day as recorded actions, and the set-up of its hall."""
    acts: list[tuple[float, int, str, Visit | None, int]] = [(0.0, 0, "open", None, n) for n in range(1, windows + 1)]
    for visit in visits:
        acts.append((visit.came, 1, "issue", visit, 0))
        acts += [(visit.called, 3, "call", visit, visit.window), (visit.called, 4, "start", visit, visit.window)]
        acts.append((visit.ended, 2, "finish", visit, visit.window))
    path, setup = folder / "day.csv", folder / "setup.json"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("time", "action", "ticket", "service", "window", "staff"))
        for at, _order, action, visit_of, window in sorted(acts, key=lambda act: act[:2]):
            moment = (OPENS + timedelta(milliseconds=round(at * 60_000))).isoformat(timespec="milliseconds")
            label = f"A{visit_of.number:03d}" if visit_of is not None else ""
            place = (str(window), f"C{window}") if window else ("", "")
            table.writerow((moment, action, label, "A" if label else "", *place))
    setup.write_text(json.dumps(set_up(windows, minutes)), encoding="utf-8")
    return path, setup


def set_up(windows: int, minutes: int | None) -> dict[str, object]:
    codes = [str(n) for n in range(1, windows + 1)]
    service = {"code": "A", "name": "A", "prefix": "A", **({} if minutes is None else {"handling_target": minutes})}
    return {
        "hall": {"code": "FD", "name": "First day", "timezone": "UTC+08:00", "opens": "08:30", "closes": "20:00"},
        "services": [service],
        "windows": [{"code": code, "name": code, "services": ["A"]} for code in codes],
        "staff": [{"code": f"C{code}", "name": f"C{code}", "role": "clerk", "skills": ["A"]} for code in codes],
    }


def queuedesk(folder: Path, *words: str, said: str = "") -> str:
    """Run a command in the hall of `folder` with `said` as its input, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "queuedesk", "--lang", "en", "--db", str(folder / "hall.sqlite"), *words],
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=said,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    return done.stdout


def at_idle_windows(windows: int, minutes: int) -> list[str]:
    """Return what is told behind 1, 2, … people of whom the first has waited for an hour at open windows."""
    opened, asked = OPENS + timedelta(minutes=1), OPENS + timedelta(minutes=61)
    lines = [f"--at {opened.isoformat()} open {n} --staff C{n}" for n in range(1, windows + 1)]
    lines.append(f"--at {opened.isoformat()} issue A")
    lines += [f"--at {asked.isoformat()} {words}" for _ in AHEAD for words in ("wait --service A", "issue A")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "setup.json").write_text(json.dumps(set_up(windows, minutes)), encoding="utf-8")
        queuedesk(folder, "--at", OPENS.isoformat(), "setup", "import", str(folder / "setup.json"))
        answers = queuedesk(folder, "batch", said="\n".join(lines) + "\n").splitlines()
    waits = [json.loads(answer)["out"]["wait"] for answer in answers[windows + 1 :: 2]]
    return [f"{wait['low']}–{wait['high'] or 'over'}" for wait in waits]


def idle_table(minutes: int) -> Iterable[str]:
    yield from HEAD
    told = [at_idle_windows(windows, minutes) for windows in WINDOWS]
    for ahead, row in zip(AHEAD, zip(*told, strict=True), strict=True):
        yield f"| {ahead} | " + " | ".join(row) + " |"


def quotes(seed: str, windows: int, *, with_minutes: bool) -> list[QuotedVisit]:
    """Return what the visits of a drawn first day that found no window free were told."""
    dice = random.Random(seed)
    minutes = dice.choice(MINUTES)
    visits = play(dice, windows, minutes)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, setup = write(folder, visits, windows, minutes if with_minutes else None)
        out = folder / "told.csv"
        queuedesk(folder, "replay", str(path), "--setup", str(setup), "--predictions", str(out))
        with out.open(encoding="utf-8") as file:
            told = {row["ticket"]: row for row in csv.DictReader(file)}
    found = []
    for visit in visits:
        if visit.busy < windows:
            continue
        row = told[f"A{visit.number:03d}"]
        known = (float(row["low"]), float(row["high"] or "inf"), float(row["point"])) if row["low"] else None
        found.append(QuotedVisit(visit, windows, minutes, known))
    return found


# -- what came of them -----------------------------------------------------------------------------------------------


def figures(some: Sequence[QuotedVisit]) -> str:
    """Return a line of figures: tickets, of these told a range, waits, errors, shares outside, width, score."""
    known = [(one, one.told) for one in some if one.told is not None and one.told[1] < math.inf]
    if not known:
        return f"{len(some):>6} {0:>6.3f}"
    late = [one.waited > told[1] for one, told in known]
    early = [one.waited < told[0] for one, told in known]
    score = [
        told[1] - told[0] + 10 * max(0.0, told[0] - one.waited) + 10 * max(0.0, one.waited - told[1])
        for one, told in known
    ]
    width = fmean(told[1] - told[0] for _one, told in known)
    error = fmean(abs(told[2] - one.waited) for one, told in known)
    twice = fmean(told[1] > 2 * one.formula for one, told in known)
    waited = fmean(one.waited for one, _told in known)
    return (
        f"{len(some):>6} {len(known) / len(some):>6.3f} {waited:>6.1f} {error:>6.2f} {fmean(late):>6.3f}"
        f" {fmean(early):>6.3f} {width:>6.1f} {fmean(score):>7.2f} {twice:>6.3f}"
    )


def cell(some: Sequence[QuotedVisit]) -> str:
    """Return what is told at one place, and what came: both beside the formula, as shares of it."""
    known = [(one, one.told) for one in some if one.told is not None]
    if len(known) < 10:
        return "–"
    low, high = (median(told[end] / one.formula for one, told in known) for end in (0, 1))
    tenths = quantiles((one.waited / one.formula for one, _told in known), n=10)
    late = fmean(one.waited > told[1] for one, told in known)
    return f"{low:.1f}–{high:.1f}; {tenths[0]:.1f}–{tenths[-1]:.1f}; {late:.2f}"


def table(found: Sequence[QuotedVisit]) -> Iterable[str]:
    yield from HEAD
    for ahead in AHEAD:
        cells = (cell([one for one in found if one.visit.ahead == ahead and one.windows == n]) for n in WINDOWS)
        yield f"| {ahead} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--halls", type=int, default=12, help="halls of each number of windows")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--markdown", action="store_true", help="print a table by people ahead and windows, too")
    parser.add_argument("--idle", type=int, metavar="MINUTES", help="the table of windows that call nobody, alone")
    args = parser.parse_args()
    if args.idle:
        print("\n".join(idle_table(args.idle)))
        return
    print(f"seed {args.seed}, {args.halls} halls of each number of windows")
    names = ("", "n", "told", "wait", "error", "late", "early", "width", "score", "twice")
    print(f"{names[0]:<26}" + " ".join(f"{name:>{7 if name == 'score' else 6}}" for name in names[1:]))
    for with_minutes in (True, False):
        found: list[QuotedVisit] = []
        with ThreadPoolExecutor(2) as pool:
            jobs = [
                pool.submit(quotes, f"{args.seed} {n} {hall}", n, with_minutes=with_minutes)
                for n in WINDOWS
                for hall in range(args.halls)
            ]
            for job in jobs:
                found += job.result()
        word = "with minutes" if with_minutes else "without minutes"
        for n in WINDOWS:
            print(f"{f'{word}, windows: {n}':<26}" + figures([one for one in found if one.windows == n]))
        for first, last in ((0, 0), (1, 2), (3, 5), (6, 12), (13, 99)):
            some = [one for one in found if first <= one.visit.ahead <= last]
            if some:
                print(f"{f'{word}, ahead: {first}–{last}':<26}" + figures(some))
        hour = [one for one in found if one.visit.came < 60]
        print(f"{f'{word}, first hour':<26}" + figures(hour))
        print(f"{word:<26}" + figures(found), flush=True)
        if args.markdown:
            print("\n".join(table([one for one in found if one.visit.ahead])), flush=True)


if __name__ == "__main__":
    main()
