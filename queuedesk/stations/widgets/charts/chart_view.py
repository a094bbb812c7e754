"""Charts as widgets: marks, the map of waits, a funnel, and the day ribbon (a stroke for each ticket). Each point can
be pointed at, reached by arrow keys, read out and pressed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from math import ceil

from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QScrollArea, QSizePolicy, QWidget

from queuedesk.core.charts import chart as charts
from queuedesk.core.charts import ribbon as ribbons
from queuedesk.core.charts.layout import LaidOutChart, lay_out_chart
from queuedesk.core.charts.waits import WaitHeatMap, heat_map_height, lay_out_heat_map
from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.lists.lists import Index
from queuedesk.stations.widgets.panels import set_new_viewport
from queuedesk.stations.widgets.questions.dialogs import GUARDED
from queuedesk.stations.window.style import Look

# -- the bubble --------------------------------------------------------------------------------------------------------

PX, LINE, POINT_PAD, GAP, WIDEST = 15, 22, 12, 8, 420
MOST_LINES = 4


class ChartTooltip(QWidget):
    """One per window, ignored by pointers; the first line is bold. Show it again after a change of its point."""

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
    def tooltip_of_window(window: QWidget) -> ChartTooltip:
        """Return the bubble of `window`, made at first use."""
        found = window.findChild(ChartTooltip, ChartTooltip.NAME, Qt.FindChildOption.FindDirectChildrenOnly)
        return found or ChartTooltip(window)

    def text(self) -> str:
        return "\n".join(self._said)

    def show_text_beside(self, owner: QWidget, look: Look, said: Sequence[str], beside: QRect) -> None:
        """Say `said` beside the part `beside` of `owner`: above it, or where that has no room below."""
        self._owner, self._look, self._said = owner, look, tuple(said)
        room = look.px(WIDEST) - 2 * look.px(POINT_PAD)
        self._lines = [
            (line, n == 0)
            for n, text in enumerate(said)
            for line in paint.wrapped_lines(self._bubble_font(n == 0), text, room, MOST_LINES)
        ]
        wide = max((paint.width_of_text(self._bubble_font(bold), line) for line, bold in self._lines), default=0.0)
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

    def hide_if_owned_by(self, owner: QWidget) -> None:
        if self._owner is owner:
            self._owner, self._said = None, ()
            self.hide()

    def _bubble_font(self, bold: bool) -> QFont:
        assert self._look is not None
        return self._look.font(PX, bold=bold, tabular=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        if look is None:
            return
        painter = paint.Painter(self, look)
        painter.draw_box(QRectF(self.rect()), 8, "toast", edge="on_toast" if look.theme.outlined else "")
        y = float(look.px(8))
        for line, bold in self._lines:
            room = QRectF(look.px(POINT_PAD), y, self.width() - 2 * look.px(POINT_PAD) + 2, look.px(LINE))
            painter.draw_words_and_give_end_x(line, self._bubble_font(bold), "on_toast", room)
            y += look.px(LINE)


ASIDE = 3.0
"""How much more a step across the arrow's direction counts than one along it."""
_WAYS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class ChartWithPoints(paint.FollowsLook, QWidget):
    """Base of charts. `picked` gives the `leads` of the point pressed by pointer, Enter or Space. A subclass gives its
    points' rectangles (`_point_rects`), paints, and ends with `paint_current_point_marker`. The accessible name is the
    title, then the point."""

    spoken_role = paint.TEXT

    picked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._points: tuple[charts.HoverTextAndTarget, ...] = ()
        self._rects: list[QRectF] | None = None
        self._title = self._summary = ""
        self._at: int | None = None
        self._by_key = self._pressed = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("guarded", True)

    # -- for subclasses ----------------------------------------------------------------------------------------------

    @abstractmethod
    def _point_rects(self) -> list[QRectF]:
        """Return where each point lies."""

    def set_points(self, title: str, summary: str, points: Sequence[charts.HoverTextAndTarget]) -> None:
        """Take other points under a title; `summary` is read out with it."""
        had = self._points[self._at] if self._at is not None and self._at < len(self._points) else None
        self._points, self._title, self._summary = tuple(points), title, summary
        self._rects = None
        if had is not None and (self._at is None or self._at >= len(points)):
            self._at = None
        self.setAccessibleDescription(summary)
        if self._at is None:
            self.setAccessibleName(title)
            self._hide_tooltip()
        else:
            self._announce_current_point(scroll=False)
        self.updateGeometry()
        self.update()

    def paint_current_point_marker(self, painter: paint.Painter) -> None:
        """Mark the point that is looked at."""
        if self._at is None or self._at >= len(self.point_rects()):
            return
        width = 3 if self._by_key else 1.5
        rect = self.point_rects()[self._at].adjusted(1, 1, -1, -1)
        painter.setPen(QPen(self.look.color("ink"), width * self.look.scale.k))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 4 * self.look.scale.k, 4 * self.look.scale.k)

    # -- points ------------------------------------------------------------------------------------------------------

    @property
    def points(self) -> tuple[charts.HoverTextAndTarget, ...]:
        return self._points

    @property
    def current_point(self) -> charts.HoverTextAndTarget | None:
        return self._points[self._at] if self._at is not None else None

    def point_rects(self) -> list[QRectF]:
        if self._rects is None:
            self._rects = self._point_rects()
            assert len(self._rects) == len(self._points)
        return self._rects

    def point_index_at(self, place: QPointF) -> int | None:
        """Return which point lies there; of several the last, which is painted on top."""
        return next((n for n, rect in reversed(list(enumerate(self.point_rects()))) if rect.contains(place)), None)

    def set_current_point(self, n: int | None, *, by_key: bool = False) -> None:
        if n == self._at and by_key == self._by_key:
            return
        self._at, self._by_key = n, by_key
        if n is None:
            self.setAccessibleName(self._title)
            self._hide_tooltip()
        else:
            self._announce_current_point(scroll=by_key)
        self.update()

    def _announce_current_point(self, *, scroll: bool) -> None:
        assert self._at is not None
        point, rect = self._points[self._at], self.point_rects()[self._at].toAlignedRect()
        self.setAccessibleName(", ".join([self._title, *point.said]))
        if scroll:
            self._scroll_to(rect)
        if self.isVisible():
            ChartTooltip.tooltip_of_window(self.window()).show_text_beside(self, self.look, point.said, rect)
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

    def _hide_tooltip(self) -> None:
        found = self.window().findChild(ChartTooltip, ChartTooltip.NAME, Qt.FindChildOption.FindDirectChildrenOnly)
        if found is not None:
            found.hide_if_owned_by(self)

    # -- pointer -----------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.set_current_point(self.point_index_at(event.position()))
        if self._at is None:
            self.unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        if not (self._by_key and self.hasFocus()):
            self.set_current_point(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page moves on below the pointer: what was pointed at is elsewhere."""
        if not self._by_key:
            self.set_current_point(None)
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() == Qt.MouseButton.LeftButton
        self.set_current_point(self.point_index_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, False
        n = self.point_index_at(event.position())
        if pressed and n is not None:
            self._emit_picked_target(n)

    def focus_item_leading_to(self, leads: object) -> bool:
        """Take the keyboard to the point that leads there, if there is one."""
        n = next((n for n, point in enumerate(self._points) if point.leads == leads), None)
        if n is None:
            return False
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.set_current_point(n, by_key=True)
        return True

    def _emit_picked_target(self, n: int) -> None:
        leads = self._points[n].leads
        if leads is not None:
            self._hide_tooltip()
            self.picked.emit(leads)

    # -- keyboard ----------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._points:
            self.set_current_point(self._at or 0, by_key=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.set_current_point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self._points:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._at is not None and not event.isAutoRepeat():
                self._emit_picked_target(self._at)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.set_current_point(0 if key == Qt.Key.Key_Home else len(self._points) - 1, by_key=True)
        elif key in _WAYS:
            following = self._nearest_point_index_towards(_WAYS[key])
            if following is None:
                super().keyPressEvent(event)
            else:
                self.set_current_point(following, by_key=True)
        else:
            super().keyPressEvent(event)

    def _nearest_point_index_towards(self, way: QPointF) -> int | None:
        """Return the nearest point in a direction, None at the edge."""
        if self._at is None:
            return 0
        here = self.point_rects()[self._at].center()
        best: tuple[float, int] | None = None
        for n, rect in enumerate(self.point_rects()):
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
        self.set_current_point(None)
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.set_current_point(None)
        super().hideEvent(event)

    def measure_again(self) -> None:
        self._rects = None
        self.set_current_point(None)
        super().measure_again()


BOTH_FROM = 270
"""Below this height in drawn pixels a chart that nobody points at shows its first panel alone."""
PAD, TOP, FOOT = 18, 10, 8
EMPTY = 120


class LookMeasures:
    """The measures of a look, as a layout asks for them."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def px(self, n: float) -> float:
        return n * self._look.scale.k

    def gap(self, n: float) -> float:
        return n * self._look.scale.k / self._look.scale.text

    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        return paint.width_of_text(self._look.font(size, bold=bold), text)

    def snap_to_pixel(self, place: float) -> float:
        return round(place)


class ChartView(ChartWithPoints):
    """A chart on a card, or with `is_bare` without; `least` is its smallest height. With `is_fixed` its height stays,
    but is low while empty; else it stretches."""

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
        self._layout: LaidOutChart | None = None
        self.chart = charts.Chart()
        policy = QSizePolicy.Policy.Fixed if is_fixed else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Expanding, policy)

    def set_chart(self, chart: charts.Chart, name: str = "") -> None:
        """Show another chart; `name` is what it is called where it has no title on it."""
        self.chart, self._layout = chart, None
        self.set_points(name or chart.title, chart.summary, chart.hover_points)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if chart.hover_points else Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(620), self._least_empty_height() or self.look.large_px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(
            self.look.large_px(320), self._least_empty_height() or max(round(self._least), self.look.gap(self._least))
        )

    def _least_empty_height(self) -> int:
        return self.look.px(EMPTY) if self.chart.empty and self._is_fixed else 0

    # -- places ------------------------------------------------------------------------------------------------------

    def up_to_date_layout(self) -> LaidOutChart:
        if self._layout is None:
            pad, top, foot = (0, 0, 0) if self._is_bare else (self.look.gap(PAD), self.look.px(TOP), self.look.px(FOOT))
            room = charts.SurfaceRect(pad, top, max(1, self.width() - 2 * pad), max(1, self.height() - top - foot))
            self._layout = self._lay_out(LookMeasures(self.look), room)
        return self._layout

    def _lay_out(self, screen: LookMeasures, room: charts.SurfaceRect) -> LaidOutChart:
        return lay_out_chart(self._chart_with_panels_that_fit(), screen, room)

    def _chart_with_panels_that_fit(self) -> charts.Chart:
        chart = self.chart
        if chart.hover_points or len(chart.panels) < 2 or self.height() >= self.look.px(BOTH_FROM):
            return chart
        first = chart.panels[0]
        return replace(chart, title=first.title, keys=(), panels=[replace(first, title="")])

    def _point_rects(self) -> list[QRectF]:
        return [QRectF(one.left, one.top, one.width, one.height) for one in self.up_to_date_layout().places]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layout = None
        super().resizeEvent(event)
        if self.hasHeightForWidth():
            self.updateGeometry()

    def measure_again(self) -> None:
        self._layout = None
        super().measure_again()

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        if not self._is_bare:
            painter.draw_box(QRectF(self.rect()), 12, "surface", edge="edge" if look.theme.outlined else "line")
        paint_marks(painter, self.up_to_date_layout().marks)
        self.paint_current_point_marker(painter)


