"""Reads a table that is to be audited, CSV or a workbook, into the lines that the audit takes."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, is_zipfile

from queuedesk.core.audit_cells import DISSATISFIED, MONTH, NEEDED, SATISFIED, STATED, Line, columns_of
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.sim.table import LARGEST, LONGEST_CELL, read_cells

MOST_LINES_ABOVE = 20
"""Titles and notes may stand above the header."""
MOST_ROWS, MOST_COLUMNS, MOST_DIGITS = 100_000, 200, 12
_DECIMALS = re.compile(r"0(?:\.(0+))?")

# What a damaged workbook makes its reader stumble over: a torn archive, XML that is none, parts that are missing or of another kind.
_BROKEN = (
    *(BadZipFile, zlib.error, struct.error, EOFError, SyntaxError, NotImplementedError, RuntimeError),
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError),
)

Cells = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class AuditTable:
    """A table's lines; `digest` is the SHA-256 of the file in hex."""

    path: Path
    lines: tuple[Line, ...]
    digest: str


def read_audit_table(path: Path) -> AuditTable:
    """Read a table with the columns month, satisfied, dissatisfied and stated_percent, in English or Chinese.

    Other columns are passed over, as are lines above the header; of a workbook it is the first sheet that has such a header.

    Raises:
        RuleError: "columns_missing".
        OutsideError: "no_such_file", "cannot_read", "not_a_table".
    """
    is_book = path.is_file() and is_zipfile(path)
    if is_book:
        sheets, digest = _workbook(path)
    else:
        cells, found = read_cells(path)
        sheets, digest = [cells], found.hex()
    for cells in sheets:
        for place, (_number, head) in enumerate(cells[:MOST_LINES_ABOVE]):
            columns = columns_of(head)
            if columns is not None:
                # In a CSV file a cell too many is a figure torn at its comma; in a workbook it is somebody's note.
                width = MOST_COLUMNS if is_book else len(head)
                lines = tuple(_line(number, typed, columns, width) for number, typed in cells[place + 1 :])
                return AuditTable(path, lines, digest)
    raise _no_header(path, sheets[0] if sheets else [])


def _line(number: int, typed: Sequence[str], columns: dict[str, int], width: int) -> Line:
    def cell(name: str) -> str:
        place = columns.get(name)
        return "" if place is None or place >= len(typed) else typed[place].strip()[:LONGEST_CELL]

    is_torn = any(one.strip() for one in typed[width:])
    return Line(number, cell(MONTH), cell(SATISFIED), cell(DISSATISFIED), cell(STATED), is_torn)


def _no_header(path: Path, cells: Cells) -> RuleError:
    """Return the refusal that names the columns missing in the line that comes nearest to a header."""
    best = list(NEEDED)
    for _number, head in cells[:MOST_LINES_ABOVE]:
        missing = [
            name for name in NEEDED if columns_of([*head, *(other for other in NEEDED if other != name)]) is None
        ]
        best = min(best, missing, key=len)
    return RuleError("columns_missing", path=str(path), columns=best)


# -- workbooks ----------------------------------------------------------------------------------------------------------


def _workbook(path: Path) -> tuple[list[Cells], str]:
    """Return the sheets of a workbook with their cells as a person reads them, and the file's digest."""
    import openpyxl  # type: ignore[import-untyped]

    try:
        if path.stat().st_size > LARGEST:
            raise OutsideError("not_a_table", path=str(path))
        content = path.read_bytes()
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        with closing(book):
            return [_cells(sheet) for sheet in book.worksheets], hashlib.sha256(content).hexdigest()
    except _BROKEN as error:
        raise OutsideError("not_a_table", path=str(path)) from error
    except OSError as error:
        raise OutsideError("cannot_read", path=str(path)) from error


def _cells(sheet: Any) -> Cells:
    sheet.reset_dimensions()  # What a sheet says of its own size is often wrong.
    found: Cells = []
    rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
    for number, row in enumerate(rows, start=1):
        typed = [_text(cell.value, getattr(cell, "number_format", "")) for cell in row]
        if any(typed):
            found.append((number, typed))
    return found


def _text(value: Any, number_format: str) -> str:
    """Return a cell as a person reads it: a date as its month, a figure with the decimals that its format shows."""
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return f"{value.year:04d}-{value.month:02d}"
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
    return f"{figure:f}%" if is_percent else f"{figure:f}"
