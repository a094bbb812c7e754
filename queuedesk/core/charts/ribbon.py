"""The day ribbon: every person of a day as one thin stroke over the hours, windows as lanes below; and its layout.

Times count in minutes after midnight of the hall's day. Above the base line waiting people are stacked by when they
joined, the oldest at the bottom: the height is how many wait, and those waiting past the target are red."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from math import ceil, inf

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.charts.chart import (
    AXIS,
    HEADING,
    KEY,
    ChartSurfaceMetrics,
    ChartTimeNote,
    Mark,
    Place,
    PolygonMark,
    PolylineMark,
    RectangleMark,
    RectanglesMark,
    SurfaceRect,
    TextMark,
    text_baseline_y,
)

Span = tuple[float, float]
RowSpan = tuple[int, float, float]


class TimesOfOneVisitStep(Struct, frozen=True, kw_only=True):
    """One step of one visit: its times in line, on the way and at a window; None where it had none. `name` is the
    ticket, `is_on`: its last part still goes on."""

    name: str
    waits: Span | None = None
    window: str = ""
    walks: Span | None = None
    served: Span | None = None
    is_on: bool = False

    @property
    def spans(self) -> list[Span]:
        return [span for span in (self.waits, self.walks, self.served) if span is not None]

    @property
    def begin_minute(self) -> float:
        return min(span[0] for span in self.spans)

    @property
    def line_leaving_minute(self) -> float:
        """When it leaves the line; infinity while it still waits."""
        return inf if self.is_on and not self.window else self.waits[1] if self.waits is not None else 0.0

    @property
    def end_minute(self) -> float:
        return max(span[1] for span in self.spans)


class WindowOpeningTimes(Struct, frozen=True, kw_only=True):
    """A window: its opening times and pauses."""

    window: str
    open: Sequence[Span] = ()
    pauses: Sequence[Span] = ()


class WaitingCountForecast(Struct, frozen=True):
    """The expected number of waiting people at `minute`, with the ends that hold four outcomes in five."""

    minute: float
    low: float
    middle: float
    high: float


class DayRibbon(Struct, frozen=True, kw_only=True, dict=True):
    """A day from `start` to `end`; `now` is None for a past day. Strokes are ordered by start. `usual` is how many wait
    at a minute of such a weekday, `ahead` is the forecast from now on; both are empty where unknown. `notes` explain a
    time of the day, also in minutes."""

    start: float
    end: float
    now: float | None = None
    target: float = 15.0
    strokes: Sequence[TimesOfOneVisitStep] = ()
    lanes: Sequence[WindowOpeningTimes] = ()
    usual: Sequence[Place] = ()
    ahead: Sequence[WaitingCountForecast] = ()
    notes: Sequence[ChartTimeNote] = ()

    @cached_property
    def steps_with_wait(self) -> list[TimesOfOneVisitStep]:
        """The strokes with a wait, in the order in which they joined."""
        waited = (stroke for stroke in self.strokes if stroke.waits is not None and stroke.waits[1] > stroke.waits[0])
        return sorted(waited, key=line_join_minute)

    @cached_property
    def _join_minutes_and_leave_minutes(self) -> tuple[list[float], list[float]]:
        return [line_join_minute(wait) for wait in self.steps_with_wait], sorted(
            wait.line_leaving_minute for wait in self.steps_with_wait
        )

    def number_waiting_at(self, minute: float) -> int:
        came, left = self._join_minutes_and_leave_minutes
        return bisect_right(came, minute) - bisect_right(left, minute)

    def number_waiting_late_at(self, minute: float) -> int:
        return sum(
            line_join_minute(wait) + self.target <= minute < wait.line_leaving_minute for wait in self.steps_with_wait
        )

    @cached_property
    def peak_time_and_count(self) -> tuple[float, int]:
        came, _left = self._join_minutes_and_leave_minutes
        return max(
            ((at, self.number_waiting_at(at)) for at in came), key=lambda moment: moment[1], default=(self.start, 0)
        )

    def steps_of_ticket(self, name: str) -> list[TimesOfOneVisitStep]:
        return [stroke for stroke in self.strokes if stroke.name == name]


def line_join_minute(stroke: TimesOfOneVisitStep) -> float:
    return stroke.waits[0] if stroke.waits is not None else 0.0


def ribbon_around_ticket(ribbon: DayRibbon, name: str, least: float = 90.0) -> DayRibbon:
    """Return the part of the day round a ticket: `least` minutes, or twice the length of its visit."""
    own = ribbon.steps_of_ticket(name)
    if not own:
        return ribbon
    first, last = min(stroke.begin_minute for stroke in own), max(stroke.end_minute for stroke in own)
    length = max(least, 2 * (last - first)) if last - first > least * 2 / 3 else least
    start = 15 * round(((first + last - length) / 2) / 15)
    end = start + 15 * ceil(length / 15)
    now = ribbon.now if ribbon.now is not None and ribbon.now <= end else None
    return replace(ribbon, start=start, end=end, now=now)


class LegendSymbol(Struct, frozen=True):
    """A legend's sign (waiting, late, walking, serving, pause, ahead, usual) with its word, long and short."""

    kind: str
    word: str
    short: str


