"""The web pages as one application: what every answer has in common, and what is refused before a page sees it; and the
hall as the pages read it, followed by the log on the server's own event loop.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ipaddress
import logging
import re
import string
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from itertools import product
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.pc_clock import LEAP, reliability_of_clock
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup, field_and_choice_languages
from queuedesk.core.waits.estimates import Estimates
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.web import verbs
from queuedesk.features.web.rules import LINKS_RENEWED, VisitTokenIndex, WrongTokenThrottle
from queuedesk.features.web.server.streams import StreamHub
from queuedesk.feed.follower import HallCopy, HallSnapshot
from queuedesk.files.reading import read_program_file
from queuedesk.i18n import LANGUAGES, error_sentence, name_in_language, use_hall_words
from queuedesk.i18n.catalogue import ntr, tr
from queuedesk.watch import WorkQueueThread, report_bug

LANES = 4
"""So many threads ask the database, so that one that waits for the hall's lock holds nobody up who reads."""
MOVED = "hall_moved"
TURN_S = 15.0
"""How often the business date is looked at."""
P = ParamSpec("P")
T = TypeVar("T")


class FollowedHall:
    """The hall, for whatever runs on the server's event loop: `state` is read there and nowhere else. Listeners
    (`add_change_listener`) are called there too, once for each batch of events, with an empty list where the state was
    read afresh or another business date has begun. Whatever asks the database goes through `run`."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        """Read the hall. Raises OutsideError when the database is away."""
        self.desk = desk
        self.clock = clock
        self._copy = HallCopy(desk, clock)
        self._since: datetime | None = None
        self._away_s = 0.0
        self.moved: OutsideError | None = None
        """That the file is no longer the hall's, if so."""
        self.on_moved: Callable[[], object] = lambda: None
        self.on_bug: Callable[[BaseException], object] = report_bug
        """Is told of a bug in what is told of changes, or asks the database for nobody."""
        self._listeners: list[Callable[[list[Event]], object]] = []
        self._lanes = [WorkQueueThread(f"web {n}") for n in range(1, LANES + 1)]
        self._owed = [0] * LANES
        self._loop: asyncio.AbstractEventLoop | None = None
        self._follower = self._copy.log_follower(
            on_events=partial(self._call_on_loop, self._apply_events),
            on_away=partial(self._call_on_loop, self._note_hall_away),
            on_back=partial(self._call_on_loop, self._note_hall_back, None),
            on_snapshot=partial(self._call_on_loop, self._replace_hall_state),
        )
        self._use_hall_words()

    @property
    def state(self) -> HallState:
        return self._copy.state

    @property
    def day(self) -> date:
        """The business date of `state`."""
        return self._copy.day

    @property
    def setup(self) -> Setup:
        return self._copy.setup

    @property
    def last_seq(self) -> int:
        return self.state.now.seq

    @property
    def away_since(self) -> datetime | None:
        """Since when the hall can't be followed, by this PC's clock as it is now; None while it can."""
        if self._since is not None:
            since = self.now() - timedelta(seconds=time.monotonic() - self._away_s)
            if abs(since - self._since) > LEAP:  # Somebody has set the clock meanwhile.
                self._since = since
        return self._since

    @property
    def moment_pc_clock_was_set(self) -> datetime | None:
        """When this PC's clock was last set by hand, None if it was not seen to be."""
        reading = reliability_of_clock(self.clock)
        return reading.since if reading is not None and reading.was_set else None

    @property
    def is_current(self) -> bool:
        return self._since is None

    def now(self) -> datetime:
        return self.clock()

    def ask(self, who: Actor, command: str | None = None, words: str = "") -> Ask:
        """Return a request for a change now; `command` and `words` as in Ask."""
        return Ask.ask_from_clock(self.clock, who, command, words)

    def add_change_listener(self, told: Callable[[list[Event]], object]) -> None:
        """Call `told` on the loop whenever the hall has changed, and when it is lost or found again (see `since`)."""
        self._listeners.append(told)

    async def run(self, function: Callable[P, T], *args: P.args, **words: P.kwargs) -> T:
        """Call a function that asks the database, on a thread beside the loop; return or raise what it does."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._run_in_least_busy_lane(partial(function, *args, **words), answer)
        return await answer

    def run_database_work_in_background(self, work: Callable[[], T], then: Callable[[T], object] | None = None) -> None:
        """Do work that asks the database, beside the loop, and `then` something on the loop with what it returned;
        nobody waits for it, and trouble with the database is left to the next time."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def handle_result(done: asyncio.Future[T]) -> None:
            trouble = done.exception()
            if trouble is None and then is not None:
                then(done.result())
            elif trouble is not None and not isinstance(trouble, QueueDeskError):
                self.on_bug(trouble)

        answer.add_done_callback(handle_result)
        self._run_in_least_busy_lane(work, answer)

    def start(self) -> None:
        """Follow the hall from now on, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._follower.start()
        self._loop.call_later(TURN_S, self._follow_business_date)

    def stop(self) -> None:
        """End following; what is being asked is still answered."""
        self._loop = None
        self._follower.stop()

    def wait_until_idle(self, timeout_s: float) -> None:
        """Wait until whatever was asked of the database is done; accept nothing more."""
        for lane in self._lanes:
            lane.close()
        for lane in self._lanes:
            lane.wait_until_idle(timeout_s)

    def _run_in_least_busy_lane(self, work: Callable[[], T], answer: asyncio.Future[T]) -> None:
        loop = answer.get_loop()
        lane = min(range(LANES), key=self._owed.__getitem__)
        self._owed[lane] += 1

        def set_answer(found: T | None, trouble: BaseException | None) -> None:
            self._owed[lane] -= 1
            if answer.done():
                return
            if trouble is not None:
                answer.set_exception(trouble)
            else:
                answer.set_result(found)  # type: ignore[arg-type]

        def do_work_and_settle() -> None:
            found, trouble = None, None
            try:
                found = work()
            except Exception as error:  # noqa: BLE001 - given to whoever awaits it
                trouble = error
            with suppress(RuntimeError):  # the loop has ended meanwhile: nobody awaits it any more
                loop.call_soon_threadsafe(set_answer, found, trouble)

        self._lanes[lane].submit(do_work_and_settle)

    def _call_on_loop(self, take: Callable[[T], None], what: T) -> None:
        """Pass on what the follower's thread has found."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(take, what)

    def _apply_events(self, new: list[Event]) -> None:
        done = self._copy.apply_and_list_new_events(new)
        if done:
            self._use_hall_words()
            if any(event.kind == "set-up" for event in done):
                self._learn_from_past()
            self._tell_listeners(done)

    def _replace_hall_state(self, fresh: HallSnapshot) -> None:
        self._copy.take_snapshot_and_give_missed_events(fresh)
        self._use_hall_words()
        self._tell_listeners([])

    def _note_hall_away(self, trouble: OutsideError) -> None:
        if trouble.code == MOVED and self.moved is None:
            self.moved = trouble
            self.on_moved()
        if self._since is None:
            self._since, self._away_s = self.now(), time.monotonic()
            self._tell_listeners([])

    def _note_hall_back(self, _nothing: None) -> None:
        self._since = None
        self._tell_listeners([])

    def _follow_business_date(self) -> None:
        if self._loop is None:
            return
        self._loop.call_later(TURN_S, self._follow_business_date)
        if self._copy.change_day_if_due():
            self._learn_from_past()
            self._tell_listeners([])

    def _learn_from_past(self) -> None:
        """Take what past dates teach about today's waits; while the database is away, the old values stay."""
        day = self.day

        def store_learned_estimates(learned: Estimates) -> None:
            if day == self.day:
                self.state.learned = learned
                self._tell_listeners([])

        self.run_database_work_in_background(
            partial(looking.wait_estimates_before, self.desk, day), store_learned_estimates
        )

    def _use_hall_words(self) -> None:
        """Call windows and tickets as the hall does; the process serves no other."""
        hall = self.setup.hall
        use_hall_words(hall.words.window, hall.words.ticket, hall=hall.name)

    def _tell_listeners(self, events: list[Event]) -> None:
        for told in self._listeners:
            try:
                told(events)
            except Exception as bug:  # noqa: BLE001 - one page's bug leaves the others told
                self.on_bug(bug)


