"""Two counters and a display behind PgBouncer: what they do arrives once, and is seen by all of them.

`python -m tests.journeys.pooled_run [--seconds 60]` does it that long behind a pooler that lends connections for a
session, then for a transaction; it ends with 1 when a station failed or saw an event late.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from queuedesk.app.clock import real_clock
from queuedesk.core.log.event import Event, first_broken_seq
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import issuing
from tests.hall import noon_zone, simple_setup
from tests.journeys.network.shared_pcs import Pc
from tests.postgres import drop_database, new_database
from tests.store.engine.pooler import pooler

MODES = ("session", "transaction")
STATIONS = ("counter-2", "counter-3", "display")
SEEN_WITHIN_S = 1.5
"""An event of one station is seen by the others; a station that is never told asks five times a second."""


class Pooled:
    """A hall behind a pooler, with its stations in `processes` of this PC."""

    def __init__(self, url: str, home: Path, processes: int) -> None:
        now = real_clock()
        self.desk = setting_up.create_hall(url, simple_setup(timezone=noon_zone(now)), Ask(CONSOLE, now))
        self.pc = PooledPc(home, url)
        groups = [STATIONS[n::processes] for n in range(processes)]
        self.programs = {name: program for group in groups for program in [self.pc.stations(*group)] for name in group}
        self.waits_s: list[float] = []
        for program in self.programs.values():
            program.heard(what="ready")
        for window in ("2", "3"):
            self.programs[f"counter-{window}"].tell(f"counter-{window}", "sign_in", f"C{window}")
            self._seen("open", None, 0.0)

    def serve(self, window: str) -> None:
        began = time.monotonic()
        label = issuing.issue_ticket(self.desk, Ask(CONSOLE, real_clock()), "A")["ticket"]
        self._seen("issue", label, began)
        for kind in ("call", "start", "finish"):
            began = time.monotonic()
            self.programs[f"counter-{window}"].tell(f"counter-{window}", "press")
            self._seen(kind, label, began)

    def _seen(self, kind: str, ticket: str | None, since: float) -> None:
        """Wait until every station has the event, and note how long after the first of them the last one did."""
        moments = [
            program.heard(since=since, what="log", station=name, kind=kind, ticket=ticket)["t"]
            for name, program in self.programs.items()
        ]
        self.waits_s.append(max(moments) - min(moments))

    def late_s(self) -> float:
        """Return how late this machine itself was, which says nothing of the stations."""
        return max(line["late_s"] for program in self.programs.values() for line in program.said)

    def end(self) -> list[Event]:
        for program in set(self.programs.values()):
            program.end()
        log = looking.events_after(self.desk, 0)
        self.desk.db.dispose()
        return log

    def kill(self) -> None:
        self.pc.end()
        self.desk.db.dispose()


class PooledPc(Pc):
    """A PC whose hall is at an address that it was told."""

    def __init__(self, home: Path, url: str) -> None:
        super().__init__(home)
        self.url = url

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, "QUEUEDESK_DB": self.url, "QT_QPA_PLATFORM": "offscreen"}


def run(mode: str, folder: Path, served: Callable[[int], bool], *, processes: int) -> Pooled:
    """Let customers be served behind a pooler of that mode while `served(so far)`; fail where anything did."""
    url = new_database("template0")
    try:
        with pooler(url, folder, mode) as address:
            hall = Pooled(address, folder, processes)
            try:
                customers = 0
                while served(customers):
                    hall.serve(("2", "3")[customers % 2])
                    customers += 1
                log = hall.end()
            finally:
                hall.kill()
    finally:
        drop_database(url)
    assert first_broken_seq(log) is None
    done = Counter(event.kind for event in log if event.ticket is not None)
    assert done == dict.fromkeys(("issue", "call", "start", "finish"), customers)
    return hall


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds = parser.parse_args().seconds
    late = 0
    for mode in MODES:
        with tempfile.TemporaryDirectory() as folder:
            end = time.monotonic() + seconds
            hall = run(mode, Path(folder), lambda _n, end=end: time.monotonic() < end, processes=len(STATIONS))  # type: ignore[misc]
            waits = sorted(hall.waits_s)
            late += waits[-1] > SEEN_WITHIN_S + hall.late_s()
            print(
                f"{mode}: {len(waits)} events; seen by the last station after {statistics.median(waits) * 1000:.0f} ms (median), "
                f"{waits[int(len(waits) * 0.99)] * 1000:.0f} ms (99 %), {waits[-1] * 1000:.0f} ms (longest)",
                flush=True,
            )
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
