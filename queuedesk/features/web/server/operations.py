"""The table of what other programs can ask for: what is sent, answered and needed, and the function that does it."""

from __future__ import annotations

import datetime as clock
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from msgspec import UNSET, Struct

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.features import import_reference
from queuedesk.core.log.event import Event
from queuedesk.core.queue.hallday import business_date
from queuedesk.desk import looking, reading
from queuedesk.desk.change import Ask, Desk, Document, iso_local
from queuedesk.desk.queue import calling, issuing, rating
from queuedesk.desk.queue.sign_in_and_pins import slow_digest
from queuedesk.features.web.rules import BOOK, CALL, EVENTS, ISSUE, RATE, RATINGS, READ, ProgramKey, actor_of_key
from queuedesk.features.web.server import interface_documents as documents
from queuedesk.features.web.server.interface_documents import DescribedOperation, OperationLink, RequestFields
from queuedesk.features.web.server.site import WebPagesSharedContext
from queuedesk.i18n import error_sentence
from queuedesk.i18n.catalogue import mark, tr
from queuedesk.i18n.queue.event_words import alert_text
from queuedesk.store.rights.withheld_ratings import SPLIT_KINDS

CALL_KINDS = ("call", "recall", "serve")
_PERSONAL = ("name", "contact", "comment", "note")
_PUBLIC_FIELDS = ("date", "of")

REFUSAL_WORDS = {
    "bug": mark("Something went wrong here; the web server's log tells more."),
    "key_needed": mark("Please send a valid key in the header Authorization."),
    "no_such_path": mark("There is nothing at this address; the interface is described at /api/v1/."),
    "not_json": mark("Please send JSON, and say so in the header Content-Type."),
    "not_understood": mark("This request is not understood: {what}"),
    "nothing_said": mark("Give a level from 1 to 5, or what is to be added to one."),
    "scope_needed": mark("The key {name} is not for that; it would need the scope {scope}."),
    "staff_login": mark(
        "This web server has the database login of a public PC, which may not do that; please run it on a staff PC."
    ),
    "too_large": mark("That is too large."),
    "too_many_streams": mark("Too many streams are open; please try again later."),
    "too_often": mark("That is too often; please try again in {seconds} s."),
    "wrong_method": mark("Not with this method; the header Allow has those that are possible."),
}
"""What the interface itself refuses, by code; the hall's refusals are those of the commands."""


class UnreadableRequestError(Exception):
    """A request that can't be understood; the text says what of it."""


class InterfaceRefusalError(Exception):
    """A refusal with its status: one of the interface itself (REFUSAL_WORDS), or a rule's."""

    def __init__(
        self, status: int, refusal: str | QueueDeskError, headers: Mapping[str, str] | None = None, **details: Any
    ) -> None:
        super().__init__(status)
        self.status, self.refusal, self.headers, self.details = status, refusal, dict(headers or {}), details

    def code_and_sentence(self, lang: str) -> tuple[str, str]:
        if isinstance(self.refusal, str):
            return self.refusal, tr(lang, REFUSAL_WORDS[self.refusal], **self.details)
        return self.refusal.code, error_sentence(self.refusal, lang)


class ApiRequest(Struct, kw_only=True):
    """A request as its operation gets it: what was asked, by which key, and its `words`: what it says, by the names of
    the command's arguments."""

    site: WebPagesSharedContext
    key: ProgramKey
    lang: str
    path: Mapping[str, str]
    query: Any
    body: Any
    command: str | None
    words: Mapping[str, Any]
    is_web_login: bool

    @property
    def desk(self) -> Desk:
        return self.site.hall.desk

    @property
    def now(self) -> clock.datetime:
        return self.site.hall.now()

    @property
    def reads_ratings(self) -> bool:
        return RATINGS in self.key.scopes

    def named_date(self) -> clock.date | None:
        """Return the date that was named, None for none."""
        return None if self.query.date is UNSET else self.query.date

    def new_change_ask_for_scope(self, scope: str) -> Ask:
        """Return who asks for a change."""
        who = actor_of_key(self.key.name, scope, is_web_login=self.is_web_login)
        return self.site.hall.ask(who, self.command, self._request_text_for_command_id())

    def _request_text_for_command_id(self) -> str:
        """Return the request in one form, for which an id of the caller's stands; "" without an id. What a customer
        says is stored no longer than it has to be: an id remembers that it was the same."""
        if self.command is None:
            return ""
        digests = {name: slow_digest(self.words[name], self.command) for name in _PERSONAL if name in self.words}
        return json.dumps({**self.words, **digests}, sort_keys=True, ensure_ascii=False)


