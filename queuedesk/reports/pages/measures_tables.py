"""Tables and lists of the measures on paper; each is empty where there is nothing to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from queuedesk.core.figures.measures.figure import Figure
from queuedesk.core.figures.measures.figures import served_elsewhere
from queuedesk.i18n import date_short, figure_range, listing, ntr, tr
from queuedesk.i18n.figures.figure_titles import FIGURES_IN_WORDS, ShareWords, outcome_word
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.queue.line_words import reason_words, wait_cause
from queuedesk.i18n.talk import cause_words, channel, device_name
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.grids import FULL, WIDTH, Field, Place, grid, heading, line, together
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import CELL, LEFT, RIGHT, Block
from queuedesk.reports.figures.period import Coded
from queuedesk.reports.figures.rules import order_words, rules_line
from queuedesk.reports.pages.verdicts import target_table

# Lists of the document on paper, for a day and for longer periods: overtakes, pauses, the longest waits, equipment.

ListRows = Sequence[Mapping[str, Any]] | None
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


def overtakes(figures: Row, names: Coded, lang: str, place: Place = FULL) -> list[Block]:
    """Return why tickets were overtaken, with the rule then in force in a sentence; nothing if none was."""
    rows, rules = figures.get("measures", {}).get("overtakes"), figures.get("rules")
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
    blocks = [heading(tr(lang, "Why later tickets went first"), place=place), *grid(fields, cells, place)]
    n = figures["overtakes"]["tickets"]
    if sum(row["tickets"] for row in rows) > n:
        told = ntr(
            lang,
            "{shown} ticket in all: some for several reasons.",
            "{shown} tickets in all: some for several reasons.",
            n,
            shown=whole(n),
        )
        blocks.append(line(escape(told), place))
    if rules:
        blocks.append(line(escape(tr(lang, "Rule: {rule}", rule=order_words(rules[-1], names, lang))), place))
    return blocks


def overtake_reason(code: str, names: Coded, lang: str, room: float = WIDTH) -> str:
    """Return why somebody was passed: "Priority (Elderly, Disabled)", without the classes if `room` points are not
    enough."""
    if code == "priority":
        classes = [klass for klass, spec in names.lead.classes.items() if spec.credit_minutes]
        named = listing([names.klass(klass, lang) for klass in classes], lang)
        said = tr(lang, "Priority ({classes})", classes=named)
        return said if classes and fonts.width(said, CELL) <= room else tr(lang, "Priority")
    known = {
        "chosen": tr(lang, "Called out of order"),
        "fast": tr(lang, "Short visit at a quick window"),
        "language": tr(lang, "Same language as the window's staff"),
        "no_ticket": tr(lang, "Served without a ticket"),
        "recorded": tr(lang, "As recorded", context="reason"),
    }
    return known.get(code, code)


def pauses(rows: ListRows, names: Coded, lang: str, place: Place = FULL, *, dated: bool = False) -> list[Block]:
    """Return the pauses of 20 minutes or more, the longest first; nothing if there were none."""
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


def longest_waits(rows: ListRows, lang: str, place: Place = FULL, *, dated: bool = False) -> list[Block]:
    """Return the longest waits and their causes."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Ticket", context="report"), is_text=True),
        *([Field(tr(lang, "Date", context="report"), is_text=True)] if dated else []),
        Field(tr(lang, "Wait, min")),
        Field(tr(lang, "In line from", context="report")),
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


def devices(rows: ListRows, lang: str, *, dated: bool = False) -> list[Block]:
    """Return the equipment that failed, with the share of opening time in which it worked and its outages, with `dated`
    only the longest one; what worked all the time is named in a line."""
    if not rows:
        return []
    title = heading(tr(lang, "Equipment"))
    sound = [device_name(row["device"], row["station"], lang) for row in rows if row["rate"] == 1]
    in_a_line = tr(lang, "Worked all the time while open: {devices}", devices=listing(sound, lang))
    if len(sound) == len(rows):
        return together([title, line(escape(in_a_line), gap=2)])
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
        if row["rate"] != 1
    ]
    return together([title, *grid(fields, cells), *([line(escape(in_a_line))] if sound else [])])


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


