"""How far arrival forecasts were off, compared with the simple forecast "as a week ago"."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from queuedesk.core.setup.values import Setup
from queuedesk.core.waits.arrival_forecast import (
    FEWEST_DAYS,
    HALF_HOURS,
    DayArrivals,
    DayForecast,
    bounds,
    forecast_day,
)

LAST_DAYS = 31
"""Errors are those of the last month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misses:
    """Mean absolute errors in people, of a day and of a half hour, and as shares of those who came; `n` are the days
    and half hours."""

    day_mae: float
    day_share: float
    half_hour_mae: float
    half_hour_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastError:
    """The forecast's misses on `days` dates with `half_hours` half hours, and those of the counts of a week before on
    `compared` of the same dates.

    `forecast_there` are the forecast's misses on those dates alone, so that both are judged by the same; `within` is
    the share of half hours that lay inside their interval, `days_within` that of days.
    """

    days: int
    half_hours: int
    forecast: Misses
    within: float
    days_within: float
    compared: int
    forecast_there: Misses | None
    last_week: Misses | None


def forecast_error(setup: Setup, history: Sequence[DayArrivals], until: clock.date) -> ForecastError | None:
    """Return how the forecasts of the month before `until` did; None where no date could be forecast from earlier
    ones."""
    by_date = {one.date: one for one in history if one.n and one.date < until}
    first = until - clock.timedelta(days=LAST_DAYS)
    judged: list[tuple[DayForecast, DayArrivals]] = []
    for day in sorted(by_date):
        if day >= first and sum(1 for other in by_date if other < day) >= FEWEST_DAYS:
            judged.append((forecast_day(setup, list(by_date.values()), day), by_date[day]))
    if not judged:
        return None
    week = clock.timedelta(days=7)
    both = [(said, came) for said, came in judged if came.date - week in by_date]
    places = [(said, came, slot) for said, came in judged for slot in _slots(said, came)]
    inside = [_is_inside(said.half_hours()[slot], said, came.half_hours()[slot]) for said, came, slot in places]
    days_inside = [_is_inside(sum(said.half_hours()), said, came.n) for said, came in judged]
    return ForecastError(
        days=len(judged),
        half_hours=len(places),
        forecast=_misses(judged, DayForecast.half_hours),
        within=sum(inside) / max(1, len(inside)),
        days_within=sum(days_inside) / len(days_inside),
        compared=len(both),
        forecast_there=_misses(both, DayForecast.half_hours) if both else None,
        last_week=_misses(both, lambda said: by_date[said.date - week].half_hours()) if both else None,
    )


def _misses(
    judged: Sequence[tuple[DayForecast, DayArrivals]], guess: Callable[[DayForecast], Sequence[float]]
) -> Misses:
    by_day = [abs(sum(guess(said)) - came.n) for said, came in judged]
    by_slot = [abs(guess(said)[slot] - came.half_hours()[slot]) for said, came in judged for slot in _slots(said, came)]
    everybody = max(1, sum(came.n for _said, came in judged))
    return Misses(
        day_mae=sum(by_day) / len(by_day),
        day_share=sum(by_day) / everybody,
        half_hour_mae=sum(by_slot) / max(1, len(by_slot)),
        half_hour_share=sum(by_slot) / everybody,
    )


def _slots(said: DayForecast, came: DayArrivals) -> list[int]:
    """Return the half hours in which somebody came or was expected: the night would make every forecast look good."""
    due, there = said.half_hours(), came.half_hours()
    return [slot for slot in range(HALF_HOURS) if due[slot] >= 0.5 or there[slot]]


def _is_inside(mean: float, said: DayForecast, came: int) -> bool:
    low, high = bounds(mean, said.spread2)
    return low <= came <= high
