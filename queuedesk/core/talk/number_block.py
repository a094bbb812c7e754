"""A ticket's number, its window and the way there as one block, laid out for every screen.

All rows of a surface share columns: the number, a thin bar, the window's number with its word, and below the word the
way. Surfaces too low for two lines have all of it on one line, in the same order. Lengths are in the units of the
surface; y grows downwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

Measure = Callable[[str, float, bool], float]
"""Returns the width of a text at a size, bold or not."""
Place = tuple[float, float]

NUMBER, WINDOW, WORD, WAY, TAG = "number", "window", "word", "way", "tag"

# Shares of the number's size, measured in the drawing.
PAD_EM = 0.21
BAR_GAP_EM, BAR_EM, BAR_HEIGHT_EM, LEAST_BAR = 0.25, 0.022, 0.7, 2.0
BESIDE_EM = 0.085
WORD_EM, WORD_ABOVE_EM = 0.26, 0.11
WAY_EM, WAY_BELOW_EM = 0.196, 0.17
WIDEST_WAY_EM, LEAST_WAY_EM = 1.1, 0.11
MEASURED = 6
"""Most measurements of a way until it fits."""
LEAST_COMMON_SHARE = 0.7
NAME_EM, LARGEST_NAME_EM, LEAST_NAME_EM, WIDEST_NAME_EM = 0.3, 0.5, 0.18, 2.2
NAME_LINE_EM = 1.2
LARGEST_TAGGED_EM, NAME_ABOVE_EM, NAME_WAY_BELOW_EM = 0.36, 0.09, 0.24
TAG_EM, TAG_ABOVE_EM, LEAST_TAG = 0.14, 0.37, 11.0
CAP_MIDDLE_EM = 0.3637
"""Height of the middle of capitals above their baseline."""
MIDDLE_EM = 0.37
"""The same for a line that may be Chinese."""
ROW_EM = 1.08
"""Height of a row."""

# Shares of the number's size where the window is below it.
STACKED_EM = 1.72
"""Height of such a row."""
STACKED_NUMBER_EM, STACKED_BAR_EM, STACKED_WINDOW_EM = -0.37, 0.11, 0.49
"""Middles of number, bar and window, below a row's middle."""
BELOW_EM, BELOW_NAME_EM = 0.66, 0.8

# Shares of an arrow's or a sign's size.
ARROW_EM, ARROW_GAP_EM = 0.85, 0.25
ARROW_LINE, LEAST_ARROW_LINE = 0.085, 1.5
SIGN_EM, SIGN_GAP_EM = 1.3, 0.4

# Shares of the size of a block on one line.
LINE_BAR_EM, LINE_GAP_EM, LINE_WAY_EM = 0.86, 0.5, 0.86

_DIRECTIONS = {"right": (1, 0), "down": (0, 1), "left": (-1, 0), "up": (0, -1)}
_ARROW_OF_WAY = {"left": "left", "right": "right", "ahead": "up", "up": "up", "back": "down", "down": "down"}
_ARROWS_AFTER_ZONE = frozenset({"right", "down"})
_LONGEST_NUMBER = 3


def is_window_named_by_number(name: str) -> bool:
    """Return whether a window has a number or short code ("3", "A12") and not a name ("Cashier")."""
    return name.isascii() and name.isalnum() and (name.isdecimal() or len(name) <= _LONGEST_NUMBER)


def arrow_for_way(way: str) -> str:
    return _ARROW_OF_WAY.get(way, "")


def is_arrow_after_zone(arrow: str) -> bool:
    """Return whether an arrow follows the zone, because it points right or down."""
    return arrow in _ARROWS_AFTER_ZONE


class WindowLabel(Struct, frozen=True):
    """A window as customers read it: `number` with the word before or after it; a window with a name has no word.
    `zone` is the way in words, `arrow` its drawing ("left", "right", "up", "down" or "")."""

    number: str
    before: str = ""
    behind: str = ""
    zone: str = ""
    arrow: str = ""

    @property
    def word_for_window(self) -> str:
        return self.before or self.behind

    @property
    def has_arrow_last(self) -> bool:
        return is_arrow_after_zone(self.arrow)

    @property
    def number_with_word(self) -> str:
        return " ".join(part for part in (self.before, self.number, self.behind) if part)

    @property
    def label_with_way(self) -> str:
        return " ".join(part for part in (self.number_with_word, self.zone) if part)


