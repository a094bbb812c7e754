"""Many figures looked at together: the page of figures of a period, or one chart or table of it, as a case cites it.

It is named by a path, as a single figure is: PAGE, HOURS ("hours", the chart of a day), DAYS or MONTHS (that of longer
periods), HEAT, or a group of the document of figures that stands in a chart or table there, such as "ratings".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from queuedesk.core.figures.figure_path import figures_in, parts_of, path_of
from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.figures.periods import DAY, MONTH, PERIODS, QUARTER, WEEK, YEAR, span_of

PAGE = "figures"
HOURS, DAYS, MONTHS, HEAT = "hours", "days", "months", "heat"
MAIN = (
    "issued",
    "wait.mean",
    "wait.median",
    "wait.p90",
    "wait.within_target",
    "handling.mean",
    *(figure.rate_path for figure in SHARES if figure.headline),
    "ratings.rate",
    "ratings.n",
    "left",
    "no_show",
    "overtakes.tickets",
)
"""The figures that two periods are held against each other by, and that stand for the page."""
_TIMES = {HOURS: (DAY,), DAYS: (WEEK, MONTH, QUARTER), MONTHS: (YEAR,), HEAT: (WEEK, MONTH, QUARTER, YEAR)}
_ALL: tuple[str, ...] = ()
_SHOWN: Mapping[str, tuple[str, ...]] = {
    HOURS: ("mean_wait", "arrivals"),
    "services": (
        "issued",
        "finished",
        "left",
        "wait.mean",
        "wait.median",
        "wait.p90",
        "wait.max",
        "wait.within_target",
        "handling.mean",
    ),
    "windows": ("finished", "open_minutes", "paused_minutes", "serving_minutes"),
    "staff": ("finished", "handling.mean", "idle_minutes", "ratings.rate", "ratings.n"),
    "ratings": ("rate", "n", "unrated", *(f"levels.{level}" for level in range(1, 6))),
    "overtakes": _ALL,
    "measures.outcomes": ("n",),
    "measures.classes": ("issued", "wait.mean", "wait.median", "wait.p90"),
    **{f"measures.{figure.key}": _ALL for figure in SHARES},
}
"""The groups of the document that are shown together, and which figures of each row."""


def chart_over(period: str) -> str:
    """Return the path of a period's chart of waits and arrivals."""
    return next(path for path in (HOURS, DAYS, MONTHS) if period in _TIMES[path])


def is_view(path: str) -> bool:
    """Whether many figures are looked at together there."""
    return path == PAGE or path in _TIMES or path in _SHOWN


def shows(path: str, period: str) -> bool:
    """Whether the page of a period has it."""
    return path == PAGE or period in _TIMES.get(path, PERIODS)


def period_of(first: date, last: date, today: date) -> str | None:
    """Return which period these dates are, one that is not over also until today; None for other dates."""
    for whole in (True, False):
        for period in PERIODS:
            begins, ends = span_of(period, first)
            if begins == first and last == (ends if whole else min(ends, today)):
                return period
    return None


def path_in(view: str, name: str) -> str:
    """Return the whole path of a figure of a view."""
    return name if view == PAGE else f"{view}.{name}"


def figures_of(view: str, document: Mapping[str, Any]) -> dict[str, float | None]:
    """Return a view's figures in a document of figures, by their paths behind its own; of the charts that no document
    has, none."""
    if view == PAGE:
        every = dict(figures_in(document))
        return {path: every.get(path) for path in MAIN}
    group: Any = document
    for part in parts_of(view):
        group = group.get(part) or {}
    shown, is_list = _SHOWN.get(view, _ALL), isinstance(group, list)
    found: dict[str, float | None] = {}
    for path, value in figures_in({"": group}):
        parts = parts_of(path)[1:]
        is_shown = not shown or ".".join(parts[is_list:]) in shown
        if is_shown and (value is None or (isinstance(value, int | float) and not isinstance(value, bool))):
            found[path_of(*parts)] = value
    return found
