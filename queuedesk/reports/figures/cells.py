"""A document of figures as cells: every single figure under its path, every list as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from queuedesk.core.figures.measures.targets import RULES

LISTS = ("hours", "services", "windows", "staff", "left_out")
"""What is a list in the document, in the order in which it is read."""
NAMING = 2
"""How many of a row's first figures name it: a date and a ticket, a device and its station."""
MINUTES, SHARE, COUNT, TEXT = "minutes", "share", "count", "text"
_SHARES = frozenset({"rate", "low", "high", "within_target", "share"})
_MINUTES = frozenset(
    {"mean", "median", "p90", "max", "mean_wait", "minutes_lost", "mean_minutes_beyond", "minutes", "minutes_saved"}
)

_RULES = frozenset({"target_minutes", "minutes_each", *(rule for rule in RULES if rule.endswith("_minutes"))})
"""Minutes that somebody set: whole numbers."""

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How a workbook is made in which a text is a text, whatever it looks like."""

Cell = str | int | float | None


def flat(figures: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    """Yield every figure that is in no list as (path, value), "wait.mean" and the like, in the document's order."""
    for key, value in figures.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{path}", cell) for path, cell in flat(value))
        elif not isinstance(value, list):
            yield key, value


def lists(figures: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every list with its path: first LISTS, then "measures.outcomes" and the like in the
    document's order.

    What a row lists itself is a table of its own, each row of it after what names the row it stands in.
    """
    for name in LISTS:
        yield name, figures[name]
    for path, rows in _inner("", {key: value for key, value in figures.items() if key not in LISTS}):
        yield path, rows
        for key in dict.fromkeys(key for row in rows for key, value in row.items() if isinstance(value, list)):
            yield f"{path}.{key}", [_names(row) | one for row in rows for one in row[key]]


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
    """Return what a figure is: MINUTES, SHARE, COUNT or TEXT. `row` is the row of a list in which it stands."""
    key = path.rpartition(".")[2]
    if path in ("hall", "from", "to", "log.hash", "code", "what", "why"):
        return TEXT
    if key == "value" and row is not None:
        return SHARE if "rate" in row else MINUTES
    if key in _SHARES:
        return SHARE
    if path == "overtakes.max" or key in _RULES:
        return COUNT
    return MINUTES if key in _MINUTES or key.endswith("_minutes") else COUNT


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
