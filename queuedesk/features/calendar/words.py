"""A row of the calendar in words."""

from __future__ import annotations

from queuedesk.core.setup.hall import Row
from queuedesk.core.setup.time_of_day import clock_text, minutes_of
from queuedesk.i18n import current, named
from queuedesk.i18n.calendar_words import kind_word
from queuedesk.i18n.catalogue import tr
from queuedesk.i18n.moments import figure_range


def law_only_text(lang: str | None = None) -> str:
    """Return what one takes in with a year of which only the law's holidays are known."""
    return tr(
        lang or current(),
        "These are the holidays that the law fixes. The days off around them and the days worked instead are announced "
        "each year: take them from a table then.",
    )


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
