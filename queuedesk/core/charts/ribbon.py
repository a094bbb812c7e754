"""The day ribbon: everybody of a day as one thin stroke over the hours, windows as lanes below; and where all lies.

Times count in minutes after midnight of the hall's day. Above the base line people wait, stacked by when they joined,
the oldest at the bottom: the height is how many wait, and who waits past the target is red at the bottom.
"""

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
    Box,
    Boxes,
    Line,
    Mark,
    Note,
    Place,
    Rect,
    Shape,
    Surface,
    Words,
    baseline,
)

Span = tuple[float, float]


class Stroke(Struct, frozen=True, kw_only=True):
    """One step of one visit: its time in a line, on the way and at a window; None where it had none.

    `name` names the ticket to who asks, `is_on` says that its last part still goes on.
    """

    name: str
    waits: Span | None = None
    window: str = ""
    walks: Span | None = None
    served: Span | None = None
    is_on: bool = False

    @property
    def begins(self) -> float:
        return min(span[0] for span in (self.waits, self.walks, self.served) if span is not None)

    @property
    def leaves(self) -> float:
        """Until when it stands in the line: for good while it still waits."""
        return inf if self.is_on and not self.window else self.waits[1] if self.waits is not None else 0.0

    @property
    def ends(self) -> float:
        return max(span[1] for span in (self.waits, self.walks, self.served) if span is not None)


class Lane(Struct, frozen=True, kw_only=True):
    """A window: from when to when it was open, and its pauses."""

    window: str
    open: Sequence[Span] = ()
    pauses: Sequence[Span] = ()


class Ahead(Struct, frozen=True):
    """How many will wait at `minute`, and between what that lies four times in five."""

    minute: float
    low: float
    middle: float
    high: float


class Ribbon(Struct, frozen=True, kw_only=True, dict=True):
    """A day from `start` to `end`; `now` is None for a day that is over. Strokes stand by when they began.

    `usual` is how many wait at a minute of such a weekday, `ahead` what is expected from now on; both are empty where
    nobody honestly knows. `notes` explain a time of the day, in minutes too.
    """

    start: float
    end: float
    now: float | None = None
    target: float = 15.0
    strokes: Sequence[Stroke] = ()
    lanes: Sequence[Lane] = ()
    usual: Sequence[Place] = ()
    ahead: Sequence[Ahead] = ()
    notes: Sequence[Note] = ()

    @cached_property
    def waits(self) -> list[Stroke]:
        """Those who waited, in the order in which they joined."""
        found = (stroke for stroke in self.strokes if stroke.waits is not None and stroke.waits[1] > stroke.waits[0])
        return sorted(found, key=joined)

    @cached_property
    def _moments(self) -> tuple[list[float], list[float]]:
        return [joined(wait) for wait in self.waits], sorted(wait.leaves for wait in self.waits)

    def waiting_at(self, minute: float) -> int:
        """Return how many wait at a minute."""
        came, left = self._moments
        return bisect_right(came, minute) - bisect_right(left, minute)

    def late_at(self, minute: float) -> int:
        """Return how many of them wait past the target."""
        return sum(joined(wait) + self.target <= minute < wait.leaves for wait in self.waits)

    @cached_property
    def peak(self) -> tuple[float, int]:
        """When most waited, and how many."""
        came, _left = self._moments
        return max(((at, self.waiting_at(at)) for at in came), key=lambda one: one[1], default=(self.start, 0))

    def of(self, name: str) -> list[Stroke]:
        """Return the steps of one ticket."""
        return [stroke for stroke in self.strokes if stroke.name == name]


def joined(stroke: Stroke) -> float:
    """Return when somebody joined the line."""
    return stroke.waits[0] if stroke.waits is not None else 0.0


def cut(ribbon: Ribbon, name: str, least: float = 90.0) -> Ribbon:
    """Return the part of the day in which a ticket lies in the middle: `least` minutes, or twice as long as it took."""
    own = ribbon.of(name)
    if not own:
        return ribbon
    first, last = min(stroke.begins for stroke in own), max(one.ends for one in own)
    length = max(least, 2 * (last - first)) if last - first > least * 2 / 3 else least
    start = 15 * round(((first + last - length) / 2) / 15)
    end = start + 15 * ceil(length / 15)
    now = ribbon.now if ribbon.now is not None and ribbon.now <= end else None
    return replace(ribbon, start=start, end=end, now=now)


