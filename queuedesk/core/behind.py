"""The tickets behind a figure: for a path of a document of figures, exactly what was counted there, by the same conditions.

A count has as many rows as it says. A share has the rows of its numerator; with ".of" behind the path those of its denominator, with ".rest"
(or ".late") those that it lacks. A figure of minutes has the tickets that make it up, each with what it adds. Windows that were open, targets, hashes and
the like have no tickets behind them. The paths are those of figure_path; "services.B" and "services.B.wait" stand for their number, and
"heat.3.10:30" for the calls on Wednesdays from 10:30.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from queuedesk.core import behind_places as places
from queuedesk.core import behind_tickets as tickets
from queuedesk.core.behind_measures import measures
from queuedesk.core.behind_rows import DayBehind, Found, Query
from queuedesk.core.figure_path import Parts, parts_of


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a figure: how many rows there are, and those to be shown, each with its date."""

    total: int
    rows: tuple[tuple[date, Found], ...]


def query(path: str) -> Query | None:
    """Return what finds the rows behind the figure, None where no tickets stand behind it or there is no such figure."""
    parts = parts_of(path)
    take = _GROUPS.get(parts[0])
    return take(parts[1:]) if take else None


def share_paths(path: str) -> tuple[str, str, str] | None:
    """Return the paths of what a share counts, of what it lacks, and of all that it is of; None for what is no share."""
    base = path
    for end in (".rest", ".late", ".of"):
        base = base.removesuffix(end)
    paths = (base, f"{base}.rest", f"{base}.of")
    return paths if all(query(one) is not None for one in paths) else None


def behind(wanted: Query, days: Iterable[DayBehind], most: int | None = None) -> Behind:
    """Return the rows behind a figure of `days`, of them at most `most` to be shown: the first, or those with the greatest amount."""
    every = ((day.day, one) for day in days for one in _in_order(day, wanted.find(day)))
    counted = _Counted(iter(_greatest(every)) if wanted.most else every)
    if wanted.by_amount:
        shown = heapq.nlargest(most, counted, key=_amount) if most is not None else sorted(counted, key=_least)
    else:
        shown = [one for n, one in enumerate(counted) if most is None or n < most]
    return Behind(counted.n, tuple(shown))


class _Counted:
    """Counts what passes."""

    def __init__(self, found: Iterator[tuple[date, Found]]) -> None:
        self._found, self.n = found, 0

    def __iter__(self) -> Iterator[tuple[date, Found]]:
        for one in self._found:
            self.n += 1
            yield one


def _amount(one: tuple[date, Found]) -> int:
    return one[1].amount or 0


def _least(one: tuple[date, Found]) -> int:
    return -_amount(one)


def _in_order(day: DayBehind, found: Iterable[Found]) -> list[Found]:
    """Return a date's rows as the tickets arrived, those without a number by their own time."""

    def moment(one: Found) -> tuple[int, str, int]:
        own = day.tickets.get(one.label)
        return (own.arrived if own else one.at or 0, one.label, one.leg or 0)

    return sorted(found, key=moment)


def _greatest(found: Iterable[tuple[date, Found]]) -> list[tuple[date, Found]]:
    best: list[tuple[date, Found]] = []
    for one in found:
        if best and _amount(one) > _amount(best[0]):
            best = []
        if not best or _amount(one) == _amount(best[0]):
            best.append(one)
    return best


_GROUPS: dict[str, Callable[[Parts], Query | None]] = {
    **{name: partial(tickets.alone, test) for name, test in tickets.TICKETS.items()},
    "wait": places.wait,
    "way": places.way,
    "handling": places.handling,
    "services": places.services,
    "windows": places.windows,
    "staff": places.staff,
    "hours": places.hours,
    "heat": places.heat,
    "ratings": places.ratings,
    "redirects": tickets.redirects,
    "not_ready": tickets.not_ready,
    "overtakes": tickets.overtakes,
    "promise": tickets.promise,
    "left_out": tickets.left_out,
    "measures": measures,
}
