"""What the display says, and how it is divided: finished texts and places, as its view takes them.

A call is amber while fresh and gone when the ticket is; calls of people who may still be coming are on top, then who is
being served, the newest first. How large calls are goes by the screen and the reading distance (EN 301 549, 5.1.4: a
capital H covers at least 0.7° at the stated distance). Lengths are millimetres or canvas px as the names say.
"""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from math import ceil, pi

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QRectF

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday, overview
from queuedesk.core.queue.dispatch import Wait
from queuedesk.core.queue.offers import channels_to_suggest, ticket_offer_now
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.core.queue.public_order import (
    UpcomingNumber,
    current_call_rule,
    preferences_by_window,
    public_line_orders,
)
from queuedesk.core.queue.ticket import State, Ticket, TicketId
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import parse_clock_minutes
from queuedesk.core.talk.number_block import ROW_EM, STACKED_EM, NumberAndWindow, WindowLabel
from queuedesk.i18n import _, codes_text, day_hall, n_, name_in_language, time_hm, weekday_long
from queuedesk.i18n.calendar_words import calendar_reason_text
from queuedesk.i18n.names import service_letter_or_code, service_name, widest_ticket_label, window_words
from queuedesk.i18n.queue.line_words import (
    is_waiting_count_misleading,
    mark_word,
    marks_legend,
    public_order_sentences,
    total_ahead_text,
    wait_text,
)
from queuedesk.i18n.talk import other_channels_sentence
from queuedesk.stations.display.media import MediaFile
from queuedesk.stations.widgets.number_block import font_size_filling_width

AUTO, STANDARD, CALLS, PORTRAIT, ZONES, ORDER = "auto", "standard", "calls", "portrait", "zones", "order"
LAYOUTS = (AUTO, STANDARD, CALLS, PORTRAIT, ZONES, ORDER)
WIDE, TALL = (1920, 1080), (1080, 1920)
WIDEST_PX = 4320  # four times as wide as high
LAYOUT_GAP_PX = 24.0


class DisplayLayout(Struct, frozen=True, kw_only=True):
    """The places of everything, in px of `canvas`; None for what a layout lacks. `rows_alone` are the calls while no
    strip is shown, where the strip gives its room; `rows_beside` those beside a slide, at most `most_beside`. With
    `order` the list of who is next replaces the calls."""

    name: str
    canvas: tuple[int, int]
    head: QRectF
    rows: QRectF
    strip: QRectF
    body: QRectF
    calls_strip: QRectF
    rows_alone: QRectF | None = None
    earlier: QRectF | None = None
    lines: QRectF | None = None
    slide: QRectF | None = None
    rows_beside: QRectF | None = None
    most_beside: int = 6
    short_lines: QRectF | None = None
    order: QRectF | None = None

    @property
    def is_tall(self) -> bool:
        return self.canvas == TALL

    @property
    def is_divided_by_zone(self) -> bool:
        return self.name == ZONES

    @property
    def has_setup_notices(self) -> bool:
        """Whether the set-up's notices take turns in the strip; pushed ones are shown in every layout."""
        return self.name not in (CALLS, ORDER)


def layout_for_screen(wish: str, width: float, height: float) -> DisplayLayout:
    """Return the layout `wish` on a screen of this shape; "auto" and unknown layouts follow the shape alone."""
    is_tall = height > width
    if wish not in (CALLS, ZONES, PORTRAIT, STANDARD, ORDER):
        wish = PORTRAIT if is_tall else STANDARD
    if wish == STANDARD:
        return _standard_layout()
    if wish == PORTRAIT:
        return _portrait_layout()
    return _calls_only_layout(wish, *(TALL if is_tall else (_wide_canvas_width_px(width, height), WIDE[1])))