class Sign(Struct, frozen=True):
    """A word of the legend with what it names (waiting, late, walking, serving, pause, ahead, usual), and a short one
    for where there is little room."""

    kind: str
    word: str
    short: str


class RibbonWords(Struct, frozen=True, kw_only=True):
    """What stands on the picture. `many` is the title where one stroke is that many people; `empty` stands in the stack
    of a day without anybody. Of `signs` the last go where there is no room."""

    title: str = ""
    short: str = ""
    many: Callable[[int], str] | None = None
    axis: str = ""
    now: str = ""
    empty: str = ""
    signs: Sequence[Sign] = ()


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
    """Where the day lies, with its marks in the order in which they are drawn."""

    ribbon: Ribbon
    surface: Surface
    band: Rect
    lanes: Rect
    pitch: float
    people: int
    top: float
    marks: list[Mark] = field(default_factory=list)

    def x(self, minute: float) -> float:
        """Return where a minute lies, one outside the picture at its edge."""
        ribbon = self.ribbon
        share = (min(max(minute, ribbon.start), ribbon.end) - ribbon.start) / (ribbon.end - ribbon.start)
        return self.band.left + share * self.band.width

    def minute(self, x: float) -> float:
        ribbon = self.ribbon
        return ribbon.start + (x - self.band.left) / self.band.width * (ribbon.end - ribbon.start)

    def y(self, people: float) -> float:
        return self.band.bottom - min(people, self.top) * self.pitch / self.people

    @property
    def lane(self) -> float:
        """The height of a lane."""
        return self.lanes.height / max(1, len(self.ribbon.lanes))

    def bar(self, window: str) -> Rect | None:
        """Return the track of a window; None where the set-up has no such window any more."""
        for n, lane in enumerate(self.ribbon.lanes):
            if lane.window == window:
                high = self.surface.snap(self.lane * BAR_SHARE)
                top = self.surface.snap(self.lanes.top + self.lane * (n + 0.5) - high / 2)
                return Rect(self.lanes.left, top, self.lanes.width, high)
        return None

    # -- one ticket ------------------------------------------------------------------------------------------------

    def way(self, stroke: Stroke) -> list[Place]:
        """Return the line of one person through the stack: a step down each time somebody below was called."""
        if stroke.waits is None:
            return []
        first, last = stroke.waits
        ahead = [
            wait.waits[1]
            for wait in self.ribbon.waits[: bisect_left(self.ribbon.waits, first, key=joined)]
            if wait.waits is not None and wait.waits[1] > first
        ]
        rank = len(ahead)
        found = [(first, rank)]
        for moment in sorted(ahead):
            if moment >= last:
                break
            found.append((moment, rank))
            rank -= 1
            found.append((moment, rank))
        found.append((last, rank))
        ribbon = self.ribbon
        inside = [(m, r) for m, r in found if ribbon.start <= m <= ribbon.end]
        return [(self.x(minute), self.y(rank + 0.5)) for minute, rank in inside]

    def served(self, stroke: Stroke) -> Rect | None:
        """Return the bar of a step at its window, the way to it included."""
        track = self.bar(stroke.window)
        spans = [span for span in (stroke.walks, stroke.served) if span is not None]
        if track is None or not spans:
            return None
        left, right = self.x(spans[0][0]), self.x(spans[-1][1])
        return Rect(left, track.top, max(self.surface.px(2), right - left), track.height)

    def around(self, name: str) -> Rect:
        """Return the smallest rectangle round a ticket's strokes."""
        places: list[Place] = []
        for stroke in self.ribbon.of(name):
            places += self.way(stroke)
            bar = self.served(stroke)
            if bar is not None:
                places += [(bar.left, bar.top), (bar.right, bar.bottom)]
        if not places:
            return Rect(self.band.left, self.band.bottom, 0, 0)
        left, top = min(x for x, _y in places), min(y for _x, y in places)
        right, bottom = max(x for x, _y in places), max(y for _x, y in places)
        return Rect(left, top, right - left, bottom - top)

    def chosen(self, name: str) -> list[Mark]:
        """Return the marks of a chosen ticket: its line through the stack down to its bar, framed."""
        px, marks = self.surface.px, list[Mark]()
        for stroke in self.ribbon.of(name):
            line, bar = self.way(stroke), self.served(stroke)
            if bar is not None and line:
                line.append((line[-1][0], bar.top))
            if line:
                marks += [Line(line, "surface", px(5)), Line(line, "ink", px(2))]
            if bar is not None:
                out = px(2)
                marks += self.bars([stroke], strong=True)
                frame = Rect(bar.left - out, bar.top - out, bar.width + 2 * out, bar.height + 2 * out)
                marks.append(Box(frame.left, frame.top, frame.width, frame.height, "", "ink", 2, 3))
        return marks

    def at(self, x: float, y: float) -> str | None:
        """Return the ticket that lies there or at most HIT beside it, the nearest."""
        reach = self.surface.px(HIT)
        if self.band.left - reach > x or x > self.band.right + reach:
            return None
        if y < self.band.bottom + reach:
            return self._in_stack(x, y, reach)
        found = []
        for stroke in self.ribbon.strokes:
            bar = self.served(stroke)
            if bar is not None and bar.top - reach <= y <= bar.bottom + reach:
                away = max(bar.left - x, x - bar.right, 0.0)
                if away <= reach:
                    found.append((away, stroke.name))
        return min(found)[1] if found else None

    def _in_stack(self, x: float, y: float, reach: float) -> str | None:
        minute, rank = self.minute(x), int((self.band.bottom - y) / self.pitch * self.people)
        aside = self.minute(x + reach) - minute
        for near in (0.0, -aside, aside):
            there = [one for one in self.ribbon.waits if one.waits and one.waits[0] <= minute + near < one.waits[1]]
            if there and rank <= len(there) + reach * self.people / self.pitch:
                return there[min(max(rank, 0), len(there) - 1)].name
        return None

    # -- marks -----------------------------------------------------------------------------------------------------

    def bars(self, strokes: Sequence[Stroke], *, strong: bool = False) -> Iterator[Mark]:
        """Draw people at windows: amber while they walk, green while they are served, stronger while that goes on."""
        start, end = self.ribbon.start, self.ribbon.end
        tracks = {lane.window: self.bar(lane.window) for lane in self.ribbon.lanes}
        parts: dict[str, list[tuple[float, float, float, float]]] = {"chart": [], "primary": [], "amber": []}
        gap, thin, snap = self.surface.px(1), self.surface.px(1.5), self.surface.snap
        for stroke in strokes:
            track = tracks.get(stroke.window)
            if track is None:
                continue
            if stroke.served is not None and stroke.served[0] < end and stroke.served[1] > start:
                left, right = snap(self.x(stroke.served[0])), snap(self.x(stroke.served[1]))
                colour = "primary" if stroke.is_on or strong else "chart"
                parts[colour].append((left, track.top, max(thin, right - left - gap), track.height))
            if stroke.walks is not None and stroke.walks[0] < end and stroke.walks[1] > start:
                left, right = snap(self.x(stroke.walks[0])), snap(self.x(stroke.walks[1]))
                high = max(self.surface.px(2), snap(self.lane * WAY_SHARE))
                top = snap(track.top + (track.height - high) / 2)
                parts["amber"].append((left, top, max(thin, right - left), high))
        yield from (Boxes(boxes, colour) for colour, boxes in parts.items() if boxes)


