"""A table that people keep, in a CSV file or a workbook, read as text cells with the number of their line."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, iterparse
from zipfile import BadZipFile, ZipFile

from msgspec import Struct

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.imports import NumericCellText, half_width_text
from queuedesk.files import reading

SEPARATORS = (",", ";", "\t")
ColumnNames = Mapping[str, Sequence[str]]
"""The columns of a table, each with the other names that its header may have, English and Chinese."""
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")
_CLOCK = re.compile(r"(?:1899[-/]12[-/]3[01][ T])?(\d{1,2})[:：](\d\d)(?::00(?:\.0+)?)?(?: ?([ap])\.?m\.?)?", re.I)
LONGEST_CELL = 1000


class BadLine(Struct, frozen=True):
    """What is wrong with a line of a file; the header is line 1."""

    line: int
    error: RuleError


class TableRow(Struct, frozen=True):
    """One line's cells by column, stripped of spaces; a column that the file lacks is empty."""

    line: int
    cells: Mapping[str, str]

    def cell_text(self, column: str) -> str | None:
        """Return a cell as it was typed, None where it is empty."""
        return self.cells.get(column) or None

    def code(self, column: str) -> str | None:
        """Return a cell that holds a code or a figure, full-width digits converted; None if it is empty."""
        return half_width_text(self.cells.get(column, "")).strip() or None

    def cell_date_text(self, column: str) -> str:
        """Return a cell's date as "2026-05-03" however a spreadsheet writes it, anything else as it was typed."""
        typed = self.code(column) or ""
        parts = _DATE.fullmatch(typed)
        return f"{parts[1]}-{parts[2]:0>2}-{parts[3]:0>2}" if parts else typed

    def cell_clock_text(self, column: str) -> str:
        """Return a cell's time of day as "14:30" however a spreadsheet writes it, anything else as it was typed."""
        typed = self.code(column) or ""
        parts = _CLOCK.fullmatch(typed)
        if parts is None or (parts[3] and not 1 <= int(parts[1]) <= 12):
            return typed
        hour = int(parts[1]) if parts[3] is None else int(parts[1]) % 12 + 12 * (parts[3] in "pP")
        return f"{hour}:{parts[2]}"


class FileTable(Struct, frozen=True):
    """A file's rows. `digest` identifies its content, `bad` are lines that are no rows, `header` is the header's."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    bad: tuple[BadLine, ...]
    digest: bytes
    header: int = 1


def bad_rows_refusal(path: Path, bad: Iterable[BadLine]) -> RuleError:
    """Return the one refusal that names every bad line, in order: RuleError "bad_rows"."""
    ordered = sorted(bad, key=lambda one: one.line)
    return RuleError("bad_rows", path=str(path), lines=[(line.line, line.error) for line in ordered])


def read_table(path: Path, names: ColumnNames) -> FileTable:
    """Read a workbook (.xlsx, .ods) or a CSV file with the columns `names`; every cell of a row must be below one.
    Raises as read_workbook_or_csv()."""
    known = {other: name for name, others in names.items() for other in (name, *others)}

    def is_header(cells: Sequence[str]) -> bool:
        return len({known[cell] for cell in cells if cell in known}) > 1

    return read_sheet_with_header(path, is_header, known)


def read_csv_cells(path: Path) -> tuple[list[tuple[int, list[str]]], bytes]:
    """Return the lines of a CSV file that have anything in them, each with its number and its cells as typed, and the
    content's digest. Raises as read_workbook_or_csv()."""
    content = reading.read_input_file(path, reading.LARGEST_TABLE)
    text = _decode_table(content)
    if text is None or not text.strip() or "\0" in text:
        raise OutsideError("not_a_table", path=str(path))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_detect_separator(text))
    found: list[tuple[int, list[str]]] = []
    try:
        start, room = 1, reading.MOST_CELLS
        for cells in lines:
            line, start = start, lines.line_num + 1
            if any(cell.strip() for cell in cells):
                found.append((line, cells))
                room -= len(cells)
                if len(found) > reading.MOST_ROWS or room < 0:
                    raise reading.too_large_error(path, rows=reading.MOST_ROWS)
    except csv.Error as error:
        raise OutsideError("not_a_table", path=str(path)) from error
    return found, hashlib.sha256(content).digest()


