"""Writing a report's file as a whole."""

import os
from pathlib import Path

from queuedesk.core.errors import OutsideError


def put_in_place(target: Path, content: bytes) -> None:
    """Write beside the target first: who reads it meanwhile sees the old file or the new one, whole.

    Raises OutsideError "cannot_write".
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutsideError("cannot_write", path=str(target)) from error
