"""The calendar in words: what a date is, why, and who says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.desk.calendaring import all_published_years, country_of_published_days, published_holidays_by_country
from queuedesk.i18n.catalogue import current_language, mark, tr
from queuedesk.i18n.moments import date_for_staff, date_long, date_short, figure_range, name_in_language

_KINDS = {
    hall_setup.HOLIDAY: mark("Closed", context="day"),
    hall_setup.WORKING: mark("Make-up working day", context="day"),
    hall_setup.SPECIAL: mark("Special hours", context="day"),
    "": mark("Usual", context="day"),
}


def day_kind_word(kind: str, lang: str | None = None) -> str:
    """Return the word for a kind of day, "" for one that is as its weekday."""
    return tr(lang or current_language(), _KINDS[kind], context="day")


def calendar_reason_text(day: hall_setup.DateUnlikeItsWeekday | None, lang: str | None = None) -> str:
    """Return why a day is not as usual, as customers read it; "" where nobody said."""
    return "" if day is None else name_in_language(day.text, day.text_en, lang)


def calendar_day_text(calendar: hall_setup.Calendar, day: date, lang: str | None = None) -> str:
    """Return what is different about one date: "Special hours 8:30–15:00: Staff training"; "" for a usual one."""
    known = calendar.entry_on(day)
    if known is None:
        return ""
    said = lang or current_language()
    hours = figure_range(clock_text(known.start), clock_text(known.end)) if known.start and known.end else ""
    head = " ".join(part for part in (day_kind_word(known.kind, said), hours) if part)
    why = calendar_reason_text(known, said)
    return tr(said, "{head}: {text}", context="note", head=head, text=why) if why else head


def special_days_text(calendar: hall_setup.Calendar, first: date, last: date, lang: str | None = None) -> str:
    """Return what is different about the dates of a span, days in a row that are the same in one: "1 Oct–7 Oct Closed:
    National Day; 10 Oct Make-up working day"; "" where every date is as its weekday."""
    said = lang or current_language()
    runs = _runs_of_days_with_same_words(calendar, first, last, lambda day: calendar_day_text(calendar, day, said))
    return join_clauses([f"{_span_words(date_short, run, said)} {text}" for run, text in runs], said)


def _runs_of_days_with_same_words(
    calendar: hall_setup.Calendar, first: date, last: date, words: Callable[[date], str]
) -> list[tuple[tuple[date, date], str]]:
    """Return the calendar's dates of a span by what is said of them, days in a row that are the same in one."""
    runs: list[tuple[tuple[date, date], str]] = []
    for day in (when for when in sorted(calendar.days) if first <= when <= last):
        text = words(day)
        if runs and runs[-1][1] == text and runs[-1][0][1] + timedelta(days=1) == day:
            runs[-1] = ((runs[-1][0][0], day), text)
        else:
            runs.append(((day, day), text))
    return runs


def _span_words(named_day: Callable[[date, str | None], str], run: tuple[date, date], lang: str) -> str:
    return figure_range(named_day(run[0], lang), named_day(run[1], lang))


def join_clauses(parts: Sequence[str], lang: str) -> str:
    return tr(lang, "; ", context="list").join(parts)


TOLD_AHEAD_DAYS = 7
"""So long before a date customers are told that the hall is closed or has other hours then."""


def upcoming_special_days_text(calendar: hall_setup.Calendar, today: date, lang: str | None = None) -> str:
    """Return what customers are told of the days to come: holidays, to their end, and special hours; "" for none."""
    last = today + timedelta(days=TOLD_AHEAD_DAYS)
    while calendar.is_closed(last) and calendar.is_closed(last + timedelta(days=1)):
        last += timedelta(days=1)
    told = {day: calendar_day for day, calendar_day in calendar.days.items() if calendar_day.kind != hall_setup.WORKING}
    said = lang or current_language()
    runs = _runs_of_days_with_same_words(
        hall_setup.Calendar(days=told), today, last, lambda day: _opening_words(told[day], said)
    )
    days = [
        tr(said, "{days}: {text}", context="open", days=_span_words(date_for_staff, run, said), text=text)
        for run, text in runs
    ]
    return tr(said, "Please note: {days}", days=join_clauses(days, said)) if days else ""


def _opening_words(day: hall_setup.DateUnlikeItsWeekday, lang: str) -> str:
    """Return what a customer finds on a date: "open 8:30–15:00 only (Staff training)", "closed (National Day)"."""
    opening = tr(lang, "closed", context="open")
    if day.start and day.end:
        hours = figure_range(clock_text(day.start), clock_text(day.end))
        opening = tr(lang, "open {hours} only", context="open", hours=hours)
    why = calendar_reason_text(day, lang)
    return tr(lang, "{opening} ({why})", context="open", opening=opening, why=why) if why else opening


def holiday_source_text(source: str, lang: str | None = None) -> str:
    """Return who has published a day: in words for one of the published years, else as the hall wrote it."""
    published_year = next((year for year in all_published_years() if year.source == source), None)
    if published_year is None:
        return source
    said = lang or current_language()
    if published_year.law_only:
        return tr(said, "Holidays by law")
    if published_year.country != "cn":
        return published_year.title
    return tr(said, "State Council notice of {date}", date=date_long(published_year.published, said))


def has_source_only_law_holidays(source: str) -> bool:
    """Whether of a published year nothing but the law's own holidays is known."""
    return any(one.law_only for one in all_published_years() if one.source == source)


def holiday_country_choices_of_hall(setup: Setup) -> dict[str, str]:
    """Return the countries by which a hall's days may go, by what the set-up has for them: that of its time zone, that
    it has chosen, none."""
    here = country_of_published_days(replace(setup.hall, country=""))
    known = {"": here, **{one: one for one in (setup.hall.country,) if one not in ("", hall_setup.NO_COUNTRY, here)}}
    words = {code: _country_name(one) for code, one in known.items() if one}
    return {**words, hall_setup.NO_COUNTRY: tr(current_language(), "No country", context="holidays")} if words else {}


def _country_name(country: str) -> str:
    days = published_holidays_by_country().get(country)
    return name_in_language(days.names.get("zh_CN", ""), days.names.get("en")) if days is not None else country.upper()
