"""The figures as CSV: every figure with its path, value and name, then each list as a table of its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from queuedesk.reports.cells import LISTS, Cell, flat, safe, table
from queuedesk.reports.figure_words import figure_name


def figures_csv(document: Mapping[str, Any], lang: str) -> bytes:
    """Return the document of one hall, or of several: paths then begin with "halls.CODE." or "all."."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    parts = list(_parts(document))
    rows.writerow(["figure", "value", "name"])
    for prefix, figures in parts:
        rows.writerows([prefix + path, _cell(value), figure_name(path, lang)] for path, value in flat(figures))
    for prefix, figures in parts:
        for name in LISTS:
            columns, cells = table(figures[name])
            if not cells:
                continue
            rows.writerow([])
            rows.writerow([f"{prefix}{name}"])
            rows.writerow(columns)
            rows.writerows([_cell(cell) for cell in row] for row in cells)
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _parts(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "halls" not in document:
        yield "", document
        return
    yield "all.", document["all"]
    for figures in document["halls"]:
        yield f"halls.{figures['hall']}.", figures


def _cell(value: Cell) -> Cell:
    return safe(value) if isinstance(value, str) else "" if value is None else value
