"""The day ribbon as a widget: a list with one row a ticket that is painted as strokes over the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct, field
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy, QWidget

from queuedesk.core.charts.chart import Rect, Words
from queuedesk.core.charts.ribbon import (
    Ribbon,
    RibbonLayout,
    RibbonWords,
    lay_out_ribbon,
    least_height,
    most_height,
    ribbon_height,
)
from queuedesk.stations.widgets.charts.chart_view import Screen, paint_marks
from queuedesk.stations.widgets.lists.lists import Index
from queuedesk.stations.widgets.paint import Follows, Painter, ring_in, ring_out, width_of
from queuedesk.stations.widgets.panels import give_viewport
from queuedesk.stations.widgets.questions.dialogs import GUARDED
from queuedesk.stations.window.style import Look

PAD, TOP, FOOT = 18, 10, 6
CARD_WIDE, CARD_LEAST, CARD_PAD, CARD_GAP = 304, 262, 14, 14
FAINT = 0.5


class StrokeCard(Struct, frozen=True, kw_only=True):
    """The card of a chosen ticket, its words finished; `icon` with `token` stands before the state's word."""

    number: str
    service: str
    word: str
    icon: str = ""
    token: str = "ink2"
    lines: tuple[str, ...] = ()


class Shown(Struct, frozen=True, kw_only=True):
    """A day with its words. `spoken` and `card` say a ticket by its name; `name` and `sentences` are read out with the
    whole. `bright` is the one ticket that the picture is about: all others are drawn at half strength."""

    ribbon: Ribbon
    words: RibbonWords
    name: str
    sentences: Sequence[str] = ()
    spoken: Callable[[str], str] = str
    card: Callable[[str], StrokeCard | None] = field(default=lambda _name: None)
    bright: str = ""


