"""The hall as numbers for one pass, in minutes from now, and today's pace from the last calls."""

from __future__ import annotations

import datetime as clock
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.queue.dispatch import window_preferences_at
from queuedesk.core.queue.hallday import opening_spans_on
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.roster import RosterRow, shifts_planned_on
from queuedesk.core.waits import estimates, observations


# A pass makes hundreds, never in a cycle: gc=False saves a twelfth of its time.
class LiveTicket(Struct, frozen=True, kw_only=True, gc=False):
    """A ticket in line. `only` are the windows that may call it until `held_min` (None: any that serves its service).
    `since_min`: since when it waits; `not_before_min`: from when it may be called. `short`: a window for short matters
    takes it first; `speaks`: its language (lower case, "" where the rule is off), for clerks who speak it. `expected`:
    not issued yet, a priority ticket that will probably be."""

    id: ticket_records.TicketId | None
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
    """A window that will call. It is free `free_min` from now with variance `free_var` (minutes²); its visits take
    `factor` times as long as usual. `breaks` are the remaining ones, (start, length); from `closes_min` on it calls
    nobody. `now_serving` is its customer's service, `now_id` their ticket. If `takes_short`, short matters go first; a
    ticket in one of the clerk's `languages` goes first when at most `passes` are before it. Neither passes anybody
    overtaken `passes` times (0: nobody goes first). Not `is_sure`: an absence of unknown length. `is_idle`: open, but
    it lets people wait whom it could call, so that `free_min` is a guess; `is_gone`: for an hour already."""

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
    now_id: ticket_records.TicketId | None = None
    is_sure: bool = True
    is_idle: bool = False
    is_gone: bool = False


class LiveHall(Struct, frozen=True, kw_only=True):
    """The hall at one moment. `normal_calls`, `jump_every` and `guard` as in core.queue.dispatch; `arrivals` are
    expected priority tickets, in order of time. `follow_ups` are the known further services of tickets in line or at a
    window; `returning` the parked ones: (service, minutes until they are back), which are taken first. `unknown` are
    services of unknown length. `doubt` is the relative error of the estimates: large at first, none after many days.
    `minute` is the time since midnight of the hall's day, `no_show` the chance that a called ticket does not come, by 5
    minutes of its wait (empty where everybody comes)."""

    tickets: tuple[LiveTicket, ...]
    windows: tuple[LiveWindow, ...]
    learned: estimates.Estimates
    services: tuple[str, ...]
    arrivals: tuple[LiveTicket, ...] = ()
    normal_calls: int | None = None
    jump_every: int = 3
    guard: int = 0
    follow_ups: Mapping[ticket_records.TicketId, tuple[str, ...]] = field(default_factory=dict)
    returning: tuple[tuple[str, float], ...] = ()
    unknown: frozenset[str] = frozenset()
    doubt: float = 0.0
    minute: float = 0.0
    no_show: tuple[float, ...] = ()


class ExpectedCallOfTicket(Struct, frozen=True, gc=False):
    """The expected call of a ticket, in minutes from now, with its standard deviation and the window that would call.
    `after` are the further services, with their tickets, that windows of this service take up before."""

    at_min: float
    sd_min: float
    window: str
    after: tuple[tuple[ticket_records.TicketId, str], ...] = ()


class PassForecast(Struct, frozen=True, kw_only=True):
    """The result of one pass. Tickets without an entry in `turns` will not be reached as things are. By service:
    `newcomers` is the turn of a normal ticket issued now, `clear_min` the end of the line's last visit."""

    turns: Mapping[ticket_records.TicketId, ExpectedCallOfTicket]
    newcomers: Mapping[str, ExpectedCallOfTicket]
    clear_min: Mapping[str, float]


# -- when each window will next serve somebody: working, on a break, away, late or not yet open ----------------------

# A window's working hours today: by the roster, or by habit in a hall without one.

Span = tuple[int, int]


class WindowDayPlan(Struct, frozen=True, kw_only=True):
    """A window's day as hall minutes since midnight; `breaks` are (start, minutes), in order. Not `is_planned`: only by
    habit."""

    opens: int
    closes: int
    breaks: tuple[Span, ...] = ()
    staff: str | None = None
    is_planned: bool = True


