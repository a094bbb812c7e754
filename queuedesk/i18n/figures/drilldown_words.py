"""The rows behind a figure in words: the columns, and what stands in each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from queuedesk.core.figures.drilldown.rows import BehindRow
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import names
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.figures.figure_titles import outcome_word
from queuedesk.i18n.moments import date_short, day_staff, time_hm
from queuedesk.i18n.words import rating_level, ticket_state

DATE, NUMBER, SERVICE, ARRIVED, WAITED = "date", "number", "service", "arrived", "waited"
WINDOW, CLERK, OUTCOME, RATING, AMOUNT, BY = "window", "clerk", "outcome", "rating", "amount", "by"
ALWAYS = (DATE, NUMBER, SERVICE, ARRIVED, WAITED, WINDOW, CLERK, OUTCOME, RATING)

_TITLES = {
    DATE: mark("Date", context="behind"),
    NUMBER: mark("Number", context="behind"),
    SERVICE: mark("Service", context="behind"),
    ARRIVED: mark("Arrived", context="behind"),
    WAITED: mark("Waited, min", context="behind"),
    WINDOW: mark("Window", context="behind"),
    CLERK: mark("Clerk", context="behind"),
    OUTCOME: mark("Outcome", context="behind"),
    RATING: mark("Rating", context="behind"),
    AMOUNT: mark("Counts for, min", context="behind"),
    BY: mark("Passed by", context="behind"),
}
_ENDS = {
    "transfer": mark("Transfer", context="event"),
    "redirect": mark("Wrong counter", context="event"),
    "defer": mark("Put off to tomorrow", context="event"),
    "day-end": mark("End of the day", context="event"),
}


class Found(Protocol):
    """The rows found for a figure."""

    @property
    def rows(self) -> tuple[BehindRow, ...]: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


def columns_of(found: Found) -> tuple[str, ...]:
    """Return the columns to show: minutes other than the wait itself, and who passed, only if there are any."""
    has_amount = any(row.amount_s is not None and row.amount_s != row.waited_s for row in found.rows)
    has_by = any(row.by for row in found.rows)
    return (*ALWAYS, *([AMOUNT] if has_amount else []), *([BY] if has_by else []))


def column_title(column: str, lang: str | None = None) -> str:
    return tr(lang or current(), _TITLES[column], context="behind")


def cell(row: BehindRow, column: str, setup: Setup, lang: str | None = None, *, short: bool = False) -> str:
    """Return the text of a cell, "" for nothing; where there is little room dates lack weekdays, and levels are
    numbers."""
    said = lang or current()
    if short and column == DATE:
        return date_short(row.day, said)
    if short and column == RATING:
        return "" if row.rating is None else str(row.rating)
    texts: dict[str, Callable[[], str]] = {
        DATE: lambda: day_staff(row.day, said),
        NUMBER: lambda: row.ticket,
        SERVICE: lambda: _service(setup, row.service, said),
        ARRIVED: lambda: time_hm(setup.local(row.arrived)),
        WAITED: lambda: _minutes(row.waited_s),
        WINDOW: lambda: row.window or "",
        CLERK: lambda: names.staff_name(setup, row.staff, said) if row.staff else "",
        OUTCOME: lambda: outcome(row, said),
        RATING: lambda: rating_level(row.rating, said) if row.rating is not None else "",
        AMOUNT: lambda: _minutes(row.amount_s),
        BY: lambda: row.by,
    }
    return texts[column]()


def _service(setup: Setup, code: str, lang: str) -> str:
    name = names.service_name(setup, code, lang)
    return f"{names.letter_of(setup, code)} {name}" if code and name != code else code


def _minutes(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds / 60:,.1f}"


def outcome(row: BehindRow, lang: str | None = None) -> str:
    """Return the outcome of the leg, or of the visit where no leg is meant."""
    said = lang or current()
    if not row.ticket:
        return ""
    if row.end in _ENDS:
        return tr(said, _ENDS[row.end], context="event")
    if row.end == "leave" and "no_show" in row.flags:
        return tr(said, "did not come")
    if row.end == "finish":
        known = row.outcome is None or row.outcome == "done"
        return ticket_state("finished", said) if known else outcome_word(row.outcome, said)
    return ticket_state(row.state, said)


def sort_key(row: BehindRow, column: str, setup: Setup, lang: str | None = None) -> tuple[object, ...]:
    """Return the sort key of a row in a column: figures and times by size, missing ones last; then by date and
    arrival."""
    then = (row.day, row.arrived, row.ticket, row.leg or 0)
    numbers: dict[str, int | None] = {WAITED: row.waited_s, AMOUNT: row.amount_s, RATING: row.rating}
    if column == DATE:
        return then
    if column == ARRIVED:
        local = setup.local(row.arrived)
        return (local.hour * 60 + local.minute, *then)
    if column in numbers:
        value = numbers[column]
        return (value is None, value or 0, *then)
    text = cell(row, column, setup, lang)
    return (not text, int(text) if text.isdecimal() else 10**9, text, *then)
