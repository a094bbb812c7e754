"""Opens, pauses and closes windows (one clerk each), and lends services to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.state import CHECKS, DEVICES
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.talk.opening_checks import device_log_name, is_opening_check_required_in_hall, unmet_device_checks
from queuedesk.desk import change as changes
from queuedesk.store.parts import part_tables

LONGEST_PAUSE_MINUTES = 24 * 60
MANAGER = "@manager"  # The `left_to` of customers whom no other window can serve; no code has an @.


@changes.runs_in_transaction("open")
def open_window(change: changes.HallChange, window: str, *, staff: str, waive: str | None = None) -> changes.Document:
    """Open a window with the clerk `staff`; `waive` is the reason for opening it without required equipment checks.
    Raises RuleError "window_open", "staff_elsewhere", "not_a_clerk", "not_your_window", "checks_missing",
    "reason_needed" for a waiver without a reason, "unknown_window", "unknown_staff"."""
    change.setup.window_by_code(window)
    _require_not_front_desk_staff(change, staff)
    if change.who.role is Role.CLERK and change.who.name != staff:
        raise RuleError("not_your_window", window=window)
    at = change.book.window(window)
    if at.state is not WindowState.CLOSED:
        raise RuleError("window_open", window=window, staff=at.staff)
    _require_no_other_window(change, staff)
    unchecked = _missing_equipment_checks(change)
    if unchecked and waive is None:
        raise RuleError("checks_missing", window=window, missing=unchecked)
    if waive is not None and not waive.strip():
        raise RuleError("reason_needed", tickets=[])
    change.record("open", window=window, staff=staff, waive=waive, missing=unchecked or None)
    return changes.window_document(change.setup, change.book.window(window))


@changes.runs_in_transaction("pause")
def pause_window(
    change: changes.HallChange, window: str, *, reason: str, minutes: int | None = None, left_to: str | None = None
) -> changes.Document:
    """Pause a window for `minutes`; pausing a paused one sets a new time of return. `left_to` records who takes the
    customers that only this window could serve: a window's code, or MANAGER. Raises RuleError "window_busy",
    "window_closed", "reason_needed", "unknown_window"."""
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.raise_if_in_use()
    why = change.required_reason(reason)
    if minutes is not None and not 0 < minutes <= LONGEST_PAUSE_MINUTES:
        raise RuleError("bad_value", field="minutes", value=minutes, why="out_of_range")
    back = utc_stamp(change.now + timedelta(minutes=minutes)) if minutes is not None else None
    change.record(
        "pause",
        window=window,
        staff=at.staff,
        reason=why,
        back=back,
        left_to=_checked_window_to_take_customers(change, left_to),
    )
    return _window_with_unserved_services(change, window, change.setup.windows[window].services + tuple(at.extra))


@changes.runs_in_transaction("resume")
def resume_window(change: changes.HallChange, window: str) -> changes.Document:
    """End a window's pause. Raises RuleError "window_closed", "window_not_paused"."""
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    if at.state is not WindowState.PAUSED:
        raise RuleError("window_not_paused", window=window)
    change.record("resume", window=window, staff=at.staff)
    return changes.window_document(change.setup, change.book.window(window))


@changes.runs_in_transaction("close")
def close_window(change: changes.HallChange, window: str, *, left_to: str | None = None) -> changes.Document:
    """Close a window and end its shift; `left_to` as in pause_window(). Raises RuleError "window_busy",
    "window_closed", "unknown_window"."""
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.raise_if_in_use()
    change.record("close", window=window, staff=at.staff, left_to=_checked_window_to_take_customers(change, left_to))
    return _window_with_unserved_services(change, window, change.setup.windows[window].services + tuple(at.extra))


@changes.runs_in_transaction("hand-over")
def hand_over_window(change: changes.HallChange, window: str, *, staff: str) -> changes.Document:
    """Replace the clerk of an open window by `staff`, with the events close and open in one transaction, so that the
    window is never seen closed. Raises RuleError "window_busy", "window_closed", "window_open" if `staff` is there
    already, "staff_elsewhere", "not_a_clerk", "not_your_window", "unknown_window", "unknown_staff"."""
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.raise_if_in_use()
    _require_not_front_desk_staff(change, staff)
    if at.staff == staff:
        raise RuleError("window_open", window=window, staff=staff)
    _require_no_other_window(change, staff)
    change.record("close", window=window, staff=at.staff, handed_to=staff)
    change.record("open", window=window, staff=staff)
    return changes.window_document(change.setup, change.book.window(window))


