"""What explains a long wait, as far as the day can tell: at most two causes, the first that hold of these.

- long_before: the customer before at the window that called was there for `minutes` of handling, at least 15 and more
  than twice the 90th percentile of the date's handling, and went when this one was waiting already.
- paused: a window that may serve the line was paused for `minutes` of the wait, at least 10; the one that was paused
  longest.
- overtaken: the ticket was passed `n` times.
- few_windows: over the wait `n` windows that may serve the line took customers on average, at most half of the most
  that did so at one moment of the date.
- arrivals: in the half-hour in which the line was joined `n` people came to the hall, at least 90 % of those of its
  busiest half-hour.
- ahead, where none of these holds: `n` who had joined earlier were called during the wait by windows that may serve the
  line.

What a window may serve is by the set-up as it stands, with the clerk who sat there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from queuedesk.core.figures.measures.conditions import handling_us
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.rows import LegRow
from queuedesk.core.figures.measures.spans import (
    Span,
    length,
    merged,
    pauses_us,
    serving_us,
    shared,
    taking_us,
    without,
)
from queuedesk.core.figures.measures.times import MINUTE_US, Figures, minutes_of_us, percentile

CAUSES_NAMED = 2
LONG_CUSTOMER_US = 15 * MINUTE_US
TIMES_P90 = 2
LONG_PAUSE_US = 10 * MINUTE_US
FEW = 0.5
NEARLY_BUSIEST = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """`us` and `window` where the kind has them, `n` a count, of few_windows a mean with one decimal."""

    kind: str
    window: str | None = None
    us: int | None = None
    n: float | None = None

    def of_hall(self, hall: str) -> Cause:
        """Return it with its window named among all halls."""
        return self if self.window is None else replace(self, window=f"{hall}/{self.window}")

    def row(self) -> Figures:
        minutes = None if self.us is None else minutes_of_us(self.us)
        return {"kind": self.kind, "window": self.window, "minutes": minutes, "n": self.n}


def causes(rows: DayRows, leg: LegRow) -> tuple[Cause, ...]:
    """Return what explains the wait of `leg`, which has been called; nothing where the day does not tell."""
    found = (
        cause
        for looks in (_long_before, _paused, _overtaken, _few_windows, _arrivals)
        if (cause := looks(rows, leg)) is not None
    )
    named = tuple(islice(found, CAUSES_NAMED))
    if named:
        return named
    ahead = _ahead(rows, leg)
    return () if ahead is None else (ahead,)


def _long_before(rows: DayRows, leg: LegRow) -> Cause | None:
    called = leg.called or leg.joined
    before: LegRow | None = None
    for other in rows.legs:
        if other.window != leg.window or other.finished is None or other.finished > called or other is leg:
            continue
        if before is None or (other.finished, other.label) > (before.finished or 0, before.label):
            before = other
    if before is None or (before.finished or 0) <= leg.joined:
        return None
    took = handling_us(before)
    times = sorted(time for alike in rows.alike for time in alike.handling)
    if took is None or took < LONG_CUSTOMER_US or took <= TIMES_P90 * percentile(times, 90):
        return None
    return Cause(kind="long_before", window=leg.window, us=took)


def _paused(rows: DayRows, leg: LegRow) -> Cause | None:
    paused: dict[str, list[Span]] = defaultdict(list)
    for shift in rows.shifts:
        if serving := serving_us(rows.setup, shift, leg.service, rows.until):
            paused[shift.window] += _within(pauses_us(shift, rows.until), serving)
    meant = [(shared(merged(spans), _wait(leg)), window) for window, spans in sorted(paused.items())]
    longest, window = max(meant, key=lambda one: one[0], default=(0, ""))
    return Cause(kind="paused", window=window, us=longest) if longest >= LONG_PAUSE_US else None


def _overtaken(rows: DayRows, leg: LegRow) -> Cause | None:
    n = next((ticket.overtaken for ticket in rows.tickets if ticket.label == leg.label), 0)
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
    halves = rows.half_hours
    came = Counter(halves.at(ticket.arrived) for ticket in rows.tickets)
    n = came[halves.at(leg.joined)]
    return Cause(kind="arrivals", n=n) if n and n >= NEARLY_BUSIEST * max(came.values()) else None


def _ahead(rows: DayRows, leg: LegRow) -> Cause | None:
    able = {s.window for s in rows.shifts if leg.service in rows.setup.served_in(s)}
    n = sum(
        other.called is not None
        and other.window in able
        and other.joined < leg.joined <= other.called <= (leg.called or leg.joined)
        for other in rows.legs
    )
    return Cause(kind="ahead", n=n) if n else None


def _within(spans: list[Span], serving: list[Span]) -> list[Span]:
    """Return the time of `spans` in which the window could serve the line."""
    return without(spans, without([(0, max(end for _, end in [*spans, *serving]))], serving)) if spans else []


def _wait(leg: LegRow) -> list[Span]:
    """Return from when to when it waited."""
    return [(leg.joined, max(leg.joined, leg.called or leg.joined))]
