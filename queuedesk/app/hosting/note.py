"""The lock and notes that say that this PC shares a hall, or was about to, and the request to stop."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.lock import FileLock
from queuedesk.files.reading import parsed_json, read_own
from queuedesk.files.writing import write_own

STOP_S = 60.0
ASKED_S = 0.5
"""Whoever asks whether somebody shares holds the lock for a moment; so long is that given time."""
_STEP_S = 0.1


class HostNote:
    """What processes of this PC know of the one that shares a hall: four files beside this PC's choices. Once the lock
    is free, the note is void. What it began with stays if it was killed, and goes when it ends in order."""

    def __init__(self) -> None:
        own = config.config_file()
        self._note, self._stop = own.with_name("host.json"), own.with_name("host.stop")
        self._begun = own.with_name("host.begun")
        self._place = own.with_name("host.lock")
        self._lock = FileLock(self._place)

    @property
    def is_held(self) -> bool:
        """Whether this very object holds the lock."""
        return self._lock.is_held

    def take(self) -> None:
        """Become the process that shares. Raises RuleError "host_running", OutsideError "cannot_write"."""
        until = time.monotonic() + ASKED_S
        try:
            while not self._lock.take():
                if time.monotonic() >= until:
                    raise RuleError("host_running")
                time.sleep(_STEP_S)
            self._note.unlink(missing_ok=True)  # first: until then the note of one that was killed reads as this one's
            self._stop.unlink(missing_ok=True)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self._place)) from error

    def write(self, facts: Mapping[str, Any]) -> None:
        """Write down what is shared. Raises OutsideError "cannot_write"."""
        write_own(self._note, (json.dumps({**facts, "pid": os.getpid()}, ensure_ascii=False) + "\n").encode())

    def begin(self, facts: Mapping[str, Any]) -> None:
        """Write down what this process is about to share, and how. Raises OutsideError "cannot_write"."""
        write_own(self._begun, (json.dumps(facts, ensure_ascii=False) + "\n").encode())

    def release(self, *, goes_on: bool = False) -> None:
        """Stop being the process that shares; what another process wrote stays. With `goes_on` another one is to take
        over."""
        if not self._lock.is_held:
            return
        with suppress(OSError):
            if not goes_on:
                self._begun.unlink(missing_ok=True)
            self._note.unlink(missing_ok=True)
            self._stop.unlink(missing_ok=True)
        self._lock.release()

    def is_told_to_stop(self) -> bool:
        return self._stop.exists()

    # -- asked from another process --

    def cut_off(self) -> dict[str, Any] | None:
        """Return what a process began with that was to share a hall and is gone without having ended; None where there
        is none."""
        if not self._begun.exists():
            return None
        try:
            found = parsed_json(read_own(self._begun))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) and not self.is_taken() else None

    def interrupted(self, file: Path) -> datetime | None:
        """Return when a process began to share the hall of `file` that is gone without having ended."""
        facts = self.cut_off()
        if facts is None or facts.get("file") != str(file):
            return None
        with suppress(ValueError):
            return datetime.fromisoformat(str(facts.get("since")))
        return None

    def read(self) -> dict[str, Any] | None:
        """Return what the sharing process wrote down, None where nobody shares or it is not ready."""
        if not self.is_taken():  # asked first: whoever takes over from one that was killed removes its note at once
            return None
        try:
            found = parsed_json(read_own(self._note))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def is_taken(self) -> bool:
        """Whether some process shares a hall, this one included."""
        return self._lock.is_taken()

    def stop_it(self) -> None:
        """Ask the sharing process to stop, and wait until it has. Raises RuleError "host_not_running", OutsideError
        "cannot_write", "server_failed"."""
        if not self.is_taken():
            raise RuleError("host_not_running")
        try:
            self._stop.touch()
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self._stop)) from error
        until = time.monotonic() + STOP_S
        while self.is_taken():
            if time.monotonic() >= until:
                raise OutsideError("server_failed", why="host.stop")
            time.sleep(_STEP_S)
