"""Finds what threatens a hall, the moves that are possible against it, those that help, and what moves achieved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean, median

from queuedesk.core.figures.mean_interval import MeanInterval, difference_interval
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import CallMade, TicketId, seconds
from queuedesk.core.queue.window import Shift, WindowState
from queuedesk.core.setup.rows import Setup, StaffMember
from queuedesk.core.staffing.move import MOVE_KINDS, Effect, MadeMove, Move, Risk
from queuedesk.core.staffing.roster import RosterRow, planned_on
from queuedesk.core.waits.live import Forecast, Live, LiveTicket, LiveWindow
from queuedesk.core.waits.schedule import forecast

REST = timedelta(minutes=5)
"""A shorter pause is no rest."""


def worked_min(state: HallState, window: str, now: datetime) -> int | None:
    """Return the minutes that the clerk at an open window has worked since arriving or since the last rest, at whatever
    windows; None where nobody works."""
    at = state.window(window)
    if at.state is not WindowState.OPEN or at.staff is None:
        return None
    begun = now
    for shift in sorted(
        (s for s in state.shifts.values() if s.staff == at.staff), key=lambda s: s.opened, reverse=True
    ):
        if begun - (shift.closed or now) >= REST:
            break
        rests = [p.end for p in shift.pauses if p.end is not None and p.end - p.start >= REST]
        if rests:
            begun = max(rests)
            break
        begun = shift.opened
    return max(0, int((now - begun).total_seconds() // 60))


# -- lists the moves that are possible in the hall now, each with the hall as it would be afterwards -----------------

OPEN_MIN, OPEN_VAR = 4.0, 4.0
"""From asking somebody to open a window to its first call."""
BACK_MIN, BACK_VAR = 2.0, 1.0
REST_REASONS = frozenset({"break", "meal"})
"""Nobody is called back from these before their time is over."""
SOON_MIN = 5.0
"""A window that comes by itself so soon needs no move."""
MOST_TRIED = 4
LEAST_LEFT_MIN = 20.0
"""Nothing is lent to a window that closes sooner."""
PUT_OFF_MIN = 30
BREAK_SOON_MIN = 20.0
ACCEPTED_PRIOR, OFFERED_PRIOR = 1, 5
"""An offer of another channel is taken by one in five until the day shows otherwise."""
WALK_AWAY_MIN = 10.0
"""Who is called sooner takes no other channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The hall at `now` as the forecast finds it (`before`), and the late lines, the most pressing first; `most`
    windows are tried for each, None: all."""

    state: HallState
    setup: Setup
    now: datetime
    live: Live
    before: Forecast
    lines: Sequence[str]
    most: int | None = MOST_TRIED


def choices(scene: Scene) -> Iterator[tuple[Move, Live]]:
    """Yield the moves that might help the lines, each with the hall after it; without late lines only ends of
    lendings."""
    yield from _taking_back(scene)
    if scene.lines:
        yield from _calling_back(scene)
        yield from _opening(scene)
        yield from _lending(scene)
        yield from _putting_off(scene)
        yield from _offering(scene)


def _calling_back(scene: Scene) -> Iterator[tuple[Move, Live]]:
    state, setup, now, live = scene.state, scene.setup, scene.now, scene.live
    there = {w.code: w for w in live.windows}
    for code in setup.windows:
        window = state.window(code)
        if window.state is not WindowState.PAUSED or window.staff is None:
            continue
        is_late = window.back is not None and now > window.back
        if window.reason in REST_REASONS and not is_late:
            continue
        known = there.get(code) or _window(setup, live, code, window.staff)
        if code in there and known.free_min <= SOON_MIN and not is_late:
            continue
        back = replace(known, free_min=min(BACK_MIN, known.free_min or BACK_MIN), free_var=BACK_VAR, is_sure=True)
        yield Move(kind="call_back", window=code, staff=window.staff), _with_window(live, back)


def _opening(scene: Scene) -> Iterator[tuple[Move, Live]]:
    state, setup, now, live, lines = scene.state, scene.setup, scene.now, scene.live, scene.lines
    soon = {w.code for w in live.windows if w.free_min <= SOON_MIN}
    closed = [c for c in setup.windows if state.window(c).state is WindowState.CLOSED and c not in soon]
    minute, rows = _minute(setup, now), planned_on(setup.roster, business_date(setup, now))
    free = _free_clerks(state, setup, rows, minute)
    own = {row.staff: row.window for row in rows}
    found: list[tuple[str, StaffMember, frozenset[str]]] = []
    for person in free:
        left = [(code, setup.services_at(code, person.code)) for code in closed if code not in {f[0] for f in found}]
        helping = [one for one in left if one[1].intersection(lines)]
        if helping:
            best = min(helping, key=lambda one: (one[0] != own.get(person.code), -len(one[1].intersection(lines))))
            found.append((best[0], person, best[1]))
    found.sort(key=lambda one: -len(one[2].intersection(lines)))
    for code, person, services in found[: scene.most]:
        ends = [row.end - minute for row in rows if row.staff == person.code and row.end > minute]
        new = replace(_window(setup, live, code, person.code), closes_min=max(ends, default=None))
        move = Move(
            kind="open_window",
            window=code,
            staff=person.code,
            services=tuple(s for s in setup.services if s in services),
        )
        yield move, _with_window(live, new)


def _free_clerks(state: HallState, setup: Setup, rows: Sequence[RosterRow], minute: int) -> list[StaffMember]:
    """Return the clerks who sit nowhere and may be asked: those on duty by the roster; without one, all of them. Who
    was here today comes first."""
    seated = {w.staff for w in state.windows.values() if w.state is not WindowState.CLOSED}
    worked = {shift.staff for shift in state.shifts.values()}
    on_duty = {row.staff for row in rows if row.start <= minute < row.end - SOON_MIN}
    clerks = [p for p in setup.staff.values() if p.role is Role.CLERK and p.code not in seated]
    if rows:
        clerks = [p for p in clerks if p.code in on_duty]
    return sorted(clerks, key=lambda p: p.code not in worked)


def _lending(scene: Scene) -> Iterator[tuple[Move, Live]]:
    state, setup, live = scene.state, scene.setup, scene.live
    for service in scene.lines[: scene.most]:
        able = []
        for window in live.windows:
            if service in window.services or state.window(window.code).state is not WindowState.OPEN:
                continue
            person = setup.staff.get(window.staff or "")
            if person is None or not person.can(service):
                continue
            if window.closes_min is not None and window.closes_min < LEAST_LEFT_MIN:
                continue
            able.append((_has_room_min(scene.before, window), window))
        for _, window in sorted(able, key=lambda one: (one[0], one[1].code))[: scene.most]:
            move = Move(kind="lend", window=window.code, staff=window.staff, service=service)
            yield move, _with_window(live, replace(window, services=window.services | {service}))


def _taking_back(scene: Scene) -> Iterator[tuple[Move, Live]]:
    for window in scene.live.windows:
        spec = scene.setup.windows[window.code]
        for service in sorted(scene.state.window(window.code).extra - set(spec.services)):
            move = Move(kind="take_back", window=window.code, staff=window.staff, service=service)
            yield move, _with_window(scene.live, replace(window, services=window.services - {service}))


def _has_room_min(before: Forecast, window: LiveWindow) -> float:
    """Return how long a window is busy with its own lines: until somebody new for one of them would have a turn."""
    turns = [before.newcomers[s].at_min for s in window.services if s in before.newcomers]
    return max(window.free_min, max(turns, default=0.0))


def _putting_off(scene: Scene) -> Iterator[tuple[Move, Live]]:
    state, setup, now, live = scene.state, scene.setup, scene.now, scene.live
    longest = setup.number("break_after_minutes")
    for window in live.windows:
        if not window.breaks or state.window(window.code).state is not WindowState.OPEN:
            continue
        (start, length), *later = sorted(window.breaks)
        worked = worked_min(state, window.code, now)
        if not 0 <= start <= BREAK_SOON_MIN or worked is None or worked + start + PUT_OFF_MIN > longest:
            continue
        after = replace(window, breaks=((start + PUT_OFF_MIN, length), *later))
        move = Move(kind="move_break", window=window.code, staff=window.staff, minutes=PUT_OFF_MIN)
        yield move, _with_window(live, after)


def _offering(scene: Scene) -> Iterator[tuple[Move, Live]]:
    """Offer the channel that most took today to a line; without anybody who took one nothing is known of the
    service."""
    state, live, before = scene.state, scene.live, scene.before
    for service in scene.lines[: scene.most]:
        offers = [one for one in state.offers if one.service == service]
        accepted = [one.to for one in offers if one.accepted]
        if not accepted:
            continue
        to = max(sorted(set(accepted)), key=accepted.count)
        asked = [one for one in offers if one.to == to]
        share = (accepted.count(to) + ACCEPTED_PRIOR) / (len(asked) + OFFERED_PRIOR)
        may_go = [t for t in live.tickets if t.service == service and _may_walk_away(t, before)]
        going = {id(t) for n, t in enumerate(may_go) if int((n + 1) * share) > int(n * share)}
        if going:
            left = tuple(t for t in live.tickets if id(t) not in going)
            yield Move(kind="self_service", service=service, to=to), replace(live, tickets=left)


def _may_walk_away(ticket: LiveTicket, before: Forecast) -> bool:
    turn = before.turns.get(ticket.id) if ticket.id is not None else None
    return turn is None or turn.at_min > WALK_AWAY_MIN


def _window(setup: Setup, live: Live, code: str, staff: str) -> LiveWindow:
    """Return a window as it would be with `staff` asked to it now."""
    clerks = live.learned.clerks
    pace = median([w.factor / clerks.get(w.staff or "", 1.0) for w in live.windows] or [1.0])
    return LiveWindow(
        code=code,
        services=setup.services_at(code, staff),
        staff=staff,
        free_min=OPEN_MIN,
        free_var=OPEN_VAR,
        factor=pace * clerks.get(staff, 1.0),
        pause_min=live.learned.between_min,
    )


def _with_window(live: Live, window: LiveWindow) -> Live:
    others = [w for w in live.windows if w.code != window.code]
    return replace(live, windows=(*others, window))


def _minute(setup: Setup, now: datetime) -> int:
    local = setup.local(now)
    return local.hour * 60 + local.minute


AHEAD_MIN = 20.0
"""How far a line is looked after: who will have waited too long by then."""
NEVER_MIN = 180.0
"""Who is not reached as things stand is taken to wait this long."""
MOST = 3
LOOKED_BACK = timedelta(minutes=30)
LEAST_SAVED_S = 60
"""What a move must save each person who waits, on average, if it keeps nobody within the target."""
LEAST_KEEPING_S = 20
LEAST_TOTAL_S = 600
LATER_MIN = 10.0
"""Nobody is to be called later than this because of a move, even beyond the target."""
ROUGH_MIN = 0.5
QUIET = timedelta(minutes=15)
"""What was taken or turned down is not suggested again for so long."""


@dataclass(frozen=True, slots=True)
class _Waiter:
    service: str
    waited_min: float
    before_min: float
    after_min: float


@dataclass(frozen=True, slots=True)
class _Coming:
    """Who will come: tickets a minute by service, as in the last half hour."""

    target_min: float
    per_min: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Tried:
    """`total_s` is what everybody together would wait less, those who come within 20 minutes too; `is_over`: of a
    lending's end, its reason is gone."""

    move: Move
    effect: Effect
    total_s: int
    is_over: bool


