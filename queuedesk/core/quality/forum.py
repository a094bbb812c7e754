"""A forum: customers who were asked to come and talk, and what they said as issues."""

from __future__ import annotations

import datetime as clock

from msgspec import Struct
from msgspec.structs import replace


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
