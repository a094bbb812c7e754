"""Issues tickets, also to customers who come back, and counts those who lack papers or take another channel.

With the rule of one number a person, a customer who gives a reference gets no second ticket for a service before the
first is served, or that day. Only a digest of the reference is stored, with a salt of the day, until the day's end;
it is stored with the answers to command ids, which every PC may write and no backup holds."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import asdict

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.state import TICKETS
from queuedesk.core.network.roles import Role
from queuedesk.core.queue import hallday, offers
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.queue.appointment import Appointment
from queuedesk.core.queue.hallday import business_date, opening_spans_on
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.core.waits.quote import position_and_promise
from queuedesk.desk import change as changes
from queuedesk.store.log import events
from queuedesk.store.parts import halls, tickets

# -- customers who come back: their earlier ticket, and the early place of a deferred one ------------------------------

OPENING_LOOKED_FOR_DAYS = 15


def early_place(setup: Setup, before: ticket_records.Ticket, today: date, *, used: bool) -> datetime | None:
    """Return the early place of a customer who comes back today for the ticket `before`, None for an ordinary place. It
    is given once, on the next open day after the ticket was deferred; `used`: it was given already."""
    if used or "deferred" not in before.flags or _next_open_day_of_service(setup, before) != today:
        return None
    return before.arrived


def earlier_ticket_and_early_place(
    desk: changes.Desk, label: str, day: date, now: datetime, *, token: str | None = None
) -> changes.Document:
    """Return service, item and state of an earlier ticket, and the early place of a customer who comes back for it.
    `token` are the letters of a scanned code, which must match. Raises RuleError "return_ticket_unknown"."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        before = tickets.find_ticket(tx, desk.hall, (day, label))
        if before is None or (token is not None and token != before.token):
            raise RuleError("return_ticket_unknown", ticket=label)
        today = business_date(setup, now)
        used = bool(
            tickets.count_return_tickets(tx, desk.hall, today, ticket_records.log_name_of_dated_ticket(label, day))
        )
    place = early_place(setup, before, today, used=used)
    return {
        "ticket": label,
        "date": day.isoformat(),
        "service": before.service,
        "item": before.item,
        "state": str(before.state),
        "early_place": changes.iso_local(setup, place),
    }


def _next_open_day_of_service(setup: Setup, ticket: ticket_records.Ticket) -> date | None:
    service = setup.services.get(ticket.service)
    if service is None:
        return None  # The service was removed from the set-up.
    days = (ticket.date + timedelta(days=n) for n in range(1, OPENING_LOOKED_FOR_DAYS))
    return next((day for day in days if opening_spans_on(setup, service, day)), None)


@changes.runs_in_transaction("issue")
def issue_ticket(
    change: changes.HallChange,
    service: str,
    *,
    klass: str = "normal",
    item: str | None = None,
    then: Sequence[str] = (),
    guide: str | None = None,
    return_of: tuple[str, date] | None = None,
    ref: str | None = None,
    repeat: bool = False,
    need: str = "",
    speaks: str = "",
    label: str | None = None,
    late: bool = False,
    person: str | None = None,
    waive: str = "",
) -> changes.Document:
    """Issue a numbered ticket for `service`; `then` adds further services to the visit. `return_of` is an earlier
    ticket as (number, date); `repeat`: the customer was here before and had to fetch papers; `need`, one of NEEDS, is
    why the customer is fetched in person; `speaks` is one of the set-up's `spoken` languages; `label` is the number of
    a recorded ticket. `late`: issue it even if it will not be called before closing and the hall has stopped issuing.
    `person` is a reference only for the rule of one number a person, and is not stored in an event; with that rule a
    `ref` without `person` stands for it and is not either. `waive` is why staff give a ticket against that rule, or
    without a reference. `reach` of the document: it may not be called before closing ("doubtful"), or probably will not
    ("too_late").

    Raises RuleError "unknown_service", "unknown_item", "unknown_class", "unknown_staff", "service_closed",
    "last_ticket", "message_only", "quota_full", "line_full", "no_time_left", "series_full", "return_ticket_unknown",
    and by the rule of one number a person "has_number" (ticket, state, ahead), "not_your_role"."""
    if waive and change.who.role in (Role.STATION, Role.CUSTOMER):
        raise RuleError("not_your_role", verb="issue", role=str(change.who.role))
    person_key = (
        persons_ticket_key_if_allowed(change, service, person or ref, is_waived=bool(waive)) if ref or person else ""
    )
    for code in (service, *then):
        spec = change.setup.service_by_code(code)
        if not change.recorded:
            base = offers.service_ticket_offer_to_customer(
                change.setup, spec, change.now, change.date, lambda asked: _count_tickets_for_limits(change, asked)
            )
            base.require_ticket_given()
            if not late and change.setup.settings["closing"] == offers.STOP:
                offers.offer_or_refusal_if_too_late(
                    change.current_hall_state(), base, change.now, change.date
                ).require_ticket_given()
    document = issue_regardless_of_limits(
        change,
        service,
        klass=klass,
        item=item,
        then=then,
        guide=guide,
        return_of=return_of,
        ref=None if person_key and not person else ref,
        repeat=repeat,
        need=need,
        speaks=speaks,
        label=label,
        waive=waive,
    )
    if person_key:
        store_ticket_of_person(change, person_key, document["ticket"])
    return document


