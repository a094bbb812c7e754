"""The hall's display in any browser: the same calls, lines and notices, told at once, with a clock of its own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup
from msgspec import Struct, json
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from queuedesk.core.improvement.project import setup_with_trial_notices
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.setup.rows import Setup, voice_languages
from queuedesk.core.talk import announcement, number_block
from queuedesk.core.talk import device as device_states
from queuedesk.core.talk import display as displays
from queuedesk.core.talk import screen as screens
from queuedesk.desk.talk.announcing import record_call_shown
from queuedesk.features.web.server import screen_drawing
from queuedesk.features.web.server.site import LANG_TAGS, WebPagesSharedContext
from queuedesk.features.web.server.streams import EventStream, server_sent_event_text
from queuedesk.files.reading import PICTURE_S, MediaFileVersion, media_files_in_folder, read_program_file
from queuedesk.i18n import date_for_hall, name_in_language, time_hm
from queuedesk.i18n.catalogue import tr
from queuedesk.i18n.names import widest_ticket_label
from queuedesk.i18n.queue import display_words
from queuedesk.i18n.queue.display_words import SlideText, hall_text_slides
from queuedesk.paths import resource_path
from queuedesk.watch import WorkQueueThread

PULSE_S = 4.0
"""A display is told so often that nothing has changed: one that hears nothing for 9 s says so."""
TOPIC = "display"
WHOLE_HALL = "all"
TIME = "TIME"
"""What the page's script puts a time in the place of."""
SMALLEST_PX, LARGEST_PX = 200, 20_000
FONTS = ("QDInter-Regular.ttf", "QDInter-Bold.ttf", "QDSansSC-Regular.ttf", "QDSansSC-Bold.ttf")
MOST_ROWS = 99
MEDIA = "/media/"
MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}
LARGEST_PICTURE, LARGEST_FILM = 20_000_000, 500_000_000
"""Bytes of a picture and a film: larger ones would take the hall's network from calls."""


class WantedDisplay(Struct, frozen=True):
    """Which display a browser shows: a zone in either language ("" for the whole hall), a layout, a language, the
    shape of its screen as the canvas of that layout, and whether it shows slides while nobody is called."""

    zone: str
    layout: str
    lang: str
    canvas: tuple[int, int]
    has_slides: bool = True


def display_text(
    state: HallState,
    rows: displays.LatestWindowCalls,
    wish: WantedDisplay,
    now: datetime,
    day_notices: Setup,
    *,
    is_heard: bool = False,
) -> screen_drawing.DisplayText:
    """Return what a display says now; `rows` are the latest calls of the whole hall, `day_notices` is the set-up with
    the notices as they are shown today."""
    setup, lang, zone = set_up(state), wish.lang, wish.zone
    services = displays.services_in_zone(state, setup, zone)
    layout = displays.layout_for_screen(wish.layout, *wish.canvas)
    parts = displays.screen_parts(setup, zone, by_zone=layout.is_divided_by_zone)
    lines = display_words.waiting_lines_panel_texts(state, now, services, lang)
    texts, calls = [], []
    for part in parts:
        own = displays.services_of_windows(state, setup, part.windows) & services
        own_lines = (
            display_words.waiting_lines_panel_texts(state, now, own, lang) if layout.is_divided_by_zone else lines
        )
        texts.append(display_words.zone_part_text(setup, part, own_lines, has_others=len(parts) > 1, lang=lang))
        large, _none = rows.large_and_earlier_rows(MOST_ROWS, now, part.windows)
        told = [_row_text(state, row, now, lang, has_zone=bool(part.zone), is_heard=is_heard) for row in large]
        calls.append(display_words.ScreenPartCalls(tuple(told)))
    local, notices = setup.to_hall_time(now), displays.current_notices_on_screen(state, setup, now, zone=zone)
    return screen_drawing.DisplayText(
        hall=name_in_language(setup.hall.name, setup.hall.name_en, lang),
        day=date_for_hall(local.date(), lang),
        clock=time_hm(local),
        widest=widest_ticket_label(setup),
        parts=tuple(texts),
        calls=tuple(calls),
        lines=lines,
        earlier=tr(lang, "Earlier", context="display"),
        empty=tr(lang, "Your number will appear here when it is called"),
        strip=_strip_lines(state, now, wish, layout, services=services, day_notices=day_notices),
        order=tuple(display_words.order_list_columns(state, now, services, lang)) if layout.order is not None else (),
        closed=display_words.closed_hall_text(state, now, lang),
        emergency=display_words.emergency_text(next((one for one in notices if one.emergency), None), lang),
        lost=tr(lang, "Not current since {time}", time=TIME, context="web"),
    )


