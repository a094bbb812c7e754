"""The page of a visit on a customer's phone: what it shows, its stream, and what a customer does there.

Acts are plain forms, so that they work without scripts; a script only keeps the page up to date.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from urllib.parse import parse_qs, urlencode

import msgspec
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import LONGEST_TYPED
from queuedesk.core.queue.ticket import NEEDS, State, Ticket, TicketId
from queuedesk.core.setup.rows import offered_languages
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.queue import calling, issuing, rating
from queuedesk.desk.queue.rating import REASONS_WITHIN
from queuedesk.desk.upkeep.examining import log_anchor
from queuedesk.features.web.server.site import LANG_TAGS, Site, sentence_for_customers
from queuedesk.features.web.server.streams import EventStream, event_text
from queuedesk.features.web.server.visit_document import (
    LEVELS,
    LOW,
    QUESTIONS,
    LinesNow,
    RatingQuestions,
    VisitDocument,
    may_add_reasons,
    questions_after_rating,
    visit_document,
    visit_json,
    what_changes,
    why_document,
)
from queuedesk.features.web.verbs.visits import ask_for_minutes, give_up
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.catalogue import tr
from queuedesk.i18n.moments import need_word, rating_level
from queuedesk.store.parts.halls import load_hall_row

MINUTE_S = 60.0
"""How often waits, which are given in minutes, are computed again while nothing happens in the hall."""
FOLLOWED_S = 3.0
"""Longest wait for an act's own event before the act is answered; the stream shows the effect in any case."""
MOST_FIELDS = 40
LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}
FORM = "application/x-www-form-urlencoded"
OVER_EVENT = event_text("{}", event="over")
"""Tells a page that its link opens nothing any more."""
OVER = (State.FINISHED, State.LEFT)
LAST_ANSWER_S = REASONS_WITHIN.total_seconds() - 10
"""How long after a rating an answer without reasons is stored, if none came."""
QUICKEST_S, SLOWEST_S, GONE_SHARE = 5.0, 40.0, 1 / 3
"""The same for customers who are asked nothing: between these, or with the share of those who left, LAST_ANSWER_S."""
_PAGE_ID = re.compile(r"[0-9A-Za-z_-]{16,32}")
_CHANCE = random.SystemRandom()
Topic = tuple[str, TicketId, str]
Form = Mapping[str, Sequence[str]]


def routes(site: Site) -> list[BaseRoute]:
    """Return the addresses of visits."""
    pages = VisitPages(site)
    return [
        Route("/T/{token}", pages.show, methods=["GET"]),
        Route("/T/{token}", pages.act, methods=["POST"]),
        Route("/T/{token}/now", pages.tell_now, methods=["GET"]),
        Route("/T/{token}/events", pages.follow, methods=["GET"]),
    ]


