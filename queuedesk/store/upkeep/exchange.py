"""Copies logs unchanged: a hall's log into a file or another database, and a whole database into another."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, Table, bindparam, func, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import Event, broken_at
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.log.book import Book
from queuedesk.store.parts import halls
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.rights.withheld_ratings import reads_ratings
from queuedesk.store.schema.beside import announcements, database
from queuedesk.store.schema.tables import LEARNED, OUTSIDE, beats
from queuedesk.store.schema.tables import events as log
from queuedesk.store.upkeep.pack import DAMAGE, HallCopy, Kind, Pack, write_pack

# When a call was shown and spoken, for the receiver's reports. What names or protects people (comments, PINs, refusals,
# the words of commands) stays where it was written.
EXPORT = Kind("queuedesk-export", (announcements,), "export")
_AT_ONCE = 2000


def write_export(tx: Transaction, hall: int, path: Path, *, program: str, made: datetime) -> None:
    """Write one hall; the file at `path` is replaced as a whole.

    Raises OutsideError "cannot_write", "not_this_pc" for a login that does not read the whole log.
    """
    if not reads_ratings(tx):
        raise OutsideError("not_this_pc")
    write_pack(tx, path, EXPORT, [hall], program=program, made=made)


class Export(Pack):
    """An exported file, open for reading: "export_damaged", "export_newer"."""

    KIND = EXPORT

    def receiver(self, tx: Transaction, copy: HallCopy) -> int | None:
        """Return the id of the receiver's hall with the code of `copy`, None if there is none."""
        return next((id for id, code in halls.listed(tx) if code == copy.code), None)

    def merge(self, tx: Transaction, copy: HallCopy) -> tuple[int, int]:
        """Add to the receiver's hall what its log lacks, and update its tables; return its id and how many events were
        added.

        A missing hall is made; one that has as much, or more, stays as it is. Raises RuleError "histories_differ"
        (hall), OutsideError "export_damaged".
        """
        try:
            hall = self.receiver(tx, copy)
            if hall is None:
                hall = max((id for id, _code in halls.listed(tx)), default=0) + 1
                halls.create(tx, hall, copy.code)
            have = halls.load(tx, hall).now
            if have.seq >= copy.seq:
                if events.one(tx, hall, copy.seq).hash != copy.hash:
                    raise RuleError("histories_differ", hall=copy.code)
                return hall, 0
            with closing(self.events(copy.id)) as log:
                last: Event | None = None
                for last in islice(log, have.seq):  # noqa: B007 - read on to where the receiver stands
                    pass
                if last is not None and last.hash != have.hash:
                    raise RuleError("histories_differ", hall=copy.code)
                while missing := list(islice(log, _AT_ONCE)):
                    _take(tx, hall, missing)
            if not halls.load(tx, hall).setup_hash:
                raise self.damaged()
            for table in EXPORT.beside:
                self.load_table(tx, table, copy.id, hall, since=have.seq)
        except DAMAGE as error:
            raise self.damaged() from error
        except StatementError as error:
            if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError):
                raise  # The database's own trouble, not the file's.
            raise self.damaged() from error
        return hall, copy.seq - have.seq


def _take(tx: Transaction, hall: int, missing: list[Event]) -> None:
    book = Book(tx, hall)
    for event in missing:
        book.take_over(event)
    book.close()


# -- copies a whole database into another: logs unchanged, every row counted -----------------------------------------

# What follows from the log goes along: working it out anew would take a hall of many years out of work for an hour.
WHOLE = Kind("queuedesk-whole", (*OUTSIDE, *FOLLOWING, *LEARNED), "backup")


class Moved(Struct, frozen=True, kw_only=True):
    """A hall in its new database: its id there, its log's end, and how many rows each table has."""

    hall: int
    code: str
    seq: int
    hash: str
    tables: dict[str, int]


def write_whole(tx: Transaction, path: Path, *, program: str, made: datetime) -> None:
    """Write everything the transaction sees; the file at `path` is replaced as a whole. Raises OutsideError
    "cannot_write"."""
    write_pack(tx, path, WHOLE, [id for id, _code in halls.listed(tx)], program=program, made=made)


