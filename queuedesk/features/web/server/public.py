"""The page for everybody: whether the hall is open, who waits how long, the best time to come, what to bring.

It is served and stays up by itself, on a phone or on a large screen, and it can be written as files for another server.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct, json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.setup.rows import RequiredPaper, Setup, field_and_choice_languages
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.talk.display import current_notices_on_screen
from queuedesk.desk.change import Desk, Document, iso_local, wait_document
from queuedesk.desk.staffing import usual_waiting_by_quarter_hour
from queuedesk.features.web.server.site import LANG_TAGS, WebPagesSharedContext, page_text
from queuedesk.features.web.server.streams import EventStream, server_sent_event_text
from queuedesk.feed.follower import HallCopy
from queuedesk.files.writing import write_file
from queuedesk.i18n import LANGUAGES, figure_range, name_in_language, time_hm
from queuedesk.i18n.calendar_words import upcoming_special_days_text
from queuedesk.i18n.catalogue import ntr, tr
from queuedesk.i18n.queue import display_words

PULSE_S = 20.0
"""How often the page is made anew where nothing has happened: waits and hours go on."""
TOPIC = "public"
HALF_HOUR_MIN = 30
READABLE_BY_ALL = 0o644
SHORTEST_BEST_MIN, LONGEST_BEST_MIN = 60, 150
HARDLY_ANYBODY = 0.75
"""Fewer people than this, in the mean, are hardly anybody."""

UsualDay = Sequence[tuple[float, float]]
"""How many usually wait at each quarter of an hour, as minutes of the day and people."""


class HourBar(Struct, frozen=True):
    """How full an hour usually is: `share` of the fullest, in percent."""

    label: str
    share: int
    is_now: bool


class BestTimeBarsAndText(Struct, frozen=True):
    bars: tuple[HourBar, ...]
    text: str


class ItemPapers(Struct, frozen=True):
    """What to bring for one item, or for whatever a service does (`item` is "")."""

    item: str
    papers: tuple[tuple[str, str], ...]


class ServicePapers(Struct, frozen=True):
    letter: str
    name: str
    items: tuple[ItemPapers, ...]
    fees: str = ""


class PublicDocument(Struct, frozen=True, kw_only=True):
    """Finished texts of the page. `stale` says since when it is not current, "" while it is; `made` is the time of what
    it says."""

    hall: str
    title: str
    detail: str
    is_open: bool
    lines: tuple[display_words.WaitingLineText, ...]
    notices: tuple[str, ...]
    best: BestTimeBarsAndText | None
    bring: tuple[ServicePapers, ...]
    has_booking: bool
    made: str
    stale: str = ""


def public_document(
    state: HallState, now: datetime, lang: str, usual: UsualDay = (), *, since: datetime | None = None
) -> PublicDocument:
    """Return what the page says; `since`: the hall could not be followed since then."""
    setup = set_up(state)
    lines, total = display_words.waiting_line_texts_and_total(state, now, frozenset(setup.services), lang)
    hall = setup.hall
    title, detail, is_open = _opening_texts(state, now, lang, total)
    pushed = [
        name_in_language(notice.text, notice.text_en, lang) for notice in current_notices_on_screen(state, setup, now)
    ]
    ahead = upcoming_special_days_text(setup.calendar, setup.to_hall_time(now).date(), lang)
    return PublicDocument(
        hall=name_in_language(hall.name, hall.name_en, lang),
        title=title,
        detail=detail,
        is_open=is_open,
        lines=tuple(lines) if is_open or total else (),
        notices=(*pushed, *([ahead] if ahead else [])),
        best=_best_time(setup, now, usual, lang),
        bring=_papers_to_bring(setup, lang),
        has_booking=setup.has_feature("appointments"),
        made=time_hm(setup.to_hall_time(now)),
        stale=""
        if since is None
        else tr(lang, "Not current since {time}", time=time_hm(setup.to_hall_time(since)), context="web"),
    )


def _opening_texts(state: HallState, now: datetime, lang: str, waiting: int) -> tuple[str, str, bool]:
    """Return whether the hall is open as a title, what goes with it, and whether tickets are given."""
    setup = set_up(state)
    closed = display_words.closed_hall_text(state, now, lang)
    if closed is not None:
        phone = f"{closed.phone_words} {closed.phone}" if closed.phone else ""
        return closed.title, " · ".join(text for text in (closed.why, closed.opens, phone) if text), False
    day = setup.to_hall_time(now).date()
    here = [service for service in setup.services.values() if display_words.is_within_ticket_hours(setup, service, now)]
    ends = [hallday.opening_spans_on(setup, service, day)[-1][1] for service in here]
    title = tr(lang, "No more tickets today")
    if ends:
        title = tr(lang, "Open until {time}", time=clock_text(max(ends)), context="web")
    open_windows = sum(state.window(code).state is WindowState.OPEN for code in setup.windows)
    people = ntr(lang, "{n} person waiting", "{n} people waiting", waiting, context="web")
    windows = ntr(
        lang,
        "{open} of {n} window open",
        "{open} of {n} windows open",
        len(setup.windows),
        open=open_windows,
        context="web",
    )
    return title, f"{people} · {windows}", bool(ends)


def _best_time(setup: Setup, now: datetime, usual: UsualDay, lang: str) -> BestTimeBarsAndText | None:
    """Return how full the hours of today usually are, and the emptiest stretch that is still to come."""
    local = setup.to_hall_time(now)
    minute = local.hour * 60 + local.minute
    open_spans = [
        span
        for service in setup.services.values()
        if not service.message
        for span in hallday.opening_spans_on(setup, service, local.date())
    ]
    halves: dict[int, list[float]] = {}
    for at, people in usual:
        start = int(at) // HALF_HOUR_MIN * HALF_HOUR_MIN
        if any(first <= start < last for first, last in open_spans):
            halves.setdefault(start, []).append(people)
    mean = {start: sum(counts) / len(counts) for start, counts in sorted(halves.items())}
    if not mean or not any(mean.values()):
        return None
    hours: dict[int, list[float]] = {}
    for start, people in mean.items():
        hours.setdefault(start // 60, []).append(people)
    most = max(sum(counts) / len(counts) for counts in hours.values())
    bars = tuple(
        HourBar(str(hour), round(100 * sum(counts) / len(counts) / most), hour == local.hour)
        for hour, counts in hours.items()
    )
    return BestTimeBarsAndText(bars, _best_time_text(mean, minute, lang))


def _best_time_text(mean: Mapping[int, float], minute: int, lang: str) -> str:
    """Return the emptiest stretch of what is left of the day in words, "" where less than an hour is left."""
    left = {start: people for start, people in mean.items() if start > minute - HALF_HOUR_MIN / 2}
    stretches = [
        (
            sum(left[at] for at in range(start, end, HALF_HOUR_MIN)) * HALF_HOUR_MIN / (end - start),
            start - end,
            start,
            end,
        )
        for start in left
        for end in range(start + SHORTEST_BEST_MIN, start + LONGEST_BEST_MIN + 1, HALF_HOUR_MIN)
        if all(at in left for at in range(start, end, HALF_HOUR_MIN))
    ]
    if not stretches:
        return ""
    fewest = min(people for people, *_rest in stretches)
    # The longest of those that are as empty, for whoever can't come at the minute.
    people, _length, start, end = min((one for one in stretches if one[0] <= fewest + 0.5), key=lambda one: one[1:])
    span = figure_range(clock_text(start), clock_text(end))
    if people < HARDLY_ANYBODY:
        return tr(lang, "{span}: usually hardly anybody waits", span=span, context="web")
    return ntr(
        lang,
        "{span}: usually about {n} person waits",
        "{span}: usually about {n} people wait",
        round(people),
        span=span,
        context="web",
    )


def _papers_to_bring(setup: Setup, lang: str) -> tuple[ServicePapers, ...]:
    found = []
    for service in setup.services.values():
        items = [
            ("", service.papers),
            *((name_in_language(item.name, item.name_en, lang), item.papers) for item in service.items),
        ]
        told = tuple(ItemPapers(name, _paper_texts(papers, lang)) for name, papers in items if papers)
        fees = name_in_language(service.fees, service.fees_en, lang).strip()
        if told or fees:
            found.append(
                ServicePapers(service.prefix, name_in_language(service.name, service.name_en, lang), told, fees)
            )
    return tuple(found)


def _paper_texts(papers: Sequence[RequiredPaper], lang: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name_in_language(paper.name, paper.name_en, lang), name_in_language(paper.note, paper.note_en, lang))
        for paper in papers
    )


def waits_document(state: HallState, now: datetime) -> Document:
    """Return what the page says for programs: no words but names, waits as the commands give them."""
    setup = set_up(state)
    return {
        "hall": setup.hall.code,
        "name": setup.hall.name,
        "name_en": setup.hall.name_en,
        "made": iso_local(setup, now),
        "open": any(display_words.is_within_ticket_hours(setup, service, now) for service in setup.services.values()),
        "windows_open": sum(state.window(code).state is WindowState.OPEN for code in setup.windows),
        "services": [
            {
                "code": line.service,
                "name": setup.services[line.service].name,
                "name_en": setup.services[line.service].name_en,
                "waiting": line.waiting,
                "ahead": line.ahead_and_coming_count,
                **wait_document(line.wait),
            }
            for line in service_lines(state, now)
        ],
    }


# -- served ------------------------------------------------------------------------------------------------------------


class PublicPages:
    """The page in each language, made anew when the hall has changed and as time goes by, for whoever looks at it."""

    def __init__(self, site: WebPagesSharedContext) -> None:
        self._site = site
        self._usual: tuple[date, UsualDay] | None = None
        self._is_pulsing = False
        site.hall.add_change_listener(self._send_page_soon)

    def current_document(self, lang: str) -> PublicDocument:
        hall = self._site.hall
        usual = self._usual[1] if self._usual is not None and self._usual[0] == hall.day else ()
        return public_document(hall.state, hall.now(), lang, usual, since=hall.away_since)

    async def read_and_keep_usual_waiting_of_day(self) -> None:
        """Read how full such days usually are, once for a date. A hall that can't be read now has no such figure."""
        hall = self._site.hall
        day = hall.day
        if self._usual is not None and self._usual[0] == day:
            return
        with suppress(QueueDeskError):
            self._usual = (day, await hall.run(usual_waiting_by_quarter_hour, hall.desk, day))

    def main_part_json(self, lang: str) -> str:
        """Return what a page that is open already puts in its place: the part that changes, as a document."""
        document = self.current_document(lang)
        text = page_text("public_main.html", lang, {"page": document})
        return json.encode({"html": text, "made": document.made, "stale": document.stale}).decode()

    async def public_page(self, request: Request, *, is_large: bool = False) -> Response:
        await self.read_and_keep_usual_waiting_of_day()
        lang = self._site.language_of_request(request)
        return self._site.render(
            request,
            "public.html",
            lang,
            page=self.current_document(lang),
            is_live=True,
            is_large=is_large,
            languages=other_languages(self._site.hall.setup, lang),
        )

    async def large_public_page(self, request: Request) -> Response:
        return await self.public_page(request, is_large=True)

    async def main_part_response(self, request: Request) -> Response:
        lang = self._site.language_of_request(request)
        return Response(self.main_part_json(lang), media_type="application/json")

    async def event_stream(self, request: Request) -> ASGIApp:
        lang = self._site.language_of_request(request)
        self._schedule_page_refresh()
        return EventStream(self._site.hub, (TOPIC, lang), server_sent_event_text(self.main_part_json(lang)))

    def _send_page_soon(self, _events: list[Event]) -> None:
        for lang in LANGUAGES:
            self._site.hub.tell_soon((TOPIC, lang), self._main_part_event_maker(lang))

    def _main_part_event_maker(self, lang: str) -> Callable[[], str | None]:
        def main_part_event() -> str | None:
            try:
                return server_sent_event_text(self.main_part_json(lang))
            except Exception as bug:  # noqa: BLE001 - reported, and the page says how old it is
                self._site.note_bug(bug)
                return None

        return main_part_event

    def _schedule_page_refresh(self) -> None:
        """Make the page anew from time to time while somebody looks at it."""
        if not self._is_pulsing:
            self._is_pulsing = True
            asyncio.get_running_loop().call_later(PULSE_S, self._refresh_watched_pages)

    def _refresh_watched_pages(self) -> None:
        self._is_pulsing = False
        if any(isinstance(topic, tuple) and topic[0] == TOPIC for topic in self._site.hub.topics()):
            self._send_page_soon([])
            self._schedule_page_refresh()


