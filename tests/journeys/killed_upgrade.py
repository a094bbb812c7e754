"""Kills processes that bring an old hall up to date, each before another of their statements, and looks what is left.

Every process begins with the hall: it is forked from one that has opened none.
"""

import os
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from queuedesk.desk.upkeep.examining import FAILED, examine_database
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from tests import old_halls


def open_counting(file: Path, last: int | None = None) -> int:
    """Open a hall and return after how many statements; die before number `last`."""
    seen = 0
    connect = sqlite3.connect

    def count(_statement: str) -> None:
        nonlocal seen
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(*words: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*words, **options)
        connection.set_trace_callback(count)
        return connection

    sqlite3.connect = traced  # type: ignore[assignment]
    Database.open(file).dispose()
    return seen


def statements_of(revision: str) -> int:
    """Return how many statements it takes to open the hall of a revision."""
    told, tell = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        file = old_halls.file_of(revision, Path(folder))
        child = os.fork()
        if not child:
            os.write(tell, str(open_counting(file)).encode())
            os._exit(0)
        os.waitpid(child, 0)
    return int(os.read(told, 20))


def kill(revision: str, points: Iterable[int], folder: Path) -> list[Path]:
    """Let a process die before each of the statements, every one with a hall of its own; return the halls."""
    halls = []
    for last in points:
        place = folder / f"{last:04}"
        place.mkdir()
        halls.append(old_halls.file_of(revision, place))
        child = os.fork()
        if not child:
            open_counting(halls[-1], last)
            os._exit(0)
        _child, ended = os.waitpid(child, 0)
        assert os.WIFSIGNALED(ended), f"{last} is too late"
    return halls


def is_whole(file: Path, revision: str) -> bool:
    """Whether a hall opens with all of its log, all follows from that, and one whole old copy lies beside it."""
    said = old_halls.said_of(revision)
    db = Database.open(file)
    try:
        with db.read() as tx:
            log = events.event_with_seq(tx, 1, said["seq"]).hash
        wrong = [finding for finding in examine_database(db) if finding.status == FAILED]
    finally:
        db.dispose()
    [copy] = (file.parent / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as kept:
        version = kept.execute("SELECT version_num FROM alembic_version").fetchone()
        sound = kept.execute("PRAGMA integrity_check").fetchone()
    return (log, wrong, version, sound) == (said["hash"], [], (revision,), ("ok",))


def main() -> None:
    """Kill before every statement, or spread over as many points as are asked for, in a given folder."""
    revision = sys.argv[1]
    statements = statements_of(revision)
    if len(sys.argv) > 2:
        count = int(sys.argv[2])
        points = {1 + n * (statements - 1) // (count - 1) for n in range(count)}
        print(*kill(revision, sorted(points), Path(sys.argv[3])), sep="\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        left = [is_whole(hall, revision) for hall in kill(revision, range(1, statements + 1), Path(folder))]
    print(f"{revision}: killed {len(left)} times, whole {sum(left)} times")


if __name__ == "__main__":
    main()
