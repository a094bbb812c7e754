"""The share called within the target: legs called within the target minutes ÷ legs called and legs left uncalled after
longer than it.

Who left sooner is in neither: `left_early` says how many. Legs that ended in redirect, that day-end closed or of void
tickets are in none. It follows the service level of call centres; the document has it as service_level,
wait.within_target, among the targets and for each service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figure import BY_SERVICE, SERVICE, WHOLE, Count, Figure, FigureTally, Split
from queuedesk.core.figures.measures.figures import is_called, of_legs, service_of
from queuedesk.core.figures.measures.rows import LegRow
from queuedesk.core.figures.measures.sources import LEGS


def _in_time(rows: DayRows, legs: Sequence[LegRow]) -> list[bool]:
    target_us = rows.target_us
    return [leg.called is not None and leg.called - leg.joined <= target_us for leg in legs]


CALLED_IN_TIME = Figure(
    key="called_in_time",
    source=LEGS,
    share=None,
    numbers={
        "called": of_legs(is_called),
        "in_time": Count(_in_time, among=lambda _rows, leg: is_called(leg)),
        "left_late": Count(
            lambda rows, legs: [conditions.left_late(leg, rows.target_us) for leg in legs],
            among=lambda _rows, leg: conditions.left_uncalled(leg),
        ),
    },
    splits=(Split(key=BY_SERVICE, names=SERVICE, by=service_of, alike=True),),
)


def within_target(counted: FigureTally, service: str | None = None) -> tuple[int, int]:
    """Return the number of steps called within the target, and of all steps; for a service or all."""
    counts = counted.counts
    key = WHOLE if service is None else BY_SERVICE
    return in_time({name: counts[key, name][service] for name in CALLED_IN_TIME.numbers})


def in_time(n: Mapping[str, int]) -> tuple[int, int]:
    """Return the same of the numbers of CALLED_IN_TIME."""
    return n["in_time"], n["called"] + n["left_late"]
