"""Parts of a report's pages that a day and a period share: attention, services, ratings, notes, targets, the small
print, and the measures, which are empty where there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from string import ascii_lowercase
from typing import Any, Protocol

from queuedesk.core.charts.chart import SurfaceRect
from queuedesk.core.charts.layout import BarRow, lay_out_bars
from queuedesk.core.figures.measures.figure import FigureDefinition
from queuedesk.core.figures.measures.figures import served_elsewhere_count
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS, is_interval_too_wide
from queuedesk.core.figures.targets import WAITS, WITHIN_TARGET, WITHIN_TARGET_AT_LEAST, TargetVerdict
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.talk.remarks import DayNote
from queuedesk.core.upkeep import LogEndAnchor
from queuedesk.i18n import date_short, figure_range, list_text, ntr, rating_level_words, tr
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.names import UNKNOWN, decimal_text, percent_text, whole_number_text
from queuedesk.i18n.queue.line_words import reason_words, wait_cause_clause
from queuedesk.i18n.talk import day_note_kind_word, device_down_cause_words, device_name
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.figures import figure_words
from queuedesk.reports.figures.period import ReportSetups, call_order_rule_text, day_rules_small_print

SECTION_WIDTH = pdf.RIGHT - pdf.LEFT
HALF_WIDTH = 246.0
SIDE = pdf.RIGHT - HALF_WIDTH
ROW = 15.2


class FiguresWithServiceNames(Protocol):
    """Figures, with the names and targets of their services."""

    @property
    def figures(self) -> dict[str, Any]: ...
    def service_name(self, code: str, lang: str) -> str: ...
    def handling_target(self, code: str) -> int | None: ...


def attention_box(markups: Sequence[str], quiet_text: str, title: str) -> pdf.BlockWithinPage:
    """Return the box of up to three numbered sentences under `title`, or with `quiet_text` if there are none."""
    lines = [pdf.WrappedMarkup(markup, 10.2, SECTION_WIDTH - 52, leading=1.35) for markup in markups]
    quiet = None if lines else pdf.WrappedMarkup(quiet_text, 10.2, SECTION_WIDTH - 24, leading=1.35)
    height = 31 + (sum(p.height + 8 for p in lines) if lines else quiet.height + 8 if quiet else 0)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_box(pdf.LEFT, y, SECTION_WIDTH, height, fill=pdf.PAPER)
        sheet.draw_heading(pdf.LEFT + 12, y + 20, title)
        at = y + 29
        if quiet:
            quiet.draw(sheet, pdf.LEFT + 12, at)
        for number, prose in enumerate(lines, start=1):
            sheet.draw_dot(pdf.LEFT + 20, at + 7.8, 8.2)
            sheet.draw_text(pdf.LEFT + 20, at + 11, str(number), 8.8, bold=True, colour=pdf.WHITE, at="middle")
            prose.draw(sheet, pdf.LEFT + 38, at)
            at += prose.height + 8

    return pdf.BlockWithinPage(height, draw_block, gap=14)


def rows_with_highest_figure(
    rows: Sequence[Mapping[str, Any]], figure: str, most: int | None
) -> list[Mapping[str, Any]]:
    """Return the `most` rows with the highest `figure`, in their own order; all rows for None."""
    first = sorted(range(len(rows)), key=lambda at: -(rows[at][figure] or 0))[:most]
    return [rows[at] for at in sorted(first)]


def services_table_blocks(
    read: FiguresWithServiceNames, lang: str, most: int | None = None
) -> list[pdf.BlockWithinPage]:
    """Return the table of services, or of the `most` that gave most tickets, with a last row for all; the wait's number
    is beside its mean."""
    figures = read.figures
    target = figures["wait"]["target_minutes"]
    in_time = tr(lang, "≤ {minutes} min", minutes=target) if target is not None else tr(lang, "in time")

    def draw_heading(sheet: pdf.PdfSheet, y: float) -> None:
        unit = tr(lang, "times in minutes; issued: joined this line, so one visit can count in several")
        sheet.draw_heading(pdf.LEFT, y + 9, tr(lang, "By service"), unit=unit)

    columns = [
        pdf.FigureColumn(tr(lang, "Service", context="report")),
        pdf.FigureColumn(tr(lang, "Issued", context="report")),
        pdf.FigureColumn(tr(lang, "Finished", context="report")),
        pdf.FigureColumn(tr(lang, "Left", context="report")),
        pdf.FigureColumn(tr(lang, "Mean wait"), bold=True),
        pdf.FigureColumn(tr(lang, "90 % within")),
        pdf.FigureColumn(in_time),
        pdf.FigureColumn(tr(lang, "Handling", context="report")),
        pdf.FigureColumn(tr(lang, "Its target", context="handling")),
    ]

    def service_row_cells(
        name: str, row: Mapping[str, Any], goal: int | None, digits: Callable[[float | None], str]
    ) -> list[str]:
        wait, handling = row["wait"], row["handling"]
        within = wait["within_target"]
        return [
            name,
            whole_number_text(row["issued"]),
            whole_number_text(row["finished"]),
            whole_number_text(row["left"]),
            decimal_text(wait["mean"]),
            decimal_text(wait["p90"]),
            UNKNOWN if within is None else f"{digits(within)} %",
            decimal_text(handling["mean"]),
            UNKNOWN if goal is None else str(goal),
        ]

    rows = []
    shown = rows_with_highest_figure(figures["services"], "issued", most)
    for row in shown:
        goal = read.handling_target(row["code"])
        rows.append(service_row_cells(read.service_name(row["code"], lang), row, goal, percent_text))
    total = service_row_cells(tr(lang, "All", context="report"), figures, None, percent_text)
    total[-1] = ""
    blocks = [pdf.BlockWithinPage(13, draw_heading, gap=15, keep=True), *pdf.figures_table_blocks(columns, rows, total)]
    if more := len(figures["services"]) - len(shown):
        said = ntr(lang, "{n} more service is in the annex.", "{n} more services are in the annex.", more)
        blocks.append(pdf.WrappedMarkup(said, SIZE, SECTION_WIDTH, colour=pdf.INK2, leading=1.4).page_block(gap=4))
    return blocks


def ratings_beside_fairness_block(figures: Mapping[str, Any], lang: str) -> pdf.BlockWithinPage:
    """Return the rating levels with their interval, and beside them wrong windows; quoted waits and overtakes where the
    hall looks at them."""
    ratings = figures["ratings"]
    levels = [_rating_level_bar(level, ratings["levels"][str(level)], lang) for level in (5, 4, 3, 2, 1)]
    told = pdf.WrappedMarkup(_rating_counts_text(ratings, lang), 8.4, HALF_WIDTH, colour=pdf.INK2, leading=1.4)
    facts = _fairness_rows(figures, lang)
    side = tr(lang, "Fairness and estimates") if "promise" in figures else tr(lang, "Redirected and missed")
    left_height = 16 + ROW * len(levels) + 3 + told.height
    height = max(left_height, 16 + ROW * len(facts))

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_heading(pdf.LEFT, y + 9, tr(lang, "Ratings", context="report"))
        draw_marks(
            sheet, lay_out_bars(levels, PAGE, SurfaceRect(pdf.LEFT, y + 16, HALF_WIDTH, ROW * len(levels))).marks
        )
        told.draw(sheet, pdf.LEFT, y + 16 + ROW * len(levels) + 3)
        sheet.draw_heading(SIDE, y + 9, side)
        for i, (name, value) in enumerate(facts):
            base = y + 16 + ROW * i + ROW * 0.7
            sheet.draw_text(SIDE, base, name, pdf.CELL)
            sheet.draw_text(pdf.RIGHT, base, value, pdf.CELL, bold=True, at="right")
            sheet.draw_line([(SIDE, y + 16 + ROW * (i + 1)), (pdf.RIGHT, y + 16 + ROW * (i + 1))])

    return pdf.BlockWithinPage(height, draw_block, gap=15)


def _rating_level_bar(level: int, count: int, lang: str) -> BarRow:
    colour = "primary" if level in SATISFIED_LEVELS else "red"
    return BarRow(word=rating_level_words(level, lang), value=count, number=whole_number_text(count), colour=colour)


def _rating_counts_text(ratings: dict[str, Any], lang: str) -> str:
    told = tr(
        lang,
        "{rated} of {finished} rated, {unrated} not; silence is never counted as satisfied.",
        rated=whole_number_text(ratings["n"]),
        finished=whole_number_text(ratings["n"] + ratings["unrated"]),
        unrated=whole_number_text(ratings["unrated"]),
    )
    if not ratings["n"]:
        return told
    if is_interval_too_wide(ratings["low"], ratings["high"]):
        few = tr(lang, "Satisfied (OK or better) {rate} %, too few ratings to say.", rate=percent_text(ratings["rate"]))
        return figure_words.sentences_joined([told, few], lang)
    interval = tr(
        lang,
        "Satisfied (OK or better) {rate} %, 95 % interval {range} %.",
        rate=percent_text(ratings["rate"]),
        range=figure_words.percent_range_text(ratings["low"], ratings["high"]),
    )
    return figure_words.sentences_joined([told, interval], lang)


def _fairness_rows(figures: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    missed, redirects = figures.get("measures", {}).get("missed"), figures["redirects"]
    return [
        *(_quoted_wait_rows(figures["promise"], figures["overtakes"], lang) if "promise" in figures else ()),
        (
            tr(lang, "Redirected (wrong window)"),
            tr(
                lang,
                "{n}, {minutes} min lost",
                n=whole_number_text(redirects["n"]),
                minutes=decimal_text(redirects["minutes_lost"]),
            )
            if redirects["n"]
            else "0",
        ),
        (
            tr(lang, "Missed · reinstated"),
            " · ".join(
                [whole_number_text(figures["missed"]), whole_number_text(missed["reinstated"] if missed else None)]
            ),
        ),
    ]


def _quoted_wait_rows(promise: Mapping[str, Any], overtakes: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    kept = (
        tr(
            lang,
            "{within} / {n} ({share} %)",
            within=whole_number_text(promise["within"]),
            n=whole_number_text(promise["n"]),
            share=percent_text(promise["within"] / promise["n"]),
        )
        if promise["n"]
        else UNKNOWN
    )
    beyond = promise["mean_minutes_beyond"]
    return [
        (tr(lang, "Wait within the estimate"), kept),
        (
            tr(lang, "Beyond it, on average by"),
            UNKNOWN if beyond is None else tr(lang, "{minutes} min", minutes=decimal_text(beyond)),
        ),
        (
            tr(lang, "A later ticket went first"),
            ntr(
                lang,
                "before {tickets}, at most once each",
                "before {tickets}, at most {n} times each",
                overtakes["max"],
                tickets=whole_number_text(overtakes["tickets"]),
            )
            if overtakes["tickets"]
            else "0",
        ),
    ]


# Notes on days as a report shows them: a letter on the chart, the words below it.

MOST = 12
SIZE = 8.0


def letter_notes_by_day_and_time(notes: Sequence[DayNote], most: int = MOST) -> list[tuple[str, DayNote]]:
    """Return the first notes with a letter each, by day and time."""
    ordered = sorted(notes, key=lambda note: (note.day, -1 if note.start is None else note.start, note.seq))
    return list(zip(ascii_lowercase[:most], ordered, strict=False))


def day_notes_blocks(
    notes: Sequence[DayNote], lang: str, *, dated: bool, most: int = MOST
) -> list[pdf.BlockWithinPage]:
    """Return at most `most` notes for below the chart, nothing if there are none; `dated` adds each one's date."""
    if not notes:
        return []
    lines = [
        f"<b>{letter}</b>  {pdf.escape(_day_note_line(note, lang, dated=dated))}"
        for letter, note in letter_notes_by_day_and_time(notes, most)
    ]
    if more := len(notes) - len(lines):
        lines.append(ntr(lang, "and {n} more note in the hall's log", "and {n} more notes in the hall's log", more))
    blocks = [
        pdf.WrappedMarkup(line, SIZE, pdf.RIGHT - pdf.LEFT, colour=pdf.INK2, leading=1.4).page_block(gap=1)
        for line in lines
    ]
    blocks[0] = pdf.BlockWithinPage(blocks[0].height, blocks[0].draw, gap=6)
    return blocks


