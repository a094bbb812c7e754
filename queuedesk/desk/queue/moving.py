"""Moves tickets: to another service or window, to a later place, out of the line."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import stamp
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.dispatch import end_place, front_place, late_place, order_of, postponed_place
from queuedesk.core.queue.ticket import InLine, State, Ticket, new_turn
from queuedesk.desk.change import Change, Document, changes
from queuedesk.desk.documents import answer
from queuedesk.desk.queue.calling import must_be_due
from queuedesk.store.parts import tickets

HELD_FOR = timedelta(minutes=15)
PLACES = ("visit", "front", "end")


@changes("transfer")
def transfer(
    change: Change,
    window: str,
    service: str,
    *,
    place: str = "visit",
    to_window: str | None = None,
    to_staff: str | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> Document:
    """Send the window's customer on to another service, window or clerk; whoever serves them next reads the `note`.

    The place goes by the visit's age, or is at the front (with a reason) or at the end; the ticket waits up to 15
    minutes for a named window or clerk. Raises RuleError "same_service", "cannot_serve", "reason_needed",
    "unknown_service", "unknown_window", "unknown_staff", "bad_value" …
    """
    at, ticket = change.at_window(window)
    ticket.must("transfer")
    change.setup.service(service)
    if place not in PLACES:
        raise RuleError("bad_value", field="place", value=place, why="not_a_choice")
    if to_window is not None and service not in {
        *change.setup.window(to_window).services,
        *change.book.window(to_window).extra,
    }:
        raise RuleError("cannot_serve", window=to_window, ticket=ticket.label, service=service)
    if to_staff is not None and not change.setup.person(to_staff).can(service):
        raise RuleError("bad_value", field="to_staff", value=to_staff, why="not_a_choice")
    if service == ticket.service and to_window is None and to_staff is None:
        raise RuleError("same_service", ticket=ticket.label, service=service)
    if place == "front":
        reason = change.reason(reason)
    new_place: tuple[datetime, int] | None = None
    if place != "visit":
        order = _line_of(change, service, None)
        turn = new_turn(change.book.hall().seq + 1)
        new_place = (
            front_place(order, change.now, change.rule()) if place == "front" else end_place(order, change.now, turn)
        )
    held = to_window is not None or to_staff is not None
    change.record(
        "transfer",
        ticket=ticket,
        service=service,
        window=window,
        staff=at.staff,
        to=service,
        place=place,
        place_at=stamp(new_place[0]) if new_place else None,
        turn=new_place[1] if new_place else None,
        to_window=to_window,
        to_staff=to_staff,
        held_until=stamp(change.now + HELD_FOR) if held else None,
        reason=reason,
        note=(note or "").strip() or None,
        credit_s=change.credit_in(ticket, service),
        **{"from": ticket.service},
    )
    return answer(change, ticket)


@changes("redirect")
def redirect(
    change: Change, service: str, *, window: str | None = None, ticket: str | None = None, day: date | None = None
) -> Document:
    """Move a customer from the wrong line to the right one, with the original arrival.

    Either the window's customer or a waiting `ticket`. Raises RuleError "same_service", "wrong_state",
    "unknown_service" …
    """
    code: str | None = window
    if window is not None:
        at, moved = change.at_window(window)
        staff = at.staff
    else:
        moved = change.ticket(ticket or "", day)
        code, staff = moved.window, moved.leg.staff if moved.window else None
        if code is not None:
            change.window(code)
    moved.must("redirect")
    change.setup.service(service)
    if service == moved.service:
        raise RuleError("same_service", ticket=moved.label, service=service)
    change.record(
        "redirect",
        ticket=moved,
        service=service,
        window=code,
        staff=staff,
        to=service,
        credit_s=change.credit_in(moved, service),
        **{"from": moved.service},
    )
    return answer(change, moved)


@changes("reinstate")
def reinstate(change: Change, ticket: str, *, day: date | None = None) -> Document:
    """Put a late-comer back in line: soon after the miss behind the second in call order, later at the end. Raises
    RuleError "no_more_returns", "wrong_state" …"""
    missed = change.ticket(ticket, day)
    missed.must("reinstate")
    if (service := change.setup.services.get(missed.service)) is not None and not change.recorded:
        named = {"service": service.code, "name": service.name, "name_en": service.name_en}
        missed.must_be_taken_back(service.max_returns, **named)
    turn = new_turn(change.book.hall().seq + 1)
    order = _line_of(change, missed.service, missed)
    soon = _came_soon(change, missed)
    place, turn = late_place(order, change.now, turn, change.rule()) if soon else end_place(order, change.now, turn)
    change.record("reinstate", ticket=missed, place=stamp(place), turn=turn, early=soon or None)
    return answer(change, missed)


def _came_soon(change: Change, ticket: Ticket) -> bool:
    if ticket.missed_at is None:
        return False
    if change.now - ticket.missed_at <= timedelta(minutes=change.setup.number("return_minutes")):
        return True
    since = tickets.calls_of_service_since(change.tx, change.book.id, ticket.service, ticket.missed_at)
    return since < change.setup.number("return_numbers")


@changes("postpone")
def postpone(change: Change, ticket: str, *, day: date | None = None) -> Document:
    """Let the next customer go first; at a kiosk where the hall allows it. Raises RuleError "nobody_behind",
    "already_postponed", "too_early", "wrong_state", "not_your_role" …"""
    if change.who.role is Role.STATION and change.setup.settings["kiosk_postpone"] != "on":
        raise RuleError("not_your_role", verb="postpone", role=str(change.who.role))
    waiting = change.ticket(ticket, day)
    waiting.must("postpone")
    if waiting.postponed >= change.setup.number("postponements") and not change.recorded:
        raise RuleError("already_postponed", ticket=ticket, n=waiting.postponed)
    turn = new_turn(change.book.hall().seq + 1)
    order = _line_of(change, waiting.service, None)
    if waiting.id not in {t.id for t in order}:
        must_be_due(change, waiting)
        raise RuleError("held_for", ticket=ticket, window=waiting.to_window, staff=waiting.to_staff)
    place, turn = postponed_place(waiting, order, change.now, turn, change.rule())
    change.record("postpone", ticket=waiting, place=stamp(place), turn=turn)
    return answer(change, waiting)


@changes("defer")
def defer(change: Change, ticket: str, *, day: date | None = None) -> Document:
    """Send a waiting customer home with an early place on the next day. Raises RuleError "defer_off" unless the hall
    allows it."""
    waiting = change.ticket(ticket, day)
    waiting.must("defer")
    if change.setup.settings["overnight"] != "early_place" and not change.recorded:
        raise RuleError("defer_off", ticket=ticket)
    change.record("defer", ticket=waiting)
    return answer(change, waiting)


@changes("leave")
def leave(change: Change, ticket: str, *, day: date | None = None) -> Document:
    """Note that the customer has left. Raises RuleError "wrong_state", "not_your_role" …"""
    gone = change.ticket(ticket, day)
    gone.must("leave")
    change.who.must_end(str(gone.state))
    change.record("leave", ticket=gone, window=gone.window, staff=gone.leg.staff if gone.window else None)
    return answer(change, gone)


@changes("void")
def void(change: Change, ticket: str, *, reason: str, day: date | None = None) -> Document:
    """Void a ticket that was issued by mistake. Raises RuleError "reason_needed", "wrong_state" …"""
    wrong = change.ticket(ticket, day)
    wrong.must("void")
    why = change.reason(reason)
    change.record(
        "void", ticket=wrong, window=wrong.window, staff=wrong.leg.staff if wrong.window else None, reason=why
    )
    return answer(change, wrong)


def _line_of(change: Change, service: str, ticket: Ticket | None) -> list[InLine]:
    """Return the waiting tickets of a service's line in call order, without `ticket`."""
    line = change.line(service)
    waiting = tickets.waiting(change.tx, change.book.id, line.services)
    if ticket is not None and ticket.state is State.WAITING:
        waiting = [t for t in waiting if t.id != ticket.id]
    return order_of(line, waiting, change.normal_calls(), change.rule(), change.now)
