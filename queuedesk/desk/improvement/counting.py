"""Counts shares and minutes anew from the tickets: of all dates of a span, and day by day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from queuedesk.core.figures.comparing import Part
from queuedesk.core.figures.figure_path import figures_in
from queuedesk.core.figures.measures.document import LogRange, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.figures.measures.tally import Tally
from queuedesk.core.figures.periods import dates_between
from queuedesk.core.improvement.effect import DayShare
from queuedesk.core.improvement.following import is_minutes, rows_of
from queuedesk.core.improvement.minutes import DayMinutes, Level
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk
from queuedesk.desk.figures.comparing import share_parts
from queuedesk.store.figures.counted import tally_of
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls


def parts_of_dates(desk: Desk, first: date, last: date, now: datetime) -> Mapping[str, Part]:
    """Return the numerators and denominators of all shares of the dates from `first` to `last`, by path. Raises
    OutsideError when the database does not answer."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        tally = tally_of(Reader(tx, desk.hall, setup, now), dates_between(first, last), desk.db.path)
    return share_parts(figures(scope_of(setup, first, last), tally, LogRange()), tally)


def levels_of_dates(desk: Desk, first: date, last: date, now: datetime, paths: Collection[str]) -> dict[str, Level]:
    """Return figures in minutes of the dates from `first` to `last`, by path. Raises OutsideError when the database
    does not answer."""
    if not paths:
        return {}
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        tally = tally_of(Reader(tx, desk.hall, setup, now), dates_between(first, last), desk.db.path)
    return _levels(figures(scope_of(setup, first, last), tally, LogRange()), paths)


def _levels(document: Mapping[str, Any], paths: Collection[str]) -> dict[str, Level]:
    known = dict(figures_in(document)) if paths else {}
    return {path: Level(known.get(path), known.get(rows_of(path)) or 0) for path in paths}


class Counted(Struct, frozen=True):
    """Shares and minutes of each date in order, by path; and the minutes of whole spans, in their order."""

    shares: dict[str, list[DayShare]]
    minutes: dict[str, list[DayMinutes]]
    whole: list[dict[str, Level]]


def counted_days(
    reader: Reader, setup: Setup, days: Iterable[date], paths: Collection[str], spans: Sequence[Collection[date]]
) -> Counted:
    """Return figures of each date; and in minutes also those of whole spans of these dates."""
    timed = [path for path in paths if is_minutes(path)]
    found = Counted({path: [] for path in paths if path not in timed}, {path: [] for path in timed}, [])
    tallies = [Tally() for _span in spans]
    for day in days:
        tally, rows = Tally(), reader.day(day)
        tally.add(rows)
        for span, whole in zip(spans, tallies, strict=True):
            if timed and day in span:
                whole.add(rows)
        document = figures(scope_of(setup, day, day), tally, LogRange())
        parts = share_parts(document, tally)
        for path, shares in found.shares.items():
            part = parts.get(path, Part(0, 0))
            shares.append(DayShare(day, part.n, part.of))
        for path, level in _levels(document, timed).items():
            found.minutes[path].append(DayMinutes(day, level.minutes, level.n))
    for span, whole in zip(spans, tallies, strict=True):
        ends = (min(span), max(span)) if span else None
        document = figures(scope_of(setup, *ends), whole, LogRange()) if ends and timed else {}
        found.whole.append(_levels(document, timed))
    return found
