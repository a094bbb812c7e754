"""A display as one drawing that any browser scales to its screen: the rows, places and sizes of the hall's own display.

What belongs to a fresh call is in groups of the class `fresh`; `clock` is set by the page's script, and `lines` gives
way to `lost` where the page hears nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from msgspec import Struct

from queuedesk.core.talk import number_block
from queuedesk.core.talk.display import GAP_PX, DisplayLayout, PlainRect, RowCountAndSize, ZoneTitleAndRowRects
from queuedesk.files.reading import read_program_file
from queuedesk.i18n.line_breaks import unbroken_pieces
from queuedesk.i18n.queue import display_words
from queuedesk.paths import resource_path

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

MIDDLE_EM = 0.36
"""Height of the middle of a line's capitals above its baseline."""
STEP_EM = 1.2
MOST_LINES, LINES_HEAD_PX, LARGEST_LINE_PX, LEAST_LINE_PX = 8, 84.0, 178.0, 84.0
LEAST_TEXT_PX = 24.0
SHORT_RANGE = 4
SLIDE_PX, SLIDE_DOTS_PX = 56.0, 180.0
"""The edge of a slide, and the room for which of them it is."""
_RUNS = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")


class StripLine(Struct, frozen=True):
    """A text of the strip and how long it stays; `is_pushed`: it was sent to the displays."""

    text: str
    seconds: float
    is_pushed: bool = False


class DisplayText(Struct, frozen=True, kw_only=True):
    """Everything that a display says now, in finished texts. `widest` is a number as wide as any can be; `has_slide`:
    room is left for slides, which the page's script shows."""

    hall: str
    day: str
    clock: str
    widest: str
    parts: tuple[display_words.ScreenPartText, ...]
    calls: tuple[display_words.ScreenPartCalls, ...]
    lines: display_words.WaitingLinesText
    earlier: str
    empty: str
    strip: tuple[StripLine, ...]
    order: tuple[display_words.OrderListColumn, ...] = ()
    closed: display_words.ClosedHallText | None = None
    emergency: display_words.EmergencyText | None = None
    lost: str = ""
    has_slide: bool = False


def display_text_width(text: str, size: float, bold: bool) -> float:
    """Return the width of a text in the typefaces of displays: Inter, and that of paper for whatever it lacks."""
    from queuedesk.reports.draw.pdf import text_width  # only displays need it

    return sum(
        _latin_typeface(bold).stringWidth(run, size) if run.isascii() else text_width(run, size, bold=bold)
        for run in _RUNS.findall(text)
    )


@cache
def _latin_typeface(bold: bool) -> TTFont:
    from reportlab.pdfbase.ttfonts import TTFont

    name = "QDInter-Bold" if bold else "QDInter-Regular"
    return TTFont(name, str(resource_path("fonts", f"{name}.ttf")))


def display_svg(
    layout: DisplayLayout[PlainRect],
    sizes: Sequence[RowCountAndSize],
    places: Sequence[ZoneTitleAndRowRects],
    said: DisplayText,
) -> str:
    """Return the display as SVG. `sizes` are the rows of each part; `places` those of zones, empty for one part."""
    width, height = layout.canvas
    svg = _SvgMarks()
    _draw_head_into_svg(svg, layout.head, said)
    if said.emergency is not None:
        _draw_emergency(svg, layout, said)
    elif said.closed is not None:
        _draw_closed_hall_into_svg(svg, layout.body, said.closed)
    elif layout.order is not None:
        _draw_next_boxes(svg, layout.order, said.order)
    elif layout.is_divided_by_zone:
        for at, (place, size, part) in enumerate(zip(places, sizes, said.parts, strict=True)):
            _draw_zone_title(svg, place.title, part)
            _draw_call_rows(svg, place.rows, size, said, at)
            _draw_short_waiting_lines_into_svg(svg, place.lines, part.lines)
    else:
        _draw_undivided_display(svg, layout, sizes[0], said)
    if said.emergency is None:
        _draw_strip(svg, layout.strip, said.strip)
    _draw_stale_note(svg, layout.lines or layout.strip, said.lost)
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(_spoken_display(said))}">{svg.svg_text}</svg>'


