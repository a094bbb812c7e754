"""Reads of the hall without a lock: states, tickets, documents for commands; and access to the records of features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import asdict

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import Event, first_broken_seq
from queuedesk.core.log.state import PROJECTS, HallCounters, HallState, K, RecordKind, T
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.core.queue import dispatch, hallday, offers, overview
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import Estimates
from queuedesk.desk import change as changes
from queuedesk.desk.reading import stored_people_by_id
from queuedesk.store.engine.database import Database
from queuedesk.store.log import book, events
from queuedesk.store.parts import halls, part_tables, sharing, tickets
from queuedesk.store.parts.part_tables import find_object, objects_of_days, objects_still_open
from queuedesk.store.rights import withheld_ratings

RECENT_CALLS = 20


def setup_of_hall(desk: changes.Desk) -> Setup:
    with desk.db.read() as tx:
        return halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))


def has_projects(desk: changes.Desk) -> bool:
    """Whether the hall has or had a project that this PC's login may see."""
    with desk.db.read() as tx:
        return bool(part_tables.objects_of_days(tx, desk.hall, PROJECTS))


def last_event_time(desk: changes.Desk) -> datetime | None:
    with desk.db.read() as tx:
        return halls.load_hall_row(tx, desk.hall).now.at


def business_date_of_change(desk: changes.Desk, now: datetime) -> date:
    """Return the business date of a change made at `now`, never before the log's latest one."""
    with desk.db.read() as tx:
        row = halls.load_hall_row(tx, desk.hall)
        day = hallday.business_date(halls.setup_of_hall_row(tx, row), now)
    return max(day, row.now.date or day)


