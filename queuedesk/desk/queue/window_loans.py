"""Lends a service to a window until it is taken back, the window closes or the day ends."""

from __future__ import annotations

from collections.abc import Collection

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.window import WindowState
from queuedesk.desk.change import Change, Document, changes
from queuedesk.desk.documents import window_document


@changes("lend")
def lend(change: Change, window: str, service: str) -> Document:
    """Let a window that is not closed serve `service` too. Raises what lend_at raises and "unknown_window",
    "unknown_service"."""
    lend_at(change, window, service)
    return window_document(change.setup, change.book.window(window))


@changes("lend")
def take_back(change: Change, window: str, service: str) -> Document:
    """End the lending; who is served there is served to the end. Raises RuleError "not_lent", "unknown_window",
    "unknown_service"."""
    take_back_at(change, window, service)
    return window_document(change.setup, change.book.window(window))


def lend_at(change: Change, window: str, service: str) -> None:
    """Record the lending. Raises RuleError "window_closed", "already_serves", "lacks_skill" where who sits there can't
    serve it."""
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
    """Record the end of every lending of what is not among `services`, those that the hall goes on with."""
    for window in change.book.windows().values():
        for service in sorted(window.extra.difference(services)):
            take_back_at(change, window.code, service)
