"""What the counter shows, read from the hall's state, and the acts that are possible then; no words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue import overview
from queuedesk.core.queue.ticket import (
    FINISHED_ENDS,
    Ticket,
    TicketId,
    TicketState,
    Window,
    WindowState,
    microseconds_between,
    whole_seconds_between,
)
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import working_call_devices
from queuedesk.desk.talk import announcing
from queuedesk.desk.talk.announcing import AnnouncementReport
from queuedesk.stations.service_search import active_windows_serving
from queuedesk.stations.window.context import StationContext

WORKED = ("finish", "transfer")  # how a leg ends whose minutes are handling; a redirect was somebody else's line


class CounterState(StrEnum):
    CLOSED = "closed"
    IDLE = "idle"
    CALLED = "called"
    SERVING = "serving"
    PAUSED = "paused"


class QuoteCheck(StrEnum):
    """How a wait compares with the quoted one; UNKNOWN where that says nothing any more."""

    KEPT = "kept"
    LONGER = "longer"
    UNTOLD = "untold"
    UNKNOWN = ""


class ClerkDayTotals(Struct, frozen=True):
    """A clerk's day: finished legs, mean handling (with legs passed on) and mean target, both in seconds."""

    finished: int = 0
    mean_s: float | None = None
    target_s: float | None = None


class SentOnCustomer(Struct, frozen=True):
    """Whom a window finished last, and the windows of the next service of their visit."""

    ticket: Ticket
    windows: tuple[str, ...]


class WindowScene(Struct, frozen=True, kw_only=True):
    """The window at one moment. `order` are the tickets it may call, in order; `aside` are those set aside or missed
    that it can serve; `went_first` are the services whose credit alone put others before a ticket."""

    now: datetime
    kind: CounterState
    setup: Setup
    window: Window
    ticket: Ticket | None
    order: tuple[Ticket, ...]
    in_hall: int
    aside: tuple[Ticket, ...]
    last: Ticket | None
    gone_on: SentOnCustomer | None
    services: tuple[str, ...]
    open_elsewhere: dict[str, tuple[str, ...]]
    waiting: dict[str, int]
    windows: dict[str, Window]
    went_first: dict[TicketId, tuple[str, ...]]

    @property
    def next_ticket(self) -> Ticket | None:
        return self.order[0] if self.order else None

    @property
    def usual_next_steps_of_service(self) -> tuple[str, ...]:
        """The usual next steps of the service at the window, where the visit has none of its own."""
        if self.ticket is None or self.ticket.steps or self.ticket.service not in self.setup.services:
            return ()
        return self.setup.services[self.ticket.service].then

    @property
    def can_reopen_last_ticket(self) -> bool:
        return self.kind is CounterState.IDLE and self.last is not None and self.last.rating is None

    @property
    def is_unchanged_since_finish(self) -> bool:
        return self.last is not None and self.window.since == self.last.current_leg.finished

    @property
    def is_free(self) -> bool:
        return self.kind is CounterState.IDLE

    @property
    def recalls_left(self) -> int:
        """How many recalls the hall still allows; at 0 a recall means missed."""
        return max(
            0, self.setup.setting_as_int("calls_before_missed") - (self.ticket.round_calls if self.ticket else 0)
        )


def counter_scene_at(state: HallState, code: str, now: datetime) -> WindowScene:
    setup = overview.set_up(state)
    window = state.window(code)
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    services = tuple(s for s in setup.services if s in setup.services_served_by_window(window))
    waiting = state.waiting_tickets()
    order = tuple(overview.tickets_callable_by_window(state, code, now))
    return WindowScene(
        now=now,
        kind=_counter_state(window, ticket),
        setup=setup,
        window=window,
        ticket=ticket,
        order=order,
        in_hall=len(waiting),
        aside=tuple(t for t in state.tickets_in_state(TicketState.PARKED, TicketState.MISSED) if t.service in services),
        last=_ticket_last_finished_here(state, window),
        gone_on=last_customer_sent_on_by_window(state, window),
        services=services,
        open_elsewhere={s: _other_open_windows_serving(state, setup, code, s) for s in setup.services},
        waiting={s: sum(t.service == s for t in waiting) for s in setup.services},
        windows={w: state.window(w) for w in setup.windows},
        went_first={
            one.id: _services_overtaking_by_credit(state, one) for one in (*order[:1], ticket) if one is not None
        },
    )