class WaitHeatMapView(ChartView):
    """Waits by weekday and half-hour; each cell is a point."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self._map = WaitHeatMap()

    def set_wait_heat_map(self, title: str, shown: WaitHeatMap) -> None:
        self._map, self._layout = shown, None
        self.set_points(title, "", [cell.point for cell in shown.cells if cell.point is not None])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(480), ceil(heat_map_height(self._map, LookMeasures(self.look))))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(280), self.sizeHint().height())

    def _lay_out(self, screen: LookMeasures, room: charts.SurfaceRect) -> LaidOutChart:
        return lay_out_heat_map(self._map, screen, room)


def paint_marks(painter: paint.Painter, marks: list[charts.Mark]) -> None:
    for mark in marks:
        if isinstance(mark, charts.RectangleMark):
            _paint_box(painter, mark)
        elif isinstance(mark, charts.RectanglesMark):
            _paint_boxes(painter, mark)
        elif isinstance(mark, charts.PolylineMark):
            _paint_line(painter, mark)
        elif isinstance(mark, charts.PolygonMark):
            _paint_shape(painter, mark)
        else:
            _paint_words(painter, mark)


def _paint_box(painter: paint.Painter, box: charts.RectangleMark) -> None:
    rect = QRectF(box.left, box.top, box.width, box.height)
    if box.outline and painter.look.theme.outlined:
        painter.draw_box(rect, 0, "", edge=box.outline, width=2)
    elif box.edge or box.round:
        painter.draw_box(rect, box.round, box.fill, edge=box.edge, width=box.edge_width, dashed=box.dashed)
    else:
        color = painter.look.color(box.fill)
        color.setAlphaF(box.opacity)
        painter.fillRect(rect, color)


def _paint_boxes(painter: paint.Painter, boxes: charts.RectanglesMark) -> None:
    look = painter.look
    is_outline = bool(boxes.outline) and look.theme.outlined
    painter.setPen(QPen(look.color(boxes.outline), 1) if is_outline else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if is_outline else look.color(boxes.fill))
    # Sharp edges are many times faster than smooth ones, and all of these are upright.
    painter.setRenderHint(paint.Painter.RenderHint.Antialiasing, False)
    painter.drawRects([QRectF(*rect) for rect in boxes.rects])
    painter.setRenderHint(paint.Painter.RenderHint.Antialiasing)


def _paint_line(painter: paint.Painter, line: charts.PolylineMark) -> None:
    points = [QPointF(x, y) for x, y in line.points]
    if not line.width:
        painter.draw_divider(points[0], points[-1], line.colour)
        return
    pen = QPen(painter.look.color(line.colour), line.width)
    if line.dash:
        pen.setDashPattern(line.dash)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))


def _paint_shape(painter: paint.Painter, shape: charts.PolygonMark) -> None:
    look = painter.look
    painter.setPen(QPen(look.color(shape.edge), shape.edge_width) if shape.edge else Qt.PenStyle.NoPen)
    painter.setBrush(look.color(shape.fill))
    points = [QPointF(x, y) for x, y in shape.points]
    if shape.radius:
        painter.drawEllipse(points[0], shape.radius, shape.radius)
    else:
        painter.drawPolygon(QPolygonF(points))


def _paint_words(painter: paint.Painter, words: charts.TextMark) -> None:
    font = painter.look.font(words.size, bold=words.bold)
    text = words.text if words.room is None else paint.elide(font, words.text, words.room)
    length = paint.width_of_text(font, text)
    x = words.x - {"left": 0.0, "middle": length / 2, "right": length}[words.at]
    if words.ground:
        high = painter.look.scale.k * words.size
        painter.fillRect(QRectF(x - 2, words.y - high, length + 4, high * 1.2), painter.look.color("surface"))
    painter.draw_words(text, font, words.colour, round(x), round(words.y))


# -- a funnel --------------------------------------------------------------------------------------------------------

RIBBON_PAD, RIBBON_TOP, RIBBON_FOOT = 18, 10, 6
CARD_WIDE, CARD_LEAST, CARD_PAD, CARD_GAP = 304, 262, 14, 14
FAINT = 0.5


class RibbonTicketCardText(Struct, frozen=True, kw_only=True):
    """The card of a chosen ticket, its words finished; `icon` with `token` stands before the state's word."""

    number: str
    service: str
    word: str
    icon: str = ""
    token: str = "ink2"
    lines: tuple[str, ...] = ()


