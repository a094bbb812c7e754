"""Whether a customer who takes a ticket now will be called before the hall closes; when each line is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.hallday import business_date, hall_moment, hours_on
from queuedesk.core.queue.waiting import NOT_REACHED, NoWait, Wait
from queuedesk.core.setup.values import Service, Setup
from queuedesk.core.waits.live import Forecast, Live
from queuedesk.core.waits.quote import Seen, is_guesswork, seen_now
from queuedesk.core.waits.schedule import forecast

LOOK_AHEAD_MIN = 240.0
"""Longer before its closing nobody can say that a line will not be done, and nobody is sent away."""
HIGH_FACTOR = 1.28
"""Nine of ten are called before their expected turn and so many standard deviations."""
OFF, WARN, STOP = "off", "warn", "stop"


class Reach(StrEnum):
    """What becomes of a ticket taken now: called in time, perhaps not, probably not."""

    IN_TIME = "in_time"
    DOUBTFUL = "doubtful"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
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
    """Return the closing of every service that gives tickets today and closes within LOOK_AHEAD_MIN; none where the
    hall does not ask for it."""
    setup = state.setup_now
    if setup is None or setup.settings["closing"] == OFF:
        return {}
    near = {
        code: at
        for code, service in setup.services.items()
        if (at := closes_at(setup, service, now)) is not None and at - now <= timedelta(minutes=LOOK_AHEAD_MIN)
    }
    if not near:
        return {}
    margin_min, usual = setup.number("closing_margin_minutes"), seen_now(state, now)
    kept = _last.get("found")
    if kept is not None and kept[0] is usual:
        return kept[1]
    seen = _seen_with_margin(usual, near, margin_min, now)
    found = {code: _closing(seen, code, at, margin_min, now) for code, at in near.items()}
    _last["found"] = (usual, found)
    return found


_last: dict[str, tuple[Seen, Mapping[str, Closing]]] = {}
"""What was found last, with the pass that it rests on: every key of a screen asks for its own service within one
moment."""


def told_reach(setup: Setup, service: Service, wait: Wait | NoWait, now: datetime) -> Reach:
    """Return what the wait that somebody is told means for their ticket: its upper end after closing, or no turn at
    all."""
    at = closes_at(setup, service, now)
    if at is None or setup.settings["closing"] == OFF or at - now > timedelta(minutes=LOOK_AHEAD_MIN):
        return Reach.IN_TIME
    if not isinstance(wait, Wait):
        return Reach.TOO_LATE if wait == NOT_REACHED else Reach.IN_TIME
    last_at = at + timedelta(minutes=setup.number("closing_margin_minutes"))
    if now + timedelta(seconds=wait.point_s) > last_at:
        return Reach.TOO_LATE
    return Reach.DOUBTFUL if now + timedelta(minutes=wait.high) > last_at else Reach.IN_TIME


def closes_at(setup: Setup, service: Service, now: datetime) -> datetime | None:
    """Return when a service that is open at `now`, or opens again today, closes for the day; None where it does not."""
    day = business_date(setup, now)
    spans = hours_on(setup, service, day)
    ends = [end for _start, end in spans]
    at = hall_moment(setup, day, max(ends)) if ends else None
    return at if at is not None and at > now else None


def _seen_with_margin(seen: Seen, near: Mapping[str, datetime], margin_min: int, now: datetime) -> Seen:
    """Return the pass for a hall that goes on for `margin_min` after closing with whom it gave a ticket."""
    if not margin_min:
        return seen
    ends = {code: (at - now).total_seconds() / 60 for code, at in near.items()}
    first = min(ends.values()) - 1
    windows = tuple(
        replace(w, closes_min=w.closes_min + margin_min) if w.closes_min is not None and w.closes_min >= first else w
        for w in seen.live.windows
    )
    live = replace(seen.live, windows=windows)
    return Seen(live, forecast(live))


def _closing(seen: Seen, code: str, at: datetime, margin_min: int, now: datetime) -> Closing:
    last_at = at + timedelta(minutes=margin_min)
    turn = seen.forecast.newcomers.get(code)
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