class _Strokes(QAbstractListModel):
    """A row for each ticket, in the order in which they came."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: list[str] = []
        self.spoken: Callable[[str], str] = str

    def take(self, names: list[str], spoken: Callable[[str], str]) -> None:
        """Become these; as a day goes on tickets come at the end, so that the current row stays."""
        self.spoken = spoken
        if names[: len(self.names)] == self.names:
            if len(names) > len(self.names):
                self.beginInsertRows(QModelIndex(), len(self.names), len(names) - 1)
                self.names = names
                self.endInsertRows()
            return
        self.beginResetModel()
        self.names = names
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(self.names[index.row()])
        return None


class RibbonView(Follows, QListView):
    """`picked` gives the name of the ticket whose stroke was pressed.

    The arrow keys left and right go to the ticket that came before or after, up and down to the next lane, Enter opens,
    Escape chooses none. On a card of its own, or with `is_bare` on what it lies on.
    """

    picked = Signal(str)

    def __init__(self, look: Look, *, has_head: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._has_head = has_head
        self.shown = Shown(ribbon=Ribbon(start=0, end=60), words=RibbonWords(), name="")
        self._layout: RibbonLayout | None = None
        self._picture: QPixmap | None = None
        self._hover = ""
        self._pressed = ""
        self.strokes = _Strokes(self)
        self.setModel(self.strokes)
        self.setUniformItemSizes(True)  # Asked for its places it would say each ticket; they are the layout's.
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for side in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            side(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        give_viewport(self, filled=False)
        self.viewport().setMouseTracking(True)
        self.viewport().setProperty(GUARDED, True)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_day(self, shown: Shown) -> None:
        """Show a day, or the same one some time later."""
        chosen = self.chosen
        self.shown = shown
        self.strokes.take(list(dict.fromkeys(one.name for one in shown.ribbon.strokes)), shown.spoken)
        if chosen:
            self.choose(chosen)
        self.setAccessibleName(shown.name)
        self.setAccessibleDescription(" ".join(shown.sentences))
        self._again()

    @property
    def chosen(self) -> str:
        """The ticket that is chosen by key; "" for none."""
        row = self.currentIndex().row()
        return self.strokes.names[row] if 0 <= row < len(self.strokes.names) else ""

    @property
    def looked_at(self) -> str:
        """The ticket whose card is shown: the one below the pointer, else the chosen one."""
        return self._hover or self.chosen

    def choose(self, name: str) -> None:
        """Choose a ticket, none with ""."""
        row = self.strokes.names.index(name) if name in self.strokes.names else -1
        self.setCurrentIndex(self.strokes.index(row) if row >= 0 else QModelIndex())
        self.viewport().update()

    def _again(self) -> None:
        self._layout = self._picture = None
        self.updateGeometry()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        lanes = len(self.shown.ribbon.lanes)
        high = ribbon_height(lanes, Screen(self.look), has_head=self._has_head)
        return QSize(self.look.px(620), round(high) + self.look.gap(TOP + FOOT))

    def minimumSizeHint(self) -> QSize:
        lanes = len(self.shown.ribbon.lanes)
        high = least_height(lanes, Screen(self.look), has_head=self._has_head)
        return QSize(self.look.wide(320), round(high) + self.look.gap(TOP + FOOT))

    def most_height(self) -> int:
        """Return the height beyond which the picture does not grow."""
        return round(most_height(len(self.shown.ribbon.lanes), Screen(self.look))) + self.look.gap(TOP + FOOT)

    # -- places ------------------------------------------------------------------------------------------------------

    def layout_now(self) -> RibbonLayout:
        """Return where everything lies now."""
        if self._layout is None:
            pad, top, foot = self.look.gap(PAD), self.look.gap(TOP), self.look.gap(FOOT)
            room = Rect(pad, top, max(1, self.width() - 2 * pad), max(1, self.height() - top - foot))
            marked = self.look.theme.outlined
            self._layout = lay_out_ribbon(
                self.shown.ribbon, self.shown.words, Screen(self.look), room, is_marked=marked
            )
        return self._layout

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= len(self.strokes.names):
            return QRect()
        around = self.layout_now().around(self.strokes.names[index.row()])
        return QRectF(around.left, around.top, max(1, around.width), max(1, around.height)).toAlignedRect()

    def indexAt(self, place: QPoint) -> QModelIndex:
        name = self.layout_now().at(place.x(), place.y())
        return self.strokes.index(self.strokes.names.index(name)) if name else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """The whole day is always in sight."""

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion(self.viewport().rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._again()
        super().resizeEvent(event)

    def relook(self) -> None:
        super().relook()
        self._again()

    # -- pointer -----------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._look_at(self.layout_now().at(event.position().x(), event.position().y()) or "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = ""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self.layout_now().at(event.position().x(), event.position().y()) or ""
            self._look_at(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, ""
        if pressed and self.layout_now().at(event.position().x(), event.position().y()) == pressed:
            self._look_at("")
            self.picked.emit(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first press has opened the story already."""

    def leaveEvent(self, event: QEvent) -> None:
        self._look_at("")
        super().leaveEvent(event)

    def _look_at(self, name: str) -> None:
        if name != self._hover:
            self._hover = name
            shape = Qt.CursorShape.PointingHandCursor if name else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    # -- keyboard ----------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        chosen = self.chosen
        super().focusInEvent(event)
        # Qt makes the first row the current one; here nobody chose it.
        self.choose(chosen)
        ring_in(self, event, self.look, 12)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        ring_out(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names, key = self.strokes.names, Qt.Key(event.key())
        if not names:
            event.ignore()
            return
        at = names.index(self.chosen) if self.chosen else None
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if at is not None and not event.isAutoRepeat():
                self.picked.emit(names[at])
        elif key == Qt.Key.Key_Escape and at is not None:
            self.choose("")
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(names[0 if key == Qt.Key.Key_Home else -1])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = -1 if key == Qt.Key.Key_Left else 1
            last = len(names) - 1
            self.choose(names[(last if step < 0 else 0) if at is None else min(max(0, at + step), last)])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._change_lane(-1 if key == Qt.Key.Key_Up else 1)
        else:
            event.ignore()

    def _change_lane(self, step: int) -> None:
        """Choose who was served at the next window, at most nearly the same time; above the first lane who waits."""
        ribbon, chosen = self.shown.ribbon, self.chosen
        lanes = [lane.window for lane in ribbon.lanes]
        own = ribbon.of(chosen) if chosen else []
        window = next((one.window for one in reversed(own) if one.window in lanes), "")
        minute = own[-1].ends if own else (ribbon.now or ribbon.end)
        row = lanes.index(window) if window else -1
        row += step
        while 0 <= row < len(lanes):
            there = [one for one in ribbon.strokes if one.window == lanes[row] and one.name != chosen]
            if there:
                self.choose(min(there, key=lambda one: abs(one.ends - minute)).name)
                return
            row += step
        if row < 0:
            waiting = [one for one in ribbon.strokes if not one.window and one.is_on]
            if waiting:
                self.choose(waiting[0].name)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._drawn()
        painter = Painter(self.viewport(), self.look)
        painter.drawPixmap(0, 0, self._picture)
        layout, bright = self.layout_now(), self.shown.bright
        if bright:
            paint_marks(painter, layout.chosen(bright))
        name = self.looked_at
        if name and name != bright:
            paint_marks(painter, layout.chosen(name))
        card = self.shown.card(name) if name else None
        if card is not None:
            self._paint_card(painter, layout, name, card)

    def _drawn(self) -> QPixmap:
        """Draw everything that no choice changes."""
        dpr, look = self.devicePixelRatioF(), self.look
        picture = QPixmap(self.size() * dpr)
        picture.setDevicePixelRatio(dpr)
        picture.fill(Qt.GlobalColor.transparent)
        painter = Painter(picture, look)
        painter.box(QRectF(self.rect()), 12, "surface", edge="edge" if look.theme.outlined else "line")
        marks = self.layout_now().marks
        if self.shown.bright:
            painter.setOpacity(FAINT)
            paint_marks(painter, [mark for mark in marks if not isinstance(mark, Words)])
            painter.setOpacity(1)
            marks = [mark for mark in marks if isinstance(mark, Words)]
        paint_marks(painter, marks)
        painter.end()
        return picture

    def _paint_card(self, painter: Painter, layout: RibbonLayout, name: str, card: StrokeCard) -> None:
        """Draw the card right of now, or left of it where it has no room there; never over the chosen stroke."""
        look = self.look
        number, plain, small = look.font(19, bold=True), look.font(17), look.font(15)
        pad, line = look.px(CARD_PAD), look.px(23)
        state = width_of(look.font(15, bold=True), card.word) + look.px(24 if card.icon else 0)
        head = width_of(number, card.number) + look.px(10) + width_of(plain, card.service) + look.px(18) + state
        longest = max([head, *(width_of(plain if n == 0 else small, text) for n, text in enumerate(card.lines))])
        wide = min(max(look.px(CARD_LEAST), longest + 2 * pad), max(look.px(CARD_WIDE), longest + 2 * pad))
        high = (len(card.lines) + 1) * line + 2 * look.px(9)
        around = layout.around(name)
        place = self.card_place(layout, QRectF(around.left, around.top, around.width, around.height), wide, high)
        painter.box(place, 10, "surface", edge="edge", width=1.5)
        top = place.top() + look.px(9)
        row = QRectF(place.left() + pad, top, place.width() - 2 * pad, line)
        x = painter.words_in(card.number, number, "ink", row) + look.px(10)
        right = row.right() - state
        painter.words_in(card.service, plain, "ink", QRectF(x, top, max(1.0, right - x - look.px(10)), line))
        if card.icon:
            painter.icon(card.icon, card.token, right, top + (line - look.px(17)) / 2, 17)
        word = QRectF(row.left(), top, row.width() + 1, line)
        painter.words_in(card.word, look.font(15, bold=True), card.token, word, Qt.AlignmentFlag.AlignRight)
        for n, text in enumerate(card.lines):
            top += line
            font, token = (plain, "ink") if n == 0 else (small, "ink2")
            painter.words_in(text, font, token, QRectF(row.left(), top, row.width() + 1, line))

    def card_place(self, layout: RibbonLayout, chosen: QRectF, wide: float, high: float) -> QRectF:
        """Return where a card may lie beside the chosen stroke."""
        look, lanes = self.look, layout.lanes
        gap = look.px(CARD_GAP)
        now = layout.x(layout.ribbon.now) if layout.ribbon.now is not None else layout.band.left
        top = min(lanes.top + look.px(2), self.height() - high - look.px(4))
        tops = (top, layout.band.top - look.px(4), look.px(4))
        lefts = (now + gap, chosen.right() + gap, chosen.left() - gap - wide, now - gap - wide)
        inside = QRectF(0, 0, self.width(), self.height()).adjusted(gap / 2, 0, -gap / 2, 0)
        spots = [QRectF(QPointF(left, one), QSize(round(wide), round(high))) for one in tops for left in lefts]
        free = [spot for spot in spots if inside.contains(spot) and not spot.intersects(chosen.adjusted(-4, -4, 4, 4))]
        return free[0] if free else spots[1].intersected(inside) if spots[1].intersects(inside) else spots[0]
