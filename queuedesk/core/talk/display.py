"""What a display shows, without words and for any toolkit: layouts, sizes of rows, parts by zone, calls and notices.

A call is fresh while people look for it; who may still be coming is above who is being served, the newest first. Calls
are as large as the screen and its reading distance need (EN 301 549, 5.1.4: a capital H covers 0.7° at that distance).
Lengths are millimetres or canvas px as the names say."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date, datetime, timedelta
from math import ceil, pi
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace

from queuedesk.core.improvement.project import is_date_within_notice_dates
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import Ticket, TicketId, TicketState
from queuedesk.core.setup.rows import Notice, Setup
from queuedesk.core.talk import remarks
from queuedesk.core.talk.number_block import ROW_EM, STACKED_EM, Measure, WindowLabel, font_size_filling_width
from queuedesk.core.talk.screen import LAYOUTS

AUTO, STANDARD, CALLS, PORTRAIT, ZONES, ORDER = LAYOUTS
WIDE, TALL = (1920, 1080), (1080, 1920)
WIDEST_PX = 4320  # four times as wide as high
LAYOUT_GAP_PX = 24.0


class PlainRect(NamedTuple):
    """A rectangle without a toolkit, as Qt's getRect() gives it."""

    x: float
    y: float
    wide: float
    high: float


R = TypeVar("R")
T = TypeVar("T")
U = TypeVar("U")


class DisplayLayout(Struct, Generic[R], frozen=True, kw_only=True):
    """The places of everything, in px of `canvas`; None for what a layout lacks. `rows_alone` are the calls while no
    strip is shown, where the strip gives its room; `rows_beside` those beside a slide, at most `most_beside`. With
    `order` the list of who is next replaces the calls."""

    name: str
    canvas: tuple[int, int]
    head: R
    rows: R
    strip: R
    body: R
    calls_strip: R
    rows_alone: R | None = None
    earlier: R | None = None
    lines: R | None = None
    slide: R | None = None
    rows_beside: R | None = None
    most_beside: int = 6
    short_lines: R | None = None
    order: R | None = None

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

    def with_toolkit_rects(self, make: Callable[[PlainRect], Any]) -> DisplayLayout[Any]:
        """Return the layout with a toolkit's own rectangles."""
        own = asdict(self)
        return DisplayLayout(**{name: make(at) if isinstance(at, PlainRect) else at for name, at in own.items()})


def layout_for_screen(wish: str, width: float, height: float) -> DisplayLayout[PlainRect]:
    """Return the layout `wish` on a screen of this shape; "auto" and unknown layouts follow the shape alone."""
    is_tall = height > width
    if wish not in (CALLS, ZONES, PORTRAIT, STANDARD, ORDER):
        wish = PORTRAIT if is_tall else STANDARD
    if wish == STANDARD:
        return _standard_layout()
    if wish == PORTRAIT:
        return _portrait_layout()
    return _calls_only_layout(wish, *(TALL if is_tall else (_wide_canvas_width_px(width, height), WIDE[1])))


def _standard_layout() -> DisplayLayout[PlainRect]:
    return DisplayLayout(
        name=STANDARD,
        canvas=WIDE,
        head=PlainRect(48, 0, 1824, 84),
        rows=PlainRect(48, 84, 1270, 774),
        earlier=PlainRect(48, 862, 1270, 80),
        lines=PlainRect(1366, 84, 506, 774),
        strip=PlainRect(48, 944, 1824, 112),
        body=PlainRect(48, 84, 1824, 848),
        slide=PlainRect(950, 84, 922, 848),
        rows_beside=PlainRect(48, 84, 862, 646),
        short_lines=PlainRect(48, 746, 862, 186),
        calls_strip=PlainRect(48, 820, 1824, 236),
    )


