"""The five faces of the rating: same size, same colour, nothing hints."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.paint import Painter, fit_px, wrap
from queuedesk.stations.window.style import Look

GRID = 120.0
LARGEST_WORD_PX, LEAST_WORD_PX = 30.0, 22.0


def _mouth(level: int) -> QPainterPath:
    path = QPainterPath()
    if level == 5:
        path.moveTo(31, 66)
        path.lineTo(89, 66)
        path.cubicTo(87, 92, 33, 92, 31, 66)
    elif level == 4:
        path.moveTo(33, 71)
        path.cubicTo(44, 87, 76, 87, 87, 71)
    elif level == 3:
        path.moveTo(36, 77)
        path.lineTo(84, 77)
    elif level == 2:
        path.moveTo(36, 84)
        path.cubicTo(47, 72, 73, 72, 84, 84)
    else:
        path.moveTo(34, 89)
        path.cubicTo(43, 66, 77, 66, 86, 89)
    return path


def draw_face(painter: QPainter, rect: QRectF, level: int, color: QColor) -> None:
    """Draw the face of `level` (5 very satisfied … 1 very dissatisfied) in a square `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / GRID, rect.height() / GRID)
    pen = QPen(color, 4.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(60, 60), 57.5, 57.5)
    if level == 5:
        painter.setBrush(color)
    painter.drawPath(_mouth(level))
    if level == 1:
        painter.drawLine(QPointF(31, 35), QPointF(47, 42))
        painter.drawLine(QPointF(89, 35), QPointF(73, 42))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for x in (40.0, 80.0):
        painter.drawEllipse(QPointF(x, 50), 6, 6)
    painter.restore()


class Face(PaintedButton):
    """One of the five answers: face and word, as large as its neighbours.

    The owner of all five gives them one `word_px` (drawn px): a word in smaller letters would hint.
    """

    radius = 18.0
    word_px = LARGEST_WORD_PX

    def __init__(self, look: Look, level: int, word: str, *, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.level = level
        self._is_chosen = False
        self.setText(word)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_chosen(self, chosen: bool) -> None:
        """Show that this answer was touched; never before somebody did."""
        if chosen != self._is_chosen:
            self._is_chosen = chosen
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(221), self.look.px(315))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(150), self.look.px(220))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, k = Painter(self, self.look), self.look, self.look.scale.k
        rect = QRectF(self.rect())
        if self._is_chosen:
            painter.box(rect, self.radius, "soft", edge="primary", width=5)
        else:
            painter.box(rect, self.radius, "soft" if self.isDown() else "surface", edge="edge", width=2)
        side = look.px(122)
        room = rect.width() - look.px(24)
        size = fit_px(self.text(), room, self.word_px * k, bold=True, least=LEAST_WORD_PX * k)
        font = look.font(size / k, bold=True)
        lines = wrap(font, self.text(), room, 2)
        high = look.px(42)
        top = (rect.height() - side - look.px(20) - high * len(lines)) / 2
        draw_face(painter, QRectF((rect.width() - side) / 2, top, side, side), self.level, look.color("ink"))
        y = top + side + look.px(20)
        for words in lines:
            line = QRectF(look.px(12), y, room, high)
            painter.words_in(words, font, "ink", line, Qt.AlignmentFlag.AlignHCenter)
            y += high
