"""A day's windows on a page of A4: windows needed beside the roster's, people expected beside those who came, the
figures behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Setup
from queuedesk.core.staffing.day import HalfHour, StaffingDay
from queuedesk.i18n import day_report, named, tr
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.staffing import staffing_words as words
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.footer import plain_footer
from queuedesk.reports.draw.grids import fitted
from queuedesk.reports.draw.headline import head
from queuedesk.reports.draw.pdf import CHART, INK, INK2, LEFT, LINE, RED, RIGHT, Block, Sheet
from queuedesk.reports.draw.prose import Prose, boxed
from queuedesk.reports.figures.words import joined

WIDTH = RIGHT - LEFT
HEADING, CELL, SMALL, ROW = 11.4, 8.4, 7.6, 12.6
PLOT = 94.0
AXIS_ROOM = 22.0
BUSY = "#CFE0DA"
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
    """Return what stands below the page's head: what to know in sentences, both pictures, the figures."""
    blocks = [_sentences(setup, found, lang)]
    if found.forecast.is_known or found.has_roster:
        blocks.append(_windows(found, lang))
    if found.forecast.is_known or found.came:
        blocks.append(_people(found, lang))
    return [*blocks, *_table(found, lang)]


def _sentences(setup: Setup, found: StaffingDay, lang: str) -> Block:
    said = [words.rests_on(found, lang), words.total_text(found, lang)]
    if found.forecast.is_known:
        said += words.gap_lines(setup, found, lang)
    if found.backlog is not None:
        said.append(words.backlog_text(found.backlog, lang))
    proses = [Prose(escape(text), 9.4, WIDTH - 24, leading=1.4) for text in said if text]
    return boxed(proses)


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where half hours and figures lie in a picture whose plot begins at `top`; `most` is the figure at its top."""

    top: float
    most: float
    n: int

    @property
    def step(self) -> float:
        return (WIDTH - AXIS_ROOM) / max(1, self.n)

    @property
    def base(self) -> float:
        return self.top + PLOT

    def x(self, place: float) -> float:
        return LEFT + AXIS_ROOM + self.step * place

    def y(self, figure: float) -> float:
        return self.base - PLOT * min(figure, self.most) / self.most

    def frame(self, sheet: Sheet, half_hours: Sequence[HalfHour]) -> None:
        step = next(each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**6) if self.most / each <= 6)
        for figure in range(0, int(self.most) + 1, step):
            sheet.line([(self.x(0), self.y(figure)), (RIGHT, self.y(figure))], colour=LINE)
            sheet.text(self.x(0) - 5, self.y(figure) + 2.7, str(figure), SMALL, colour=INK2, at="right")
        for place, one in enumerate(half_hours):
            if one.start_min % 60 == 0:
                sheet.text(self.x(place), self.base + 11, clock_text(one.start_min), SMALL, colour=INK2, at="middle")


def _windows(found: StaffingDay, lang: str) -> Block:
    half_hours = found.half_hours
    most = max([1, *(max(one.needed_busy or 0, one.planned or 0, round(one.at_work or 0)) for one in half_hours)]) + 1

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "Windows needed"), HEADING, bold=True)
        keys = [(CHART, tr(lang, "needed")), (BUSY, tr(lang, "on one day in ten"))]
        if found.has_roster:
            keys.append((INK, tr(lang, "in the roster")))
        if any((one.gap or 0) > 0 for one in half_hours):
            keys.insert(1, (RED, tr(lang, "more than the roster has")))
        _keys(sheet, y + 9, keys)
        plot = _Plot(y + 20, most, len(half_hours))
        plot.frame(sheet, half_hours)
        for place, one in enumerate(half_hours):
            x, width = plot.x(place) + 2, plot.step - 4
            if one.needed_busy:
                sheet.box(x, plot.y(one.needed_busy), width, plot.base - plot.y(one.needed_busy), fill=BUSY)
            if one.needed:
                sheet.box(x, plot.y(one.needed), width, plot.base - plot.y(one.needed), fill=CHART)
            if one.needed and one.planned is not None and one.needed > one.planned:
                top, end = plot.y(one.needed), plot.y(one.planned)
                sheet.box(x, top, width, end - top, fill=RED)
        _steps(sheet, plot, [one.planned for one in half_hours])

    return Block(20 + PLOT + 18, draw, gap=14)


def _steps(sheet: Sheet, plot: _Plot, figures: Sequence[int | None]) -> None:
    """Draw the roster as one line of steps, with gaps where it plans nobody."""
    points: list[tuple[float, float]] = []
    for place, figure in enumerate([*figures, None]):
        if figure is None:
            if points:
                sheet.line(points, width=1.8, colour=INK)
            points = []
            continue
        points += [(plot.x(place), plot.y(figure)), (plot.x(place + 1), plot.y(figure))]


def _people(found: StaffingDay, lang: str) -> Block:
    half_hours = found.half_hours
    most = max([1, *(max(one.people.high if one.people else 0, one.came or 0) for one in half_hours)])

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "People"), HEADING, bold=True)
        keys = [(CHART, tr(lang, "expected")), (BUSY, tr(lang, "four times in five"))]
        if any(one.came is not None for one in half_hours):
            keys.append((INK, tr(lang, "came", context="people")))
        _keys(sheet, y + 9, keys)
        plot = _Plot(y + 20, most * 1.08, len(half_hours))
        plot.frame(sheet, half_hours)
        for place, one in enumerate(half_hours):
            x, width = plot.x(place) + 2, plot.step - 4
            if one.people is not None and one.people.high:
                sheet.box(
                    x, plot.y(one.people.high), width, plot.y(one.people.low) - plot.y(one.people.high), fill=BUSY
                )
                mean = plot.y(one.people.mean)
                sheet.line([(x, mean), (x + width, mean)], width=1.8, colour=CHART)
            if one.came is not None:
                sheet.dot(x + width / 2, plot.y(one.came), 2.4)

    return Block(20 + PLOT + 18, draw, gap=12)


def _keys(sheet: Sheet, y: float, keys: Sequence[tuple[str, str]]) -> None:
    """Write what the colours mean, from the right."""
    x = RIGHT
    for colour, text in reversed(keys):
        sheet.text(x, y, text, SMALL, colour=INK2, at="right")
        x -= fonts.width(text, SMALL) + 12
        sheet.box(x, y - 6, 8, 6.5, fill=colour)
        x -= 12


@dataclass(frozen=True, slots=True)
class _Column:
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
    """Return what is `told` and how windows are counted."""
    prose = Prose(escape(joined([*told, words.method_text(lang)], lang)), 8.0, WIDTH, colour=INK2, leading=1.4)
    return prose.block(gap=10)
