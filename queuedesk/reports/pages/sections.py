"""Parts of a report's pages that a day and a period share: attention, services, ratings, notes, the small print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from string import ascii_lowercase
from typing import Any, Protocol

from queuedesk.core.charts.chart import Rect
from queuedesk.core.charts.layout import BarRow, lay_out_bars
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS, says_little
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.talk.remarks import DayNote
from queuedesk.core.upkeep import Anchor
from queuedesk.i18n import date_short, figure_range, ntr, rating_level, tr
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.talk import note_kind
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import CELL, INK2, LEFT, PAPER, RIGHT, WHITE, Block, Column, Sheet, table
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.figure_words import joined, left_out_text, percent_range, sentence, seq_range

WIDTH = RIGHT - LEFT
HEADING = 11.4
HALF_WIDTH = 246.0
SIDE = RIGHT - HALF_WIDTH
ROW = 15.2


class ServicesRead(Protocol):
    """Figures, with the names and targets of their services."""

    @property
    def figures(self) -> dict[str, Any]: ...
    def service_name(self, code: str, lang: str) -> str: ...
    def handling_target(self, code: str) -> int | None: ...


def attention(markups: Sequence[str], quiet_text: str, title: str) -> Block:
    """Return the box of up to three numbered sentences under `title`, or with `quiet_text` if there are none."""
    lines = [Prose(markup, 10.2, WIDTH - 52, leading=1.35) for markup in markups]
    quiet = None if lines else Prose(quiet_text, 10.2, WIDTH - 24, leading=1.35)
    height = 31 + (sum(p.height + 8 for p in lines) if lines else quiet.height + 8 if quiet else 0)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, WIDTH, height, fill=PAPER)
        sheet.text(LEFT + 12, y + 20, title, HEADING, bold=True)
        at = y + 29
        if quiet:
            quiet.draw(sheet, LEFT + 12, at)
        for number, prose in enumerate(lines, start=1):
            sheet.dot(LEFT + 20, at + 7.8, 8.2)
            sheet.text(LEFT + 20, at + 11, str(number), 8.8, bold=True, colour=WHITE, at="middle")
            prose.draw(sheet, LEFT + 38, at)
            at += prose.height + 8

    return Block(height, draw, gap=14)


def busiest(rows: Sequence[Mapping[str, Any]], figure: str, most: int | None) -> list[Mapping[str, Any]]:
    """Return the `most` rows with the highest `figure`, in their own order; all rows for None."""
    first = sorted(range(len(rows)), key=lambda at: -(rows[at][figure] or 0))[:most]
    return [rows[at] for at in sorted(first)]


def services(read: ServicesRead, lang: str, most: int | None = None) -> list[Block]:
    """Return the table of services, or of the `most` that gave most tickets, with a last row for all; the wait's number
    is beside its mean."""
    figures = read.figures
    target = figures["wait"]["target_minutes"]
    in_time = tr(lang, "≤ {minutes} min", minutes=target) if target is not None else tr(lang, "in time")

    def heading(sheet: Sheet, y: float) -> None:
        title = tr(lang, "By service")
        sheet.text(LEFT, y + 9, title, HEADING, bold=True)
        unit = tr(lang, "times in minutes; issued: joined this line, so one visit can count in several")
        sheet.text(LEFT + fonts.width(title, HEADING, bold=True) + 6, y + 9, unit, 8.4, colour=INK2)

    columns = [
        Column(tr(lang, "Service", context="report")),
        Column(tr(lang, "Issued", context="report")),
        Column(tr(lang, "Finished", context="report")),
        Column(tr(lang, "Left", context="report")),
        Column(tr(lang, "Mean wait"), bold=True),
        Column(tr(lang, "90 % within")),
        Column(in_time),
        Column(tr(lang, "Handling", context="report")),
        Column(tr(lang, "Its target", context="handling")),
    ]

    def cells(name: str, row: Mapping[str, Any], goal: int | None, digits: Callable[[float | None], str]) -> list[str]:
        wait, handling = row["wait"], row["handling"]
        within = wait["within_target"]
        return [
            name,
            whole(row["issued"]),
            whole(row["finished"]),
            whole(row["left"]),
            decimal(wait["mean"]),
            decimal(wait["p90"]),
            UNKNOWN if within is None else f"{digits(within)} %",
            decimal(handling["mean"]),
            UNKNOWN if goal is None else str(goal),
        ]

    rows = []
    shown = busiest(figures["services"], "issued", most)
    for row in shown:
        goal = read.handling_target(row["code"])
        rows.append(cells(read.service_name(row["code"], lang), row, goal, percent))
    total = cells(tr(lang, "All", context="report"), figures, None, percent)
    total[-1] = ""
    found = [Block(13, heading, gap=15, keep=True), *table(columns, rows, total)]
    if more := len(figures["services"]) - len(shown):
        said = ntr(lang, "{n} more service is in the annex.", "{n} more services are in the annex.", more)
        found.append(Prose(said, SIZE, WIDTH, colour=INK2, leading=1.4).block(gap=4))
    return found


def ratings_and_fairness(figures: Mapping[str, Any], lang: str) -> Block:
    """Return the rating levels with their interval, and beside them wrong windows; quoted waits and overtakes where the
    hall looks at them."""
    ratings = figures["ratings"]
    levels = [_level(level, ratings["levels"][str(level)], lang) for level in (5, 4, 3, 2, 1)]
    told = Prose(_rated_text(ratings, lang), 8.4, HALF_WIDTH, colour=INK2, leading=1.4)
    facts = _fairness(figures, lang)
    side = tr(lang, "Fairness and estimates") if "promise" in figures else tr(lang, "Redirected and missed")
    left_height = 16 + ROW * len(levels) + 3 + told.height
    height = max(left_height, 16 + ROW * len(facts))

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "Ratings", context="report"), HEADING, bold=True)
        draw_marks(sheet, lay_out_bars(levels, PAGE, Rect(LEFT, y + 16, HALF_WIDTH, ROW * len(levels))).marks)
        told.draw(sheet, LEFT, y + 16 + ROW * len(levels) + 3)
        sheet.text(SIDE, y + 9, side, HEADING, bold=True)
        for i, (name, value) in enumerate(facts):
            base = y + 16 + ROW * i + ROW * 0.7
            sheet.text(SIDE, base, name, CELL)
            sheet.text(RIGHT, base, value, CELL, bold=True, at="right")
            sheet.line([(SIDE, y + 16 + ROW * (i + 1)), (RIGHT, y + 16 + ROW * (i + 1))])

    return Block(height, draw, gap=15)


def _level(level: int, count: int, lang: str) -> BarRow:
    colour = "primary" if level in SATISFIED_LEVELS else "red"
    return BarRow(word=rating_level(level, lang), value=count, number=whole(count), colour=colour)


def _rated_text(ratings: dict[str, Any], lang: str) -> str:
    told = tr(
        lang,
        "{rated} of {finished} rated, {unrated} not; silence is never counted as satisfied.",
        rated=whole(ratings["n"]),
        finished=whole(ratings["n"] + ratings["unrated"]),
        unrated=whole(ratings["unrated"]),
    )
    if not ratings["n"]:
        return told
    if says_little(ratings["low"], ratings["high"]):
        few = tr(lang, "Satisfied (OK or better) {rate} %, too few ratings to say.", rate=percent(ratings["rate"]))
        return joined([told, few], lang)
    interval = tr(
        lang,
        "Satisfied (OK or better) {rate} %, 95 % interval {range} %.",
        rate=percent(ratings["rate"]),
        range=percent_range(ratings["low"], ratings["high"]),
    )
    return joined([told, interval], lang)


def _fairness(figures: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    missed, redirects = figures.get("measures", {}).get("missed"), figures["redirects"]
    return [
        *(_estimates(figures["promise"], figures["overtakes"], lang) if "promise" in figures else ()),
        (
            tr(lang, "Redirected (wrong window)"),
            tr(lang, "{n}, {minutes} min lost", n=whole(redirects["n"]), minutes=decimal(redirects["minutes_lost"]))
            if redirects["n"]
            else "0",
        ),
        (
            tr(lang, "Missed · reinstated"),
            " · ".join([whole(figures["missed"]), whole(missed["reinstated"] if missed else None)]),
        ),
    ]


def _estimates(promise: Mapping[str, Any], overtakes: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    kept = (
        tr(
            lang,
            "{within} / {n} ({share} %)",
            within=whole(promise["within"]),
            n=whole(promise["n"]),
            share=percent(promise["within"] / promise["n"]),
        )
        if promise["n"]
        else UNKNOWN
    )
    beyond = promise["mean_minutes_beyond"]
    return [
        (tr(lang, "Wait within the estimate"), kept),
        (
            tr(lang, "Beyond it, on average by"),
            UNKNOWN if beyond is None else tr(lang, "{minutes} min", minutes=decimal(beyond)),
        ),
        (
            tr(lang, "A later ticket went first"),
            ntr(
                lang,
                "before {tickets}, at most once each",
                "before {tickets}, at most {n} times each",
                overtakes["max"],
                tickets=whole(overtakes["tickets"]),
            )
            if overtakes["tickets"]
            else "0",
        ),
    ]


# Notes on days as a report shows them: a letter on the chart, the words below it.

MOST = 12
SIZE = 8.0


def lettered(notes: Sequence[DayNote], most: int = MOST) -> list[tuple[str, DayNote]]:
    """Return the first notes with a letter each, by day and time."""
    ordered = sorted(notes, key=lambda note: (note.day, -1 if note.start is None else note.start, note.seq))
    return list(zip(ascii_lowercase[:most], ordered, strict=False))


def notes_block(notes: Sequence[DayNote], lang: str, *, dated: bool, most: int = MOST) -> list[Block]:
    """Return the words of at most `most` notes under the chart, nothing if there are none; `dated` with the date of
    each."""
    if not notes:
        return []
    lines = [f"<b>{letter}</b>  {escape(_line(note, lang, dated=dated))}" for letter, note in lettered(notes, most)]
    if more := len(notes) - len(lines):
        lines.append(ntr(lang, "and {n} more note in the hall's log", "and {n} more notes in the hall's log", more))
    blocks = [Prose(line, SIZE, RIGHT - LEFT, colour=INK2, leading=1.4).block(gap=1) for line in lines]
    blocks[0] = Block(blocks[0].height, blocks[0].draw, gap=6)
    return blocks


def _line(note: DayNote, lang: str, *, dated: bool) -> str:
    parts = [date_short(note.day, lang) if dated else "", note_kind(note.kind, lang), _times(note, lang)]
    return tr(lang, "{head}: {text}", context="note", head=" ".join(part for part in parts if part), text=note.text)


def _times(note: DayNote, lang: str) -> str:
    start, end = (None if minute is None else clock_text(minute) for minute in (note.start, note.end))
    if start and end:
        return figure_range(start, end)
    if start:
        return tr(lang, "from {time}", context="note", time=start)
    return tr(lang, "until {time}", context="note", time=end) if end else ""


# The text below the figures: what they leave out, and the log they come from.


def left_out(figures: Mapping[str, Any], lang: str) -> list[Block]:
    """Return the line that says what the figures leave out, and why."""
    parts = [left_out_text(row["what"], row["n"], lang) for row in figures["left_out"]]
    said = sentence(parts, lang) if parts else tr(lang, "nothing.", context="left out")
    told = tr(lang, "<b>Left out:</b> {what}", what=said)
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    if several > 0:
        told += " " + ntr(
            lang,
            "Services add up to {shown} more than all: a ticket with several, or transferred on, counts at each.",
            "Services add up to {shown} more than all: tickets with several, or transferred on, count at each.",
            several,
            shown=whole(several),
        )
    return [Prose(told, 7.8, WIDTH, colour=INK2, leading=1.4).block(gap=11)]


def proof(figures: Mapping[str, Any], anchor: Anchor | None, lang: str, *, of: str = "") -> list[Block]:
    """Return the lines that identify the log, of the hall `of` if there are several, so that it can be checked; nothing
    without a log."""
    if not figures["log"]["hash"]:
        return []
    told = tr(
        lang,
        "Based on events {range} of the log; SHA-256 of the last: {hash}",
        range=seq_range(figures["log"]),
        hash=figures["log"]["hash"],
    )
    said = f"<b>{escape(of)}</b> {told}" if of else told
    lines = [said]
    if anchor is not None:
        lines.append(
            tr(
                lang,
                "Check code <b>{code}</b>: it shows anybody later whether this log was changed (Reports, Kept, Check a sheet).",
                code=anchor.code,
            )
        )
    return [Prose(line, 7.0, WIDTH, colour=INK2, leading=1.36).block(gap=1) for line in lines]
