"""A day's windows as a page of A4, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.day import HalfHour, StaffingDay
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.staffing.forecasting import staffing_document
from queuedesk.files.writing import write_file
from queuedesk.i18n import day_report, named, tr
from queuedesk.i18n.names import service_name
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.staffing import staffing_words as words
from queuedesk.reports.draw.charts import chart_height, draw_chart
from queuedesk.reports.draw.grids import fitted
from queuedesk.reports.draw.head_and_foot import head, plain_footer
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, RED, RIGHT, Block, Sheet
from queuedesk.reports.draw.pictures import staffing_chart
from queuedesk.reports.draw.prose import Prose, boxed
from queuedesk.reports.figures.cells import Cell, safe
from queuedesk.reports.figures.figure_words import joined

WIDTH = RIGHT - LEFT
CELL, ROW = 8.4, 12.6
PANEL = 94.0
HEAD = 15.0
FIRST = 0.11
"""The share of the table's width that its first column has; the others share the rest."""


def staffing_pdf(setup: Setup, found: StaffingDay, lang: str, local_now: datetime, printed_by: str | None) -> bytes:
    """Return the page as a PDF in `lang`."""
    hall = named(setup.hall.name, setup.hall.name_en, lang)
    title = tr(lang, "Windows for a day")
    day = day_report(found.date, lang)
    kind = words.pay_day_text(found.forecast.pay_day, lang)
    sheet = Sheet(" · ".join((hall, title, day)), hall, lang)
    top = head(hall, title, day, [text for text in (kind, words.goal_text(found.goal, lang)) if text])
    blocks = [top, *staffing_blocks(setup, found, lang), small_print(words.error_lines(found.error, lang), lang)]
    return sheet.flow(fitted(blocks), plain_footer(local_now, lang, printed_by))


def staffing_blocks(setup: Setup, found: StaffingDay, lang: str) -> list[Block]:
    """Return the page below its head: the main points in sentences, both charts, the figures."""
    return [staffing_sentences(setup, found, lang), *staffing_figures(found, lang)]


def staffing_figures(found: StaffingDay, lang: str) -> list[Block]:
    """Return both charts and the figures half-hour by half-hour."""
    return [*_picture(staffing_chart(found, lang)), *_table(found, lang)]


def windows_picture(found: StaffingDay, lang: str) -> list[Block]:
    """Return the chart of the windows needed alone; nothing where neither need nor roster is known."""
    chart = staffing_chart(found, lang)
    is_known = found.forecast.is_known or found.has_roster
    return _picture(replace(chart, panels=chart.panels[:1])) if is_known else []


def _picture(chart: Chart) -> list[Block]:
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


def _columns(found: StaffingDay, lang: str) -> list[_Column]:
    """Return the columns that have anything to say: nobody has come yet to a day that is ahead."""
    columns = [
        _Column(tr(lang, "Expected", context="people"), lambda one: decimal(one.people.mean if one.people else None)),
        _Column(tr(lang, "Range", context="people"), _range),
        _Column(tr(lang, "Came", context="people"), lambda one: whole(one.came)),
        _Column(tr(lang, "Busy windows"), lambda one: decimal(one.load)),
        _Column(tr(lang, "Needed", context="windows"), _needed, warns=True),
        _Column(tr(lang, "Roster", context="windows"), lambda one: whole(one.planned), warns=True),
        _Column(tr(lang, "At work"), lambda one: decimal(one.at_work)),
    ]
    return [column for column in columns if any(column.cell(one) != UNKNOWN for one in found.half_hours)]


def _range(one: HalfHour) -> str:
    return UNKNOWN if one.people is None else f"{one.people.low}–{one.people.high}"


def _needed(one: HalfHour) -> str:
    return whole(one.needed) if one.needed == one.needed_busy else f"{one.needed}–{one.needed_busy}"


def _table(found: StaffingDay, lang: str) -> list[Block]:
    columns = _columns(found, lang)
    rights = [LEFT + WIDTH * (FIRST + (1 - FIRST) * (i + 1) / len(columns)) for i in range(len(columns))]

    def top(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 10, tr(lang, "Half hour"), CELL, colour=INK2)
        for right, column in zip(rights, columns, strict=True):
            sheet.text(right, y + 10, column.title, CELL, colour=INK2, at="right")
        sheet.line([(LEFT, y + HEAD), (RIGHT, y + HEAD)], width=0.9, colour=INK)

    opening = Block(HEAD, top, gap=14, keep=True)
    return [opening, *(_line(one, opening, list(zip(rights, columns, strict=True))) for one in found.half_hours)]


def _line(one: HalfHour, opening: Block, columns: Sequence[tuple[float, _Column]]) -> Block:
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


# A day's windows as a file: JSON as the command prints it, CSV with a row for each half hour, a page of A4.

ENDINGS = (".pdf", ".csv", ".json")
"""The kinds of file that `write` makes."""
_COLUMNS = ("from", "mean", "low", "high", "came", "load", "needed", "needed_busy", "planned", "at_work")


def write(
    desk: Desk,
    found: StaffingDay,
    path: str | Path,
    *,
    lang: str,
    now: datetime,
    printed_by: str | None = None,
) -> Path:
    """Write the day, replacing the file as a whole; return its path.

    Raises:
        OutsideError: "cannot_write" for the file, or what the database raises.
        ValueError: an ending that is none of ENDINGS.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"no staffing as {ending!r}")
    setup = looking.setup_of(desk)
    if ending == ".pdf":
        content = staffing_pdf(setup, found, lang, setup.local(now), printed_by)
    elif ending == ".csv":
        names = {code: service_name(setup, code, lang) for code in found.keeps}
        content = staffing_csv(found, names, words.error_lines(found.error, lang))
    else:
        content = (json.dumps(staffing_document(found), ensure_ascii=False, indent=2) + "\n").encode()
    write_file(target, content)
    return target


def staffing_csv(found: StaffingDay, names: dict[str, str], remarks: list[str]) -> bytes:
    """Return what the day is based on, a row for each half-hour, and a row for each service; `remarks` come last."""
    document = staffing_document(found)
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    people, goal = document["people"], document["target"]
    rows.writerow(["date", "pay_day", "days", "mean", "low", "high", "came", "target_share", "target_minutes"])
    rows.writerow(
        [document["date"], _cell(document["pay_day"]), document["days"]]
        + [_cell(people[key]) for key in ("mean", "low", "high", "came")]
        + [goal["share"], goal["minutes"]]
    )
    rows.writerow([])
    rows.writerow([*_COLUMNS, "short_of"])
    for one in document["half_hours"]:
        short = " ".join(f"{each['service']}:{each['needed']}>{each['planned']}" for each in one["short_of"])
        rows.writerow([*(_cell(one[key]) for key in _COLUMNS), _cell(short)])
    rows.writerow([])
    rows.writerow(["service", "mean", "low", "high", "handling", "handling_n", "name"])
    for one in document["services"]:
        cells = [one[key] for key in ("code", "mean", "low", "high", "handling", "handling_n")]
        rows.writerow([_cell(cell) for cell in (*cells, names[one["code"]])])
    if remarks:
        rows.writerow([])
        rows.writerows([_cell(each)] for each in remarks)
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> Cell:
    return safe(value) if isinstance(value, str) else "" if value is None else value
