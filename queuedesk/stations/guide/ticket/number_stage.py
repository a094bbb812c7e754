"""The number, or the papers, over the whole stage, for when nothing was printed: what was done counts all the same."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import HeroLabel, Label
from queuedesk.stations.widgets.panels import GroundArea, spread
from queuedesk.stations.window.style import HERO, XL, Look

MANY_PAPERS, LOW_STAGE = 6, 600  # drawn px


class NumberStage(QWidget):
    """A ticket's number as large as it goes, or a list of papers to read out, and the way on."""

    done = Signal()
    again = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = Label(look, px=XL, bold=True, token="amber", wrap=True)
        self.number = HeroLabel(look, px=HERO)
        self._title = Label(look, px=20, token="ink2", wrap=True)
        self._facts = Label(look, px=20, wrap=True)
        self._look = look
        self.papers: list[Label] = []
        rows = QWidget()
        self._list = QVBoxLayout(rows)
        spread(look, self._list, (0, 8, 0, 0), 8)
        self._list.addStretch(1)
        self._scroll = GroundArea(rows)
        self.again_button = SecondaryButton(look, "", icon="print", height=104, px=20)
        self.again_button.clicked.connect(self.again)
        self.done_button = PrimaryButton(look, "", height=104, px=28)
        self.done_button.clicked.connect(self.done)
        column = QVBoxLayout(self)
        spread(look, column, (48, 40, 48, 22), 12)
        column.addWidget(self.sentence)
        column.addStretch(1)
        column.addWidget(self.number)
        column.addWidget(self._title)
        column.addWidget(self._facts)
        column.addWidget(self._scroll, 6)
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
        self._show_list(())

    def show_papers(self, sentence: str, title: str, papers: Sequence[tuple[str, str]]) -> None:
        """Show papers, each with a note, to be read out."""
        self.number.setText("")
        self.sentence.setText(sentence)
        self._title.setText(title)
        self._facts.setText("")
        self._show_list(papers)

    def _show_list(self, papers: Sequence[tuple[str, str]]) -> None:
        for label in self.papers:
            self._list.removeWidget(label)
            label.hide()
            label.deleteLater()
        self.papers = [
            Label(self._look, f"{number}. {name}" + (f" · {note}" if note else ""), px=28, wrap=True)
            for number, (name, note) in enumerate(papers, start=1)
        ]
        for place, label in enumerate(self.papers):
            self._list.insertWidget(place, label)
        self._scroll.setVisible(bool(papers))
        self._fit()
        self.number.setVisible(not papers)
        self._facts.setVisible(not papers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        low = self.height() / self._look.scale.k < LOW_STAGE
        for label in self.papers:
            label.set_px(20 if low or len(self.papers) > MANY_PAPERS else 28)
