"""The interface for other programs: its routes, keys, limits and refusals follow from the table of operations, which
says what is sent, answered and needed, and the function that does it.
"""

from __future__ import annotations

import asyncio
import datetime as clock
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import UNSET, Struct, to_builtins
from starlette.datastructures import URLPath
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import ASGIApp, Receive, Scope, Send

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import import_reference
from queuedesk.core.log.event import Event
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue.hallday import business_date
from queuedesk.desk import looking, network, reading
from queuedesk.desk.change import Ask, Desk, Document, iso_local
from queuedesk.desk.queue import calling, issuing, rating
from queuedesk.desk.queue.opening import slow_digest
from queuedesk.features.web.rules import (
    BOOK,
    CALL,
    EVENTS,
    ISSUE,
    RATE,
    RATINGS,
    READ,
    STAFF_SCOPES,
    ProgramKey,
    TokenBucket,
    actor_of_key,
    find_key,
)
from queuedesk.features.web.server import interface_documents as documents
from queuedesk.features.web.server.interface_documents import DescribedOperation, OperationLink, RequestFields
from queuedesk.features.web.server.site import LARGEST_BODY, WebPagesSharedContext
from queuedesk.features.web.server.streams import EventStream, OpenTopicStream, server_sent_event_text
from queuedesk.features.web.verbs import current_api_keys
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


BASE = "/api/v1"
AT_ONCE, PER_S = 40, 10.0
"""So many requests of one key at once, and so many a second in the long run."""
MOST_STREAMS = 4
KEPT_S = 5.0
"""So long the answer to a question about the hall holds while nothing happens there."""
MOST_KEPT = 200
STREAM_PAGE = 200
LOG = "log"
"""What streams of events listen to."""
RETRY_S = 5
_KEY = re.compile(r"[!-~]+")


