"""The hall as numbers for one pass, in minutes from now, and what the last calls of today tell of its pace."""

from __future__ import annotations

import datetime as clock
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import first_here
from queuedesk.core.queue.hallday import hours_on
from queuedesk.core.queue.ticket import CallMade, Leg, Pause, State, Ticket, TicketId, Window, WindowState, seconds
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.roster import RosterRow, planned_on
from queuedesk.core.waits.estimates import (
    CALLS_FOR_PACE,
    NONE,
    STILL_THERE,
    CallInProgress,
    Estimates,
    Habit,
    handling_in,
    micros,
    rest_min,
    wait_bin,
)
from queuedesk.core.waits.observations import both, counted, left_to_others, passed_over, together


# What a pass makes by the hundreds can't be in a cycle: the collector need not look at it, a twelfth of a pass.
class LiveTicket(Struct, frozen=True, kw_only=True, gc=False):
    """Somebody in line. `only` are the windows that may call it until `held_min` (None: any that serves its service).

    `since_min` is since when they wait, `not_before_min` from when they may be called. `short`: a quick window takes it
    first, and one whose clerk `speaks` its language (lower case, "" where the rule is off) when its turn is near.
    `expected`: nobody yet, a priority ticket that will probably be issued then.
    """

    id: TicketId | None
    service: str
    place_min: float
    turn: int
    credit_min: float = 0.0
    not_before_min: float = 0.0
    only: frozenset[str] | None = None
    held_min: float = 0.0
    since_min: float = 0.0
    redirected: bool = False
    overtaken: int = 0
    short: bool = False
    speaks: str = ""
    expected: bool = False


class LiveWindow(Struct, frozen=True, kw_only=True, gc=False):
    """A window that will call. It is free `free_min` from now with variance `free_var` (minutes²); what it serves takes
    `factor` times as long as usual.

    `breaks` are those still to come, (start, length); from `closes_min` on it calls nobody. `now_serving` is its
    customer's service, `now_id` their ticket. Short matters go first where it `takes_short`, and who speaks one of its
    clerk's `languages` when no more than `passes` are before them, past nobody who was overtaken `passes` times (0: it
    takes nobody first). Not `is_sure`: somebody went away without saying for how long. `is_idle`: it stands open, but
    lets people wait whom it could call, so that `free_min` is a guess; `is_gone`: for an hour already.
    """

    code: str
    services: frozenset[str]
    staff: str | None = None
    free_min: float = 0.0
    free_var: float = 0.0
    factor: float = 1.0
    pause_min: float = 0.0
    breaks: tuple[tuple[float, float], ...] = ()
    closes_min: float | None = None
    takes_short: bool = False
    languages: frozenset[str] = frozenset()
    passes: int = 0
    now_serving: str | None = None
    now_id: TicketId | None = None
    is_sure: bool = True
    is_idle: bool = False
    is_gone: bool = False


class Live(Struct, frozen=True, kw_only=True):
    """The hall at one moment. `normal_calls`, `jump_every` and `guard` as in core.queue.dispatch; `arrivals` are
    expected priority tickets, in order of time.

    `follow_ups` are the further services of tickets in line or at a window, where they are known; `returning` those who
    were put aside: (service, minutes until they are back), to be taken first. `unknown` are services of unknown length.
    `doubt` is how far, as a share, the estimates may be from a usual day: much at first, nothing after many days.
    `minute` is the time as minutes since midnight of the hall's day, `no_show` the chance that a called ticket does not
    come, by 5 minutes of its wait (none where everybody comes).
    """

    tickets: tuple[LiveTicket, ...]
    windows: tuple[LiveWindow, ...]
    learned: Estimates
    services: tuple[str, ...]
    arrivals: tuple[LiveTicket, ...] = ()
    normal_calls: int | None = None
    jump_every: int = 3
    guard: int = 0
    follow_ups: Mapping[TicketId, tuple[str, ...]] = field(default_factory=dict)
    returning: tuple[tuple[str, float], ...] = ()
    unknown: frozenset[str] = frozenset()
    doubt: float = 0.0
    minute: float = 0.0
    no_show: tuple[float, ...] = ()