def ribbon_height(lanes: int, surface: Surface, *, has_head: bool = True, pitch: float = PITCH) -> float:
    """Return the height at which everything has its drawn size."""
    head = HEAD if has_head else 0
    return surface.px(head + ABOVE + LEAST_PEOPLE * pitch + max(1, lanes) * LANE + FOOT) + surface.gap(BETWEEN)


def most_height(lanes: int, surface: Surface) -> float:
    """Return the height beyond which nothing grows any more."""
    return surface.px(HEAD + ABOVE + LEAST_PEOPLE * MOST_PITCH + max(1, lanes) * MOST_LANE + FOOT) + surface.gap(
        BETWEEN
    )


def least_height(lanes: int, surface: Surface, *, has_head: bool = True) -> float:
    """Return the smallest height in which everything can still be told apart."""
    head = HEAD if has_head else 0
    thin = LEAST_PEOPLE * LEAST_PITCH + BETWEEN + max(1, lanes) * LEAST_LANE
    return surface.px(head + ABOVE + FOOT) + surface.gap(thin)


def lay_out_ribbon(
    ribbon: Ribbon, words: RibbonWords, surface: Surface, rect: Rect, *, is_marked: bool = False
) -> RibbonLayout:
    """Return the day's marks within a part of the surface; with `is_marked` shapes say what tints say elsewhere: who
    is late has a tick, the expected has an edge."""
    px = surface.px
    has_head = bool(words.title or words.signs)
    above = px((HEAD if has_head else 0) + ABOVE)
    people = max(LEAST_PEOPLE, ribbon.peak[1], *(ceil(n) for _at, n in ribbon.usual), 0)
    people = max([people, *(ceil(one.high) for one in ribbon.ahead)])
    room = rect.height - above - surface.gap(BETWEEN) - px(FOOT)
    lane, pitch, each = _sizes(room, people, max(1, len(ribbon.lanes)), surface)
    names = max([surface.width(lane.window, AXIS, bold=True) for lane in ribbon.lanes] + [surface.width("000", AXIS)])
    left = rect.left + names + px(10)
    band_high = pitch * people / each
    top = rect.top + above
    band = Rect(left, top, rect.right - left - px(4), surface.snap(band_high))
    lanes = Rect(left, surface.snap(band.bottom + surface.gap(BETWEEN)), band.width, lane * max(1, len(ribbon.lanes)))
    layout = RibbonLayout(ribbon, surface, band, lanes, pitch, each, people)
    if has_head:
        layout.marks += _head(words, surface, rect, each)
    layout.marks += _notes(layout)
    layout.marks += _grid(layout, words)
    layout.marks += _fan(layout, is_marked=is_marked)
    layout.marks += _usual(layout)
    layout.marks += _stack(layout, is_marked=is_marked)
    layout.marks += _lanes(layout)
    layout.marks += layout.bars(ribbon.strokes, strong=is_marked)
    layout.marks += _peak(layout)
    layout.marks += _now(layout, words)
    if not ribbon.strokes and words.empty:
        y = baseline(band.top + band.height / 2, EMPTY, surface)
        middle = band.left + band.width / 2
        layout.marks.append(Words(middle, y, words.empty, EMPTY, at="middle", room=band.width, ground=True))
    return layout


