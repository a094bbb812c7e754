"""How accurate the waits told at issue were, compared with a simple formula: people ahead × usual minutes ÷ windows.

- n: tickets that were told a range and have been called, void ones left out; their wait is from issue to the first
  call. A ticket counts with the service and the half-hour of its issue.
- late, early: the share called after the range's upper end, or before its lower one. A tenth on either side is what the
  ranges aim at.
- mean_width: minutes between the ends. mae: how far the single figure behind the range lay from the wait, without sign.
- interval_score: the width, and for each minute outside the range ten more: what a range at 80 % costs who relies on
  it; the lower the better.
- naive: the same of the simple formula, for those of whom it was known at issue. It says no range, so it is given the
  one that would have fitted these very tickets best: a tenth of them beyond either end, in up to six groups by what it
  said. Nothing could do that beforehand.
- experts: the same by the expert that weighed most in the figure, for tickets of which it stands in the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import ceil
from operator import itemgetter

from msgspec import Struct, field

from queuedesk.core.figures.measures.day import HALF_HOUR_US, DayRows, Slot, slots_in_time
from queuedesk.core.figures.measures.figure import Scope
from queuedesk.core.figures.measures.rows import TicketRow
from queuedesk.core.figures.measures.times import MINUTE_US, SECOND_US, Figures, minutes_of_us, share
from queuedesk.core.waits.past_waits import EXPERTS
from queuedesk.core.waits.promise_bounds import COVERED, interval_score

MOST_GROUPS = 6
LEAST_IN_GROUP = 20
Key = tuple[str, Slot]
"""Service and half-hour of the issue."""
Pair = tuple[int, int]
"""What was said and what came, in microseconds."""
Told = tuple[int, int, int, int]
"""The lower and upper end of a range, the single figure behind it, and the wait that came."""


_QUOTED = itemgetter(
    *(
        TicketRow._fields.index(name)
        for name in (
            "label",
            "arrived",
            "promise_low",
            "promise_high",
            "promise_point_s",
            "promise_naive_s",
            "promise_leads",
        )
    )
)


class Promised(Struct):
    """Quoted ranges and their outcomes, added up; times in microseconds."""

    n: int = 0
    late: int = 0
    early: int = 0
    width_us: int = 0
    outside_us: int = 0
    off_us: int = 0

    def add(self, told: Iterable[Told]) -> None:
        """Add tickets."""
        # In names of its own: a year has half a million of them.
        n = late = early = width = outside = off = 0
        for low, high, point, wait in told:
            n += 1
            width += high - low
            off += wait - point if wait > point else point - wait
            if wait > high:
                late += 1
                outside += wait - high
            elif wait < low:
                early += 1
                outside += low - wait
        self.put(Promised(n, late, early, width, outside, off))

    def put(self, other: Promised) -> None:
        """Add another one's sums."""
        self.n += other.n
        self.late += other.late
        self.early += other.early
        self.width_us += other.width_us
        self.outside_us += other.outside_us
        self.off_us += other.off_us

    def document(self) -> Figures:
        """Return the figures; nulls where there are none."""
        if not self.n:
            return {"n": 0, **dict.fromkeys(("late", "early", "mean_width", "interval_score", "mae"))}
        score = interval_score(0, self.width_us, self.width_us + self.outside_us)
        return {
            "n": self.n,
            "late": share(self.late, self.n),
            "early": share(self.early, self.n),
            "mean_width": minutes_of_us(self.width_us / self.n),
            "interval_score": minutes_of_us(score / self.n),
            "mae": minutes_of_us(self.off_us / self.n),
        }


