"""Tables of the page of measures; each is empty where there is nothing to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.i18n import tr
from queuedesk.i18n.figures.figure_titles import outcome_word
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.talk.remark_words import channel
from queuedesk.reports.draw.grids import WIDTH, Field, Place, grid, heading, line, together
from queuedesk.reports.draw.pdf import LEFT, RIGHT, Block
from queuedesk.reports.figures.code_names import Coded
from queuedesk.reports.figures.rules import rules_line
from queuedesk.reports.pages.lists import more_told
from queuedesk.reports.pages.verdicts import target_table

APART = 24.0
HALF = (WIDTH - APART) / 2
LEFT_HALF, RIGHT_HALF = Place(LEFT, HALF), Place(RIGHT - HALF, HALF)
MOST_ROWS = 8

Row = Mapping[str, Any]
Rows = Sequence[Row] | None


def share(rate: float | None) -> str:
    """Return "77.5 %"."""
    return UNKNOWN if rate is None else f"{percent(rate)} %"


def of_all(row: Row, *, tight: bool = True) -> str:
    """Return "7 / 310"."""
    return f"{whole(row['n'])} / {whole(row['of'])}" if row["of"] or not tight else UNKNOWN


def by_service(measures: Row, names: Coded, lang: str) -> list[Block]:
    """Return the shares of each service: of the wrong counter, and without a form with the minutes saved."""
    wrong = {row["code"]: row for row in (measures.get("wrong_counter") or {}).get("by_service", ())}
    free = measures.get("form_free") or {}
    without = {row["code"]: row for row in free.get("by_service", ())}
    each = free.get("minutes_each") or 0
    has_free = bool(free.get("n"))
    known = [*wrong, *without] if has_free else wrong
    codes = [code for code in dict.fromkeys(known) if _of(wrong, code) or (has_free and _of(without, code))]
    if not codes:
        return []
    fields = [
        Field(tr(lang, "Service", context="report"), is_text=True),
        Field(tr(lang, "Wrong counter", context="report"), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    if has_free:
        fields += [Field(tr(lang, "Without a form"), bold=True), Field(tr(lang, "n of m", context="report"))]
        fields += [Field(tr(lang, "Saved, min"))] if each else []
    cells = []
    for code in codes:
        row = [names.service(code, lang), *_share_of(wrong.get(code))]
        if has_free:
            row += _share_of(without.get(code))
            row += [whole(each * without[code]["n"]) if code in without else UNKNOWN] if each else []
        cells.append(row)
    return [heading(tr(lang, "By service")), *grid(fields, cells)]


def _of(rows: Mapping[str, Row], code: str) -> int:
    return rows[code]["of"] if code in rows else 0


def _share_of(row: Row | None) -> list[str]:
    return [share(row["rate"]), of_all(row)] if row and row["of"] else [UNKNOWN, UNKNOWN]


def by_label(wrong: Row | None, names: Coded, lang: str, place: Place) -> list[Block]:
    """Return the keys of the kiosk that led to the wrong counter, those that did so most often first."""
    rows = [row for row in (wrong or {}).get("by_label", ()) if row["n"]]
    if not rows:
        return []
    rows.sort(key=lambda row: (-row["n"], -(row["rate"] or 0)))
    fields = [
        Field(tr(lang, "Key pressed"), is_text=True),
        Field(tr(lang, "Wrong counter", context="report"), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [[names.item(row["service"], row["item"], lang), *_share_of(row)] for row in rows[:MOST_ROWS]]
    return [heading(tr(lang, "Wrong counter by the kiosk's keys"), place=place), *grid(fields, cells, place)]


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
