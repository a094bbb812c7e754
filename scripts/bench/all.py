"""Runs the benches one after the other, each in its shorter form, and keeps what they measured in one table.

    python scripts/bench/all.py [--commit WORDS] [--only FILE …]
    python scripts/bench/all.py --short [time | memory]

The table is scripts/bench/measured.md: a row for each figure, a column for each run with its date, commit and load; the
first column and the three newest stay. What became more than a tenth worse than in the last column is printed. It takes
ten minutes and wants a machine that does nothing else. resources/docs/speed.md is the page for people: bring it up to
date after a run.

--short measures only what each change may spoil, as ratios to what it is measured beside, and writes nothing: issue and
call beside plain SQL, start and memory beside an empty window, a command beside SQLAlchemy's import. It fails when one
is half as much again as in the table's last column, in the median of three tries. Both may be measured beside other
work: what a ratio is made of is measured by turns, and nearly all of `memory` is waiting for stations to come to rest.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import figures

ROOT = Path(__file__).resolve().parents[2]
SPEED = ROOT / "scripts" / "bench" / "measured.md"
HEAD = "| figure | unit | limit |"
KEPT_COLUMNS = 3
WORSE, RED = 1.1, 1.5
TRIES = 3
RATIO = "×"
"""How the unit of a ratio begins: what a busy machine changes least."""


TIME, MEMORY = "time", "memory"


class Bench(NamedTuple):
    """A file with its words for the table and, for what is looked at with every change, the words for that and what its
    ratios are of."""

    file: str
    words: str = ""
    short: str | None = None
    of: str = TIME


# Begun by hand: runs of hours (voice/soak, city_day, city_growth with a million tickets, network_trouble), failover,
# which needs root and Debian's Patroni, and those in rules, which judge a rule and not its speed.
BENCHES = (
    Bench("commands.py", "--rounds 150", "--rounds 60 --history 0"),
    Bench("commands.py", "--rounds 100 --server --history 0"),
    Bench("station_start.py", "--rounds 5", "--rounds 3 guide counter manager"),
    Bench("command_start.py", "--rounds 5", "--rounds 3 --lines 60"),
    Bench("idle_stations.py", "--seconds 4", "--seconds 1 --together guide manager", MEMORY),
    Bench("memory.py"),
    Bench("call_to_display.py", "--calls 150"),
    Bench("feed_latency.py", "--commits 200 --idle-s 4"),
    Bench("phones.py", "--calls 36"),
    Bench("desk_contention.py", "--rounds 30"),
    Bench("contention.py", "--writes 60"),
    Bench("day_pdf.py", "--runs 5"),
    Bench("year_report.py"),
    Bench("city_halls.py", "live"),
    Bench("city_growth.py", "--history 0 --halls 62 --windows 20"),
    Bench("promise_pass.py", "--rounds 150"),
    Bench("day_ribbon.py"),
    Bench("what_if.py"),
    Bench("days.py"),
    Bench("gate.py", "--trips 2000 --seconds 4"),
)


class Figure(NamedTuple):
    value: float
    unit: str
    limit: float | None


Found = dict[str, Figure]


def run(file: str, words: str) -> Found:
    """Return what a bench measured, by name. One that fails says why and has measured nothing."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "figures"
        lines.touch()
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name(file)), *words.split()],
            cwd=ROOT,
            env={**os.environ, figures.FILE: str(lines)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        rows = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
        print(f"{file} {words}: {time.monotonic() - begun:.0f} s", flush=True)
        if not rows:
            print(done.stdout + done.stderr, file=sys.stderr)
        return {row["name"]: Figure(row["value"], row["unit"], row["limit"]) for row in rows}


# -- the table ---------------------------------------------------------------------------------------------------------


class Table(NamedTuple):
    """Columns by their heads, the oldest first; figures by their names, each value as it is written."""

    heads: list[str]
    rows: dict[str, list[str]]


def read_table(text: str) -> Table:
    """Return the table of measured.md; one without columns when there is none."""
    lines = text[text.index(HEAD) :].splitlines() if HEAD in text else []
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return Table(table[0][3:], {row[0]: row[1:] for row in table[2:]}) if table else Table([], {})


def with_column(table: Table, head: str, found: Found) -> Table:
    """Return the table with the newest column; rows of which it knows nothing keep their place, empty there."""
    stays = list(range(len(table.heads)))
    if len(stays) >= KEPT_COLUMNS + 1:
        stays = [0, *stays[-(KEPT_COLUMNS - 1) :]]
    rows = {}
    for name in dict.fromkeys([*table.rows, *found]):
        unit, limit, *values = table.rows.get(name, ["", "", *[""] * len(table.heads)])
        figure = found.get(name)
        if figure is not None:
            unit, limit = figure.unit, "" if figure.limit is None else f"{figure.limit:g}"
        rows[name] = [unit, limit, *(values[n] for n in stays), "" if figure is None else written(figure.value)]
    return Table([*(table.heads[n] for n in stays), head], rows)


def written(value: float) -> str:
    """Return a value with three digits that count."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table_lines(table: Table) -> str:
    lines = [f"{HEAD} {' | '.join(table.heads)} |", "| --- | --- | --- |" + " --- |" * len(table.heads)]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in table.rows.items()]
    return "\n".join(lines) + "\n"


def last_values(table: Table) -> dict[str, float]:
    """Return each figure's newest value."""
    return {name: float(known[-1]) for name, cells in table.rows.items() if (known := [c for c in cells[2:] if c])}


def worse(found: Found, last: dict[str, float], bound: float) -> list[str]:
    """Return a line for each figure that is over `bound` times its last value."""
    return [
        f"{name}: {written(one.value)} {one.unit}, {one.value / last[name]:.2f} times the {written(last[name])} before"
        for name, one in found.items()
        if last.get(name) and one.value > bound * last[name]
    ]


# -- the two ways ------------------------------------------------------------------------------------------------------


def write(only: list[str], commit: str) -> int:
    """Measure everything and write it down."""
    head = f"{datetime.now(UTC):%Y-%m-%d}, {commit or commit_now()}, load {os.getloadavg()[0]:.1f}"
    found: Found = {}
    for bench in BENCHES:
        if not only or bench.file in only:
            found |= run(bench.file, bench.words)
    text = SPEED.read_text(encoding="utf-8")
    before = read_table(text)
    after = table_lines(with_column(before, head, found))
    old = re.compile(re.escape(HEAD) + r".*\n(\|.*\n)*")
    text = old.sub(lambda _: after, text) if HEAD in text else f"{text.rstrip()}\n\n## All in one run\n\n{after}"
    SPEED.write_text(text, encoding="utf-8")
    print(after)
    print("\n".join(worse(found, last_values(before), WORSE)) or "nothing became more than a tenth worse")
    missed = [
        f"{name}: {written(one.value)} {one.unit}, limit {one.limit:g}" for name, one in found.items() if over(one)
    ]
    print("\n".join(["over their limits:", *missed]) if missed else "every limit is kept")
    return 0


def over(figure: Figure) -> bool:
    return figure.limit is not None and figure.value > figure.limit


def commit_now() -> str:
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty=+"]
    return subprocess.run(asked, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def short(of: Sequence[str] = (TIME, MEMORY)) -> int:
    """Return 1 when a ratio of these has become half as much again as the table says, whatever the machine does
    besides."""
    last = last_values(read_table(SPEED.read_text(encoding="utf-8")))
    tries: list[Found] = []
    red: list[str] = []
    for _ in range(TRIES):
        tries.append({})
        for bench in BENCHES:
            if bench.short is not None and bench.of in of:
                found = run(bench.file, bench.short)
                if not found:
                    print(f"{bench.file} measured nothing")
                    return 1
                tries[-1] |= {name: one for name, one in found.items() if one.unit[0] == RATIO}
        middle = {
            name: one._replace(value=statistics.median_low([each[name].value for each in tries if name in each]))
            for name, one in tries[-1].items()
        }
        red = worse(middle, last, RED)
        if not red:
            return 0
    print("\n".join(red))
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--short",
        nargs="*",
        choices=(TIME, MEMORY),
        help="only ratios that each change may spoil, of all or of these; writes nothing",
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="FILE", help="measure only what these files measure")
    parser.add_argument("--commit", default="", help="what stands for the commit at the head of the column")
    args = parser.parse_args()
    return write(args.only, args.commit) if args.short is None else short(args.short or (TIME, MEMORY))


if __name__ == "__main__":
    sys.exit(main())
