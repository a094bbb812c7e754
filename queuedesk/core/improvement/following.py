"""Which figures a project can follow: shares, and minutes as a mean, median or percentile; each with its good direction
where it has one."""

from __future__ import annotations

from msgspec import Struct

from queuedesk.core.figures.comparing import SHARE, figure_kind
from queuedesk.core.figures.figure_path import parts_of, path_of
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.figures.measures.figures import SHARES

_OF_MEASURES = {figure.key: figure.better for figure in SHARES}
SENT_ON = next(figure for figure in SHARES if figure.better == LESS)
"""The share of visits that began at the wrong window: what most projects are about."""
_BY_NAME = {"within_target": MORE, "late": LESS, "early": LESS}
TIMES = ("wait", "handling", "way")
LEVELS = ("mean", "median", "p90")
MOST_MINUTES = 600.0
"""A target or an alarm of more is a mistake."""


class Level(Struct, frozen=True):
    """A span's figure in minutes, of `n` rows."""

    minutes: float | None
    n: int


def is_share(path: str) -> bool:
    """Whether a path is that of a share, so that two spans of it can be compared with an interval."""
    return figure_kind(path, 0.5) == SHARE


def is_minutes(path: str) -> bool:
    """Whether a path is that of a mean, median or percentile of waiting, walking or serving minutes, of the hall or of
    one of its rows."""
    parts = parts_of(path)
    return len(parts) > 1 and parts[-2] in TIMES and parts[-1] in LEVELS


def is_followed(path: str) -> bool:
    return is_share(path) or is_minutes(path)


def rows_of(path: str) -> str:
    """Return the path of the count of rows that a figure in minutes is of."""
    return path_of(*parts_of(path)[:-1], "n")


def better_of(path: str) -> str | None:
    """Return MORE or LESS, whichever is better of a figure; None where neither is."""
    parts = parts_of(path)
    if is_minutes(path):
        return LESS
    if parts[0] == "measures" and len(parts) > 1 and parts[1] in _OF_MEASURES:
        return _OF_MEASURES[parts[1]]
    if "ratings" in parts:
        return MORE
    return _BY_NAME.get(parts[-1])


def is_beyond(better: str | None, share: float, line: float) -> bool:
    """Whether a share lies beyond a line on the bad side; a figure of which neither is better is bad above it."""
    return share < line if better == MORE else share > line
