"""A recorded day with something different, on one page of A4: how near it comes to its record, the waits before and
after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from queuedesk.core.setup.rows import Setup
from queuedesk.features.what_if.words import (
    before_and_after,
    change_lines,
    difference,
    inferred_lines,
    interval_line,
    match_line,
    minutes,
    points_difference,
    verdict,
)
from queuedesk.i18n import day_report, named, tr
from queuedesk.i18n.names import lettered, percent, whole
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import chart_height, draw_chart
from queuedesk.reports.draw.head_and_foot import footer, head
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, LINE, RED, RIGHT, Block, Prose, Sheet, boxed, escape

Figures = Mapping[str, Any]
WIDTH = RIGHT - LEFT
HEADING, CELL, ROW = 11.4, 9.0, 16.5
RIGHTS = (176.0, 216.0, 276.0, 336.0, 396.0, RIGHT)
PLOT_HIGH = 170.0
MOST_LINES = 8


def whatif_pdf(figures: Figures, setup: Setup, lang: str, local_now: datetime, printed_by: str | None = None) -> bytes:
    """Return the page as a PDF in `lang`."""
    hall, title = named(setup.hall.name, setup.hall.name_en, lang), tr(lang, "What if", context="report")
    day = day_report(date.fromisoformat(figures["date"]), lang)
    sheet = Sheet(" · ".join((hall, title, day)), hall, lang)
    facts = [tr(lang, "simulated {n} times", n=figures["runs"])]
    blocks = [
        head(hall, title, day, facts),
        _changes(figures, lang),
        _match(figures, lang),
        *_table(figures, setup, lang),
        _picture(figures, lang),
        Prose(escape(interval_line(lang)), 7.4, WIDTH, colour=INK2, leading=1.36).block(gap=10),
    ]
    return sheet.flow(blocks, footer(setup, None, local_now, lang, printed_by))


def _changes(figures: Figures, lang: str) -> Block:
    columns = []
    for name, key in ((tr(lang, "Before", context="column"), "base"), (tr(lang, "After", context="column"), "change")):
        lines = change_lines(figures[key], lang)
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], "…"]
        columns.append((name, lines))
    height = 22 + 13 * max(len(lines) for _name, lines in columns)

    def draw(sheet: Sheet, y: float) -> None:
        for n, (name, lines) in enumerate(columns):
            x = LEFT + n * WIDTH / 2
            sheet.text(x, y + 9, name, HEADING, bold=True)
            for i, line in enumerate(lines):
                sheet.text(x, y + 25 + 13 * i, pdf.shortened(line, CELL, WIDTH / 2 - 12), CELL)

    return Block(height, draw, gap=12)


def _match(figures: Figures, lang: str) -> Block:
    match = figures["match"]
    colour = INK if match["verdict"] == "close" else RED
    proses = [
        Prose(f"<b>{escape(verdict(match, lang))}</b>", 9.6, WIDTH - 24, colour=colour, leading=1.4),
        Prose(
            escape(match_line(match, figures["target_minutes"], figures["runs"], lang)), 9.0, WIDTH - 24, leading=1.4
        ),
    ]
    lines = inferred_lines(figures["inferred"], lang, MOST_LINES)
    proses += [Prose(escape(line), 8.2, WIDTH - 24, colour=INK2, leading=1.4) for line in lines]
    return boxed(proses)


# -- figures -------------------------------------------------------------------------------------------------------


def _table(figures: Figures, setup: Setup, lang: str) -> list[Block]:
    titles = [
        tr(lang, "Waits", context="column"),
        tr(lang, "Recorded", context="column"),
        tr(lang, "Before", context="column"),
        tr(lang, "After", context="column"),
        tr(lang, "Difference (95 of 100 simulations)"),
    ]

    def top(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "Mean wait, minutes"), HEADING, bold=True)
        for right, text in zip(RIGHTS[1:], titles, strict=True):
            room = 160.0 if right == RIGHT else 56.0
            sheet.text(right, y + 25, pdf.shortened(text, 8.2, room), 8.2, colour=INK2, at="right")
        sheet.line([(LEFT, y + 31), (RIGHT, y + 31)], width=0.9, colour=INK)

    top_block = Block(31, top, keep=True, gap=14)
    rows = [(lettered(setup, row["service"], lang), row, False) for row in figures["services"]]
    rows.append((tr(lang, "Everybody"), figures["all"], True))
    blocks = [top_block, *(Block(ROW, _row(name, row, lang, is_sum=last), head=top_block) for name, row, last in rows)]
    return [*blocks, _in_time(figures, lang)]


def _row(name: str, row: Figures, lang: str, *, is_sum: bool) -> Callable[[Sheet, float], None]:
    cells = [
        whole(row["n"]),
        minutes(row["recorded"]["mean"]),
        minutes(row["before"]["mean"]),
        minutes(row["after"]["mean"]),
        difference(row["difference"], lang) or "–",
    ]

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 11.8, pdf.shortened(name, CELL, RIGHTS[0] - LEFT, bold=is_sum), CELL, bold=is_sum)
        for right, text in zip(RIGHTS[1:], cells, strict=True):
            sheet.text(right, y + 11.8, text, CELL, bold=is_sum, at="right")
        sheet.line([(LEFT, y + ROW), (RIGHT, y + ROW)], colour=LINE)

    return draw


def _in_time(figures: Figures, lang: str) -> Block:
    everybody = figures["all"]
    text = tr(
        lang,
        "Called within {minutes} min: {before} % → {after} %, {difference} points. Never called, on average: {lost_before} → {lost_after}.",
        minutes=figures["target_minutes"],
        before=percent(everybody["before"]["within_target"]),
        after=percent(everybody["after"]["within_target"]),
        difference=points_difference(everybody["within_difference"], lang),
        lost_before=minutes(everybody["before"]["not_called"]),
        lost_after=minutes(everybody["after"]["not_called"]),
    )
    return Prose(escape(text), CELL, WIDTH, leading=1.4).block(gap=6)


# -- the picture ---------------------------------------------------------------------------------------------------


def _picture(figures: Figures, lang: str) -> Block:
    chart = before_and_after(figures, lang, title=tr(lang, "Mean wait by the half-hour of arrival, minutes"))
    height = chart_height(chart, PLOT_HIGH)
    return Block(height, lambda sheet, y: draw_chart(sheet, y, height, chart), gap=14)
