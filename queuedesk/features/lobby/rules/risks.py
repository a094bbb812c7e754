"""Finds what is about to go wrong: targets about to be missed, stalled windows, overdue breaks."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import WindowState, seconds
from queuedesk.core.waits.live import Forecast, Live
from queuedesk.features.lobby.rules.outlook import is_beyond, waiters_of

REST = timedelta(minutes=5)
"""A shorter pause is no rest."""


class Risk(Struct, frozen=True, kw_only=True):
    """Something about to go wrong, or wrong already. kinds:

    - target: `n` who wait for `service` will have waited beyond the hall's target within 20 minutes, `past` of them
      have already;
    - stalled: the customer at `window` has waited `minutes` for another system;
    - no_break: `staff` at `window` has worked `minutes` without a break;
    - longest: `ticket`, for `service`, has waited `minutes`, and nobody longer.
    """

    kind: str
    service: str | None = None
    window: str | None = None
    staff: str | None = None
    ticket: str | None = None
    n: int = 0
    past: int = 0
    minutes: int = 0


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


def risks(state: HallState, now: datetime, live: Live, before: Forecast) -> list[Risk]:
    """Return what is about to go wrong, the most pressing first: lines by how many will wait too long, stalls of a
    minute and more, clerks without a break, the longest wait."""
    setup = state.setup_now
    if setup is None:
        return []
    target = setup.number("wait_target_minutes")
    waiters = waiters_of(live, before, before)
    beyond = Counter(one.service for one in waiters if is_beyond(one.waited_min, one.before_min, target))
    past = Counter(one.service for one in waiters if one.waited_min > target)
    late = sorted(beyond.items(), key=lambda one: (-one[1], one[0]))
    found = [Risk(kind="target", service=service, n=n, past=past[service]) for service, n in late]
    stalled, tired = [], []
    longest = setup.number("break_after_minutes")
    for code in setup.windows:
        window = state.window(code)
        ticket = state.tickets.get(window.ticket) if window.ticket is not None else None
        since = ticket.stalled_since if ticket is not None else None
        if ticket is not None and since is not None and (minutes := seconds(since, now) // 60):
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
