"""Measure how soon a called number is painted by a display in another process.

python scripts/bench/call_to_display.py [--calls N] [--size 1920x1080] [--folder DIR]

One process acts as the counter: it calls, starts and finishes customer after customer through the desk. The other is
the display's real page, painting off the screen. Counted is the time from before the call's transaction to the end of
the paint that first holds the number.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from figures import keep
from painting_display import NINE

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.paths import resource_path

DISPLAY = Path(__file__).with_name("painting_display.py")
LIMIT_MS = 100
WAITING = 20


def call_all(desk: Desk, calls: int) -> tuple[dict[int, float], list[float]]:
    """Call one customer after another at two windows.

    Return the moment before each call, by the call's seq, and how long each took (ms) until it was committed.
    """
    began: dict[str, float] = {}
    took_ms: list[float] = []
    now = NINE
    for _waiting in range(WAITING):
        issuing.issue(desk, Ask(CONSOLE, now), "A")
    for number in range(calls):
        window = "12"[number % 2]
        now += timedelta(seconds=20)
        issuing.issue(desk, Ask(CONSOLE, now), "A")
        time.sleep(random.uniform(0.02, 0.06))
        before = time.monotonic()
        began[calling.call(desk, Ask(CONSOLE, now), window)["ticket"]] = before
        took_ms.append((time.monotonic() - before) * 1e3)
        time.sleep(random.uniform(0.02, 0.06))
        calling.start(desk, Ask(CONSOLE, now), window)
        calling.finish(desk, Ask(CONSOLE, now), window)
    made = [event for event in looking.events_after(desk, 0) if event.kind == "call"]
    return {event.seq: began[event.ticket or ""] for event in made}, took_ms


def percentile(figures: list[float], share: int) -> float:
    """Return the figure that `share` percent of all are not above."""
    return sorted(figures)[min(len(figures) - 1, len(figures) * share // 100)]


def main() -> int:
    """Print the percentiles; 1 when the 99th is over the limit or a call was not painted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    width, height = (int(part) for part in asked.size.split("x"))
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        file = Path(folder) / "hall.sqlite"
        document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
        document["services"][0]["last"] = 9999
        desk = setting_up.create_hall(file, document, Ask(CONSOLE, NINE))
        clerks = [row["code"] for row in document["staff"] if row["role"] == "clerk"]
        for window, clerk in zip("12", clerks, strict=False):
            opening.open_window(desk, Ask(CONSOLE, NINE), window, staff=clerk)
        command = [sys.executable, str(DISPLAY)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as display:
            assert display.stdin is not None and display.stdout is not None
            print(json.dumps([str(file), width, height]), file=display.stdin, flush=True)
            display.stdout.readline()
            began, took_ms = call_all(desk, asked.calls)
            time.sleep(LIMIT_MS / 1e3 * 5)
            display.stdin.close()
            painted = {seq: moment for _painted, seq, moment in map(json.loads, display.stdout)}
        desk.db.dispose()
    delays_ms = [(painted[seq] - moment) * 1e3 for seq, moment in began.items() if seq in painted]
    missing = len(began) - len(delays_ms)
    p99 = percentile(delays_ms, 99)
    print(f"{len(began)} calls, display {asked.size}: {missing} never painted")
    for name, figures in (("call to painted number", delays_ms), ("of which until the commit", took_ms)):
        worst = f"p99 {percentile(figures, 99):.1f} ms, worst {max(figures):.1f} ms"
        print(f"{name}: median {percentile(figures, 50):.1f} ms, {worst}")
    keep("a call painted elsewhere, median", percentile(delays_ms, 50), "ms")
    keep("a call painted elsewhere, p99", p99, "ms", LIMIT_MS)
    print(f"limit of the first: p99 {LIMIT_MS} ms")
    return 0 if p99 < LIMIT_MS and not missing else 1


if __name__ == "__main__":
    raise SystemExit(main())