def todays_window_plans(
    setup: Setup, habits: Mapping[str, estimates.UsualWindowHours], day: clock.date, minute: float
) -> Mapping[str, WindowDayPlan]:
    """Return today's plan of each window that has one; `staff` is the person there at `minute` or next."""
    rows: dict[str, list[RosterRow]] = {}
    for row in shifts_planned_on(setup.roster, day, setup.calendar):
        rows.setdefault(row.window, []).append(row)
    if rows or setup.calendar.is_closed(day):
        by_window = {window: _plan_of_shifts(shifts, minute) for window, shifts in rows.items()}
        margin_min = setup.setting_as_int("closing_margin_minutes")
        return _plans_with_later_closing(by_window, setup, day, margin_min) if margin_min else by_window
    return {
        window: WindowDayPlan(
            opens=habit.opens,
            closes=habit.closes,
            breaks=tuple(sorted((start, end - start) for start, end in habit.breaks)),
            is_planned=False,
        )
        for window, habit in habits.items()
    }


def _plan_of_shifts(rows: Sequence[RosterRow], minute: float) -> WindowDayPlan:
    """Return one window's shifts of a day as one plan; the time between two shifts is a break."""
    ordered = sorted(rows, key=lambda r: (r.start, r.end))
    breaks = [(b.start, b.minutes) for row in ordered for b in row.breaks]
    until = ordered[0].end
    for row in ordered[1:]:
        if row.start > until:
            breaks.append((until, row.start - until))
        until = max(until, row.end)
    now_or_next = next((row for row in ordered if row.end > minute), ordered[-1])
    return WindowDayPlan(opens=ordered[0].start, closes=until, breaks=tuple(sorted(breaks)), staff=now_or_next.staff)


def _plans_with_later_closing(
    plans: Mapping[str, WindowDayPlan], setup: Setup, day: clock.date, margin_min: int
) -> Mapping[str, WindowDayPlan]:
    """Return the plans with the closing margin, except for windows that close before any service does."""
    ends = [
        max(end for _start, end in spans)
        for service in setup.services.values()
        if (spans := opening_spans_on(setup, service, day))
    ]
    first = min(ends, default=math.inf)
    return {
        window: replace(plan, closes=plan.closes + margin_min) if plan.closes >= first else plan
        for window, plan in plans.items()
    }


SHORT_PAUSE_MIN, SHORT_PAUSE_VAR = 6.0, 3.0
"""An unplanned pause."""
AWAY_AFTER_MIN, AWAY_AFTER_PAUSES = 1.0, 3.0
"""A window that lets people wait longer than this plus so many usual gaps is away, whatever the log says."""
GONE_AFTER_MIN = 60.0
"""A window that lets people wait longer is left out where others serve; a replayed log may lack its closing."""
BREAK_BEFORE_MIN, BREAK_AFTER_MIN = 20.0, 45.0
"""How much earlier or later than planned a break may begin and still count as the planned one."""
LATE_MIN = 40.0
"""A window this late to open is left out."""
DAYS_TELL = 3
"""Dates after which calls show well enough which services a window serves."""
USUAL_VAR = 9.0
"""Variance of an opening by habit, not by plan."""


class HallContextOfWindowForecasts(Struct, frozen=True, kw_only=True):
    """The hall as every window's forecast needs it: `minute` of its day, today's pace, the waiting tickets, the `known`
    plans, and the services each window leaves to others (`elsewhere`); where breaks are planned, last calls and
    pauses."""

    state: HallState
    setup: Setup
    now: datetime
    day: clock.date
    minute: float
    pace: float
    learned: estimates.Estimates
    waiting: tuple[LiveTicket, ...]
    last_calls: Mapping[str, float]
    pauses: Mapping[str, tuple[ticket_records.Pause, ...]]
    known: Mapping[str, WindowDayPlan]
    elsewhere: Mapping[str, frozenset[str]]

    def minutes_ago(self, moment: datetime | None) -> float:
        return 0.0 if moment is None else (self.now - moment).total_seconds() / 60