def other_languages(setup: Setup, lang: str) -> list[tuple[str, str]]:
    """Return the other languages that a hall offers, each with its name in itself."""
    names = {"zh_CN": "中文", "en": "English"}
    return [
        (LANG_TAGS[one], names[one]) for one in field_and_choice_languages(setup) if one in LANG_TAGS and one != lang
    ]


def routes(site: WebPagesSharedContext) -> Sequence[BaseRoute]:
    pages = PublicPages(site)
    return [
        Route("/", pages.public_page),
        Route("/screen", pages.large_public_page),
        Route("/now", pages.main_part_response),
        Route("/events", pages.event_stream),
    ]


# -- as files ----------------------------------------------------------------------------------------------------------


def export_pages(desk: Desk, clock: Callable[[], datetime], folder: Path) -> list[Path]:
    """Write the page into a folder: in each language that the hall offers, the first also as index.html, and
    waits.json. Each file is whole at every moment. Raises OutsideError, RuleError "own_file"."""
    copy, now = HallCopy(desk, clock), clock()
    usual: UsualDay = ()
    with suppress(QueueDeskError):
        usual = usual_waiting_by_quarter_hour(desk, copy.day)
    known = [one for one in field_and_choice_languages(copy.setup) if one in LANG_TAGS] or list(LANGUAGES)
    written: dict[str, bytes] = {"waits.json": json.encode(waits_document(copy.state, now))}
    for lang in known:
        values: dict[str, Any] = {
            "page": public_document(copy.state, now, lang, usual),
            "is_live": False,
            "is_large": False,
            "languages": other_languages(copy.setup, lang),
        }
        text = page_text("public.html", lang, values).encode()
        written[f"{LANG_TAGS[lang]}.html"] = text
        written.setdefault("index.html", text)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    for name, content in written.items():
        _write_for_all(folder / name, content)
    return [folder / name for name in written]


def export_for_ever(desk: Desk, clock: Callable[[], datetime], folder: Path, every_s: float) -> None:
    """Write the page again and again; one that can't be made now is left as it is, with its time, until the next."""
    while True:
        began = time.monotonic()
        with suppress(OutsideError):
            export_pages(desk, clock, folder)
        time.sleep(max(0.0, every_s - (time.monotonic() - began)))


def _write_for_all(path: Path, content: bytes) -> None:
    """Write a file that another server's user may read too."""
    is_new = not path.exists()
    write_file(path, content)
    if is_new:
        path.chmod(READABLE_BY_ALL)
