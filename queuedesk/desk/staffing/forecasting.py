"""Forecasts who will come and how many windows that needs, from the log; reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from queuedesk.core.figures import day_ribbon
from queuedesk.core.log.state import SHIFTS, WINDOWS
from queuedesk.core.queue.hallday import business_date, hours_on
from queuedesk.core.queue.window import WindowState
from queuedesk.core.setup.calendar import LAST_WORKING_WEEKDAY, MAKE_UP, weekday_like
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import HalfHour, Keeps, Seen, StaffingDay, keeps_of, staffing_day
from queuedesk.core.waits.arrival_forecast import (
    DayArrivals,
    DayForecast,
    Expected,
    ForecastError,
    Misses,
    Span,
    busy_spans,
    expected,
    expected_people,
    forecast_day,
    forecast_error,
    told_before,
)
from queuedesk.desk.change import Desk, Document
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import arrivals
from queuedesk.store.parts import halls, part_tables, tickets

LOOKS_BACK_DAYS = 182
KEEPS_DAYS = 60
LOOKS_AHEAD_DAYS = 14


def arrivals_forecast(desk: Desk, day: date, now: datetime) -> DayForecast:
    """Return the arrivals expected on `day`, learned from the dates before it and before today."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        last = min(day, business_date(setup, now)) - timedelta(days=1)
        history = arrivals.counted(tx, desk.hall, setup, last - timedelta(days=LOOKS_BACK_DAYS), last)
    return forecast_day(setup, history, day)


WEEK_DAYS = 7


def busy_week(desk: Desk, now: datetime) -> dict[date, tuple[Span, ...]]:
    """Return how busy the hours of the next seven days will be, from tomorrow on; only days on which people are
    expected."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        today = business_date(setup, now)
        last = today - timedelta(days=1)
        history = arrivals.counted(tx, desk.hall, setup, last - timedelta(days=LOOKS_BACK_DAYS), last)
    days = [today + timedelta(days=n) for n in range(1, WEEK_DAYS + 1)]
    return busy_spans([expected_people(setup, history, day) for day in days])


def busy_week_document(week: Mapping[date, Sequence[Span]]) -> Document:
    """Return the spans of a week as a document."""
    return {
        "days": [
            {
                "date": day.isoformat(),
                "spans": [
                    {"from": clock_text(one.start_min), "to": clock_text(one.end_min), "level": one.level}
                    for one in spans
                ],
            }
            for day, spans in week.items()
        ]
    }


def usual_waiting(desk: Desk, day: date) -> list[tuple[float, float]]:
    """Return how many wait at each quarter of an hour of such a weekday, the mean of the last eight before `day`;
    nothing where there are too few. Holidays and special hours are left out; a make-up working day has the last eight
    days from Monday to Friday."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        wanted = frozenset(range(1, LAST_WORKING_WEEKDAY + 1)) | {MAKE_UP}
        if (weekday := weekday_like(setup.calendar, day)) != MAKE_UP:
            wanted = frozenset({weekday or day.isoweekday()})
        before = (day - timedelta(days=n) for n in range(1, LOOKS_BACK_DAYS + 1))
        weeks = [one for one in before if weekday_like(setup.calendar, one) in wanted]
        return day_ribbon.usual_waiting(setup, day, arrivals.waited(tx, desk.hall, weeks, day_ribbon.USUAL_DAYS))


class Past(Struct, frozen=True, kw_only=True):
    """What the dates up to `last` say about `day`; reading half a year takes half a second, and the result does not
    change while the day runs."""

    day: date
    last: date
    forecast: DayForecast
    keeps: Mapping[str, Keeps]
    error: ForecastError | None


def past_of(desk: Desk, day: date, now: datetime) -> Past:
    """Return what the dates before `day` and before today say about it, with the accuracy of the last month's
    forecasts."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        last = min(day, business_date(setup, now)) - timedelta(days=1)
        history, keeps = _learned(tx, desk.hall, setup, last)
    until = last + timedelta(days=1)
    told = told_before(setup, history, until)
    error = forecast_error(setup, history, until, told)
    return Past(day=day, last=last, forecast=forecast_day(setup, history, day, told), keeps=keeps, error=error)


def staffing_after(desk: Desk, day: date, last: date) -> StaffingDay | None:
    """Return the windows needed on the first open date after `day`, learned from the dates up to `last`; None where
    nothing opens within two weeks. The accuracy of the last month's forecasts is left out, as it takes longer than
    everything else."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        dates = (day + timedelta(days=n) for n in range(1, LOOKS_AHEAD_DAYS + 1))
        services = setup.services.values()
        wanted = next((one for one in dates if any(hours_on(setup, service, one) for service in services)), None)
        if wanted is None:
            return None
        history, keeps = _learned(tx, desk.hall, setup, last)
    return staffing_day(setup, forecast_day(setup, history, wanted), keeps, Seen(), None)


