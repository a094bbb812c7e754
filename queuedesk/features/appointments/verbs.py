"""Appointments: keeps a time, gives a number to whoever comes, cancels."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import require_storable, utc_stamp
from queuedesk.core.log.state import APPOINTMENTS
from queuedesk.core.queue import hallday
from queuedesk.core.queue.appointment import Appointment, AppointmentState, hall_time_text
from queuedesk.core.queue.offers import LimitedServiceCounts, service_ticket_offer_to_customer
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document, HallChange, iso_local, request_time, runs_in_transaction
from queuedesk.desk.queue import issuing
from queuedesk.features.appointments.rules import appointment_class, parse_hall_moment, require_appointment_not_over
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables

if TYPE_CHECKING:
    from queuedesk.files.table import TableRow

LONGEST_NAME = 60
FARTHEST = timedelta(days=3660)
"""A time farther off is a slip of the pen."""


class AppointmentRequest(Struct, frozen=True, kw_only=True):
    """A requested appointment. `at` is aware; name and contact are kept outside the log, and only for a time."""

    service: str
    at: datetime
    item: str | None = None
    klass: str | None = None
    ref: str | None = None
    name: str = ""
    contact: str = ""


@runs_in_transaction("book")
def book_appointment(change: HallChange, wish: AppointmentRequest) -> Document:
    """Book an appointment.

    Raises RuleError "unknown_service", "unknown_item", "unknown_class", "message_only", "service_closed",
    "appointment_past", "bad_value", "already_booked" for a reference that is booked for that date."""
    return book_appointment_in_change(change, wish)


def book_appointment_in_change(change: HallChange, wish: AppointmentRequest) -> Document:
    """Book an appointment inside another change. Raises as book_appointment()."""
    return _appointment_document(change.setup, _record_booking(change, wish), {})


@runs_in_transaction("book")
def book_all_or_none(change: HallChange, wishes: Mapping[int, AppointmentRequest], *, path: str) -> Document:
    """Book an appointment for each row of a file, all or none; keys are their lines. Raises RuleError "bad_rows" with
    every line that is refused."""
    wrong: dict[int, RuleError] = {}
    for line, wish in wishes.items():
        try:
            _require_valid_entry(change, wish)
        except RuleError as error:
            wrong[line] = error
    doubles = _wishes_with_repeated_reference(
        change.setup, {line: wish for line, wish in wishes.items() if line not in wrong}
    )
    for line, wish in doubles.items():
        wrong[line] = RuleError("already_booked", ref=wish.ref, date=_business_date_of_moment(change.setup, wish.at))
    if wrong:
        raise RuleError("bad_rows", path=path, lines=tuple(sorted(wrong.items())))
    return {"booked": [_record_booking(change, wish).seq for wish in wishes.values()]}


@runs_in_transaction("unbook")
def cancel_appointment(change: HallChange, number: int, *, reason: str) -> Document:
    """Cancel an appointment. Raises RuleError "not_there", "reason_needed", "appointment_over"."""
    return cancel_appointment_in_change(change, number, reason=reason)


def cancel_appointment_in_change(change: HallChange, number: int, *, reason: str) -> Document:
    """Cancel an appointment inside another change. Raises as cancel_appointment()."""
    one = _require_appointment(change, number)
    if one.state is not AppointmentState.BOOKED:
        require_appointment_not_over(one, change.setup, change.now)
    change.required_reason(reason)
    change.record("unbook", service=one.service, of=[number], reason=reason)
    return _appointment_document(change.setup, change.book.get_record(APPOINTMENTS, number), {})


@runs_in_transaction("issue")
def issue_ticket_on_arrival(change: HallChange, number: int) -> Document:
    """Issue a ticket to somebody who comes to an appointment: its time is the ticket's place, its class the ticket's.

    Raises RuleError "appointments_off" where the hall does not use them any more, "not_there", "appointment_other_day",
    "appointment_over", "series_full"."""
    if not change.setup.has_feature("appointments"):
        raise RuleError("appointments_off")
    one = _require_appointment(change, number)
    if one.date != change.date:
        raise RuleError(
            "appointment_other_day", appointment=number, date=one.date, time=hall_time_text(change.setup, one.at)
        )
    require_appointment_not_over(one, change.setup, change.now)
    # A service or class that was taken out of the set-up since is refused there.
    return issuing.issue_regardless_of_limits(
        change, one.service, klass=one.klass, item=one.item, ref=one.ref, appointment=one
    )


@runs_in_transaction("unbook")
def _free_overdue_and_delete_contacts(change: HallChange) -> Document:
    due = _overdue_appointments(
        change.setup, part_tables.objects_still_open(change.tx, change.book.id, APPOINTMENTS), change.now
    )
    if due:
        change.record("unbook", of=[one.seq for one in due])
    journal.delete_expired_contacts(change.tx, change.book.id, change.date)
    return {"freed": [one.seq for one in due]}


def unbook_overdue_and_delete_contacts(desk: Desk, ask: Ask) -> Document:
    """Free the times of people who did not come, and delete contacts when their date has come: a chore for every
    station.

    It reads first, without the hall's lock, and writes only when something is due."""
    with desk.db.read() as tx:
        now = request_time(tx, ask)
        row = halls.load_hall_row(tx, desk.hall)
        setup = halls.setup_of_hall_row(tx, row)
        due = _overdue_appointments(setup, part_tables.objects_still_open(tx, desk.hall, APPOINTMENTS), now)
        old = journal.has_expired_contacts(tx, desk.hall, hallday.business_date(setup, now))
    return _free_overdue_and_delete_contacts(desk, ask) if due or old else {"freed": []}


