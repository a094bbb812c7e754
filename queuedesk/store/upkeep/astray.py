"""Whether the tables follow from the log: what that comes to is worked out in a database of its own."""

from __future__ import annotations

from sqlalchemy import Table, select, type_coerce
from sqlalchemy.types import NULLTYPE

from queuedesk.core.log.shapes import Fault
from queuedesk.store.engine.throw_away import throw_away
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.log import events
from queuedesk.store.log.book import Book
from queuedesk.store.parts import halls
from queuedesk.store.parts.register import FOLLOWING
from queuedesk.store.rights.untold import HIDDEN, is_told
from queuedesk.store.schema.tables import halls as HALLS  # noqa: N812


def tables(tx: Transaction, hall: int) -> tuple[list[str], dict[int, Fault]]:
    """Return the names of the tables that do not follow from the log, and its events that can't be applied.

    They are compared row by row, so that it takes no more memory for a long log than for a short one. What this login
    may not read is not looked at.
    """
    with throw_away() as fresh:
        halls.create(fresh, hall, "")
        aside = Book(fresh, hall).replay(events.all_of(tx, hall))
        wrong = []
        for table in (*FOLLOWING, HALLS):
            names = [column.name for column in table.c if is_told(tx) or column.name not in HIDDEN.get(table, ())]
            if _sum(tx, table, names, hall) != _sum(fresh, table, names, hall):
                wrong.append(table.name)
        # A wrong time of an event that was set aside may stand in the row of an old hall: load() knows better.
        if not wrong and halls.load(tx, hall).now != halls.load(fresh, hall).now:
            wrong = [HALLS.name]
    return wrong, aside


def _sum(tx: Transaction, table: Table, names: list[str], hall: int) -> tuple[int, int]:
    """Return how many rows a table holds of a hall and what they come to as they are stored, in whatever order."""
    columns = [type_coerce(table.c[name], NULLTYPE) for name in names if table.c[name] is not HALLS.c.at]
    rows = select(*columns).where((HALLS.c.id if table is HALLS else table.c.hall) == hall)
    count = total = 0
    with tx.execute(rows.execution_options(yield_per=events.PAGE)) as found:
        for row in found:
            count += 1
            total += hash(repr(tuple(row)))
    return count, total