def windows_for_pass(
    state: HallState,
    now: datetime,
    day: clock.date,
    *,
    minute: float,
    learned: estimates.Estimates,
    pace: float,
    waiting: tuple[LiveTicket, ...],
    silent: Mapping[str, ticket_records.Window],
) -> tuple[LiveWindow, ...]:
    """Return the windows that will call today, longest idle first; `now` is the `minute` of the hall's `day`. `silent`
    replace those that the hall considers closed."""
    setup = state.setup_now
    if setup is None:
        return ()
    by_window = todays_window_plans(setup, learned.habits, day, minute)
    has_breaks = any(plan.breaks for plan in by_window.values())
    scene = HallContextOfWindowForecasts(
        state=state,
        setup=setup,
        now=now,
        day=day,
        minute=minute,
        pace=pace,
        learned=learned,
        waiting=waiting,
        last_calls=_last_call_minute_by_window(state, now, day) if has_breaks else {},
        pauses=_todays_pauses_by_window(state, day) if has_breaks else {},
        elsewhere=_services_skipped_by_window(state, setup, learned, day),
        known=by_window,
    )
    present: list[tuple[float, LiveWindow]] = []
    gone: list[tuple[float, LiveWindow]] = []
    for code in setup.windows:
        window = state.window(code)
        if code in silent:
            window = replace(silent[code], since=silent[code].since or window.since)
        if window.state is ticket_records.WindowState.CLOSED and code not in by_window:
            continue  # No opening is expected.
        live = _live_window(scene, window)
        if live is not None and live.services:
            (gone if live.is_gone else present).append((-scene.minutes_ago(window.since), live))
    served = frozenset[str]().union(*(live.services for _since, live in present if live.is_sure))
    present += [(since, live) for since, live in gone if not live.services <= served]
    return tuple(live for _, live in sorted(present, key=lambda pair: (pair[0], pair[1].code)))


Moment = TypeVar("Moment", int, datetime)
Moment_co = TypeVar("Moment_co", covariant=True)


class LegWithCall(Protocol[Moment_co]):
    """The attributes of a leg that call_time_of_leg() needs."""

    @property
    def calls(self) -> int: ...
    @property
    def called(self) -> Moment_co | None: ...
    @property
    def last_called(self) -> Moment_co | None: ...


class TicketForCallTimeOfLeg(Protocol[Moment_co]):
    """The attributes of a ticket that call_time_of_leg() needs."""

    @property
    def round_calls(self) -> int: ...
    @property
    def misses(self) -> int: ...
    @property
    def missed_at(self) -> Moment_co | None: ...
    @property
    def legs(self) -> Sequence[LegWithCall[Moment_co]]: ...


def call_time_of_leg(ticket: TicketForCallTimeOfLeg[Moment], leg: LegWithCall[Moment]) -> Moment | None:
    """Return when a leg's work at its window was called, also in a closed leg: after a miss, the next call."""
    is_again = leg.calls > ticket.round_calls > 0 and ticket.legs[-1] is leg
    return leg.last_called if is_again or _was_leg_call_missed_and_repeated(ticket, leg) else leg.called


def _was_leg_call_missed_and_repeated(ticket: TicketForCallTimeOfLeg[Moment], leg: LegWithCall[Moment]) -> bool:
    """Whether a leg's call was missed and repeated. A ticket keeps the time of its last miss only; a leg with several
    calls and an earlier miss is assumed to have been called again for it."""
    first, last, missed = leg.called, leg.last_called, ticket.missed_at
    if not ticket.misses or leg.calls < 2 or first is None or last is None or missed is None or missed <= first:
        return False
    is_now = ticket.round_calls > 0 and ticket.legs[-1] is leg
    return missed <= last or (ticket.misses > 1 and not is_now)


def _services_skipped_by_window(
    state: HallState, setup: Setup, learned: estimates.Estimates, day: clock.date
) -> Mapping[str, frozenset[str]]:
    """Return the services that each window skips by its calls; empty in halls not replayed: their set-up has them."""
    if not setup.hall.replayed:
        return {}
    todays_calls = [call for call in state.calls if call.date == day]
    calls = observations.sum_call_tables(
        learned.called_at,
        observations.count_calls_by_window_and_service((call.window, call.service) for call in todays_calls),
    )
    seldom = observations.seldom_called_services(calls)
    if learned.days >= DAYS_TELL:
        return seldom
    return observations.union_of_services_by_window(
        seldom,
        observations.services_passed_over_by_window(_overtake_rows_without_priority(state, todays_calls, day), calls),
    )


