"""What assistive programs are told of widgets that draw themselves."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from PySide6.QtWidgets import QWidget

from queuedesk import features, stations
from queuedesk.stations.widgets.spoken import ROLE


def below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


@cache
def classes_of(module: str) -> dict[str, str]:
    """Return the text of each class at a module's top by its name. `inspect` would parse the module for each anew."""
    text = Path(sys.modules[module].__file__ or "").read_text(encoding="utf-8")
    lines = text.splitlines()
    tops = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    return {node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in tops}


def test_what_has_a_name_of_its_own_has_a_role() -> None:
    """Of a plain widget Qt tells only that it holds others, and screen readers pass over its name."""
    for package in (stations, features):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    plain = [
        kind
        for kind in {*below(QWidget)}
        if kind.__module__.startswith((stations.__name__, features.__name__))
        and next(base for base in kind.__mro__ if base.__module__.startswith("PySide6")) is QWidget
        and "self.setAccessibleName(" in classes_of(kind.__module__)[kind.__qualname__]
    ]

    assert plain
    assert [kind for kind in plain if not hasattr(kind, ROLE)] == []
