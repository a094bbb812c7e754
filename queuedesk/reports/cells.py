"""A document of figures as cells: every single figure under its path, every list as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LISTS = ("hours", "services", "windows", "staff", "left_out")
"""What is a list in the document, in the order in which it is read."""
MINUTES, SHARE, COUNT, TEXT = "minutes", "share", "count", "text"
_SHARES = frozenset({"rate", "low", "high", "within_target"})
_MINUTES = frozenset({"mean", "median", "p90", "max", "mean_wait", "minutes_lost", "mean_minutes_beyond"})

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | float | None


def flat(figures: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    """Yield every figure that is in no list as (path, value), "wait.mean" and the like, in the document's order; measures go by their own tables."""
    for key, value in figures.items():
        if key == "measures":
            continue
        if isinstance(value, Mapping):
            yield from ((f"{key}.{path}", cell) for path, cell in flat(value))
        elif not isinstance(value, list):
            yield key, value


def table(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[Cell]]]:
    """Return a list of the document as columns, named by their paths, and rows."""
    cells = [dict(flat(row)) for row in rows]
    columns = list(dict.fromkeys(path for row in cells for path in row))
    return columns, [[row.get(column) for column in columns] for row in cells]


def kind(path: str) -> str:
    """Return what a figure is: MINUTES, SHARE, COUNT or TEXT."""
    key = path.rpartition(".")[2]
    if path in ("hall", "from", "to", "log.hash", "code", "what", "why"):
        return TEXT
    if key in _SHARES:
        return SHARE
    if path == "overtakes.max":
        return COUNT
    return MINUTES if key in _MINUTES or (key.endswith("_minutes") and key != "target_minutes") else COUNT


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
