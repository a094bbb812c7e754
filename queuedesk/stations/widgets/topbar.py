"""The bar on top of a staff station and the manager's list at the side."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.stations.widgets.buttons import MoreButton, PaintedButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label, Run, RunsLabel
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of
from queuedesk.stations.widgets.panels import FixedSize, Panel, Rule, spread
from queuedesk.stations.widgets.pills import Pill, StatePill
from queuedesk.stations.window.style import Look, S


class BrandMark(Follows, QWidget):
    """Three converging dots: the program's mark."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(29), self.look.px(16))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, k = Painter(self, self.look), self.look.scale.k
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.color("primary"))
        for x, radius in ((7, 7.2), (19.5, 3.8), (26.8, 1.7)):
            painter.drawEllipse(QPointF(x * k, self.height() / 2), radius * k, radius * k)


class Sign(Follows, QWidget):
    """A window's number on its dark plate."""

    def __init__(self, look: Look, number: str = "", *, side: float = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._number, self._side = number, side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_number(self, number: str) -> None:
        """Show another number."""
        self._number = number
        self.relook()

    def sizeHint(self) -> QSize:
        width = width_of(self.look.font(24, bold=True), self._number) + self.look.px(16)
        return QSize(max(round(width), self.look.px(self._side)), self.look.px(self._side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = Painter(self, self.look), QRectF(self.rect())
        painter.box(rect, 8, "ink")
        font = self.look.font(24, bold=True)
        painter.words_in(self._number, font, "surface", rect, Qt.AlignmentFlag.AlignHCenter)


SPARE_HEIGHT = 20
SMALLEST_ENTRY = 11.5  # drawn px
LEAST_MIDDLE = 420


@dataclass(frozen=True, slots=True)
class TopItem:
    """A fact on the right of the top bar: icon and text, or runs; `rule` draws a line before it."""

    text: str = ""
    icon: str = ""
    token: str = "ink2"
    rule: bool = False
    runs: tuple[Run, ...] = ()


class TopBar(Panel):
    """The place on the left; health, person, clock, buttons and ⋯ on the right. `menu_wanted` gives the place for the
    menu of ⋯."""

    menu_wanted = Signal(QPoint)

    def __init__(
        self, look: Look, *, height: float = 56, more: str = "", margin: float = 24, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "surface", edge="bottom", parent=parent)
        FixedSize(look, self, height=height)
        self._row = QHBoxLayout(self)
        spread(look, self._row, (margin, 0, 12, 1), 16)
        self._brand, self._sign = BrandMark(look), Sign(look)
        self._title = Label(look, px=16, bold=True, elide=False)
        self._second = Label(look, px=16, token="ink2")
        self._pill = StatePill(look, "open", "", px=14, height=26)
        self._mark = Pill(look, "", px=14, height=26)
        self._facts = QHBoxLayout()
        spread(look, self._facts, spacing=16)
        self._clock = Label(look, px=21, bold=True, tabular=True, elide=False)
        self._buttons = QHBoxLayout()
        spread(look, self._buttons, spacing=16)
        self.more_button = MoreButton(look, more)
        self.more_button.wanted.connect(self.menu_wanted)
        for widget in (self._brand, self._sign, self._title, self._second, self._pill, self._mark):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addLayout(self._facts)
        self._row.addWidget(self._clock)
        self._row.addLayout(self._buttons)
        self._row.addWidget(self.more_button)
        for widget in (self._sign, self._second, self._pill, self._mark):
            widget.hide()

    def set_more_name(self, name: str) -> None:
        """Set what a screen reader says for ⋯."""
        self.more_button.set_name(name)

    def set_place(self, title: str, second: str = "") -> None:
        """Show the station or window, and the hall."""
        self._title.setText(title)
        self._second.setText(second)
        self._second.setVisible(bool(second))

    def set_sign(self, number: str) -> None:
        """Show a window's number in place of the brand; "" for the brand."""
        self._sign.set_number(number)
        self._sign.setVisible(bool(number))
        self._brand.setVisible(not number)

    def set_pill(self, state: str, word: str) -> None:
        """Show the state beside the place; without a word, no pill."""
        if word:
            self._pill.set_state(state, word)
        self._pill.setVisible(bool(word))

    def set_mark(self, word: str) -> None:
        """Show a quiet word after the place, such as that this is a demonstration; "" for none."""
        self._mark.set_all(word, tint="sunken", token="ink2")
        self._mark.setVisible(bool(word))

    def set_items(self, items: Sequence[TopItem]) -> None:
        """Show these facts before the clock, the first given outermost left."""
        while self._facts.count():
            item = self._facts.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for fact in items:
            if fact.rule:
                self._facts.addWidget(Rule(self.look, vertical=True, length=24))
            runs = fact.runs or (Run(fact.text, 16, token=fact.token, icon=fact.icon),)
            self._facts.addWidget(RunsLabel(self.look, runs))

    def set_clock(self, text: str) -> None:
        """Show the time."""
        if text != self._clock.text():
            self._clock.setText(text)

    def middle(self) -> QRect:
        """Return the room between the place with its state and the clock, where nothing can be pressed; if that is
        narrow, including the clock's."""
        gap, inset = self.look.px(12), self.look.px(4)
        left = max(part.geometry().right() for part in (self._title, self._pill) if not part.isHidden()) + gap
        right = self._clock.geometry().left() - gap
        if right - left < self.look.px(LEAST_MIDDLE):
            right = self._clock.geometry().right()
        return QRect(left, inset, max(0, right - left), self.height() - 2 * inset)

    def add_button(self, button: PaintedButton) -> None:
        """Put a button between the clock and ⋯."""
        self._buttons.addWidget(button)


class _NavEntry(PaintedButton):
    """One line of a side list."""

    def __init__(self, look: Look, icon: str, text: str, *, height: float, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._icon, self._height = icon, height
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        # With large letters a long list gives up some of the room between its words.
        return QSize(self.look.px(80), self.look.px(self._height - SPARE_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, on = Painter(self, self.look), self.look, self.isChecked()
        rect = QRectF(self.rect())
        if on:
            painter.box(rect, 10, "soft", edge="primary" if look.theme.outlined else "")
        elif self.underMouse():
            painter.box(rect, 10, "paper" if self._icon else "sunken")
        token = "on_soft" if on else "ink2" if self._icon else "ink"
        x = look.px(13 if self._icon else 16)
        if self._icon:
            painter.icon(self._icon, token, x, (self.height() - look.px(20)) / 2, 20)
            x += look.px(33)
        room = QRectF(x, 0, self.width() - x - look.px(6), rect.height())
        # As large as when it is chosen: choosing must not change its size.
        px = fit_px(self.text(), room.width(), look.px(17), bold=True, least=look.px(SMALLEST_ENTRY))
        painter.words_in(self.text(), look.font(px / look.scale.k, bold=on), token, room)


class SideNav(Panel):
    """The manager's list of pages; without icons and brand it is the narrower list of the set-up."""

    picked = Signal(str)

    def __init__(
        self, look: Look, brand: str = "", *, width: float = 208, plain: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "paper" if plain else "surface", edge="right", parent=parent)
        FixedSize(look, self, width=width)
        self._plain = plain
        self._entries: dict[str, _NavEntry] = {}
        column = QVBoxLayout(self)
        spread(look, column, (10, 20, 10, 20) if plain else (14, 16, 14, 20), 0)
        if brand:
            head = QHBoxLayout()
            spread(look, head, (10, 0, 0, 22), 12)
            head.addWidget(BrandMark(look))
            head.addWidget(Label(look, brand, px=17, bold=True), 1)
            column.addLayout(head)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        column.addStretch(1)
        self._keys = QVBoxLayout()
        spread(look, self._keys, (0, 8, 0, 12), 8)
        column.addLayout(self._keys)
        self._mark = Pill(look, "", px=14, height=26)
        self._mark.hide()
        column.addWidget(self._mark)
        self._ground = QWidget()
        self._foot = QVBoxLayout(self._ground)
        spread(look, self._foot, (12, 0, 0, 0), 0)
        column.addWidget(self._ground)

    def set_entries(self, entries: Sequence[tuple[str, str, str]]) -> None:
        """Show (key, icon, text) entries; the current one stays if it still exists, and all widgets are kept if only
        words change."""
        if [key for key, _icon, _text in entries] == list(self._entries):
            for key, _icon, text in entries:
                self._entries[key].setText(text)
            return
        current = self.current()
        for entry in self._entries.values():
            entry.hide()
            entry.deleteLater()
        self._entries = {}
        for key, icon, text in entries:
            entry = _NavEntry(self.look, "" if self._plain else icon, text, height=44 if self._plain else 48)
            entry.setObjectName(key)
            entry.clicked.connect(self._clicked)
            self._list.addWidget(entry)
            entry.show()  # By itself it would count, and move the foot away, only after the window has grown for it.
            self._entries[key] = entry
        if current:
            self.set_current(current)
        self._make_room()

    def add_key(self, button: PaintedButton) -> None:
        """Add a permanent button above the foot."""
        self._keys.addWidget(button)

    def set_foot(self, lines: Sequence[str]) -> None:
        """Show small lines at the bottom: the hall and who is signed in."""
        while self._foot.count():
            item = self._foot.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for words in lines:
            label = Label(self.look, words, px=S, token="ink2")
            self._foot.addWidget(label)
            label.show()
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Give up the foot where entries and keys need its room."""
        layout = self.layout()
        if layout is None:
            return
        self._ground.show()
        self._ground.setVisible(layout.minimumSize().height() <= self.height())

    def set_mark(self, word: str) -> None:
        """Show a quiet word above the foot; "" for none. The narrower list of the set-up never shows it."""
        self._mark.set_all(word, tint="sunken", token="ink2")
        self._mark.setVisible(bool(word) and not self._plain)

    def current(self) -> str:
        """Return the key of the chosen entry, "" if none is."""
        return next((key for key, entry in self._entries.items() if entry.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose an entry without a signal."""
        if key in self._entries:
            self._entries[key].setChecked(True)

    def _clicked(self) -> None:
        self.picked.emit(self.current())