class Turn(Struct, frozen=True, gc=False):
    """When somebody is called, minutes from now, and the standard deviation of that; `window` is the one that would
    call. `after` are the further services, with their tickets, that windows of this service take up before."""

    at_min: float
    sd_min: float
    window: str
    after: tuple[tuple[TicketId, str], ...] = ()


class Forecast(Struct, frozen=True, kw_only=True):
    """The result of one pass. People without an entry in `turns` will not be reached as things are.

    `newcomers` is the turn of a normal ticket issued now, by service; `clear_min` when the last of a service's line is
    done, by service.
    """

    turns: Mapping[TicketId, Turn]
    newcomers: Mapping[str, Turn]
    clear_min: Mapping[str, float]


# -- when each window will next serve somebody: working, on a break, away, late or not yet open ----------------------

# When a window is meant to be at work today: by the roster, and where a hall has none, as it usually was.

Span = tuple[int, int]


class Plan(Struct, frozen=True, kw_only=True):
    """A window's day as hall minutes since midnight; `breaks` are (start, minutes), in order. `is_planned`: in the
    roster, not only usual."""

    opens: int
    closes: int
    breaks: tuple[Span, ...] = ()
    staff: str | None = None
    is_planned: bool = True


def plans(setup: Setup, habits: Mapping[str, Habit], day: clock.date, minute: float) -> Mapping[str, Plan]:
    """Return today's plan of each window that has one, as of `minute`: `staff` is the person there then or next."""
    rows: dict[str, list[RosterRow]] = {}
    for row in planned_on(setup.roster, day, setup.calendar):
        rows.setdefault(row.window, []).append(row)
    if rows or setup.calendar.is_closed(day):
        found = {window: _planned(own, minute) for window, own in rows.items()}
        margin_min = setup.number("closing_margin_minutes")
        return _with_margin(found, setup, day, margin_min) if margin_min else found
    return {
        window: Plan(
            opens=habit.opens,
            closes=habit.closes,
            breaks=tuple(sorted((start, end - start) for start, end in habit.breaks)),
            is_planned=False,
        )
        for window, habit in habits.items()
    }


def _planned(rows: Sequence[RosterRow], minute: float) -> Plan:
    """Return one window's shifts of a day as one plan: the time between two shifts is a break."""
    ordered = sorted(rows, key=lambda r: (r.start, r.end))
    breaks = [(b.start, b.minutes) for row in ordered for b in row.breaks]
    until = ordered[0].end
    for row in ordered[1:]:
        if row.start > until:
            breaks.append((until, row.start - until))
        until = max(until, row.end)
    now_or_next = next((row for row in ordered if row.end > minute), ordered[-1])
    return Plan(opens=ordered[0].start, closes=until, breaks=tuple(sorted(breaks)), staff=now_or_next.staff)


def _with_margin(plans: Mapping[str, Plan], setup: Setup, day: clock.date, margin_min: int) -> Mapping[str, Plan]:
    """Return plans of windows that go on after closing with whoever has a ticket; who leaves before closing does so."""
    ends = [
        max(end for _start, end in spans) for one in setup.services.values() if (spans := hours_on(setup, one, day))
    ]
    first = min(ends, default=math.inf)
    return {
        window: replace(plan, closes=plan.closes + margin_min) if plan.closes >= first else plan
        for window, plan in plans.items()
    }


SHORT_PAUSE_MIN, SHORT_PAUSE_VAR = 6.0, 3.0
"""A pause that nobody planned."""
AWAY_AFTER_MIN, AWAY_AFTER_PAUSES = 1.0, 3.0
"""A window that leaves people waiting for longer than this and so many usual pauses is away, whatever the log says."""
GONE_AFTER_MIN = 60.0
"""Who has let people wait for longer is not counted on where others serve; a record of elsewhere may lack that the
window was closed."""
BREAK_BEFORE_MIN, BREAK_AFTER_MIN = 20.0, 45.0
"""How much earlier or later than planned a break may begin and still be that one."""
LATE_MIN = 40.0
"""A window that has not opened so long after it should have is not counted on."""
DAYS_TELL = 3
"""From so many dates on, what windows call tells enough of what they serve."""
USUAL_VAR = 9.0
"""The variance of an opening that is only usual, not planned."""


