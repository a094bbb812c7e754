"""A file lock kept by the operating system: it is released however its holder ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from queuedesk.files.writing import give_to_owner_of

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FileLock:
    """The right to do something that only one process at a time may do. The file remains; only the lock on it
    counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    @property
    def is_held_by_this_object(self) -> bool:
        """Whether this very object holds the lock."""
        return self._file is not None

    def try_to_take(self) -> bool:
        """Take the lock without waiting; return whether this object holds it now. Raises OSError where the file can't
        be made."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        give_to_owner_of(self._path.parent, self._path)
        try:
            _lock_file_or_raise(file.fileno())
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def is_taken(self) -> bool:
        """Whether some process holds the lock, or this object. Where the file can't be opened nobody does. Whoever asks
        is never taken for a holder, except on Windows for a moment: its lock knows no sharing."""
        if self._file is not None:
            return True
        try:
            descriptor = os.open(self._path, os.O_RDWR)
        except OSError:
            return False
        try:
            _lock_file_or_raise(descriptor, shared=True)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def release(self) -> None:
        """Release the lock."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock_file_or_raise(descriptor: int, *, shared: bool = False) -> None:
    """Lock the file without waiting, `shared` with others that do so. Raises OSError when another process holds it."""
    if sys.platform == "win32":
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
