"""Text messages that the hall's own gateway is to send: which there are, to whom, and which were handed over. Nothing
is sent from here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import APPOINTMENTS, HallState
from queuedesk.core.quality.case import is_phone_number, mask_contact, normalized_contact
from queuedesk.core.queue.appointment import Appointment
from queuedesk.core.queue.overview import line_position_and_wait, set_up
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.looking import hall_state_now
from queuedesk.desk.reading import new_id_and_salt
from queuedesk.desk.talk.messaging import people_of_warning, warnings_sent_to_staff_between
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events, journal
from queuedesk.store.parts import part_tables, tickets

WARNING, JOINED, NEAR, CALLED, AFTER = "warning", "joined", "near", "called", "after"
KINDS = (WARNING, JOINED, NEAR, CALLED, AFTER)
HOLDS = {
    WARNING: timedelta(hours=1),
    JOINED: timedelta(minutes=30),
    NEAR: timedelta(minutes=10),
    CALLED: timedelta(minutes=5),
    AFTER: timedelta(hours=12),
}
"""So long each is worth being sent."""
NEAR_AHEAD = 2
"""With no more people than this ahead a customer is near."""


class CustomerOrStaffGatewayMessage(Struct, frozen=True, kw_only=True):
    """One message: `id` names it for ever, `number` is whole, `until` is when it is worth nothing any more. A warning
    is to `staff` about the row `warning`; others are about a `ticket`, with the people `ahead`, the `window`."""

    id: str
    kind: str
    at: datetime
    until: datetime
    number: str
    staff: str = ""
    warning: Document | None = None
    ticket: str = ""
    service: str = ""
    ahead: int = 0
    window: str = ""


class PendingGatewayTexts(Struct, frozen=True):
    """What may go now, the oldest first, and how many warnings do not, as no number of those people is kept."""

    setup: Setup
    texts: tuple[CustomerOrStaffGatewayMessage, ...]
    without_number: int


# -- numbers of staff --------------------------------------------------------------------------------------------------


@runs_in_transaction("texts")
def set_staff_phone_number(change: HallChange, staff: str, contact: str) -> Document:
    """Keep the number to which somebody's warnings go, beside the log; an empty one deletes it. Raises RuleError
    "unknown_staff", "bad_contact"."""
    change.setup.person_by_code(staff)
    kept = None
    number = ""
    if contact.strip():
        number = normalized_contact(contact)
        if not is_phone_number(number):
            raise RuleError("bad_contact")
    journal.delete_staff_phone_number(change.tx, change.book.id, staff)
    if number:
        id, salt = new_id_and_salt(change, number)
        journal.store_staff_phone_number(change.tx, change.book.id, id, salt=salt, staff=staff, number=number)
        kept = f"{id}:{hashlib.sha256((salt + staff + number).encode()).hexdigest()}"
    change.record("texts", staff=staff, contact=kept)
    return {"staff": staff, "number": mask_contact(number) if number else None}


def masked_staff_phone_numbers(desk: Desk) -> dict[str, str]:
    """Return the numbers of staff, masked, by their codes."""
    with desk.db.read() as tx:
        return {staff: mask_contact(number) for staff, number in journal.staff_phone_numbers(tx, desk.hall).items()}


# -- what there is to send ---------------------------------------------------------------------------------------------


def pending_gateway_texts(desk: Desk, ask: Ask, *, again: int | None = None) -> PendingGatewayTexts:
    """Return the messages that are worth sending now and were in no export; with `again` those of that export. Raises
    RuleError "not_there" for an export that there is not."""
    state = hall_state_now(desk, ask.now)
    setup = set_up(state)
    day = setup.to_hall_time(ask.now).date()
    with desk.db.read() as tx:
        gone, repeated = _exported_text_ids(tx, desk.hall, day, again)
        numbers = journal.staff_phone_numbers(tx, desk.hall)
        visits = _visits_wanting_texts(tx, desk.hall, setup, day)
    texts, without = [], 0
    for row in warnings_sent_to_staff_between(desk, ask.who, day - timedelta(days=1), ask.now, last=day):
        if row["acknowledged"] or row["ended"]:
            continue
        at = datetime.fromisoformat(row["at"])
        for staff in people_of_warning(row):
            if staff not in numbers:
                without += at + HOLDS[WARNING] > ask.now
                continue
            number = _phone_digits_for_gateway(numbers[staff])
            one = CustomerOrStaffGatewayMessage(
                id=f"w{row['alarm']}-{staff}", kind=WARNING, at=at, until=at, number=number, staff=staff
            )
            texts.append(replace(one, warning=row))
    for booked, ticket, number in visits:
        texts += _gateway_texts_to_customer(state, booked, ticket, _phone_digits_for_gateway(number), ask.now)
    held = (replace(one, until=one.at + HOLDS[one.kind]) for one in texts)
    chosen = [
        one for one in held if one.until > ask.now and (one.id in repeated if again is not None else one.id not in gone)
    ]
    return PendingGatewayTexts(setup, tuple(sorted(chosen, key=lambda one: (one.at, one.id))), without)


def _gateway_texts_to_customer(
    state: HallState, booked: Appointment, ticket: Ticket, number: str, now: datetime
) -> list[CustomerOrStaffGatewayMessage]:
    """Return a customer's messages as the ticket stands: only the latest of them is worth anything."""
    leg = ticket.legs[-1]
    common: dict[str, Any] = {"number": number, "ticket": ticket.label, "service": ticket.service}

    def single_text_list(kind: str, at: datetime, **more: Any) -> list[CustomerOrStaffGatewayMessage]:
        id = f"{kind[0]}{booked.seq}-{leg.n}"
        return [CustomerOrStaffGatewayMessage(id=id, kind=kind, at=at, until=at, **common, **more)]

    if ticket.state is TicketState.WAITING:
        ahead = line_position_and_wait(state, ticket, now).ahead_and_coming_count
        if ahead <= NEAR_AHEAD:
            return single_text_list(NEAR, now, ahead=ahead)
        return single_text_list(JOINED, leg.joined, ahead=ahead)
    if ticket.state is TicketState.CALLED and leg.called is not None:
        return single_text_list(CALLED, leg.called, window=leg.window or "")
    if ticket.state is TicketState.FINISHED and leg.finished is not None:
        return single_text_list(AFTER, leg.finished)
    return []


