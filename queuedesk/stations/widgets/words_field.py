"""The field in which a customer writes a few words, with a keyboard or with keys on the screen."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class WordsField(QPlainTextEdit):
    """`written` gives what stands there, at most `longest` letters; Enter ends: `entered`."""

    written = Signal(str)
    entered = Signal()

    def __init__(self, longest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._longest = longest
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._typed)

    def put(self, words: str) -> None:
        """Show these words, unless they stand there, without telling of it."""
        if words != self.toPlainText():
            with QSignalBlocker(self):
                self.setPlainText(words)
                self.moveCursor(QTextCursor.MoveOperation.End)

    def delete_last(self) -> None:
        """Do what the key to delete says."""
        self.textCursor().deletePreviousChar()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def _typed(self) -> None:
        self.put(self.toPlainText()[: self._longest])
        self.written.emit(self.toPlainText())