class RibbonWords(Struct, frozen=True, kw_only=True):
    """The words of the picture. `many` makes the title where one stroke is that many people; `empty` is for a day
    without anybody. Without room the last of `signs` are left out."""

    title: str = ""
    short: str = ""
    many: Callable[[int], str] | None = None
    axis: str = ""
    now: str = ""
    empty: str = ""
    signs: Sequence[LegendSymbol] = ()


HEAD, ABOVE, BETWEEN, FOOT = 30.0, 17.0, 12.0, 24.0
LEAST_PEOPLE = 15
PITCH, LEAST_PITCH, MOST_PITCH = 6.0, 3.0, 9.0
LANE, LEAST_LANE, MOST_LANE = 18.0, 7.0, 26.0
BAR_SHARE, WAY_SHARE = 0.61, 0.17
STROKE_SHARE = 0.67
HATCH = 6.0
HIT = 4.0
ROUND = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 100_000)
TICKS_APART, MOST_EACH = 20.0, 20
EVERY = (5, 15, 30, 60, 120, 180, 240)
LABELS_APART, SIGN, EMPTY = 26.0, 18.0, 16.0


class RibbonLayout(Struct):
    """The places of a day, with its marks in drawing order."""

    ribbon: DayRibbon
    surface: ChartSurfaceMetrics
    band: SurfaceRect
    lanes: SurfaceRect
    pitch: float
    people: int
    top: float
    marks: list[Mark] = field(default_factory=list)

    def x_of_minute(self, minute: float) -> float:
        """Return the place of a minute, at the edge if it is outside the picture."""
        ribbon = self.ribbon
        share = (min(max(minute, ribbon.start), ribbon.end) - ribbon.start) / (ribbon.end - ribbon.start)
        return self.band.left + share * self.band.width

    def minute_at_x(self, x: float) -> float:
        ribbon = self.ribbon
        return ribbon.start + (x - self.band.left) / self.band.width * (ribbon.end - ribbon.start)

    def y_of_count(self, people: float) -> float:
        return self.band.bottom - min(people, self.top) * self.pitch / self.people

    @property
    def lane_height(self) -> float:
        return self.lanes.height / max(1, len(self.ribbon.lanes))

    def window_track(self, window: str) -> SurfaceRect | None:
        """Return the track of a window; None if the set-up no longer has it."""
        for n, lane in enumerate(self.ribbon.lanes):
            if lane.window == window:
                high = self.surface.snap_to_pixel(self.lane_height * BAR_SHARE)
                top = self.surface.snap_to_pixel(self.lanes.top + self.lane_height * (n + 0.5) - high / 2)
                return SurfaceRect(self.lanes.left, top, self.lanes.width, high)
        return None

    # -- one ticket --------------------------------------------------------------------------------------------------

    def line_through_stack(self, stroke: TimesOfOneVisitStep) -> list[Place]:
        """Return a person's line through the stack: a step down at each call of somebody below."""
        if stroke.waits is None:
            return []
        first, last = stroke.waits
        ahead = [
            wait.waits[1]
            for wait in self.ribbon.steps_with_wait[
                : bisect_left(self.ribbon.steps_with_wait, first, key=line_join_minute)
            ]
            if wait.waits is not None and wait.waits[1] > first
        ]
        rank = len(ahead)
        steps = [(first, rank)]
        for moment in sorted(ahead):
            if moment >= last:
                break
            steps.append((moment, rank))
            rank -= 1
            steps.append((moment, rank))
        steps.append((last, rank))
        ribbon = self.ribbon
        inside = [(m, r) for m, r in steps if ribbon.start <= m <= ribbon.end]
        return [(self.x_of_minute(minute), self.y_of_count(rank + 0.5)) for minute, rank in inside]

    def serving_bar(self, stroke: TimesOfOneVisitStep) -> SurfaceRect | None:
        """Return the bar of a step at its window, including the way to it."""
        track = self.window_track(stroke.window)
        spans = [span for span in (stroke.walks, stroke.served) if span is not None]
        if track is None or not spans:
            return None
        left, right = self.x_of_minute(spans[0][0]), self.x_of_minute(spans[-1][1])
        return SurfaceRect(left, track.top, max(self.surface.px(2), right - left), track.height)

    def bounds_of_ticket(self, name: str) -> SurfaceRect:
        places: list[Place] = []
        for stroke in self.ribbon.steps_of_ticket(name):
            places += self.line_through_stack(stroke)
            bar = self.serving_bar(stroke)
            if bar is not None:
                places += [(bar.left, bar.top), (bar.right, bar.bottom)]
        if not places:
            return SurfaceRect(self.band.left, self.band.bottom, 0, 0)
        left, top = min(x for x, _y in places), min(y for _x, y in places)
        right, bottom = max(x for x, _y in places), max(y for _x, y in places)
        return SurfaceRect(left, top, right - left, bottom - top)

    def chosen_ticket_marks(self, name: str) -> list[Mark]:
        """Return the marks of a chosen ticket: its line through the stack down to its bar, framed."""
        px, marks = self.surface.px, list[Mark]()
        for stroke in self.ribbon.steps_of_ticket(name):
            line, bar = self.line_through_stack(stroke), self.serving_bar(stroke)
            if bar is not None and line:
                line.append((line[-1][0], bar.top))
            if line:
                marks += [PolylineMark(line, "surface", px(5)), PolylineMark(line, "ink", px(2))]
            if bar is not None:
                out = px(2)
                marks += self.serving_bar_marks([stroke], strong=True)
                frame = SurfaceRect(bar.left - out, bar.top - out, bar.width + 2 * out, bar.height + 2 * out)
                marks.append(RectangleMark(frame.left, frame.top, frame.width, frame.height, "", "ink", 2, 3))
        return marks

    def ticket_at(self, x: float, y: float) -> str | None:
        """Return the nearest ticket at a place, at most HIT away."""
        reach = self.surface.px(HIT)
        if self.band.left - reach > x or x > self.band.right + reach:
            return None
        if y < self.band.bottom + reach:
            return self._ticket_at_stack_point(x, y, reach)
        near = []
        for stroke in self.ribbon.strokes:
            bar = self.serving_bar(stroke)
            if bar is not None and bar.top - reach <= y <= bar.bottom + reach:
                away = max(bar.left - x, x - bar.right, 0.0)
                if away <= reach:
                    near.append((away, stroke.name))
        return min(near)[1] if near else None

    def _ticket_at_stack_point(self, x: float, y: float, reach: float) -> str | None:
        minute, rank = self.minute_at_x(x), int((self.band.bottom - y) / self.pitch * self.people)
        aside = self.minute_at_x(x + reach) - minute
        for offset in (0.0, -aside, aside):
            at = minute + offset
            line = [wait for wait in self.ribbon.steps_with_wait if wait.waits and wait.waits[0] <= at < wait.waits[1]]
            if line and rank <= len(line) + reach * self.people / self.pitch:
                return line[min(max(rank, 0), len(line) - 1)].name
        return None

    # -- marks -------------------------------------------------------------------------------------------------------

    def serving_bar_marks(self, strokes: Sequence[TimesOfOneVisitStep], *, strong: bool = False) -> Iterator[Mark]:
        """Yield people at windows: amber while they walk, green while they are served, stronger if that goes on."""
        start, end = self.ribbon.start, self.ribbon.end
        tracks = {lane.window: self.window_track(lane.window) for lane in self.ribbon.lanes}
        parts: dict[str, list[tuple[float, float, float, float]]] = {"chart": [], "primary": [], "amber": []}
        gap, thin, snap = self.surface.px(1), self.surface.px(1.5), self.surface.snap_to_pixel
        for stroke in strokes:
            track = tracks.get(stroke.window)
            if track is None:
                continue
            if stroke.served is not None and stroke.served[0] < end and stroke.served[1] > start:
                left, right = snap(self.x_of_minute(stroke.served[0])), snap(self.x_of_minute(stroke.served[1]))
                colour = "primary" if stroke.is_on or strong else "chart"
                parts[colour].append((left, track.top, max(thin, right - left - gap), track.height))
            if stroke.walks is not None and stroke.walks[0] < end and stroke.walks[1] > start:
                left, right = snap(self.x_of_minute(stroke.walks[0])), snap(self.x_of_minute(stroke.walks[1]))
                high = max(self.surface.px(2), snap(self.lane_height * WAY_SHARE))
                top = snap(track.top + (track.height - high) / 2)
                parts["amber"].append((left, top, max(thin, right - left), high))
        yield from (RectanglesMark(boxes, colour) for colour, boxes in parts.items() if boxes)


