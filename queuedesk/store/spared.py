"""Modules that are imported by others and hardly ever used: loaded when something of them is."""

from __future__ import annotations

import importlib
import sys
import threading
from importlib.util import find_spec
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
