"""Experts for waits: the pass over the hall, and simple rules from past dates and from today's calls.

Which expert fits a hall, a line or a busy day is not known in advance. They are weighed by their past errors, by
Bernstein online aggregation with the gradient trick, for the pinball loss.

O. Wintenberger, "Optimal learning with Bernstein online aggregation", Machine Learning 106 (2017), 119–141, algorithm
BOA: the regret against the best mixture of experts is at most of the order of √(T ln K) after T waits with K experts,
and of ln K where losses are curved enough. Weights are learned for the point of a range, whose loss is its error, and
for its two ends together (the mean of their pinball losses is a twentieth of the interval score), separately for each
line and each group of places; a ticket gets the mean of both. A wait's contribution depends on its own ticket alone, so
it is a sum of whole numbers, the same in any order."""

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
from queuedesk.core.queue.ticket import Ticket, TicketId, WindowCall
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits import estimates, observations
from queuedesk.core.waits.live import ExpectedCallOfTicket

PLACE_BINS = 5
"""Groups of places: 1, 2 to 3, 4 to 7, 8 to 15 and more. Errors grow with the places, not with the minutes."""
MOST_PER_PLACE_MIN = 60.0
MOST_MIN = 480.0
"""Longest wait that is quoted."""
HOURS = 24
RATE_MIN = 30.0
TODAY_WAITS = 10
WAITED_MIN = 0.25
"""Fewer minutes per place are immediate calls."""
TODAY_NEEDED = 3
"""Fewest calls of a line today for its rate and its mean."""
RATIOS = 40
"""Number of a line's last waits that correct the pass today."""

LINE_WORTH, HOUR_WORTH, RATIO_WORTH, SPREAD_WORTH = 5.0, 8.0, 10.0, 20.0
"""Weights of a larger group's value, in waits of the smaller one."""


def place_bin(place: int) -> int:
    """Return the group of `place` (1: first in line)."""
    return min(PLACE_BINS, place.bit_length()) - 1


def wait_ratio_logarithm(minutes: float, point: float) -> float:
    """Return the logarithm of wait ÷ point, both plus one minute, so that values near zero stay small."""
    return math.log((minutes + 1) / (point + 1))


class TodaysLineCalls(Struct, kw_only=True):
    """A line's calls of today: minutes since midnight of the last ones, minutes per place, the last call's wait and
    place, the logarithms of wait ÷ pass."""

    called: list[float] = field(default_factory=list)
    per_place: list[float] = field(default_factory=list)
    last: tuple[float, int] | None = None
    ratios: list[float] = field(default_factory=list)


