"""What other processes do to the file of test_database.py."""

from pathlib import Path

from sqlalchemy import text

from queuedesk.store.engine.database import Database

ADD = text("INSERT INTO lines (text) VALUES (:text)")


def writes(path: Path, lines: int) -> None:
    """Write so many lines, each in a transaction of its own."""
    db = Database.open(path)
    for n in range(lines):
        with db.write() as tx:
            tx.execute(ADD, {"text": str(n)})


def comes_and_goes(path: Path, times: int) -> None:
    """Open and close the file for each line that is written, and for each look."""
    db = Database.open(path)
    for _ in range(times):
        with db.write() as tx:
            tx.execute(ADD, {"text": "x"})
        db.dispose()
        with db.read() as tx:
            tx.execute(text("SELECT count(*) FROM lines")).scalar()
        db.dispose()
