"""Words of a day's windows: its goal, how well forecasts did, quiet times, and the shifts of a roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes, weekdays_from_text
from queuedesk.i18n import calendar_words, moments, names
from queuedesk.i18n.catalogue import current_language, ntr, tr
from queuedesk.i18n.staffing import forecast_basis_text, hall_too_few_windows_text, quiet_times_text

if TYPE_CHECKING:  # The commands of the roster load these words too; few count windows.
    from queuedesk.core.staffing.day import StaffingDay, StaffingGoal, StaffingHalfHour
    from queuedesk.core.waits.arrival_forecast import BusynessSpan, ForecastAccuracy


def goal_text(goal: StaffingGoal, lang: str | None = None) -> str:
    """Return the goal that the number of windows is computed for."""
    said = lang or current_language()
    return tr(
        said, "{share} % called within {minutes} min", share=names.percent_text(goal.share, 0), minutes=goal.within_min
    )


def quiet_spans_text(spans: Sequence[BusynessSpan], lang: str | None = None) -> str:
    """Return a day's quiet times in a few words."""
    said, times = lang or current_language(), quiet_times_text(spans, lang)
    return tr(said, "quiet: {times}", times=times) if times else tr(said, "no quiet time")


def forecast_error_lines(error: ForecastAccuracy | None, lang: str | None = None) -> list[str]:
    """Return how accurate the last month's forecasts were, compared with the figures of a week before."""
    said = lang or current_language()
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
            day=names.percent_text(error.forecast.day_share, 0),
            mae=names.decimal_text(error.forecast.day_mae),
            half_hour=names.percent_text(error.forecast.half_hour_share, 0),
            people=names.decimal_text(error.forecast.half_hour_mae),
            within=names.percent_text(error.within, 0),
        )
    ]
    if error.last_week is not None and error.forecast_there is not None:
        lines.append(
            ntr(
                said,
                "The counts of a week before would have missed by {week} % of a day's people, the forecast by {own} % ({n} day that has both).",
                "The counts of a week before would have missed by {week} % of a day's people, the forecast by {own} % ({n} days that have both).",
                error.compared,
                week=names.percent_text(error.last_week.day_share, 0),
                own=names.percent_text(error.forecast_there.day_share, 0),
            )
        )
    return lines


# -- what to do on a date ----------------------------------------------------------------------------------------------


def roster_advice_headline(
    setup: Setup, found: StaffingDay, lang: str | None = None, *, from_min: int = 0, is_past: bool = False
) -> str:
    """Return what to change in the roster of a date, at its worst gap after `from_min`, or what a past one lacked; ""
    for a date on which the hall is closed."""
    said = lang or current_language()
    if setup.calendar.is_closed(found.date):
        return ""
    if not found.forecast.has_enough_past_days:
        return forecast_basis_text(found, said)
    if not found.has_roster:
        if is_past:
            return tr(said, "Nobody was planned on this date.")
        return tr(said, "Nobody is planned on this date: fill the roster below.")
    to_come = [one for one in found.half_hours if one.start_min + 30 > from_min]
    runs = _window_shortage_runs(to_come, len(setup.windows))
    if runs:
        first, last, lacks = max(runs, key=lambda run: run[2])
        ends = {"start": clock_text(first.start_min), "end": clock_text(last.start_min + 30)}
        if is_past:
            return ntr(
                said,
                "{n} window was missing from {start} to {end}.",
                "{n} windows were missing from {start} to {end}.",
                lacks,
                **ends,
            )
        return ntr(
            said,
            "Plan {n} more window from {start} to {end}.",
            "Plan {n} more windows from {start} to {end}.",
            lacks,
            **ends,
        )
    if any((one.missing_window_count or 0) > 0 for one in to_come):
        return hall_too_few_windows_text(setup, found, said)
    short = [(lack.needed - lack.planned, one, lack) for one in to_come for lack in one.short_of]
    if short and not is_past:
        _lacks, at, lack = max(short, key=lambda row: row[0])
        service = names.service_name(setup, lack.service, said)
        return tr(
            said, "Plan a window that serves {service} at {time}.", service=service, time=clock_text(at.start_min)
        )
    if from_min and len(to_come) < len(found.half_hours):
        return tr(said, "The roster is enough for the rest of the day.")
    return tr(said, "The roster is enough on a usual day.")


def _window_shortage_runs(
    half_hours: Sequence[StaffingHalfHour], windows: int
) -> list[tuple[StaffingHalfHour, StaffingHalfHour, int]]:
    """Return the runs of half-hours that lack the same number of windows, of those that the hall has: first, last, how
    many."""
    runs: list[tuple[StaffingHalfHour, StaffingHalfHour, int]] = []
    for one in half_hours:
        lacks = min(one.missing_window_count or 0, windows - (one.planned or 0))
        if lacks <= 0:
            continue
        if runs and runs[-1][2] == lacks and runs[-1][1].start_min + 30 == one.start_min:
            runs[-1] = (runs[-1][0], one, lacks)
        else:
            runs.append((one, one, lacks))
    return runs


def day_calendar_and_arrivals_line(setup: Setup, found: StaffingDay, lang: str | None = None) -> str:
    """Return what the calendar says of a date, how many are expected, came and wait."""
    said, running = lang or current_language(), found.is_running
    facts = [calendar_words.calendar_day_text(setup.calendar, found.date, said)]
    if found.total is not None:
        n = round(found.total.mean)
        if running:
            facts.append(tr(said, "{n} expected before the day began", n=n))
        else:
            facts.append(ntr(said, "{n} person expected", "{n} people expected", n))
    if found.came:
        facts.append(tr(said, "{n} came so far", n=found.came) if running else tr(said, "{n} came", n=found.came))
    if found.backlog is not None:
        facts.append(tr(said, "{n} waiting now", n=found.backlog.waiting))
    return " · ".join(fact for fact in facts if fact)


# -- the roster ------------------------------------------------------------------------------------------------------

_MONDAY = date(2024, 1, 1)


def roster_row_days_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return the days of a row: a date, "Mon–Fri", "every day"."""
    if row.get("date"):
        return moments.date_for_staff(date.fromisoformat(str(row["date"])), lang)
    if row.get("weekday"):
        return weekdays_text(weekdays_from_text(str(row["weekday"])), lang)
    return tr(lang or current_language(), "every day")


def weekdays_text(days: frozenset[int], lang: str | None = None) -> str:
    """Return "Mon–Fri, Sun" for {1, 2, 3, 4, 5, 7}."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return moments.list_text(
        [
            "–".join(dict.fromkeys((_weekday_short_name(run[0], lang), _weekday_short_name(run[-1], lang))))
            for run in runs
        ],
        lang,
    )


def shift_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return "8:30–17:30, break 11:30 (40 min)", or that nobody is there."""
    said = lang or current_language()
    if row.get("off"):
        return tr(said, "nobody", context="roster")
    hours = f"{_normalised_clock_text(row['from'])}–{_normalised_clock_text(row['to'])}"
    breaks = [
        tr(said, "break {time} ({minutes} min)", time=_normalised_clock_text(one["from"]), minutes=one["minutes"])
        for one in row.get("breaks") or ()
    ]
    return moments.list_text([hours, *breaks], said)


def _weekday_short_name(day: int, lang: str | None) -> str:
    return moments.weekday_short(_MONDAY + timedelta(days=day - 1), lang)


def _normalised_clock_text(text: object) -> str:
    return clock_text(parse_clock_minutes(str(text)))