class DayRibbonContent(Struct, frozen=True, kw_only=True):
    """A day with its words. `spoken` and `card` say a ticket by its name; `name` and `sentences` are read out with the
    whole. `bright` is the one ticket that the picture is about: all others are drawn at half strength."""

    ribbon: ribbons.DayRibbon
    words: ribbons.RibbonWords
    name: str
    sentences: Sequence[str] = ()
    spoken: Callable[[str], str] = str
    card: Callable[[str], RibbonTicketCardText | None] = field(default=lambda _name: None)
    bright: str = ""


class _RibbonTicketListModel(QAbstractListModel):
    """A row for each ticket, in the order in which they came."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: list[str] = []
        self.spoken: Callable[[str], str] = str

    def set_tickets(self, names: list[str], spoken: Callable[[str], str]) -> None:
        """Become these; as a day goes on tickets come at the end, so that the current row stays."""
        self.spoken = spoken
        if names[: len(self.names)] == self.names:
            if len(names) > len(self.names):
                self.beginInsertRows(QModelIndex(), len(self.names), len(names) - 1)
                self.names = names
                self.endInsertRows()
            return
        self.beginResetModel()
        self.names = names
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(self.names[index.row()])
        return None


class DayRibbonView(paint.FollowsLook, QListView):
    """`picked` gives the name of the pressed ticket. Left and right go to the ticket before or after, up and down to
    the next lane, Enter opens, Escape chooses none. On a card, or with `is_bare` without."""

    picked = Signal(str)

    def __init__(self, look: Look, *, has_head: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._has_head = has_head
        self.shown = DayRibbonContent(ribbon=ribbons.DayRibbon(start=0, end=60), words=ribbons.RibbonWords(), name="")
        self._layout: ribbons.RibbonLayout | None = None
        self._picture: QPixmap | None = None
        self._hover = ""
        self._pressed = ""
        self.strokes = _RibbonTicketListModel(self)
        self.setModel(self.strokes)
        self.setUniformItemSizes(True)  # Asked for its places it would say each ticket; they are the layout's.
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for side in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            side(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        set_new_viewport(self, filled=False)
        self.viewport().setMouseTracking(True)
        self.viewport().setProperty(GUARDED, True)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_day(self, shown: DayRibbonContent) -> None:
        chosen = self.chosen_ticket_name
        self.shown = shown
        self.strokes.set_tickets(list(dict.fromkeys(one.name for one in shown.ribbon.strokes)), shown.spoken)
        if chosen:
            self.choose_ticket(chosen)
        self.setAccessibleName(shown.name)
        self.setAccessibleDescription(" ".join(shown.sentences))
        self._forget_layout_and_repaint()

    @property
    def chosen_ticket_name(self) -> str:
        """The ticket that is chosen by key; "" for none."""
        row = self.currentIndex().row()
        return self.strokes.names[row] if 0 <= row < len(self.strokes.names) else ""

    @property
    def shown_ticket_name(self) -> str:
        """The ticket whose card is shown: the one below the pointer, else the chosen one."""
        return self._hover or self.chosen_ticket_name

    def choose_ticket(self, name: str) -> None:
        """Choose a ticket, none with ""."""
        row = self.strokes.names.index(name) if name in self.strokes.names else -1
        self.setCurrentIndex(self.strokes.index(row) if row >= 0 else QModelIndex())
        self.viewport().update()

    def _forget_layout_and_repaint(self) -> None:
        self._layout = self._picture = None
        self.updateGeometry()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        lanes = len(self.shown.ribbon.lanes)
        high = ribbons.ribbon_height(lanes, LookMeasures(self.look), has_head=self._has_head)
        return QSize(self.look.px(620), round(high) + self.look.gap(RIBBON_TOP + RIBBON_FOOT))

    def minimumSizeHint(self) -> QSize:
        lanes = len(self.shown.ribbon.lanes)
        high = ribbons.least_ribbon_height(lanes, LookMeasures(self.look), has_head=self._has_head)
        return QSize(self.look.large_px(320), round(high) + self.look.gap(RIBBON_TOP + RIBBON_FOOT))

    def greatest_useful_height(self) -> int:
        return round(
            ribbons.largest_ribbon_height(len(self.shown.ribbon.lanes), LookMeasures(self.look))
        ) + self.look.gap(RIBBON_TOP + RIBBON_FOOT)

    # -- places ------------------------------------------------------------------------------------------------------

    def up_to_date_layout(self) -> ribbons.RibbonLayout:
        if self._layout is None:
            pad, top, foot = self.look.gap(RIBBON_PAD), self.look.gap(RIBBON_TOP), self.look.gap(RIBBON_FOOT)
            room = charts.SurfaceRect(pad, top, max(1, self.width() - 2 * pad), max(1, self.height() - top - foot))
            marked = self.look.theme.outlined
            self._layout = ribbons.lay_out_ribbon(
                self.shown.ribbon, self.shown.words, LookMeasures(self.look), room, is_marked=marked
            )
        return self._layout

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= len(self.strokes.names):
            return QRect()
        around = self.up_to_date_layout().bounds_of_ticket(self.strokes.names[index.row()])
        return QRectF(around.left, around.top, max(1, around.width), max(1, around.height)).toAlignedRect()

    def indexAt(self, place: QPoint) -> QModelIndex:
        name = self.up_to_date_layout().ticket_at(place.x(), place.y())
        return self.strokes.index(self.strokes.names.index(name)) if name else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """The whole day is always in sight."""

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion(self.viewport().rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._forget_layout_and_repaint()
        super().resizeEvent(event)

    def measure_again(self) -> None:
        super().measure_again()
        self._forget_layout_and_repaint()

    # -- pointer -----------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hovered_ticket(self.up_to_date_layout().ticket_at(event.position().x(), event.position().y()) or "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = ""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self.up_to_date_layout().ticket_at(event.position().x(), event.position().y()) or ""
            self._set_hovered_ticket(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, ""
        if pressed and self.up_to_date_layout().ticket_at(event.position().x(), event.position().y()) == pressed:
            self._set_hovered_ticket("")
            self.picked.emit(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first press has opened the story already."""

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered_ticket("")
        super().leaveEvent(event)

    def _set_hovered_ticket(self, name: str) -> None:
        if name != self._hover:
            self._hover = name
            shape = Qt.CursorShape.PointingHandCursor if name else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    # -- keyboard ----------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        chosen = self.chosen_ticket_name
        super().focusInEvent(event)
        # Qt makes the first row the current one; here nobody chose it.
        self.choose_ticket(chosen)
        paint.show_ring_on_focus_in(self, event, self.look, 12)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        paint.hide_ring_on_focus_out(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names, key = self.strokes.names, Qt.Key(event.key())
        if not names:
            event.ignore()
            return
        at = names.index(self.chosen_ticket_name) if self.chosen_ticket_name else None
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if at is not None and not event.isAutoRepeat():
                self.picked.emit(names[at])
        elif key == Qt.Key.Key_Escape and at is not None:
            self.choose_ticket("")
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose_ticket(names[0 if key == Qt.Key.Key_Home else -1])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = -1 if key == Qt.Key.Key_Left else 1
            last = len(names) - 1
            self.choose_ticket(names[(last if step < 0 else 0) if at is None else min(max(0, at + step), last)])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._choose_ticket_in_next_lane(-1 if key == Qt.Key.Key_Up else 1)
        else:
            event.ignore()

    def _choose_ticket_in_next_lane(self, step: int) -> None:
        """Choose who was served at the next window, at most nearly the same time; above the first lane who waits."""
        ribbon, chosen = self.shown.ribbon, self.chosen_ticket_name
        lanes = [lane.window for lane in ribbon.lanes]
        own = ribbon.steps_of_ticket(chosen) if chosen else []
        window = next((one.window for one in reversed(own) if one.window in lanes), "")
        minute = own[-1].end_minute if own else (ribbon.now or ribbon.end)
        row = lanes.index(window) if window else -1
        row += step
        while 0 <= row < len(lanes):
            there = [one for one in ribbon.strokes if one.window == lanes[row] and one.name != chosen]
            if there:
                self.choose_ticket(min(there, key=lambda one: abs(one.end_minute - minute)).name)
                return
            row += step
        if row < 0:
            waiting = [one for one in ribbon.strokes if not one.window and one.is_on]
            if waiting:
                self.choose_ticket(waiting[0].name)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._picture_of_unchanging_part()
        painter = paint.Painter(self.viewport(), self.look)
        painter.drawPixmap(0, 0, self._picture)
        layout, bright = self.up_to_date_layout(), self.shown.bright
        if bright:
            paint_marks(painter, layout.chosen_ticket_marks(bright))
        name = self.shown_ticket_name
        if name and name != bright:
            paint_marks(painter, layout.chosen_ticket_marks(name))
        card = self.shown.card(name) if name else None
        if card is not None:
            self._paint_ticket_card(painter, layout, name, card)

    def _picture_of_unchanging_part(self) -> QPixmap:
        dpr, look = self.devicePixelRatioF(), self.look
        picture = QPixmap(self.size() * dpr)
        picture.setDevicePixelRatio(dpr)
        picture.fill(Qt.GlobalColor.transparent)
        painter = paint.Painter(picture, look)
        painter.draw_box(QRectF(self.rect()), 12, "surface", edge="edge" if look.theme.outlined else "line")
        marks = self.up_to_date_layout().marks
        if self.shown.bright:
            painter.setOpacity(FAINT)
            paint_marks(painter, [mark for mark in marks if not isinstance(mark, charts.TextMark)])
            painter.setOpacity(1)
            marks = [mark for mark in marks if isinstance(mark, charts.TextMark)]
        paint_marks(painter, marks)
        painter.end()
        return picture

    def _paint_ticket_card(
        self, painter: paint.Painter, layout: ribbons.RibbonLayout, name: str, card: RibbonTicketCardText
    ) -> None:
        """Draw the card right of now, or left of it where it has no room there; never over the chosen stroke."""
        look = self.look
        number, plain, small = look.font(19, bold=True), look.font(17), look.font(15)
        pad, line = look.px(CARD_PAD), look.px(23)
        state = paint.width_of_text(look.font(15, bold=True), card.word) + look.px(24 if card.icon else 0)
        head = (
            paint.width_of_text(number, card.number)
            + look.px(10)
            + paint.width_of_text(plain, card.service)
            + look.px(18)
            + state
        )
        longest = max(
            [head, *(paint.width_of_text(plain if n == 0 else small, text) for n, text in enumerate(card.lines))]
        )
        wide = min(max(look.px(CARD_LEAST), longest + 2 * pad), max(look.px(CARD_WIDE), longest + 2 * pad))
        high = (len(card.lines) + 1) * line + 2 * look.px(9)
        around = layout.bounds_of_ticket(name)
        place = self.ticket_card_rect(layout, QRectF(around.left, around.top, around.width, around.height), wide, high)
        painter.draw_box(place, 10, "surface", edge="edge", width=1.5)
        top = place.top() + look.px(9)
        row = QRectF(place.left() + pad, top, place.width() - 2 * pad, line)
        x = painter.draw_words_and_give_end_x(card.number, number, "ink", row) + look.px(10)
        right = row.right() - state
        painter.draw_words_and_give_end_x(
            card.service, plain, "ink", QRectF(x, top, max(1.0, right - x - look.px(10)), line)
        )
        if card.icon:
            painter.draw_icon(card.icon, card.token, right, top + (line - look.px(17)) / 2, 17)
        word = QRectF(row.left(), top, row.width() + 1, line)
        painter.draw_words_and_give_end_x(
            card.word, look.font(15, bold=True), card.token, word, Qt.AlignmentFlag.AlignRight
        )
        for n, text in enumerate(card.lines):
            top += line
            font, token = (plain, "ink") if n == 0 else (small, "ink2")
            painter.draw_words_and_give_end_x(text, font, token, QRectF(row.left(), top, row.width() + 1, line))

    def ticket_card_rect(self, layout: ribbons.RibbonLayout, chosen: QRectF, wide: float, high: float) -> QRectF:
        look, lanes = self.look, layout.lanes
        gap = look.px(CARD_GAP)
        now = layout.x_of_minute(layout.ribbon.now) if layout.ribbon.now is not None else layout.band.left
        top = min(lanes.top + look.px(2), self.height() - high - look.px(4))
        tops = (top, layout.band.top - look.px(4), look.px(4))
        lefts = (now + gap, chosen.right() + gap, chosen.left() - gap - wide, now - gap - wide)
        inside = QRectF(0, 0, self.width(), self.height()).adjusted(gap / 2, 0, -gap / 2, 0)
        spots = [QRectF(QPointF(left, one), QSize(round(wide), round(high))) for one in tops for left in lefts]
        free = [spot for spot in spots if inside.contains(spot) and not spot.intersects(chosen.adjusted(-4, -4, 4, 4))]
        return free[0] if free else spots[1].intersected(inside) if spots[1].intersects(inside) else spots[0]
