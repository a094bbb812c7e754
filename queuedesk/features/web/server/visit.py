"""The page of a visit on a customer's phone: what it shows, its stream, and what a customer does there.

The page and each event of its stream hold the same document, so that a page that missed events needs only the next
one. Nothing of another visit is in it but public numbers. Acts are plain forms, so that they work without scripts; a
script only keeps the page up to date."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from urllib.parse import parse_qs, urlencode

import msgspec
from markupsafe import Markup
from msgspec import Struct, json
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import LONGEST_TYPED
from queuedesk.core.queue import dispatch, overview
from queuedesk.core.queue.ticket import NEEDS, LineTicket, Ticket, TicketId, TicketState, WindowCall
from queuedesk.core.setup.rows import Service, Setup, field_and_choice_languages
from queuedesk.core.talk.device import DISPLAY, VOICE, working_call_devices
from queuedesk.core.waits.quote import cached_wait_snapshot, wait_quote
from queuedesk.core.waits.schedule import count_joining_ahead
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.queue import calling, issuing, rating
from queuedesk.desk.queue.rating import REASONS_WITHIN
from queuedesk.desk.upkeep.examining import log_anchor_at_event
from queuedesk.features.web.server.site import LANG_TAGS, WebPagesSharedContext, sentence_for_customers
from queuedesk.features.web.server.streams import EventStream, server_sent_event_text
from queuedesk.features.web.verbs import give_up_place, has_asked_for_more_time, tell_window_customer_needs_time
from queuedesk.i18n import LANGUAGES, names
from queuedesk.i18n.catalogue import ntr, tr
from queuedesk.i18n.figures.figure_titles import offered_rating_reasons, rating_reason_words
from queuedesk.i18n.moments import list_text, name_in_language, need_word, rating_level_words, time_hm, time_hms
from queuedesk.i18n.queue import display_words, line_words
from queuedesk.store.parts.halls import load_hall_row

MINUTE_S = 60.0
"""How often waits, which are given in minutes, are computed again while nothing happens in the hall."""
FOLLOWED_S = 3.0
"""Longest wait for an act's own event before the act is answered; the stream shows the effect in any case."""
MOST_FIELDS = 40
LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}
FORM = "application/x-www-form-urlencoded"
OVER_EVENT = server_sent_event_text("{}", event="over")
"""Tells a page that its link opens nothing any more."""
OVER = (TicketState.FINISHED, TicketState.LEFT)
LAST_ANSWER_S = REASONS_WITHIN.total_seconds() - 10
"""How long after a rating an answer without reasons is stored, if none came."""
QUICKEST_S, SLOWEST_S, GONE_SHARE = 5.0, 40.0, 1 / 3
"""The same for customers who are asked nothing: between these, or with the share of those who left, LAST_ANSWER_S."""
_PAGE_ID = re.compile(r"[0-9A-Za-z_-]{16,32}")
_CHANCE = random.SystemRandom()
Topic = tuple[str, TicketId, str]
Form = Mapping[str, Sequence[str]]


def routes(site: WebPagesSharedContext) -> list[BaseRoute]:
    """Return the addresses of visits."""
    pages = VisitPages(site)
    return [
        Route("/T/{token}", pages.visit_page_response, methods=["GET"]),
        Route("/T/{token}", pages.handle_visit_form, methods=["POST"]),
        Route("/T/{token}/now", pages.visit_json_response, methods=["GET"]),
        Route("/T/{token}/events", pages.visit_event_stream, methods=["GET"]),
    ]


