"""The changes of a ticket after its issue: calls and their outcome, moves between lines, service at a window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.state import TICKETS
from queuedesk.core.network.roles import Role
from queuedesk.core.queue import dispatch
from queuedesk.core.queue.appointment import hall_time_text
from queuedesk.core.queue.ticket import LineTicket, Ticket, TicketState, Window, turn_from_issuing_event
from queuedesk.desk.change import RECORDED, Document, HallChange, runs_in_transaction, ticket_document_after_change
from queuedesk.desk.queue.issuing import limit_of_returns, number_of_next_or_labelled_ticket
from queuedesk.store.parts import tickets


@runs_in_transaction("call")
def call_ticket(
    change: HallChange, window: str, *, ticket: str | None = None, reason: str | None = None, day: date | None = None
) -> Document:
    """Call the next ticket by the rule, or a chosen one, to `window`. A chosen ticket needs a reason if it overtakes an
    eligible ticket with an earlier place. A recorded call is not checked against the rule; the overtaken tickets have
    the reason "recorded". Raises RuleError "nobody_waiting", "window_closed", "window_paused", "window_busy",
    "reason_needed", "cannot_serve", "too_early", "held_for", "wrong_state", "unknown_ticket", "not_your_window"."""
    at = require_free_window(change, window)
    waiting = change.waiting_tickets_callable_at(at)
    if ticket is not None:
        return _call_named_ticket(change, at, waiting, change.ticket_by_label(ticket, day), reason)
    choice = _choice_by_rule(change, at, waiting)
    if choice is None:
        raise RuleError("nobody_waiting", window=window)
    return _record_call_with_grounds(change, at, choice, waiting, reason=None)


def _choice_by_rule(change: HallChange, at: Window, waiting: Sequence[LineTicket]) -> dispatch.CallChoice | None:
    first = dispatch.window_preferences_at(change.setup, at.code, at.staff, change.now)
    return dispatch.choose_next_ticket(
        waiting, change.todays_normal_calls_since_priority(), change.call_order_rule(), first
    )


def _call_named_ticket(
    change: HallChange, at: Window, waiting: Sequence[LineTicket], ticket: Ticket, reason: str | None
) -> Document:
    label = ticket.label
    ticket.require_may("call")
    if change.recorded:
        made = dispatch.CallChoice(ticket, jump=dispatch.is_credit_jump(ticket, waiting))
        return _record_call_with_grounds(change, at, made, waiting, why=RECORDED, reason=reason)
    chosen = next((t for t in waiting if t.id == ticket.id), None)
    if chosen is None:
        if ticket.service not in change.setup.services_served_by_window(at):
            raise RuleError("cannot_serve", window=at.code, ticket=label, service=ticket.service)
        require_appointment_due(change, ticket)
        raise RuleError("held_for", ticket=label, window=ticket.to_window, staff=ticket.to_staff)
    by_rule = _choice_by_rule(change, at, waiting)
    if by_rule is not None and by_rule.ticket.id == chosen.id:
        return _record_call_with_grounds(change, at, by_rule, waiting, reason=reason)
    earlier = dispatch.tickets_overtaken_by(waiting, chosen)
    if earlier:
        change.required_reason(reason, sorted(earlier, key=change.call_order_rule().ticket_sort_key))
    return _record_call_with_grounds(
        change,
        at,
        dispatch.CallChoice(chosen, jump=dispatch.is_credit_jump(chosen, waiting)),
        waiting,
        why="chosen",
        reason=reason,
    )


def _record_call_with_grounds(
    change: HallChange,
    at: Window,
    choice: dispatch.CallChoice,
    waiting: Sequence[LineTicket],
    *,
    why: str = "",
    reason: str | None,
) -> Document:
    """Record a call with the grounds of the decision: the rule, its counters, the tickets overtaken and why, the ticket
    held back. `why` is empty if the rule decided."""
    chosen, rule = choice.ticket, change.call_order_rule()
    first = dispatch.window_preferences_at(change.setup, at.code, at.staff, change.now)
    why = why or choice.why or "priority"
    ticket = change.book.get_record(TICKETS, chosen.id)
    overtaken = [t.label for t in sorted(dispatch.tickets_overtaken_by(waiting, chosen), key=rule.ticket_sort_key)]
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
        normal=change.todays_normal_calls_since_priority(),
        passed=overtaken or None,
        by_skill=change.count_passed_for_lack_of_skill(at, chosen) or None,
        held_back=choice.held_back.label if choice.held_back else None,
        held_by=choice.held_by or None,
        why=why if overtaken or why == "chosen" else None,
        reason=reason,
    )
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("serve")
def serve_without_ticket(
    change: HallChange, window: str, service: str, *, reason: str | None = None, label: str | None = None
) -> Document:
    """Serve a customer without a ticket: issue (class normal), call and start in one step. `label` is the number of a
    recorded ticket. Raises RuleError "reason_needed" when an eligible ticket waits, "cannot_serve", "series_full" and
    as call_ticket()."""
    at = require_free_window(change, window)
    spec = change.setup.service_by_code(service)
    require_window_serves_service(change, at, service, None)
    waiting = change.waiting_tickets_callable_at(at)
    if waiting and not change.recorded:
        change.required_reason(reason, sorted(waiting, key=change.call_order_rule().ticket_sort_key))
    prefix, number, label = number_of_next_or_labelled_ticket(
        change, spec, label, partial(change.book.last_number, change.date)
    )
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
        passed=[t.label for t in sorted(waiting, key=change.call_order_rule().ticket_sort_key)] or None,
        why=(RECORDED if change.recorded else "no_ticket") if waiting else None,
        **{"class": "normal"},
    )
    return ticket_document_after_change(change, change.book.get_record(TICKETS, (change.date, label)))


@runs_in_transaction("recall")
def recall_customer(change: HallChange, window: str) -> Document:
    """Call the window's customer again. After the hall's last call the ticket is missed instead, unless the recall is
    recorded. Raises RuleError "window_closed", "no_customer", "wrong_state", "not_your_window"."""
    at, ticket = change.window_and_ticket(window)
    ticket.require_may("recall")
    was_last = ticket.round_calls >= change.setup.setting_as_int("calls_before_missed")
    kind = "miss" if was_last and not change.recorded else "recall"
    change.record(kind, ticket=ticket, window=window, staff=at.staff, asked="recall" if kind == "miss" else None)
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("start")
def start_serving(change: HallChange, window: str) -> Document:
    """Record that the customer is at the window. Raises RuleError as recall_customer()."""
    at, ticket = change.window_and_ticket(window)
    ticket.require_may("start")
    change.record("start", ticket=ticket, window=window, staff=at.staff)
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("miss")
def record_missed_call(change: HallChange, window: str) -> Document:
    """Record that the customer did not come; the third miss of a day ends the ticket. Raises RuleError as
    recall_customer()."""
    at, ticket = change.window_and_ticket(window)
    ticket.require_may("miss")
    change.record("miss", ticket=ticket, window=window, staff=at.staff)
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("return")
def undo_mistaken_call(change: HallChange, window: str, *, reason: str) -> Document:
    """Undo a mistaken call: the ticket waits again in its own place. Raises RuleError "reason_needed", as
    recall_customer()."""
    at, ticket = change.window_and_ticket(window)
    ticket.require_may("return")
    change.record("return", ticket=ticket, window=window, staff=at.staff, reason=change.required_reason(reason))
    return ticket_document_after_change(change, ticket)


def require_free_window(change: HallChange, code: str) -> Window:
    """Return an open window without a customer. Raises RuleError "window_closed", "window_paused", "window_busy",
    "not_your_window"."""
    at = change.own_window_by_code(code)
    at.require_open()
    at.raise_if_in_use()
    return at


def require_window_serves_service(change: HallChange, at: Window, service: str, ticket: str | None) -> None:
    """Raise RuleError "cannot_serve" unless the window with its clerk serves `service`, or the change is recorded."""
    if not change.recorded and service not in change.setup.services_served_by_window(at):
        raise RuleError("cannot_serve", window=at.code, ticket=ticket, service=service)


def require_appointment_due(change: HallChange, ticket: Ticket) -> None:
    """Raise RuleError "too_early" if the ticket's appointment does not allow a call yet."""
    if ticket.not_before is not None and not dispatch.is_due(ticket, change.now):
        time = hall_time_text(change.setup, ticket.not_before)
        raise RuleError("too_early", ticket=ticket.label, time=time)