def ribbon_height(lanes: int, surface: ChartSurfaceMetrics, *, has_head: bool = True, pitch: float = PITCH) -> float:
    """Return the height at which everything has its drawn size."""
    head = HEAD if has_head else 0
    return surface.px(head + ABOVE + LEAST_PEOPLE * pitch + max(1, lanes) * LANE + FOOT) + surface.gap(BETWEEN)


def largest_ribbon_height(lanes: int, surface: ChartSurfaceMetrics) -> float:
    """Return the height beyond which nothing grows."""
    return surface.px(HEAD + ABOVE + LEAST_PEOPLE * MOST_PITCH + max(1, lanes) * MOST_LANE + FOOT) + surface.gap(
        BETWEEN
    )


def least_ribbon_height(lanes: int, surface: ChartSurfaceMetrics, *, has_head: bool = True) -> float:
    """Return the smallest height at which everything is still legible."""
    head = HEAD if has_head else 0
    thin = LEAST_PEOPLE * LEAST_PITCH + BETWEEN + max(1, lanes) * LEAST_LANE
    return surface.px(head + ABOVE + FOOT) + surface.gap(thin)


def lay_out_ribbon(
    ribbon: DayRibbon, words: RibbonWords, surface: ChartSurfaceMetrics, rect: SurfaceRect, *, is_marked: bool = False
) -> RibbonLayout:
    """Return the day's marks; with `is_marked` a tick marks late people and an edge the forecast, instead of tints."""
    px = surface.px
    has_head = bool(words.title or words.signs)
    above = px((HEAD if has_head else 0) + ABOVE)
    people = max(LEAST_PEOPLE, ribbon.peak_time_and_count[1], *(ceil(n) for _at, n in ribbon.usual), 0)
    people = max([people, *(ceil(moment.high) for moment in ribbon.ahead)])
    room = rect.height - above - surface.gap(BETWEEN) - px(FOOT)
    lane, pitch, each = _lane_and_stroke_sizes(room, people, max(1, len(ribbon.lanes)), surface)
    names = max(
        [surface.text_width(lane.window, AXIS, bold=True) for lane in ribbon.lanes] + [surface.text_width("000", AXIS)]
    )
    left = rect.left + names + px(10)
    band_high = pitch * people / each
    top = rect.top + above
    band = SurfaceRect(left, top, rect.right - left - px(4), surface.snap_to_pixel(band_high))
    lanes = SurfaceRect(
        left, surface.snap_to_pixel(band.bottom + surface.gap(BETWEEN)), band.width, lane * max(1, len(ribbon.lanes))
    )
    layout = RibbonLayout(ribbon, surface, band, lanes, pitch, each, people)
    if has_head:
        layout.marks += _heading_marks(words, surface, rect, each)
    layout.marks += _note_marks(layout)
    layout.marks += _grid_marks(layout, words)
    layout.marks += _forecast_marks(layout, is_marked=is_marked)
    layout.marks += _usual_line_marks(layout)
    layout.marks += _waiting_stack_marks(layout, is_marked=is_marked)
    layout.marks += _window_lane_marks(layout)
    layout.marks += layout.serving_bar_marks(ribbon.strokes, strong=is_marked)
    layout.marks += _peak_marks(layout)
    layout.marks += _now_line_marks(layout, words)
    if not ribbon.strokes and words.empty:
        # Letters get smaller before the sentence is cut.
        share = band.width / max(1.0, surface.text_width(words.empty, EMPTY))
        size = EMPTY if share >= 1 else max(AXIS, EMPTY * share * 0.98)
        y = text_baseline_y(band.top + band.height / 2, size, surface)
        middle = band.left + band.width / 2
        layout.marks.append(TextMark(middle, y, words.empty, size, at="middle", room=band.width, ground=True))
    return layout