class _SvgMarks:
    """Marks, one after the other."""

    def __init__(self) -> None:
        self._marks: list[str] = []

    @property
    def svg_text(self) -> str:
        return "".join(self._marks)

    def draw_text(
        self,
        text: str,
        place: tuple[float, float],
        size: float,
        kind: str = "ink",
        *,
        bold: bool = False,
        anchor: str = "",
        width: float = 0.0,
        id: str = "",
    ) -> None:
        """Draw a line of text on its baseline; with `width` exactly as wide, whatever typeface the browser has."""
        x, y = place
        more = (f' text-anchor="{anchor}"' if anchor else "") + (f' id="{id}"' if id else "")
        if width:
            more += f' textLength="{width:.1f}"'
        weight = ' font-weight="700"' if bold else ""
        self._marks.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}" class="{kind}"{weight}{more}>{escape(text)}</text>'
        )

    def draw_text_at_middle_height(
        self, text: str, box: PlainRect, size: float, kind: str = "ink", *, bold: bool = False
    ) -> None:
        """Draw text that is cut to the box's width, in the middle of its height."""
        shown = number_block.cut_text_to_width(text, box.wide, size, display_text_width, bold=bold)
        self.draw_text(shown, (box.x, box.y + box.high / 2 + MIDDLE_EM * size), size, kind, bold=bold)

    def draw_at_right(self, text: str, box: PlainRect, size: float, kind: str = "ink", *, bold: bool = False) -> None:
        place = box.x + box.wide, box.y + box.high / 2 + MIDDLE_EM * size
        self.draw_text(text, place, size, kind, bold=bold, anchor="end")

    def draw_centred(self, text: str, box: PlainRect, size: float, kind: str = "ink", *, bold: bool = False) -> None:
        place = box.x + box.wide / 2, box.y + box.high / 2 + MIDDLE_EM * size
        self.draw_text(text, place, size, kind, bold=bold, anchor="middle")

    def draw_box(self, box: PlainRect, radius: float, kind: str) -> None:
        x, y, wide, high = box
        self._marks.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="{radius:.1f}" class="{kind}"/>'
        )

    def draw_line(self, x: float, y: float, wide: float) -> None:
        self._marks.append(f'<path d="M{x:.1f} {y:.1f}h{wide:.1f}" class="line"/>')

    def draw_arrow(self, arrow: number_block.WayArrowLines) -> None:
        for points in arrow.lines:
            told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            self._marks.append(f'<polyline points="{told}" class="arrow" stroke-width="{arrow.width:.1f}"/>')

    def draw_icon(self, name: str, box: PlainRect, kind: str) -> None:
        scale = box.high / 24
        self._marks.append(
            f'<g class="icon {kind}" transform="translate({box.x:.1f} {box.y:.1f}) scale({scale:.3f})">{_svg_text_of_icon_strokes(name)}</g>'
        )

    def open_group(self, kind: str, more: str = "") -> None:
        self._marks.append(f'<g class="{kind}"{more}>')

    def close_group(self) -> None:
        self._marks.append("</g>")


@cache
def _svg_text_of_icon_strokes(name: str) -> str:
    """Return the strokes of an icon of the program's."""
    drawn = ElementTree.fromstring(read_program_file(resource_path("icons", f"{name}.svg")).decode())
    marks = []
    for mark in drawn:
        given = "".join(f' {key}="{escape(value)}"' for key, value in mark.attrib.items())
        marks.append(f"<{mark.tag.rpartition('}')[2]}{given}/>")
    return "".join(marks)


