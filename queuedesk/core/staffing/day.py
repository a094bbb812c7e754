"""A day of staffing: the windows needed, planned and open; who worked where, paused, and served which ticket. The
windows needed follow from Erlang's formulas."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import count
from math import ceil, exp, floor, log, sqrt
from statistics import NormalDist

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.targets import WITHIN_TARGET, WITHIN_TARGET_AT_LEAST, target_in_force
from queuedesk.core.queue.hallday import opening_spans_on
from queuedesk.core.queue.ticket import Shift
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.staffing.roster import shifts_planned_on
from queuedesk.core.waits.arrival_forecast import (
    HALF_HOURS,
    DayArrivals,
    DayForecast,
    ExpectedCount,
    ForecastAccuracy,
    expected_arrival_count_in_span,
    forecast_updated_by_arrivals,
)

SLICE_MIN = 5
"""Length of slices: the heaviest one counts for its half-hour, because a mean hides the peak."""
CLEARED_WITHIN_MIN = 30
"""Time in which a line beyond its target is to be served."""

_NORMAL = NormalDist()

Cover = Callable[[float], float]
"""The mean of min(handling, x) for a length x, minutes: how much of the x minutes a visit lasts."""


class ArrivalRateAndHandling(Struct, frozen=True, kw_only=True):
    """Random arrivals at an even rate, and how long each occupies a window."""

    per_hour: float
    handling_min: float

    @property
    def load_in_windows(self) -> float:
        return self.per_hour * self.handling_min / 60


class WindowsPerformance(Struct, frozen=True, kw_only=True):
    """How `windows` windows cope with a flow in the long run: shares 0–1 and minutes; None where they can't keep up.
    `within` is the share called within the requested minutes."""

    windows: int
    p_wait: float | None
    mean_wait_min: float | None
    within: float | None


def erlang_b(windows: int, load: float) -> float:
    """Return the share of people turned away by `windows` windows without a line (Erlang's loss formula)."""
    blocked = 1.0
    for n in range(1, windows + 1):
        blocked = load * blocked / (n + load * blocked)
        if blocked == 0.0:  # It only gets smaller.
            break
    return blocked


def erlang_c(windows: int, load: float) -> float:
    """Return the chance of having to wait at all; 1 where the windows can't keep up."""
    return 1.0 if load >= windows else _chance_of_waiting(windows, load, erlang_b(windows, load))


def line_performance_with_windows(
    flow: ArrivalRateAndHandling, windows: int, *, within_min: float | None = None
) -> WindowsPerformance:
    """Return how `windows` windows cope with a flow: one line, every window able to serve everybody."""
    if flow.load_in_windows >= windows:
        return WindowsPerformance(windows=windows, p_wait=None, mean_wait_min=None, within=None)
    return _windows_performance(flow, windows, erlang_c(windows, flow.load_in_windows), within_min)


def performance_of_fewest_windows(
    flow: ArrivalRateAndHandling, *, target: float, within_min: float
) -> WindowsPerformance:
    """Return the service of the fewest windows that call the share `target` of people within `within_min`. Raises
    ValueError: `target` is not above 0 and below 1; no number of windows makes 1 certain."""
    if not 0 < target < 1:
        raise ValueError(f"target {target}")
    enough = floor(flow.load_in_windows) + 1
    blocked = erlang_b(enough, flow.load_in_windows)
    for windows in count(enough):
        if windows > enough:
            blocked = flow.load_in_windows * blocked / (windows + flow.load_in_windows * blocked)
        service = _windows_performance(
            flow, windows, _chance_of_waiting(windows, flow.load_in_windows, blocked), within_min
        )
        if service.within is not None and service.within >= target:
            return service
    raise AssertionError  # count() never ends


def windows_needed_with_backlog(windows: int, waiting: float, handling_min: float, within_min: float) -> int:
    """Return `windows` plus the additional ones needed for `waiting` people. Those whom the windows call within the
    target are no backlog; the others are to be served within half an hour."""
    if handling_min <= 0:
        return windows
    beyond = max(0.0, waiting - windows * within_min / handling_min)
    return windows + ceil(round(beyond * handling_min / CLEARED_WITHIN_MIN, 9))


def lognormal_limited_mean_function(mean_min: float, sd_min: float) -> Cover:
    """Return the cover of log-normal handling times: many short and few long ones, as at counters."""
    if mean_min <= 0 or sd_min <= 0:
        return lambda length: min(mean_min, max(0.0, length))
    spread = sqrt(log(1 + (sd_min / mean_min) ** 2))
    middle = log(mean_min) - spread * spread / 2

    def limited_mean_to(length: float) -> float:
        if length <= 0:
            return 0.0
        place = (log(length) - middle) / spread
        return mean_min * _NORMAL.cdf(place - spread) + length * (1 - _NORMAL.cdf(place))

    return limited_mean_to


def offered_load(per_minute: Sequence[float], step_min: float, cover: Cover, at_min: float) -> float:
    """Return how many windows people would occupy at `at_min` if nobody ever had to wait. `per_minute` are the arrival
    rates in successive steps from minute 0. A person who came x minutes ago is still there with the probability that
    handling takes longer: m(t) = ∫ λ(t − x)·P(S > x) dx, which is exact here, as `cover` is the integral of that
    chance."""
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


def _windows_performance(
    flow: ArrivalRateAndHandling, windows: int, waits: float, within_min: float | None
) -> WindowsPerformance:
    if flow.load_in_windows <= 0:
        return WindowsPerformance(
            windows=windows, p_wait=0.0, mean_wait_min=0.0, within=None if within_min is None else 1.0
        )
    spare = windows - flow.load_in_windows
    within = None if within_min is None else 1 - waits * exp(-spare * within_min / flow.handling_min)
    return WindowsPerformance(
        windows=windows, p_wait=waits, mean_wait_min=waits * flow.handling_min / spare, within=within
    )


def _chance_of_waiting(windows: int, load: float, blocked: float) -> float:
    return blocked / (1 - load / windows * (1 - blocked))


HIGHEST_SHARE = 0.99
BUSY_Z = 1.2816
"""Quantile of a busy day, one in ten."""
_DEFAULT_HANDLING_MIN, _DEFAULT_SPREAD = 8.0, 0.7
_LEAST_LOAD = 0.05


class StaffingGoal(Struct, frozen=True):
    """The goal for numbers of windows: the share 0–1 of people to be called within so many minutes."""

    share: float
    within_min: int


class HandlingTime(Struct, frozen=True, kw_only=True):
    """A service's handling in minutes, from `n` customers; with none it is the set-up's figure."""

    mean_min: float
    sd_min: float
    n: int = 0


class ServiceWindowShortage(Struct, frozen=True, kw_only=True):
    """A service that needs `needed` windows alone, of which the roster has only `planned`."""

    service: str
    needed: int
    planned: int


class StaffingHalfHour(Struct, frozen=True, kw_only=True):
    """Half an hour from `start_min` minutes after midnight. `people` is None while nothing is known, `came` None in the
    future. `needed` windows meet the target on a usual day, `needed_busy` on one day in ten; both None without a
    forecast. `planned` is the fewest the roster has at any time of it, None without a roster. `at_work` is the mean
    number of windows open and not paused."""

    start_min: int
    people: ExpectedCount | None
    came: int | None
    load: float | None
    needed: int | None
    needed_busy: int | None
    planned: int | None
    at_work: float | None
    short_of: tuple[ServiceWindowShortage, ...] = ()

    @property
    def missing_window_count(self) -> int | None:
        """Return how many windows the roster lacks (negative: surplus); None where either is unknown."""
        return None if self.needed is None or self.planned is None else self.needed - self.planned


class Backlog(Struct, frozen=True, kw_only=True):
    """A day under way: `waiting` people in line take `needed` windows until they are served, new arrivals alone `flow`;
    `open` windows are open."""

    waiting: int
    flow: int
    needed: int
    open: int


class StaffingDay(Struct, frozen=True, kw_only=True):
    """One date. `total` are the people expected for the whole day, as forecast before it began."""

    date: clock.date
    forecast: DayForecast
    total: ExpectedCount | None
    came: int | None
    goal: StaffingGoal
    half_hours: tuple[StaffingHalfHour, ...]
    keeps: Mapping[str, HandlingTime] = field(default_factory=dict)
    error: ForecastAccuracy | None = None
    backlog: Backlog | None = None
    is_running: bool = False

    @property
    def has_roster(self) -> bool:
        return any(hour.planned is not None for hour in self.half_hours)


class DayArrivalsAndShifts(Struct, frozen=True, kw_only=True):
    """A date's arrivals and shifts by the log. `now_min`: minute of the hall's day while the date runs, else None."""

    came: DayArrivals | None = None
    shifts: Sequence[Shift] = ()
    now: datetime | None = None
    now_min: int | None = None
    is_past: bool = False
    waiting: int = 0
    open_now: int = 0


def staffing_day(
    setup: Setup,
    forecast: DayForecast,
    keeps: Mapping[str, HandlingTime],
    facts: DayArrivalsAndShifts,
    error: ForecastAccuracy | None = None,
) -> StaffingDay:
    """Return the date's half-hours from first opening to last closing; on the current day the rest is forecast from the
    arrivals so far."""
    goal = staffing_goal_on(setup, forecast.date)
    rest, until = forecast, facts.now_min or 0
    if facts.now_min is not None:
        rest = forecast_updated_by_arrivals(forecast, _arrivals_between(facts, 0, until), until)
    slots = _half_hours_in_use(setup, forecast, facts)
    merged = _forecasts_joined_at(forecast, rest, until)
    needs = _window_needs(setup, merged, keeps, goal, rest.spread2) if forecast.has_enough_past_days else {}
    half_hours = tuple(_half_hour_row(setup, 30 * slot, merged, needs.get(slot), facts) for slot in slots)
    total = expected_arrival_count_in_span(forecast, 0, 1440)
    return StaffingDay(
        date=forecast.date,
        forecast=forecast,
        total=total,
        came=facts.came.arrival_count if facts.came else (0 if facts.is_past or facts.now_min is not None else None),
        goal=goal,
        half_hours=half_hours,
        keeps=keeps,
        error=error,
        backlog=_extra_windows_for_backlog(needs, keeps, merged, goal.within_min, facts),
        is_running=facts.now_min is not None,
    )


def staffing_goal_on(setup: Setup, day: clock.date) -> StaffingGoal:
    target = target_in_force(setup.targets, setup.targets, WITHIN_TARGET, day)
    share = WITHIN_TARGET_AT_LEAST if target is None or target.figure <= 0 else min(HIGHEST_SHARE, target.figure)
    return StaffingGoal(share, setup.setting_as_int("wait_target_minutes"))


def default_handling_time(service: Service) -> HandlingTime:
    """Return the set-up's handling for a service without customers yet."""
    minutes = [item.minutes for item in service.items if item.minutes]
    mean = sum(minutes) / len(minutes) if minutes else float(service.handling_target or _DEFAULT_HANDLING_MIN)
    return HandlingTime(mean_min=mean, sd_min=mean * _DEFAULT_SPREAD)


class _WindowNeed(Struct, frozen=True):
    load: float
    windows: int
    busy: int
    alone: Mapping[str, int]


def _window_needs(
    setup: Setup, forecast: DayForecast, keeps: Mapping[str, HandlingTime], goal: StaffingGoal, spread2: float
) -> dict[int, _WindowNeed]:
    """Return by half-hour the windows that its heaviest slice needs, at the load offered by the whole day up to it."""
    loads = {}
    for code, row in forecast.services.items():
        service_keeps = keeps[code]
        loads[code] = slice_loads(
            [n / 30 for n in row], 30, lognormal_limited_mean_function(service_keeps.mean_min, service_keeps.sd_min)
        )
    busy = 1 + BUSY_Z * spread2**0.5
    by_slot = {}
    for slot in range(HALF_HOURS):
        at = range(_count_slice_ends_until_closing(setup, forecast.date, slot))
        if not at:
            continue
        load, alone = max((sum(rows[slot][i] for rows in loads.values()) for i in at), default=0.0), {}
        for code, rows in loads.items():
            peak = max(rows[slot][i] for i in at)
            if peak > _LEAST_LOAD:
                alone[code] = _fewest_windows_for_load(peak, keeps[code].mean_min, goal)
        handling = _mean_handling_min(forecast, keeps, slot)
        windows = max([_fewest_windows_for_load(load, handling, goal), *alone.values()])
        on_busy_day = max([_fewest_windows_for_load(load * busy, handling, goal), windows])
        by_slot[slot] = _WindowNeed(load, windows, on_busy_day, alone)
    return by_slot


def _fewest_windows_for_load(load: float, handling_min: float, goal: StaffingGoal) -> int:
    if load <= 0:
        return 0
    flow = ArrivalRateAndHandling(per_hour=60 * load / handling_min, handling_min=handling_min)
    return performance_of_fewest_windows(flow, target=goal.share, within_min=goal.within_min).windows


def _mean_handling_min(forecast: DayForecast, keeps: Mapping[str, HandlingTime], slot: int) -> float:
    for chosen in (slice(slot, slot + 1), slice(0, HALF_HOURS)):
        people = {code: sum(row[chosen]) for code, row in forecast.services.items()}
        if (n := sum(people.values())) > 0:
            return sum(keeps[code].mean_min * count for code, count in people.items()) / n
    return _DEFAULT_HANDLING_MIN


def _count_slice_ends_until_closing(setup: Setup, day: clock.date, slot: int) -> int:
    """Return how many ends of a half-hour's slices are before the last service closes; 0 before the first opens."""
    spans = [span for service in setup.services.values() for span in opening_spans_on(setup, service, day)]
    if not spans or 30 * slot + 30 <= min(start for start, _end in spans):
        return 0
    rest = max(end for _start, end in spans) - 30 * slot
    return 0 if rest <= 0 else min(30, rest) // SLICE_MIN + 1


def _half_hours_in_use(setup: Setup, forecast: DayForecast, facts: DayArrivalsAndShifts) -> range:
    """Return the half-hours from first to last opening, shift or arrival."""
    due = forecast.people_by_half_hour()
    came = facts.came.people_by_half_hour() if facts.came else (0,) * HALF_HOURS
    used = [
        slot
        for slot in range(HALF_HOURS)
        if due[slot] >= _LEAST_LOAD or came[slot] or _count_slice_ends_until_closing(setup, forecast.date, slot)
    ]
    return range(used[0], used[-1] + 1) if used else range(0)


def _forecasts_joined_at(before: DayForecast, rest: DayForecast, until: int) -> DayForecast:
    """Return forecast `before` up to `until`, and `rest` after it."""
    split = until // 30
    services = {code: (*before.services[code][:split], *row[split:]) for code, row in rest.services.items()}
    return replace(before, services=services)


def _half_hour_row(
    setup: Setup, start: int, forecast: DayForecast, need: _WindowNeed | None, facts: DayArrivalsAndShifts
) -> StaffingHalfHour:
    minutes = range(start, start + 30, SLICE_MIN)
    rows = shifts_planned_on(setup.roster, forecast.date, setup.calendar)
    planned: int | None = None
    short: list[ServiceWindowShortage] = []
    if rows:
        open_at = [at for at in minutes if _is_open(setup, forecast.date, at)] or list(minutes)
        planned = min(sum(row.is_working_at(at) for row in rows) for at in open_at)
        for code, alone in need.alone.items() if need else ():
            able = [row for row in rows if code in setup.services_at_window(row.window, row.staff)]
            least = min(sum(row.is_working_at(at) for row in able) for at in open_at)
            if least < alone:
                short.append(ServiceWindowShortage(service=code, needed=alone, planned=least))
    is_over = facts.is_past or (facts.now_min is not None and start + 30 <= facts.now_min)
    begun = is_over or (facts.now_min is not None and start < facts.now_min)
    return StaffingHalfHour(
        start_min=start,
        people=expected_arrival_count_in_span(forecast, start, start + 30),
        came=int(_arrivals_between(facts, start, start + 30)) if begun else None,
        load=need.load if need else None,
        needed=(need.windows if need else 0) if forecast.has_enough_past_days else None,
        needed_busy=(need.busy if need else 0) if forecast.has_enough_past_days else None,
        planned=planned,
        at_work=_mean_windows_at_work(setup, forecast.date, start, facts) if is_over else None,
        short_of=tuple(short),
    )


def _is_open(setup: Setup, day: clock.date, minute: int) -> bool:
    return any(start <= minute < end for s in setup.services.values() for start, end in opening_spans_on(setup, s, day))


def _arrivals_between(facts: DayArrivalsAndShifts, start: int, end: int) -> float:
    return sum(facts.came.people_by_half_hour()[start // 30 : -(-end // 30)]) if facts.came else 0


def _mean_windows_at_work(setup: Setup, day: clock.date, start: int, facts: DayArrivalsAndShifts) -> float:
    midnight = clock.datetime.combine(day, clock.time(0), setup.time_zone)
    first, last = midnight + clock.timedelta(minutes=start), midnight + clock.timedelta(minutes=start + 30)
    ends = facts.now or last

    def seconds_in_half_hour(begins: datetime, end: datetime | None) -> float:
        return max(0.0, (min(end or ends, last) - max(begins, first)).total_seconds())

    worked = sum(
        seconds_in_half_hour(shift.opened, shift.closed)
        - sum(seconds_in_half_hour(pause.start, pause.end) for pause in shift.pauses)
        for shift in facts.shifts
    )
    return worked / 1800


def _extra_windows_for_backlog(
    needs: Mapping[int, _WindowNeed],
    keeps: Mapping[str, HandlingTime],
    forecast: DayForecast,
    within_min: int,
    day: DayArrivalsAndShifts,
) -> Backlog | None:
    """Return the additional windows for the people who wait now, None where no more are needed."""
    if day.now_min is None or not day.waiting:
        return None
    slot = day.now_min // 30
    flow = needs[slot].windows if slot in needs else 0
    handling = _mean_handling_min(forecast, keeps, slot) if forecast.services else _DEFAULT_HANDLING_MIN
    needed = windows_needed_with_backlog(flow, day.waiting, handling, within_min)
    if needed == flow:
        return None
    return Backlog(waiting=day.waiting, flow=flow, needed=needed, open=day.open_now)
