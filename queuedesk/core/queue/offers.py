"""Whether a service gives a ticket now, whether it will still be called before closing, and what else there is."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import NOT_REACHED, NoWait, Wait
from queuedesk.core.queue.hallday import (
    business_date,
    day_turns,
    gives_until,
    hall_moment,
    hours_on,
    next_opening,
)
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.waits import quote
from queuedesk.core.waits.live import Forecast, Live
from queuedesk.core.waits.quote import HallSnapshot, is_guesswork, next_turn, seen_now
from queuedesk.core.waits.schedule import forecast

# Whether a customer who takes a ticket now will be called before the hall closes; when each line is done.

LOOK_AHEAD = timedelta(minutes=240)
"""Longer before its closing nobody can say that a line will not be done, and nobody is sent away."""
HIGH_FACTOR = 1.28
"""Nine of ten are called before their expected turn and so many standard deviations."""
OFF, WARN, STOP = "off", "warn", "stop"


class Reach(StrEnum):
    """What becomes of a ticket taken now: called in time, perhaps not, probably not."""

    IN_TIME = "in_time"
    DOUBTFUL = "doubtful"
    TOO_LATE = "too_late"


class Closing(Struct, frozen=True, kw_only=True):
    """A service's end of the day. `closes_at` is when it stops giving tickets for today, `last_at` until when people
    are still called.

    `clear_at` is when the line as it stands is done, `clear_late_at` when it is in nine of ten cases; None where nobody
    waits, or where the line is never done. `called_at` is the turn of a ticket taken now, None where it has none.
    """

    service: str
    closes_at: datetime
    last_at: datetime
    clear_at: datetime | None
    clear_late_at: datetime | None
    called_at: datetime | None
    reach: Reach


def closings(state: HallState, now: datetime) -> Mapping[str, Closing]:
    """Return the closing of every service that gives out tickets today and closes within LOOK_AHEAD; none where the
    hall does not want it."""
    setup = state.setup_now
    if setup is None or setup.settings["closing"] == OFF:
        return {}
    near = {
        code: at
        for code, service in setup.services.items()
        if (at := closes_at(setup, service, now)) is not None and at - now <= LOOK_AHEAD
    }
    if not near:
        return {}
    margin_min, usual = setup.number("closing_margin_minutes"), seen_now(state, now)
    kept = _last.get("found")
    if kept is not None and kept[0] is usual:
        return kept[1]
    seen = _seen_in_a_new_hall(usual)
    found = {code: _closing(seen, setup, code, at, margin_min=margin_min, now=now) for code, at in near.items()}
    _last["found"] = (usual, found)
    return found


_last: dict[str, tuple[HallSnapshot, Mapping[str, Closing]]] = {}
"""What was found last, with the pass that it rests on: every key of a screen asks for its own service within one
moment."""


def told_reach(setup: Setup, service: Service, wait: Wait | NoWait, now: datetime) -> Reach:
    """Return what a quoted wait means for a ticket: whether its upper end is after closing, or it has no turn at
    all."""
    if setup.settings["closing"] == OFF:
        return Reach.IN_TIME
    at = closes_at(setup, service, now)
    if at is None or at - now > LOOK_AHEAD:
        return Reach.IN_TIME
    if not isinstance(wait, Wait):
        return Reach.TOO_LATE if wait == NOT_REACHED else Reach.IN_TIME
    last_at = at + timedelta(minutes=setup.number("closing_margin_minutes"))
    if now + timedelta(seconds=wait.point_s) > last_at:
        return Reach.TOO_LATE
    return Reach.DOUBTFUL if wait.may_pass((last_at - now).total_seconds() / 60) else Reach.IN_TIME


def closes_at(setup: Setup, service: Service, now: datetime) -> datetime | None:
    """Return when a service that is open at `now`, or opens again today, closes for the day; None where it does not."""
    day = business_date(setup, now)
    spans = hours_on(setup, service, day)
    ends = [end for _start, end in spans]
    at = hall_moment(setup, day, max(ends)) if ends else None
    return at if at is not None and at > now else None


def _seen_in_a_new_hall(seen: HallSnapshot) -> HallSnapshot:
    """Return the pass for a hall in which, as long as it is new, idle windows are not away."""
    windows = quote.at_work(seen.live)
    if windows == seen.live.windows:
        return seen
    live = replace(seen.live, windows=windows)
    return HallSnapshot(live, forecast(live), seen.tracker)


def _closing(seen: HallSnapshot, setup: Setup, code: str, at: datetime, *, margin_min: int, now: datetime) -> Closing:
    last_at = at + timedelta(minutes=margin_min)
    turn = next_turn(seen, setup, code)
    clear = seen.forecast.clear_min.get(code)
    late = None if clear is None else clear + HIGH_FACTOR * _sd_of_last(seen.forecast, seen.live, code)
    called_at = None if turn is None else now + timedelta(minutes=turn.at_min)
    reach = Reach.IN_TIME
    if _is_known(seen.live, code):
        if called_at is None or called_at > last_at:
            reach = Reach.TOO_LATE
        elif turn is not None and called_at + timedelta(minutes=HIGH_FACTOR * turn.sd_min) > last_at:
            reach = Reach.DOUBTFUL
    return Closing(
        service=code,
        closes_at=at,
        last_at=last_at,
        clear_at=_in(clear, now),
        clear_late_at=_in(late, now),
        called_at=called_at,
        reach=reach,
    )


def _is_known(live: Live, code: str) -> bool:
    """Whether the pass says anything of this line: a window is at work for it, and it is known how long what it has to
    do first takes."""
    is_at_work = any(w.is_sure and code in w.services for w in live.windows)
    return is_at_work and not is_guesswork(live, code)


def _sd_of_last(found: Forecast, live: Live, code: str) -> float:
    turns = [
        found.turns[t.id].sd_min for t in live.tickets if t.id is not None and t.service == code and t.id in found.turns
    ]
    return max(turns, default=0.0)


def _in(minutes: float | None, now: datetime) -> datetime | None:
    return None if minutes is None else now + timedelta(minutes=minutes)


class Load(Struct, frozen=True, kw_only=True):
    """What a service's limits are compared with: its tickets of the business date, and the people waiting in its line.
    None: not counted."""

    given: int | None = None
    waiting: int | None = None


class Offer(Struct, frozen=True, kw_only=True):
    """Whether a service gives out a ticket now.

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
        """Raise the refusal unless a ticket is given out."""
        refusal = self.refusal()
        if refusal is not None:
            raise refusal


