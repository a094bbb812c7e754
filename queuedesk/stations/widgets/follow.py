"""Makes a widget follow its look, draws the ring round the one with the keyboard, and remembers which had it."""

from __future__ import annotations

from typing import Protocol, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QFocusEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.window.style import Look

_SHOWING = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)
RING, GAP = 3, 3


class _Widget(Protocol):
    def updateGeometry(self) -> None: ...
    def update(self) -> None: ...


class Follows:
    """Mixin for a QWidget: measures and paints itself again when its look changes."""

    look: Look

    def follow(self, look: Look) -> None:
        """Use `look` and follow it from now on; call it once, in the constructor."""
        self.look = look
        look.changed.connect(self.relook)

    def relook(self) -> None:
        """Measure and paint again; widgets that keep sizes of their own extend it."""
        widget = cast(_Widget, self)
        widget.updateGeometry()
        widget.update()


class FocusRing(QWidget):
    """Draws 3 px of ink, 3 px off the widget with the focus; one per window, never in the way of a pointer."""

    NAME = "focus_ring"

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName(self.NAME)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._target: QWidget | None = None
        self._watched: list[QObject] = []
        self._look: Look | None = None
        self._radius = 10.0
        self.hide()

    @staticmethod
    def of(window: QWidget) -> FocusRing:
        """Return the ring of `window`, made at first use."""
        found = window.findChild(FocusRing, FocusRing.NAME, Qt.FindChildOption.FindDirectChildrenOnly)
        return found or FocusRing(window)

    def surround(self, target: QWidget, look: Look, radius: float) -> None:
        """Show the ring round `target`, whose corners have `radius` drawn px."""
        self.release()
        self._target, self._look, self._radius = target, look, radius
        walker: QWidget | None = target
        while walker is not None and walker is not self._window:
            walker.installEventFilter(self)
            self._watched.append(walker)
            walker = walker.parentWidget()
        look.changed.connect(self._place)
        self._place()
        self.show()
        self.raise_()

    def release(self) -> None:
        """Hide the ring."""
        for watched in self._watched:
            watched.removeEventFilter(self)
        self._watched.clear()
        if self._look is not None:
            self._look.changed.disconnect(self._place)
        self._target = self._look = None
        self.hide()

    def _place(self) -> None:
        if self._target is None or self._look is None:
            return
        out = self._look.px(RING + GAP)
        corner = self._target.mapTo(self._window, QPoint(0, 0))
        self.setGeometry(QRect(corner, self._target.size()).adjusted(-out, -out, out, out))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        elif kind in (QEvent.Type.Hide, QEvent.Type.ParentChange) and self._target is not None:
            self.release()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._look is None:
            return
        painter = Painter(self, self._look)
        width = self._look.px(RING)
        painter.setPen(QPen(self._look.color("ink"), width))
        radius = (self._radius + RING) * self._look.scale.k
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)


def ring_in(widget: QWidget, event: QFocusEvent, look: Look, radius: float) -> None:
    """Show the ring if the focus came by the keyboard or from the program; call it in focusInEvent."""
    came_back = event.reason() == Qt.FocusReason.ActiveWindowFocusReason and bool(widget.property("ringed"))
    if event.reason() in _SHOWING or came_back:
        widget.setProperty("ringed", True)
        FocusRing.of(widget.window()).surround(widget, look, radius)


def ring_out(widget: QWidget, event: QFocusEvent) -> None:
    """Hide the ring; call it in focusOutEvent."""
    if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
        widget.setProperty("ringed", False)
    ring = widget.window().findChild(FocusRing, FocusRing.NAME, Qt.FindChildOption.FindDirectChildrenOnly)
    if ring is not None:
        ring.release()


# -- the keyboard before a question ------------------------------------------------------------------------------------


class FocusBefore(QObject):
    """Remembers the widget with the focus and restores the focus to it, if it still exists."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._widget: QWidget | None = None

    def remember(self, widget: QWidget | None = None) -> None:
        """Remember `widget`, else the one that has the focus now."""
        self._take()
        self._widget = widget or QApplication.focusWidget()
        if self._widget is not None:
            # A row that went away, or a question closed before this one, is deleted meanwhile: touching it would end
            # the process.
            self._widget.destroyed.connect(self._lose)

    def give_back(self) -> None:
        """Restore the focus, once."""
        widget = self._take()
        if widget is not None and widget.isVisible():
            widget.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _lose(self) -> None:
        self._widget = None

    def _take(self) -> QWidget | None:
        widget, self._widget = self._widget, None
        if widget is not None:
            widget.destroyed.disconnect(self._lose)
        return widget
