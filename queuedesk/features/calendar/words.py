"""A row of the calendar in words, and who has published the days of a year."""

from __future__ import annotations

from queuedesk.core.setup.hall import WORKING, Calendar, Row
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes
from queuedesk.i18n import current_language, name_in_language
from queuedesk.i18n.calendar_words import day_kind_word, has_source_only_law_holidays, holiday_source_text
from queuedesk.i18n.catalogue import tr
from queuedesk.i18n.moments import figure_range


def law_days_only_text(lang: str | None = None) -> str:
    """Return what one takes in with a year of which only the law's holidays are known."""
    return tr(
        lang or current_language(),
        "These are the holidays that the law fixes. The days off around them and the days worked instead are announced "
        "each year: take them from a table then.",
    )


def calendar_row_text(row: Row | None, lang: str | None = None) -> str:
    """Return a row of the set-up file in one line: kind, hours, reason, and whether it counts where it says so."""
    said = lang or current_language()
    if row is None:
        return day_kind_word("", said)
    hours = ""
    if row.get("from") and row.get("to"):
        hours = figure_range(*(clock_text(parse_clock_minutes(row[key])) for key in ("from", "to")))
    counts = {True: tr(said, "counts as a working day"), False: tr(said, "counts as no working day"), None: ""}[
        row.get("working")
    ]
    reason = name_in_language(row.get("text", ""), row.get("text_en", ""), said)
    return "  ".join(part for part in (day_kind_word(row["kind"], said), hours, reason, counts) if part)


def calendar_sources_texts(calendar: Calendar, year: int, lang: str | None = None) -> list[str]:
    """Return who has published the days of a year, and last what is still missing: of a year of which only the law's
    holidays are known, the days off around them and those worked instead."""
    said, sources = lang or current_language(), calendar.sources_in_year(year)
    told = [holiday_source_text(one, said) for one in sources]
    has_worked_instead = any(one.kind == WORKING for day, one in calendar.days.items() if day.year == year)
    if sources and all(map(has_source_only_law_holidays, sources)) and not has_worked_instead:
        told.append(tr(said, "the year's notice with the days worked instead is not in it yet"))
    return told
