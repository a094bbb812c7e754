"""Calls customers to a window, and records what becomes of a call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import TICKETS
from queuedesk.core.queue.appointment import clock_text_of
from queuedesk.core.queue.dispatch import Choice, choose_next, first_here, is_due, is_jump, passed
from queuedesk.core.queue.ticket import InLine, Ticket, Window
from queuedesk.desk.change import RECORDED, Change, Document, changes
from queuedesk.desk.documents import answer
from queuedesk.desk.queue.issuing import new_number


@changes("call")
def call(
    change: Change,
    window: str,
    *,
    ticket: str | None = None,
    reason: str | None = None,
    day: date | None = None,
) -> Document:
    """Call the next ticket by the rule, or a chosen one, to `window`.

    A chosen ticket needs a reason if an eligible ticket with an earlier place is passed. A recorded call happened
    whatever the rule says, and the tickets it passed count as recorded. Raises RuleError "nobody_waiting",
    "window_closed", "window_paused", "window_busy", "reason_needed", "cannot_serve", "too_early", "held_for",
    "wrong_state", "unknown_ticket", "not_your_window".
    """
    at = free_window(change, window)
    waiting = change.callable_at(at)
    if ticket is not None:
        return _call_chosen(change, at, waiting, change.ticket(ticket, day), reason)
    choice = _choice(change, at, waiting)
    if choice is None:
        raise RuleError("nobody_waiting", window=window)
    return _record(change, at, choice, waiting, reason=None)


def _choice(change: Change, at: Window, waiting: Sequence[InLine]) -> Choice | None:
    first = first_here(change.setup, at.code, at.staff, change.now)
    return choose_next(waiting, change.normal_calls(), change.rule(), first)


def _call_chosen(change: Change, at: Window, waiting: Sequence[InLine], ticket: Ticket, reason: str | None) -> Document:
    label = ticket.label
    ticket.must("call")
    if change.recorded:
        made = Choice(ticket, jump=is_jump(ticket, waiting))
        return _record(change, at, made, waiting, why=RECORDED, reason=reason)
    chosen = next((t for t in waiting if t.id == ticket.id), None)
    if chosen is None:
        if ticket.service not in change.setup.served_by(at):
            raise RuleError("cannot_serve", window=at.code, ticket=label, service=ticket.service)
        must_be_due(change, ticket)
        raise RuleError("held_for", ticket=label, window=ticket.to_window, staff=ticket.to_staff)
    by_rule = _choice(change, at, waiting)
    if by_rule is not None and by_rule.ticket.id == chosen.id:
        return _record(change, at, by_rule, waiting, reason=reason)
    earlier = passed(waiting, chosen)
    if earlier:
        change.reason(reason, sorted(earlier, key=change.rule().order_of))
    return _record(change, at, Choice(chosen, jump=is_jump(chosen, waiting)), waiting, why="chosen", reason=reason)


def _record(
    change: Change, at: Window, choice: Choice, waiting: Sequence[InLine], *, why: str = "", reason: str | None
) -> Document:
    """Note the call with all that decided it: the rule, its counter, who was passed and why, who was held back. `why`
    is empty where the rule decided."""
    chosen, rule = choice.ticket, change.rule()
    first = first_here(change.setup, at.code, at.staff, change.now)
    why = why or choice.why or "priority"
    ticket = change.book.get(TICKETS, chosen.id)
    overtaken = [t.label for t in sorted(passed(waiting, chosen), key=rule.order_of)]
    by_rule = not change.recorded
    change.record(
        "call",
        ticket=ticket,
        window=at.code,
        staff=at.staff,
        rule=rule.order if by_rule else RECORDED,
        cap=rule.jump_every if by_rule else None,
        guard=rule.guard or None if by_rule else None,
        fast=first.minutes or None if by_rule and first else None,
        fast_passes=first.passes if by_rule and first else None,
        languages=sorted(first.languages) or None if by_rule and first else None,
        jump=choice.jump or None,
        normal=change.normal_calls(),
        passed=overtaken or None,
        by_skill=change.passed_by_skill(at, chosen) or None,
        held_back=choice.held_back.label if choice.held_back else None,
        held_by=choice.held_by or None,
        why=why if overtaken or why == "chosen" else None,
        reason=reason,
    )
    return answer(change, ticket)


@changes("serve")
def serve(
    change: Change, window: str, service: str, *, reason: str | None = None, label: str | None = None
) -> Document:
    """Serve a customer who has no ticket: number, call and start in one step, class normal. `label` is the number on a
    record.

    Raises RuleError "reason_needed" when an eligible ticket waits, "cannot_serve", "series_full" and as call().
    """
    at = free_window(change, window)
    spec = change.setup.service(service)
    must_serve(change, at, service, None)
    waiting = change.callable_at(at)
    if waiting and not change.recorded:
        change.reason(reason, sorted(waiting, key=change.rule().order_of))
    prefix, number, label = new_number(change, spec, label, partial(change.book.last_number, change.date))
    change.record(
        "serve",
        ticket=(change.date, label),
        service=service,
        window=window,
        staff=at.staff,
        prefix=prefix,
        number=number,
        token=change.tokens(change.date, label),
        reason=reason,
        passed=[t.label for t in sorted(waiting, key=change.rule().order_of)] or None,
        why=(RECORDED if change.recorded else "no_ticket") if waiting else None,
        **{"class": "normal"},
    )
    return answer(change, change.book.get(TICKETS, (change.date, label)))


@changes("recall")
def recall(change: Change, window: str) -> Document:
    """Call the window's customer again; after the last call that the hall allows the ticket is missed instead, unless a
    record says it was called.

    Raises RuleError "window_closed", "no_customer", "wrong_state", "not_your_window".
    """
    at, ticket = change.at_window(window)
    ticket.must("recall")
    was_last = ticket.round_calls >= change.setup.number("calls_before_missed")
    kind = "miss" if was_last and not change.recorded else "recall"
    change.record(kind, ticket=ticket, window=window, staff=at.staff, asked="recall" if kind == "miss" else None)
    return answer(change, ticket)


@changes("start")
def start(change: Change, window: str) -> Document:
    """Note that the customer is at the window. Raises RuleError as recall()."""
    at, ticket = change.at_window(window)
    ticket.must("start")
    change.record("start", ticket=ticket, window=window, staff=at.staff)
    return answer(change, ticket)


@changes("miss")
def miss(change: Change, window: str) -> Document:
    """Note that the customer did not come; the third miss of a day ends the ticket. Raises RuleError as recall()."""
    at, ticket = change.at_window(window)
    ticket.must("miss")
    change.record("miss", ticket=ticket, window=window, staff=at.staff)
    return answer(change, ticket)


@changes("return")
def give_back(change: Change, window: str, *, reason: str) -> Document:
    """Undo a call that was a mistake: the ticket waits again at its own place. Raises RuleError "reason_needed" and as
    recall()."""
    at, ticket = change.at_window(window)
    ticket.must("return")
    change.record("return", ticket=ticket, window=window, staff=at.staff, reason=change.reason(reason))
    return answer(change, ticket)


def free_window(change: Change, code: str) -> Window:
    """Return an open window without a customer. Raises RuleError "window_closed", "window_paused", "window_busy",
    "not_your_window"."""
    at = change.window(code)
    at.must_be_open()
    at.must_be_free()
    return at


def must_serve(change: Change, at: Window, service: str, ticket: str | None) -> None:
    """Raise RuleError "cannot_serve" unless the window, with its clerk, serves `service`, or a record says that it
    did."""
    if not change.recorded and service not in change.setup.served_by(at):
        raise RuleError("cannot_serve", window=at.code, ticket=ticket, service=service)


def must_be_due(change: Change, ticket: Ticket) -> None:
    """Raise RuleError "too_early" for a customer who came early to an appointment and may not be called yet."""
    if ticket.not_before is not None and not is_due(ticket, change.now):
        time = clock_text_of(change.setup, ticket.not_before)
        raise RuleError("too_early", ticket=ticket.label, time=time)
