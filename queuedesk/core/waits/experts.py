"""The rules a hall could quote waits by, each an expert: the pass, what past dates show of a line, what today shows.

Nobody knows beforehand which of them a hall, a line or a busy day needs; what came true decides. What they know is what
past dates taught, and the last calls of today. They are weighed by Bernstein online aggregation with the gradient
trick, for the pinball loss.

O. Wintenberger, "Optimal learning with Bernstein online aggregation", Machine Learning 106 (2017), 119–141, algorithm
BOA: the regret against the best mixture of experts is at most of the order of √(T ln K) after T waits with K experts,
and of ln K where losses are curved enough. Weights are learned for the point of a range, whose loss is its error, and
for its two ends together (the mean of their pinball losses is a twentieth of the interval score), apart for each line
and for each group of places; a ticket gets the mean of both. What a wait teaches depends on its own ticket alone, so it
is a sum: whole numbers, the same whoever adds them up and in whatever order.
"""

from __future__ import annotations

import datetime as clock
import math
import operator
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from math import exp, log, sqrt
from statistics import median

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import CallMade, Ticket, TicketId
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import (
    CORRECTED,
    HIGH_START,
    HISTORY,
    HOUR,
    LAST,
    LOW_START,
    PASS,
    PAST_SPREAD,
    PROFILE,
    RATE,
    TODAY,
    N,
    PastWaits,
    ToldWait,
)
from queuedesk.core.waits.live import Turn
from queuedesk.core.waits.observations import HALF_HOUR_MIN, HALF_HOURS, actual_wait_min, minute_of, told_wait

PLACE_BINS = 5
"""Places are told apart as 1, 2 to 3, 4 to 7, 8 to 15 and more: errors grow with the places, not with the minutes."""
MOST_PER_PLACE_MIN = 60.0
MOST_MIN = 480.0
"""Nobody is told more than eight hours."""
HOURS = 24
RATE_MIN = 30.0
TODAY_WAITS = 10
WAITED_MIN = 0.25
"""Fewer minutes per place are those of somebody who was called at once."""
TODAY_NEEDED = 3
"""Fewer calls of a line say nothing about its day."""
RATIOS = 40
"""So many of a line's last waits tell how the pass does today."""

LINE_WORTH, HOUR_WORTH, RATIO_WORTH, SPREAD_WORTH = 5.0, 8.0, 10.0, 20.0
"""What is said of a larger group weighs as much as so many waits of the smaller one."""


def place_bin(place: int) -> int:
    """Return which group of places `place` (1: nobody is before) belongs to."""
    return min(PLACE_BINS, place.bit_length()) - 1


def log_ratio(minutes: float, point: float) -> float:
    """Return how far a wait is from a point, as a logarithm that a minute more or less at zero does not blow up."""
    return math.log((minutes + 1) / (point + 1))


class TodaysWaits(Struct, kw_only=True):
    """What a line's calls of today say: minutes since midnight of the last ones, minutes per place, the last call's
    wait and place, the logarithms of wait ÷ pass."""

    called: list[float] = field(default_factory=list)
    per_place: list[float] = field(default_factory=list)
    last: tuple[float, int] | None = None
    ratios: list[float] = field(default_factory=list)


