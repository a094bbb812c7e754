"""A day's windows as blocks of a page: sentences, charts, figures half-hour by half-hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import StaffingDay, StaffingHalfHour
from queuedesk.i18n import staffing as words
from queuedesk.i18n import tr
from queuedesk.i18n.names import UNKNOWN, decimal_text, whole_number_text
from queuedesk.reports.draw import pdf as pdf_paper
from queuedesk.reports.draw.charts import chart_height_from_panels, draw_chart
from queuedesk.reports.draw.pictures import staffing_charts_by_half_hour
from queuedesk.reports.figures.figure_words import sentences_joined

WIDTH = pdf_paper.RIGHT - pdf_paper.LEFT
CELL, ROW = 8.4, 12.6
PANEL = 94.0
HEAD = 15.0
FIRST = 0.11
"""The share of the table's width that its first column has; the others share the rest."""


def staffing_charts_and_table(found: StaffingDay, lang: str) -> list[pdf_paper.BlockWithinPage]:
    return [*_chart_block(staffing_charts_by_half_hour(found, lang)), *_half_hour_table(found, lang)]


def windows_needed_chart_blocks(found: StaffingDay, lang: str) -> list[pdf_paper.BlockWithinPage]:
    """Return the chart of the windows needed alone; nothing where neither need nor roster is known."""
    chart = staffing_charts_by_half_hour(found, lang)
    is_known = found.forecast.has_enough_past_days or found.has_roster
    return _chart_block(replace(chart, panels=chart.panels[:1])) if is_known else []


def _chart_block(chart: Chart) -> list[pdf_paper.BlockWithinPage]:
    height = chart_height_from_panels(chart, PANEL * len(chart.panels))
    return (
        [pdf_paper.BlockWithinPage(height, lambda sheet, y: draw_chart(sheet, y, height, chart), gap=10)]
        if chart.panels
        else []
    )


def staffing_sentences_box(setup: Setup, found: StaffingDay, lang: str) -> pdf_paper.BlockWithinPage:
    """Return a box: what the forecast rests on, how many people are expected, where the roster is short."""
    said = [words.forecast_basis_text(found, lang), words.expected_and_came_text(found, lang)]
    if found.forecast.has_enough_past_days:
        said += words.roster_gap_lines(setup, found, lang)
    if found.backlog is not None:
        said.append(words.backlog_windows_text(setup, found.backlog, lang))
    proses = [pdf_paper.WrappedMarkup(pdf_paper.escape(text), 9.4, WIDTH - 24, leading=1.4) for text in said if text]
    return pdf_paper.paragraphs_in_tinted_box(proses)


class _HalfHourTableColumn(Struct, frozen=True):
    """A column of figures: its title, its cell, whether it is red where the roster lacks windows."""

    title: str
    cell: Callable[[StaffingHalfHour], str]
    warns: bool = False


def _columns_with_values(found: StaffingDay, lang: str) -> list[_HalfHourTableColumn]:
    """Return the columns that have anything to say: nobody has come yet to a day that is ahead."""
    columns = [
        _HalfHourTableColumn(
            tr(lang, "Expected", context="people"), lambda one: decimal_text(one.people.mean if one.people else None)
        ),
        _HalfHourTableColumn(tr(lang, "Range", context="people"), _people_range_text),
        _HalfHourTableColumn(tr(lang, "Came", context="people"), lambda one: whole_number_text(one.came)),
        _HalfHourTableColumn(tr(lang, "Busy windows"), lambda one: decimal_text(one.load)),
        _HalfHourTableColumn(tr(lang, "Needed", context="windows"), _windows_needed_text, warns=True),
        _HalfHourTableColumn(
            tr(lang, "Roster", context="windows"), lambda one: whole_number_text(one.planned), warns=True
        ),
        _HalfHourTableColumn(tr(lang, "At work"), lambda one: decimal_text(one.at_work)),
    ]
    return [column for column in columns if any(column.cell(hour) != UNKNOWN for hour in found.half_hours)]


def _people_range_text(one: StaffingHalfHour) -> str:
    return UNKNOWN if one.people is None else f"{one.people.low}–{one.people.high}"


def _windows_needed_text(one: StaffingHalfHour) -> str:
    return whole_number_text(one.needed) if one.needed == one.needed_busy else f"{one.needed}–{one.needed_busy}"


def _half_hour_table(found: StaffingDay, lang: str) -> list[pdf_paper.BlockWithinPage]:
    columns = _columns_with_values(found, lang)
    rights = [pdf_paper.LEFT + WIDTH * (FIRST + (1 - FIRST) * (i + 1) / len(columns)) for i in range(len(columns))]

    def draw_head(sheet: pdf_paper.PdfSheet, y: float) -> None:
        sheet.draw_text(pdf_paper.LEFT, y + 10, tr(lang, "Half hour"), CELL, colour=pdf_paper.INK2)
        for right, column in zip(rights, columns, strict=True):
            sheet.draw_text(right, y + 10, column.title, CELL, colour=pdf_paper.INK2, at="right")
        sheet.draw_line([(pdf_paper.LEFT, y + HEAD), (pdf_paper.RIGHT, y + HEAD)], width=0.9, colour=pdf_paper.INK)

    opening = pdf_paper.BlockWithinPage(HEAD, draw_head, gap=14, keep=True)
    return [
        opening,
        *(
            _one_half_hour_row_block(hour, opening, list(zip(rights, columns, strict=True)))
            for hour in found.half_hours
        ),
    ]


def _one_half_hour_row_block(
    one: StaffingHalfHour, opening: pdf_paper.BlockWithinPage, columns: Sequence[tuple[float, _HalfHourTableColumn]]
) -> pdf_paper.BlockWithinPage:
    lacks = (one.missing_window_count or 0) > 0

    def draw_block(sheet: pdf_paper.PdfSheet, y: float) -> None:
        sheet.draw_text(pdf_paper.LEFT, y + 9.4, clock_text(one.start_min), CELL)
        for right, column in columns:
            red = lacks and column.warns
            sheet.draw_text(
                right,
                y + 9.4,
                column.cell(one),
                CELL,
                colour=pdf_paper.RED if red else pdf_paper.INK,
                bold=red,
                at="right",
            )
        sheet.draw_line([(pdf_paper.LEFT, y + ROW), (pdf_paper.RIGHT, y + ROW)], width=0.4)

    return pdf_paper.BlockWithinPage(ROW, draw_block, head=opening)


def window_count_small_print_block(told: Sequence[str], lang: str) -> pdf_paper.BlockWithinPage:
    """Return the remark `told`, and how windows are counted."""
    prose = pdf_paper.WrappedMarkup(
        pdf_paper.escape(sentences_joined([*told, words.window_count_method_text(lang)], lang)),
        8.0,
        WIDTH,
        colour=pdf_paper.INK2,
        leading=1.4,
    )
    return prose.page_block(gap=10)
