"""The day ribbon: everybody of a day as one thin stroke over the hours, windows as lanes below them.

Times count in minutes after midnight of the hall's day. Above the base line people wait, stacked by when they joined,
the oldest at the bottom: the height is how many wait, and who waits past the target is red at the bottom.
`ribbon_layout.py` says where everything lies.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property
from math import ceil, inf

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Note
from queuedesk.core.charts.marks import Place

Span = tuple[float, float]


class Stroke(Struct, frozen=True, kw_only=True):
    """One step of one visit: its time in a line, on the way and at a window; None where it had none.

    `name` names the ticket to who asks, `is_on` says that its last part still goes on.
    """

    name: str
    waits: Span | None = None
    window: str = ""
    walks: Span | None = None
    served: Span | None = None
    is_on: bool = False

    @property
    def begins(self) -> float:
        return min(span[0] for span in (self.waits, self.walks, self.served) if span is not None)

    @property
    def leaves(self) -> float:
        """Until when it stands in the line: for good while it still waits."""
        return inf if self.is_on and not self.window else self.waits[1] if self.waits is not None else 0.0

    @property
    def ends(self) -> float:
        return max(span[1] for span in (self.waits, self.walks, self.served) if span is not None)


class Lane(Struct, frozen=True, kw_only=True):
    """A window: from when to when it was open, and its pauses."""

    window: str
    open: Sequence[Span] = ()
    pauses: Sequence[Span] = ()


class Ahead(Struct, frozen=True):
    """How many will wait at `minute`, and between what that lies four times in five."""

    minute: float
    low: float
    middle: float
    high: float


class Ribbon(Struct, frozen=True, kw_only=True, dict=True):
    """A day from `start` to `end`; `now` is None for a day that is over. Strokes stand by when they began.

    `usual` is how many wait at a minute of such a weekday, `ahead` what is expected from now on; both are empty where
    nobody honestly knows. `notes` explain a time of the day, in minutes too.
    """

    start: float
    end: float
    now: float | None = None
    target: float = 15.0
    strokes: Sequence[Stroke] = ()
    lanes: Sequence[Lane] = ()
    usual: Sequence[Place] = ()
    ahead: Sequence[Ahead] = ()
    notes: Sequence[Note] = ()

    @cached_property
    def waits(self) -> list[Stroke]:
        """Those who waited, in the order in which they joined."""
        found = (one for one in self.strokes if one.waits is not None and one.waits[1] > one.waits[0])
        return sorted(found, key=joined)

    @cached_property
    def _moments(self) -> tuple[list[float], list[float]]:
        return [joined(one) for one in self.waits], sorted(one.leaves for one in self.waits)

    def waiting_at(self, minute: float) -> int:
        """Return how many wait at a minute."""
        came, left = self._moments
        return bisect_right(came, minute) - bisect_right(left, minute)

    def late_at(self, minute: float) -> int:
        """Return how many of them wait past the target."""
        return sum(joined(one) + self.target <= minute < one.leaves for one in self.waits)

    @cached_property
    def peak(self) -> tuple[float, int]:
        """When most waited, and how many."""
        came, _left = self._moments
        return max(((at, self.waiting_at(at)) for at in came), key=lambda one: one[1], default=(self.start, 0))

    def of(self, name: str) -> list[Stroke]:
        """Return the steps of one ticket."""
        return [one for one in self.strokes if one.name == name]


def joined(stroke: Stroke) -> float:
    """Return when somebody joined the line."""
    return stroke.waits[0] if stroke.waits is not None else 0.0


def cut(ribbon: Ribbon, name: str, least: float = 90.0) -> Ribbon:
    """Return the part of the day in which a ticket lies in the middle: `least` minutes, or twice as long as it took."""
    own = ribbon.of(name)
    if not own:
        return ribbon
    first, last = min(one.begins for one in own), max(one.ends for one in own)
    length = max(least, 2 * (last - first)) if last - first > least * 2 / 3 else least
    start = 15 * round(((first + last - length) / 2) / 15)
    end = start + 15 * ceil(length / 15)
    now = ribbon.now if ribbon.now is not None and ribbon.now <= end else None
    return replace(ribbon, start=start, end=end, now=now)


class Sign(Struct, frozen=True):
    """A word of the legend with what it names (waiting, late, walking, serving, pause, ahead, usual), and a short one
    for where there is little room."""

    kind: str
    word: str
    short: str


class RibbonWords(Struct, frozen=True, kw_only=True):
    """What stands on the picture. `many` is the title where one stroke is that many people; `second` stands beside it,
    `empty` in the stack of a day without anybody. Of `signs` the last go where there is no room."""

    title: str = ""
    short: str = ""
    many: Callable[[int], str] | None = None
    second: str = ""
    axis: str = ""
    now: str = ""
    empty: str = ""
    signs: Sequence[Sign] = ()
