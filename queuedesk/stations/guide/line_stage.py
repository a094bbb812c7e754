"""The whole line: everyone who waits, by service if wished, and everyone who was missed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.lists import TicketList, TicketRow
from queuedesk.stations.widgets.panels import Card, EmptyState, spread
from queuedesk.stations.widgets.pills import FilterPill
from queuedesk.stations.window.style import Look

EVERYONE, MISSED = "", "missed"


class LineStage(QWidget):
    """A long list with filters. `chosen` gives the number of a row, `acted` that of a row whose button was pressed."""

    back = Signal()
    filtered = Signal(str)
    chosen = Signal(object)
    acted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.back_button = SecondaryButton(look, "", icon="arrow-left", height=52, px=16)
        self.back_button.clicked.connect(self.back)
        self._title = Label(look, px=28, bold=True)
        self.pills: dict[str, FilterPill] = {}
        self._group = QButtonGroup(self)
        self.rows = TicketList(look, row_height=52, inset=20)
        self.rows.chosen.connect(self.chosen)
        self.rows.acted.connect(self.acted)
        self._empty = EmptyState(look, "waiting")
        column = QVBoxLayout(self)
        spread(look, column, (28, 18, 28, 28), 14)
        head = QHBoxLayout()
        spread(look, head, (0, 0, 0, 0), 16)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        column.addLayout(head)
        self._filters = QHBoxLayout()
        spread(look, self._filters, (0, 0, 0, 0), 8)
        self._filters.addStretch(1)
        column.addLayout(self._filters)
        card = Card(look)
        inside = QVBoxLayout(card)
        spread(look, inside, (1, 4, 1, 4), 0)
        inside.addWidget(self.rows, 1)
        inside.addWidget(self._empty, 1)
        column.addWidget(card, 1)

    def set_words(self, back: str) -> None:
        self.back_button.setText(back)

    def show_line(
        self,
        title: str,
        filters: Sequence[tuple[str, str]],
        current: str,
        rows: Sequence[TicketRow],
        *,
        empty: str,
        away: bool,
    ) -> None:
        """Show the rows of the filter `current`; `filters` are (key, word)."""
        self._title.setText(title)
        self.rows.setAccessibleName(title)
        if list(self.pills) != [key for key, _word in filters]:
            self._make_pills(filters)
        for key, word in filters:
            self.pills[key].setText(word)
            self.pills[key].setChecked(key == current)
            self.pills[key].updateGeometry()
        self.rows.setEnabled(not away)
        self.rows.set_rows(rows)
        self.rows.setVisible(bool(rows))
        self._empty.set_texts(empty)
        self._empty.setVisible(not rows)

    def _make_pills(self, filters: Sequence[tuple[str, str]]) -> None:
        for pill in self.pills.values():
            self._group.removeButton(pill)
            pill.hide()
            pill.deleteLater()
        self.pills = {}
        for place, (key, word) in enumerate(filters):
            pill = FilterPill(self._look, word, height=40)
            pill.setObjectName(key)
            pill.clicked.connect(self._filter)
            self._group.addButton(pill)
            self._filters.insertWidget(place, pill)
            self.pills[key] = pill

    def _filter(self) -> None:
        pill = self.sender()
        if pill is not None:
            self.filtered.emit(pill.objectName())
