"""Changes the roster and the pay days, each change one event with the whole set-up; reads how many windows a day
needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import SHIFTS, WINDOWS
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import DayArrivalsAndShifts, HandlingTime, StaffingDay, StaffingHalfHour, staffing_day
from queuedesk.core.waits import arrival_forecast
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.staffing import arrivals_and_handling_times
from queuedesk.features.windows_needed import rules
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import arrivals
from queuedesk.store.parts import halls, part_tables, tickets

ROSTER, PAY_DAYS = "roster", "pay_days"


@runs_in_transaction("roster")
def plan_shift(change: HallChange, row: Mapping[str, Any]) -> Document:
    """Plan a shift, replacing those at its window on the same days with overlapping hours; return the whole roster.

    Raises RuleError "bad_value", "roster_conflict"."""
    check_and_read_setup({**change.setup.document, ROSTER: [dict(row)]})
    return _save_roster(change, rules.rows_with_row_replacing_overlaps(rules.roster_rows_of_setup(change.setup), row))


@runs_in_transaction("roster")
def remove_shifts(change: HallChange, window: str, days: str) -> Document:
    """Remove the shifts planned at a window on those days: a date, weekdays as "1-5", or "" for every day. Raises
    RuleError "not_there"."""
    before = rules.roster_rows_of_setup(change.setup)
    asked = (
        rules.row_date_or_weekday_numbers({"date": days})
        if "-" in days and len(days) == len("2026-11-20")
        else rules.row_date_or_weekday_numbers({"weekday": days})
    )
    after = rules.rows_without_window_days(before, window, asked)
    if len(after) == len(before):
        raise RuleError("not_there", kind=ROSTER, code=window)
    return _save_roster(change, after)


@runs_in_transaction("roster")
def save_roster(change: HallChange, rows: Sequence[Mapping[str, Any]]) -> Document:
    """Replace the whole roster by these rows. Raises RuleError "bad_value", "roster_conflict" for a conflict that was
    not there."""
    return _save_roster(change, rows)


@runs_in_transaction("roster")
def add_pay_days(change: HallChange, days: Sequence[date]) -> Document:
    """Add pay days; those that are there already stay."""
    return _save_pay_days(change, sorted({*change.setup.pay_days, *days}))


@runs_in_transaction("roster")
def remove_pay_days(change: HallChange, days: Sequence[date]) -> Document:
    """Remove pay days. Raises RuleError "not_there" for a date that is not a pay day."""
    for day in days:
        if day not in change.setup.pay_days:
            raise RuleError("not_there", kind=PAY_DAYS, code=day.isoformat())
    return _save_pay_days(change, [day for day in change.setup.pay_days if day not in days])


def _save_roster(change: HallChange, rows: Sequence[Mapping[str, Any]]) -> Document:
    document = {**change.setup.document, ROSTER: [dict(row) for row in rows]}
    setup = check_and_read_setup(document)
    conflict = rules.first_new_conflict(setup, rules.roster_rows_of_setup(change.setup), rows)
    if conflict is not None:
        raise RuleError("roster_conflict", **conflict.refusal_details())
    if document[ROSTER] != rules.roster_rows_of_setup(change.setup):
        change.record("set-up", part=ROSTER, op="set", setup=document)
    return {ROSTER: document[ROSTER]}


def _save_pay_days(change: HallChange, days: Sequence[date]) -> Document:
    texts = [day.isoformat() for day in days]
    if texts != [day.isoformat() for day in change.setup.pay_days]:
        document = {**change.setup.document, PAY_DAYS: texts}
        check_and_read_setup(document)
        change.record("set-up", part=PAY_DAYS, op="set", setup=document)
    return {PAY_DAYS: texts}


# -- the windows of a day ----------------------------------------------------------------------------------------------


class ForecastFromPast(Struct, frozen=True, kw_only=True):
    """What the dates up to `last` say about `day`; reading half a year takes half a second, and the result does not
    change while the day runs."""

    day: date
    last: date
    forecast: arrival_forecast.DayForecast
    keeps: Mapping[str, HandlingTime]
    error: arrival_forecast.ForecastAccuracy | None


def forecast_from_past_days(desk: Desk, day: date, now: datetime) -> ForecastFromPast:
    """Return what the dates before `day` and before today say about it, with the accuracy of the last month's
    forecasts."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        last = min(day, business_date(setup, now)) - timedelta(days=1)
        history, keeps = arrivals_and_handling_times(tx, desk.hall, setup, last)
    until = last + timedelta(days=1)
    told = arrival_forecast.forecast_checks_of_two_months(setup, history, until)
    error = arrival_forecast.accuracy_of_past_forecasts(setup, history, until, told)
    return ForecastFromPast(
        day=day,
        last=last,
        forecast=arrival_forecast.forecast_day_arrivals(setup, history, day, told),
        keeps=keeps,
        error=error,
    )