def _portrait_layout() -> DisplayLayout[PlainRect]:
    return DisplayLayout(
        name=PORTRAIT,
        canvas=TALL,
        head=PlainRect(48, 0, 984, 120),
        rows=PlainRect(48, 120, 984, 1268),
        earlier=PlainRect(48, 1392, 984, 60),
        lines=PlainRect(48, 1458, 984, 290),
        strip=PlainRect(48, 1772, 984, 112),
        body=PlainRect(48, 120, 984, 1628),
        slide=PlainRect(48, 800, 984, 760),
        rows_beside=PlainRect(48, 120, 984, 660),
        most_beside=3,
        short_lines=PlainRect(48, 1576, 984, 180),
        calls_strip=PlainRect(48, 1560, 984, 324),
    )


def _wide_canvas_width_px(width: float, height: float) -> int:
    """Return the width of a canvas that fills a wall of screens too, which is wider than a screen."""
    return max(WIDE[0], min(WIDEST_PX, round(WIDE[1] * width / max(1.0, height))))


def _calls_only_layout(name: str, width: int, height: int) -> DisplayLayout[PlainRect]:
    """Return a layout that gives all between head and strip to calls."""
    is_tall = height > width
    top, wide = 120 if is_tall else 84, width - 96
    strip = PlainRect(48, height - 136, wide, 112)
    return DisplayLayout(
        name=name,
        canvas=(width, height),
        head=PlainRect(48, 0, wide, top),
        rows=PlainRect(48, top, wide, strip.y - 14 - top),
        rows_alone=PlainRect(48, top, wide, height - 24 - top) if name == CALLS else None,
        strip=strip,
        body=PlainRect(48, top, wide, strip.y - 12 - top),
        calls_strip=PlainRect(48, height - (360 if is_tall else 260), wide, 336 if is_tall else 236),
        order=PlainRect(48, top, wide, strip.y - 12 - top) if name == ORDER else None,
    )


class ZoneTitleAndRowRects(Struct, frozen=True):
    title: PlainRect
    rows: PlainRect
    lines: PlainRect


TITLE_PX, LINES_PX, LEAST_ROWS_PX = 84.0, 120.0, 300.0


def zone_grid(count: int, columns: int, room: PlainRect) -> list[ZoneTitleAndRowRects]:
    """Return `count` places beside and below each other in `room`; those of the last row share its whole width."""
    rows = ceil(count / columns)
    high = (room.high - (rows - 1) * LAYOUT_GAP_PX) / rows
    places = []
    for row in range(rows):
        here = min(columns, count - row * columns)
        wide = (room.wide - (here - 1) * LAYOUT_GAP_PX * 1.5) / here
        top = room.y + row * (high + LAYOUT_GAP_PX)
        for column in range(here):
            left = room.x + column * (wide + LAYOUT_GAP_PX * 1.5)
            below = LINES_PX if high - TITLE_PX - LINES_PX - 16 >= LEAST_ROWS_PX else 0.0
            calls = high - TITLE_PX - (below + 16 if below else 0)
            title, lines = PlainRect(left, top, wide, TITLE_PX), PlainRect(left, top + high - below, wide, below)
            places.append(ZoneTitleAndRowRects(title, PlainRect(left, top + TITLE_PX, wide, calls), lines))
    return places


FRESH_FOR = timedelta(seconds=20)
GONE_AFTER = timedelta(seconds=60)
"""How long after its end a visit stays on a display that has room for it."""
EARLIER = 3

