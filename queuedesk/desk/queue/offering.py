"""Offers customers another channel, and counts whether they accept."""

from __future__ import annotations

from queuedesk.core.errors import RuleError
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.desk.change import Change, Document, changes


@changes("offer")
def offer(change: Change, service: str, *, to: str, declined: bool = False, ticket: str | None = None) -> Document:
    """Note that a customer for `service` was offered the channel `to`, and whether they took it; no ticket moves by it.

    `ticket` is the customer's number of today, where there is one. Raises RuleError "unknown_service", "bad_value",
    "unknown_ticket".
    """
    change.setup.service(service)
    if to not in CHANNELS:
        raise RuleError("bad_value", field="to", value=to, why="not_a_choice", limit=list(CHANNELS))
    id = change.ticket(ticket).id if ticket is not None else None
    change.record("offer", ticket=id, service=service, to=to, accepted=not declined)
    return {"service": service, "to": to, "accepted": not declined}
