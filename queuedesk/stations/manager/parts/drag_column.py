"""A column of cards that may be put into another order: dragged, or by Alt and an arrow key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

DRAG_FROM_PX = 8
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class DragColumn(QWidget):
    """`ordered` gives the keys in their new order once the hand lets go."""

    ordered = Signal(list)

    def __init__(self, look: Look, *, spacing: float = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._may_order = True
        self._cards: dict[str, QWidget] = {}
        self._held: QWidget | None = None
        self._pressed_y = 0.0
        self._is_dragging = False
        self._before: list[str] = []
        self._column = QVBoxLayout(self)
        spread(look, self._column, spacing=spacing)
        self._column.addStretch(1)

    def set_cards(self, cards: Sequence[tuple[str, QWidget]]) -> None:
        """Show exactly these cards by key; those shown before are deleted."""
        for old in self._cards.values():
            old.removeEventFilter(self)
            old.hide()
            old.deleteLater()
        self._cards = dict(cards)
        for at, card in enumerate(self._cards.values()):
            self._column.insertWidget(at, card)
            card.installEventFilter(self)
            card.show()

    def set_may_order(self, may: bool) -> None:
        self._may_order = may

    def keys(self) -> list[str]:
        """Return the keys as the cards stand now."""
        # Not by itemAt(): Python's half of a layout's item outlives the item and ends the program when its card is
        # deleted.
        return sorted(self._cards, key=lambda key: self._column.indexOf(self._cards[key]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._may_order or not isinstance(watched, QWidget):
            return False
        if isinstance(event, QMouseEvent):
            return self._mouse(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._before = self.keys()
                self._move(watched, self._column.indexOf(watched) + step)
                self._tell()
                return True
        return False

    def _mouse(self, card: QWidget, event: QMouseEvent) -> bool:
        y = card.mapTo(self, event.position().toPoint()).y()
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._held, self._pressed_y, self._is_dragging, self._before = card, y, False, self.keys()
        elif event.type() == QEvent.Type.MouseMove and self._held is card:
            if abs(y - self._pressed_y) >= self._look.px(DRAG_FROM_PX):
                self._is_dragging = True
            if self._is_dragging:
                self._follow(card, y)
                return True
        elif event.type() == QEvent.Type.MouseButtonRelease and self._held is card:
            self._held = None
            if self._is_dragging:
                self._is_dragging = False
                if hasattr(card, "setDown"):
                    card.setDown(False)
                self._tell()
                return True
        return False

    def _follow(self, card: QWidget, y: int) -> None:
        at = self._column.indexOf(card)
        for other in self._cards.values():
            place = self._column.indexOf(other)
            middle = other.geometry().center().y()
            if (place < at and y < middle) or (place > at and y > middle):
                self._move(card, place)
                self._column.activate()
                return

    def _move(self, card: QWidget, place: int) -> None:
        if 0 <= place < len(self._cards):
            self._column.removeWidget(card)
            self._column.insertWidget(place, card)

    def _tell(self) -> None:
        if self.keys() != self._before:
            self._cards = {key: self._cards[key] for key in self.keys()}
            self.ordered.emit(self.keys())
