"""A pack as a file: on paper, as a workbook, and as commands print it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import ceil
from textwrap import wrap
from typing import Any

import xlsxwriter
from msgspec.structs import asdict, replace

from queuedesk.core.charts.chart import SurfaceRect
from queuedesk.core.charts.layout import lay_out_chart
from queuedesk.core.figures.targets import TargetVerdict
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import LogEndAnchor
from queuedesk.desk.change import Desk
from queuedesk.features.packs.papers.document import (
    PackDocument,
    PackFigure,
    PackTable,
    PackTile,
    pack_document,
    trend_chart,
    without_markup,
)
from queuedesk.features.packs.papers.read import pack_data_of_period
from queuedesk.i18n import tr
from queuedesk.reports.draw import pdf as fonts
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.head_and_foot import Maker, page_foot_drawer, report_head
from queuedesk.reports.figures.period import PeriodReport
from queuedesk.reports.figures.rates import BOOK, close_workbook
from queuedesk.reports.pages.sections import attention_box, draw_verdict_mark, glue_to_one_line

ENDINGS = (".pdf", ".xlsx", ".json")


def pack_pdf_book_and_log_part(
    desk: Desk, period: str, day: date, *, lang: str, now: datetime, printed_by: Maker
) -> tuple[bytes, bytes, Mapping[str, Any]]:
    """Return the pack that is kept by itself, as a PDF and a workbook, with the part of the log that it was made of."""
    pack = pack_data_of_period(desk, period, day, now)
    found = pack_document(pack, lang)
    pdf, book = (pack_file_bytes(found, pack.read, ending, lang, printed_by) for ending in (".pdf", ".xlsx"))
    return pdf, book, pack.figures["log"]


def pack_file_bytes(document: PackDocument, read: PeriodReport, ending: str, lang: str, printed_by: Maker) -> bytes:
    """Return the bytes of one kind of file, one of ENDINGS."""
    if ending == ".pdf":
        return pack_pdf(
            document, lang, setup=read.lead, anchor=read.anchor, local_now=read.local_now, printed_by=printed_by
        )
    if ending == ".xlsx":
        return pack_workbook(document, lang)
    return (json.dumps(pack_as_plain_document(document), ensure_ascii=False, indent=2) + "\n").encode()


def pack_as_plain_document(document: PackDocument) -> dict[str, Any]:
    """Return the pack as commands print it: each figure with its text, value, path and dates."""

    def figure_document(shown: PackFigure) -> dict[str, Any]:
        first, last = shown.span or (document.first, document.last)
        own = {"text": shown.text, "value": shown.value} | ({"why": shown.why} if shown.why else {})
        if not shown.path:
            return own
        return own | {"path": shown.path, "from": first.isoformat(), "to": last.isoformat()}

    return {
        "pack": document.period,
        "from": document.first.isoformat(),
        "to": document.last.isoformat(),
        "hall": document.hall,
        "owner": document.owner,
        "figures": [
            {
                "name": tile.label,
                **figure_document(tile.shown),
                "line": tile.lesser_figures_text,
                "lesser": [figure_document(one) for one in tile.lesser],
                "verdict": tile.verdict,
                "target": tile.told,
            }
            for tile in document.tiles
        ],
        "decide": [
            {"code": one.point.code, "path": one.point.path, "text": without_markup(one.markup)}
            for one in document.points
        ],
        "months": [
            {
                "name": trend.title,
                "figures": [
                    {"month": name, **figure_document(one)} for name, one in zip(trend.months, trend.shown, strict=True)
                ],
            }
            for trend in document.trends
        ],
        "parts": [
            {
                "key": part.key,
                "title": part.title,
                "columns": [asdict(one)["title"] for one in part.columns],
                "rows": [[figure_document(one) for one in row] for row in part.rows],
                "total": [figure_document(one) for one in part.total],
            }
            for part in document.parts
        ],
        "left_out": without_markup(document.last_line),
    }


# -- on paper ----------------------------------------------------------------------------------------------------------

WIDTH = fonts.RIGHT - fonts.LEFT
TILE_HIGH, BIG, LABEL, SECOND, SECOND_LEAST = 62.0, 25.0, 9.2, 8.4, 6.4
TREND_HIGH, TREND_GAP = 110.0, 18.0
NARROW, WIDE = fonts.HorizontalPlace(fonts.LEFT, 236.0), fonts.HorizontalPlace(fonts.LEFT + 254.0, WIDTH - 254.0)
LEFT_SIDE = ("cases", "inspections", "fixes", "halls")
"""The tables at the left; the others stand at the right of them."""
RIGHT_SIDE = ("services", "projects", "notes")
MOST_WHOLE = 30
"""So many rows of what follows stay on one page."""


def pack_pdf(
    document: PackDocument,
    lang: str,
    *,
    setup: Setup,
    anchor: LogEndAnchor | None,
    local_now: datetime,
    printed_by: Maker,
) -> bytes:
    sheet = fonts.PdfSheet(f"{document.hall} · {document.title} · {document.first.isoformat()}", document.hall, lang)
    top = [
        report_head(document.hall, document.title, document.span, document.facts),
        _tiles_block(document.tiles),
        attention_box([one.markup for one in document.points], document.quiet, tr(lang, "What to decide")),
        *_trend_blocks(document, lang),
    ]
    left, right = (
        _blocks_of_tables_in_column(document, keys, place) for keys, place in ((LEFT_SIDE, NARROW), (RIGHT_SIDE, WIDE))
    )
    halves = fonts.two_column_blocks(left, right, above=fonts.blocks_height(top) + 14)
    due = document.table_by_key("due")
    follows = _table_blocks(due, fonts.FULL)
    if due is not None and len(due.rows) <= MOST_WHOLE:
        follows = fonts.blocks_kept_together(follows)
    rest = [*follows, fonts.small_sentence_block(document.last_line, gap=14)]
    return sheet.paged_pdf(
        fonts.blocks_fitted_to_one_page([*top, *halves, *rest]),
        page_foot_drawer(setup, anchor, local_now, lang, printed_by),
    )


# -- the four figures --------------------------------------------------------------------------------------------------


def _tiles_block(tiles: Sequence[PackTile]) -> fonts.BlockWithinPage:
    width = WIDTH / len(tiles)

    def draw_block(sheet: fonts.PdfSheet, y: float) -> None:
        for n, tile in enumerate(tiles):
            _draw_tile(sheet, fonts.LEFT + n * width, y, width - 6, tile)

    return fonts.BlockWithinPage(TILE_HIGH, draw_block, gap=14)


def _draw_tile(sheet: fonts.PdfSheet, x: float, y: float, width: float, tile: PackTile) -> None:
    missed = tile.verdict is TargetVerdict.NOT_MET
    sheet.draw_box(x, y, 2.4, TILE_HIGH, fill=fonts.RED if missed else fonts.PRIMARY)
    at, room = x + 10, width - 10
    sheet.draw_text(at, y + 9.5, tile.label, LABEL, colour=fonts.INK2)
    sheet.draw_text(at, y + 35, tile.shown.text, BIG, bold=True)
    if tile.shown.value is not None:
        sheet.draw_text(at + fonts.text_width(tile.shown.text, BIG, bold=True) + 5, y + 35, tile.unit, 10)
    if tile.verdict is not None:
        if missed:
            _draw_warning_sign(sheet, at, y + 48.5)
        else:
            draw_verdict_mark(sheet, at, y + 48.5, tile.verdict)
        _draw_fitting_text(
            sheet, (at + 11, y + 48.5), tile.told, room - 11, colour=fonts.RED if missed else fonts.INK2, bold=missed
        )
        _draw_fitting_text(sheet, (at, y + 59.5), tile.lesser_figures_text, room)
        return
    for n, text in enumerate(parts_in_up_to_two_lines([one.text for one in tile.lesser], room)):
        _draw_fitting_text(sheet, (at, y + (49, 59.5)[n]), text, room)


def parts_in_up_to_two_lines(parts: Sequence[str], room: float) -> list[str]:
    """Return what stands under a figure, in a second line what the first has no room for."""
    first = 1
    while first < len(parts) and fonts.text_width(" · ".join(parts[: first + 1]), SECOND) <= room:
        first += 1
    return [" · ".join(some) for some in (parts[:first], parts[first:]) if some]


def _draw_warning_sign(sheet: fonts.PdfSheet, x: float, y: float) -> None:
    """Draw a triangle with its stroke and dot on the line of text whose baseline is `y`."""
    sheet.draw_line([(x + 4, y - 7), (x + 8, y), (x, y), (x + 4, y - 7), (x + 8, y)], width=1.1, colour=fonts.RED)
    sheet.draw_line([(x + 4, y - 4.6), (x + 4, y - 2.4)], width=1.0, colour=fonts.RED)
    sheet.draw_dot(x + 4, y - 1.3, 0.6, fonts.RED)


def _draw_fitting_text(
    sheet: fonts.PdfSheet,
    at: tuple[float, float],
    text: str,
    room: float,
    *,
    colour: str = fonts.INK2,
    bold: bool = False,
) -> None:
    size = SECOND
    while size > SECOND_LEAST and fonts.text_width(text, size, bold=bold) > room:
        size -= 0.2
    sheet.draw_text(*at, fonts.cut_text_to_width(text, size, room, bold=bold), size, bold=bold, colour=colour)


# -- six months --------------------------------------------------------------------------------------------------------


def _trend_blocks(document: PackDocument, lang: str) -> list[fonts.BlockWithinPage]:
    drawn = document.drawn_trends
    unit = tr(lang, "each on its own scale; upright lines are 95 % intervals") if drawn else ""
    blocks = [fonts.heading_block(tr(lang, "Six months"), unit, gap=14)]
    width = (WIDTH - 2 * TREND_GAP) / len(document.trends)

    def draw_block(sheet: fonts.PdfSheet, y: float) -> None:
        for n, trend in enumerate(drawn):
            x = fonts.LEFT + n * (width + TREND_GAP)
            sheet.draw_text(x, y + 8, trend.title, 8.4, colour=fonts.INK2)
            rect = SurfaceRect(x, y + 12, width, TREND_HIGH - 12)
            draw_marks(sheet, lay_out_chart(trend_chart(trend), PAGE, rect).marks)

    if drawn:
        blocks.append(fonts.BlockWithinPage(TREND_HIGH, draw_block, gap=2))
    if document.trends_note:
        blocks.append(fonts.small_sentence_block(document.trends_note))
    return fonts.blocks_kept_together(blocks)


# -- tables ------------------------------------------------------------------------------------------------------------


def _blocks_of_tables_in_column(
    document: PackDocument, keys: Sequence[str], place: fonts.HorizontalPlace
) -> list[fonts.BlockWithinPage]:
    return [block for key in keys for block in _table_blocks(document.table_by_key(key), place)]


def _table_blocks(part: PackTable | None, place: fonts.HorizontalPlace) -> list[fonts.BlockWithinPage]:
    if part is None:
        return []
    top = fonts.heading_block(part.title, part.unit, place, gap=14)
    if not part.rows:
        return fonts.blocks_kept_together([top, fonts.small_sentence_block(part.empty, place)])
    fields = [fonts.GridColumn(one.title, is_text=one.is_text, is_whole=one.is_text) for one in part.columns]
    rows = [[cell.text for cell in row] for row in part.rows]
    if part.key == SERVICES:
        rows = [[_unbroken_service_name(name), *figures] for name, *figures in rows]
    late = {(n, i) for n, row in enumerate([*part.rows, part.total]) for i, cell in enumerate(row) if cell.late}
    table = fonts.grid_table_blocks(fields, rows, place, total=[cell.text for cell in part.total] or None, warned=late)
    note = [fonts.small_sentence_block(part.note, place)] if part.note else []
    if note:
        table[-1] = replace(table[-1], keep=True)
    return [top, *table, *note]


def _unbroken_service_name(name: str) -> str:
    """Return a service's name of which the letter never stands alone on a line."""
    letter, blank, rest = name.partition(" ")
    first, *others = rest.split(" ")
    return " ".join([glue_to_one_line(f"{letter}{blank}{first}"), *others])