def suggest(state: HallState, now: datetime, live: Live, before: Forecast, *, most: int = MOST) -> list[Move]:
    """Return at most `most` moves worth making, the most useful first, and at most one for each line and window.

    `live` is the hall at `now` and `before` its forecast. A move is suggested only where somebody would wait beyond the
    target, where it helps enough, and where it takes nobody beyond the target or back by more than 10 minutes; a
    lending only while the window's own lines stay within the target, and its end once they do not or nobody would wait
    beyond the target without it.
    """
    setup, target = state.setup_now, _target(state)
    if setup is None:
        return []
    lines = late_lines(live, before, target)
    quiet, kept_windows = _quiet(state, now)
    coming = _Coming(target, _rates(state, now))
    found = []
    for move, changed in choices(Scene(state=state, setup=setup, now=now, live=live, before=before, lines=lines)):
        if move.key in quiet or (move.window is not None and move.window in kept_windows):
            continue
        tried = _tried(move, live, changed, before, coming)
        if tried is not None and (_is_enough(tried) or (move.kind == "take_back" and tried.is_over)):
            found.append(tried)
    return [one.move for one in _best(found, most)]


def possible(state: HallState, now: datetime, live: Live, before: Forecast, key: str) -> Move | None:
    """Return the move with that key and its current effect, even if it is not worth suggesting; None when it can't be
    made."""
    setup, target = state.setup_now, _target(state)
    if setup is None:
        return None
    late = late_lines(live, before, target)
    lines = tuple(dict.fromkeys((*late, *live.services)))
    # First as it is suggested: which clerk is asked to which window depends on the lines that are late.
    as_suggested = Scene(state=state, setup=setup, now=now, live=live, before=before, lines=late)
    for move, changed in (*choices(as_suggested), *choices(replace(as_suggested, lines=lines, most=None))):
        if move.key == key:
            waiters = _waiters(live, before, forecast(changed), of={t.id for t in changed.tickets})
            return replace(move, service=move.service or _helped(waiters), effect=_effect(waiters, target))
    return None