def _row_text(
    state: HallState, row: displays.CallRow, now: datetime, lang: str, *, has_zone: bool, is_heard: bool
) -> display_words.CallRowText:
    ticket = state.tickets.get(row.ticket_id)
    is_coming = ticket is not None and ticket.state is TicketState.CALLED
    icon = "speaker" if is_heard else "bell"
    return display_words.call_row_texts(
        set_up(state), row, now, coming=is_coming, icon=icon, with_way=not has_zone, lang=lang
    )


def _strip_lines(
    state: HallState,
    now: datetime,
    wish: WantedDisplay,
    layout: displays.DisplayLayout[displays.PlainRect],
    *,
    services: frozenset[str],
    day_notices: Setup,
) -> tuple[screen_drawing.StripLine, ...]:
    setup, lang = set_up(state), wish.lang
    pushed = [one for one in displays.current_notices_on_screen(state, setup, now, zone=wish.zone) if not one.emergency]
    if pushed:
        told = [name_in_language(one.text, one.text_en, lang) for one in pushed]
    elif layout.order is not None:
        told = display_words.order_list_strip_texts(state, now, services, lang)
    elif layout.has_setup_notices:
        has_slides = wish.has_slides and layout.slide is not None
        notices = displays.notices_shown_on_date(day_notices.notices, setup.to_hall_time(now).date())
        short = [one for one in notices if not (has_slides and display_words.needs_own_slide(one, lang))]
        told = display_words.idle_strip_texts(state, now, short, lang)
    else:
        told = []
    return tuple(screen_drawing.StripLine(text, displays.reading_time_s(text, setup), bool(pushed)) for text in told)


def display_drawing(
    said: screen_drawing.DisplayText, wish: WantedDisplay, layout: displays.DisplayLayout[displays.PlainRect]
) -> str:
    """Return the display as SVG: rows as large as the reading distance needs, as on the hall's own display of 65
    inches."""
    room = screen_drawing.calls_rect_on_screen(layout, said)
    needed = displays.min_readable_font_px(displays.DISTANCE_M, displays.mm_per_px(None, *layout.canvas, layout.canvas))
    windows = [part.windows for part in said.parts]
    columns, sizes = displays.best_columns_and_row_sizes(
        windows,
        room,
        said.widest,
        by_zone=layout.is_divided_by_zone,
        needed=needed,
        measure=screen_drawing.display_text_width,
    )
    places = displays.zone_grid(len(windows), columns, room) if layout.is_divided_by_zone else ()
    if said.has_slide and layout.rows_beside is not None:
        rows, beside = min(sizes[0].rows, layout.most_beside), layout.rows_beside
        high = (beside.high - (rows - 1) * displays.GAP_PX) / rows
        sizes = [
            displays.RowCountAndSize(
                rows,
                high,
                min(
                    high / number_block.ROW_EM,
                    number_block.font_size_filling_width(
                        beside.wide, windows[0], said.widest, screen_drawing.display_text_width
                    ),
                ),
            )
        ]
    large = [
        display_words.ScreenPartCalls(
            calls.rows[: size.rows], _number_blocks(calls.rows[size.rows :][: displays.EARLIER])
        )
        for calls, size in zip(said.calls, sizes, strict=True)
    ]
    return screen_drawing.display_svg(layout, sizes, places, replace(said, calls=tuple(large)))


def _number_blocks(rows: Sequence[display_words.CallRowText]) -> tuple[number_block.NumberAndWindow, ...]:
    return tuple(number_block.NumberAndWindow(row.label, replace(row.window, zone="", arrow="")) for row in rows)


