"""The tables of the equipment: rows of finished texts with a sign of their state, the last column as wide as there is
room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import nlargest
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QWidget

from queuedesk.stations.manager.parts.plain_table import PlainRows, PlainTable
from queuedesk.stations.manager.today.equipment_words import Line
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.window.style import Look

ROW = 40
SIZES = (16, 15, 14, 13)
"""Of the letters; smaller ones where large text leaves the columns no room."""
MEASURED = 5
SIGN = 20
_AT = QModelIndex | QPersistentModelIndex


class LineRows(PlainRows):
    """Rows by their keys; those that come on top move the others down and leave them alone. `sign` is the column of the
    icons."""

    def __init__(self, look: Look, heads: Callable[[], list[str]], *, sign: int = 0) -> None:
        super().__init__()
        self._look, self._heads, self._sign = look, heads, sign
        self.lines: list[Line] = []
        self.px = SIZES[0]

    def show(self, lines: Sequence[Line]) -> None:
        """Show these."""
        new, old = [line.key for line in lines], [line.key for line in self.lines]
        more = len(new) - len(old)
        if old and more > 0 and new[more:] == old:
            self.beginInsertRows(QModelIndex(), 0, more - 1)
            self.lines = [*lines[:more], *self.lines]
            self.endInsertRows()
        elif new != old:
            self.beginResetModel()
            self.lines = list(lines)
            self.endResetModel()
        changed = [at for at, (line, known) in enumerate(zip(lines, self.lines, strict=True)) if line != known]
        self.lines = list(lines)
        for at in changed:
            self.dataChanged.emit(self.index(at, 0), self.index(at, self.columnCount() - 1))

    def begin_anew(self) -> None:
        """Forget all rows: the columns are others now."""
        self.beginResetModel()
        self.lines = []
        self.endResetModel()

    @property
    def sign_column(self) -> int:
        return self._sign

    def heads(self) -> list[str]:
        return self._heads()

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._heads())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return self._heads()[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return line.cells[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(self.px, bold=column == 0, tabular=True)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.color(line.token if column == self._sign or line.token == "amber" else "ink")
        if role == Qt.ItemDataRole.DecorationRole and column == self._sign and line.icon:
            return QIcon(self._look.icon(line.icon, line.token, SIGN))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.tip
        return None


class LineTable(PlainTable):
    """Nothing in it is pressed: it is read."""

    def __init__(self, look: Look, model: LineRows, parent: QWidget | None = None) -> None:
        self._rows = model
        super().__init__(look, model, height=ROW, sizes=SIZES, parent=parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        model.modelReset.connect(self.fit)
        model.rowsInserted.connect(self.fit)
        model.dataChanged.connect(self.fit)

    def needed(self, px: int) -> list[int]:
        look = self.look
        cell, bold, head, pad = (
            look.font(px, tabular=True),
            look.font(px, bold=True, tabular=True),
            look.font(px - 2),
            look.px(20),
        )
        widths = []
        for column, title in enumerate(self._rows.heads()):
            texts = nlargest(MEASURED, {line.cells[column] for line in self._rows.lines}, key=len)
            font = bold if column == 0 else cell
            widths.append(round(max([width_of(head, title), *(width_of(font, text) for text in texts)])) + pad)
        if any(line.icon for line in self._rows.lines):
            widths[self._rows.sign_column] += look.px(SIGN + 8)
        return widths

    def fit(self, *_said: object) -> None:
        """Give each column what it needs, and the last one the rest."""
        room = self.viewport().width()
        last = self._rows.columnCount() - 1
        least = self.look.px(160)
        self._model.px = next(
            (px for px in SIZES if sum(self.needed(px)[:last]) + min(self.needed(px)[last], least) <= room), SIZES[-1]
        )
        widths = self.needed(self._model.px)
        self._dress_letters()
        widths[last] = max(self.look.px(60), room - sum(widths[:last]))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self.setIconSize(QSize(self.look.px(SIGN), self.look.px(SIGN)))
