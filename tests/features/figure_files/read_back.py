"""Reports read back from tables: every figure under what names it."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from queuedesk.features.figure_files.words import list_name
from tests.reports.read_back import Told, known, plain, table

SHEETS = {
    "en": {
        "hours": "Half-hours",
        "services": "Services",
        "windows": "Windows",
        "staff": "Staff",
        "left_out": "Left out",
        "": "Overview",
    },
    "zh_CN": {
        "hours": "各半小时",
        "services": "各业务",
        "windows": "窗口",
        "staff": "人员",
        "left_out": "没有算进去的",
        "": "总览",
    },
}


def from_csv(path: Path) -> Told:
    """Return the figures of a CSV without what stands beside them: the rates of single dates, and what each figure
    is."""
    tables = _csv_tables(path).items()
    return known(_csv_singles(path)) | known(cell for name, rows in tables for cell in table(name, rows))


def _csv_parts(path: Path) -> list[list[list[str]]]:
    parts: list[list[list[str]]] = [[]]
    for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
        if row:
            parts[-1].append(row)
        else:
            parts.append([])
    return parts


def _csv_singles(path: Path) -> Iterator[tuple[str, str]]:
    for figure, value, _name in _csv_parts(path)[0][1:]:
        yield figure, value


def _csv_tables(path: Path) -> dict[str, list[dict[str, str | None]]]:
    singles, *tables = _csv_parts(path)
    groups = {row[0].partition(".")[0] for row in singles} | {*SHEETS["en"], "targets", "rules"}
    return {
        name: [dict(zip(columns, (cell or None for cell in cells), strict=True)) for cells in rows]
        for [name], columns, *rows in tables
        if name.partition(".")[0] in groups
    }


def from_xlsx(path: Path, beside: Path, lang: str) -> Told:
    """Return the figures of a workbook; its columns have words for titles, so the CSV `beside` it says what stands in
    which."""
    book = load_workbook(path, read_only=True)  # without what is drawn there
    _head, *overview = book[SHEETS[lang][""]].iter_rows(values_only=True)
    found = known((str(row[2]), row[1]) for row in overview)
    for name, there in _csv_tables(beside).items():
        columns = list(there[0])
        _head, *cells = book[SHEETS[lang].get(name) or list_name(name, lang)].iter_rows(values_only=True)
        if name in ("services", "staff"):  # Their names stand beside the codes.
            cells = [(row[0], *row[2:]) for row in cells]
        rows = [dict(zip(columns, map(_text, row[: len(columns)]), strict=True)) for row in cells if any(row)]
        found |= known(table(name, rows))
    book.close()
    return found


def _text(cell: Any) -> Any:
    """Return times as texts, as names of rows have them."""
    return plain(cell) if isinstance(cell, datetime | time) else cell