def _services_overtaking_by_credit(state: HallState, ticket: Ticket) -> tuple[str, ...]:
    """Return the services whose credit alone put later tickets before this one, none where another reason did too."""
    passed_by = overview.calls_that_overtook(state, ticket)
    credited = overview.services_that_gave_credit(state, passed_by)
    if any(one.by not in credited for one in passed_by):
        return ()
    return tuple(dict.fromkeys(credited[one.by] for one in passed_by))


def _counter_state(window: Window, ticket: Ticket | None) -> CounterState:
    if window.state is WindowState.CLOSED:
        return CounterState.CLOSED
    if window.state is WindowState.PAUSED:
        return CounterState.PAUSED
    if ticket is None:
        return CounterState.IDLE
    return CounterState.CALLED if ticket.state is TicketState.CALLED else CounterState.SERVING


def _ticket_last_finished_here(state: HallState, window: Window) -> Ticket | None:
    ticket = state.tickets.get(window.last) if window.last else None
    if ticket is None or ticket.state is not TicketState.FINISHED or ticket.current_leg.window != window.code:
        return None
    return ticket


def last_customer_sent_on_by_window(state: HallState, window: Window) -> SentOnCustomer | None:
    """Return the customer whom `window` finished last, while they are on the way to the next service of their visit."""
    ticket = state.tickets.get(window.last) if window.last else None
    if ticket is None or len(ticket.legs) < 2 or ticket.state not in (TicketState.WAITING, TicketState.CALLED):
        return None
    before = ticket.legs[-2]
    if before.window != window.code or before.end != "finish":
        return None
    return SentOnCustomer(ticket, (ticket.window,) if ticket.window else active_windows_serving(state, ticket.service))


def _other_open_windows_serving(state: HallState, setup: Setup, code: str, service: str) -> tuple[str, ...]:
    return tuple(
        w
        for w in setup.windows
        if w != code
        and state.window(w).state is WindowState.OPEN
        and service in setup.services_served_by_window(state.window(w))
    )


def ticket_first_call_or_now(ticket: Ticket, now: datetime) -> datetime:
    return now if ticket.state is TicketState.WAITING else ticket.current_leg.called or now


def waited_seconds_to_first_call(ticket: Ticket, now: datetime) -> int:
    return whole_seconds_between(overview.current_line_join_time(ticket), ticket_first_call_or_now(ticket, now))


def seconds_in_hall_if_arrival_counts(ticket: Ticket, now: datetime) -> int | None:
    """Return the seconds since the visit's arrival if a later leg's place goes by that, None otherwise."""
    keeps_arrival = ticket.place == ticket.arrived < ticket.current_leg.joined
    return whole_seconds_between(ticket.arrived, now) if keeps_arrival else None


def quote_check_of_wait(ticket: Ticket, now: datetime) -> QuoteCheck:
    """Return how a wait compares with the upper end of the quoted range, which is only for the first call."""
    if ticket.current_leg.n > 1 or ticket.current_leg.called is not None:
        return QuoteCheck.UNKNOWN
    if ticket.promise.high is None:
        return QuoteCheck.UNTOLD
    return (
        QuoteCheck.LONGER if whole_seconds_between(ticket.arrived, now) > ticket.promise.high * 60 else QuoteCheck.KEPT
    )


def handling_target_of_ticket(scene: WindowScene, ticket: Ticket) -> int | None:
    service = scene.setup.services.get(ticket.service)
    return service.handling_target if service else None