class Whole(Pack):
    """Such a file, open for reading: "backup_damaged"."""

    KIND = WHOLE

    def load(self, tx: Transaction, copy: HallCopy, like: Transaction) -> Moved:
        """Write a hall of the file into another database, with the original's counters, and count everything there.

        What an earlier try left there is replaced, unless somebody has worked on with it. Raises OutsideError
        "backup_damaged", "move_incomplete" (table), RuleError "hall_there" where another hall has that code.
        """
        there = {code: id for id, code in halls.listed(tx)}
        hall = there.get(copy.code)
        if hall is not None and self._has_gone_on(tx, copy, hall):
            return self._counted(tx, copy, hall, None)
        if hall is not None:
            _empty(tx, hall)
        else:
            hall = max(there.values(), default=0) + 1
            halls.create(tx, hall, copy.code)
        row = halls.load(like, copy.id)
        try:
            events.append_copies(tx, hall, self.events(copy.id))
            for table in WHOLE.beside:
                self.load_table(tx, table, copy.id, hall)
        except DAMAGE as error:
            raise self.damaged() from error
        halls.save(tx, hall, row.now)
        halls.save_setup(tx, hall, row.setup_hash, halls.setup(like, row))
        return self._counted(tx, copy, hall, {table: self.lines_of(copy.id, table) for table in WHOLE.beside})

    def _has_gone_on(self, tx: Transaction, copy: HallCopy, hall: int) -> bool:
        """Tell whether the hall there is this one with more behind it. Raises RuleError "hall_there" when it is another
        one."""
        now = halls.load(tx, hall).now
        if now.seq > copy.seq:
            known = events.one(tx, hall, copy.seq).hash == copy.hash
        else:
            known = now.seq == 0 or any(event.hash == now.hash for event in self.events(copy.id))
        if not known:
            raise RuleError("hall_there", hall=copy.code)
        return now.seq > copy.seq

    def _counted(self, tx: Transaction, copy: HallCopy, hall: int, wanted: Mapping[Table, int] | None) -> Moved:
        """Count what stands there and read its log again; `wanted` are the rows of each table, None where more have
        come since."""
        rows = rows_of(tx, hall)
        for table, n in {**(wanted or {}), **({log: copy.seq} if wanted is not None else {})}.items():
            if rows[table.name] != n:
                raise OutsideError("move_incomplete", table=table.name)
        if broken_at(events.all_of(tx, hall)) is not None or events.one(tx, hall, copy.seq).hash != copy.hash:
            raise OutsideError("move_incomplete", table=log.name)
        return Moved(hall=hall, code=copy.code, seq=copy.seq, hash=copy.hash, tables=rows)


def moved_to(tx: Transaction) -> str | None:
    """Return the address to which this database has moved, None if it has not."""
    return tx.execute(select(database.c.moved_to)).scalar_one_or_none()


def mark_moved(tx: Transaction, to: str | None) -> None:
    """Make this database read-only, as one that has moved to the address `to`; None undoes that."""
    tx.execute(update(database).values(moved_to=to))


def take_back(tx: Transaction, moved: Moved) -> None:
    """Take a hall away again that stays where it was, unless somebody has worked on with it here."""
    now = halls.load(tx, moved.hall).now
    if (now.seq, now.hash) == (moved.seq, moved.hash):
        _empty(tx, moved.hall)
        halls.begin_anew(tx, moved.hall)


def _empty(tx: Transaction, hall: int) -> None:
    """Take away what a hall holds; its PCs keep their credentials, and whoever follows it begins anew."""
    for table in (*WHOLE.beside, beats, log):
        tx.execute(table.delete().where(table.c.hall == hall))
    tx.execute(update(database).values(epoch=secrets.token_hex(8)))


def rows_of(tx: Transaction, hall: int) -> dict[str, int]:
    """Return how many rows each table has for a hall, by its name."""
    return dict(tx.execute(_counting(), {"in": hall}).one()._mapping)


@cache
def _counting() -> Select[Any]:
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
