"""Bringing a hall's file up to date, after a copy of it was proven: brought up in a throw-away hall first, by the same
revisions."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from queuedesk.core.errors import OutsideError
from queuedesk.store.engine.hall_file import passing_folder
from queuedesk.store.engine.migrate import all_or_nothing, bring_up_to_date, found_in, newest
from queuedesk.store.engine.throw_away import throw_away_copy
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.schema.tables import OUTSIDE
from queuedesk.store.upkeep import proof
from queuedesk.store.upkeep.kept_copies import copy_file

ROOM = 2
"""So many times its own size a file may take beside it (its copy, and a journal of all that changes), and as much where
the throw-away hall grows."""
_ENDS = "SELECT hall, count(*), max(seq), hash FROM events GROUP BY hall ORDER BY hall"
_NUMBERS = "SELECT hall, date, count(*) FROM tickets GROUP BY hall, date"


def upgrade(engine: Engine, path: Path) -> None:
    """Bring the file at `path` to the newest revision, all or nothing; `engine` opens it with foreign keys off.

    A copy goes into backups/ beside it first, and counts once it was brought up in a throw-away hall: what fails is
    found there. Of several at once the second is refused as busy and, when it tries again, finds nothing to do.

    Raises sqlite3.Error, DBAPIError, OSError; OutsideError "database_no_room" (path, room), "database_not_upgraded"
    where a revision fails, loses something, or leaves rows pointing nowhere.
    """
    with engine.connect() as connection:
        connection.begin()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = found_in(connection)
        if found == newest():
            return
        _must_have_room(path)
        with all_or_nothing(str(path), found):
            said: dict[int, proof.Told] = {}
            copy_file(path, f"{path.stem}-{found}", lambda copy: said.update(_prove(copy, found)))
            bring_up_to_date(connection, found)
            _must_point_somewhere(connection)
            proof.must_say_the_same(connection, said)
        connection.commit()


def _must_have_room(path: Path) -> None:
    """Make sure that there is room to copy the hall's file, to prove the copy and to bring it up to date. Raises
    OutsideError "database_no_room" (path, room)."""
    needed = ROOM * path.stat().st_size
    for folder in (path.parent, passing_folder()):
        if shutil.disk_usage(folder).free < needed:
            raise OutsideError("database_no_room", path=str(folder), room=-(-needed // 1_000_000))


def _prove(copy: Path, found: str) -> dict[int, proof.Told]:
    """Bring a copy of a hall's file up to date in a throw-away hall and return what that says then.

    Raises ValueError (what it lost of the copy: a log, rows beside it, numbers that were given out), and what a
    revision raises.
    """
    with throw_away_copy(copy) as tx:
        before = _held(tx)
        bring_up_to_date(tx, found)
        _must_point_somewhere(tx)
        after = _held(tx)
        for name, held in before.items():
            # Tables that lost tickets get them back from the log.
            if any(
                after[name].get(key, 0) < n if name == "tickets" else after[name].get(key) != n
                for key, n in held.items()
            ):
                raise ValueError(name)
        return proof.told(tx)


def _held(tx: Transaction) -> dict[str, dict[Any, Any]]:
    """Return what no revision may take away: the end of each log, the rows beside it, how many numbers were given out
    on each date."""
    there = set(tx.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    counts = {
        table.name: {None: tx.execute(select(func.count()).select_from(table)).scalar_one()}
        for table in OUTSIDE
        if table.name in there
    }
    log = {hall: tuple(end) for hall, *end in tx.exec_driver_sql(_ENDS)}
    numbers = {(hall, day): count for hall, day, count in tx.exec_driver_sql(_NUMBERS)}
    return {"events": log, "tickets": numbers, **counts}


def _must_point_somewhere(tx: Transaction) -> None:
    """Make sure that no row of a file points nowhere. Raises ValueError."""
    if tx.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise ValueError("foreign keys")