def usual_minutes_of_item(scene: WindowScene, ticket: Ticket) -> int | None:
    service = scene.setup.services.get(ticket.service)
    return next((i.minutes for i in service.items if i.code == ticket.item), None) if service else None


def clerk_day_totals(state: HallState, staff: str, now: datetime) -> ClerkDayTotals:
    """Return the number of legs that `staff` finished today and the means, from known values only."""
    setup = overview.set_up(state)
    own = [leg for t in state.tickets.values() for leg in t.legs if leg.staff == staff and leg.finished is not None]
    finished = sum(leg.end in FINISHED_ENDS for leg in own)
    legs = [leg for leg in own if leg.end in WORKED and not leg.inaccurate]
    if not (finished and legs):
        return ClerkDayTotals(finished)
    times = [
        microseconds_between(leg.started, leg.finished) / 1e6 - leg.time_set_aside_or_stalled.total_seconds()
        for leg in legs
    ]
    targets = [setup.services[leg.service].handling_target for leg in legs if leg.service in setup.services]
    known = [target * 60 for target in targets if target is not None]
    return ClerkDayTotals(finished, sum(times) / len(times), sum(known) / len(known) if known else None)


# -- how far the announcement of a call has come -------------------------------------------------------------------

ANSWER_S = 20  # a display and a voice that work have reported long before
# Once it is known how far it came, a late report is asked for no oftener: every question costs the hall's server.
LATE_S = 10


class AnnouncementState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    SHOWN = "shown"
    SEEN = "seen"
    """Shown in a hall without a voice: all that there is to it."""
    UNSEEN = "unseen"
    """Not yet shown there."""
    NOWHERE = "nowhere"
    NOBODY = "nobody"


RUNNING = frozenset({AnnouncementState.RUNNING, AnnouncementState.UNSEEN})


def call_announcement_progress(
    reports: Iterable[AnnouncementReport], age_s: float, *, is_awaited: bool = True, has_voice: bool = True
) -> AnnouncementState:
    """Return how far the call has got `age_s` seconds after it was made; a silent voice is not waited for, and nothing
    where no display and no voice is at work (`is_awaited`)."""
    reports = list(reports)
    shown = any(report.shown is not None for report in reports)
    spoken = any(report.spoken is not None for report in reports)
    silent = any(report.is_silent for report in reports) and not spoken
    if shown and spoken:
        return AnnouncementState.DONE
    if shown and not has_voice:
        return AnnouncementState.SEEN
    if shown and (silent or age_s >= ANSWER_S):
        return AnnouncementState.SHOWN
    if not (is_awaited or shown or spoken):
        return AnnouncementState.NOBODY
    if age_s >= ANSWER_S:
        return AnnouncementState.NOWHERE
    return AnnouncementState.RUNNING if has_voice else AnnouncementState.UNSEEN


