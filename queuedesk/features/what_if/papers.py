"""A recorded day with something different, on one page of A4: how near it comes to its record, the waits before and
after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from queuedesk.core.setup.rows import Setup
from queuedesk.features.what_if import words
from queuedesk.i18n import date_for_report, name_in_language, tr
from queuedesk.i18n.names import percent_text, service_letter_and_name, whole_number_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import chart_height_from_panels, draw_chart
from queuedesk.reports.draw.head_and_foot import page_foot_drawer, report_head

Figures = Mapping[str, Any]
WIDTH = pdf.RIGHT - pdf.LEFT
CELL, ROW = 9.0, 16.5
RIGHTS = (176.0, 216.0, 276.0, 336.0, 396.0, pdf.RIGHT)
PLOT_HIGH = 170.0
MOST_LINES = 8


def whatif_pdf(figures: Figures, setup: Setup, lang: str, local_now: datetime, printed_by: str | None = None) -> bytes:
    """Return the page as a PDF in `lang`."""
    hall, title = name_in_language(setup.hall.name, setup.hall.name_en, lang), tr(lang, "What if", context="report")
    day = date_for_report(date.fromisoformat(figures["date"]), lang)
    sheet = pdf.PdfSheet(" · ".join((hall, title, day)), hall, lang)
    facts = [tr(lang, "simulated {n} times", n=figures["runs"])]
    blocks = [
        report_head(hall, title, day, facts),
        _changes_block(figures, lang),
        _match_block(figures, lang),
        *_services_table_blocks(figures, setup, lang),
        _half_hour_chart_block(figures, lang),
        pdf.WrappedMarkup(
            pdf.escape(words.interval_explanation(lang)), 7.4, WIDTH, colour=pdf.INK2, leading=1.36
        ).page_block(gap=10),
    ]
    return sheet.paged_pdf(blocks, page_foot_drawer(setup, None, local_now, lang, printed_by))


def _changes_block(figures: Figures, lang: str) -> pdf.BlockWithinPage:
    columns = []
    for name, key in ((tr(lang, "Before", context="column"), "base"), (tr(lang, "After", context="column"), "change")):
        lines = words.change_lines(figures[key], lang)
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], "…"]
        columns.append((name, lines))
    height = 22 + 13 * max(len(lines) for _name, lines in columns)

    def draw_before_and_after(sheet: pdf.PdfSheet, y: float) -> None:
        for n, (name, lines) in enumerate(columns):
            x = pdf.LEFT + n * WIDTH / 2
            sheet.draw_heading(x, y + 9, name)
            for i, line in enumerate(lines):
                sheet.draw_text(x, y + 25 + 13 * i, pdf.cut_text_to_width(line, CELL, WIDTH / 2 - 12), CELL)

    return pdf.BlockWithinPage(height, draw_before_and_after, gap=12)


def _match_block(figures: Figures, lang: str) -> pdf.BlockWithinPage:
    match = figures["match"]
    colour = pdf.INK if match["verdict"] == "close" else pdf.RED
    proses = [
        pdf.WrappedMarkup(
            f"<b>{pdf.escape(words.match_verdict_text(match, lang))}</b>", 9.6, WIDTH - 24, colour=colour, leading=1.4
        ),
        pdf.WrappedMarkup(
            pdf.escape(words.simulation_match_text(match, figures["target_minutes"], figures["runs"], lang)),
            9.0,
            WIDTH - 24,
            leading=1.4,
        ),
    ]
    lines = words.inferred_facts_lines(figures["inferred"], lang, MOST_LINES)
    proses += [pdf.WrappedMarkup(pdf.escape(line), 8.2, WIDTH - 24, colour=pdf.INK2, leading=1.4) for line in lines]
    return pdf.paragraphs_in_tinted_box(proses)


# -- figures -------------------------------------------------------------------------------------------------------


def _services_table_blocks(figures: Figures, setup: Setup, lang: str) -> list[pdf.BlockWithinPage]:
    titles = [
        tr(lang, "Waits", context="column"),
        tr(lang, "Recorded", context="column"),
        tr(lang, "Before", context="column"),
        tr(lang, "After", context="column"),
        tr(lang, "Difference (95 of 100 simulations)"),
    ]

    def draw_head(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_heading(pdf.LEFT, y + 9, tr(lang, "Mean wait, minutes"))
        for right, text in zip(RIGHTS[1:], titles, strict=True):
            room = 160.0 if right == pdf.RIGHT else 56.0
            sheet.draw_text(right, y + 25, pdf.cut_text_to_width(text, 8.2, room), 8.2, colour=pdf.INK2, at="right")
        sheet.draw_line([(pdf.LEFT, y + 31), (pdf.RIGHT, y + 31)], width=0.9, colour=pdf.INK)

    top_block = pdf.BlockWithinPage(31, draw_head, keep=True, gap=14)
    rows = [(service_letter_and_name(setup, row["service"], lang), row, False) for row in figures["services"]]
    rows.append((tr(lang, "Everybody"), figures["all"], True))
    blocks = [
        top_block,
        *(
            pdf.BlockWithinPage(ROW, _table_row_drawer(name, row, lang, is_sum=last), head=top_block)
            for name, row, last in rows
        ),
    ]
    return [*blocks, _called_within_target_block(figures, lang)]


def _table_row_drawer(name: str, row: Figures, lang: str, *, is_sum: bool) -> Callable[[pdf.PdfSheet, float], None]:
    cells = [
        whole_number_text(row["n"]),
        words.minutes_or_dash(row["recorded"]["mean"]),
        words.minutes_or_dash(row["before"]["mean"]),
        words.minutes_or_dash(row["after"]["mean"]),
        words.difference_with_interval(row["difference"], lang) or "–",
    ]

    def draw_table_row(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_text(
            pdf.LEFT, y + 11.8, pdf.cut_text_to_width(name, CELL, RIGHTS[0] - pdf.LEFT, bold=is_sum), CELL, bold=is_sum
        )
        for right, text in zip(RIGHTS[1:], cells, strict=True):
            sheet.draw_text(right, y + 11.8, text, CELL, bold=is_sum, at="right")
        sheet.draw_line([(pdf.LEFT, y + ROW), (pdf.RIGHT, y + ROW)], colour=pdf.LINE)

    return draw_table_row


def _called_within_target_block(figures: Figures, lang: str) -> pdf.BlockWithinPage:
    everybody = figures["all"]
    text = tr(
        lang,
        "Called within {minutes} min: {before} % → {after} %, {difference} points. Never called, on average: {lost_before} → {lost_after}.",
        minutes=figures["target_minutes"],
        before=percent_text(everybody["before"]["within_target"]),
        after=percent_text(everybody["after"]["within_target"]),
        difference=words.percentage_points_difference_text(everybody["within_difference"], lang),
        lost_before=words.minutes_or_dash(everybody["before"]["not_called"]),
        lost_after=words.minutes_or_dash(everybody["after"]["not_called"]),
    )
    return pdf.WrappedMarkup(pdf.escape(text), CELL, WIDTH, leading=1.4).page_block(gap=6)


# -- the picture ---------------------------------------------------------------------------------------------------


def _half_hour_chart_block(figures: Figures, lang: str) -> pdf.BlockWithinPage:
    chart = words.wait_comparison_chart(figures, lang, title=tr(lang, "Mean wait by the half-hour of arrival, minutes"))
    height = chart_height_from_panels(chart, PLOT_HIGH)
    return pdf.BlockWithinPage(height, lambda sheet, y: draw_chart(sheet, y, height, chart), gap=14)
