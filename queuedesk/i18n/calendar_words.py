"""The calendar in words: what a date is, why, and who says so."""

from __future__ import annotations

from queuedesk.core.setup.calendar import HOLIDAY, SPECIAL, WORKING, CalendarDay, Row
from queuedesk.core.setup.time_of_day import clock_text, minutes_of
from queuedesk.desk.setup.calendaring import published
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import date_long, figure_range
from queuedesk.i18n.words import named

_KINDS = {
    HOLIDAY: mark("Closed", context="day"),
    WORKING: mark("Make-up working day", context="day"),
    SPECIAL: mark("Special hours", context="day"),
    "": mark("Usual", context="day"),
}


def kind_word(kind: str, lang: str | None = None) -> str:
    """Return the word for a kind of day, "" for one that is as its weekday."""
    return tr(lang or current(), _KINDS[kind], context="day")


def reason_text(day: CalendarDay | None, lang: str | None = None) -> str:
    """Return why a day is not as usual, as customers read it; "" where nobody said."""
    return "" if day is None else named(day.text, day.text_en, lang)


def source_text(source: str, lang: str | None = None) -> str:
    """Return who has published a day: in words for one of the published years, else as the hall wrote it."""
    known = next((one for one in published().values() if one.source == source), None)
    if known is None:
        return source
    said = lang or current()
    return tr(said, "State Council notice of {date}", date=date_long(known.published, said))


def row_text(row: Row | None, lang: str | None = None) -> str:
    """Return a row of the set-up file in one line: kind, hours, reason, and whether it counts where it says so."""
    said = lang or current()
    if row is None:
        return kind_word("", said)
    hours = ""
    if row.get("from") and row.get("to"):
        hours = figure_range(*(clock_text(minutes_of(row[key])) for key in ("from", "to")))
    counts = {
        True: tr(said, "counts as a working day"),
        False: tr(said, "counts as no working day"),
        None: "",
    }[row.get("working")]
    reason = named(row.get("text", ""), row.get("text_en", ""), said)
    return "  ".join(part for part in (kind_word(row["kind"], said), hours, reason, counts) if part)
