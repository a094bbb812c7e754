"""Makes files and folders that only their owner may read; on Windows a user's folders are private already."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE

_OTHERS = 0o077


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read, before anything is written into it. Raises OSError,
    FileExistsError."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def private_folder(path: Path) -> Path:
    """Return a folder, made with its parents where it is missing, that only its owner may look into. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    keep_private(path)
    return path


def keep_private(path: Path) -> None:
    """Take away what others may do with a file or folder of this user's; what is another user's is for that one."""
    if os.name == "nt":
        return
    with suppress(OSError):
        status = path.stat()
        if status.st_mode & _OTHERS and status.st_uid == os.geteuid():
            path.chmod(S_IMODE(status.st_mode) & ~_OTHERS)


def is_private(path: Path) -> bool:
    """Whether nobody but its owner may do anything with a file or folder; what is not there is nobody's to read."""
    if os.name == "nt":
        return True
    try:
        return not path.stat().st_mode & _OTHERS
    except OSError:
        return True