def check_columns(table: FileTable, names: ColumnNames, needed: Sequence[str]) -> None:
    """Refuse a header with unknown columns, a column twice, or a needed one missing: RuleError "bad_rows"."""
    typed = dict.fromkeys(table.columns)
    bad = [RuleError("unknown_column", column=c) for c in typed if c not in names]
    bad += [RuleError("column_twice", column=c, names=names.get(c)) for c in typed if table.columns.count(c) > 1]
    bad += [RuleError("column_missing", column=c, names=names[c]) for c in needed if c not in table.columns]
    if bad:
        raise bad_rows_refusal(table.path, [BadLine(table.header, error) for error in bad])


def refuse_duplicate_columns(table: FileTable, used: Iterable[str]) -> None:
    """Refuse a header that has a used column twice: RuleError "bad_rows"."""
    twice = [column for column in dict.fromkeys(used) if column and table.columns.count(column) > 1]
    if twice:
        wrong = [BadLine(table.header, RuleError("column_twice", column=column)) for column in twice]
        raise bad_rows_refusal(table.path, wrong)


def _decode_table(content: bytes) -> str | None:
    """Return the text of a file as spreadsheets save it; UTF-8 is tried first, for GB 18030 takes nearly anything."""
    is_utf_16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    encodings = ("utf-16",) if is_utf_16 else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding).lstrip("\ufeff")
        except UnicodeError:
            continue
    return None


def _detect_separator(text: str) -> str:
    """Return what parts the cells of the first line that has several; a title may stand above it."""
    lines = text.splitlines()
    header = next((line for line in lines if any(sign in line for sign in SEPARATORS)), lines[0])
    return max(SEPARATORS, key=header.count)


def row_rule_error(columns: Sequence[str], cells: Sequence[str]) -> RuleError | None:
    """Return why the cells are no row, None if they are one."""
    if any(cell.strip() for cell in cells[len(columns) :]):
        return RuleError("too_many_cells", n=len(columns))
    for column, cell in zip(columns, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            return RuleError("bad_value", field=column, value=cell[:20], why="too_long")
        if any(not sign.isprintable() and not sign.isspace() for sign in cell):
            return RuleError("bad_value", field=column, value=None, why="not_a_choice")
    return None


# The sheets of a file that people keep: a workbook's with their cells as they are shown, or the one table of a CSV
# file.

MOST_COLUMNS, MOST_DIGITS = 200, 12
MOST_LINES_ABOVE = 20
"""Titles and notes may stand above the header."""
_ARCHIVE = b"PK\x03\x04"
_GUARD = re.compile(r"^'(?=[=+\-@\t\r])")  # our own CSV files put it before what a spreadsheet would carry out
_DECIMALS = re.compile(r"0(?:\.(0+))?")

# What a damaged workbook makes its reader stumble over: a torn archive, XML that is none, parts that are missing or of
# another kind.
_BROKEN = (
    *(BadZipFile, zlib.error, struct.error, EOFError, SyntaxError, NotImplementedError, RuntimeError),
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError),
)

Cells = list[tuple[int, list[str]]]
DateText = Callable[[date], str]


def read_workbook_or_csv(path: Path, date_text: DateText = date.isoformat) -> tuple[list[Cells], bytes, bool]:
    """Return the sheets of a workbook (.xlsx, .ods), or the one table of a CSV file in UTF-8 or GB 18030, the content's
    SHA-256 and whether it is a workbook. `date_text` is how a workbook's dates are written. Raises OutsideError
    "no_such_file", "cannot_read", "too_large" (mb or rows), "not_a_table"."""
    if reading.has_leading_bytes(path, _ARCHIVE):  # Even a workbook cut short.
        return *_read_workbook(path, date_text), True
    cells, digest = read_csv_cells(path)
    return [cells], digest, False


