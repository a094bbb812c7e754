"""A table to read: its columns share the width, with smaller letters where they need more than there is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from queuedesk.stations.manager.tickets.enter_rows import table_style
from queuedesk.stations.window.style import Look


class PlainRows(QAbstractTableModel):
    """Rows of finished texts; `px` is the size of their letters, which the table chooses."""

    px = 16


class PlainTable(QTableView):
    """Nothing in it is typed. A subclass says what its columns need (`needed`) and what becomes of a row on which Enter
    is pressed (`press`).

    `height` is that of a row, `sizes` are those of the letters, the largest first.
    """

    def __init__(
        self, look: Look, model: PlainRows, *, height: float, sizes: Sequence[int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look, self._model = look, model
        self._height, self._sizes = height, sizes
        self._dressed: int | None = None
        self.setModel(model)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        look.changed.connect(self._dress)
        self._dress()

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def needed(self, px: int) -> list[int]:
        """Return the width of each column with letters of `px`."""
        raise NotImplementedError

    def press(self, row: int) -> None:
        """Do what a press on the row means."""

    # -- widths ------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Share the width among the columns."""
        room = self.viewport().width()
        self._model.px = next((px for px in self._sizes if sum(self.needed(px)) <= room), self._sizes[-1])
        widths = self.needed(self._model.px)
        self._dress_letters()
        spare = max(0, room - sum(widths)) // max(1, len(widths))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width + spare)

    def retranslate(self) -> None:
        self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self._model.columnCount() - 1)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.press(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.look.px(self._height))
        self.horizontalHeader().setMinimumHeight(self.look.px(self._height))
        self._dressed = None
        self.fit()

    def _dress_letters(self) -> None:
        look, px = self.look, self._model.px
        if self._dressed != px:
            self._dressed = px
            self.setFont(look.font(px, tabular=True))
            self.horizontalHeader().setFont(look.font(px - 2))
            self.setStyleSheet(table_style(look, px - 2))
