"""Tables of the page of measures; each is empty where there is nothing to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.figures.measures.figure import Figure
from queuedesk.core.figures.measures.shares import served_elsewhere
from queuedesk.i18n import tr
from queuedesk.i18n.figures.figure_titles import outcome_word
from queuedesk.i18n.figures.share_words import FIGURES_IN_WORDS, ShareWords
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.talk.talk_words import channel
from queuedesk.reports.draw.grids import WIDTH, Field, Place, grid, heading, line, together
from queuedesk.reports.draw.pdf import LEFT, RIGHT, Block
from queuedesk.reports.figures.code_names import Coded
from queuedesk.reports.figures.rules import rules_line
from queuedesk.reports.pages.lists import more_told
from queuedesk.reports.pages.verdicts import target_table

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
    """Return the shares of each service, those without a form with the minutes saved."""
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
    """Return the keys of the kiosk that led to a share, those that did so most often first."""
    rows = [row for row in (found or {}).get(BY_LABEL) or () if row["n"]]
    if not rows:
        return []
    rows.sort(key=lambda row: (-row["n"], -(row["rate"] or 0)))
    fields = [
        Field(tr(lang, "Key pressed"), is_text=True),
        Field(words.said(lang), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [[names.item(row["service"], row["item"], lang), *_share_of(row)] for row in rows[:MOST_ROWS]]
    return [heading(tr(lang, words.headings[BY_LABEL]), place=place), *grid(fields, cells, place)]


def by_item(figure: Figure, words: ShareWords, measures: Row, names: Coded, lang: str) -> list[Block]:
    """Return what a figure counts of each item, the most asked for first; nothing where nobody named one."""
    found = measures.get(figure.key) or {}
    rows = sorted(found.get(figure.splits[0].key) or (), key=lambda row: -row["of"])
    if not any(row["item"] for row in rows):
        return []
    title, *columns = (
        tr(lang, words.columns[key], context="column") for key in ("", "of", "minutes", "n", "elsewhere")
    )
    fields = [Field(tr(lang, "Item", context="figure"), is_text=True), *(Field(column) for column in columns)]
    cells = [
        [
            names.item(row["service"], row["item"], lang),
            whole(row["of"]),
            decimal(row["minutes"] / row["of"]),
            share(row["rate"]),
            whole(served_elsewhere(measures, row)),
        ]
        for row in rows[:MOST_ITEMS]
    ]
    blocks = [heading(title), *grid(fields, cells)]
    more = len(rows) - MOST_ITEMS
    return [*blocks, line(more_told(more, lang))] if more > 0 else blocks


def times(figures: Row, lang: str, place: Place) -> list[Block]:
    """Return wait, way and handling: never a mean without its number and median."""
    rows = [
        (tr(lang, "Wait", context="figure"), figures["wait"]),
        (tr(lang, "Way to the window", context="figure"), figures["way"]),
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
    """Return n, mean, median and 90th percentile as they are printed."""
    return [whole(row["n"]), decimal(row["mean"]), decimal(row["median"]), decimal(row["p90"])]


def classes(rows: Rows, names: Coded, lang: str, place: Place) -> list[Block]:
    """Return the waits of each priority class; nothing where only normal tickets were issued."""
    if not rows or [row["code"] for row in rows] == ["normal"]:
        return []
    fields = [
        Field(tr(lang, "Class", context="report"), is_text=True),
        Field(tr(lang, "Issued", context="report")),
        *_spread_fields(lang),
    ]
    cells = [[names.klass(row["code"], lang), whole(row["issued"]), *spread(row["wait"])] for row in rows]
    title = tr(lang, "Waits by class")
    return [heading(title, tr(lang, "in minutes"), place), *grid(fields, cells, place)]


def outcomes(rows: Rows, lang: str, place: Place) -> list[Block]:
    """Return what the steps finished came to; nothing where no outcome was noted."""
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
    """Return the answers to the two further questions: counts of levels, for a mean of levels is no share."""
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
    """Return windows for a single service against windows for several; nothing where there is only one kind."""
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
    """Return what a kind of windows serves."""
    known = {"single": tr(lang, "for one service"), "several": tr(lang, "for several services")}
    return known.get(code, code)


def offers(found: Row | None, lang: str, place: Place) -> list[Block]:
    """Return what was offered elsewhere and taken; nothing where nothing was."""
    if not found or not found["offered"]:
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
    rows = found["ledger"] if found else ()
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
    """Return which part of a service is still done in the hall, in the months that others reported."""
    rows = found["hall_share"] if found else ()
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
    """Return the targets that stood on a day with their verdicts, and the day's rules."""
    rows = target_table(figures, lang)
    blocks = [heading(tr(lang, "Targets", context="report")), *rows] if rows else []
    return [*blocks, *rules_line(figures, names, lang)]
