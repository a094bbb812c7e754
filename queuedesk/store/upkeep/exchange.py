"""Copies logs unchanged: a hall's log into a file or another database, and a whole database into another.

A database is built aside and put in place whole or not at all. A hall that was copied to a server is brought up to date
with what its file gained meanwhile: the file is copied aside in one piece, and its copy goes to the server while people
work on. Then, while nobody can change the file, both are compared row by row, and what differs goes after it."""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, MetaData, Select, Table, bindparam, func, insert, select, tuple_, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import Event, first_broken_seq
from queuedesk.files.writing import create_empty_private_file
from queuedesk.store.engine import hall_file
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.faults import outside_error_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts import halls
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.rights.withheld_ratings import may_read_ratings
from queuedesk.store.schema import (
    LEARNED,
    MOVING_FEATURE_TABLES,
    OUTSIDE,
    access,
    announcements,
    beats,
    database,
    table_named,
)
from queuedesk.store.schema import events as log
from queuedesk.store.upkeep.pack import DAMAGE, HallArchiveReader, HallCopy, PackKind, write_hall_archive

# When a call was shown and spoken, for the receiver's reports. What names or protects people (comments, PINs, refusals,
# the words of commands) stays where it was written.
EXPORT = PackKind("queuedesk-export", (announcements,), "export")
_AT_ONCE = 2000


def write_hall_export(tx: Transaction, hall: int, path: Path, *, program: str, made: datetime) -> None:
    """Write one hall; the file at `path` is replaced as a whole. Raises OutsideError "cannot_write", "not_this_pc" for
    a login that does not read the whole log."""
    if not may_read_ratings(tx):
        raise OutsideError("not_this_pc")
    write_hall_archive(tx, path, EXPORT, [hall], program=program, made=made)


class ExportFile(HallArchiveReader):
    """An exported file, open for reading: "export_damaged", "export_newer"."""

    KIND = EXPORT

    def receiving_hall_id(self, tx: Transaction, copy: HallCopy) -> int | None:
        """Return the id of the receiver's hall with the code of `copy`, None if there is none."""
        return next((id for id, code in halls.hall_ids_and_codes(tx) if code == copy.code), None)

    def merge_hall(self, tx: Transaction, copy: HallCopy) -> tuple[int, int]:
        """Add to the receiver's hall what its log lacks, and update its tables; return its id and how many events were
        added. A missing hall is made; one that has as much, or more, stays as it is. Raises RuleError
        "histories_differ" (hall), OutsideError "export_damaged"."""
        try:
            hall = self.receiving_hall_id(tx, copy)
            if hall is None:
                hall = max((id for id, _code in halls.hall_ids_and_codes(tx)), default=0) + 1
                halls.insert_hall_row_with_id(tx, hall, copy.code)
            have = halls.load_hall_row(tx, hall).now
            if have.seq >= copy.seq:
                if events.event_with_seq(tx, hall, copy.seq).hash != copy.hash:
                    raise RuleError("histories_differ", hall=copy.code)
                return hall, 0
            with closing(self.events(copy.id)) as log:
                last: Event | None = None
                for last in islice(log, have.seq):  # noqa: B007 - read on to where the receiver stands
                    pass
                if last is not None and last.hash != have.hash:
                    raise RuleError("histories_differ", hall=copy.code)
                while missing := list(islice(log, _AT_ONCE)):
                    _take_over_events(tx, hall, missing)
            if not halls.load_hall_row(tx, hall).setup_hash:
                raise self.damaged_error()
            for table in EXPORT.beside:
                self.write_table_into_hall(tx, table, copy.id, hall, since=have.seq)
        except DAMAGE as error:
            raise self.damaged_error() from error
        except StatementError as error:
            if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError):
                raise  # The database's own trouble, not the file's.
            raise self.damaged_error() from error
        return hall, copy.seq - have.seq


def _take_over_events(tx: Transaction, hall: int, missing: list[Event]) -> None:
    book = HallWriter(tx, hall)
    for event in missing:
        book.take_over_event(event)
    book.close()


# -- copies a whole database into another: logs unchanged, every row counted -----------------------------------------