class LatestCallAnnouncementWatch:
    """Follows the last call of one window; `told` is called when `heard` has changed."""

    def __init__(self, context: StationContext, told: Callable[[], None]) -> None:
        self._context, self._told = context, told
        self._seq: int | None = None
        self._asked: datetime | None = None
        self._reading = False
        self.heard = AnnouncementState.RUNNING

    def watch_window(self, window: str) -> None:
        made = [call.seq for call in self._context.feed.state.calls if call.window == window]
        self._seq, self.heard = (made[-1] if made else None), self._first_announcement_state()

    def _first_announcement_state(self) -> AnnouncementState:
        return AnnouncementState.RUNNING if self._context.feed.setup.voice.spoken else AnnouncementState.UNSEEN

    def follow_events(self, window: str, new: Sequence[Event]) -> None:
        for event in new:
            if event.kind in ("call", "recall") and event.window == window:
                self._seq, self.heard = event.seq, self._first_announcement_state()

    def read(self, ticket: Ticket | None, now: datetime) -> None:
        """Read how far the call of `ticket` has got, unless that is known or being read."""
        seq, context = self._seq, self._context
        if ticket is None or ticket.state is not TicketState.CALLED or seq is None:
            return
        if (
            self._reading
            or context.feed.away_since is not None
            or self.heard in (AnnouncementState.DONE, AnnouncementState.SEEN)
        ):
            return
        if self.heard not in RUNNING and self._asked is not None and whole_seconds_between(self._asked, now) < LATE_S:
            return
        self._reading, self._asked = True, now
        age_s = whole_seconds_between(ticket.current_leg.last_called, now)

        def done(reports: list[AnnouncementReport]) -> None:
            self._reading = False
            setup, devices = context.feed.setup, context.feed.state.devices
            is_spoken = setup.voice.spoken
            ways = working_call_devices(devices, is_spoken=is_spoken, is_simulated=setup.hall.simulated)
            heard = call_announcement_progress(reports, age_s, is_awaited=bool(ways), has_voice=is_spoken)
            if seq == self._seq and heard is not self.heard:
                self.heard = heard
                self._told()

        def on_refused(_error: QueueDeskError) -> None:
            self._reading = False  # Only a line on the screen; the feed itself says when the hall's file is away.

        context.tasks.run(lambda: announcing.announcement_reports_of_call(context.desk, seq), done, on_refused)


# -- reminders for a free window ----------------------------------------------------------------------------------


class IdleWindowNudge(Struct, frozen=True):
    """The next customer, who has waited here for `waits_s` seconds while the window was free."""

    ticket: str
    waits_s: int


class IdleWindowNudger:
    """Reminds a free window of each waiting customer with one sound; the rule idle_nudge_s says when, 0 for never."""

    def __init__(self) -> None:
        self._sounded: set[TicketId] = set()
        self.now: IdleWindowNudge | None = None

    def update_nudge_and_is_sound_due(self, scene: WindowScene) -> bool:
        """Find the customer who waits for a free window; return whether to sound now."""
        self.now = idle_nudge_now_due(scene)
        if self.now is None or scene.next_ticket is None or scene.next_ticket.id in self._sounded:
            return False
        self._sounded.add(scene.next_ticket.id)
        return True

    def forget_nudge(self) -> None:
        self._sounded.clear()
        self.now = None


def idle_nudge_now_due(scene: WindowScene) -> IdleWindowNudge | None:
    """Return the next customer if the window has been free with that one waiting for longer than the hall allows."""
    ticket = scene.next_ticket
    if scene.kind is not CounterState.IDLE or ticket is None:
        return None
    waits_s = overview.idle_s_beyond_limit(scene.setup, scene.window, ticket, scene.now)
    return IdleWindowNudge(ticket.label, waits_s) if waits_s is not None else None


# -- who is left when a window stops -------------------------------------------------------------------------------

WHO_MAY_SIT = (Role.CLERK, Role.MANAGER, Role.ADMIN)


class LineServedHereOnly(Struct, frozen=True):
    """A service with people waiting that only this window serves; `could` are windows that might."""

    service: str
    waiting: int
    could: tuple[str, ...]


class PausedWindowAbleToServe(Struct, frozen=True):
    """A paused window whose clerk can serve some of the services left: `services`."""

    window: str
    staff: str
    back: datetime | None
    services: tuple[str, ...]


def lines_left_if_window_stops(scene: WindowScene) -> list[LineServedHereOnly]:
    """Return the services with waiting people that nobody would serve if this window stopped now."""
    if scene.kind in (CounterState.CLOSED, CounterState.PAUSED):
        return []
    return [
        LineServedHereOnly(
            s,
            scene.waiting[s],
            tuple(w for w, spec in scene.setup.windows.items() if w != scene.window.code and s in spec.services),
        )
        for s in scene.services
        if scene.waiting[s] and not scene.open_elsewhere[s]
    ]