def points(
    past: PastWaits, today: TodaysWaits | None, line: str, *, place: int, minute: float, pass_min: float | None
) -> tuple[float | None, ...]:
    """Return what each expert says somebody at `place` of `line` will wait, in minutes; None where it cannot say.
    `minute` is the hall's time since midnight, `pass_min` the pass's own figure."""
    found: list[float | None] = [None] * N
    if pass_min is not None:
        found[PASS] = pass_min
        found[CORRECTED] = (pass_min + 1) * math.exp(_ratio(past, today, line)) - 1
    usual = past.per_place.get(line, past.usual)
    if usual is not None:
        found[HISTORY] = usual * place
        hours = past.by_hour.get(line)
        at_hour = hours[int(minute // 60) % HOURS] if hours else None
        found[HOUR] = (usual if at_hour is None else at_hour) * place
    calls = past.calls.get(line)
    if calls is not None:
        found[PROFILE] = _by_profile(calls, place, minute)
    if today is not None and len(today.called) >= TODAY_NEEDED:
        since = max(today.called[0], minute - RATE_MIN)
        recent = len(today.called) - bisect_left(today.called, since)
        if recent and minute > since:
            found[RATE] = place / recent * (minute - since)
        found[TODAY] = median(today.per_place[-TODAY_WAITS:]) * place
        if today.last is not None:
            wait, at = today.last
            found[LAST] = wait * (place + 1) / (at + 1)
    return tuple(None if one is None else min(MOST_MIN, max(0.0, one)) for one in found)


def _ratio(past: PastWaits, today: TodaysWaits | None, line: str) -> float:
    before = past.ratios.get(line, 0.0)
    if today is None or not today.ratios:
        return before
    last = today.ratios[-RATIOS:]
    n = len(last)
    return (median(last) * n + before * RATIO_WORTH) / (n + RATIO_WORTH)


def _by_profile(calls: Sequence[float], place: int, minute: float) -> float | None:
    """Return when a line that calls as many in each half-hour as it usually does reaches `place`."""
    at, left = minute, float(place)
    for half_hour in range(min(HALF_HOURS, int(minute // HALF_HOUR_MIN)), HALF_HOURS):
        end = HALF_HOUR_MIN * (half_hour + 1)
        here = calls[half_hour] * (end - at) / HALF_HOUR_MIN
        if here >= left:
            return at + HALF_HOUR_MIN * left / calls[half_hour] - minute
        at, left = end, left - here
    return None


# -- what past waits teach -------------------------------------------------------------------------------------------


def learned_of(days: Sequence[Sequence[ToldWait]], judged: Sequence[ToldWait], usual_days: int) -> PastWaits:
    """Return what past waits teach, without the sums: medians by the last `usual_days` of `days`, errors by the waits
    `judged`, which have points."""
    recent = [wait for waits in days[-usual_days:] for wait in waits]
    if not recent:
        return PastWaits()
    per_place: dict[str, list[float]] = {}
    by_hour: dict[str, list[list[float]]] = {}
    calls: dict[str, list[int]] = {}
    ratios: dict[str, list[float]] = {}
    for wait in recent:
        each = min(MOST_PER_PLACE_MIN, wait.minutes / wait.place)
        per_place.setdefault(wait.line, []).append(each)
        by_hour.setdefault(wait.line, [[] for _ in range(HOURS)])[int(wait.minute // 60) % HOURS].append(each)
        half_hour = int((wait.minute + wait.minutes) // HALF_HOUR_MIN)
        calls.setdefault(wait.line, [0] * HALF_HOURS)[min(HALF_HOURS - 1, half_hour)] += 1
        if (ratio := pass_ratio(wait)) is not None:
            ratios.setdefault(wait.line, []).append(ratio)
    usual = median(one for each in per_place.values() for one in each)
    lines = {line: _towards(usual, each, LINE_WORTH) for line, each in per_place.items()}
    n = min(len(days), usual_days)
    overall, by_place, by_line = _spreads(judged)
    return PastWaits(
        usual=usual,
        per_place=lines,
        by_hour={
            line: tuple(_towards(lines[line], hour, HOUR_WORTH) if hour else None for hour in hours)
            for line, hours in by_hour.items()
        },
        calls={line: tuple(count / n for count in counts) for line, counts in calls.items()},
        ratios={line: _towards(0.0, each, RATIO_WORTH) for line, each in ratios.items()},
        spreads=overall,
        by_place=by_place,
        by_line=by_line,
    )


def pass_ratio(wait: ToldWait) -> float | None:
    """Return the logarithm of a wait beside what the pass had said of it; None for who was called at once."""
    said = wait.points_s[PASS] if wait.points_s else None
    return None if said is None or wait.minutes <= 0 else log_ratio(wait.minutes, said / 60)


def _towards(middle: float, values: Sequence[float], worth: float) -> float:
    """Return the median of `values`, drawn towards what is said of a larger group."""
    n = len(values)
    return (median(values) * n + middle * worth) / (n + worth)


Spreads = tuple[tuple[float, float], ...]


def _spreads(waits: Sequence[ToldWait]) -> tuple[Spreads, tuple[Spreads, ...], dict[str, Spreads]]:
    """Return between which logarithms four in five waits lay beside each expert's points: in all, by groups of places,
    by line."""
    overall: list[tuple[float, float]] = []
    by_place: list[Spreads] = []
    by_line: dict[str, list[tuple[float, float]]] = {wait.line: [] for wait in waits}
    known = [(wait.points_s, wait.minutes, wait.line, place_bin(wait.place)) for wait in waits]
    for k in range(N):
        offs: list[float] = []
        at_places: list[list[float]] = [[] for _ in range(PLACE_BINS)]
        in_lines: dict[str, list[float]] = {line: [] for line in by_line}
        for points_s, minutes, line, bin_ in known:
            if (said := points_s[k]) is not None:
                off = log_ratio(minutes, said / 60)
                offs.append(off)
                at_places[bin_].append(off)
                in_lines[line].append(off)
        own = _ends(offs, (-PAST_SPREAD, PAST_SPREAD))
        overall.append(own)
        by_place.append(tuple(_ends(some, own) for some in at_places))
        for line, some in in_lines.items():
            by_line[line].append(_ends(some, own))
    return tuple(overall), tuple(by_place), {line: tuple(own) for line, own in by_line.items()}


def _ends(offs: Sequence[float], among: tuple[float, float]) -> tuple[float, float]:
    if not offs:
        return among
    ordered, n = sorted(offs), len(offs)
    low, high = _quantile(ordered, 0.1), _quantile(ordered, 0.9)
    worth = n + SPREAD_WORTH
    return (low * n + among[0] * SPREAD_WORTH) / worth, (high * n + among[1] * SPREAD_WORTH) / worth


def _quantile(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


OUTSIDE = 0.1
"""Of all waits, so many end before a range and as many after it."""
PRIOR = (0.97, *[0.03 / (N - 1)] * (N - 1))
"""A hall that has shown nothing yet is believed to be what its set-up says: the pass. It alone knows which waits are
hard to tell, and after one day the others know little of their own errors."""
UNIT = 1_000_000
"""Sums hold millionths."""
SCALE_MIN = 2.0
"""An error of minutes is measured against the wait itself, and against two minutes where that is short."""
MOST_ETA = 0.5
GAINS = 2 * N
NOTHING = (0,) * (2 * GAINS)
"""Sums are laid out as, for each expert, how much better its point was than the mixture's; the same of its ends; then
the squares of both."""

_LOG_PRIOR = tuple(map(log, PRIOR))
_LOG_ETA = log(MOST_ETA)
_LOG_N = log(N)
_FULL_UPTO = _LOG_N / (MOST_ETA * MOST_ETA)

Points = Sequence[float | None]
Ends = tuple[list[float], Points, list[float]]
"""Each expert's low end, point and high end, in minutes; what stands for one that says nothing has no meaning."""
Weights = tuple[tuple[float, ...], tuple[float, ...]]
"""Of the experts' points and of their ends: together 1, and 0 for one that says nothing."""


class Mixture(Struct, frozen=True):
    """What is told: a point with the ends between which four in five waits are expected, in minutes, and the expert
    that weighs most in the point."""

    low: float
    point: float
    high: float
    leads: int


def ends_of(points: Points, factors: Sequence[tuple[float, float]], sd: float | None) -> Ends:
    """Return the experts' ranges. The pass knows its own doubt `sd`, the others their past errors as `factors`; what is
    said beside the pass goes half by the one and half by the other."""
    lows, highs = [0.0] * N, [0.0] * N
    for k, point in enumerate(points):
        if point is not None:
            low, high = factors[k]
            below, above = (point + 1) * low - 1, (point + 1) * high - 1
            lows[k] = below if below > 0 else 0.0
            highs[k] = above if above > 0 else 0.0
    pass_min = points[PASS]
    if pass_min is not None and sd is not None:
        lows[PASS] = max(0.0, pass_min + LOW_START * sd)
        highs[PASS] = max(0.0, pass_min + HIGH_START * sd)
        corrected = points[CORRECTED]
        if corrected is not None:
            own = sd * (corrected + 1) / (pass_min + 1)
            lows[CORRECTED] = (lows[CORRECTED] + max(0.0, corrected + LOW_START * own)) / 2
            highs[CORRECTED] = (highs[CORRECTED] + max(0.0, corrected + HIGH_START * own)) / 2
    return lows, points, highs


def lessons_of(wait: ToldWait, factors: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """Return what one wait teaches, laid out as sums. Whether an end was missed goes by what was told, whose bounds see
    to it that one in ten is: so no expert gains by wide ends where the bounds are about to widen them all."""
    low, point, high = wait.low_s / 60, wait.point_s / 60, wait.high_s / 60
    points = [None if one is None else one / 60 for one in wait.points_s]
    lows, _points, highs = ends_of(points, factors, None if wait.sd_s is None else wait.sd_s / 60)
    scale, came = UNIT / (point + SCALE_MIN), wait.minutes
    below, above = (came < wait.told[0]) - OUTSIDE, (came < wait.told[1]) - (1 - OUTSIDE)
    side, half = scale if came < point else -scale, scale / 2
    gains, of_ends = [0] * N, [0] * N
    for k, one in enumerate(points):
        if one is not None:
            gain, of_end = side * (point - one), (below * (low - lows[k]) + above * (high - highs[k])) * half
            gains[k] = -UNIT if gain < -UNIT else UNIT if gain > UNIT else int(gain)
            of_ends[k] = -UNIT if of_end < -UNIT else UNIT if of_end > UNIT else int(of_end)
    gains += of_ends
    return (*gains, *[gain * gain // UNIT for gain in gains])


def added(sums: Sequence[int], lessons: Sequence[int]) -> tuple[int, ...]:
    """Return sums with what one more wait taught."""
    return tuple(map(operator.add, sums, lessons))


def taken_out(sums: Sequence[int], lessons: Sequence[int]) -> tuple[int, ...]:
    """Return sums without what a wait taught."""
    return tuple(map(operator.sub, sums, lessons))


def weights(sums: Sequence[int], able: Sequence[int]) -> Weights:
    """Return the weights after `sums`; only the experts `able` to say something have any."""
    return _shares(sums, 0, able), _shares(sums, N, able)


def _shares(sums: Sequence[int], start: int, able: Sequence[int]) -> tuple[float, ...]:
    logs = []
    for k in able:
        gain, squares = sums[start + k] / UNIT, sums[start + k + GAINS] / UNIT
        if squares > _FULL_UPTO:
            eta = sqrt(_LOG_N / squares)
            logs.append(eta * gain - eta * eta * squares + log(eta) + _LOG_PRIOR[k])
        else:
            logs.append(MOST_ETA * gain - MOST_ETA * MOST_ETA * squares + _LOG_ETA + _LOG_PRIOR[k])
    most = max(logs)
    raw = [exp(one - most) for one in logs]
    whole = sum(raw)
    shares = [0.0] * N
    for k, one in zip(able, raw, strict=True):
        shares[k] = one / whole
    return tuple(shares)


def mean_of(one: Weights, other: Weights) -> Weights:
    """Return the mean of two weights."""
    return _mean(one[0], other[0]), _mean(one[1], other[1])


def _mean(one: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    return tuple([(a + b) / 2 for a, b in zip(one, other, strict=True)])


def mixed(said: Ends, weights: Weights) -> Mixture:
    """Return the mixture of what experts said."""
    lows, points, highs = said
    of_points, of_ends = weights
    point = sum([one * share for one, share in zip(points, of_points, strict=True) if one is not None])
    low = sum(map(operator.mul, lows, of_ends))
    high = sum(map(operator.mul, highs, of_ends))
    leads = of_points.index(max(of_points))
    return Mixture(min(low, point), point, max(point, high), leads)


def with_sums(past: PastWaits, waits: Iterable[ToldWait]) -> PastWaits:
    """Return `past` with the sums of `waits`, weighed by what it knows of the experts' errors."""
    by_line: dict[str, tuple[int, ...]] = {}
    by_place: dict[int, tuple[int, ...]] = {}
    known: dict[tuple[str, int], tuple[tuple[float, float], ...]] = {}
    for wait in waits:
        key = wait.line, place_bin(wait.place)
        factors = known.get(key)
        if factors is None:
            factors = known[key] = past.factors(*key)
        lessons = lessons_of(wait, factors)
        by_line[key[0]] = added(by_line.get(key[0], NOTHING), lessons)
        by_place[key[1]] = added(by_place.get(key[1], NOTHING), lessons)
    return replace(
        past,
        sums_by_line=by_line,
        sums_by_place=tuple(by_place.get(bin, NOTHING) for bin in range(PLACE_BINS)),
    )


FOLLOWED = 300
"""So many of the day's last calls are followed, whatever a process has seen of the day."""
Change = Callable[[Sequence[int], Sequence[int]], tuple[int, ...]]


Told = tuple[tuple[float | None, ...], Mixture]


class _ScoredCall(Struct):
    """A call that was looked at, at a minute of the day; `sign` is what a change of its ticket would change. `wait` is
    None where it was not somebody's first."""

    id: TicketId
    minute: float
    sign: tuple[object, ...]
    wait: ToldWait | None
    lessons: tuple[int, ...] = ()


class Following:
    """The experts of one day in one hall. Calls never change, but tickets are replaced."""

    def __init__(self, state: HallState, day: clock.date) -> None:
        self.day, self.calls, self.in_hall, self.learned = day, state.calls, state.in_hall(), state.learned
        self.past: PastWaits = state.learned.waits
        self.in_hall.moved.clear()
        self._setup = _setup_of(state)
        self._seen: deque[_ScoredCall] = deque()
        self._of: dict[TicketId, list[_ScoredCall]] = {}
        self._lines: dict[str, TodaysWaits] = {}
        self._by_line = dict(self.past.sums_by_line)
        self._by_place = list(self.past.sums_by_place or (NOTHING,) * PLACE_BINS)
        self._weights: dict[tuple[str, int, tuple[int, ...]], Weights] = {}
        self._factors: dict[tuple[str, int], tuple[tuple[float, float], ...]] = {}
        first = len(self.calls)
        found = 0
        while first and found < FOLLOWED:
            first -= 1
            found += self.calls[first].date == day
        self._look(first)

    def goes_on(self, state: HallState, day: clock.date) -> bool:
        """Whether it is still this day in this hall, to which only calls and tickets were added since."""
        return (
            self.day == day
            and self.learned is state.learned
            and self._setup is state.setup_now
            and self.calls is state.calls
            and self.in_hall is state.in_hall()
            and len(self.calls) >= self.count
            and (not self.count or self.calls[self.count - 1] is self.last)
            and not self._has_changed()
        )

    def look_again(self) -> None:
        """Look at the calls that are new."""
        self._look(self.count)

    def mixture(self, line: str, place: int, minute: float, turn: Turn | None) -> Told | None:
        """Return what may be told somebody at `place` of `line` at this minute of the hall's day, and what each expert
        said; None while none can say anything. `turn` is the pass's."""
        pass_min, sd = (None, None) if turn is None else (turn.at_min, turn.sd_min)
        said = points(self.past, self._lines.get(line), line, place=place, minute=minute, pass_min=pass_min)
        able = tuple([k for k, one in enumerate(said) if one is not None])
        if not able or (pass_min is None and self.past.usual is None and not self._may_say(line)):
            return None
        bin = place_bin(place)
        is_untried = self._by_line.get(line, NOTHING) == self._by_place[bin] == NOTHING
        if pass_min is not None and is_untried:
            able = (PASS,)  # Nothing came true yet: the others have nothing to go by.
        return said, mixed(ends_of(said, self._factors_of(line, bin), sd), self._weights_of(line, bin, able))

    def _may_say(self, line: str) -> bool:
        """Whether enough of today's last calls of a line were of people who had to wait: who is called at once says
        nothing about a wait behind somebody. In a replayed record nobody is misled, and early quotes teach."""
        if self._setup.hall.replayed:
            return True
        today = self._lines.get(line)
        last = today.per_place[-TODAY_WAITS:] if today is not None else []
        waited = sum(one >= WAITED_MIN for one in last)
        return waited >= TODAY_NEEDED and 2 * waited > len(last)

    def _weights_of(self, line: str, bin: int, able: tuple[int, ...]) -> Weights:
        key = line, bin, able
        found = self._weights.get(key)
        if found is None:
            in_line, at_place = self._by_line.get(line, NOTHING), self._by_place[bin]
            found = self._weights[key] = mean_of(weights(in_line, able), weights(at_place, able))
        return found

    def _factors_of(self, line: str, bin: int) -> tuple[tuple[float, float], ...]:
        found = self._factors.get((line, bin))
        if found is None:
            found = self._factors[line, bin] = self.past.factors(line, bin)
        return found

    def _has_changed(self) -> bool:
        """Whether a call that was looked at is no longer somebody's first, or a first one after all."""
        moved, tickets = self.in_hall.moved, self.in_hall.tickets
        changed = any(seen.sign != _sign(tickets.get(id)) for id in moved for seen in self._of.get(id, ()))
        moved.clear()
        return changed

    def _look(self, first: int) -> None:
        for at in range(first, len(self.calls)):
            if self.calls[at].date == self.day:
                self._take(self.calls[at])
        self.count = len(self.calls)
        self.last = self.calls[-1] if self.calls else None

    def _take(self, call: CallMade) -> None:
        id = (self.day, call.label)
        ticket = self.in_hall.tickets.get(id)
        seen = _ScoredCall(
            id, minute_of(self._setup, self.day, call.time), _sign(ticket), self._first_wait(ticket, call)
        )
        if (wait := seen.wait) is not None:
            if wait.points_s:
                seen.lessons = lessons_of(wait, self._factors_of(wait.line, place_bin(wait.place)))
                self._learn(wait, seen.lessons, added)
            self._follow(wait, seen.minute)
        self._seen.append(seen)
        self._of.setdefault(id, []).append(seen)
        if len(self._seen) > FOLLOWED:
            self._forget(self._seen.popleft())

    def _first_wait(self, ticket: Ticket | None, call: CallMade) -> ToldWait | None:
        if ticket is None or ticket.legs[0].called != call.time or ticket.is_paper:
            return None
        minutes, issued = actual_wait_min(ticket), minute_of(self._setup, self.day, ticket.arrived)
        return None if minutes is None else told_wait(ticket, issued, minutes, (ticket.promise.ahead or 0) + 1)

    def _follow(self, wait: ToldWait, called: float) -> None:
        today = self._lines.setdefault(wait.line, TodaysWaits())
        today.called.append(called)
        today.per_place.append(min(MOST_PER_PLACE_MIN, wait.minutes / wait.place))
        today.last = wait.minutes, wait.place
        if (ratio := pass_ratio(wait)) is not None:
            today.ratios.append(ratio)

    def _learn(self, wait: ToldWait, lessons: Sequence[int], change: Change) -> None:
        bin = place_bin(wait.place)
        self._by_line[wait.line] = change(self._by_line.get(wait.line, NOTHING), lessons)
        self._by_place[bin] = change(self._by_place[bin], lessons)
        for key in [key for key in self._weights if key[0] == wait.line or key[1] == bin]:
            del self._weights[key]

    def _forget(self, seen: _ScoredCall) -> None:
        self._of[seen.id].remove(seen)
        if not self._of[seen.id]:
            del self._of[seen.id]
        if (wait := seen.wait) is None:
            return
        if seen.lessons:
            self._learn(wait, seen.lessons, taken_out)
        today = self._lines[wait.line]
        del today.called[0], today.per_place[0]
        if pass_ratio(wait) is not None:
            del today.ratios[0]
        if not today.called:
            del self._lines[wait.line]


def _sign(ticket: Ticket | None) -> tuple[object, ...]:
    if ticket is None:
        return ()
    return ticket.legs[0].called, ticket.legs[0].service, ticket.postponed, ticket.is_paper


def _setup_of(state: HallState) -> Setup:
    if state.setup_now is None:
        raise ValueError("a hall without a set-up")
    return state.setup_now


def experts_now(state: HallState, day: clock.date) -> Following:
    """Return what the experts know now. `state` keeps it: only calls that are new are looked at the next time."""
    known: Following | None = state.experts
    if known is not None and known.goes_on(state, day):
        known.look_again()
        return known
    state.experts = known = Following(state, day)
    return known
