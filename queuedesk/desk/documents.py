"""The documents that commands answer with; their shape is fixed for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from queuedesk.core.log.state import TICKETS
from queuedesk.core.network.roles import UNTOLD
from queuedesk.core.queue.dispatch import OVER_4_HOURS, NoWait, Standing, Wait
from queuedesk.core.queue.overview import Alert
from queuedesk.core.queue.ticket import Leg, State, Ticket, Window, microseconds
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.opening_checks import Wanted
from queuedesk.desk.change import Change, Document
from queuedesk.store.parts import tickets


def ticket_document(setup: Setup, ticket: Ticket, standing: Standing | None) -> Document:
    """Return a ticket as it is now; `standing` is given while it waits."""
    leg = ticket.leg
    document: Document = {
        "ticket": ticket.label,
        "service": ticket.service,
        "item": ticket.wanted[1] if ticket.wanted else None,
        "state": str(ticket.state),
        "class": ticket.klass,
        "arrived": iso(setup, ticket.arrived),
        "ahead": standing.ahead if standing else None,
        **wait_document(standing.wait if standing else NoWait("not_waiting")),
        "window": leg.window,
        "calls": leg.calls,
        "overtaken": ticket.overtaken,
        "visit": ticket.visit,
    }
    for name in ("called", "started", "finished"):
        moment: datetime | None = getattr(leg, name)
        if moment is not None:
            document[name] = iso(setup, moment)
    if standing is not None and standing.coming:
        document["coming"] = standing.coming
    if leg.staff is not None:
        document["staff"] = leg.staff
    if ticket.rating is not None and ticket.rating != UNTOLD:
        document["rating"] = ticket.rating
    return document


def wait_document(wait: Wait | NoWait) -> dict[str, Any]:
    """Return `wait`, and `wait_reason` where it is null or has no upper end."""
    if isinstance(wait, NoWait):
        return {"wait": None, "wait_reason": wait.reason}
    document: Document = {"wait": {"low": wait.low, "high": wait.high, "point": wait.point, "unit": "minutes"}}
    return document if wait.high is not None else {**document, "wait_reason": OVER_4_HOURS}


def history_document(setup: Setup, ticket: Ticket, standing: Standing | None) -> Document:
    """Return a ticket with its legs, its way (minutes), who issued it and its flags."""
    first = ticket.legs[0]
    way = None
    if first.called and first.started and not first.start_assumed:
        way = round(microseconds(first.called, first.started) / 60_000_000, 2)
    return {
        **ticket_document(setup, ticket, standing),
        "legs": [leg_document(setup, ticket, leg) for leg in ticket.legs],
        "way": way,
        "guide": ticket.guide,
        "flags": sorted(ticket.shown_flags),
    }


def leg_document(setup: Setup, ticket: Ticket, leg: Leg) -> Document:
    """Return one leg; `place` is the current leg's position in line, or when another leg's line was joined."""
    place = ticket.place if leg is ticket.leg else leg.joined
    return {
        "service": leg.service,
        "place": iso(setup, place),
        "called": iso(setup, leg.called),
        "started": iso(setup, leg.started),
        "finished": iso(setup, leg.finished),
        "window": leg.window,
        "staff": leg.staff,
        "end": leg.end,
    }


def window_document(setup: Setup, window: Window) -> Document:
    """Return a window as it is now; its services are those it can serve with its clerk, `lent` those not its own."""
    spec = setup.windows[window.code]
    services = setup.served_by(window)
    lent = sorted(window.extra - set(spec.services))
    return {
        "code": window.code,
        "state": str(window.state),
        "staff": window.staff,
        "services": [s for s in (*spec.services, *lent) if s in services],
        **({"lent": lent} if lent else {}),
        "ticket": window.ticket[1] if window.ticket else None,
        "back": iso(setup, window.back),
    }


def alert_document(setup: Setup, alert: Alert) -> Document:
    """Return an alert without its sentence; one about a device names it and its station."""
    device = {"device": alert.device, "station": alert.station} if alert.device is not None else {}
    return {
        "kind": alert.kind,
        "level": alert.level,
        "service": alert.service,
        "window": alert.window,
        "ticket": alert.ticket,
        **device,
        "since": iso(setup, alert.since),
        "acknowledged": alert.acknowledged is not None,
        "acknowledged_by": alert.by,
    }


def answer(change: Change, ticket: Ticket) -> Document:
    """Return the ticket's document at the end of a change."""
    now = change.book.get(TICKETS, ticket.id)
    standing = None
    if now.state is State.WAITING:
        standing = change.standing(now)
    return ticket_document(change.setup, now, standing)


def unserved(change: Change, services: Iterable[str]) -> list[str]:
    """Return those of `services` for which tickets wait although no window for them is open."""
    waiting = {t.service for t in tickets.waiting(change.tx, change.book.id, services)}
    return sorted(s for s in waiting if not change.line(s).is_open)


def iso(setup: Setup, moment: datetime | None) -> str | None:
    """Return the time on the hall's clock as ISO 8601 with offset, in whole seconds where it has no fraction."""
    return setup.local(moment).isoformat() if moment is not None else None


def wanted_document(one: Wanted) -> Document:
    """Return what is to be checked before a window opens."""
    return {"device": one.device, "station": one.station, "lack": one.lack, "cause": one.cause}