class DisplayPages:
    """The display of each zone and layout that some browser shows, told of a call before anything else."""

    def __init__(self, site: WebPagesSharedContext) -> None:
        self._site = site
        self._rows = displays.LatestWindowCalls()
        self._rows.rebuild_from_state(site.hall.state)
        self._is_pulsing = False
        self._reported: frozenset[int] = frozenset()
        self._spoken: dict[int, list[dict[str, str]]] = {}
        self._files: list[MediaFileVersion] = []
        self._reader = WorkQueueThread("media")
        site.hall.add_change_listener(self._follow_events)

    # -- what is shown --
    def display_json_text(self, wish: WantedDisplay) -> str:
        hall = self._site.hall
        now, setup = hall.now(), hall.setup
        notices = setup_with_trial_notices(setup, hall.state.wordings.values(), hall.day)
        said = display_text(hall.state, self._rows, wish, now, notices, is_heard=setup.voice.spoken)
        layout = displays.layout_for_screen(wish.layout, *wish.canvas)
        slides = self._slides(wish, now) if self._is_zone_without_recent_calls(wish, now) else []
        said = replace(said, has_slide=bool(slides and not said.closed and not said.emergency))
        offset = setup.to_hall_time(now).utcoffset()
        since = hall.away_since
        return json.encode(
            {
                "svg": display_drawing(said, wish, layout),
                "at": round(now.timestamp() * 1000),
                "offset": round(offset.total_seconds() / 60) if offset is not None else 0,
                "since": "" if since is None else time_hm(setup.to_hall_time(since)),
                "slides": _slides_digest(slides) if said.has_slide else "",
                "calls": [
                    {"seq": row.seq, "say": self._spoken.get(row.seq, [])}
                    for calls in said.calls
                    for row in calls.rows
                    if row.fresh
                ],
            }
        ).decode()

    def _is_zone_without_recent_calls(self, wish: WantedDisplay, now: datetime) -> bool:
        """Whether nobody was called to this zone for a minute, and nobody is on the way."""
        state, setup = self._site.hall.state, self._site.hall.setup
        windows = [code for code in setup.windows if displays.is_window_in_zone(setup, code, wish.zone)]
        tickets = (state.tickets.get(id) for code in windows if (id := state.window(code).ticket) is not None)
        if any(ticket is not None and ticket.state is TicketState.CALLED for ticket in tickets):
            return False
        latest, _earlier = self._rows.large_and_earlier_rows(MOST_ROWS, now, windows)
        return all(now - max(row.seen, row.time) >= displays.QUIET_FOR for row in latest)

    def _slides(self, wish: WantedDisplay, now: datetime) -> list[SlideText | MediaFileVersion]:
        """Return the slides of a display, in the order of the hall's own."""
        hall = self._site.hall
        if not wish.has_slides or displays.layout_for_screen(wish.layout, *wish.canvas).slide is None:
            return []
        services = displays.services_in_zone(hall.state, hall.setup, wish.zone)
        notices = setup_with_trial_notices(hall.setup, hall.state.wordings.values(), hall.day)
        return displays.interleaved_slides(hall_text_slides(notices, services, now, wish.lang), self._files)

    def _start_reading_media_folder(self) -> None:
        """See what lies in the folder of pictures and films; one on a server that is away is waited for by nobody."""
        if self._reader.has_undroppable_work_left or not self._site.settings.media:
            return

        def read_and_store_media_files() -> None:
            found = media_files_in_folder(self._site.settings.media)
            self._files = [one for one in found if one.size <= (LARGEST_FILM if one.is_film else LARGEST_PICTURE)]

        self._reader.submit(read_and_store_media_files)

    def _wanted_screen(self, request: Request) -> WantedDisplay | None:
        """Return which display is asked for, None for a zone that the hall does not have."""
        zone, setup = request.path_params.get("zone", WHOLE_HALL), self._site.hall.setup
        if not any(displays.is_window_in_zone(setup, code, zone) for code in setup.windows):
            if zone != WHOLE_HALL:
                return None
            zone = ""
        layout = request.query_params.get("layout", displays.AUTO)
        width, height = (
            _parse_pixel_count(request.query_params.get(name), usual)
            for name, usual in zip("wh", displays.WIDE, strict=True)
        )
        wanted = displays.layout_for_screen(layout if layout in screens.LAYOUTS else displays.AUTO, width, height)
        has_slides = request.query_params.get("slides") != "off"
        return WantedDisplay(zone, wanted.name, self._site.language_of_request(request), wanted.canvas, has_slides)

    # -- for browsers --
    async def display_page(self, request: Request) -> Response:
        wish = self._wanted_screen(request)
        if wish is None:
            return self._site.not_found_response(request)
        self._start_reading_media_folder()
        await self._site.hall.run(_preload_drawing_and_voice)
        now = json.decode(self.display_json_text(wish))
        page = self._site.render(
            request,
            "screen.html",
            wish.lang,
            hall_name=name_in_language(self._site.hall.setup.hall.name, self._site.hall.setup.hall.name_en, wish.lang),
            drawing=Markup(now["svg"]),
            place=request.path_params.get("zone", WHOLE_HALL),
            asked=request.query_params.get("layout", displays.AUTO),
            has_slides=wish.has_slides,
            is_reporting=request.query_params.get("report") == "on",
            is_spoken=self._site.hall.setup.voice.spoken,
        )
        page.headers["content-security-policy"] += "; font-src 'self'; media-src 'self'"
        return page

    async def display_response(self, request: Request) -> Response:
        wish = self._wanted_screen(request)
        if wish is None:
            return self._site.not_found_response(request)
        return Response(self.display_json_text(wish), media_type="application/json")

    async def event_stream(self, request: Request) -> ASGIApp:
        wish = self._wanted_screen(request)
        if wish is None:
            return self._site.not_found_response(request)
        self._schedule_page_refresh()
        return EventStream(self._site.hub, (TOPIC, wish), server_sent_event_text(self.display_json_text(wish)))

    async def record_call_shown(self, request: Request) -> Response:
        """Record that a call has been painted, told by a display of the hall's: one that was opened to report."""
        wish, text = self._wanted_screen(request), (await request.body())[:20].decode("ascii", "replace")
        if wish is None:
            return self._site.not_found_response(request)
        hall = self._site.hall
        seq, now = int(text) if text.isdecimal() else 0, hall.now()
        fresh = {row.seq for row in self._rows.large_and_earlier_rows(MOST_ROWS, now)[0] if row.is_fresh(now)}
        if seq not in fresh:
            return Response(status_code=409)
        if seq not in self._reported:
            self._reported = (self._reported & fresh) | {seq}
            hall.run_database_work_in_background(partial(record_call_shown, hall.desk, seq, device_states.WEB, now))
        return Response(status_code=204)

    async def slides_response(self, request: Request) -> Response:
        wish, hall = self._wanted_screen(request), self._site.hall
        if wish is None:
            return self._site.not_found_response(request)
        slides, layout = self._slides(wish, hall.now()), displays.layout_for_screen(wish.layout, *wish.canvas)
        box = layout.slide or layout.rows
        content = json.encode(
            {
                "key": _slides_digest(slides),
                "box": box,
                "canvas": layout.canvas,
                "list": [
                    {
                        "seconds": displays.reading_time_s(one.read, hall.setup),
                        "svg": screen_drawing.slide_drawing(one, box),
                    }
                    if isinstance(one, SlideText)
                    else {
                        "seconds": PICTURE_S,
                        "film": one.is_film,
                        "at": f"{MEDIA}{quote(one.file_name)}?v={one.changed_ns}",
                    }
                    for one in slides
                ],
            }
        )
        return Response(content, media_type="application/json")

    async def media_response(self, request: Request) -> Response:
        """Return a picture or film of the hall's, if it is among its slides."""
        name = request.path_params["name"]
        file = next((one for one in self._files if one.file_name == name), None)
        if file is None or not await run_in_threadpool(Path(file.path).is_file):
            return self._site.not_found_response(request)
        kind = MEDIA_TYPES[Path(name).suffix.lower()]
        return FileResponse(file.path, media_type=kind, headers={"cache-control": "max-age=86400"})

    async def font_response(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FONTS:
            return self._site.not_found_response(request)
        content = await self._site.hall.run(read_program_file, resource_path("fonts", name))
        return Response(content, media_type="font/ttf", headers={"cache-control": "max-age=604800"})

    # -- following --
    def _follow_events(self, events: list[Event]) -> None:
        hall = self._site.hall
        if not events:
            self._rows.rebuild_from_state(hall.state)
        called = self._rows.apply_events_and_list_calls(events, hall.now(), hall.state) if events else []
        wishes = [topic[1] for topic in self._site.hub.topics() if isinstance(topic, tuple) and topic[0] == TOPIC]
        if not wishes:
            return
        if called:
            self._spoken = {row.seq: _spoken_call(hall.setup, row) for row in called}
            asyncio.get_running_loop().call_later(displays.FRESH_FOR.total_seconds() + 0.1, self._send_displays_soon)
            for wish in wishes:
                if (text := self._display_event(wish)) is not None:
                    self._site.hub.tell((TOPIC, wish), text)
        else:
            self._send_displays_soon()

    def _send_displays_soon(self) -> None:
        for topic in self._site.hub.topics():
            if isinstance(topic, tuple) and topic[0] == TOPIC:
                self._site.hub.tell_soon(topic, partial(self._display_event, topic[1]))

    def _display_event(self, wish: WantedDisplay) -> str | None:
        """Return what a display is told; a bug in drawing one display leaves the others alone."""
        try:
            return server_sent_event_text(self.display_json_text(wish))
        except Exception as bug:  # noqa: BLE001 - reported, and the page says that it is not current
            self._site.note_bug(bug)
            return None

    def _schedule_page_refresh(self) -> None:
        if not self._is_pulsing:
            self._is_pulsing = True
            asyncio.get_running_loop().call_later(PULSE_S, self._refresh_watched_pages)

    def _refresh_watched_pages(self) -> None:
        self._is_pulsing = False
        self._start_reading_media_folder()
        if any(isinstance(topic, tuple) and topic[0] == TOPIC for topic in self._site.hub.topics()):
            self._send_displays_soon()
            self._schedule_page_refresh()


def _slides_digest(slides: Sequence[SlideText | MediaFileVersion]) -> str:
    """Return what tells these slides from any others."""
    return hashlib.sha256(repr(slides).encode()).hexdigest()[:16]


def _parse_pixel_count(text: str | None, usual: int) -> int:
    return min(LARGEST_PX, max(SMALLEST_PX, int(text))) if text and text.isascii() and text.isdigit() else usual


def _preload_drawing_and_voice() -> None:
    """Load what drawing and speaking need, so that the first call does not wait for it."""
    screen_drawing.display_text_width("0", 10, False)
    import_module("queuedesk.voice.engines")


def _spoken_call(setup: Setup, row: displays.CallRow) -> list[dict[str, str]]:
    """Return a call as the hall's voice says it, in each of its languages."""
    from queuedesk.voice.engines import spoken_call_phrase

    spec = setup.windows.get(row.window)
    call = announcement.Announcement(
        seq=row.seq,
        ticket=row.label,
        window=(spec.name or spec.code) if spec else row.window,
        zone=spec.zone or None if spec else None,
        recall=row.recall,
        time=row.time,
        zone_en=spec.zone_en or None if spec else None,
        hall=setup.hall.name,
        hall_en=setup.hall.name_en,
    )
    known = [lang for lang in voice_languages(setup) if lang in LANG_TAGS]
    return [{"lang": LANG_TAGS[lang], "text": spoken_call_phrase(call, lang, setup.voice)} for lang in known]


def routes(site: WebPagesSharedContext) -> Sequence[BaseRoute]:
    pages = DisplayPages(site)
    return [
        Route("/fonts/{name}", pages.font_response),
        Route("/display", pages.display_page),
        Route("/display/{zone}", pages.display_page),
        Route("/display/{zone}/now", pages.display_response),
        Route("/display/{zone}/slides", pages.slides_response),
        Route(f"{MEDIA}{{name}}", pages.media_response),
        Route("/display/{zone}/events", pages.event_stream),
        Route("/display/{zone}/shown", pages.record_call_shown, methods=["POST"]),
    ]
