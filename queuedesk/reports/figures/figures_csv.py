"""The figures as CSV: every figure with its path, value and name, each list as a table of its own, then what each
figure is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from queuedesk.reports.figures.cells import Cell, flat, lists, safe, table
from queuedesk.reports.figures.definitions import definitions
from queuedesk.reports.figures.figure_words import figure_name

_DEFINED = ("path", "name", "counted", "of", "left_out", "abandoned")


class _Writer(Protocol):
    def writerow(self, row: Iterable[Any], /) -> Any: ...
    def writerows(self, rows: Iterable[Iterable[Any]], /) -> None: ...


def figures_csv(
    document: Mapping[str, Any], lang: str, more: Iterable[tuple[str, Sequence[Sequence[Cell]]]] = ()
) -> bytes:
    """Return the document of one hall, or of several: paths then begin with "halls.CODE." or "all.".

    `more` are further tables by name, their header first.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    parts = list(_parts(document))
    rows.writerow(["figure", "value", "name"])
    for prefix, figures in parts:
        rows.writerows([prefix + path, _cell(value), figure_name(path, lang)] for path, value in flat(figures))
    for prefix, figures in parts:
        for name, found in lists(figures):
            columns, cells = table(found)
            if cells:
                _table(rows, f"{prefix}{name}", [columns, *cells])
    for name, own in more:
        _table(rows, name, own)
    told = definitions(parts[0][1], lang)
    _table(rows, "definitions", [_DEFINED, *([getattr(one, key) for key in _DEFINED] for one in told)])
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _table(rows: _Writer, name: str, cells: Iterable[Sequence[Cell]]) -> None:
    rows.writerow([])
    rows.writerow([name])
    rows.writerows([_cell(cell) for cell in row] for row in cells)


def _parts(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "halls" not in document:
        yield "", document
        return
    yield "all.", document["all"]
    for figures in document["halls"]:
        yield f"halls.{figures['hall']}.", figures


def _cell(value: Cell) -> Cell:
    return safe(value) if isinstance(value, str) else "" if value is None else value
