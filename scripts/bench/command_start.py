"""Measure the processor time of whole commands, from the start of the process to its end.

python scripts/bench/command_start.py [--rounds N]

The first round only leaves the bytecode behind. The commands take turns, so that what else runs meets all alike.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BARE = "-c pass"
COMMANDS = ("--version", "--help", "state", "issue A", "call 1", "finish 1")


def spent_s(words: list[str], environ: dict[str, str]) -> float:
    """Return the processor time of one process, its own and the system's for it."""
    running = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    _id, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{words} ended with {running.returncode}")
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Print one line per command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), folder)
        # As installed: with the bytecode of an earlier start, written beside nobody's sources.
        environ = {
            **os.environ,
            **places,
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": str(Path(folder, "bytecode")),
        }
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        program = ["-m", "queuedesk", "--db", str(Path(folder, "hall.sqlite"))]
        for words in ("init --preset power --all-hours", "open 1 --staff C1"):
            spent_s([*program, *words.split()], environ)
        times: dict[str, list[float]] = {BARE: [], **{words: [] for words in COMMANDS}}
        for number in range(-1, rounds):
            for words, spent in times.items():
                seconds = spent_s(words.split(" ", 1) if words == BARE else [*program, *words.split()], environ)
                if number >= 0:
                    spent.append(seconds)
    for words, spent in times.items():
        name = "python -c pass" if words == BARE else f"queuedesk {words}"
        print(f"{name:20} median {statistics.median(spent):.3f} s  worst {max(spent):.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
