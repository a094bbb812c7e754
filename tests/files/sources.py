"""The calls, imports and classes of a program, found in its source."""

import ast
import re
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


IMPORT = re.compile(r"^[ \t]*((?:import |from [\w.]+ import )(?:\([^)]*\)|[^#\n(]+))", re.MULTILINE)
CLASS = re.compile(r"^[ \t]*(class \w+\([^:]*\):)", re.MULTILINE)


def imports_in(source: str) -> list[ast.stmt]:
    """Return the imports of a module, wherever they stand, by their own lines: to take it all apart takes longer."""
    return ast.parse("\n".join(IMPORT.findall(source))).body


def classes_in(source: str) -> list[ast.ClassDef]:
    """Return the classes that a module derives from others, each without its body."""
    headers = ast.parse("\n".join(f"{header} ..." for header in CLASS.findall(source))).body
    return [node for node in headers if isinstance(node, ast.ClassDef)]


READS = {"read_text", "read_bytes", "loads", "load", "load_workbook", "ZipFile"}
WRITES = {"write_text", "write_bytes", "copyfile", "copy", "copy2", "copytree", "mkstemp", "NamedTemporaryFile"}
OF_FILES = frozenset({"open", *READS, *WRITES})
"""What reads or writes a file: of all this the source is searched once."""