class Scene(Struct, frozen=True, kw_only=True):
    """What is needed of the hall for every window: `minute` of its day, today's pace, who waits, and which services
    each window leaves to others; where breaks are planned, its last call and its pauses."""

    state: HallState
    setup: Setup
    now: datetime
    day: clock.date
    minute: float
    pace: float
    learned: Estimates
    waiting: tuple[LiveTicket, ...]
    last_calls: Mapping[str, float]
    pauses: Mapping[str, tuple[Pause, ...]]
    known: Mapping[str, Plan]
    elsewhere: Mapping[str, frozenset[str]]

    def ago_min(self, moment: datetime | None) -> float:
        """Return how many minutes ago `moment` was; 0 where it is unknown."""
        return 0.0 if moment is None else (self.now - moment).total_seconds() / 60


def windows_of(
    state: HallState,
    now: datetime,
    day: clock.date,
    *,
    minute: float,
    learned: Estimates,
    pace: float,
    waiting: tuple[LiveTicket, ...],
    silent: Mapping[str, Window],
) -> tuple[LiveWindow, ...]:
    """Return the windows that will call somebody today, the longest idle first; `now` is the `minute` of the hall's
    `day`. `silent` replace those that the hall considers closed."""
    setup = state.setup_now
    if setup is None:
        return ()
    known = plans(setup, learned.habits, day, minute)
    has_breaks = any(plan.breaks for plan in known.values())
    scene = Scene(
        state=state,
        setup=setup,
        now=now,
        day=day,
        minute=minute,
        pace=pace,
        learned=learned,
        waiting=waiting,
        last_calls=_last_calls(state, now, day) if has_breaks else {},
        pauses=_pauses(state, day) if has_breaks else {},
        elsewhere=_elsewhere(state, setup, learned, day),
        known=known,
    )
    found: list[tuple[float, LiveWindow]] = []
    gone: list[tuple[float, LiveWindow]] = []
    for code in setup.windows:
        window = state.window(code)
        if code in silent:
            window = replace(silent[code], since=silent[code].since or window.since)
        if window.state is WindowState.CLOSED and code not in known:
            continue  # Nobody can say that it will open.
        live = _live(scene, window)
        if live is not None and live.services:
            (gone if live.is_gone else found).append((-scene.ago_min(window.since), live))
    served = frozenset[str]().union(*(live.services for _since, live in found if live.is_sure))
    found += [(since, live) for since, live in gone if not live.services <= served]
    return tuple(live for _, live in sorted(found, key=lambda pair: (pair[0], pair[1].code)))


Moment = TypeVar("Moment", int, datetime)
Moment_co = TypeVar("Moment_co", covariant=True)


class LegWithCall(Protocol[Moment_co]):
    """What call_of() needs of a leg."""

    @property
    def calls(self) -> int: ...
    @property
    def called(self) -> Moment_co | None: ...
    @property
    def last_called(self) -> Moment_co | None: ...


class Visiting(Protocol[Moment_co]):
    """And of a ticket."""

    @property
    def round_calls(self) -> int: ...
    @property
    def misses(self) -> int: ...
    @property
    def missed_at(self) -> Moment_co | None: ...
    @property
    def legs(self) -> Sequence[LegWithCall[Moment_co]]: ...


def call_of(ticket: Visiting[Moment], leg: LegWithCall[Moment]) -> Moment | None:
    """Return when somebody was called for their work with a window, in a line where it is over too: after a miss, the
    next call."""
    is_again = leg.calls > ticket.round_calls > 0 and ticket.legs[-1] is leg
    return leg.last_called if is_again or _was_missed_before(ticket, leg) else leg.called


def _was_missed_before(ticket: Visiting[Moment], leg: LegWithCall[Moment]) -> bool:
    """Whether a call of a leg was missed and it was called again. Of a ticket only the last miss has its time; what was
    missed before that and called several times is taken to have been called again for it."""
    first, last, missed = leg.called, leg.last_called, ticket.missed_at
    if not ticket.misses or leg.calls < 2 or first is None or last is None or missed is None or missed <= first:
        return False
    is_now = ticket.round_calls > 0 and ticket.legs[-1] is leg
    return missed <= last or (ticket.misses > 1 and not is_now)


