"""How long somebody has worked at windows since their last rest."""

from __future__ import annotations

from datetime import datetime, timedelta

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.window import WindowState

REST = timedelta(minutes=5)
"""A shorter pause is no rest."""


def worked_min(state: HallState, window: str, now: datetime) -> int | None:
    """Return the minutes that the clerk at an open window has worked since coming or since the last rest, at whatever
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
