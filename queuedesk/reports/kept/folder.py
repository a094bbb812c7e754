"""The folder of kept reports: each file says in its last line what it is.

A PDF may have a comment behind its end. It holds the Stamp and the SHA-256 of all before it: by that a file is known
again under any name, and one that somebody changed is told from one as it was written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from msgspec import Struct

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import KEPT, Span, Stamp, file_name, span_of
from queuedesk.core.log.event import stamp as moment_text
from queuedesk.files.reading import LARGEST_REPORT, parsed_json, read_own
from queuedesk.files.writing import write_beside

MARK = b"%QueueDesk-report "
TAIL_BYTES = 2048
PART = ".part"
_LOG_DIGITS = 12


class KeptFile(Struct, frozen=True):
    """A report that was found in the folder."""

    path: Path
    stamp: Stamp
    size: int


def found_in(folder: Path, log: str | None) -> list[KeptFile]:
    """Return the reports of the hall whose log begins with the hash `log`, of every hall for None, in no order; none if
    there is no folder.

    Raises OutsideError "cannot_read".
    """
    try:
        paths = [path for path in folder.iterdir() if path.suffix.lower() == ".pdf" and not path.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OutsideError("cannot_read", path=str(folder)) from error
    files = []
    for path in paths:
        with suppress(OSError):  # Gone since, or not for us to read: then it is none of ours.
            said = _stamp_of(path)
            if said is not None and log in (None, said.log):
                files.append(KeptFile(path, said, path.stat().st_size))
    return files


def put(folder: Path, said: Stamp, pdf: bytes) -> Path:
    """Write a report as a whole file under a free name; return it. Raises OutsideError "cannot_write"."""
    document = {
        "hall": said.hall,
        "log": said.log,
        "period": said.span.period,
        "from": said.span.first.isoformat(),
        "to": said.span.last.isoformat(),
        "edition": said.edition,
        "written": moment_text(said.written),
        "first_seq": said.first_seq,
        "last_seq": said.last_seq,
        "hash": said.hash,
        "sha256": hashlib.sha256(pdf).hexdigest(),
    }
    content = b"".join((pdf, MARK, json.dumps(document).encode("ascii"), b"\n"))
    names = (file_name(said.span, said.hall, n) for n in count(said.edition))
    return write_beside(folder, names, content, f".{said.log[:_LOG_DIGITS]}-{os.getpid()}{PART}")


def clear_parts(folder: Path, log: str) -> None:
    """Remove what a process that died half-way has left; only for the process that holds the hall's lock."""
    with suppress(OSError):
        for path in folder.glob(f".{log[:_LOG_DIGITS]}-*{PART}"):
            path.unlink(missing_ok=True)


def remove(file: KeptFile) -> bool:
    """Remove a report if it is unchanged: one that somebody has marked or signed stays; return whether it is gone.

    Raises OutsideError "cannot_write".
    """
    try:
        if not _is_as_written(read_own(file.path, LARGEST_REPORT)):
            return False
        file.path.unlink()
    except FileNotFoundError:
        return False
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_write", path=str(file.path)) from error
    return True


def _is_as_written(content: bytes) -> bool:
    pdf, mark, line = content.rpartition(MARK)
    if not mark or line.count(b"\n") != 1 or not line.endswith(b"\n"):
        return False
    try:
        return bool(parsed_json(line)["sha256"] == hashlib.sha256(pdf).hexdigest())
    except (ValueError, KeyError, TypeError):
        return False


def _stamp_of(path: Path) -> Stamp | None:
    """Return what a file says of itself; None for one that is no report of ours."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read(TAIL_BYTES)
        if MARK not in tail:  # Marked or signed by somebody, whose program wrote behind the end.
            file.seek(0)
            tail = file.read(LARGEST_REPORT)
    at = tail.rfind(MARK)
    if at < 0:
        return None
    line = tail[at + len(MARK) :].split(b"\n", 1)[0]
    try:
        said = parsed_json(line)
        moment = datetime.fromisoformat(said["written"])
        period, first = said["period"], datetime.fromisoformat(said["from"]).date()
        if period not in KEPT or moment.tzinfo is None:
            return None
        return Stamp(
            hall=str(said["hall"]),
            log=str(said["log"]),
            span=Span(period, *span_of(period, first)),
            edition=int(said["edition"]),
            written=moment,
            first_seq=int(said["first_seq"]),
            last_seq=int(said["last_seq"]),
            hash=str(said["hash"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def newest_first(files: Iterable[KeptFile]) -> list[KeptFile]:
    """Return them as people look for them: the latest period first, in it the longest, then the last edition."""

    def place(file: KeptFile) -> tuple[int, int, int]:
        span = file.stamp.span
        return -span.last.toordinal(), -KEPT.index(span.period), -file.stamp.edition

    return sorted(files, key=place)
