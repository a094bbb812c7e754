"""A list of facts: a title at the left, a text beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from queuedesk.stations.manager.today.equipment_words import Fact
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

LEAST_TITLE = 110


class FactList(QWidget):
    """Keeps its lines while their number does not change."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.facts: list[Fact] = []
        self.lines: list[tuple[Label, Label]] = []
        self._grid = QGridLayout(self)
        spread(look, self._grid, spacing=6)
        self._grid.setColumnMinimumWidth(0, look.px(LEAST_TITLE))
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these."""
        if list(facts) == self.facts:
            return
        self.facts = list(facts)
        while len(self.lines) > len(facts):
            for label in self.lines.pop():
                label.hide()
                label.deleteLater()
        while len(self.lines) < len(facts):
            row = len(self.lines)
            title = Label(self._look, px=16, token="ink2", elide=False)
            text = Label(self._look, px=16, wrap=True)
            self._grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, row, 1)
            self.lines.append((title, text))
        for (title, text), fact in zip(self.lines, facts, strict=True):
            title.setText(fact.title)
            text.set_token(fact.token)
            text.setText(fact.text)
