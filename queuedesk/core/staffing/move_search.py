"""Finds moves that help late lines: tries each as another pass over the hall and keeps the best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import TicketId
from queuedesk.core.staffing.move import Effect, Move
from queuedesk.core.staffing.move_candidates import Scene, choices
from queuedesk.core.waits.live import Forecast, Live
from queuedesk.core.waits.schedule import forecast

AHEAD_MIN = 20.0
"""How far a line is looked after: who will have waited too long by then."""
NEVER_MIN = 180.0
"""Who is not reached as things stand is taken to wait this long."""
MOST = 3
LOOKED_BACK = timedelta(minutes=30)
LEAST_SAVED_S = 60
"""A move that keeps nobody within the target has to save those who wait so much each, on average."""
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
    """Return at most `most` moves worth making, the one that gains most first; for each line and each window at most
    one.

    `live` is the hall at `now` and `before` the pass over it. A move is suggested only where somebody would wait beyond
    the target, where it helps enough, and where it takes nobody beyond the target or back by more than 10 minutes; a
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
    """Return the move with that key as it stands now with its effect, also one that is not worth suggesting; None when
    it can't be made."""
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
    """Return for everybody in line who is reached as things stand the seconds until their turn."""
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
