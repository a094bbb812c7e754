"""The effect of measures on shares: before and after on equal weekdays, told no better than chance, a bad spell or one
day allows.

- Each side's share is all its days' numerators ÷ denominators, the difference after − before with Newcombe's 95 %
  interval. Under FEWEST rows a side nothing is compared.
- A span that was chosen because it was bad is followed by a better one whatever anybody does (regression to the mean).
  So the days before the first span, the same weekdays of HISTORY_WEEKS weeks, say what is usual: a share of the span
  outside the usual range, the history's share ± 1.96 standard errors as its days really spread, is told, and "better"
  or "worse" is then only what holds against the history too.
- Without FEWEST_HISTORY_DAYS days before the first span nobody knows whether that was a usual one: nothing is told.
- Where the same mix of services turns the sign of the difference (core/figures/same_mix), nothing is told either.
- Each day is left out once: a day without which the verdict is another is named. Where it stands out from its side's
  other days by more than STANDS_OUT of their standard errors, the verdict is "can't tell".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from math import ceil, sqrt

from msgspec import Struct

from queuedesk.core.figures.comparing import Part, turns
from queuedesk.core.figures.measures.figure import MORE
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, Z_95, Difference, compare
from queuedesk.core.improvement.following import Group

FEWEST = FEWEST_RANKED
HISTORY_WEEKS = 8
FEWEST_HISTORY_DAYS = 8
"""With fewer days before the first span nothing is said of what is usual (our figure)."""
STANDS_OUT = 3.0
MOST_DAYS = 250
"""A year's working days: what takes longer to tell is not asked again."""


class Verdict(StrEnum):
    """What can be said of a figure's change. MORE and LESS are of figures of which neither is better."""

    BETTER = "better"
    WORSE = "worse"
    MORE = "more"
    LESS = "less"
    CANNOT_TELL = "cannot_tell"
    TOO_FEW = "too_few"


class DayShare(Struct, frozen=True):
    """A day's numerator and denominator of a share."""

    day: date
    n: int
    of: int


class Why(StrEnum):
    """Why nothing can be told although the two spans differ by more than chance: too little is known of what is usual,
    the first span was unusual, the mix of services, or a single day."""

    NO_HISTORY = "no_history"
    UNUSUAL = "unusual"
    MIX = "mix"
    ONE_DAY = "one_day"


class Usual(Struct, frozen=True):
    """What the days before the first span had: their share, and between what a span of its size usually lies.
    `is_beyond`: the first span lies outside."""

    part: Part
    days: int
    low: float
    high: float
    is_beyond: bool


class Hinge(Struct, frozen=True):
    """A day without which the verdict is another. `is_apart`: it stands out from the other days of its side."""

    day: date
    verdict: Verdict
    is_apart: bool


class FigureEffect(Struct, frozen=True, kw_only=True):
    """The effect on one share. `plain` is the verdict on the two spans alone, `verdict` what can be said after all:
    with the hall's own history, where the first span was unusual, with the same mix of services, and with the days on
    which all hangs; `why` is what forbids to tell, `alike` the difference with the same mix.

    `against_usual` compares the second span with that history; `days_to_tell` is about how many days a side it takes
    until this difference is told, None where it is told, where there is none or where a year is too short.
    """

    figure: str
    better: str | None
    before: Part
    after: Part
    days: int
    difference: Difference
    plain: Verdict
    verdict: Verdict
    usual: Usual | None
    against_usual: Difference | None
    hinges: tuple[Hinge, ...]
    days_to_tell: int | None
    why: Why | None = None
    alike: float | None = None


def effect(
    figure: str,
    better: str | None,
    before: Sequence[DayShare],
    after: Sequence[DayShare],
    history: Sequence[DayShare],
    *,
    alike: float | None = None,
) -> FigureEffect:
    """Return the effect on a share. `better` is MORE or LESS or None; the days of both spans are those compared,
    `history` those before the first span that are like them, `alike` is the difference with the same mix of services,
    None where it is not known."""
    usual = _usual(before, history)
    said = _judged(better, before, after, usual)
    hinges = tuple(
        Hinge(out.day, verdict, _is_apart(out, side))
        for side, other in ((before, after), (after, before))
        for out in side
        if out.of and (verdict := _without(better, out, before, after, usual)) != said
    )
    if any(hinge.is_apart for hinge in hinges):
        said = Verdict.CANNOT_TELL
    first, second = _sum(before), _sum(after)
    found, plain = _compared(first, second), _verdict(better, first, second)
    if is_told(said) and turns(found.difference, alike):
        said = Verdict.CANNOT_TELL
    why = why_not(
        plain, said, usual, is_one_day=any(hinge.is_apart for hinge in hinges), is_mix=turns(found.difference, alike)
    )
    return FigureEffect(
        figure=figure,
        better=better,
        before=first,
        after=second,
        days=len(before),
        difference=found,
        plain=plain,
        verdict=said,
        usual=usual,
        against_usual=_compared(usual.part, second) if usual else None,
        hinges=tuple(sorted(hinges, key=lambda one: (not one.is_apart, one.day))),
        days_to_tell=_days_to_tell(first, second, len(before), said) if why is None else None,
        why=why,
        alike=alike,
    )