def paused_windows_able_to_take_over(
    scene: WindowScene, left: list[LineServedHereOnly]
) -> list[PausedWindowAbleToServe]:
    """Return the paused windows that could serve some of the services left, the one back soonest first."""
    found = []
    for code, window in scene.windows.items():
        if code == scene.window.code or window.state is not WindowState.PAUSED or window.staff is None:
            continue
        serves = scene.setup.services_served_by_window(window)
        can = tuple(one.service for one in left if one.service in serves)
        if can:
            found.append(PausedWindowAbleToServe(code, window.staff, window.back, can))
    return sorted(found, key=lambda taker: (taker.back is None, taker.back))


def staff_who_could_take_over_window(scene: WindowScene) -> list[str]:
    """Return who could take over this window: can serve something here and is at no other window; clerks first."""
    at = {w.staff for w in scene.windows.values() if w.state is not WindowState.CLOSED}
    able = [
        person
        for person in scene.setup.staff.values()
        if person.role in WHO_MAY_SIT
        and person.code not in at
        and scene.setup.services_at_window(scene.window.code, person.code)
    ]
    return [person.code for person in sorted(able, key=lambda p: WHO_MAY_SIT.index(p.role))]


class ClerkAct(StrEnum):
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
    ClerkAct.RECALL: "F2",
    ClerkAct.EXTEND: "F2",
    ClerkAct.MISS: "F3",
    ClerkAct.PARK: "F4",
    ClerkAct.REOPEN: "F5",
    ClerkAct.WRITE: "F5",
    ClerkAct.TRANSFER: "F6",
    ClerkAct.REDIRECT: "F7",
    ClerkAct.CALL_CHOSEN: "F8",
    ClerkAct.FORM_FREE: "F8",
    ClerkAct.FINISH_CALL: "F9",
    ClerkAct.PAUSE: "F10",
    ClerkAct.RESUME: "F10",
    ClerkAct.CLOSE: "F11",
    ClerkAct.FINISH_THEN: "F11",
}
PAD = {"*": "F2", "-": "F3", "/": "F8", "0": "F10"}

# Finishing and calling is offered to those who started: a call that nobody came to is no visit.
_VERBS = {
    ClerkAct.CALL_CHOSEN: "call",
    ClerkAct.FINISH_CALL: "add",
    ClerkAct.FINISH_THEN: "add",
    ClerkAct.DELIVERED: "add",
    ClerkAct.FORM_FREE: "add",
    ClerkAct.WRITE: "add",
}
_NEED_FREE = (
    ClerkAct.CALL,
    ClerkAct.CALL_CHOSEN,
    ClerkAct.SERVE,
    ClerkAct.REOPEN,
    ClerkAct.PAUSE,
    ClerkAct.CLOSE,
    ClerkAct.HAND_OVER,
)


def primary_act(scene: WindowScene) -> ClerkAct | None:
    """Return the act of the filled button; None when nothing can be done."""
    match scene.kind:
        case CounterState.IDLE:
            return ClerkAct.CALL if scene.order else None
        case CounterState.CALLED:
            return ClerkAct.START
        case CounterState.SERVING:
            return ClerkAct.FINISH
        case CounterState.PAUSED:
            return ClerkAct.RESUME
    return None


def acts_beside_primary(scene: WindowScene) -> list[ClerkAct]:
    """Return the acts of the row under the primary, ⋯ left out."""
    stalled = scene.ticket is not None and scene.ticket.stalled_since is not None
    match scene.kind:
        case CounterState.IDLE:
            return [ClerkAct.CALL_CHOSEN, ClerkAct.REOPEN if scene.can_reopen_last_ticket else ClerkAct.SERVE]
        case CounterState.CALLED:
            return [ClerkAct.RECALL, ClerkAct.MISS, ClerkAct.REDIRECT]
        case CounterState.SERVING:
            on = ClerkAct.FINISH_THEN if scene.usual_next_steps_of_service else ClerkAct.TRANSFER
            return [ClerkAct.UNSTALL if stalled else on, ClerkAct.REDIRECT, ClerkAct.PARK, ClerkAct.FINISH_CALL]
        case CounterState.PAUSED:
            return [ClerkAct.EXTEND, ClerkAct.CLOSE]
    return []


