"""Finds out what became of a command whose answer never came, by its id in the log."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex

from queuedesk.core.log.event import Event
from queuedesk.desk.change import Desk
from queuedesk.store.log import events

OWN_ID = events.OWN_ID
_ID_BYTES = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a command was done, and its own event; None where it left none."""

    is_done: bool
    event: Event | None = None


def own_id() -> str:
    """Return a new id for a command of a station; its answer is kept until the day-end after next."""
    return OWN_ID + token_hex(_ID_BYTES)


def outcome(desk: Desk, command: str) -> Outcome:
    """Return what became of a command that nobody asks for any more. Raises OutsideError.

    It is certain: the hall's lock is taken first, so that nothing that was begun with this id is still under way.
    """
    with desk.db.write(desk.hall) as tx:
        is_done = events.answer(tx, desk.hall, command) is not None
        return Outcome(is_done, events.of_command(tx, desk.hall, command) if is_done else None)
