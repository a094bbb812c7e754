"""The path of a figure in a document of figures: "wait.n", "services.B.wait.mean", "hours.10:30.calls".

A row of a list goes by what names it: its code, its half-hour, what was left out, a service and its item as
"A/elderly". A full stop inside a name has a backslash before it; the second half-hour of one name, where clocks are put
back, ends in "#2".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Parts = tuple[str, ...]
NAMED_BY = (
    ("code",),
    ("service", "item"),
    ("channel", "service"),
    ("device", "station"),
    ("month", "channel"),
    ("date", "ticket"),
    ("date", "window", "from"),
    ("measure",),
    ("from",),
    ("what",),
    ("reason",),
    ("kind",),
    ("service",),
)
"""What names a row of a list: the first of these that it has all of."""
NOTHING = "-"
"""The name of a row that is about those without: no outcome was noted."""
_PART = re.compile(r"((?:[^.\\]|\\.)*)(?:\.|$)", re.DOTALL)


def parts_of(path: str) -> Parts:
    """Return the path's names."""
    if "\\" not in path:  # nearly every path, and a document has thousands
        return tuple(path.split("."))
    found = [match[1] for match in _PART.finditer(path)]
    return tuple(re.sub(r"\\(.)", r"\1", one, flags=re.DOTALL) for one in found[: _count(path)])


def _count(path: str) -> int:
    return len(re.sub(r"\\.", "", path, flags=re.DOTALL).split("."))


def path_of(*parts: str) -> str:
    """Return the path of these names."""
    return ".".join(part.replace("\\", "\\\\").replace(".", "\\.") for part in parts)


def figures_in(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield path and value of every figure of the document in order, texts and unknown values included."""
    for parts, value in _walk((), document):
        yield path_of(*parts), value


def _walk(before: Parts, value: object) -> Iterator[tuple[Parts, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk((*before, key), inner)
    elif isinstance(value, list):
        for name, row in named_rows(value):
            yield from _walk((*before, name), row)
    else:
        yield before, value


def named_rows(rows: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Yield a list's rows, each with its name."""
    seen: Counter[str] = Counter()
    for at, row in enumerate(rows):
        name = row_name(row, at) if isinstance(row, Mapping) else str(at)
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}#{seen[name]}", row


def row_name(row: Mapping[str, Any], at: int) -> str:
    """Return the name of a list's row: its own, else its index from 0."""
    for keys in NAMED_BY:
        if all(key in row for key in keys):
            return "/".join(NOTHING if row[key] is None else str(row[key]) for key in keys)
    return str(at)
