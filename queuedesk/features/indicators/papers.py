"""Yearly indicators as a page of A4, and as a table that can be taken over again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from queuedesk.core.charts.chart import HoverTextAndTarget, SurfaceRect
from queuedesk.features.indicators import rules, words
from queuedesk.files.writing import write_file
from queuedesk.i18n import mark, ntr, tr
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.head_and_foot import page_foot_drawer_without_log
from queuedesk.reports.papers.ledger_table import TitledTable, write_table

WIDTH = pdf.RIGHT - pdf.LEFT
CELL, ROW = 8.8, 16.5
AXIS = 8.0
SHARES = (0.25, 0.36, 0.47, 0.56, 0.65, 0.73)
"""Where the table's figures end, as shares of the width; the source takes the rest."""


class IndicatorReportData(Struct, frozen=True, kw_only=True):
    """Every indicator as last reported, with the hall's name, the person who prints it and the time on the hall's
    clock."""

    rows: Sequence[rules.IndicatorWithChange]
    hall: str
    local_now: datetime
    printed_by: str | None = None


def indicators_pdf(book: IndicatorReportData, lang: str) -> bytes:
    """Return the page as a PDF in `lang`; many years continue on more pages."""
    title = tr(lang, "Indicators by year", context="report")
    sheet = pdf.PdfSheet(" · ".join(part for part in (book.hall, title) if part), book.hall or "QueueDesk", lang)
    blocks = [_head_block(book, lang, title)]
    found = rules.indicator_histories(book.rows)
    if found:
        blocks.append(_indicator_years_chart_block(found, lang))
    blocks += _cautions_box_blocks(book, lang)
    for year in sorted({row.indicator.year for row in book.rows}, reverse=True):
        blocks += _year_table_blocks([row for row in book.rows if row.indicator.year == year], year, lang)
    blocks += _small_print_blocks(lang)
    return sheet.paged_pdf(blocks, page_foot_drawer_without_log(book.local_now, lang, book.printed_by))


def _head_block(book: IndicatorReportData, lang: str, title: str) -> pdf.BlockWithinPage:
    years = sorted({row.indicator.year for row in book.rows})
    span = "" if not years else str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    names = {row.indicator.name for row in book.rows}

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        if book.hall:
            sheet.draw_text(pdf.LEFT, y + 4, pdf.cut_text_to_width(book.hall, 10, WIDTH), 10)
        sheet.draw_heading(pdf.LEFT, y + 29, title, 22, level=0)
        sheet.draw_text(pdf.RIGHT, y + 17.5, span, 13.5, bold=True, at="right")
        sheet.draw_text(
            pdf.RIGHT,
            y + 32,
            ntr(lang, "{n} indicator", "{n} indicators", len(names)),
            8.5,
            colour=pdf.INK2,
            at="right",
        )
        sheet.draw_line([(pdf.LEFT, y + 45), (pdf.RIGHT, y + 45)], width=2.1, colour=pdf.INK)

    return pdf.BlockWithinPage(46, draw_block)


def _indicator_years_chart_block(found: Sequence[rules.IndicatorHistory], lang: str) -> pdf.BlockWithinPage:
    years = [str(step.year) for step in found[0].steps]
    rows = [_indicator_years_row(one, lang) for one in found]
    high = rules.years_chart_height(rows, PAGE)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_heading(pdf.LEFT, y + 9, tr(lang, "Through the years"))
        text = tr(lang, "hollow: the year before, as the stated change implies")
        sheet.draw_text(pdf.RIGHT, y + 9, text, AXIS, colour=pdf.INK2, at="right")
        x = pdf.RIGHT - pdf.text_width(text, AXIS) - 8
        sheet.draw_dot(x, y + 6.2, 2.7, pdf.PRIMARY)
        sheet.draw_dot(x, y + 6.2, 1.7, pdf.WHITE)
        draw_marks(
            sheet, rules.lay_out_years_chart(years, rows, PAGE, SurfaceRect(pdf.LEFT, y + 24, WIDTH, high)).marks
        )

    return pdf.BlockWithinPage(24 + high, draw_block, gap=14)


def _indicator_years_row(one: rules.IndicatorHistory, lang: str) -> rules.YearsChartRow:
    known, last = [step for step in one.steps if step.score is not None], one.steps[-1]
    first = words.figure_without_trailing_zeros(known[0].score) if len(known) > 1 and known[0].score is not None else ""
    change = ""
    if len(known) > 1 and last.score is not None and known[-2].year == last.year - 1 and known[-2].score is not None:
        change = words.signed_change_text(last.score - known[-2].score)
    return rules.YearsChartRow(
        name=one.name,
        shares=tuple(None if step.score is None else float(step.score / one.top) for step in one.steps),
        hollow=frozenset(n for n, step in enumerate(one.steps) if step.is_implied),
        first=first,
        last=words.not_reported_word(lang) if last.score is None else words.score_text(last.score, one.top, lang),
        change=change,
        point=HoverTextAndTarget(()),
    )


def _cautions_box_blocks(book: IndicatorReportData, lang: str) -> list[pdf.BlockWithinPage]:
    said = words.caution_sentences(rules.indicator_cautions(book.rows), lang)
    lines = [pdf.WrappedMarkup(pdf.escape(text), 9.6, WIDTH - 24, leading=1.35) for text in said]
    if not lines:
        return []
    height = 31 + sum(line.height + 5 for line in lines)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_box(pdf.LEFT, y, WIDTH, height, fill=pdf.PAPER)
        sheet.draw_heading(pdf.LEFT + 12, y + 20, tr(lang, "How to read this"))
        at = y + 29
        for line in lines:
            line.draw(sheet, pdf.LEFT + 12, at)
            at += line.height + 5

    return [pdf.BlockWithinPage(height, draw_block, gap=14)]


