"""Copies of a database kept before its tables change, one for each state."""

from __future__ import annotations

import errno
import filecmp
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from queuedesk.files.private import make_private, private_folder

PROVEN_AT, PROVEN = 60, (1).to_bytes(4, "big")
"""Where a copy says in SQLite's own header that it was proven: four bytes that are a program's to use
(user_version)."""


def copy_file(path: Path, stem: str, prove: Callable[[Path], object] | None = None) -> Path:
    """Copy a database file as it stands, with what its journal holds, into backups/ beside it; return the copy.

    It is read back before it counts, and proven if that is asked for: what `prove` raises leaves no copy. Nobody may
    write to the file meanwhile. Raises sqlite3.Error, OSError.
    """
    folder = private_folder(path.parent / "backups")
    draft = folder / f".{stem}.new"
    draft.unlink(missing_ok=True)
    make_private(draft)
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
            must_hold_the_same(source, target)
        if prove is not None:
            prove(draft)
        with draft.open("r+b") as file:
            file.seek(PROVEN_AT)
            file.write(PROVEN if prove is not None else bytes(len(PROVEN)))
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return keep(draft, stem, ".sqlite", lambda one, other: filecmp.cmp(one, other, shallow=False))


def is_proven(copy: Path) -> bool:
    """Whether a copy says that it was proven. Raises OSError."""
    with copy.open("rb") as file:
        file.seek(PROVEN_AT)
        return file.read(len(PROVEN)) == PROVEN


def must_hold_the_same(source: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Make sure that a copy is whole, with every table's rows and the end of every log. Raises sqlite3.Error,
    OSError."""
    names = [name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = [f'SELECT count(*) FROM "{name}"' for name in names]
    ends = ["SELECT hall, max(seq), hash FROM events GROUP BY hall ORDER BY hall"] if "events" in names else []
    told = [[one.execute(question).fetchall() for question in (*counts, *ends)] for one in (source, copy)]
    if (
        told[0] != told[1]
        or copy.execute("PRAGMA quick_check(1)").fetchall() != source.execute("PRAGMA quick_check(1)").fetchall()
    ):
        raise OSError(errno.EIO, "the copy does not hold what it is a copy of")


def keep(draft: Path, stem: str, ending: str, is_like: Callable[[Path, Path], bool]) -> Path:
    """Give a copy its name, one that no other has, and return it; where one of that stem is like it, that one stays
    alone.

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
