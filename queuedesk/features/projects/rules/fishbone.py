"""Causes laid out as a fishbone: bones above and below a spine that leads to the figure to be mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import east_asian_width

from msgspec import Struct

from queuedesk.core.charts.chart import Box, Line, Mark, Place, Point, Rect, Shape, Surface, Words, baseline, sign
from queuedesk.core.charts.layout import Layout

MOST_BONES, PER_SIDE = 6, 3
NARROWEST = 206.0
"""A column's width in drawn pixels: with less, words stand in too many lines, and the causes are shown as a list."""

NAME, SECOND, PILL, HEAD, FIGURE = 15.0, 13.0, 15.0, 13.5, 38.0
NAME_LINE, SECOND_LINE, BETWEEN, PILL_HIGH = 18.0, 19.0, 9.0, 26.0
HEAD_WIDE, HEAD_LINE, ARROW = 152.0, 18.0, 12.0
FROM, SLANT, TICK, INDENT = 16.0, 40.0, 12.0, 24.0
BAR, BAR_HIGH = 28.0, 5.0
MOST_LINES = 3
CLOSING = "，。、；：？！」』）》”’,.;:?!)%"


class Twig(Struct, frozen=True, kw_only=True):
    """A cause: its number, its name, its state (`kind` is tick, cross or ring) with the word for it, what its evidence
    says, and the two shares of it, in percent, where it has two."""

    number: int
    name: str
    kind: str
    colour: str
    word: str
    evidence: str = ""
    shares: tuple[float, float] | None = None
    bold: bool = False
    point: Point | None = None


class Bone(Struct, frozen=True):
    """A bone with its causes."""

    name: str
    twigs: Sequence[Twig]


class Fish(Struct, frozen=True, kw_only=True):
    """Bones, the first PER_SIDE above, and the head: what is mended, its figure with the unit, and its parts. `legend`
    says below, or where a bone is free, what is meant, in lines; `signs` are the kinds and colours of signs with their
    words, in a line of their own. With `is_plain` a cause is its sign and its name alone, as
    on paper."""

    bones: Sequence[Bone]
    title: str
    value: str
    unit: str = ""
    parts: Sequence[str] = ()
    legend: Sequence[str] = ()
    signs: Sequence[tuple[str, str, str]] = ()
    is_plain: bool = False
    chosen: int | None = None
    point: Point | None = None

    @property
    def points(self) -> list[Point]:
        """What its places say, in their order: the causes, then the head where it has something to say."""
        return [one for one in (*(twig.point for twig in self.twigs), self.point) if one is not None]

    @property
    def twigs(self) -> list[Twig]:
        return [twig for bone in self.bones for twig in bone.twigs]

    @property
    def legend_lines(self) -> int:
        return len(self.legend) + bool(self.signs)

    @property
    def most(self) -> float:
        """The largest share of all causes: their bars have one scale."""
        return max([max(twig.shares) for twig in self.twigs if twig.shares], default=0.0)

    @property
    def _sides(self) -> tuple[Sequence[Bone], Sequence[Bone]]:
        return self.bones[:PER_SIDE], self.bones[PER_SIDE:]

    @property
    def _columns(self) -> int:
        return max(2, *(len(side) for side in self._sides))

    @property
    def _has_room(self) -> bool:
        """Whether the last column is free below the spine."""
        return len(self._sides[1]) < self._columns


def fits(bones: int, surface: Surface, width: float) -> bool:
    """Whether so many bones can be laid out in that width."""
    columns = max(2, min(bones, PER_SIDE))
    return bones <= MOST_BONES and width - surface.px(HEAD_WIDE + ARROW) >= columns * surface.px(NARROWEST)


def fish_height(fish: Fish, surface: Surface, width: float) -> float:
    """Return how high it is at that width."""
    above, below = _halves(fish, surface, width)
    return above + below