def offer_of(state: HallState, service: str, now: datetime) -> Offer:
    """Return what `service` offers in the hall's current state. Raises RuleError "unknown_service"."""
    setup = state.setup_now
    if setup is None:
        raise RuleError("unknown_service", service=service)
    day = max(business_date(setup, now), state.now.date or clock.date.min)
    found = offer(setup, setup.service(service), now, day, lambda one: _load(state, one, day))
    return found if not found.gives else in_time(state, found, now, day)


def in_time(state: HallState, found: Offer, now: datetime, day: clock.date) -> Offer:
    """Return an offer unchanged, or refused where the hall would not come to the ticket in time."""
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
    """Return what `service` offers at `now` on business date `day`; `load` is what its limits are compared with."""
    if service.message:
        details = {**_named(service), "message": service.message, "message_en": service.message_en}
        return Offer(service=service.code, reason="message_only", details=details)
    try:
        until = clock_text(gives_until(setup, service, now))
    except RuleError as refusal:
        return Offer(service=service.code, reason=refusal.code, details=refusal.details)
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


def elsewhere_now(setup: Setup, service: str, wait: Wait | NoWait) -> tuple[str, ...]:
    """Return the channels to name to customers of `service` who are quoted `wait`: its own, at a peak."""
    spec, peak = setup.services.get(service), setup.number("peak_minutes")
    if spec is None or not peak or not isinstance(wait, Wait) or not setup.uses("why_come"):
        return ()
    return spec.elsewhere if wait.high is None or wait.high >= peak else ()


def takes_of_quota(ticket: Ticket, service: str) -> bool:
    """Whether the ticket counts towards the date's quota of `service`: it waits or waited there rightly, or the visit
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
