"""The page on which a customer may type a few words for the manager, with keys on the screen; a keyboard does the
same."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from queuedesk.stations.guide.screen_keys import ScreenKeys
from queuedesk.stations.rating.controller import LONGEST_WORDS
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import FixedSize, Panel, spread
from queuedesk.stations.window.style import Look

TITLE_PX, FIELD_PX, SMALL_PX = 40, 32, 22
FIELD_HIGH, KEY_WIDE, KEY_HIGH, ANSWER_WIDE, ANSWER_HIGH = 140, 108, 66, 310, 84
OTHERS_HIGH = 452
"""What all but the keys take of the height, in drawn px."""


@dataclass(frozen=True, slots=True)
class WordsText:
    """The page's final texts. `count` is how many letters of those allowed are used; `give` is "" while there is nothing
    to give, and `missing` says so then."""

    title: str
    second: str
    name: str
    count: str
    foot: str
    none: str
    give: str
    missing: str
    delete: str
    clear: str
    space: str


class _Field(QPlainTextEdit):
    """Enter ends; no more letters go in than are allowed."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class WordsView(Panel):
    """`written` gives what stands in the field, `given` and `skipped` are the two answers."""

    written = Signal(str)
    given = Signal()
    skipped = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.shown: WordsText | None = None
        self.title = Label(look, px=TITLE_PX, bold=True, wrap=True)
        self.second = Label(look, px=SMALL_PX, token="ink2", wrap=True)
        self.field = _Field()
        self.field.setTabChangesFocus(True)
        self.field.textChanged.connect(self._typed)
        self.field.entered.connect(self._enter)
        FixedSize(look, self.field, height=FIELD_HIGH)
        self.count = Label(look, px=SMALL_PX, token="ink2", align=Qt.AlignmentFlag.AlignRight)
        self.keys = ScreenKeys(look, width=KEY_WIDE, height=KEY_HIGH)
        self.keys.show_writing()
        self.keys.typed.connect(self.field.insertPlainText)
        self.keys.deleted.connect(self._delete)
        self.keys.cleared.connect(self.field.clear)
        self.foot = Label(look, px=SMALL_PX, token="ink2", wrap=True)
        self.none_button = SecondaryButton(look, "", height=ANSWER_HIGH, px=26)
        self.give_button = PrimaryButton(look, "", height=ANSWER_HIGH, px=26)
        for button in (self.none_button, self.give_button):
            FixedSize(look, button, width=ANSWER_WIDE)
        self.none_button.clicked.connect(self.skipped)
        self.give_button.clicked.connect(self.given)
        answers = QHBoxLayout()
        spread(look, answers, spacing=16)
        answers.addWidget(self.foot, 1)
        answers.addWidget(self.none_button)
        answers.addWidget(self.give_button)
        column = QVBoxLayout(self)
        spread(look, column, (56, 24, 56, 20), 6)
        for part in (self.title, self.second, self.field, self.count):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.keys)
        column.addStretch(1)
        column.addLayout(answers)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.field)

    def relook(self) -> None:
        super().relook()
        if hasattr(self, "field"):
            self.field.setFont(self.look.font(FIELD_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.keys.fit(self.height() / self.look.scale.k - OTHERS_HIGH)

    def begin(self) -> None:
        """Empty the field for the next customer."""
        with QSignalBlocker(self.field):
            self.field.clear()
        self.relook()

    def show_text(self, text: WordsText) -> None:
        """Show other texts."""
        if text == self.shown:
            return
        self.shown = text
        self.title.setText(text.title)
        self.second.setText(text.second)
        self.field.setAccessibleName(text.name)
        self.count.setText(text.count)
        self.foot.setText(text.foot)
        self.none_button.setText(text.none)
        if text.give:
            self.give_button.allow(text.give)
        else:
            self.give_button.block(text.missing)
        self.keys.set_words(text.delete, text.clear, text.space)

    def _typed(self) -> None:
        words = self.field.toPlainText()
        if len(words) > LONGEST_WORDS:
            with QSignalBlocker(self.field):
                self.field.setPlainText(words[:LONGEST_WORDS])
                self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.written.emit(self.field.toPlainText())

    def _delete(self) -> None:
        self.field.textCursor().deletePreviousChar()

    def _enter(self) -> None:
        if self.give_button.isEnabled():
            self.given.emit()