def possible_acts(scene: WindowScene) -> list[ClerkAct]:
    """Return every act possible now, in the order of the ⋯ menu."""
    match scene.kind:
        case CounterState.IDLE:
            calls = [ClerkAct.CALL, ClerkAct.CALL_CHOSEN] if scene.order else []
            again = [ClerkAct.REOPEN] if scene.can_reopen_last_ticket else []
            return [*calls, ClerkAct.SERVE, *again, ClerkAct.PAUSE, *_possible_hand_over_acts(scene), ClerkAct.CLOSE]
        case CounterState.CALLED:
            return [
                ClerkAct.START,
                ClerkAct.RECALL,
                ClerkAct.MISS,
                ClerkAct.GIVE_BACK,
                ClerkAct.REDIRECT,
                ClerkAct.TRANSFER,
                ClerkAct.FINISH,
            ]
        case CounterState.SERVING:
            stalled = scene.ticket is not None and scene.ticket.stalled_since is not None
            waiting = ClerkAct.UNSTALL if stalled else ClerkAct.STALL
            ends = [
                ClerkAct.FINISH,
                ClerkAct.FINISH_CALL,
                *([ClerkAct.FINISH_THEN] if scene.usual_next_steps_of_service else []),
            ]
            return [
                *ends,
                ClerkAct.DELIVERED,
                ClerkAct.FORM_FREE,
                ClerkAct.WRITE,
                ClerkAct.PARK,
                waiting,
                ClerkAct.ADD,
                ClerkAct.TRANSFER,
                ClerkAct.REDIRECT,
            ]
        case CounterState.PAUSED:
            return [ClerkAct.RESUME, ClerkAct.EXTEND, *_possible_hand_over_acts(scene), ClerkAct.CLOSE]
    return []


def _possible_hand_over_acts(scene: WindowScene) -> list[ClerkAct]:
    return [ClerkAct.HAND_OVER] if staff_who_could_take_over_window(scene) else []


def act_of_function_key(key: str, scene: WindowScene) -> ClerkAct | None:
    """Return the act of a function key that is possible now, else the usual one, to show its refusal."""
    named = [act for act, cap in KEYS.items() if cap == key]
    return next((act for act in named if act in possible_acts(scene)), named[0] if named else None)


def reason_act_is_impossible(act: ClerkAct, scene: WindowScene) -> RuleError:
    """Return why `act` is not possible now, as the desk would refuse it."""
    code = scene.window.code
    if scene.kind is CounterState.CLOSED:
        return RuleError("window_closed", window=code)
    if scene.kind is CounterState.PAUSED:
        return RuleError("window_paused", window=code)
    if act is ClerkAct.EXTEND or act is ClerkAct.RESUME:
        return RuleError("window_not_paused", window=code)
    if scene.ticket is not None and act in _NEED_FREE:
        return RuleError("window_busy", window=code, ticket=scene.ticket.label)
    if act in (ClerkAct.CALL, ClerkAct.CALL_CHOSEN):
        return RuleError("nobody_waiting", window=code)
    if act is ClerkAct.REOPEN:
        rated = scene.last is not None and scene.last.rating is not None
        return (
            RuleError("already_rated", ticket=scene.last.label)
            if rated and scene.last
            else RuleError("nothing_to_reopen", window=code)
        )
    if scene.ticket is None:
        return RuleError("no_customer", window=code)
    try:
        scene.ticket.require_may(_VERBS.get(act, str(act)))
    except RuleError as error:
        return error
    return RuleError("no_customer", window=code)
