"""Opening, pausing and closing windows: one clerk one window, one window one clerk."""

from __future__ import annotations

from datetime import timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.event import stamp
from queuedesk.core.people import Role
from queuedesk.core.window import WindowState
from queuedesk.desk.change import Change, Document, changes
from queuedesk.desk.documents import unserved, window_document

LONGEST_PAUSE_MINUTES = 24 * 60


@changes("open")
def open_window(change: Change, window: str, *, staff: str, waive: str | None = None) -> Document:
    """Open a window with `staff` signed in there. Raises RuleError "window_open", "staff_elsewhere", "not_a_clerk", "not_your_window",
    "unknown_window", "unknown_staff"."""
    change.setup.window(window)
    person = change.setup.person(staff)
    if person.role is Role.GUIDE:
        raise RuleError("not_a_clerk", staff=staff)
    if change.who.role is Role.CLERK and change.who.name != staff:
        raise RuleError("not_your_window", window=window)
    at = change.book.window(window)
    if at.state is not WindowState.CLOSED:
        raise RuleError("window_open", window=window, staff=at.staff)
    for other in change.book.windows().values():
        if other.staff == staff and other.state is not WindowState.CLOSED and not change.recorded:
            raise RuleError("staff_elsewhere", staff=staff, window=other.code)
    change.record("open", window=window, staff=staff, waive=waive)
    return window_document(change.setup, change.book.window(window))


@changes("pause")
def pause(change: Change, window: str, *, reason: str, minutes: int | None = None) -> Document:
    """Pause a window; pausing a paused one gives a new time to be back. Raises RuleError "window_busy", "window_closed", "reason_needed"."""
    at = change.window(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.must_be_free()
    why = change.reason(reason)
    if minutes is not None and not 0 < minutes <= LONGEST_PAUSE_MINUTES:
        raise RuleError("bad_value", field="minutes", value=minutes, why="out_of_range")
    back = stamp(change.now + timedelta(minutes=minutes)) if minutes is not None else None
    change.record("pause", window=window, staff=at.staff, reason=why, back=back)
    return _told(change, window)


@changes("resume")
def resume(change: Change, window: str) -> Document:
    """Go on after a pause. Raises RuleError "window_closed", "window_not_paused"."""
    at = change.window(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    if at.state is not WindowState.PAUSED:
        raise RuleError("window_not_paused", window=window)
    change.record("resume", window=window, staff=at.staff)
    return window_document(change.setup, change.book.window(window))


@changes("close")
def close(change: Change, window: str) -> Document:
    """Close a window and end its shift. Raises RuleError "window_busy", "window_closed"."""
    at = change.window(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.must_be_free()
    change.record("close", window=window, staff=at.staff)
    return _told(change, window)


def _told(change: Change, code: str) -> Document:
    """Return the window's document; `unserved` names services with people waiting and no open window left."""
    document = window_document(change.setup, change.book.window(code))
    left = unserved(change, change.setup.windows[code].services)
    return {**document, "unserved": left} if left else document