def issue_regardless_of_limits(
    change: changes.HallChange,
    service: str,
    *,
    klass: str,
    item: str | None = None,
    then: Sequence[str] = (),
    guide: str | None = None,
    return_of: tuple[str, date] | None = None,
    ref: str | None = None,
    repeat: bool = False,
    need: str = "",
    speaks: str = "",
    label: str | None = None,
    waive: str = "",
    appointment: Appointment | None = None,
) -> changes.Document:
    """Issue a ticket as part of a change, regardless of hours, quotas and full lines; otherwise as issue_ticket(). The
    time of an `appointment` is its ticket's place."""
    spec = change.setup.service_by_code(service)
    if item is not None:
        spec.item_by_code(item)
    require_known_need(need)
    if speaks and speaks not in change.setup.staff_languages:
        raise RuleError(
            "bad_value", field="speaks", value=speaks, why="not_a_choice", limit=list(change.setup.staff_languages)
        )
    credit_s = change.setup.credit_s(change.setup.class_by_code(klass).code, service)
    place = change.now
    if return_of is not None:
        place = _place_of_returning_customer(change, *return_of)
    not_before = None
    if appointment is not None:
        place = appointment.at
        early = appointment.earliest_call_at(change.setup)
        not_before = early if early > change.now else None
    # The quoted wait needs the hall in memory anyway, which also has the last numbers.
    state = change.current_hall_state()
    prefix, number, label = number_of_next_or_labelled_ticket(
        change, spec, label, lambda prefix: state.series.get((change.date, prefix))
    )
    seq = change.book.hall_counters().seq + 1
    new = ticket_records.LineTicket(
        date=change.date,
        label=label,
        service=service,
        place=place,
        turn=ticket_records.turn_from_issuing_event(seq),
        credit_s=credit_s,
        not_before=not_before,
        item=item,
        flags=ticket_records.need_and_language_flags("", speaks),
    )
    standing, promise = position_and_promise(state, new, change.now, change.silent)
    reach = (
        offers.CallBeforeClosingVerdict.IN_TIME
        if change.recorded
        else offers.called_before_closing_verdict(change.setup, spec, standing.wait, change.now)
    )
    event = change.record(
        "issue",
        ticket=(change.date, label),
        service=service,
        prefix=prefix,
        number=number,
        token=change.tokens(change.date, label),
        item=item,
        credit_s=credit_s or None,
        steps=list(then) or None,
        guide=_issuing_front_desk_staff_code(change, guide),
        return_of=ticket_records.log_name_of_dated_ticket(*return_of) if return_of else None,
        ref=ref,
        waive=waive or None,
        repeat=repeat or None,
        need=need or None,
        speaks=speaks or None,
        place=utc_stamp(place) if place != change.now else None,
        promise=_quote_event_data(promise),
        appointment=appointment.seq if appointment is not None else None,
        not_before=utc_stamp(not_before) if not_before is not None else None,
        closing=None if reach is offers.CallBeforeClosingVerdict.IN_TIME else str(reach),
        **{"class": klass},
    )
    document = changes.ticket_document(
        change.setup, change.book.get_record(TICKETS, (change.date, event.ticket or "")), standing
    )
    return document if reach is offers.CallBeforeClosingVerdict.IN_TIME else {**document, "reach": str(reach)}


def require_known_need(need: str) -> None:
    """Raise RuleError "bad_value" unless `need` is one of NEEDS or ""."""
    if need and need not in ticket_records.NEEDS:
        raise RuleError("bad_value", field="need", value=need, why="not_a_choice", limit=list(ticket_records.NEEDS))


