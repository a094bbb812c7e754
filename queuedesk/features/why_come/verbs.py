"""Reads what people came for and where else they could have gone, and offers them the other way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.drilldown_rows import OFFERS, PARTNERS, WHOLE
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.features.why_come.rules import WhereElseAdvice, advice
from queuedesk.store.figures import measured
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.parts import halls


def where_else(desk: Desk, first: date, last: date, now: datetime) -> WhereElseAdvice:
    """Return the advice of the business dates from `first` to `last`, both included. Raises RuleError "bad_value"
    where they are in the wrong order, OutsideError when the database does not answer."""
    if first > last:
        raise RuleError("bad_value", field="date", value=last.isoformat(), why="out_of_range", limit=first.isoformat())
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        days = measured.query_days_with_parts(
            HallReader(tx, desk.hall, setup, now), dates, frozenset({WHOLE, OFFERS, PARTNERS})
        )
        return advice(days, first, last, len(setup.partners))


@runs_in_transaction("put-offer")
def set_channel_offer(change: HallChange, service: str, to: str, *, wanted: bool = True) -> Document:
    """Let front desk, kiosk and displays offer a channel to who comes for a service, or no more. Raises RuleError
    "unknown_service", "bad_value"."""
    if to not in CHANNELS:
        raise RuleError("bad_value", field="to", value=to, why="not_a_choice", limit=list(CHANNELS))
    now = change.setup.service(service).elsewhere
    after = [one for one in CHANNELS if (one in now and one != to) or (one == to and wanted)]
    if tuple(after) != now:
        change.record("set-up", part="services", op="set", code=service, row={"elsewhere": after})
    return {"service": service, "elsewhere": after}