class InterfaceApp:
    """Answers everything below BASE, in JSON whatever happens."""

    def __init__(self, site: WebPagesSharedContext) -> None:
        self._site = site
        self._keys: list[ProgramKey] | None = None
        self._keys_changed = self._told = 0
        self._one_look = asyncio.Lock()
        self._is_web_login: bool | None = None
        self._buckets: dict[str, TokenBucket] = {}
        """By digest: another key under a name that was given before has a quota of its own."""
        self._kept: OrderedDict[Any, tuple[int, float, bytes]] = OrderedDict()
        self._routes = [(_path_pattern(one.path), one) for one in OPERATIONS]
        site.hall.add_change_listener(self._note_events)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        lang = self._site.language_of_request(request)
        try:
            answer = await self._answer_request(request, lang)
        except InterfaceRefusalError as refusal:
            answer = _refusal_answer(refusal, lang)
        except UnreadableRequestError as error:
            answer = _refusal_answer(InterfaceRefusalError(400, "not_understood", what=str(error)), lang)
        except HTTPException as error:  # the body was too large
            answer = _refusal_answer(InterfaceRefusalError(error.status_code, "too_large", error.headers), lang)
        except OutsideError as error:
            answer = self._outside_error_answer(error, lang)
        except QueueDeskError as error:
            answer = _refusal_answer(InterfaceRefusalError(403 if error.code in _FORBIDDEN else 409, error), lang)
        except Exception as bug:  # noqa: BLE001 - told in the log, without what was asked for
            self._site.note_bug(bug)
            answer = _refusal_answer(InterfaceRefusalError(500, "bug"), lang)
        await answer(scope, receive, send)

    def _outside_error_answer(self, error: OutsideError, lang: str) -> Response:
        """Return the answer to trouble outside the program; where the hall's file or server is, is nothing for
        others."""
        if error.code.startswith("database_"):
            told = tr(lang, "The hall's database can't be reached at the moment; please try again.")
            return _refusal_response(503, error.code, told, {"retry-after": str(RETRY_S)})
        self._site.note_bug(error)
        return _refusal_answer(InterfaceRefusalError(500, "bug"), lang)

    async def _answer_request(self, request: Request, lang: str) -> ASGIApp:
        path = request.scope["path"].removeprefix(BASE)
        if path in ("/openapi.json", "/", ""):
            return self._interface_description_response(request, path, lang)
        operation, named = self._find_operation(path, request.method)
        key = await self._key_of_request(request)
        self._refuse_if_requests_too_often(key)
        if operation.scope not in key.scopes:
            raise InterfaceRefusalError(403, "scope_needed", scope=operation.scope, name=key.name)
        if self._is_web_login and (operation.scope in STAFF_SCOPES or operation.reads_names):
            raise InterfaceRefusalError(403, "staff_login")
        asked = await self._read_request(request, operation, key, named, lang)
        if operation.stream is not None:
            return self._event_stream_answer(request, operation, asked)
        try:
            content = await self._run_operation_and_give_json(operation, asked)
        except RuleError as error:
            if error.code in operation.absent:
                raise InterfaceRefusalError(404, error) from error
            raise
        return _json_answer(content, operation.status)

    def _find_operation(self, path: str, method: str) -> tuple[ApiOperation, Mapping[str, str]]:
        found = [(one, match) for pattern, one in self._routes if (match := pattern.fullmatch(path))]
        if not found:
            raise InterfaceRefusalError(404, "no_such_path")
        for one, match in found:
            if one.method == method:
                return one, match.groupdict()
        raise InterfaceRefusalError(405, "wrong_method", {"allow": ", ".join(one.method for one, _match in found)})

    def _interface_description_response(self, request: Request, path: str, lang: str) -> ASGIApp:
        if request.method not in ("GET", "HEAD"):
            raise InterfaceRefusalError(405, "wrong_method", {"allow": "GET, HEAD"})
        described = [one.operation_description_in_language(lang) for one in OPERATIONS]
        if path == "/openapi.json":
            return _json_answer(msgspec.json.encode(documents.openapi_document(lang, BASE, described)))
        told = documents.refusal_status_texts(lang)
        return self._site.render(request, "interface.html", lang, base=BASE, operations=described, refusals=told)

    async def _key_of_request(self, request: Request) -> ProgramKey:
        """Return the key of a request; wrong ones are answered ever more slowly."""
        word, _space, given = request.headers.get("authorization", "").partition(" ")
        if word.lower() == "bearer" and given:
            found = find_key(await self.program_keys(), given.strip())
            if found is not None:
                return found
            now_s = asyncio.get_running_loop().time()
            wait_s = self._site.wrong_tokens.count_try_and_wait_s(self._site.client_address(request.scope), now_s)
            if wait_s > 0:
                raise _too_often_refusal_error(wait_s)
            self._keys = None  # It may have been made a moment ago.
            found = find_key(await self.program_keys(), given.strip())
            if found is not None:
                return found
        raise InterfaceRefusalError(401, "key_needed", {"www-authenticate": "Bearer"})

    async def program_keys(self) -> list[ProgramKey]:
        """Return the keys that there are now."""
        hall = self._site.hall
        if self._is_web_login is None:
            kind = await hall.run(network.own_pc_kind, hall.desk)
            self._is_web_login = kind is not None and kind not in (PcKind.STAFF, PcKind.MANAGER)
        while (known := self._keys) is None:
            changed = self._keys_changed
            read = await hall.run(current_api_keys, hall.desk)
            if changed == self._keys_changed:  # Else one was withdrawn while they were read.
                self._keys = read
                self._buckets = {key.digest: self._token_bucket(key) for key in read}
        return known

    def _token_bucket(self, key: ProgramKey) -> TokenBucket:
        return self._buckets.get(key.digest) or TokenBucket(AT_ONCE, PER_S)

    def _refuse_if_requests_too_often(self, key: ProgramKey) -> None:
        bucket = self._buckets[key.digest] = self._token_bucket(key)
        wait_s = bucket.take_or_seconds_to_wait(asyncio.get_running_loop().time())
        if wait_s > 0:
            raise _too_often_refusal_error(wait_s)

    async def _read_request(
        self, request: Request, operation: ApiOperation, key: ProgramKey, named: Mapping[str, str], lang: str
    ) -> ApiRequest:
        body = None if operation.body is None else await _read_body(request, operation.body)
        query = _parsed_query(request, operation.query)
        return ApiRequest(
            site=self._site,
            key=key,
            lang=lang,
            path=named,
            query=query,
            body=body,
            command=_command_id(request) if operation.is_change else None,
            words=_stored_fields_of_request(operation, key, named, query, body),
            is_web_login=bool(self._is_web_login),
        )

    async def _run_operation_and_give_json(self, operation: ApiOperation, asked: ApiRequest) -> bytes:
        hall = self._site.hall
        if operation.act is None:
            raise LookupError(operation.id)
        if not operation.is_kept:
            document = await hall.run(operation.act, asked)
            if operation.is_change:
                self._kept.clear()
            return msgspec.json.encode(document)
        if hall.away_since is not None:
            raise OutsideError("database_away")
        loop = asyncio.get_running_loop()
        of = (operation.id, *asked.path.values(), asked.query, asked.lang, asked.reads_ratings)
        async with self._one_look:  # However many programs ask, they take one thread of those that customers need too.
            seq, made_s, content = self._kept.get(of, (-1, 0.0, b""))
            if seq != hall.last_seq or loop.time() - made_s > KEPT_S:
                seq, made_s = hall.last_seq, loop.time()
                content = msgspec.json.encode(await hall.run(operation.act, asked))
                self._kept[of] = (seq, made_s, content)
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return content

    def _event_stream_answer(self, request: Request, operation: ApiOperation, asked: ApiRequest) -> ASGIApp:
        last = request.headers.get("last-event-id", "")
        after = self._site.hall.last_seq if asked.query.after is UNSET else asked.query.after
        if last.isascii() and last.isdecimal() and len(last) <= 18:
            after = int(last)
        if self._site.hub.is_full:
            raise InterfaceRefusalError(503, "too_many_streams", {"retry-after": str(RETRY_S)})
        reader = _StreamLogReader(self, self._site, operation, asked, after)
        owner = ("key", asked.key.digest)
        return EventStream(
            self._site.hub, LOG, ": \n\n", owner=owner, most=MOST_STREAMS, on_open=reader.set_listener, read=reader.read
        )

    def _note_events(self, events: list[Event]) -> None:
        """Take note of what happened: keys come and go by events too."""
        if not events or any(event.kind.startswith("web.key") for event in events):
            self._keys = None
            self._keys_changed += 1
        self._told += 1
        self._site.hub.tell(LOG, f": {self._told}\n\n")