Act = Callable[[ApiRequest], Document]


class ApiOperation(Struct, frozen=True, kw_only=True):
    """One line of the interface: what is sent and answered, which scope a key needs for it, and the function that does
    it on a thread beside the loop. A stream has no `answer`; its function gets an event of the log and returns what is
    sent of it, None for nothing. The codes `absent` say that what the path names is not there. `is_kept`: the answer
    holds until something happens in the hall. `reads_names`: it tells who has an appointment. `links` lead to what can
    be done with the answer."""

    id: str
    method: str
    path: str
    scope: str
    about: str
    act: Act | None = None
    stream: Callable[[ApiRequest, Event], Document | None] | None = None
    query: type[RequestFields] = documents.Nothing
    body: type[RequestFields] | None = None
    answer: type[Struct] | None = None
    status: int = 200
    absent: tuple[str, ...] = ()
    is_kept: bool = False
    reads_names: bool = False
    links: tuple[OperationLink, ...] = ()

    @property
    def is_change(self) -> bool:
        return self.method != "GET"

    def refusal_statuses(self) -> tuple[int, ...]:
        """Return the statuses that it may be refused with."""
        found = {400, 401, 403, 429, 503}
        if "{" in self.path:
            found.add(404)
        if self.is_change or self.scope == BOOK:
            found.add(409)
        if self.body is not None:
            found |= {413, 415}
        return tuple(sorted(found))

    def operation_description_in_language(self, lang: str) -> DescribedOperation:
        return DescribedOperation(
            id=self.id,
            method=self.method,
            path=self.path,
            about=tr(lang, self.about, context="interface"),
            scope=self.scope,
            query=None if self.query is documents.Nothing else self.query,
            body=self.body,
            answer=self.answer,
            status=self.status,
            refusals=self.refusal_statuses(),
            is_change=self.is_change,
            links=self.links,
        )


# -- what is looked at -------------------------------------------------------------------------------------------------


def _hall_document(asked: ApiRequest) -> Document:
    now = asked.now
    say = partial(alert_text, now=now, lang=asked.lang)
    document = looking.hall_state_document(asked.desk, now, say)
    return {**document, "waiting": [_ticket_for_reader(asked, one) for one in document["waiting"]]}


def _services_document(asked: ApiRequest) -> Document:
    return {"services": looking.service_rows(looking.setup_of_hall(asked.desk))}


def _windows_document(asked: ApiRequest) -> Document:
    return {"windows": looking.window_rows(asked.desk, asked.now)}


def _waits_document(asked: ApiRequest) -> Document:
    desk, now = asked.desk, asked.now
    state = looking.hall_state_now(desk, now)
    services = state.setup_now.services if state.setup_now is not None else ()
    return {"waits": [looking.wait_of_new_ticket(desk, code, now, state) for code in services]}


def _recent_calls_document(asked: ApiRequest) -> Document:
    return {"calls": looking.hall_state_document(asked.desk, asked.now, lambda _state, _alert: "")["recent_calls"]}


def _ticket_document(asked: ApiRequest) -> Document:
    return _ticket_for_reader(
        asked, looking.ticket_document_by_label(asked.desk, asked.path["ticket"], asked.now, asked.named_date())
    )


def _ticket_for_reader(asked: ApiRequest, document: Document) -> Document:
    return document if asked.reads_ratings else reading.document_without_rating(document)


def _events_document(asked: ApiRequest) -> Document:
    page = looking.events_after(asked.desk, asked.query.after, asked.query.limit)
    return {"events": [_event_for_reader(asked, event) for event in page]}


def _event_for_reader(asked: ApiRequest, event: Event) -> Document:
    return event.printed_fields() if asked.reads_ratings else event_without_ratings(event)


def event_without_ratings(event: Event) -> Document:
    """Return an event as the log prints it, without what it says of ratings and of cases about them."""
    document = event.printed_fields()
    if event.kind not in SPLIT_KINDS:
        return document
    public = {name: event.data[name] for name in _PUBLIC_FIELDS if name in event.data}
    return {**document, "data": {**public, "untold": True}}


def _call_of_event(asked: ApiRequest, event: Event) -> Document | None:
    if event.kind not in CALL_KINDS:
        return None
    at = iso_local(asked.site.hall.setup, event.time)
    return {"ticket": event.ticket, "window": event.window, "at": at}


# -- what is done ------------------------------------------------------------------------------------------------------