def _day_note_line(note: DayNote, lang: str, *, dated: bool) -> str:
    parts = [
        date_short(note.day, lang) if dated else "",
        day_note_kind_word(note.kind, lang),
        _day_note_times_text(note, lang),
    ]
    return tr(lang, "{head}: {text}", context="note", head=" ".join(part for part in parts if part), text=note.text)


def _day_note_times_text(note: DayNote, lang: str) -> str:
    start, end = (None if minute is None else clock_text(minute) for minute in (note.start, note.end))
    if start and end:
        return figure_range(start, end)
    if start:
        return tr(lang, "from {time}", context="note", time=start)
    return tr(lang, "until {time}", context="note", time=end) if end else ""


# The text below the figures: what they leave out, and the log they come from.


def left_out_line(figures: Mapping[str, Any], lang: str) -> list[pdf.BlockWithinPage]:
    """Return the line that says what the figures leave out, and why."""
    parts = [figure_words.what_figure_leaves_out_text(row["what"], row["n"], lang) for row in figures["left_out"]]
    said = figure_words.parts_as_one_sentence(parts, lang) if parts else tr(lang, "nothing.", context="left out")
    told = tr(lang, "<b>Left out:</b> {what}", what=said)
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    if several > 0:
        told += " " + ntr(
            lang,
            "Services add up to {shown} more than all: a ticket with several, or transferred on, counts at each.",
            "Services add up to {shown} more than all: tickets with several, or transferred on, count at each.",
            several,
            shown=whole_number_text(several),
        )
    return [pdf.WrappedMarkup(told, 7.8, SECTION_WIDTH, colour=pdf.INK2, leading=1.4).page_block(gap=11)]


