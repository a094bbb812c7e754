"""What whole days came to, and the answer kept for whoever asks for them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk.change import Desk, Document
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.parts import halls


@dataclass(frozen=True, slots=True)
class Prediction:
    """The wait that a ticket was told when it was issued, in minutes; None where none could be told."""

    date: date
    ticket: str
    low: int | None
    high: int | None
    point: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What days came to. `events` are all of the log; `skipped` the rows that were left out."""

    days: int
    tickets: int
    events: int
    skipped: int

    def document(self) -> dict[str, int]:
        """Return what the commands print."""
        return {"days": self.days, "tickets": self.tickets, "events": self.events, "skipped": self.skipped}


Progress = Callable[[int, int], None]
"""Told at every step how much is done, and of how much."""
Ready = Callable[[Desk, Played, Sequence[Prediction]], None]
"""Given the hall before it stands anywhere, what its days came to, and the waits that were told in the order of
issue."""


def log_length(desk: Desk) -> int:
    """Return how many events the hall's log has."""
    with desk.db.read() as tx:
        return halls.load(tx, desk.hall).now.seq


def keep_answer(desk: Desk, command: str, words: str, played: Played) -> None:
    """Remember in a new hall which command made it."""
    with desk.db.write(desk.hall) as tx:
        events.keep_answer(tx, desk.hall, command, words=words, seq=played.events, document=played.document())


def kept_answer(target: Path | None, command: str | None, words: str) -> Document | None:
    """Return the first answer of a command that made the hall at `target`; None where nothing stands there.

    Raises RuleError "exists" where something else does, "id_used" when the command had other words.
    """
    if target is None or not target.exists():
        return None
    kept = None
    if command is not None:
        try:
            db = Database.open(target)
        except OutsideError:
            raise RuleError("exists", path=str(target)) from None
        try:
            with db.read() as tx:
                kept = next((a for id, _code in halls.listed(tx) if (a := events.answer(tx, id, command))), None)
        finally:
            db.dispose()
    if kept is None:
        raise RuleError("exists", path=str(target))
    if kept[0] != words:
        raise RuleError("id_used", command=command)
    return kept[1]
