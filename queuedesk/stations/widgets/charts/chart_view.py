"""Charts as widgets: drawn by their marks, the map of waits, a funnel; each part can be pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts.chart import Box, Boxes, Chart, Line, Mark, Point, Rect, Shape, Words
from queuedesk.core.charts.layout import Layout, lay_out
from queuedesk.core.charts.waits import Funnel, FunnelLayout, WaitMap, lay_out_funnel, lay_out_map, map_height
from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.paint import Painter, elide, width_of
from queuedesk.stations.window.style import Look

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
