"""Measure the processor time of whole commands, from the start of the process to its end, and of lines of one batch.

    python scripts/bench/command_start.py [--rounds N] [--lines N] [--folder FOLDER]

The first round only leaves the bytecode behind. The commands take turns, so that what else runs meets all alike.

Then `batch` is given issue, call and finish line by line, and the same rows go through plain SQLAlchemy Core in turn,
each in a file of its own. A line's time is that of a long batch less that of a short one: what its start and its first
lines take is not a line's.

The bounds were kept while the program patched other libraries (see station_start.py); by turns in one hour those
patches were worth 0.02 s a command. Features in folders of their own cost commands nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from commands import START, Plain, hall
from figures import keep

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import calling

ROOT = Path(__file__).resolve().parents[2]
BARE, DATABASE = "-c pass", "-c import sqlalchemy"
COMMANDS = ("--version", "--help", "state", "issue A", "call 1", "finish 1")
LINES = ("issue A", "call 1", "finish 1")
FIRST_ROUNDS = 20


def spent_s(words: list[str], environ: dict[str, str]) -> float:
    """Return the processor time of one process, its own and the system's for it."""
    return used_s(subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL))


def used_s(running: subprocess.Popen[str] | subprocess.Popen[bytes]) -> float:
    """Wait for a process and return its processor time. Raises SystemExit where it failed."""
    _id, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{running.args!r} ended with {running.returncode}")
    return used.ru_utime + used.ru_stime


def batch_s(program: list[str], environ: dict[str, str], rounds: int, beside: Callable[[], None]) -> float:
    """Return the processor time of a batch that is given LINES so many times; `beside` is done after each time."""
    words, pipe = [sys.executable, *program, "batch"], subprocess.PIPE
    batch = subprocess.Popen(words, cwd=ROOT, env=environ, stdin=pipe, stdout=pipe, encoding="utf-8")
    assert batch.stdin is not None
    assert batch.stdout is not None
    with batch.stdin, batch.stdout:
        for _ in range(rounds):
            for line in LINES:
                batch.stdin.write(line + "\n")
                batch.stdin.flush()
                answer = batch.stdout.readline()
                if '"status": 0' not in answer:
                    raise SystemExit(f"{line}: {answer}")
            beside()
        batch.stdin.close()
        return used_s(batch)


def measure_lines(program: list[str], folder: Path, environ: dict[str, str], rounds: int) -> tuple[float, float]:
    """Return the seconds of a line, and of a command through plain SQL."""
    ours = folder / "ours.sqlite"
    hall(ours).db.dispose()
    theirs = hall(folder / "theirs.sqlite")
    beside = Plain(theirs.db, theirs.hall)
    words = [*program, "--db", str(ours), "--at", START.isoformat()]
    needed: list[float] = []

    def plain() -> None:
        began = time.thread_time()
        beside.issue()
        beside.call()
        needed.append(time.thread_time() - began)
        calling.finish_service(theirs, Ask(CONSOLE, START), "1")

    short = batch_s(words, environ, FIRST_ROUNDS, plain)
    needed.clear()
    long = batch_s(words, environ, FIRST_ROUNDS + rounds, plain)
    theirs.db.dispose()
    return (long - short) / rounds / len(LINES), statistics.median(needed) / 2


def main() -> int:
    """Print one line per command, and two about the lines of a batch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--lines", type=int, default=200, help="how often a batch is given each of its lines")
    parser.add_argument("--folder", help="where the files are made; a disk, not memory")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(folder))
        # As installed: with the bytecode of an earlier start, written beside nobody's sources.
        environ = {
            **os.environ,
            **places,
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": str(Path(folder, "bytecode")),
        }
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        program = ["-m", "queuedesk"]
        own = [*program, "--db", str(Path(folder, "hall.sqlite"))]
        for words in ("init --preset power --all-hours", "open 1 --staff C1"):
            spent_s([*own, *words.split()], environ)
        times: dict[str, list[float]] = {BARE: [], DATABASE: [], **{words: [] for words in COMMANDS}}
        for number in range(-1, args.rounds):
            for words, spent in times.items():
                seconds = spent_s(words.split(" ", 1) if words not in COMMANDS else [*own, *words.split()], environ)
                if number >= 0:
                    spent.append(seconds)
        line, plain = measure_lines(program, Path(folder), environ, args.lines)
    database = statistics.median(times[DATABASE])
    for words, spent in times.items():
        name = f"python {words}" if words not in COMMANDS else f"queuedesk {words}"
        print(f"{name:20} median {statistics.median(spent):.3f} s  worst {max(spent):.3f} s")
        if words in COMMANDS:
            keep(f"`{words}`", statistics.median(spent), "s of processor", 0.15 if words.startswith("--") else 0.4)
            keep(f"`{words}` beside", statistics.median(spent) / database, "× SQLAlchemy's import")
    alone = statistics.mean(statistics.median(times[words]) for words in LINES)
    print(
        f"{'a line of batch':20} {line * 1000:.2f} ms, {1 / line:.0f} a second; {alone / line:.0f} in the time of a process"
    )
    keep("a line of `batch`", line / plain, "× plain SQL")
    keep("a line of `batch` by itself", line * 1000, "ms of processor", 2)
    print(f"{'plain SQL':20} {plain * 1000:.2f} ms a command; a line takes {line / plain:.2f} of it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
