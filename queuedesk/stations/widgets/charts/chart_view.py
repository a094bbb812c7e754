"""Charts as widgets: drawn by their marks, the map of waits, a funnel.

Each part can be pointed at, reached by arrow keys, read out, and pressed.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from math import ceil

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from queuedesk.core.charts.chart import Box, Boxes, Chart, Line, Mark, Point, Rect, Shape, Words
from queuedesk.core.charts.layout import Layout, lay_out
from queuedesk.core.charts.waits import Funnel, FunnelLayout, WaitMap, lay_out_funnel, lay_out_map, map_height
from queuedesk.stations.widgets.paint import TEXT, Follows, Painter, elide, width_of, wrap
from queuedesk.stations.window.style import Look

# -- the bubble --------------------------------------------------------------------------------------------------------

PX, LINE, POINT_PAD, GAP, WIDEST = 15, 22, 12, 8, 420
MOST_LINES = 4


class Bubble(QWidget):
    """One per window, never in the way of a pointer; the first line is bold. It follows nothing: say it again after a
    change."""

    NAME = "chart_bubble"

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName(self.NAME)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._look: Look | None = None
        self._said: tuple[str, ...] = ()
        self._lines: list[tuple[str, bool]] = []
        self._owner: QWidget | None = None
        self.hide()

    @staticmethod
    def of(window: QWidget) -> Bubble:
        """Return the bubble of `window`, made at first use."""
        found = window.findChild(Bubble, Bubble.NAME, Qt.FindChildOption.FindDirectChildrenOnly)
        return found or Bubble(window)

    def text(self) -> str:
        """Return what it says."""
        return "\n".join(self._said)

    def say(self, owner: QWidget, look: Look, said: Sequence[str], beside: QRect) -> None:
        """Say `said` beside the part `beside` of `owner`: above it, or where that has no room below."""
        self._owner, self._look, self._said = owner, look, tuple(said)
        room = look.px(WIDEST) - 2 * look.px(POINT_PAD)
        self._lines = [
            (line, n == 0) for n, text in enumerate(said) for line in wrap(self._font(n == 0), text, room, MOST_LINES)
        ]
        wide = max((width_of(self._font(bold), line) for line, bold in self._lines), default=0.0)
        size = QRect(0, 0, round(wide) + 2 * look.px(POINT_PAD) + 1, len(self._lines) * look.px(LINE) + 2 * look.px(8))
        window = self.parentWidget()
        assert window is not None
        corner = owner.mapTo(window, beside.topLeft())
        x = corner.x() + (beside.width() - size.width()) // 2
        y = corner.y() - size.height() - look.px(GAP)
        if y < look.px(4):
            y = corner.y() + beside.height() + look.px(GAP)
        x = max(look.px(4), min(x, window.width() - size.width() - look.px(4)))
        y = max(look.px(4), min(y, window.height() - size.height() - look.px(4)))
        self.setGeometry(size.translated(QPoint(x, y)))
        self.show()
        self.raise_()
        self.update()

    def leave(self, owner: QWidget) -> None:
        """Go away, if it is `owner` for whom it speaks."""
        if self._owner is owner:
            self._owner, self._said = None, ()
            self.hide()

    def _font(self, bold: bool) -> QFont:
        assert self._look is not None
        return self._look.font(PX, bold=bold, tabular=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        if look is None:
            return
        painter = Painter(self, look)
        painter.box(QRectF(self.rect()), 8, "toast", edge="on_toast" if look.theme.outlined else "")
        y = float(look.px(8))
        for line, bold in self._lines:
            room = QRectF(look.px(POINT_PAD), y, self.width() - 2 * look.px(POINT_PAD) + 2, look.px(LINE))
            painter.words_in(line, self._font(bold), "on_toast", room)
            y += look.px(LINE)


ASIDE = 3.0
"""How much more a step across the arrow's direction counts than one along it."""
_WAYS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class Pointed(Follows, QWidget):
    """Base of charts. `picked` gives the `leads` of the point that was pressed, by pointer, Enter or Space.

    A subclass says where its points lie (`_places`, one rectangle each), paints, and ends its painting with
    `paint_pointed`. Its title is the accessible name; the point that the keyboard is at follows it.
    """

    spoken_role = TEXT

    picked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._points: tuple[Point, ...] = ()
        self._rects: list[QRectF] | None = None
        self._title = self._summary = ""
        self._at: int | None = None
        self._by_key = self._pressed = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("guarded", True)

    # -- for subclasses ----------------------------------------------------------------------------------------------

    @abstractmethod
    def _places(self) -> list[QRectF]:
        """Return where each point lies."""

    def set_points(self, title: str, summary: str, points: Sequence[Point]) -> None:
        """Take other points under a title; `summary` is read out with it."""
        had = self._points[self._at] if self._at is not None and self._at < len(self._points) else None
        self._points, self._title, self._summary = tuple(points), title, summary
        self._rects = None
        if had is not None and (self._at is None or self._at >= len(points)):
            self._at = None
        self.setAccessibleDescription(summary)
        if self._at is None:
            self.setAccessibleName(title)
            self._bubble_away()
        else:
            self._tell(scroll=False)
        self.updateGeometry()
        self.update()

    def paint_pointed(self, painter: Painter) -> None:
        """Mark the point that is looked at."""
        if self._at is None or self._at >= len(self.rects()):
            return
        width = 3 if self._by_key else 1.5
        rect = self.rects()[self._at].adjusted(1, 1, -1, -1)
        painter.setPen(QPen(self.look.color("ink"), width * self.look.scale.k))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 4 * self.look.scale.k, 4 * self.look.scale.k)

    # -- points ------------------------------------------------------------------------------------------------------

    @property
    def points(self) -> tuple[Point, ...]:
        return self._points

    @property
    def at(self) -> Point | None:
        """The point that is looked at."""
        return self._points[self._at] if self._at is not None else None

    def rects(self) -> list[QRectF]:
        """Return where the points lie now."""
        if self._rects is None:
            self._rects = self._places()
            assert len(self._rects) == len(self._points)
        return self._rects

    def point_at(self, place: QPointF) -> int | None:
        """Return which point lies there; of several the last, which is painted on top."""
        return next((n for n, rect in reversed(list(enumerate(self.rects()))) if rect.contains(place)), None)

    def look_at(self, n: int | None, *, by_key: bool = False) -> None:
        """Look at a point, at none with None."""
        if n == self._at and by_key == self._by_key:
            return
        self._at, self._by_key = n, by_key
        if n is None:
            self.setAccessibleName(self._title)
            self._bubble_away()
        else:
            self._tell(scroll=by_key)
        self.update()

    def _tell(self, *, scroll: bool) -> None:
        assert self._at is not None
        point, rect = self._points[self._at], self.rects()[self._at].toAlignedRect()
        self.setAccessibleName(", ".join([self._title, *point.said]))
        if scroll:
            self._scroll_to(rect)
        if self.isVisible():
            Bubble.of(self.window()).say(self, self.look, point.said, rect)
        leads = point.leads is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)

    def _scroll_to(self, rect: QRect) -> None:
        walker: QWidget | None = self.parentWidget()
        while walker is not None and not isinstance(walker, QScrollArea):
            walker = walker.parentWidget()
        inner = walker.widget() if walker is not None else None
        if walker is not None and inner is not None:
            middle = self.mapTo(inner, rect.center())
            walker.ensureVisible(middle.x(), middle.y(), 0, rect.height() // 2 + self.look.px(60))

    def _bubble_away(self) -> None:
        found = self.window().findChild(Bubble, Bubble.NAME, Qt.FindChildOption.FindDirectChildrenOnly)
        if found is not None:
            found.leave(self)

    # -- pointer -----------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.look_at(self.point_at(event.position()))
        if self._at is None:
            self.unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        if not (self._by_key and self.hasFocus()):
            self.look_at(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page moves on below the pointer: what was pointed at is elsewhere."""
        if not self._by_key:
            self.look_at(None)
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() == Qt.MouseButton.LeftButton
        self.look_at(self.point_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, False
        n = self.point_at(event.position())
        if pressed and n is not None:
            self._pick(n)

    def come_back_to(self, leads: object) -> bool:
        """Take the keyboard to the point that leads there, if there is one."""
        n = next((n for n, point in enumerate(self._points) if point.leads == leads), None)
        if n is None:
            return False
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look_at(n, by_key=True)
        return True

    def _pick(self, n: int) -> None:
        leads = self._points[n].leads
        if leads is not None:
            self._bubble_away()
            self.picked.emit(leads)

    # -- keyboard ----------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._points:
            self.look_at(self._at or 0, by_key=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.look_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self._points:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._at is not None and not event.isAutoRepeat():
                self._pick(self._at)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.look_at(0 if key == Qt.Key.Key_Home else len(self._points) - 1, by_key=True)
        elif key in _WAYS:
            following = self._next(_WAYS[key])
            if following is None:
                super().keyPressEvent(event)
            else:
                self.look_at(following, by_key=True)
        else:
            super().keyPressEvent(event)

    def _next(self, way: QPointF) -> int | None:
        """Return the nearest point in a direction, None at the edge."""
        if self._at is None:
            return 0
        here = self.rects()[self._at].center()
        best: tuple[float, int] | None = None
        for n, rect in enumerate(self.rects()):
            step = rect.center() - here
            along = step.x() * way.x() + step.y() * way.y()
            across = abs(step.x() * way.y()) + abs(step.y() * way.x())
            # What has no room on this screen is nowhere.
            if rect.width() > 0 and n != self._at and along > 0.5 and across <= ASIDE * along:
                found = (along + ASIDE * across, n)
                best = min(best, found) if best else found
        return best[1] if best else None

    # -- the rest ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._rects = None
        self.look_at(None)
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.look_at(None)
        super().hideEvent(event)

    def relook(self) -> None:
        self._rects = None
        self.look_at(None)
        super().relook()


BOTH_FROM = 270
"""Below this height in drawn pixels a chart that nobody points at shows its first panel alone."""
PAD, TOP, FOOT = 18, 10, 8
EMPTY = 120


class Screen:
    """The measures of a look, as a layout asks for them."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def px(self, n: float) -> float:
        return n * self._look.scale.k

    def gap(self, n: float) -> float:
        return n * self._look.scale.k / self._look.scale.text

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        return width_of(self._look.font(size, bold=bold), text)

    def snap(self, place: float) -> float:
        return round(place)


class ChartView(Pointed):
    """A chart on a card of its own, or with `is_bare` on what it lies on; `least` is its smallest height.

    With `is_fixed` it keeps its height and is low while it is empty; else it takes and gives up height.
    """

    def __init__(
        self,
        look: Look,
        *,
        height: float = 340,
        least: float = 260,
        is_fixed: bool = False,
        is_bare: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._height, self._least, self._is_fixed, self._is_bare = height, least, is_fixed, is_bare
        self._layout: Layout | None = None
        self.chart = Chart()
        policy = QSizePolicy.Policy.Fixed if is_fixed else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Expanding, policy)

    def set_chart(self, chart: Chart, name: str = "") -> None:
        """Show another chart; `name` is what it is called where it has no title on it."""
        self.chart, self._layout = chart, None
        self.set_points(name or chart.title, chart.summary, chart.points)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if chart.points else Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(620), self._low() or self.look.wide(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(320), self._low() or max(round(self._least), self.look.gap(self._least)))

    def _low(self) -> int:
        return self.look.px(EMPTY) if self.chart.empty and self._is_fixed else 0

    # -- places ------------------------------------------------------------------------------------------------------

    def layout_now(self) -> Layout:
        """Return where everything lies now."""
        if self._layout is None:
            pad, top, foot = (0, 0, 0) if self._is_bare else (self.look.gap(PAD), self.look.px(TOP), self.look.px(FOOT))
            room = Rect(pad, top, max(1, self.width() - 2 * pad), max(1, self.height() - top - foot))
            self._layout = self._lay_out(Screen(self.look), room)
        return self._layout

    def _lay_out(self, screen: Screen, room: Rect) -> Layout:
        return lay_out(self._shown(), screen, room)

    def _shown(self) -> Chart:
        chart = self.chart
        if chart.points or len(chart.panels) < 2 or self.height() >= self.look.px(BOTH_FROM):
            return chart
        first = chart.panels[0]
        return replace(chart, title=first.title, keys=(), panels=[replace(first, title="")])

    def _places(self) -> list[QRectF]:
        return [QRectF(one.left, one.top, one.width, one.height) for one in self.layout_now().places]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layout = None
        super().resizeEvent(event)
        if self.hasHeightForWidth():
            self.updateGeometry()

    def relook(self) -> None:
        self._layout = None
        super().relook()

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        if not self._is_bare:
            painter.box(QRectF(self.rect()), 12, "surface", edge="edge" if look.theme.outlined else "line")
        paint_marks(painter, self.layout_now().marks)
        self.paint_pointed(painter)


class WaitMapView(ChartView):
    """Waits by weekday and half-hour; each cell is a point."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self._map = WaitMap()

    def set_map(self, title: str, shown: WaitMap) -> None:
        """Show other waits; each cell has a point."""
        self._map, self._layout = shown, None
        self.set_points(title, "", [cell.point for cell in shown.cells if cell.point is not None])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(480), ceil(map_height(self._map, Screen(self.look))))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(280), self.sizeHint().height())

    def _lay_out(self, screen: Screen, room: Rect) -> Layout:
        return lay_out_map(self._map, screen, room)


def paint_marks(painter: Painter, marks: list[Mark]) -> None:
    """Draw marks in their order."""
    for mark in marks:
        if isinstance(mark, Box):
            _paint_box(painter, mark)
        elif isinstance(mark, Boxes):
            _paint_boxes(painter, mark)
        elif isinstance(mark, Line):
            _paint_line(painter, mark)
        elif isinstance(mark, Shape):
            _paint_shape(painter, mark)
        else:
            _paint_words(painter, mark)


def _paint_box(painter: Painter, box: Box) -> None:
    rect = QRectF(box.left, box.top, box.width, box.height)
    if box.outline and painter.look.theme.outlined:
        painter.box(rect, 0, "", edge=box.outline, width=2)
    elif box.edge or box.round:
        painter.box(rect, box.round, box.fill, edge=box.edge, width=box.edge_width, dashed=box.dashed)
    else:
        color = painter.look.color(box.fill)
        color.setAlphaF(box.opacity)
        painter.fillRect(rect, color)


def _paint_boxes(painter: Painter, boxes: Boxes) -> None:
    look = painter.look
    is_outline = bool(boxes.outline) and look.theme.outlined
    painter.setPen(QPen(look.color(boxes.outline), 1) if is_outline else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if is_outline else look.color(boxes.fill))
    # Sharp edges are many times faster than smooth ones, and all of these are upright.
    painter.setRenderHint(Painter.RenderHint.Antialiasing, False)
    painter.drawRects([QRectF(*rect) for rect in boxes.rects])
    painter.setRenderHint(Painter.RenderHint.Antialiasing)


def _paint_line(painter: Painter, line: Line) -> None:
    points = [QPointF(x, y) for x, y in line.points]
    if not line.width:
        painter.divider(points[0], points[-1], line.colour)
        return
    pen = QPen(painter.look.color(line.colour), line.width)
    if line.dash:
        pen.setDashPattern(line.dash)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))


def _paint_shape(painter: Painter, shape: Shape) -> None:
    look = painter.look
    painter.setPen(QPen(look.color(shape.edge), shape.edge_width) if shape.edge else Qt.PenStyle.NoPen)
    painter.setBrush(look.color(shape.fill))
    points = [QPointF(x, y) for x, y in shape.points]
    if shape.radius:
        painter.drawEllipse(points[0], shape.radius, shape.radius)
    else:
        painter.drawPolygon(QPolygonF(points))


def _paint_words(painter: Painter, words: Words) -> None:
    font = painter.look.font(words.size, bold=words.bold)
    text = words.text if words.room is None else elide(font, words.text, words.room)
    length = width_of(font, text)
    x = words.x - {"left": 0.0, "middle": length / 2, "right": length}[words.at]
    if words.ground:
        high = painter.look.scale.k * words.size
        painter.fillRect(QRectF(x - 2, words.y - high, length + 4, high * 1.2), painter.look.color("surface"))
    painter.words(text, font, words.colour, round(x), round(words.y))


# -- a funnel --------------------------------------------------------------------------------------------------------

FUNNEL_HIGH, FUNNEL_LEAST, FUNNEL_WIDE, FUNNEL_TOP, REACH = 420, 300, 420, 8, 10
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


class FunnelView(Pointed):
    """The funnel's points stand in the order of their number; `said` is what is told of each."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._funnel: Funnel | None = None
        self._layout: FunnelLayout | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_funnel(self, title: str, summary: str, funnel: Funnel, points: Sequence[Point]) -> None:
        """Show another funnel with one point for each of its own."""
        self._funnel, self._layout = funnel, None
        self.set_points(title, summary, points)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(FUNNEL_WIDE), self.look.wide(FUNNEL_HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(240), self.look.gap(FUNNEL_LEAST))

    def _laid_out(self) -> FunnelLayout:
        if self._layout is None:
            top = self.look.px(FUNNEL_TOP)
            room = Rect(0, top, max(1, self.width() - 1), max(1, self.height() - top))
            none = FunnelLayout((), ())
            self._layout = lay_out_funnel(self._funnel, Screen(self.look), room) if self._funnel else none
        return self._layout

    def _places(self) -> list[QRectF]:
        reach = self.look.px(REACH)
        return [QRectF(x - reach, y - reach, 2 * reach, 2 * reach) for x, y in self._laid_out().places]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, at = _STEPS.get(Qt.Key(event.key())), self.points.index(self.at) if self.at in self.points else None
        if step is None or at is None:
            super().keyPressEvent(event)
        elif 0 <= at + step < len(self.points):
            self.look_at(at + step, by_key=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layout = None
        super().resizeEvent(event)

    def relook(self) -> None:
        self._layout = None
        super().relook()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.look)
        paint_marks(painter, list(self._laid_out().marks))
        self.paint_pointed(painter)