def _missing_equipment_checks(change: changes.HallChange) -> list[str]:
    """Return the names in the log of the equipment that is not checked yet; none if the hall requires no checks, or for
    a recorded opening."""
    if change.recorded or not is_opening_check_required_in_hall(change.setup):
        return []
    devices = part_tables.objects_of_days(change.tx, change.book.id, DEVICES)
    done = part_tables.objects_of_days(change.tx, change.book.id, CHECKS, change.date, change.date)
    return [
        device_log_name(check.key) for check in unmet_device_checks(change.setup, devices, done.values(), change.now)
    ]


def _require_not_front_desk_staff(change: changes.HallChange, staff: str) -> None:
    if change.setup.person_by_code(staff).role is Role.GUIDE:
        raise RuleError("not_a_clerk", staff=staff)


def _require_no_other_window(change: changes.HallChange, staff: str) -> None:
    for other in change.book.windows().values():
        if other.staff == staff and other.state is not WindowState.CLOSED and not change.recorded:
            raise RuleError("staff_elsewhere", staff=staff, window=other.code)


def _checked_window_to_take_customers(change: changes.HallChange, left_to: str | None) -> str | None:
    if left_to not in (None, MANAGER):
        change.setup.window_by_code(str(left_to))
    return left_to


def _window_with_unserved_services(change: changes.HallChange, code: str, served: Iterable[str]) -> changes.Document:
    """Return the window's document, with `unserved`: services of `served` with people waiting and no open window."""
    document = changes.window_document(change.setup, change.book.window(code))
    left = changes.waiting_services_without_window(change, served)
    return {**document, "unserved": left} if left else document


# -- lending: a window also serves a service until it is taken back, the window closes or the day ends -----------------


@changes.runs_in_transaction("lend")
def lend_service(change: changes.HallChange, window: str, service: str) -> changes.Document:
    """Let a window that is not closed serve `service` too. Raises RuleError "unknown_window", "unknown_service" and as
    record_lending()."""
    record_lending(change, window, service)
    return changes.window_document(change.setup, change.book.window(window))


@changes.runs_in_transaction("lend")
def end_service_lending(change: changes.HallChange, window: str, service: str) -> changes.Document:
    """End the lending of a service; a customer being served there is still served. Raises RuleError "not_lent",
    "unknown_window", "unknown_service"."""
    record_service_lending_end(change, window, service)
    return changes.window_document(change.setup, change.book.window(window))


def record_lending(change: changes.HallChange, window: str, service: str) -> None:
    """Record the lending of a service. Raises RuleError "window_closed", "already_serves", "lacks_skill" if the clerk
    there can't serve it."""
    change.setup.service_by_code(service)
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    if service in change.setup.services_served_by_window(at):
        raise RuleError("already_serves", window=window, service=service)
    if at.staff is None or not change.setup.person_by_code(at.staff).can_serve(service):
        raise RuleError("lacks_skill", window=window, staff=at.staff, service=service)
    change.record("lend", window=window, staff=at.staff, service=service)


def record_service_lending_end(change: changes.HallChange, window: str, service: str) -> None:
    """Record the end of a lending. Raises RuleError "not_lent"."""
    change.setup.service_by_code(service)
    at = change.own_window_by_code(window)
    if service not in at.extra:
        raise RuleError("not_lent", window=window, service=service)
    change.record("lend", window=window, staff=at.staff, service=service, back=True)


def end_lending_of_removed_services(change: changes.HallChange, services: Collection[str]) -> None:
    """Record the end of every lending of a service that is not in `services`, those of the new set-up."""
    for window in change.book.windows().values():
        for service in sorted(window.extra.difference(services)):
            record_service_lending_end(change, window.code, service)