# What follows from the log goes along: working it out anew would take a hall of many years out of work for an hour.
WHOLE = PackKind("queuedesk-whole", tuple(map(table_named, (*OUTSIDE, *FOLLOWING, *LEARNED))), "backup")


class MovedHall(Struct, frozen=True, kw_only=True):
    """A hall in its new database: its id there, its log's end, and how many rows each table has."""

    hall: int
    code: str
    seq: int
    hash: str
    tables: dict[str, int]


def write_whole_database(tx: Transaction, path: Path, *, program: str, made: datetime) -> None:
    """Write everything the transaction sees; the file at `path` is replaced as a whole. Raises OutsideError
    "cannot_write"."""
    write_hall_archive(tx, path, WHOLE, [id for id, _code in halls.hall_ids_and_codes(tx)], program=program, made=made)


class WholeDatabaseFile(HallArchiveReader):
    """Such a file, open for reading: "backup_damaged"."""

    KIND = WHOLE

    def load_hall(self, tx: Transaction, copy: HallCopy, like: Transaction) -> MovedHall:
        """Write a hall of the file into another database, with the original's counters, and count everything there.
        What an earlier try left there is replaced, unless somebody has worked on with it. Raises OutsideError
        "backup_damaged", "move_incomplete" (table), RuleError "hall_there" where another hall has that code."""
        there = {code: id for id, code in halls.hall_ids_and_codes(tx)}
        hall = there.get(copy.code)
        if hall is not None and self._has_same_hall_gone_on(tx, copy, hall):
            return self._verified_moved_hall_of_copy(tx, copy, hall, None)
        if hall is not None:
            _delete_hall_rows_but_pcs(tx, hall)
        else:
            hall = max(there.values(), default=0) + 1
            halls.insert_hall_row_with_id(tx, hall, copy.code)
        row = halls.load_hall_row(like, copy.id)
        try:
            events.append_foreign_events(tx, hall, self.events(copy.id))
            for table in WHOLE.beside:
                self.write_table_into_hall(tx, table, copy.id, hall)
        except DAMAGE as error:
            raise self.damaged_error() from error
        halls.save_counters(tx, hall, row.now)
        halls.save_setup(tx, hall, row.setup_hash, halls.setup_of_hall_row(like, row))
        return self._verified_moved_hall_of_copy(
            tx, copy, hall, {table: self.row_count_of_table(copy.id, table) for table in WHOLE.beside}
        )

    def _has_same_hall_gone_on(self, tx: Transaction, copy: HallCopy, hall: int) -> bool:
        """Tell whether the hall there is this one with more behind it. Raises RuleError "hall_there" when it is another
        one."""
        now = halls.load_hall_row(tx, hall).now
        if now.seq > copy.seq:
            known = events.event_with_seq(tx, hall, copy.seq).hash == copy.hash
        else:
            known = now.seq == 0 or any(event.hash == now.hash for event in self.events(copy.id))
        if not known:
            raise RuleError("hall_there", hall=copy.code)
        return now.seq > copy.seq

    def _verified_moved_hall_of_copy(
        self, tx: Transaction, copy: HallCopy, hall: int, wanted: Mapping[Table, int] | None
    ) -> MovedHall:
        """Count what stands there and read its log again; `wanted` are the rows of each table, None where more have
        come since."""
        rows = hall_row_counts_by_table(tx, hall)
        for table, n in {**(wanted or {}), **({log: copy.seq} if wanted is not None else {})}.items():
            if rows[table.name] != n:
                raise OutsideError("move_incomplete", table=table.name)
        if (
            first_broken_seq(events.all_events(tx, hall)) is not None
            or events.event_with_seq(tx, hall, copy.seq).hash != copy.hash
        ):
            raise OutsideError("move_incomplete", table=log.name)
        return MovedHall(hall=hall, code=copy.code, seq=copy.seq, hash=copy.hash, tables=rows)


def moved_to_address(tx: Transaction) -> str | None:
    """Return the address to which this database has moved, None if it has not."""
    return tx.execute(select(database.c.moved_to)).scalar_one_or_none()


def set_or_clear_database_new_address(tx: Transaction, to: str | None) -> None:
    """Make this database read-only, as one that has moved to the address `to`; None undoes that."""
    tx.execute(update(database).values(moved_to=to))