def _sizes(room: float, people: int, lanes: int, surface: Surface) -> tuple[float, float, int]:
    """Return the height of a lane and of a stroke, and how many people one stroke is.

    With room to spare strokes grow first, then lanes; with too little lanes give way after strokes did.
    """
    px = surface.px
    lane = min(px(LANE), max(surface.gap(LEAST_LANE), (room - people * surface.gap(LEAST_PITCH)) / lanes))
    left = room - lane * lanes
    each = 1
    while left / people * each < surface.gap(LEAST_PITCH) and each < MOST_EACH:
        each += 1
    pitch = min(px(MOST_PITCH), left / people * each)
    # Strokes of whole pixels are as thick as each other.
    pitch = max(surface.snap(pitch - 0.5), min(pitch, surface.gap(LEAST_PITCH)))
    spare = room - lane * lanes - pitch * people / each
    lane = min(px(MOST_LANE), lane + max(0.0, spare) / lanes)
    return lane, pitch, each


def _head(words: RibbonWords, surface: Surface, rect: Rect, each: int) -> Iterator[Mark]:
    """Write the title and, at the right, as many words of the legend as there is room for."""
    px, middle = surface.px, rect.top + surface.px(13)
    y = baseline(middle, HEADING, surface)
    title, said = _fitting(words, surface, rect.width, each)
    if title:
        yield Words(rect.left, y, title, HEADING, "ink", bold=True, room=rect.width)
    x = rect.right - _signs_width(said, surface)
    for kind, word in said:
        yield from _sign(kind, x, surface.snap(middle), surface)
        x += px(SIGN + 7)
        yield Words(x, baseline(middle, KEY, surface), word, KEY)
        x += surface.width(word, KEY) + px(16)


