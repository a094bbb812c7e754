"""What people and other programs do by the web, as functions of the desk: links to visits, times booked and moved, keys
of other programs, how far the back office is with a case, and what the processes that serve the pages say of
themselves.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from queuedesk.core.errors import RuleError
from queuedesk.core.features import import_reference
from queuedesk.core.log.event import Event, require_storable
from queuedesk.core.log.state import APPOINTMENTS, MESSAGES
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Ticket, TicketId, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import PHONE, Message, place_of_window
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.desk.talk.devices import LOST_AFTER
from queuedesk.features.web import rules, tables
from queuedesk.features.web.rules import (
    ENQUIRY,
    IMPORTED,
    LINKS_RENEWED,
    MOST_OPEN,
    PLACES,
    BookingSlot,
    CaseProgress,
    EnglishCaseProgress,
    WebServing,
    WrongTokenThrottle,
    bookable_dates,
    booking_slots_on,
    token_in_scanned_text,
    visit_link,
    visit_token,
)
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls, part_tables

if TYPE_CHECKING:
    from queuedesk.files.table import TableRow


SECRET_BYTES = 32
LONGEST_AFTER = timedelta(days=14)
"""How long after its date a slip is still recognised: for an early place on the next open day, and for a rating."""


def visit_link_secret(desk: Desk) -> bytes:
    """Return what the hall's links are computed with. It is made on first need and stored beside the log: in no log,
    backup or export, so that a restored hall has another one."""
    with desk.db.read() as tx:
        secret = tables.link_secret(tx, desk.hall)
    if secret is not None:
        return secret
    with desk.db.write(desk.hall) as tx:
        secret = tables.link_secret(tx, desk.hall)  # Another PC may have made it in the meantime.
        if secret is None:
            secret = secrets.token_bytes(SECRET_BYTES)
            tables.store_link_secret(tx, desk.hall, secret)
    return secret


def link_of_ticket(desk: Desk, setup: Setup, ticket: Ticket) -> str | None:
    """Return the link to a ticket's page; None where the hall has no web address or does not use the web."""
    if not setup.hall.web_address or not setup.has_feature("web"):
        return None
    return visit_link(
        setup.hall.web_address, visit_token(visit_link_secret(desk), ticket.date, ticket.label, ticket.token)
    )


def link_document(desk: Desk, ticket: str, now: datetime, day: date | None = None) -> Document:
    """Return a ticket's link, the text of its code; `day` is by default that of `now`. Raises RuleError
    "unknown_ticket", "no_web_address"."""
    setup = looking.setup_of_hall(desk)
    link = link_of_ticket(desk, setup, looking.find_ticket(desk, day or business_date(setup, now), ticket))
    if link is None:
        raise RuleError("no_web_address")
    return {"ticket": ticket, "link": link}


@runs_in_transaction("web-links")
def withdraw_all_visit_links(change: HallChange) -> Document:
    """Withdraw all links: those of slips already printed open nothing from now on."""
    tables.delete_link_secret_of_hall(change.tx, change.book.id)
    tables.store_link_secret(change.tx, change.book.id, secrets.token_bytes(SECRET_BYTES))
    return {"seq": change.record(LINKS_RENEWED).seq}


def ticket_of_scanned_link(desk: Desk, text: str, now: datetime) -> TicketId | None:
    """Return the ticket whose link was scanned, also some days later, when the link opens no page any more; None for a
    text that is no link. Raises RuleError "unknown_link"."""
    token = token_in_scanned_text(text)
    if token is None:
        return None
    with desk.db.read() as tx:
        secret = tables.link_secret(tx, desk.hall)
        today = business_date(halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)), now)
        if secret is not None:
            # A day more, as the hall's date may be ahead of this PC's clock.
            found = tables.dates_labels_tokens_of_tickets(
                tx, desk.hall, today - LONGEST_AFTER, today + timedelta(days=1)
            )
            for day, label, epoch in found:
                if hmac.compare_digest(visit_token(secret, day, label, epoch), token):
                    return day, label
    raise RuleError("unknown_link")


