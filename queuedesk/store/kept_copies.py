"""The copies that are kept of a database before its tables change: one of each state, however often that is tried."""

from __future__ import annotations

import filecmp
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from queuedesk.files.private import make_private, private_folder


def copy_file(path: Path, stem: str) -> Path:
    """Copy a database file as it stands, with what its journal holds, into backups/ beside it; return the copy.

    Nobody may write to it meanwhile. Raises sqlite3.Error, OSError.
    """
    folder = private_folder(path.parent / "backups")
    draft = folder / f".{stem}.new"
    draft.unlink(missing_ok=True)
    make_private(draft)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)
    return keep(draft, stem, ".sqlite", lambda one, other: filecmp.cmp(one, other, shallow=False))


def keep(draft: Path, stem: str, ending: str, is_like: Callable[[Path, Path], bool]) -> Path:
    """Give a copy its name, one that no other has, and return it; where one of that stem is like it, that one stays alone.

    Such a one is left by a try that failed, or was killed.
    """
    for n in count(1):
        copy = draft.with_name(f"{stem}{ending}" if n == 1 else f"{stem}-{n}{ending}")
        if not copy.exists():
            draft.rename(copy)
            return copy
        if is_like(draft, copy):
            draft.unlink()
            return copy
    raise AssertionError