def expert_waits_min(
    past: estimates.PastWaitStatistics,
    today: TodaysLineCalls | None,
    line: str,
    *,
    place: int,
    minute: float,
    pass_min: float | None,
) -> tuple[float | None, ...]:
    """Return each expert's wait in minutes for `place` of `line`; None where it has none. `minute` is the hall's time
    since midnight, `pass_min` the pass's figure."""
    by_expert: list[float | None] = [None] * estimates.N
    if pass_min is not None:
        by_expert[estimates.PASS] = pass_min
        by_expert[estimates.CORRECTED] = (pass_min + 1) * math.exp(_pass_correction_logarithm(past, today, line)) - 1
    usual = past.per_place.get(line, past.usual)
    if usual is not None:
        by_expert[estimates.HISTORY] = usual * place
        hours = past.by_hour.get(line)
        at_hour = hours[int(minute // 60) % HOURS] if hours else None
        by_expert[estimates.HOUR] = (usual if at_hour is None else at_hour) * place
    calls = past.calls.get(line)
    if calls is not None:
        by_expert[estimates.PROFILE] = _wait_at_usual_half_hour_calls(calls, place, minute)
    if today is not None and len(today.called) >= TODAY_NEEDED:
        since = max(today.called[0], minute - RATE_MIN)
        recent = len(today.called) - bisect_left(today.called, since)
        if recent and minute > since:
            by_expert[estimates.RATE] = place / recent * (minute - since)
        by_expert[estimates.TODAY] = median(today.per_place[-TODAY_WAITS:]) * place
        if today.last is not None:
            wait, at = today.last
            by_expert[estimates.LAST] = wait * (place + 1) / (at + 1)
    return tuple(None if value is None else min(MOST_MIN, max(0.0, value)) for value in by_expert)


def _pass_correction_logarithm(past: estimates.PastWaitStatistics, today: TodaysLineCalls | None, line: str) -> float:
    before = past.ratios.get(line, 0.0)
    if today is None or not today.ratios:
        return before
    last = today.ratios[-RATIOS:]
    n = len(last)
    return (median(last) * n + before * RATIO_WORTH) / (n + RATIO_WORTH)


def _wait_at_usual_half_hour_calls(calls: Sequence[float], place: int, minute: float) -> float | None:
    """Return the minutes until a line reaches `place` at its usual calls per half-hour."""
    at, remaining = minute, float(place)
    for half_hour in range(
        min(observations.HALF_HOURS, int(minute // observations.HALF_HOUR_MIN)), observations.HALF_HOURS
    ):
        end = observations.HALF_HOUR_MIN * (half_hour + 1)
        calls_here = calls[half_hour] * (end - at) / observations.HALF_HOUR_MIN
        if calls_here >= remaining:
            return at + observations.HALF_HOUR_MIN * remaining / calls[half_hour] - minute
        at, remaining = end, remaining - calls_here
    return None


# -- statistics of past waits ----------------------------------------------------------------------------------------


def past_wait_statistics(
    days: Sequence[Sequence[estimates.WaitWithQuote]], judged: Sequence[estimates.WaitWithQuote], usual_days: int
) -> estimates.PastWaitStatistics:
    """Return statistics of past waits, without the sums: medians over the last `usual_days` of `days`, errors over the
    waits `judged`, which have points."""
    recent = [wait for waits in days[-usual_days:] for wait in waits]
    if not recent:
        return estimates.PastWaitStatistics()
    per_place: dict[str, list[float]] = {}
    by_hour: dict[str, list[list[float]]] = {}
    calls: dict[str, list[int]] = {}
    ratios: dict[str, list[float]] = {}
    for wait in recent:
        minutes = min(MOST_PER_PLACE_MIN, wait.minutes / wait.place)
        per_place.setdefault(wait.line, []).append(minutes)
        by_hour.setdefault(wait.line, [[] for _ in range(HOURS)])[int(wait.minute // 60) % HOURS].append(minutes)
        half_hour = int((wait.minute + wait.minutes) // observations.HALF_HOUR_MIN)
        calls.setdefault(wait.line, [0] * observations.HALF_HOURS)[min(observations.HALF_HOURS - 1, half_hour)] += 1
        if (ratio := log_of_wait_to_pass_ratio(wait)) is not None:
            ratios.setdefault(wait.line, []).append(ratio)
    usual = median(value for minutes in per_place.values() for value in minutes)
    lines = {line: _shrunk_median(usual, minutes, LINE_WORTH) for line, minutes in per_place.items()}
    n = min(len(days), usual_days)
    overall, by_place, by_line = _wait_ratio_deciles(judged)
    return estimates.PastWaitStatistics(
        usual=usual,
        per_place=lines,
        by_hour={
            line: tuple(_shrunk_median(lines[line], hour, HOUR_WORTH) if hour else None for hour in hours)
            for line, hours in by_hour.items()
        },
        calls={line: tuple(count / n for count in counts) for line, counts in calls.items()},
        ratios={line: _shrunk_median(0.0, minutes, RATIO_WORTH) for line, minutes in ratios.items()},
        spreads=overall,
        by_place=by_place,
        by_line=by_line,
    )


def log_of_wait_to_pass_ratio(wait: estimates.WaitWithQuote) -> float | None:
    """Return the logarithm of wait ÷ pass; None for an immediate call."""
    point_s = wait.points_s[estimates.PASS] if wait.points_s else None
    return None if point_s is None or wait.minutes <= 0 else wait_ratio_logarithm(wait.minutes, point_s / 60)


def _shrunk_median(middle: float, values: Sequence[float], worth: float) -> float:
    """Return the median of `values`, shrunk towards `middle`, that of a larger group."""
    n = len(values)
    return (median(values) * n + middle * worth) / (n + worth)


Spreads = tuple[tuple[float, float], ...]


def _wait_ratio_deciles(
    waits: Sequence[estimates.WaitWithQuote],
) -> tuple[Spreads, tuple[Spreads, ...], dict[str, Spreads]]:
    """Return the logarithms of wait ÷ point that hold four in five waits, for each expert: in all, by groups of places,
    by line."""
    overall: list[tuple[float, float]] = []
    by_place: list[Spreads] = []
    by_line: dict[str, list[tuple[float, float]]] = {wait.line: [] for wait in waits}
    rows = [(wait.points_s, wait.minutes, wait.line, place_bin(wait.place)) for wait in waits]
    for k in range(estimates.N):
        offs: list[float] = []
        at_places: list[list[float]] = [[] for _ in range(PLACE_BINS)]
        in_lines: dict[str, list[float]] = {line: [] for line in by_line}
        for points_s, minutes, line, bin_ in rows:
            if (point_s := points_s[k]) is not None:
                off = wait_ratio_logarithm(minutes, point_s / 60)
                offs.append(off)
                at_places[bin_].append(off)
                in_lines[line].append(off)
        decile_ends = _shrunk_deciles(offs, (-estimates.PAST_SPREAD, estimates.PAST_SPREAD))
        overall.append(decile_ends)
        by_place.append(tuple(_shrunk_deciles(group, decile_ends) for group in at_places))
        for line, group in in_lines.items():
            by_line[line].append(_shrunk_deciles(group, decile_ends))
    return tuple(overall), tuple(by_place), {line: tuple(decile_ends) for line, decile_ends in by_line.items()}


def _shrunk_deciles(offs: Sequence[float], among: tuple[float, float]) -> tuple[float, float]:
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
"""Share of waits that end before a range, and the same after it."""
PRIOR = (0.97, *[0.03 / (estimates.N - 1)] * (estimates.N - 1))
"""Prior weights: mostly the pass, as a new hall is assumed to follow its set-up. Only the pass has its own standard
deviation, and after one day the others' errors are hardly known."""
UNIT = 1_000_000
"""Sums hold millionths."""
SCALE_MIN = 2.0
"""Added to the point in the scale of errors, so that short waits do not dominate."""
MOST_ETA = 0.5
GAINS = 2 * estimates.N
NOTHING = (0,) * (2 * GAINS)
"""Layout of sums: the gains of each expert's point over the mixture's, those of its ends, then the squares of both."""

_LOG_PRIOR = tuple(map(log, PRIOR))
_LOG_ETA = log(MOST_ETA)
_LOG_N = log(estimates.N)
_FULL_UPTO = _LOG_N / (MOST_ETA * MOST_ETA)

Points = Sequence[float | None]
Ends = tuple[list[float], Points, list[float]]
"""Each expert's low end, point and high end, in minutes; ends without a point have no meaning."""
Weights = tuple[tuple[float, ...], tuple[float, ...]]
"""Of the experts' points and of their ends: they sum to 1, with 0 for an expert without a point."""


class MixedQuote(Struct, frozen=True):
    """A quote in minutes: a point, the ends between which four in five waits are expected, and the expert with the
    largest weight."""

    low: float
    point: float
    high: float
    leads: int


def expert_ranges(points: Points, factors: Sequence[tuple[float, float]], sd: float | None) -> Ends:
    """Return the experts' ranges: the pass's from its own standard deviation `sd`, the others' from their past errors
    as `factors`, the corrected pass's as the mean of both."""
    lows, highs = [0.0] * estimates.N, [0.0] * estimates.N
    for k, point in enumerate(points):
        if point is not None:
            low, high = factors[k]
            below, above = (point + 1) * low - 1, (point + 1) * high - 1
            lows[k] = below if below > 0 else 0.0
            highs[k] = above if above > 0 else 0.0
    pass_min = points[estimates.PASS]
    if pass_min is not None and sd is not None:
        lows[estimates.PASS] = max(0.0, pass_min + estimates.LOW_START * sd)
        highs[estimates.PASS] = max(0.0, pass_min + estimates.HIGH_START * sd)
        corrected = points[estimates.CORRECTED]
        if corrected is not None:
            sd_here = sd * (corrected + 1) / (pass_min + 1)
            lows[estimates.CORRECTED] = (
                lows[estimates.CORRECTED] + max(0.0, corrected + estimates.LOW_START * sd_here)
            ) / 2
            highs[estimates.CORRECTED] = (
                highs[estimates.CORRECTED] + max(0.0, corrected + estimates.HIGH_START * sd_here)
            ) / 2
    return lows, points, highs


def expert_sums_contribution(wait: estimates.WaitWithQuote, factors: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """Return a wait's contribution to the sums. Whether an end was missed goes by the quoted range, which its bounds
    keep at one in ten: so no expert gains by wide ends where the bounds are about to widen them all."""
    low, point, high = wait.low_s / 60, wait.point_s / 60, wait.high_s / 60
    points = [None if point_k is None else point_k / 60 for point_k in wait.points_s]
    lows, _points, highs = expert_ranges(points, factors, None if wait.sd_s is None else wait.sd_s / 60)
    scale, came = UNIT / (point + SCALE_MIN), wait.minutes
    below, above = (came < wait.told[0]) - OUTSIDE, (came < wait.told[1]) - (1 - OUTSIDE)
    side, half = scale if came < point else -scale, scale / 2
    gains, of_ends = [0] * estimates.N, [0] * estimates.N
    for k, point_k in enumerate(points):
        if point_k is not None:
            gain, of_end = side * (point - point_k), (below * (low - lows[k]) + above * (high - highs[k])) * half
            gains[k] = -UNIT if gain < -UNIT else UNIT if gain > UNIT else int(gain)
            of_ends[k] = -UNIT if of_end < -UNIT else UNIT if of_end > UNIT else int(of_end)
    gains += of_ends
    return (*gains, *[gain * gain // UNIT for gain in gains])


def sums_with_one_more_wait(sums: Sequence[int], lessons: Sequence[int]) -> tuple[int, ...]:
    """Return the sums plus one wait's contribution."""
    return tuple(map(operator.add, sums, lessons))


def sums_without_one_wait(sums: Sequence[int], lessons: Sequence[int]) -> tuple[int, ...]:
    """Return the sums minus one wait's contribution."""
    return tuple(map(operator.sub, sums, lessons))


def expert_weights(sums: Sequence[int], able: Sequence[int]) -> Weights:
    """Return the weights for `sums`; only the experts in `able` have any."""
    return _mixture_weights(sums, 0, able), _mixture_weights(sums, estimates.N, able)


def _mixture_weights(sums: Sequence[int], start: int, able: Sequence[int]) -> tuple[float, ...]:
    logs = []
    for k in able:
        gain, squares = sums[start + k] / UNIT, sums[start + k + GAINS] / UNIT
        if squares > _FULL_UPTO:
            eta = sqrt(_LOG_N / squares)
            logs.append(eta * gain - eta * eta * squares + log(eta) + _LOG_PRIOR[k])
        else:
            logs.append(MOST_ETA * gain - MOST_ETA * MOST_ETA * squares + _LOG_ETA + _LOG_PRIOR[k])
    most = max(logs)
    raw = [exp(term - most) for term in logs]
    whole = sum(raw)
    shares = [0.0] * estimates.N
    for k, term in zip(able, raw, strict=True):
        shares[k] = term / whole
    return tuple(shares)


def mean_weights(first: Weights, second: Weights) -> Weights:
    return _elementwise_mean(first[0], second[0]), _elementwise_mean(first[1], second[1])


def _elementwise_mean(first: Sequence[float], second: Sequence[float]) -> tuple[float, ...]:
    return tuple([(a + b) / 2 for a, b in zip(first, second, strict=True)])


def mixed_quote(ends: Ends, weights: Weights) -> MixedQuote:
    """Return the weighted mean of the experts' ranges."""
    lows, points, highs = ends
    of_points, of_ends = weights
    point = sum([value * share for value, share in zip(points, of_points, strict=True) if value is not None])
    low = sum(map(operator.mul, lows, of_ends))
    high = sum(map(operator.mul, highs, of_ends))
    leads = of_points.index(max(of_points))
    return MixedQuote(min(low, point), point, max(point, high), leads)


def with_expert_sums(
    past: estimates.PastWaitStatistics, waits: Iterable[estimates.WaitWithQuote]
) -> estimates.PastWaitStatistics:
    """Return `past` with the sums of `waits`, with ranges by its own factors."""
    by_line: dict[str, tuple[int, ...]] = {}
    by_place: dict[int, tuple[int, ...]] = {}
    by_key: dict[tuple[str, int], tuple[tuple[float, float], ...]] = {}
    for wait in waits:
        key = wait.line, place_bin(wait.place)
        factors = by_key.get(key)
        if factors is None:
            factors = by_key[key] = past.expert_range_factors(*key)
        lessons = expert_sums_contribution(wait, factors)
        by_line[key[0]] = sums_with_one_more_wait(by_line.get(key[0], NOTHING), lessons)
        by_place[key[1]] = sums_with_one_more_wait(by_place.get(key[1], NOTHING), lessons)
    return replace(
        past, sums_by_line=by_line, sums_by_place=tuple(by_place.get(bin, NOTHING) for bin in range(PLACE_BINS))
    )


FOLLOWED = 300
"""Number of the day's last calls used, so that all processes get the same figures."""
Change = Callable[[Sequence[int], Sequence[int]], tuple[int, ...]]

Told = tuple[tuple[float | None, ...], MixedQuote]


class _ScoredCall(Struct):
    """A call read at a minute of the day. `sign` are the fields of its ticket that decide the rest. `wait` is None
    where it was not a ticket's first call."""

    id: TicketId
    minute: float
    sign: tuple[object, ...]
    wait: estimates.WaitWithQuote | None
    lessons: tuple[int, ...] = ()


class TodaysExperts:
    """The experts of one day in one hall, updated with each call. Calls never change, but tickets are replaced."""

    def __init__(self, state: HallState, day: clock.date) -> None:
        self.day, self.calls, self.in_hall, self.learned = day, state.calls, state.ticket_index(), state.learned
        self.past: estimates.PastWaitStatistics = state.learned.waits
        self.in_hall.moved.clear()
        self._setup = _require_setup(state)
        self._scored: deque[_ScoredCall] = deque()
        self._calls_of: dict[TicketId, list[_ScoredCall]] = {}
        self._today_by_line: dict[str, TodaysLineCalls] = {}
        self._by_line = dict(self.past.sums_by_line)
        self._by_place = list(self.past.sums_by_place or (NOTHING,) * PLACE_BINS)
        self._weights: dict[tuple[str, int, tuple[int, ...]], Weights] = {}
        self._factors: dict[tuple[str, int], tuple[tuple[float, float], ...]] = {}
        first = len(self.calls)
        count = 0
        while first and count < FOLLOWED:
            first -= 1
            count += self.calls[first].date == day
        self._score_calls_from(first)

    def is_reusable(self, state: HallState, day: clock.date) -> bool:
        """Whether the object still fits: same day and hall, to which only calls and tickets were added."""
        return (
            self.day == day
            and self.learned is state.learned
            and self._setup is state.setup_now
            and self.calls is state.calls
            and self.in_hall is state.ticket_index()
            and len(self.calls) >= self.count
            and (not self.count or self.calls[self.count - 1] is self.last)
            and not self._has_changed_scored_call()
        )

    def read_new_calls(self) -> None:
        self._score_calls_from(self.count)

    def experts_quote(self, line: str, place: int, minute: float, turn: ExpectedCallOfTicket | None) -> Told | None:
        """Return the quote for `place` of `line` at this minute of the hall's day, with each expert's point; None if no
        expert has one. `turn` is the pass's."""
        pass_min, sd = (None, None) if turn is None else (turn.at_min, turn.sd_min)
        quotes = expert_waits_min(
            self.past, self._today_by_line.get(line), line, place=place, minute=minute, pass_min=pass_min
        )
        able = tuple([k for k, quote in enumerate(quotes) if quote is not None])
        if not able or (pass_min is None and self.past.usual is None and not self._has_enough_waits(line)):
            return None
        bin = place_bin(place)
        is_untried = self._by_line.get(line, NOTHING) == self._by_place[bin] == NOTHING
        if pass_min is not None and is_untried:
            able = (estimates.PASS,)  # No outcomes yet: the others have no errors to be weighed by.
        return quotes, mixed_quote(
            expert_ranges(quotes, self._expert_range_factors_for_line(line, bin), sd),
            self._expert_weights_for_line(line, bin, able),
        )

    def _has_enough_waits(self, line: str) -> bool:
        """Whether enough of a line's last calls today were of people who had to wait: immediate calls say nothing about
        a wait behind somebody. Always in a replay, where quotes reach nobody and early ones are data."""
        if self._setup.hall.replayed:
            return True
        today = self._today_by_line.get(line)
        last = today.per_place[-TODAY_WAITS:] if today is not None else []
        waited = sum(minutes >= WAITED_MIN for minutes in last)
        return waited >= TODAY_NEEDED and 2 * waited > len(last)

    def _expert_weights_for_line(self, line: str, bin: int, able: tuple[int, ...]) -> Weights:
        key = line, bin, able
        cached = self._weights.get(key)
        if cached is None:
            in_line, at_place = self._by_line.get(line, NOTHING), self._by_place[bin]
            cached = self._weights[key] = mean_weights(expert_weights(in_line, able), expert_weights(at_place, able))
        return cached

    def _expert_range_factors_for_line(self, line: str, bin: int) -> tuple[tuple[float, float], ...]:
        cached = self._factors.get((line, bin))
        if cached is None:
            cached = self._factors[line, bin] = self.past.expert_range_factors(line, bin)
        return cached

    def _has_changed_scored_call(self) -> bool:
        """Whether a call that was read is no longer its ticket's first, or has become it."""
        moved, tickets = self.in_hall.moved, self.in_hall.tickets
        changed = any(
            call.sign != _ticket_fields_to_compare(tickets.get(id))
            for id in moved
            for call in self._calls_of.get(id, ())
        )
        moved.clear()
        return changed

    def _score_calls_from(self, first: int) -> None:
        for at in range(first, len(self.calls)):
            if self.calls[at].date == self.day:
                self._score_call(self.calls[at])
        self.count = len(self.calls)
        self.last = self.calls[-1] if self.calls else None

    def _score_call(self, call: WindowCall) -> None:
        id = (self.day, call.label)
        ticket = self.in_hall.tickets.get(id)
        scored = _ScoredCall(
            id,
            observations.minute_of_hall_day(self._setup, self.day, call.time),
            _ticket_fields_to_compare(ticket),
            self._observed_wait_when_first_called(ticket, call),
        )
        if (wait := scored.wait) is not None:
            if wait.points_s:
                scored.lessons = expert_sums_contribution(
                    wait, self._expert_range_factors_for_line(wait.line, place_bin(wait.place))
                )
                self._change_expert_sums(wait, scored.lessons, sums_with_one_more_wait)
            self._add_to_todays_waits(wait, scored.minute)
        self._scored.append(scored)
        self._calls_of.setdefault(id, []).append(scored)
        if len(self._scored) > FOLLOWED:
            self._drop_scored_call(self._scored.popleft())

    def _observed_wait_when_first_called(
        self, ticket: Ticket | None, call: WindowCall
    ) -> estimates.WaitWithQuote | None:
        if ticket is None or ticket.legs[0].called != call.time or ticket.is_paper:
            return None
        minutes, issued = (
            observations.actual_wait_min(ticket),
            observations.minute_of_hall_day(self._setup, self.day, ticket.arrived),
        )
        return (
            None
            if minutes is None
            else observations.first_wait_with_quote(ticket, issued, minutes, (ticket.promise.ahead or 0) + 1)
        )

    def _add_to_todays_waits(self, wait: estimates.WaitWithQuote, called: float) -> None:
        today = self._today_by_line.setdefault(wait.line, TodaysLineCalls())
        today.called.append(called)
        today.per_place.append(min(MOST_PER_PLACE_MIN, wait.minutes / wait.place))
        today.last = wait.minutes, wait.place
        if (ratio := log_of_wait_to_pass_ratio(wait)) is not None:
            today.ratios.append(ratio)

    def _change_expert_sums(self, wait: estimates.WaitWithQuote, lessons: Sequence[int], change: Change) -> None:
        bin = place_bin(wait.place)
        self._by_line[wait.line] = change(self._by_line.get(wait.line, NOTHING), lessons)
        self._by_place[bin] = change(self._by_place[bin], lessons)
        for key in [key for key in self._weights if key[0] == wait.line or key[1] == bin]:
            del self._weights[key]

    def _drop_scored_call(self, scored: _ScoredCall) -> None:
        self._calls_of[scored.id].remove(scored)
        if not self._calls_of[scored.id]:
            del self._calls_of[scored.id]
        if (wait := scored.wait) is None:
            return
        if scored.lessons:
            self._change_expert_sums(wait, scored.lessons, sums_without_one_wait)
        today = self._today_by_line[wait.line]
        del today.called[0], today.per_place[0]
        if log_of_wait_to_pass_ratio(wait) is not None:
            del today.ratios[0]
        if not today.called:
            del self._today_by_line[wait.line]


def _ticket_fields_to_compare(ticket: Ticket | None) -> tuple[object, ...]:
    if ticket is None:
        return ()
    return ticket.legs[0].called, ticket.legs[0].service, ticket.postponed, ticket.is_paper


def _require_setup(state: HallState) -> Setup:
    if state.setup_now is None:
        raise ValueError("a hall without a set-up")
    return state.setup_now


def todays_experts_of(state: HallState, day: clock.date) -> TodaysExperts:
    """Return today's experts. `state` caches them: only new calls are read."""
    following: TodaysExperts | None = state.experts
    if following is not None and following.is_reusable(state, day):
        following.read_new_calls()
        return following
    state.experts = following = TodaysExperts(state, day)
    return following