# -- what a customer asks of the window --------------------------------------------------------------------------------


@runs_in_transaction("web-later")
def tell_window_customer_needs_time(
    change: HallChange, ticket: str, *, text: str, text_en: str = "", day: date | None = None
) -> Document:
    """Tell the window that called `ticket` that its customer needs a little longer, once for each call to a window. The
    message `text` begins with the number. Raises RuleError "web_minutes_asked", "wrong_state", "unknown_ticket"."""
    called = change.ticket_by_label(ticket, day)
    if called.state is not TicketState.CALLED or called.window is None:
        raise RuleError("wrong_state", ticket=ticket, state=str(called.state), window=called.window, verb="web-later")
    messages = part_tables.objects_of_days(change.tx, change.book.id, MESSAGES, change.date, change.date)
    if has_asked_for_more_time(called, messages.values()):
        raise RuleError("web_minutes_asked", ticket=ticket)
    return {"seq": _record_message_to_window(change, called.window, text, text_en).seq, "ticket": ticket}


@runs_in_transaction("web-leave")
def give_up_place(
    change: HallChange, ticket: str, *, text: str, text_en: str = "", day: date | None = None
) -> Document:
    """End a visit whose customer gives up the place. The window that called it is told by the message `text`. Raises
    RuleError as calling.record_customer_left()."""
    gone = change.ticket_by_label(ticket, day)
    gone.require_may("leave")
    change.who.require_right_to_end_ticket(str(gone.state))
    event = change.record(
        "leave", ticket=gone, window=gone.window, staff=gone.current_leg.staff if gone.window else None
    )
    if gone.state is TicketState.CALLED and gone.window is not None:
        event = _record_message_to_window(change, gone.window, text, text_en)
    return {"seq": event.seq, "ticket": ticket}


def _record_message_to_window(change: HallChange, window: str, text: str, text_en: str) -> Event:
    return change.record("message", origin=PHONE, to=place_of_window(window), text=text, text_en=text_en or None)


def has_asked_for_more_time(ticket: Ticket, messages: Iterable[Message]) -> bool:
    """Whether the holder of `ticket` has asked the window that called it for more time, since that call."""
    if ticket.state is not TicketState.CALLED or ticket.window is None or ticket.since is None:
        return False
    place, since = place_of_window(ticket.window), ticket.since
    return any(
        message.to == place
        and message.by == CUSTOMER.name
        and message.time >= since
        and message.text.startswith(ticket.label)
        for message in messages
    )


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


@runs_in_transaction("web-key")
def add_key(change: HallChange, name: str, scopes: Sequence[str]) -> Document:
    """Make a key for another program. Only this answer has the key itself, also if the command is repeated by its id.
    Raises RuleError "web_key_name", "web_key_taken", "web_key_scope", "web_too_many"."""
    rules.checked_new_key_name(name, (key.name for key in tables.program_api_keys(change.tx, change.book.id)))
    allowed = rules.checked_scopes_in_fixed_order(scopes)
    key = f"{rules.KEY_PREFIX}{secrets.token_urlsafe(SECRET_BYTES)}"
    made = rules.ProgramKey(name=name, digest=rules.digest_of_key(key), scopes=allowed, made=change.now)
    tables.store_program_key(change.tx, change.book.id, made)
    change.record("web.key", name=name, scopes=list(allowed))
    return {"program": name, "key": key, "scopes": list(allowed)}


@runs_in_transaction("web-key")
def remove_key(change: HallChange, name: str) -> Document:
    """Withdraw a key: it opens nothing from now on. Raises RuleError "web_key_unknown"."""
    if not tables.delete_key_and_tell_if_existed(change.tx, change.book.id, name):
        raise RuleError("web_key_unknown", name=name)
    change.record("web.key-gone", name=name)
    return {"program": name}