def log_proof_page_blocks(
    figures: Mapping[str, Any], anchor: LogEndAnchor | None, lang: str, *, of: str = ""
) -> list[pdf.BlockWithinPage]:
    """Return the lines that identify the log (of the hall `of` if several) for a check; nothing without a log."""
    if not figures["log"]["hash"]:
        return []
    told = tr(
        lang,
        "Based on events {range} of the log; SHA-256 of the last: {hash}",
        range=figure_words.report_event_range(figures["log"]),
        hash=figures["log"]["hash"],
    )
    said = f"<b>{pdf.escape(of)}</b> {told}" if of else told
    lines = [said]
    if anchor is not None:
        lines.append(
            tr(
                lang,
                "Check code <b>{code}</b>: it shows anybody later whether this log was changed (Reports, Kept, Check a sheet).",
                code=anchor.code,
            )
        )
    return [
        pdf.WrappedMarkup(line, 7.0, SECTION_WIDTH, colour=pdf.INK2, leading=1.36).page_block(gap=1) for line in lines
    ]


MARK = 10.0
VERDICT_SIZE, LEAST_SIZE = 8.6, 7.4
LINE_HEIGHT = 14.0


def verdict_colour(said: TargetVerdict) -> str:
    return {TargetVerdict.MET: pdf.PRIMARY, TargetVerdict.NOT_MET: pdf.RED, TargetVerdict.CANNOT_TELL: pdf.INK2}[said]


