"""The documents that other programs send and get: the same structs decode, refuse and describe.

What is answered are the documents of the commands; the structs of answers describe them and change nothing."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field
from msgspec.structs import fields

from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.queue.ticket import NEEDS, TicketState, WindowState
from queuedesk.desk.queue.rating import LEVELS
from queuedesk.i18n.catalogue import mark, tr

LARGEST = 2**31 - 1
MOST_SERVICES = 20
MOST_EVENTS = 1000
"""So many events one answer has at most."""

_NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Meta(min_length=1, max_length=1000, pattern=_NO_NUL)]
Code = Annotated[str, Meta(min_length=1, max_length=60, pattern=_NO_NUL)]
Codes = Annotated[list[Code], Meta(max_length=MOST_SERVICES)]
Number = Annotated[int, Meta(ge=0, le=LARGEST)]
Level = Annotated[int, Meta(ge=LEVELS[0], le=LEVELS[-1])]
Day = Annotated[clock.date, Meta(extra_json_schema={"pattern": "^(?!0001|9999)[0-9]{4}-"})]
"""No date of the calendar's first or last year: those lack neighbours."""
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Need = Literal["", *NEEDS]  # type: ignore[valid-type]


class RequestFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program may send; anything else is refused."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, clock.date) and not clock.MINYEAR < value.year < clock.MAXYEAR:
                raise ValueError(name)


class Nothing(RequestFields, frozen=True, kw_only=True):
    pass


class DateQuery(RequestFields, frozen=True, kw_only=True):
    date: Day | UnsetType = UNSET


class EventsAfterQuery(RequestFields, frozen=True, kw_only=True):
    after: Number = 0
    limit: Annotated[int, Meta(ge=1, le=MOST_EVENTS)] = MOST_EVENTS


class StreamAfterQuery(RequestFields, frozen=True, kw_only=True):
    after: Number | UnsetType = UNSET


class ReasonQuery(RequestFields, frozen=True, kw_only=True):
    reason: Text


class EarlierTicket(RequestFields, frozen=True, kw_only=True):
    ticket: Code
    date: Day


class NewTicket(RequestFields, frozen=True, kw_only=True):
    service: Code
    item: Code | None = None
    klass: Code = field(default="normal", name="class")
    then: Codes = field(default_factory=list)
    guide: Code | None = None
    return_of: EarlierTicket | None = None
    ref: Text | None = None
    repeat: bool = False
    need: Need = ""
    speaks: Annotated[str, Meta(max_length=60, pattern=_NO_NUL)] = ""
    late: bool = False
    person: Text | None = None
    waive: Text | None = None


class NextCallRequest(RequestFields, frozen=True, kw_only=True):
    ticket: Code | None = None
    date: Day | None = None
    reason: Text | None = None


class Finish(RequestFields, frozen=True, kw_only=True):
    outcome: Code | None = None
    note: Text | None = None
    form_free: bool = False
    delivered: Codes = field(default_factory=list)
    then: Codes = field(default_factory=list)


class NewRating(RequestFields, frozen=True, kw_only=True):
    level: Level | None = None
    tags: Codes = field(default_factory=list)
    comment: Text | None = None
    attitude: Level | None = None
    competence: Level | None = None
    date: Day | None = None


