"""The acts of a clerk at the window: which are possible now, which one is the primary, and the key of each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.ticket import WindowState
from queuedesk.stations.counter.scene import Kind, Scene

# -- who is left when a window stops -------------------------------------------------------------------------------

WHO_MAY_SIT = (Role.CLERK, Role.MANAGER, Role.ADMIN)


class Left(Struct, frozen=True):
    """A service with people waiting that only this window serves; `could` are windows that might."""

    service: str
    waiting: int
    could: tuple[str, ...]


class Taker(Struct, frozen=True):
    """A paused window whose clerk can serve some of the services left: `services`."""

    window: str
    staff: str
    back: datetime | None
    services: tuple[str, ...]


def left_by(scene: Scene) -> list[Left]:
    """Return the services with waiting people that nobody would serve if this window stopped now."""
    if scene.kind in (Kind.CLOSED, Kind.PAUSED):
        return []
    return [
        Left(
            s,
            scene.waiting[s],
            tuple(w for w, spec in scene.setup.windows.items() if w != scene.window.code and s in spec.services),
        )
        for s in scene.services
        if scene.waiting[s] and not scene.open_elsewhere[s]
    ]


def takers(scene: Scene, left: list[Left]) -> list[Taker]:
    """Return the paused windows that could serve some of the services left, the one back soonest first."""
    found = []
    for code, window in scene.windows.items():
        if code == scene.window.code or window.state is not WindowState.PAUSED or window.staff is None:
            continue
        serves = scene.setup.served_by(window)
        can = tuple(one.service for one in left if one.service in serves)
        if can:
            found.append(Taker(code, window.staff, window.back, can))
    return sorted(found, key=lambda taker: (taker.back is None, taker.back))


def reliefs(scene: Scene) -> list[str]:
    """Return the people who could take over this window: able to serve something here and at no other window, clerks
    first."""
    at = {w.staff for w in scene.windows.values() if w.state is not WindowState.CLOSED}
    able = [
        person
        for person in scene.setup.staff.values()
        if person.role in WHO_MAY_SIT
        and person.code not in at
        and scene.setup.services_at(scene.window.code, person.code)
    ]
    return [person.code for person in sorted(able, key=lambda p: WHO_MAY_SIT.index(p.role))]


class Act(StrEnum):
    """One thing a clerk does. Acts that only the ⋯ menu offers have no key."""

    CALL = "call"
    START = "start"
    FINISH = "finish"
    RECALL = "recall"
    MISS = "miss"
    GIVE_BACK = "return"
    PARK = "park"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    REDIRECT = "redirect"
    CALL_CHOSEN = "call_chosen"
    FINISH_CALL = "finish_call"
    FINISH_THEN = "finish_then"
    ADD = "add"
    STALL = "stall"
    UNSTALL = "unstall"
    SERVE = "serve"
    PAUSE = "pause"
    EXTEND = "extend"
    RESUME = "resume"
    CLOSE = "close"
    HAND_OVER = "hand_over"
    DELIVERED = "delivered"
    FORM_FREE = "form_free"
    WRITE = "write"


KEYS = {
    Act.RECALL: "F2",
    Act.EXTEND: "F2",
    Act.MISS: "F3",
    Act.PARK: "F4",
    Act.REOPEN: "F5",
    Act.WRITE: "F5",
    Act.TRANSFER: "F6",
    Act.REDIRECT: "F7",
    Act.CALL_CHOSEN: "F8",
    Act.FORM_FREE: "F8",
    Act.FINISH_CALL: "F9",
    Act.PAUSE: "F10",
    Act.RESUME: "F10",
    Act.CLOSE: "F11",
    Act.FINISH_THEN: "F11",
}
PAD = {"*": "F2", "-": "F3", "/": "F8", "0": "F10"}

# Finishing and calling is offered to those who started: a call that nobody came to is no visit.
_VERBS = {
    Act.CALL_CHOSEN: "call",
    Act.FINISH_CALL: "add",
    Act.FINISH_THEN: "add",
    Act.DELIVERED: "add",
    Act.FORM_FREE: "add",
    Act.WRITE: "add",
}
_NEED_FREE = (Act.CALL, Act.CALL_CHOSEN, Act.SERVE, Act.REOPEN, Act.PAUSE, Act.CLOSE, Act.HAND_OVER)


def primary(scene: Scene) -> Act | None:
    """Return the act of the filled button; None when nothing can be done."""
    match scene.kind:
        case Kind.IDLE:
            return Act.CALL if scene.order else None
        case Kind.CALLED:
            return Act.START
        case Kind.SERVING:
            return Act.FINISH
        case Kind.PAUSED:
            return Act.RESUME
    return None


def beside(scene: Scene) -> list[Act]:
    """Return the acts of the row under the primary, ⋯ left out."""
    stalled = scene.ticket is not None and scene.ticket.stalled_since is not None
    match scene.kind:
        case Kind.IDLE:
            return [Act.CALL_CHOSEN, Act.REOPEN if scene.may_reopen else Act.SERVE]
        case Kind.CALLED:
            return [Act.RECALL, Act.MISS, Act.REDIRECT]
        case Kind.SERVING:
            on = Act.FINISH_THEN if scene.then else Act.TRANSFER
            return [Act.UNSTALL if stalled else on, Act.REDIRECT, Act.PARK, Act.FINISH_CALL]
        case Kind.PAUSED:
            return [Act.EXTEND, Act.CLOSE]
    return []


def possible(scene: Scene) -> list[Act]:
    """Return every act possible now, in the order of the ⋯ menu."""
    match scene.kind:
        case Kind.IDLE:
            calls = [Act.CALL, Act.CALL_CHOSEN] if scene.order else []
            again = [Act.REOPEN] if scene.may_reopen else []
            return [*calls, Act.SERVE, *again, Act.PAUSE, *_over(scene), Act.CLOSE]
        case Kind.CALLED:
            return [Act.START, Act.RECALL, Act.MISS, Act.GIVE_BACK, Act.REDIRECT, Act.TRANSFER, Act.FINISH]
        case Kind.SERVING:
            stalled = scene.ticket is not None and scene.ticket.stalled_since is not None
            waiting = Act.UNSTALL if stalled else Act.STALL
            ends = [Act.FINISH, Act.FINISH_CALL, *([Act.FINISH_THEN] if scene.then else [])]
            return [
                *ends,
                Act.DELIVERED,
                Act.FORM_FREE,
                Act.WRITE,
                Act.PARK,
                waiting,
                Act.ADD,
                Act.TRANSFER,
                Act.REDIRECT,
            ]
        case Kind.PAUSED:
            return [Act.RESUME, Act.EXTEND, *_over(scene), Act.CLOSE]
    return []


def _over(scene: Scene) -> list[Act]:
    return [Act.HAND_OVER] if reliefs(scene) else []


def act_of_key(key: str, scene: Scene) -> Act | None:
    """Return the act of a function key now: the one possible here, else the usual one, so that its refusal can be
    shown."""
    named = [act for act, cap in KEYS.items() if cap == key]
    return next((act for act in named if act in possible(scene)), named[0] if named else None)


def refusal(act: Act, scene: Scene) -> RuleError:
    """Return why `act` is not possible now, as the desk would refuse it."""
    code = scene.window.code
    if scene.kind is Kind.CLOSED:
        return RuleError("window_closed", window=code)
    if scene.kind is Kind.PAUSED:
        return RuleError("window_paused", window=code)
    if act is Act.EXTEND or act is Act.RESUME:
        return RuleError("window_not_paused", window=code)
    if scene.ticket is not None and act in _NEED_FREE:
        return RuleError("window_busy", window=code, ticket=scene.ticket.label)
    if act in (Act.CALL, Act.CALL_CHOSEN):
        return RuleError("nobody_waiting", window=code)
    if act is Act.REOPEN:
        rated = scene.last is not None and scene.last.rating is not None
        return (
            RuleError("already_rated", ticket=scene.last.label)
            if rated and scene.last
            else RuleError("nothing_to_reopen", window=code)
        )
    if scene.ticket is None:
        return RuleError("no_customer", window=code)
    try:
        scene.ticket.must(_VERBS.get(act, str(act)))
    except RuleError as error:
        return error
    return RuleError("no_customer", window=code)