def key_documents(desk: Desk) -> list[Document]:
    """Return the keys by name, without anything that they could be guessed from."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        keys = tables.program_api_keys(tx, desk.hall)
    return [{"program": key.name, "scopes": list(key.scopes), "made": iso_local(setup, key.made)} for key in keys]


def current_api_keys(desk: Desk) -> list[rules.ProgramKey]:
    with desk.db.read() as tx:
        return tables.program_api_keys(tx, desk.hall)


@runs_in_transaction("web-hook")
def add_hook(change: HallChange, address: str, first: int | None = None) -> Document:
    """Send events to an address, beginning with the one numbered `first`, by default with the next. Only this answer
    has the secret that they are signed with. Raises RuleError "web_hook_address", "web_too_many"."""
    hooks = tables.web_hooks(change.tx, change.book.id)
    rules.require_hook_address(address, hooks)
    number = max((hook.number for hook in hooks), default=0) + 1
    after = change.book.hall_counters().seq + 1 if first is None else max(0, first - 1)
    made = rules.WebHook(number=number, address=address, secret=secrets.token_urlsafe(SECRET_BYTES), after=after)
    tables.store_hook(change.tx, change.book.id, made)
    change.record("web.hook", number=number, host=rules.host_of_address(address), after=after)
    return {"hook": number, "address": address, "from": after + 1, "secret": made.secret}


@runs_in_transaction("web-hook")
def remove_hook(change: HallChange, number: int) -> Document:
    """Send no more events to an address. Raises RuleError "web_hook_unknown"."""
    if not tables.delete_hook_and_tell_if_there(change.tx, change.book.id, number):
        raise RuleError("web_hook_unknown", n=number)
    change.record("web.hook-gone", number=number)
    return {"hook": number}


def hook_documents(desk: Desk) -> list[Document]:
    """Return the addresses by number: the last event that each took, and how many it is behind."""
    with desk.db.read() as tx:
        end, rows = halls.load_hall_row(tx, desk.hall).now.seq, _hooks_with_positions(tx, desk.hall)
    return [
        {"hook": hook.number, "address": hook.address, "sent": seq, "behind": max(0, end - seq)} for hook, seq in rows
    ]


def web_hooks_with_last_seq(desk: Desk) -> list[tuple[rules.WebHook, int]]:
    """Return the addresses that events are sent to, each with the number of the last one that it took."""
    with desk.db.read() as tx:
        return _hooks_with_positions(tx, desk.hall)


def _hooks_with_positions(tx: Transaction, hall: int) -> list[tuple[rules.WebHook, int]]:
    taken = tables.hook_positions(tx, hall)
    return [(hook, max(hook.after, taken.get(hook.number, 0))) for hook in tables.web_hooks(tx, hall)]


def store_hook_position(desk: Desk, hook: rules.WebHook, seq: int) -> None:
    """Store the last event that an address took; nothing where it was removed meanwhile, though another may have got
    its number since."""
    with desk.db.write(desk.hall) as tx:
        if hook in tables.web_hooks(tx, desk.hall):
            tables.store_hook_position(tx, desk.hall, rules.LastEventTakenByHook(number=hook.number, seq=seq))


COLUMNS = {
    "reference": ("ref", "case", "编号", "受理编号", "业务编号", "工单编号"),
    "state": ("status", "状态", "进度"),
    "since": ("date", "日期", "更新日期"),
    "note": ("remark", "备注", "说明"),
    "state_en": ("state in english", "英文状态", "英文进度"),
    "note_en": ("note in english", "英文备注", "英文说明"),
}
NEEDED = ("reference", "state")
FIELDS = {"reference": "ref"}
"""Columns that the catalogue knows by another name."""
LONGEST = {"reference": 60, "state": 60, "since": 30, "note": 300, "state_en": 60, "note_en": 300}
ENGLISH = "en"


class CaseState(Struct, frozen=True):
    """A line of the file: a case's state, and the same in English ("" for none)."""

    progress: CaseProgress
    state_en: str = ""
    note_en: str = ""