HELD_FOR = timedelta(minutes=15)
"""The counter's question about a transfer says this number too (stations/counter/asking.py)."""
PLACES = ("visit", "front", "end")


@runs_in_transaction("transfer")
def transfer_customer(
    change: HallChange,
    window: str,
    service: str,
    *,
    place: str = "visit",
    to_window: str | None = None,
    to_staff: str | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> Document:
    """Send the window's customer on to another service, window or clerk, with a `note` for the next clerk. The `place`
    is that of the visit's arrival, at the front (with a reason) or at the end. A named window or clerk has the ticket
    reserved for HELD_FOR. Raises RuleError "same_service", "cannot_serve", "reason_needed", "unknown_service",
    "unknown_window", "unknown_staff", "bad_value" and as finish_service()."""
    at, ticket = change.window_and_ticket(window)
    ticket.require_may("transfer")
    change.setup.service_by_code(service)
    if place not in PLACES:
        raise RuleError("bad_value", field="place", value=place, why="not_a_choice")
    if to_window is not None and service not in {
        *change.setup.window_by_code(to_window).services,
        *change.book.window(to_window).extra,
    }:
        raise RuleError("cannot_serve", window=to_window, ticket=ticket.label, service=service)
    if to_staff is not None and not change.setup.person_by_code(to_staff).can_serve(service):
        raise RuleError("bad_value", field="to_staff", value=to_staff, why="not_a_choice")
    if service == ticket.service and to_window is None and to_staff is None:
        raise RuleError("same_service", ticket=ticket.label, service=service)
    if place == "front":
        reason = change.required_reason(reason)
    new_place: tuple[datetime, int] | None = None
    if place != "visit":
        order = _service_line_without_ticket(change, service, None)
        turn = turn_from_issuing_event(change.book.hall_counters().seq + 1)
        new_place = (
            dispatch.line_front_place(order, change.now, change.call_order_rule())
            if place == "front"
            else dispatch.line_end_place(order, change.now, turn)
        )
    is_held = to_window is not None or to_staff is not None
    change.record(
        "transfer",
        ticket=ticket,
        service=service,
        window=window,
        staff=at.staff,
        to=service,
        place=place,
        place_at=utc_stamp(new_place[0]) if new_place else None,
        turn=new_place[1] if new_place else None,
        to_window=to_window,
        to_staff=to_staff,
        held_until=utc_stamp(change.now + HELD_FOR) if is_held else None,
        reason=reason,
        note=(note or "").strip() or None,
        credit_s=change.credit_s_after_moving_to(ticket, service),
        **{"from": ticket.service},
    )
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("redirect")
def redirect_customer(
    change: HallChange, service: str, *, window: str | None = None, ticket: str | None = None, day: date | None = None
) -> Document:
    """Move a customer from a wrong line to the right one, with the original arrival. It is the window's customer or a
    waiting `ticket`. Raises RuleError "same_service", "wrong_state", "unknown_service", "unknown_ticket" and as
    HallChange.own_window_by_code()."""
    code: str | None = window
    if window is not None:
        at, moved = change.window_and_ticket(window)
        staff = at.staff
    else:
        moved = change.ticket_by_label(ticket or "", day)
        code, staff = moved.window, moved.current_leg.staff if moved.window else None
        if code is not None:
            change.own_window_by_code(code)
    moved.require_may("redirect")
    change.setup.service_by_code(service)
    if service == moved.service:
        raise RuleError("same_service", ticket=moved.label, service=service)
    change.record(
        "redirect",
        ticket=moved,
        service=service,
        window=code,
        staff=staff,
        to=service,
        credit_s=change.credit_s_after_moving_to(moved, service),
        **{"from": moved.service},
    )
    return ticket_document_after_change(change, moved)


@runs_in_transaction("reinstate")
def reinstate_missed_ticket(change: HallChange, ticket: str, *, day: date | None = None) -> Document:
    """Put a late-comer back in line: soon after the miss, behind the second in call order; later, at the end. Raises
    RuleError "no_more_returns", "wrong_state", "unknown_ticket"."""
    missed = change.ticket_by_label(ticket, day)
    missed.require_may("reinstate")
    if (service := change.setup.services.get(missed.service)) is not None and not change.recorded:
        names = {"service": service.code, "name": service.name, "name_en": service.name_en}
        missed.require_may_be_reinstated(limit_of_returns(change, missed), **names)
    turn = turn_from_issuing_event(change.book.hall_counters().seq + 1)
    order = _service_line_without_ticket(change, missed.service, missed)
    is_soon = _has_come_back_soon_after_miss(change, missed)
    place, turn = (
        dispatch.late_comer_place(order, change.now, turn, change.call_order_rule())
        if is_soon
        else dispatch.line_end_place(order, change.now, turn)
    )
    change.record("reinstate", ticket=missed, place=utc_stamp(place), turn=turn, early=is_soon or None)
    return ticket_document_after_change(change, missed)


def _has_come_back_soon_after_miss(change: HallChange, ticket: Ticket) -> bool:
    """Whether a missed ticket gets late_comer_place() and not the end of the line: it came back within
    `return_minutes`, or before `return_numbers` tickets of its service were called."""
    if ticket.missed_at is None:
        return False
    if change.now - ticket.missed_at <= timedelta(minutes=change.setup.setting_as_int("return_minutes")):
        return True
    since = tickets.count_tickets_called_since(change.tx, change.book.id, ticket.service, ticket.missed_at)
    return since < change.setup.setting_as_int("return_numbers")


@runs_in_transaction("postpone")
def postpone_ticket(change: HallChange, ticket: str, *, day: date | None = None) -> Document:
    """Put a waiting ticket behind the next one in call order; at a kiosk or by phone only if the hall allows it. Raises
    RuleError "nobody_behind", "already_postponed", "too_early", "held_for", "wrong_state", "not_your_role",
    "unknown_ticket"."""
    rule = {Role.STATION: "kiosk_postpone", Role.CUSTOMER: "web_postpone"}.get(change.who.role)
    if rule is not None and not change.setup.is_rule_on(rule):
        raise RuleError("not_your_role", verb="postpone", role=str(change.who.role))
    waiting = change.ticket_by_label(ticket, day)
    waiting.require_may("postpone")
    if waiting.postponed >= change.setup.setting_as_int("postponements") and not change.recorded:
        raise RuleError("already_postponed", ticket=ticket, n=waiting.postponed)
    turn = turn_from_issuing_event(change.book.hall_counters().seq + 1)
    order = _service_line_without_ticket(change, waiting.service, None)
    if waiting.id not in {t.id for t in order}:
        require_appointment_due(change, waiting)
        raise RuleError("held_for", ticket=ticket, window=waiting.to_window, staff=waiting.to_staff)
    place, turn = dispatch.postponed_place(waiting, order, change.now, turn, change.call_order_rule())
    change.record("postpone", ticket=waiting, place=utc_stamp(place), turn=turn)
    return ticket_document_after_change(change, waiting)


@runs_in_transaction("defer")
def defer_to_next_open_day(change: HallChange, ticket: str, *, day: date | None = None) -> Document:
    """Send a waiting customer home with an early place on the next open day. Raises RuleError "defer_off" if the hall
    does not allow it, "wrong_state", "unknown_ticket"."""
    waiting = change.ticket_by_label(ticket, day)
    waiting.require_may("defer")
    if change.setup.settings["overnight"] != "early_place" and not change.recorded:
        raise RuleError("defer_off", ticket=ticket)
    change.record("defer", ticket=waiting)
    return ticket_document_after_change(change, waiting)


@runs_in_transaction("leave")
def record_customer_left(change: HallChange, ticket: str, *, day: date | None = None) -> Document:
    """Record that the customer has left. Raises RuleError "wrong_state", "not_your_role", "unknown_ticket"."""
    gone = change.ticket_by_label(ticket, day)
    gone.require_may("leave")
    change.who.require_right_to_end_ticket(str(gone.state))
    change.record("leave", ticket=gone, window=gone.window, staff=gone.current_leg.staff if gone.window else None)
    return ticket_document_after_change(change, gone)


@runs_in_transaction("void")
def void_ticket(change: HallChange, ticket: str, *, reason: str, day: date | None = None) -> Document:
    """Void a ticket issued by mistake. Raises RuleError "reason_needed", "wrong_state", "unknown_ticket"."""
    wrong = change.ticket_by_label(ticket, day)
    wrong.require_may("void")
    why = change.required_reason(reason)
    change.record(
        "void", ticket=wrong, window=wrong.window, staff=wrong.current_leg.staff if wrong.window else None, reason=why
    )
    return ticket_document_after_change(change, wrong)


def _service_line_without_ticket(change: HallChange, service: str, ticket: Ticket | None) -> list[LineTicket]:
    line = change.windows_of_line(service)
    waiting = tickets.waiting_tickets(change.tx, change.book.id, line.services)
    if ticket is not None and ticket.state is TicketState.WAITING:
        waiting = [t for t in waiting if t.id != ticket.id]
    return dispatch.line_tickets_in_call_order(
        line, waiting, change.todays_normal_calls_since_priority(), change.call_order_rule(), change.now
    )


@runs_in_transaction("finish")
def finish_service(
    change: HallChange,
    window: str,
    *,
    outcome: str | None = None,
    note: str | None = None,
    form_free: bool = False,
    delivered: Sequence[str] = (),
    then: Sequence[str] = (),
) -> Document:
    """Finish the service of the window's customer; the ticket then waits for the visit's next service, if any. `then`
    are services to add before the visit's remaining ones. A skipped start is assumed at the call. `delivered` are
    service codes, "A:2" for two of them. Raises RuleError "window_closed", "no_customer", "wrong_state",
    "not_your_window", "unknown_service", "bad_value" if the hall requires an outcome and none is given."""
    at, ticket = change.window_and_ticket(window)
    ticket.require_may("finish")
    if outcome is None and not change.recorded and change.setup.settings["outcome_required"] == "on":
        raise RuleError("bad_value", field="outcome", value=None, why="empty")
    require_valid_delivered_services(change, delivered)
    steps = [*(change.setup.service_by_code(code).code for code in then), *ticket.steps]
    change.record(
        "finish",
        ticket=ticket,
        window=window,
        staff=at.staff,
        outcome=outcome,
        note=note,
        form_free=form_free or None,
        delivered=list(delivered) or None,
        start_assumed=True if ticket.state is TicketState.CALLED else None,
        then=list(then) or None,
        credit_s=change.credit_s_after_moving_to(ticket, steps[0]) if steps else None,
    )
    return ticket_document_after_change(change, ticket)


def require_valid_delivered_services(change: HallChange, delivered: Sequence[str]) -> None:
    """Raise RuleError "unknown_service" or "bad_value" unless each of `delivered` is a service's code, or one with a
    count such as "A:2"."""
    for text in delivered:
        code, colon, count = text.partition(":")
        change.setup.service_by_code(code)
        if colon and not (count.isdecimal() and int(count[:9]) > 0):
            raise RuleError("bad_value", field="delivered", value=text, why="not_a_number")


@runs_in_transaction("reopen")
def reopen_last_ticket(change: HallChange, window: str) -> Document:
    """Resume serving the last ticket finished at the window, if it is not rated. Raises RuleError "nothing_to_reopen",
    "already_rated", "window_closed", "window_paused", "window_busy", "not_your_window"."""
    at = require_free_window(change, window)
    ticket = change.book.find_ticket(at.last) if at.last else None
    if (
        ticket is None
        or ticket.date != change.date
        or ticket.state is not TicketState.FINISHED
        or ticket.current_leg.window != window
    ):
        raise RuleError("nothing_to_reopen", window=window)
    if ticket.rating is not None:
        raise RuleError("already_rated", ticket=ticket.label)
    change.record("reopen", ticket=ticket, window=window, staff=at.staff)
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("add")
def add_service_to_visit(change: HallChange, window: str, service: str) -> Document:
    """Add a service to the visit, right after the present one. Raises RuleError "unknown_service" and as
    finish_service()."""
    at, ticket = change.window_and_ticket(window)
    change.setup.service_by_code(service)
    ticket.require_may("add")
    change.record("add", ticket=ticket, window=window, staff=at.staff, added=service)
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("stall")
def record_wait_for_other_system(change: HallChange, window: str, *, reason: str) -> Document:
    """Record that another system keeps the customer waiting; the time does not count as handling. Raises RuleError
    "already_stalled", "reason_needed" and as finish_service()."""
    at, ticket = change.window_and_ticket(window)
    ticket.require_may("stall")
    if ticket.stalled_since is not None:
        raise RuleError("already_stalled", ticket=ticket.label)
    change.record("stall", ticket=ticket, window=window, staff=at.staff, reason=change.required_reason(reason))
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("unstall")
def end_stall_by_other_system(change: HallChange, window: str) -> Document:
    """Record that the other system is back. Raises RuleError "not_stalled" and as finish_service()."""
    at, ticket = change.window_and_ticket(window)
    ticket.require_may("unstall")
    if ticket.stalled_since is None:
        raise RuleError("not_stalled", ticket=ticket.label)
    change.record("unstall", ticket=ticket, window=window, staff=at.staff)
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("park")
def park_ticket(change: HallChange, window: str, *, reason: str) -> Document:
    """Set the customer aside: the window becomes free, and any window may take the ticket back. Raises RuleError
    "reason_needed" and as finish_service()."""
    at, ticket = change.window_and_ticket(window)
    ticket.require_may("park")
    change.record("park", ticket=ticket, window=window, staff=at.staff, reason=change.required_reason(reason))
    return ticket_document_after_change(change, ticket)


@runs_in_transaction("unpark")
def serve_parked_ticket(change: HallChange, window: str, ticket: str, *, day: date | None = None) -> Document:
    """Serve a parked ticket at a free window that can serve it. Raises RuleError "cannot_serve", "wrong_state",
    "unknown_ticket" and as require_free_window()."""
    at = require_free_window(change, window)
    parked = change.ticket_by_label(ticket, day)
    parked.require_may("unpark")
    require_window_serves_service(change, at, parked.service, ticket)
    change.record("unpark", ticket=parked, window=window, staff=at.staff)
    return ticket_document_after_change(change, parked)
