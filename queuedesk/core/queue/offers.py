"""Whether a service gives a ticket now and, if not, why; whether it would be called before closing; alternatives."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday
from queuedesk.core.queue.dispatch import NOT_REACHED, NoQuoteReason, QuotedWait
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.waits import quote
from queuedesk.core.waits.live import LiveHall, PassForecast
from queuedesk.core.waits.schedule import forecast_turns

LOOK_AHEAD = timedelta(minutes=240)
"""Earlier than this before closing the forecast is too uncertain to send anybody away."""
HIGH_FACTOR = 1.28
"""Standard deviations above the mean that cover nine of ten turns of a normal distribution."""
OFF, WARN, STOP = "off", "warn", "stop"


class CallBeforeClosingVerdict(StrEnum):
    """Whether a ticket taken now is called before closing: yes, doubtful, probably not."""

    IN_TIME = "in_time"
    DOUBTFUL = "doubtful"
    TOO_LATE = "too_late"


class ServiceClosing(Struct, frozen=True, kw_only=True):
    """A service's end of the day: `closes_at` ends its tickets for today, `last_at` its calls. `clear_at`
    is when the present line is expected to be served, `clear_late_at` by when it is in nine of ten cases; None for an
    empty line, or one that is never served. `called_at` is the turn of a ticket taken now, None if none."""

    service: str
    closes_at: datetime
    last_at: datetime
    clear_at: datetime | None
    clear_late_at: datetime | None
    called_at: datetime | None
    reach: CallBeforeClosingVerdict


def services_closing_soon(state: HallState, now: datetime) -> Mapping[str, ServiceClosing]:
    """Return the closings, by code, of the services that close within LOOK_AHEAD; none if the hall's setting is off."""
    setup = state.setup_now
    if setup is None or setup.settings["closing"] == OFF:
        return {}
    near = {
        code: at
        for code, service in setup.services.items()
        if (at := next_closing_time_today(setup, service, now)) is not None and at - now <= LOOK_AHEAD
    }
    if not near:
        return {}
    margin_min, usual = setup.setting_as_int("closing_margin_minutes"), quote.cached_wait_snapshot(state, now)
    cached = _last_closings.get("last")
    if cached is not None and cached[0] is usual:
        return cached[1]
    seen = _snapshot_with_idle_windows(usual)
    by_code = {
        code: _closing_forecast_of_service(seen, setup, code, at, margin_min=margin_min, now=now)
        for code, at in near.items()
    }
    _last_closings["last"] = (usual, by_code)
    return by_code


_last_closings: dict[str, tuple[quote.WaitSnapshot, Mapping[str, ServiceClosing]]] = {}
"""A cache of one entry, with the snapshot it was computed from: each key of a screen asks at the same moment."""


def called_before_closing_verdict(
    setup: Setup, service: Service, wait: QuotedWait | NoQuoteReason, now: datetime
) -> CallBeforeClosingVerdict:
    """Return whether a ticket with this quoted wait is called before its service closes."""
    if setup.settings["closing"] == OFF:
        return CallBeforeClosingVerdict.IN_TIME
    at = next_closing_time_today(setup, service, now)
    if at is None or at - now > LOOK_AHEAD:
        return CallBeforeClosingVerdict.IN_TIME
    if not isinstance(wait, QuotedWait):
        return CallBeforeClosingVerdict.TOO_LATE if wait == NOT_REACHED else CallBeforeClosingVerdict.IN_TIME
    last_at = at + timedelta(minutes=setup.setting_as_int("closing_margin_minutes"))
    if now + timedelta(seconds=wait.point_s) > last_at:
        return CallBeforeClosingVerdict.TOO_LATE
    return (
        CallBeforeClosingVerdict.DOUBTFUL
        if wait.may_exceed((last_at - now).total_seconds() / 60)
        else CallBeforeClosingVerdict.IN_TIME
    )


def next_closing_time_today(setup: Setup, service: Service, now: datetime) -> datetime | None:
    """Return when a service that is open at `now`, or opens again today, closes for the day, else None."""
    day = hallday.business_date(setup, now)
    spans = hallday.opening_spans_on(setup, service, day)
    ends = [end for _start, end in spans]
    at = hallday.utc_moment_of_hall_minute(setup, day, max(ends)) if ends else None
    return at if at is not None and at > now else None


