"""Lists of the document on paper, for a day and for longer periods: overtakes, pauses, the longest waits, equipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from queuedesk.i18n import date_short, figure_range, listing, ntr, tr
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.reasons import reason_words, wait_cause
from queuedesk.i18n.talk.device_words import cause_words, device_name
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.grids import FULL, WIDTH, Field, Place, grid, heading, line, together
from queuedesk.reports.draw.pdf import CELL, Block
from queuedesk.reports.figures.code_names import Coded
from queuedesk.reports.figures.rules import order_words

Rows = Sequence[Mapping[str, Any]] | None
MOST_PAUSES, MOST_OUTAGES = 10, 4
FIGURES = 120.0
"""What the figures take beside a reason, in points."""


def clock(text: str | None) -> str:
    """Return "8:30" for "08:30"; nothing for a time that has not come."""
    return f"{int(text[:2])}{text[2:5]}" if text else ""


def span(row: Mapping[str, Any], lang: str) -> str:
    """Return "10:20–11:05", "from 10:20" while it lasts."""
    if row["to"]:
        return figure_range(clock(row["from"]), clock(row["to"]))
    return tr(lang, "from {time}", context="note", time=clock(row["from"]))


def overtakes(rows: Rows, rules: Rows, names: Coded, lang: str, place: Place = FULL) -> list[Block]:
    """Return why tickets were overtaken, with the rule of the time in a sentence; nothing where none was."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Reason", context="report"), is_text=True),
        Field(tr(lang, "Tickets", context="report")),
        Field(tr(lang, "Most for one")),
    ]
    cells = [
        [overtake_reason(row["reason"], names, lang, place.width - FIGURES), whole(row["tickets"]), whole(row["most"])]
        for row in rows
    ]
    blocks = [heading(tr(lang, "Why tickets were overtaken"), place=place), *grid(fields, cells, place)]
    if rules:
        blocks.append(line(escape(tr(lang, "Rule: {rule}", rule=order_words(rules[-1], names, lang))), place))
    return blocks


def overtake_reason(code: str, names: Coded, lang: str, room: float = WIDTH) -> str:
    """Return why somebody was passed: "Priority (Elderly, Disabled)", without the classes where `room` points are too
    few."""
    if code == "priority":
        classes = [klass for klass, spec in names.lead.classes.items() if spec.credit_minutes]
        named = listing([names.klass(klass, lang) for klass in classes], lang)
        said = tr(lang, "Priority ({classes})", classes=named)
        return said if classes and fonts.width(said, CELL) <= room else tr(lang, "Priority")
    known = {
        "chosen": tr(lang, "Called out of order"),
        "no_ticket": tr(lang, "Served without a ticket"),
        "recorded": tr(lang, "As recorded", context="reason"),
    }
    return known.get(code, code)


def pauses(rows: Rows, names: Coded, lang: str, place: Place = FULL, *, dated: bool = False) -> list[Block]:
    """Return the pauses of 20 minutes or more, the longest first; nothing where none was."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Window", context="report"), is_text=True),
        *([Field(tr(lang, "Date", context="report"), is_text=True)] if dated else []),
        Field(tr(lang, "Time", context="report"), is_text=True),
        Field(tr(lang, "min", context="unit")),
        Field(tr(lang, "Reason", context="report"), is_text=True),
    ]
    cells = []
    for row in rows[:MOST_PAUSES]:
        day = [date_short(date.fromisoformat(row["date"]), lang)] if dated else []
        who = f"{row['window']} · {names.staff(row['staff'], lang)}"
        cells.append([who, *day, span(row, lang), whole(row["minutes"]), reason_words(row["reason"] or "", lang)])
    blocks = [
        heading(tr(lang, "Pauses of {n} minutes or more", n=20), place=place),
        *grid(fields, cells, place),
    ]
    if len(rows) <= MOST_PAUSES:
        return together(blocks)
    more = len(rows) - MOST_PAUSES
    told = ntr(
        lang, "The longest; the next one is in the workbook.", "The longest; the next {n} are in the workbook.", more
    )
    return together([*blocks, line(told, place)])


def more_told(n: int, lang: str) -> str:
    """Return that there are more rows than the page shows."""
    return ntr(lang, "and {n} more in the workbook", "and {n} more in the workbook", n)


def longest_waits(rows: Rows, lang: str, place: Place = FULL, *, dated: bool = False) -> list[Block]:
    """Return the longest waits with what was going on."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Ticket", context="report"), is_text=True),
        *([Field(tr(lang, "Date", context="report"), is_text=True)] if dated else []),
        Field(tr(lang, "Wait, min")),
        Field(tr(lang, "Arrived", context="report")),
        Field(tr(lang, "What was going on"), is_text=True),
    ]
    cells = [
        [
            row["ticket"],
            *([date_short(date.fromisoformat(row["date"]), lang)] if dated else []),
            decimal(row["minutes"]),
            clock(row["arrived"]),
            _going_on(row["causes"], lang),
        ]
        for row in rows
    ]
    title = ntr(lang, "The longest wait", "The {n} longest waits", len(rows))
    return together([heading(title, place=place), *grid(fields, cells, place)])


def _going_on(causes: Sequence[Mapping[str, Any]], lang: str) -> str:
    said = " · ".join(wait_cause(one, lang) for one in causes)
    return said[:1].upper() + said[1:] or UNKNOWN


def devices(rows: Rows, lang: str, *, dated: bool = False) -> list[Block]:
    """Return the equipment with the share of opening time in which it worked, and when it did not; `dated` the longest
    time alone."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Device", context="report"), is_text=True),
        Field(tr(lang, "Up", context="report"), bold=True),
        Field(tr(lang, "of open, min")),
        Field(tr(lang, "Note", context="report"), is_text=True),
    ]
    cells = [
        [
            device_name(row["device"], row["station"], lang),
            UNKNOWN if row["rate"] is None else f"{100 * row['rate']:.1f} %",
            whole(row["open_minutes"]),
            _longest_outage(row["outages"], lang) if dated else _outages(row["outages"], lang),
        ]
        for row in rows
    ]
    return together([heading(tr(lang, "Equipment")), *grid(fields, cells)])


def _longest_outage(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Return how often a device did not work, and the longest time: "3 times, the longest on 8 Oct 13:42–13:55: no
    paper"."""
    if not rows:
        return ""
    worst = max(rows, key=lambda row: row["minutes"])
    return ntr(
        lang,
        "{n} time, on {date} {times}: {cause}",
        "{n} times, the longest on {date} {times}: {cause}",
        len(rows),
        date=date_short(date.fromisoformat(worst["date"]), lang),
        times=span(worst, lang),
        cause=cause_words(worst["cause"], lang),
    )


def _outages(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    said = [f"{cause_words(row['cause'], lang)} {span(row, lang)}" for row in rows[:MOST_OUTAGES]]
    if more := max(0, len(rows) - MOST_OUTAGES):
        said.append(more_told(more, lang))
    return " · ".join(said)