def staffing_on(desk: Desk, day: date, now: datetime, past: Past | None = None) -> StaffingDay:
    """Return the windows needed on `day`, beside the roster's; `past` saves reading again what was read before with the
    same set-up."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        seen = _seen(tx, desk.hall, setup, day, now)
    known = past or past_of(desk, day, now)
    return staffing_day(setup, known.forecast, known.keeps, seen, known.error)


def _learned(tx: Transaction, hall: int, setup: Setup, last: date) -> tuple[list[DayArrivals], dict[str, Keeps]]:
    """Return who came on the dates up to `last`, and how long they kept windows busy; what nobody taught is as the
    set-up says."""
    history = arrivals.counted(tx, hall, setup, last - timedelta(days=LOOKS_BACK_DAYS), last)
    took = arrivals.occupied(tx, hall, last - timedelta(days=KEEPS_DAYS), last)
    keeps = {
        code: Keeps(mean_min=took[code].mean_min, sd_min=took[code].sd_min, n=took[code].n)
        if code in took and took[code].mean_min > 0
        else keeps_of(service)
        for code, service in setup.services.items()
    }
    return history, keeps


def _seen(tx: Transaction, hall: int, setup: Setup, day: date, now: datetime) -> Seen:
    today = business_date(setup, now)
    if day > today:
        return Seen()
    came = arrivals.counted(tx, hall, setup, day, day)
    shifts = [*part_tables.of_days(tx, hall, SHIFTS, day, day).values()]
    if day < today:
        return Seen(came=came[0] if came else None, shifts=shifts, is_past=True)
    local = setup.local(now)
    return Seen(
        came=came[0] if came else None,
        shifts=shifts,
        now=now,
        now_min=1439 if local.date() > day else local.hour * 60 + local.minute,
        waiting=sum(tickets.count_waiting(tx, hall, code) for code in setup.services),
        open_now=sum(w.state is WindowState.OPEN for w in part_tables.of_days(tx, hall, WINDOWS).values()),
    )


# -- the windows of a day as the document for scripts and files ------------------------------------------------------


def staffing_document(found: StaffingDay) -> Document:
    """Return the document: people with two decimals, shares with six, minutes with two; null where unknown."""
    forecast = found.forecast
    return {
        "date": found.date.isoformat(),
        "pay_day": forecast.pay_day,
        "days": forecast.days,
        "target": {"share": round(found.goal.share, 6), "minutes": found.goal.within_min},
        "people": {**_people(found.total), "came": found.came},
        "services": [
            {
                "code": code,
                **_people(expected(forecast, 0, 1440, [code])),
                "handling": round(keeps.mean_min, 2),
                "handling_n": keeps.n,
            }
            for code, keeps in found.keeps.items()
        ],
        "half_hours": [_half_hour(one) for one in found.half_hours],
        "backlog": None
        if found.backlog is None
        else {
            "waiting": found.backlog.waiting,
            "flow": found.backlog.flow,
            "needed": found.backlog.needed,
            "open": found.backlog.open,
        },
        "error": None if found.error is None else _error(found.error),
    }


def _people(people: Expected | None) -> Document:
    if people is None:
        return {"mean": None, "low": None, "high": None}
    return {"mean": round(people.mean, 2), "low": people.low, "high": people.high}


def _half_hour(one: HalfHour) -> Document:
    return {
        "from": clock_text(one.start_min).zfill(5),
        **_people(one.people),
        "came": one.came,
        "load": None if one.load is None else round(one.load, 2),
        "needed": one.needed,
        "needed_busy": one.needed_busy,
        "planned": one.planned,
        "at_work": None if one.at_work is None else round(one.at_work, 2),
        "short_of": [
            {"service": short.service, "needed": short.needed, "planned": short.planned} for short in one.short_of
        ],
    }


def _error(error: ForecastError) -> Document:
    return {
        "days": error.days,
        "half_hours": error.half_hours,
        "within": round(error.within, 6),
        "days_within": round(error.days_within, 6),
        "forecast": _misses(error.forecast),
        "compared": error.compared,
        "forecast_there": None if error.forecast_there is None else _misses(error.forecast_there),
        "last_week": None if error.last_week is None else _misses(error.last_week),
    }


def _misses(misses: Misses) -> Document:
    return {
        "day": {"mae": round(misses.day_mae, 2), "share": round(misses.day_share, 6)},
        "half_hour": {"mae": round(misses.half_hour_mae, 2), "share": round(misses.half_hour_share, 6)},
    }