class VisitPages:
    """The pages of all visits of the day. A change is sent to the customer who was called before all others.

    `_sent` is what the last event of each topic depended on: streams get an event only when that has changed."""

    def __init__(self, site: Site) -> None:
        self._site, self._hall, self._hub = site, site.hall, site.hub
        self._lines: tuple[tuple[object, ...], LinesNow] | None = None
        self._sent: dict[Topic, tuple[object, ...]] = {}
        self._setup, self._setups = self._hall.state.setup_now, 0
        self._day = self._hall.day
        self._changed = asyncio.Event()
        self._is_recomputing = False
        self._hall.on_change(self._on_change)
        site.on_start.append(self._answer_what_is_due)

    # -- what browsers ask for --
    async def show(self, request: Request) -> Response:
        ticket = self._ticket(request)
        return self._site.unknown_token(request) if ticket is None else await self._page(request, ticket)

    async def tell_now(self, request: Request) -> Response:
        ticket = self._ticket(request)
        if ticket is None:
            return self._site.unknown_token(request)
        text = self._json(self._lines_now(), ticket, self._site.language(request))
        return Response(text, media_type="application/json")

    async def follow(self, request: Request) -> Response | EventStream:
        ticket = self._ticket(request)
        if ticket is None:
            return self._site.unknown_token(request)
        lang, lines = self._site.language(request), self._lines_now()
        self._recompute_from_now_on()
        topic = ("visit", ticket.id, lang)
        changes = self._what_changes(lines, ticket)
        if self._sent.setdefault(topic, changes) != changes:
            self._sent[topic] = ()  # An earlier stream of this visit has not got the change yet.
        return EventStream(self._hub, topic, event_text(self._json(lines, ticket, lang)), owner=("visit", ticket.id))

    async def act(self, request: Request) -> Response:
        ticket = self._ticket(request)
        if ticket is None:
            return self._site.unknown_token(request)
        form, lang = await _form_of(request), self._site.language(request)
        verb = _verb(form)
        work, more = self._work(ticket, verb, form, lang), ""
        if work is None:
            return await self._page(request, ticket, status=400)
        try:
            seq = await self._hall.run(_done_at, self._hall.desk, work)
        except RuleError as refusal:
            if refusal.code not in ("already_rated", "reasons_given", "reasons_late"):
                return await self._page(request, ticket, status=409, refusal=sentence_for_customers(refusal, lang))
        except OutsideError as trouble:
            return await self._page(request, ticket, status=503, refusal=sentence_for_customers(trouble, lang))
        else:
            if verb == "rate":
                level = int(_value(form, "level"))
                self._answer_later_without_reasons(ticket, level, lang)
                if questions_after_rating(self._hall.setup, level, lang):
                    more = "low" if level <= LOW else "high"
            await self._follow_until(seq)
        return RedirectResponse(self._address(request, more=more), status_code=303)

    # -- pages --
    async def _page(self, request: Request, ticket: Ticket, *, status: int = 200, refusal: str = "") -> Response:
        lang, lines = self._site.language(request), self._lines_now()
        ticket = lines.state.tickets.get(ticket.id, ticket)
        document = self._document(ticket, lang)
        why, code = None, ""
        if request.query_params.get("why") and ticket.state is State.WAITING:
            why = why_document(lines, ticket, lang)
            code = await self._check_code(lines.state.now.seq)
        more = self._questions(request, ticket, lang)
        is_over = ticket.state in OVER
        start = {name: getattr(document, name) for name in ("at_s", "away", "state", "say", "ahead", "call")}
        words, (_path, mark, query) = _script_words(lang), self._address(request).partition("?")
        return self._site.render(
            request,
            "visit.html",
            lang,
            status=status,
            doc=document,
            is_over=is_over,
            is_refreshed=not (is_over or more or why),
            start=_json_in_page({"query": mark + query, "words": words, "visit": start}),
            refusal=refusal,
            why=why,
            code=code,
            more=more,
            levels=[(level, rating_level(level, lang)) for level in LEVELS],
            needs=[(need, need_word(need, lang)) for need in NEEDS]
            if lines.setup.settings["web_fetch"] == "on"
            else [],
            longest=LONGEST_TYPED,
            others=[
                (LANG_TAGS[code], LANGUAGE_NAMES[code])
                for code in offered_languages(lines.setup)
                if code != lang and code in LANGUAGE_NAMES
            ],
            page_id=secrets.token_urlsafe(12),
            url=self._address(request),
            why_url="?" + self._address(request, why="1").partition("?")[2],
        )

    def _questions(self, request: Request, ticket: Ticket, lang: str) -> RatingQuestions | None:
        asked, lines = request.query_params.get("more"), self._lines_now()
        if asked not in ("low", "high") or not may_add_reasons(lines.state, ticket, lines.now):
            return None
        return questions_after_rating(lines.setup, LOW if asked == "low" else LEVELS[0], lang)

    def _address(self, request: Request, **query: str) -> str:
        """Return the address of the page in the language that the request names, if it names one."""
        named = request.query_params.get("lang")
        values = {"lang": LANG_TAGS.get(lang := self._site.language(request), lang)} if named else {}
        text = urlencode({**values, **{key: value for key, value in query.items() if value}})
        path = f"/T/{request.path_params['token']}"
        return f"{path}?{text}" if text else path

    async def _check_code(self, seq: int) -> str:
        """Return the check code of the log up to an event, "" while the database is away."""
        try:
            anchor = await self._hall.run(log_anchor, self._hall.desk, seq)
        except QueueDeskError:
            return ""
        return anchor.code if anchor is not None else ""

    # -- acts --
    def _work(self, ticket: Ticket, verb: str, form: Form, lang: str) -> Callable[[], Document] | None:
        """Return what an act does, None for a form that is none of this page's."""
        desk, setup, label = self._hall.desk, self._hall.setup, ticket.label
        page = _value(form, "page")
        command = f"web-{page}-{verb}" if _PAGE_ID.fullmatch(page) else None
        ask = self._hall.ask(CUSTOMER, command, _digest(label, form))
        if verb == "pass":
            return partial(calling.postpone, desk, ask, label, day=ticket.date)
        if verb == "back":
            return partial(calling.reinstate, desk, ask, label, day=ticket.date)
        if verb in ("later", "leave"):
            tell = ask_for_minutes if verb == "later" else give_up
            text, text_en = (_text_for_window(verb, label, code) for code in ("zh_CN", "en"))
            return partial(tell, desk, ask, label, text=text, text_en=text_en, day=ticket.date)
        if verb == "fetch" and (need := _value(form, "need")) in NEEDS:
            return partial(issuing.set_need, desk, ask, label, need, day=ticket.date)
        if verb == "rate" and (level := _level(form, "level")) is not None:
            return partial(rating.rate_visit, desk, ask, label, level, day=ticket.date)
        if verb == "reasons":
            offered = questions_after_rating(setup, LOW, lang)
            known = {code for code, _words in offered.reasons}
            comment = _value(form, "comment").strip()[:LONGEST_TYPED] if offered.has_comment else ""
            marks = {name: _level(form, name) if offered.questions else None for name in QUESTIONS}
            tags = tuple(dict.fromkeys(tag for tag in form.get("tag", ()) if tag in known))
            return partial(
                rating.add_rating_reasons,
                desk,
                ask,
                label,
                day=ticket.date,
                tags=tags,
                comment=comment or None,
                **marks,
            )
        return None

    async def _follow_until(self, seq: int) -> None:
        """Wait until the hall is followed to an event, so that the answer to an act shows its effect."""
        loop = asyncio.get_running_loop()
        until = loop.time() + FOLLOWED_S
        while self._hall.seq < seq and (left_s := until - loop.time()) > 0:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left_s)
            except TimeoutError:
                return

    def _answer_later_without_reasons(self, ticket: Ticket, level: int, lang: str) -> None:
        """Let an answer without reasons follow a rating to which none were added in time, after a time that does not
        depend on the rating: whoever counts or times the log's events can't tell a low one."""
        is_asked = bool(questions_after_rating(self._hall.setup, level, lang))
        wait_s = LAST_ANSWER_S
        if not is_asked and _CHANCE.random() >= GONE_SHARE:
            wait_s = _CHANCE.uniform(QUICKEST_S, SLOWEST_S)
        asyncio.get_running_loop().call_later(wait_s, self._answer_without_reasons, ticket.id)

    def _answer_what_is_due(self) -> None:
        """Do the same for ratings of the day given before this process began: one that ended could not."""
        loop, now, late = asyncio.get_running_loop(), self._hall.now(), 0
        for given in self._hall.state.ratings.values():
            if not given.reasons:
                left_s = LAST_ANSWER_S - (now - given.time).total_seconds()
                # One after the other, so that customers' acts do not wait for many of them.
                late += left_s < late
                loop.call_later(max(left_s, late), self._answer_without_reasons, (given.date, given.label))

    def _answer_without_reasons(self, id: TicketId) -> None:
        given = self._hall.state.ratings.get(id)
        if given is None or not given.reasons:
            work = partial(rating.add_rating_reasons, self._hall.desk, self._hall.ask(CUSTOMER), id[1], day=id[0])
            self._hall.do(work)

    # -- what is known now --
    def _ticket(self, request: Request) -> Ticket | None:
        return self._site.ticket(request.path_params["token"])

    def _lines_now(self) -> LinesNow:
        now, state = self._hall.now(), self._hall.state
        key = (id(state), state.now.seq, id(state.setup_now), id(state.learned), int(now.timestamp()))
        if self._lines is None or self._lines[0] != key:
            self._lines = key, LinesNow(state, now)
        return self._lines[1]

    def _what_changes(self, lines: LinesNow, ticket: Ticket) -> tuple[object, ...]:
        setup = self._hall.state.setup_now
        if setup is not self._setup:
            # Counted: where the set-up before last was in memory, the next one may be.
            self._setup, self._setups = setup, self._setups + 1
        return (self._hall.since, self._hall.clock_set, self._setups, *what_changes(lines, ticket))

    def _document(self, ticket: Ticket, lang: str) -> VisitDocument:
        return visit_document(self._lines_now(), ticket, lang, is_away_since=self._hall.since)

    def _json(self, lines: LinesNow, ticket: Ticket, lang: str) -> str:
        return visit_json(lines, ticket, lang, is_away_since=self._hall.since)

    # -- what is sent --
    def _on_change(self, events: list[Event]) -> None:
        self._changed.set()
        if self._day != self._hall.day:
            self._day = self._hall.day
            for topic in self._topics():
                if topic[1][0] != self._day:
                    self._hub.end(topic, OVER_EVENT)
        for label in {event.ticket for event in events if event.ticket is not None}:
            for lang in LANGUAGES:
                topic = ("visit", (self._hall.day, label), lang)
                if self._hub.has(topic) and (text := self._changed_text(topic)) is not None:
                    self._hub.tell(topic, text)
        self._hub.tell_each_soon("visit", self._changed_texts)

    def _topics(self) -> list[Topic]:
        found: list[Topic] = [topic for topic in self._hub.topics() if isinstance(topic, tuple) and topic[0] == "visit"]
        if len(self._sent) > 2 * len(found) + 100:
            self._sent = {topic: self._sent[topic] for topic in found if topic in self._sent}
        return found

    def _changed_texts(self) -> Iterator[tuple[Topic, str | None]]:
        """Yield each visit whose page is open, with its event where something has changed."""
        for topic in self._topics():
            try:
                yield topic, self._changed_text(topic)
            except Exception as bug:  # noqa: BLE001 - one visit's bug leaves the others told
                self._site.note_bug(bug)

    def _changed_text(self, topic: Topic) -> str | None:
        """Return the event with a visit's document, None where nothing that its page shows has changed."""
        _kind, id, lang = topic
        ticket = self._hall.state.tickets.get(id)
        if ticket is None:
            return None
        lines = self._lines_now()
        changes = self._what_changes(lines, ticket)
        if self._sent.get(topic) == changes:
            return None
        self._sent[topic] = changes
        return OVER_EVENT if ticket.state is State.VOID else event_text(self._json(lines, ticket, lang))

    def _recompute_from_now_on(self) -> None:
        """Send changed waits as each minute begins, as long as pages are open."""
        if not self._is_recomputing:
            self._is_recomputing = True
            asyncio.get_running_loop().call_later(MINUTE_S - self._hall.now().timestamp() % MINUTE_S, self._recompute)

    def _recompute(self) -> None:
        self._is_recomputing = False
        if self._topics():
            self._hub.tell_each_soon("visit", self._changed_texts)
            self._recompute_from_now_on()


