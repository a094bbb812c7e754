"""What has helped in such a state: by this hall's own past, by plays and by trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import sqrt
from statistics import fmean, stdev

from msgspec import Struct

from queuedesk.core.figures.satisfaction import t_quantile
from queuedesk.core.queue.ticket import Window
from queuedesk.core.staffing.move import Move, Proof

State = tuple[str, int]
"""A kind of move and which of the classes of CROWDS wait."""

CROWDS = (10, 20)
BILL_DAY = len(CROWDS) + 1
ENOUGH = 8
"""Of so many moves made in such a state this hall's own past is asked."""
MAY_FAIL = 1
LEAST_SAVED_MIN = 0.5
"""In all plays but one, people must wait so much less on average."""
LEAST_BACK_MIN = 0.1
"""The same of a clerk asked back, whose return by himself nobody can foresee."""
GONE = timedelta(minutes=20)
"""Who has been away for longer without a word is as good as back."""

Span = tuple[float, float]

# Between what four in five of the moves that this rule lets through saved each person, in minutes: by the class of how
# many waited (CROWDS), on busy bill days as a class of their own, of a clerk asked back by that of the absence
# (absence_of). Measured by scripts/bench/rules/advice.py, see resources/docs/advice.md; None where it can't be told
# from nothing. What is not named has not been tried.
TRIED: Mapping[State, Span | None] = {
    ("open_window", 0): (1.0, 6.2),
    ("open_window", 1): (2.1, 5.9),
    ("open_window", 2): (2.0, 4.7),
    ("open_window", BILL_DAY): (1.9, 6.9),
    ("call_back", 0): (0.0, 2.5),
    ("call_back", 1): (0.0, 2.3),
    ("call_back", 2): None,
    ("lend", 0): (0.3, 3.4),
    ("lend", 1): (0.9, 4.4),
    ("lend", 2): (1.5, 4.2),
    ("lend", BILL_DAY): None,
    ("move_break", 1): (0.1, 2.6),
    ("move_break", 2): (0.6, 4.6),
    ("move_break", BILL_DAY): None,
}


UNTRIED: tuple[()] = ()


def crowd_of(waiting: int) -> int:
    """Return which of the classes of CROWDS so many people in line are."""
    return sum(waiting >= least for least in CROWDS)


def absence_of(window: Window, now: datetime) -> int:
    """Return which class of absence somebody's from a window is: a pause that was said to end (0), gone without a word
    (1), gone so for longer than GONE (2)."""
    if window.back is not None:
        return 0
    return 1 if window.since is None or now - window.since <= GONE else 2


def class_of(move: Move, crowd: int, absences: Mapping[str, int], *, is_bill_day: bool) -> int:
    """Return which class of TRIED a move is in; `absences` are those of windows that pause."""
    if move.kind == "call_back":
        return absences[move.window or ""]
    return BILL_DAY if is_bill_day else crowd


def helped_in(move: Move, saved_min: Sequence[float]) -> int:
    """Return in how many plays a move saved enough."""
    least = LEAST_BACK_MIN if move.kind == "call_back" else LEAST_SAVED_MIN
    return sum(one >= least for one in saved_min)


def judged(move: Move, saved_min: Sequence[float], past: MeanInterval | None, *, klass: int) -> Proof | str:
    """Return what speaks for a move, or why it is not suggested: "past", "plays" or "trials".

    `saved_min` is what it saved each person in each play; `past` what such moves saved here in such a state, `klass`
    the class of TRIED that this state is of.
    """
    here = past if past is not None and past.n >= ENOUGH and past.is_distinguishable else None
    if here is not None and here.mean < 0:
        return "past"
    helped = helped_in(move, saved_min)
    if helped < len(saved_min) - MAY_FAIL:
        return "plays"
    span = TRIED.get((move.kind, klass), UNTRIED)
    if span is None:
        return "trials"
    # The past counts those in line alone: whoever comes later and pays for it is only in plays and trials.
    if here is not None:
        return Proof(source="past", n=here.n, low_min=here.low, high_min=here.high)
    low, high = span or (None, None)
    return Proof(source="plays", n=len(saved_min), helped=helped, low_min=low, high_min=high)


# -- means and their differences with their intervals ------------------------------------------------------------------


class MeanInterval(Struct, frozen=True):
    """The mean of `n` figures with its 95 % bounds; without bounds where there are fewer than two."""

    n: int
    mean: float
    low: float | None
    high: float | None

    @property
    def is_distinguishable(self) -> bool:
        """Whether the bounds exclude 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def mean_interval(values: Sequence[float]) -> MeanInterval | None:
    """Return the mean with its bounds; None for no figures."""
    if not values:
        return None
    mean = fmean(values)
    if len(values) < 2:
        return MeanInterval(len(values), mean, None, None)
    half = t_quantile(len(values) - 1) * stdev(values) / sqrt(len(values))
    return MeanInterval(len(values), mean, mean - half, mean + half)


def difference_interval(values: Sequence[float], control: Sequence[float]) -> MeanInterval | None:
    """Return how far the mean of `values` lies above that of `control`, with its bounds; without bounds where either
    has fewer than two.

    The degrees of freedom are those of the smaller sample, which is cautious where the spreads differ.
    """
    if not values:
        return None
    mean = fmean(values) - (fmean(control) if control else 0.0)
    if len(values) < 2 or len(control) < 2:
        return MeanInterval(len(values), mean, None, None)
    spread = stdev(values) ** 2 / len(values) + stdev(control) ** 2 / len(control)
    half = t_quantile(min(len(values), len(control)) - 1) * sqrt(spread)
    return MeanInterval(len(values), mean, mean - half, mean + half)
