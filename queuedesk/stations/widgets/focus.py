"""Remembers which widget had the keyboard before something opened over it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QWidget


class FocusBefore(QObject):
    """Remembers the widget with the focus and gives the focus back to it, if it is still there."""

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
        """Give the focus back, once."""
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
