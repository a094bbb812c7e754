"""Thanks of customers to staff, and forums: meetings to which the hall invites customers."""

from __future__ import annotations

import datetime as clock
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.queue.ticket import Ticket

SPOKEN, COMMENT = "spoken", "comment"
SOURCES = (SPOKEN, COMMENT)
"""Where thanks come from: spoken to staff, or the comment of a rating."""


class Thanks(Struct, frozen=True, kw_only=True):
    """A customer's thanks to `staff`. `date` is that of `ticket` if there is one, else that of the record. `words` are
    the id and digest of words stored outside the log; `seen` is when the person read it. Thanks from a comment name no
    ticket, as only managers may see ratings."""

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


def last_clerk_of(ticket: Ticket | None) -> str | None:
    return next((leg.staff for leg in reversed(ticket.legs) if leg.staff), None) if ticket is not None else None


class ForumIssue(Struct, frozen=True):
    """An issue raised at a forum: the id and digest of words stored outside the log, and the case made of it."""

    words: str
    case: str | None = None


class Forum(Struct, frozen=True, kw_only=True):
    """A forum held on `day`, recorded on `date`. `about` is the id and digest of words stored outside the log."""

    seq: int
    date: clock.date
    day: clock.date
    attendees: int
    about: str | None
    by: str
    issues: tuple[ForumIssue, ...] = ()

    def issue_by_number(self, n: int) -> ForumIssue | None:
        return self.issues[n - 1] if 1 <= n <= len(self.issues) else None

    def with_issue_added(self, words: str) -> Forum:
        return replace(self, issues=(*self.issues, ForumIssue(words)))

    def with_issue_case(self, n: int, case: str) -> Forum:
        """Return it with the case made of issue `n`. Raises IndexError."""
        issues = list(self.issues)
        issues[n - 1] = replace(issues[n - 1], case=case)
        return replace(self, issues=tuple(issues))