def read_case_progress_file(path: Path) -> list[CaseState]:
    """Return the states of a file. Raises OutsideError as read_table(), RuleError "bad_rows" with every line that can't
    be read, also one whose reference an earlier line has."""
    from queuedesk.files.table import BadLine, bad_rows_refusal, check_columns, read_table  # with XML

    table = read_table(path, COLUMNS)
    check_columns(table, COLUMNS, NEEDED)
    bad, rows = list(table.bad), {}
    for row in table.rows:
        try:
            case = _case_from_row(row)
            if case.progress.reference in rows:
                raise RuleError("web_case_twice", reference=case.progress.reference)
            rows[case.progress.reference] = case
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    if bad:
        raise bad_rows_refusal(path, bad)
    return list(rows.values())


def _case_from_row(row: TableRow) -> CaseState:
    texts = {name: (row.cell_text(name) or "").strip() for name in COLUMNS}
    for name, text in texts.items():
        field = FIELDS.get(name, name.removesuffix("_en"))
        if not text and name in NEEDED:
            raise RuleError("bad_value", field=field, value="", why="empty")
        if len(text) > LONGEST[name]:
            raise RuleError("bad_value", field=field, value=text[:20], why="too_long")
        require_storable(field, text)
    progress = CaseProgress(plain_reference(texts["reference"]), texts["state"], texts["since"], texts["note"])
    return CaseState(progress, texts["state_en"], texts["note_en"])


def plain_reference(text: str) -> str:
    """Return a reference as it is compared: without spaces, in capitals."""
    return "".join(text.split()).upper()


@runs_in_transaction("web-progress")
def replace_case_progress(change: HallChange, cases: Sequence[CaseState]) -> Document:
    """Store these states in place of all that were there."""
    in_english = [
        EnglishCaseProgress(case.progress.reference, case.state_en, case.note_en)
        for case in cases
        if case.state_en or case.note_en
    ]
    tables.replace_case_progress(change.tx, change.book.id, [case.progress for case in cases], in_english)
    change.record(IMPORTED, rows=len(cases))
    return {"rows": len(cases)}


def import_case_progress(desk: Desk, ask: Ask, path: str) -> Document:
    """Store the states of a file in place of all that were there. Raises as read_case_progress_file()."""
    return replace_case_progress(desk, ask, read_case_progress_file(Path(path)))


def case_progress_document(desk: Desk, reference: str, lang: str = "") -> Document:
    """Return the state of a case, in a language if the file has it. Raises RuleError "web_unknown_reference"."""
    in_english = None
    with desk.db.read() as tx:
        found = tables.case_progress_by_reference(tx, desk.hall, plain_reference(reference))
        if found is not None and lang == ENGLISH:
            in_english = tables.case_progress_in_english(tx, desk.hall, found.reference)
    if found is None:
        raise RuleError("web_unknown_reference", reference=reference[:60])
    document = asdict(found)
    if in_english is not None:
        document |= {name: text for name in ("state", "note") if (text := getattr(in_english, name))}
    return document


def has_progress(desk: Desk) -> bool:
    with desk.db.read() as tx:
        return tables.has_progress(tx, desk.hall)


class StationCaseEnquiries:
    """Answers references at one station. Wrong ones are answered ever more slowly, as by the web; until then none is
    looked up."""

    def __init__(self) -> None:
        self._wrong = WrongTokenThrottle()

    def answer_case_reference(self, desk: Desk, reference: str, lang: str, now_s: float) -> Document:
        """Return the state of a case; `now_s` is a steady clock. Raises RuleError "web_unknown_reference",
        "web_try_later" (n: seconds)."""
        if (wait_s := self._wrong.blocked_s("", now_s)) > 0:
            raise RuleError("web_try_later", n=ceil(wait_s))
        try:
            return case_progress_document(desk, reference, lang)
        except RuleError:
            self._wrong.count_try_and_wait_s("", now_s)
            raise


