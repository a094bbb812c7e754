"""Tables that can be taken over again: CSV, or a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from queuedesk.files.writing import write_file
from queuedesk.reports.figures.rates import BOOK, close_workbook, formula_safe_text

NARROWEST, WIDEST, FONT_SIZE = 9, 40, 10
Cell = str | int | Decimal | None


class TitledTable(Struct, frozen=True):
    """A title, a header and rows; figures are numbers, None an empty cell."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_table(table: TitledTable, path: Path, local_now: datetime) -> Path:
    """Write a table as .csv or .xlsx, by the ending. Raises OutsideError "cannot_write", ValueError for others."""
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise ValueError(f"no table as {ending!r}")
    write_file(path, _csv_file_bytes(table) if ending == ".csv" else _workbook_bytes(table, local_now))
    return path


def _csv_file_bytes(table: TitledTable) -> bytes:
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(table.head)
    rows.writerows([_cell_text(cell) for cell in row] for row in table.rows)
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "" if cell is None else formula_safe_text(cell) if isinstance(cell, str) else str(cell)


def _workbook_bytes(table: TitledTable, local_now: datetime) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, BOOK)
    book.set_properties({"title": table.title, "created": local_now.replace(tzinfo=None, microsecond=0)})
    head = book.add_format({"bold": True, "bottom": 1, "font_size": FONT_SIZE})
    plain = book.add_format({"font_size": FONT_SIZE})
    sheet = book.add_worksheet(table.title[:31])
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(table.head):
        sheet.write_string(0, column, title, head)
        widest = max([len(title), *(len(_cell_text(row[column])) for row in table.rows)])
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, widest * 1.4 + 2)))
    for line, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell, plain)
            elif cell is not None:
                sheet.write_number(line, column, float(cell), plain)
    close_workbook(book)
    return content.getvalue()
