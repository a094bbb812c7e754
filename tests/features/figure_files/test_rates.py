"""The rates of a period in files: CSV, XLSX and JSON hold the same, row by row."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH
from queuedesk.features.figure_files.papers.tables import (
    ANSWERS,
    compared_period_word,
    rate_table_title,
    rates_document,
)
from queuedesk.reports.figures.period import PeriodReport, read_period_report
from queuedesk.reports.figures.rates import period_satisfaction_rates
from queuedesk.reports.figures.write import report_file_bytes
from tests.reports.days import DAY, hall
from tests.reports.figures.test_period import AFTER, three_days

TABLES = ["answers", "by_date", "change", "halls", "same_mix", "staff"]


def sections(content: bytes) -> dict[str, list[dict[str, str]]]:
    """Return the tables of a CSV by name."""
    found: dict[str, list[dict[str, str]]] = {}
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for at, row in enumerate(rows):
        if not row and at + 2 < len(rows) and len(rows[at + 1]) == 1:
            body = rows[at + 3 :]
            end = next((i for i, one in enumerate(body) if not one), len(body))
            found[rows[at + 1][0]] = [dict(zip(rows[at + 2], one, strict=True)) for one in body[:end]]
    return found


def in_json(read: PeriodReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report_file_bytes(read, ".json", "en", None))
    return found


def as_rows(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a table of the JSON."""
    return table if isinstance(table, list) else [table] if table else []


def told(cell: Any) -> Any:
    """Return a cell of the JSON, or of a workbook, as the CSV has it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return float(cell) if isinstance(cell, bool | int | float) else cell


def number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def sheet_rows(book: Any, key: str, columns: int) -> list[list[Any]]:
    """Return the rows of a table of the workbook; the figures of a funnel's curves stand beside it."""
    cells = book[rate_table_title(key, "en")].iter_rows(min_row=2, max_col=columns, values_only=True)
    return [list(row) for row in cells if row[0] is not None]


def check(read: PeriodReport) -> dict[str, Any]:
    """Hold the files against each other; return the rates of the JSON."""
    rates: dict[str, Any] = in_json(read)["rates"]
    tables = sections(report_file_bytes(read, ".csv", "en", None))
    book = load_workbook(io.BytesIO(report_file_bytes(read, ".xlsx", "en", None)))
    said = {one: compared_period_word(one, "en") for one in ("before", "now", "difference")}
    assert list(rates) == TABLES
    of_rates = {name.removeprefix("rates.") for name in tables if name.startswith("rates.")}
    assert {key for key in rates if as_rows(rates[key])} == of_rates
    for key, table in rates.items():
        rows = as_rows(table)
        if not rows:
            assert rate_table_title(key, "en") not in book.sheetnames
            continue
        wide = tables[f"rates.{key}"]
        assert [{name: told(cell) for name, cell in row.items()} for row in rows] == [
            {name: number(cell) if name != "code" else cell for name, cell in row.items() if name != "name"}
            for row in wide
        ]
        names = list(wide[0])
        for row, cells in zip(rows, sheet_rows(book, key, len(names)), strict=True):
            own = dict(zip(names, cells, strict=True))
            assert {said.get(str(row[name]), told(row[name])) for name in row if name == "what"} <= {own.get("what")}
            given = {name: told(cell) for name, cell in row.items() if name != "what"}
            assert {name: told(own[name]) for name in given} == given
    return rates


def test_where_nobody_came_there_is_nothing(tmp_path: Path) -> None:
    rates = check(read_period_report(hall(tmp_path), MONTH, DAY, AFTER))
    assert rates == {ANSWERS: None, "by_date": [], "change": [], "halls": [], "same_mix": [], "staff": []}


def test_a_days_document_is_as_it_was(tmp_path: Path) -> None:
    read = read_period_report(three_days(tmp_path), ONE_DAY, DAY, AFTER)
    assert in_json(read) == json.loads(json.dumps(read.document))
    assert "rates" not in read.document
    assert rates_document(read, period_satisfaction_rates(read), "en")["by_date"] == []