def _fitting(words: RibbonWords, surface: Surface, width: float, each: int) -> tuple[str, list[tuple[str, str]]]:
    """Return title and legend as they fit: in full, else the legend in few words, the title too, fewer signs."""
    title = words.many(each) if each > 1 and words.many is not None else words.title
    whole = [(sign.kind, sign.word) for sign in words.signs]
    brief = [(sign.kind, sign.short) for sign in words.signs]
    tries = [(title, whole), (title, brief), (words.short or title, whole), (words.short or title, brief)]
    if each > 1:
        # That a stroke is more than one person is said whatever else goes.
        tries = tries[:2]
    tries += [(tries[-1][0], brief[:n]) for n in range(len(brief) - 1, -1, -1)]

    def taken(one: tuple[str, list[tuple[str, str]]]) -> float:
        gap = surface.px(20) if one[0] and one[1] else 0
        return (surface.width(one[0], HEADING, bold=True) if one[0] else 0) + gap + _signs_width(one[1], surface)

    return next((one for one in tries if taken(one) <= width), tries[-1])


def _signs_width(signs: Sequence[tuple[str, str]], surface: Surface) -> float:
    words = sum(surface.width(word, KEY) for _kind, word in signs)
    return words + surface.px(SIGN + 7) * len(signs) + surface.px(16) * max(0, len(signs) - 1)


def _sign(kind: str, x: float, middle: float, surface: Surface) -> Iterator[Mark]:
    px, wide = surface.px, surface.px(SIGN)
    if kind in ("waiting", "late"):
        yield Box(x, middle - px(2), wide, px(4), "edge" if kind == "waiting" else "red")
    elif kind == "walking":
        yield Box(x + px(5), middle - px(1.5), px(10), px(3), "amber")
    elif kind == "serving":
        yield Box(x, middle - px(5.5), wide, px(11), "chart")
    elif kind == "pause":
        yield from _hatched(Rect(x, middle - px(5.5), wide, px(11)), surface)
    elif kind == "ahead":
        yield Box(x, middle - px(5.5), wide, px(11), "soft", outline="ink2")
        yield Line([(x, middle), (x + wide, middle)], "primary", px(2))
    elif kind == "usual":
        yield Line([(x, middle), (x + wide, middle)], "ink2", px(1.25), (3.2, 2.4))


def _hatched(box: Rect, surface: Surface) -> Iterator[Mark]:
    """Draw a pause: slanting violet lines on a violet ground."""
    yield Box(box.left, box.top, box.width, box.height, "violetbg")
    step, high = surface.px(HATCH), box.height
    x = box.left - high + step / 2
    while x < box.right:
        low, top = max(x, box.left), min(x + high, box.right)
        if top > low:
            yield Line([(low, box.bottom - (low - x)), (top, box.bottom - (top - x))], "violet", surface.px(1.25))
        x += step


def _grid(found: RibbonLayout, words: RibbonWords) -> Iterator[Mark]:
    """Draw the heights of the stack and the hours, with their figures, and the windows' names."""
    ribbon, surface, band, lanes = found.ribbon, found.surface, found.band, found.lanes
    px = surface.px
    apart = px(TICKS_APART) * found.people / found.pitch
    every = next(each for each in ROUND if each >= apart or each >= found.top)
    ticks = range(0, int(found.top) + 1, every)
    step = _hours_apart(found)
    minute = ceil(ribbon.start / step) * step
    while minute <= ribbon.end:
        x = surface.snap(found.x(minute))
        yield Line([(x, band.top), (x, band.bottom)], "line", 0)
        yield Line([(x, lanes.top), (x, lanes.bottom)], "line", 0)
        text = f"{int(minute) // 60 % 24}:{int(minute) % 60:02d}"
        half = surface.width(text, AXIS) / 2
        place = min(max(x, band.left + half - px(10)), band.right + px(4) - half)
        yield Words(place, baseline(lanes.bottom + px(13), AXIS, surface), text, AXIS, at="middle")
        minute += step
    for tick in ticks:
        y = surface.snap(found.y(tick))
        yield Line([(band.left, y), (band.right, y)], "ink2" if tick == 0 else "line", 0)
        yield Words(band.left - px(8), baseline(y, AXIS, surface), f"{tick:g}", AXIS, at="right")
    if words.axis and not _covers_axis(found, words):
        yield Words(band.left + px(6), baseline(band.top - px(9), AXIS, surface), words.axis, AXIS)
    named = max(1, ceil(px(AXIS) * 0.8 / found.lane))
    for n, lane in enumerate(ribbon.lanes):
        if n % named:
            continue
        middle = lanes.top + found.lane * (n + 0.5)
        place = baseline(middle, AXIS, surface)
        yield Words(band.left - px(9), place, lane.window, AXIS, "ink", bold=True, at="right")


