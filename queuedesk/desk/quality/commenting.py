"""Notes what a customer says to somebody of the hall, and which comments a manager has read."""

from __future__ import annotations

from datetime import date
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.quality.case import CLASSES, id_of
from queuedesk.desk.change import Change, Document, changes
from queuedesk.desk.kept_words import keep
from queuedesk.store.log import journal


@changes("comment")
def note(change: Change, text: str, *, klass: str, ticket: str | None = None, day: date | None = None) -> Document:
    """Note a customer's words, about a ticket or about none. Raises RuleError "bad_value", "unknown_ticket"."""
    if klass not in CLASSES:
        raise RuleError("bad_value", field="class", value=klass, why="not_a_choice", limit=list(CLASSES))
    about = change.ticket(ticket, day) if ticket is not None else None
    kept = keep(change, "comment", text)
    if kept is None:
        raise RuleError("bad_value", field="comment", value=None, why="empty")
    # Which ticket it is about stands in the data alone: who may not read what customers say sees nothing of it.
    data: dict[str, Any] = {"class": klass, "comment": kept, "salt": change.salts()}
    if about is not None:
        data |= {"about": about.label, "day": about.date.isoformat()}
    change.record("comment", **data)
    return {"comment": id_of(kept)}


@changes("comment-read")
def mark_read(change: Change, id: str, *, read: bool = True) -> Document:
    """Mark a comment as read, or take the mark back. Raises RuleError "unknown_comment"."""
    if not journal.has_comment(change.tx, change.book.id, id):
        raise RuleError("unknown_comment", comment=id)
    change.record("comment-read", comment=id, read=read)
    return {"comment": id, "read": read}
