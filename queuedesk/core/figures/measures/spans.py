"""A date as spans of microseconds: who was at which window, who waited for what, and what follows from both.

The log tells it of every ticket. Of one that went the plain way (joined, called once, started, finished) its legs tell
the same: a year is read that way, and the log only for the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures.measures.rows import LegRow, TicketRow
from queuedesk.core.figures.measures.times import MICROSECOND, micros
from queuedesk.core.log.timeline import Stay, Timeline
from queuedesk.core.queue.window import Lent, Shift
from queuedesk.core.setup.rows import Setup

Span = tuple[int, int]
PLAIN_ENDS = frozenset({None, "finish"})
WRONG_OR_FURTHER = frozenset({"redirect", "transfer"})
PUT_ASIDE = frozenset({"parked", "missed"})


class Held(NamedTuple):
    """A wait for `service` that until `held_until` was for one window or clerk only."""

    service: str
    start: int
    end: int
    held_until: int
    to_window: str | None
    to_staff: str | None


class DaySpans(Struct):
    """`at` and `served` by window, `waiting` by service; `lost` are (clerk, microseconds) at a window for the wrong
    line."""

    at: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    served: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    waiting: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    held: list[Held] = field(default_factory=list)
    lost: list[tuple[str | None, int]] = field(default_factory=list)

    def add_timeline(self, line: Timeline, until: int) -> None:
        """Add the spans of the log; what has not ended lasts until `until`."""
        for stay in line.stays:
            end = until if stay.end is None else micros(stay.end)
            self.at[stay.window].append((micros(stay.start), end))
            if stay.served is not None:
                self.served[stay.window].append((micros(stay.served), end))
        for spell in line.spells:
            start, end = micros(spell.start), until if spell.end is None else micros(spell.end)
            if spell.held_until is None:
                self.waiting[spell.service].append((start, end))
            else:
                self.held.append(
                    Held(spell.service, start, end, micros(spell.held_until), spell.to_window, spell.to_staff)
                )
        self.lost += lost_us(line.stays)

    def add_plain(self, alike: Sequence[LegRow], until: int) -> None:
        """Add legs of one kind (as defined by conditions) of tickets with an ordinary course."""
        waiting, window = self.waiting[alike[0].service], alike[0].window or ""
        if alike[0].called is None:
            waiting += [(leg.joined, until if leg.ended is None else leg.ended) for leg in alike]
            return
        waiting += [(leg.joined, leg.called) for leg in alike if leg.called is not None]
        self.at[window] += [
            (leg.called, until if leg.ended is None else leg.ended) for leg in alike if leg.called is not None
        ]
        if alike[0].started is not None:
            self.served[window] += [
                (leg.started, until if leg.ended is None else leg.ended) for leg in alike if leg.started is not None
            ]


def not_plain(tickets: Iterable[TicketRow], legs: Iterable[LegRow]) -> set[str]:
    """Return the tickets whose legs alone do not tell where they were, including those with a call that belongs to no
    leg."""
    odd = {
        t.label
        for t in tickets
        if t.misses or t.not_before is not None or t.state in PUT_ASIDE or "corrected" in t.flags
    }
    odd |= {
        leg.label
        for leg in legs
        if leg.held_us or leg.end in WRONG_OR_FURTHER or (leg.called is not None and leg.end not in PLAIN_ENDS)
    }
    return odd


def lost_us(stays: Iterable[Stay]) -> list[tuple[str | None, int]]:
    """Return the window time of legs that ended in a redirect, as (clerk, microseconds)."""
    return [(stay.staff, lost) for stay, lost in lost_stays(stays)]


def lost_stays(stays: Iterable[Stay]) -> list[tuple[Stay, int]]:
    """Return the stays of legs that ended in redirect, each with the microseconds that the window lost: from the start
    of each of the leg's stays, or from the last call if it was never started.

    A ticket redirected while it waited lost none.
    """
    by_leg: dict[tuple[str, int], list[Stay]] = defaultdict(list)
    for stay in stays:
        by_leg[(stay.label, stay.leg)].append(stay)
    lost = []
    for leg in by_leg.values():
        last = leg[-1]
        if last.ended_by != "redirect":
            continue
        spans = [(s, s.served) for s in leg if s.served is not None] or [(last, last.start)]
        lost += [(s, (s.end - start) // MICROSECOND) for s, start in spans if s.end is not None]
    return lost


def idle_us(setup: Setup, shifts: Iterable[Shift], spans: DaySpans, until: int) -> dict[str, int]:
    """Return by clerk the microseconds in which the window was open and free while somebody waited that it could have
    called.

    It goes by the current set-up and the services lent to the window at the time; a ticket that a transfer held for
    another window or clerk counts from the end of the hold.
    """
    idle: dict[str, int] = defaultdict(int)
    found: dict[frozenset[str], list[Span]] = {}
    for shift in shifts:
        free = without(taking_us(shift, until), spans.at.get(shift.window, ()))
        services = setup.services_at(shift.window, shift.staff)
        if services not in found:
            found[services] = merged(span for s in services for span in spans.waiting.get(s, ()))
        waiting = found[services]
        for lent in shift.lent:
            for_it = without(spans.waiting.get(lent.service, ()), _not_lent(lent, until))
            waiting = merged([*waiting, *for_it]) if lent.service not in services else waiting
        if held := [callable_us(one, shift) for one in spans.held if one.service in services]:
            waiting = merged([*waiting, *held])
        idle[shift.staff] += shared(free, waiting)
    return idle


def callable_us(one: Held, shift: Shift) -> Span:
    """Return when `shift` could have called the ticket that was held for somebody."""
    mine = one.to_window == shift.window if one.to_window is not None else one.to_staff in (None, shift.staff)
    return (one.start, one.end) if mine else (min(one.held_until, one.end), one.end)


def serving_us(setup: Setup, shift: Shift, service: str, until: int) -> list[Span]:
    """Return when the window of a shift offered `service`, its own or lent, pauses included."""
    if service in setup.services_at(shift.window, shift.staff):
        return [open_us(shift, until)]
    able = setup.served_in(shift)
    return [_lent_us(one, until) for one in shift.lent if one.service == service and service in able]


def _lent_us(lent: Lent, until: int) -> Span:
    return micros(lent.start), until if lent.end is None else micros(lent.end)


def _not_lent(lent: Lent, until: int) -> list[Span]:
    start, end = _lent_us(lent, until)
    return [(0, start), (end, max(end, until))]


def open_us(shift: Shift, until: int) -> Span:
    """Return the span of a shift; one that is not closed lasts until `until`."""
    return micros(shift.opened), until if shift.closed is None else micros(shift.closed)


def pauses_us(shift: Shift, until: int) -> list[Span]:
    """Return the shift's pauses; one that is not over lasts until `until`."""
    return [(micros(p.start), until if p.end is None else micros(p.end)) for p in shift.pauses]


