"""Books, moves and cancels a time by the web: the same appointments as at the front desk, each with a code for whoever
made it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.features import import_reference
from queuedesk.core.log.state import APPOINTMENTS
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.features.web import tables
from queuedesk.features.web.rules import MOST_OPEN, BookingSlot, bookable_dates, booking_slots_on
from queuedesk.features.web.verbs.visits import visit_link_secret
from queuedesk.store.parts import halls, part_tables

CODE_LETTERS = "23456789ABCDEFGHJKMNPRTUVWXY"
CODE_LENGTH = 10
KEPT_AFTER = timedelta(days=1)
LONGEST_CONTACT = 60


def slots_of_day(desk: Desk, service: str, day: date, now: datetime) -> list[BookingSlot]:
    """Return the times of a date. Raises RuleError "unknown_service", "appointments_off"."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        booked = part_tables.objects_of_days(tx, desk.hall, APPOINTMENTS, day, day).values()
    _require_appointments(setup)
    return booking_slots_on(setup, setup.service_by_code(service), day, booked, now)


def first_day_with_room(desk: Desk, service: str, now: datetime) -> date | None:
    """Return the first date with a free time. Raises RuleError "unknown_service", "appointments_off"."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        _require_appointments(setup)
        days = bookable_dates(setup, now)
        booked = part_tables.objects_of_days(tx, desk.hall, APPOINTMENTS, days[0], days[-1]).values()
    spec = setup.service_by_code(service)
    for day in days:
        if any(
            slot.is_free for slot in booking_slots_on(setup, spec, day, [one for one in booked if one.date == day], now)
        ):
            return day
    return None


def booked_appointment(desk: Desk, code: str) -> Appointment:
    """Return the appointment that a code stands for. Raises RuleError "web_code_unknown"."""
    with desk.db.read() as tx:
        found = tables.booked_number_and_contact_digest(tx, desk.hall, _code_digest(code))
        one = None if found is None else part_tables.find_object(tx, desk.hall, APPOINTMENTS, found[0])
    if one is None:
        raise RuleError("web_code_unknown")
    return one


def contact_digest(desk: Desk, contact: str) -> str:
    """Return by what a contact is known again without being stored, "" for none."""
    plain = re.sub(r"[\s\-/.()]", "", contact).casefold()
    return hmac.new(visit_link_secret(desk), f"contact|{plain}".encode(), hashlib.sha256).hexdigest() if plain else ""


@runs_in_transaction("book")
def book_time(change: HallChange, service: str, at: datetime, *, contact: str, known_by: str) -> Document:
    """Book a time for a customer; `known_by` is the contact's digest. The answer has the code, which is kept nowhere.

    Raises RuleError "appointments_off", "unknown_service", "web_no_such_time", "web_time_taken", "web_booked_enough",
    and as the front desk's booking."""
    if len(contact) > LONGEST_CONTACT:
        raise RuleError("bad_value", field="contact", value=contact[:20], why="too_long")
    if known_by and _open_booking_count_of_contact(change, known_by) >= MOST_OPEN:
        raise RuleError("web_booked_enough", n=MOST_OPEN)
    code = "".join(secrets.choice(CODE_LETTERS) for _n in range(CODE_LENGTH))
    return {
        **_book_appointment(change, service, at, contact=contact, code=_code_digest(code), known_by=known_by),
        "code": code,
    }


@runs_in_transaction("unbook")
def cancel_booked_time(change: HallChange, code: str, *, reason: str) -> Document:
    """Cancel the appointment of a code. Raises RuleError "web_code_unknown", "appointment_over"."""
    number, _contact = _require_booked_number_and_contact(change, code)
    document = _appointment_verb("cancel_appointment_in_change")(change, number, reason=reason)
    tables.delete_booking(change.tx, change.book.id, number)
    return document


@runs_in_transaction("book")
def move_booked_time(change: HallChange, code: str, at: datetime, *, reason: str) -> Document:
    """Move the appointment of a code to another time of its service: one is cancelled, another booked, the code stays.
    The contact goes with the first. Raises RuleError "web_code_unknown", "appointment_over", and as book_time()."""
    number, known_by = _require_booked_number_and_contact(change, code)
    service = change.book.get_record(APPOINTMENTS, number).service
    _appointment_verb("cancel_appointment_in_change")(change, number, reason=reason)
    tables.delete_booking(change.tx, change.book.id, number)
    return _book_appointment(change, service, at, contact="", code=_code_digest(code), known_by=known_by)


def _book_appointment(
    change: HallChange, service: str, at: datetime, *, contact: str, code: str, known_by: str
) -> Document:
    setup = change.setup
    _require_appointments(setup)
    spec, day = setup.service_by_code(service), business_date(setup, at)
    if not (min(days := bookable_dates(setup, change.now)) <= day <= max(days)):
        raise RuleError("web_no_such_time")
    booked = part_tables.objects_of_days(change.tx, change.book.id, APPOINTMENTS, day, day).values()
    slot = next((slot for slot in booking_slots_on(setup, spec, day, booked, change.now) if slot.at == at), None)
    if slot is None:
        raise RuleError("web_no_such_time")
    if not slot.is_free:
        raise RuleError("web_time_taken")
    wish = _appointment_verb("AppointmentRequest")(service=service, at=at, contact=contact)
    document = _appointment_verb("book_appointment_in_change")(change, wish)
    tables.delete_bookings_before(change.tx, change.book.id, change.date)
    tables.add_booking(
        change.tx, change.book.id, document["appointment"], code=code, contact=known_by, until=day + KEPT_AFTER
    )
    return {"appointment": document["appointment"], "at": iso_local(setup, at), "service": service}


def _require_booked_number_and_contact(change: HallChange, code: str) -> tuple[int, str]:
    _require_appointments(change.setup)
    found = tables.booked_number_and_contact_digest(change.tx, change.book.id, _code_digest(code))
    if found is None:
        raise RuleError("web_code_unknown")
    return found


def _open_booking_count_of_contact(change: HallChange, known_by: str) -> int:
    numbers = tables.booked_numbers_of_contact(change.tx, change.book.id, known_by)
    found = (change.book.find_record(APPOINTMENTS, number) for number in numbers)
    return sum(one is not None and one.state is AppointmentState.BOOKED and one.at > change.now for one in found)


def _require_appointments(setup: Setup) -> None:
    if not setup.has_feature("appointments"):
        raise RuleError("appointments_off")


def _code_digest(code: str) -> str:
    plain = re.sub(r"[^0-9A-Z]", "", code.upper())
    return hashlib.sha256(f"booking|{plain}".encode()).hexdigest()


def _appointment_verb(name: str) -> Callable[..., Any]:
    """Return what the feature of appointments offers under a name; it is there, as the hall uses it."""
    named: Callable[..., Any] = import_reference(f"features.appointments.verbs:{name}")
    return named