def is_told(verdict: Verdict) -> bool:
    """Whether a verdict says that there is a change."""
    return verdict not in (Verdict.CANNOT_TELL, Verdict.TOO_FEW)


def why_not(plain: Verdict, said: Verdict, usual: object | None, *, is_one_day: bool, is_mix: bool) -> Why | None:
    """Return what forbids to tell a change that the two spans alone would tell."""
    if not is_told(plain) or is_told(said):
        return None
    if usual is None:
        return Why.NO_HISTORY
    if is_mix:
        return Why.MIX
    return Why.ONE_DAY if is_one_day else Why.UNUSUAL


def _sum(days: Iterable[DayShare]) -> Part:
    rows = list(days)
    return Part(sum(one.n for one in rows), sum(one.of for one in rows))


def _compared(first: Part, second: Part) -> Difference:
    return compare((first.n, first.of - first.n), (second.n, second.of - second.n))


def _verdict(better: str | None, first: Part, second: Part) -> Verdict:
    """Return what two shares alone say."""
    if min(first.of, second.of) < FEWEST:
        return Verdict.TOO_FEW
    found = _compared(first, second)
    assert found.low is not None and found.high is not None
    if found.low <= 0 <= found.high:
        return Verdict.CANNOT_TELL
    is_more = found.low > 0
    if better is None:
        return Verdict.MORE if is_more else Verdict.LESS
    return Verdict.BETTER if is_more == (better == MORE) else Verdict.WORSE


def _judged(better: str | None, before: Sequence[DayShare], after: Sequence[DayShare], usual: Usual | None) -> Verdict:
    plain = _verdict(better, _sum(before), _sum(after))
    if not is_told(plain) or (usual is not None and not usual.is_beyond):
        return plain
    if usual is None:
        return Verdict.CANNOT_TELL
    return plain if _verdict(better, usual.part, _sum(after)) == plain else Verdict.CANNOT_TELL


def _without(
    better: str | None, out: DayShare, before: Sequence[DayShare], after: Sequence[DayShare], usual: Usual | None
) -> Verdict:
    rest = [[one for one in side if one is not out] for side in (before, after)]
    return _judged(better, rest[0], rest[1], usual)


def _usual(before: Sequence[DayShare], history: Sequence[DayShare]) -> Usual | None:
    part, own = _sum(history), _sum(before)
    days = [one for one in history if one.of]
    share, now = part.rate, own.rate
    if len(days) < FEWEST_HISTORY_DAYS or part.of < FEWEST or share is None or now is None:
        return None
    half = Z_95 * sqrt(_spread(days, share) * share * (1 - share) * (1 / own.of + 1 / part.of))
    low, high = max(0.0, share - half), min(1.0, share + half)
    return Usual(part, len(days), low, high, not low <= now <= high)


def _spread(days: Sequence[DayShare], share: float) -> float:
    """Return how many times as much as by chance alone the days' shares vary about `share`, 1 at least."""
    if not 0 < share < 1 or len(days) < 2:
        return 1.0
    square = sum((one.n - one.of * share) ** 2 / (one.of * share * (1 - share)) for one in days)
    return max(1.0, square / (len(days) - 1))


def _is_apart(out: DayShare, side: Sequence[DayShare]) -> bool:
    others = [one for one in side if one is not out and one.of]
    rest = _sum(others)
    share = rest.rate
    if share is None or len(others) < 2:
        return False
    # Half a row more or less, so that a side of none or of all has an error too.
    smooth = (rest.n + 0.5) / (rest.of + 1)
    error = sqrt(_spread(others, share) * smooth * (1 - smooth) * (1 / out.of + 1 / rest.of))
    return abs(out.n / out.of - share) > STANDS_OUT * error


def _days_to_tell(first: Part, second: Part, days: int, verdict: Verdict) -> int | None:
    one, two = first.rate, second.rate
    if verdict not in (Verdict.CANNOT_TELL, Verdict.TOO_FEW) or one is None or two is None or one == two or not days:
        return None
    rows = Z_95**2 * (one * (1 - one) + two * (1 - two)) / (one - two) ** 2
    needed = max(rows, FEWEST) / (min(first.of, second.of) / days)
    return None if needed > MOST_DAYS else max(days + 1, ceil(needed))


# -- two groups of a piece of evidence --------------------------------------------------------------------------------


def is_enough(groups: tuple[Group, Group]) -> bool:
    """Whether two groups have the rows to be compared."""
    return min(one.of for one in groups) >= FEWEST


def with_less_without(groups: tuple[Group, Group]) -> Difference:
    """Return how far the share with the cause lies above that without it."""
    having, lacking = groups
    return compare((lacking.n, lacking.of - lacking.n), (having.n, having.of - having.n))