class NumberAndWindow(Struct, frozen=True):
    """A ticket's number and its window. `tag` and `icon` repeat the colour of a fresh call as a word and a sign."""

    label: str
    window: WindowLabel | None = None
    tag: str = ""
    icon: str = ""

    @property
    def number_and_window_text(self) -> str:
        return f"{self.label} {self.window.label_with_way}" if self.window is not None else self.label


# -- marks of a block ------------------------------------------------------------------------------------------------


class PlacedText(Struct, frozen=True):
    """A run of text on its baseline; `part` is its part of the block."""

    part: str
    text: str
    x: float
    baseline: float
    size: float
    bold: bool


class NumberWindowDivider(Struct, frozen=True):
    """The line between the number and its window."""

    left: float
    top: float
    width: float
    height: float


class WayArrowLines(Struct, frozen=True):
    """The arrow of the way: lines through points, with round ends."""

    lines: tuple[tuple[Place, ...], ...]
    width: float


class TagSignPlace(Struct, frozen=True):
    """The place of the tag's sign, a square."""

    icon: str
    left: float
    top: float
    side: float


Mark = PlacedText | NumberWindowDivider | WayArrowLines | TagSignPlace


def arrow_filling_square(direction: str, left: float, top: float, side: float) -> WayArrowLines:
    ahead_x, ahead_y = _DIRECTIONS[direction]
    middle_x, middle_y, tip, wing = left + side / 2, top + side / 2, side * 0.36, side * 0.26

    def rotated_point(ahead: float, aside: float) -> Place:
        return middle_x + ahead * ahead_x - aside * ahead_y, middle_y + ahead * ahead_y + aside * ahead_x

    shaft = (rotated_point(-tip, 0), rotated_point(tip, 0))
    head = (rotated_point(tip - wing, -wing), rotated_point(tip, 0), rotated_point(tip - wing, wing))
    return WayArrowLines((shaft, head), max(LEAST_ARROW_LINE, side * ARROW_LINE))


# -- rows with shared columns ----------------------------------------------------------------------------------------


class RowColumnsPlan(Struct, frozen=True):
    """The columns of a row from its left edge, and the size `font` of its numbers. `below` is the plan of the window
    where it is below the number."""

    font: float
    label_x: float
    label_width: float
    bar_x: float
    body_x: float
    body_width: float
    number_x: float
    number_width: float
    text_x: float
    text_width: float
    way_size: float
    tagged: bool = False
    least: float = 0.0
    below: RowColumnsPlan | None = None

    def is_font_share_readable(self, share: float) -> bool:
        """Return whether letters of this share of the number's size are large enough to read."""
        return _is_readable(share * self.font, self.least)


def _is_readable(size: float, least: float) -> bool:
    return round(size, 1) >= least


class _ColumnWidths(Struct, frozen=True):
    label: float
    number: float
    text: float
    body: float

    def total_width(self, font: float) -> float:
        return self.label + self.body + font * (2 * PAD_EM + 2 * BAR_GAP_EM + BAR_EM)


def font_size_filling_width(width: float, windows: Sequence[WindowLabel], label: str, measure: Measure) -> float:
    """Return the number's size at which the widest row is exactly `width` wide."""
    tried = 200.0
    return width * tried / _column_widths(tried, windows, label, measure).total_width(tried)


def widest_row_width(
    font: float, windows: Sequence[WindowLabel], label: str, measure: Measure, *, least: float = 0.0
) -> float:
    return _column_widths(font, windows, label, measure, least).total_width(font)


def plan_row_columns(
    width: float,
    font: float,
    windows: Sequence[WindowLabel],
    label: str,
    measure: Measure,
    *,
    tagged: bool = False,
    least: float = 0.0,
) -> RowColumnsPlan:
    """Return the columns for rows of `width`. `windows` are all that may be called, `label` is the widest number. Rows
    that are `tagged` keep a line free for the tag of a fresh call, so that nothing moves when it comes and goes. No
    letter is smaller than `least`: a smaller word or way is left out, a smaller name enlarged."""
    widths = _column_widths(font, windows, label, measure, least)
    label_x = PAD_EM * font
    body_x = width - PAD_EM * font - widths.body
    free = body_x - label_x - widths.label
    number_x, text_x = body_x, body_x + widths.number + BESIDE_EM * font
    if any(window.before for window in windows):
        number_x, text_x = body_x + widths.body - widths.number, body_x
    return RowColumnsPlan(
        font=font,
        label_x=label_x,
        label_width=widths.label,
        bar_x=label_x + widths.label + free / 2,
        body_x=body_x,
        body_width=widths.body,
        number_x=number_x,
        number_width=widths.number,
        text_x=text_x,
        text_width=widths.text,
        way_size=_common_way_font_size(font, windows, widths.text, measure),
        tagged=tagged,
        least=least,
    )


