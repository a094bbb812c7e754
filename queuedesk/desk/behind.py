"""The tickets behind a figure of a span of dates, as the tables hold them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from queuedesk.core import behind
from queuedesk.core.behind_rows import BehindRow, DayBehind, Found, TicketsBehind, behind_row
from queuedesk.core.figure_path import figures_in
from queuedesk.core.measures import LogRange, figures, scope_of
from queuedesk.core.measures_tally import Tally
from queuedesk.desk.change import Desk
from queuedesk.store import behind as kept
from queuedesk.store import halls
from queuedesk.store.database import Transaction
from queuedesk.store.measured import Reader

MOST_SHOWN = 2000


def tickets_behind(
    desk: Desk, path: str, first: date, last: date, now: datetime, *, most: int | None = MOST_SHOWN
) -> TicketsBehind:
    """Return the tickets behind a figure of the business dates from `first` to `last`, of them at most `most` (None: all).

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
        tally = Tally()
        days = _tallied(kept.days_behind(reader, dates, wanted.needs), last, tally)
        found = behind.behind(wanted, days, most)
        figures_there = dict(figures_in(figures(scope_of(setup, first, last), tally, LogRange())))
        rows = _told(tx, desk.hall, found.rows, now)
    return TicketsBehind(
        path=path,
        first=first,
        last=last,
        total=found.total,
        rows=rows,
        has_tickets=True,
        by_amount=wanted.by_amount,
        value=value if isinstance(value := figures_there.get(path), int | float) else None,
    )


def _tallied(days: Iterable[DayBehind], last: date, tally: Tally) -> Iterator[DayBehind]:
    """Add up the days that pass, as far as `last`: the figure and its rows come from one reading."""
    for day in days:
        if day.day <= last:
            tally.add(day.setup, day.rows)
        yield day


def _told(tx: Transaction, hall: int, found: tuple[tuple[date, Found], ...], now: datetime) -> tuple[BehindRow, ...]:
    labels: dict[date, set[str]] = defaultdict(set)
    for day, one in found:
        if one.label:
            labels[day].add(one.label)
    known = {day: kept.tickets_named(tx, hall, day, own) for day, own in labels.items()}
    return tuple(behind_row(day, one, known[day][one.label] if one.label else None, now) for day, one in found)