def _issue_ticket(asked: ApiRequest) -> Document:
    wish: documents.NewTicket = asked.body
    before = wish.return_of
    return issuing.issue_ticket(
        asked.desk,
        asked.new_change_ask_for_scope(ISSUE),
        wish.service,
        klass=wish.klass,
        item=wish.item,
        then=wish.then,
        guide=wish.guide,
        return_of=None if before is None else (before.ticket, before.date),
        ref=wish.ref,
        repeat=wish.repeat,
        need=wish.need,
        speaks=wish.speaks,
        late=wish.late,
        person=wish.person,
        waive=(wish.waive or "").strip(),
    )


def _call_ticket(asked: ApiRequest) -> Document:
    wish: documents.NextCallRequest = asked.body
    return calling.call_ticket(
        asked.desk,
        asked.new_change_ask_for_scope(CALL),
        asked.path["window"],
        ticket=wish.ticket,
        reason=wish.reason,
        day=wish.date,
    )


def _recall_ticket(asked: ApiRequest) -> Document:
    return calling.recall_customer(asked.desk, asked.new_change_ask_for_scope(CALL), asked.path["window"])


def _start_serving_ticket(asked: ApiRequest) -> Document:
    return calling.start_serving(asked.desk, asked.new_change_ask_for_scope(CALL), asked.path["window"])


def _mark_missed(asked: ApiRequest) -> Document:
    return calling.record_missed_call(asked.desk, asked.new_change_ask_for_scope(CALL), asked.path["window"])


def _finish_ticket(asked: ApiRequest) -> Document:
    wish: documents.Finish = asked.body
    return calling.finish_service(
        asked.desk,
        asked.new_change_ask_for_scope(CALL),
        asked.path["window"],
        outcome=wish.outcome,
        note=wish.note,
        form_free=wish.form_free,
        delivered=wish.delivered,
        then=wish.then,
    )


def _add_rating(asked: ApiRequest) -> Document:
    wish: documents.NewRating = asked.body
    if wish.level is None and not (wish.tags or wish.comment or wish.attitude or wish.competence):
        raise InterfaceRefusalError(409, "nothing_said")
    give = rating.add_rating_reasons if wish.level is None else partial(rating.rate_visit, level=wish.level)
    document = give(
        asked.desk,
        asked.new_change_ask_for_scope(RATE),
        asked.path["ticket"],
        day=wish.date,
        tags=wish.tags,
        comment=wish.comment,
        attitude=wish.attitude,
        competence=wish.competence,
    )
    return _ticket_for_reader(asked, document)


# -- appointments, which a hall may do without -------------------------------------------------------------------------

_VERBS, _RULES = "features.appointments.verbs", "features.appointments.rules"


def _require_appointments(asked: ApiRequest) -> None:
    if not looking.setup_of_hall(asked.desk).has_feature("appointments"):
        raise RuleError("feature_off", feature="appointments")


def _appointments_document(asked: ApiRequest) -> Document:
    _require_appointments(asked)
    day = asked.named_date() or business_date(looking.setup_of_hall(asked.desk), asked.now)
    return {"appointments": import_reference(f"{_VERBS}:appointments_between_dates")(asked.desk, day)}


def _book_appointment(asked: ApiRequest) -> Document:
    _require_appointments(asked)
    wish: documents.NewAppointment = asked.body
    moment = import_reference(f"{_RULES}:parse_hall_moment")(
        looking.setup_of_hall(asked.desk), wish.date.isoformat(), wish.at
    )
    request = import_reference(f"{_VERBS}:AppointmentRequest")(
        service=wish.service,
        at=moment,
        item=wish.item,
        klass=wish.klass,
        ref=wish.ref,
        name=wish.name,
        contact=wish.contact,
    )
    booked: Document = import_reference(f"{_VERBS}:book_appointment")(
        asked.desk, asked.new_change_ask_for_scope(BOOK), request
    )
    return booked


def _cancel_appointment(asked: ApiRequest) -> Document:
    _require_appointments(asked)
    number = asked.path["number"]
    if not re.fullmatch(r"[0-9]{1,9}", number):
        raise RuleError("not_there", kind="appointment", code=number)
    gone: Document = import_reference(f"{_VERBS}:cancel_appointment")(
        asked.desk, asked.new_change_ask_for_scope(BOOK), int(number), reason=asked.query.reason
    )
    return gone


def _api_operation_that_reads(name: str, about: str, act: Act, answer: type[Struct]) -> ApiOperation:
    return ApiOperation(
        id=name, method="GET", path=f"/{name}", scope=READ, about=about, act=act, answer=answer, is_kept=True
    )


def _window_operation(name: str, about: str, act: Act, body: type[RequestFields] = documents.Nothing) -> ApiOperation:
    return ApiOperation(
        id=name,
        method="POST",
        path=f"/windows/{{window}}/{name}",
        scope=CALL,
        about=about,
        act=act,
        body=body,
        answer=documents.TicketDocument,
        absent=_WINDOW,
    )