def stacked_font_filling_width(width: float, label: str, measure: Measure) -> float:
    """Return the number's size at which a row with the window below it is exactly `width` wide."""
    tried = 200.0
    return width * tried / (measure(label, tried, True) + 2 * PAD_EM * tried)


def plan_stacked_columns(
    width: float, font: float, windows: Sequence[WindowLabel], label: str, measure: Measure, *, tagged: bool = False
) -> RowColumnsPlan:
    """Return the columns for rows of `width` with the window below the number, and a bar between them."""
    label_x, room = PAD_EM * font, width - 2 * PAD_EM * font
    size = (BELOW_EM if any(window.word_for_window for window in windows) else BELOW_NAME_EM) * font
    widths = _column_widths(size, windows, label, measure)
    if widths.body > room:
        size *= room / widths.body
        widths = _column_widths(size, windows, label, measure)
    used = min(room, widths.body + 1)
    below = plan_row_columns(label_x + used + PAD_EM * size, size, windows, label, measure, tagged=tagged)
    whole = plan_row_columns(width, font, windows, label, measure, tagged=tagged)
    return replace(whole, label_width=room, bar_x=label_x, body_x=label_x, body_width=room, below=below)


def _column_widths(
    font: float, windows: Sequence[WindowLabel], label: str, measure: Measure, least: float = 0.0
) -> _ColumnWidths:
    numbered = [window for window in windows if window.word_for_window]
    number = max((measure(w.number, font, True) for w in numbered), default=0.0)
    ways = text = 0.0
    if _is_readable(WAY_EM * font, least):
        ways = max((way_width(w, WAY_EM * font, measure) for w in numbered), default=0.0)
    if _is_readable(WORD_EM * font, least):
        text = max((measure(w.word_for_window, WORD_EM * font, True) for w in numbered), default=0.0)
    text = max(text, min(ways, WIDEST_WAY_EM * font))
    body = number + (BESIDE_EM * font + text if text else 0.0)
    name = max(NAME_EM * font, least)
    names = [min(measure(w.number, name, True), WIDEST_NAME_EM * font) for w in windows if not w.word_for_window]
    return _ColumnWidths(measure(label, font, True), number, text, max([body, *names]))


def _common_way_font_size(em: float, windows: Sequence[WindowLabel], width: float, measure: Measure) -> float:
    """Return one size for the ways of all windows, except for those far too long."""
    full = WAY_EM * em
    sizes = [_fitting_way_font_size(w, full, width, measure) for w in windows if w.word_for_window and w.zone]
    return min((size for size in sizes if size >= LEAST_COMMON_SHARE * full), default=full)


def _fitting_way_font_size(window: WindowLabel, full: float, width: float, measure: Measure) -> float:
    """Return the size, `full` at most, at which a window's way fits `width`. It is measured repeatedly, because screens
    use whole font sizes, so that widths do not shrink in proportion."""
    size = full
    for _round in range(MEASURED):
        wide = way_width(window, size, measure)
        if wide <= width:
            break
        size *= width / wide
    return size


def way_width(window: WindowLabel, size: float, measure: Measure) -> float:
    """Return the width of a window's way at a size, with its arrow."""
    arrow = (ARROW_EM + ARROW_GAP_EM) * size if window.arrow and window.zone else 0.0
    return measure(window.zone, size, False) + arrow


def row_drawing_marks(
    block: NumberAndWindow, plan: RowColumnsPlan, measure: Measure, left: float, middle: float
) -> Iterator[Mark]:
    """Yield the marks of a row that begins at `left`, with its middle at `middle`."""
    if plan.below is not None:
        yield from _marks_of_stacked_row(block, plan, measure, left, middle)
        return
    size = largest_fitting_font_size(block.label, plan.label_width + 1, plan.font, plan.font / 3, measure)
    yield PlacedText(NUMBER, block.label, left + plan.label_x, middle + CAP_MIDDLE_EM * size, size, True)
    window = block.window
    if window is None:
        return
    high, wide = BAR_HEIGHT_EM * plan.font, max(LEAST_BAR, BAR_EM * plan.font)
    yield NumberWindowDivider(left + plan.bar_x - wide / 2, middle - high / 2, wide, high)
    yield from _window_marks(block, plan, measure, left, middle)


