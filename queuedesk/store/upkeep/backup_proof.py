"""Proves a backup or the tables: each is worked out in a throw-away database and compared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select, type_coerce
from sqlalchemy.types import NULLTYPE

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.measures.document import Tally, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.log.event import Fault
from queuedesk.store.engine.throw_away import throw_away
from queuedesk.store.engine.types import UNREADABLE, Transaction
from queuedesk.store.figures import measured
from queuedesk.store.log import events, log_dates
from queuedesk.store.log.book import Book
from queuedesk.store.parts import halls
from queuedesk.store.parts.halls import LogEnd
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.rights.withheld_ratings import HIDDEN, reads_ratings
from queuedesk.store.schema.tables import OUTSIDE
from queuedesk.store.schema.tables import events as log
from queuedesk.store.schema.tables import halls as HALLS  # noqa: N812
from queuedesk.store.upkeep.backup import Backup

MOST_ROWS_NAMED = 3
Summary = dict[str, Any]
"""Of one hall: the log's end, the rows of every table, the figures of its last date."""


def summary(tx: Transaction) -> dict[int, Summary]:
    """Return what is compared for every hall that has a log, by its id."""
    return {end.id: _of_hall(tx, end) for end in halls.ends(tx) if end.seq}


def _of_hall(tx: Transaction, end: LogEnd) -> Summary:
    found: Summary = {"log": (end.seq, end.hash)}
    for table in (log, *OUTSIDE, *FOLLOWING):
        rows = select(func.count()).select_from(table).where(table.c.hall == end.id)
        found[table.name] = tx.execute(rows).scalar_one()
    try:
        found["figures"] = _of_last_date(tx, end.id)
    except UNREADABLE as error:
        found["figures"] = type(error).__name__
    return found


def _of_last_date(tx: Transaction, hall: int) -> Any:
    row = halls.load(tx, hall)
    day, now = row.now.date, row.now.at
    if day is None or now is None:
        return None
    setup, tally = halls.setup(tx, row), Tally()
    tally.add(measured.Reader(tx, hall, setup, now).day(day))
    logged = log_dates.by_date(tx, hall, day, day)
    return figures(scope_of(setup, day, day), tally, measured.log_range(tx, hall, logged.values()))


def prove(file: Path, wanted: dict[int, Summary]) -> None:
    """Restore a backup into a throw-away hall and compare. Raises OutsideError "backup_unproven" (path, what: the first
    difference), and what a database without room raises."""
    wrong = unlike(wanted, of_backup(file))
    if wrong is not None:
        raise OutsideError("backup_unproven", path=str(file), what=wrong)


def of_backup(file: Path) -> dict[int, Summary]:
    """Return the summaries of a backup's halls, restored into a throw-away database. Raises as prove() does."""
    try:
        with Backup(file) as backup, throw_away() as tx:
            for copy in backup.check():
                backup.load(tx, copy)
            return summary(tx)
    except OutsideError as error:
        if error.code not in ("backup_damaged", "wrong_kind"):
            raise
        raise OutsideError("backup_unproven", path=str(file), what="file") from error


def unlike(wanted: dict[int, Summary], found: dict[int, Summary]) -> str | None:
    """Return the first difference between `wanted` and `found`, None if there is none."""
    if set(found) != set(wanted):
        return "halls"
    return next((key for id, one in wanted.items() for key in sorted(one) if one[key] != found[id].get(key)), None)


def must_say_the_same(tx: Transaction, wanted: dict[int, Summary]) -> None:
    """Check that the halls have the same summaries as their throw-away copy. Raises ValueError (what differs)."""
    if (wrong := unlike(wanted, summary(tx))) is not None:
        raise ValueError(wrong)


# -- whether the tables follow from the log: what that comes to is worked out in a database of its own ---------------


def tables_astray(tx: Transaction, hall: int) -> tuple[list[str], dict[int, Fault]]:
    """Return the tables that do not follow from the log, with the keys of a few rows that differ, and its events that
    can't be applied.

    They are compared row by row, so that a long log needs no more memory than a short one. What this login may not read
    is skipped.
    """
    with throw_away() as fresh:
        halls.create(fresh, hall, "")
        aside = Book(fresh, hall).replay(events.all_of(tx, hall))
        wrong = []
        for table in (*FOLLOWING, HALLS):
            names = [column.name for column in table.c if reads_ratings(tx) or column.name not in HIDDEN.get(table, ())]
            if names and _sum(tx, table, names, hall) != _sum(fresh, table, names, hall):
                wrong.append(_with_rows(tx, fresh, table, names, hall))
        # A wrong time of an event that was set aside may stand in the row of an old hall: load() knows better.
        if not wrong and halls.load(tx, hall).now != halls.load(fresh, hall).now:
            wrong = [HALLS.name]
    return wrong, aside


def _with_rows(tx: Transaction, fresh: Transaction, table: Table, names: list[str], hall: int) -> str:
    """Return a table's name with the keys of the first rows that are missing, too many or different."""
    keys = [column.name for column in table.primary_key if column.name not in ("hall", "id")]
    if not keys or not set(keys) <= set(names):
        return table.name
    here, there = (set(map(repr, _rows(one, table, names, hall))) for one in (tx, fresh))
    astray = {
        " ".join(str(row[names.index(key)]) for key in keys): None
        for one, other in ((tx, there), (fresh, here))
        for row in _rows(one, table, names, hall)
        if repr(row) not in other
    }
    named = [*islice(astray, MOST_ROWS_NAMED), *(["…"] if len(astray) > MOST_ROWS_NAMED else [])]
    return f"{table.name} ({', '.join(named)})" if named else table.name


def _rows(tx: Transaction, table: Table, names: list[str], hall: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a hall as they are stored."""
    with tx.execute(_as_stored(table, *names), {"of": hall}) as found:
        yield from map(tuple, found)


@cache
def _as_stored(table: Table, *names: str) -> Select[Any]:
    """To build it takes as long as to carry it out."""
    columns: list[Any] = [type_coerce(table.c[name], NULLTYPE) for name in names]
    rows = select(*columns).where((HALLS.c.id if table is HALLS else table.c.hall) == bindparam("of"))
    return rows.execution_options(yield_per=events.PAGE)


def _sum(tx: Transaction, table: Table, names: list[str], hall: int) -> tuple[int, int]:
    """Return how many rows a table holds of a hall and what they come to as they are stored, in whatever order."""
    count = total = 0
    for row in _rows(tx, table, [name for name in names if table.c[name] is not HALLS.c.at], hall):
        count += 1
        total += hash(repr(row))
    return count, total
