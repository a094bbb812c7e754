"""Reads what a day's ribbon is drawn from: of each ticket and leg only the columns it needs, as the driver gives
them."""

from __future__ import annotations

from datetime import date
from operator import itemgetter

from sqlalchemy import and_, select

from queuedesk.core.figures.day_ribbon import RibbonCall, RibbonLeg, RibbonTicket
from queuedesk.store.engine.statement import Statement
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.around_date import ASKED
from queuedesk.store.schema.tables import calls, legs, tickets

_TICKETS = Statement(
    select(*(tickets.c[name] for name in ("seq", *RibbonTicket._fields[:-2]))).where(
        tickets.c.hall == ASKED["hall"], tickets.c.date == ASKED["day"]
    )
)
_LEGS = Statement(
    select(*(legs.c[name] for name in ("label", "n", *RibbonLeg._fields))).where(
        legs.c.hall == ASKED["hall"], legs.c.date == ASKED["day"]
    )
)
_CALLS_OF_MISSED = Statement(
    select(calls.c.label, calls.c.time, calls.c.window)
    .join(
        tickets,
        and_(*(tickets.c[key] == calls.c[key] for key in ("hall", "date", "label"))),
    )
    .where(calls.c.hall == ASKED["hall"], calls.c.date == ASKED["day"], tickets.c.misses > 0)
)


def ribbon_tickets(tx: Transaction, hall: int, day: date) -> list[RibbonTicket]:
    """Return the tickets of a business date in the order of their issue."""
    asked = {"hall": hall, "day": day}
    by_label: dict[str, list[RibbonLeg]] = {}
    for label, _n, *leg in sorted(_LEGS.raw(tx, asked), key=itemgetter(1)):
        by_label.setdefault(label, []).append(RibbonLeg(*leg))
    made: dict[str, list[RibbonCall]] = {}
    for label, *call in sorted(_CALLS_OF_MISSED.raw(tx, asked)):
        made.setdefault(label, []).append(RibbonCall(*call))
    return [
        RibbonTicket._make((label, *rest, by_label[label], made.get(label, ())))
        for _seq, label, *rest in sorted(_TICKETS.raw(tx, asked))
    ]
