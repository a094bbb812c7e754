"""The interface for other programs: its routes, keys, limits and refusals follow from the table of operations."""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import UNSET, to_builtins
from starlette.datastructures import URLPath
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import ASGIApp, Receive, Scope, Send

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking, network
from queuedesk.features.web.rules import STAFF_SCOPES, ProgramKey, TokenBucket, find_key
from queuedesk.features.web.server import interface_documents
from queuedesk.features.web.server.operations import (
    OPERATIONS,
    ApiOperation,
    ApiRequest,
    InterfaceRefusalError,
    UnreadableRequestError,
)
from queuedesk.features.web.server.site import LARGEST_BODY, WebPagesSharedContext
from queuedesk.features.web.server.streams import EventStream, OpenTopicStream, server_sent_event_text
from queuedesk.features.web.verbs.keys import current_api_keys
from queuedesk.i18n.catalogue import tr

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
            return _json_answer(msgspec.json.encode(interface_documents.openapi_document(lang, BASE, described)))
        told = interface_documents.refusal_status_texts(lang)
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


def _parsed_query(request: Request, kind: type[interface_documents.RequestFields]) -> interface_documents.RequestFields:
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


async def _read_body(
    request: Request, kind: type[interface_documents.RequestFields]
) -> interface_documents.RequestFields:
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
    given = request.headers.get(interface_documents.IDEMPOTENCY)
    if given is None:
        return None
    if not _KEY.fullmatch(given) or len(given) > interface_documents.LONGEST_KEY:
        raise UnreadableRequestError(interface_documents.IDEMPOTENCY)
    return given


def _stored_fields_of_request(
    operation: ApiOperation,
    key: ProgramKey,
    named: Mapping[str, str],
    query: interface_documents.RequestFields,
    body: interface_documents.RequestFields | None,
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