def _standard_layout() -> DisplayLayout:
    return DisplayLayout(
        name=STANDARD,
        canvas=WIDE,
        head=QRectF(48, 0, 1824, 84),
        rows=QRectF(48, 84, 1270, 774),
        earlier=QRectF(48, 862, 1270, 80),
        lines=QRectF(1366, 84, 506, 774),
        strip=QRectF(48, 944, 1824, 112),
        body=QRectF(48, 84, 1824, 848),
        slide=QRectF(950, 84, 922, 848),
        rows_beside=QRectF(48, 84, 862, 646),
        short_lines=QRectF(48, 746, 862, 186),
        calls_strip=QRectF(48, 820, 1824, 236),
    )


def _portrait_layout() -> DisplayLayout:
    return DisplayLayout(
        name=PORTRAIT,
        canvas=TALL,
        head=QRectF(48, 0, 984, 120),
        rows=QRectF(48, 120, 984, 1268),
        earlier=QRectF(48, 1392, 984, 60),
        lines=QRectF(48, 1458, 984, 290),
        strip=QRectF(48, 1772, 984, 112),
        body=QRectF(48, 120, 984, 1628),
        slide=QRectF(48, 800, 984, 760),
        rows_beside=QRectF(48, 120, 984, 660),
        most_beside=3,
        short_lines=QRectF(48, 1576, 984, 180),
        calls_strip=QRectF(48, 1560, 984, 324),
    )


def _wide_canvas_width_px(width: float, height: float) -> int:
    """Return the width of a canvas that fills a wall of screens too, which is wider than a screen."""
    return max(WIDE[0], min(WIDEST_PX, round(WIDE[1] * width / max(1.0, height))))


def _calls_only_layout(name: str, width: int, height: int) -> DisplayLayout:
    """Return a layout that gives all between head and strip to calls."""
    is_tall = height > width
    top, wide = 120 if is_tall else 84, width - 96
    strip = QRectF(48, height - 136, wide, 112)
    return DisplayLayout(
        name=name,
        canvas=(width, height),
        head=QRectF(48, 0, wide, top),
        rows=QRectF(48, top, wide, strip.top() - 14 - top),
        rows_alone=QRectF(48, top, wide, height - 24 - top) if name == CALLS else None,
        strip=strip,
        body=QRectF(48, top, wide, strip.top() - 12 - top),
        calls_strip=QRectF(48, height - (360 if is_tall else 260), wide, 336 if is_tall else 236),
        order=QRectF(48, top, wide, strip.top() - 12 - top) if name == ORDER else None,
    )


class ZoneRects(Struct, frozen=True):
    title: QRectF
    rows: QRectF
    lines: QRectF


TITLE_PX, LINES_PX, LEAST_ROWS_PX = 84.0, 120.0, 300.0


def zone_grid(count: int, columns: int, room: QRectF) -> list[ZoneRects]:
    """Return `count` places beside and below each other in `room`; those of the last row share its whole width."""
    rows = ceil(count / columns)
    high = (room.height() - (rows - 1) * LAYOUT_GAP_PX) / rows
    places = []
    for row in range(rows):
        here = min(columns, count - row * columns)
        wide = (room.width() - (here - 1) * LAYOUT_GAP_PX * 1.5) / here
        top = room.top() + row * (high + LAYOUT_GAP_PX)
        for column in range(here):
            left = room.left() + column * (wide + LAYOUT_GAP_PX * 1.5)
            below = LINES_PX if high - TITLE_PX - LINES_PX - 16 >= LEAST_ROWS_PX else 0.0
            calls = high - TITLE_PX - (below + 16 if below else 0)
            places.append(
                ZoneRects(
                    QRectF(left, top, wide, TITLE_PX),
                    QRectF(left, top + TITLE_PX, wide, calls),
                    QRectF(left, top + high - below, wide, below),
                )
            )
    return places


FRESH_FOR = timedelta(seconds=20)
GONE_AFTER = timedelta(seconds=60)
"""How long after its end a visit stays on a display that has room for it."""
EARLIER = 3

_AT_WINDOW = frozenset({State.CALLED, State.SERVING, State.PARKED, State.FINISHED})
_RANKS = {State.CALLED: 0, State.SERVING: 1}


