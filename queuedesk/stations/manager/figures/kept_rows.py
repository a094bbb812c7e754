"""The table of kept reports: to read, to choose one, to open it."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.figures.kept_controller import KeptReport
from queuedesk.stations.manager.figures.kept_words import cells, heads
from queuedesk.stations.manager.parts.plain_table import PlainRows, PlainTable
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.window.style import Look

ROW = 44
SIZES = (17, 16, 15, 14, 13, 12)
"""Of the letters; smaller ones where large text leaves the columns no room."""
DATES, SIZE = 1, 6
MEASURED = 5
_AT = QModelIndex | QPersistentModelIndex


class KeptRows(PlainRows):
    """A row for each report."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.reports: Sequence[KeptReport] = ()
        self.texts: list[list[str]] = []
        self.px = SIZES[0]

    def show(self, setup: Setup, reports: Sequence[KeptReport], year: int) -> None:
        """Show these; `year` is the one that need not be said."""
        self.beginResetModel()
        self.reports = reports
        self.texts = [cells(setup, report, year) for report in reports]
        self.endResetModel()

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.texts)

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(heads())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return heads()[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.texts[index.row()][column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(self.px, bold=column == DATES, tabular=True)
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(self.reports[index.row()].file)
        return None


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == SIZE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class KeptTable(PlainTable):
    """`opened` gives the report that was pressed twice, or on which Enter was pressed."""

    opened = Signal(object)

    def __init__(self, look: Look, model: KeptRows, parent: QWidget | None = None) -> None:
        self._rows = model
        super().__init__(look, model, height=ROW, sizes=SIZES, parent=parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda index: self.press(index.row()))

    def chosen(self) -> KeptReport | None:
        """Return the report that is chosen."""
        rows = self.selectionModel().selectedRows()
        return self._rows.reports[rows[0].row()] if rows else None

    def choose(self, report: KeptReport | None) -> None:
        """Choose the row of a report's file, else the first."""
        files = [one.file for one in self._rows.reports]
        row = files.index(report.file) if report is not None and report.file in files else 0
        if files:
            self.selectRow(row)

    def press(self, row: int) -> None:
        self.opened.emit(self._rows.reports[row])

    def retranslate(self) -> None:
        self.setAccessibleName(_("Kept reports"))
        super().retranslate()

    def needed(self, px: int) -> list[int]:
        look = self.look
        cell, head, pad = look.font(px, bold=True, tabular=True), look.font(px - 2), look.px(22)
        # Of hundreds of rows the texts with the most letters say how wide a column is.
        columns = zip(heads(), *self._rows.texts, strict=True)
        longest = [(title, nlargest(MEASURED, {*texts, ""}, key=len)) for title, *texts in columns]
        return [
            round(max(width_of(head, title), *(width_of(cell, text) for text in texts))) + pad
            for title, texts in longest
        ]