def _lane_and_stroke_sizes(
    room: float, people: int, lanes: int, surface: ChartSurfaceMetrics
) -> tuple[float, float, int]:
    """Return the height of a lane and of a stroke, and the number of people per stroke. With room to spare strokes grow
    first, then lanes; with too little strokes shrink first."""
    px = surface.px
    lane = min(px(LANE), max(surface.gap(LEAST_LANE), (room - people * surface.gap(LEAST_PITCH)) / lanes))
    left = room - lane * lanes
    each = 1
    while left / people * each < surface.gap(LEAST_PITCH) and each < MOST_EACH:
        each += 1
    pitch = min(px(MOST_PITCH), left / people * each)
    # Strokes of whole pixels have equal thickness.
    pitch = max(surface.snap_to_pixel(pitch - 0.5), min(pitch, surface.gap(LEAST_PITCH)))
    spare = room - lane * lanes - pitch * people / each
    lane = min(px(MOST_LANE), lane + max(0.0, spare) / lanes)
    return lane, pitch, each


def _heading_marks(words: RibbonWords, surface: ChartSurfaceMetrics, rect: SurfaceRect, each: int) -> Iterator[Mark]:
    """Yield the title and, at the right, as much of the legend as fits."""
    px, middle = surface.px, rect.top + surface.px(13)
    y = text_baseline_y(middle, HEADING, surface)
    title, legend = _fitting_title_and_legend(words, surface, rect.width, each)
    if title:
        yield TextMark(rect.left, y, title, HEADING, "ink", bold=True, room=rect.width)
    x = rect.right - _legend_width(legend, surface)
    for kind, word in legend:
        yield from _legend_symbol_marks(kind, x, surface.snap_to_pixel(middle), surface)
        x += px(SIGN + 7)
        yield TextMark(x, text_baseline_y(middle, KEY, surface), word, KEY)
        x += surface.text_width(word, KEY) + px(16)