class VisitPages:
    """The pages of all visits of the day. A change is sent to the customer who was called before all others.

    `_sent` is what the last event of each topic depended on: streams get an event only when that has changed."""

    def __init__(self, site: WebPagesSharedContext) -> None:
        self._site, self._hall, self._hub = site, site.hall, site.hub
        self._lines: tuple[tuple[object, ...], LinesNow] | None = None
        self._sent: dict[Topic, tuple[object, ...]] = {}
        self._setup, self._setups = self._hall.state.setup_now, 0
        self._day = self._hall.day
        self._changed = asyncio.Event()
        self._is_recomputing = False
        self._hall.add_change_listener(self._on_change)
        site.on_start.append(self._schedule_answers_of_old_ratings)

    # -- what browsers ask for --
    async def visit_page_response(self, request: Request) -> Response:
        ticket = self._ticket_of_request(request)
        return (
            self._site.unknown_token_response(request)
            if ticket is None
            else await self._response_with_visit_page(request, ticket)
        )

    async def visit_json_response(self, request: Request) -> Response:
        ticket = self._ticket_of_request(request)
        if ticket is None:
            return self._site.unknown_token_response(request)
        text = self._visit_json_text(self._lines_now(), ticket, self._site.language_of_request(request))
        return Response(text, media_type="application/json")

    async def visit_event_stream(self, request: Request) -> Response | EventStream:
        ticket = self._ticket_of_request(request)
        if ticket is None:
            return self._site.unknown_token_response(request)
        lang, lines = self._site.language_of_request(request), self._lines_now()
        self._start_sending_changed_waits()
        topic = ("visit", ticket.id, lang)
        changes = self._values_document_depends_on(lines, ticket)
        if self._sent.setdefault(topic, changes) != changes:
            self._sent[topic] = ()  # An earlier stream of this visit has not got the change yet.
        return EventStream(
            self._hub,
            topic,
            server_sent_event_text(self._visit_json_text(lines, ticket, lang)),
            owner=("visit", ticket.id),
        )

    async def handle_visit_form(self, request: Request) -> Response:
        ticket = self._ticket_of_request(request)
        if ticket is None:
            return self._site.unknown_token_response(request)
        form, lang = await _form_values(request), self._site.language_of_request(request)
        verb = _form_verb(form)
        work, more = self._act_of_form(ticket, verb, form, lang), ""
        if work is None:
            return await self._response_with_visit_page(request, ticket, status=400)
        try:
            seq = await self._hall.run(_do_act_and_get_last_seq, self._hall.desk, work)
        except RuleError as refusal:
            if refusal.code not in ("already_rated", "reasons_given", "reasons_late"):
                return await self._response_with_visit_page(
                    request, ticket, status=409, refusal=sentence_for_customers(refusal, lang)
                )
        except OutsideError as trouble:
            return await self._response_with_visit_page(
                request, ticket, status=503, refusal=sentence_for_customers(trouble, lang)
            )
        else:
            if verb == "rate":
                level = int(_form_value(form, "level"))
                self._schedule_rating_without_reasons(ticket, level, lang)
                if questions_after_rating(self._hall.setup, level, lang):
                    more = "low" if level <= LOW else "high"
            await self._wait_until_event_followed(seq)
        return RedirectResponse(self._address_in_language(request, more=more), status_code=303)

    # -- pages --
    async def _response_with_visit_page(
        self, request: Request, ticket: Ticket, *, status: int = 200, refusal: str = ""
    ) -> Response:
        lang, lines = self._site.language_of_request(request), self._lines_now()
        ticket = lines.state.tickets.get(ticket.id, ticket)
        document = self._visit_document(ticket, lang)
        why, code = None, ""
        if request.query_params.get("why") and ticket.state is TicketState.WAITING:
            why = document_on_why_not_called_next(lines, ticket, lang)
            code = await self._check_code_of_log_up_to(lines.state.now.seq)
        more = self._rating_questions(request, ticket, lang)
        is_over = ticket.state in OVER
        start = {name: getattr(document, name) for name in ("at_s", "away", "state", "say", "ahead", "call")}
        words, (_path, mark, query) = _script_words(lang), self._address_in_language(request).partition("?")
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
            levels=[(level, rating_level_words(level, lang)) for level in LEVELS],
            needs=[(need, need_word(need, lang)) for need in NEEDS]
            if lines.setup.settings["web_fetch"] == "on"
            else [],
            longest=LONGEST_TYPED,
            others=[
                (LANG_TAGS[code], LANGUAGE_NAMES[code])
                for code in field_and_choice_languages(lines.setup)
                if code != lang and code in LANGUAGE_NAMES
            ],
            page_id=secrets.token_urlsafe(12),
            url=self._address_in_language(request),
            why_url="?" + self._address_in_language(request, why="1").partition("?")[2],
        )

    def _rating_questions(self, request: Request, ticket: Ticket, lang: str) -> RatingQuestions | None:
        asked, lines = request.query_params.get("more"), self._lines_now()
        if asked not in ("low", "high") or not may_add_reasons(lines.state, ticket, lines.now):
            return None
        return questions_after_rating(lines.setup, LOW if asked == "low" else LEVELS[0], lang)

    def _address_in_language(self, request: Request, **query: str) -> str:
        """Return the address of the page in the language that the request names, if it names one."""
        named = request.query_params.get("lang")
        values = {"lang": LANG_TAGS.get(lang := self._site.language_of_request(request), lang)} if named else {}
        text = urlencode({**values, **{key: value for key, value in query.items() if value}})
        path = f"/T/{request.path_params['token']}"
        return f"{path}?{text}" if text else path

    async def _check_code_of_log_up_to(self, seq: int) -> str:
        """Return the check code of the log up to an event, "" while the database is away."""
        try:
            anchor = await self._hall.run(log_anchor_at_event, self._hall.desk, seq)
        except QueueDeskError:
            return ""
        return anchor.code if anchor is not None else ""

    # -- acts --
    def _act_of_form(self, ticket: Ticket, verb: str, form: Form, lang: str) -> Callable[[], Document] | None:
        """Return what an act does, None for a form that is none of this page's."""
        desk, setup, label = self._hall.desk, self._hall.setup, ticket.label
        page = _form_value(form, "page")
        command = f"web-{page}-{verb}" if _PAGE_ID.fullmatch(page) else None
        ask = self._hall.ask(CUSTOMER, command, _request_digest(label, form))
        if verb == "pass":
            return partial(calling.postpone_ticket, desk, ask, label, day=ticket.date)
        if verb == "back":
            return partial(calling.reinstate_missed_ticket, desk, ask, label, day=ticket.date)
        if verb in ("later", "leave"):
            tell = tell_window_customer_needs_time if verb == "later" else give_up_place
            text, text_en = (_text_for_window(verb, label, code) for code in ("zh_CN", "en"))
            return partial(tell, desk, ask, label, text=text, text_en=text_en, day=ticket.date)
        if verb == "fetch" and (need := _form_value(form, "need")) in NEEDS:
            return partial(issuing.set_fetching_need, desk, ask, label, need, day=ticket.date)
        if verb == "rate" and (level := _rating_level_in_form(form, "level")) is not None:
            return partial(rating.rate_visit, desk, ask, label, level, day=ticket.date)
        if verb == "reasons":
            offered = questions_after_rating(setup, LOW, lang)
            known = {code for code, _words in offered.reasons}
            comment = _form_value(form, "comment").strip()[:LONGEST_TYPED] if offered.has_comment else ""
            marks = {name: _rating_level_in_form(form, name) if offered.questions else None for name in QUESTIONS}
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

    async def _wait_until_event_followed(self, seq: int) -> None:
        """Wait until the hall is followed to an event, so that the answer to an act shows its effect."""
        loop = asyncio.get_running_loop()
        until = loop.time() + FOLLOWED_S
        while self._hall.last_seq < seq and (left_s := until - loop.time()) > 0:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left_s)
            except TimeoutError:
                return

    def _schedule_rating_without_reasons(self, ticket: Ticket, level: int, lang: str) -> None:
        """Let an answer without reasons follow a rating to which none were added in time, after a time that does not
        depend on the rating: whoever counts or times the log's events can't tell a low one."""
        is_asked = bool(questions_after_rating(self._hall.setup, level, lang))
        wait_s = LAST_ANSWER_S
        if not is_asked and _CHANCE.random() >= GONE_SHARE:
            wait_s = _CHANCE.uniform(QUICKEST_S, SLOWEST_S)
        asyncio.get_running_loop().call_later(wait_s, self._record_rating_without_reasons, ticket.id)

    def _schedule_answers_of_old_ratings(self) -> None:
        """Do the same for ratings of the day given before this process began: one that ended could not."""
        loop, now, late = asyncio.get_running_loop(), self._hall.now(), 0
        for given in self._hall.state.ratings.values():
            if not given.reasons:
                left_s = LAST_ANSWER_S - (now - given.time).total_seconds()
                # One after the other, so that customers' acts do not wait for many of them.
                late += left_s < late
                loop.call_later(max(left_s, late), self._record_rating_without_reasons, (given.date, given.label))

    def _record_rating_without_reasons(self, id: TicketId) -> None:
        given = self._hall.state.ratings.get(id)
        if given is None or not given.reasons:
            work = partial(rating.add_rating_reasons, self._hall.desk, self._hall.ask(CUSTOMER), id[1], day=id[0])
            self._hall.run_database_work_in_background(work)

    # -- what is known now --
    def _ticket_of_request(self, request: Request) -> Ticket | None:
        return self._site.ticket_of_token(request.path_params["token"])

    def _lines_now(self) -> LinesNow:
        now, state = self._hall.now(), self._hall.state
        key = (id(state), state.now.seq, id(state.setup_now), id(state.learned), int(now.timestamp()))
        if self._lines is None or self._lines[0] != key:
            self._lines = key, LinesNow(state, now)
        return self._lines[1]

    def _values_document_depends_on(self, lines: LinesNow, ticket: Ticket) -> tuple[object, ...]:
        setup = self._hall.state.setup_now
        if setup is not self._setup:
            # Counted: where the set-up before last was in memory, the next one may be.
            self._setup, self._setups = setup, self._setups + 1
        return (self._hall.away_since, self._hall.moment_pc_clock_was_set, self._setups, *document_basis(lines, ticket))

    def _visit_document(self, ticket: Ticket, lang: str) -> VisitDocument:
        return visit_document(self._lines_now(), ticket, lang, is_away_since=self._hall.away_since)

    def _visit_json_text(self, lines: LinesNow, ticket: Ticket, lang: str) -> str:
        return visit_json(lines, ticket, lang, is_away_since=self._hall.away_since)

    # -- what is sent --
    def _on_change(self, events: list[Event]) -> None:
        self._changed.set()
        if self._day != self._hall.day:
            self._day = self._hall.day
            for topic in self._topics_of_all_followed_visits():
                if topic[1][0] != self._day:
                    self._hub.end_topic_streams(topic, OVER_EVENT)
        for label in {event.ticket for event in events if event.ticket is not None}:
            for lang in LANGUAGES:
                topic = ("visit", (self._hall.day, label), lang)
                if (
                    self._hub.has_listeners_of_topic(topic)
                    and (text := self._visit_event_if_changed(topic)) is not None
                ):
                    self._hub.tell(topic, text)
        self._hub.tell_many_topics_soon("visit", self._open_visits_with_changed_text)

    def _topics_of_all_followed_visits(self) -> list[Topic]:
        found: list[Topic] = [topic for topic in self._hub.topics() if isinstance(topic, tuple) and topic[0] == "visit"]
        if len(self._sent) > 2 * len(found) + 100:
            self._sent = {topic: self._sent[topic] for topic in found if topic in self._sent}
        return found

    def _open_visits_with_changed_text(self) -> Iterator[tuple[Topic, str | None]]:
        """Yield each visit whose page is open, with its event where something has changed."""
        for topic in self._topics_of_all_followed_visits():
            try:
                yield topic, self._visit_event_if_changed(topic)
            except Exception as bug:  # noqa: BLE001 - one visit's bug leaves the others told
                self._site.note_bug(bug)

    def _visit_event_if_changed(self, topic: Topic) -> str | None:
        """Return the event with a visit's document, None where nothing that its page shows has changed."""
        _kind, id, lang = topic
        ticket = self._hall.state.tickets.get(id)
        if ticket is None:
            return None
        lines = self._lines_now()
        changes = self._values_document_depends_on(lines, ticket)
        if self._sent.get(topic) == changes:
            return None
        self._sent[topic] = changes
        return (
            OVER_EVENT
            if ticket.state is TicketState.VOID
            else server_sent_event_text(self._visit_json_text(lines, ticket, lang))
        )

    def _start_sending_changed_waits(self) -> None:
        """Send changed waits as each minute begins, as long as pages are open."""
        if not self._is_recomputing:
            self._is_recomputing = True
            asyncio.get_running_loop().call_later(
                MINUTE_S - self._hall.now().timestamp() % MINUTE_S, self._send_changed_visits
            )

    def _send_changed_visits(self) -> None:
        self._is_recomputing = False
        if self._topics_of_all_followed_visits():
            self._hub.tell_many_topics_soon("visit", self._open_visits_with_changed_text)
            self._start_sending_changed_waits()


