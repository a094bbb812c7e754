"""Lists the moves that are possible in the hall now, each with the hall as it would be afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from queuedesk.core.figures.work_spans import worked_min
from queuedesk.core.log.state import HallState
from queuedesk.core.network.people import Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.window import WindowState
from queuedesk.core.setup.values import Setup, StaffMember
from queuedesk.core.staffing.move import Move
from queuedesk.core.staffing.roster import RosterRow, planned_on
from queuedesk.core.waits.live import Forecast, Live, LiveTicket, LiveWindow

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
    """The hall at `now` as a pass finds it (`before`), and the late lines, the most pressing first; `most` windows are
    tried for each, None: all."""

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