def _fitting_title_and_legend(
    words: RibbonWords, surface: ChartSurfaceMetrics, width: float, each: int
) -> tuple[str, list[tuple[str, str]]]:
    """Return the title and legend that fit: both in full, else a short legend, a short title, fewer signs."""
    title = words.many(each) if each > 1 and words.many is not None else words.title
    whole = [(sign.kind, sign.word) for sign in words.signs]
    brief = [(sign.kind, sign.short) for sign in words.signs]
    tries = [(title, whole), (title, brief), (words.short or title, whole), (words.short or title, brief)]
    if each > 1:
        # The full title says that a stroke is several people, so it stays.
        tries = tries[:2]
    tries += [(tries[-1][0], brief[:n]) for n in range(len(brief) - 1, -1, -1)]

    def head_width(title: str, legend: list[tuple[str, str]]) -> float:
        gap = surface.px(20) if title and legend else 0
        return (surface.text_width(title, HEADING, bold=True) if title else 0) + gap + _legend_width(legend, surface)

    return next((attempt for attempt in tries if head_width(*attempt) <= width), tries[-1])


def _legend_width(signs: Sequence[tuple[str, str]], surface: ChartSurfaceMetrics) -> float:
    words = sum(surface.text_width(word, KEY) for _kind, word in signs)
    return words + surface.px(SIGN + 7) * len(signs) + surface.px(16) * max(0, len(signs) - 1)


def _legend_symbol_marks(kind: str, x: float, middle: float, surface: ChartSurfaceMetrics) -> Iterator[Mark]:
    px, wide = surface.px, surface.px(SIGN)
    if kind in ("waiting", "late"):
        yield RectangleMark(x, middle - px(2), wide, px(4), "edge" if kind == "waiting" else "red")
    elif kind == "walking":
        yield RectangleMark(x + px(5), middle - px(1.5), px(10), px(3), "amber")
    elif kind == "serving":
        yield RectangleMark(x, middle - px(5.5), wide, px(11), "chart")
    elif kind == "pause":
        yield from _hatched_pause_marks(SurfaceRect(x, middle - px(5.5), wide, px(11)), surface)
    elif kind == "ahead":
        yield RectangleMark(x, middle - px(5.5), wide, px(11), "soft", outline="ink2")
        yield PolylineMark([(x, middle), (x + wide, middle)], "primary", px(2))
    elif kind == "usual":
        yield PolylineMark([(x, middle), (x + wide, middle)], "ink2", px(1.25), (3.2, 2.4))