def taking_us(shift: Shift, until: int) -> list[Span]:
    """Return when a shift's window took customers: open and not paused, even for a moment."""
    start, end = open_us(shift, until)
    return without([(start, end)], pauses_us(shift, until)) if start < end else [(start, end)]


# -- spans ---------------------------------------------------------------------------------------------------------


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the time covered by `spans`, as ordered spans that don't touch; empty and backward ones are ignored."""
    found: list[Span] = []
    start, end = 0, -1
    for one_start, one_end in sorted(spans):
        if one_start >= one_end:
            continue
        if end < start:
            start, end = one_start, one_end
        elif one_start <= end:
            end = max(end, one_end)
        else:
            found.append((start, end))
            start, end = one_start, one_end
    if start < end:
        found.append((start, end))
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return the time covered by `spans` but not by `taken`."""
    left: list[Span] = []
    cuts = merged(taken)
    first = 0
    for start, end in merged(spans):
        at = start
        while first < len(cuts) and cuts[first][1] <= start:
            first += 1
        for cut_start, cut_end in cuts[first:]:
            if cut_start >= end:
                break
            if cut_start > at:
                left.append((at, cut_start))
            at = max(at, cut_end)
        if at < end:
            left.append((at, end))
    return left


def shared(left: Sequence[Span], right: Sequence[Span]) -> int:
    """Return the microseconds covered by both; each is ordered, and its spans don't touch."""
    total = i = j = 0
    while i < len(left) and j < len(right):
        (left_start, left_end), (right_start, right_end) = left[i], right[j]
        start = left_start if left_start > right_start else right_start
        if left_end <= right_end:
            end = left_end
            i += 1
        else:
            end = right_end
            j += 1
        if start < end:
            total += end - start
    return total


def length(spans: Iterable[Span]) -> int:
    """Return the microseconds that `spans` cover."""
    return sum(end - start for start, end in merged(spans))
