"""Reported indicators, which stand in the log alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from queuedesk.store.database import Transaction
from queuedesk.store.schema import events


def reports(tx: Transaction, hall: int) -> list[list[dict[str, Any]]]:
    """Return the rows of every report, the earliest first."""
    statement = select(events.c.data).where(events.c.hall == hall, events.c.kind == "indicators").order_by(events.c.seq)
    return [data["rows"] for data in tx.execute(statement).scalars()]