def _elsewhere(state: HallState, setup: Setup, learned: Estimates, day: clock.date) -> Mapping[str, frozenset[str]]:
    """Return what windows leave to others: only where the record of a hall must tell it, for a set-up knows."""
    if not setup.hall.replayed:
        return {}
    own = [call for call in state.calls if call.date == day]
    calls = together(learned.called_at, counted((call.window, call.service) for call in own))
    found = left_to_others(calls)
    if learned.days >= DAYS_TELL:
        return found
    return both(found, passed_over(_passings(state, own, day), calls))


def _passings(state: HallState, calls: Sequence[CallMade], day: clock.date) -> Iterator[tuple[int, str, str]]:
    """Yield the passings of today as (call, window, service of who was passed); priority and further visits are called
    first by right."""
    windows = {call.seq: call.window for call in calls}
    for overtake in state.overtakes:
        by, passed = state.tickets.get((overtake.date, overtake.by)), state.tickets.get((overtake.date, overtake.label))
        if overtake.date != day or by is None or passed is None or by.credit_s > 0 or len(by.legs) > 1:
            continue
        if overtake.seq in windows:
            yield overtake.seq, windows[overtake.seq], passed.legs[0].service


def _live(scene: Scene, window: Window) -> LiveWindow | None:
    plan = scene.known.get(window.code)
    if window.state is WindowState.CLOSED:
        return _closed(scene, window, plan)
    services = scene.setup.served_by(window) - scene.elsewhere.get(window.code, frozenset())
    closes = plan.closes - scene.minute if plan is not None and _closes(plan, scene.minute) else None
    first = first_here(scene.setup, window.code, window.staff, scene.now)
    live = LiveWindow(
        code=window.code,
        services=services,
        takes_short=first is not None and first.minutes > 0,
        languages=first.languages if first is not None else frozenset(),
        passes=first.passes if first is not None else 0,
        staff=window.staff,
        factor=scene.learned.clerks.get(window.staff or "", 1.0) * scene.pace,
        pause_min=scene.learned.pause_at(window.code),
        closes_min=closes,
    )
    left = _breaks_left(scene, window, plan)
    if window.ticket is not None:
        return _with_customer(scene, window, live, left)
    if window.state is WindowState.PAUSED:
        return _paused(scene, window, live, left)
    return _without_customer(scene, window, plan, live, left)


def _with_customer(scene: Scene, window: Window, live: LiveWindow, left: list[tuple[int, int]]) -> LiveWindow:
    ticket = scene.state.tickets.get(window.ticket) if window.ticket is not None else None
    if ticket is None:
        return live
    leg = ticket.leg
    kept = scene.ago_min(call_of(ticket, leg)) - leg.held_s / 60
    handling = handling_in(scene.learned, leg.service)
    rest, variance = rest_min(handling, kept, live.factor)
    if ticket.stalled_since is not None:
        stalled = scene.ago_min(ticket.stalled_since)
        rest, variance = rest + max(1.0, SHORT_PAUSE_MIN - stalled), variance + SHORT_PAUSE_VAR
    return replace(
        live,
        free_min=rest + live.pause_min,
        free_var=variance,
        now_serving=leg.service,
        now_id=ticket.id,
        breaks=_from_now(scene, left),
    )


def _paused(scene: Scene, window: Window, live: LiveWindow, left: list[tuple[int, int]]) -> LiveWindow:
    paused = scene.ago_min(window.since)
    began = scene.minute - paused
    mine = next((b for b in left if b[0] - BREAK_BEFORE_MIN <= began <= b[0] + BREAK_AFTER_MIN), None)
    later = _from_now(scene, [b for b in left if b is not mine and b[0] > scene.minute])
    if window.back is not None:
        rest = -scene.ago_min(window.back)
    elif mine is not None:
        rest = began + mine[1] - scene.minute
    else:
        rest, variance = _unplanned(paused)
        return replace(live, free_min=rest, free_var=variance, breaks=later, is_sure=False)
    if rest > 0:
        return replace(live, free_min=rest, breaks=later)
    rest, variance = _unplanned(-rest)
    return replace(live, free_min=rest, free_var=variance, breaks=later)


