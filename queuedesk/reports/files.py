"""Writing a report's file as a whole."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from queuedesk.core.errors import OutsideError

SHOWN_OF_NAME = 50
"""Signs of a report's name in that of its draft: with all of them the draft's could be longer than a disk takes."""


def put_in_place(target: Path, content: bytes) -> None:
    """Write beside the target first: who reads it meanwhile sees the old file or the new one, whole.

    Raises OutsideError "cannot_write".
    """
    part = target.with_name(f".{target.name[:SHOWN_OF_NAME]}.{os.getpid()}.part")
    try:
        _write(part, content)
        part.replace(target)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            part.unlink()
        raise OutsideError("cannot_write", path=str(target)) from error


def put_beside(folder: Path, names: Iterable[str], content: bytes, part_name: str) -> Path:
    """Write a whole file under the first of `names` that is free in `folder`, and return it; nothing is ever written over.

    Raises OutsideError "cannot_write".
    """
    part = folder / part_name
    try:
        _write(part, content)
        for name in names:
            if _take_place(part, folder / name):
                return folder / name
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    raise OutsideError("cannot_write", path=str(folder))


def _take_place(part: Path, target: Path) -> bool:
    """Give `part` its name unless that is taken; a link refuses it in the same moment, which not every disk has."""
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError:
        if target.exists():
            return False
        part.rename(target)
    return True


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