def read_sheet_with_header(
    path: Path, is_header: Callable[[Sequence[str]], bool], known: Mapping[str, str] | None = None
) -> FileTable:
    """Return the first sheet that has a header, from there on; without one its first line is used. `known` gives
    columns by what their header says; then no notes may stand beside the table. Raises as read_workbook_or_csv()."""
    sheets, digest, is_book = read_workbook_or_csv(path, date.isoformat if known is None else _moment_text)
    for cells in sheets:
        for place, (_line, typed) in enumerate(cells[:MOST_LINES_ABOVE]):
            if is_header(normalised_column_names(typed)):
                return _make_table(path, cells[place:], digest, is_book, known)
    return _make_table(path, next(filter(None, sheets), []), digest, is_book, known)


def normalised_column_names(typed: Sequence[str]) -> list[str]:
    """Return a header's cells in the normal form of column names."""
    return [half_width_text(cell).strip().lower() for cell in typed]


def _moment_text(value: date) -> str:
    has_time = isinstance(value, datetime) and value.time() != time()
    return f"{value:%Y-%m-%d %H:%M:%S}" if has_time else date.isoformat(value)


def _make_table(path: Path, cells: Cells, digest: bytes, is_book: bool, known: Mapping[str, str] | None) -> FileTable:
    if not cells:
        raise OutsideError("not_a_table", path=str(path))
    columns = [(known or {}).get(name, name) for name in normalised_column_names(cells[0][1])]
    rows: list[TableRow] = []
    bad: list[BadLine] = []
    for line, typed in cells[1:]:
        # Beside a workbook's table stand notes; in a CSV file a cell too many, an empty one too, tells of a figure torn
        # at its comma.
        own = typed[: len(columns)] if is_book and known is None else typed
        is_torn = known is None and len(own) > len(columns)
        fault = RuleError("too_many_cells", n=len(columns)) if is_torn else row_rule_error(columns, own)
        if fault is not None:
            bad.append(BadLine(line, fault))
        elif any(cell.strip() for cell in own):
            cells_of_it = (cell.strip() if is_book else _GUARD.sub("", cell.strip()) for cell in own)
            rows.append(TableRow(line, {c: cell for c, cell in zip(columns, cells_of_it, strict=False) if c}))
    named = tuple(column for column in columns if column)
    return FileTable(path, named, tuple(rows), tuple(bad), digest, cells[0][0])


def _read_workbook(path: Path, date_text: DateText) -> tuple[list[Cells], bytes]:
    import openpyxl  # type: ignore[import-untyped]

    try:
        content = reading.read_input_file(path, reading.LARGEST_TABLE)
        with ZipFile(io.BytesIO(content)) as pack:
            if sum(part.file_size for part in pack.infolist()) > reading.LARGEST_UNPACKED:
                raise reading.too_large_error(path, mb=reading.LARGEST_UNPACKED // reading.MB)
            if _is_ods(pack):
                parts = groupby(_ods_rows(path, pack.read("content.xml"), date_text), itemgetter(0))
                sheets = [_rows_with_content(path, (row[1:] for row in rows)) for _sheet, rows in parts]
                return sheets, hashlib.sha256(content).digest()
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        with closing(book):
            return [_cells_of_sheet(path, sheet, date_text) for sheet in book.worksheets], hashlib.sha256(
                content
            ).digest()
    except _BROKEN as error:
        raise OutsideError("not_a_table", path=str(path)) from error


def _cells_of_sheet(path: Path, sheet: Any, date_text: DateText) -> Cells:
    sheet.reset_dimensions()  # What a sheet says of its own size is often wrong.
    rows = (
        [_cell_text(cell.value, getattr(cell, "number_format", ""), date_text) for cell in row]
        for row in sheet.iter_rows(max_col=MOST_COLUMNS)
    )
    return _rows_with_content(path, enumerate(rows, start=1))


def _rows_with_content(path: Path, rows: Iterable[tuple[int, list[str]]]) -> Cells:
    """Return the rows that have anything in them. Raises OutsideError "too_large" for more than a table can have."""
    found: Cells = []
    room = reading.MOST_CELLS
    for number, typed in rows:
        while typed and not typed[-1]:
            typed.pop()
        if typed:
            found.append((number, typed))
            room -= len(typed)
            if len(found) > reading.MOST_ROWS or room < 0:
                raise reading.too_large_error(path, rows=reading.MOST_ROWS)
    return found


def _cell_text(value: Any, number_format: str, date_text: DateText) -> str:
    """Return a cell as a person reads it: a date as `date_text` writes it, a figure with the decimals that its format
    shows."""
    if value is None:
        return ""
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, time):
        return f"{value:%H:%M:%S}".removesuffix(":00")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value).strip()
    shown = number_format.split(";", maxsplit=1)[0] if number_format else ""
    is_percent = "%" in shown
    figure = Decimal(repr(value))
    if not figure.is_finite() or figure.adjusted() > MOST_DIGITS:
        return str(value)
    if is_percent:
        figure = figure.scaleb(2)
    decimals = _DECIMALS.search(shown)
    if decimals is not None:
        figure = figure.quantize(Decimal(1).scaleb(-len(decimals[1] or "")), ROUND_HALF_UP)
    elif figure == figure.to_integral_value():
        figure = figure.to_integral_value()
    return NumericCellText(f"{figure:f}%" if is_percent else f"{figure:f}")


