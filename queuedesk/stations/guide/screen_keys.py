"""On-screen keys for a touch screen without a keyboard: letters and digits, and a pad for a ticket's number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import Button, SecondaryButton
from queuedesk.stations.widgets.paint import FollowsLook
from queuedesk.stations.widgets.questions.dialogs import REPEATS, FormField
from queuedesk.stations.window.style import Look

LETTERS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
DIGITS = ("123", "456", "789")
KEY_WIDTH, KEY_HEIGHT, LOWEST_KEY, GAP = 72, 58, 40, 8
KEY_PITCH = 56  # drawn px from one row of keys to the next
DELETE, CLEAR, SPACE = "delete", "clear", " "


class LetterKey(SecondaryButton):
    fill, fill_hover = "soft", "soft"
    edge, ink = "primary", "on_soft"


class OnScreenKeyboard(FollowsLook, QWidget):
    """Rows of keys. `typed` gives the letter or digit; `deleted` and `cleared` are the two keys that delete."""

    typed = Signal(str)
    deleted = Signal()
    cleared = Signal()

    def __init__(
        self, look: Look, parent: QWidget | None = None, *, width: float = KEY_WIDTH, height: float = KEY_HEIGHT
    ) -> None:
        """`width` and `height` are the largest size of a key in drawn px."""
        super().__init__(parent)
        self.follow_look(look)
        self._key_width, self._largest = width, height
        self.keys: dict[str, Button] = {}
        self._words = {DELETE: "", CLEAR: "", SPACE: ""}
        self._letters: tuple[str, ...] = ()
        self._rows: list[list[tuple[str, float]]] = []
        self._key_height = height
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_words(self, delete: str, clear: str, space: str = "") -> None:
        self._words = {DELETE: delete, CLEAR: clear, SPACE: space}
        for name, word in self._words.items():
            if name in self.keys:
                self.keys[name].setText(word)

    def show_letter_keyboard(self) -> None:
        rows = [[(letter, 1.0) for letter in row] for row in LETTERS]
        rows[-1].append((DELETE, 1.65))
        self._rebuild_keys(rows, ())

    def show_sentence_keyboard(self) -> None:
        rows = [[(letter, 1.0) for letter in row] for row in LETTERS]
        rows[-1].append((DELETE, 1.65))
        rows.append([(CLEAR, 1.65), (",", 1.0), (SPACE, 4.0), (".", 1.0), ("?", 1.0)])
        self._rebuild_keys(rows, ())

    def show_number_pad(self, letters: Sequence[str]) -> None:
        """Show digits as on a telephone, with the hall's own letters at the left."""
        columns = ceil(len(letters) / 4)
        rows: list[list[tuple[str, float]]] = []
        last = [(DELETE, 1.4), ("0", 1.4), (CLEAR, 1.4)]
        for number in range(4):
            left = [(letter, 1.4) for letter in letters[number * columns : (number + 1) * columns]]
            left += [("", 1.4)] * (columns - len(left))
            digits = [(digit, 1.4) for digit in DIGITS[number]] if number < len(DIGITS) else last
            rows.append(left + digits)
        self._rebuild_keys(rows, tuple(letters))

    def _rebuild_keys(self, rows: list[list[tuple[str, float]]], letters: tuple[str, ...]) -> None:
        if rows == self._rows:
            return
        for key in self.keys.values():
            key.hide()
            key.deleteLater()
        self.keys = {}
        self._rows, self._letters = rows, letters
        for row in rows:
            for name, _share in row:
                if name:
                    self.keys[name] = self._make_key(name)
        self.updateGeometry()
        self._place_keys()

    def _make_key(self, name: str) -> Button:
        kind = LetterKey if name in self._letters else SecondaryButton
        small = name in self._words
        icon = "backspace" if name == DELETE else None
        word = self._words.get(name, name)
        key = kind(self.look, word, icon=icon, height=self._largest, px=18 if small else 22, parent=self)
        key.setProperty(REPEATS, True)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.setObjectName(f"key-{name}")
        if name == DELETE:
            key.clicked.connect(self.deleted)
        elif name == CLEAR:
            key.clicked.connect(self.cleared)
        else:
            key.clicked.connect(partial(self.typed.emit, name))
        key.show()
        return key

    # -- placing ------------------------------------------------------------------------------------------------

    def row_count(self) -> int:
        return len(self._rows)

    def fit_key_height(self, height: float) -> None:
        """Make the keys as tall as `height` drawn px allow, between a finger's least size and the design's."""
        rows = max(1, self.row_count())
        key_height = max(LOWEST_KEY, min(self._largest, (height + GAP) // rows - GAP))
        while key_height > LOWEST_KEY and self._needed_height(key_height) > round(height * self.look.scale.k):
            key_height -= 1  # every row is a whole number of the screen's px
        if key_height != self._key_height:
            self._key_height = key_height
            self.updateGeometry()
            self.measure_again()

    def _needed_height(self, key_height: float) -> int:
        gap = self.look.px(GAP)
        return max(0, self.row_count() * (self.look.px(key_height) + gap) - gap)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(10 * (self._key_width + GAP)), self._needed_height(self._key_height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.sizeHint().height())

    def measure_again(self) -> None:
        super().measure_again()
        self._place_keys()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_keys()

    def _place_keys(self) -> None:
        gap = self.look.px(GAP)
        high = self.look.px(self._key_height)
        longest = max((sum(share for _name, share in row) for row in self._rows), default=10.0)
        most = max((len(row) for row in self._rows), default=10)
        unit = min(self.look.px(self._key_width), (self.width() - (most - 1) * gap) / longest)
        for number, row in enumerate(self._rows):
            x = (self.width() - sum(share for _name, share in row) * unit - (len(row) - 1) * gap) / 2
            y = number * (high + gap)
            for name, share in row:
                if name:
                    key = self.keys[name]
                    key.setGeometry(round(x), y, int(share * unit), high)
                    if name == DELETE:
                        key.set_icon_only(False)
                        key.set_icon_only(key.minimumSizeHint().width() > key.width())
                x += share * unit + gap


class FieldKeyboard(OnScreenKeyboard):
    """Letters and digits of a question: they go where the cursor last was of its `fields`, into the one of `capitals`
    as capital letters."""

    def __init__(self, look: Look, *fields: FormField, capitals: FormField | None = None) -> None:
        super().__init__(look)
        self.set_words(_("Delete", context="key"), "")
        self.show_letter_keyboard()
        self.fit_key_height(self.row_count() * KEY_PITCH)
        edits = [field.edit for field in fields if isinstance(field.edit, QLineEdit)]
        self._target, self._capitals = edits[0], capitals
        for edit in edits:
            edit.installEventFilter(self)
        self.typed.connect(self._insert_typed_sign)
        self.deleted.connect(self._delete_last_sign)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QLineEdit):
            self._target = watched
        return super().eventFilter(watched, event)

    def _insert_typed_sign(self, sign: str) -> None:
        is_capital = self._capitals is not None and self._target is self._capitals.edit
        self._target.insert(sign.upper() if is_capital else sign)
        self._target.setFocus()  # A touch takes the cursor away from the scanner.

    def _delete_last_sign(self) -> None:
        self._target.backspace()
        self._target.setFocus()
