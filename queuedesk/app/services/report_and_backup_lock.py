"""Lets one process at a time write a hall's reports or backups, with its notes and locks beside the hall."""

from __future__ import annotations

import time
from pathlib import Path
from zlib import crc32

from queuedesk.core.errors import OutsideError
from queuedesk.files.lock import FileLock
from queuedesk.paths import data_folder
from queuedesk.store.engine.database import Database

PATIENCE_S, LOOK_AGAIN_S = 60.0, 0.1


def beside(db: Database, ending: str) -> Path:
    """Return the file with that ending beside a hall's file; for a hall on a server, in the user's data folder."""
    path = db.path or data_folder() / f"hall-{crc32(db.place.encode()):08x}"
    return path.with_name(path.name + ending)


def taken(lock: FileLock, *, waits: bool) -> bool:
    """Take the lock, waiting for another process if necessary. Raises OutsideError "cannot_write" where no lock can be
    made."""
    until = time.monotonic() + (PATIENCE_S if waits else 0)
    try:
        while not lock.take():
            if time.monotonic() >= until:
                return False
            time.sleep(LOOK_AGAIN_S)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(error.filename)) from error
    return True
