"""The table of other channels' totals: a press or Enter on a row puts it right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from queuedesk.core.imports.channel import ChannelTotal, Key
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.imports.channels_words import cells, heads, preview_cell
from queuedesk.stations.manager.parts.plain_table import PlainRows, PlainTable
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.window.style import Look

ROW = 38
SIZES = (16, 15, 14, 13, 12)
"""Of the letters; smaller ones where large text leaves the columns no room."""
COUNT, AMOUNT, SO_FAR = 4, 5, 6
MEASURED = 12
"""So many of the longest texts of a column are measured: thousands would take their time."""
_AT = QModelIndex | QPersistentModelIndex


class ChannelRows(PlainRows):
    """A row for each total; with `known` they are those of a file, each beside what stands here so far."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.totals: Sequence[ChannelTotal] = ()
        self.texts: list[list[str]] = []
        self.fresh: set[int] = set()
        self.is_preview = False
        self.px = SIZES[0]

    def show(
        self, setup: Setup, totals: Sequence[ChannelTotal], known: Mapping[Key, ChannelTotal] | None = None
    ) -> None:
        """Show these."""
        self.beginResetModel()
        self.totals, self.is_preview = totals, known is not None
        more = [[] if known is None else [preview_cell(one, known)] for one in totals]
        self.texts = [[*cells(setup, one), *own] for one, own in zip(totals, more, strict=True)]
        self.fresh = set() if known is None else {n for n, one in enumerate(totals) if known.get(one.key) != one}
        self.endResetModel()

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.texts)

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(heads(is_preview=self.is_preview))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return heads(is_preview=self.is_preview)[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.texts[row][column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(self.px, bold=column == COUNT, tabular=True)
        if role == Qt.ItemDataRole.ForegroundRole:
            is_new = row in self.fresh and column in (COUNT, SO_FAR)
            return self._look.color("primary" if is_new else "ink2" if column >= AMOUNT else "ink")
        return None


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column >= COUNT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class ChannelsTable(PlainTable):
    """`picked` gives the total that was pressed, or on which Enter was pressed."""

    picked = Signal(object)

    def __init__(self, look: Look, model: ChannelRows, parent: QWidget | None = None) -> None:
        self._rows = model
        super().__init__(look, model, height=ROW, sizes=SIZES, parent=parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.press(index.row()))
        model.modelReset.connect(self.fit)

    def press(self, row: int) -> None:
        if not self._rows.is_preview:
            self.picked.emit(self._rows.totals[row])

    def retranslate(self) -> None:
        self.setAccessibleName(_("Totals of other channels"))
        super().retranslate()

    def needed(self, px: int) -> list[int]:
        look = self.look
        cell, head, pad = look.font(px, bold=True, tabular=True), look.font(px - 2), look.px(18)
        widths = []
        for column, title in enumerate(heads(is_preview=self._rows.is_preview)):
            longest = sorted({row[column] for row in self._rows.texts}, key=len)[-MEASURED:]
            widths.append(round(max([width_of(head, title), *(width_of(cell, text) for text in longest)])) + pad)
        return widths