def _do_act_and_get_last_seq(desk: Desk, work: Callable[[], Document]) -> int:
    """Do an act, and return the number of the log's last event then."""
    work()
    with desk.db.read() as tx:
        return load_hall_row(tx, desk.hall).now.seq


async def _form_values(request: Request) -> Form:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415)
    body = await request.body()
    try:
        return parse_qs(body.decode("utf-8"), max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as wrong:
        raise HTTPException(400) from wrong


def _form_value(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0] if values else ""


def _request_digest(label: str, form: Form) -> str:
    """Return what tells one request from another. It is stored with the answer, so it must not hold a comment."""
    text = urlencode(sorted((key, value) for key, values in form.items() for value in values))
    return hashlib.sha256(f"{label} {text}".encode()).hexdigest()


def _form_verb(form: Form) -> str:
    """Return what a form asks for. The buttons of needs and levels name no verb."""
    return _form_value(form, "do") or ("fetch" if "need" in form else "rate" if "level" in form else "")


def _json_in_page(value: object) -> Markup:
    """Return a value as JSON for a script element, which no text in it can end."""
    return Markup(msgspec.json.encode(value).decode().replace("<", "\\u003c"))


def _rating_level_in_form(form: Form, name: str) -> int | None:
    text = _form_value(form, name)
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


# -- visit_document ----------------------------------------------------------------------------------------------------

DOTS_AHEAD, DOTS_BEHIND = 3, 1
"""Most numbers shown before and behind one's own in the row of dots."""
LOW = 2
"""The highest rating after which reasons are asked."""
LEVELS = (5, 4, 3, 2, 1)
QUESTIONS = ("attitude", "competence")
NUMBER = "\ue000"
"""Stands for the number in a document of many visits: a letter that no text has."""
ROWS = 60
"""Most calls that the answer to "Why am I not next?" lists."""


class LineDot(Struct, frozen=True):
    """A place in the row of dots. `kind` is ahead, own, behind, or more: numbers that are left out."""

    label: str
    kind: str


class VisitDocument(Struct, frozen=True, kw_only=True):
    """One visit now. `state` is waiting, called, serving, parked, missed, finished or left; `texts` are by the names of
    the page's places, `shown` the names of its parts that are visible. `say` is read aloud when it changes. `ahead` is
    the number of people ahead while the visit waits, `call` names the latest call, "" while there is none. `at_s` is
    the hall's time of day in seconds, `away` the time since when the hall sends no news, "" while it does."""

    at_s: int
    away: str
    state: str
    title: str
    say: str
    texts: Mapping[str, str]
    shown: tuple[str, ...]
    dots: tuple[LineDot, ...] = ()
    arrow: str = ""
    ahead: int | None = None
    call: str = ""


class LinesNow:
    """The lines of a hall at one moment: places, waits and latest calls, computed once for all visits.

    It holds for the state as it is; after the next event another one is needed."""

    def __init__(self, state: HallState, now: datetime) -> None:
        self.state, self.now, self.setup = state, now, overview.set_up(state)
        self._waiting: list[LineTicket] = list(state.waiting_tickets())
        self._positions: dict[TicketId, dispatch.LinePosition] = {}
        self._lines: dict[
            str, tuple[dispatch.WindowsForService, list[LineTicket], dict[TicketId, tuple[int, int]]]
        ] = {}
        self.ended_visits: dict[tuple[object, ...], str] = {}
        """Documents of visits that have ended, as JSON without their numbers: a cache of visit_json()."""

    @cached_property
    def last_called_by_service(self) -> dict[str, str]:
        """The number called last for each service today."""
        today = self.state.now.date
        return {call.service: call.label for call in self.state.calls if call.date == today and call.label}

    def position(self, ticket: Ticket) -> dispatch.LinePosition:
        """Return what line_position_and_wait() returns for a waiting ticket."""
        if ticket.id not in self._positions:
            self._positions[ticket.id] = self._line_position_and_wait(ticket)
        return self._positions[ticket.id]

    def _line_position_and_wait(self, ticket: Ticket) -> dispatch.LinePosition:
        if ticket.held_until is not None or ticket.not_before is not None:
            return overview.line_position_and_wait(self.state, ticket, self.now)
        line, _order, places = self._line_with_places(ticket.service)
        if ticket.id not in places:
            return overview.line_position_and_wait(self.state, ticket, self.now)
        seen = cached_wait_snapshot(self.state, self.now)
        turn = seen.forecast.turns.get(ticket.id)
        ahead, own = places[ticket.id]
        quote = wait_quote(
            self.state, seen.live, ticket.service, turn, place=own + 1, ahead=ahead, now=self.now, tracker=seen.tracker
        )
        coming = count_joining_ahead(self.state, turn, ticket, line, self._waiting, ahead=ahead, now=self.now)
        return dispatch.LinePosition(ahead, quote.wait, coming)

    def line_dots_around_ticket(self, ticket: Ticket) -> tuple[LineDot, ...]:
        """Return the numbers next to a waiting ticket in the order of calls."""
        _line, order, places = self._line_with_places(ticket.service)
        if ticket.id not in places:
            return ()
        at, _own = places[ticket.id]
        first = max(0, at - DOTS_AHEAD)
        row = [LineDot("", "more")] if first else []
        row += [LineDot(other.label, "ahead") for other in order[first:at]]
        row.append(LineDot(ticket.label, "own"))
        return (*row, *(LineDot(other.label, "behind") for other in order[at + 1 : at + 1 + DOTS_BEHIND]))

    def has_somebody_behind(self, ticket: Ticket) -> bool:
        """Whether a ticket of the same line follows, so that its holder may let one go first."""
        _line, order, places = self._line_with_places(ticket.service)
        return ticket.id in places and places[ticket.id][0] + 1 < len(order)

    def is_line_shared(self, ticket: Ticket) -> bool:
        """Whether those ahead may wait for other services of the same windows."""
        line, _order, _places = self._line_with_places(ticket.service)
        return line_words.has_windows_of_several_services(self.setup, [window.code for window in line.windows])

    def _line_with_places(
        self, service: str
    ) -> tuple[dispatch.WindowsForService, list[LineTicket], dict[TicketId, tuple[int, int]]]:
        if service not in self._lines:
            line, rule = (
                dispatch.windows_for_service(self.setup, self.state.windows.values(), service),
                dispatch.call_order_rule_of_setup(self.setup),
            )
            day = self.state.now.date
            normal_calls = self.state.now.normal_calls_since_priority_call(day) if day else None
            order = dispatch.line_tickets_in_call_order(line, self._waiting, normal_calls, rule, self.now)
            places: dict[TicketId, tuple[int, int]] = {}
            own = 0
            for ahead, ticket in enumerate(order):
                places[ticket.id] = ahead, own
                own += ticket.service == service
            self._lines[service] = line, order, places
        return self._lines[service]


def document_basis(lines: LinesNow, ticket: Ticket) -> tuple[object, ...]:
    """Return what the document of a visit depends on, besides the set-up, the language and the hall's being away."""
    state = lines.state
    rating = state.ratings.get(ticket.id)
    given = None if rating is None else (rating.reasons, rating.time)
    if ticket.state is not TicketState.WAITING:
        has_asked = has_asked_for_more_time(ticket, state.messages.values())
        return ticket, given, has_asked, are_tickets_given(lines, ticket)
    position = lines.position(ticket)
    return (
        ticket,
        position,
        lines.last_called_by_service.get(ticket.service),
        lines.line_dots_around_ticket(ticket),
        lines.is_line_shared(ticket),
    )


def are_tickets_given(lines: LinesNow, ticket: Ticket) -> bool:
    """Whether who has lost a place may take another ticket for the same service now."""
    service = lines.setup.services.get(ticket.service)
    return service is None or display_words.is_within_ticket_hours(lines.setup, service, lines.now)


def visit_document(
    lines: LinesNow, ticket: Ticket, lang: str, *, is_away_since: datetime | None = None
) -> VisitDocument:
    """Return a visit's page in `lang`. `is_away_since` is when the hall's events stopped coming, None while they come:
    the page then says so, and of when its figures are."""
    return _VisitWriter(lines, ticket, lang).build_visit_document(is_away_since)


def visit_json(lines: LinesNow, ticket: Ticket, lang: str, *, is_away_since: datetime | None = None) -> str:
    """Return visit_document() as JSON. Visits that have ended at one window in one minute differ by their numbers
    alone: what is the same is made once."""

    def document_json_text(of: Ticket) -> str:
        return json.encode(visit_document(lines, of, lang, is_away_since=is_away_since)).decode()

    if ticket.state is not TicketState.FINISHED:
        return document_json_text(ticket)
    leg, ended = ticket.current_leg, ticket.current_leg.finished or ticket.current_leg.ended
    minute = ended and ended.replace(second=0, microsecond=0)
    key = (lang, ticket.service, ticket.item, leg.window, minute, ticket.rating is None, is_away_since)
    if key not in lines.ended_visits:
        lines.ended_visits[key] = document_json_text(replace(ticket, label=NUMBER))
    return lines.ended_visits[key].replace(NUMBER, json.encode(ticket.label).decode()[1:-1])


class _VisitWriter:
    """Collects the texts and parts of one document."""

    def __init__(self, lines: LinesNow, ticket: Ticket, lang: str) -> None:
        self.lines, self.ticket, self.lang = lines, ticket, lang
        self.state, self.setup, self.now = lines.state, lines.setup, lines.now
        self.texts: dict[str, str] = {}
        self.shown: list[str] = []
        self.say = self.title = self.arrow = self.call = ""
        self.dots: tuple[LineDot, ...] = ()
        self.ahead: int | None = None

    def build_visit_document(self, is_away_since: datetime | None) -> VisitDocument:
        ticket, lang = self.ticket, self.lang
        hall = name_in_language(self.setup.hall.name, self.setup.hall.name_en, lang)
        self.title = f"{ticket.label} · {hall}"
        self.texts |= {
            "hall": hall,
            "caption": tr(lang, "Your number", context="visit"),
            "number": ticket.label,
            "service": _service_and_item_text(self.setup, ticket, lang),
            "time": time_hm(self.setup.to_hall_time(self.now)),
            "updated": tr(lang, "Updated {time}", context="visit", time=time_hms(self.setup.to_hall_time(self.now))),
        }
        away = "" if is_away_since is None else time_hm(self.setup.to_hall_time(is_away_since))
        if away:
            text = tr(lang, "The hall has sent no news since {time}. We will call you as usual.", time=away)
            self._mark_part_as_shown("away", text)
        write = {
            TicketState.WAITING: self._write_waiting,
            TicketState.CALLED: self._write_called,
            TicketState.SERVING: self._write_serving,
            TicketState.MISSED: self._show_missed_call_advice,
            TicketState.FINISHED: self._write_finished,
        }
        write.get(ticket.state, self._write_parked_or_left)()
        if not self.say:
            self.say = self.texts.get("advice", "")
        local = self.setup.to_hall_time(self.now)
        return VisitDocument(
            at_s=local.hour * 3600 + local.minute * 60 + local.second,
            away=away,
            state=str(ticket.state),
            title=self.title,
            say=self.say,
            texts=self.texts,
            shown=tuple(self.shown),
            dots=self.dots,
            arrow=self.arrow,
            ahead=self.ahead,
            call=self.call,
        )

    def _mark_part_as_shown(self, part: str, text: str = "") -> None:
        """Show a part of the page, with its text in the place of the same name."""
        self.shown.append(part)
        if text:
            self.texts[part] = text

    # -- the states --
    def _write_waiting(self) -> None:
        ticket, lang = self.ticket, self.lang
        position = self.lines.position(ticket)
        self.ahead = position.ahead_and_coming_count
        is_shared = position.coming > 0 or self.lines.is_line_shared(ticket)
        label = tr(lang, "Still ahead, in all") if is_shared else tr(lang, "Still ahead of you")
        unit = ntr(lang, "person", "people", self.ahead, context="after the number")
        before, figure, after = line_words.wait_words(position.wait, lang, ahead=self.ahead)
        self._mark_part_as_shown("place")
        self.texts |= {
            "ahead-label": label,
            "ahead": str(self.ahead),
            "ahead-unit": unit,
            "wait-before": before,
            "wait-figure": figure,
            "wait-after": after,
        }
        if (last := self.lines.last_called_by_service.get(ticket.service)) is not None:
            self._mark_part_as_shown("last", tr(lang, "Called last for this service: {ticket}", ticket=last))
        self.dots = self.lines.line_dots_around_ticket(ticket)
        if self.dots:
            self._mark_part_as_shown("dots")
        self._show_papers()
        steps = [
            line_words.then_service_text(names.service_name(self.setup, code, lang), lang) for code in ticket.steps[:1]
        ]
        note = tr(lang, "Keep this page open and stay near.")
        for sentence in (self._call_words(), *steps):
            note = tr(lang, "{one} {two}", context="sentences", one=note, two=sentence)
        self._mark_part_as_shown("note", note)
        self._mark_part_as_shown("notify")
        self._mark_part_as_shown("why")
        left = self.setup.setting_as_int("postponements") - ticket.postponed
        if self.setup.settings["web_postpone"] == "on" and left > 0 and self.lines.has_somebody_behind(ticket):
            text = ntr(lang, "Let one go first (once)", "Let one go first ({n} times left)", left)
            self._mark_part_as_shown("pass", text)
        self._show_fetch_customer_part()
        self._mark_part_as_shown("leave")
        wait = line_words.wait_text(position.wait, lang, ahead=self.ahead)
        self.say = tr(lang, "{ahead}: {n} {people}. {wait}", ahead=label, n=self.ahead, people=unit, wait=wait)

    def _write_called(self) -> None:
        ticket, lang = self.ticket, self.lang
        self._show_window(tr(lang, "Please go now to"))
        self.texts["caption"] = tr(lang, "It is your turn")
        window = self.texts.get("window", "")
        if window:
            self.title = f"{ticket.label} → {window}"
        self.call = f"{ticket.current_leg.n}.{ticket.current_leg.calls}.{ticket.round_calls}"
        if ticket.current_leg.last_called is not None:
            time = time_hms(self.setup.to_hall_time(ticket.current_leg.last_called))
            self._mark_part_as_shown("since", tr(lang, "Called at {time}", context="visit", time=time))
        self._show_papers()
        if has_asked_for_more_time(ticket, self.state.messages.values()):
            self._mark_part_as_shown("asked", tr(lang, "{window} knows that you need two more minutes.", window=window))
        elif ticket.window is not None:
            self._mark_part_as_shown("later")
        self._show_fetch_customer_part()
        self._mark_part_as_shown("leave")
        way = self.texts.get("way", "")
        self.say = list_text([tr(lang, "It is your turn"), f"{ticket.label} → {window}", *([way] if way else [])], lang)

    def _write_serving(self) -> None:
        self._show_window(tr(self.lang, "Being served at"))
        self.say = f"{self.texts['goto']} {self.texts.get('window', '')}"

    def _show_missed_call_advice(self) -> None:
        service = self.setup.services.get(self.ticket.service)
        if service is None or self.ticket.may_be_reinstated(service.max_returns):
            text = tr(self.lang, "You missed your call. Your number still counts.")
            self._mark_part_as_shown("back")
        else:
            text = tr(self.lang, "You missed your call. Please take a new ticket.")
            if not are_tickets_given(self.lines, self.ticket):
                text = tr(
                    self.lang, "You missed your call, and no tickets are given now. Please ask at the front desk."
                )
        self._mark_part_as_shown("advice", text)
        self._mark_part_as_shown("leave")

    def _write_finished(self) -> None:
        lang, ticket, leg = self.lang, self.ticket, self.ticket.current_leg
        parts = [names.window_label_for_customers(self.setup, leg.window, lang).number_with_word] if leg.window else []
        if (ended := leg.finished or leg.ended) is not None:
            parts.append(tr(lang, "finished at {time}", context="visit", time=time_hm(self.setup.to_hall_time(ended))))
        self._mark_part_as_shown("ended", " · ".join(parts))
        if ticket.rating is None:
            self._mark_part_as_shown("rate")
            self.texts |= {f"level-{level}": rating_level_words(level, lang) for level in LEVELS}
            self.say = tr(lang, "How was your visit?")
            return
        self._mark_part_as_shown("thanks")
        self.say = tr(lang, "Your rating is saved")

    def _write_parked_or_left(self) -> None:
        lang = self.lang
        if self.ticket.state is TicketState.PARKED:
            text = tr(lang, "Your visit is on hold. We will continue with you at the window; please stay nearby.")
        elif are_tickets_given(self.lines, self.ticket):
            text = tr(lang, "No longer in line. Please take a new ticket, or ask at the front desk.")
        else:
            text = tr(lang, "No longer in line, and no tickets are given now. Please come again in opening hours.")
        self._mark_part_as_shown("advice", text)

    # -- parts of several states --
    def _show_window(self, words: str) -> None:
        self._mark_part_as_shown("window-part")
        self.texts["goto"] = words
        if self.ticket.window is None:
            return
        there = names.window_label_for_customers(self.setup, self.ticket.window, self.lang)
        self.texts |= {"window": there.number_with_word, "way": there.zone}
        self.arrow = there.arrow

    def _show_papers(self) -> None:
        papers = _papers_to_bring_of_item(self.setup.services.get(self.ticket.service), self.ticket.item, self.lang)
        if papers:
            text = tr(self.lang, "Please have ready: {papers}", papers=list_text(papers, self.lang))
            self._mark_part_as_shown("papers", text)

    def _show_fetch_customer_part(self) -> None:
        if self.setup.settings["web_fetch"] != "on":
            return
        if self.ticket.fetch_reason:
            self._mark_part_as_shown("fetched", tr(self.lang, "Someone will come and get you"))
        else:
            self._mark_part_as_shown("fetch")

    def _call_words(self) -> str:
        ways = working_call_devices(
            self.state.devices, is_spoken=self.setup.voice.spoken, is_simulated=self.setup.hall.simulated
        )
        if DISPLAY in ways and VOICE in ways:
            return tr(self.lang, "The display and the voice will call your number.")
        if DISPLAY in ways:
            return tr(self.lang, "The display will show your number.")
        return tr(self.lang, "We will call your number.")


def _service_and_item_text(setup: Setup, ticket: Ticket, lang: str) -> str:
    name, item = (
        names.service_name(setup, ticket.service, lang),
        names.item_name(setup, ticket.service, ticket.item, lang),
    )
    return f"{name} · {item}" if item else name


def _papers_to_bring_of_item(service: Service | None, item: str | None, lang: str) -> list[str]:
    """Return the papers of a service, or of its item where that has its own."""
    if service is None:
        return []
    own = next((known.papers for known in service.items if known.code == item), ())
    return [name_in_language(paper.name, paper.name_en, lang) for paper in own or service.papers]


# -- what may still be said after a rating ---------------------------------------------------------------------------


class RatingQuestions(Struct, frozen=True, kw_only=True):
    """What a customer may add to a rating: reasons by code with their words, two further questions, and a comment."""

    reasons: tuple[tuple[str, str], ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    has_comment: bool = False

    def __bool__(self) -> bool:
        return bool(self.reasons or self.questions or self.has_comment)


def questions_after_rating(setup: Setup, level: int, lang: str) -> RatingQuestions:
    """Return what is asked after a rating of `level`, by the rules of the rating at the exit; a phone has keys for
    every language, so that it asks for a comment wherever the hall has any."""
    words = {
        "attitude": tr(lang, "How were you treated?"),
        "competence": tr(lang, "How well was your request handled?"),
    }
    return RatingQuestions(
        reasons=tuple((code, rating_reason_words(code, lang)) for code in offered_rating_reasons(setup))
        if level <= LOW
        else (),
        questions=tuple(words.items()) if setup.settings["rating_questions"] == "on" else (),
        has_comment=setup.settings["rating_words"] != "off",
    )


def may_add_reasons(state: HallState, ticket: Ticket, now: datetime) -> bool:
    """Whether reasons may still be added to the rating of `ticket`."""
    rating = state.ratings.get(ticket.id)
    return rating is not None and not rating.reasons and now - rating.time <= REASONS_WITHIN


# -- why somebody is not next ----------------------------------------------------------------------------------------


class EarlierCall(Struct, frozen=True):
    """A call since a visit began: its time, number, window, and why it came first."""

    time: str
    label: str
    window: str
    why: str


class WhyNotNextDocument(Struct, frozen=True, kw_only=True):
    """The answer to "Why am I not next?": one sentence, the calls since the visit began (latest first), how many
    earlier ones are left out, how many calls were for other services."""

    sentence: str
    rows: tuple[EarlierCall, ...]
    left_out: str = ""
    others: str = ""


def document_on_why_not_called_next(lines: LinesNow, ticket: Ticket, lang: str) -> WhyNotNextDocument:
    """Return why a waiting visit was not called yet, by public numbers alone."""
    calls = _CallsSinceVisit(lines, ticket, lang)
    rows, others = calls.rows_and_others()
    left_out = len(rows) - ROWS
    found = overview.explain_not_called(lines.state, ticket, lines.now)
    return WhyNotNextDocument(
        sentence=line_words.why_not_called_text(lines.setup, ticket, found, lang, public=True),
        rows=tuple(rows[:ROWS]),
        left_out=ntr(lang, "and {n} earlier call", "and {n} earlier calls", left_out) if left_out > 0 else "",
        others=ntr(
            lang,
            "{n} call was at a window that can't serve you, for another service.",
            "{n} calls were at windows that can't serve you, for other services.",
            others,
        )
        if others
        else "",
    )


class _CallsSinceVisit:
    """The calls since a visit began, each with the reason why it came first."""

    def __init__(self, lines: LinesNow, ticket: Ticket, lang: str) -> None:
        self.state, self.setup, self.ticket, self.lang = lines.state, lines.setup, ticket, lang
        overtakes = overview.calls_that_overtook(self.state, ticket)
        self.overtakes = {overtake.seq: overtake for overtake in overtakes}
        self.credited = overview.services_that_gave_credit(self.state, overtakes)

    def rows_and_others(self) -> tuple[list[EarlierCall], int]:
        """Return the calls that windows for this visit made, latest first, and how many other windows made."""
        ticket, rows, others = self.ticket, [], 0
        calls = [call for call in self.state.calls if call.date == ticket.date and call.time >= ticket.arrived]
        for call in sorted(calls, key=lambda call: (call.time, call.seq), reverse=True):
            if call.label == ticket.label:
                continue
            if (
                call.seq not in self.overtakes
                and call.service != ticket.service
                and not self._can_calls_window_serve_visit(call)
            ):
                others += 1
                continue
            time = time_hm(self.setup.to_hall_time(call.time))
            window = names.window_label_for_customers(self.setup, call.window, self.lang).number_with_word
            rows.append(EarlierCall(time, call.label, window, self._why_call_came_first_text(call)))
        return rows, others

    def _can_calls_window_serve_visit(self, call: WindowCall) -> bool:
        window = self.setup.windows.get(call.window)
        return window is not None and self.ticket.service in window.services

    def _why_call_came_first_text(self, call: WindowCall) -> str:
        """Return why a call came first, without what staff wrote or which class somebody has."""
        lang, ticket = self.lang, self.ticket
        if (overtake := self.overtakes.get(call.seq)) is not None:
            if call.label in self.credited:
                return names.service_name(self.setup, self.credited[call.label], lang)
            return line_words.overtake_reason_words(overtake, lang, public=True)
        other = self.state.tickets.get((call.date, call.label))
        if other is None:
            return tr(lang, "served without a ticket")
        if (other.arrived, other.seq) < (ticket.arrived, ticket.seq):
            return tr(lang, "came before you")
        if call.service != ticket.service:
            return tr(lang, "for another service")
        if ticket.is_moved:
            return tr(lang, "you let it go first, or had missed your call")
        return tr(lang, "its place was before yours")