class CallRow(Struct, frozen=True, kw_only=True):
    """A ticket called to a window. `seq` is its latest call's place in the log, `recall` 0 for the call itself. `seen`
    is when this display first had that call, on the station's clock: from then on it is fresh. `state` is its ticket's,
    `ended` when this display first knew that the visit was over."""

    seq: int
    date: clock.date
    label: str
    window: str
    recall: int
    time: datetime
    seen: datetime
    state: State = State.CALLED
    ended: datetime | None = None

    @property
    def id(self) -> TicketId:
        return (self.date, self.label)

    def is_fresh(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.seen < FRESH_FOR

    def is_over(self, now: datetime) -> bool:
        return self.ended is not None and now - self.ended >= GONE_AFTER

    def stands(self, ticket: Ticket, seen: datetime) -> CallRow:
        ended = (self.ended or seen) if ticket.state is State.FINISHED else None
        return replace(self, state=ticket.state, ended=ended)


class LatestWindowCalls:
    """The latest call of each window. When a row goes, the next moves up: an empty place would look like a fault."""

    def __init__(self, shows: Callable[[str], bool] = lambda window: True) -> None:
        """`shows` says of a window's code whether its calls belong on this display."""
        self._shows = shows
        self._rows: list[CallRow] = []

    def take(self, state: HallState) -> None:
        served = _tickets_issued_at_window(state)
        found = (_call_row_from_history(ticket, without_first=ticket.id in served) for ticket in state.tickets.values())
        rows = [row for row in found if row is not None and self._shows(row.window)]
        self._rows = _newest_row_per_window(sorted(rows, key=lambda row: row.time, reverse=True))

    def follow(self, events: Iterable[Event], seen: datetime, state: HallState) -> list[CallRow]:
        """Update the rows with `events`, which reached this display at `seen` and led to `state`; return their calls,
        oldest first. A ticket that waits again has no row: it would send its holder to the wrong window."""
        called: list[CallRow] = []
        for event in events:
            if event.kind in ("call", "recall"):
                row = self._replace_row_for_call(event, seen)
                if row is not None:
                    called.append(row)
            elif event.kind == "day-end":
                self._rows = []
        found = ((row, state.tickets.get(row.id)) for row in self._rows)
        rows = [
            row.stands(ticket, seen) for row, ticket in found if ticket and _is_called_or_served_at(ticket, row.window)
        ]
        self._rows = _newest_row_per_window(rows)
        return called

    def newest(self) -> CallRow | None:
        return self._rows[0] if self._rows else None

    def split(
        self, rows: int, now: datetime, windows: Container[str] | None = None
    ) -> tuple[list[CallRow], list[CallRow]]:
        """Return the rows that are shown large and the earlier ones; only those of `windows` for a part with calls of
        its own. Who may be coming has a large row before who is being served, and they before the others."""
        here = [row for row in self._rows if not row.is_over(now) and (windows is None or row.window in windows)]
        here.sort(key=lambda row: _RANKS.get(row.state, len(_RANKS)))
        return here[:rows], here[rows : rows + EARLIER]

    def _replace_row_for_call(self, event: Event, seen: datetime) -> CallRow | None:
        day = event.date
        if day is None or event.ticket is None or event.window is None:
            return None
        before = self._remove_set_up_row((day, event.ticket))
        if not self._shows(event.window):
            return None
        recall = (before.recall if before else 0) + 1 if event.kind == "recall" else 0
        row = CallRow(
            seq=event.seq, date=day, label=event.ticket, window=event.window, recall=recall, time=event.time, seen=seen
        )
        self._rows = [row, *self._rows]
        return row

    def _remove_set_up_row(self, id: tuple[clock.date | None, str | None]) -> CallRow | None:
        gone = next((row for row in self._rows if row.id == id), None)
        self._rows = [row for row in self._rows if row.id != id]
        return gone


def _tickets_issued_at_window(state: HallState) -> set[TicketId]:
    """Return the tickets that were given out at a window, where nobody had to be called."""
    made = {ticket.seq: ticket.id for ticket in state.tickets.values()}
    return {made[call.seq] for call in state.calls if call.seq in made}


def _call_row_from_history(ticket: Ticket, *, without_first: bool) -> CallRow | None:
    """Return the row that `ticket` would have had the display been there from the morning on."""
    if ticket.is_paper and not ticket.is_open:
        return None  # Nobody was called on a display.
    legs = ticket.legs[1:] if without_first else ticket.legs
    called = [leg for leg in legs if leg.last_called is not None]
    if not called:
        return None
    leg = called[-1]
    if leg.window is None or leg.last_called is None or not _is_called_or_served_at(ticket, leg.window):
        return None
    recall = max(0, ticket.round_calls - 1) if leg is ticket.leg else 0
    return CallRow(
        seq=0,
        date=ticket.date,
        label=ticket.label,
        window=leg.window,
        recall=recall,
        time=leg.last_called,
        seen=leg.last_called,
    ).stands(ticket, leg.finished or leg.last_called)


def _newest_row_per_window(rows: Iterable[CallRow]) -> list[CallRow]:
    """Return rows, the newest first, without those whose window has called somebody since: it serves one at a time."""
    newest: dict[str, CallRow] = {}
    for row in rows:
        newest.setdefault(row.window, row)
    return list(newest.values())


def _is_called_or_served_at(ticket: Ticket, window: str) -> bool:
    return ticket.state in _AT_WINDOW and ticket.leg.window == window


_OPEN_STATES = frozenset({State.WAITING, State.CALLED, State.SERVING})


class RowText(Struct, frozen=True):
    """One call, large. `key` identifies it; `seq` is its call's place in the log, 0 for what was there at the start.
    `tag` and `icon` say in a word and a sign what amber says in colour: only a fresh call has them. `coming` is who may
    still be on the way: not who is being served or was."""

    key: tuple[date, str]
    label: str
    window: WindowLabel
    fresh: bool
    seq: int
    coming: bool
    tag: str = ""
    icon: str = ""

    @property
    def block(self) -> NumberAndWindow:
        return NumberAndWindow(self.label, self.window, self.tag, self.icon)


class LineText(Struct, frozen=True):
    """Who waits for one service. `ahead` says below the wait how many are before a new ticket, where others wait for
    its windows too; `is_told`: `wait` is one, and not why there is none."""

    letter: str
    name: str
    wait: str
    count: str
    ahead: str = ""
    is_told: bool = False


class ClosedHallText(Struct, frozen=True):
    title: str
    opens: str
    phone_words: str = ""
    phone: str = ""
    why: str = ""


class PaperText(Struct, frozen=True):
    name: str
    note: str


class SlideText(Struct, frozen=True):
    """A slide: what to bring for an item, the steps of a service (both as `papers`), or a notice (`text`)."""

    service: str
    title: str
    papers: tuple[PaperText, ...] = ()
    foot: str = ""
    text: str = ""

    @property
    def read(self) -> str:
        papers = "".join(paper.name + paper.note for paper in self.papers)
        return self.service + self.title + papers + self.foot + self.text


def call_row_text(
    setup: Setup, row: CallRow, now: datetime, *, coming: bool, icon: str, with_zone: bool = True
) -> RowText:
    """Return a call in words, without the zone's name if its part of the screen already has it."""
    window = window_words(setup, row.window, with_way=with_zone)
    if not row.is_fresh(now):
        return RowText(row.id, row.label, window, False, row.seq, coming)
    tag = _("Called again", context="display") if row.recall else _("Now calling", context="display")
    return RowText(row.id, row.label, window, True, row.seq, coming, tag, icon)


def earlier_call_block(setup: Setup, row: CallRow) -> NumberAndWindow:
    return NumberAndWindow(row.label, window_words(setup, row.window, with_way=False))


def waiting_line_texts_and_total(
    state: HallState, now: datetime, services: frozenset[str]
) -> tuple[list[LineText], int]:
    setup = overview.set_up(state)
    lines = [line for line in overview.service_lines(state, now) if line.service in services]
    lines = [line for line in lines if line.waiting or not setup.services[line.service].message]
    texts = []
    for line in lines:
        service = setup.services[line.service]
        words = _line_wait_or_closure_text(state, line, now)
        name, ahead = name_in_language(service.name, service.name_en), ""
        is_told = isinstance(line.wait, Wait) and words == wait_text(line.wait, ahead=line.before)
        if is_told and is_waiting_count_misleading(line.waiting, line.before, line.wait):
            ahead = total_ahead_text(line.before)
        texts.append(LineText(service.prefix, name, words, str(line.waiting), ahead, is_told))
    return texts, sum(line.waiting for line in lines)


def _line_wait_or_closure_text(state: HallState, line: overview.ServiceLine, now: datetime) -> str:
    reason = ticket_offer_now(state, line.service, now).reason
    if reason in ("last_ticket", "quota_full"):
        return _("No more tickets today")
    if reason == "message_only":
        return _("No ticket needed")
    if reason == "service_closed":
        return _("Closed", context="service")
    return wait_text(line.wait, ahead=line.before)


def closed_text(state: HallState, now: datetime) -> ClosedHallText | None:
    """Return the text while every service is closed and nobody waits, is called or is served; else None."""
    setup = overview.set_up(state)
    if not setup.services or any(ticket.state in _OPEN_STATES for ticket in state.tickets.values()):
        return None
    if any(is_within_ticket_hours(setup, service, now) for service in setup.services.values()):
        return None
    today = setup.local(now).date()
    day, at = _next_opening_day_and_time(setup, now)
    title = _("We are closed for today") if _service_hours_on(setup, today) else _("Closed today")
    if day == today:
        began = any(start <= _minute_of_day(setup, now) for start, _end in _service_hours_on(setup, today))
        title = _("We are having a break") if began else _("Not open yet")
    phone = setup.hall.phone.strip()
    call = _("If it is urgent, please call") if phone else ""
    why = calendar_reason_text(setup.calendar.on(today)) if not _service_hours_on(setup, today) else ""
    return ClosedHallText(title, _opens_words(today, day, at), call, phone, why)


def is_within_ticket_hours(setup: Setup, service: Service, now: datetime) -> bool:
    minute = _minute_of_day(setup, now)
    spans = hallday.opening_spans_on(setup, service, setup.local(now).date())
    return not service.message and any(start <= minute < end for start, end in spans)


def _minute_of_day(setup: Setup, now: datetime) -> int:
    local = setup.local(now)
    return local.hour * 60 + local.minute


def _service_hours_on(setup: Setup, day: date) -> list[tuple[int, int]]:
    return [span for service in setup.services.values() for span in hallday.opening_spans_on(setup, service, day)]


def _next_opening_day_and_time(setup: Setup, now: datetime) -> tuple[date | None, str]:
    """Return when the first service opens; no date when none does within two weeks."""
    giving = [service for service in setup.services.values() if not service.message]
    found = [hallday.next_ticket_opening(setup, service, now) for service in giving]
    known = [(day, parse_clock_minutes(opens)) for opens, day in found if opens is not None and day is not None]
    if not known:
        return None, ""
    day, minute = min(known)
    return day, time_hm(time(minute // 60 % 24, minute % 60))


def _opens_words(today: date, day: date | None, at: str) -> str:
    if day is None:
        return ""
    if day == today:
        return _("Open today {time}", time=at)
    if day == today + timedelta(days=1):
        return _("Open tomorrow {time}", time=at)
    if day < today + timedelta(days=7):
        return _("Open {weekday} {time}", weekday=weekday_long(day), time=at)
    return _("Open {date} {time}", date=day_hall(day), time=at)


class HeadText(Struct, frozen=True):
    """The text at the top. `badge` says that nothing can be heard here, "" while all is well."""

    hall: str = ""
    day: str = ""
    clock: str = ""
    badge: str = ""


class StripText(Struct, frozen=True):
    """The strip's text. `trouble` is something the hall has to fix, not a notice; `pushed` a temporary one."""

    text: str = ""
    place: str = ""
    trouble: bool = False
    pushed: bool = False


class WaitingLinesText(Struct, frozen=True):
    """Who waits, with labels. `waits` says whose wait is told, "" where none is."""

    title: str = ""
    short_title: str = ""
    people: str = ""
    total: str = ""
    lines: tuple[LineText, ...] = ()
    waits: str = ""


class CurrentSlide(Struct, frozen=True):
    slide: SlideText | MediaFile
    at: int
    count: int


class ScreenPartText(Struct, frozen=True):
    """A part of the screen with its own calls: the whole hall without a name, or a zone with its name and direction.
    `windows` are all that may be called there, so that rows keep their size whoever is called."""

    windows: tuple[WindowLabel, ...] = ()
    title: str = ""
    arrow: str = ""
    arrow_last: bool = False
    lines: WaitingLinesText = WaitingLinesText()


class ScreenPartCalls(Struct, frozen=True):
    """The calls of a part, who may be coming first, and those of its small line."""

    rows: tuple[RowText, ...] = ()
    earlier: tuple[NumberAndWindow, ...] = ()


class OrderColumn(Struct, frozen=True, kw_only=True):
    """A service of the order list: `called` are at a window, each with whether it is being called, `next` those that
    wait in call order. `more` says with {n} how many have no room; `marks` are icon and word after each of `next`,
    empty but for numbers that may go before an earlier one."""

    letter: str
    name: str
    windows: str
    called: tuple[tuple[str, bool], ...] = ()
    next: tuple[UpcomingNumber, ...] = ()
    empty: str = ""
    more: str = "{n}"
    marks: tuple[tuple[str, str], ...] = ()


class EmergencyText(Struct, frozen=True):
    """An announcement on the whole screen; `second`: its other language; `calls_title` heads the calls below."""

    head: str
    text: str
    second: str = ""
    calls_title: str = ""


def order_columns(state: HallState, now: datetime, services: frozenset[str]) -> list[OrderColumn]:
    """Return the list of `services`: numbers, and nothing about anybody."""
    setup = set_up(state)
    calling = {t.label for t in state.tickets.values() if t.state is State.CALLED}
    columns = []
    for line in public_line_orders(state, now, services):
        windows = _("No window is open")
        if line.windows:
            codes = codes_text(line.windows)
            windows = n_("Window {windows}", "Windows {windows}", len(line.windows), windows=codes)
        columns.append(
            OrderColumn(
                letter=service_letter_or_code(setup, line.service),
                name=service_name(setup, line.service),
                windows=windows,
                called=tuple((label, label in calling) for label in line.called),
                next=line.next,
                empty=_("Nobody is waiting."),
                more=_("{n} more", n="{n}", context="order list"),
                marks=tuple((_mark_icon(one), mark_word(one)) for one in line.next),
            )
        )
    return columns


def _mark_icon(one: UpcomingNumber) -> str:
    return (
        "person"
        if one.priority
        else "clock"
        if one.short
        else "language"
        if one.language
        else "undo"
        if one.moved
        else ""
    )


def peak_alternative_sentences(state: HallState, now: datetime) -> list[str]:
    """Return for each service at a peak how long its wait is and in which other ways it can be done."""
    setup = set_up(state)
    if not any(service.elsewhere for service in setup.services.values()):
        return []
    told = []
    for line in service_lines(state, now):
        if ways := channels_to_suggest(setup, line.service, line.wait):
            wait = wait_text(line.wait, ahead=line.before)
            name = service_name(setup, line.service)
            told.append(_("{service}: {wait}. {ways}.", service=name, wait=wait, ways=other_channels_sentence(ways)))
    return told


def order_list_legend(state: HallState, now: datetime, services: frozenset[str]) -> str:
    return marks_legend(one for line in public_line_orders(state, now, services) for one in line.next)


def call_rule_sentences(state: HallState, now: datetime) -> list[str]:
    """Return the rule of the hall, and whom windows take first now, a sentence each."""
    has_priority = any(ticket.credit_s for ticket in state.waiting())
    return public_order_sentences(
        current_call_rule(state), preferences_by_window(state, now), has_priority=has_priority
    )


ANGLE_DEG = 0.7
CAP_EM = 0.727
GAP_PX = 16
MOST_ROWS = 6

CANVAS = (1920, 1080)
DISTANCE_M = 10.0
WIDTH_MM, HEIGHT_MM = 1439.0, 809.0  # of a 65-inch screen


class RowSize(Struct, frozen=True):
    """How many calls fit, and in canvas px row height and number size; `stacked`: the window is below the number."""

    rows: int
    height: float
    font: float
    stacked: bool = False

    @property
    def used(self) -> float:
        return self.rows * self.height + (self.rows - 1) * GAP_PX


def min_capital_height_mm(distance_m: float) -> float:
    return ANGLE_DEG * pi * distance_m * 1000 / 180


def min_readable_font_px(distance_m: float, mm_per_px: float) -> float:
    return min_capital_height_mm(distance_m) / mm_per_px / CAP_EM


def readable_distance_m(font: float, mm_per_px: float) -> float:
    return font * CAP_EM * mm_per_px / 1000 * 180 / pi / ANGLE_DEG


def mm_per_px(
    screen_mm: float | Sequence[float] | None, width_px: float, height_px: float, canvas: tuple[int, int] = CANVAS
) -> float:
    """Return the size of a canvas px on a screen of `width_px` × `height_px` device px. `screen_mm` is the picture's
    mounted width, or width and height; without it 65 inches are assumed."""
    width_px, height_px = max(1.0, width_px), max(1.0, height_px)
    if isinstance(screen_mm, (list, tuple)):
        device_mm = min(float(screen_mm[0]) / width_px, float(screen_mm[1]) / height_px)
    elif isinstance(screen_mm, (int, float)) and screen_mm > 0:
        device_mm = float(screen_mm) / width_px
    else:
        device_mm = (HEIGHT_MM if height_px > width_px else WIDTH_MM) / width_px
    return device_mm * min(width_px / canvas[0], height_px / canvas[1])


def two_row_font_px(room: float) -> float:
    """Return the largest number size with which a second row fits into `room` px of height."""
    return (room - GAP_PX) / 2 / ROW_EM


def fitting_row_size(needed: float, widest: float, room: float) -> RowSize:
    """Return the rows that fit into `room` px of height. `needed` is the font size that the distance requires, `widest`
    the largest one at which a whole row still fits its width. Spare height makes the numbers larger."""
    font = min(needed, widest, room / ROW_EM)
    rows = max(1, min(MOST_ROWS, int((room + GAP_PX + 0.5) // (font * ROW_EM + GAP_PX))))
    height = (room - (rows - 1) * GAP_PX) / rows
    return RowSize(rows, height, min(height / ROW_EM, widest))


FEW = (1, 2, 3, 4)
"""The numbers of calls that are shown larger where more would have room."""
LEAST_GAIN = 1.5
"""How much larger a number must get for its window to move below it: the window is then as large as beside it."""
ROOMY_EM, ROOMY_STACKED_EM = 1.5, 1.95
"""How high a row of few is at most where it leaves room, in its number's size."""


def enlarged_row_size(
    size: RowSize,
    calls: int,
    room: float,
    widest: float,
    widest_stacked: float,
    *,
    leaves_room: bool = False,
    left_px: float = 0.0,
) -> RowSize:
    """Return larger rows for so few calls in `room` px of height, or `size` where these are no fewer. `widest` and
    `widest_stacked` are the largest numbers for the width, with the window beside and below. Rows that `leave room` are
    no higher than their numbers need, and leave `left_px` if no number is then smaller than beside its window."""
    rows = next((few for few in FEW if few >= calls), size.rows)
    if rows >= size.rows:
        return size

    def sized(room: float) -> RowSize:
        high = (room - (rows - 1) * GAP_PX) / rows
        beside, stacked = min(high / ROW_EM, widest), min(high / STACKED_EM, widest_stacked)
        is_stacked = stacked >= LEAST_GAIN * beside
        font, most = (stacked, ROOMY_STACKED_EM) if is_stacked else (beside, ROOMY_EM)
        return RowSize(rows, min(high, font * most) if leaves_room else high, font, is_stacked)

    least = min((room - (rows - 1) * GAP_PX) / rows / ROW_EM, widest)
    lower = sized(room - left_px) if leaves_room else size
    return lower if leaves_room and lower.font >= least else sized(room)


class ScreenPart(Struct, frozen=True):
    """The windows of one part of the screen; `zone` is "" for windows without a zone, or without zone parts."""

    windows: tuple[str, ...]
    zone: str = ""


def is_window_in_zone(setup: Setup, window: str, zone: str) -> bool:
    """Return whether a window belongs to `zone`, named in either language; "" is the whole hall."""
    if not zone:
        return True
    spec = setup.windows.get(window)
    return spec is not None and zone.casefold() in (spec.zone.casefold(), spec.zone_en.casefold())


def screen_parts(setup: Setup, zone: str = "", *, by_zone: bool = False) -> list[ScreenPart]:
    codes = [code for code in setup.windows if is_window_in_zone(setup, code, zone)]
    if not by_zone:
        return [ScreenPart(tuple(codes))]
    zones: dict[str, list[str]] = {}
    for code in codes:
        zones.setdefault(setup.windows[code].zone, []).append(code)
    rest = zones.pop("", [])
    parts = [ScreenPart(tuple(each), name) for name, each in zones.items()]
    return [*parts, ScreenPart(tuple(rest))] if rest or not parts else parts


def windows_of(setup: Setup, part: ScreenPart) -> tuple[WindowLabel, ...]:
    return tuple(window_words(setup, code, with_way=not part.zone) for code in part.windows)


def best_columns_and_row_sizes(
    layout: DisplayLayout, rows: QRectF, parts: Sequence[Sequence[WindowLabel]], label: str, needed: float
) -> tuple[int, list[RowSize]]:
    """Return the columns of zones that give the largest numbers, each with a second call below, and each part's rows.
    `needed` is the number's size for the distance, `rows` the room for calls of zones without a part."""
    count = len(parts)

    def sized(columns: int) -> list[RowSize]:
        if not layout.is_divided_by_zone:
            return [
                fitting_row_size(needed, font_size_filling_width(rows.width(), each, label), rows.height())
                for each in parts
            ]
        places = zone_grid(count, columns, layout.rows)
        return [zone_row_size(place.rows, each, label, needed) for place, each in zip(places, parts, strict=True)]

    found = {columns: sized(columns) for columns in range(1, count + 1 if layout.is_divided_by_zone else 2)}
    best = max(found, key=lambda columns: (round(min(size.font for size in found[columns])), columns))
    return best, found[best]


def zone_row_size(room: QRectF, windows: Sequence[WindowLabel], label: str, needed: float) -> RowSize:
    """Return the rows of a zone: smaller than its width allows if only then a second call has room."""
    widest = min(font_size_filling_width(room.width(), windows, label), two_row_font_px(room.height()))
    return fitting_row_size(needed, widest, room.height())


class ReadingDistanceAndRows(Struct, frozen=True):
    readable_m: float
    rows: int


def display_reach(
    setup: Setup,
    layout: str,
    size_px: tuple[int, int],
    screen_mm: float | Sequence[float] | None,
    distance_m: float,
    *,
    zone: str = "",
) -> ReadingDistanceAndRows:
    """Return a display's reach with this layout, screen and distance; needs the program's fonts. `size_px` is the
    resolution as mounted, `screen_mm` the screen's width, or width and height."""
    plan = layout_for_screen(layout, *size_px)
    mm = mm_per_px(screen_mm or None, *size_px, plan.canvas)
    parts = screen_parts(setup, zone, by_zone=plan.name == ZONES)
    windows = [windows_of(setup, part) for part in parts]
    room = plan.rows_alone or plan.rows
    _columns, found = best_columns_and_row_sizes(
        plan, room, windows, widest_ticket_label(setup), min_readable_font_px(distance_m, mm)
    )
    return ReadingDistanceAndRows(
        readable_distance_m(min(size.font for size in found), mm), min(size.rows for size in found)
    )
