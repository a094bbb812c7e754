"""Notes which kept reports were printed: a line for each try, before the printer is asked.

So a report is never printed twice by itself, even by a process that died over it; what the printer refused may be tried
again.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import Stamp
from queuedesk.core.log.event import stamp as moment_text
from queuedesk.files.reading import LARGEST_REPORT, parsed_json, read_own
from queuedesk.files.writing import keep_private

ASKED, REFUSED = "asked", "refused"
_LOG_DIGITS = 16


class PrintedNotes:
    """The notes in one file, which need not be there. What the last line of a report says counts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, datetime]:
        """Return when each report was printed, by key_of; a line that broke off or a file that can't be read says
        nothing."""
        try:
            lines = read_own(self._path, LARGEST_REPORT).decode(errors="replace").splitlines()
        except (OSError, ValueError):
            return {}
        found: dict[str, datetime] = {}
        for line in lines:
            try:
                said = parsed_json(line)
                key, state, moment = str(said["report"]), said["state"], datetime.fromisoformat(said["at"])
            except (ValueError, KeyError, TypeError):
                continue
            if state == ASKED:
                found[key] = moment
            else:
                found.pop(key, None)
        return found

    def note(self, stamp: Stamp, state: str, *, at: datetime, printer: str) -> None:
        """Write down that `printer` is asked for a report, or that it refused. Raises OutsideError "cannot_write"."""
        said = {"report": key_of(stamp), "state": state, "at": moment_text(at), "printer": printer}
        try:
            keep_private(self._path)
            opened = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(opened, "a", encoding="utf-8") as file:
                # On a line of its own, whatever a process that died has left before it.
                file.write("\n" + json.dumps(said, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self._path)) from error


def key_of(stamp: Stamp) -> str:
    """Return by what the notes know a report: its content, in whatever folder it lies."""
    return f"{stamp.log[:_LOG_DIGITS]} {stamp.span.period} {stamp.span.first.isoformat()} {stamp.hash}"