def appointment_by_number(desk: Desk, number: int) -> Appointment:
    """Return an appointment by its number. Raises RuleError "not_there"."""
    with desk.db.read() as tx:
        found = part_tables.find_object(tx, desk.hall, APPOINTMENTS, number)
    if found is None:
        raise RuleError("not_there", kind="appointment", code=str(number))
    return found


def appointments_between_dates(desk: Desk, first: date, last: date | None = None) -> list[Document]:
    """Return the appointments from `first` to `last` (else of that date alone) by time, with names as long as they are
    stored."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        found = part_tables.objects_of_days(tx, desk.hall, APPOINTMENTS, first, last or first).values()
        people = journal.stored_contacts_by_id(tx, desk.hall, [one.person_id for one in found if one.person_id])
    return [_appointment_document(setup, one, people) for one in found]


# -- the rules ---------------------------------------------------------------------------------------------------------


def _record_booking(change: HallChange, wish: AppointmentRequest) -> Appointment:
    klass = _require_valid_entry(change, wish)
    at, day = wish.at.astimezone(UTC), _business_date_of_moment(change.setup, wish.at)
    data: dict[str, Any] = {"class": klass, "for": utc_stamp(at), "day": day.isoformat(), "item": wish.item}
    data |= {"ref": (wish.ref or "").strip() or None, "person": _store_person_and_get_reference(change, wish, day)}
    event = change.record("book", service=wish.service, **data)
    return change.book.get_record(APPOINTMENTS, event.seq)


def _require_valid_entry(change: HallChange, wish: AppointmentRequest) -> str:
    """Check a wish against the set-up and what is booked; return its class."""
    setup, spec = change.setup, change.setup.service_by_code(wish.service)
    if wish.at <= change.now:
        raise RuleError("appointment_past", time=hall_time_text(setup, wish.at))
    if wish.at - change.now > FARTHEST:
        raise RuleError("bad_value", field="date", value=f"{wish.at:%Y-%m-%d}", why="out_of_range")
    if spec.message:
        service_ticket_offer_to_customer(
            setup, spec, wish.at, change.date, lambda _asked: LimitedServiceCounts()
        ).require_ticket_given()
    if wish.item is not None:
        spec.item_by_code(wish.item)
    klass = appointment_class(setup, wish.klass)
    local, day = setup.to_hall_time(wish.at), _business_date_of_moment(setup, wish.at)
    minute = local.hour * 60 + local.minute
    if not any(start <= minute < end for start, end in hallday.opening_spans_on(setup, spec, local.date())):
        opens, on = hallday.next_ticket_opening(setup, spec, wish.at)
        raise RuleError(
            "service_closed",
            service=spec.code,
            opens=opens,
            date=on,
            **hallday.other_hours_reason_details(setup, local.date()),
        )
    for field, text in (("name", wish.name), ("contact", wish.contact), ("ref", wish.ref or "")):
        if len(text) > LONGEST_NAME:
            raise RuleError("bad_value", field=field, value=text[:20], why="too_long")
        require_storable(field, text)
    if wish.ref and any(
        one.ref == wish.ref.strip() and one.state in (AppointmentState.BOOKED, AppointmentState.CAME)
        for one in part_tables.objects_of_days(change.tx, change.book.id, APPOINTMENTS, day, day).values()
    ):
        raise RuleError("already_booked", ref=wish.ref, date=day)
    return klass


def _wishes_with_repeated_reference(
    setup: Setup, wishes: Mapping[int, AppointmentRequest]
) -> dict[int, AppointmentRequest]:
    """Return the rows whose reference stands in an earlier row of the same date."""
    seen: set[tuple[date, str]] = set()
    found = {}
    for line, wish in wishes.items():
        key = (_business_date_of_moment(setup, wish.at), (wish.ref or "").strip())
        if key[1] and key in seen:
            found[line] = wish
        seen.add(key)
    return found


def _business_date_of_moment(setup: Setup, at: datetime) -> date:
    return hallday.business_date(setup, at)


def _require_appointment(change: HallChange, number: int) -> Appointment:
    found = change.book.find_record(APPOINTMENTS, number)
    if found is None:
        raise RuleError("not_there", kind="appointment", code=str(number))
    return found


def _overdue_appointments(setup: Setup, kept: Mapping[int, Appointment], now: datetime) -> list[Appointment]:
    return [one for one in kept.values() if now > one.reserved_until(setup)]


def _store_person_and_get_reference(change: HallChange, wish: AppointmentRequest, day: date) -> str | None:
    """Put name and contact outside the log; return what the log holds: their id and a salted digest."""
    name, contact = wish.name.strip(), wish.contact.strip()
    if not name and not contact:
        return None
    id, salt = secrets.token_hex(8), secrets.token_hex(16)
    until = day + timedelta(days=change.setup.setting_as_int("contact_days"))
    journal.store_appointment_contact(change.tx, change.book.id, id, salt=salt, name=name, contact=contact, until=until)
    return f"{id}:{hashlib.sha256((salt + name + contact).encode()).hexdigest()}"


def _appointment_document(setup: Setup, one: Appointment, people: Mapping[str, tuple[str, str]]) -> Document:
    name, contact = people.get(one.person_id or "", ("", ""))
    document: dict[str, Any] = {
        "appointment": one.seq,
        "date": one.date.isoformat(),
        "at": iso_local(setup, one.at),
        "service": one.service,
        "item": one.item,
        "class": one.klass,
        "ref": one.ref,
        "state": str(one.state),
        "ticket": one.ticket,
        "name": name,
        "contact": contact,
    }
    return document


# -- a table of appointments: a row for each ---------------------------------------------------------------------------

COLUMNS = {
    "date": ("day", "日期", "预约日期"),
    "time": ("时间", "预约时间"),
    "service": ("业务", "业务类型", "业务代码"),
    "item": ("事项", "办理事项"),
    "class": ("类别", "客户类别", "优先类别"),
    "name": ("customer", "姓名", "客户", "客户姓名"),
    "contact": ("phone", "telephone", "联系方式", "联系电话", "电话", "手机", "手机号"),
    "ref": ("reference", "编号", "预约编号", "预约号"),
}
NEEDED = ("date", "time", "service")


def read_appointments_file(path: Path, setup: Setup) -> dict[int, AppointmentRequest]:
    """Return the appointments that the file asks for, by line. Raises OutsideError as read_table(), RuleError
    "bad_rows" with every line that can't be read."""
    from queuedesk.files.table import BadLine, bad_rows_refusal, check_columns, read_table  # with XML

    table = read_table(path, COLUMNS)
    check_columns(table, COLUMNS, NEEDED)
    bad = list(table.bad)
    wishes: dict[int, AppointmentRequest] = {}
    for row in table.rows:
        try:
            wishes[row.line] = _wish_from_row(setup, row)
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    if bad:
        raise bad_rows_refusal(path, bad)
    return wishes


def _wish_from_row(setup: Setup, row: TableRow) -> AppointmentRequest:
    service = row.code("service")
    if service is None:
        raise RuleError("bad_value", field="service", value=None, why="empty")
    return AppointmentRequest(
        service=service,
        at=parse_hall_moment(setup, row.cell_date_text("date"), row.cell_clock_text("time")),
        item=row.code("item"),
        klass=row.code("class"),
        ref=row.cell_text("ref"),
        name=row.cell_text("name") or "",
        contact=row.cell_text("contact") or "",
    )
