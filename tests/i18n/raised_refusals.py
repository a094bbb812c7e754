"""Every refusal that the source raises: its code, and the details that are written where it is raised."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

import queuedesk
from tests.files.sources import calls

SOURCE = Path(queuedesk.__file__).parent
RAISED = frozenset({"RuleError", "OutsideError", "QueueDeskError", "bad"})
_BAD_FIELDS = ("field", "value", "why")


class Raised(Struct, frozen=True):
    """A place that raises a refusal. `codes` and the values of `details` are what may stand there: all constants that
    it can be, none where the value is only known when the program runs."""

    place: str
    codes: tuple[str, ...]
    details: dict[str, tuple[Any, ...]]
    is_open: bool
    """Whether further details are handed on that are not written there."""


@cache
def every_raise() -> tuple[Raised, ...]:
    """Return every place, in order of modules; `checks.bad(field, value, why)` raises "bad_value"."""
    return tuple(_raises())


def _raises() -> Iterator[Raised]:
    for path, name, node in calls(SOURCE, RAISED):
        if not node.args:
            continue
        where = f"{path.relative_to(SOURCE.parent)}:{node.lineno}"
        named = {keyword.arg: constants(path, keyword.value) for keyword in node.keywords if keyword.arg}
        is_open = any(keyword.arg is None for keyword in node.keywords)
        if name == "bad":
            given = dict(zip(_BAD_FIELDS, (constants(path, value) for value in node.args), strict=True))
            yield Raised(where, ("bad_value",), given | named, is_open)
        else:
            yield Raised(where, constants(path, node.args[0]), named, is_open)


def constants(path: Path, node: ast.expr) -> tuple[Any, ...]:
    """Return the values that an expression may have, none where they depend on more than its module's names."""
    if isinstance(node, ast.IfExp):
        branches = constants(path, node.body), constants(path, node.orelse)
        return branches[0] + branches[1] if all(branches) else ()
    if isinstance(node, ast.Subscript):
        table = constants(path, node.value)
        return tuple(dict.fromkeys(table[0].values())) if table and isinstance(table[0], dict) else ()
    try:
        value = eval(compile(ast.Expression(node), str(path), "eval"), dict(_names_of(path)))
    except Exception:  # noqa: BLE001 - whatever an expression without its function's names ends with
        return ()
    return () if callable(value) else (value,)


@cache
def _names_of(path: Path) -> dict[str, Any]:
    module = path.relative_to(SOURCE.parent).with_suffix("")
    return vars(importlib.import_module(".".join(module.parts).removesuffix(".__init__")))