def draw_verdict_mark(sheet: pdf.PdfSheet, x: float, y: float, said: TargetVerdict) -> None:
    """Draw a tick, a cross or two waves, 7 points wide, on the line of text whose baseline is `y`."""
    colour = verdict_colour(said)
    if said is TargetVerdict.MET:
        sheet.draw_line([(x, y - 3), (x + 2.4, y - 0.6), (x + 6.8, y - 6)], width=1.4, colour=colour)
    elif said is TargetVerdict.NOT_MET:
        sheet.draw_line([(x + 0.6, y - 5.8), (x + 6, y - 0.4)], width=1.4, colour=colour)
        sheet.draw_line([(x + 0.6, y - 0.4), (x + 6, y - 5.8)], width=1.4, colour=colour)
    else:
        for level in (y - 4.6, y - 1.8):
            wave = [(x + 0.4, level + 0.8), (x + 2.3, level - 0.6), (x + 4.4, level + 0.6), (x + 6.4, level - 0.8)]
            sheet.draw_line(wave, width=1.1, colour=colour)


def target_rows_for_measure(figures: Mapping[str, Any], measure: str = WITHIN_TARGET) -> list[dict[str, Any]]:
    """Return the rows of the targets for one measure, in order of date."""
    return [row for row in figures["targets"] if row["measure"] == measure]


def target_verdict_of_row(row: Mapping[str, Any]) -> TargetVerdict | None:
    return None if row["verdict"] is None else TargetVerdict(row["verdict"])


def target_share_in_time_on(figures: Mapping[str, Any], day: date) -> float:
    """Return the share to be called in time on a date: its target, else the default one."""
    rows = [row for row in target_rows_for_measure(figures) if row["first"] <= day.isoformat() <= row["last"]]
    return float(rows[-1]["value"]) if rows else WITHIN_TARGET_AT_LEAST


def is_target_in_force_on_every_date(row: Mapping[str, Any], figures: Mapping[str, Any]) -> bool:
    """Whether a target was in force on every date of the figures."""
    return (row["first"], row["last"]) == (figures["from"], figures["to"])


def target_in_force_dates_text(row: Mapping[str, Any], lang: str) -> str:
    """Return the dates on which a target was in force."""
    return figure_range(*(date_short(date.fromisoformat(row[end]), lang) for end in ("first", "last")))


def reached_value_with_unit(row: Mapping[str, Any], lang: str) -> str:
    """Return what was reached with its unit: "97.3 %", "7.4 min"."""
    if row["measure"] in WAITS:
        minutes = row["minutes"]
        return UNKNOWN if minutes is None else tr(lang, "{minutes} min", minutes=decimal_text(minutes))
    return UNKNOWN if row["rate"] is None else f"{percent_text(row['rate'])} %"


def counts_of_row_text(row: Mapping[str, Any]) -> str:
    """Return the counts of a row's figure: "1,441 / 1,482", for a wait the number."""
    if row["of"] is None:
        return whole_number_text(row["n"])
    return f"{whole_number_text(row['n'])} / {whole_number_text(row['of'])}"


def glue_to_one_line(text: str) -> str:
    """Return figures, and the word before them, in a form that stays on one line."""
    return pdf.JOINER + text.replace(" ", f"{pdf.JOINER} {pdf.JOINER}")


def verdict_text_so_far(said: TargetVerdict, lang: str, *, is_running: bool) -> str:
    """Return whether a target is met, or met so far while its last date runs."""
    word = figure_titles.target_verdict_word(said, lang)
    if not is_running or said is TargetVerdict.CANNOT_TELL:
        return word
    return tr(lang, "{verdict} so far", context="target", verdict=word)