def _hours_apart(found: RibbonLayout) -> int:
    ribbon = found.ribbon
    room = found.surface.width("00:00", AXIS) + found.surface.px(LABELS_APART)
    least = room / found.band.width * (ribbon.end - ribbon.start)
    short = ribbon.end - ribbon.start <= 180
    return next((each for each in EVERY if each >= least and (short or each >= 60)), EVERY[-1])


def _notes(found: RibbonLayout) -> Iterator[Mark]:
    """Tint the time that a note explains, with its word on top where that has room beside the one before."""
    px, band, free_from = found.surface.px, found.band, 0.0
    for note in found.ribbon.notes:
        if note.end < found.ribbon.start or note.start > found.ribbon.end:
            continue
        left = found.x(note.start)
        width = max(px(3), found.x(note.end) - left)
        yield Box(left, band.top, width, band.height, "amberbg", outline="amber")
        yield Box(left, band.top, width, px(3), "amber")
        length = found.surface.width(note.word, AXIS, bold=True)
        x = min(max(left + px(4), free_from), band.right - length)
        if x >= free_from:
            yield Words(x, baseline(band.top + px(13), AXIS, found.surface), note.word, AXIS, "amber", bold=True)
            free_from = x + length + px(10)


def _usual(found: RibbonLayout) -> Iterator[Mark]:
    places = [(found.x(at), found.y(n)) for at, n in found.ribbon.usual if found.ribbon.start <= at <= found.ribbon.end]
    if len(places) > 1:
        yield Line(places, "ink2", found.surface.px(1.25), (3.2, 2.4))


def _stack(found: RibbonLayout, *, is_marked: bool) -> Iterator[Mark]:
    """Draw who waits: for each height the times in which so many waited, in red those in which so many were late, and a
    thin gap wherever somebody left and those above stepped down."""
    ribbon, surface = found.ribbon, found.surface
    grey, red = _runs(found)
    high = max(1.0, surface.snap(found.pitch * STROKE_SHARE))
    pad = found.pitch - high

    def boxes(runs: Sequence[tuple[int, float, float]]) -> list[tuple[float, float, float, float]]:
        least = surface.px(1)
        places = []
        for row, start, end in runs:
            if end > ribbon.start and start < ribbon.end:
                left, right = surface.snap(found.x(start)), surface.snap(found.x(end))
                top = found.band.bottom - (row + 1) * found.pitch + pad
                places.append((left, top, max(least, right - left), high))
        return places

    waiting = boxes(grey)
    if waiting:
        yield Boxes(waiting, "edge")
    late = boxes(red)
    if late:
        yield Boxes(late, "red")
        if is_marked:
            wide, tall = surface.px(2), found.pitch + surface.px(2)
            yield Boxes([(x, y - pad - surface.px(1), wide, tall) for x, y, *_size in late], "red")
    cuts, seam = [], max(1.0, surface.px(1))
    for minute, rank, above in _steps(ribbon):
        if ribbon.start <= minute <= ribbon.end and above > rank:
            y = found.y(above)
            cuts.append((surface.snap(found.x(minute)), y, seam, found.y(rank) - y))
    if cuts:
        yield Boxes(cuts, "surface")


def _runs(found: RibbonLayout) -> tuple[list[tuple[int, float, float]], list[tuple[int, float, float]]]:
    """Return for each row of the stack from when to when somebody stood in it, and in red somebody who was late."""
    ribbon = found.ribbon
    waiting, late = [], []
    for wait in ribbon.waits:
        if wait.waits is None:
            continue
        first, last = wait.waits
        waiting += [(first, 1), (last, -1)]
        if last > first + ribbon.target:
            late += [(first + ribbon.target, 1), (last, -1)]
    return _rows(waiting, found.people), _rows(late, found.people)


