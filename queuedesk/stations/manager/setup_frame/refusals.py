"""Whether what stood in the way of a change still does, so that a refusal goes when it is no longer true."""

from __future__ import annotations

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.window import WindowState
from queuedesk.stations.manager.setup_frame.draft import SERVICES, STAFF, WINDOWS, is_last_admin


def still_stands(refusal: QueueDeskError, state: HallState, code: str) -> bool:
    """Whether the hall would refuse the same now for the row `code`; what the state can't tell stands until the next
    act."""
    if refusal.code == "in_use":
        return in_use(state, str(refusal.details.get("kind", "")), str(refusal.details.get("code", code)))
    if refusal.code == "last_admin" and state.setup_now is not None:
        return is_last_admin(state.setup_now, code)
    return True


def in_use(state: HallState, part: str, code: str) -> bool:
    """Whether open tickets or people at work need a row."""
    left = [ticket for ticket in state.tickets.values() if ticket.is_open]
    if part == SERVICES:
        return any(ticket.service == code or code in ticket.steps for ticket in left)
    if part == WINDOWS:
        window = state.windows.get(code)
        is_open = window is not None and window.state is not WindowState.CLOSED
        return is_open or any(ticket.to_window == code for ticket in left)
    if part == STAFF:
        at_work = any(window.staff == code for window in state.windows.values())
        return at_work or any(ticket.to_staff == code for ticket in left)
    return any(ticket.klass == code for ticket in left)