def glance_target_lines(
    figures: Mapping[str, Any], lang: str, *, is_running: bool = False
) -> list[pdf.BlockWithinPage]:
    """Return the lines of the glance page, two side by side, nothing if the hall has set no target."""
    rows = figures["targets"]
    if not rows:
        return []
    half = (pdf.RIGHT - pdf.LEFT - 20) / 2

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_text(pdf.LEFT, y + 9, tr(lang, "Targets", context="report"), 9.2, colour=pdf.INK2)
        for i, row in enumerate(rows):
            x = pdf.LEFT + (half + 20) * (i % 2)
            _draw_target_verdict_text(
                sheet, (x, y + 14 + LINE_HEIGHT * (i // 2)), half, (row, figures), lang, is_running=is_running
            )

    return [pdf.BlockWithinPage(14 + LINE_HEIGHT * -(-len(rows) // 2), draw_block, gap=10)]


def _draw_target_verdict_text(
    sheet: pdf.PdfSheet,
    at: tuple[float, float],
    room: float,
    of: tuple[Mapping[str, Any], Mapping[str, Any]],
    lang: str,
    *,
    is_running: bool,
) -> None:
    (x, y), (row, figures) = at, of
    base = y + 9
    said = target_verdict_of_row(row)
    told = (
        tr(lang, "no data yet", context="target")
        if said is None
        else verdict_text_so_far(said, lang, is_running=is_running)
    )
    colour = pdf.INK2
    if said is not None:
        colour = verdict_colour(said)
        draw_verdict_mark(sheet, x, base, said)
    sheet.draw_text(x + MARK, base, told, VERDICT_SIZE, bold=said is not None, colour=colour)
    x += MARK + pdf.text_width(told, VERDICT_SIZE, bold=said is not None) + 6
    reached = reached_value_with_unit(row, lang) if said is not None else ""
    goal = figure_titles.goal_text(row["measure"], figure_titles.target_figure_text(row["measure"], row["value"]), lang)
    name = figure_titles.measure_word(row["measure"], lang)
    parts = [f"{name} {reached}".strip(), goal]
    if not is_target_in_force_on_every_date(row, figures):
        parts.append(_target_dates_text(row, figures, lang))
    text, size = " · ".join(parts), VERDICT_SIZE
    while size > LEAST_SIZE and pdf.text_width(text, size) > at[0] + room - x:
        size -= 0.2
    sheet.draw_text(x, base, pdf.cut_text_to_width(text, size, at[0] + room - x), size, colour=pdf.INK)


def _target_dates_text(row: Mapping[str, Any], figures: Mapping[str, Any], lang: str) -> str:
    """Return on which of the dates of the figures a target stood, as short as can be."""
    first, last = (date_short(date.fromisoformat(row[end]), lang) for end in ("first", "last"))
    if row["first"] == figures["from"]:
        return tr(lang, "until {date}", context="target", date=last)
    if row["last"] == figures["to"]:
        return tr(lang, "from {date}", context="target", date=first)
    return target_in_force_dates_text(row, lang)


def targets_section(figures: Mapping[str, Any], lang: str) -> list[pdf.BlockWithinPage]:
    """Return each target with what was reached while it was in force, with its heading."""
    targets = target_table(figures, lang)
    blocks: list[pdf.BlockWithinPage] = []
    if targets:
        how = tr(
            lang,
            "Each target with the figures of the dates on which it applied. Satisfaction is judged by the whole interval, as only some people rate; the others by the figure, as it covers everybody.",
        )
        blocks += [pdf.heading_block(tr(lang, "Targets", context="report")), *targets, pdf.small_sentence_block(how)]
    return blocks


def target_table(figures: Mapping[str, Any], lang: str) -> list[pdf.BlockWithinPage]:
    """Return a row for each target and the dates on which it was in force; nothing without targets."""
    rows: Sequence[Mapping[str, Any]] = figures["targets"]
    if not rows:
        return []
    columns = [
        pdf.GridColumn(tr(lang, "Target", context="report"), is_text=True),
        pdf.GridColumn("", is_text=True),
        pdf.GridColumn(tr(lang, "Dates", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "n", context="report")),
        pdf.GridColumn(tr(lang, "Reached", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "95 % interval", context="report")),
        pdf.GridColumn(tr(lang, "Verdict", context="report"), is_text=True, bold=True),
    ]
    cells = []
    for row in rows:
        verdict = target_verdict_of_row(row)
        cells.append(
            [
                figure_titles.measure_word(row["measure"], lang),
                figure_titles.goal_text(
                    row["measure"], figure_titles.target_figure_text(row["measure"], row["value"]), lang
                ),
                target_in_force_dates_text(row, lang),
                counts_of_row_text(row),
                reached_value_with_unit(row, lang),
                figure_words.percent_range_text(row["low"], row["high"]),
                UNKNOWN if verdict is None else figure_titles.target_verdict_word(verdict, lang),
            ]
        )
    return pdf.grid_table_blocks(columns, cells)


# Lists of the document on paper, for a day and for longer periods: overtakes, pauses, the longest waits, equipment.

ListRows = Sequence[Mapping[str, Any]] | None
MOST_PAUSES, MOST_OUTAGES = 10, 4
FIGURES = 120.0
"""What the figures take beside a reason, in points."""


def time_without_leading_zero(text: str | None) -> str:
    """Return "8:30" for "08:30"; nothing for a time that has not come."""
    return f"{int(text[:2])}{text[2:5]}" if text else ""


def time_span_text(row: Mapping[str, Any], lang: str) -> str:
    """Return "10:20–11:05", "from 10:20" while it lasts."""
    if row["to"]:
        return figure_range(time_without_leading_zero(row["from"]), time_without_leading_zero(row["to"]))
    return tr(lang, "from {time}", context="note", time=time_without_leading_zero(row["from"]))


def overtakes_by_reason_blocks(
    figures: Row, names: ReportSetups, lang: str, place: pdf.HorizontalPlace = pdf.FULL
) -> list[pdf.BlockWithinPage]:
    """Return why tickets were overtaken, with the rule then in force in a sentence; nothing if none was."""
    rows, rules = figures.get("measures", {}).get("overtakes"), figures.get("rules")
    if not rows:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Reason", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Tickets", context="report")),
        pdf.GridColumn(tr(lang, "Most for one")),
    ]
    cells = [
        [
            overtake_reason_with_classes(row["reason"], names, lang, place.width - FIGURES),
            whole_number_text(row["tickets"]),
            whole_number_text(row["most"]),
        ]
        for row in rows
    ]
    blocks = [
        pdf.heading_block(tr(lang, "Why later tickets went first"), place=place),
        *pdf.grid_table_blocks(fields, cells, place),
    ]
    n = figures["overtakes"]["tickets"]
    if sum(row["tickets"] for row in rows) > n:
        told = ntr(
            lang,
            "{shown} ticket in all: some for several reasons.",
            "{shown} tickets in all: some for several reasons.",
            n,
            shown=whole_number_text(n),
        )
        blocks.append(pdf.small_sentence_block(pdf.escape(told), place))
    if rules:
        blocks.append(
            pdf.small_sentence_block(
                pdf.escape(tr(lang, "Rule: {rule}", rule=call_order_rule_text(rules[-1], names, lang))), place
            )
        )
    return blocks


def overtake_reason_with_classes(code: str, names: ReportSetups, lang: str, room: float = pdf.WIDTH) -> str:
    """Return why somebody was passed: "Priority (Elderly, Disabled)", without classes if `room` points are too few."""
    if code == "priority":
        classes = [klass for klass, spec in names.first_setup.classes.items() if spec.credit_minutes]
        named = list_text([names.priority_class_name(klass, lang) for klass in classes], lang)
        said = tr(lang, "Priority ({classes})", classes=named)
        return said if classes and pdf.text_width(said, pdf.CELL) <= room else tr(lang, "Priority")
    known = {
        "chosen": tr(lang, "Called out of order"),
        "fast": tr(lang, "Short visit at a quick window"),
        "language": tr(lang, "Same language as the window's staff"),
        "no_ticket": tr(lang, "Served without a ticket"),
        "recorded": tr(lang, "As recorded", context="reason"),
    }
    return known.get(code, code)


def long_pauses_blocks(
    rows: ListRows, names: ReportSetups, lang: str, place: pdf.HorizontalPlace = pdf.FULL, *, dated: bool = False
) -> list[pdf.BlockWithinPage]:
    """Return the pauses of 20 minutes or more, the longest first; nothing if there were none."""
    if not rows:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Window", context="report"), is_text=True),
        *([pdf.GridColumn(tr(lang, "Date", context="report"), is_text=True)] if dated else []),
        pdf.GridColumn(tr(lang, "Time", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "min", context="unit")),
        pdf.GridColumn(tr(lang, "Reason", context="report"), is_text=True),
    ]
    cells = []
    for row in rows[:MOST_PAUSES]:
        day = [date_short(date.fromisoformat(row["date"]), lang)] if dated else []
        who = f"{row['window']} · {names.staff_name(row['staff'], lang)}"
        cells.append(
            [
                who,
                *day,
                time_span_text(row, lang),
                whole_number_text(row["minutes"]),
                reason_words(row["reason"] or "", lang),
            ]
        )
    blocks = [
        pdf.heading_block(tr(lang, "Pauses of {n} minutes or more", n=20), place=place),
        *pdf.grid_table_blocks(fields, cells, place),
    ]
    if len(rows) <= MOST_PAUSES:
        return pdf.blocks_kept_together(blocks)
    more = len(rows) - MOST_PAUSES
    told = ntr(
        lang, "The longest; the next one is in the workbook.", "The longest; the next {n} are in the workbook.", more
    )
    return pdf.blocks_kept_together([*blocks, pdf.small_sentence_block(told, place)])


def more_in_workbook_text(n: int, lang: str) -> str:
    """Return that there are more rows than the page shows."""
    return ntr(lang, "and {n} more in the workbook", "and {n} more in the workbook", n)


def longest_waits_blocks(
    rows: ListRows, lang: str, place: pdf.HorizontalPlace = pdf.FULL, *, dated: bool = False
) -> list[pdf.BlockWithinPage]:
    """Return the longest waits and their causes."""
    if not rows:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Ticket", context="report"), is_text=True),
        *([pdf.GridColumn(tr(lang, "Date", context="report"), is_text=True)] if dated else []),
        pdf.GridColumn(tr(lang, "Wait, min")),
        pdf.GridColumn(tr(lang, "In line from", context="report")),
        pdf.GridColumn(tr(lang, "What was going on"), is_text=True),
    ]
    cells = [
        [
            row["ticket"],
            *([date_short(date.fromisoformat(row["date"]), lang)] if dated else []),
            decimal_text(row["minutes"]),
            time_without_leading_zero(row["arrived"]),
            _wait_causes_text(row["causes"], lang),
        ]
        for row in rows
    ]
    title = ntr(lang, "The longest wait", "The {n} longest waits", len(rows))
    return pdf.blocks_kept_together(
        [pdf.heading_block(title, place=place), *pdf.grid_table_blocks(fields, cells, place)]
    )


