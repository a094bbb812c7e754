"""Brings a hall that was copied to a server up to date with its file: what it gained while it was copied.

The file is copied aside in one piece, and its copy goes to the server while people work on. Then, while nobody can
change the file, both are compared row by row, and what differs goes after it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, MetaData, Select, Table, insert, select, tuple_
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import broken_at
from queuedesk.files.writing import make_private
from queuedesk.store.engine.faults import outside
from queuedesk.store.engine.hall_file import BEFORE, connect, engine_beside
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.schema.beside import access
from queuedesk.store.schema.tables import events as log
from queuedesk.store.upkeep.exchange import WHOLE, Moved, rows_of

_AT_ONCE = 500


def copy_aside(path: Path, copy: Path) -> None:
    """Copy a hall's file as it stands at one moment; who works on with it waits for nothing. Raises OutsideError."""
    with _told(path):
        make_private(copy)
        with closing(connect(path)) as here, closing(connect(copy, is_draft=True)) as there:
            here.backup(there)


@contextmanager
def compared(path: Path, copy: Path) -> Iterator[Connection]:
    """Open a file and its copy of before in one connection, which sees both as they are now. Raises OutsideError."""
    with _told(path):
        engine = engine_beside(path, copy)
        try:
            with engine.connect() as both:
                yield both
        finally:
            engine.dispose()


def carry_over(tx: Transaction, moved: Moved, id: int, here: Transaction, both: Connection) -> Moved:
    """Bring the copy `moved` of the hall `id` up to date with the file of `here`, which nobody else can change, and
    count it again; `both` compares that file with what was copied.

    Raises RuleError "hall_there" where somebody has worked on in the copy, OutsideError "move_incomplete" (table) where
    the file has another past by now or not everything arrived.
    """
    halls.hold(tx, [moved.hall])
    row, there = halls.load(here, id), halls.load(tx, moved.hall).now
    if (there.seq, there.hash) != (moved.seq, moved.hash):
        if row.now.seq != moved.seq:
            raise RuleError("hall_there", hall=moved.code)
        return moved  # What was done there is more than the file has.
    if row.now.seq < moved.seq or events.one(here, id, moved.seq).hash != moved.hash:
        raise OutsideError("move_incomplete", table=log.name)
    events.append_copies(tx, moved.hall, events.after(here, id, moved.seq))
    for table in WHOLE.beside:
        if _differs(both, table, id):
            _carry_rows(tx, table, id, moved.hall, both)
    halls.save(tx, moved.hall, row.now)
    halls.save_setup(tx, moved.hall, row.setup_hash, halls.setup(here, row))
    gained = events.after(tx, moved.hall, moved.seq)
    if broken_at(gained, moved.hash, moved.seq) is not None or moved.seq + len(gained) != row.now.seq:
        raise OutsideError("move_incomplete", table=log.name)
    tables, wanted = rows_of(tx, moved.hall), rows_of(here, id)
    for name, n in wanted.items():
        if tables[name] != n:
            raise OutsideError("move_incomplete", table=name)
    return replace(moved, code=dict(halls.listed(here))[id], seq=row.now.seq, hash=row.now.hash, tables=tables)


def _differs(both: Connection, table: Table, id: int) -> bool:
    """Whether a table has other rows than before; most have not, and are not read one by one."""
    names = ", ".join(f'"{column.name}"' for column in table.c)
    now, before = (f'SELECT {names} FROM {schema}."{table.name}" WHERE hall = {id:d}' for schema in ("main", BEFORE))
    found = both.exec_driver_sql(f"SELECT EXISTS ({now} EXCEPT {before}) OR EXISTS ({before} EXCEPT {now})")
    return bool(found.scalar_one())


def _carry_rows(tx: Transaction, table: Table, id: int, hall: int, both: Connection) -> None:
    before = table.to_metadata(MetaData(), schema=BEFORE)
    names = [column.name for column in table.c if column.name != "hall"]

    def of(which: Table) -> Select[Any]:
        return select(*(which.c[name] for name in names)).where(which.c.hall == id)

    gone = [row._mapping for row in both.execute(of(before).except_(of(table)))]
    came = [row._mapping for row in both.execute(of(table).except_(of(before)))]
    if table is access:
        # Its rows are numbered by each database for itself.
        if gone:
            tx.execute(table.delete().where(table.c.hall == hall))
            came = [row._mapping for row in both.execute(of(table))]
        names.remove("id")
    elif gone:
        keys = list(table.primary_key)
        for at in range(0, len(gone), _AT_ONCE):
            rows = ({"hall": hall, **row} for row in gone[at : at + _AT_ONCE])
            among = [tuple(row[key.name] for key in keys) for row in rows]
            tx.execute(table.delete().where(tuple_(*keys).in_(among)))
    if came:
        tx.execute(insert(table), [{"hall": hall, **{name: row[name] for name in names}} for row in came])


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Raise OutsideError for what goes wrong with a file."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        trouble = outside(error, path)
        if trouble is None:
            raise
        raise trouble from error