def _hatched_pause_marks(box: SurfaceRect, surface: ChartSurfaceMetrics) -> Iterator[Mark]:
    """Yield a pause: slanting violet lines on a violet ground."""
    yield RectangleMark(box.left, box.top, box.width, box.height, "violetbg")
    step, high = surface.px(HATCH), box.height
    x = box.left - high + step / 2
    while x < box.right:
        low, top = max(x, box.left), min(x + high, box.right)
        if top > low:
            yield PolylineMark(
                [(low, box.bottom - (low - x)), (top, box.bottom - (top - x))], "violet", surface.px(1.25)
            )
        x += step


def _grid_marks(layout: RibbonLayout, words: RibbonWords) -> Iterator[Mark]:
    """Yield the heights of the stack and the hours, with their figures, and the windows' names."""
    ribbon, surface, band, lanes = layout.ribbon, layout.surface, layout.band, layout.lanes
    px = surface.px
    apart = px(TICKS_APART) * layout.people / layout.pitch
    every = next(each for each in ROUND if each >= apart or each >= layout.top)
    ticks = range(0, int(layout.top) + 1, every)
    step = _minutes_between_labels(layout)
    minute = ceil(ribbon.start / step) * step
    while minute <= ribbon.end:
        x = surface.snap_to_pixel(layout.x_of_minute(minute))
        yield PolylineMark([(x, band.top), (x, band.bottom)], "line", 0)
        yield PolylineMark([(x, lanes.top), (x, lanes.bottom)], "line", 0)
        text = f"{int(minute) // 60 % 24}:{int(minute) % 60:02d}"
        half = surface.text_width(text, AXIS) / 2
        place = min(max(x, band.left + half - px(10)), band.right + px(4) - half)
        yield TextMark(place, text_baseline_y(lanes.bottom + px(13), AXIS, surface), text, AXIS, at="middle")
        minute += step
    for tick in ticks:
        y = surface.snap_to_pixel(layout.y_of_count(tick))
        yield PolylineMark([(band.left, y), (band.right, y)], "ink2" if tick == 0 else "line", 0)
        yield TextMark(band.left - px(8), text_baseline_y(y, AXIS, surface), f"{tick:g}", AXIS, at="right")
    if words.axis and not _is_axis_name_covered(layout, words):
        yield TextMark(band.left + px(6), text_baseline_y(band.top - px(9), AXIS, surface), words.axis, AXIS)
    named = max(1, ceil(px(AXIS) * 0.8 / layout.lane_height))
    for n, lane in enumerate(ribbon.lanes):
        if n % named:
            continue
        middle = lanes.top + layout.lane_height * (n + 0.5)
        place = text_baseline_y(middle, AXIS, surface)
        yield TextMark(band.left - px(9), place, lane.window, AXIS, "ink", bold=True, at="right")


def _minutes_between_labels(layout: RibbonLayout) -> int:
    ribbon = layout.ribbon
    room = layout.surface.text_width("00:00", AXIS) + layout.surface.px(LABELS_APART)
    least = room / layout.band.width * (ribbon.end - ribbon.start)
    short = ribbon.end - ribbon.start <= 180
    return next((each for each in EVERY if each >= least and (short or each >= 60)), EVERY[-1])


def _note_marks(layout: RibbonLayout) -> Iterator[Mark]:
    """Tint the time of each note, with its word on top where it has room beside the one before."""
    px, band, free_from = layout.surface.px, layout.band, 0.0
    for note in layout.ribbon.notes:
        if note.end < layout.ribbon.start or note.start > layout.ribbon.end:
            continue
        left = layout.x_of_minute(note.start)
        width = max(px(3), layout.x_of_minute(note.end) - left)
        yield RectangleMark(left, band.top, width, band.height, "amberbg", outline="amber")
        yield RectangleMark(left, band.top, width, px(3), "amber")
        length = layout.surface.text_width(note.word, AXIS, bold=True)
        x = min(max(left + px(4), free_from), band.right - length)
        if x >= free_from:
            yield TextMark(
                x, text_baseline_y(band.top + px(13), AXIS, layout.surface), note.word, AXIS, "amber", bold=True
            )
            free_from = x + length + px(10)


