"""Measure how soon a called number stands on the displays of a shared hall.

python scripts/bench/shared_hall.py [--counters N] [--displays N] [--calls N] [--pause-s S]

A server behind its gate with TLS. Each display is the station's real page, painting off the screen in a process of its
own; each counter follows the hall and takes its turn to call, start and finish, on connections and with a credential of
its own, but paints nothing: that its own PC would do. Counted is, for each display and call, the time from the answer
of the commit to the end of the paint that first holds the number, and the same from before the call. `--pause-s` is the
mean pause between two calls of the hall.

Measured on two cores that did nothing else: median 38 ms, p99 56 ms, worst 67 ms of 1,000 paints; the call until its
answer 49 ms, p99 78 ms; the gate took 3 %, the server 6 % of a core. Beside other work (load 3 to 6) median 66 ms, p99
182 ms.
"""

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from call_to_display import DISPLAY, percentile
from figures import noon_zone
from painting_display import NINE, say
from shared_host import shared_host

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.feed.follower import LogFollower
from queuedesk.paths import resource_path
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.parts import halls

LIMIT_MS = 100
WAITING = 40
AT_ONE = 5
"""So many counters share a process."""


def counters(urls: dict[str, str]) -> None:
    """Be the counters at some windows; each line read is the window that is to call."""
    desks = {window: Desk(Database.open(url), 1) for window, url in urls.items()}
    followers = []
    for desk in desks.values():
        with desk.db.read() as tx:
            epoch, seq = events.epoch(tx), halls.load_hall_row(tx, desk.hall).now.seq
        followers.append(
            LogFollower(
                desk.db,
                desk.hall,
                seq,
                epoch=epoch,
                read_epoch=events.epoch,
                read_events=events.events_after,
                on_events=lambda new: None,
                on_away=lambda trouble: say("away", trouble.code),
                on_back=lambda: say("back"),
                on_reset=lambda epoch: 0,
            )
        )
        followers[-1].start()
    say("ready")
    now = NINE
    for line in sys.stdin:
        now += timedelta(minutes=4)
        desk, window = desks[line.strip()], line.strip()
        before = time.monotonic()
        ticket = calling.call_ticket(desk, Ask(CONSOLE, now), window)["ticket"]
        say("called", ticket, before, time.monotonic())
        time.sleep(0.1)
        calling.start_serving(desk, Ask(CONSOLE, now), window)
        calling.finish_service(desk, Ask(CONSOLE, now), window)
    for follower, desk in zip(followers, desks.values(), strict=True):
        follower.stop()
        desk.db.dispose()


