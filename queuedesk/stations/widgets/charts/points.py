"""Painted widgets whose parts can be pointed at, reached by arrow keys, read out, and pressed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollArea, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.paint import Painter, width_of, wrap
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.style import Look

# -- the bubble --------------------------------------------------------------------------------------------------------

PX, LINE, PAD, GAP, WIDEST = 15, 22, 12, 8, 420
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
        room = look.px(WIDEST) - 2 * look.px(PAD)
        self._lines = [
            (line, n == 0) for n, text in enumerate(said) for line in wrap(self._font(n == 0), text, room, MOST_LINES)
        ]
        wide = max((width_of(self._font(bold), line) for line, bold in self._lines), default=0.0)
        size = QRect(0, 0, round(wide) + 2 * look.px(PAD) + 1, len(self._lines) * look.px(LINE) + 2 * look.px(8))
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
            room = QRectF(look.px(PAD), y, self.width() - 2 * look.px(PAD) + 2, look.px(LINE))
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