# -- OpenDocument spreadsheets (.ods), as LibreOffice and others save them ---------------------------------------------

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")
)
_ODS_TIME = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")
_MOST_ALIKE = 1000
"""Rows and cells that repeat: beyond that they are the empty rest of a sheet."""


def _is_ods(pack: ZipFile) -> bool:
    """Return whether an archive says of itself that it is such a spreadsheet."""
    return "mimetype" in pack.namelist() and pack.read("mimetype").startswith(_ODS)


def _ods_rows(path: Path, content: bytes, date_text: DateText) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the rows that have anything in them: sheet, number and cells as they are shown, times of day as "8:30".
    Raises ValueError for a content that is none: with entities of its own, or no XML; OutsideError "too_large"."""
    if b"<!DOCTYPE" in content or b"\0" in content:  # It could make a small file as large as it likes.
        raise ValueError("entities")
    table, sheet, number, room = Element(""), 0, 0, reading.MOST_ROWS
    for event, part in iterparse(io.BytesIO(content), ("start", "end")):
        if part.tag == f"{_TABLE}table" and event == "start":
            table, sheet, number = part, sheet + 1, 0
        elif part.tag == f"{_TABLE}table-row" and event == "end":
            cells = _cells_of_ods_row(part, date_text)
            repeats = int(part.get(f"{_TABLE}number-rows-repeated", "1"))
            for n in range(min(repeats, _MOST_ALIKE) if any(cells) else 0):
                yield sheet, number + n + 1, cells
                room -= 1
            if room < 0:
                raise reading.too_large_error(path, rows=reading.MOST_ROWS)
            number += repeats
            table.clear()  # A row that was read takes no memory.


def _cells_of_ods_row(row: Element, date_text: DateText) -> list[str]:
    found: list[str] = []
    for cell in row:
        if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            repeats = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), MOST_COLUMNS - len(found))
            found += [_text_of_ods_cell(cell, date_text)] * repeats
    return found


def _text_of_ods_cell(cell: Element, date_text: DateText) -> str:
    kind, moment = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_OFFICE}date-value")
    if kind == "date" and moment:
        return date_text(datetime.fromisoformat(moment))
    span = _ODS_TIME.fullmatch(cell.get(f"{_OFFICE}time-value") or "")
    if kind == "time" and span:
        hours, minutes, seconds = (int(figure or 0) for figure in span.groups())
        return f"{hours}:{minutes:02d}:{seconds:02d}".removesuffix(":00")
    shown = "\n".join("".join(part.itertext()) for part in cell.findall(f"{_TEXT}p")).strip()
    return _ods_cell_figure_text(shown, cell.get(f"{_OFFICE}value"), is_percent=kind == "percentage")


def _ods_cell_figure_text(shown: str, value: str | None, *, is_percent: bool) -> str:
    """Return a number as a workbook's is written, with as many decimals as are shown in the signs of its own country;
    any other cell as it is shown."""
    digits = re.sub(r"\D", "", shown)
    figure = Decimal(value or "NaN").scaleb(2 if is_percent else 0)
    if not digits or not figure.is_finite() or figure.adjusted() > MOST_DIGITS:
        return shown
    for decimals in range(len(digits)):
        rounded = figure.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if re.sub(r"\D", "", f"{rounded:f}") == digits:
            return NumericCellText(f"{rounded:f}%" if is_percent else f"{rounded:f}")
    return shown
