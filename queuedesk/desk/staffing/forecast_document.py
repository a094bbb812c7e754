"""The windows of a day as the document for scripts and files."""

from __future__ import annotations

from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import HalfHour, StaffingDay
from queuedesk.core.waits.arrival_forecast import Expected, ForecastError, Misses, expected
from queuedesk.desk.change import Document


def staffing_document(found: StaffingDay) -> Document:
    """Return the document: people with two decimals, shares with six, minutes with two; null where nothing is known."""
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
