"""Finds what is about to go wrong: targets about to be missed, stalled windows, overdue breaks."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.figures.work_spans import worked_min
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import seconds
from queuedesk.core.staffing.move import Risk
from queuedesk.core.staffing.move_search import beyond_by_service
from queuedesk.core.waits.live import Forecast, Live


def risks(state: HallState, now: datetime, live: Live, before: Forecast) -> list[Risk]:
    """Return what threatens, the most pressing first: lines by how many will wait too long, stalls, clerks without a
    break, the longest wait."""
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