def _draw_head_into_svg(svg: _SvgMarks, box: PlainRect, said: DisplayText) -> None:
    box = PlainRect(box.x, box.y + 24, box.wide, 60)
    clock = display_text_width("00:00", 58, True)
    svg.draw_text(
        "", (box.x + box.wide, box.y + box.high / 2 + MIDDLE_EM * 58), 58, "ink", bold=True, anchor="end", id="clock"
    )
    day = display_text_width(said.day, 34, False)
    room = box.wide - clock - 32
    if room - day - 48 > room / 3:
        svg.draw_at_right(said.day, PlainRect(box.x, box.y, room, box.high), 34, "ink2")
        room -= day + 48
    size = number_block.largest_fitting_font_size(said.hall, room, 40, 28, display_text_width)
    svg.draw_text_at_middle_height(said.hall, PlainRect(box.x, box.y, room, box.high), size, bold=True)


def _draw_undivided_display(
    svg: _SvgMarks, layout: DisplayLayout[PlainRect], size: RowCountAndSize, said: DisplayText
) -> None:
    if said.has_slide and layout.slide is not None and layout.rows_beside is not None:
        _draw_call_rows(svg, layout.rows_beside, size, said, 0)
        if layout.short_lines is not None:
            _draw_short_waiting_lines_into_svg(svg, layout.short_lines, said.lines)
        svg.draw_box(layout.slide, 16, "surface")
        return
    _draw_call_rows(svg, calls_rect_on_screen(layout, said), size, said, 0)
    if layout.earlier is not None:
        _draw_earlier_calls_into_svg(svg, layout.earlier, said.earlier, said.calls[0].earlier)
    if layout.lines is not None:
        svg.open_group("lines")
        (_draw_waiting_lines_in_columns if layout.is_tall else _draw_waiting_lines)(svg, layout.lines, said.lines)
        svg.close_group()


def calls_rect_on_screen(layout: DisplayLayout[PlainRect], said: DisplayText) -> PlainRect:
    """Return the room of the calls, which take that of an empty strip where the layout lets them."""
    return layout.rows_alone if layout.rows_alone is not None and not said.strip else layout.rows


def slide_drawing(slide: display_words.SlideText, place: PlainRect) -> str:
    """Return a slide of texts as SVG: what to bring for an item, the steps of a service, or a longer notice."""
    svg, room, y = _SvgMarks(), place.wide - 2 * SLIDE_PX, 118.0
    svg.draw_text_at_middle_height(slide.service, PlainRect(SLIDE_PX, 52, room, 60), 40, "teal", bold=True)
    size = number_block.largest_fitting_font_size(slide.title, room, 70, 52, display_text_width)
    for line in _wrap_to_width(slide.title, room, size, True)[:2] if slide.title else ():
        svg.draw_text_at_middle_height(line, PlainRect(SLIDE_PX, y, room, size * 1.3), size, bold=True)
        y += size * 1.3
    y, foot = y + 34, place.high - 104
    if slide.text:
        _draw_wrapped(svg, slide.text, PlainRect(SLIDE_PX, y, room, foot - y), 58, lines=30, is_top=True)
    step = min(128.0, (foot - y) / max(1, len(slide.papers)))
    side = 64 * max(0.5, min(1.0, step / 110))
    for number, paper in enumerate(slide.papers, 1):
        disc = PlainRect(SLIDE_PX, y + (step - side) / 2, side, side)
        svg.draw_box(disc, side / 2, "disc")
        svg.draw_centred(str(number), disc, side * 0.56, "on-disc", bold=True)
        words = PlainRect(SLIDE_PX + side + 28, y, room - side - 28, step)
        if paper.note:
            _draw_wrapped(svg, paper.name, words._replace(high=step * 0.6), side * 0.84, lines=1)
            _draw_wrapped(svg, paper.note, words._replace(y=y + step * 0.55, high=step * 0.4), 34, "ink2", lines=1)
        else:
            _draw_wrapped(svg, paper.name, words, side * 0.84, lines=2)
        y += step
    svg.draw_text_at_middle_height(slide.foot, PlainRect(SLIDE_PX, foot, room - SLIDE_DOTS_PX, 72), 36, "ink2")
    said = escape(" ".join((slide.service, slide.title, slide.text, *(paper.name for paper in slide.papers))))
    size_now = f"0 0 {place.wide:.0f} {place.high:.0f}"
    return f'<svg viewBox="{size_now}" role="img" aria-label="{said}">{svg.svg_text}</svg>'


