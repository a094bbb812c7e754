"""Closing a month of the person's sheets: what they say is kept, and a later correction makes a version beside it."""

from __future__ import annotations

from datetime import date, timedelta

from queuedesk.core.appraisal.closed_text import text_of
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import MONTH, span_of
from queuedesk.core.log.state import CLOSINGS
from queuedesk.desk.appraisal.sheets import at_present, closed_text
from queuedesk.desk.change import Change, Document, changes
from queuedesk.desk.documents import iso
from queuedesk.desk.kept_words import needed
from queuedesk.store.log import journal
from queuedesk.store.parts import part_tables
from queuedesk.store.rights.withheld_ratings import reads_ratings
from queuedesk.store.schema.appraisal import closings

LONGEST = 20_000_000


@changes("sheet-close")
def close_month(change: Change, month: date | None = None) -> Document:
    """Close a month, the last one unless `month` lies in another: its sheets stay as they are now. Closed again after a
    correction it has one more version; each is kept.

    Raises RuleError "month_runs" while it is not over, "disputes_wait" while rows wait for a decision, "month_closed"
    where nothing has changed since, "who_are_you" for somebody who gives no name, OutsideError "not_this_pc".
    """
    if not change.who.is_staff:
        raise RuleError("who_are_you")
    first, last = span_of(MONTH, month or change.date.replace(day=1) - timedelta(days=1))
    if last >= change.date:
        raise RuleError("month_runs", month=f"{first:%Y-%m}")
    if not reads_ratings(change.tx):
        raise OutsideError("not_this_pc")
    hall = change.book.id
    found = at_present(change.tx, hall, change.setup, (first, last), change.now)
    if waiting := sum(one.is_open for one in found.rows.disputes):
        raise RuleError("disputes_wait", n=waiting)
    before = part_tables.among(change.tx, hall, CLOSINGS, closings.c.month == first).values()
    latest = max(before, key=lambda one: one.version, default=None)
    text = text_of(found)
    if latest is not None and closed_text(change.tx, hall, latest.rows) == text:
        raise RuleError("month_closed", month=f"{first:%Y-%m}", version=latest.version)
    unrated = at_present(change.tx, hall, change.setup, (first, last), change.now, unrated=True)
    event = change.record(
        "sheet-close",
        month=first.isoformat(),
        version=latest.version + 1 if latest is not None else 1,
        rows=needed(change, "rows", text, longest=LONGEST),
        told=needed(change, "told", text_of(unrated), longest=LONGEST, put=journal.keep_for_staff),
    )
    return {
        "month": f"{first:%Y-%m}",
        "version": event.data["version"],
        "people": len(found.team.sheets),
        "at": iso(change.setup, event.time),
    }
