"""Measure how soon another process is told of a commit, and what waiting for it costs.

python scripts/bench/feed_latency.py [--commits N] [--idle-s S] [--folder DIR]
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from figures import keep
from sqlalchemy import text

from queuedesk.core.log.event import Event
from queuedesk.feed.follower import LogFollower
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read_events(tx: Transaction, hall: int, seq: int) -> list[Event]:
    """Return the shortest events there can be."""
    rows = tx.execute(text("SELECT seq FROM log WHERE seq > :seq ORDER BY seq"), {"seq": seq})
    return [Event(seq=row.seq, at=NINE, time=NINE, kind="call", actor="hall") for row in rows]


def write(file: Path, commits: int) -> list[float]:
    """Commit now and then; return the moments at which each commit was done (monotonic, as all processes see it)."""
    db = Database.open(file)
    add = text("INSERT INTO log DEFAULT VALUES")
    done = []
    for _ in range(commits):
        time.sleep(random.uniform(0.005, 0.04))
        with db.write() as tx:
            tx.execute(add)
        done.append(time.monotonic())
    return done


def main() -> None:
    """Print the delay from the commit to on_events, and the processor's share while nothing happens."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=500)
    parser.add_argument("--idle-s", type=float, default=10)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        print(json.dumps(write(asked.work, asked.commits)))
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        file = Path(folder) / "hall.sqlite"
        db = Database.create(file)
        with db.write() as tx:
            tx.execute(text("CREATE TABLE log (seq INTEGER PRIMARY KEY) STRICT"))
        told: dict[int, float] = {}
        all_told = threading.Event()

        def on_events(events: list[Event]) -> None:
            now = time.monotonic()
            told.update({event.seq: now for event in events})
            if len(told) == asked.commits:
                all_told.set()

        follower = LogFollower(
            db,
            1,
            0,
            epoch="",
            read_epoch=lambda tx: "",
            read_events=read_events,
            on_events=on_events,
            on_away=print,
            on_back=lambda: None,
            on_reset=lambda epoch: 0,
        )
        follower.start()
        time.sleep(0.5)
        busy_s = time.process_time()
        time.sleep(asked.idle_s)
        idle_share = (time.process_time() - busy_s) / asked.idle_s
        writer = subprocess.run(
            [sys.executable, __file__, "--work", str(file), "--commits", str(asked.commits)],
            check=True,
            capture_output=True,
            text=True,
        )
        all_told.wait(5)
        follower.stop()
        db.dispose()
    done = json.loads(writer.stdout)
    delays_ms = sorted((told[seq] - moment) * 1e3 for seq, moment in enumerate(done, start=1))
    median, late = delays_ms[len(delays_ms) // 2], delays_ms[len(delays_ms) * 99 // 100]
    print(f"commit to on_events: median {median:.1f} ms, p99 {late:.1f} ms, worst {delays_ms[-1]:.1f} ms")
    keep("commit to a follower, p99", late, "ms")
    print(f"one idle follower: {idle_share * 100:.2f} % of one core")


if __name__ == "__main__":
    main()
