"""Measure how soon a called number is painted by a display in another process.

python scripts/bench/call_to_display.py [--calls N] [--size 1920x1080] [--folder DIR]

One process acts as the counter: it calls, starts and finishes customer after customer through the desk. The other is
the display's real page, painting off the screen. Counted is the time from before the call's transaction, and from its
commit, to the end of the paint that first holds the number.
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
LIMIT_MS, AFTER_COMMIT_LIMIT_MS = 100, 30
WAITING = 20


def call_all(desk: Desk, calls: int) -> dict[int, tuple[float, float]]:
    """Call one customer after another at two windows.

    Return the moments before each call and after its commit, by the call's seq.
    """
    moments: dict[str, tuple[float, float]] = {}
    now = NINE
    for _waiting in range(WAITING):
        issuing.issue_ticket(desk, Ask(CONSOLE, now), "A")
    for number in range(calls):
        window = "12"[number % 2]
        now += timedelta(seconds=20)
        issuing.issue_ticket(desk, Ask(CONSOLE, now), "A")
        time.sleep(random.uniform(0.02, 0.06))
        before = time.monotonic()
        ticket = calling.call_ticket(desk, Ask(CONSOLE, now), window)["ticket"]
        moments[ticket] = before, time.monotonic()
        time.sleep(random.uniform(0.02, 0.06))
        calling.start_serving(desk, Ask(CONSOLE, now), window)
        calling.finish_service(desk, Ask(CONSOLE, now), window)
    made = [event for event in looking.events_after(desk, 0) if event.kind == "call"]
    return {event.seq: moments[event.ticket or ""] for event in made}


def percentile(figures: list[float], share: int) -> float:
    """Return the figure that `share` percent of all are not above."""
    return sorted(figures)[min(len(figures) - 1, len(figures) * share // 100)]


def main() -> int:
    """Print the percentiles; 1 when a 99th is over its limit or a call was not painted."""
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
            moments = call_all(desk, asked.calls)
            time.sleep(LIMIT_MS / 1e3 * 5)
            display.stdin.close()
            painted = {seq: moment for _painted, seq, moment in map(json.loads, display.stdout)}
        desk.db.dispose()
    shown = [(painted[seq], *moment) for seq, moment in moments.items() if seq in painted]
    missing = len(moments) - len(shown)
    delays_ms = [(end - before) * 1e3 for end, before, _committed in shown]
    after_ms = [(end - committed) * 1e3 for end, _before, committed in shown]
    took_ms = [(committed - before) * 1e3 for _end, before, committed in shown]
    print(f"{len(moments)} calls, display {asked.size}: {missing} never painted")
    for name, figures in (
        ("call to painted number", delays_ms),
        ("of which until the commit", took_ms),
        ("and from there on", after_ms),
    ):
        worst = f"p99 {percentile(figures, 99):.1f} ms, worst {max(figures):.1f} ms"
        print(f"{name}: median {percentile(figures, 50):.1f} ms, {worst}")
    p99, after_p99 = percentile(delays_ms, 99), percentile(after_ms, 99)
    keep("a call painted elsewhere, median", percentile(delays_ms, 50), "ms")
    keep("a call painted elsewhere, p99", p99, "ms", LIMIT_MS)
    keep("a call painted elsewhere, from its commit, p99", after_p99, "ms", AFTER_COMMIT_LIMIT_MS)
    print(f"limits: p99 {LIMIT_MS} ms, from the commit {AFTER_COMMIT_LIMIT_MS} ms")
    return 0 if p99 < LIMIT_MS and after_p99 < AFTER_COMMIT_LIMIT_MS and not missing else 1


if __name__ == "__main__":
    raise SystemExit(main())
