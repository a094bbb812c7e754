"""Long pauses, and the longest waits with what explains them.

- pauses: of 20 minutes or more, longest first, at most 20; on the hall's clock. `to` is None while it lasts, and its
  minutes are those until now. A pause that a closing ended lasted until then.
- longest_waits: the five longest of the waits that count, with what explains them as far as the day can tell: at most
  two causes, the first that hold of these.
  - free: a window that may serve the line, open and not paused, had nobody at it or called to it for `minutes` at a
    stretch in which it could have called this ticket, at least 2 and a quarter of the wait; the longest stretch. Only
    the log tells it.
  - long_before: the customer before at the window that called was there for `minutes` of handling, at least 15 and more
    than twice the 90th percentile of the date's handling, and went when this one was waiting already.
  - paused: a window that may serve the line was paused for `minutes` of the wait, at least 10; the one that was paused
    longest.
  - overtaken: the ticket was passed `n` times.
  - few_windows: over the wait `n` windows that may serve the line took customers on average, at most half of the most
    that did so at one moment of the date.
  - arrivals: in the half-hour in which the line was joined `n` people came to the hall, at least 90 % of those of its
    busiest half-hour and half again as many as in the mean of the half-hours in which anybody came.
  - ahead, where none of these holds: `n` who had joined earlier were called during the wait by windows that may serve
    the line.
  What a window may serve is by the set-up as it stands, with the clerk who sat there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from heapq import nlargest, nsmallest
from itertools import chain, islice

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.measures.conditions import handling_us
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.rows import LegRow
from queuedesk.core.figures.measures.spans import (
    Span,
    callable_us,
    length,
    merged,
    pauses_us,
    serving_us,
    shared,
    taking_us,
    without,
)
from queuedesk.core.figures.measures.times import MINUTE_US, Figures, hall_clock, minutes_of_us, percentile

LONG_PAUSE_US = 20 * MINUTE_US
PAUSES_SHOWN = 20
WAITS_SHOWN = 5


# -- what explains a long wait -----------------------------------------------------------------------------------------

CAUSES_NAMED = 2
LONG_CUSTOMER_US = 15 * MINUTE_US
TIMES_P90 = 2
EXPLAINS_US = 10 * MINUTE_US
FEW = 0.5
NEARLY_BUSIEST = 0.9
TIMES_MEAN = 1.5
FREE_US = 2 * MINUTE_US
FREE_OF_WAIT = 0.25


class Cause(Struct, frozen=True, kw_only=True):
    """One cause of a wait: `us` and `window` where the kind has them, `n` a count, for few_windows a mean with one
    decimal."""

    kind: str
    window: str | None = None
    us: int | None = None
    n: int | float | None = None

    def of_hall(self, hall: str) -> Cause:
        """Return it with its window's name made unique among halls."""
        return self if self.window is None else replace(self, window=f"{hall}/{self.window}")

    def row(self) -> Figures:
        minutes = None if self.us is None else minutes_of_us(self.us)
        return {"kind": self.kind, "window": self.window, "minutes": minutes, "n": self.n}


def causes(rows: DayRows, leg: LegRow) -> tuple[Cause, ...]:
    """Return the causes of the wait of `leg`, which has been called; none where the day has no data."""
    found = (
        cause
        for looks in (_free, _long_before, _paused, _overtaken, _few_windows, _arrivals)
        if (cause := looks(rows, leg)) is not None
    )
    named = tuple(islice(found, CAUSES_NAMED))
    if named:
        return named
    ahead = _ahead(rows, leg)
    return () if ahead is None else (ahead,)


def _free(rows: DayRows, leg: LegRow) -> Cause | None:
    if rows.spans is None:
        return None
    wait = _wait(leg)
    since = _in_line_since(rows, leg)
    held = next((one for one in rows.spans.held if (one.service, one.end) == (leg.service, leg.called)), None)
    longest, window = 0, ""
    for shift in sorted(rows.shifts, key=lambda one: (one.window, one.id)):
        serving = serving_us(rows.setup, shift, leg.service, rows.until)
        if not serving:
            continue
        free = without(taking_us(shift, rows.until), rows.spans.at.get(shift.window, ()))
        first = since if held is None else max(since, callable_us(held, shift)[0])
        until = max(first, wait[0][1])
        us = max((shared([span], [(first, until)]) for span in _within(free, serving)), default=0)
        if us > longest:
            longest, window = us, shift.window
    is_long = longest >= FREE_US and longest >= FREE_OF_WAIT * length(wait)
    return Cause(kind="free", window=window, us=longest) if is_long else None