def _marks_of_stacked_row(
    block: NumberAndWindow, plan: RowColumnsPlan, measure: Measure, left: float, middle: float
) -> Iterator[Mark]:
    em = plan.font
    size = largest_fitting_font_size(block.label, plan.label_width + 1, em, em / 3, measure)
    baseline = middle + (STACKED_NUMBER_EM + CAP_MIDDLE_EM) * em
    yield PlacedText(NUMBER, block.label, left + plan.label_x, baseline, size, True)
    if plan.below is None or block.window is None:
        return
    thick = max(LEAST_BAR, BAR_EM * em)
    yield NumberWindowDivider(left + plan.bar_x, middle + STACKED_BAR_EM * em - thick / 2, plan.body_width, thick)
    yield from _window_marks(block, plan.below, measure, left, middle + STACKED_WINDOW_EM * em)


def _window_marks(
    block: NumberAndWindow, plan: RowColumnsPlan, measure: Measure, left: float, middle: float
) -> Iterator[Mark]:
    """Yield the window with its word and way, and the tag."""
    window = block.window
    if window is None:
        return
    if window.word_for_window:
        yield from _numbered_window_marks(window, plan, measure, left, middle)
    else:
        yield from _named_window_marks(window, plan, measure, left, middle)
    if block.tag:
        x, width = (plan.text_x, plan.text_width) if window.word_for_window else (plan.body_x, plan.body_width)
        yield from _tag_drawing_marks(block, plan, measure, _LineSpace(left + x, middle, width))


def _numbered_window_marks(
    window: WindowLabel, plan: RowColumnsPlan, measure: Measure, left: float, middle: float
) -> Iterator[Mark]:
    em = plan.font
    size = largest_fitting_font_size(window.number, plan.number_width + 1, em, em / 4, measure)
    spare = plan.number_width - measure(window.number, size, True)
    x = left + plan.number_x + (spare if window.before else spare / 2)
    yield PlacedText(WINDOW, window.number, x, middle + CAP_MIDDLE_EM * size, size, True)
    x = left + plan.text_x
    above = WORD_ABOVE_EM * em if window.zone else 0.0
    if plan.is_font_share_readable(WORD_EM):
        yield PlacedText(WORD, window.word_for_window, x, middle - above + MIDDLE_EM * WORD_EM * em, WORD_EM * em, True)
    yield from _zone_and_arrow_marks(window, plan, measure, _LineSpace(x, middle + WAY_BELOW_EM * em, plan.text_width))


def _named_window_marks(
    window: WindowLabel, plan: RowColumnsPlan, measure: Measure, left: float, middle: float
) -> Iterator[Mark]:
    em, x = plan.font, left + plan.body_x
    largest = LARGEST_TAGGED_EM if plan.tagged and window.zone else LARGEST_NAME_EM
    above = NAME_ABOVE_EM * em if window.zone else 0.0
    least = max(plan.least, LEAST_NAME_EM * em)
    size = largest_fitting_font_size(
        window.number, plan.body_width, largest * em, max(least, NAME_EM * em * 0.8), measure
    )
    lines = [window.number]
    if measure(window.number, size, True) > plan.body_width + 0.5:
        lines = _split_in_two_lines(window.number)
        longest = max(lines, key=lambda line: measure(line, size, True))
        size = largest_fitting_font_size(longest, plan.body_width, max(least, NAME_EM * em), least, measure)
        lines = [cut_text_to_width(line, plan.body_width, size, measure, bold=True) for line in lines]
    top = middle - above - NAME_LINE_EM * size * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        yield PlacedText(WINDOW, line, x, top + NAME_LINE_EM * size * number + MIDDLE_EM * size, size, True)
    yield from _zone_and_arrow_marks(
        window, plan, measure, _LineSpace(x, middle + NAME_WAY_BELOW_EM * em, plan.body_width)
    )


def _split_in_two_lines(name: str) -> list[str]:
    """Return a name in two lines, broken near its middle."""
    breaks = [at for at, sign in enumerate(name) if sign == " "] or range(1, len(name))
    half = min(breaks, key=lambda at: abs(2 * at - len(name)), default=len(name))
    return [line for line in (name[:half].rstrip(), name[half:].lstrip()) if line]


class _LineSpace(Struct, frozen=True):
    """The left end, the middle's height and the greatest width of a line."""

    left: float
    middle: float
    width: float


