"""What came of a training, who was trained how long, and who was there when the roster wanted them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from queuedesk.core.figures.comparing import Part
from queuedesk.core.figures.satisfaction import compare
from queuedesk.features.staff.rules.like_with_like import FEWEST
from queuedesk.features.staff.rules.person_sheet import LATE_MINUTES, Planned

LESS, MORE, CANNOT_TELL, TOO_FEW = "less", "more", "cannot_tell", "too_few"


class Effect(Struct, frozen=True, kw_only=True):
    """What a need shows of those who attended: on equal weekdays before and after the training, and over the longer
    `history` before the dates in which the need was seen.

    `low` and `high` bound the share after less that of the history: the dates of the need were chosen because they were
    bad, and after a bad month comes a better one untrained (F. Galton, Regression towards mediocrity, 1886), so that
    the span before is shown and decides nothing. `verdict` is LESS, MORE, CANNOT_TELL, or TOO_FEW under FEWEST rows.
    """

    before: Part
    after: Part
    history: Part
    days: int
    low: float | None = None
    high: float | None = None
    verdict: str = TOO_FEW


def effect(before: Part, after: Part, history: Part, *, days: int) -> Effect:
    """Return what came of a training; `days` are those compared on either side."""
    if min(after.of, history.of) < FEWEST:
        return Effect(before=before, after=after, history=history, days=days)
    found = compare((history.n, history.of - history.n), (after.n, after.of - after.n))
    low, high = found.low, found.high
    assert low is not None
    assert high is not None
    verdict = LESS if high < 0 else MORE if low > 0 else CANNOT_TELL
    return Effect(before=before, after=after, history=history, days=days, low=low, high=high, verdict=verdict)


# -- who was there ----------------------------------------------------------------------------------------------------


class ShiftsKept(Struct, frozen=True, kw_only=True):
    """Somebody's shifts on dates that are over: as many as the roster wanted, how many of them a window was opened on,
    how many were begun in time as the person's sheet counts them, and the minutes that the others were late."""

    planned: int = 0
    opened: int = 0
    kept: int = 0
    late_minutes: int = 0

    @property
    def absent(self) -> int:
        return self.planned - self.opened


def shifts_kept(shifts: Iterable[Planned]) -> dict[str, ShiftsKept]:
    """Return what each person of the roster kept of it, by code."""
    found: dict[str, ShiftsKept] = {}
    for one in shifts:
        so_far = found.get(one.staff, ShiftsKept())
        opened = one.begun is not None
        in_time = one.begun is not None and one.begun <= LATE_MINUTES
        found[one.staff] = ShiftsKept(
            planned=so_far.planned + 1,
            opened=so_far.opened + opened,
            kept=so_far.kept + in_time,
            late_minutes=so_far.late_minutes + (one.begun if one.begun is not None and not in_time else 0),
        )
    return found


class PersonTraining(Struct, frozen=True, kw_only=True):
    """The `minutes` somebody was trained in each of the months, the `shifts` of the last one (None where the roster
    planned none), and on how many `days` of it that person opened a window."""

    staff: str
    minutes: tuple[int, ...]
    shifts: ShiftsKept | None
    days: int


class TrainingMonths(Struct, frozen=True, kw_only=True):
    """Who was trained how long in the `months`, each by its first date; `target` minutes a month, 0: none.
    `has_roster`: the last month has planned shifts."""

    months: tuple[date, ...]
    target: int
    people: tuple[PersonTraining, ...]
    has_roster: bool
    own: str = ""