def _wait_causes_text(causes: Sequence[Mapping[str, Any]], lang: str) -> str:
    said = " · ".join(wait_cause_clause(cause, lang) for cause in causes)
    return said[:1].upper() + said[1:] or UNKNOWN


def equipment_uptime_blocks(rows: ListRows, lang: str, *, dated: bool = False) -> list[pdf.BlockWithinPage]:
    """Return the equipment that failed, with the share of opening time in which it worked and its outages, with `dated`
    only the longest one; what worked all the time is named in a line."""
    if not rows:
        return []
    title = pdf.heading_block(tr(lang, "Equipment"))
    sound = [device_name(row["device"], row["station"], lang) for row in rows if row["rate"] == 1]
    in_a_line = tr(lang, "Worked all the time while open: {devices}", devices=list_text(sound, lang))
    if len(sound) == len(rows):
        return pdf.blocks_kept_together([title, pdf.small_sentence_block(pdf.escape(in_a_line), gap=2)])
    fields = [
        pdf.GridColumn(tr(lang, "Device", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Up", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "of open, min")),
        pdf.GridColumn(tr(lang, "Note", context="report"), is_text=True),
    ]
    cells = [
        [
            device_name(row["device"], row["station"], lang),
            UNKNOWN if row["rate"] is None else f"{100 * row['rate']:.1f} %",
            whole_number_text(row["open_minutes"]),
            _outage_count_and_longest_text(row["outages"], lang) if dated else _outage_list_text(row["outages"], lang),
        ]
        for row in rows
        if row["rate"] != 1
    ]
    return pdf.blocks_kept_together(
        [
            title,
            *pdf.grid_table_blocks(fields, cells),
            *([pdf.small_sentence_block(pdf.escape(in_a_line))] if sound else []),
        ]
    )


def _outage_count_and_longest_text(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Return count and longest outage of a device: "3 times, the longest on 8 Oct 13:42–13:55: no paper"."""
    if not rows:
        return ""
    worst = max(rows, key=lambda row: row["minutes"])
    return ntr(
        lang,
        "{n} time, on {date} {times}: {cause}",
        "{n} times, the longest on {date} {times}: {cause}",
        len(rows),
        date=date_short(date.fromisoformat(worst["date"]), lang),
        times=time_span_text(worst, lang),
        cause=device_down_cause_words(worst["cause"], lang),
    )


def _outage_list_text(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    said = [f"{device_down_cause_words(row['cause'], lang)} {time_span_text(row, lang)}" for row in rows[:MOST_OUTAGES]]
    if more := max(0, len(rows) - MOST_OUTAGES):
        said.append(more_in_workbook_text(more, lang))
    return " · ".join(said)


APART = 24.0
HALF = (pdf.WIDTH - APART) / 2
LEFT_HALF, RIGHT_HALF = pdf.HorizontalPlace(pdf.LEFT, HALF), pdf.HorizontalPlace(pdf.RIGHT - HALF, HALF)
MOST_ROWS, MOST_ITEMS = 8, 12
BY_SERVICE, BY_LABEL = "by_service", "by_label"

Row = Mapping[str, Any]
Rows = Sequence[Row] | None


def share_percent_text(rate: float | None) -> str:
    """Return "77.5 %"."""
    return UNKNOWN if rate is None else f"{percent_text(rate)} %"


def part_of_all_text(row: Row, *, tight: bool = True) -> str:
    """Return "7 / 310"."""
    return f"{whole_number_text(row['n'])} / {whole_number_text(row['of'])}" if row["of"] or not tight else UNKNOWN


def shares_by_service_blocks(measures: Row, names: ReportSetups, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the shares of each service; for those without a form, the minutes saved."""
    found = [
        (words, measures.get(figure.key) or {})
        for figure, words in figure_titles.FIGURES_IN_WORDS
        if BY_SERVICE in words.sheets
    ]
    found = [(words, own) for words, own in found if own.get("n") or not words.is_quiet]
    rows = [{row["code"]: row for row in own.get(BY_SERVICE, ())} for _words, own in found]
    known = dict.fromkeys(code for of_figure in rows for code in of_figure)
    codes = [code for code in known if any(code in of_figure and of_figure[code]["of"] for of_figure in rows)]
    if not codes:
        return []
    fields = [pdf.GridColumn(tr(lang, "Service", context="report"), is_text=True)]
    for words, own in found:
        fields += [pdf.GridColumn(words.said(lang), bold=True), pdf.GridColumn(tr(lang, "n of m", context="report"))]
        fields += [pdf.GridColumn(tr(lang, "Saved, min"))] if own.get("minutes_each") else []
    cells = []
    for code in codes:
        row = [names.service_name(code, lang)]
        for (_words, own), of_figure in zip(found, rows, strict=True):
            row += _share_and_count_cells(of_figure.get(code))
            if each := own.get("minutes_each"):
                row += [whole_number_text(each * of_figure[code]["n"]) if code in of_figure else UNKNOWN]
        cells.append(row)
    return [pdf.heading_block(tr(lang, "By service")), *pdf.grid_table_blocks(fields, cells)]


def _share_and_count_cells(row: Row | None) -> list[str]:
    return [share_percent_text(row["rate"]), part_of_all_text(row)] if row and row["of"] else [UNKNOWN, UNKNOWN]


def shares_by_kiosk_key_blocks(
    words: figure_titles.ShareFigureTexts, found: Row | None, names: ReportSetups, lang: str, place: pdf.HorizontalPlace
) -> list[pdf.BlockWithinPage]:
    """Return the kiosk's keys that led to a share, the most frequent first."""
    rows = [row for row in (found or {}).get(BY_LABEL) or () if row["n"]]
    if not rows:
        return []
    rows.sort(key=lambda row: (-row["n"], -(row["rate"] or 0)))
    fields = [
        pdf.GridColumn(tr(lang, "Button pressed"), is_text=True),
        pdf.GridColumn(words.said(lang), bold=True),
        pdf.GridColumn(tr(lang, "n of m", context="report")),
    ]
    cells = [
        [names.service_and_item_name(row["service"], row["item"], lang), *_share_and_count_cells(row)]
        for row in rows[:MOST_ROWS]
    ]
    return [
        pdf.heading_block(tr(lang, words.headings[BY_LABEL]), place=place),
        *pdf.grid_table_blocks(fields, cells, place),
    ]


def figure_by_item_blocks(
    figure: FigureDefinition, words: figure_titles.ShareFigureTexts, measures: Row, names: ReportSetups, lang: str
) -> list[pdf.BlockWithinPage]:
    """Return what a figure counts for each item, the most requested first; nothing if nobody named one."""
    found = measures.get(figure.key) or {}
    rows = sorted(found.get(figure.splits[0].key) or (), key=lambda row: -row["of"])
    if not any(row["item"] for row in rows):
        return []
    title, *columns = (
        tr(lang, words.columns[key], context="column") for key in ("", "of", "minutes", "n", "elsewhere")
    )
    fields = [
        pdf.GridColumn(tr(lang, "Item", context="figure"), is_text=True),
        *(pdf.GridColumn(column) for column in columns),
    ]
    is_told = any(row["n"] for row in rows)  # Where nobody noted a return, nothing is known of returns.
    cells = [
        [
            names.service_and_item_name(row["service"], row["item"], lang),
            whole_number_text(row["of"]),
            decimal_text(row["minutes"] / row["of"]),
            share_percent_text(row["rate"]) if is_told else UNKNOWN,
            whole_number_text(served_elsewhere_count(measures, row)),
        ]
        for row in rows[:MOST_ITEMS]
    ]
    blocks = [pdf.heading_block(title), *pdf.grid_table_blocks(fields, cells)]
    more = len(rows) - MOST_ITEMS
    return [*blocks, pdf.small_sentence_block(more_in_workbook_text(more, lang))] if more > 0 else blocks


def duration_columns(lang: str) -> list[pdf.GridColumn]:
    return [
        pdf.GridColumn(tr(lang, "n", context="report")),
        pdf.GridColumn(tr(lang, "Mean", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "Median", context="report")),
        pdf.GridColumn(tr(lang, "90 % within")),
    ]


def count_mean_median_p90_cells(row: Row) -> list[str]:
    return [
        whole_number_text(row["n"]),
        decimal_text(row["mean"]),
        decimal_text(row["median"]),
        decimal_text(row["p90"]),
    ]


def windows_by_service_count_blocks(rows: Rows, lang: str) -> list[pdf.BlockWithinPage]:
    """Return windows for a single service compared with windows for several; nothing if there is only one kind."""
    if not rows or len(rows) < 2:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Windows", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Finished", context="report")),
        pdf.GridColumn(tr(lang, "Waits, n")),
        pdf.GridColumn(tr(lang, "Mean wait"), bold=True),
        pdf.GridColumn(tr(lang, "90 % within")),
        pdf.GridColumn(tr(lang, "Handling, n")),
        pdf.GridColumn(tr(lang, "Handling", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "90 % within")),
    ]
    cells = [
        [
            window_kind_text(row["kind"], lang),
            whole_number_text(row["finished"]),
            whole_number_text(row["wait"]["n"]),
            decimal_text(row["wait"]["mean"]),
            decimal_text(row["wait"]["p90"]),
            whole_number_text(row["handling"]["n"]),
            decimal_text(row["handling"]["mean"]),
            decimal_text(row["handling"]["p90"]),
        ]
        for row in rows
    ]
    title = pdf.heading_block(tr(lang, "Windows for one service or several"), tr(lang, "times in minutes"))
    return pdf.blocks_kept_together([title, *pdf.grid_table_blocks(fields, cells)])