def _without_customer(
    scene: Scene, window: Window, plan: Plan | None, live: LiveWindow, left: list[tuple[int, int]]
) -> LiveWindow | None:
    idle = scene.ago_min(window.since)
    left_waiting = min(idle, _kept_waiting(scene, live))
    due = next((b for b in left if b[0] <= scene.minute), None)
    later = _from_now(scene, [b for b in left if b[0] > scene.minute])
    live = replace(live, breaks=later)
    away_after = AWAY_AFTER_MIN + AWAY_AFTER_PAUSES * live.pause_min
    is_away = left_waiting > away_after
    if due is not None and (is_away or (plan is not None and plan.is_planned)):
        began = max(float(due[0]), scene.minute - idle)
        rest = began + due[1] - scene.minute
        if rest > 0:
            return replace(live, free_min=rest, free_var=0.0 if plan is not None and plan.is_planned else USUAL_VAR)
        left_waiting = min(left_waiting, -rest)
        is_away = left_waiting > away_after
    if not is_away:
        return _resting(scene, live, left_waiting)
    is_gone = left_waiting > GONE_AFTER_MIN
    if is_gone and scene.setup.hall.replayed:
        return None
    # Whoever has stood still for half a day may be back any minute: nobody is told hours for it.
    rest, variance = _unplanned(min(left_waiting, GONE_AFTER_MIN))
    is_idle = not scene.setup.hall.replayed  # a record of elsewhere may lack that somebody went away
    return replace(live, free_min=rest, free_var=variance, is_idle=is_idle, is_gone=is_gone)


def _resting(scene: Scene, live: LiveWindow, left_waiting: float) -> LiveWindow:
    """Return a window that has let people wait for some minutes as it will be once it calls: what is left of its rest.
    Where nobody waits it is free, for who comes then is called at once."""
    between = scene.learned.between
    if left_waiting <= 0 or between is None:
        return live
    rest, variance = rest_min(between, left_waiting, live.pause_min / between.mean_min)
    return replace(live, free_min=rest, free_var=variance)


def _closed(scene: Scene, window: Window, plan: Plan | None) -> LiveWindow | None:
    """Return a window that is not open as it will be once it opens; None when nobody can say that it will."""
    if plan is None or plan.closes <= scene.minute:
        return None
    until_open = plan.opens - scene.minute
    if window.since is not None and scene.ago_min(window.since) < scene.minute - plan.opens:
        # It was open today: only a break that is written down brings it back.
        due = next((b for b in plan.breaks if b[0] - BREAK_BEFORE_MIN <= scene.minute < b[0] + b[1]), None)
        if due is None:
            return None
        until_open = due[0] + due[1] - scene.minute
    elif until_open < -LATE_MIN:
        return None
    rest = until_open if until_open > 0 else max(2.0, -until_open)
    return LiveWindow(
        code=window.code,
        services=scene.setup.services_at(window.code, plan.staff) - scene.elsewhere.get(window.code, frozenset()),
        staff=plan.staff,
        free_min=rest,
        free_var=(rest / 2) ** 2 if until_open <= 0 else 0.0 if plan.is_planned else USUAL_VAR,
        factor=scene.learned.clerks.get(plan.staff or "", 1.0) * scene.pace,
        pause_min=scene.learned.pause_at(window.code),
        breaks=_from_now(scene, [b for b in plan.breaks if b[0] > scene.minute + max(0.0, rest)]),
        closes_min=plan.closes - scene.minute if plan.is_planned else None,
    )


def _closes(plan: Plan, minute: float) -> bool:
    """Whether a window at work will stop at the end of its plan: nobody closes out of habit while people wait."""
    return plan.is_planned and plan.closes > minute


def _unplanned(elapsed: float) -> tuple[float, float]:
    """Return what is left of an absence that nobody planned, and its variance: a short one first, the longer the more
    is left."""
    if elapsed <= 2 * SHORT_PAUSE_MIN:
        return max(1.0, SHORT_PAUSE_MIN - elapsed), SHORT_PAUSE_VAR
    rest = elapsed / 2
    return rest, rest**2


