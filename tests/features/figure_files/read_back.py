"""Reports read back from tables: every figure under what names it."""

import csv
import io
from datetime import datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from queuedesk.features.figure_files.words import list_sheet_title
from tests.reports.read_back import Told, known, plain, table

PARTS = ("hours", "services", "windows", "staff", "left_out", "")
SHEETS = {
    "en": dict(zip(PARTS, ("Half-hours", "Services", "Windows", "Staff", "Left out", "Overview"), strict=True)),
    "zh_CN": dict(zip(PARTS, ("各半小时", "各业务", "窗口", "人员", "没有算进去的", "总览"), strict=True)),
}


def from_csv(path: Path) -> Told:
    """Return the figures of a CSV, without the rates of single dates and what each figure is."""
    tables = _csv_tables(path).items()
    singles = ((figure, value) for figure, value, _name in csv_parts(path.read_bytes())[0][1:])
    return known(singles) | known(cell for name, rows in tables for cell in table(name, rows))


def csv_parts(content: bytes) -> list[list[list[str]]]:
    """Return the rows of a CSV between its empty lines."""
    parts: list[list[list[str]]] = [[]]
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        if row:
            parts[-1].append(row)
        else:
            parts.append([])
    return parts


def _csv_tables(path: Path) -> dict[str, list[dict[str, str | None]]]:
    singles, *tables = csv_parts(path.read_bytes())
    groups = {row[0].partition(".")[0] for row in singles} | {*SHEETS["en"], "targets", "rules"}
    return {
        name: [dict(zip(columns, (cell or None for cell in cells), strict=True)) for cells in rows]
        for [name], columns, *rows in tables
        if name.partition(".")[0] in groups
    }


def from_xlsx(path: Path, beside: Path, lang: str) -> Told:
    """Return the figures of a workbook; the CSV `beside` it says what its columns are."""
    book = load_workbook(path, read_only=True)  # without what is drawn there
    _head, *overview = book[SHEETS[lang][""]].iter_rows(values_only=True)
    found = known((str(row[2]), row[1]) for row in overview)
    for name, there in _csv_tables(beside).items():
        columns = list(there[0])
        _head, *cells = book[SHEETS[lang].get(name) or list_sheet_title(name, lang)].iter_rows(values_only=True)
        if name in ("services", "staff"):  # Their names stand beside the codes.
            cells = [(row[0], *row[2:]) for row in cells]
        rows = [dict(zip(columns, map(_text, row[: len(columns)]), strict=True)) for row in cells if any(row)]
        found |= known(table(name, rows))
    book.close()
    return found


def _text(cell: Any) -> Any:
    """Return times as texts, as names of rows have them."""
    return plain(cell) if isinstance(cell, datetime | time) else cell