def _draw_call_rows(svg: _SvgMarks, room: PlainRect, size: RowCountAndSize, said: DisplayText, at_part: int) -> None:
    """Draw the calls of a part below each other; all rows have one size, however many there are."""
    part, rows = said.parts[at_part], said.calls[at_part].rows
    if not rows:
        svg.draw_box(room, 14, "surface")
        px = number_block.largest_fitting_font_size(said.empty, room.wide - 112, 56, 32, display_text_width)
        _draw_wrapped(svg, said.empty, PlainRect(room.x + 56, room.y, room.wide - 112, room.high), px, "ink2", lines=2)
        return
    plan = number_block.plan_row_columns(
        room.wide, size.font, part.windows, said.widest, display_text_width, tagged=True
    )
    for at, row in enumerate(rows[: size.rows]):
        top = room.y + at * (size.height + GAP_PX)
        svg.open_group("row fresh" if row.fresh else "row", f' data-seq="{row.seq}"')
        svg.draw_box(PlainRect(room.x, top, room.wide, size.height), 14, "ground")
        _draw_number_block_into_svg(
            svg,
            number_block.row_drawing_marks(
                row.number_and_window_parts, plan, display_text_width, room.x, top + size.height / 2
            ),
        )
        svg.close_group()


def _draw_number_block_into_svg(svg: _SvgMarks, marks: Iterable[number_block.Mark]) -> None:
    for mark in marks:
        match mark:
            case number_block.PlacedText():
                width = (
                    display_text_width(mark.text, mark.size, mark.bold)
                    if mark.part in (number_block.NUMBER, number_block.WINDOW)
                    else 0.0
                )
                kind = "tag" if mark.part == number_block.TAG else "second" if mark.part == number_block.WAY else "ink"
                svg.draw_text(mark.text, (mark.x, mark.baseline), mark.size, kind, bold=mark.bold, width=width)
            case number_block.NumberWindowDivider():
                svg.draw_box(PlainRect(mark.left, mark.top, mark.width, mark.height), mark.width / 2, "bar")
            case number_block.WayArrowLines():
                svg.draw_arrow(mark)
            case number_block.TagSignPlace():
                svg.draw_icon(mark.icon, PlainRect(mark.left, mark.top, mark.side, mark.side), "tag")


def _draw_earlier_calls_into_svg(
    svg: _SvgMarks, box: PlainRect, title: str, calls: Sequence[number_block.NumberAndWindow]
) -> None:
    if not calls:
        return
    px, middle = 42.0, box.y + box.high / 2
    svg.draw_text(title, (box.x + 44, middle + MIDDLE_EM * px * 0.86), px * 0.86, "ink2")
    x = box.x + 44 + display_text_width(title, px * 0.86, False) + 1.3 * px
    for call in calls:
        wide = number_block.block_width_on_one_line(call, px, display_text_width)
        if x + wide > box.x + box.wide:
            break
        _draw_number_block_into_svg(svg, number_block.block_marks_on_one_line(call, px, display_text_width, x, middle))
        x += wide + 1.3 * px


def _draw_service_letter(svg: _SvgMarks, box: PlainRect, letter: str) -> None:
    svg.draw_box(box, box.high / 6, "letter")
    svg.draw_centred(letter, box, box.high * (0.62 if len(letter) == 1 else 0.44), "teal", bold=True)


def _draw_waiting_lines_head(svg: _SvgMarks, box: PlainRect, told: display_words.WaitingLinesText) -> None:
    head = PlainRect(box.x, box.y, box.wide, LINES_HEAD_PX)
    svg.draw_text_at_middle_height(told.title, head, 44, bold=True)
    svg.draw_at_right(told.total, head, 64, bold=True)


