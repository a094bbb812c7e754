"""A day's tickets as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from queuedesk.cli.files import replace
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState
from queuedesk.core.ticket import Leg, Ticket

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_TICKET: dict[str, Callable[[Ticket], object]] = {
    "ticket": lambda t: t.label,
    "item": lambda t: t.item,
    "class": lambda t: t.klass,
    "state": lambda t: str(t.state),
    "guide": lambda t: t.guide,
    "rating": lambda t: t.rating,
    "overtaken": lambda t: t.overtaken,
    "flags": lambda t: " ".join(sorted(t.flags)),
    "visit": lambda t: t.visit,
}
_LEG: dict[str, Callable[[Leg], object]] = {
    "leg": lambda leg: leg.n,
    "service": lambda leg: leg.service,
    "joined": lambda leg: leg.joined,
    "called": lambda leg: leg.called,
    "started": lambda leg: leg.started,
    "finished": lambda leg: leg.finished,
    "window": lambda leg: leg.window,
    "staff": lambda leg: leg.staff,
    "calls": lambda leg: leg.calls,
    "end": lambda leg: leg.end,
    "outcome": lambda leg: leg.outcome,
    "note": lambda leg: leg.note,
}
COLUMNS = ("date", *_TICKET, "arrived", *_LEG)


def write_legs(path: Path, state: HallState, day: date) -> None:
    """Write a row per leg, times on the hall's clock. Raises OutsideError "cannot_write"."""
    setup = state.setup_now
    if setup is None:
        raise ValueError("a hall without a set-up")
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for ticket in sorted((t for t in state.tickets.values() if t.date == day), key=lambda t: t.seq):
        own = [read(ticket) for read in _TICKET.values()]
        for leg in ticket.legs:
            cells = [day, *own, ticket.arrived, *(read(leg) for read in _LEG.values())]
            rows.writerow([_cell(setup, value) for value in cells])
    # With the mark, spreadsheets read Chinese notes as what they are.
    replace(path, text.getvalue().encode("utf-8-sig"))


def _cell(setup: Setup, value: object) -> str:
    if value is None:
        return ""
    text = setup.local(value).isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
