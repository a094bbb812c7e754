"""Acts while a customer is at the window: finish, set aside, wait for other systems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.ticket import State
from queuedesk.desk.change import Change, Document, changes
from queuedesk.desk.documents import answer
from queuedesk.desk.queue.calling import free_window, must_serve


@changes("finish")
def finish(
    change: Change,
    window: str,
    *,
    outcome: str | None = None,
    note: str | None = None,
    form_free: bool = False,
    delivered: Sequence[str] = (),
    then: Sequence[str] = (),
) -> Document:
    """Finish the window's customer; the ticket goes on to the visit's next step if there is one. `then` are services
    that the visit goes on to first.

    A skipped start is assumed at the call. `delivered` are service codes, "A:2" for two of them. Raises RuleError
    "window_closed", "no_customer", "wrong_state", "not_your_window", "unknown_service", "bad_value" when the hall asks
    for an outcome and none is given.
    """
    at, ticket = change.at_window(window)
    ticket.must("finish")
    if outcome is None and not change.recorded and change.setup.settings["outcome_required"] == "on":
        raise RuleError("bad_value", field="outcome", value=None, why="empty")
    must_be_services(change, delivered)
    steps = [*(change.setup.service(code).code for code in then), *ticket.steps]
    change.record(
        "finish",
        ticket=ticket,
        window=window,
        staff=at.staff,
        outcome=outcome,
        note=note,
        form_free=form_free or None,
        delivered=list(delivered) or None,
        start_assumed=True if ticket.state is State.CALLED else None,
        then=list(then) or None,
        credit_s=change.credit_in(ticket, steps[0]) if steps else None,
    )
    return answer(change, ticket)


def must_be_services(change: Change, delivered: Sequence[str]) -> None:
    """Raise RuleError unless each of `delivered` is a service of the hall, or one with a count, such as "A:2"."""
    for one in delivered:
        code, colon, count = one.partition(":")
        change.setup.service(code)
        if colon and not (count.isdecimal() and int(count[:9]) > 0):
            raise RuleError("bad_value", field="delivered", value=one, why="not_a_number")


@changes("reopen")
def reopen(change: Change, window: str) -> Document:
    """Take back the last ticket finished at the window, not yet rated. Raises RuleError "nothing_to_reopen",
    "already_rated", "window_closed", "window_paused", "window_busy", "not_your_window"."""
    at = free_window(change, window)
    ticket = change.book.known(at.last) if at.last else None
    if (
        ticket is None
        or ticket.date != change.date
        or ticket.state is not State.FINISHED
        or ticket.leg.window != window
    ):
        raise RuleError("nothing_to_reopen", window=window)
    if ticket.rating is not None:
        raise RuleError("already_rated", ticket=ticket.label)
    change.record("reopen", ticket=ticket, window=window, staff=at.staff)
    return answer(change, ticket)


@changes("add")
def add(change: Change, window: str, service: str) -> Document:
    """Add another step to the visit, right after this one. Raises RuleError "unknown_service", "wrong_state" and as
    finish()."""
    at, ticket = change.at_window(window)
    change.setup.service(service)
    ticket.must("add")
    change.record("add", ticket=ticket, window=window, staff=at.staff, added=service)
    return answer(change, ticket)


@changes("stall")
def stall(change: Change, window: str, *, reason: str) -> Document:
    """Note that another system keeps the customer waiting; the minutes don't count as handling. Raises RuleError
    "already_stalled", "reason_needed" …"""
    at, ticket = change.at_window(window)
    ticket.must("stall")
    if ticket.stalled_since is not None:
        raise RuleError("already_stalled", ticket=ticket.label)
    change.record("stall", ticket=ticket, window=window, staff=at.staff, reason=change.reason(reason))
    return answer(change, ticket)


@changes("unstall")
def unstall(change: Change, window: str) -> Document:
    """Note that the other system is back. Raises RuleError "not_stalled" and as finish()."""
    at, ticket = change.at_window(window)
    ticket.must("unstall")
    if ticket.stalled_since is None:
        raise RuleError("not_stalled", ticket=ticket.label)
    change.record("unstall", ticket=ticket, window=window, staff=at.staff)
    return answer(change, ticket)


@changes("park")
def park(change: Change, window: str, *, reason: str) -> Document:
    """Set the customer aside: the ticket belongs to the hall, the window is free. Raises RuleError "reason_needed" and
    as finish()."""
    at, ticket = change.at_window(window)
    ticket.must("park")
    change.record("park", ticket=ticket, window=window, staff=at.staff, reason=change.reason(reason))
    return answer(change, ticket)


@changes("unpark")
def unpark(change: Change, window: str, ticket: str, *, day: date | None = None) -> Document:
    """Take a parked ticket to a free window that can serve it. Raises RuleError "cannot_serve", "wrong_state" and as
    reopen()."""
    at = free_window(change, window)
    parked = change.ticket(ticket, day)
    parked.must("unpark")
    must_serve(change, at, parked.service, ticket)
    change.record("unpark", ticket=parked, window=window, staff=at.staff)
    return answer(change, parked)
