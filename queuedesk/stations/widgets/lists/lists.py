"""Live lists: people waiting, tickets, set-aside rows, what a search found. A row changes in place."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
    QElapsedTimer,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import paint_pill_with_text, pill_width
from queuedesk.stations.widgets.panels import TextRun, VerticalScrollArea, paint_text_runs, set_new_viewport
from queuedesk.stations.widgets.questions.dialogs import GUARDED
from queuedesk.stations.window.style import Look

FADE_MS, FADE_STEP_MS = 150, 16
ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
CLASS_PX, LEAST_CLASS_PX = 14, 11
LEVELS = {"": ("ink2", False, ""), "amber": ("amber", True, ""), "red": ("red", True, "clock")}


class TicketRow(Struct, frozen=True, kw_only=True):
    """One row with its final texts. `id` identifies it across lists. `wait` is on the right, `level` ("", "amber",
    "red") colours it; `icon` with `token` stands before `service` (ticket list of the manager); `button` is a word to
    press at the row's end; `spoken` is for screen readers."""

    id: object
    number: str
    service: str = ""
    class_text: str = ""
    wait: str = ""
    level: str = ""
    icon: str = ""
    token: str = "ink2"
    button: str = ""
    spoken: str = ""


class TicketModel(QAbstractListModel):
    """Rows that are changed into a wanted list by single inserts, moves, removals and changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TicketRow] = []

    def set_rows(self, wanted: Sequence[TicketRow]) -> None:
        """Change to `wanted`; selection and scroll position are kept. Ids must be unique."""
        ids = {row.id for row in wanted}
        for at in range(len(self._rows) - 1, -1, -1):
            if self._rows[at].id not in ids:
                self.beginRemoveRows(QModelIndex(), at, at)
                del self._rows[at]
                self.endRemoveRows()
        for at, row in enumerate(wanted):
            now = next((place for place in range(at, len(self._rows)) if self._rows[place].id == row.id), None)
            if now is None:
                self.beginInsertRows(QModelIndex(), at, at)
                self._rows.insert(at, row)
                self.endInsertRows()
                continue
            if now != at:
                self.beginMoveRows(QModelIndex(), now, now, QModelIndex(), at)
                self._rows.insert(at, self._rows.pop(now))
                self.endMoveRows()
            if self._rows[at] != row:
                self._rows[at] = row
                self.dataChanged.emit(self.index(at), self.index(at))

    def rows(self) -> list[TicketRow]:
        return list(self._rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        spoken = row.spoken or " ".join(part for part in (row.number, row.service, row.class_text, row.wait) if part)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.service
        return row if role == ROW else None


class _RowHeightDelegate(QStyledItemDelegate):
    """Tells the view how tall its rows are; the view paints them itself."""

    def __init__(self, view: TicketList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._view.look.px(200), self._view.look.px(self._view.row_height))


def paint_row_button(painter: paint.Painter, rect: QRectF, word: str, *, enabled: bool) -> None:
    ink, fill = ("ink", "surface") if enabled else ("ink2", "sunken")
    painter.draw_box(rect, 10, fill, edge="edge", dashed=not enabled)
    painter.draw_words_and_give_end_x(word, painter.look.font(15, bold=True), ink, rect, Qt.AlignmentFlag.AlignHCenter)


class TicketList(paint.FollowsLook, QListView):
    """Rows of tickets. `chosen` gives the id of a row pressed, `acted` that of a row whose button was pressed."""

    chosen = Signal(object)
    acted = Signal(object)

    def __init__(
        self,
        look: Look,
        *,
        row_height: float = 46,
        number_px: float = 20,
        inset: float = 0,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.row_height, self.number_px, self.inset, self.selectable = row_height, number_px, inset, selectable
        self.follow_look(look)
        self.tickets = TicketModel(self)
        self._released_at = QPoint(-1, -1)
        self._is_down = False
        self._fresh: dict[object, int] = {}
        self._clock = QElapsedTimer()
        self._clock.start()
        self._fading = QTimer(self)
        self._fading.setInterval(FADE_STEP_MS)
        self._fading.timeout.connect(self._fade_new_rows)
        self.setModel(self.tickets)
        self.tickets.rowsInserted.connect(self._start_fade_of_new_rows)
        self.setItemDelegate(_RowHeightDelegate(self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.SingleSelection if selectable else mode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if selectable else Qt.FocusPolicy.NoFocus)
        set_new_viewport(self, filled=True)
        self.viewport().setProperty(GUARDED, True)
        self.clicked.connect(self._emit_acted_or_chosen)

    def set_rows(self, rows: Sequence[TicketRow]) -> None:
        self.tickets.set_rows(rows)

    def select(self, row_id: object) -> None:
        """Mark the row with `row_id` and scroll to it; without such a row none is marked."""
        place = next((at for at, row in enumerate(self.tickets.rows()) if row.id == row_id), None)
        self.setCurrentIndex(QModelIndex() if place is None else self.tickets.index(place))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.look.px(self.row_height))

    def measure_again(self) -> None:
        super().measure_again()
        # Uniform sizes are remembered; only this makes the view ask for them again.
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    # -- pressing --
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_down = True
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        # Qt remembers the row that was pressed last: a release whose press was held back would choose it once more.
        if not self._is_down:
            return
        self._is_down = False
        self._released_at = event.position().toPoint()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().data(ROW).id)
            return
        super().keyPressEvent(event)

    def _emit_acted_or_chosen(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if row.button and self.row_button_rect(index).contains(self._released_at):
            self.acted.emit(row.id)
        else:
            self.chosen.emit(row.id)

    def row_button_rect(self, index: QModelIndex) -> QRectF:
        """Return where the button of a row stands in the viewport; empty if the row has none."""
        row, rect, look = index.data(ROW), self.visualRect(index), self.look
        if not row.button:
            return QRectF()
        width = paint.width_of_text(look.font(15, bold=True), row.button) + look.px(28)
        height = min(rect.height() - look.px(8), look.px(40))
        top = rect.top() + (rect.height() - height) / 2
        return QRectF(rect.right() + 1 - width - look.px(self.inset), round(top), width, height)

    # -- painting --
    def _start_fade_of_new_rows(self, parent: QModelIndex, first: int, last: int) -> None:
        if self.look.still or not self.isVisible():
            return
        for place in range(first, last + 1):
            self._fresh[self.tickets.index(place).data(ROW).id] = self._clock.elapsed()
        self._fading.start()

    def _fade_new_rows(self) -> None:
        now = self._clock.elapsed()
        self._fresh = {row_id: start for row_id, start in self._fresh.items() if now - start < FADE_MS}
        if not self._fresh:
            self._fading.stop()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self.viewport(), self.look)
        for place in range(self.tickets.rowCount()):
            index = self.tickets.index(place)
            rect = self.visualRect(index)
            if rect.intersects(event.rect()):
                row = index.data(ROW)
                age = self._clock.elapsed() - self._fresh.get(row.id, -FADE_MS)
                painter.setOpacity(min(1.0, age / FADE_MS))
                self._paint_ticket_row(painter, index, QRectF(rect), row)

    def _paint_ticket_row(self, painter: paint.Painter, index: QModelIndex, rect: QRectF, row: TicketRow) -> None:
        look = self.look
        if self.selectable and self.selectionModel().isSelected(index):
            painter.fillRect(rect, look.color("soft"))
            if look.theme.outlined:
                painter.draw_box(rect, 0, "", edge="primary", width=3)
        bottom = rect.bottom() - 1
        painter.draw_divider(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
        left, right = rect.left() + look.px(self.inset), rect.right() - look.px(self.inset)
        line = QRectF(left, rect.top(), right - left, rect.height() - 1)

        number = look.font(self.number_px, bold=True, tabular=True)
        end = painter.draw_words_and_give_end_x(row.number, number, "ink", line)
        x = max(left + look.px(self.number_px * 3.1), end) + look.px(12)
        if row.button:
            place = self.row_button_rect(index)
            paint_row_button(painter, place, row.button, enabled=self.isEnabled())
            right = place.left() - look.px(10)
        if row.wait:
            least = pill_width(look, row.class_text, "", LEAST_CLASS_PX) if row.class_text else 0
            free = right - end - least - look.gap(16) - look.px(14)
            right = self._paint_wait_and_give_left_edge(painter, row, right, line, free) - look.px(14)
        if row.class_text:
            icon, height, px, text = "person", look.px(25), CLASS_PX, row.class_text
            words = paint.width_of_text(look.font(16), row.service) + (look.px(28) if row.icon else 0)
            room = right - look.gap(10) - end - look.gap(6)
            if right - pill_width(look, text, icon, px) - 2 * look.gap(10) - x < words:
                icon = ""
            while px > LEAST_CLASS_PX and pill_width(look, text, icon, px) > room:
                px -= 1
            around = pill_width(look, "", icon, px)
            text = paint.elide(look.font(px, bold=True), text, room - around)
            width = pill_width(look, text, icon, px)
            place = QRectF(right - width - look.gap(10), round(line.center().y() - height / 2), width, height)
            paint_pill_with_text(painter, place, text, tint="bluebg", token="blue", icon=icon, px=px)
            right = place.left() - look.gap(10)
        if row.icon:
            painter.draw_icon(row.icon, row.token, x, line.center().y() - look.px(20) / 2, 20)
            x += look.px(28)
        token = "ink" if row.icon else "ink2"
        if right - x > look.px(32):
            font = look.font(
                paint.largest_fitting_px(row.service, right - x, look.px(16), least=look.px(14)) / look.scale.k
            )
            painter.draw_words_and_give_end_x(row.service, font, token, QRectF(x, rect.top(), right - x, line.height()))

    def _paint_wait_and_give_left_edge(
        self, painter: paint.Painter, row: TicketRow, right: float, line: QRectF, room: float
    ) -> float:
        """Paint how long somebody has waited; the icon of a long wait only within `room`."""
        look = self.look
        token, bold, icon = LEVELS[row.level]
        font = look.font(16, bold=bold, tabular=True)
        left = right - paint.width_of_text(font, row.wait)
        painter.draw_words_and_give_end_x(
            row.wait, font, token, QRectF(left, line.top(), right - left + 1, line.height())
        )
        if icon and right - left + look.px(22) <= room:
            left -= look.px(22)
            painter.draw_icon(icon, token, left, line.center().y() - look.px(16) / 2, 16)
        return left


# -- finds of a search -------------------------------------------------------------------------------------------------

ROW_HEIGHT, LAST_HEIGHT = 80, 53


class SearchResult(Struct, frozen=True, kw_only=True):
    """A search result: letter, name, the letters that matched and their continuation, facts on the right."""

    id: object
    letter: str
    name: str
    matched: str = ""
    rest: str = ""
    right: str = ""


class SearchResultList(paint.FollowsLook, QWidget):
    """Search results; the focus stays in the search field, which calls `move_selection_by` and `take`."""

    spoken_role = paint.GROUP

    taken = Signal(object)

    def __init__(self, look: Look, *, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._results: tuple[SearchResult, ...] = ()
        self._current, self._last, self._key = 0, "", key
        self._pressed = False
        self.setProperty(GUARDED, True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_results(self, results: Sequence[SearchResult], *, last: str = "", key: str = "") -> None:
        """Show these results, the first one chosen; `last` is the line for when none fits, `key` names Enter."""
        self._results, self._last, self._current = tuple(results), last, 0
        self._key = key or self._key
        self.setAccessibleName(", ".join(result.name for result in results) or last)
        self.measure_again()

    def count(self) -> int:
        return len(self._results)

    def current_result(self) -> SearchResult | None:
        return self._results[self._current] if self._results else None

    def move_selection_by(self, step: int) -> None:
        """Choose the next (1) or previous (-1) one; it stops at the ends."""
        if self._results:
            self._current = max(0, min(len(self._results) - 1, self._current + step))
            self.update()

    def choose_current_result(self) -> None:
        """Do what Enter does: choose the current result."""
        current = self.current_result()
        if current is not None:
            self.taken.emit(current.id)

    def sizeHint(self) -> QSize:
        height = ROW_HEIGHT * len(self._results) + (LAST_HEIGHT if self._last else 0)
        return QSize(self.look.px(600), self.look.px(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._pressed:
            return
        self._pressed = False
        at = int(event.position().y() // self.look.px(ROW_HEIGHT))
        if 0 <= at < len(self._results) and self.rect().contains(event.position().toPoint()):
            self._current = at
            self.update()
            self.choose_current_result()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        rect = QRectF(self.rect())
        round_px = look.px(12)
        shape = QPainterPath()
        shape.addRoundedRect(rect, round_px, round_px)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(rect, look.color("surface"))
        high = look.px(ROW_HEIGHT)
        for number, result in enumerate(self._results):
            self._paint_result(painter, QRectF(0, number * high, rect.width(), high), result, number == self._current)
        if self._last:
            y = len(self._results) * high
            side, left = look.px(20), look.px(20)
            room = QRectF(left + look.px(32), y, rect.width() - left - look.px(52), look.px(LAST_HEIGHT))
            painter.draw_icon("info", "ink2", left, room.center().y() - side / 2, 20)
            painter.draw_words_and_give_end_x(
                self._last, paint.squeezed_font(look, self._last, 16, room.width()), "ink2", room
            )
        painter.restore()
        painter.draw_box(rect, 12, "", edge="edge" if look.theme.outlined else "line")

    def _paint_result(self, painter: paint.Painter, rect: QRectF, result: SearchResult, chosen: bool) -> None:
        look = self.look
        if chosen:
            painter.fillRect(rect, look.color("soft"))
            if look.theme.outlined:
                painter.draw_box(rect, 0, "", edge="primary", width=3)
        painter.draw_divider(QPointF(rect.left(), rect.bottom() - 1), QPointF(rect.right(), rect.bottom() - 1))
        side, pad = look.px(48), look.px(20)
        badge = QRectF(pad, round(rect.center().y() - side / 2), side, side)
        painter.draw_badge(badge, result.letter, fill="surface" if chosen else "soft")
        right, left = rect.right() - pad, pad + side + look.px(16)
        name = look.font(21, bold=True)
        # The name comes first: where large letters leave little room the key goes, then the facts get smaller.
        room = right - left - paint.width_of_text(name, result.name) - look.px(16)
        size = paint.key_cap_size(look, self._key, paint.KeyCapStyle())
        cap = size.width() + look.px(16)
        if chosen and self._key and paint.width_of_text(look.font(17, tabular=True), result.right) + cap <= room:
            room, right = room - cap, right - size.width()
            top = round(rect.center().y() - size.height() / 2)
            painter.draw_key_cap(QRectF(round(right), top, size.width(), size.height()), self._key, paint.KeyCapStyle())
            right -= look.px(16)
        facts = paint.squeezed_font(look, result.right, 17, room, tabular=True)
        width = paint.width_of_text(facts, result.right)
        painter.draw_words_and_give_end_x(
            result.right, facts, "ink2", QRectF(right - width, rect.top(), width + 1, rect.height())
        )
        room = right - width - look.px(16) - left
        if not (result.matched or result.rest):
            painter.draw_words_and_give_end_x(result.name, name, "ink", QRectF(left, rect.top(), room, rect.height()))
            return
        painter.draw_words_and_give_end_x(
            result.name, name, "ink", QRectF(left, rect.top() + look.px(15), room, look.px(32))
        )
        runs = [TextRun(result.matched, 15, True, "primary"), TextRun(result.rest, 15, token="ink2")]
        baseline = paint.centred_baseline_y(look.font(15), rect.top() + look.px(45), look.px(22))
        paint_text_runs(painter, [run for run in runs if run.text], left, baseline, limit=left + room)


# -- rows under the names of their columns -----------------------------------------------------------------------------


class ColumnHeadRow(paint.FollowsLook, QWidget):
    """The names of the columns; `inset` px on the right are left free for the rows' scroll bar."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow_look(look)
        self.inset = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_right_inset(self, inset: int) -> None:
        self.inset = inset
        self.update()


class ScrollingRowsArea(VerticalScrollArea):
    """Holds rows in `column`, and keeps `head` as wide as they are. A scroll bar is `gap` drawn px beside them."""

    def __init__(self, look: Look, head: ColumnHeadRow, *, gap: float = 0) -> None:
        inner = QWidget()
        super().__init__(inner)
        self._look, self._head, self._gap = look, head, gap
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addStretch(1)
        self.verticalScrollBar().rangeChanged.connect(self._make_room_for_scroll_bar)

    def scroll_bar_width(self) -> int:
        """Return the width for a scroll bar, in px, whether there is one or not."""
        return self.verticalScrollBar().sizeHint().width()

    def _make_room_for_scroll_bar(self, least: int, most: int) -> None:
        scrolls, gap = most > least, self._look.gap(self._gap)
        self.column.setContentsMargins(0, 0, gap if scrolls else 0, 0)
        self._head.set_right_inset(self.scroll_bar_width() + gap if scrolls else 0)