def _breaks_left(scene: Scene, window: Window, plan: Plan | None) -> list[tuple[int, int]]:
    """Return the breaks that this window still has before it or is in: not those taken, nor those it called somebody
    after."""
    if plan is None:
        return []
    called = scene.last_calls.get(window.code)
    taken = [
        (scene.minute - scene.ago_min(p.start), (p.end - p.start).total_seconds() / 60)
        for p in scene.pauses.get(window.code, ())
        if p.end is not None
    ]
    left = []
    for start, length in plan.breaks:
        was_taken = any(
            start - BREAK_BEFORE_MIN <= began <= start + BREAK_AFTER_MIN and lasted >= length / 2
            for began, lasted in taken
        )
        went_on = called is not None and called > start + 1
        if not was_taken and not went_on:
            left.append((start, length))
    return left


def _kept_waiting(scene: Scene, live: LiveWindow) -> float:
    """Return for how long somebody has waited whom this window could have called."""
    return max(
        (
            -t.since_min
            for t in scene.waiting
            if t.service in live.services and t.not_before_min <= 0 and (t.only is None or live.code in t.only)
        ),
        default=0.0,
    )


def _from_now(scene: Scene, breaks: Iterable[tuple[int, int]]) -> tuple[tuple[float, float], ...]:
    return tuple((start - scene.minute, float(length)) for start, length in breaks)


def _last_calls(state: HallState, now: datetime, day: clock.date) -> dict[str, float]:
    """Return each window's last call today, as a minute of the hall's day."""
    if state.setup_now is None:
        return {}
    local = state.setup_now.local(now)
    minute = local.hour * 60 + local.minute + local.second / 60
    found: dict[str, float] = {}
    for call in reversed(state.calls):
        if call.date == day and call.window not in found:
            found[call.window] = minute - (now - call.time).total_seconds() / 60
            if len(found) == len(state.windows):
                break
    return found


def _pauses(state: HallState, day: clock.date) -> dict[str, tuple[Pause, ...]]:
    found: dict[str, tuple[Pause, ...]] = {}
    for shift in state.shifts.values():
        if shift.date == day:
            found[shift.window] = (*found.get(shift.window, ()), *shift.pauses)
    return found


_SERVED = frozenset({"finish", "transfer", "redirect"})


_ROOM = 3 * CALLS_FOR_PACE
"""Who looked at so many calls begins anew, with the last ones."""


class LastCalls(NamedTuple):
    """What the last calls of a day say, from the one on since which CALLS_FOR_PACE came: the visits of those who came,
    in order; and by 5 minutes of the wait how many first calls were answered or not, and those at which nobody came."""

    visits: list[CallInProgress]
    answered: list[int]
    absent: list[int]


class _Answer(NamedTuple):
    """What one call says: the visit of who came; how long they had waited whose first call it was, if that is known by
    now, and whether nobody came."""

    visit: CallInProgress | None
    bin: int | None = None
    is_absent: bool = False


