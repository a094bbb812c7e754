"""The ledger of other channels' totals: rows to core objects and back, and what the hall itself finished beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from sqlalchemy import ColumnElement, func, select

from queuedesk.core.channel import ChannelTotal, Key
from queuedesk.core.measures_conditions import FINISHED_ENDS
from queuedesk.store.counters import upsert
from queuedesk.store.schema import channel_totals as table
from queuedesk.store.schema import legs
from queuedesk.store.transaction import Transaction


def totals(tx: Transaction, hall: int, first: date | None = None, last: date | None = None) -> list[ChannelTotal]:
    """Return the totals whose whole month or date lies between `first` and `last`, the earliest first."""
    wanted = [*([table.c.first >= first] if first else []), *([table.c.last <= last] if last else [])]
    return _read(tx, hall, *wanted)


def save(tx: Transaction, hall: int, rows: Sequence[tuple[Key, ChannelTotal | None]]) -> None:
    """Keep each total in place of the one with its key; None takes it away."""
    for key, total in rows:
        if total is None:
            same = [getattr(table.c, name) == value for name, value in zip(_KEY, key, strict=True)]
            tx.execute(table.delete().where(table.c.hall == hall, *same))
        else:
            upsert(tx, table, {name: getattr(total, name) for name in _FIELDS} | {"hall": hall})


def finished_by_service(tx: Transaction, hall: int, first: date, last: date) -> dict[tuple[str, date], int]:
    """Return how many legs the hall finished by service and date, as the figures of its services count them."""
    statement = (
        select(legs.c.service, legs.c.date, func.count())
        .where(legs.c.hall == hall, legs.c.date >= first, legs.c.date <= last)
        .where(legs.c.finished.is_not(None), legs.c.end.in_(sorted(FINISHED_ENDS)))
        .group_by(legs.c.service, legs.c.date)
    )
    return {(service, day): n for service, day, n in tx.execute(statement)}


_KEY = ("channel", "site", "service", "first", "last")
_FIELDS = (*_KEY, "n", "amount_cents")


def _read(tx: Transaction, hall: int, *conditions: ColumnElement[bool]) -> list[ChannelTotal]:
    rows = tx.execute(select(*(table.c[name] for name in _FIELDS)).where(table.c.hall == hall, *conditions))
    found = [ChannelTotal(**dict(zip(_FIELDS, row, strict=True))) for row in rows]
    return sorted(found, key=attrgetter("first", "last", "channel", "site", "service"))