def _usual_line_marks(layout: RibbonLayout) -> Iterator[Mark]:
    ribbon = layout.ribbon
    places = [
        (layout.x_of_minute(at), layout.y_of_count(n)) for at, n in ribbon.usual if ribbon.start <= at <= ribbon.end
    ]
    if len(places) > 1:
        yield PolylineMark(places, "ink2", layout.surface.px(1.25), (3.2, 2.4))


def _waiting_stack_marks(layout: RibbonLayout, *, is_marked: bool) -> Iterator[Mark]:
    """Yield who waits by height, late times in red, with a thin gap where somebody left and those above moved down."""
    ribbon, surface = layout.ribbon, layout.surface
    grey, red = _used_and_late_waiting_stack_spans(layout)
    high = max(1.0, surface.snap_to_pixel(layout.pitch * STROKE_SHARE))
    pad = layout.pitch - high

    def row_rectangles(runs: Sequence[RowSpan]) -> list[tuple[float, float, float, float]]:
        least = surface.px(1)
        places = []
        for row, start, end in runs:
            if end > ribbon.start and start < ribbon.end:
                left, right = (
                    surface.snap_to_pixel(layout.x_of_minute(start)),
                    surface.snap_to_pixel(layout.x_of_minute(end)),
                )
                top = layout.band.bottom - (row + 1) * layout.pitch + pad
                places.append((left, top, max(least, right - left), high))
        return places

    waiting = row_rectangles(grey)
    if waiting:
        yield RectanglesMark(waiting, "edge")
    late = row_rectangles(red)
    if late:
        yield RectanglesMark(late, "red")
        if is_marked:
            wide, tall = surface.px(2), layout.pitch + surface.px(2)
            yield RectanglesMark([(x, y - pad - surface.px(1), wide, tall) for x, y, *_size in late], "red")
    cuts, seam = [], max(1.0, surface.px(1))
    for minute, rank, above in _line_departures(ribbon):
        if ribbon.start <= minute <= ribbon.end and above > rank:
            y = layout.y_of_count(above)
            cuts.append((surface.snap_to_pixel(layout.x_of_minute(minute)), y, seam, layout.y_of_count(rank) - y))
    if cuts:
        yield RectanglesMark(cuts, "surface")


def _used_and_late_waiting_stack_spans(layout: RibbonLayout) -> tuple[list[RowSpan], list[RowSpan]]:
    """Return for each row of the stack the times in which it was used, and those in which it was late."""
    ribbon = layout.ribbon
    waiting, late = [], []
    for wait in ribbon.steps_with_wait:
        if wait.waits is None:
            continue
        first, last = wait.waits
        waiting += [(first, 1), (last, -1)]
        if last > first + ribbon.target:
            late += [(first + ribbon.target, 1), (last, -1)]
    return _row_spans_of_count_changes(waiting, layout.people), _row_spans_of_count_changes(late, layout.people)


def _row_spans_of_count_changes(changes: list[tuple[float, int]], each: int) -> list[RowSpan]:
    """Return (row, from, to) of a changing count; a row is `each` people."""
    begun: list[float] = []
    spans = []
    count = 0
    for at, step in sorted(changes, key=lambda change: (change[0], change[1])):
        count += step
        rows = ceil(count / each)
        while len(begun) < rows:
            begun.append(at)
        while len(begun) > rows:
            first = begun.pop()
            if at > first:
                spans.append((len(begun), first, at))
    return spans


def _line_departures(ribbon: DayRibbon) -> Iterator[tuple[float, int, int]]:
    """Yield for each departure its time, its place in the stack, and the stack's height before."""
    changes = []
    for wait in ribbon.steps_with_wait:
        if wait.waits is not None:
            changes += [(wait.waits[0], 1, wait.waits[0]), (wait.waits[1], 0, wait.waits[0])]
    line: list[float] = []
    for at, came, since in sorted(changes):
        if came:
            line.append(since)
            continue
        rank = bisect_left(line, since)
        if rank < len(line):
            yield at, rank, len(line)
            line.pop(rank)