def _snapshot_with_idle_windows(seen: quote.WaitSnapshot) -> quote.WaitSnapshot:
    """Return the snapshot with the windows of quote.windows_of_pass(): in a new hall idle windows do not count as
    away."""
    windows = quote.windows_of_pass(seen.live)
    if windows == seen.live.windows:
        return seen
    live = replace(seen.live, windows=windows)
    return quote.WaitSnapshot(live, forecast_turns(live), seen.tracker)


def _closing_forecast_of_service(
    seen: quote.WaitSnapshot, setup: Setup, code: str, at: datetime, *, margin_min: int, now: datetime
) -> ServiceClosing:
    last_at = at + timedelta(minutes=margin_min)
    turn = quote.turn_of_new_ticket(seen, setup, code)
    clear = seen.forecast.clear_min.get(code)
    late = None if clear is None else clear + HIGH_FACTOR * _max_turn_sd_min(seen.forecast, seen.live, code)
    called_at = None if turn is None else now + timedelta(minutes=turn.at_min)
    reach = CallBeforeClosingVerdict.IN_TIME
    if _is_line_covered_by_forecast(seen.live, code):
        if called_at is None or called_at > last_at:
            reach = CallBeforeClosingVerdict.TOO_LATE
        elif turn is not None and called_at + timedelta(minutes=HIGH_FACTOR * turn.sd_min) > last_at:
            reach = CallBeforeClosingVerdict.DOUBTFUL
    return ServiceClosing(
        service=code,
        closes_at=at,
        last_at=last_at,
        clear_at=_moment_after_minutes(clear, now),
        clear_late_at=_moment_after_minutes(late, now),
        called_at=called_at,
        reach=reach,
    )


def _is_line_covered_by_forecast(live: LiveHall, code: str) -> bool:
    """Whether the forecast covers this line: a window is at work for it, and the handling times of the work before it
    are known."""
    is_at_work = any(w.is_sure and code in w.services for w in live.windows)
    return is_at_work and not quote.has_unknown_length_in_line(live, code)


def _max_turn_sd_min(forecast: PassForecast, live: LiveHall, code: str) -> float:
    turns, own = forecast.turns, [t.id for t in live.tickets if t.id is not None and t.service == code]
    return max((turns[id].sd_min for id in own if id in turns), default=0.0)


def _moment_after_minutes(minutes: float | None, now: datetime) -> datetime | None:
    return None if minutes is None else now + timedelta(minutes=minutes)


class LimitedServiceCounts(Struct, frozen=True, kw_only=True):
    """The counts that a service's limits apply to: tickets of the business date, people waiting. None: not counted."""

    given: int | None = None
    waiting: int | None = None


class ServiceTicketAvailability(Struct, frozen=True, kw_only=True):
    """Whether a service gives a ticket now. `reason` is None or the code of a refusal with its `details`: message_only,
    service_closed, last_ticket, quota_full, line_full, no_time_left. `left` is the rest of the quota, None without a
    quota; `until` the hall's time ("17:00") at which it stops giving tickets today."""

    service: str
    reason: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    left: int | None = None
    until: str | None = None

    @property
    def gives_ticket(self) -> bool:
        return self.reason is None

    def refusal(self) -> RuleError | None:
        return None if self.reason is None else RuleError(self.reason, **self.details)

    def require_ticket_given(self) -> None:
        """Raise refusal() unless a ticket is given."""
        refusal = self.refusal()
        if refusal is not None:
            raise refusal


def ticket_offer_now(state: HallState, service: str, now: datetime) -> ServiceTicketAvailability:
    """Return whether `service` gives a ticket in the hall's current state. Raises RuleError "unknown_service"."""
    setup = state.setup_now
    if setup is None:
        raise RuleError("unknown_service", service=service)
    day = max(hallday.business_date(setup, now), state.now.date or clock.date.min)
    base = service_ticket_offer_to_customer(
        setup, setup.service_by_code(service), now, day, lambda counted: _service_load_on_date(state, counted, day)
    )
    return base if not base.gives_ticket else offer_or_refusal_if_too_late(state, base, now, day)


