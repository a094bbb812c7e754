"""Whether a service gives a ticket now and, if not, why and what else there is."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.closing_time import STOP, Closing, Reach, closings
from queuedesk.core.queue.hallday import business_date, day_turns, hours_on, must_give_tickets, next_opening
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Service, Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a service's limits are held against: its tickets of the business date, and who waits in its line. None: not
    counted."""

    given: int | None = None
    waiting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Whether a service gives a ticket now.

    `reason` is None or the code of a refusal with its `details`: message_only, service_closed, last_ticket, quota_full,
    line_full, no_time_left. `left` is how many tickets of the quota are left, None without one; `until` the hall's time
    ("17:00") at which it stops giving tickets today.
    """

    service: str
    reason: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    left: int | None = None
    until: str | None = None

    @property
    def gives(self) -> bool:
        return self.reason is None

    def refusal(self) -> RuleError | None:
        """Return the refusal that issuing would raise, for its sentence."""
        return None if self.reason is None else RuleError(self.reason, **self.details)

    def must_give(self) -> None:
        """Raise the refusal unless a ticket is given."""
        refusal = self.refusal()
        if refusal is not None:
            raise refusal


def offer_of(state: HallState, service: str, now: datetime) -> Offer:
    """Return what `service` offers by the hall as it stands. Raises RuleError "unknown_service"."""
    setup = state.setup_now
    if setup is None:
        raise RuleError("unknown_service", service=service)
    day = max(business_date(setup, now), state.now.date or clock.date.min)
    found = offer(setup, setup.service(service), now, day, lambda one: _load(state, one, day))
    return found if not found.gives else in_time(state, found, now, day)


def in_time(state: HallState, found: Offer, now: datetime, day: clock.date) -> Offer:
    """Return an offer that gives a ticket as it is, or refused where the hall stops giving what it would not come to
    any more."""
    setup = state.setup_now
    if setup is None or setup.settings["closing"] != STOP:
        return found
    near = closings(state, now)
    own = near.get(found.service)
    if own is None or own.reach is not Reach.TOO_LATE:
        return found
    service = setup.service(found.service)
    opens, on = next_opening(setup, service, own.closes_at)
    details = {
        **_named(service),
        "closes": clock_text(_minute(setup, own.closes_at)),
        "opens": opens,
        "date": on,
        **_other(setup, service, now, day, lambda one: _load(state, one, day), late=_late(near)),
    }
    return replace(found, reason="no_time_left", details=details)


def _late(near: Mapping[str, Closing]) -> frozenset[str]:
    return frozenset(code for code, one in near.items() if one.reach is Reach.TOO_LATE)


def _minute(setup: Setup, moment: datetime) -> int:
    local = setup.local(moment)
    return local.hour * 60 + local.minute


def offer(setup: Setup, service: Service, now: datetime, day: clock.date, load: Callable[[Service], Load]) -> Offer:
    """Return what `service` offers at `now` on business date `day`; `load` counts what its limits are held against."""
    if service.message:
        details = {**_named(service), "message": service.message, "message_en": service.message_en}
        return Offer(service=service.code, reason="message_only", details=details)
    try:
        must_give_tickets(setup, service, now)
    except RuleError as refusal:
        return Offer(service=service.code, reason=refusal.code, details=refusal.details)
    until = _until(setup, service, now)
    if service.quota is None and service.line_limit is None:
        return Offer(service=service.code, until=until)
    counted = load(service)
    left = None if service.quota is None else max(service.quota - (counted.given or 0), 0)
    if left == 0:
        opens, on = next_opening(setup, service, day_turns(setup, day) - timedelta(seconds=1))
        details = {**_named(service), "n": service.quota, "opens": opens, "date": on}
        details |= _other(setup, service, now, day, load)
        return Offer(service=service.code, reason="quota_full", details=details, left=left, until=until)
    if service.line_limit is not None and (counted.waiting or 0) >= service.line_limit:
        details = {**_named(service), "n": counted.waiting, **_other(setup, service, now, day, load)}
        return Offer(service=service.code, reason="line_full", details=details, left=left, until=until)
    return Offer(service=service.code, left=left, until=until)


def takes_of_quota(ticket: Ticket, service: str) -> bool:
    """Whether the ticket is one of the date's tickets for `service`: it stands or stood there rightly, or the visit
    still goes there."""
    if ticket.state is State.VOID:
        return False
    if any(leg.service == service and leg.end != "redirect" for leg in ticket.legs):
        return True
    return ticket.is_open and service in ticket.steps


def _load(state: HallState, service: Service, day: clock.date) -> Load:
    tickets = state.tickets.values()
    return Load(
        given=sum(t.date == day and takes_of_quota(t, service.code) for t in tickets),
        waiting=sum(t.state is State.WAITING and t.service == service.code for t in tickets),
    )


def _until(setup: Setup, service: Service, now: datetime) -> str | None:
    local = setup.local(now)
    minute = local.hour * 60 + local.minute
    ends = [end for start, end in hours_on(setup, service, local.date()) if start <= minute < end]
    limits = [*ends, *([service.last_ticket] if service.last_ticket is not None else [])]
    return clock_text(min(limits)) if ends else None


def _other(
    setup: Setup,
    service: Service,
    now: datetime,
    day: clock.date,
    load: Callable[[Service], Load],
    *,
    late: frozenset[str] = frozenset(),
) -> dict[str, object]:
    """Return the details that name another service of the group that gives tickets now, none of `late`; nothing where
    there is none."""
    for one in setup.services.values():
        if (
            not service.group
            or one.group != service.group
            or one.code == service.code
            or one.message
            or one.code in late
        ):
            continue
        if offer(
            setup, replace(one, group=""), now, day, load
        ).gives:  # alone: it is not asked whom it would name in turn
            return {"other": one.code, "other_name": one.name, "other_name_en": one.name_en}
    return {}


def _named(service: Service) -> dict[str, object]:
    return {"service": service.code, "name": service.name, "name_en": service.name_en}