def window_kind_text(code: str, lang: str) -> str:
    """Return which services a kind of window serves."""
    known = {"single": tr(lang, "for one service"), "several": tr(lang, "for several services")}
    return known.get(code, code)


def hall_share_of_services_blocks(
    found: Row | None, names: ReportSetups, lang: str, place: pdf.HorizontalPlace
) -> list[pdf.BlockWithinPage]:
    """Return the hall's share of a service in the months that other channels reported."""
    rows = found.get("hall_share", ()) if found else ()
    if not rows:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Service", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "In the hall"), bold=True),
        pdf.GridColumn(tr(lang, "n of m", context="report")),
    ]
    cells = [
        [
            names.service_name(row["service"], lang),
            share_percent_text(row["share"]),
            part_of_all_text({"n": row["hall"], "of": row["hall"] + row["elsewhere"]}),
        ]
        for row in rows
    ]
    return [pdf.heading_block(tr(lang, "The hall's share"), place=place), *pdf.grid_table_blocks(fields, cells, place)]


# -- targets and rules of a day ----------------------------------------------------------------------------------------


def target_verdicts_and_rules_blocks(figures: Row, names: ReportSetups, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the targets in force on a day with their verdicts, and the day's rules."""
    rows = target_table(figures, lang)
    blocks = [pdf.heading_block(tr(lang, "Targets", context="report")), *rows] if rows else []
    return [*blocks, *day_rules_small_print(figures, names, lang)]
