"""The tickets behind a figure: for a path of a document of figures, exactly what was counted there, by the same
conditions.

A count has as many rows as it says. A share has the rows of its numerator; with ".of" behind the path those of its
denominator, with ".rest" (or ".late") those that it lacks. A figure of minutes has the tickets that make it up, each
with what it adds. Windows that were open, targets, hashes and the like have no tickets behind them. The paths are those
of figure_path; "services.B" and "services.B.wait" stand for their number, and "heat.3.10:30" for the calls on
Wednesdays from 10:30.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial

from msgspec import Struct

from queuedesk.core.figures import where_else
from queuedesk.core.figures.drilldown import finders
from queuedesk.core.figures.drilldown.finders import measures, of_figure
from queuedesk.core.figures.drilldown.rows import DayBehind, Found, Query
from queuedesk.core.figures.figure_path import Parts, parts_of
from queuedesk.core.figures.measures.figures import DAY, LEFT_OUT, PROMISE, REDIRECTS
from queuedesk.core.figures.measures.other_figures import CAME_UNREADY, OVERTAKEN
from queuedesk.core.figures.measures.times import minutes_of_us, share, spread
from queuedesk.core.improvement import wording_effect
from queuedesk.core.quality import why

_MEANS = frozenset({"mean", "mean_wait", "mean_minutes_beyond", "mean_width", "interval_score", "mae"})
_UNTOLD = frozenset({"low", "high", "minutes_saved"})
"""What follows from the rows and from more than them."""


class Behind(Struct, frozen=True):
    """The rows that make up a figure: their number, those to be shown, each with its date, and the figure's value,
    rounded as in documents; None where the rows do not give it."""

    total: int
    rows: tuple[tuple[date, Found], ...]
    value: float | None = None


def query(path: str) -> Query | None:
    """Return the query for the rows that make up the figure; None where the figure does not exist or is not made of
    tickets."""
    parts = parts_of(path)
    take = _GROUPS.get(parts[0])
    return take(parts[1:]) if take else None


def share_paths(path: str) -> tuple[str, str, str] | None:
    """Return the paths of a share's numerator, of its complement, and of its denominator; None for what is no share."""
    base = path
    for end in (".rest", "" if _is_of_promise(path) else ".late", ".of"):
        base = base.removesuffix(end)
    paths = (base, f"{base}.rest", f"{base}.of")
    return paths if all(query(one) is not None for one in paths) else None


def behind(path: str, days: Iterable[DayBehind], most: int | None = None) -> Behind:
    """Return the rows that make up a figure of `days`; at most `most` are to be shown: the first, or those with the
    greatest amount. Raises ValueError where a figure is not made of rows."""
    wanted = query(path)
    if wanted is None:
        raise ValueError(path)
    beside = _Beside(path)
    every = ((day.day, one) for day in beside.watched(days) for one in _in_order(day, wanted.find(day)))
    counted = _Counted(iter(_greatest(every)) if wanted.most else every)
    if wanted.by_amount:
        shown = heapq.nlargest(most, counted, key=_amount) if most is not None else sorted(counted, key=_least)
    else:
        shown = [one for n, one in enumerate(counted) if most is None or n < most]
    value = beside.share(counted.n) if beside.is_share else _value(path, wanted, counted)
    return Behind(counted.n, tuple(shown), value)


class _Counted:
    """Counts what passes, and keeps what each adds."""

    def __init__(self, found: Iterator[tuple[date, Found]]) -> None:
        self._found, self.n = found, 0
        self.amounts: list[int] = []

    def __iter__(self) -> Iterator[tuple[date, Found]]:
        for one in self._found:
            self.n += 1
            if one[1].amount is not None:
                self.amounts.append(one[1].amount)
            yield one


class _Beside:
    """Counts the other part of a share while its dates pass: what it is of, or of all what it counts."""

    def __init__(self, path: str) -> None:
        paths = share_paths(path)
        self.is_share = paths is not None and _is_rate(paths[0])
        self._n, self._part = 0, ""
        self._other: Query | None = None
        if paths is not None and self.is_share:
            self._part = "of" if path == paths[2] else "n" if path == paths[0] else "rest"
            self._other = query(paths[0] if self._part == "of" else paths[2])

    def watched(self, days: Iterable[DayBehind]) -> Iterator[DayBehind]:
        for day in days:
            if self._other is not None:
                self._n += sum(1 for _one in self._other.find(day))
            yield day

    def share(self, total: int) -> float | None:
        """Return the share; `total` is the number of rows found."""
        n, of = (self._n, total) if self._part == "of" else (total, self._n)
        return share(of - n if self._part == "rest" else n, of)


def _is_rate(path: str) -> bool:
    return parts_of(path)[-1] in ("rate", "within_target", *(("late", "early") if _is_of_promise(path) else ()))


def _is_of_promise(path: str) -> bool:
    """Whether "late" at its end is a figure and not a part of one."""
    return parts_of(path)[:2] == ("measures", "promise")


def _value(path: str, wanted: Query, counted: _Counted) -> float | None:
    """Return a figure as its rows make it."""
    parts, amounts = parts_of(path), counted.amounts
    key = parts[-2] if parts[0] == "left_out" and len(parts) > 1 and parts[-1] == "n" else parts[-1]
    if key == "most" or path == "overtakes.max":
        return max(amounts, default=0)
    if key in _MEANS or parts[0] == "heat":
        return minutes_of_us(sum(amounts) / len(amounts)) if amounts else None
    if key in ("median", "p90", "max"):
        found: dict[str, float | None] = {**spread(amounts), "max": minutes_of_us(max(amounts)) if amounts else None}
        return found[key]
    if wanted.by_amount and (key.endswith("minutes") or key == "minutes_lost"):
        return minutes_of_us(sum(amounts))
    return None if key in _UNTOLD else counted.n


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


def _day(name: str, parts: Parts) -> Query | None:
    return None if parts else of_figure(DAY, (name,))


def _left_out(parts: Parts) -> Query | None:
    if not parts or parts[1:] not in ((), ("n",)):
        return None
    return of_figure(LEFT_OUT, parts[:1])


_GROUPS: dict[str, Callable[[Parts], Query | None]] = {
    **{name: partial(_day, name) for name in DAY.numbers},
    "wait": partial(finders.of_all, "wait"),
    "way": partial(finders.of_all, "way"),
    "handling": partial(finders.of_all, "handling"),
    "services": finders.of_service,
    "windows": finders.windows,
    "staff": finders.staff,
    "hours": finders.hours,
    "heat": finders.heat,
    "ratings": finders.ratings,
    "redirects": partial(of_figure, REDIRECTS),
    "not_ready": partial(of_figure, CAME_UNREADY),
    "overtakes": partial(of_figure, OVERTAKEN),
    "promise": partial(of_figure, PROMISE),
    "left_out": _left_out,
    "measures": measures,
    "why": why.query,
    "elsewhere": where_else.query,
    "wording": wording_effect.query,
}