_AT_WINDOW = frozenset({TicketState.CALLED, TicketState.SERVING, TicketState.PARKED, TicketState.FINISHED})
_RANKS = {TicketState.CALLED: 0, TicketState.SERVING: 1}


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
    state: TicketState = TicketState.CALLED
    ended: datetime | None = None

    @property
    def ticket_id(self) -> TicketId:
        return (self.date, self.label)

    def is_fresh(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.seen < FRESH_FOR

    def is_over(self, now: datetime) -> bool:
        return self.ended is not None and now - self.ended >= GONE_AFTER

    def with_ticket_state(self, ticket: Ticket, seen: datetime) -> CallRow:
        ended = (self.ended or seen) if ticket.state is TicketState.FINISHED else None
        return replace(self, state=ticket.state, ended=ended)


class LatestWindowCalls:
    """The latest call of each window. When a row goes, the next moves up: an empty place would look like a fault."""

    def __init__(self, shows: Callable[[str], bool] = lambda window: True) -> None:
        """`shows` says of a window's code whether its calls belong on this display."""
        self._shows = shows
        self._rows: list[CallRow] = []

    def rebuild_from_state(self, state: HallState) -> None:
        served = _tickets_issued_at_window(state)
        found = (_call_row_from_history(ticket, without_first=ticket.id in served) for ticket in state.tickets.values())
        rows = [row for row in found if row is not None and self._shows(row.window)]
        self._rows = _newest_row_per_window(sorted(rows, key=lambda row: row.time, reverse=True))

    def apply_events_and_list_calls(self, events: Iterable[Event], seen: datetime, state: HallState) -> list[CallRow]:
        """Update the rows with `events`, which reached this display at `seen` and led to `state`; return their calls,
        oldest first. A ticket that waits again has no row: it would send its holder to the wrong window."""
        called: list[CallRow] = []
        for event in events:
            if event.kind in ("call", "recall"):
                row = self._replace_and_give_row_of_call(event, seen)
                if row is not None:
                    called.append(row)
            elif event.kind == "day-end":
                self._rows = []
        found = ((row, state.tickets.get(row.ticket_id)) for row in self._rows)
        rows = [
            row.with_ticket_state(ticket, seen)
            for row, ticket in found
            if ticket and _is_called_or_served_at_window(ticket, row.window)
        ]
        self._rows = _newest_row_per_window(rows)
        return called

    def newest_call(self) -> CallRow | None:
        return self._rows[0] if self._rows else None

    def large_and_earlier_rows(
        self, rows: int, now: datetime, windows: Container[str] | None = None
    ) -> tuple[list[CallRow], list[CallRow]]:
        """Return the rows that are shown large and the earlier ones; only those of `windows` for a part with calls of
        its own. Who may be coming has a large row before who is being served, and they before the others."""
        here = [row for row in self._rows if not row.is_over(now) and (windows is None or row.window in windows)]
        here.sort(key=lambda row: _RANKS.get(row.state, len(_RANKS)))
        return here[:rows], here[rows : rows + EARLIER]

    def _replace_and_give_row_of_call(self, event: Event, seen: datetime) -> CallRow | None:
        day = event.date
        if day is None or event.ticket is None or event.window is None:
            return None
        before = self._pop_row_of_ticket((day, event.ticket))
        if not self._shows(event.window):
            return None
        recall = (before.recall if before else 0) + 1 if event.kind == "recall" else 0
        row = CallRow(
            seq=event.seq, date=day, label=event.ticket, window=event.window, recall=recall, time=event.time, seen=seen
        )
        self._rows = [row, *self._rows]
        return row

    def _pop_row_of_ticket(self, id: tuple[clock.date | None, str | None]) -> CallRow | None:
        gone = next((row for row in self._rows if row.ticket_id == id), None)
        self._rows = [row for row in self._rows if row.ticket_id != id]
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
    if leg.window is None or leg.last_called is None or not _is_called_or_served_at_window(ticket, leg.window):
        return None
    recall = max(0, ticket.round_calls - 1) if leg is ticket.current_leg else 0
    return CallRow(
        seq=0,
        date=ticket.date,
        label=ticket.label,
        window=leg.window,
        recall=recall,
        time=leg.last_called,
        seen=leg.last_called,
    ).with_ticket_state(ticket, leg.finished or leg.last_called)


def _newest_row_per_window(rows: Iterable[CallRow]) -> list[CallRow]:
    """Return rows, the newest first, without those whose window has called somebody since: it serves one at a time."""
    newest: dict[str, CallRow] = {}
    for row in rows:
        newest.setdefault(row.window, row)
    return list(newest.values())


def _is_called_or_served_at_window(ticket: Ticket, window: str) -> bool:
    return ticket.state in _AT_WINDOW and ticket.current_leg.window == window


ANGLE_DEG = 0.7
CAP_EM = 0.727
GAP_PX = 16
MOST_ROWS = 6

CANVAS = (1920, 1080)
DISTANCE_M = 10.0
WIDTH_MM, HEIGHT_MM = 1439.0, 809.0  # of a 65-inch screen


class RowCountAndSize(Struct, frozen=True):
    """How many calls fit, and in canvas px row height and number size; `stacked`: the window is below the number."""

    rows: int
    height: float
    font: float
    stacked: bool = False

    @property
    def used_height(self) -> float:
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


def fitting_row_count_and_size(needed: float, widest: float, room: float) -> RowCountAndSize:
    """Return the rows that fit into `room` px of height. `needed` is the font size that the distance requires, `widest`
    the largest one at which a whole row still fits its width. Spare height makes the numbers larger."""
    font = min(needed, widest, room / ROW_EM)
    rows = max(1, min(MOST_ROWS, int((room + GAP_PX + 0.5) // (font * ROW_EM + GAP_PX))))
    height = (room - (rows - 1) * GAP_PX) / rows
    return RowCountAndSize(rows, height, min(height / ROW_EM, widest))


FEW = (1, 2, 3, 4)
"""The numbers of calls that are shown larger where more would have room."""
LEAST_GAIN = 1.5
"""How much larger a number must get for its window to move below it: the window is then as large as beside it."""
ROOMY_EM, ROOMY_STACKED_EM = 1.5, 1.95
"""How high a row of few is at most where it leaves room, in its number's size."""


def enlarged_row_size(
    size: RowCountAndSize,
    calls: int,
    room: float,
    widest: float,
    widest_stacked: float,
    *,
    leaves_room: bool = False,
    left_px: float = 0.0,
) -> RowCountAndSize:
    """Return larger rows for so few calls in `room` px of height, or `size` where these are no fewer. `widest` and
    `widest_stacked` are the largest numbers for the width, with the window beside and below. Rows that `leave room` are
    no higher than their numbers need, and leave `left_px` if no number is then smaller than beside its window."""
    rows = next((few for few in FEW if few >= calls), size.rows)
    if rows >= size.rows:
        return size

    def row_size_in(room: float) -> RowCountAndSize:
        high = (room - (rows - 1) * GAP_PX) / rows
        beside, stacked = min(high / ROW_EM, widest), min(high / STACKED_EM, widest_stacked)
        is_stacked = stacked >= LEAST_GAIN * beside
        font, most = (stacked, ROOMY_STACKED_EM) if is_stacked else (beside, ROOMY_EM)
        return RowCountAndSize(rows, min(high, font * most) if leaves_room else high, font, is_stacked)

    least = min((room - (rows - 1) * GAP_PX) / rows / ROW_EM, widest)
    lower = row_size_in(room - left_px) if leaves_room else size
    return lower if leaves_room and lower.font >= least else row_size_in(room)


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


def best_columns_and_row_sizes(
    parts: Sequence[Sequence[WindowLabel]],
    rows: PlainRect,
    label: str,
    *,
    by_zone: bool,
    needed: float,
    measure: Measure,
) -> tuple[int, list[RowCountAndSize]]:
    """Return the columns of zones that give the largest numbers, each with a second call below, and each part's rows.
    `needed` is the number's size for the distance, `rows` the room for calls of zones without a part."""
    count = len(parts)

    def row_sizes_in_columns(columns: int) -> list[RowCountAndSize]:
        if not by_zone:
            fonts = (font_size_filling_width(rows.wide, each, label, measure) for each in parts)
            return [fitting_row_count_and_size(needed, widest, rows.high) for widest in fonts]
        places = zip(zone_grid(count, columns, rows), parts, strict=True)
        return [zone_row_count_and_size(place.rows, each, label, needed, measure) for place, each in places]

    found = {columns: row_sizes_in_columns(columns) for columns in range(1, count + 1 if by_zone else 2)}
    best = max(found, key=lambda columns: (round(min(size.font for size in found[columns])), columns))
    return best, found[best]


def zone_row_count_and_size(
    room: PlainRect, windows: Sequence[WindowLabel], label: str, needed: float, measure: Measure
) -> RowCountAndSize:
    """Return the rows of a zone: smaller than its width allows if only then a second call has room."""
    widest = min(font_size_filling_width(room.wide, windows, label, measure), (room.high - GAP_PX) / 2 / ROW_EM)
    return fitting_row_count_and_size(needed, widest, room.high)


def services_in_zone(state: HallState, setup: Setup, zone: str) -> frozenset[str]:
    """Return the services of a zone's windows; all of them without a zone."""
    if not zone:
        return frozenset(setup.services)
    return services_of_windows(state, setup, (code for code in setup.windows if is_window_in_zone(setup, code, zone)))


def services_of_windows(state: HallState, setup: Setup, windows: Iterable[str]) -> frozenset[str]:
    return frozenset(s for code in windows for s in setup.services_at_window(code, None, state.window(code).extra))


LEAST_MORE_S = 3.0
"""So much longer than its first time even the shortest text stays."""


def reading_time_s(text: str, setup: Setup) -> float:
    """Return how long a text stays by the hall's rules: usually 5 s and 0.3 s for each character, at least 8 s."""
    return setup.setting_as_int("notice_s") + max(LEAST_MORE_S, setup.setting_as_int("notice_100_s") / 100 * len(text))


def notices_shown_on_date(notices: Sequence[Notice], day: date) -> list[Notice]:
    """Return what is to be shown on `day`; both dates of a notice are included."""
    return [n for n in notices if n.text.strip() and is_date_within_notice_dates(n.start, n.end, day)]


def current_notices_on_screen(
    state: HallState, setup: Setup, now: datetime, *, zone: str = "", names: Iterable[str | None] = ()
) -> list[remarks.PushedNotice]:
    """Return the notices on now, the newest first. `zone` is the screen's, in either language ("" for one that shows
    all); `names` are what the log calls the screen, as a notice for one display is on that one alone."""
    known = {name.casefold() for name in names if name}
    here = [n for n in state.pushed if n.display is None or n.display.casefold() in known]
    return [n for n in reversed(here) if n.is_shown_at(now) and _is_screen_in_zone(setup, n.zone, zone)]


def current_emergency_on_screen(
    state: HallState, setup: Setup, now: datetime, *, zone: str = "", names: Iterable[str | None] = ()
) -> remarks.PushedNotice | None:
    return next((n for n in current_notices_on_screen(state, setup, now, zone=zone, names=names) if n.emergency), None)


def _is_screen_in_zone(setup: Setup, wanted: str | None, zone: str) -> bool:
    """Return whether a zone of the set-up is the screen's, named in either language; one for all windows shows all."""
    if wanted is None or not zone:
        return True
    names = {name for spec in setup.windows.values() if spec.zone == wanted for name in (spec.zone, spec.zone_en)}
    return zone.casefold() in {name.casefold() for name in names}


QUIET_FOR = timedelta(seconds=60)
"""Slides make the calls smaller, so they come when those who were called have long found their way."""


def interleaved_slides(texts: Sequence[T], files: Sequence[U]) -> list[T | U]:
    """Return texts and files in one sequence, both in order and evenly spread."""
    placed = [((n + 0.5) / len(texts), 0, n) for n in range(len(texts))]
    placed += [((n + 0.5) / len(files), 1, n) for n in range(len(files))]
    return [files[n] if is_file else texts[n] for _place, is_file, n in sorted(placed)]
