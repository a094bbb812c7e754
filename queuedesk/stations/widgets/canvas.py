"""A fixed canvas that a full-screen station is drawn on, scaled whole to whatever screen it gets."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.window.style import Look, Scale


class CanvasWidget(QWidget):
    """Subclass it: `paint_canvas` draws in canvas coordinates, `place` puts child widgets at them.

    Children are built with `self.look`, whose scale is the canvas's own; painting uses `self.unit`, where one
    px is one canvas px. What the screen has beyond the canvas is the ground colour.
    """

    def __init__(
        self, look: Look, width: float, height: float, *, ground: str = "paper", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._outer, self._size, self._ground = look, (width, height), ground
        self._places: list[tuple[QWidget, QRectF]] = []
        self.look = Look(look.theme, Scale(1.0), self)
        self.unit = Look(look.theme, Scale(1.0), self)
        look.changed.connect(self._retheme)

    def _retheme(self) -> None:
        self.look.set_theme(self._outer.theme)
        self.unit.set_theme(self._outer.theme)
        self.update()

    def set_canvas(self, width: float, height: float) -> None:
        """Draw on a canvas of another shape from now on (portrait, landscape)."""
        self._size = (width, height)
        self._arrange()
        self.update()

    def canvas_size(self) -> tuple[float, float]:
        return self._size

    def k(self) -> float:
        """Return how many pixels one canvas px is."""
        return Scale.canvas(max(1, self.width()), max(1, self.height()), *self._size).k

    def origin(self) -> QPointF:
        """Return where the canvas begins in the widget."""
        k = self.k()
        return QPointF((self.width() - self._size[0] * k) / 2, (self.height() - self._size[1] * k) / 2)

    def to_canvas(self, point: QPointF) -> QPointF:
        """Return a point of the widget in canvas coordinates."""
        return (point - self.origin()) / self.k()

    def from_canvas(self, rect: QRectF) -> QRectF:
        """Return a rectangle of the canvas in the widget's coordinates, for update() and children."""
        k, origin = self.k(), self.origin()
        return QRectF(rect.x() * k + origin.x(), rect.y() * k + origin.y(), rect.width() * k, rect.height() * k)

    def place(self, child: QWidget, rect: QRectF) -> None:
        """Keep `child` at `rect` of the canvas, now and whenever the screen changes."""
        self._places = [(widget, where) for widget, where in self._places if widget is not child]
        self._places.append((child, rect))
        child.setParent(self)
        self._arrange()
        child.show()

    def drop(self, child: QWidget) -> None:
        """Stop keeping `child` in its place."""
        self._places = [(widget, where) for widget, where in self._places if widget is not child]

    def update_canvas(self, rect: QRectF) -> None:
        """Repaint only `rect` of the canvas."""
        self.update(self.from_canvas(rect).toAlignedRect().adjusted(-1, -1, 1, 1))

    def sizeHint(self) -> QSize:
        return QSize(round(self._size[0]), round(self._size[1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self.look.set_scale(Scale(self.k()))
        for child, rect in self._places:
            child.setGeometry(self.from_canvas(rect).toRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.unit)
        painter.fillRect(event.rect(), self.unit.color(self._ground))
        painter.translate(self.origin())
        painter.scale(self.k(), self.k())
        self.paint_canvas(painter)

    def paint_canvas(self, painter: Painter) -> None:
        """Draw everything in canvas coordinates; `painter.look` is `self.unit`."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.canvas_press(self.to_canvas(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.canvas_release(self.to_canvas(event.position()))

    def canvas_press(self, point: QPointF) -> None:
        """A pointer went down at `point` of the canvas."""

    def canvas_release(self, point: QPointF) -> None:
        """A pointer went up at `point` of the canvas."""
