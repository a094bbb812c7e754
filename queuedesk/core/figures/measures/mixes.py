"""Shares by service, for spans that are compared with the same mix; the document does not have all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figure import BY_SERVICE, SERVICE, Count, Figure, Split
from queuedesk.core.figures.measures.figures import SHARES, first_service, service_of
from queuedesk.core.figures.measures.rows import RatingRow
from queuedesk.core.figures.measures.sources import LEGS, RATINGS
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS


def _rated_service(_rows: DayRows, ratings: Sequence[RatingRow]) -> list[str]:
    return [one.service for one in ratings]


_SATISFIED = Figure(
    key="satisfied_by_service",
    source=RATINGS,
    share=None,
    numbers={"n": Count(among=lambda _rows, rating: rating.level in SATISFIED_LEVELS)},
    splits=(Split(key=BY_SERVICE, names=SERVICE, by=_rated_service, alike=True),),
)
_FURTHER = {
    figure.rate_path: Figure(
        key=f"{figure.key}_by_service",
        source=figure.source,
        of=figure.of,
        share=None,
        numbers={"n": figure.numbers["n"]},
        splits=(
            Split(key=BY_SERVICE, names=SERVICE, by=service_of, alike=True)
            if figure.source == LEGS
            else Split(key=BY_SERVICE, names=SERVICE, by=first_service),
        ),
    )
    for figure in SHARES
}
MIXES: tuple[Figure, ...] = (_SATISFIED, *_FURTHER.values())
"""Those that are counted for this alone."""
_BY_PATH: Mapping[str, Figure] = {"ratings.rate": _SATISFIED, **_FURTHER}


MIXED = ("wait.within_target", "measures.service_level.rate", *_BY_PATH)
"""The shares of the whole hall that have parts by service."""


def mixed_figure(path: str) -> Figure | None:
    """Return the figure that has a share's parts by service; None where there is none."""
    return _BY_PATH.get(path)
