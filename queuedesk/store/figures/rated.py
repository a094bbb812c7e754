"""Counts satisfied ratings between two business dates."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.schema.tables import ratings


def by_service(tx: Transaction, hall: int, first: date, last: date) -> dict[str, tuple[int, int]]:
    """Return (satisfied, dissatisfied) of each service that was rated from `first` to `last`; excluded ratings count
    nowhere."""
    statement = (
        select(ratings.c.service, ratings.c.level, func.count())
        .where(ratings.c.hall == hall, ratings.c.date >= first, ratings.c.date <= last, ratings.c.excluded.is_(False))
        .group_by(ratings.c.service, ratings.c.level)
    )
    found: dict[str, tuple[int, int]] = {}
    for service, level, n in tx.execute(statement):
        satisfied, dissatisfied = found.get(service, (0, 0))
        is_good = level in SATISFIED_LEVELS
        found[service] = (satisfied + n, dissatisfied) if is_good else (satisfied, dissatisfied + n)
    return dict(sorted(found.items()))
