"""A table that people keep: a CSV file of any spreadsheet, read as text cells with the number of their line."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.files.reading import LARGEST_TABLE, MOST_CELLS, MOST_ROWS, read_given, too_large

SEPARATORS = (",", ";", "\t")
LONGEST_CELL = 1000


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with a line of a file; the header is line 1."""

    line: int
    error: RuleError


@dataclass(frozen=True, slots=True)
class Row:
    """One line's cells by column, each without spaces around it; a column that the file lacks is empty."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str | None:
        """Return a cell as it was typed, None where it is empty."""
        return self.cells.get(column) or None

    def code(self, column: str) -> str | None:
        """Return a cell that holds a code or a figure, digits typed full-width in their plain form; None where it is
        empty."""
        return half_width(self.cells.get(column, "")).strip() or None


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows. `digest` stands for its content, `bad` are lines that make no row."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    bad: tuple[BadLine, ...]
    digest: bytes


def refused(path: Path, bad: Iterable[BadLine]) -> RuleError:
    """Return the one refusal that names every bad line, in order: RuleError "bad_rows"."""
    ordered = sorted(bad, key=lambda one: one.line)
    return RuleError("bad_rows", path=str(path), lines=[(one.line, one.error) for one in ordered])


def read_table(path: Path) -> Table:
    """Read a CSV file in UTF-8 or as Chinese spreadsheets save it (GB 18030), separated by comma, semicolon or tab.

    Raises OutsideError "no_such_file", "cannot_read", "too_large" (mb or rows), "not_a_table".
    """
    cells, digest = read_cells(path)
    rows: list[Row] = []
    bad: list[BadLine] = []
    columns: tuple[str, ...] = ()
    for line, typed in cells:
        if not columns:
            columns = tuple(half_width(cell).strip().lower() for cell in typed)
            continue
        wrong = fault_of(columns, typed)
        if wrong is not None:
            bad.append(BadLine(line, wrong))
            continue
        named_cells = zip(columns, typed, strict=False)
        rows.append(Row(line, {column: cell.strip() for column, cell in named_cells if column}))
    named = tuple(column for column in columns if column)
    return Table(path, named, tuple(rows), tuple(bad), digest)


def read_cells(path: Path) -> tuple[list[tuple[int, list[str]]], bytes]:
    """Return the lines of a CSV file that have anything in them, each with its number and its cells as typed, and the
    content's digest.

    Raises as read_table().
    """
    content = read_given(path, LARGEST_TABLE)
    text = _decoded(content)
    if text is None or not text.strip() or "\0" in text:
        raise OutsideError("not_a_table", path=str(path))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    found: list[tuple[int, list[str]]] = []
    try:
        start, room = 1, MOST_CELLS
        for cells in lines:
            line, start = start, lines.line_num + 1
            if any(cell.strip() for cell in cells):
                found.append((line, cells))
                room -= len(cells)
                if len(found) > MOST_ROWS or room < 0:
                    raise too_large(path, rows=MOST_ROWS)
    except csv.Error as error:
        raise OutsideError("not_a_table", path=str(path)) from error
    return found, hashlib.sha256(content).digest()


def check_columns(table: Table, known: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse a header with columns that nobody knows, twice the same one, or without one that is needed: RuleError
    "bad_rows"."""
    bad = [RuleError("unknown_column", column=c) for c in dict.fromkeys(table.columns) if c not in known]
    bad += [RuleError("column_twice", column=c) for c in dict.fromkeys(table.columns) if table.columns.count(c) > 1]
    bad += [RuleError("column_missing", column=c) for c in needed if c not in table.columns]
    if bad:
        raise refused(table.path, [BadLine(1, error) for error in bad])


def check_once(table: Table, used: Iterable[str], line: int = 1) -> None:
    """Refuse a header in which a column that is used stands twice: RuleError "bad_rows"."""
    twice = [column for column in dict.fromkeys(used) if column and table.columns.count(column) > 1]
    if twice:
        raise refused(table.path, [BadLine(line, RuleError("column_twice", column=column)) for column in twice])


def _decoded(content: bytes) -> str | None:
    """Return the text of a file as spreadsheets save it; UTF-8 is tried first, for GB 18030 takes nearly anything."""
    is_utf_16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    encodings = ("utf-16",) if is_utf_16 else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding).lstrip("\ufeff")
        except UnicodeError:
            continue
    return None


def _separator(text: str) -> str:
    """Return what parts the cells of the first line that has several; a title may stand above it."""
    lines = text.splitlines()
    header = next((line for line in lines if any(sign in line for sign in SEPARATORS)), lines[0])
    return max(SEPARATORS, key=header.count)


def fault_of(columns: Sequence[str], cells: Sequence[str]) -> RuleError | None:
    """Return what makes the cells no row, None when they are one."""
    if any(cell.strip() for cell in cells[len(columns) :]):
        return RuleError("too_many_cells", n=len(columns))
    for column, cell in zip(columns, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            return RuleError("bad_value", field=column, value=cell[:20], why="too_long")
        if any(not sign.isprintable() and not sign.isspace() for sign in cell):
            return RuleError("bad_value", field=column, value=None, why="not_a_choice")
    return None