def late_lines(live: Live, before: Forecast, target_min: float) -> tuple[str, ...]:
    """Return the services of those who would wait beyond the target, the one with most of them first."""
    late: dict[str, int] = {}
    for one in _waiters(live, before, before):
        if _total(one) > target_min and one.service in live.services:
            late[one.service] = late.get(one.service, 0) + 1
    return tuple(sorted(late, key=lambda service: (-late[service], live.services.index(service))))


def beyond_by_service(live: Live, before: Forecast, target_min: float) -> dict[str, int]:
    """Return how many of each line will have waited beyond the target within 20 minutes; lines without any are left
    out."""
    found: dict[str, int] = {}
    for one in _waiters(live, before, before):
        if _is_beyond(one.waited_min, one.before_min, target_min):
            found[one.service] = found.get(one.service, 0) + 1
    return found


def base_of(live: Live, before: Forecast) -> dict[TicketId, int]:
    """Return the forecast seconds until the turn of everybody in line who has one."""
    waiting = (t.id for t in live.tickets if t.id is not None)
    return {id: round(before.turns[id].at_min * 60) for id in waiting if id in before.turns}


def _tried(move: Move, live: Live, changed: Live, before: Forecast, coming: _Coming) -> _Tried | None:
    """Return the move with its effect; None where it would harm somebody, here or on the way."""
    after = forecast(changed)
    waiters = _waiters(live, before, after, of={t.id for t in changed.tickets})
    newcomers = [
        _Waiter(service, 0.0, _newcomer_at(before, service), _newcomer_at(after, service)) for service in coming.per_min
    ]
    everybody = (*waiters, *newcomers)
    own = [one for one in everybody if one.service in _own_lines(move, live)]
    if move.kind == "lend" and any(one.waited_min + one.after_min > coming.target_min for one in own):
        return None  # in a hall that can't keep up it would only change who waits too long
    if move.kind != "take_back" and any(_harms(one, coming.target_min) for one in everybody):
        return None
    effect = _effect(waiters, coming.target_min)
    later = sum(coming.per_min[one.service] * AHEAD_MIN * (one.before_min - one.after_min) for one in newcomers)
    total_s = effect.saved_s * effect.n + round(later * 60)
    is_calm = all(one.waited_min + one.after_min <= coming.target_min for one in everybody)
    is_late = any(_total(one) > coming.target_min for one in own)
    done = replace(move, service=move.service or _helped(waiters), effect=effect)
    return _Tried(done, effect, total_s, is_over=is_calm or (is_late and total_s > 0))


