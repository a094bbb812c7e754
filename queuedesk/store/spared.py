"""Modules that are imported by others and hardly ever used: loaded when something of them is."""

from __future__ import annotations

import importlib
import inspect
import sys
import threading
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec
from types import CodeType, ModuleType
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
        stands_for.__dict__["iscoroutine"] = inspect.iscoroutine
    if "importlib.metadata" not in sys.modules:
        sys.modules["importlib.metadata"] = stands_for = _Spared("importlib.metadata")
        importlib.__dict__["metadata"] = stands_for


_OWN_DIGESTS = (
    "_md5",
    "_sha1",
    "_sha3",
    "_blake2",
    *(("_sha256", "_sha512") if sys.version_info < (3, 12) else ("_sha2",)),
)
"""Python's own, of which some system's Python has none."""


def spare_openssl() -> None:
    """Let digests come from Python itself, and OpenSSL, 3 MB, be loaded by the first PIN or code that is derived.

    For stations: they digest a few events at a time, for which both take as long. Of a large file OpenSSL makes it five
    times as fast, so that a command keeps it. It does nothing once `hashlib` is loaded.
    """
    if "hashlib" in sys.modules or not all(map(find_spec, _OWN_DIGESTS)):
        return
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None: there is no such module
    modules["_hashlib"] = None
    try:
        import hashlib
        import hmac  # noqa: F401 - it looks for OpenSSL as it is loaded, too
    finally:
        del modules["_hashlib"]
    hashlib.__dict__["scrypt"] = _scrypt


def _scrypt(*args: Any, **named: Any) -> bytes:
    """Stand for `hashlib.scrypt`, which only OpenSSL has, until the first use."""
    import hashlib
    from _hashlib import scrypt

    hashlib.__dict__["scrypt"] = scrypt
    return scrypt(*args, **named)


# -- docstrings that nobody reads ----------------------------------------------------------------------------------

KNOWN_BEFORE = (3, 15)
"""Where a docstring lies among a code's constants is looked up for versions before this one."""


def spare_docstrings() -> None:
    """Load SQLAlchemy without its long docstrings: 1.4 MB of a station, for 3 ms of its start. A Python whose constants
    nobody has looked at yet loads it as it is."""
    if sys.version_info < KNOWN_BEFORE and _Undocumented not in sys.meta_path:
        sys.meta_path.insert(0, _Undocumented)


class _Undocumented:
    """Finds SQLAlchemy's modules."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] != "sqlalchemy":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _WithoutDocstrings(spec.loader.name, spec.loader.path)
        return spec


class _WithoutDocstrings(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType | None:
        code = super().get_code(fullname)
        return None if code is None else without_docstrings(code)


_HAS_DOCSTRING = getattr(inspect, "CO_HAS_DOCSTRING", 0)
"""From Python 3.14 on the mark of a function whose first constant is a docstring. Before, the first always
was that, or None."""


def without_docstrings(code: CodeType) -> CodeType:
    """Return the code without the docstrings of more than one line, in all that it contains. The others may be the same
    constant as a text that the code uses."""
    consts: list[object] | None = None
    for at, inner in enumerate(code.co_consts):
        if type(inner) is CodeType and (bare := without_docstrings(inner)) is not inner:
            consts = consts or list(code.co_consts)
            consts[at] = bare
    if (doc := _docstring_at(code)) is not None:
        consts = consts or list(code.co_consts)
        consts[doc] = None
    return code if consts is None else code.replace(co_consts=tuple(consts))


def _docstring_at(code: CodeType) -> int | None:
    consts = code.co_consts
    if code.co_name.startswith("<"):  # Neither a comprehension nor a lambda has one; a module's is short.
        return None
    if code.co_flags & inspect.CO_OPTIMIZED:
        at, may_have = 0, code.co_flags & _HAS_DOCSTRING == _HAS_DOCSTRING
    else:
        # A class has its own name before, and since Python 3.13 the number of its line.
        at, may_have = 2 if any(type(one) is int for one in consts[1:2]) else 1, "__doc__" in code.co_names[:5]
    return at if may_have and at < len(consts) and type(consts[at]) is str and "\n" in consts[at] else None
