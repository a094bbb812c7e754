"""Which figures a project can follow: shares, each with its good direction where it has one."""

from __future__ import annotations

from queuedesk.core.figures.comparing import SHARE, figure_kind
from queuedesk.core.figures.figure_path import parts_of
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.figures.measures.figures import SHARES

_OF_MEASURES = {figure.key: figure.better for figure in SHARES}
SENT_ON = next(figure for figure in SHARES if figure.better == LESS)
"""The share of visits that began at the wrong counter: what most projects are about."""
_BY_NAME = {"within_target": MORE, "late": LESS, "early": LESS}


def is_share(path: str) -> bool:
    """Whether a path is that of a share, so that two spans of it can be compared with an interval."""
    return figure_kind(path, 0.5) == SHARE


def better_of(path: str) -> str | None:
    """Return MORE or LESS, whichever is better of a share; None where neither is."""
    parts = parts_of(path)
    if parts[0] == "measures" and len(parts) > 1 and parts[1] in _OF_MEASURES:
        return _OF_MEASURES[parts[1]]
    if "ratings" in parts:
        return MORE
    return _BY_NAME.get(parts[-1])
