"""How long the lines will be in a while: one more pass, with the people who will probably come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from queuedesk.core.waits.live import Live, LiveTicket
from queuedesk.core.waits.schedule import forecast

LAST_TURN = 1 << 61


def lines_after(live: Live, expected: Mapping[str, float], minutes: float) -> dict[str, int]:
    """Return for each service how many will stand in its line `minutes` from now; `expected` is how many come for it
    until then."""
    coming = [ticket for service in live.services for ticket in _coming(service, expected.get(service, 0.0), minutes)]
    # Expected priority tickets are among those who come: they are not counted twice.
    arrivals = tuple(sorted(coming, key=lambda ticket: (ticket.place_min, ticket.turn)))
    turns = forecast(replace(live, arrivals=arrivals)).turns
    lines = dict.fromkeys(live.services, 0)
    for ticket in (*live.tickets, *arrivals):
        turn = turns.get(ticket.id) if ticket.id is not None else None
        if ticket.service in lines and (turn is None or turn.at_min > minutes):
            lines[ticket.service] += 1
    return lines


def _coming(service: str, mean: float, minutes: float) -> list[LiveTicket]:
    """Return as many tickets as come on average, evenly spread."""
    n = round(mean)
    return [
        LiveTicket(
            id=(date.max, f"{service}+{k}"),
            service=service,
            place_min=minutes * (k + 0.5) / n,
            not_before_min=minutes * (k + 0.5) / n,
            turn=LAST_TURN + k,
            expected=True,
        )
        for k in range(n)
    ]
