"""A table to read: its columns are specifications, and widths, letters, sorting and presses are done here for all;
the question before a table is imported, and why one was not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import nlargest
from typing import Any, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, error_sentence
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.paint import width_of_text
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

R = TypeVar("R")
LEAST_PX = 12
"""Letters get no smaller than this where the columns need more room than there is."""
LOOKED_AT, MEASURED = 1000, 8
"""Of so many rows the few longest texts of a column are measured: all of them would take their time."""
SIGN, PAD, SHORT_PAD, LEAST_CUT, LINES_PAD = 20, 20, 17, 48, 18
UNBOUND = (1 << 24) - 1  # Qt's own largest height
_AT = QModelIndex | QPersistentModelIndex
_ASCENDING, _DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class TableColumn(Struct, Generic[R], frozen=True, kw_only=True):
    """One column of a table, in the language of the moment. `text` gives a row's cell and `short` a shorter one for
    when there is no room; `token` is the colour of the text and of the `icon` in front of it, `ground` that of the
    cell; a text that is `struck` counts no more. A column has room for `sample` at least. `sort` gives the rows' sort
    key: first whether the cell is empty, which comes last in both directions. If there is no room a column that `gives`
    is cut, and letters stay large while it has its `least` width. Spare room goes to the column that `grows`, else to
    all."""

    title: str
    text: Callable[[R], str]
    key: str = ""
    short: Callable[[R], str] | None = None
    is_right: bool = False
    bold: bool | Callable[[R], bool] = False
    token: str | Callable[[R], str] = "ink"
    icon: Callable[[R], str] | None = None
    ground: Callable[[R], str] | None = None
    sample: str = ""
    sort: Callable[[R], tuple[Any, ...]] | None = None
    largest_first: bool = False
    gives: bool = False
    least: int | None = None
    grows: bool = False
    struck: Callable[[R], bool] | None = None


class TableRows(QAbstractTableModel, Generic[R]):
    """The rows of a RecordPageSpec as shown; `sorted_by` is the key of a column, "" for the original order."""

    def __init__(self, look: Look, spec: Any, columns: Callable[[], Sequence[TableColumn[R]]]) -> None:
        super().__init__()
        self._look, self._spec, self._columns = look, spec, columns
        self.rows: list[R] = []
        self.columns: Sequence[TableColumn[R]] = columns()
        self.sorted_by, self.order = "", _ASCENDING
        self.px, self.is_short = 16, False

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show these; rows added at the top move the others down without changing them."""
        columns, key = self._columns(), self._spec.key
        new, old = [key(row) for row in rows], [key(row) for row in self.rows]
        more = len(new) - len(old)
        is_same_table = [one.title for one in columns] == [one.title for one in self.columns] and not self.sorted_by
        if is_same_table and old and more > 0 and new[more:] == old:
            self.beginInsertRows(QModelIndex(), 0, more - 1)
            self.rows = [*rows[:more], *self.rows]
            self.endInsertRows()
        elif not is_same_table or new != old:
            self.beginResetModel()
            self.rows, self.columns, self.sorted_by = list(rows), columns, ""
            self.endResetModel()
        self.columns = columns
        changed = [at for at, (row, known) in enumerate(zip(rows, self.rows, strict=True)) if row != known]
        self.rows = list(rows)
        for at in changed:
            self.dataChanged.emit(self.index(at, 0), self.index(at, self.columnCount() - 1))

    def sort_by(self, key: str, order: Qt.SortOrder) -> None:
        sort = self.column(key).sort
        if sort is None:
            return
        self.layoutAboutToBeChanged.emit()
        keyed = [(sort(row), row) for row in self.rows]
        keyed.sort(key=lambda one: one[0], reverse=order == _DESCENDING)
        keyed.sort(key=lambda one: bool(one[0][0]))
        self.rows = [row for _key, row in keyed]
        self.sorted_by, self.order = key, order
        self.layoutChanged.emit()

    def column(self, key: str) -> TableColumn[R]:
        return next(one for one in self.columns if one.key == key)

    @property
    def sort_arrow(self) -> str:
        return "↑" if self.order == _ASCENDING else "↓"

    def column_title(self, column: TableColumn[R]) -> str:
        is_it = self.sorted_by and column.key == self.sorted_by
        return f"{column.title} {self.sort_arrow}" if is_it else column.title

    def cell_text(self, row: R, column: TableColumn[R]) -> str:
        text = column.short if self.is_short and column.short is not None else column.text
        return text(row)

    def cell_texts_of_all_rows(self) -> list[list[str]]:
        return [[self.cell_text(row, column) for column in self.columns] for row in self.rows]

    # -- Qt's model ----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _column_alignment(self.columns[section])
        return self.column_title(self.columns[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column, spec, look = self.rows[index.row()], self.columns[index.column()], self._spec, self._look
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell_text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _column_alignment(column)
        if role == Qt.ItemDataRole.FontRole:
            bold = column.bold(row) if callable(column.bold) else column.bold
            font = look.font(self.px, bold=bold, tabular=True)
            if column.struck is not None and column.struck(row):
                font = QFont(font)
                font.setStrikeOut(True)
            return font
        token = column.token(row) if callable(column.token) else column.token
        if role == Qt.ItemDataRole.ForegroundRole:
            return look.color(token)
        if role == Qt.ItemDataRole.DecorationRole and column.icon is not None and (icon := column.icon(row)):
            return QIcon(look.icon(icon, token, SIGN))
        if role == Qt.ItemDataRole.BackgroundRole and column.ground is not None and (ground := column.ground(row)):
            return look.color(ground)
        if role == Qt.ItemDataRole.ToolTipRole:
            return spec.tip(row) if spec.tip is not None else self.cell_text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and spec.spoken is not None:
            return spec.spoken(row, column)
        return None


def _column_alignment(column: TableColumn[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class SortableTableView(QTableView, Generic[R]):
    """`opened` gives the row that was pressed or entered; `sorted` says that a column head was pressed. `rows_seen` are
    those of the specification until a page sets others for its room; `fit` follows them."""

    opened = Signal(object)
    sorted = Signal()

    def __init__(self, look: Look, spec: Any, columns: Callable[[], Sequence[TableColumn[R]]]) -> None:
        super().__init__()
        self.look, self.spec, self.rows_seen = look, spec, spec.rows_seen
        self.rows: TableRows[R] = TableRows(look, spec, columns)
        self._pressed = -1
        self._awaited: tuple[object, str, Qt.SortOrder] | None = None
        self._dressed: int | None = None
        self.setModel(self.rows)
        self.setAccessibleName(spec.name())
        # A second press of a shaking hand opens nothing more.
        self.setProperty("guarded", spec.by_one_press)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(spec.wraps)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(any(column.sort is not None for column in self.rows.columns))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.sectionClicked.connect(self._sort_by_header_section)
        self.rows.modelReset.connect(self.fit_columns_to_width)
        self.rows.rowsInserted.connect(self.fit_columns_to_width)
        self.rows.dataChanged.connect(self.fit_columns_to_width)
        look.changed.connect(self._scale_rows_and_refit)
        self._scale_rows_and_refit()

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show these; the chosen row stays chosen if it is still there."""
        chosen = self.chosen_row()
        self.rows.show_rows(rows)
        if self.chosen_row() is None and (chosen is not None or self.spec.has_chosen_row):
            self.choose_row(chosen)
        self._restore_choice_and_sorting()
        # The same rows may say something else now.
        self.viewport().update()

    def chosen_row(self) -> R | None:
        chosen = self.selectionModel().selectedRows()
        return self.rows.rows[chosen[0].row()] if chosen else None

    def chosen_row_key(self) -> object:
        return None if (row := self.chosen_row()) is None else self.spec.key(row)

    def state_to_restore(self) -> tuple[object, str, Qt.SortOrder]:
        """Return the key of the row that is chosen, None for no row, and how the rows are sorted."""
        return self.chosen_row_key(), self.rows.sorted_by, self.rows.order

    def restore_state(self, left: tuple[object, str, Qt.SortOrder]) -> None:
        """Sort and choose in the same way, at once or as soon as there are rows."""
        self._awaited = left
        self._restore_choice_and_sorting()

    def _restore_choice_and_sorting(self) -> None:
        if self._awaited is not None and self.rows.rows:
            (chosen, sorted_by, order), self._awaited = self._awaited, None
            if sorted_by:
                self.rows.sort_by(sorted_by, order)
                self.fit_columns_to_width()
            if chosen is not None:
                self.choose_row(next((row for row in self.rows.rows if self.spec.key(row) == chosen), None))

    def choose_row(self, row: R | None) -> None:
        """Choose a row; if it is gone, the first one if there must be a chosen row."""
        keys = [self.spec.key(one) for one in self.rows.rows]
        if row is not None and self.spec.key(row) in keys:
            self.selectRow(keys.index(self.spec.key(row)))
        elif keys and self.spec.has_chosen_row:
            self.selectRow(0)

    def sort_by(self, key: str) -> None:
        """Sort by a column, largest first if that is the usual interest; a second time reverses the order."""
        order = _DESCENDING if self.rows.column(key).largest_first else _ASCENDING
        if self.rows.sorted_by == key:
            order = _ASCENDING if self.rows.order == _DESCENDING else _DESCENDING
        self.rows.sort_by(key, order)
        self.fit_columns_to_width()
        self.scrollToTop()
        self.sorted.emit()

    def _sort_by_header_section(self, section: int) -> None:
        if self.rows.columns[section].sort is not None:
            self.sort_by(self.rows.columns[section].key)

    # -- opening -------------------------------------------------------------------------------------------------------

    def open_row(self, row: int) -> None:
        self.opened.emit(self.rows.rows[row])

    def place_below_row(self, row: R) -> QPoint:
        """Return where in the viewport a menu of this row opens."""
        return self.visualRect(self.rows.index(self.rows.rows.index(row), 0)).bottomLeft()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = self.indexAt(event.position().toPoint()).row()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, -1
        if self.spec.by_one_press and pressed >= 0 and self.indexAt(event.position().toPoint()).row() == pressed:
            self.open_row(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        if not self.spec.by_one_press and row >= 0:
            self.open_row(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.open_row(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    # -- widths --------------------------------------------------------------------------------------------------------

    def column_widths_needed(self, px: int) -> list[int]:
        """Return the width of each column in which nothing is cut, with letters of `px`."""
        return self._natural_column_widths(px, self._longest_texts_by_column())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns_to_width()

    def fit_columns_to_width(self, *_said: object) -> None:
        """Divide the width among the columns: smaller letters first, then shorter cells, and only then cut words."""
        rows, room = self.rows, self.viewport().width()
        has_short = any(column.short is not None for column in rows.columns)
        widths: list[int] = []
        for rows.is_short in (False, True) if has_short else (False,):
            longest = self._longest_texts_by_column()
            for px in range(16, LEAST_PX - 1, -1):
                rows.px, widths = px, self._natural_column_widths(px, longest)
                if sum(self._least_column_widths(widths)) <= room:
                    break
            if sum(self._least_column_widths(widths)) <= room:
                break
        for at, width in enumerate(self._widths_fitted_to_room(widths, room)):
            self.setColumnWidth(at, width)
        self._apply_text_style()
        if self.spec.wraps:
            self._fit_row_heights()
        if self.rows_seen is not None:
            fewest, most = self.rows_seen
            usual, count = self.look.px(self.spec.row_height), rows.rowCount()
            high = [self.rowHeight(at) if self.spec.wraps else usual for at in range(min(count, most))]
            self.setFixedHeight(sum(high) + usual * (max(0, fewest - count) + 1) + self.look.px(4))

    def _fit_row_heights(self) -> None:
        look, px = self.look, self.rows.px
        weights = [QFontMetrics(look.font(px, bold=bold, tabular=True)) for bold in (False, True)]
        # Others have the width of their words.
        giving = [(n, column) for n, column in enumerate(self.rows.columns) if column.gives or column.grows]
        for at, row in enumerate(self.rows.rows):
            high = 0
            for n, column in giving:
                bold = column.bold(row) if callable(column.bold) else column.bold
                room = QRect(0, 0, self.columnWidth(n) - look.px(PAD) + 1, UNBOUND)
                words = weights[bold].boundingRect(room, Qt.TextFlag.TextWordWrap, self.rows.cell_text(row, column))
                high = max(high, words.height())
            self.setRowHeight(at, max(look.px(self.spec.row_height), high + look.px(LINES_PAD)))

    def _least_column_widths(self, widths: Sequence[int]) -> list[int]:
        """Return the widths that are enough for these letters."""
        leasts = [
            width if one.least is None else self.look.px(one.least) for one, width in self._columns_with_widths(widths)
        ]
        return [min(width, least) for width, least in zip(widths, leasts, strict=True)]

    def _widths_fitted_to_room(self, widths: list[int], room: int) -> list[int]:
        """Return the widths after columns that give lose the excess, or columns that grow gain the spare room."""
        spare = room - sum(widths)
        if spare < 0:
            giving = [at for at, (one, _width) in enumerate(self._columns_with_widths(widths)) if one.gives]
            leasts = self._least_column_widths(widths)
            # What is over their least is taken first; where that is not enough, each is left as narrow as may be.
            over = {at: widths[at] - leasts[at] for at in giving}
            if sum(over.values()) < -spare:
                over = {at: widths[at] for at in giving}
            whole = sum(over.values()) or 1
            for at in giving:
                widths[at] = max(self.look.px(LEAST_CUT), widths[at] + spare * over[at] // whole - 1)
        else:
            growing = [at for at, (one, _width) in enumerate(self._columns_with_widths(widths)) if one.grows] or range(
                len(widths)
            )
            for at in growing:
                widths[at] += spare // len(growing)
        return widths

    def _columns_with_widths(self, widths: Sequence[int]) -> list[tuple[TableColumn[R], int]]:
        return list(zip(self.rows.columns, widths, strict=True))

    def _longest_texts_by_column(self) -> list[list[str]]:
        """Return of each column the texts with the most letters."""
        rows = self.rows
        return [
            nlargest(
                MEASURED, {column.sample, *(rows.cell_text(row, column) for row in rows.rows[:LOOKED_AT])}, key=len
            )
            for column in rows.columns
        ]

    def _natural_column_widths(self, px: int, longest: Sequence[Sequence[str]]) -> list[int]:
        look, rows = self.look, self.rows
        pad = look.px(SHORT_PAD if rows.is_short else PAD)
        head = look.font(max(LEAST_PX / look.scale.text, px - 2))
        font, bold = look.font(px, tabular=True), look.font(px, bold=True, tabular=True)
        found = []
        for column, texts in zip(rows.columns, longest, strict=True):
            letters = font if column.bold is False else bold
            # Room for the arrow too, if there is any: sorting must not move the columns.
            title = f"{column.title} ↑" if column.sort is not None and not rows.is_short else column.title
            width = round(max([width_of_text(head, title), *(width_of_text(letters, text) for text in texts)])) + pad
            has_icon = column.icon is not None and any(column.icon(row) for row in rows.rows)
            found.append(width + (look.px(SIGN + 8) if has_icon else 0))
        return found

    def _scale_rows_and_refit(self) -> None:
        look = self.look
        self.verticalHeader().setDefaultSectionSize(look.px(self.spec.row_height))
        self.horizontalHeader().setMinimumHeight(look.px(self.spec.row_height))
        self.setIconSize(QSize(look.px(SIGN), look.px(SIGN)))
        self._dressed = None
        self.fit_columns_to_width()

    def _apply_text_style(self) -> None:
        look, px = self.look, self.rows.px
        if self._dressed == px:
            return
        self._dressed = px
        self.setFont(look.font(px, tabular=True))
        head = max(LEAST_PX / look.scale.text, px - 2)
        self.horizontalHeader().setFont(look.font(head))
        # The ring has its room at all times: drawn into the rows it would be cut by the chosen one.
        ring = f"QTableView {{ border: {look.px(2)}px solid transparent; outline: 0; }}"
        self.setStyleSheet(ring + table_style_sheet(look, head))


def table_style_sheet(look: Look, head_px: float = 14) -> str:
    theme, pad = look.theme, look.px(6)
    return (
        f"QTableView {{ background: {theme.surface}; color: {theme.ink}; gridline-color: {theme.line};"
        f" selection-background-color: {theme.soft}; selection-color: {theme.on_soft}; }}"
        f"QTableView:focus {{ border: {look.px(2)}px solid {theme.ink}; }}"
        f"QTableView::item {{ padding: 0 {pad}px; }}"
        f"QTableView QLineEdit, QTableView QComboBox {{ border-radius: 0; padding: 0 {pad}px; min-height: 0; }}"
        f"QHeaderView::section {{ background: {theme.surface}; color: {theme.ink2}; border: none;"
        f" border-bottom: 1px solid {theme.line}; padding: 0 {pad}px; font-size: {look.font(head_px).pixelSize()}px; }}"
        f"QHeaderView {{ background: {theme.surface}; }}"
        f"QTableCornerButton::section {{ background: {theme.surface}; border: none; }}"
    )


LIST_HIGH, ROW_HIGH = 260, 30


class TableImportQuestion(Dialog):
    """Base of what asks before a table is taken in; `wanted` takes it."""

    wanted = Signal()

    def list_changes_and_offer(self, lines: Sequence[str], name: str, take: str) -> None:
        """List what would change, under `name` for who hears it, and offer to `take` it; with no line only to close."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        panels.set_scaled_margins(self.look, column, spacing=4)
        for line in lines:
            column.addWidget(panels.Label(self.look, line, px=16, wrap=True))
        column.addStretch(1)
        area = panels.VerticalScrollArea(inner, keys=True)
        area.setAccessibleName(name)
        panels.FixedSizeKeeper(self.look, area, height=min(LIST_HIGH, ROW_HIGH * len(lines)))
        self.body.addWidget(area)
        if lines:
            self.add_answer_buttons(_("Leave it", context="import"), take, self._close_and_emit_wanted)
        else:
            self.add_answer_buttons(_("Close"))

    def first_focus_widget(self) -> QWidget:
        return self.no_button

    def _close_and_emit_wanted(self) -> None:
        self.close_dialog()
        self.wanted.emit()


LINES_SEEN = 320  # drawn px


class RefusedFileDialog(Dialog):
    """Why a table was refused: every line with its problem; nothing was imported."""

    def __init__(self, host: QWidget, look: Look, trouble: QueueDeskError) -> None:
        title, *lines = error_sentence(trouble).split("\n")
        super().__init__(host, look, title=_("Nothing was imported from the file"), effect=title, width=760)
        inner = QWidget()
        column = QVBoxLayout(inner)
        panels.set_scaled_margins(self.look, column, spacing=6)
        self.lines = [panels.Label(self.look, line, px=17, wrap=True) for line in lines]
        for label in self.lines:
            column.addWidget(label)
        column.addStretch(1)
        area = panels.VerticalScrollArea(inner, keys=True)
        area.setAccessibleName(_("Lines with a fault"))
        area.setFixedHeight(min(self.look.px(LINES_SEEN), self.look.px(34 * max(1, len(lines)))))
        area.setVisible(bool(lines))
        self.body.addWidget(area)
        self.add_answer_buttons(_("Close", context="dialog"))

    def first_focus_widget(self) -> QWidget:
        return self.no_button
