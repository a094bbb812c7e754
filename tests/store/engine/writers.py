"""Lines that are written through either door, and what other processes do to the file of test_database.py."""

from pathlib import Path

from sqlalchemy import text

from queuedesk.store.engine.database import Database

ADD = text("INSERT INTO lines (text) VALUES (:text)")
COUNT = text("SELECT count(*) FROM lines")


def add(db: Database, *texts: str, hall: int | None = None) -> None:
    with db.write(hall) as tx:
        for line in texts:
            tx.execute(ADD, {"text": line})


def count(db: Database) -> int:
    with db.read() as tx:
        return int(tx.execute(COUNT).scalar_one())


def writes(path: Path, lines: int) -> None:
    """Write so many lines, each in a transaction of its own."""
    db = Database.open(path)
    for n in range(lines):
        add(db, str(n))


def comes_and_goes(path: Path, times: int) -> None:
    """Open and close the file for each line that is written, and for each look."""
    db = Database.open(path)
    for _ in range(times):
        add(db, "x")
        db.dispose()
        count(db)
        db.dispose()
