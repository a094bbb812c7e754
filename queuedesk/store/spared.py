"""Modules that SQLAlchemy imports and that a hall's database hardly ever uses: loaded when something of them is."""

from __future__ import annotations

import importlib
import sys
import threading
from inspect import iscoroutine
from types import ModuleType
from typing import Any

_GUARD = threading.Lock()


class _Spared(ModuleType):
    """Stands for a module until something of it is used; from then on `import` finds the module itself."""

    def __getattr__(self, name: str) -> Any:
        with _GUARD:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        # Outside the guard: the import system makes other threads wait until the module is whole.
        return getattr(importlib.import_module(self.__name__), name)


def spare() -> None:
    """Put off what is not loaded yet; before SQLAlchemy's first import. It is a third of that import's time."""
    if "asyncio" not in sys.modules:
        sys.modules["asyncio"] = stands_for = _Spared("asyncio")
        # The only part that SQLAlchemy takes out while it is loaded, for engines that wait asynchronously.
        stands_for.__dict__["iscoroutine"] = iscoroutine
    if "importlib.metadata" not in sys.modules:
        sys.modules["importlib.metadata"] = stands_for = _Spared("importlib.metadata")
        importlib.__dict__["metadata"] = stands_for
