"""Thanks of customers to somebody who works here."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from queuedesk.core.queue.ticket import Ticket

SPOKEN, COMMENT = "spoken", "comment"
SOURCES = (SPOKEN, COMMENT)
"""How the hall knows of it: somebody said so, or wrote it with a rating."""


class Thanks(Struct, frozen=True, kw_only=True):
    """A customer's thanks to `staff`. `date` is that of `ticket`, a number of it, if there is one, else that of the
    noting. `words` are the id and the digest of what stands beside the log; `seen` is when that person read it.

    Thanks from a comment name no ticket: a rating stays with managers.
    """

    seq: int
    date: clock.date
    time: datetime
    staff: str
    source: str
    ticket: str | None
    words: str | None
    by: str
    seen: datetime | None = None

    @property
    def is_unseen(self) -> bool:
        return self.seen is None


def served_by(ticket: Ticket | None) -> str | None:
    """Return who served a ticket last."""
    return next((leg.staff for leg in reversed(ticket.legs) if leg.staff), None) if ticket is not None else None


def unseen_by(thanks: Iterable[Thanks], staff: str) -> list[Thanks]:
    """Return the thanks that somebody has not read yet, the oldest first."""
    return sorted((one for one in thanks if one.staff == staff and one.is_unseen), key=lambda one: one.seq)