def offer_or_refusal_if_too_late(
    state: HallState, base: ServiceTicketAvailability, now: datetime, day: clock.date
) -> ServiceTicketAvailability:
    """Return `base`, or a refusal if the hall stops tickets that it would call too late, and this is one."""
    setup = state.setup_now
    if setup is None or setup.settings["closing"] != STOP:
        return base
    near = services_closing_soon(state, now)
    own = near.get(base.service)
    if own is None or own.reach is not CallBeforeClosingVerdict.TOO_LATE:
        return base
    service = setup.service_by_code(base.service)
    opens, on = hallday.next_ticket_opening(setup, service, own.closes_at)
    late = frozenset(code for code, closing in near.items() if closing.reach is CallBeforeClosingVerdict.TOO_LATE)
    details = {
        **_service_names(service),
        "closes": clock_text(hallday.minute_of_day(setup, own.closes_at)),
        "opens": opens,
        "date": on,
        **_alternative_service_details(
            setup, service, now, day, lambda counted: _service_load_on_date(state, counted, day), late=late
        ),
    }
    return replace(base, reason="no_time_left", details=details)


def service_ticket_offer_to_customer(
    setup: Setup, service: Service, now: datetime, day: clock.date, load: Callable[[Service], LimitedServiceCounts]
) -> ServiceTicketAvailability:
    """Return whether `service` gives a ticket at `now` on business date `day`; `load` counts what its limits apply to,
    and is called only for a service with limits."""
    if service.message:
        details = {**_service_names(service), "message": service.message, "message_en": service.message_en}
        return ServiceTicketAvailability(service=service.code, reason="message_only", details=details)
    try:
        until = clock_text(hallday.minute_when_tickets_stop_today(setup, service, now))
    except RuleError as refusal:
        return ServiceTicketAvailability(service=service.code, reason=refusal.code, details=refusal.details)
    if service.quota is None and service.line_limit is None:
        return ServiceTicketAvailability(service=service.code, until=until)
    counted = load(service)
    left = None if service.quota is None else max(service.quota - (counted.given or 0), 0)
    if left == 0:
        opens, on = hallday.next_ticket_opening(setup, service, hallday.end_of_day(setup, day) - timedelta(seconds=1))
        details = {**_service_names(service), "n": service.quota, "opens": opens, "date": on}
        details |= _alternative_service_details(setup, service, now, day, load)
        return ServiceTicketAvailability(
            service=service.code, reason="quota_full", details=details, left=left, until=until
        )
    if service.line_limit is not None and (counted.waiting or 0) >= service.line_limit:
        details = {
            **_service_names(service),
            "n": counted.waiting,
            **_alternative_service_details(setup, service, now, day, load),
        }
        return ServiceTicketAvailability(
            service=service.code, reason="line_full", details=details, left=left, until=until
        )
    return ServiceTicketAvailability(service=service.code, left=left, until=until)


def channels_to_suggest(setup: Setup, service: str, wait: QuotedWait | NoQuoteReason) -> tuple[str, ...]:
    """Return the other channels to suggest to customers of `service` who are quoted `wait`; none outside a peak."""
    spec, peak = setup.services.get(service), setup.setting_as_int("peak_minutes")
    if spec is None or not peak or not isinstance(wait, QuotedWait) or not setup.has_feature("why_come"):
        return ()
    return spec.elsewhere if wait.high is None or wait.high >= peak else ()


def is_counted_in_quota(ticket: Ticket, service: str) -> bool:
    """Whether the ticket counts towards the date's quota of `service`: it has a leg there that was not redirected, or
    its visit still goes there."""
    if ticket.state is TicketState.VOID:
        return False
    if any(leg.service == service and leg.end != "redirect" for leg in ticket.legs):
        return True
    return ticket.is_open and service in ticket.steps


def _service_load_on_date(state: HallState, service: Service, day: clock.date) -> LimitedServiceCounts:
    tickets = state.tickets.values()
    return LimitedServiceCounts(
        given=sum(t.date == day and is_counted_in_quota(t, service.code) for t in tickets),
        waiting=sum(t.state is TicketState.WAITING and t.service == service.code for t in tickets),
    )


def _alternative_service_details(
    setup: Setup,
    service: Service,
    now: datetime,
    day: clock.date,
    load: Callable[[Service], LimitedServiceCounts],
    *,
    late: frozenset[str] = frozenset(),
) -> dict[str, object]:
    """Return the details that name another service of the group that gives tickets now and is not in `late`, if any."""
    for other in setup.services.values():
        if not service.group or other.group != service.group or other.code == service.code:
            continue
        if other.message or other.code in late:
            continue
        alone = replace(other, group="")  # Without its group, as its own alternatives do not matter here.
        if service_ticket_offer_to_customer(setup, alone, now, day, load).gives_ticket:
            return {"other": other.code, "other_name": other.name, "other_name_en": other.name_en}
    return {}


def _service_names(service: Service) -> dict[str, object]:
    return {"service": service.code, "name": service.name, "name_en": service.name_en}
