"""Reads reported indicators, which stand in the log alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from queuedesk.core.log.event import are_event_data_readable
from queuedesk.store.engine.types import Transaction
from queuedesk.store.schema import events

# The kind stands in the statement itself: with a parameter in its place no partial index would do.
_KIND: ColumnElement[str] = bindparam(None, "indicators", literal_execute=True)
_REPORTS = (
    select(events.c.data).where(events.c.hall == bindparam("hall"), events.c.kind == _KIND).order_by(events.c.seq)
)


def indicator_reports(tx: Transaction, hall: int) -> list[list[dict[str, Any]]]:
    """Return the rows of every report, the earliest first."""
    return [
        data["rows"]
        for data in tx.execute(_REPORTS, {"hall": hall}).scalars()
        if are_event_data_readable("indicators", data)
    ]
