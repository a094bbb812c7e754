"""Writes the same rows as the files that spreadsheets save."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

import openpyxl

Value = str | int | date | time
CELL = '<table:table-cell office:value-type="{kind}"{value}><text:p>{text}</text:p></table:table-cell>'
SPACE = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0"'
NAMES = " ".join(map(SPACE.format, ("office", "table", "text")))


def write_rows(path: Path, rows: Sequence[Sequence[Value]], encoding: str = "utf-8", separator: str = ",") -> Path:
    """Write a workbook, an OpenDocument spreadsheet or a text file, as the file's ending says. In a workbook dates and
    times are cells of their own kind; in a text file they are written as Chinese spreadsheets do."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        book.save(path)
    elif path.suffix == ".ods":
        write_ods(path, *("".join(map(_ods_cell, row)) for row in rows))
    else:
        lines = [separator.join(map(_text, row)) for row in rows]
        path.write_text("\r\n".join([*lines, ""]), encoding=encoding, newline="")
    return path


def write_ods(path: Path, *rows: str, before: str = "", encoding: str = "utf-8") -> Path:
    """Write an OpenDocument spreadsheet of these rows, above 900,000 empty ones as programs write them."""
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    rest = '<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row>'
    head = f'<?xml version="1.0" encoding="{encoding}"?>{before}<office:document-content {NAMES}>'
    content = f"{head}<table:table>{body}{rest}</table:table></office:document-content>"
    with ZipFile(path, "w") as pack:
        pack.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        pack.writestr("content.xml", content.encode(encoding))
    return path


def ods_text(shown: str) -> str:
    return CELL.format(kind="string", value="", text=escape(shown))


def _ods_cell(value: Value) -> str:
    if isinstance(value, time):
        moment = f' office:time-value="PT{value:%H}H{value:%M}M{value:%S}S"'
        return CELL.format(kind="time", value=moment, text=f"{value:%I:%M %p}")
    if isinstance(value, date):
        return CELL.format(kind="date", value=f' office:date-value="{value.isoformat()}"', text=f"{value:%d.%m.%y}")
    return ods_text(str(value))


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value.year}/{value.month}/{value.day} {value:%H:%M}"
    return f"{value.year}/{value.month}/{value.day}" if isinstance(value, date) else str(value)


def charts_of(sheet: Any) -> list[Any]:
    return list(sheet._charts)


def must_print(book: openpyxl.Workbook) -> None:
    """Assert that each sheet prints one page wide on A4 with its head and a footer on every page, and charts whole."""
    for sheet in book.worksheets:
        page = sheet.page_setup
        assert (page.paperSize, page.fitToWidth or 1, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, 1, True), (
            sheet
        )
        assert sheet.print_title_rows.startswith("$1:"), sheet
        assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == ("&A", "&P / &N"), sheet
        widths = [part.width * (part.max - part.min + 1) for part in sheet.column_dimensions.values()]
        charts = charts_of(sheet)
        if charts or sum(widths) > 130:
            assert page.orientation == "landscape", sheet
        is_one_page = page.fitToHeight in (None, 1)
        assert all(is_one_page or chart.anchor._from.row == 1 for chart in charts), sheet
        assert is_one_page or page.fitToHeight == 0, sheet
