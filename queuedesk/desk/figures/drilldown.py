"""Reads the tickets behind a figure from the tables, and where else their customers could have gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.drilldown import find
from queuedesk.core.figures.drilldown.rows import (
    OFFERS,
    PARTNERS,
    WHOLE,
    BehindRow,
    Found,
    Query,
    TicketsBehind,
    behind_row,
)
from queuedesk.core.figures.where_else import WhereElse, advice
from queuedesk.desk.change import Desk
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import measured as kept
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls

MOST_SHOWN = 2000


def tickets_behind(
    desk: Desk,
    path: str,
    first: date,
    last: date,
    now: datetime,
    *,
    most: int | None = MOST_SHOWN,
    without: Collection[date] = (),
) -> TicketsBehind:
    """Return the tickets that make up a figure of the business dates from `first` to `last` but those of `without`, at
    most `most` of them (None: all).

    The dates are read one after the other; a year of 250,000 tickets takes some seconds. Raises OutsideError when the
    database does not answer.
    """
    wanted = find.query(path)
    if wanted is None:
        return TicketsBehind(path=path, first=first, last=last, total=0, rows=(), has_tickets=False, by_amount=False)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        reader = Reader(tx, desk.hall, setup, now)
        further = setup.number("first_visit_days") if wanted.looks_on else 0
        needs = frozenset().union(*(one.needs for one in _with_parts(path, wanted)))
        every = (first + timedelta(days=n) for n in range((last - first).days + 1 + further))
        dates = [day for day in every if day not in without]
        found = find.behind(path, kept.days_behind(reader, dates, needs), most)
        rows = _told(tx, desk.hall, found.rows, now)
    return TicketsBehind(
        path=path,
        first=first,
        last=last,
        total=found.total,
        rows=rows,
        has_tickets=True,
        by_amount=wanted.by_amount,
        value=found.value,
    )


def _with_parts(path: str, wanted: Query) -> list[Query]:
    """Return the query and those of the other parts of a share, which are read at once."""
    others = (find.query(one) for one in find.share_paths(path) or ())
    return [wanted, *(one for one in others if one is not None)]


def _told(tx: Transaction, hall: int, found: tuple[tuple[date, Found], ...], now: datetime) -> tuple[BehindRow, ...]:
    labels: dict[date, set[str]] = defaultdict(set)
    for day, one in found:
        if one.label:
            labels[day].add(one.label)
    known = {day: kept.tickets_named(tx, hall, day, own) for day, own in labels.items()}
    return tuple(behind_row(day, one, known[day][one.label] if one.label else None, now) for day, one in found)


def where_else(desk: Desk, first: date, last: date, now: datetime) -> WhereElse:
    """Return the advice of the business dates from `first` to `last`, both included. Raises RuleError "bad_value"
    where they are in the wrong order, OutsideError when the database does not answer."""
    if first > last:
        raise RuleError("bad_value", field="date", value=last.isoformat(), why="out_of_range", limit=first.isoformat())
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        days = kept.days_behind(Reader(tx, desk.hall, setup, now), dates, frozenset({WHOLE, OFFERS, PARTNERS}))
        return advice(days, first, last, len(setup.partners))