TEMPLATES = Path(__file__).parent / "templates"
LARGEST_BODY = 65_536
TOO_MANY = 429
INTERFACE = "/api/"
"""What is below this path is asked by programs, and says itself that a body is too large."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
OWN_SITE = ("same-origin", "none")
NOTHING_ELSE = "connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
PLAIN_POLICY = f"default-src 'none'; {NOTHING_ELSE}"
HEADERS = {
    b"content-security-policy": PLAIN_POLICY.encode(),
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
    b"x-content-type-options": b"nosniff",
    b"x-robots-tag": b"noindex",
}
"""What every answer has, unless it has its own."""
LANG_TAGS = {"zh_CN": "zh-CN", "en": "en"}
_log = logging.getLogger("queuedesk")


class WebSettings(Struct, frozen=True, kw_only=True):
    """What `queuedesk web` was told: where it listens, the `names` under which it answers besides its own address, the
    address of a `proxy` whose word on a client's address is believed, certificate and key, and the folder of `media`,
    the hall's pictures and films, "" for none."""

    host: str
    port: int
    names: tuple[str, ...] = ()
    proxy: str = ""
    certificate: str = ""
    key: str = ""
    media: str = ""


class WebPagesSharedContext:
    """What the pages share. Each module of pages offers `routes(site)`."""

    def __init__(self, hall: FollowedHall, settings: WebSettings, secret: bytes, *, hub: StreamHub) -> None:
        """`secret` is what the hall's links are computed with now."""
        self.hall = hall
        self.settings = settings
        self.hub = hub
        hub.is_current = lambda: hall.is_current
        hub.on_bug = hall.on_bug = self.note_bug
        self.tokens = VisitTokenIndex(secret)
        self.wrong_tokens = WrongTokenThrottle()
        self.on_start: list[Callable[[], object]] = []
        """What pages do on the loop once the hall is followed."""
        self.fault = ""
        """Of what kind the last bug was that a page met."""
        self.faults = 0
        hall.add_change_listener(self._refresh_link_secret)

    def ticket_of_token(self, token: str) -> Ticket | None:
        """Return the ticket of today whose link has this token, None for any other token."""
        return self.tokens.find_ticket_by_token(self.hall.state, token, self.hall.day)

    def language_of_request(self, request: Request) -> str:
        """Return the language for a request: the one that its address names, else the first that its browser accepts of
        those the hall offers, else the hall's first."""
        offered = [one for one in field_and_choice_languages(self.hall.setup) if one in LANGUAGES] or list(LANGUAGES)
        asked = request.query_params.get("lang", "").replace("-", "_").lower()
        for wanted in (asked, *_accepted_languages(request.headers.get("accept-language", ""))):
            found = next((one for one in offered if wanted and _is_same_language(one, wanted)), None)
            if found is not None:
                return found
        return offered[0]

    def render(
        self, request: Request, template: str, lang: str | None = None, *, status: int = 200, **values: object
    ) -> Response:
        """Return a page from a template, in the language of the request or another. In a template `_` and `n_` are the
        catalogue's; `style("page.css")` and `script("page.js")` put files of the templates' folder into the page, and
        only these may run there."""
        lang = lang or self.language_of_request(request)
        styles: list[str] = []
        scripts: list[str] = []
        text = page_text(template, lang, values, styles, scripts)
        return HTMLResponse(
            text,
            status_code=status,
            headers={
                "content-security-policy": _content_policy(tuple(styles), tuple(scripts)),
                "content-language": LANG_TAGS.get(lang, lang),
                "vary": "accept-language",
            },
        )

    def not_found_response(self, request: Request) -> Response:
        """Return the one answer to whatever is not here, the same for a token that never was and one that is over."""
        return self.refusal_response(request, 404)

    def refusal_response(self, request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
        """Return the answer to what is not served: a page where a person would read it, else the status alone."""
        headers, lang = dict(headers or {}), self.language_of_request(request)
        why = ""
        if status == 404:
            why = tr(lang, "A link to a visit is good for one day. Still waiting? Please ask at the front desk.")
        elif status == TOO_MANY:
            why = error_sentence(RuleError("web_try_later", n=int(headers.get("retry-after", 1))), lang)
        if not why or "text/html" not in request.headers.get("accept", ""):
            return _plain_response(status, headers)
        hall = self.hall.setup.hall
        page = self.render(
            request,
            "booking.html",
            lang,
            status=status,
            step="refused",
            refusal=why,
            hall_name=name_in_language(hall.name, hall.name_en, lang),
        )
        page.headers.update(headers)
        return page

    def unknown_token_response(self, request: Request) -> Response:
        """Return the answer to a token that opens nothing: not_found_response(), or 429 to an address with many of
        them."""
        wait_s = self.wrong_tokens.count_try_and_wait_s(
            self.client_address(request.scope), asyncio.get_running_loop().time()
        )
        if wait_s <= 0.0:
            return self.not_found_response(request)
        return self.refusal_response(request, TOO_MANY, {"retry-after": str(int(wait_s) + 1)})

    def client_address(self, scope: Scope) -> str:
        """Return the address that a request came from; only the proxy's word on it is believed."""
        address: str = (scope.get("client") or ("", 0))[0]
        if self.settings.proxy and address == self.settings.proxy:
            said = _header_value(scope, b"x-forwarded-for").rpartition(",")[2].strip()
            return said or address
        return address

    def note_bug(self, bug: BaseException) -> None:
        """Say in the log what went wrong and where, but not the values, which may hold a token; for the loop."""
        self.fault, self.faults = type(bug).__name__, self.faults + 1
        _log.error("a web page met a bug: %s\n%s", self.fault, "".join(traceback.format_tb(bug.__traceback__)))

    def is_own_host(self, scope: Scope, host: str) -> bool:
        """Whether a Host is one of ours: a name that was given, that of the hall's web address, or the very address
        that the client reached."""
        name = _host_name(host)
        if name in self.settings.names or name == _host_of_address(self.hall.setup.hall.web_address) != "":
            return True
        reached = _plain_address((scope.get("server") or ("", 0))[0])
        if name == "localhost":
            return reached in LOOPBACK
        return name != "" and _plain_address(name) == reached

    def _refresh_link_secret(self, events: list[Event]) -> None:
        """Take another secret where links were withdrawn, and whenever the hall was read afresh."""

        def replace_token_index(secret: bytes) -> None:
            self.tokens = VisitTokenIndex(secret)

        if not events or any(event.kind == LINKS_RENEWED for event in events):
            self.hall.run_database_work_in_background(
                partial(verbs.visit_link_secret, self.hall.desk), replace_token_index
            )


def page_text(
    template: str,
    lang: str,
    values: Mapping[str, object],
    styles: list[str] | None = None,
    scripts: list[str] | None = None,
) -> str:
    """Return a page, or a part of one, from a template as render() describes it; the hashes of the styles and scripts
    that it holds are added to the lists."""
    return (
        _templates()
        .get_template(template)
        .render(
            **values,
            _=partial(tr, lang),
            n_=partial(ntr, lang),
            lang=lang,
            lang_tag=LANG_TAGS.get(lang, lang),
            style=partial(_file_embedded_in_tag, "style", [] if styles is None else styles),
            script=partial(_file_embedded_in_tag, "script", [] if scripts is None else scripts),
        )
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def sentence_for_customers(error: QueueDeskError, lang: str) -> str:
    """Return what a customer reads of a refusal. What is wrong with the database or a clock is for staff."""
    if isinstance(error, OutsideError) or error.code == "clock_ahead":
        return tr(lang, "This can't be done right now. Please try again in a moment, or ask at the front desk.")
    return error_sentence(error, lang)


def web_app(site: WebPagesSharedContext, routes: Sequence[BaseRoute]) -> ASGIApp:
    """Return the application that serves these routes of a site."""
    return _RequestGuard(site, Router(routes, redirect_slashes=False))


class _RequestGuard:
    """Refuses what no page should see, and gives every answer its headers. What goes wrong in a page is told without
    what was asked for: paths hold tokens."""

    def __init__(self, site: WebPagesSharedContext, pages: ASGIApp) -> None:
        self._site, self._pages = site, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        scope["app"] = self  # with one, a router raises what it refuses in place of answering in words of its own
        is_begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                own = {name for name, _value in message["headers"]}
                rest = [(name, value) for name, value in HEADERS.items() if name not in own]
                message = {**message, "headers": [*message["headers"], *rest]}
            await send(message)

        try:
            refusal = self._refusal_response(scope)
            if refusal is None:
                await self._pages(scope, _limited_receive(receive), send_with_headers)
                return
        except HTTPException as wrong:
            refusal = self._site.refusal_response(Request(scope), wrong.status_code, wrong.headers)
        except Exception as bug:  # noqa: BLE001 - told without what was asked for
            self._site.note_bug(bug)
            refusal = _plain_response(500)
        if not is_begun:
            await refusal(scope, receive, send_with_headers)

    def _refusal_response(self, scope: Scope) -> Response | None:
        host = _header_value(scope, b"host")
        if not self._site.is_own_host(scope, host):
            return _plain_response(421)
        if scope["method"] not in SAFE_METHODS and not _is_from_own_page(scope, host):
            return _plain_response(403)
        length = _header_value(scope, b"content-length")
        is_known = not length or (length.isdecimal() and int(length) <= LARGEST_BODY)
        if not is_known and not scope["path"].startswith(INTERFACE):
            return _plain_response(413, {"connection": "close"})
        return None


def _plain_response(status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(f"{status}\n".encode(), status_code=status, media_type="text/plain", headers=headers)


def _limited_receive(receive: Receive) -> Receive:
    """Refuse a body that is longer than it may be, also one that does not say how long it is."""
    got = 0

    async def receive_within_limit() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > LARGEST_BODY:
            raise HTTPException(413, headers={"connection": "close"})
        return message

    return receive_within_limit


def _is_from_own_page(scope: Scope, host: str) -> bool:
    """Whether a change comes from a page of ours, or from a program that is no browser."""
    site = _header_value(scope, b"sec-fetch-site")
    if site and site not in OWN_SITE:
        return False
    origin = _header_value(scope, b"origin")
    # Browsers send "null" from a page without referrers, as all of ours are. Nobody is signed in here whose rights
    # another site could use: what changes a visit has its token in the address.
    return origin in ("", "null") or urlsplit(origin).netloc.lower() == host.lower() != ""


def _header_value(scope: Scope, name: bytes) -> str:
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else ",".join(one.decode("latin-1") for one in found)


def _host_name(host: str) -> str:
    """Return a Host's name without its port, in small letters; "" for what is none."""
    match = re.fullmatch(r"(\[[0-9a-f:.]+\]|[0-9a-z._-]+)(:[0-9]{1,5})?", host.lower())
    return match[1].strip("[]").rstrip(".") if match else ""


@lru_cache(maxsize=4)
def _host_of_address(address: str) -> str:
    return (urlsplit(address).hostname or "").lower()


def _plain_address(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _accepted_languages(header: str) -> list[str]:
    """Return the languages that a browser accepts, the most wanted first."""
    rows: list[tuple[float, int, str]] = []
    for n, part in enumerate(header.split(",")[:20]):
        name, _semicolon, weight = part.partition(";")
        match = re.fullmatch(r"\s*q=([01](?:\.[0-9]{1,3})?)\s*", weight)
        rows.append((-float(match[1]) if match else -1.0, n, name.strip().replace("-", "_").lower()))
    return [name for weight, _n, name in sorted(rows) if name and weight]


def _is_same_language(language: str, wanted: str) -> bool:
    return language.partition("_")[0] == wanted.partition("_")[0]


# Scripts have neither comments nor patterns, and texts in double quotes alone.
_TEXT_OR_SPACE = re.compile(r'("[^"\n]*")|\s*([=*/+%(){},;:?<>&|!-])\s*')
_TEXT_OR_NAME = re.compile(r'("[^"\n]*")|(?<![\w.])([A-Za-z]\w*)')
_NAMED_BY_SCRIPT = re.compile(r"\bvar ([^;]*);|\bfunction (\w*) ?\(([^)]*)\)")
_VARIABLE = re.compile(r"--[a-z][a-z0-9-]*")
_NAME_OF_VARIABLE = re.compile(r"(?:^|,)\s*(\w+)(?=\s*[=,]|$)")


@lru_cache(maxsize=64)
def _file_and_hash(name: str) -> tuple[str, str]:
    """Return a style or script of the templates' folder, and its hash as a policy has it."""
    lines = read_program_file(TEMPLATES / name).decode().splitlines()
    text = "\n".join(line.strip() for line in lines if line.strip())
    text = _shortened_script(text) if name.endswith(".js") else _shortened_style(text)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"'sha256-{digest}'"


def _shortened_style(text: str) -> str:
    """Return a style with one letter for each of its variables, the same in all styles."""
    letters = _letter_by_css_variable()
    return _VARIABLE.sub(lambda match: f"--{letters[match[0]]}", text.replace("}\n", "}"))


@cache
def _letter_by_css_variable() -> dict[str, str]:
    styles = (read_program_file(file).decode() for file in TEMPLATES.glob("*.css"))
    return dict(
        zip(sorted({name for text in styles for name in _VARIABLE.findall(text)}), string.ascii_letters, strict=False)
    )


def _shortened_script(text: str) -> str:
    """Return a script without space that it does not need, and with short names for what it names itself."""
    own: set[str] = set()
    for variables, function, parameters in _NAMED_BY_SCRIPT.findall(text):
        own.update(_NAME_OF_VARIABLE.findall(variables), filter(None, [function]), re.findall(r"\w+", parameters))
    used = set(re.findall(r"\w+", text))
    letters = [*string.ascii_letters, *map("".join, product(string.ascii_lowercase, repeat=2))]
    names = dict(zip(sorted(own), (name for name in letters if name not in used), strict=False))
    text = _TEXT_OR_NAME.sub(lambda match: match[1] or names.get(match[2]) or match[2], text)
    return _TEXT_OR_SPACE.sub(lambda match: match[1] or match[2], text)


def _file_embedded_in_tag(tag: str, used: list[str], name: str) -> Markup:
    text, digest = _file_and_hash(name)
    used.append(digest)
    return Markup(f"<{tag}>{text}</{tag}>")


@lru_cache(maxsize=64)
def _content_policy(styles: tuple[str, ...], scripts: tuple[str, ...]) -> str:
    allowed = (f"style-src {' '.join(styles)}; " if styles else "") + (
        f"script-src {' '.join(scripts)}; " if scripts else ""
    )
    return f"default-src 'none'; {allowed}{NOTHING_ELSE}"