def _rows(changes: list[tuple[float, int]], each: int) -> list[tuple[int, float, float]]:
    """Return (row, from, to) of a count that changes; a row stands for `each` people."""
    begun: list[float] = []
    found = []
    count = 0
    for at, step in sorted(changes, key=lambda one: (one[0], one[1])):
        count += step
        rows = ceil(count / each)
        while len(begun) < rows:
            begun.append(at)
        while len(begun) > rows:
            first = begun.pop()
            if at > first:
                found.append((len(begun), first, at))
    return found


def _steps(ribbon: Ribbon) -> Iterator[tuple[float, int, int]]:
    """Yield when somebody left, from which place of the stack, and how many had stood in it."""
    changes = []
    for wait in ribbon.waits:
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


def _lanes(found: RibbonLayout) -> Iterator[Mark]:
    """Draw when each window was open, until the end where it still is, and its pauses."""
    ribbon = found.ribbon
    tracks = []
    for lane in ribbon.lanes:
        track = found.bar(lane.window)
        if track is None:
            continue
        for start, end in lane.open:
            left, right = found.x(start), found.x(end)
            if right > left:
                tracks.append((left, track.top, right - left, track.height))
    if tracks:
        yield Boxes(tracks, "paper", outline="line")
    for lane in ribbon.lanes:
        track = found.bar(lane.window)
        for start, end in lane.pauses:
            if track is not None and end > ribbon.start and start < ribbon.end:
                left, right = found.x(start), found.x(end)
                yield from _hatched(Rect(left, track.top, max(1.0, right - left), track.height), found.surface)


def _peak(found: RibbonLayout) -> Iterator[Mark]:
    at, n = found.ribbon.peak
    if n > 1 and found.ribbon.start <= at <= found.ribbon.end:
        y = found.y(n) - found.surface.px(4)
        yield Words(found.x(at), y, str(n), AXIS, "ink", bold=True, at="middle")


def _fan(found: RibbonLayout, *, is_marked: bool) -> Iterator[Mark]:
    """Draw how many will wait in the next hour: its middle as a line, four outcomes of five as a band."""
    ahead = [one for one in found.ribbon.ahead if one.minute <= found.ribbon.end]
    if len(ahead) < 2:
        return
    upper = [(found.x(one.minute), found.y(one.high)) for one in ahead]
    lower = [(found.x(one.minute), found.y(one.low)) for one in ahead]
    yield Shape([*upper, *reversed(lower)], "soft")
    if is_marked:
        yield from (Line(edge, "ink2", found.surface.px(1.25)) for edge in (upper, lower))
    yield Line([(found.x(one.minute), found.y(one.middle)) for one in ahead], "primary", found.surface.px(2))


def _covers_axis(found: RibbonLayout, words: RibbonWords) -> bool:
    """Whether the time of day or the highest number, early in the day, stands where the axis has its name."""
    ribbon, surface, band = found.ribbon, found.surface, found.band
    end = band.left + surface.px(6 + 6) + surface.width(words.axis, AXIS)
    if ribbon.now is not None and ribbon.start <= ribbon.now <= ribbon.end and found.x(ribbon.now) < end:
        return True
    at, n = ribbon.peak
    is_as_high = found.y(n) - surface.px(4 + AXIS) < band.top - surface.px(2)
    return n > 1 and is_as_high and found.x(at) - surface.width(str(n), AXIS, bold=True) / 2 < end


def _now(found: RibbonLayout, words: RibbonWords) -> Iterator[Mark]:
    ribbon, surface, band = found.ribbon, found.surface, found.band
    if ribbon.now is None or not ribbon.start <= ribbon.now <= ribbon.end:
        return
    x, px = surface.snap(found.x(ribbon.now)), surface.px
    top = band.top - px(4)
    yield Box(x, top, max(1.0, px(1.5)), found.lanes.bottom + px(2) - top, "ink")
    length = surface.width(words.now, AXIS, bold=True)
    left = x + px(6) if x + px(6) + length <= band.right + px(4) else x - px(6) - length
    yield Words(left, baseline(band.top - px(9), AXIS, surface), words.now, AXIS, "ink", bold=True, ground=True)