def _draw_waiting_lines(svg: _SvgMarks, box: PlainRect, told: display_words.WaitingLinesText) -> None:
    """Draw the total and each service with its wait; more services make lower lines, then two columns without waits."""
    _draw_waiting_lines_head(svg, box, told)
    if len(told.lines) > MOST_LINES:
        _draw_cells_of_waiting_lines(
            svg, PlainRect(box.x, box.y + LINES_HEAD_PX, box.wide, box.high - LINES_HEAD_PX), told.lines, 2
        )
        return
    top = box.y + LINES_HEAD_PX
    if told.waits:
        size = number_block.largest_fitting_font_size(
            told.waits, box.wide, 34, 24, lambda text, px, _bold: display_text_width(text, px, False)
        )
        svg.draw_text_at_middle_height(told.waits, PlainRect(box.x, top - 10, box.wide, 36), size, "ink2")
        top += 36
    high = min(LARGEST_LINE_PX, (box.y + box.high - top) / max(1, len(told.lines)))
    share = max(0.75, high / LARGEST_LINE_PX)
    for at, line in enumerate(told.lines):
        svg.draw_line(box.x, top + at * high, box.wide)
        _draw_waiting_line(svg, PlainRect(box.x, top + at * high, box.wide, high), line, share)


def _draw_waiting_line(svg: _SvgMarks, box: PlainRect, line: display_words.WaitingLineText, share: float) -> None:
    side, middle = 72 * share, box.y + box.high / 2
    _draw_service_letter(svg, PlainRect(box.x, middle - side / 2, side, side), line.letter)
    svg.draw_at_right(line.count, box, 92 * share, bold=True)
    left = box.x + side + 24
    room = box.x + box.wide - 28 - display_text_width(line.count, 92 * share, True) - left
    name = number_block.largest_fitting_font_size(line.name, room, 46 * share, 36 * share, display_text_width)
    told = [text for text in (line.wait, line.ahead) if text] if box.high >= LEAST_LINE_PX else []
    small = min(
        [
            34 * share,
            *(34 * share * min(1.0, room / max(1.0, display_text_width(text, 34 * share, False))) for text in told),
        ]
    )
    small = max(LEAST_TEXT_PX * share, small)
    y = middle - (name * STEP_EM + len(told) * small * STEP_EM) / 2
    svg.draw_text_at_middle_height(line.name, PlainRect(left, y, room, name * STEP_EM), name, bold=True)
    y += name * STEP_EM
    for text in told:
        svg.draw_text_at_middle_height(text, PlainRect(left, y, room, small * STEP_EM), small, "ink2")
        y += small * STEP_EM


def _draw_waiting_lines_in_columns(svg: _SvgMarks, box: PlainRect, told: display_words.WaitingLinesText) -> None:
    _draw_waiting_lines_head(svg, box, told)
    columns = 2 if len(told.lines) <= MOST_LINES else SHORT_RANGE
    _draw_cells_of_waiting_lines(
        svg, PlainRect(box.x, box.y + LINES_HEAD_PX, box.wide, box.high - LINES_HEAD_PX), told.lines, columns
    )