def _own_lines(move: Move, live: Live) -> frozenset[str]:
    """Return what the window of a lending serves without it."""
    window = next((one for one in live.windows if one.code == move.window), None)
    if window is None or move.kind not in ("lend", "take_back"):
        return frozenset()
    return window.services - {move.service or ""}


def _harms(one: _Waiter, target_min: float) -> bool:
    """Whether a move takes somebody beyond the target, or much further."""
    later = one.after_min - one.before_min
    was_within = one.waited_min + one.before_min <= target_min
    return later > LATER_MIN or (later > ROUGH_MIN and was_within and one.waited_min + one.after_min > target_min)


def _is_enough(tried: _Tried) -> bool:
    effect = tried.effect
    if tried.total_s < LEAST_TOTAL_S or effect.beyond_after > effect.beyond:
        return False
    keeps = effect.beyond_after < effect.beyond
    return effect.saved_s >= (LEAST_KEEPING_S if keeps else LEAST_SAVED_S)


def _best(found: Iterable[_Tried], most: int) -> list[_Tried]:
    best: list[_Tried] = []
    for tried in sorted(found, key=lambda one: (-one.total_s, one.move.key)):
        move = tried.move
        is_new = all(
            (move.window is None or move.window != one.move.window)
            and (move.staff is None or move.staff != one.move.staff)
            and (move.service is None or move.service != one.move.service)
            for one in best
        )
        if is_new:
            best.append(tried)
        if len(best) == most:
            break
    return best