@changes.runs_in_transaction("need")
def set_fetching_need(
    change: changes.HallChange, ticket: str, need: str, *, day: date | None = None
) -> changes.Document:
    """Record why a customer is fetched in person, one of NEEDS, or "" for no need; by phone only if the hall allows it.
    Raises RuleError "bad_value", "not_your_role", "wrong_state", "unknown_ticket"."""
    require_known_need(need)
    if change.who.role is Role.CUSTOMER and not change.setup.is_rule_on("web_fetch"):
        raise RuleError("not_your_role", verb="need", role=str(change.who.role))
    current = change.ticket_by_label(ticket, day)
    current.require_may("need")
    change.record("need", ticket=current, need=need)
    return {**changes.ticket_document_after_change(change, current), "need": need}


@changes.runs_in_transaction("fetched")
def record_customer_fetched(change: changes.HallChange, ticket: str, *, day: date | None = None) -> changes.Document:
    """Record that a customer was fetched for the present line. Raises RuleError "no_need" without a need,
    "wrong_state", "unknown_ticket"."""
    current = change.ticket_by_label(ticket, day)
    if not current.fetch_reason:
        raise RuleError("no_need", ticket=ticket)
    current.require_may("fetched")
    change.record("need", ticket=current, fetched=True)
    return {**changes.ticket_document_after_change(change, current), "need": current.fetch_reason}


@changes.runs_in_transaction("not-ready")
def record_visitor_not_ready(
    change: changes.HallChange, service: str, *, item: str | None = None, guide: str | None = None
) -> changes.Document:
    """Record a visitor who lacked papers and gets no ticket. Raises RuleError "unknown_service", "unknown_item",
    "unknown_staff"."""
    spec = change.setup.service_by_code(service)
    if item is not None:
        spec.item_by_code(item)
    change.record("not-ready", service=service, item=item, guide=_issuing_front_desk_staff_code(change, guide))
    return {
        "service": service,
        "item": item,
        "papers": [p.name for p in (spec.item_by_code(item) if item else spec).papers],
    }


def number_of_next_or_labelled_ticket(
    change: changes.HallChange, spec: Service, label: str | None, last_of: hallday.LastOf
) -> tuple[str, int | None, str]:
    """Return prefix, number and label of the service's next ticket, or of the recorded ticket `label`. A recorded label
    outside the series has no number. Raises RuleError "series_full", "already_given"."""
    if label is None:
        prefix, number = hallday.next_prefix_and_number(change.setup, spec, change.now, last_of)
        while change.book.was_ticket_issued((change.date, hallday.ticket_label_text(prefix, number))):
            number = hallday.next_number(spec, number)  # Used on paper and entered afterwards.
        return prefix, number, hallday.ticket_label_text(prefix, number)
    if change.book.was_ticket_issued((change.date, label)):
        raise RuleError("already_given", ticket=label, date=change.date)
    prefix, given = hallday.split_ticket_label(label) or ("", 0)
    is_of_series = prefix in hallday.series_prefixes_of(spec) and given <= hallday.LAST
    return (prefix, max(given, last_of(prefix) or 0), label) if is_of_series else (spec.prefix, None, label)


def _quote_event_data(promise: ticket_records.WaitPromise) -> dict[str, object]:
    data = {name: value for name, value in asdict(promise).items() if value is not None}
    if promise.bounds:
        data["bounds"] = list(promise.bounds)
    else:
        del data["bounds"]
    if promise.made_of is not None:
        data["made_of"] = promise.made_of.log_row()
    return data


def _count_tickets_for_limits(change: changes.HallChange, service: Service) -> offers.LimitedServiceCounts:
    """Count the tickets that the service's limits apply to; without a limit they are not counted."""
    tx, hall, code = change.tx, change.book.id, service.code
    return offers.LimitedServiceCounts(
        given=None if service.quota is None else tickets.count_quota_tickets(tx, hall, change.date, code),
        waiting=None if service.line_limit is None else tickets.count_waiting(tx, hall, code),
    )


def _issuing_front_desk_staff_code(change: changes.HallChange, guide: str | None) -> str | None:
    if guide is not None:
        return change.setup.person_by_code(guide).code
    return change.who.name if change.who.role is Role.GUIDE else None


def _place_of_returning_customer(change: changes.HallChange, label: str, day: date) -> datetime:
    """Return the place of a customer who comes back for an earlier ticket, as early_place(), else now."""
    before = change.book.find_ticket((day, label))
    if before is None:
        raise RuleError("return_ticket_unknown", ticket=label)
    used = bool(
        tickets.count_return_tickets(
            change.tx, change.book.id, change.date, ticket_records.log_name_of_dated_ticket(label, day)
        )
    )
    return early_place(change.setup, before, change.date, used=used) or change.now


