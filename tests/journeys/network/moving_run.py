"""Share a hall at work, again and again: by the button or by the command, beside a load, with whoever shares killed in
the middle.

`python -m tests.journeys.network.moving_run [--times 20] [--by button command] [--load 8] [--kill]` needs Linux, root
and network namespaces. Seven stations are open and press their buttons all the while. Each try prints how it went; the
command ends with 1 when anything was lost, a station stood still, or somebody would have had to press again.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bounded import until
from tests.journeys.network.moving_hall import BUTTON, COMMAND, STATIONS, MovingHall, Outcome, judge
from tests.networks import FarPc

KILLED_WITHIN_S = 15.0
"""Of its beginning; by then a machine at rest has shared the hall."""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--by", nargs="+", choices=(BUTTON, COMMAND), default=[BUTTON, COMMAND])
    parser.add_argument("--load", type=int, default=0, metavar="N", help="busy processes beside it")
    parser.add_argument("--kill", action="store_true", help="kill whoever shares in the middle")
    parser.add_argument("--say", action="store_true", help="print what each station told")
    args = parser.parse_args()
    failed = 0
    for by in args.by:
        went: Counter[str] = Counter()
        stood: list[float] = []
        for turn in range(args.times):
            with busy(args.load):
                outcome = tried(by, kill=args.kill, say=args.say)
            went["wrong" if outcome.wrong else outcome.where] += 1
            failed += bool(outcome.wrong)
            stood.append(outcome.still_s)
            print(f"{by} {turn + 1}: {outcome.told()} (load {os.getloadavg()[0]:.0f})", *outcome.wrong, sep="\n    ")
            sys.stdout.flush()
        print(f"{by}, load {args.load}{', killed' if args.kill else ''}: {dict(went)}", end="; ")
        print(f"stations stood {median(stood):.1f} s, at most {max(stood):.1f} s", flush=True)
    return 1 if failed else 0


def tried(by: str, *, kill: bool, say: bool) -> Outcome:
    """Let a new hall work, share it once, and return how it went."""
    # A server that was killed with whoever shares may write on for a moment.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, FarPc() as line:
        hall = MovingHall(Path(folder), line)
        try:
            hall.open(*STATIONS)
            outcome = Outcome(began=hall.share(by))
            if kill:
                assert until(hall.hosts)
                time.sleep(random.uniform(0.0, KILLED_WITHIN_S))
                hall.kill(outcome)
            hall.settles(outcome)
            hall.rests()
            if say:
                hall.say(outcome.began)
        finally:
            hall.leave()
        judge(hall, outcome)
        return outcome


@contextmanager
def busy(n: int) -> Iterator[None]:
    """Keep so many processes busy meanwhile."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(n)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


if __name__ == "__main__":
    sys.exit(main())
