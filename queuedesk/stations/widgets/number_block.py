"""A ticket's number, painted with window and way or typed into boxes, and the field for a customer's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPaintEvent, QPen, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from queuedesk.core.talk import number_block as laid
from queuedesk.stations.widgets.paint import Painter, centred_baseline_y, largest_fitting_px, width_of_text
from queuedesk.stations.widgets.panels import BigNumberLabel
from queuedesk.stations.window.style import Look, font_of_size

RADIUS = 14
FRAME_PX = 6
FRESH_WITH_TAG = 0.99
EARLIER_PX, LEAST_EARLIER_PX = 42, 32
LEAST_SHARE = 0.65
"""How much of its size a number may give up for its window."""
_ROUND = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin


def text_width_px(text: str, size: float, bold: bool) -> float:
    return width_of_text(font_of_size(size, bold=bold), text)


def font_size_filling_width(width: float, windows: Sequence[laid.WindowLabel], label: str) -> float:
    """Return the size of the number at which the widest row is exactly `width` wide."""
    return laid.font_size_filling_width(width, windows, label, text_width_px)


def widest_row_width(font: float, windows: Sequence[laid.WindowLabel], label: str, *, least: float = 0.0) -> float:
    """Return the width of the widest row where its number is `font` large and no letter is under `least`."""
    return laid.widest_row_width(font, windows, label, text_width_px, least=least)


def plan_row_columns(
    width: float,
    font: float,
    windows: Sequence[laid.WindowLabel],
    label: str,
    *,
    tagged: bool = False,
    least: float = 0.0,
) -> laid.RowColumnsPlan:
    """Return the columns for rows of `width`; `windows` are all that may be called, `label` the widest number."""
    return laid.plan_row_columns(width, font, windows, label, text_width_px, tagged=tagged, least=least)


def stacked_font_filling_width(width: float, label: str) -> float:
    """Return the size of the number at which a row with the window below it is exactly `width` wide."""
    return laid.stacked_font_filling_width(width, label, text_width_px)


def plan_stacked_columns(
    width: float, font: float, windows: Sequence[laid.WindowLabel], label: str, *, tagged: bool = False
) -> laid.RowColumnsPlan:
    """Return the columns for rows of `width` in which the window stands below the number."""
    return laid.plan_stacked_columns(width, font, windows, label, text_width_px, tagged=tagged)


class NumberBlockColors(Struct, frozen=True):
    """The colours of a block. `tagged` is whether its tag is drawn."""

    ink: QColor | str
    second: QColor | str
    bar: QColor | str
    ground: QColor | str = ""
    frame: bool = False
    tagged: bool = False


QUIET = NumberBlockColors("ink", "ink2", "line")


def number_row_colors(painter: Painter, fresh: float, *, frame: bool) -> NumberBlockColors:
    """Return the colours of a row of the hall's screens that is fresh (1), dark (0) or in between."""
    color = painter.look.color
    return NumberBlockColors(
        ink=_mix_colors(color("ink"), color("fresh_ink"), fresh),
        second=_mix_colors(color("ink2"), color("fresh_ink"), fresh),
        bar=_mix_colors(color("line"), color("fresh_ink"), fresh),
        ground=_mix_colors(color("surface"), color("fresh"), fresh),
        frame=frame,
        tagged=fresh > FRESH_WITH_TAG,
    )


def _mix_colors(dark: QColor, fresh: QColor, share: float) -> QColor:
    pairs = ((dark.red(), fresh.red()), (dark.green(), fresh.green()), (dark.blue(), fresh.blue()))
    parts = [round(a + (b - a) * share) for a, b in pairs]
    return QColor(*parts)


def paint_number_and_window_row(
    painter: Painter, rect: QRectF, block: laid.NumberAndWindow, plan: laid.RowColumnsPlan, tone: NumberBlockColors
) -> None:
    painter.draw_box(rect, RADIUS, tone.ground)
    if tone.frame:
        painter.draw_box(rect, RADIUS, "", edge="ink", width=FRAME_PX)
    paint_marks(painter, laid.row_drawing_marks(block, plan, text_width_px, rect.left(), rect.center().y()), tone)