def _in_line_since(rows: DayRows, leg: LegRow) -> int:
    """Return from when windows of its line could call it: after the line before, which a redirect leaves with the
    arrival as it was, and not before an appointment's time."""
    before = (one.ended for one in rows.legs if one.label == leg.label and one.n == leg.n - 1)
    told = (one.not_before for one in rows.tickets if one.label == leg.label and leg.n == 1)
    return max(moment for moment in (leg.joined, *before, *told) if moment is not None)


def _long_before(rows: DayRows, leg: LegRow) -> Cause | None:
    called = leg.called or leg.joined
    before: LegRow | None = None
    for other in _finished_at(rows, leg.window):
        if other.finished is None or other.finished > called or other is leg:
            continue
        if before is None or (other.finished, other.label) > (before.finished or 0, before.label):
            before = other
    if before is None or (before.finished or 0) <= leg.joined:
        return None
    took = handling_us(before)
    if took is None or took < LONG_CUSTOMER_US:
        return None
    times = sorted(time for alike in rows.alike for time in alike.handling)
    if took <= TIMES_P90 * percentile(times, 90):
        return None
    return Cause(kind="long_before", window=leg.window, us=took)


def _finished_at(rows: DayRows, window: str | None) -> Iterator[LegRow]:
    for alike in rows.alike:
        if alike.legs[0].window == window and alike.legs[0].finished is not None:
            yield from alike.legs


def _paused(rows: DayRows, leg: LegRow) -> Cause | None:
    paused: dict[str, list[Span]] = defaultdict(list)
    for shift in rows.shifts:
        if serving := serving_us(rows.setup, shift, leg.service, rows.until):
            paused[shift.window] += _within(pauses_us(shift, rows.until), serving)
    meant = [(shared(merged(spans), _wait(leg)), window) for window, spans in sorted(paused.items())]
    longest, window = max(meant, key=lambda one: one[0], default=(0, ""))
    return Cause(kind="paused", window=window, us=longest) if longest >= EXPLAINS_US else None


def _overtaken(rows: DayRows, leg: LegRow) -> Cause | None:
    n = rows.overtaken.get(leg.label, 0)
    return Cause(kind="overtaken", n=n) if n else None


def _few_windows(rows: DayRows, leg: LegRow) -> Cause | None:
    taking: dict[str, list[Span]] = defaultdict(list)
    for shift in rows.shifts:
        if serving := serving_us(rows.setup, shift, leg.service, rows.until):
            taking[shift.window] += _within(taking_us(shift, rows.until), serving)
    spans = [merged(own) for own in taking.values()]
    most = max((_taking_at(start, spans) for own in spans for start, _ in own), default=0)
    wait = _wait(leg)
    if not most or not length(wait):
        return None
    mean = sum(shared(own, wait) for own in spans) / length(wait)
    return Cause(kind="few_windows", n=round(mean, 1)) if mean <= FEW * most else None


def _taking_at(moment: int, spans: Sequence[Sequence[Span]]) -> int:
    return sum(any(start <= moment < end for start, end in own) for own in spans)


def _arrivals(rows: DayRows, leg: LegRow) -> Cause | None:
    n = rows.came[rows.half_hours.at(leg.joined)]
    is_rush = n >= NEARLY_BUSIEST * rows.busiest and n * len(rows.came) >= TIMES_MEAN * rows.came.total()
    return Cause(kind="arrivals", n=n) if n and is_rush else None


def _ahead(rows: DayRows, leg: LegRow) -> Cause | None:
    able = {s.window for s in rows.shifts if leg.service in rows.setup.served_in(s)}
    joined, called = leg.joined, leg.called or leg.joined
    n = sum(
        other.called is not None and other.joined < joined <= other.called <= called
        for alike in rows.alike
        if alike.legs[0].called is not None and alike.legs[0].window in able
        for other in alike.legs
    )
    return Cause(kind="ahead", n=n) if n else None


def _within(spans: list[Span], serving: list[Span]) -> list[Span]:
    """Return the time of `spans` in which the window could serve the line."""
    return without(spans, without([(0, max(end for _, end in [*spans, *serving]))], serving)) if spans else []


def _wait(leg: LegRow) -> list[Span]:
    """Return from when to when it waited."""
    return [(leg.joined, max(leg.joined, leg.called or leg.joined))]


# -- adding up ---------------------------------------------------------------------------------------------------------


