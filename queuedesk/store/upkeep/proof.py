"""Proves a backup: restores it into a throw-away database and compares what the halls say."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.measures.document import figures
from queuedesk.core.figures.measures.scope import scope_of
from queuedesk.core.figures.measures.tally import Tally
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.figures import measured
from queuedesk.store.parts import halls
from queuedesk.store.parts.register import FOLLOWING
from queuedesk.store.schema.tables import OUTSIDE
from queuedesk.store.schema.tables import events as log
from queuedesk.store.upkeep.backup import Backup

Told = dict[str, Any]
"""Of one hall: the log's end, the rows of every table, the figures of its last date."""


def told(tx: Transaction, now: datetime) -> dict[int, Told]:
    """Return what is compared of every hall that has a log, by its id."""
    known = (id for id, _code in halls.listed(tx))
    return {id: _of_hall(tx, id, now) for id in known if halls.load(tx, id).now.seq}


def _of_hall(tx: Transaction, hall: int, now: datetime) -> Told:
    row = halls.load(tx, hall)
    found: Told = {"log": (row.now.seq, row.now.hash)}
    for table in (log, *OUTSIDE, *FOLLOWING):
        found[table.name] = tx.execute(select(func.count()).select_from(table).where(table.c.hall == hall)).scalar_one()
    day = row.now.date
    if day is not None:
        setup, tally = halls.setup(tx, row), Tally()
        tally.add(setup, measured.Reader(tx, hall, setup, now).day(day))
        found["figures"] = figures(scope_of(setup, day, day), tally, measured.log_range(tx, hall, day, day))
    return found


def prove(file: Path, scratch: Path, wanted: dict[int, Told], now: datetime) -> None:
    """Put a backup into a database in the folder `scratch`, which is made, and compare.

    Raises OutsideError "backup_unproven" (path, what: the first that differs), and what a database raises that has no
    room.
    """
    scratch.mkdir(mode=0o700, parents=True)
    db = Database.create(scratch / "hall.sqlite", is_draft=True)
    try:
        with Backup(file) as backup, db.write() as tx:
            for copy in backup.check():
                backup.load(tx, copy)
            found = told(tx, now)
    except OutsideError as error:
        if error.code not in ("backup_damaged", "wrong_kind"):
            raise
        raise OutsideError("backup_unproven", path=str(file), what="file") from error
    finally:
        db.dispose()
    if set(found) != set(wanted):
        raise OutsideError("backup_unproven", path=str(file), what="halls")
    for id, one in wanted.items():
        wrong = sorted(key for key in one if one[key] != found[id][key])
        if wrong:
            raise OutsideError("backup_unproven", path=str(file), what=wrong[0])
