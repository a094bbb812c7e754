"""The calls of a program, found in its source."""

import ast
from functools import cache
from pathlib import Path


@cache
def calls(folder: Path, names: frozenset[str]) -> tuple[tuple[Path, str, ast.Call], ...]:
    """Return the calls below `folder` of what bears one of `names`: module, name, call. Nothing is searched twice."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if not any(f"{name}(" in source for name in names):
            continue  # To take all modules apart takes seconds.
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in names:
                    found.append((path, name, node))
    return tuple(found)


READS = {"read_text", "read_bytes", "loads", "load", "load_workbook", "ZipFile"}
WRITES = {"write_text", "write_bytes", "copyfile", "copy", "copy2", "copytree", "mkstemp", "NamedTemporaryFile"}
OF_FILES = frozenset({"open", *READS, *WRITES})
"""What reads or writes a file: of all this the source is searched once."""
