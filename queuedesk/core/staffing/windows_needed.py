"""How many windows a flow of people needs, by Erlang's formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from math import ceil, exp, floor, log, sqrt
from statistics import NormalDist

from msgspec import Struct

SLICE_MIN = 5
"""A half hour is judged by its heaviest slice of this length, because a mean hides its peak."""
CLEARED_WITHIN_MIN = 30
"""A line that stands longer than its target allows is meant to be gone after this long."""

_NORMAL = NormalDist()

Cover = Callable[[float], float]
"""The mean of min(handling, x) for a length x, minutes: how much of the x minutes before now a person is still
there."""


class Flow(Struct, frozen=True, kw_only=True):
    """Random arrivals at an even rate, and how long each occupies a window."""

    per_hour: float
    handling_min: float

    @property
    def load(self) -> float:
        """How many windows they occupy on average."""
        return self.per_hour * self.handling_min / 60


class Service(Struct, frozen=True, kw_only=True):
    """How `windows` windows cope with a flow in the long run: shares 0–1 and minutes; None where they can't keep up.
    `within` is the share called within the requested minutes."""

    windows: int
    p_wait: float | None
    mean_wait_min: float | None
    within: float | None


def erlang_b(windows: int, load: float) -> float:
    """Return the share of people turned away by `windows` windows where nobody waits (Erlang's loss formula)."""
    blocked = 1.0
    for n in range(1, windows + 1):
        blocked = load * blocked / (n + load * blocked)
        if blocked == 0.0:  # It only gets smaller.
            break
    return blocked


def erlang_c(windows: int, load: float) -> float:
    """Return the chance of having to wait at all; 1 where the windows can't keep up."""
    return 1.0 if load >= windows else _waits(windows, load, erlang_b(windows, load))


def served(flow: Flow, windows: int, *, within_min: float | None = None) -> Service:
    """Return how so many windows cope with a flow: one line for all, each window able to serve everybody."""
    if flow.load >= windows:
        return Service(windows=windows, p_wait=None, mean_wait_min=None, within=None)
    return _of(flow, windows, erlang_c(windows, flow.load), within_min)


def fewest(flow: Flow, *, target: float, within_min: float) -> Service:
    """Return the fewest windows that call the share `target` of people within `within_min`, and how they cope with the
    flow.

    Raises:
        ValueError: `target` is not above 0 and below 1: no number of windows is ever certain.
    """
    if not 0 < target < 1:
        raise ValueError(f"target {target}")
    enough = floor(flow.load) + 1
    blocked = erlang_b(enough, flow.load)
    for windows in count(enough):
        if windows > enough:
            blocked = flow.load * blocked / (windows + flow.load * blocked)
        found = _of(flow, windows, _waits(windows, flow.load, blocked), within_min)
        if found.within is not None and found.within >= target:
            return found
    raise AssertionError  # count() never ends


def with_backlog(windows: int, waiting: float, handling_min: float, within_min: float) -> int:
    """Return `windows` and the additional ones needed while `waiting` people stand in line. As many people as the
    windows call within the target are no backlog; the others are to be served within half an hour."""
    if handling_min <= 0:
        return windows
    beyond = max(0.0, waiting - windows * within_min / handling_min)
    return windows + ceil(round(beyond * handling_min / CLEARED_WITHIN_MIN, 9))


def exponential_cover(mean_min: float) -> Cover:
    """Return the cover of memoryless handling times."""
    return lambda length: mean_min * (1 - exp(-max(0.0, length) / mean_min)) if mean_min > 0 else 0.0


def lognormal_cover(mean_min: float, sd_min: float) -> Cover:
    """Return the cover of log-normal handling times, many short and few long, as at counters."""
    if mean_min <= 0 or sd_min <= 0:
        return lambda length: min(mean_min, max(0.0, length))
    spread = sqrt(log(1 + (sd_min / mean_min) ** 2))
    middle = log(mean_min) - spread * spread / 2

    def cover(length: float) -> float:
        if length <= 0:
            return 0.0
        place = (log(length) - middle) / spread
        return mean_min * _NORMAL.cdf(place - spread) + length * (1 - _NORMAL.cdf(place))

    return cover


def quantile_cover(quantiles: Sequence[float]) -> Cover:
    """Return the cover of handling times given by equally likely lengths."""
    return lambda length: sum(min(each, max(0.0, length)) for each in quantiles) / len(quantiles)


def offered_load(per_minute: Sequence[float], step_min: float, cover: Cover, at_min: float) -> float:
    """Return how many windows people would occupy at a moment if nobody ever had to wait.

    `per_minute` are the rates of arrival in successive steps from minute 0. A person who came x minutes ago is still
    there with the probability that handling takes longer: m(t) = ∫ λ(t − x)·P(S > x) dx, which is exact here, as
    `cover` is the integral of that chance.
    """
    load = 0.0
    for i, rate in enumerate(per_minute):
        start = i * step_min
        if start >= at_min:
            break
        if rate:
            load += rate * (cover(at_min - start) - cover(max(0.0, at_min - start - step_min)))
    return load


def slice_loads(per_minute: Sequence[float], step_min: float, cover: Cover) -> list[list[float]]:
    """Return the offered load at both ends of each slice of each step."""
    slices = max(1, round(step_min / SLICE_MIN))
    return [
        [offered_load(per_minute, step_min, cover, (i + part / slices) * step_min) for part in range(slices + 1)]
        for i in range(len(per_minute))
    ]


def peak_loads(per_minute: Sequence[float], step_min: float, cover: Cover) -> list[float]:
    """Return the offered load of each step's heaviest slice."""
    return [max(step) for step in slice_loads(per_minute, step_min, cover)]


def _of(flow: Flow, windows: int, waits: float, within_min: float | None) -> Service:
    if flow.load <= 0:
        return Service(windows=windows, p_wait=0.0, mean_wait_min=0.0, within=None if within_min is None else 1.0)
    spare = windows - flow.load
    within = None if within_min is None else 1 - waits * exp(-spare * within_min / flow.handling_min)
    return Service(windows=windows, p_wait=waits, mean_wait_min=waits * flow.handling_min / spare, within=within)


def _waits(windows: int, load: float, blocked: float) -> float:
    return blocked / (1 - load / windows * (1 - blocked))