APART = 24.0
HALF = (WIDTH - APART) / 2
LEFT_HALF, RIGHT_HALF = Place(LEFT, HALF), Place(RIGHT - HALF, HALF)
MOST_ROWS, MOST_ITEMS = 8, 12
BY_SERVICE, BY_LABEL = "by_service", "by_label"

Row = Mapping[str, Any]
Rows = Sequence[Row] | None


def share(rate: float | None) -> str:
    """Return "77.5 %"."""
    return UNKNOWN if rate is None else f"{percent(rate)} %"


def of_all(row: Row, *, tight: bool = True) -> str:
    """Return "7 / 310"."""
    return f"{whole(row['n'])} / {whole(row['of'])}" if row["of"] or not tight else UNKNOWN


def by_service(measures: Row, names: Coded, lang: str) -> list[Block]:
    """Return the shares of each service; for those without a form, the minutes saved."""
    found = [
        (words, measures.get(figure.key) or {}) for figure, words in FIGURES_IN_WORDS if BY_SERVICE in words.sheets
    ]
    found = [(words, own) for words, own in found if own.get("n") or not words.is_quiet]
    rows = [{row["code"]: row for row in own.get(BY_SERVICE, ())} for _words, own in found]
    known = dict.fromkeys(code for of_figure in rows for code in of_figure)
    codes = [code for code in known if any(code in of_figure and of_figure[code]["of"] for of_figure in rows)]
    if not codes:
        return []
    fields = [Field(tr(lang, "Service", context="report"), is_text=True)]
    for words, own in found:
        fields += [Field(words.said(lang), bold=True), Field(tr(lang, "n of m", context="report"))]
        fields += [Field(tr(lang, "Saved, min"))] if own.get("minutes_each") else []
    cells = []
    for code in codes:
        row = [names.service(code, lang)]
        for (_words, own), of_figure in zip(found, rows, strict=True):
            row += _share_of(of_figure.get(code))
            if each := own.get("minutes_each"):
                row += [whole(each * of_figure[code]["n"]) if code in of_figure else UNKNOWN]
        cells.append(row)
    return [heading(tr(lang, "By service")), *grid(fields, cells)]


def _share_of(row: Row | None) -> list[str]:
    return [share(row["rate"]), of_all(row)] if row and row["of"] else [UNKNOWN, UNKNOWN]


