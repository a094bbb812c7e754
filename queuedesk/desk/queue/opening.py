"""Opens, pauses and closes windows, one clerk per window, and lends services to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import stamp
from queuedesk.core.log.state import CHECKS, DEVICES
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.talk.opening_checks import is_asked, missing, name_of
from queuedesk.desk.change import Change, Document, changes, unserved, window_document
from queuedesk.store.parts import part_tables

LONGEST_PAUSE_MINUTES = 24 * 60
MANAGER = "@manager"  # who is told where no other window takes those left waiting; no code has an @


@changes("open")
def open_window(change: Change, window: str, *, staff: str, waive: str | None = None) -> Document:
    """Open a window with `staff` signed in; `waive` is the reason for opening although checks of the equipment are
    missing.

    Raises RuleError "window_open", "staff_elsewhere", "not_a_clerk", "not_your_window", "checks_missing",
    "reason_needed" for a waiver without a reason, "unknown_window", "unknown_staff".
    """
    change.setup.window(window)
    _must_sit(change, staff)
    if change.who.role is Role.CLERK and change.who.name != staff:
        raise RuleError("not_your_window", window=window)
    at = change.book.window(window)
    if at.state is not WindowState.CLOSED:
        raise RuleError("window_open", window=window, staff=at.staff)
    _must_be_nowhere(change, staff)
    lack = _unchecked(change)
    if lack and waive is None:
        raise RuleError("checks_missing", window=window, missing=lack)
    if waive is not None and not waive.strip():
        raise RuleError("reason_needed", tickets=[])
    change.record("open", window=window, staff=staff, waive=waive, missing=lack or None)
    return window_document(change.setup, change.book.window(window))


@changes("pause")
def pause(
    change: Change, window: str, *, reason: str, minutes: int | None = None, left_to: str | None = None
) -> Document:
    """Pause a window; pausing a paused one gives a new time to be back.

    `left_to` notes who takes the customers that only this window could serve: a window's code, or MANAGER. Raises
    RuleError "window_busy", "window_closed", "reason_needed", "unknown_window".
    """
    at = change.window(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.must_be_free()
    why = change.reason(reason)
    if minutes is not None and not 0 < minutes <= LONGEST_PAUSE_MINUTES:
        raise RuleError("bad_value", field="minutes", value=minutes, why="out_of_range")
    back = stamp(change.now + timedelta(minutes=minutes)) if minutes is not None else None
    change.record("pause", window=window, staff=at.staff, reason=why, back=back, left_to=_taker(change, left_to))
    return _told(change, window, change.setup.windows[window].services + tuple(at.extra))


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
def close(change: Change, window: str, *, left_to: str | None = None) -> Document:
    """Close a window and end its shift; `left_to` as in pause(). Raises RuleError "window_busy", "window_closed",
    "unknown_window"."""
    at = change.window(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.must_be_free()
    change.record("close", window=window, staff=at.staff, left_to=_taker(change, left_to))
    return _told(change, window, change.setup.windows[window].services + tuple(at.extra))


@changes("hand-over")
def hand_over(change: Change, window: str, *, staff: str) -> Document:
    """End the shift at a window and begin that of `staff` there, in one step, by the events close and open, so that
    nobody waits for a closed window in between. Raises RuleError "window_busy", "window_closed", "window_open" where
    `staff` sits there already, "staff_elsewhere", "not_a_clerk", "not_your_window", "unknown_window",
    "unknown_staff"."""
    at = change.window(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.must_be_free()
    _must_sit(change, staff)
    if at.staff == staff:
        raise RuleError("window_open", window=window, staff=staff)
    _must_be_nowhere(change, staff)
    change.record("close", window=window, staff=at.staff, handed_to=staff)
    change.record("open", window=window, staff=staff)
    return window_document(change.setup, change.book.window(window))


def _unchecked(change: Change) -> list[str]:
    """Return the equipment that is to be checked before a window opens, by the names of the log; none where the hall
    wants no checks, or for a recorded opening."""
    if change.recorded or not is_asked(change.setup):
        return []
    known = part_tables.of_days(change.tx, change.book.id, DEVICES)
    done = part_tables.of_days(change.tx, change.book.id, CHECKS, change.date, change.date)
    return [name_of(check.key) for check in missing(change.setup, known, done.values(), change.now)]


def _must_sit(change: Change, staff: str) -> None:
    if change.setup.person(staff).role is Role.GUIDE:
        raise RuleError("not_a_clerk", staff=staff)


def _must_be_nowhere(change: Change, staff: str) -> None:
    for other in change.book.windows().values():
        if other.staff == staff and other.state is not WindowState.CLOSED and not change.recorded:
            raise RuleError("staff_elsewhere", staff=staff, window=other.code)


def _taker(change: Change, left_to: str | None) -> str | None:
    if left_to not in (None, MANAGER):
        change.setup.window(str(left_to))
    return left_to


def _told(change: Change, code: str, served: Iterable[str]) -> Document:
    """Return the window's document; `unserved` names those of `served` with people waiting and no open window left."""
    document = window_document(change.setup, change.book.window(code))
    left = unserved(change, served)
    return {**document, "unserved": left} if left else document


# -- lends a service to a window until it is taken back, the window closes or the day ends ---------------------------


@changes("lend")
def lend(change: Change, window: str, service: str) -> Document:
    """Let a window that is not closed serve `service` too. Raises what lend_at raises and "unknown_window",
    "unknown_service"."""
    lend_at(change, window, service)
    return window_document(change.setup, change.book.window(window))


@changes("lend")
def take_back(change: Change, window: str, service: str) -> Document:
    """End the lending; the customer being served there is served to the end. Raises RuleError "not_lent",
    "unknown_window", "unknown_service"."""
    take_back_at(change, window, service)
    return window_document(change.setup, change.book.window(window))


def lend_at(change: Change, window: str, service: str) -> None:
    """Record the lending of a service. Raises RuleError "window_closed", "already_serves", "lacks_skill" where who sits
    there can't serve it."""
    change.setup.service(service)
    at = change.window(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    if service in change.setup.served_by(at):
        raise RuleError("already_serves", window=window, service=service)
    if at.staff is None or not change.setup.person(at.staff).can(service):
        raise RuleError("lacks_skill", window=window, staff=at.staff, service=service)
    change.record("lend", window=window, staff=at.staff, service=service)


def take_back_at(change: Change, window: str, service: str) -> None:
    """Record the end of a lending. Raises RuleError "not_lent"."""
    change.setup.service(service)
    at = change.window(window)
    if service not in at.extra:
        raise RuleError("not_lent", window=window, service=service)
    change.record("lend", window=window, staff=at.staff, service=service, back=True)


def take_back_others(change: Change, services: Collection[str]) -> None:
    """Record the end of every lending except of `services`, which the hall keeps."""
    for window in change.book.windows().values():
        for service in sorted(window.extra.difference(services)):
            take_back_at(change, window.code, service)