def staffing_for_day(desk: Desk, day: date, now: datetime, past: ForecastFromPast | None = None) -> StaffingDay:
    """Return the windows needed on `day`, beside the roster's; `past` saves reading again what was read before with the
    same set-up."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        seen = _day_facts_so_far(tx, desk.hall, setup, day, now)
    known = past or forecast_from_past_days(desk, day, now)
    return staffing_day(setup, known.forecast, known.keeps, seen, known.error)


def _day_facts_so_far(tx: Transaction, hall: int, setup: Setup, day: date, now: datetime) -> DayArrivalsAndShifts:
    today = business_date(setup, now)
    if day > today:
        return DayArrivalsAndShifts()
    came = arrivals.day_arrivals_of_span(tx, hall, setup, day, day)
    shifts = [*part_tables.objects_of_days(tx, hall, SHIFTS, day, day).values()]
    if day < today:
        return DayArrivalsAndShifts(came=came[0] if came else None, shifts=shifts, is_past=True)
    local = setup.to_hall_time(now)
    return DayArrivalsAndShifts(
        came=came[0] if came else None,
        shifts=shifts,
        now=now,
        now_min=1439 if local.date() > day else local.hour * 60 + local.minute,
        waiting=sum(tickets.count_waiting(tx, hall, code) for code in setup.services),
        open_now=sum(w.state is WindowState.OPEN for w in part_tables.objects_of_days(tx, hall, WINDOWS).values()),
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
        "people": {**_expected_count_document(found.total), "came": found.came},
        "services": [
            {
                "code": code,
                **_expected_count_document(arrival_forecast.expected_arrival_count_in_span(forecast, 0, 1440, [code])),
                "handling": round(keeps.mean_min, 2),
                "handling_n": keeps.n,
            }
            for code, keeps in found.keeps.items()
        ],
        "half_hours": [_half_hour_document(one) for one in found.half_hours],
        "backlog": None
        if found.backlog is None
        else {
            "waiting": found.backlog.waiting,
            "flow": found.backlog.flow,
            "needed": found.backlog.needed,
            "open": found.backlog.open,
        },
        "error": None if found.error is None else _arrival_forecast_accuracy_document(found.error),
    }


def _expected_count_document(people: arrival_forecast.ExpectedCount | None) -> Document:
    if people is None:
        return {"mean": None, "low": None, "high": None}
    return {"mean": round(people.mean, 2), "low": people.low, "high": people.high}


def _half_hour_document(one: StaffingHalfHour) -> Document:
    return {
        "from": clock_text(one.start_min).zfill(5),
        **_expected_count_document(one.people),
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


def _arrival_forecast_accuracy_document(error: arrival_forecast.ForecastAccuracy) -> Document:
    return {
        "days": error.days,
        "half_hours": error.half_hours,
        "within": round(error.within, 6),
        "days_within": round(error.days_within, 6),
        "forecast": _mean_errors_document(error.forecast),
        "compared": error.compared,
        "forecast_there": None if error.forecast_there is None else _mean_errors_document(error.forecast_there),
        "last_week": None if error.last_week is None else _mean_errors_document(error.last_week),
    }


def _mean_errors_document(misses: arrival_forecast.MeanAbsoluteErrors) -> Document:
    return {
        "day": {"mae": round(misses.day_mae, 2), "share": round(misses.day_share, 6)},
        "half_hour": {"mae": round(misses.half_hour_mae, 2), "share": round(misses.half_hour_share, 6)},
    }


def week_busyness_document(week: Mapping[date, Sequence[arrival_forecast.BusynessSpan]]) -> Document:
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