class _StreamLogReader:
    """Reads on in the log for one stream, from where it stopped."""

    def __init__(
        self, app: InterfaceApp, site: WebPagesSharedContext, operation: ApiOperation, asked: ApiRequest, seq: int
    ) -> None:
        self._app, self._site, self._operation, self._asked, self._seq = app, site, operation, asked, seq
        self._listener: OpenTopicStream | None = None

    def set_listener(self, listener: OpenTopicStream) -> None:
        self._listener = listener

    async def read(self) -> str:
        """Return what is to be sent next, "" while there is nothing new or the hall is away; end the stream of a key
        that is gone."""
        try:
            if self._asked.key in await self._app.program_keys():
                return await self._next_events_as_stream_text()
        except OutsideError:  # the follower says when the hall is back
            return ""
        if self._listener is not None:
            self._listener.end_stream()
        return ""

    async def _next_events_as_stream_text(self) -> str:
        hall, show = self._site.hall, self._operation.stream
        while show is not None and hall.away_since is None and self._seq < hall.last_seq:
            page = await hall.run(looking.events_after, hall.desk, self._seq, STREAM_PAGE)
            if not page:
                break
            self._seq = page[-1].seq
            shown = [(event.seq, show(self._asked, event)) for event in page]
            texts = [
                server_sent_event_text(json.dumps(document, ensure_ascii=False), id=str(seq))
                for seq, document in shown
                if document is not None
            ]
            if texts:
                return "".join(texts)
        return ""


def routes(site: WebPagesSharedContext) -> list[BaseRoute]:
    """Return the routes of the interface and of the page that explains it."""
    return [_InterfaceRoute(InterfaceApp(site))]


class _InterfaceRoute(BaseRoute):
    """Everything below BASE, whatever its path holds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope["path"]
        return (Match.FULL if path == BASE or path.startswith(f"{BASE}/") else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


_FORBIDDEN = frozenset({"not_your_role", "not_your_window", "pin_needed", "who_are_you", "not_for_you"})


def _path_pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/\\x00]{1,200})", path))


def _parsed_query(request: Request, kind: type[documents.RequestFields]) -> documents.RequestFields:
    said = parse_qsl(request.url.query, keep_blank_values=True)
    given = {name: value for name, value in said if name != "lang"}
    if len(given) != len([name for name, _value in said if name != "lang"]):
        raise UnreadableRequestError("?")
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise UnreadableRequestError(str(error)) from error


def _parse_number(text: str) -> float:
    """Return a number as it is written; 3.0 is the whole number 3, as the description has it."""
    value = float(text)
    return int(value) if value.is_integer() else value


_DECODER = msgspec.json.Decoder(float_hook=_parse_number)


async def _read_body(request: Request, kind: type[documents.RequestFields]) -> documents.RequestFields:
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        raise HTTPException(413, headers={"connection": "close"})
    content = await request.body()
    if not content and not any(each.required for each in msgspec.structs.fields(kind)):
        return kind()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise InterfaceRefusalError(415, "not_json")
    try:
        return msgspec.convert(_DECODER.decode(content), kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnreadableRequestError(str(error)) from error


def _command_id(request: Request) -> str | None:
    """Return the caller's own id for a change."""
    given = request.headers.get(documents.IDEMPOTENCY)
    if given is None:
        return None
    if not _KEY.fullmatch(given) or len(given) > documents.LONGEST_KEY:
        raise UnreadableRequestError(documents.IDEMPOTENCY)
    return given


def _stored_fields_of_request(
    operation: ApiOperation,
    key: ProgramKey,
    named: Mapping[str, str],
    query: documents.RequestFields,
    body: documents.RequestFields | None,
) -> Mapping[str, Any]:
    """Return what a request says. Its fields are named as the command's."""
    said: dict[str, Any] = {"command": operation.id, "key": key.name, **to_builtins(query), **to_builtins(body or {})}
    said |= named
    said["tag"] = said.pop("tags", None)
    if operation.id == "issue":  # An id's words are stored for good: they say that somebody was named, not who.
        said |= {name: "-" for name in ("ref", "person") if said.get(name)}
    return {name: value for name, value in said.items() if value}


def _too_often_refusal_error(wait_s: float) -> InterfaceRefusalError:
    seconds = int(wait_s) + 1
    return InterfaceRefusalError(429, "too_often", {"retry-after": str(seconds)}, seconds=seconds)


def _refusal_answer(refusal: InterfaceRefusalError, lang: str) -> Response:
    return _refusal_response(refusal.status, *refusal.code_and_sentence(lang), refusal.headers)


def _refusal_response(status: int, code: str, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    return _json_answer(msgspec.json.encode({"error": {"code": code, "message": sentence}}), status, headers)


def _json_answer(content: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(content, status, dict(headers or {}), "application/json")