def _window_lane_marks(layout: RibbonLayout) -> Iterator[Mark]:
    """Yield each window's opening times, until the end if still open, and its pauses."""
    ribbon = layout.ribbon
    tracks = []
    for lane in ribbon.lanes:
        track = layout.window_track(lane.window)
        if track is None:
            continue
        for start, end in lane.open:
            left, right = layout.x_of_minute(start), layout.x_of_minute(end)
            if right > left:
                tracks.append((left, track.top, right - left, track.height))
    if tracks:
        yield RectanglesMark(tracks, "paper", outline="line")
    for lane in ribbon.lanes:
        track = layout.window_track(lane.window)
        for start, end in lane.pauses:
            if track is not None and end > ribbon.start and start < ribbon.end:
                left, right = layout.x_of_minute(start), layout.x_of_minute(end)
                yield from _hatched_pause_marks(
                    SurfaceRect(left, track.top, max(1.0, right - left), track.height), layout.surface
                )


def _peak_marks(layout: RibbonLayout) -> Iterator[Mark]:
    at, n = layout.ribbon.peak_time_and_count
    if n > 1 and layout.ribbon.start <= at <= layout.ribbon.end:
        y = layout.y_of_count(n) - layout.surface.px(4)
        yield TextMark(_peak_text_left(layout), y, str(n), AXIS, "ink", bold=True)


def _peak_text_left(layout: RibbonLayout) -> float:
    """Return where the highest number begins: over its moment, beside the line of now, which would strike it through
    for as long as the line grows."""
    ribbon, surface = layout.ribbon, layout.surface
    at, n = ribbon.peak_time_and_count
    length, gap = surface.text_width(str(n), AXIS, bold=True), surface.px(4)
    left = layout.x_of_minute(at) - length / 2
    if ribbon.now is None or not ribbon.start <= ribbon.now <= ribbon.end:
        return left
    now = layout.x_of_minute(ribbon.now)
    if not left - gap < now < left + length + gap:
        return left
    return now - gap - length if now - gap - length >= layout.band.left else now + gap


def _forecast_marks(layout: RibbonLayout, *, is_marked: bool) -> Iterator[Mark]:
    """Yield the forecast of the next hour: its middle as a line, four outcomes in five as a band."""
    ahead = [moment for moment in layout.ribbon.ahead if moment.minute <= layout.ribbon.end]
    if len(ahead) < 2:
        return
    upper = [(layout.x_of_minute(moment.minute), layout.y_of_count(moment.high)) for moment in ahead]
    lower = [(layout.x_of_minute(moment.minute), layout.y_of_count(moment.low)) for moment in ahead]
    yield PolygonMark([*upper, *reversed(lower)], "soft")
    if is_marked:
        yield from (PolylineMark(edge, "ink2", layout.surface.px(1.25)) for edge in (upper, lower))
    middle = [(layout.x_of_minute(moment.minute), layout.y_of_count(moment.middle)) for moment in ahead]
    yield PolylineMark(middle, "primary", layout.surface.px(2))


def _is_axis_name_covered(layout: RibbonLayout, words: RibbonWords) -> bool:
    """Whether the time of day or the highest number, early in the day, covers the place of the axis's name."""
    ribbon, surface, band = layout.ribbon, layout.surface, layout.band
    end = band.left + surface.px(6 + 6) + surface.text_width(words.axis, AXIS)
    if ribbon.now is not None and ribbon.start <= ribbon.now <= ribbon.end and layout.x_of_minute(ribbon.now) < end:
        return True
    _at, n = ribbon.peak_time_and_count
    is_as_high = layout.y_of_count(n) - surface.px(4 + AXIS) < band.top - surface.px(2)
    return n > 1 and is_as_high and _peak_text_left(layout) < end


def _now_line_marks(layout: RibbonLayout, words: RibbonWords) -> Iterator[Mark]:
    ribbon, surface, band = layout.ribbon, layout.surface, layout.band
    if ribbon.now is None or not ribbon.start <= ribbon.now <= ribbon.end:
        return
    x, px = surface.snap_to_pixel(layout.x_of_minute(ribbon.now)), surface.px
    top = band.top - px(4)
    yield RectangleMark(x, top, max(1.0, px(1.5)), layout.lanes.bottom + px(2) - top, "ink")
    length = surface.text_width(words.now, AXIS, bold=True)
    left = x + px(6) if x + px(6) + length <= band.right + px(4) else x - px(6) - length
    yield TextMark(
        left, text_baseline_y(band.top - px(9), AXIS, surface), words.now, AXIS, "ink", bold=True, ground=True
    )
