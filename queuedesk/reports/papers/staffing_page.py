"""A day's windows as blocks of a page: sentences, charts, figures half-hour by half-hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import HalfHour, StaffingDay
from queuedesk.i18n import staffing as words
from queuedesk.i18n import tr
from queuedesk.i18n.names import UNKNOWN, decimal, whole
from queuedesk.reports.draw.charts import chart_height, draw_chart
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, RED, RIGHT, Block, Prose, Sheet, boxed, escape
from queuedesk.reports.draw.pictures import staffing_chart
from queuedesk.reports.figures.figure_words import joined

WIDTH = RIGHT - LEFT
CELL, ROW = 8.4, 12.6
PANEL = 94.0
HEAD = 15.0
FIRST = 0.11
"""The share of the table's width that its first column has; the others share the rest."""


def staffing_figures(found: StaffingDay, lang: str) -> list[Block]:
    return [*_chart_block(staffing_chart(found, lang)), *_half_hour_table(found, lang)]


def windows_picture(found: StaffingDay, lang: str) -> list[Block]:
    """Return the chart of the windows needed alone; nothing where neither need nor roster is known."""
    chart = staffing_chart(found, lang)
    is_known = found.forecast.is_known or found.has_roster
    return _chart_block(replace(chart, panels=chart.panels[:1])) if is_known else []


def _chart_block(chart: Chart) -> list[Block]:
    height = chart_height(chart, PANEL * len(chart.panels))
    return [Block(height, lambda sheet, y: draw_chart(sheet, y, height, chart), gap=10)] if chart.panels else []


def staffing_sentences(setup: Setup, found: StaffingDay, lang: str) -> Block:
    """Return a box: what the forecast rests on, how many people are expected, where the roster is short."""
    said = [words.rests_on(found, lang), words.total_text(found, lang)]
    if found.forecast.is_known:
        said += words.gap_lines(setup, found, lang)
    if found.backlog is not None:
        said.append(words.backlog_text(setup, found.backlog, lang))
    proses = [Prose(escape(text), 9.4, WIDTH - 24, leading=1.4) for text in said if text]
    return boxed(proses)


class _Column(Struct, frozen=True):
    """A column of figures: its title, its cell, whether it is red where the roster lacks windows."""

    title: str
    cell: Callable[[HalfHour], str]
    warns: bool = False


def _filled_columns(found: StaffingDay, lang: str) -> list[_Column]:
    """Return the columns that have anything to say: nobody has come yet to a day that is ahead."""
    columns = [
        _Column(tr(lang, "Expected", context="people"), lambda one: decimal(one.people.mean if one.people else None)),
        _Column(tr(lang, "Range", context="people"), _people_range),
        _Column(tr(lang, "Came", context="people"), lambda one: whole(one.came)),
        _Column(tr(lang, "Busy windows"), lambda one: decimal(one.load)),
        _Column(tr(lang, "Needed", context="windows"), _windows_needed_text, warns=True),
        _Column(tr(lang, "Roster", context="windows"), lambda one: whole(one.planned), warns=True),
        _Column(tr(lang, "At work"), lambda one: decimal(one.at_work)),
    ]
    return [column for column in columns if any(column.cell(hour) != UNKNOWN for hour in found.half_hours)]


def _people_range(one: HalfHour) -> str:
    return UNKNOWN if one.people is None else f"{one.people.low}–{one.people.high}"


def _windows_needed_text(one: HalfHour) -> str:
    return whole(one.needed) if one.needed == one.needed_busy else f"{one.needed}–{one.needed_busy}"


def _half_hour_table(found: StaffingDay, lang: str) -> list[Block]:
    columns = _filled_columns(found, lang)
    rights = [LEFT + WIDTH * (FIRST + (1 - FIRST) * (i + 1) / len(columns)) for i in range(len(columns))]

    def top(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 10, tr(lang, "Half hour"), CELL, colour=INK2)
        for right, column in zip(rights, columns, strict=True):
            sheet.text(right, y + 10, column.title, CELL, colour=INK2, at="right")
        sheet.line([(LEFT, y + HEAD), (RIGHT, y + HEAD)], width=0.9, colour=INK)

    opening = Block(HEAD, top, gap=14, keep=True)
    return [
        opening,
        *(_half_hour_line(hour, opening, list(zip(rights, columns, strict=True))) for hour in found.half_hours),
    ]


def _half_hour_line(one: HalfHour, opening: Block, columns: Sequence[tuple[float, _Column]]) -> Block:
    lacks = (one.gap or 0) > 0

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9.4, clock_text(one.start_min), CELL)
        for right, column in columns:
            red = lacks and column.warns
            sheet.text(right, y + 9.4, column.cell(one), CELL, colour=RED if red else INK, bold=red, at="right")
        sheet.line([(LEFT, y + ROW), (RIGHT, y + ROW)], width=0.4)

    return Block(ROW, draw, head=opening)


def small_print(told: Sequence[str], lang: str) -> Block:
    """Return the remark `told`, and how windows are counted."""
    prose = Prose(escape(joined([*told, words.method_text(lang)], lang)), 8.0, WIDTH, colour=INK2, leading=1.4)
    return prose.block(gap=10)