class _CallHistory:
    """What the last calls of a day say, each by its place among the calls. Calls and tickets never change, but tickets
    are replaced: `places` are each one's calls."""

    __slots__ = ("answers", "calls", "count", "day", "first", "in_hall", "is_for_now", "last", "places")

    def __init__(self, state: HallState, now: datetime, day: clock.date) -> None:
        self.day, self.calls, self.in_hall = day, state.calls, state.in_hall()
        self.in_hall.changed.clear()
        self.places: dict[TicketId, list[int]] = {}
        self.is_for_now = False
        answers: dict[int, _Answer] = {}
        came = 0
        self.first = len(self.calls)
        while self.first and came < CALLS_FOR_PACE:
            self.first -= 1
            if self.calls[self.first].date == day:
                answers[self.first] = answer = self._look(self.first, now)
                came += answer.visit is not None
        self.answers = dict(reversed(answers.items()))
        self._end()

    def goes_on(self, state: HallState, day: clock.date) -> bool:
        """Whether it is still this day in this hall, to which only calls and tickets were added since."""
        return (
            self.day == day
            and self.calls is state.calls
            and self.in_hall is state.in_hall()
            and len(self.calls) >= self.count
            and (not self.count or self.calls[self.count - 1] is self.last)
            and len(self.answers) < _ROOM
            and not self.is_for_now
        )

    def look_again(self, now: datetime) -> None:
        """Look at the calls that are new, and at those whose tickets changed."""
        for id in self.in_hall.changed:
            for place in self.places.get(id, ()):
                self.answers[place] = self._answer(place, id, now)
        self.in_hall.changed.clear()
        for place in range(self.count, len(self.calls)):
            if self.calls[place].date == self.day:
                self.answers[place] = self._look(place, now)
        self._end()

    def found(self) -> LastCalls:
        """Return what the last of them say; too few visits where others came before those that were looked at."""
        found = LastCalls([], list(NONE), list(NONE))
        visits, answered, absent = found
        for visit, bin, is_absent in reversed(self.answers.values()):
            if visit is not None:
                visits.append(visit)
            if bin is not None:
                answered[bin] += 1
                absent[bin] += is_absent
            if len(visits) == CALLS_FOR_PACE:
                break
        visits.reverse()
        return found

    def _end(self) -> None:
        self.count = len(self.calls)
        self.last = self.calls[-1] if self.calls else None

    def _look(self, place: int, now: datetime) -> _Answer:
        id = (self.day, self.calls[place].label)
        self.places.setdefault(id, []).append(place)
        return self._answer(place, id, now)

    def _answer(self, place: int, id: TicketId, now: datetime) -> _Answer:
        ticket = self.in_hall.tickets.get(id)
        if ticket is None:
            return _Answer(None)
        call = self.calls[place]
        visit = _visit(call, ticket, now)
        if visit is not None and visit.called_us == micros(now):
            self.is_for_now = True  # One whose call has no time began just now, each time.
        return _Answer(visit, *_shown(call, ticket))


def last_calls(state: HallState, now: datetime, day: clock.date) -> LastCalls:
    """Return what the last calls of today say. `state` keeps what was found: only calls and tickets that are new are
    looked at the next time."""
    known: _CallHistory | None = state.visits
    if known is not None and known.goes_on(state, day):
        known.look_again(now)
        found = known.found()
        if len(found.visits) == CALLS_FOR_PACE or not known.first:
            return found
    state.visits = known = _CallHistory(state, now, day)
    return known.found()


def _visit(call: CallMade, ticket: Ticket, now: datetime) -> CallInProgress | None:
    for leg in ticket.legs:
        if leg.window == call.window and leg.service == call.service and leg.called is not None:
            return _taken(ticket, leg, now) if _came(ticket, leg) else None
    return None


def _came(ticket: Ticket, leg: Leg) -> bool:
    """Whether this leg keeps, or kept, its window as its service does: not those who never came."""
    if leg.inaccurate or ticket.is_paper:
        return False
    if leg.end is not None or ticket.leg is not leg:
        return leg.end in _SERVED
    return ticket.state in (State.SERVING, State.CALLED)


def _taken(ticket: Ticket, leg: Leg, now: datetime) -> CallInProgress:
    begun = call_of(ticket, leg) or now
    held_min = leg.held_s / 60
    kept = STILL_THERE if leg.ended is None else max(0.0, (leg.ended - begun).total_seconds() / 60 - held_min)
    return CallInProgress((leg.service, leg.staff), micros(begun), held_min, kept)


def _shown(call: CallMade, ticket: Ticket) -> tuple[int | None, bool]:
    """Return how long somebody had waited until this call, their first, if it is known whether they came; and whether
    they did not, also where they were served when called again."""
    first = ticket.legs[0]
    if first.called != call.time or ticket.is_paper or ticket.postponed:
        return None, False
    bin = wait_bin(seconds(first.joined, call.time))
    begun = first.started or first.ended
    if ticket.missed_at is not None and (begun is None or ticket.missed_at <= begun):
        return bin, True
    if len(ticket.legs) > 1 or first.started is not None:
        return bin, False
    return (bin, True) if ticket.state is State.LEFT else (None, False)