def _overtake_rows_without_priority(
    state: HallState, calls: Sequence[ticket_records.WindowCall], day: clock.date
) -> Iterator[tuple[int, str, str]]:
    """Yield today's passings as (call, window, service of who was passed), without priority and further visits, which
    go first by right."""
    windows = {call.seq: call.window for call in calls}
    for overtake in state.overtakes:
        passer = state.tickets.get((overtake.date, overtake.by))
        passed = state.tickets.get((overtake.date, overtake.label))
        if overtake.date != day or passer is None or passed is None or passer.credit_s > 0 or len(passer.legs) > 1:
            continue
        if overtake.seq in windows:
            yield overtake.seq, windows[overtake.seq], passed.legs[0].service


def _live_window(scene: HallContextOfWindowForecasts, window: ticket_records.Window) -> LiveWindow | None:
    plan = scene.known.get(window.code)
    if window.state is ticket_records.WindowState.CLOSED:
        return _window_not_yet_open(scene, window, plan)
    services = scene.setup.services_served_by_window(window) - scene.elsewhere.get(window.code, frozenset())
    closes = plan.closes - scene.minute if plan is not None and _is_closing_by_plan(plan, scene.minute) else None
    first = window_preferences_at(scene.setup, window.code, window.staff, scene.now)
    live = LiveWindow(
        code=window.code,
        services=services,
        takes_short=first is not None and first.minutes > 0,
        languages=first.languages if first is not None else frozenset(),
        passes=first.passes if first is not None else 0,
        staff=window.staff,
        factor=scene.learned.clerks.get(window.staff or "", 1.0) * scene.pace,
        pause_min=scene.learned.minutes_between_visits_at_window(window.code),
        closes_min=closes,
    )
    left = _breaks_not_yet_taken(scene, window, plan)
    if window.ticket is not None:
        return _live_window_while_serving(scene, window, live, left)
    if window.state is ticket_records.WindowState.PAUSED:
        return _live_window_while_paused(scene, window, live, left)
    return _live_window_while_idle(scene, window, plan, live, left)


def _live_window_while_serving(
    scene: HallContextOfWindowForecasts, window: ticket_records.Window, live: LiveWindow, left: list[tuple[int, int]]
) -> LiveWindow:
    ticket = scene.state.tickets.get(window.ticket) if window.ticket is not None else None
    if ticket is None:
        return live
    leg = ticket.current_leg
    elapsed_min = scene.minutes_ago(call_time_of_leg(ticket, leg)) - leg.whole_s_set_aside / 60
    handling = estimates.handling_or_unknown(scene.learned, leg.service)
    rest, variance = estimates.median_remaining_min_and_variance(handling, elapsed_min, live.factor)
    if ticket.stalled_since is not None:
        stalled = scene.minutes_ago(ticket.stalled_since)
        rest, variance = rest + max(1.0, SHORT_PAUSE_MIN - stalled), variance + SHORT_PAUSE_VAR
    return replace(
        live,
        free_min=rest + live.pause_min,
        free_var=variance,
        now_serving=leg.service,
        now_id=ticket.id,
        breaks=_breaks_relative_to_now(scene, left),
    )


def _live_window_while_paused(
    scene: HallContextOfWindowForecasts, window: ticket_records.Window, live: LiveWindow, left: list[tuple[int, int]]
) -> LiveWindow:
    paused = scene.minutes_ago(window.since)
    began = scene.minute - paused
    current = next((b for b in left if b[0] - BREAK_BEFORE_MIN <= began <= b[0] + BREAK_AFTER_MIN), None)
    later = _breaks_relative_to_now(scene, [b for b in left if b is not current and b[0] > scene.minute])
    if window.back is not None:
        rest = -scene.minutes_ago(window.back)
    elif current is not None:
        rest = began + current[1] - scene.minute
    else:
        rest, variance = _unplanned_absence_rest_and_variance(paused)
        return replace(live, free_min=rest, free_var=variance, breaks=later, is_sure=False)
    if rest > 0:
        return replace(live, free_min=rest, breaks=later)
    rest, variance = _unplanned_absence_rest_and_variance(-rest)
    return replace(live, free_min=rest, free_var=variance, breaks=later)