class LongPause(Struct, frozen=True, kw_only=True):
    """A pause; `start` and `end` are times on the hall's clock, "12:05", `end` None while it lasts."""

    day: date
    window: str
    staff: str
    start: str
    end: str | None
    us: int
    reason: str

    def row(self) -> Figures:
        return {
            "date": self.day.isoformat(),
            "window": self.window,
            "staff": self.staff,
            "from": self.start,
            "to": self.end,
            "minutes": minutes_of_us(self.us),
            "reason": self.reason,
        }


class LongWait(Struct, frozen=True, kw_only=True):
    """A wait; `arrived` is when the line was joined, on the hall's clock."""

    day: date
    ticket: str
    leg: int
    service: str
    us: int
    arrived: str
    causes: tuple[Cause, ...] = ()

    def row(self) -> Figures:
        return {
            "date": self.day.isoformat(),
            "ticket": self.ticket,
            "service": self.service,
            "minutes": minutes_of_us(self.us),
            "arrived": self.arrived,
            "causes": [cause.row() for cause in self.causes],
        }


class LineTally(Struct):
    """Long pauses and waits of business dates."""

    pauses: list[LongPause] = field(default_factory=list)
    longest: list[LongWait] = field(default_factory=list)

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        self._add_waits(rows)
        self._add_pauses(rows)

    def _add_waits(self, rows: DayRows) -> None:
        least = self.longest[-1].us if len(self.longest) == WAITS_SHOWN else 0
        most = nlargest(WAITS_SHOWN, chain.from_iterable(alike.waits for alike in rows.alike))
        least = max(least, most[-1]) if len(most) == WAITS_SHOWN else least
        legs: dict[tuple[str, int], tuple[int, LegRow]] = {}
        for alike in rows.alike:
            if alike.waits and max(alike.waits) >= least:  # of equal ones the date or the number decides
                for us, leg in zip(alike.waits, alike.legs, strict=True):
                    if us >= least:
                        legs[leg.label, leg.n] = (us, leg)
        new = [
            LongWait(
                day=rows.day,
                ticket=leg.label,
                leg=leg.n,
                service=leg.service,
                us=us,
                arrived=hall_clock(rows.setup, leg.joined),
            )
            for us, leg in nsmallest(WAITS_SHOWN, legs.values(), key=lambda one: (-one[0], one[1].label, one[1].n))
        ]
        longest = sorted([*self.longest, *new], key=_order)[:WAITS_SHOWN]
        # Only what stays among the longest is explained: that takes a look at the whole date.
        self.longest = [
            replace(one, causes=causes(rows, legs[(one.ticket, one.leg)][1])) if one in new else one for one in longest
        ]

    def _add_pauses(self, rows: DayRows) -> None:
        for shift in rows.shifts:
            for pause, (start, end) in zip(shift.pauses, pauses_us(shift, rows.until), strict=True):
                if end - start >= LONG_PAUSE_US:
                    one = LongPause(
                        day=rows.day,
                        window=shift.window,
                        staff=shift.staff,
                        start=hall_clock(rows.setup, start),
                        end=None if pause.end is None else hall_clock(rows.setup, end),
                        us=end - start,
                        reason=pause.reason,
                    )
                    self.pauses.append(one)
        self.pauses = sorted(self.pauses, key=_order)[:PAUSES_SHOWN]

    def extend(self, other: LineTally) -> None:
        """Add other dates of the same hall."""
        self.pauses = sorted([*self.pauses, *other.pauses], key=_order)[:PAUSES_SHOWN]
        self.longest = sorted([*self.longest, *other.longest], key=_order)[:WAITS_SHOWN]

    def merge(self, other: LineTally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums: windows, people and tickets as "HALL/CODE"; `service` translates the codes of its
        services."""
        pauses = [replace(one, window=f"{hall}/{one.window}", staff=f"{hall}/{one.staff}") for one in other.pauses]
        waits = [
            replace(
                one,
                ticket=f"{hall}/{one.ticket}",
                service=service(one.service),
                causes=tuple(cause.of_hall(hall) for cause in one.causes),
            )
            for one in other.longest
        ]
        self.extend(LineTally(pauses, waits))

    def document(self) -> Figures:
        """Return these measures."""
        return {"pauses": [one.row() for one in self.pauses], "longest_waits": [one.row() for one in self.longest]}


def _order(one: LongPause | LongWait) -> tuple[int, date, str, str, int]:
    """Longest first; of equal ones the earliest date, then by name."""
    if isinstance(one, LongPause):
        return (-one.us, one.day, one.start, one.window, 0)
    return (-one.us, one.day, one.ticket, "", one.leg)
