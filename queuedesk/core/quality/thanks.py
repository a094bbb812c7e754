"""Thanks of customers to somebody who works here, and forums: customers who were asked to come and talk."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

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


class ForumIssue(Struct, frozen=True):
    """One thing that was said: the id and digest of words kept beside the log, and the case that it became."""

    words: str
    case: str | None = None


class Forum(Struct, frozen=True, kw_only=True):
    """A forum held on `day` with so many `attendees`, noted on `date`. `about` is the id and digest of words."""

    seq: int
    date: clock.date
    day: clock.date
    attendees: int
    about: str | None
    by: str
    issues: tuple[ForumIssue, ...] = ()

    def issue(self, n: int) -> ForumIssue | None:
        """Return an issue, counted from 1."""
        return self.issues[n - 1] if 1 <= n <= len(self.issues) else None

    def said(self, words: str) -> Forum:
        """Return it with one issue more."""
        return replace(self, issues=(*self.issues, ForumIssue(words)))

    def followed(self, n: int, case: str) -> Forum:
        """Return it after an issue became a case. Raises IndexError."""
        issues = list(self.issues)
        issues[n - 1] = replace(issues[n - 1], case=case)
        return replace(self, issues=tuple(issues))
