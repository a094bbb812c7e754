"""Writes the same rows as the files that spreadsheets save."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
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
