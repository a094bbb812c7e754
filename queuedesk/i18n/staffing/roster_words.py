"""The roster in words: days, shifts, and what contradicts what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from queuedesk.core.setup.time_of_day import clock_text, minutes_of, weekdays
from queuedesk.i18n.catalogue import current, tr
from queuedesk.i18n.moments import date_short, day_staff, listing, weekday_long, weekday_short

_MONDAY = date(2024, 1, 1)


def days_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return the days that a row is for: a date, "Mon–Fri", "every day"."""
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


def conflict_text(lang: str, details: Mapping[str, object]) -> str:
    """Return what can't be in a roster, in one sentence."""
    day, weekday = details.get("day"), details.get("weekday")
    if day:
        on = day if isinstance(day, date) else date.fromisoformat(str(day))
        when = tr(lang, "on {date}", date=date_short(on, lang))
    else:
        when = tr(lang, "on {weekday}", weekday=weekday_long(_MONDAY + timedelta(days=int(str(weekday)) - 1), lang))
    fields: dict[str, Any] = {key: details[key] for key in ("window", "staff", "other", "start", "end")}
    return {
        "two_people": tr(
            lang, "Window {window} has both {staff} and {other} {when}, {start}–{end}.", when=when, **fields
        ),
        "two_windows": tr(
            lang, "{staff} is planned at windows {window} and {other} {when}, {start}–{end}.", when=when, **fields
        ),
        "no_skill": tr(lang, "{staff} can serve nothing of what window {window} serves ({when}).", when=when, **fields),
        "breaks_meet": tr(
            lang, "Two breaks of {staff} at window {window} meet {when}, {start}–{end}.", when=when, **fields
        ),
    }[str(details["what"])]


def _short(day: int, lang: str | None) -> str:
    return weekday_short(_MONDAY + timedelta(days=day - 1), lang)


def _clock(text: object) -> str:
    return clock_text(minutes_of(str(text)))