def _effect(waiters: list[_Waiter], target: float) -> Effect:
    n = len(waiters)
    saved = sum(one.before_min - one.after_min for one in waiters) * 60 / n if n else 0.0
    return Effect(
        beyond=sum(_is_beyond(one.waited_min, one.before_min, target) for one in waiters),
        beyond_after=sum(_is_beyond(one.waited_min, one.after_min, target) for one in waiters),
        saved_s=round(saved),
        n=n,
    )


def _helped(waiters: list[_Waiter]) -> str | None:
    """Return the line that is saved most."""
    saved: dict[str, float] = {}
    for one in waiters:
        saved[one.service] = saved.get(one.service, 0.0) + one.before_min - one.after_min
    return max(saved, key=lambda service: saved[service], default=None)


def _waiters(live: Live, before: Forecast, after: Forecast, of: set[TicketId | None] | None = None) -> list[_Waiter]:
    return [
        _Waiter(t.service, max(0.0, -t.place_min), _at(before, t.id), _at(after, t.id))
        for t in live.tickets
        if t.id is not None and (of is None or t.id in of)
    ]


def _at(passed: Forecast, id: TicketId) -> float:
    turn = passed.turns.get(id)
    return NEVER_MIN if turn is None else min(NEVER_MIN, turn.at_min)


def _newcomer_at(passed: Forecast, service: str) -> float:
    turn = passed.newcomers.get(service)
    return NEVER_MIN if turn is None else min(NEVER_MIN, turn.at_min)


def _rates(state: HallState, now: datetime) -> dict[str, float]:
    came = Counter(t.legs[0].service for t in state.tickets.values() if timedelta() <= now - t.arrived <= LOOKED_BACK)
    return {service: n / (LOOKED_BACK.total_seconds() / 60) for service, n in came.items()}


def _total(one: _Waiter) -> float:
    return one.waited_min + one.before_min


def _is_beyond(waited_min: float, at_min: float, target_min: float) -> bool:
    return waited_min + min(at_min, AHEAD_MIN) > target_min


def _target(state: HallState) -> float:
    return float(state.setup_now.number("wait_target_minutes")) if state.setup_now is not None else 0.0


def _quiet(state: HallState, now: datetime) -> tuple[set[str], set[str]]:
    """Return the keys of moves that were made or turned down lately, and the windows that a move taken lately is
    about."""
    lately = [one for one in state.moves.values() if now - one.time < QUIET]
    return {one.move.key for one in lately}, {one.move.window for one in lately if one.taken and one.move.window}


# -- finds what is about to go wrong: targets about to be missed, stalled windows, overdue breaks --------------------


