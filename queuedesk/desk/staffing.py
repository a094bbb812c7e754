"""Forecasts arrivals and the number of windows that they need, from the log; reads only."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from queuedesk.core.figures import day_ribbon
from queuedesk.core.queue.hallday import business_date, opening_spans_on
from queuedesk.core.setup.hall import LAST_WORKING_WEEKDAY, MAKE_UP, weekday_typical_of
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.day import (
    DayArrivalsAndShifts,
    HandlingTime,
    StaffingDay,
    default_handling_time,
    staffing_day,
)
from queuedesk.core.waits import arrival_forecast
from queuedesk.desk.change import Desk
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import arrivals
from queuedesk.store.parts import halls

LOOKS_BACK_DAYS = 182
KEEPS_DAYS = 60
LOOKS_AHEAD_DAYS = 14


def arrivals_forecast(desk: Desk, day: date, now: datetime) -> arrival_forecast.DayForecast:
    """Return the arrivals expected on `day`, from the dates before it and before today."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        last = min(day, business_date(setup, now)) - timedelta(days=1)
        history = arrivals.day_arrivals_of_span(tx, desk.hall, setup, last - timedelta(days=LOOKS_BACK_DAYS), last)
    return arrival_forecast.forecast_day_arrivals(setup, history, day)


WEEK_DAYS = 7


def busyness_of_coming_week(desk: Desk, now: datetime) -> dict[date, tuple[arrival_forecast.BusynessSpan, ...]]:
    """Return the busy hours of the next seven days, from tomorrow on; days without expected arrivals are left out."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        last = today - timedelta(days=1)
        history = arrivals.day_arrivals_of_span(tx, desk.hall, setup, last - timedelta(days=LOOKS_BACK_DAYS), last)
    days = [today + timedelta(days=n) for n in range(1, WEEK_DAYS + 1)]
    return arrival_forecast.busyness_spans_by_day(
        [arrival_forecast.forecast_without_error_band(setup, history, day) for day in days]
    )


def usual_waiting_by_quarter_hour(desk: Desk, day: date) -> list[tuple[float, float]]:
    """Return the mean number of people waiting at each quarter of an hour on the last eight such weekdays before `day`,
    nothing if there are too few. Holidays and special hours are left out; for a make-up working day the last eight days
    from Monday to Friday count."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        wanted = frozenset(range(1, LAST_WORKING_WEEKDAY + 1)) | {MAKE_UP}
        if (weekday := weekday_typical_of(setup.calendar, day)) != MAKE_UP:
            wanted = frozenset({weekday or day.isoweekday()})
        before = (day - timedelta(days=n) for n in range(1, LOOKS_BACK_DAYS + 1))
        weeks = [when for when in before if weekday_typical_of(setup.calendar, when) in wanted]
        return day_ribbon.mean_waiting_by_quarter_hour(
            setup, day, arrivals.waits_of_last_dates(tx, desk.hall, weeks, day_ribbon.USUAL_DAYS)
        )


def staffing_of_next_open_day(desk: Desk, day: date, last: date) -> StaffingDay | None:
    """Return the windows needed on the first open date after `day`, from the dates up to `last`; None if nothing opens
    within two weeks. Without the accuracy of the last month's forecasts, which takes longer than the rest."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        dates = (day + timedelta(days=n) for n in range(1, LOOKS_AHEAD_DAYS + 1))
        services = setup.services.values()
        wanted = next(
            (when for when in dates if any(opening_spans_on(setup, service, when) for service in services)), None
        )
        if wanted is None:
            return None
        history, keeps = arrivals_and_handling_times(tx, desk.hall, setup, last)
    return staffing_day(
        setup, arrival_forecast.forecast_day_arrivals(setup, history, wanted), keeps, DayArrivalsAndShifts(), None
    )


def arrivals_and_handling_times(
    tx: Transaction, hall: int, setup: Setup, last: date
) -> tuple[list[arrival_forecast.DayArrivals], dict[str, HandlingTime]]:
    """Return the arrivals of the dates up to `last`, and by service how long a ticket keeps a window busy: as observed,
    else as in the set-up."""
    history = arrivals.day_arrivals_of_span(tx, hall, setup, last - timedelta(days=LOOKS_BACK_DAYS), last)
    took = arrivals.window_occupation_by_service(tx, hall, last - timedelta(days=KEEPS_DAYS), last)
    keeps = {
        code: HandlingTime(mean_min=took[code].mean_min, sd_min=took[code].sd_min, n=took[code].n)
        if code in took and took[code].mean_min > 0
        else default_handling_time(service)
        for code, service in setup.services.items()
    }
    return history, keeps