def hall_state_now(desk: changes.Desk, now: datetime) -> HallState:
    """Return the hall's state on the business date of `now`: the snapshot from which a station follows events."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        return book.hall_state_of_day(tx, desk.hall, hallday.business_date(setup, now))


def hall_state_on(desk: changes.Desk, day: date) -> HallState:
    with desk.db.read() as tx:
        return book.hall_state_of_day(tx, desk.hall, day)


def wait_estimates_before(desk: changes.Desk, day: date) -> Estimates:
    with desk.db.read() as tx:
        row = halls.load_hall_row(tx, desk.hall)
        return sharing.stored_or_computed_estimates(
            tx, desk.hall, halls.setup_of_hall_row(tx, row), row.setup_hash, day
        )


def events_after(desk: changes.Desk, seq: int, limit: int | None = None) -> list[Event]:
    with desk.db.read() as tx:
        return events.events_after(tx, desk.hall, seq, limit)


def is_log_continuing_from(desk: changes.Desk, now: HallCounters) -> bool:
    return [event.hash for event in events_after(desk, now.seq - 1, 1)] == [now.hash]


def ticket_with_events(desk: changes.Desk, day: date, label: str) -> tuple[Ticket, list[Event]]:
    """Return a ticket and its events in order, with the day-end that closed it. Raises RuleError "unknown_ticket"."""
    with desk.db.read() as tx:
        ticket = tickets.find_ticket(tx, desk.hall, (day, label))
        if ticket is None:
            raise RuleError("unknown_ticket", ticket=label, date=day)
        own = events.events_of_day(tx, desk.hall, day, label)
        if "day_end" in ticket.flags:
            ends = [e for e in events.events_of_day(tx, desk.hall, day) if e.kind == "day-end"]
            own += [e for e in ends if any(label in e.data[k] for k in ("waiting", "gone", "finished"))]
    return ticket, sorted(own, key=lambda e: e.seq)


def chain_checked_ticket_history(desk: changes.Desk, day: date, label: str, since: int, now: datetime) -> TicketHistory:
    """Return a ticket's history, with the log's chain checked from the seq `since` (the day's first ticket) to the
    history's end; `unheard` are its calls not heard by `now`. May take 0.2 s for a long day. Raises RuleError
    "unknown_ticket"."""
    from queuedesk.desk.quality.inspecting import signed_mystery_visit_seq  # Only needed here.
    from queuedesk.desk.talk.announcing import unheard_calls

    ticket, own = ticket_with_events(desk, day, label)
    start, end = min(since, own[0].seq), own[-1].seq
    with desk.db.read() as tx:
        log, reads_ratings = (
            events.events_after(tx, desk.hall, start - 1, end - start + 1),
            withheld_ratings.may_read_ratings(tx),
        )
    broken = first_broken_seq(log, log[0].prev, start - 1, reads_ratings=reads_ratings) if log else start
    not_heard = {call.seq: call.shown for call in unheard_calls(desk, day, now, label)}
    visit = signed_mystery_visit_seq(desk, day, label)
    return TicketHistory(ticket=ticket, events=tuple(own), broken=broken, unheard=not_heard, inspection=visit)


def find_ticket(desk: changes.Desk, day: date, label: str) -> Ticket:
    """Return a ticket in its current state. Raises RuleError "unknown_ticket"."""
    with desk.db.read() as tx:
        ticket = tickets.find_ticket(tx, desk.hall, (day, label))
    if ticket is None:
        raise RuleError("unknown_ticket", ticket=label, date=day)
    return ticket


def ticket_document_by_label(
    desk: changes.Desk, label: str, now: datetime, day: date | None = None
) -> changes.Document:
    """Return a ticket's document; `day` is by default that of `now`. Raises RuleError "unknown_ticket"."""
    state = hall_state_now(desk, now) if day is None else hall_state_on(desk, day)
    ticket = _find_ticket_in(state, label, day or hallday.business_date(_require_setup(state), now))
    return changes.ticket_document(_require_setup(state), ticket, _line_position_if_waiting(state, ticket, now))


def wait_of_new_ticket(
    desk: changes.Desk, service: str, now: datetime, state: HallState | None = None
) -> changes.Document:
    """Return place and wait of a normal ticket issued now, by `state` if given. Raises RuleError "unknown_service"."""
    state = state or hall_state_now(desk, now)
    _require_setup(state).service_by_code(service)
    line = next(service_line for service_line in overview.service_lines(state, now) if service_line.service == service)
    document = {"service": service, "ahead": line.ahead, **changes.wait_document(line.wait)}
    return {**document, "coming": line.coming} if line.coming else document


def closing_line_rows(desk: changes.Desk, now: datetime) -> list[changes.Document]:
    """Return the closings of the lines that close soon: expected ends, and whether a ticket taken now is called."""
    state = hall_state_now(desk, now)
    setup = _require_setup(state)
    return [
        {
            "service": closing.service,
            "closes": changes.iso_local(setup, closing.closes_at),
            "last": changes.iso_local(setup, closing.last_at),
            "clear": changes.iso_local(setup, closing.clear_at),
            "clear_late": changes.iso_local(setup, closing.clear_late_at),
            "called": changes.iso_local(setup, closing.called_at),
            "reach": str(closing.reach),
        }
        for closing in offers.services_closing_soon(state, now).values()
    ]


def why_not_called(
    desk: changes.Desk, label: str, now: datetime, day: date | None = None
) -> tuple[Ticket, overview.WhyNotCalled]:
    """Return a ticket and why it was not called yet. Raises RuleError "unknown_ticket"."""
    state = hall_state_now(desk, now) if day is None else hall_state_on(desk, day)
    ticket = _find_ticket_in(state, label, day or hallday.business_date(_require_setup(state), now))
    return ticket, overview.explain_not_called(state, ticket, now)


def hall_state_document(
    desk: changes.Desk, now: datetime, say_alert: Callable[[HallState, overview.Alert], str]
) -> changes.Document:
    """Return the hall's current state as a document; `say_alert` returns the sentence of an alert."""
    state = hall_state_now(desk, now)
    setup = _require_setup(state)
    return {
        "hall": setup.hall.code,
        "windows": [changes.window_document(setup, state.window(code)) for code in setup.windows],
        "waiting": [
            changes.ticket_document(setup, t, overview.line_position_and_wait(state, t, now))
            for t in overview.waiting_in_call_order(state)
        ],
        "recent_calls": [
            {"ticket": c.label, "window": c.window, "at": changes.iso_local(setup, c.time)}
            for c in reversed(state.calls[-RECENT_CALLS:])
        ],
        "alerts": [
            {**changes.alert_document(setup, alert), "message": say_alert(state, alert)}
            for alert in overview.current_alerts(state, now)
        ],
    }


def rows_of_customers_to_fetch(desk: changes.Desk, now: datetime) -> list[changes.Document]:
    return [
        {"ticket": t.label, "need": t.fetch_reason, "state": str(t.state), "ahead": ahead, "window": t.window}
        for t, ahead in overview.tickets_to_fetch(hall_state_now(desk, now), now)
    ]


def tickets_of_date(desk: changes.Desk, day: date, now: datetime) -> list[changes.Document]:
    """Return all tickets of a date with their legs, in the order of issue."""
    state = hall_state_on(desk, day)
    setup = _require_setup(state)
    own = sorted((t for t in state.tickets.values() if t.date == day), key=lambda t: t.seq)
    return [changes.ticket_history_document(setup, t, _line_position_if_waiting(state, t, now)) for t in own]


def service_rows(setup: Setup) -> list[changes.Document]:
    return [
        {"code": s.code, "name": s.name, "prefix": s.prefix, "handling_target": s.handling_target}
        for s in setup.services.values()
    ]


def window_rows(desk: changes.Desk, now: datetime) -> list[changes.Document]:
    state = hall_state_now(desk, now)
    setup = _require_setup(state)
    return [changes.window_document(setup, state.window(code)) for code in setup.windows]


def staff_rows(setup: Setup) -> list[changes.Document]:
    return [
        {"code": p.code, "name": p.name, "role": str(p.role), "skills": list(p.skills)} for p in setup.staff.values()
    ]


def hall_ids_and_codes(db: Database) -> list[tuple[int, str]]:
    with db.read() as tx:
        return halls.hall_ids_and_codes(tx)


def hall_id_by_code(db: Database, code: str | None) -> int:
    """Return the id of a hall by its code, which only one of several halls needs. Raises RuleError "hall_needed",
    "unknown_hall"."""
    with db.read() as tx:
        return _hall_id(halls.hall_ids_and_codes(tx), db, code)


def desk_and_setup_of_hall(db: Database, code: str | None, *, of_several: bool = False) -> tuple[changes.Desk, Setup]:
    """Return a hall as a desk, and its set-up; with `of_several` the first hall if no code is given. Raises as
    hall_id_by_code()."""
    with db.read() as tx:
        ends = halls.log_ends_of_halls(tx)
        hall = _hall_id([(end.id, end.code) for end in ends], db, code, of_several)
        hashes = {end.id: end.setup_hash for end in ends if end.id == hall}
        return changes.Desk(db, hall), halls.setups_of_halls(tx, hashes)[hall]


def _hall_id(listed: Sequence[tuple[int, str]], db: Database, code: str | None, of_several: bool = False) -> int:
    if not listed:
        raise OutsideError("database_missing", path=db.place)
    if code is not None:
        for id, hall_code in listed:
            if hall_code == code:
                return id
        raise RuleError("unknown_hall", hall=code)
    if len(listed) != 1 and not of_several:
        raise RuleError("hall_needed", halls=[hall_code for _, hall_code in listed])
    return listed[0][0]


def hall_codes_and_names(db: Database) -> list[tuple[str, str, str]]:
    with db.read() as tx:
        specs = [
            halls.setup_of_hall_row(tx, halls.load_hall_row(tx, id)).hall for id, _code in halls.hall_ids_and_codes(tx)
        ]
    return [(spec.code, spec.name, spec.name_en) for spec in specs]


def _line_position_if_waiting(state: HallState, ticket: Ticket, now: datetime) -> dispatch.LinePosition | None:
    return overview.line_position_and_wait(state, ticket, now) if ticket.state is TicketState.WAITING else None


def _find_ticket_in(state: HallState, label: str, day: date) -> Ticket:
    ticket = state.tickets.get((day, label))
    if ticket is None:
        raise RuleError("unknown_ticket", ticket=label, date=day)
    return ticket


def _require_setup(state: HallState) -> Setup:
    if state.setup_now is None:
        raise RuleError("unknown_hall", hall="")
    return state.setup_now


# -- the outcome of a command whose answer was lost, by its id in the log ----------------------------------------------

OWN_ID = events.OWN_ID
_ID_BYTES = 12


class CommandOutcome(Struct, frozen=True):
    """Whether a command was done, and its own event, None if it recorded none."""

    is_done: bool
    event: Event | None = None


def new_command_id() -> str:
    """Return a new id for a station's command; its answer is stored until the day-end after next."""
    return OWN_ID + token_hex(_ID_BYTES)


def command_outcome(desk: changes.Desk, command: str) -> CommandOutcome:
    """Return the outcome of a command whose answer was lost. It is final: as the hall's lock is taken first, no
    transaction with this id is still running. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        is_done = events.answer_of_command(tx, desk.hall, command) is not None
        return CommandOutcome(is_done, events.event_of_answered_command(tx, desk.hall, command) if is_done else None)


def documents_of_part_records(
    desk: changes.Desk, part: RecordKind[Any, Any], *, everything: bool = False, named: bool = False
) -> list[changes.Document]:
    """Return the open records of a part, or all of them, latest last: the fields by name, times on the hall's clock. A
    field `person` is replaced by `name` and `contact`, which are "" unless `named`, and once they are deleted."""
    with desk.db.read() as tx:
        rows = [
            asdict(record)
            for record in (objects_of_days if everything else objects_still_open)(tx, desk.hall, part).values()
        ]
        people = [row.pop("person", None) for row in rows]
        names = stored_people_by_id(tx, desk.hall, people) if named else {}
    fields, local = part.kind.__struct_fields__, setup_of_hall(desk).to_hall_time
    for row, person in zip(rows, people, strict=True):
        for name, value in row.items():
            if isinstance(value, datetime):
                row[name] = local(value).isoformat(timespec="seconds")
        if "person" in fields:
            row["name"], row["contact"] = names.get(person, ("", ""))
    return [to_builtins(row) for row in rows]


def require_record(desk: changes.Desk, part: RecordKind[K, T], key: K, unknown: str) -> T:
    """Return a record by its key. Raises RuleError `unknown` (n)."""
    with desk.db.read() as tx:
        record = find_object(tx, desk.hall, part, key)
    if record is None:
        raise RuleError(unknown, n=key)
    return record


def require_open_record(change: changes.HallChange, part: RecordKind[K, T], key: K, unknown: str, gone: str = "") -> T:
    """Return an open record by its key. Raises RuleError `unknown` (n), and for one that is not open any more `gone`
    (n, date), by default `unknown`."""
    record = change.book.find_record(part, key)
    if record is None:
        raise RuleError(unknown, n=key)
    if not part.is_record_open(record):
        raise RuleError(gone or unknown, n=key, date=getattr(record, part.open_while))
    return record