def by_label(words: ShareWords, found: Row | None, names: Coded, lang: str, place: Place) -> list[Block]:
    """Return the kiosk's keys that led to a share, the most frequent first."""
    rows = [row for row in (found or {}).get(BY_LABEL) or () if row["n"]]
    if not rows:
        return []
    rows.sort(key=lambda row: (-row["n"], -(row["rate"] or 0)))
    fields = [
        Field(tr(lang, "Button pressed"), is_text=True),
        Field(words.said(lang), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [[names.item(row["service"], row["item"], lang), *_share_of(row)] for row in rows[:MOST_ROWS]]
    return [heading(tr(lang, words.headings[BY_LABEL]), place=place), *grid(fields, cells, place)]


def by_item(figure: Figure, words: ShareWords, measures: Row, names: Coded, lang: str) -> list[Block]:
    """Return what a figure counts for each item, the most requested first; nothing if nobody named one."""
    found = measures.get(figure.key) or {}
    rows = sorted(found.get(figure.splits[0].key) or (), key=lambda row: -row["of"])
    if not any(row["item"] for row in rows):
        return []
    title, *columns = (
        tr(lang, words.columns[key], context="column") for key in ("", "of", "minutes", "n", "elsewhere")
    )
    fields = [Field(tr(lang, "Item", context="figure"), is_text=True), *(Field(column) for column in columns)]
    is_told = any(row["n"] for row in rows)  # Where nobody noted a return, nothing is known of returns.
    cells = [
        [
            names.item(row["service"], row["item"], lang),
            whole(row["of"]),
            decimal(row["minutes"] / row["of"]),
            share(row["rate"]) if is_told else UNKNOWN,
            whole(served_elsewhere(measures, row)),
        ]
        for row in rows[:MOST_ITEMS]
    ]
    blocks = [heading(title), *grid(fields, cells)]
    more = len(rows) - MOST_ITEMS
    return [*blocks, line(more_told(more, lang))] if more > 0 else blocks


def times(figures: Row, lang: str, place: Place) -> list[Block]:
    """Return wait, way and handling, never a mean without its number and median."""
    rows = [
        (tr(lang, "Wait", context="figure"), figures["wait"]),
        (tr(lang, "Walk to the window", context="figure"), figures["way"]),
        (tr(lang, "Handling", context="figure"), figures["handling"]),
    ]
    cells = [[name, *spread(row)] for name, row in rows if row["n"]]
    if not cells:
        return []
    fields = [Field(tr(lang, "Time", context="report"), is_text=True), *_spread_fields(lang)]
    return [heading(tr(lang, "Times"), tr(lang, "in minutes"), place), *grid(fields, cells, place)]


def _spread_fields(lang: str) -> list[Field]:
    return [
        Field(tr(lang, "n", context="report")),
        Field(tr(lang, "Mean", context="report"), bold=True),
        Field(tr(lang, "Median", context="report")),
        Field(tr(lang, "90 % within")),
    ]


def spread(row: Row) -> list[str]:
    """Return n, mean, median and 90th percentile as printed."""
    return [whole(row["n"]), decimal(row["mean"]), decimal(row["median"]), decimal(row["p90"])]


def classes(rows: Rows, names: Coded, lang: str, place: Place) -> list[Block]:
    """Return the waits of each priority class; nothing if only normal tickets were issued."""
    if not rows or [row["code"] for row in rows] == ["normal"]:
        return []
    fields = [
        Field(tr(lang, "Class", context="report"), is_text=True),
        Field(tr(lang, "Issued", context="report")),
        Field(tr(lang, "Waits", context="report")),
        *_spread_fields(lang)[1:],
    ]
    cells = [[names.klass(row["code"], lang), whole(row["issued"]), *spread(row["wait"])] for row in rows]
    title = tr(lang, "Waits by class")
    return [heading(title, tr(lang, "in minutes"), place), *grid(fields, cells, place)]


def outcomes(rows: Rows, lang: str, place: Place) -> list[Block]:
    """Return the outcomes of finished steps; nothing if none was noted."""
    if not rows or all(row["code"] is None for row in rows):
        return []
    whole_n = sum(row["n"] for row in rows)
    fields = [
        Field(tr(lang, "Outcome", context="report"), is_text=True),
        Field(tr(lang, "Share", context="report"), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [
        [
            outcome_word(row["code"], lang),
            share(row["n"] / whole_n),
            of_all({"n": row["n"], "of": whole_n}),
        ]
        for row in rows[:MOST_ROWS]
    ]
    return [heading(tr(lang, "Outcomes"), place=place), *grid(fields, cells, place)]


def questions(found: Row | None, lang: str, place: Place) -> list[Block]:
    """Return the answers to the two further questions as counts of levels, because a mean of levels is no share."""
    rows: list[tuple[str, Row | None]] = [
        (tr(lang, "How they were treated"), (found or {}).get("attitude")),
        (tr(lang, "How well it was done"), (found or {}).get("competence")),
    ]
    cells: list[list[str]] = [
        [name, whole(row["n"]), *(whole(row["levels"][str(level)]) for level in (5, 4, 3, 2, 1))]
        for name, row in rows
        if row and row["n"]
    ]
    if not cells:
        return []
    fields = [
        Field(tr(lang, "Question", context="report"), is_text=True),
        Field(tr(lang, "n", context="report"), bold=True),
        *(Field(str(level)) for level in (5, 4, 3, 2, 1)),
    ]
    unit = tr(lang, "5 is best")
    return [heading(tr(lang, "Further questions"), unit, place), *grid(fields, cells, place)]


def counters(rows: Rows, lang: str) -> list[Block]:
    """Return windows for a single service compared with windows for several; nothing if there is only one kind."""
    if not rows or len(rows) < 2:
        return []
    fields = [
        Field(tr(lang, "Windows", context="report"), is_text=True),
        Field(tr(lang, "Finished", context="report")),
        Field(tr(lang, "Waits, n")),
        Field(tr(lang, "Mean wait"), bold=True),
        Field(tr(lang, "90 % within")),
        Field(tr(lang, "Handling, n")),
        Field(tr(lang, "Handling", context="report"), bold=True),
        Field(tr(lang, "90 % within")),
    ]
    cells = [
        [
            kind_of_counter(row["kind"], lang),
            whole(row["finished"]),
            whole(row["wait"]["n"]),
            decimal(row["wait"]["mean"]),
            decimal(row["wait"]["p90"]),
            whole(row["handling"]["n"]),
            decimal(row["handling"]["mean"]),
            decimal(row["handling"]["p90"]),
        ]
        for row in rows
    ]
    title = heading(tr(lang, "Windows for one service or several"), tr(lang, "times in minutes"))
    return together([title, *grid(fields, cells)])


def kind_of_counter(code: str, lang: str) -> str:
    """Return which services a kind of window serves."""
    known = {"single": tr(lang, "for one service"), "several": tr(lang, "for several services")}
    return known.get(code, code)


def offers(found: Row | None, lang: str, place: Place) -> list[Block]:
    """Return the offers of other channels and how many were accepted; nothing if there were none."""
    if not found or not found.get("offered"):
        return []
    fields = [
        Field(tr(lang, "Channel", context="report"), is_text=True),
        Field(tr(lang, "Accepted", context="report"), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]

    def cells(name: str, row: Row) -> list[str]:
        rate = row["accepted"] / row["offered"] if row["offered"] else None
        return [name, share(rate), of_all({"n": row["accepted"], "of": row["offered"]})]

    rows = [cells(channel(row["code"], lang), row) for row in found["by_channel"]]
    total = cells(tr(lang, "All", context="report"), found)
    return [heading(tr(lang, "Offered elsewhere"), place=place), *grid(fields, rows, place, total=total)]


def ledger(found: Row | None, names: Coded, lang: str, place: Place) -> list[Block]:
    """Return what other channels reported."""
    rows = found.get("ledger", ()) if found else ()
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Channel", context="report"), is_text=True),
        Field(tr(lang, "Service", context="report"), is_text=True),
        Field(tr(lang, "Served there")),
    ]
    cells = [
        [channel(row["channel"], lang), names.service(row["service"], lang), whole(row["n"])]
        for row in rows[:MOST_ROWS]
    ]
    blocks = [heading(tr(lang, "Served by other channels"), place=place), *grid(fields, cells, place)]
    more = len(rows) - MOST_ROWS
    return [*blocks, line(more_told(more, lang), place)] if more > 0 else blocks


def hall_share(found: Row | None, names: Coded, lang: str, place: Place) -> list[Block]:
    """Return the hall's share of a service in the months that other channels reported."""
    rows = found.get("hall_share", ()) if found else ()
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Service", context="report"), is_text=True),
        Field(tr(lang, "In the hall"), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [
        [
            names.service(row["service"], lang),
            share(row["share"]),
            of_all({"n": row["hall"], "of": row["hall"] + row["elsewhere"]}),
        ]
        for row in rows
    ]
    return [heading(tr(lang, "The hall's share"), place=place), *grid(fields, cells, place)]


# -- targets and rules of a day ----------------------------------------------------------------------------------------


def targets(figures: Row, names: Coded, lang: str) -> list[Block]:
    """Return the targets in force on a day with their verdicts, and the day's rules."""
    rows = target_table(figures, lang)
    blocks = [heading(tr(lang, "Targets", context="report")), *rows] if rows else []
    return [*blocks, *rules_line(figures, names, lang)]
