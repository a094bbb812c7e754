"""The server of a shared hall, this PC's own or one that the hall has already; the lock and notes that tell of it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from queuedesk.app.hosting.pg_server import PostgresServer
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.lock import FileLock
from queuedesk.files.reading import parse_json_safely, read_program_file
from queuedesk.files.writing import write_private_file

STOP_S = 60.0
ASKED_S = 0.5
"""Whoever asks whether somebody shares holds the lock for a moment; so long is that given time."""
_STEP_S = 0.1


class SharingProcessNote:
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
        return self._lock.is_held

    def take(self, *, again: bool = False) -> None:
        """Become the process that shares; with `again` only in place of one that was cut off, and of none that somebody
        stopped meanwhile. Raises RuleError "host_running", "host_not_running", OutsideError "cannot_write"."""
        until = time.monotonic() + ASKED_S
        try:
            while not self._lock.take():
                if time.monotonic() >= until:
                    raise RuleError("host_running")
                time.sleep(_STEP_S)
            if again and not self._begun.exists():
                self._lock.release()
                raise RuleError("host_not_running")
            self._note.unlink(missing_ok=True)  # first: until then the note of one that was killed reads as this one's
            self._stop.unlink(missing_ok=True)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self._place)) from error

    def write(self, facts: Mapping[str, Any]) -> None:
        """Write down what is shared. Raises OutsideError "cannot_write"."""
        write_private_file(self._note, (json.dumps({**facts, "pid": os.getpid()}, ensure_ascii=False) + "\n").encode())

    def begin(self, facts: Mapping[str, Any]) -> None:
        """Write down what this process is about to share, and how. Raises OutsideError "cannot_write"."""
        write_private_file(self._begun, (json.dumps(facts, ensure_ascii=False) + "\n").encode())

    def release(self, *, goes_on: bool = False) -> None:
        """Stop being the sharing process; other processes' notes stay. With `goes_on` another takes over."""
        if not self._lock.is_held:
            return
        with suppress(OSError):
            if not goes_on:
                self._begun.unlink(missing_ok=True)
            self._note.unlink(missing_ok=True)
            self._stop.unlink(missing_ok=True)
        self._lock.release()

    def is_stop_requested(self) -> bool:
        return self._stop.exists()

    # -- asked from another process --

    def cut_off(self) -> dict[str, Any] | None:
        """Return the facts of a sharing process that is gone without having ended, or None."""
        if not self._begun.exists():
            return None
        try:
            found = parse_json_safely(read_program_file(self._begun))
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
            found = parse_json_safely(read_program_file(self._note))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def is_taken(self) -> bool:
        """Whether some process shares a hall, this one included."""
        return self._lock.is_taken()

    def stop_sharing_and_wait(self) -> None:
        """Ask the sharing process to stop, and whoever takes over from it meanwhile, and wait until nobody shares or
        would go on. Raises RuleError "host_not_running", OutsideError "cannot_write", "server_failed"."""
        if not self.is_taken():
            raise RuleError("host_not_running")
        until = time.monotonic() + STOP_S
        try:
            while not self._lock.take():
                if time.monotonic() >= until:
                    raise OutsideError("server_failed", why="host.stop")
                self._stop.touch()
                time.sleep(_STEP_S)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self._stop)) from error
        self.release()


FOLDER = "postgres"
_GIVEN = "server.json"


class HallDatabaseServer(Protocol):
    """What hosting needs of a server of either kind."""

    def start(self) -> None:
        """Prepare it so that url() works. Raises OutsideError."""

    def stop(self) -> None: ...

    def answers(self) -> bool: ...

    def url(self) -> str:
        """Return the owner's address, password included."""


class LocalHallServer(PostgresServer):
    """This PC's own server, made at its first start."""

    def start(self) -> None:
        self.make()
        super().start()

    def answers(self) -> bool:
        self.bound_log()
        return super().answers()


class ExternalHallServer:
    """A server that somebody else runs; its owner's address is stored in the host's folder, for this user alone."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """`url` is the address as somebody named it, with a password or without; None takes the one that is kept."""
        self._file = folder / _GIVEN
        self._url = url

    def start(self) -> None:
        if self._url is not None:
            write_private_file(self._file, json.dumps({"url": self._url}).encode())

    def forget(self) -> None:
        self._file.unlink(missing_ok=True)

    def stop(self) -> None:
        """Do nothing: it runs on without us."""

    def answers(self) -> bool:
        return True  # nothing here could mend it

    def url(self) -> str:
        if self._url is None:
            try:
                self._url = str(parse_json_safely(read_program_file(self._file))["url"])
            except (OSError, ValueError, KeyError) as error:
                raise OutsideError("cannot_read", path=str(self._file)) from error
        return self._url


def hall_server_for_folder(folder: Path, given: str | None) -> HallDatabaseServer:
    """Return the server of the hall with this host folder; `given` is the address of another one to use."""
    return ExternalHallServer(folder, given) if given is not None or is_given(folder) else LocalHallServer(folder)


def is_given(folder: Path) -> bool:
    """Whether the hall with this host folder is on a server that somebody else runs."""
    return (folder / _GIVEN).exists()
