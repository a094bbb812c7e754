"""Reads a table that is to be audited, CSV or a workbook, into the lines that the audit takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import NumericCellText
from queuedesk.features.table_check.rules import reading
from queuedesk.files import table as table_files


class AuditTable(Struct, frozen=True):
    """A table's lines; `digest` is the SHA-256 of the file in hex."""

    path: Path
    lines: tuple[reading.TypedLine, ...]
    header: reading.TableHeader
    digest: str


def read_audit_table(path: Path) -> AuditTable:
    """Read a table with the columns month, satisfied, dissatisfied and stated_percent, in English or Chinese.

    Other columns are passed over, as are lines above the header, which may have two lines; of a workbook it is the
    first sheet that has such a header.

    Raises:
        RuleError: "columns_missing", "bad_rows" for a column that several groups have.
        OutsideError: "no_such_file", "cannot_read", "not_a_table"."""
    sheets, digest, is_book = table_files.read_workbook_or_csv(path, lambda day: f"{day:%Y-%m}")
    for cells in sheets:
        for place, (number, head) in enumerate(cells[: table_files.MOST_LINES_ABOVE]):
            under = cells[place + 1][1] if place + 1 < len(cells) else []
            double = reading.two_line_header(head, under)
            header = double or reading.header_from_one_line(head)
            if header is None:
                continue
            if header.twice:
                wrong = [
                    table_files.BadLine(number + 1, RuleError("column_twice", column=column)) for column in header.twice
                ]
                raise table_files.bad_rows_refusal(path, wrong)
            # In a CSV file a cell too many is a figure torn at its comma; in a workbook it is somebody's note.
            width = table_files.MOST_COLUMNS if is_book else max(len(head), len(under) if double else 0)
            first = place + (2 if double else 1)
            lines = tuple(_typed_line_from_cells(line, typed, header, width) for line, typed in cells[first:])
            return AuditTable(path, lines, header, digest.hex())
    raise _missing_columns_error(path, sheets[0] if sheets else [])


def _typed_line_from_cells(
    number: int, typed: Sequence[str], header: reading.TableHeader, width: int
) -> reading.TypedLine:
    def cell_text(name: str) -> str:
        place = header.places.get(name)
        text = "" if place is None or place >= len(typed) else typed[place]
        return text if isinstance(text, NumericCellText) else text.strip()[: table_files.LONGEST_CELL]

    month, satisfied, dissatisfied, stated = (
        cell_text(name) for name in (reading.MONTH, reading.SATISFIED, reading.DISSATISFIED, reading.STATED)
    )
    levels = {name: cell_text(name) for name in header.places if name in reading.LEVELS}
    torn_cells = any(_contains_table_lines(one) for one in (month, satisfied, dissatisfied, stated, *levels.values()))
    is_torn = torn_cells or any(one.strip() for one in typed[width:])
    return reading.TypedLine(number, month, satisfied, dissatisfied, stated, is_torn, cell_text(reading.TOTAL), levels)


def _contains_table_lines(cell: str) -> bool:
    """Whether lines of the table ended up in one cell, as behind a quotation mark that nobody closed."""
    return "\n" in cell and any(sign in cell for sign in table_files.SEPARATORS)


def _missing_columns_error(path: Path, cells: table_files.Cells) -> RuleError:
    """Return the refusal that names the columns missing in the line that comes nearest to a header."""
    best = list(reading.NEEDED)
    for _number, head in cells[: table_files.MOST_LINES_ABOVE]:
        missing = [
            name
            for name in reading.NEEDED
            if reading.known_column_indexes([*head, *(other for other in reading.NEEDED if other != name)]) is None
        ]
        best = min(best, missing, key=len)
    return RuleError("columns_missing", path=str(path), columns=best)