# -- as a workbook -----------------------------------------------------------------------------------------------------

WIDTHS = (34, 13, 13, 13, 13, 13, 13)
FROM_WIDTHS = (8, 44, 44, 13, 13, 60)
LINE_WIDE, LINE_HIGH, WIDE_FROM = 104, 15, 0x2E7F
"""How many letters a line over all columns holds, how high it is, and from where on letters count as two."""
SERVICES = "services"


def pack_workbook(document: PackDocument, lang: str) -> bytes:
    """Return the workbook in `lang`: the pack, and a sheet of where each of its figures is from."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, BOOK)
    book.set_properties({"title": f"{document.hall} · {document.title} · {document.span}"})
    _PackWorkbookWriter(book, document, lang).write()
    close_workbook(book)
    return content.getvalue()


class _PackWorkbookWriter:
    """Writes the sheets row by row, and notes beside which cell which figure stands."""

    def __init__(self, book: xlsxwriter.Workbook, document: PackDocument, lang: str) -> None:
        self.document, self.lang = document, lang
        self.sheet = book.add_worksheet(tr(lang, "Pack", context="sheet"))
        self.from_sheet = book.add_worksheet(tr(lang, "What figures count", context="sheet"))
        self.row, self.noted = 0, 0
        kinds = {"count": "#,##0", "number": "#,##0.0##", "share": "0.0 %", "text": "@", "wrapped": "@"}
        self.formats = {
            (kind, look): book.add_format(
                {
                    "num_format": text,
                    "bold": look != "plain",
                    "valign": "top",
                    "text_wrap": kind == "wrapped",
                    **({"font_color": fonts.RED} if look == "late" else {}),
                }
            )
            for kind, text in kinds.items()
            for look in ("plain", "bold", "late")
        }
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.heading = book.add_format({"bold": True, "font_size": 12})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.headed = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})

    def write(self) -> None:
        document, lang = self.document, self.lang
        for n, width in enumerate(WIDTHS):
            self.sheet.set_column(n, n, width)
        for n, width in enumerate(FROM_WIDTHS):
            self.from_sheet.set_column(n, n, width)
        figure, path = tr(lang, "Figure", context="pack"), tr(lang, "Path", context="pack")
        titles = (tr(lang, "Cell"), figure, path, tr(lang, "From"), tr(lang, "To"), "")
        for n, title in enumerate(titles):
            self.from_sheet.write_string(0, n, title, self.headed)
        self._write_line(f"{document.hall} · {document.title} · {document.span}", self.title)
        self._write_line(" · ".join(document.facts))
        self.row += 1
        for tile in document.tiles:
            # A share has its sign in the figure.
            unit = "" if tile.shown.value is None or _number_format_key(tile.shown) == "share" else tile.unit
            self._write_row_of_figures([PackFigure(tile.label), tile.shown, PackFigure(unit), PackFigure(tile.told)])
            for one in tile.lesser:
                self._write_row_of_figures([PackFigure(one.text), *([one] if one.value is not None else [])])
        self._write_heading(tr(lang, "What to decide"))
        for n, point in enumerate(document.points, start=1):
            self._write_paragraph(f"{n}. {without_markup(point.markup)}")
        if not document.points:
            self._write_line(document.quiet)
        self._write_heading(tr(lang, "Six months"))
        months = ["", *document.trends[0].months]
        self._write_text_row([PackFigure(month) for month in months], self.headed)
        for trend in document.trends:
            self._write_row_of_figures([PackFigure(trend.title), *trend.shown], titles=months)
        if document.trends_note:
            self._write_line(document.trends_note)
        for part in document.parts:
            self._write_part(part)
        self.row += 1
        self._write_paragraph(without_markup(document.last_line))

    def _write_part(self, part: PackTable) -> None:
        self._write_heading(" · ".join(text for text in (part.title, part.unit) if text))
        if not part.rows:
            self._write_line(part.empty)
            return
        titles = [one.title for one in part.columns]
        self._write_text_row([PackFigure(title) for title in titles], self.headed)
        for row in part.rows:
            self._write_row_of_figures(row, titles=titles)
        if part.total:
            self._write_row_of_figures(part.total, "bold", titles=titles)
        if part.note:
            self._write_paragraph(part.note)

    def _write_heading(self, title: str) -> None:
        self.row += 1
        self._write_line(title, self.heading)

    def _write_line(self, text: str, look: object = None) -> None:
        self.sheet.write_string(self.row, 0, text, look)
        self.row += 1

    def _write_paragraph(self, text: str) -> None:
        """Write a sentence over all columns, in as many lines as it takes."""
        wide = _width_in_letters(text)
        self.sheet.merge_range(self.row, 0, self.row, len(WIDTHS) - 1, text, self.wrapped)
        self.sheet.set_row(self.row, LINE_HIGH * ceil(wide / LINE_WIDE))
        self.row += 1

    def _write_text_row(self, cells: Sequence[PackFigure], look: object) -> None:
        for n, cell in enumerate(cells):
            self.sheet.write_string(self.row, n, cell.text, look)
        self._end_row([_cell_line_count(cell.text, n) for n, cell in enumerate(cells)])

    def _end_row(self, lines: Sequence[int]) -> None:
        """Make the row as high as its longest cell: LibreOffice prints the next line over one that wraps."""
        self.sheet.set_row(self.row, LINE_HIGH * max(lines, default=1))
        self.row += 1

    def _write_row_of_figures(
        self, cells: Sequence[PackFigure], look: str = "plain", titles: Sequence[str] = ()
    ) -> None:
        lines = [1]
        for n, cell in enumerate(cells):
            own = "late" if cell.late else look
            if isinstance(cell.value, (int, float)):
                self.sheet.write_number(self.row, n, cell.value, self.formats[_number_format_key(cell), own])
            elif n + 1 < len(cells) and cells[n + 1].text:  # The next cell would hide what does not fit.
                self.sheet.write_string(self.row, n, cell.text, self.formats["wrapped", own])
                lines.append(_cell_line_count(cell.text, n))
            else:
                self.sheet.write_string(self.row, n, cell.text, self.formats["text", own])
            if cell.path or cell.why:
                named = [cells[1].text if n == 0 else cells[0].text, titles[n] if titles else ""]
                self._write_source_sheet_row(n, cell, ", ".join(filter(None, named)))
        self._end_row(lines)

    def _write_source_sheet_row(self, column: int, cell: PackFigure, name: str) -> None:
        """Note what a cell counts, with a way to it."""
        self.noted += 1
        first, last = cell.span or (self.document.first, self.document.last)
        target = f"{chr(ord('A') + column)}{self.row + 1}"
        self.from_sheet.write_url(self.noted, 0, f"internal:'{self.sheet.get_name()}'!{target}", string=target)
        for n, text in enumerate((name, cell.path, first.isoformat(), last.isoformat(), cell.why), start=1):
            self.from_sheet.write_string(self.noted, n, text)


def _cell_line_count(text: str, column: int) -> int:
    """Return how many lines a text takes in a column; a wide letter counts as two."""
    letters = text + "".join(letter for letter in text if ord(letter) > WIDE_FROM)
    return max(1, len(wrap(letters, WIDTHS[min(column, len(WIDTHS) - 1)])))


def _width_in_letters(text: str) -> int:
    return sum(2 if ord(letter) > WIDE_FROM else 1 for letter in text)


def _number_format_key(cell: PackFigure) -> str:
    if isinstance(cell.value, int):
        return "count"
    return "share" if cell.path.endswith(("rate", "within_target")) or cell.text.endswith("%") else "number"