def _live_window_while_idle(
    scene: HallContextOfWindowForecasts,
    window: ticket_records.Window,
    plan: WindowDayPlan | None,
    live: LiveWindow,
    left: list[tuple[int, int]],
) -> LiveWindow | None:
    idle = scene.minutes_ago(window.since)
    left_waiting = min(idle, _longest_wait_for_window_min(scene, live))
    due = next((b for b in left if b[0] <= scene.minute), None)
    later = _breaks_relative_to_now(scene, [b for b in left if b[0] > scene.minute])
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
        return _window_between_visits(scene, live, left_waiting)
    is_gone = left_waiting > GONE_AFTER_MIN
    if is_gone and scene.setup.hall.replayed:
        return None
    # Bounded: a window idle for half a day may be back any minute, so quotes of hours would be wrong.
    rest, variance = _unplanned_absence_rest_and_variance(min(left_waiting, GONE_AFTER_MIN))
    is_idle = not scene.setup.hall.replayed  # a replayed log may lack absences
    return replace(live, free_min=rest, free_var=variance, is_idle=is_idle, is_gone=is_gone)


def _window_between_visits(scene: HallContextOfWindowForecasts, live: LiveWindow, left_waiting: float) -> LiveWindow:
    """Return an idle window with what is left of its usual gap between visits. Where nobody waits it is free: a
    newcomer is called at once."""
    between = scene.learned.between
    if left_waiting <= 0 or between is None:
        return live
    rest, variance = estimates.median_remaining_min_and_variance(
        between, left_waiting, live.pause_min / between.mean_min
    )
    return replace(live, free_min=rest, free_var=variance)


def _window_not_yet_open(
    scene: HallContextOfWindowForecasts, window: ticket_records.Window, plan: WindowDayPlan | None
) -> LiveWindow | None:
    """Return a window not open now as it will be once open; None where no opening is expected."""
    if plan is None or plan.closes <= scene.minute:
        return None
    until_open = plan.opens - scene.minute
    if window.since is not None and scene.minutes_ago(window.since) < scene.minute - plan.opens:
        # It was open today: only a planned break brings it back.
        due = next((b for b in plan.breaks if b[0] - BREAK_BEFORE_MIN <= scene.minute < b[0] + b[1]), None)
        if due is None:
            return None
        until_open = due[0] + due[1] - scene.minute
    elif until_open < -LATE_MIN:
        return None
    rest = until_open if until_open > 0 else max(2.0, -until_open)
    return LiveWindow(
        code=window.code,
        services=scene.setup.services_at_window(window.code, plan.staff)
        - scene.elsewhere.get(window.code, frozenset()),
        staff=plan.staff,
        free_min=rest,
        free_var=(rest / 2) ** 2 if until_open <= 0 else 0.0 if plan.is_planned else USUAL_VAR,
        factor=scene.learned.clerks.get(plan.staff or "", 1.0) * scene.pace,
        pause_min=scene.learned.minutes_between_visits_at_window(window.code),
        breaks=_breaks_relative_to_now(scene, [b for b in plan.breaks if b[0] > scene.minute + max(0.0, rest)]),
        closes_min=plan.closes - scene.minute if plan.is_planned else None,
    )


def _is_closing_by_plan(plan: WindowDayPlan, minute: float) -> bool:
    """Whether a window at work closes at the end of its plan; windows open by habit go on while people wait."""
    return plan.is_planned and plan.closes > minute


def _unplanned_absence_rest_and_variance(elapsed: float) -> tuple[float, float]:
    """Return the rest of an unplanned absence and its variance: short at first, then half of the time elapsed."""
    if elapsed <= 2 * SHORT_PAUSE_MIN:
        return max(1.0, SHORT_PAUSE_MIN - elapsed), SHORT_PAUSE_VAR
    rest = elapsed / 2
    return rest, rest**2


