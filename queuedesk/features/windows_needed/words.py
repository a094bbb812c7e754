"""Words of a day's windows: its goal, how well forecasts did, quiet times, and the shifts of a roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from queuedesk.core.setup.time_of_day import clock_text, minutes_of, weekdays
from queuedesk.i18n.catalogue import current, ntr, tr
from queuedesk.i18n.moments import day_staff, listing, weekday_short
from queuedesk.i18n.names import decimal, percent
from queuedesk.i18n.staffing import quiet_times

if TYPE_CHECKING:  # The commands of the roster load these words too; few count windows.
    from queuedesk.core.staffing.day import Goal
    from queuedesk.core.waits.arrival_forecast import ForecastError, Span


def goal_text(goal: Goal, lang: str | None = None) -> str:
    """Return the goal that the number of windows is computed for."""
    said = lang or current()
    return tr(said, "{share} % called within {minutes} min", share=percent(goal.share, 0), minutes=goal.within_min)


def quiet_text(spans: Sequence[Span], lang: str | None = None) -> str:
    """Return a day's quiet times in a few words."""
    said, times = lang or current(), quiet_times(spans, lang)
    return tr(said, "quiet: {times}", times=times) if times else tr(said, "no quiet time")


def error_lines(error: ForecastError | None, lang: str | None = None) -> list[str]:
    """Return how accurate the last month's forecasts were, compared with the figures of a week before."""
    said = lang or current()
    if error is None:
        return []
    lines = [
        ntr(
            said,
            "Last month's error, {n} day: {day} % of a day's people ({mae}), {half_hour} % of a half hour's ({people}). {within} % of half hours lay within "
            "their range, where it should be 80 %.",
            "Last month's error, {n} days: {day} % of a day's people ({mae}), {half_hour} % of a half hour's ({people}). {within} % of half hours lay within "
            "their range, where it should be 80 %.",
            error.days,
            day=percent(error.forecast.day_share, 0),
            mae=decimal(error.forecast.day_mae),
            half_hour=percent(error.forecast.half_hour_share, 0),
            people=decimal(error.forecast.half_hour_mae),
            within=percent(error.within, 0),
        )
    ]
    if error.last_week is not None and error.forecast_there is not None:
        lines.append(
            ntr(
                said,
                "The counts of a week before would have missed by {week} % of a day's people, the forecast by {own} % ({n} day that has both).",
                "The counts of a week before would have missed by {week} % of a day's people, the forecast by {own} % ({n} days that have both).",
                error.compared,
                week=percent(error.last_week.day_share, 0),
                own=percent(error.forecast_there.day_share, 0),
            )
        )
    return lines


# -- the roster ------------------------------------------------------------------------------------------------------

_MONDAY = date(2024, 1, 1)


def days_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return the days of a row: a date, "Mon–Fri", "every day"."""
    if row.get("date"):
        return day_staff(date.fromisoformat(str(row["date"])), lang)
    if row.get("weekday"):
        return weekdays_text(weekdays(str(row["weekday"])), lang)
    return tr(lang or current(), "every day")


def weekdays_text(days: frozenset[int], lang: str | None = None) -> str:
    """Return "Mon–Fri, Sun" for {1, 2, 3, 4, 5, 7}."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return listing(["–".join(dict.fromkeys((_short(run[0], lang), _short(run[-1], lang)))) for run in runs], lang)


def shift_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return "8:30–17:30, break 11:30 (40 min)", or that nobody is there."""
    said = lang or current()
    if row.get("off"):
        return tr(said, "nobody", context="roster")
    hours = f"{_clock(row['from'])}–{_clock(row['to'])}"
    breaks = [
        tr(said, "break {time} ({minutes} min)", time=_clock(one["from"]), minutes=one["minutes"])
        for one in row.get("breaks") or ()
    ]
    return listing([hours, *breaks], said)


def _short(day: int, lang: str | None) -> str:
    return weekday_short(_MONDAY + timedelta(days=day - 1), lang)


def _clock(text: object) -> str:
    return clock_text(minutes_of(str(text)))
