"""Reads what a day's ribbon is drawn from: of each ticket and leg only the columns it needs, as the driver gives
them."""

from __future__ import annotations

from datetime import date
from operator import itemgetter

from sqlalchemy import bindparam, select

from queuedesk.core.figures.day_ribbon import RibbonLeg, RibbonTicket
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.around_date import raw
from queuedesk.store.schema.tables import legs, tickets

_TICKETS = select(*(tickets.c[name] for name in ("seq", *RibbonTicket._fields[:-1]))).where(
    tickets.c.hall == bindparam("hall"), tickets.c.date == bindparam("day")
)
_LEGS = select(*(legs.c[name] for name in ("label", "n", *RibbonLeg._fields))).where(
    legs.c.hall == bindparam("hall"), legs.c.date == bindparam("day")
)


def ribbon_tickets(tx: Transaction, hall: int, day: date) -> list[RibbonTicket]:
    """Return the tickets of a business date in the order of their issue."""
    asked = {"hall": hall, "day": day}
    by_label: dict[str, list[RibbonLeg]] = {}
    for label, _n, *leg in sorted(raw(tx, _LEGS, asked), key=itemgetter(1)):
        by_label.setdefault(label, []).append(RibbonLeg(*leg))
    return [
        RibbonTicket(label, state, since, window, round_calls, by_label[label])
        for _seq, label, state, since, window, round_calls in sorted(raw(tx, _TICKETS, asked))
    ]
