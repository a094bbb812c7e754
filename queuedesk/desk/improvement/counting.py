"""Counts shares anew from the tickets: of all dates of a span, and day by day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from queuedesk.core.figures.comparing import Part
from queuedesk.core.figures.measures.document import LogRange, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.figures.measures.tally import Tally
from queuedesk.core.improvement.effect import DayShare
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk
from queuedesk.desk.figures.comparing import share_parts
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls


def parts_of_dates(desk: Desk, first: date, last: date, now: datetime) -> Mapping[str, Part]:
    """Return the numerators and denominators of all shares of the dates from `first` to `last`, by path. Raises
    OutsideError when the database does not answer."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        tally = Tally()
        for rows in Reader(tx, desk.hall, setup, now).days(first, last):
            tally.add(rows)
    return share_parts(figures(scope_of(setup, first, last), tally, LogRange()), tally)


def daily_shares(
    reader: Reader, setup: Setup, days: Iterable[date], paths: Collection[str]
) -> dict[str, list[DayShare]]:
    """Return shares of each date, by path."""
    found: dict[str, list[DayShare]] = {path: [] for path in paths}
    for day in days:
        tally = Tally()
        tally.add(reader.day(day))
        parts = share_parts(figures(scope_of(setup, day, day), tally, LogRange()), tally)
        for path, rows in found.items():
            part = parts.get(path, Part(0, 0))
            rows.append(DayShare(day, part.n, part.of))
    return found