_TICKET, _WINDOW, _NUMBER = ("unknown_ticket",), ("unknown_window",), ("not_there",)
OPERATIONS: tuple[ApiOperation, ...] = (
    _api_operation_that_reads(
        "hall",
        mark("The hall now: windows, who waits in order, recent calls, alerts", context="interface"),
        _hall_document,
        documents.HallDocument,
    ),
    _api_operation_that_reads(
        "services", mark("The services", context="interface"), _services_document, documents.ServiceList
    ),
    _api_operation_that_reads(
        "windows",
        mark("The windows, with clerk and customer", context="interface"),
        _windows_document,
        documents.WindowList,
    ),
    _api_operation_that_reads(
        "waits",
        mark("For each service: the wait of a ticket issued now", context="interface"),
        _waits_document,
        documents.WaitList,
    ),
    _api_operation_that_reads(
        "calls",
        mark("The latest calls, the last one first", context="interface"),
        _recent_calls_document,
        documents.CallList,
    ),
    ApiOperation(
        id="callStream",
        method="GET",
        path="/calls/stream",
        scope=READ,
        about=mark("Calls and recalls as they happen, as server-sent events", context="interface"),
        stream=_call_of_event,
        query=documents.StreamAfterQuery,
    ),
    ApiOperation(
        id="ticket",
        method="GET",
        path="/tickets/{ticket}",
        scope=READ,
        about=mark("A ticket of today, or of a date", context="interface"),
        act=_ticket_document,
        query=documents.DateQuery,
        answer=documents.TicketDocument,
        absent=_TICKET,
        is_kept=True,
    ),
    ApiOperation(
        id="events",
        method="GET",
        path="/events",
        scope=EVENTS,
        about=mark("The log after a number; without ratings unless the key may read them", context="interface"),
        act=_events_document,
        query=documents.EventsAfterQuery,
        answer=documents.EventList,
    ),
    ApiOperation(
        id="eventStream",
        method="GET",
        path="/events/stream",
        scope=EVENTS,
        about=mark("The log as it grows, as server-sent events", context="interface"),
        stream=_event_for_reader,
        query=documents.StreamAfterQuery,
    ),
    ApiOperation(
        id="issue",
        method="POST",
        path="/tickets",
        scope=ISSUE,
        about=mark("Issue a ticket", context="interface"),
        act=_issue_ticket,
        body=documents.NewTicket,
        answer=documents.TicketDocument,
        status=201,
        links=(OperationLink("ticket", "ticket", "ticket"), OperationLink("rate", "ticket", "ticket")),
    ),
    _window_operation(
        "call",
        mark("Call the next ticket to the window, or a chosen one", context="interface"),
        _call_ticket,
        documents.NextCallRequest,
    ),
    _window_operation("recall", mark("Call the window's customer again", context="interface"), _recall_ticket),
    _window_operation("start", mark("The customer is at the window", context="interface"), _start_serving_ticket),
    _window_operation(
        "finish", mark("The customer has been served", context="interface"), _finish_ticket, documents.Finish
    ),
    _window_operation("miss", mark("The customer did not come", context="interface"), _mark_missed),
    ApiOperation(
        id="rate",
        method="POST",
        path="/tickets/{ticket}/rate",
        scope=RATE,
        about=mark("Rate a finished visit from 1 to 5, or add reasons without a level", context="interface"),
        act=_add_rating,
        body=documents.NewRating,
        answer=documents.TicketDocument,
        absent=_TICKET,
    ),
    ApiOperation(
        id="appointments",
        method="GET",
        path="/appointments",
        scope=BOOK,
        about=mark("The appointments of a day, with names", context="interface"),
        act=_appointments_document,
        query=documents.DateQuery,
        answer=documents.AppointmentList,
        reads_names=True,
    ),
    ApiOperation(
        id="book",
        method="POST",
        path="/appointments",
        scope=BOOK,
        about=mark("Make an appointment", context="interface"),
        act=_book_appointment,
        body=documents.NewAppointment,
        answer=documents.AppointmentDocument,
        status=201,
        links=(OperationLink("callOff", "number", "appointment"),),
    ),
    ApiOperation(
        id="callOff",
        method="DELETE",
        path="/appointments/{number}",
        scope=BOOK,
        about=mark("Cancel an appointment", context="interface"),
        act=_cancel_appointment,
        query=documents.ReasonQuery,
        answer=documents.AppointmentDocument,
        absent=_NUMBER,
    ),
)
