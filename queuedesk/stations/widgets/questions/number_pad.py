"""The pad for a ticket's number: the hall's own letters at the left, digits as on a telephone, delete and clear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.buttons import Button, SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.questions.guard import REPEATS
from queuedesk.stations.window.style import Look

ROWS = 4
GAP_PX = 14
DELETE, CLEAR = "delete", "clear"
_DIGITS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (DELETE, "0", CLEAR))


class LetterKey(SecondaryButton):
    """One of the hall's letters."""

    fill, fill_hover = "soft", "soft"
    ink = "on_soft"


class NumberPad(Follows, QWidget):
    """Four rows that fill the widget. `typed` gives a letter or a digit; `deleted` and `cleared` are the keys that take
    away."""

    typed = Signal(str)
    deleted = Signal()
    cleared = Signal()

    def __init__(self, look: Look, *, px: float = 44, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._px = px
        self.follow(look)
        self.keys: dict[str, Button] = {}
        self._columns: list[list[str]] = []
        self._words = {DELETE: "", CLEAR: ""}

    def set_words(self, delete: str, clear: str) -> None:
        """Set the words on the two keys that take away."""
        self._words = {DELETE: delete, CLEAR: clear}
        for name, words in self._words.items():
            if name in self.keys:
                self.keys[name].setText(words)

    def set_letters(self, letters: Sequence[str]) -> None:
        """Show these letters, in as many columns as they need."""
        count = ceil(len(letters) / ROWS)
        columns = [list(letters[n * ROWS : (n + 1) * ROWS]) for n in range(count)]
        columns += [[row[n] for row in _DIGITS] for n in range(3)]
        if columns == self._columns:
            return
        for key in self.keys.values():
            key.hide()
            key.deleteLater()
        self._columns, self.keys = columns, {}
        for name in [name for row in range(ROWS) for column in columns for name in column[row : row + 1]]:
            self.keys[name] = self._key(name, is_letter=name in letters)
        self._place()

    def _key(self, name: str, *, is_letter: bool) -> Button:
        words = self._words.get(name, name)
        px = self._px * 0.6 if name in self._words else self._px
        key = (LetterKey if is_letter else SecondaryButton)(self.look, words, px=px, parent=self)
        key.setProperty(REPEATS, True)
        key.setObjectName(f"key-{name}")
        if name == DELETE:
            key.clicked.connect(self.deleted)
        elif name == CLEAR:
            key.clicked.connect(self.cleared)
        else:
            key.clicked.connect(partial(self.typed.emit, name))
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        key.show()
        return key

    def relook(self) -> None:
        super().relook()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if not self._columns:
            return
        gap = self.look.px(GAP_PX)
        wide = (self.width() - gap * (len(self._columns) - 1)) / len(self._columns)
        high = (self.height() - gap * (ROWS - 1)) / ROWS
        for x, column in enumerate(self._columns):
            for y, name in enumerate(column):
                rect = QRectF(x * (wide + gap), y * (high + gap), wide, high)
                self.keys[name].setGeometry(rect.toRect())
