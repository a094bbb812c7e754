"""The tickets behind a figure as a table: a row each, sorted by the column that is pressed, opened by a press or
Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from queuedesk.core.figures.drilldown.rows import BehindRow, TicketsBehind
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.i18n.figures import drilldown_words as words
from queuedesk.stations.manager.tickets.enter_rows import table_style
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.window.style import Look

ROW, PX, LEAST_PX = 36, 16, 12
RIGHT = frozenset({words.WAITED, words.AMOUNT})
GIVING = (words.SERVICE, words.CLERK, words.OUTCOME, words.RATING)
"""The columns that are cut first where the words have no room, all by the same share."""
LARGEST_FIRST = frozenset({words.WAITED, words.AMOUNT})
LOOKED_AT = 300
"""So many rows are measured for the columns' widths."""
_AT = QModelIndex | QPersistentModelIndex
_ASCENDING, _DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class BehindRows(QAbstractTableModel):
    """The rows as they are sorted; `column` and `order` say by what, column "" is the order in which they were
    found."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._setup: Setup | None = None
        self._found: TicketsBehind | None = None
        self.rows: list[BehindRow] = []
        self.columns: tuple[str, ...] = words.ALWAYS
        self.column, self.order = "", _ASCENDING
        self.px, self.is_short = PX, False

    def show(self, found: TicketsBehind | None, setup: Setup) -> None:
        """Show what was found, as it was found; None shows nothing."""
        self.beginResetModel()
        self._found, self._setup = found, setup
        self.rows = list(found.rows) if found else []
        self.columns = words.columns_of(found) if found else words.ALWAYS
        self.column, self.order = "", _ASCENDING
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = _ASCENDING) -> None:
        """Sort by a column; what has nothing there comes last either way."""
        setup = self._setup
        if setup is None or not 0 <= column < len(self.columns):
            return
        name = self.columns[column]
        self.layoutAboutToBeChanged.emit()
        keyed = [(words.sort_key(row, name, setup), row) for row in self.rows]
        keyed.sort(key=lambda one: one[0], reverse=order == _DESCENDING)
        if name != words.DATE:
            # The first part of a key says whether anything is there.
            keyed.sort(key=lambda one: bool(one[0][0]) if name != words.ARRIVED else False)
        self.rows = [row for _key, row in keyed]
        self.column, self.order = name, order
        self.layoutChanged.emit()

    def retranslate(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.columns) - 1))
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return self.title(column) if role == Qt.ItemDataRole.DisplayRole else None

    def title(self, column: str) -> str:
        """Return a column's title, with an arrow where the rows are sorted by it."""
        title = words.column_title(column)
        return f"{title} {self.arrow}" if column == self.column else title

    @property
    def arrow(self) -> str:
        return "↑" if self.order == _ASCENDING else "↓"

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(index.row(), column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = f"{words.column_title(column)} {self.text(index.row(), column)}"
            return f"{self.rows[index.row()].ticket} {said}".strip()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(self.px, bold=column == words.NUMBER, tabular=True)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.color("ink")
        return None

    def text(self, row: int, column: str) -> str:
        if self._setup is None:
            return ""
        return words.cell(self.rows[row], column, self._setup, short=self.is_short)


def _alignment(column: str) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class BehindTable(QTableView):
    """`opened` gives the row that was pressed, or that Enter was pressed on; the head is pressed to sort."""

    opened = Signal(object)
    sorted = Signal()

    def __init__(self, look: Look, model: BehindRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._rows = look, model
        self._pressed: _AT | None = None
        self.setModel(model)
        self.setProperty("guarded", True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.sectionClicked.connect(self._sort_section)
        model.modelReset.connect(self.fit)
        look.changed.connect(self._dress)
        self._dress()

    def sort_by(self, column: str) -> None:
        """Sort by a column: largest first where that is what one looks for, turned round when it is sorted by that
        already."""
        rows = self._rows
        order = _DESCENDING if column in LARGEST_FIRST else _ASCENDING
        if rows.column == column:
            order = _ASCENDING if rows.order == _DESCENDING else _DESCENDING
        rows.sort(rows.columns.index(column), order)
        self.fit()
        self.scrollToTop()
        self.sorted.emit()

    def _sort_section(self, section: int) -> None:
        self.sort_by(self._rows.columns[section])

    def retranslate(self) -> None:
        self._rows.retranslate()
        self.setAccessibleName(_("Tickets behind the figure"))
        self.fit()

    # -- opening -----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = self.indexAt(event.position().toPoint())
        self._pressed = QPersistentModelIndex(at) if at.isValid() else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        at = self.indexAt(event.position().toPoint())
        if pressed is not None and at.isValid() and at.row() == pressed.row():
            self._open(at.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _open(self, row: int) -> None:
        if self._rows.rows[row].ticket:
            self.opened.emit(self._rows.rows[row])

    # -- widths ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Share the width among the columns: smaller letters first, then shorter cells, and only then long words are
        cut."""
        room = self.viewport().width()
        rows = self._rows
        for rows.is_short in (False, True):
            rows.px = next((px for px in range(PX, LEAST_PX - 1, -1) if sum(self._widths(px)) <= room), LEAST_PX)
            widths = self._widths(rows.px)
            if sum(widths) <= room:
                break
        self._dress_letters()
        over = sum(widths) - room
        giving = [at for at, column in enumerate(rows.columns) if column in GIVING]
        if over > 0:
            whole = sum(widths[at] for at in giving) or 1
            for at in giving:
                widths[at] = max(self._look.px(48), widths[at] - over * widths[at] // whole - 1)
        spare = max(0, room - sum(widths)) // max(1, len(widths))
        for at, width in enumerate(widths):
            self.setColumnWidth(at, width + spare)

    def _widths(self, px: int) -> list[int]:
        look, rows = self._look, self._rows
        pad = look.px(17 if rows.is_short else 20)
        font, bold, head = look.font(px, tabular=True), look.font(px, bold=True, tabular=True), look.font(px - 2)
        found = []
        for column in rows.columns:
            letters = bold if column == words.NUMBER else font
            texts = _longest(rows.text(row, column) for row in range(min(LOOKED_AT, len(rows.rows))))
            # Room for the arrow too, if there is any: sorting must not move the columns.
            titles = width_of(head, words.column_title(column) if rows.is_short else f"{words.column_title(column)} ↑")
            found.append(round(max([titles, *(width_of(letters, text) for text in texts)])) + pad)
        return found

    def _dress(self) -> None:
        look = self._look
        self.verticalHeader().setDefaultSectionSize(look.px(ROW))
        self.horizontalHeader().setMinimumHeight(look.px(ROW))
        self.fit()

    def _dress_letters(self) -> None:
        look, px = self._look, self._rows.px
        self.setFont(look.font(px, tabular=True))
        self.horizontalHeader().setFont(look.font(px - 2))
        # The ring has its room at all times: drawn into the rows it would be cut by the chosen one.
        style = f"QTableView {{ border: {look.px(2)}px solid transparent; outline: 0; }}" + table_style(look, px - 2)
        if style != self.styleSheet():
            self.setStyleSheet(style)


def _longest(texts: Any) -> Sequence[str]:
    """Return the few longest of different texts: to measure every cell would take too long."""
    return sorted(set(texts), key=len, reverse=True)[:6]