def undo_hall_move(tx: Transaction, moved: MovedHall) -> None:
    """Take a hall away again that stays where it was, unless somebody has worked on with it here."""
    now = halls.load_hall_row(tx, moved.hall).now
    if (now.seq, now.hash) == (moved.seq, moved.hash):
        _delete_hall_rows_but_pcs(tx, moved.hall)
        halls.reset_hall_row(tx, moved.hall)


def _delete_hall_rows_but_pcs(tx: Transaction, hall: int) -> None:
    """Take away what a hall holds; its PCs keep their credentials, and whoever follows it begins anew."""
    for table in (*WHOLE.beside, *map(table_named, MOVING_FEATURE_TABLES), beats, log):
        tx.execute(table.delete().where(table.c.hall == hall))
    tx.execute(update(database).values(epoch=secrets.token_hex(8)))


def hall_row_counts_by_table(tx: Transaction, hall: int) -> dict[str, int]:
    """Return how many rows each table has for a hall, by its name."""
    return dict(tx.execute(_row_count_statement(), {"in": hall}).one()._mapping)


@cache
def _row_count_statement() -> Select[Any]:
    return select(
        *(
            select(func.count())
            .select_from(table)
            .where(table.c.hall == bindparam("in"))
            .scalar_subquery()
            .label(table.name)
            for table in (log, *WHOLE.beside)
        )
    )


@contextmanager
def opening_new_database_draft(target: Path | None) -> Iterator[Database]:
    """Open an empty database; if the block succeeds it is put at `target`, safe on the disk, else nothing is. Without a
    target it is always deleted. Raises RuleError "exists", OutsideError "cannot_write", "database_full"."""
    target = target.absolute() if target is not None else None
    try:
        if target is not None and target.exists():
            raise RuleError("exists", path=str(target))
        folder = tempfile.TemporaryDirectory(
            prefix=".queuedesk-" if target else "queuedesk-",
            dir=target.parent if target else None,
            ignore_cleanup_errors=True,
        )
    except OSError as error:
        raise OutsideError("cannot_write", path=str(target or tempfile.gettempdir())) from error
    with folder as name:
        file = Path(name) / "hall.sqlite"
        with Database.create(file, is_draft=True) as database:
            yield database
        if target is not None:
            _place_database_safely(file, target)


