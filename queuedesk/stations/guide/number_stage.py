"""The number over the whole stage, for when no paper came out: the ticket is valid all the same."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.stations.style import HERO, XL, Look
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import HeroLabel, Label
from queuedesk.stations.widgets.panels import spread


class NumberStage(QWidget):
    """A ticket's number as large as it goes, what to do with it, and the way on."""

    done = Signal()
    again = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = Label(look, px=XL, bold=True, token="amber", wrap=True)
        self.number = HeroLabel(look, px=HERO)
        self._title = Label(look, px=20, token="ink2", wrap=True)
        self._facts = Label(look, px=20, wrap=True)
        self.again_button = SecondaryButton(look, "", icon="print", height=104, px=20)
        self.again_button.clicked.connect(self._again)
        self.done_button = PrimaryButton(look, "", height=104, px=28)
        self.done_button.clicked.connect(self.done)
        column = QVBoxLayout(self)
        spread(look, column, (48, 40, 48, 22), 12)
        column.addWidget(self.sentence)
        column.addStretch(1)
        column.addWidget(self.number)
        column.addWidget(self._title)
        column.addWidget(self._facts)
        column.addStretch(2)
        row = QHBoxLayout()
        spread(look, row, (0, 0, 0, 0), 14)
        row.addWidget(self.again_button, 1)
        row.addWidget(self.done_button, 2)
        column.addLayout(row)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_words(self, done: str, key: str, again: str) -> None:
        self.done_button.setText(done)
        self.done_button.set_key(key)
        self.again_button.setText(again)

    def show_number(self, label: str, sentence: str, title: str, facts: str) -> None:
        """Show a number to be noted down; `facts` is what its holder is told."""
        self.number.setText(label)
        self.sentence.setText(sentence)
        self._title.setText(title)
        self._facts.setText(facts)

    def _again(self) -> None:
        self.again.emit(self.number.text())
