"""The tickets behind a figure of a span of dates, as the tables hold them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queuedesk.core import behind
from queuedesk.core.behind_rows import BehindRow, Found, behind_row
from queuedesk.desk.change import Desk
from queuedesk.store import behind as kept
from queuedesk.store import halls
from queuedesk.store.database import Transaction
from queuedesk.store.measured import Reader

MOST_SHOWN = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsBehind:
    """What stands behind the figure at `path` from `first` to `last`: `total` rows, of which `rows` are to be shown.

    `has_tickets` is False where no tickets can stand behind it, as behind a window's open minutes. `by_amount`: the rows are shown with the
    greatest amount first, else in the order of dates and arrivals.
    """

    path: str
    first: date
    last: date
    total: int
    rows: tuple[BehindRow, ...]
    has_tickets: bool
    by_amount: bool


def tickets_behind(
    desk: Desk, path: str, first: date, last: date, now: datetime, *, most: int = MOST_SHOWN
) -> TicketsBehind:
    """Return the tickets behind a figure of the business dates from `first` to `last`, of them at most `most`.

    The dates are read one after the other; a year of 250,000 tickets takes some seconds. Raises OutsideError when the database does not answer.
    """
    wanted = behind.query(path)
    if wanted is None:
        return TicketsBehind(path=path, first=first, last=last, total=0, rows=(), has_tickets=False, by_amount=False)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        reader = Reader(tx, desk.hall, setup, now)
        further = setup.number("first_visit_days") if wanted.looks_on else 0
        dates = [first + timedelta(days=n) for n in range((last - first).days + 1 + further)]
        found = behind.behind(wanted, kept.days_behind(reader, dates, wanted.needs), most)
        rows = _told(tx, desk.hall, found.rows, now)
    return TicketsBehind(
        path=path,
        first=first,
        last=last,
        total=found.total,
        rows=rows,
        has_tickets=True,
        by_amount=wanted.by_amount,
    )


def _told(tx: Transaction, hall: int, found: tuple[tuple[date, Found], ...], now: datetime) -> tuple[BehindRow, ...]:
    labels: dict[date, set[str]] = defaultdict(set)
    for day, one in found:
        if one.label:
            labels[day].add(one.label)
    known = {day: kept.tickets_named(tx, hall, day, own) for day, own in labels.items()}
    return tuple(behind_row(day, one, known[day][one.label] if one.label else None, now) for day, one in found)
