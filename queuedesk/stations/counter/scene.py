"""What the counter shows, read from the hall's state: facts, no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import joined, next_for, set_up
from queuedesk.core.queue.ticket import Leg, State, Ticket, seconds
from queuedesk.core.queue.window import Window, WindowState
from queuedesk.core.setup.values import Setup

WORKED = ("finish", "transfer")  # how a leg ends whose minutes are handling; a redirect was somebody else's line


class Kind(StrEnum):
    """The five faces of the counter."""

    CLOSED = "closed"
    IDLE = "idle"
    CALLED = "called"
    SERVING = "serving"
    PAUSED = "paused"


class Promised(StrEnum):
    """How a wait stands against what was told when the ticket was given; UNKNOWN where that says nothing any more."""

    KEPT = "kept"
    LONGER = "longer"
    UNTOLD = "untold"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class ClerksDay:
    """What one clerk did today: legs worked, their mean handling and the mean of their targets, in seconds."""

    legs: int = 0
    mean_s: float | None = None
    target_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The window at one moment. `order` are those it may call, in call order; `aside` those set aside or missed it can
    serve."""

    now: datetime
    kind: Kind
    setup: Setup
    window: Window
    ticket: Ticket | None
    order: tuple[Ticket, ...]
    in_hall: int
    aside: tuple[Ticket, ...]
    last: Ticket | None
    services: tuple[str, ...]
    open_elsewhere: dict[str, tuple[str, ...]]
    waiting: dict[str, int]
    windows: dict[str, Window]

    @property
    def next(self) -> Ticket | None:
        return self.order[0] if self.order else None

    @property
    def may_reopen(self) -> bool:
        """Whether the last one finished here may be taken back now."""
        return self.kind is Kind.IDLE and self.last is not None and self.last.rating is None

    @property
    def just_finished(self) -> bool:
        """Whether nothing has happened at the window since the last one was finished."""
        return self.last is not None and self.window.since == self.last.leg.finished

    @property
    def is_free(self) -> bool:
        return self.kind is Kind.IDLE

    @property
    def calls_left(self) -> int:
        """How many recalls the hall still grants; at 0 a recall means missed."""
        return max(0, self.setup.number("calls_before_missed") - (self.ticket.round_calls if self.ticket else 0))


def scene_of(state: HallState, code: str, now: datetime) -> Scene:
    """Return what the counter at window `code` shows at `now`."""
    setup = set_up(state)
    window = state.window(code)
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    services = tuple(s for s in setup.services if s in setup.served_by(window))
    waiting = state.waiting()
    return Scene(
        now=now,
        kind=_kind(window, ticket),
        setup=setup,
        window=window,
        ticket=ticket,
        order=tuple(next_for(state, code, now)),
        in_hall=len(waiting),
        aside=tuple(t for t in state.in_state(State.PARKED, State.MISSED) if t.service in services),
        last=_last(state, window),
        services=services,
        open_elsewhere={s: _others_open(state, setup, code, s) for s in setup.services},
        waiting={s: sum(t.service == s for t in waiting) for s in setup.services},
        windows={w: state.window(w) for w in setup.windows},
    )


def _kind(window: Window, ticket: Ticket | None) -> Kind:
    if window.state is WindowState.CLOSED:
        return Kind.CLOSED
    if window.state is WindowState.PAUSED:
        return Kind.PAUSED
    if ticket is None:
        return Kind.IDLE
    return Kind.CALLED if ticket.state is State.CALLED else Kind.SERVING


def _last(state: HallState, window: Window) -> Ticket | None:
    ticket = state.tickets.get(window.last) if window.last else None
    if ticket is None or ticket.state is not State.FINISHED or ticket.leg.window != window.code:
        return None
    return ticket


def _others_open(state: HallState, setup: Setup, code: str, service: str) -> tuple[str, ...]:
    return tuple(
        w
        for w in setup.windows
        if w != code and state.window(w).state is WindowState.OPEN and service in setup.served_by(state.window(w))
    )


def handling_s(ticket: Ticket, now: datetime) -> int:
    """Return the seconds of handling of the ticket's current leg: without what it was set aside or another system
    took."""
    leg = ticket.leg
    stalled = leg.stalled_s + seconds(ticket.stalled_since, now)
    return max(0, seconds(leg.started, leg.finished or now) - leg.held_s - stalled)


def waited_s(ticket: Ticket, now: datetime) -> int:
    """Return the seconds from joining the line to the first call there; who waits now, called before or not, waits on
    to now."""
    until = now if ticket.state is State.WAITING else ticket.leg.called or now
    return seconds(joined(ticket), until)


def in_hall_s(ticket: Ticket, now: datetime) -> int | None:
    """Return the seconds since the visit's arrival where that gives a later leg its place in line, None elsewhere."""
    keeps_arrival = ticket.place == ticket.arrived < ticket.leg.joined
    return seconds(ticket.arrived, now) if keeps_arrival else None


def promised(ticket: Ticket, now: datetime) -> Promised:
    """Return how a wait stands against the upper end of the range told at issue; it is of the first call only."""
    if ticket.leg.n > 1 or ticket.leg.called is not None:
        return Promised.UNKNOWN
    if ticket.promise.high is None:
        return Promised.UNTOLD
    return Promised.LONGER if seconds(ticket.arrived, now) > ticket.promise.high * 60 else Promised.KEPT


def target_minutes(scene: Scene, ticket: Ticket) -> int | None:
    """Return the handling target of the ticket's service."""
    service = scene.setup.services.get(ticket.service)
    return service.handling_target if service else None


def usual_minutes(scene: Scene, ticket: Ticket) -> int | None:
    """Return the usual minutes of the ticket's item, where the hall knows them."""
    service = scene.setup.services.get(ticket.service)
    return next((i.minutes for i in service.items if i.code == ticket.item), None) if service else None


def clerks_day(state: HallState, staff: str, now: datetime) -> ClerksDay:
    """Return how many legs `staff` worked today and their mean handling; what is not known is left out of the mean."""
    setup = set_up(state)
    legs = [leg for t in state.tickets.values() for leg in t.legs if leg.staff == staff and _counts(leg)]
    times = [seconds(leg.started, leg.finished) - leg.held_s - leg.stalled_s for leg in legs]
    targets = [setup.services[leg.service].handling_target for leg in legs if leg.service in setup.services]
    known = [target * 60 for target in targets if target is not None]
    return ClerksDay(
        len(legs),
        sum(times) / len(times) if times else None,
        sum(known) / len(known) if known else None,
    )


def _counts(leg: Leg) -> bool:
    return leg.finished is not None and leg.end in WORKED and not leg.inaccurate