class Stations:
    """The stations' processes, and what they said."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[str]] = []
        self.said: list[list[list[Any]]] = []
        self._readers: list[threading.Thread] = []

    def start(self, command: list[str], hall: object) -> None:
        """Start a process of one or several stations; it reads where the hall is, so that no password stands in a
        process list."""
        process = subprocess.Popen([sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said: list[list[Any]] = []
        lines = process.stdout
        assert lines is not None
        reader = threading.Thread(target=lambda: said.extend(json.loads(line) for line in lines))
        reader.start()
        self.processes.append(process)
        self.said.append(said)
        self._readers.append(reader)
        self.tell(-1, json.dumps(hall))

    def wait_until_ready(self) -> None:
        """Wait until all follow the hall."""
        while not all(self.said):
            if any(process.poll() is not None for process in self.processes):
                raise RuntimeError("a station ended")
            time.sleep(0.05)

    def tell(self, number: int, line: str) -> None:
        """Say a line to a process."""
        pipe = self.processes[number].stdin
        assert pipe is not None
        pipe.write(f"{line}\n")
        pipe.flush()

    def end(self) -> None:
        """Let all end, and wait for it."""
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.close()
        for process, reader in zip(self.processes, self._readers, strict=True):
            process.wait()
            reader.join()


def make_hall_at_work(url: str, windows: int, now: datetime = NINE) -> Desk:
    """Make a hall with so many open windows, clerks X1, X2 … at them, and people waiting."""
    document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
    document = setting_up.setup_document_for_new_hall(document, timezone=noon_zone(now), all_hours=True)
    document["services"][0]["last"] = 9999
    window, clerk = document["windows"][0], next(row for row in document["staff"] if row["role"] == "clerk")
    document["windows"] = [{**window, "code": str(number + 1), "name": str(number + 1)} for number in range(windows)]
    document["staff"] += [
        {**clerk, "code": f"X{number + 1}", "name": f"X{number + 1}", "skills": ["A"]} for number in range(windows)
    ]
    desk = setting_up.create_hall(url, document, Ask(CONSOLE, now))
    for number in range(windows):
        opening.open_window(desk, Ask(CONSOLE, now), str(number + 1), staff=f"X{number + 1}")
    for _waiting in range(WAITING):
        issuing.issue_ticket(desk, Ask(CONSOLE, now), "A")
    return desk


def main() -> int:
    """Print the percentiles; 1 when the 99th is over the limit or a call was not painted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counters", type=int, default=20)
    parser.add_argument("--displays", type=int, default=5)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--pause-s", type=float, default=1.0)
    parser.add_argument("--be-counters", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.be_counters:
        counters(json.loads(sys.stdin.readline()))
        return 0
    with shared_host() as host:
        desk = make_hall_at_work(host.owner, asked.counters)
        host.install_rights()
        stations = Stations()
        windows = [str(number + 1) for number in range(asked.counters)]
        groups = [windows[start : start + AT_ONE] for start in range(0, len(windows), AT_ONE)]
        for group in groups:
            urls = {window: host.joined(f"counter {window}", PcKind.STAFF) for window in group}
            stations.start([__file__, "--be-counters"], urls)
        for number in range(asked.displays):
            stations.start([str(DISPLAY)], [host.joined(f"display {number + 1}", PcKind.PUBLIC), 1920, 1080])
        stations.wait_until_ready()
        time.sleep(2)
        before, since = host.cpu_s(), time.monotonic()
        for number in range(asked.calls):
            issuing.issue_ticket(desk, Ask(CONSOLE, NINE), "A")
            window = number % asked.counters
            stations.tell(window // AT_ONE, windows[window])
            time.sleep(random.uniform(0.5, 1.5) * asked.pause_s)
        span_s = time.monotonic() - since
        gate_s, server_s = (now - then for now, then in zip(host.cpu_s(), before, strict=True))
        time.sleep(2)
        stations.end()
        seqs = {event.ticket: event.seq for event in looking.events_after(desk, 0) if event.kind == "call"}
        desk.db.dispose()
    lines = [line for said in stations.said for line in said]
    called = {seqs[line[1]]: (line[2], line[3]) for line in lines if line[0] == "called"}
    painted = [{line[1]: line[2] for line in said if line[0] == "painted"} for said in stations.said[len(groups) :]]
    aways = sum(line[0] == "away" for line in lines)
    figures: dict[str, list[float]] = {
        "commit to painted number": [
            (at[s] - done) * 1e3 for at in painted for s, (_, done) in called.items() if s in at
        ],
        "call to painted number": [
            (at[s] - begun) * 1e3 for at in painted for s, (begun, _) in called.items() if s in at
        ],
        "call to commit's answer": [(done - begun) * 1e3 for begun, done in called.values()],
    }
    missing = len(called) * len(painted) - len(figures["commit to painted number"])
    print(
        f"{asked.counters} counters, {asked.displays} displays, {len(called)} calls: {missing} paints missing, {aways} times away"
    )
    for name, took_ms in figures.items():
        late, worst = percentile(took_ms, 99), max(took_ms)
        print(f"{name}: median {percentile(took_ms, 50):.1f} ms, p99 {late:.1f} ms, worst {worst:.1f} ms")
    print(f"the host meanwhile: gate {gate_s / span_s:.1%}, server {server_s / span_s:.1%} of a core")
    return 0 if percentile(figures["commit to painted number"], 99) < LIMIT_MS and not missing else 1


if __name__ == "__main__":
    raise SystemExit(main())
