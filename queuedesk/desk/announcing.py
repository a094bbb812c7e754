"""What became of each call on screens and by voice; kept outside the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuedesk.desk.change import Desk
from queuedesk.store import journal

SILENT = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What one station did with a call. `link` is what gave the sound; "none" when a voice tried and nothing was spoken."""

    station: str
    shown: datetime | None = None
    spoken: datetime | None = None
    link: str | None = None


def note_shown(desk: Desk, seq: int, station: str, now: datetime) -> None:
    """Note that `station` has drawn the call `seq`. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        journal.announced(tx, desk.hall, seq, station, shown=now)


def note_spoken(desk: Desk, seq: int, station: str, now: datetime, *, link: str | None) -> None:
    """Note that the voice of `station` has said the call `seq` by `link`; None: it tried and stayed silent. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        journal.announced(tx, desk.hall, seq, station, spoken=now if link else None, link=link or SILENT)


def announced(desk: Desk, seq: int) -> list[Announced]:
    """Return what stations did with the call `seq` so far."""
    with desk.db.read() as tx:
        rows = journal.announcement(tx, desk.hall, seq)
    return [Announced(station=name, shown=shown, spoken=spoken, link=link) for name, shown, spoken, link in rows]


def unspoken_since(desk: Desk, seq: int) -> list[int]:
    """Return the calls after `seq` that a voice tried to say and could not."""
    with desk.db.read() as tx:
        return journal.unspoken_since(tx, desk.hall, seq)