def _breaks_not_yet_taken(
    scene: HallContextOfWindowForecasts, window: ticket_records.Window, plan: WindowDayPlan | None
) -> list[tuple[int, int]]:
    """Return the breaks ahead or under way, without those taken and those during which the window called."""
    if plan is None:
        return []
    called = scene.last_calls.get(window.code)
    taken = [
        (scene.minute - scene.minutes_ago(p.start), (p.end - p.start).total_seconds() / 60)
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


def _longest_wait_for_window_min(scene: HallContextOfWindowForecasts, live: LiveWindow) -> float:
    """Return the longest wait of a ticket that this window could call."""
    return max(
        (
            -t.since_min
            for t in scene.waiting
            if t.service in live.services and t.not_before_min <= 0 and (t.only is None or live.code in t.only)
        ),
        default=0.0,
    )


def _breaks_relative_to_now(
    scene: HallContextOfWindowForecasts, breaks: Iterable[tuple[int, int]]
) -> tuple[tuple[float, float], ...]:
    return tuple((start - scene.minute, float(length)) for start, length in breaks)


def _last_call_minute_by_window(state: HallState, now: datetime, day: clock.date) -> dict[str, float]:
    """Return each window's last call today, as a minute of the hall's day."""
    if state.setup_now is None:
        return {}
    local = state.setup_now.to_hall_time(now)
    minute = local.hour * 60 + local.minute + local.second / 60
    minutes: dict[str, float] = {}
    for call in reversed(state.calls):
        if call.date == day and call.window not in minutes:
            minutes[call.window] = minute - (now - call.time).total_seconds() / 60
            if len(minutes) == len(state.windows):
                break
    return minutes


def _todays_pauses_by_window(state: HallState, day: clock.date) -> dict[str, tuple[ticket_records.Pause, ...]]:
    pauses: dict[str, tuple[ticket_records.Pause, ...]] = {}
    for shift in state.shifts.values():
        if shift.date == day:
            pauses[shift.window] = (*pauses.get(shift.window, ()), *shift.pauses)
    return pauses


_SERVED_ENDS = frozenset({"finish", "transfer", "redirect"})

_MOST_ANSWERS = 3 * estimates.CALLS_FOR_PACE
"""At this size the cache is built again from the last calls."""


class RecentCallOutcomes(NamedTuple):
    """The last `CALLS_FOR_PACE` visits of a day in order of their calls; and since then, by 5 minutes of the wait, how
    many first calls have an outcome (`answered`), and how many of them nobody came to."""

    visits: list[estimates.TodaysCalledVisit]
    answered: list[int]
    absent: list[int]


class _CallOutcome(NamedTuple):
    """The outcome of one call: the visit; for a first call with a known outcome the bin of its wait, and whether nobody
    came."""

    visit: estimates.TodaysCalledVisit | None
    bin: int | None = None
    is_absent: bool = False


class _RecentCallOutcomeCache:
    """A cache of the outcomes of a day's last calls, by index of the call. Calls never change; tickets are replaced, so
    `places` holds the indices of each ticket's calls."""

    __slots__ = ("answers", "calls", "count", "day", "first", "in_hall", "is_for_now", "last", "places")

    def __init__(self, state: HallState, now: datetime, day: clock.date) -> None:
        self.day, self.calls, self.in_hall = day, state.calls, state.ticket_index()
        self.in_hall.changed.clear()
        self.places: dict[ticket_records.TicketId, list[int]] = {}
        self.is_for_now = False
        answers: dict[int, _CallOutcome] = {}
        came = 0
        self.first = len(self.calls)
        while self.first and came < estimates.CALLS_FOR_PACE:
            self.first -= 1
            if self.calls[self.first].date == day:
                answers[self.first] = answer = self._outcome_of_new_call(self.first, now)
                came += answer.visit is not None
        self.answers = dict(reversed(answers.items()))
        self._remember_call_count_and_last()

    def is_still_valid(self, state: HallState, day: clock.date) -> bool:
        """Whether the cache still fits: same day and hall, to which only calls and tickets were added."""
        return (
            self.day == day
            and self.calls is state.calls
            and self.in_hall is state.ticket_index()
            and len(self.calls) >= self.count
            and (not self.count or self.calls[self.count - 1] is self.last)
            and len(self.answers) < _MOST_ANSWERS
            and not self.is_for_now
        )

    def update_new_and_changed_outcomes(self, now: datetime) -> None:
        """Read new calls, and calls of changed tickets again."""
        for id in self.in_hall.changed:
            for place in self.places.get(id, ()):
                self.answers[place] = self._outcome_of_call_at(place, id, now)
        self.in_hall.changed.clear()
        for place in range(self.count, len(self.calls)):
            if self.calls[place].date == self.day:
                self.answers[place] = self._outcome_of_new_call(place, now)
        self._remember_call_count_and_last()

    def recent_call_outcomes(self) -> RecentCallOutcomes:
        """Return the last outcomes; too few visits where others came before the calls that were read."""
        recent = RecentCallOutcomes([], list(estimates.NONE), list(estimates.NONE))
        visits, answered, absent = recent
        for visit, bin, is_absent in reversed(self.answers.values()):
            if visit is not None:
                visits.append(visit)
            if bin is not None:
                answered[bin] += 1
                absent[bin] += is_absent
            if len(visits) == estimates.CALLS_FOR_PACE:
                break
        visits.reverse()
        return recent

    def _remember_call_count_and_last(self) -> None:
        self.count = len(self.calls)
        self.last = self.calls[-1] if self.calls else None

    def _outcome_of_new_call(self, place: int, now: datetime) -> _CallOutcome:
        id = (self.day, self.calls[place].label)
        self.places.setdefault(id, []).append(place)
        return self._outcome_of_call_at(place, id, now)

    def _outcome_of_call_at(self, place: int, id: ticket_records.TicketId, now: datetime) -> _CallOutcome:
        ticket = self.in_hall.tickets.get(id)
        if ticket is None:
            return _CallOutcome(None)
        call = self.calls[place]
        visit = _todays_visit_of_window_call(call, ticket, now)
        if visit is not None and visit.called_us == estimates.epoch_micros(now):
            self.is_for_now = True  # A call without a time counts as made just now, at each reading.
        return _CallOutcome(visit, *_wait_bin_of_call_and_was_absent(call, ticket))


def todays_last_call_outcomes(state: HallState, now: datetime, day: clock.date) -> RecentCallOutcomes:
    """Return the outcomes of today's last calls. `state` caches them: only new calls and tickets are read again."""
    history: _RecentCallOutcomeCache | None = state.visits
    if history is not None and history.is_still_valid(state, day):
        history.update_new_and_changed_outcomes(now)
        recent = history.recent_call_outcomes()
        if len(recent.visits) == estimates.CALLS_FOR_PACE or not history.first:
            return recent
    state.visits = history = _RecentCallOutcomeCache(state, now, day)
    return history.recent_call_outcomes()


def _todays_visit_of_window_call(
    call: ticket_records.WindowCall, ticket: ticket_records.Ticket, now: datetime
) -> estimates.TodaysCalledVisit | None:
    for leg in ticket.legs:
        if leg.window == call.window and leg.service == call.service and leg.called is not None:
            return _todays_called_visit_of_leg(ticket, leg, now) if _has_leg_occupied_its_window(ticket, leg) else None
    return None


def _has_leg_occupied_its_window(ticket: ticket_records.Ticket, leg: ticket_records.Leg) -> bool:
    """Whether this leg occupies, or occupied, its window; not if nobody came."""
    if leg.inaccurate or ticket.is_paper:
        return False
    if leg.end is not None or ticket.current_leg is not leg:
        return leg.end in _SERVED_ENDS
    return ticket.state in (ticket_records.TicketState.SERVING, ticket_records.TicketState.CALLED)


def _todays_called_visit_of_leg(
    ticket: ticket_records.Ticket, leg: ticket_records.Leg, now: datetime
) -> estimates.TodaysCalledVisit:
    begun = call_time_of_leg(ticket, leg) or now
    held_min = leg.whole_s_set_aside / 60
    kept_min = (
        estimates.STILL_THERE if leg.ended is None else max(0.0, (leg.ended - begun).total_seconds() / 60 - held_min)
    )
    return estimates.TodaysCalledVisit((leg.service, leg.staff), estimates.epoch_micros(begun), held_min, kept_min)


def _wait_bin_of_call_and_was_absent(
    call: ticket_records.WindowCall, ticket: ticket_records.Ticket
) -> tuple[int | None, bool]:
    """Return the bin of the wait until this call, if it is a ticket's first and its outcome is known; and whether
    nobody came to it, also if the ticket was served after a later call."""
    first = ticket.legs[0]
    if first.called != call.time or ticket.is_paper or ticket.postponed:
        return None, False
    bin = estimates.wait_bin(ticket_records.whole_seconds_between(first.joined, call.time))
    begun = first.started or first.ended
    if ticket.missed_at is not None and (begun is None or ticket.missed_at <= begun):
        return bin, True
    if len(ticket.legs) > 1 or first.started is not None:
        return bin, False
    return (bin, True) if ticket.state is ticket_records.TicketState.LEFT else (None, False)
