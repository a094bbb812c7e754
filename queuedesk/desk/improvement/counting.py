"""Counts shares and minutes anew from the tickets: of all dates of a span, and day by day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from queuedesk.core.figures.comparing import Part
from queuedesk.core.figures.figure_path import figures_in, parts_of, path_of
from queuedesk.core.figures.measures.document import LogRange, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.figures.measures.tally import Tally
from queuedesk.core.figures.periods import dates_between
from queuedesk.core.figures.same_mix import Side as AlikeSide
from queuedesk.core.figures.same_mix import standardized
from queuedesk.core.improvement.effect import DayShare
from queuedesk.core.improvement.following import is_minutes, rows_of
from queuedesk.core.improvement.minutes import DayMinutes, Level
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk
from queuedesk.desk.figures.comparing import share_mix, share_parts
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
    """Shares and minutes of each date in order, by path; the minutes of whole spans, in their order; and the difference
    of the last of two spans from the first with the same mix of services."""

    shares: dict[str, list[DayShare]]
    minutes: dict[str, list[DayMinutes]]
    whole: list[dict[str, Level]]
    alike: dict[str, float | None]


def counted_days(
    reader: Reader, setup: Setup, days: Iterable[date], paths: Collection[str], spans: Sequence[Collection[date]]
) -> Counted:
    """Return figures of each date; and those of whole spans of these dates."""
    timed = [path for path in paths if is_minutes(path)]
    found = Counted({path: [] for path in paths if path not in timed}, {path: [] for path in timed}, [], {})
    tallies = [Tally() for _span in spans]
    for day in days:
        tally, rows = Tally(), reader.day(day)
        tally.add(rows)
        for span, whole in zip(spans, tallies, strict=True):
            if day in span:
                whole.add(rows)
        document = figures(scope_of(setup, day, day), tally, LogRange())
        parts = share_parts(document, tally)
        for path, shares in found.shares.items():
            part = parts.get(path, Part(0, 0))
            shares.append(DayShare(day, part.n, part.of))
        for path, level in _levels(document, timed).items():
            found.minutes[path].append(DayMinutes(day, level.minutes, level.n))
    sides: list[dict[str, AlikeSide]] = []
    for span, whole in zip(spans, tallies, strict=True):
        ends = (min(span), max(span)) if span else None
        document = figures(scope_of(setup, *ends), whole, LogRange()) if ends and timed else {}
        found.whole.append(_levels(document, timed))
        sides.append(
            {
                path: {code: (part.rate or 0.0, part.of) for code, part in share_mix(whole, path).items()}
                for path in found.shares
            }
            | {path: _by_service(document, path) for path in timed}
        )
    if len(sides) > 1:
        found.alike.update({path: standardized(sides[0][path], sides[-1][path]) for path in paths})
    return found


def _by_service(document: Mapping[str, Any], path: str) -> AlikeSide:
    """Return a figure in minutes of the whole hall by service; none of a figure of one row."""
    if len(parts_of(path)) > 2:
        return {}
    codes = [row["code"] for row in document.get("services", ())]
    levels = _levels(document, [path_of("services", code, *parts_of(path)) for code in codes])
    known = zip(codes, levels.values(), strict=True)
    return {code: (level.minutes, level.n) for code, level in known if level.minutes is not None}
