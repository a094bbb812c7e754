"""Takes a person's word that the time is right although no process saw it pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from queuedesk.core.errors import RuleError
from queuedesk.core.log.clocks import CERTAIN_WITHIN, Doubt
from queuedesk.core.log.event import stamp
from queuedesk.desk.change import Ask, Change, Desk, Document, changes, doubt_now, said
from queuedesk.desk.documents import iso
from queuedesk.store.parts import halls


def question(desk: Desk, ask: Ask) -> Doubt | None:
    """Return what staff has to answer before anything else goes on in the hall; None where nothing is doubtful. Changes
    nothing."""
    with desk.db.read() as tx:
        return doubt_now(tx, desk, ask)


def certain_time(desk: Desk, ask: Ask) -> datetime:
    """Return the time at which this is asked, for what is done beside the log. Raises RuleError "clock_ahead" where it
    is doubtful."""
    with desk.db.read() as tx:
        if (found := doubt_now(tx, desk, ask)) is not None:
            raise found.refusal()
        return said(tx, ask)


def shown(desk: Desk, ask: Ask) -> tuple[Document, Doubt | None]:
    """Return where the log stands and what the clock says, with the question that stands."""
    found = question(desk, ask)
    with desk.db.read() as tx:
        row = halls.load(tx, desk.hall)
        setup, clock = halls.setup(tx, row), said(tx, ask)
    document: Document = {
        "log": iso(setup, row.now.at) if row.now.at is not None else None,
        "date": row.now.date.isoformat() if row.now.date is not None else None,
        "clock": iso(setup, clock),
        "to_confirm": None,
        "to_set_right": row.now.at is not None and row.now.at - clock > CERTAIN_WITHIN,
    }
    if found is not None:
        counts = {"waiting": found.waiting, "open": found.open, "windows": found.windows}
        document["to_confirm"] = {
            "last": iso(setup, found.last),
            "now": iso(setup, found.now),
            **counts,
            "appointments": found.appointments,
            "by": "manager" if found.is_far else "staff",
        }
    return document, found


def confirm(desk: Desk, ask: Ask, seen: datetime | None = None) -> Document:
    """Say that it is as late as the clock says, or said when the question was `seen`; what is due since then is done.

    Any of staff may say so after an evening or a weekend, only a manager that longer has passed. Raises RuleError
    "nothing_to_confirm", "not_your_role", "clock_ahead" where the clock says another time by now.
    """
    if seen is None and (found := question(desk, ask)) is not None:
        seen = found.now
    return _confirm(desk, replace(ask, confirms=seen))


@changes("clock")
def _confirm(change: Change) -> Document:
    doubt = change.doubt
    if doubt is None:
        raise RuleError("nothing_to_confirm")
    if doubt.is_far:
        change.who.must("clock-far")
    change.record("clock", was=stamp(doubt.last), waiting=doubt.waiting, windows=doubt.windows)
    return {"now": iso(change.setup, change.now), "last": iso(change.setup, doubt.last)}
