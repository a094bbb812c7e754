"""A document of figures as cells and as CSV: every single figure under its path, every list as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from queuedesk.core.figures.comparing import named_rows
from queuedesk.core.figures.drilldown.rows import BehindRow, TicketsBehind
from queuedesk.core.figures.measures.targets_reached import RULES
from queuedesk.core.setup.rows import Setup
from queuedesk.files.writing import write_file
from queuedesk.i18n.figures import drilldown_words as words
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.reports.figures.definitions import definitions
from queuedesk.reports.figures.figure_words import figure_name

HOURS = "hours"
LISTS = (HOURS, "services", "windows", "staff", "left_out")
"""What is a list in the document, in the order in which it is read."""
NAMING = 2
"""How many of a row's first figures name it: a date and a ticket, a device and its station."""
MINUTES, SHARE, COUNT, TEXT, POINTS = "minutes", "share", "count", "text", "points"
_SHARES = frozenset({"rate", "low", "high", "within_target", "share"})
_MINUTES = frozenset(
    {"mean", "median", "p90", "max", "mean_wait", "minutes_lost", "mean_minutes_beyond", "minutes", "minutes_saved"}
)
_POINTS = frozenset({"median", "mean", "median_seconds"})
_RULES = frozenset({"target_minutes", "minutes_each", *(rule for rule in RULES if rule.endswith("_minutes"))})
"""Minutes that somebody set: whole numbers."""

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How a workbook is made in which a text is a text, whatever it looks like."""

Cell = str | int | float | None


def flat(figures: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    """Yield every figure outside lists as (path, value), "wait.mean" and the like, in the document's order."""
    for key, value in figures.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{path}", cell) for path, cell in flat(value))
        elif not isinstance(value, list):
            yield key, value


def lists(figures: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every list with its path: first LISTS, then "measures.outcomes" and the like in the document's order.

    A list inside rows becomes a table of its own, each of its rows preceded by the name of the outer row.
    """
    for name in LISTS:
        yield name, told_apart(figures[name]) if name == HOURS else figures[name]
    for path, rows in _inner("", {key: value for key, value in figures.items() if key not in LISTS}):
        yield path, rows
        for key in dict.fromkeys(key for row in rows for key, value in row.items() if isinstance(value, list)):
            yield f"{path}.{key}", [_names(row) | one for row in rows for one in row[key]]


def told_apart(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return half-hours with the second of one name, where clocks are put back, as "01:30#2"."""
    return [{**row, "from": name} for name, row in named_rows(rows)]


def _inner(prefix: str, figures: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for key, value in figures.items():
        if isinstance(value, list):
            yield f"{prefix}{key}", value
        elif isinstance(value, Mapping):
            yield from _inner(f"{prefix}{key}.", value)


def _names(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in list(row)[:NAMING]}


def table(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[Cell]]]:
    """Return a list of the document as columns, named by their paths, and rows."""
    cells = [dict(flat(row)) for row in rows]
    columns = list(dict.fromkeys(path for row in cells for path in row))
    return columns, [[row.get(column) for column in columns] for row in cells]


def kind(path: str, row: Mapping[str, Any] | None = None) -> str:
    """Return the kind of a figure: MINUTES, SHARE, COUNT, TEXT, or POINTS, a figure of quality with a fraction. `row`
    is its row if it is in a list."""
    key = path.rpartition(".")[2]
    if path in ("hall", "from", "to", "log.hash", "code", "what") or key == "why":
        return TEXT
    if path.startswith("quality.") or path.endswith("score.mean"):
        return SHARE if key in _SHARES else POINTS if key in _POINTS else COUNT
    if key == "value" and row is not None:
        return SHARE if "rate" in row else MINUTES
    if key in _SHARES:
        return SHARE
    if path == "overtakes.max" or key in _RULES:
        return COUNT
    return MINUTES if key in _MINUTES or key.endswith("_minutes") else COUNT


def safe(text: str) -> str:
    """Return a text in a form that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


# The figures as CSV: every figure with its path, value and name, each list as a table of its own, then what each
# figure is.

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


# The tickets behind a figure as CSV, in the words of a language: for the manager's own spreadsheet.


def write(path: Path, found: TicketsBehind, setup: Setup, *, title: str, lang: str) -> None:
    """Write the rows, replacing the file as a whole; `title` "" is the figure's own. Raises OutsideError
    "cannot_write"."""
    write_file(path, csv_table(found, setup, title=title, lang=lang))


def csv_table(found: TicketsBehind, setup: Setup, *, title: str, lang: str) -> bytes:
    """Return a figure's title, span and value, then a row for each ticket that makes it up; times on the hall's
    clock."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    figure = title or figure_title(found.path, setup, lang)
    rows.writerow([_cell(value) for value in (figure, found.first.isoformat(), found.last.isoformat(), found.value)])
    rows.writerow([])
    columns = words.columns_of(found)
    rows.writerow([_cell(words.column_title(column, lang)) for column in columns])
    for row in found.rows:
        rows.writerow([_cell(_value(row, column, setup, lang)) for column in columns])
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _value(row: BehindRow, column: str, setup: Setup, lang: str) -> Cell:
    """Return a cell: figures as figures, dates and times so that a spreadsheet knows them, everything else in words."""
    if column == words.DATE:
        return row.day.isoformat()
    if column == words.ARRIVED:
        return f"{setup.local(row.arrived):%H:%M:%S}"
    if column == words.WAITED:
        return None if row.waited_s is None else round(row.waited_s / 60, 2)
    if column == words.AMOUNT:
        return None if row.amount_s is None else round(row.amount_s / 60, 2)
    if column == words.RATING:
        return row.rating
    return words.cell(row, column, setup, lang)
