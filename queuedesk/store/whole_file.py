"""Files that are written as a whole: whoever reads finds the old one or the new one, also after a power cut."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from queuedesk.core.errors import OutsideError


@contextmanager
def whole_file(path: Path, *, private: bool) -> Iterator[IO[bytes]]:
    """Give a file to write that takes the place of `path` at the end; what is `private` is readable by its owner only.

    Raises OutsideError "cannot_write".
    """
    draft: str | None = None
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{path.name[:50]}.", dir=path.parent)
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not private:
            _as_usual(draft)
        Path(draft).replace(path)
        draft = None
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_write", path=str(path)) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                Path(draft).unlink()


def _as_usual(path: str) -> None:
    """Give a temporary file the rights that a new file of this user has."""
    mask = os.umask(0)
    os.umask(mask)
    Path(path).chmod(0o666 & ~mask)