def _place_database_safely(file: Path, target: Path) -> None:
    try:
        with closing(hall_file.open_file_connection(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        _sync_to_disk(file, os.O_RDWR)
        hall_file.place_file_or_refuse_if_exists(file, target)
        if os.name == "posix":
            _sync_to_disk(target.parent, os.O_RDONLY)
    except (sqlite3.Error, OSError) as error:
        trouble = outside_error_of(error, target)
        if trouble is not None and trouble.code == "database_full":
            raise trouble from error
        raise OutsideError("cannot_write", path=str(target)) from error


def _sync_to_disk(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_CARRYING_AT_ONCE = 500


def copy_hall_file_at_one_moment(path: Path, copy: Path) -> None:
    """Copy a hall's file as it stands at one moment; who works on with it waits for nothing. Raises OutsideError."""
    with _file_errors_as_outside(path):
        create_empty_private_file(copy)
        with (
            closing(hall_file.open_file_connection(path)) as here,
            closing(hall_file.open_file_connection(copy, is_draft=True)) as there,
        ):
            here.backup(there)


@contextmanager
def connection_to_file_and_copy(path: Path, copy: Path) -> Iterator[Connection]:
    """Open a file and its copy of before in one connection, which sees both as they are now. Raises OutsideError."""
    with _file_errors_as_outside(path):
        engine = hall_file.engine_with_copy_attached(path, copy)
        try:
            with engine.connect() as both:
                yield both
        finally:
            engine.dispose()


def bring_moved_copy_up_to_date(
    tx: Transaction, moved: MovedHall, id: int, here: Transaction, both: Connection
) -> MovedHall:
    """Bring the copy `moved` of the hall `id` up to date with the file of `here`, which nobody else can change, and
    count it again; `both` compares that file with what was copied. Raises RuleError "hall_there" where somebody has
    worked on in the copy, OutsideError "move_incomplete" (table) where the file has another past by now or not
    everything arrived."""
    halls.lock_halls(tx, [moved.hall])
    row, there = halls.load_hall_row(here, id), halls.load_hall_row(tx, moved.hall).now
    if (there.seq, there.hash) != (moved.seq, moved.hash):
        if row.now.seq != moved.seq:
            raise RuleError("hall_there", hall=moved.code)
        return moved  # What was done there is more than the file has.
    if row.now.seq < moved.seq or events.event_with_seq(here, id, moved.seq).hash != moved.hash:
        raise OutsideError("move_incomplete", table=log.name)
    events.append_foreign_events(tx, moved.hall, events.events_after(here, id, moved.seq))
    for table in WHOLE.beside:
        if _has_table_changed(both, table, id):
            _apply_row_differences(tx, table, id, moved.hall, both)
    for table in map(table_named, MOVING_FEATURE_TABLES):
        tx.execute(table.delete().where(table.c.hall == moved.hall))
        kept = here.execute(select(table).where(table.c.hall == id)).mappings().all()
        if kept:
            tx.execute(insert(table), [{**row, "hall": moved.hall} for row in kept])
    halls.save_counters(tx, moved.hall, row.now)
    halls.save_setup(tx, moved.hall, row.setup_hash, halls.setup_of_hall_row(here, row))
    gained = events.events_after(tx, moved.hall, moved.seq)
    if first_broken_seq(gained, moved.hash, moved.seq) is not None or moved.seq + len(gained) != row.now.seq:
        raise OutsideError("move_incomplete", table=log.name)
    tables, wanted = hall_row_counts_by_table(tx, moved.hall), hall_row_counts_by_table(here, id)
    for name, n in wanted.items():
        if tables[name] != n:
            raise OutsideError("move_incomplete", table=name)
    return replace(
        moved, code=dict(halls.hall_ids_and_codes(here))[id], seq=row.now.seq, hash=row.now.hash, tables=tables
    )


def _has_table_changed(both: Connection, table: Table, id: int) -> bool:
    """Whether a table has other rows than before; most have not, and are not read one by one."""
    names = ", ".join(f'"{column.name}"' for column in table.c)
    now, before = (
        f'SELECT {names} FROM {schema}."{table.name}" WHERE hall = {id:d}' for schema in ("main", hall_file.BEFORE)
    )
    result = both.exec_driver_sql(f"SELECT EXISTS ({now} EXCEPT {before}) OR EXISTS ({before} EXCEPT {now})")
    return bool(result.scalar_one())


def _apply_row_differences(tx: Transaction, table: Table, id: int, hall: int, both: Connection) -> None:
    before = table.to_metadata(MetaData(), schema=hall_file.BEFORE)
    names = [column.name for column in table.c if column.name != "hall"]

    def hall_rows_statement(which: Table) -> Select[Any]:
        return select(*(which.c[name] for name in names)).where(which.c.hall == id)

    gone = [row._mapping for row in both.execute(hall_rows_statement(before).except_(hall_rows_statement(table)))]
    came = [row._mapping for row in both.execute(hall_rows_statement(table).except_(hall_rows_statement(before)))]
    if table is access:
        # Its rows are numbered by each database for itself.
        if gone:
            tx.execute(table.delete().where(table.c.hall == hall))
            came = [row._mapping for row in both.execute(hall_rows_statement(table))]
        names.remove("id")
    elif gone:
        keys = list(table.primary_key)
        for at in range(0, len(gone), _CARRYING_AT_ONCE):
            rows = ({"hall": hall, **row} for row in gone[at : at + _CARRYING_AT_ONCE])
            among = [tuple(row[key.name] for key in keys) for row in rows]
            tx.execute(table.delete().where(tuple_(*keys).in_(among)))
    if came:
        tx.execute(insert(table), [{"hall": hall, **{name: row[name] for name in names}} for row in came])


@contextmanager
def _file_errors_as_outside(path: Path) -> Iterator[None]:
    """Raise OutsideError for what goes wrong with a file."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        trouble = outside_error_of(error, path)
        if trouble is None:
            raise
        raise trouble from error
