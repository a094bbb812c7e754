"""Ends the day by command."""

from __future__ import annotations

from queuedesk.desk.change import Change, Document, changes
from queuedesk.desk.upkeep import dayend
from queuedesk.store.parts import tickets


@changes("day-end")
def end_today(change: Change) -> Document:
    """End today's tickets and close every window; nothing is appended when there is nothing to end.

    What is issued afterwards on the same day belongs to the same date and goes on with its numbers.
    """
    event = dayend.end_day(
        change.book,
        change.setup,
        change.who,
        change.date,
        at=change.now,
        time=change.now,
        open_tickets=tickets.open_tickets(change.tx, change.book.id),
        command=change.command,
    )
    data = event.data if event else {}
    ended = {key: len(data.get(key, ())) for key in ("waiting", "gone", "finished", "windows")}
    return {"date": change.date.isoformat(), **ended}


def end_what_is_due(change: Change) -> Document:
    """End earlier dates that are still open, which `changes` has done already, and learn from them; a chore for every
    station."""
    change.state()
    return {"date": change.date.isoformat()}


end_due = changes("day-end")(end_what_is_due)