def paint_marks(painter: Painter, marks: Iterable[laid.Mark], tone: NumberBlockColors) -> None:
    for mark in marks:
        match mark:
            case laid.PlacedText() if mark.part != laid.TAG or tone.tagged:
                ink = tone.second if mark.part == laid.WAY else tone.ink
                painter.draw_words(mark.text, font_of_size(mark.size, bold=mark.bold), ink, mark.x, mark.baseline)
            case laid.NumberWindowDivider():
                painter.draw_box(QRectF(mark.left, mark.top, mark.width, mark.height), mark.width / 2, tone.bar)
            case laid.WayArrowLines():
                _paint_arrow(painter, mark, painter.color_of(tone.second))
            case laid.TagSignPlace() if tone.tagged:
                painter.draw_icon(mark.icon, "fresh_ink", mark.left, mark.top, mark.side)


def window_background_span(plan: laid.RowColumnsPlan, left: float = 0.0) -> tuple[float, float]:
    """Return the left edge and the width of the ground on which the window stands where who reads it has arrived."""
    return left + plan.body_x - plan.label_x, plan.body_width + 2 * plan.label_x


def paint_number_and_window_on_dark(
    painter: Painter,
    block: laid.NumberAndWindow,
    plan: laid.RowColumnsPlan,
    rect: QRectF,
    *,
    middle: float,
    ink: str,
    radius: float = 0,
) -> None:
    """Draw a block with its window on a dark ground as high as `rect`, whose edge stands for the bar."""
    left, width = window_background_span(plan, rect.left())
    painter.draw_box(QRectF(left, rect.top(), width, rect.height()), radius, "ink")
    for mark in laid.row_drawing_marks(block, plan, text_width_px, rect.left(), middle):
        if isinstance(mark, laid.NumberWindowDivider):
            continue
        is_number = isinstance(mark, laid.PlacedText) and mark.part == laid.NUMBER
        paint_marks(
            painter,
            [mark],
            NumberBlockColors(ink, ink, ink) if is_number else NumberBlockColors("paper", "paper", "paper"),
        )


def paint_way_arrow(painter: Painter, direction: str, color: QColor, rect: QRectF) -> None:
    _paint_arrow(painter, laid.arrow_filling_square(direction, rect.left(), rect.top(), rect.width()), color)


def _paint_arrow(painter: Painter, arrow: laid.WayArrowLines, color: QColor) -> None:
    painter.setPen(QPen(color, arrow.width, *_ROUND))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in arrow.lines:
        painter.drawPolyline([QPointF(x, y) for x, y in line])


