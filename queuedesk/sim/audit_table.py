"""Reads a table that is to be audited, CSV or a workbook, into the lines that the audit takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.audit_cells import DISSATISFIED, MONTH, NEEDED, SATISFIED, STATED, Line, columns_of
from queuedesk.sim.table import LONGEST_CELL, SEPARATORS
from queuedesk.sim.workbook import MOST_COLUMNS, MOST_LINES_ABOVE, Cells, read_sheets


@dataclass(frozen=True, slots=True)
class AuditTable:
    """A table's lines; `digest` is the SHA-256 of the file in hex."""

    path: Path
    lines: tuple[Line, ...]
    digest: str


def read_audit_table(path: Path) -> AuditTable:
    """Read a table with the columns month, satisfied, dissatisfied and stated_percent, in English or Chinese.

    Other columns are passed over, as are lines above the header; of a workbook it is the first sheet that has such a
    header.

    Raises:
        RuleError: "columns_missing".
        OutsideError: "no_such_file", "cannot_read", "not_a_table".
    """
    sheets, digest, is_book = read_sheets(path, lambda day: f"{day:%Y-%m}")
    for cells in sheets:
        for place, (_number, head) in enumerate(cells[:MOST_LINES_ABOVE]):
            columns = columns_of(head)
            if columns is not None:
                # In a CSV file a cell too many is a figure torn at its comma; in a workbook it is somebody's note.
                width = MOST_COLUMNS if is_book else len(head)
                lines = tuple(_line(number, typed, columns, width) for number, typed in cells[place + 1 :])
                return AuditTable(path, lines, digest.hex())
    raise _no_header(path, sheets[0] if sheets else [])


def _line(number: int, typed: Sequence[str], columns: dict[str, int], width: int) -> Line:
    def cell(name: str) -> str:
        place = columns.get(name)
        return "" if place is None or place >= len(typed) else typed[place].strip()[:LONGEST_CELL]

    month, satisfied, dissatisfied, stated = (cell(name) for name in (MONTH, SATISFIED, DISSATISFIED, STATED))
    torn_cells = any(_holds_lines(one) for one in (month, satisfied, dissatisfied, stated))
    is_torn = torn_cells or any(one.strip() for one in typed[width:])
    return Line(number, month, satisfied, dissatisfied, stated, is_torn)


def _holds_lines(cell: str) -> bool:
    """Whether lines of the table ended up in one cell, as behind a quotation mark that nobody closed."""
    return "\n" in cell and any(sign in cell for sign in SEPARATORS)


def _no_header(path: Path, cells: Cells) -> RuleError:
    """Return the refusal that names the columns missing in the line that comes nearest to a header."""
    best = list(NEEDED)
    for _number, head in cells[:MOST_LINES_ABOVE]:
        missing = [
            name for name in NEEDED if columns_of([*head, *(other for other in NEEDED if other != name)]) is None
        ]
        best = min(best, missing, key=len)
    return RuleError("columns_missing", path=str(path), columns=best)