def _visits_wanting_texts(tx: Transaction, hall: int, setup: Setup, day: date) -> list[tuple[Appointment, Ticket, str]]:
    """Return whose visits are told of today: customers who left a number with their appointment, where the hall's rule
    says that they were asked; numbers whose date has come are none."""
    if not setup.is_rule_on("customer_texts"):
        return []
    came = {
        one.person_id: one
        for one in part_tables.objects_of_days(tx, hall, APPOINTMENTS, day, day).values()
        if one.ticket and one.person_id
    }
    kept = journal.stored_contacts_by_id(tx, hall, list(came), day)
    found = []
    for id, (_name, number) in kept.items():
        ticket = tickets.find_ticket(tx, hall, (came[id].date, came[id].ticket or ""))
        if is_phone_number(number) and ticket is not None:
            found.append((came[id], ticket, number))
    return found


def _exported_text_ids(tx: Transaction, hall: int, day: date, again: int | None) -> tuple[set[str], set[str]]:
    """Return the ids of messages that were handed over, and those of the export `again`."""
    log = events.events_of_dates(tx, hall, day - timedelta(days=2), day, ("texts",))
    exports = {event.seq: event.data["messages"] for event in log if "messages" in event.data}
    if again is not None and again not in exports:
        raise RuleError("not_there", kind="export", code=str(again))
    return {id for ids in exports.values() for id in ids}, set(exports.get(again or 0, ()))


# -- handing over ------------------------------------------------------------------------------------------------------


@runs_in_transaction("texts")
def hand_over_messages(
    change: HallChange, ids: Sequence[str], write: Callable[[Sequence[str]], object], *, again: int | None = None
) -> Document:
    """Let `write` put messages into a file, and note in the log that they were handed over: each once, unless an export
    is repeated. What `write` raises leaves nothing noted, and nothing lost."""
    gone, _repeated = _exported_text_ids(change.tx, change.book.id, change.date, None)
    fresh = [id for id in ids if again is not None or id not in gone]
    write(fresh)
    if not fresh:
        return {"export": None, "messages": 0}
    event = change.record("texts", messages=fresh, again=again)
    return {"export": event.seq, "messages": len(fresh)}


def _phone_digits_for_gateway(number: str) -> str:
    """Return a number as digits only, 00 instead of the plus, as a spreadsheet reads a leading plus as a formula."""
    return ("00" if number.strip().startswith("+") else "") + re.sub(r"[^0-9]", "", number)