# -- other channels that customers are offered, and whether they accept ------------------------------------------------


@changes.runs_in_transaction("offer")
def record_offered_channel(
    change: changes.HallChange,
    service: str,
    *,
    to: str,
    declined: bool = False,
    ticket: str | None = None,
    item: str | None = None,
) -> changes.Document:
    """Record that a customer for `service` was offered the channel `to`, and whether they accepted; no ticket changes.
    `ticket` is the customer's number of today, if any; `item` is by default that of the ticket. Raises RuleError
    "unknown_service", "unknown_item", "bad_value", "unknown_ticket"."""
    spec = change.setup.service_by_code(service)
    if item is not None:
        spec.item_by_code(item)
    if to not in CHANNELS:
        raise RuleError("bad_value", field="to", value=to, why="not_a_choice", limit=list(CHANNELS))
    current = change.ticket_by_label(ticket) if ticket is not None else None
    if item is None and current is not None and current.service == service:
        item = current.item
    about = {} if item is None else {"item": item}
    change.record("offer", ticket=current and current.id, service=service, to=to, accepted=not declined, **about)
    return {"service": service, **about, "to": to, "accepted": not declined}


_WAITING_STATES = (ticket_records.TicketState.WAITING, ticket_records.TicketState.CALLED)
# References are short: a fast digest could be reversed by trying all of them.
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**12, 8, 1


def persons_ticket_key_if_allowed(
    change: changes.HallChange, service: str, reference: str | None, *, is_waived: bool = False
) -> str:
    """Return the key under which a person's ticket for a service is stored, "" without the rule of one number a person
    or without a reference. Raises RuleError "has_number" if that ticket counts and nobody waives the rule."""
    plain = "".join(sign for sign in half_width_text(reference or "").upper() if sign.isalnum())
    if not plain or change.recorded or change.setup.settings["one_number"] == "off":
        return ""
    text = f"{service} {plain}".encode()
    digest = hashlib.scrypt(
        text, salt=_get_or_create_salt_of_day(change).encode(), n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P, dklen=16
    )
    key = f"{events.ONE_NUMBER}{digest.hex()}"
    stored = events.answer_of_command(change.tx, change.book.id, key)
    ticket = change.book.find_ticket((change.date, stored[1]["ticket"])) if stored is not None else None
    if ticket is not None and not is_waived and _blocks_second_ticket(change, ticket):
        ahead = (
            change.line_position_of_ticket(ticket).ahead_and_coming_count
            if ticket.state is ticket_records.TicketState.WAITING
            else None
        )
        raise RuleError("has_number", ticket=ticket.label, service=service, state=str(ticket.state), ahead=ahead)
    return key


def _blocks_second_ticket(change: changes.HallChange, ticket: ticket_records.Ticket) -> bool:
    """Whether a ticket stands against a second one; a missed one does as long as it can be called again."""
    if ticket.state is ticket_records.TicketState.MISSED:
        return ticket.may_be_reinstated(limit_of_returns(change, ticket))
    if ticket.state in (ticket_records.TicketState.LEFT, ticket_records.TicketState.VOID):
        return False
    return ticket.state in _WAITING_STATES or change.setup.settings["one_number"] == "day"


def limit_of_returns(change: changes.HallChange, ticket: ticket_records.Ticket) -> int | None:
    """Return how often a ticket may come back into its line, None where nothing limits it."""
    service = change.setup.services.get(ticket.service)
    return None if service is None else service.max_returns


def store_ticket_of_person(change: changes.HallChange, key: str, ticket: str) -> None:
    """Store a person's ticket under persons_ticket_key_if_allowed(), until the day's end."""
    events.replace_stored_answer(
        change.tx, change.book.id, key, seq=change.book.hall_counters().seq, document={"ticket": ticket}
    )


def _get_or_create_salt_of_day(change: changes.HallChange) -> str:
    key = f"{events.ONE_NUMBER}salt"
    stored = events.answer_of_command(change.tx, change.book.id, key)
    if stored is not None:
        return str(stored[1]["salt"])
    # A simulated hall must be reproducible.
    salt = change.date.isoformat() if change.salts() is None else secrets.token_hex(16)
    events.store_command_answer(
        change.tx, change.book.id, key, words="", seq=change.book.hall_counters().seq, document={"salt": salt}
    )
    return salt
