"""What stands in place of ratings for logins that may not read them.

`rights_tables.py` keeps these columns from them; they write what a customer says, and read that something was said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, exists, literal, literal_column, null, text

from queuedesk.core.talk.remarks import UNTOLD
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.engine.types import Json
from queuedesk.store.schema.tables import opinions, ratings, tickets

WHOLE = "whole"
"""The column that a server's table of events has for the whole of an event's data; `data` has there what everybody may
read (rights_functions.py)."""
_KEY = "queuedesk told of ratings"
# NULL where there is no such column: in a database whose owner may not make triggers.
_MAY = text(
    "SELECT (SELECT has_column_privilege(attrelid, attnum, 'SELECT') FROM pg_attribute"
    f" WHERE attrelid = to_regclass('public.events') AND attname = '{WHOLE}' AND NOT attisdropped)"
)
# Only what is finished is rated, and stays so: of the others it need not be asked.
_IS_RATED = exists(ratings.c.label).where(*(ratings.c[key] == tickets.c[key] for key in ("hall", "date", "label")))
_SAID = {"tags": literal([], Json), "comment": null()}
_INSTEAD: Mapping[Table, Mapping[str, ColumnElement[Any]]] = {
    tickets: {"rating": case((and_(tickets.c.state == literal_column("'finished'"), _IS_RATED), UNTOLD))},
    ratings: {"level": literal(UNTOLD), **_SAID, "attitude": null(), "competence": null()},
    opinions: {"level": literal(UNTOLD), **_SAID},
}
HIDDEN: Mapping[Table, frozenset[str]] = {table: frozenset(instead) for table, instead in _INSTEAD.items()}
"""The columns that only a manager's PC reads."""


def is_told(tx: Transaction) -> bool:
    """Whether this login reads how customers rated; whoever has a file does."""
    return _may(tx) is not False


def is_split(tx: Transaction) -> bool:
    """Whether this login reads the whole of an event's data in a column of its own."""
    return _may(tx) is True


def _may(tx: Transaction) -> bool | None:
    if tx.dialect.name == "sqlite":
        return None
    if _KEY not in tx.info:
        tx.info[_KEY] = tx.execute(_MAY).scalar_one()
    known: bool | None = tx.info[_KEY]
    return known


def columns(table: Table, *, told: bool) -> Sequence[ColumnElement[Any]]:
    """Return what to select for a row of a table: its columns, or what stands in their place."""
    instead = {} if told else _INSTEAD.get(table, {})
    return [instead[column.name].label(column.name) if column.name in instead else column for column in table.c]