class NewAppointment(RequestFields, frozen=True, kw_only=True):
    service: Code
    date: Day
    at: Annotated[str, Meta(pattern=r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$")]
    item: Code | None = None
    klass: Code | None = field(default=None, name="class")
    name: Annotated[str, Meta(max_length=60, pattern=_NO_NUL)] = ""
    contact: Annotated[str, Meta(max_length=60, pattern=_NO_NUL)] = ""
    ref: Annotated[str, Meta(max_length=60, pattern=_NO_NUL)] | None = None


# -- what a program gets -----------------------------------------------------------------------------------------------


class WaitMinutes(Struct, frozen=True, kw_only=True):
    low: float
    high: float | None
    point: float
    unit: str


class TicketDocument(Struct, frozen=True, kw_only=True):
    ticket: str
    service: str
    item: str | None
    state: TicketState
    klass: str = field(name="class")
    arrived: Moment
    ahead: int | None
    wait: WaitMinutes | None
    window: str | None
    calls: int
    overtaken: int
    visit: str
    wait_reason: str | UnsetType = UNSET
    called: Moment | UnsetType = UNSET
    started: Moment | UnsetType = UNSET
    finished: Moment | UnsetType = UNSET
    coming: int | UnsetType = UNSET
    staff: str | UnsetType = UNSET
    rating: int | UnsetType = UNSET
    reach: str | UnsetType = UNSET


class ServiceDocument(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    prefix: str
    handling_target: int | None


class ServiceList(Struct, frozen=True, kw_only=True):
    services: list[ServiceDocument]


class WindowDocument(Struct, frozen=True, kw_only=True):
    code: str
    state: WindowState
    staff: str | None
    services: list[str]
    ticket: str | None
    back: Moment | None
    lent: list[str] | UnsetType = UNSET


class WindowList(Struct, frozen=True, kw_only=True):
    windows: list[WindowDocument]


class ServiceWait(Struct, frozen=True, kw_only=True):
    service: str
    ahead: int | None
    wait: WaitMinutes | None
    wait_reason: str | UnsetType = UNSET
    coming: int | UnsetType = UNSET


class WaitList(Struct, frozen=True, kw_only=True):
    waits: list[ServiceWait]


class CallDocument(Struct, frozen=True, kw_only=True):
    ticket: str
    window: str
    at: Moment


class CallList(Struct, frozen=True, kw_only=True):
    calls: list[CallDocument]


class AlertDocument(Struct, frozen=True, kw_only=True):
    kind: str
    level: str
    service: str | None
    window: str | None
    ticket: str | None
    since: Moment | None
    acknowledged: bool
    acknowledged_by: str | None
    message: str
    device: str | UnsetType | None = UNSET
    station: str | UnsetType | None = UNSET


class HallDocument(Struct, frozen=True, kw_only=True):
    hall: str
    windows: list[WindowDocument]
    waiting: list[TicketDocument]
    recent_calls: list[CallDocument]
    alerts: list[AlertDocument]


class EventDocument(Struct, frozen=True, kw_only=True):
    seq: int
    at: Moment
    time: Moment
    kind: str
    actor: str
    ticket: str | None
    service: str | None
    window: str | None
    staff: str | None
    command: str | None
    data: dict[str, Any]
    prev: str
    hash: str


class EventList(Struct, frozen=True, kw_only=True):
    events: list[EventDocument]


class AppointmentDocument(Struct, frozen=True, kw_only=True):
    appointment: int
    date: clock.date
    at: Moment
    service: str
    item: str | None
    klass: str = field(name="class")
    ref: str | None
    state: AppointmentState
    ticket: str | None
    name: str
    contact: str


class AppointmentList(Struct, frozen=True, kw_only=True):
    appointments: list[AppointmentDocument]


class Refusal(Struct, frozen=True, kw_only=True):
    code: str
    message: str


class RefusalDocument(Struct, frozen=True, kw_only=True):
    error: Refusal


# -- the description of the interface ----------------------------------------------------------------------------------

OPENAPI, VERSION = "3.1.0", "1.0"
EVENT_STREAM = "text/event-stream"
REFUSALS: Mapping[int, str] = {
    400: mark("not understood", context="interface"),
    401: mark("no valid key", context="interface"),
    403: mark("not for this key", context="interface"),
    404: mark("not there", context="interface"),
    405: mark("not with this method", context="interface"),
    409: mark("refused by a rule of the hall, or the id was used for something else", context="interface"),
    413: mark("too large", context="interface"),
    415: mark("not JSON", context="interface"),
    429: mark("too often; Retry-After says how many seconds to wait", context="interface"),
    503: mark("the hall's database is away, or too many streams are open", context="interface"),
}


class OperationLink(NamedTuple):
    """Another operation, and its parameter in the path: the value of a field of the answer."""

    to: str
    parameter: str
    field: str


class DescribedOperation(Struct, frozen=True, kw_only=True):
    """What the description says of one operation. `answer` is None for a stream of events; `path` has its parameters in
    braces, all of them texts."""

    id: str
    method: str
    path: str
    about: str
    scope: str
    query: type[RequestFields] | None
    body: type[RequestFields] | None
    answer: type[Struct] | None
    status: int
    refusals: tuple[int, ...]
    is_change: bool
    links: tuple[OperationLink, ...]

    @property
    def query_example(self) -> str:
        """Return the query's fields as an address has them."""
        named = [f"{each.encode_name}=…" for each in fields(self.query)] if self.query is not None else []
        return f"?{'&'.join(named)}" if named else ""

    @property
    def body_field_names(self) -> list[str]:
        """Return the names of what is sent, those that are needed first."""
        listed = fields(self.body) if self.body is not None else ()
        return [each.encode_name for each in sorted(listed, key=lambda each: not each.required)]


def refusal_status_texts(lang: str) -> list[tuple[int, str]]:
    """Return the statuses of refusals with what each means."""
    return [(status, tr(lang, text, context="interface")) for status, text in REFUSALS.items()]


def openapi_document(lang: str, base: str, operations: Iterable[DescribedOperation]) -> dict[str, Any]:
    """Return the interface in OpenAPI 3.1; the paths are below `base`."""
    listed = list(operations)
    bodies = [one.body for one in listed if one.body is not None]
    answers = [one.answer for one in listed if one.answer is not None]
    kinds: list[type[Struct]] = list(dict.fromkeys([*bodies, *answers, RefusalDocument]))
    schemas, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    of = dict(zip(kinds, schemas, strict=True))
    paths: dict[str, Any] = {}
    for one in listed:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation_document(one, of, lang)
    return {
        "openapi": OPENAPI,
        "info": {"title": tr(lang, "QueueDesk for other programs"), "version": VERSION},
        "servers": [{"url": base}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _operation_document(
    one: DescribedOperation, of: Mapping[type[Struct], dict[str, Any]], lang: str
) -> dict[str, Any]:
    if one.answer is None:
        content: dict[str, Any] = {EVENT_STREAM: {"schema": {"type": "string"}}}
    else:
        content = {"application/json": {"schema": of[one.answer]}}
    refused = {"application/json": {"schema": of[RefusalDocument]}}
    words = dict(refusal_status_texts(lang))
    said: dict[str, Any] = {
        "operationId": one.id,
        "summary": one.about,
        "description": tr(lang, "Scope: {scope}", context="interface", scope=one.scope),
        "parameters": _openapi_parameters(one),
        "responses": {
            str(one.status): {
                "description": tr(lang, "done", context="interface"),
                "content": content,
                "links": {
                    link.to: {"operationId": link.to, "parameters": {link.parameter: f"$response.body#/{link.field}"}}
                    for link in one.links
                },
            },
            **{str(status): {"description": words[status], "content": refused} for status in one.refusals},
        },
    }
    if one.body is not None:
        needed = any(each.required for each in fields(one.body))
        said["requestBody"] = {"required": needed, "content": {"application/json": {"schema": of[one.body]}}}
    return said


def _openapi_parameters(one: DescribedOperation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for part in one.path.split("/")
        if part.startswith("{")
    ]
    if one.query is not None:
        schema = msgspec.json.schema(one.query)
        properties = schema["$defs"][one.query.__name__]["properties"]
        for each in fields(one.query):
            shown = {"name": each.encode_name, "in": "query", "required": each.required}
            found.append({**shown, "schema": properties[each.encode_name]})
    if one.is_change:
        key = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"}
        found.append({"name": IDEMPOTENCY, "in": "header", "required": False, "schema": key})
    return found


IDEMPOTENCY = "Idempotency-Key"
LONGEST_KEY = 200