def _done_at(desk: Desk, work: Callable[[], Document]) -> int:
    """Do an act, and return the number of the log's last event then."""
    work()
    with desk.db.read() as tx:
        return load_hall_row(tx, desk.hall).now.seq


async def _form_of(request: Request) -> Form:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415)
    body = await request.body()
    try:
        return parse_qs(body.decode("utf-8"), max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as wrong:
        raise HTTPException(400) from wrong


def _value(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0] if values else ""


def _digest(label: str, form: Form) -> str:
    """Return what tells one request from another. It is stored with the answer, so it must not hold a comment."""
    text = urlencode(sorted((key, value) for key, values in form.items() for value in values))
    return hashlib.sha256(f"{label} {text}".encode()).hexdigest()


def _verb(form: Form) -> str:
    """Return what a form asks for. The buttons of needs and levels name no verb."""
    return _value(form, "do") or ("fetch" if "need" in form else "rate" if "level" in form else "")


def _json_in_page(value: object) -> Markup:
    """Return a value as JSON for a script element, which no text in it can end."""
    return Markup(msgspec.json.encode(value).decode().replace("<", "\\u003c"))


def _level(form: Form, name: str) -> int | None:
    text = _value(form, name)
    return int(text) if text in {str(level) for level in LEVELS} else None


def _text_for_window(verb: str, label: str, lang: str) -> str:
    if verb == "leave":
        return tr(lang, "{ticket} can't come and has given up the place", ticket=label)
    return tr(lang, "{ticket} needs two more minutes", ticket=label)


def _script_words(lang: str) -> dict[str, str]:
    """Return the texts that the page's script fills in itself."""
    return {
        "live": tr(lang, "live", context="visit"),
        "seconds": tr(lang, "{n} s old", context="visit", n="{n}"),
        "minutes": tr(lang, "{n} min old", context="visit", n="{n}"),
        "since": tr(lang, "not current since {time}", context="visit", time="{time}"),
        "then": tr(lang, "At {time}:", context="visit", time="{time}"),
        "gone": tr(
            lang,
            "This page has not reached the hall since {time}. It tries again on its own. Please watch the display or stay near.",
            time="{time}",
        ),
        "over": tr(lang, "This page is over: a link is good for one day. Still waiting? Please ask at the front desk."),
        "updated": tr(lang, "Updated {time}", context="visit", time="{time}"),
        "you": tr(lang, "you", context="visit"),
        "loud": tr(lang, "Sound is on. Touch to switch it off."),
    }
