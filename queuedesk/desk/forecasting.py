"""Who will come and how many windows that needs, from what the log holds: read only, for a lane beside the screen's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queuedesk.core.arrival_forecast import DayForecast, forecast_day
from queuedesk.core.forecast_error import ForecastError, forecast_error
from queuedesk.core.hallday import business_date
from queuedesk.core.setup import Setup
from queuedesk.core.staffing_day import Keeps, Seen, StaffingDay, keeps_of, staffing_day
from queuedesk.core.window import WindowState
from queuedesk.desk.change import Desk
from queuedesk.store import arrivals, counters, halls, tickets
from queuedesk.store.database import Transaction

LOOKS_BACK_DAYS = 182
KEEPS_DAYS = 60


def arrivals_forecast(desk: Desk, day: date, now: datetime) -> DayForecast:
    """Return who will come on `day`, as the dates before it and before today teach it."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        last = min(day, business_date(setup, now)) - timedelta(days=1)
        history = arrivals.counted(tx, desk.hall, setup, last - timedelta(days=LOOKS_BACK_DAYS), last)
    return forecast_day(setup, history, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the dates up to `last` say of `day`: half a second's reading for half a year, which does not change while the day runs."""

    day: date
    last: date
    forecast: DayForecast
    keeps: Mapping[str, Keeps]
    error: ForecastError | None


def past_of(desk: Desk, day: date, now: datetime) -> Past:
    """Return what the dates before `day` and before today say of it, with how the forecasts of the month before did."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        last = min(day, business_date(setup, now)) - timedelta(days=1)
        history = arrivals.counted(tx, desk.hall, setup, last - timedelta(days=LOOKS_BACK_DAYS), last)
        took = arrivals.occupied(tx, desk.hall, last - timedelta(days=KEEPS_DAYS), last)
    keeps = {
        code: Keeps(mean_min=took[code].mean_min, sd_min=took[code].sd_min, n=took[code].n)
        if code in took and took[code].mean_min > 0
        else keeps_of(service)
        for code, service in setup.services.items()
    }
    error = forecast_error(setup, history, last + timedelta(days=1))
    return Past(day=day, last=last, forecast=forecast_day(setup, history, day), keeps=keeps, error=error)


def staffing_on(desk: Desk, day: date, now: datetime, past: Past | None = None) -> StaffingDay:
    """Return the windows that `day` needs, beside the roster's; `past` spares reading what was read before, by the same set-up."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        seen = _seen(tx, desk.hall, setup, day, now)
    known = past or past_of(desk, day, now)
    return staffing_day(setup, known.forecast, known.keeps, seen, known.error)


def _seen(tx: Transaction, hall: int, setup: Setup, day: date, now: datetime) -> Seen:
    today = business_date(setup, now)
    if day > today:
        return Seen()
    came = arrivals.counted(tx, hall, setup, day, day)
    shifts = counters.shifts_of(tx, hall, day)
    if day < today:
        return Seen(came=came[0] if came else None, shifts=shifts, is_past=True)
    local = setup.local(now)
    return Seen(
        came=came[0] if came else None,
        shifts=shifts,
        now=now,
        now_min=1439 if local.date() > day else local.hour * 60 + local.minute,
        waiting=sum(tickets.count_waiting(tx, hall, code) for code in setup.services),
        open_now=sum(w.state is WindowState.OPEN for w in counters.all_windows(tx, hall).values()),
    )