def lay_out_fish(fish: Fish, surface: Surface, rect: Rect) -> Layout:
    """Return its marks; each cause is a place to point at, in the order of the bones."""
    px, found = surface.px, Layout()
    above, _below = _halves(fish, surface, rect.width)
    wide = _column(fish, surface, rect.width)
    spine = surface.snap(rect.top + above)
    tip = rect.left + wide * fish._columns + px(ARROW / 2)
    for side, way in zip(fish._sides, (-1, 1), strict=True):
        for n, bone in enumerate(side):
            left = rect.left + wide * n
            far = spine + way * (above if way < 0 else _below)
            _lay_bone(fish, bone, (left, spine, far, wide), surface, found)
    found.marks.append(Line([(rect.left + px(4), spine), (tip - px(8), spine)], "ink", px(3)))
    found.marks.append(
        Shape([(tip - px(10), spine - px(8)), (tip + px(2), spine), (tip - px(10), spine + px(8))], "ink")
    )
    head = Rect(tip + px(2), spine, rect.right - tip - px(2), rect.height)
    found.marks += _head(fish, head, surface)
    if fish.point is not None:
        high = _head_high(fish, surface)
        found.places.append(Rect(head.left, spine - high / 2, head.width, high))
    if fish.legend_lines:
        x, y = rect.left, rect.top + fish_height(fish, surface, rect.width) - px(SECOND_LINE * fish.legend_lines)
        if fish._has_room:
            x, y = rect.left + wide * (fish._columns - 1) + px(FROM), y - px(6)
        for n, line in enumerate(fish.legend):
            middle = y + px(SECOND_LINE) * (n + 0.5)
            found.marks.append(Words(x, baseline(middle, SECOND, surface), line, SECOND, room=rect.right - x))
        middle = y + px(SECOND_LINE) * (len(fish.legend) + 0.5)
        for kind, colour, word in fish.signs:
            found.marks += sign(kind, (x + px(5), middle), px(4.5), colour)
            found.marks.append(Words(x + px(14), baseline(middle, SECOND, surface), word, SECOND))
            x += px(28) + surface.width(word, SECOND)
    return found


# -- measures ----------------------------------------------------------------------------------------------------------


def _column(fish: Fish, surface: Surface, width: float) -> float:
    return (width - surface.px(HEAD_WIDE + ARROW)) / fish._columns


def _halves(fish: Fish, surface: Surface, width: float) -> tuple[float, float]:
    """Return how much lies above the spine and below it."""
    px, wide = surface.px, _column(fish, surface, width)
    heights = [
        max([px(PILL_HIGH + BETWEEN) + _twigs_high(fish, bone, surface, wide) for bone in side], default=px(12.0))
        for side in fish._sides
    ]
    half = _head_high(fish, surface) / 2 + px(2)
    legend = px(SECOND_LINE) * fish.legend_lines
    least = half + legend + px(12) if fish._has_room and legend else 0.0
    more = 0.0 if fish._has_room or not legend else legend + px(6)
    return max(heights[0], half), max(heights[1], half, least) + more


def _twigs_high(fish: Fish, bone: Bone, surface: Surface, wide: float) -> float:
    return sum(_twig_high(fish, twig, surface, wide) + surface.px(BETWEEN) for twig in bone.twigs)


def _twig_high(fish: Fish, twig: Twig, surface: Surface, wide: float) -> float:
    lines = len(_lines(fish, twig, surface, wide))
    return surface.px(NAME_LINE * lines + (0.0 if fish.is_plain else SECOND_LINE))


def _lines(fish: Fish, twig: Twig, surface: Surface, wide: float) -> list[str]:
    aside = FROM + SLANT + INDENT + (14.0 if fish.is_plain else 0.0)
    return wrapped(twig.name, wide - surface.px(aside), surface, NAME, bold=True)


def wrapped(text: str, room: float, surface: Surface, size: float, *, bold: bool = False) -> list[str]:
    """Return a text in up to MOST_LINES lines, broken between words and between Chinese characters; the last may be
    wider than the room."""
    lines: list[str] = []
    for piece in _pieces(text):
        longer = (lines[-1] if lines else "") + piece
        if not lines:
            lines.append(piece)
        elif surface.width(longer.rstrip(), size, bold=bold) <= room or len(lines) == MOST_LINES:
            lines[-1] = longer
        else:
            lines.append(piece)
    return [line.strip() for line in lines]


def _pieces(text: str) -> Iterator[str]:
    """Yield what a line may not divide: a word with its blank, a Chinese character with the mark behind it."""
    piece = ""
    for one, following in pairwise(f"{text}\n"):
        piece += one
        is_end = following == "\n"
        is_wide = east_asian_width(one) in "WF" or east_asian_width(following) in "WF"
        if is_end or (
            (one == " " or is_wide) and following not in CLOSING and following != " " and one not in "「『（《“"
        ):
            yield piece
            piece = ""


# -- parts -------------------------------------------------------------------------------------------------------------