# -- a year's table ----------------------------------------------------------------------------------------------------


def _year_table_blocks(rows: Sequence[rules.IndicatorWithChange], year: int, lang: str) -> list[pdf.BlockWithinPage]:
    heads = [
        tr(lang, "Score", context="field"),
        tr(lang, "Year before", context="column"),
        tr(lang, "Change", context="field"),
        tr(lang, "As stated", context="column"),
        tr(lang, "Weight", context="field"),
    ]

    def figure_cells(row: rules.IndicatorWithChange) -> list[tuple[str, bool, str]]:
        one = row.indicator
        score = words.score_text(one.score, one.top, lang)
        return [
            (score, one.score is not None, pdf.INK if one.score is not None else pdf.INK2),
            (_figure_text_or_dash(row.before), False, pdf.INK),
            (words.signed_change_text(row.change) or "–", False, pdf.INK),
            (words.signed_change_text(one.change) or "–", False, pdf.INK2),
            (_figure_text_or_dash(one.weight), False, pdf.INK2),
        ]

    def draw_year_title(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_heading(pdf.LEFT, y + 9, str(year))

    def draw_head(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_text(pdf.LEFT, y + 11, tr(lang, "Indicator", context="column"), CELL, colour=pdf.INK2)
        for right, text in zip(SHARES[1:], heads, strict=True):
            sheet.draw_text(pdf.LEFT + WIDTH * right, y + 11, text, CELL, colour=pdf.INK2, at="right")
        sheet.draw_text(
            pdf.LEFT + WIDTH * SHARES[-1] + 14, y + 11, tr(lang, "Source", context="field"), CELL, colour=pdf.INK2
        )
        sheet.draw_line([(pdf.LEFT, y + ROW), (pdf.RIGHT, y + ROW)], width=0.9, colour=pdf.INK)

    def row_drawer(row: rules.IndicatorWithChange) -> Callable[[pdf.PdfSheet, float], None]:
        def draw_figure_row(sheet: pdf.PdfSheet, y: float) -> None:
            one = row.indicator
            name = pdf.cut_text_to_width(one.name, CELL, WIDTH * SHARES[0] - 6, bold=one.is_overall)
            sheet.draw_text(pdf.LEFT, y + 11.6, name, CELL, bold=one.is_overall)
            for right, (text, bold, colour) in zip(SHARES[1:], figure_cells(row), strict=True):
                sheet.draw_text(pdf.LEFT + WIDTH * right, y + 11.6, text, CELL, bold=bold, colour=colour, at="right")
            room = WIDTH * (1 - SHARES[-1]) - 14
            source = pdf.cut_text_to_width(one.source, CELL - 0.6, room) if one.source else "–"
            sheet.draw_text(pdf.LEFT + WIDTH * SHARES[-1] + 14, y + 11.6, source, CELL - 0.6, colour=pdf.INK2)
            sheet.draw_line([(pdf.LEFT, y + ROW), (pdf.RIGHT, y + ROW)], colour=pdf.LINE)

        return draw_figure_row

    top = pdf.BlockWithinPage(ROW, draw_head, keep=True, gap=4)
    return [
        pdf.BlockWithinPage(12, draw_year_title, keep=True, gap=16),
        top,
        *(pdf.BlockWithinPage(ROW, row_drawer(row), head=top) for row in rows),
    ]


def _figure_text_or_dash(value: Decimal | None) -> str:
    return "–" if value is None else words.figure_without_trailing_zeros(value)


def _small_print_blocks(lang: str) -> list[pdf.BlockWithinPage]:
    texts = [
        tr(lang, "A score is on its own scale. It is not a share of people and is never turned into a percentage."),
        tr(
            lang,
            "Change: the score less the one reported for the year before, else as stated; scores on different scales are not compared.",
        ),
        tr(lang, "What was not reported stays missing: nothing is filled in, and no mean of indicators is made."),
    ]
    return [
        pdf.WrappedMarkup(pdf.escape(text), 7.4, WIDTH, colour=pdf.INK2, leading=1.36).page_block(
            gap=10 if i == 0 else 1
        )
        for i, text in enumerate(texts)
    ]


# -- as a table, whose heads are among those by which verbs.py knows its columns in both languages --------------------

_INDICATOR_HEADS = (
    mark("Indicator", context="column"),
    mark("Year", context="column"),
    mark("Score", context="column"),
    mark("Scale", context="column"),
    mark("Change", context="column"),
    mark("Weight", context="column"),
    mark("Source", context="column"),
    mark("Year before", context="column"),
)


def write_indicators(book: IndicatorReportData, path: Path, lang: str) -> Path:
    """Write the indicators in the format of the file's ending: .csv, .xlsx or .pdf. Raises OutsideError "cannot_write",
    ValueError for another ending."""
    if path.suffix.lower() == ".pdf":
        write_file(path, indicators_pdf(book, lang))
        return path
    return write_table(indicator_table(book.rows, lang), path, book.local_now)


def indicator_table(rows: Sequence[rules.IndicatorWithChange], lang: str) -> TitledTable:
    """Return a row for each indicator and year, with the words by which the file can be read back."""
    head = [tr(lang, name, context="column") for name in _INDICATOR_HEADS]
    cells = [
        [
            row.indicator.name,
            row.indicator.year,
            row.indicator.score,
            row.indicator.top,
            row.indicator.change,
            row.indicator.weight,
            row.indicator.source,
            row.before,
        ]
        for row in rows
    ]
    return TitledTable(tr(lang, "Indicators by year", context="report"), head, cells)