# -- visits saved ------------------------------------------------------------------------------------------------------


@runs_in_transaction(ENQUIRY)
def record_case_enquiry(change: HallChange, place: str) -> Document:
    """Record that somebody was told at one of PLACES how far a case is, and took no number; not which case."""
    return {"seq": change.record(ENQUIRY, place=place).seq, "place": place}


def enquiry_count_rows_by_date(desk: Desk, first: date, last: date) -> list[Document]:
    """Return the visits saved by date, those with none left out, the latest first: how many at each of PLACES, and
    "all"."""
    days: dict[date, Document] = {}
    with desk.db.read() as tx:
        for event in events.events_of_dates(tx, desk.hall, first, last, [ENQUIRY]):
            if event.date is not None:
                day = days.setdefault(event.date, {"date": event.date, **dict.fromkeys((*PLACES, "all"), 0)})
                for name in {event.data["place"], "all"} & day.keys():
                    day[name] += 1
    return [days[day] for day in sorted(days, reverse=True)]


DAYS_SHOWN = 62


def recent_enquiry_counts(desk: Desk, ask: Ask) -> list[Document]:
    """Return the visits saved in the last two months."""
    today = ask.now.date()
    return enquiry_count_rows_by_date(desk, today - timedelta(days=DAYS_SHOWN), today + timedelta(days=1))


def note_web_serving(desk: Desk, row: WebServing) -> None:
    """Store what a process says now; it does so from time to time. That it is to end stays noted. Raises
    OutsideError."""
    with desk.db.write(desk.hall) as tx:
        ending = any(_is_same_process(one, row) and one.ending for one in tables.serving_processes(tx, desk.hall))
        tables.store_web_serving(tx, desk.hall, replace(row, ending=ending))


def is_end_wanted(desk: Desk, row: WebServing) -> bool:
    """Whether somebody wants this process to end, not one of that name before it. Raises OutsideError."""
    with desk.db.read() as tx:
        return any(_is_same_process(one, row) and one.ending for one in tables.serving_processes(tx, desk.hall))


def _is_same_process(one: WebServing, other: WebServing) -> bool:
    return (one.station, one.since) == (other.station, other.since)


def request_end_if_web_serving(desk: Desk, station: str) -> bool:
    """Ask the process of this name to end, which takes seconds; return whether there is one. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        return tables.mark_process_to_end_if_stored(tx, desk.hall, station)


def forget_web_serving(desk: Desk, station: str) -> None:
    """Forget a process that ends. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        tables.delete_web_serving(tx, desk.hall, station)


def serving_process_documents(desk: Desk, now: datetime) -> list[Document]:
    """Return the processes that serve the hall's pages now: where, since when, how many pages are kept up to date
    ("looking"), how many `faults` there were and of what kind the last was, None for none."""
    setup = looking.setup_of_hall(desk)
    return [
        {
            "station": row.station,
            "address": row.address,
            "since": iso_local(setup, row.since),
            "looking": row.looking,
            "faults": row.faults,
            "fault": row.fault or None,
        }
        for row in _web_servers_now(desk, now)
    ]


def is_event_sending_process(desk: Desk, now: datetime, station: str) -> bool:
    """Whether of all that serve now it is this process that sends events to other programs: the one that has served
    longest. Two would send each event twice. Raises OutsideError."""
    first = min(_web_servers_now(desk, now), key=lambda row: (row.since, row.station), default=None)
    return first is not None and first.station == station


def _web_servers_now(desk: Desk, now: datetime) -> list[WebServing]:
    with desk.db.read() as tx:
        rows = tables.serving_processes(tx, desk.hall)
    return [row for row in rows if now - row.seen < LOST_AFTER]
