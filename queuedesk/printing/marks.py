"""The elements of a slip in printer dots, and the one function that paints them."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QTransform

from queuedesk.printing import typefaces
from queuedesk.printing.qr import QUIET_MODULES

DOTS_PER_MM = 8  # a 203 dpi thermal head

# Degrees, counter-clockwise from "right", of each way that a window can lie.
ARROWS = {"right": 0, "up": 90, "left": 180, "down": 270}


@dataclass(frozen=True, slots=True)
class Words:
    """One run of text; `box` is its ink, `origin` where its baseline starts."""

    box: QRectF
    text: str
    origin: QPointF
    size: int
    bold: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the slip."""

    box: QRectF


@dataclass(frozen=True, slots=True)
class TickBox:
    """An empty box for the customer's pen."""

    box: QRectF
    line: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """The way to the window, drawn because the typefaces have no arrows."""

    box: QRectF
    degrees: int
    line: int


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code; `box` holds its quiet zone too, `module` is a whole number of dots."""

    box: QRectF
    modules: tuple[tuple[bool, ...], ...]
    module: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The hall's sign, in black and white."""

    box: QRectF
    image: QImage


Mark = Words | Rule | TickBox | Arrow | Code | Picture


@dataclass(frozen=True, slots=True)
class Sheet:
    """A laid out slip: its size and margin in dots, and its marks from top to bottom."""

    width: int
    height: int
    margin: int
    marks: tuple[Mark, ...]


def paint(painter: QPainter, marks: Iterable[Mark]) -> None:
    """Paint `marks` in black; the painter's units are dots, scaled by the caller for finer devices."""
    painter.setPen(Qt.GlobalColor.black)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for mark in marks:
        match mark:
            case Words():
                painter.setFont(typefaces.font(mark.size, bold=mark.bold))
                painter.drawText(mark.origin, mark.text)
            case Rule():
                painter.fillRect(mark.box, Qt.GlobalColor.black)
            case TickBox():
                painter.fillPath(_frame(mark), Qt.GlobalColor.black)
            case Arrow():
                painter.fillPath(_arrow(mark), Qt.GlobalColor.black)
            case Code():
                painter.fillPath(_dark_modules(mark), Qt.GlobalColor.black)
            case Picture():
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(mark.box, mark.image)


def _frame(mark: TickBox) -> QPainterPath:
    path = QPainterPath()
    path.addRect(mark.box)
    path.addRect(mark.box.adjusted(mark.line, mark.line, -mark.line, -mark.line))
    return path  # odd-even filling leaves the inside white


def _arrow(mark: Arrow) -> QPainterPath:
    half, line = mark.box.width() / 2, mark.line
    head = half * 0.7
    path = QPainterPath(QPointF(-half, -line / 2))
    for x, y in (
        (half - line * 1.4, -line / 2),
        (half - head - line * 0.7, -head + line * 0.2),
        (half - head, -head - line * 0.5),
        (half, 0),
        (half - head, head + line * 0.5),
        (half - head - line * 0.7, head - line * 0.2),
        (half - line * 1.4, line / 2),
        (-half, line / 2),
    ):
        path.lineTo(x, y)
    path.closeSubpath()
    centre = mark.box.center()
    return QTransform().translate(centre.x(), centre.y()).rotate(-mark.degrees).map(path)


def _dark_modules(mark: Code) -> QPainterPath:
    """One path of rows of dark modules: filled at once, so that no viewer shows seams between them."""
    left, top = mark.box.left() + QUIET_MODULES * mark.module, mark.box.top() + QUIET_MODULES * mark.module
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for row, line in enumerate(mark.modules):
        start: int | None = None
        for column, dark in enumerate((*line, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                path.addRect(
                    left + start * mark.module, top + row * mark.module, (column - start) * mark.module, mark.module
                )
                start = None
    return path