def _draw_cells_of_waiting_lines(
    svg: _SvgMarks, box: PlainRect, lines: Sequence[display_words.WaitingLineText], columns: int
) -> None:
    rows = max(1, -(-len(lines) // columns))
    high, wide = min(120.0, box.high / rows), box.wide / columns
    for at, line in enumerate(lines):
        cell = PlainRect(box.x + at % columns * wide, box.y + at // columns * high, wide - 28, high)
        side = min(60.0, high * 0.7)
        _draw_service_letter(svg, PlainRect(cell.x, cell.y + (high - side) / 2, side, side), line.letter)
        svg.draw_at_right(line.count, cell, min(60.0, high * 0.62), bold=True)
        room = cell.wide - side - 20 - display_text_width(line.count, min(60.0, high * 0.62), True) - 16
        if room > 120:
            px = number_block.largest_fitting_font_size(
                line.name, room, min(40.0, high * 0.42), min(26.0, high * 0.34), display_text_width
            )
            svg.draw_text_at_middle_height(line.name, PlainRect(cell.x + side + 20, cell.y, room, high), px)


def _draw_short_waiting_lines_into_svg(svg: _SvgMarks, box: PlainRect, told: display_words.WaitingLinesText) -> None:
    """Draw who waits in one box under a zone's calls."""
    if box.high <= 0 or not told.lines:
        return
    svg.open_group("lines")
    svg.draw_box(box, 14, "surface")
    title = PlainRect(box.x + 24, box.y, min(220.0, box.wide / 3), box.high)
    svg.draw_text_at_middle_height(told.short_title, title, 36, bold=True)
    left = title.x + min(title.wide, display_text_width(told.short_title, 36, True)) + 24
    wide = (box.x + box.wide - 16 - left) / len(told.lines)
    for at, line in enumerate(told.lines):
        side = min(56.0, wide * 0.45)
        x = left + at * wide
        _draw_service_letter(svg, PlainRect(x, box.y + (box.high - side) / 2, side, side), line.letter)
        svg.draw_text(line.count, (x + side + 10, box.y + box.high / 2 + MIDDLE_EM * side * 0.7), side * 0.7, bold=True)
    svg.close_group()


def _draw_zone_title(svg: _SvgMarks, box: PlainRect, part: display_words.ScreenPartText) -> None:
    px = number_block.largest_fitting_font_size(part.title, box.wide, 50, 34, display_text_width)
    svg.draw_text_at_middle_height(part.title, box, px, bold=True)
    svg.draw_line(box.x, box.y + box.high - 8, box.wide)


def _draw_next_boxes(svg: _SvgMarks, room: PlainRect, columns: Sequence[display_words.OrderListColumn]) -> None:
    """Draw who is next, a box for each service."""
    most = 2 if room.high > room.wide else 5
    rows = max(1, -(-len(columns) // most))
    across = max(1, -(-len(columns) // rows))
    wide, high = (room.wide - (across - 1) * 22) / across, (room.high - (rows - 1) * 22) / rows
    size = max(44.0, min(64.0, (high - 236) / 4 / 1.28))
    for at, column in enumerate(columns):
        box = PlainRect(room.x + at % across * (wide + 22), room.y + at // across * (high + 22), wide, high)
        svg.draw_box(box, 16, "surface")
        left, inner = box.x + 32, wide - 64
        _draw_service_letter(svg, PlainRect(left, box.y + 40, 72, 72), column.letter)
        px = number_block.largest_fitting_font_size(column.name, inner - 94, 46, 30, display_text_width)
        svg.draw_text_at_middle_height(column.name, PlainRect(left + 94, box.y + 30, inner - 94, 52), px, bold=True)
        svg.draw_text_at_middle_height(column.windows, PlainRect(left + 94, box.y + 82, inner - 94, 42), 30, "ink2")
        svg.draw_line(left, box.y + 152, inner)
        x = left
        for label, is_called in column.called:
            step = display_text_width(label, 40, True)
            if x + step > left + inner:
                break
            svg.open_group("fresh" if is_called else "at")
            if is_called:
                svg.draw_box(PlainRect(x - 8, box.y + 162, step + 16, 64), 10, "ground")
            svg.draw_text(label, (x, box.y + 194 + MIDDLE_EM * 40), 40, "ink", bold=True)
            svg.close_group()
            x += step + 32
        svg.draw_line(left, box.y + 236, inner)
        _draw_next_numbers(svg, PlainRect(left, box.y + 250, inner, high - 264), column, size)


def _draw_next_numbers(svg: _SvgMarks, box: PlainRect, column: display_words.OrderListColumn, size: float) -> None:
    if not column.next:
        svg.draw_text_at_middle_height(column.empty, PlainRect(box.x, box.y, box.wide, 64), 34, "ink2")
        return
    step = size * 1.28
    marked = max((display_text_width(word, 34, False) + 30 for _icon_name, word in column.marks if word), default=0.0)
    wide = max(display_text_width(one.label, size, True) for one in column.next) + marked + 40
    down, across = max(1, int(box.high / step)), max(1, int((box.wide + 40) / wide))
    held = down * across
    shown = column.next if len(column.next) <= held else column.next[: held - 1]
    for at, one in enumerate(shown):
        x, y = box.x + at // down * (box.wide / across), box.y + at % down * step + step / 2
        svg.draw_text(one.label, (x, y + MIDDLE_EM * size), size, bold=True)
        if word := column.marks[at][1]:
            svg.draw_text(word, (x + display_text_width(one.label, size, True) + 24, y + MIDDLE_EM * 34), 34, "ink2")
    if len(shown) < len(column.next):
        at = len(shown)
        x, y = box.x + at // down * (box.wide / across), box.y + at % down * step + step / 2
        svg.draw_text(column.more.format(n=len(column.next) - at), (x, y + MIDDLE_EM * 38), 38, "ink2")


def _draw_closed_hall_into_svg(svg: _SvgMarks, box: PlainRect, closed: display_words.ClosedHallText) -> None:
    top = box.y + max(0.0, (box.high - 848) * 0.4)
    phone = f"{closed.phone_words} {closed.phone}".strip()
    for text, y, size, kind, bold in (
        (closed.title, 146, 166.0, "ink", True),
        (closed.opens, 374, 82.0, "ink2", False),
        (closed.why, 488, 64.0, "ink2", False),
        (phone, 600, 64.0, "ink", False),
    ):
        if text:
            px = number_block.largest_fitting_font_size(text, box.wide - 96, size, 40, display_text_width)
            svg.draw_centred(text, PlainRect(box.x, top + y, box.wide, size * 1.3), px, kind, bold=bold)


def _draw_emergency(svg: _SvgMarks, layout: DisplayLayout[PlainRect], said: DisplayText) -> None:
    """Draw an announcement over the whole screen, with the calls that go on in a strip below it."""
    emergency = said.emergency
    rows = sorted(
        (row for calls in said.calls for row in calls.rows if row.fresh or row.coming),
        key=lambda row: (not row.fresh, -row.seq),
    )[:4]
    if emergency is None:
        return
    width, height = layout.canvas
    top, strip = layout.head.y + layout.head.high, layout.calls_strip
    low = strip.y - 16 if rows else height
    svg.draw_box(PlainRect(0, top, width, low - top), 0, "alarm")
    for y in (top, low - 32):
        svg.draw_box(PlainRect(0, y, width, 32), 0, "stripes")
    svg.draw_icon("warning", PlainRect(72, top + 70, 110, 110), "ink")
    svg.draw_text_at_middle_height(emergency.head, PlainRect(210, top + 70, width - 282, 110), 84, bold=True)
    body = PlainRect(72, top + 210, width - 144, low - top - 290)
    share = 0.7 if emergency.second else 1.0
    first = PlainRect(body.x, body.y, body.wide, body.high * share)
    _draw_wrapped(svg, emergency.text, first, 130, bold=True, is_top=True)
    if emergency.second:
        second = PlainRect(body.x, body.y + body.high * share, body.wide, body.high * (1 - share))
        _draw_wrapped(svg, emergency.second, second, 64, is_top=True)
    if rows:
        svg.draw_text_at_middle_height(emergency.calls_title, PlainRect(strip.x, strip.y, strip.wide, 44), 32, "ink2")
        across = min(len(rows), 4 if strip.wide > 1200 else 2)
        deep = -(-len(rows) // across)
        wide, high = (strip.wide - 20 * (across - 1)) / across, min(188.0, (strip.high - 48 - 16 * (deep - 1)) / deep)
        for at, row in enumerate(rows):
            box = PlainRect(strip.x + at % across * (wide + 20), strip.y + 48 + at // across * (high + 16), wide, high)
            font = min(
                number_block.font_size_filling_width(wide, [row.window], row.label, display_text_width), high / 1.08
            )
            plan = number_block.plan_row_columns(wide, font, [row.window], row.label, display_text_width)
            svg.open_group("row fresh" if row.fresh else "row", f' data-seq="{row.seq}"')
            svg.draw_box(box, 14, "ground")
            _draw_number_block_into_svg(
                svg,
                number_block.row_drawing_marks(
                    number_block.NumberAndWindow(row.label, row.window),
                    plan,
                    display_text_width,
                    box.x,
                    box.y + high / 2,
                ),
            )
            svg.close_group()


def _draw_strip(svg: _SvgMarks, box: PlainRect, lines: Sequence[StripLine]) -> None:
    """Draw every text of the strip; the page's script shows one at a time."""
    for at, line in enumerate(lines):
        svg.open_group("strip" if at else "strip first", f' data-seconds="{line.seconds:.1f}"')
        svg.draw_box(box, 16, "notice")
        svg.draw_icon(
            "bell" if line.is_pushed else "info", PlainRect(box.x + 38, box.y + (box.high - 46) / 2, 46, 46), "teal"
        )
        room = PlainRect(box.x + 112, box.y, box.wide - 150 - (120 if len(lines) > 1 else 0), box.high)
        _draw_wrapped(svg, line.text, room, 42, lines=2)
        if len(lines) > 1:
            svg.draw_at_right(f"{at + 1} / {len(lines)}", PlainRect(box.x, box.y, box.wide - 38, box.high), 32, "ink2")
        svg.close_group()


def _draw_stale_note(svg: _SvgMarks, box: PlainRect, text: str) -> None:
    """Draw in the place of the waiting list that the page is not current; it shows only then."""
    svg.open_group("lost")
    svg.draw_box(box, 16, "notice")
    side = min(64.0, box.high * 0.5)
    svg.draw_icon("away", PlainRect(box.x + 32, box.y + (min(box.high, 240) - side) / 2, side, side), "fresh-line")
    room = PlainRect(box.x + 56 + side, box.y, box.wide - side - 80, min(box.high, 240.0))
    _draw_wrapped(svg, text, room, 44, bold=True, lines=3)
    svg.close_group()


def _draw_wrapped(
    svg: _SvgMarks,
    text: str,
    box: PlainRect,
    largest: float,
    kind: str = "ink",
    *,
    bold: bool = False,
    lines: int = 12,
    is_top: bool = False,
) -> None:
    """Draw text in lines as large as it fits, cut with … where it does not at the smallest size."""
    size = largest
    told = _wrap_to_width(text, box.wide, size, bold)
    while size > LEAST_TEXT_PX and (len(told) > lines or len(told) * size * STEP_EM > box.high):
        size -= 2
        told = _wrap_to_width(text, box.wide, size, bold)
    room = max(1, min(lines, int(box.high // (size * STEP_EM))))
    if len(told) > room:
        told = [*told[: room - 1], told[room - 1] + "…"]
    y = box.y if is_top else box.y + (box.high - len(told) * size * STEP_EM) / 2
    for line in told:
        svg.draw_text_at_middle_height(line, PlainRect(box.x, y, box.wide, size * STEP_EM), size, kind, bold=bold)
        y += size * STEP_EM


def _wrap_to_width(text: str, width: float, size: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for part in text.splitlines() or [""]:
        line = ""
        for piece in unbroken_pieces(part):
            if line and display_text_width(line + piece.rstrip(), size, bold) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
        lines.append(line.rstrip())
    return lines


def _spoken_display(said: DisplayText) -> str:
    """Return what a screen reader says of the drawing."""
    if said.emergency is not None:
        return " ".join((said.emergency.head, said.emergency.text, said.emergency.second))
    if said.closed is not None:
        return " ".join((said.hall, said.closed.title, said.closed.opens))
    calls = [row.number_and_window_parts.number_and_window_text for calls in said.calls for row in calls.rows] or [
        said.empty
    ]
    waiting = [f"{line.letter} {line.name} {line.wait} {line.count}" for line in said.lines.lines]
    return ". ".join((said.hall, *calls, said.lines.title, *waiting))