class NumberAndWindowLabel(BigNumberLabel):
    """A number with its window and the way, as large as its room allows. It shows the number alone where there is no
    window, or where the window would make the number much smaller. A screen reader hears the number alone."""

    def __init__(self, look: Look, *, px: float, parent: QWidget | None = None) -> None:
        super().__init__(look, px=px, parent=parent)
        self._block = laid.NumberAndWindow("")

    def set_block(self, block: laid.NumberAndWindow) -> None:
        if block == self._block:
            return
        self._block = block
        self.setText(block.label)
        self.measure_again()

    def _block_width_at_size(self, size: float) -> float:
        windows = [self._block.window] if self._block.window is not None else []
        return widest_row_width(size, windows, self._block.label) - 2 * laid.PAD_EM * size

    def sizeHint(self) -> QSize:
        hint, full = super().sizeHint(), self.look.scale.k * self._full_font_px()
        return hint if self._block.window is None else QSize(ceil(self._block_width_at_size(full)), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        window, full = self._block.window, min(self.look.scale.k * self._full_font_px(), self.height() / 0.95)
        alone = min(full, largest_fitting_px(self._block.label, self.width(), full, bold=True, least=full / 3))
        size = min(full, full * self.width() / self._block_width_at_size(full)) if self._block.label else full
        if window is None or size < LEAST_SHARE * alone:
            super().paintEvent(event)
            return
        painter = Painter(self, self.look)
        plan = plan_row_columns(
            self._block_width_at_size(size) + 2 * laid.PAD_EM * size, size, [window], self._block.label
        )
        left = -plan.label_x - self._left_bearing(size)
        marks = laid.row_drawing_marks(self._block, plan, text_width_px, left, self.height() / 2)
        paint_marks(painter, marks, NumberBlockColors(self._token, "ink2", "edge"))

    def _left_bearing(self, size: float) -> float:
        """Return how far right of its origin the number begins: its first stroke is flush with the text below it."""
        return QFontMetricsF(font_of_size(size, bold=True)).tightBoundingRect(self._block.label).left()


def paint_earlier_calls(painter: Painter, rect: QRectF, title: str, calls: Sequence[laid.NumberAndWindow]) -> None:
    """Draw the small line of earlier calls; it shrinks before one is left out."""
    left, middle = rect.left() + 44, rect.top() + rect.height() / 2
    px = float(EARLIER_PX)
    while px > LEAST_EARLIER_PX and _earlier_calls_width(px, title, calls) > rect.right() - left:
        px -= 1
    small = font_of_size(px * 0.86)
    x = painter.draw_words(title, small, "ink2", left, centred_baseline_y(small, middle, 0)) + 1.3 * px
    for call in calls:
        width = laid.block_width_on_one_line(call, px, text_width_px)
        if x + width > rect.right() + 1:
            break
        paint_marks(
            painter,
            laid.block_marks_on_one_line(call, px, text_width_px, x, middle),
            NumberBlockColors("ink", "ink2", "line"),
        )
        x += width + 1.3 * px


def _earlier_calls_width(px: float, title: str, calls: Sequence[laid.NumberAndWindow]) -> float:
    each = sum(laid.block_width_on_one_line(call, px, text_width_px) for call in calls)
    return width_of_text(font_of_size(px * 0.86), title) + each + 1.3 * px * len(calls)


GAP = 16.0
# Shares of a box's height.
WIDE_EM, SIGN_EM = 0.79, 0.64
LEAST_SIGN = 36.0
AIR = 12.0


def paint_character_boxes(painter: Painter, room: QRectF, boxes: Sequence[str]) -> None:
    """Draw boxes from the left of `room`, as high, narrower where they don't fit; the first empty one is marked."""
    wide = min(WIDE_EM * room.height(), (room.width() + GAP) / max(1, len(boxes)) - GAP)
    waiting = next((place for place, sign in enumerate(boxes) if not sign), -1)
    for place, sign in enumerate(boxes):
        rect = QRectF(room.left() + place * (wide + GAP), room.top(), wide, room.height())
        waits = place == waiting
        painter.draw_box(rect, 14, "surface", edge="primary" if waits else "edge", width=4 if waits else 1.5)
        if sign:
            px = largest_fitting_px(sign, wide - AIR, SIGN_EM * room.height(), bold=True, least=LEAST_SIGN)
            painter.draw_words_and_give_end_x(
                sign, painter.look.font(px, bold=True), "ink", rect, Qt.AlignmentFlag.AlignHCenter
            )


class LimitedTextField(QPlainTextEdit):
    """`written` gives what stands there, at most `longest` letters; Enter ends: `entered`."""

    written = Signal(str)
    entered = Signal()

    def __init__(self, longest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._longest = longest
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._cut_and_emit_written)

    def set_text_silently(self, words: str) -> None:
        """Show these words, unless they stand there, without telling of it."""
        if words != self.toPlainText():
            with QSignalBlocker(self):
                self.setPlainText(words)
                self.moveCursor(QTextCursor.MoveOperation.End)

    def delete_previous_character(self) -> None:
        self.textCursor().deletePreviousChar()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def _cut_and_emit_written(self) -> None:
        self.set_text_silently(self.toPlainText()[: self._longest])
        self.written.emit(self.toPlainText())