class PromiseTally(Struct):
    """Quoted waits of business dates by service and half-hour, and `led` by the expert that weighed most; `naive` holds
    the simple formula's quotes and their outcomes."""

    told: dict[Key, Promised] = field(default_factory=lambda: defaultdict(Promised))
    naive: dict[Key, list[Pair]] = field(default_factory=lambda: defaultdict(list))
    led: dict[str, Promised] = field(default_factory=lambda: defaultdict(Promised))

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        beyond = rows.beyond_told
        if not beyond:
            return
        start, slots, services = rows.half_hours.start, rows.half_hours.slots, rows.first_services
        # One list for each place and expert: each ticket is added up once, for both.
        places: dict[tuple[str, int, str | None], tuple[list[Told], list[Pair]]] = {}
        for label, arrived, low, high, point, said, leads in map(_QUOTED, rows.tickets):
            if label not in beyond or low is None or high is None or point is None:
                continue
            place = (services[label], (arrived - start) // HALF_HOUR_US, leads)
            if place[1] >= len(slots):
                continue  # Called before it came: a damaged row.
            if place not in places:
                places[place] = ([], self.naive[place[0], slots[place[1]]])
            told, naive = places[place]
            upper = high * MINUTE_US
            wait = upper + beyond[label]
            told.append((low * MINUTE_US, upper, point * SECOND_US, wait))
            if said is not None:
                naive.append((said * SECOND_US, wait))
        for (service, half, leads), (told, _naive) in places.items():
            outcomes = Promised()
            outcomes.add(told)
            self.told[service, slots[half]].put(outcomes)
            if leads is not None:
                self.led[leads].put(outcomes)

    def merge(self, other: PromiseTally, service: Callable[[str], str]) -> None:
        """Add the sums of other dates or halls; `service` translates the codes of services."""
        for (code, slot), told in other.told.items():
            self.told[service(code), slot].put(told)
        for (code, slot), pairs in other.naive.items():
            self.naive[service(code), slot].extend(pairs)
        for expert, promised in other.led.items():
            self.led[expert].put(promised)

    def document(self, scope: Scope) -> Figures:
        """Return "promise" of the measures: all, by service, by half-hour of the issue."""
        fitted = _Fitted([pair for pairs in self.naive.values() for pair in pairs])
        naive = {key: fitted.of(pairs) for key, pairs in self.naive.items()}
        told_for = {code for code, _slot in self.told}
        codes = [code for code in scope.services if code in told_for]
        slots = slots_in_time({slot for _code, slot in self.told})
        return {
            **self._part(naive, self.told),
            "services": [
                {"code": code, **self._part(naive, [key for key in self.told if key[0] == code])}
                for code in codes + sorted(told_for - set(codes))
            ],
            "half_hours": [
                {"from": slot[1], **self._part(naive, [key for key in self.told if key[1] == slot])} for slot in slots
            ],
            "experts": [{"code": code, **self.led[code].document()} for code in EXPERTS if code in self.led],
        }

    def _part(self, naive: Mapping[Key, Promised], keys: Iterable[Key]) -> Figures:
        told, simple = Promised(), Promised()
        for key in keys:
            told.put(self.told[key])
            if key in naive:
                simple.put(naive[key])
        return {**told.document(), "naive": simple.document()}


class _Fitted:
    """The range around a single figure that would have fitted best: the tenth below and above, by groups of the
    figure."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        ordered = sorted(pairs)
        groups = max(1, min(MOST_GROUPS, len(ordered) // LEAST_IN_GROUP))
        cuts = [len(ordered) * n // groups for n in range(groups + 1)]
        self._from = [ordered[cut][0] for cut in cuts[1:-1]]
        self._bounds = [_middle([wait - said for said, wait in ordered[a:b]]) for a, b in pairwise(cuts)]

    def of(self, pairs: Sequence[Pair]) -> Promised:
        """Return the pairs' outcomes by these ranges."""
        found = Promised()
        # A formula says whole seconds, and many the same.
        ranges = {said: self._range(said) for said in {said for said, _wait in pairs}}
        found.add([(*ranges[said], said, wait) for said, wait in pairs])
        return found

    def _range(self, said: int) -> Pair:
        """Return the range, from nothing on."""
        below, above = self._bounds[bisect_right(self._from, said)]
        return max(0, said + below), max(0, said + above)


def _middle(off: list[int]) -> Pair:
    """Return what leaves a tenth of `off` below it and a tenth above."""
    if not off:
        return 0, 0
    off.sort()
    rank = min(len(off), ceil((1 + COVERED) / 2 * (len(off) + 1)))
    return off[len(off) - rank], off[rank - 1]
