"""The wait that may be told to somebody: a range from today's forecast, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import InLine
from queuedesk.core.queue.waiting import NO_FIGURES, NO_WINDOW_OPEN, NOT_REACHED, NoWait, Wait, printed_range
from queuedesk.core.queue.window import Window
from queuedesk.core.waits.live import Forecast, Live, Turn
from queuedesk.core.waits.live_state import live_of
from queuedesk.core.waits.schedule import forecast
from queuedesk.core.waits.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Seen:
    """The hall in numbers at one moment and what one pass over it found."""

    live: Live
    forecast: Forecast


def seen_now(state: HallState, now: datetime) -> Seen:
    """Return what a pass over `state` finds; one pass serves everybody who asks within the same second of an unchanged
    hall."""
    key = (state.now.seq, int(now.timestamp()), id(state.learned), id(state.setup_now))
    kept: tuple[tuple[int, ...], Seen] | None = state.seen
    if kept is not None and kept[0] == key:
        return kept[1]
    live = live_of(state, now)
    seen = Seen(live, forecast(live))
    state.seen = (key, seen)
    return seen


def seen_with(
    state: HallState, waiting: Sequence[InLine], now: datetime, silent: Mapping[str, Window] | None = None
) -> Seen:
    """Return what a pass finds with `waiting` in line, in place of those who wait in `state`."""
    live = live_of(state, now, silent=silent, waiting=waiting)
    return Seen(live, forecast(live))


def wait_of(seen: Seen, service: str, turn: Turn | None, tracker: Tracker) -> Wait | NoWait:
    """Return the wait that may be told of `turn`, somebody's for `service`."""
    able = [w for w in seen.live.windows if service in w.services]
    if not any(w.is_sure for w in able):
        return NO_WINDOW_OPEN
    if turn is None:
        return NOT_REACHED
    if turn.at_min > 0 and is_guesswork(seen.live, service):
        return NO_FIGURES
    low, high = printed_range(*tracker.range_min(turn.at_min, turn.sd_min))
    return Wait(low=low, high=high, point_s=round(turn.at_min * 60))


def is_guesswork(live: Live, service: str) -> bool:
    """Whether a window of this line has to serve somebody first of whose service nobody knows how long it takes."""
    if not live.unknown:
        return False
    able = [w for w in live.windows if service in w.services]
    asked = {t.service for t in live.tickets} & frozenset[str]().union(*(w.services for w in able))
    asked |= {w.now_serving for w in able if w.now_serving is not None}
    return bool(asked & live.unknown)
