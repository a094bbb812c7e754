"""A field of several lines that a form fills and reads like one of a single line."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from queuedesk.stations.window.style import Look


class TextArea(QPlainTextEdit):
    """`typed` gives the text after a person changed it; Tab leads to the next field."""

    typed = Signal(str)

    def __init__(self, look: Look, rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._rows = look, rows
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._tell)
        look.changed.connect(self.updateGeometry)

    def text(self) -> str:
        return self.toPlainText()

    def put(self, text: str) -> None:
        """Show a text, unless somebody is typing in the field."""
        typing = self.hasFocus() and self.document().isModified()
        if not typing and text != self.text():
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)

    def _tell(self) -> None:
        self.typed.emit(self.text())

    def sizeHint(self) -> QSize:
        line = QFontMetricsF(self.font()).lineSpacing()
        return QSize(self._look.px(200), round(line * self._rows) + self._look.px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self.sizeHint().height())