def _lay_bone(fish: Fish, bone: Bone, at: tuple[float, float, float, float], surface: Surface, found: Layout) -> None:
    """Add a bone whose column begins at `left`, from the spine to its `far` end."""
    (left, spine, far, wide), px = at, surface.px
    way = -1 if far < spine else 1
    pill = Rect(left, far if way < 0 else far - px(PILL_HIGH), 0.0, px(PILL_HIGH))
    if way > 0 and fish.legend_lines and not fish._has_room:
        pill = Rect(left, pill.top - px(SECOND_LINE) * fish.legend_lines - px(6), 0.0, pill.height)
    near = pill.bottom if way < 0 else pill.top
    start, end = (left + px(FROM), near), (left + px(FROM + SLANT), spine)
    found.marks.append(Line([start, end], "edge", px(2)))
    length = surface.width(bone.name, PILL, bold=True) + px(20)
    found.marks.append(Box(left, pill.top, length, pill.height, "sunken", round=13))
    y = baseline(pill.top + pill.height / 2, PILL, surface)
    found.marks.append(Words(left + px(10), y, bone.name, PILL, "ink", bold=True, room=wide - px(24)))
    top = near + px(BETWEEN) * 0.6 if way < 0 else spine + px(BETWEEN)
    for twig in bone.twigs:
        high = _twig_high(fish, twig, surface, wide)
        middle = top + px(NAME_LINE) / 2
        share = (middle - start[1]) / (end[1] - start[1]) if end[1] != start[1] else 0.0
        x = start[0] + (end[0] - start[0]) * share
        place = Rect(x + px(INDENT) - px(8), top - px(4), left + wide - px(4) - (x + px(INDENT) - px(8)), high + px(7))
        if twig.number == fish.chosen:
            found.marks.append(Box(place.left, place.top, place.width, place.height, "soft", "primary", 3, 10))
        found.marks.append(Line([(x, middle), (x + px(TICK), middle)], "edge", px(1.5)))
        at_twig = Rect(x + px(INDENT), top, left + wide - px(6) - x - px(INDENT), high)
        found.marks += _twig(fish, twig, _lines(fish, twig, surface, wide), at_twig, surface)
        if twig.point is not None:
            found.places.append(place)
        top += high + px(BETWEEN)


def _twig(fish: Fish, twig: Twig, lines: Sequence[str], at: Rect, surface: Surface) -> Iterator[Mark]:
    """Write a cause: its name in lines, and below it state and evidence."""
    px, left, top, right = surface.px, at.left, at.top, at.right
    if fish.is_plain:
        yield from sign(twig.kind, (left + px(5), top + px(NAME_LINE) / 2), px(4.5), twig.colour)
        left += px(14)
    bold = twig.bold or twig.number == fish.chosen
    for n, line in enumerate(lines):
        y = baseline(top + px(NAME_LINE) * (n + 0.5), NAME, surface)
        yield Words(left, y, line, NAME, "ink", bold=bold, room=right - left)
    if fish.is_plain:
        return
    middle = top + px(NAME_LINE) * len(lines) + px(SECOND_LINE) / 2
    base = baseline(middle, SECOND, surface)
    yield from sign(twig.kind, (left + px(6), middle), px(5), twig.colour)
    yield Words(left + px(17), base, twig.word, SECOND, twig.colour, bold=True)
    x = left + px(17) + surface.width(twig.word, SECOND, bold=True) + px(8)
    if twig.shares and fish.most:
        for n, share in enumerate(twig.shares):
            y = middle - px(BAR_HIGH + 1) + n * px(BAR_HIGH + 1.5)
            length = max(px(2), px(BAR) * share / fish.most)
            yield Box(x, y, length, px(BAR_HIGH), "" if n else "chart", "chart" if n else "", 1.0)
        x += px(BAR + 6)
    if twig.evidence:
        yield from underlined(twig.evidence, (x, base), right + px(16) - x, surface)


def underlined(text: str, at: Place, room: float, surface: Surface, *, size: float = SECOND) -> Iterator[Mark]:
    """Write a figure that opens its rows: over a thin line."""
    x, y = at
    yield Words(x, y, text, size, "ink", room=room)
    end = x + min(room, surface.width(text, size))
    under = surface.snap(y + surface.px(3)) + 0.5
    yield Line([(x, under), (end, under)], "edge", surface.gap(1))


def _head_high(fish: Fish, surface: Surface) -> float:
    return surface.px(30 + FIGURE * 1.1 + HEAD_LINE * len(fish.parts) + 16)


def _head(fish: Fish, at: Rect, surface: Surface) -> Iterator[Mark]:
    """Draw the figure to be mended with its middle at the top of `at`."""
    px, high = surface.px, _head_high(fish, surface)
    top = at.top - high / 2
    yield Box(at.left, top, at.width, high, "surface", "ink", 1.5, 12)
    x, room = at.left + px(12), at.width - px(20)
    yield Words(x, baseline(top + px(20), SECOND, surface), fish.title, SECOND, room=room)
    y = top + px(30) + px(FIGURE) * 0.85
    yield Words(x, y, fish.value, FIGURE, "ink", bold=True, room=room)
    if fish.unit:
        yield Words(x + surface.width(fish.value, FIGURE, bold=True) + px(5), y, fish.unit, 17.0, "ink")
    for n, part in enumerate(fish.parts):
        base = baseline(top + px(30 + FIGURE * 1.1) + px(HEAD_LINE) * (n + 0.5), SECOND, surface)
        yield from underlined(part, (x, base), room, surface)