def _zone_and_arrow_marks(
    window: WindowLabel, plan: RowColumnsPlan, measure: Measure, room: _LineSpace
) -> Iterator[Mark]:
    """Yield the zone, with its arrow on the side it points to; a long one is smaller."""
    if not window.zone or not plan.is_font_share_readable(WAY_EM):
        return
    em = plan.font
    size = min(plan.way_size, max(LEAST_WAY_EM * em, _fitting_way_font_size(window, WAY_EM * em, room.width, measure)))
    yield from _zone_drawing_marks(window, measure, room, size)


def _zone_drawing_marks(window: WindowLabel, measure: Measure, room: _LineSpace, size: float) -> Iterator[Mark]:
    side, gap, x, middle = ARROW_EM * size, ARROW_GAP_EM * size, room.left, room.middle
    zone = cut_text_to_width(window.zone, room.width - (side + gap if window.arrow else 0) + 2, size, measure)
    if window.arrow and not window.has_arrow_last:
        yield arrow_filling_square(window.arrow, x, middle - side / 2, side)
        x += side + gap
    yield PlacedText(WAY, zone, x, middle + MIDDLE_EM * size, size, False)
    if window.arrow and window.has_arrow_last:
        yield arrow_filling_square(window.arrow, x + measure(zone, size, False) + gap, middle - side / 2, side)


def _tag_drawing_marks(
    block: NumberAndWindow, plan: RowColumnsPlan, measure: Measure, room: _LineSpace
) -> Iterator[Mark]:
    """Yield sign and word of a fresh call, on a line of their own above the window's word."""
    size = TAG_EM * plan.font
    sign = (SIGN_EM + SIGN_GAP_EM) * size
    size *= min(1.0, room.width / (sign + measure(block.tag, size, True)))
    if size < LEAST_TAG:
        return
    x, middle, side = room.left, room.middle - TAG_ABOVE_EM * plan.font, SIGN_EM * size
    yield TagSignPlace(block.icon, x, middle - side / 2, side)
    yield PlacedText(TAG, block.tag, x + side + SIGN_GAP_EM * size, middle + MIDDLE_EM * size, size, True)


# -- a block on one line ---------------------------------------------------------------------------------------------


def block_width_on_one_line(block: NumberAndWindow, size: float, measure: Measure, *, with_way: bool = False) -> float:
    window = block.window
    width = measure(block.label, size, True)
    if window is not None:
        width += (
            LINE_GAP_EM * 2 * size + divider_width_on_one_line(size) + measure(window.number_with_word, size, False)
        )
        if with_way and window.zone:
            width += LINE_GAP_EM * size + way_width(window, LINE_WAY_EM * size, measure)
    return width


def divider_width_on_one_line(size: float) -> float:
    return max(LEAST_BAR, 0.06 * size)


def block_marks_on_one_line(
    block: NumberAndWindow, size: float, measure: Measure, x: float, middle: float, *, with_way: bool = False
) -> Iterator[Mark]:
    """Yield the marks of a block on one line from `x` on: number, bar, window, way."""
    baseline, window = middle + CAP_MIDDLE_EM * size, block.window
    yield PlacedText(NUMBER, block.label, x, baseline, size, True)
    if window is None:
        return
    x += measure(block.label, size, True) + LINE_GAP_EM * size
    high, wide = LINE_BAR_EM * size, divider_width_on_one_line(size)
    yield NumberWindowDivider(x, middle - high / 2, wide, high)
    x += wide + LINE_GAP_EM * size
    yield PlacedText(WINDOW, window.number_with_word, x, baseline, size, False)
    if with_way and window.zone:
        x += measure(window.number_with_word, size, False) + LINE_GAP_EM * size
        way = LINE_WAY_EM * size
        yield from _zone_drawing_marks(window, measure, _LineSpace(x, middle, way_width(window, way, measure)), way)


BAR_SIGN = "│"
ARROW_SIGNS = {"left": "←", "right": "→", "up": "↑", "down": "↓"}


# -- fitting ---------------------------------------------------------------------------------------------------------


def largest_fitting_font_size(text: str, width: float, size: float, least: float, measure: Measure) -> float:
    """Return the largest size from `size` down to `least` at which bold `text` fits `width`; `least` if none does."""
    while size > least:
        used = measure(text, size, True)
        if used <= width:
            return size
        size = max(least, min(size - 1, size * width / used))
    return size


def cut_text_to_width(text: str, width: float, size: float, measure: Measure, *, bold: bool = False) -> str:
    if measure(text, size, bold) <= width + 0.5:
        return text
    while text and measure(text + "…", size, bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"
