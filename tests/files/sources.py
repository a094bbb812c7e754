"""The calls of a program, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path


def calls(folder: Path, names: Collection[str]) -> Iterator[tuple[Path, str, ast.Call]]:
    """Yield every call below `folder` of something whose name, or its last part, is one of `names`: its module, that
    name, the call."""
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if not any(f"{name}(" in source for name in names):
            continue  # To take all modules apart takes seconds.
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in names:
                    yield path, name, node
