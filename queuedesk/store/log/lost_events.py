"""What a hall's file was told last, a second time beside it: so that a lost journal is noticed, and its events can be
put back.

SQLite writes each commit into `-wal` first. Where that file is deleted or cut after the program was killed, everything
since the last checkpoint is gone without a trace in the database. So each committed event goes into `-told` as well, as
the log prints it, without waiting for the disk: who removes or spoils the journal does not remove this.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from msgspec import Struct
from sqlalchemy import select

from queuedesk.core.log.event import Event
from queuedesk.files.reading import parsed_json, read_own
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log.events import read_line
from queuedesk.store.schema.beside import database
from queuedesk.store.schema.tables import events

ENDING = "-told"
_BEFORE = f"{ENDING}.before"
LARGEST = 1_000_000
"""Some two thousand events; the journal, which is taken in at a thousand pages, holds a few hundred."""
MOST_AT_ONCE = 1000


class Committed(Struct, frozen=True):
    """An event that was committed in a database of this epoch."""

    epoch: str
    hall: int
    event: Event


def lines(epoch: str, appended: Sequence[tuple[int, Event, str | None]]) -> bytes:
    """Return what write() is to add once these events are committed: of each its hall, itself and its line, where that
    is known."""
    said = [
        f"{epoch} {hall} {event.line() if line is None else line}\n" for hall, event, line in appended[-MOST_AT_ONCE:]
    ]
    return "".join(said).encode()


def write(path: Path, committed: bytes) -> None:
    """Add what was just committed; if that is impossible nothing is stored, and nobody is kept waiting."""
    with suppress(OSError):
        opened = os.open(f"{path}{ENDING}", os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            os.write(opened, committed)
            size = os.lseek(opened, 0, os.SEEK_END)
        finally:
            os.close(opened)
        if size > LARGEST:
            path.with_name(path.name + ENDING).replace(path.with_name(path.name + _BEFORE))


def read(path: Path | None) -> list[Committed]:
    """Return what is stored beside the file at `path`, in the order written; incomplete lines are ignored."""
    if path is None:
        return []
    found: list[Committed] = []
    for ending in (_BEFORE, ENDING):
        with suppress(OSError, ValueError):
            text = read_own(path.with_name(path.name + ending)).decode(errors="replace")
            found += [told for line in text.split("\n") if (told := _read(line)) is not None]
    return found


def lost(tx: Transaction, hall: int, told: Sequence[Committed]) -> list[Event]:
    """Return the committed events that the hall's log lacks, in order; `told` was read before the transaction began."""
    epoch = tx.execute(select(database.c.epoch)).scalar()
    ours = {one.event.seq: one.event for one in told if (one.epoch, one.hall) == (epoch, hall)}
    if not ours:
        return []
    rows = select(events.c.seq, events.c.hash).where(events.c.hall == hall, events.c.seq >= min(ours))
    there = {row.seq: row.hash for row in tx.execute(rows)}
    return [event for seq, event in sorted(ours.items()) if there.get(seq) != event.hash]


def continuing(missing: Sequence[Event], *, seq: int, hash: str) -> list[Event]:
    """Return those that follow a log ending with `seq` and `hash`, one after another without a gap."""
    following = [event for event in missing if event.seq > seq]
    if not following or (following[0].seq, following[0].prev) != (seq + 1, hash):
        return []
    whole = [following[0]]
    for one, other in pairwise(following):
        if (other.seq, other.prev) != (one.seq + 1, one.hash):
            break
        whole.append(other)
    return whole


def files_of(path: Path) -> list[Path]:
    """Return the paths of this file, whether it exists or not."""
    return [path.with_name(path.name + ending) for ending in (ENDING, _BEFORE)]


def _read(line: str) -> Committed | None:
    epoch, _space, rest = line.partition(" ")
    hall, _space, text = rest.partition(" ")
    try:
        event = read_line(parsed_json(text))
        is_whole = event.chained(event.prev).hash == event.hash
        return Committed(epoch, int(hall), event) if is_whole else None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