def risks(state: HallState, now: datetime, live: Live, before: Forecast) -> list[Risk]:
    """Return what is about to go wrong, the most pressing first: lines by how many will wait too long, stalls, clerks
    without a break, the longest wait."""
    setup = state.setup_now
    if setup is None:
        return []
    beyond = beyond_by_service(live, before, setup.number("wait_target_minutes"))
    late = sorted(beyond.items(), key=lambda one: (-one[1], one[0]))
    found = [Risk(kind="target", service=service, n=n) for service, n in late]
    stalled, tired = [], []
    longest = setup.number("break_after_minutes")
    for code in setup.windows:
        window = state.window(code)
        ticket = state.tickets.get(window.ticket) if window.ticket is not None else None
        if ticket is not None and ticket.stalled_since is not None:
            minutes = seconds(ticket.stalled_since, now) // 60
            stalled.append(
                Risk(kind="stalled", window=code, service=ticket.service, ticket=ticket.label, minutes=minutes)
            )
        worked = worked_min(state, code, now)
        if longest and worked is not None and worked >= longest:
            tired.append(Risk(kind="no_break", window=code, staff=window.staff, minutes=worked))
    found += sorted(stalled, key=lambda one: -one.minutes)
    found += sorted(tired, key=lambda one: -one.minutes)
    first = min(state.waiting(), key=lambda t: (t.leg.joined, t.seq), default=None)
    if first is not None and (minutes := seconds(first.leg.joined, now) // 60) >= setup.number("amber_minutes"):
        found.append(Risk(kind="longest", service=first.service, ticket=first.label, minutes=minutes))
    return found


# -- what moves achieved: actual waits compared with those forecast when the move was taken --------------------------

TOLD_AFTER = timedelta(minutes=15)
"""A move's effect is told from then on."""
DONE_WITHIN = TOLD_AFTER
"""A window that opens later than this opens for reasons of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealEffect:
    """How much less those who waited when a move was taken have waited than was forecast then, in mean minutes (less
    than 0: more).

    It is based on `n` of the `of` who waited; before it `is_final` on those who should have been called by now, as if
    those who were not were called now. `saved_min` is None while there is nobody.
    """

    saved_min: float | None
    n: int
    of: int
    is_final: bool


def real_effect(made: MadeMove, calls: Iterable[CallMade], waiting: Container[str], now: datetime) -> RealEffect:
    """Return a move's effect by `now`. `calls` are those of its date, `waiting` the numbers of that date that still
    wait."""
    called: dict[str, float] = {}
    for call in calls:
        if call.date == made.date and call.time >= made.time and call.label in made.base:
            called.setdefault(call.label, (call.time - made.time).total_seconds())
    elapsed = (now - made.time).total_seconds()
    is_final = not any(label in waiting and label not in called for label in made.base)
    saved = []
    for label, base in made.base.items():
        if not is_final and base > elapsed:
            continue
        if label in called:
            saved.append(base - called[label])
        elif label in waiting:
            saved.append(base - elapsed)
    mean = fmean(saved) / 60 if saved else None
    return RealEffect(saved_min=mean, n=len(saved), of=len(made.base), is_final=is_final)


def happened(made: MadeMove, shifts: Iterable[Shift]) -> datetime | None:
    """Return when a move was carried out: a window opened, somebody came back; None if not within DONE_WITHIN: then it
    happened for another reason. Other moves happen when they are accepted."""
    if made.move.kind not in ("open_window", "call_back"):
        return made.time
    own = [shift for shift in shifts if shift.window == made.move.window and shift.date == made.date]
    moments = [shift.opened for shift in own]
    if made.move.kind == "call_back":
        moments += [pause.end for shift in own for pause in shift.pauses if pause.end is not None]
    return min((moment for moment in moments if made.time <= moment <= made.time + DONE_WITHIN), default=None)


def by_kind(effects: Sequence[tuple[str, float]], without: Sequence[float]) -> list[tuple[str, MeanInterval]]:
    """Return for each kind of move its mean effect over past moves (kind, minutes) with its bounds; each move counts
    once.

    Forecasts have errors of their own: people walk out, a hall is new. `without` are the same figures of declined
    moves, whose mean is subtracted; with fewer than two of them no effect has bounds.
    """
    found = []
    for kind in MOVE_KINDS:
        over = difference_interval([minutes for one, minutes in effects if one == kind], without)
        if over is not None:
            found.append((kind, over))
    return found
