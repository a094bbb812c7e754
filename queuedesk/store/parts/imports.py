"""The ledger of other channels' totals by time, and what the hall itself finished."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from queuedesk.core.imports.channel import ChannelTotal
from queuedesk.core.log.state import TOTALS
from queuedesk.core.queue.ticket import FINISHED_ENDS
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import part_tables
from queuedesk.store.schema.tables import channel_totals as table
from queuedesk.store.schema.tables import legs


def channel_totals(
    tx: Transaction, hall: int, first: date | None = None, last: date | None = None
) -> list[ChannelTotal]:
    """Return the totals whose whole month or date lies between `first` and `last`, the earliest first."""
    wanted = [*([table.c.first >= first] if first else []), *([table.c.last <= last] if last else [])]
    return list(part_tables.among(tx, hall, TOTALS, *wanted).values())


def finished_by_service(tx: Transaction, hall: int, first: date, last: date) -> dict[tuple[str, date], int]:
    """Return how many legs the hall finished by service and date, as the figures of its services count them."""
    statement = (
        select(legs.c.service, legs.c.date, func.count())
        .where(legs.c.hall == hall, legs.c.date >= first, legs.c.date <= last)
        .where(legs.c.finished.is_not(None), legs.c.end.in_(sorted(FINISHED_ENDS)))
        .group_by(legs.c.service, legs.c.date)
    )
    return {(service, day): n for service, day, n in tx.execute(statement)}
