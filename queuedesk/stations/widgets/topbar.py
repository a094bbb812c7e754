"""The bar on top of a staff station, and the manager's list at the side: a rail of icons where room is short."""

from collections.abc import Sequence
from math import ceil

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import Button, IconButton, MoreButton, PaintedButton, Pill, StatePill
from queuedesk.stations.widgets.paint import FollowsLook, Painter, largest_fitting_px, width_of_text
from queuedesk.stations.window.style import Look, S


class BrandMark(FollowsLook, QWidget):
    """Three converging dots: the program's mark."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
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


class WindowNumberSign(FollowsLook, QWidget):
    """A window's number on its dark plate."""

    def __init__(self, look: Look, number: str = "", *, side: float = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._number, self._side = number, side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_number(self, number: str) -> None:
        self._number = number
        self.measure_again()

    def sizeHint(self) -> QSize:
        width = width_of_text(self.look.font(24, bold=True), self._number) + self.look.px(16)
        return QSize(max(round(width), self.look.px(self._side)), self.look.px(self._side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = Painter(self, self.look), QRectF(self.rect())
        painter.draw_box(rect, 8, "ink")
        font = self.look.font(24, bold=True)
        painter.draw_words_and_give_end_x(self._number, font, "surface", rect, Qt.AlignmentFlag.AlignHCenter)


SPARE_HEIGHT = 21
SMALLEST_ENTRY = 11.5  # drawn px
LEAST_MIDDLE, LEAST_SENTENCE, LEAST_NAME = 420, 240, 80
NAME_STRETCH = 1000  # against the stretch of 1 behind it


class TopBarFact(Struct, frozen=True):
    """A fact on the right of the top bar: icon and text, or runs; `rule` draws a line before it."""

    text: str = ""
    icon: str = ""
    token: str = "ink2"
    rule: bool = False
    runs: tuple[panels.TextRun, ...] = ()

    def text_runs(self) -> tuple[panels.TextRun, ...]:
        return self.runs or (panels.TextRun(self.text, 16, token=self.token, icon=self.icon),)


class _HallNameLabel(panels.Label):
    """The hall's name, which takes what room the facts and buttons leave, up to its own width."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, px=16, token="ink2")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setMaximumWidth(self.sizeHint().width())

    def measure_again(self) -> None:
        super().measure_again()
        self.setMaximumWidth(self.sizeHint().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() >= min(self.sizeHint().width(), self.look.px(LEAST_NAME)):  # A letter or two name no hall.
            super().paintEvent(event)


class TopBar(panels.Panel):
    """The place at the left; health, person, clock, buttons, ⋯ at the right. `menu_wanted`: place of the ⋯ menu."""

    menu_wanted = Signal(QPoint)

    def __init__(
        self, look: Look, *, height: float = 56, more: str = "", margin: float = 24, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "surface", edge="bottom", parent=parent)
        panels.FixedSizeKeeper(look, self, height=height)
        self._row = QHBoxLayout(self)
        panels.set_scaled_margins(look, self._row, (margin, 0, 12, 1), 16)
        self._brand, self._sign = BrandMark(look), WindowNumberSign(look)
        self._title = panels.Label(look, px=16, bold=True, elide=False)
        self._title.setProperty(panels.KEPT_CLEAR, True)
        self._second = _HallNameLabel(look)
        self._pill = StatePill(look, "open", "", px=14, height=26)
        self._mark = Pill(look, "", px=14, height=26)
        self._facts = QHBoxLayout()
        panels.set_scaled_margins(look, self._facts, spacing=16)
        self._clock = panels.Label(look, px=21, bold=True, tabular=True, elide=False)
        self._buttons = QHBoxLayout()
        panels.set_scaled_margins(look, self._buttons, spacing=16)
        self.more_button = MoreButton(look, more)
        self.more_button.wanted.connect(self.menu_wanted)
        for widget in (self._brand, self._sign, self._title, self._second, self._pill, self._mark):
            self._row.addWidget(widget, NAME_STRETCH if widget is self._second else 0)
        self._row.addStretch(1)
        self._row.addLayout(self._facts)
        self._row.addWidget(self._clock)
        self._row.addLayout(self._buttons)
        self._row.addWidget(self.more_button)
        for widget in (self._sign, self._second, self._pill, self._mark):
            widget.hide()

    def set_more_button_name(self, name: str) -> None:
        self.more_button.set_name(name)

    def set_title_and_hall(self, title: str, second: str = "") -> None:
        self._title.setText(title)
        self._second.setText(second)
        self._second.setVisible(bool(second))

    def set_window_number_sign(self, number: str) -> None:
        """Show a window's number in place of the brand; "" for the brand."""
        self._sign.set_number(number)
        self._sign.setVisible(bool(number))
        self._brand.setVisible(not number)

    def set_state_pill(self, state: str, word: str) -> None:
        """Show the state beside the place; without a word, no pill."""
        if word:
            self._pill.set_state(state, word)
        self._pill.setVisible(bool(word))

    def set_quiet_mark(self, word: str) -> None:
        """Show a quiet word after the place, such as that this is a demonstration; "" for none."""
        self._mark.set_text_and_colors(word, tint="sunken", token="ink2")
        self._mark.setVisible(bool(word))

    def set_items(self, items: Sequence[TopBarFact]) -> None:
        """Show these facts before the clock, the first given outermost left."""
        while self._facts.count():
            item = self._facts.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for fact in items:
            parts = [panels.DividerLine(self.look, vertical=True, length=24)] if fact.rule else []
            for part in (*parts, panels.TextRunsLabel(self.look, fact.text_runs())):
                self._facts.addWidget(part)
                part.stackUnder(self.more_button)  # A message may lie over the bar.

    def set_clock(self, text: str) -> None:
        if text != self._clock.text():
            self._clock.setText(text)

    def free_middle_rect(self) -> QRect:
        """Return the room between the place with its state and the clock, where nothing can be pressed; if that is
        narrow, including the state's, and if it is still too narrow for a sentence, the place's."""
        gap, inset = self.look.gap(12), self.look.px(4)
        left = max(part.geometry().right() for part in (self._title, self._pill) if not part.isHidden()) + gap
        right = self._clock.geometry().left() - gap
        if right - left < self.look.px(LEAST_MIDDLE):
            left = self._title.geometry().right() + gap
        if right - left < self.look.px(LEAST_SENTENCE):
            left = min(part.geometry().left() for part in (self._brand, self._sign) if not part.isHidden())
        return QRect(left, inset, max(0, right - left), self.height() - 2 * inset)

    def hall_name_width(self) -> int:
        """Return the width of the hall's name, which gives way to the facts."""
        return 0 if self._second.isHidden() else self._second.sizeHint().width()

    def parts_without_facts(self) -> list[QWidget]:
        """Return all that stands in the bar but its facts; what lies over it for a while is no part of it."""
        items = [row.itemAt(place) for row in (self._row, self._buttons) for place in range(row.count())]
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    def add_button(self, button: PaintedButton) -> None:
        self._buttons.addWidget(button)


RULE_PX = 1


def width_left_for_items(bar: TopBar) -> int:
    """Return the width in px that the rest of the top bar leaves for its items."""
    layout = bar.layout()
    if layout is None:
        return 0
    shown = [part.sizeHint().width() for part in bar.parts_without_facts() if not part.isHidden()]
    margins = layout.contentsMargins()
    # One gap more than between the parts: the items themselves stand among them.
    return bar.width() - margins.left() - margins.right() - sum(shown) - layout.spacing() * len(shown)


def items_width(bar: TopBar, items: Sequence[TopBarFact]) -> int:
    """Return the width in px of `items` if nothing is elided, including gaps and rules."""
    layout = bar.layout()
    gap = layout.spacing() if layout is not None else 0
    widths = []
    for item in items:
        widths += [RULE_PX] if item.rule else []
        widths.append(ceil(panels.text_runs_width(bar.look, item.text_runs())))
    return sum(widths) + gap * max(0, len(widths) - 1)


# -- the list at the side ----------------------------------------------------------------------------------------------

LIST_WIDTH, RAIL_WIDTH, RAIL_KEY, RAIL_ICON = 208, 64, 48, 24
TIP_AFTER_MS, TIP_PX, TIP_HEIGHT, TIP_PAD = 300, 15, 34, 12


class _RailTooltip(FollowsLook, QWidget):
    """A key's name beside the rail, over whatever stands there; never in the way of a pointer."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self.follow_look(look)
        self.text = ""
        self.setObjectName("rail_tip")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_right_of(self, key: QWidget, text: str) -> None:
        look, self.text = self.look, text
        width = round(width_of_text(look.font(TIP_PX), text)) + 2 * look.px(TIP_PAD)
        self.resize(width, look.px(TIP_HEIGHT))
        middle = key.mapTo(key.window(), QPoint(key.width() + look.gap(6), key.height() // 2))
        self.move(middle.x(), middle.y() - self.height() // 2)
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = Painter(self, self.look), self.look, QRectF(self.rect())
        painter.draw_box(rect, 8, "ink")
        painter.draw_words_and_give_end_x(self.text, look.font(TIP_PX), "surface", rect, Qt.AlignmentFlag.AlignHCenter)


class _RailTooltipController(QObject):
    """Shows the name of the rail's key that is pointed at or has the keyboard, a moment after it came there."""

    def __init__(self, nav: QWidget, look: Look) -> None:
        super().__init__(nav)
        self._nav, self._look = nav, look
        self._tip: _RailTooltip | None = None
        self._key: QWidget | None = None
        self.is_on = False
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(TIP_AFTER_MS)
        self._wait.timeout.connect(self._show_tip_beside_key)

    def watch_key(self, key: QWidget) -> None:
        key.installEventFilter(self)

    def hide(self) -> None:
        self._wait.stop()
        self._key = None
        if self._tip is not None:
            self._tip.hide()

    def _show_tip_beside_key(self) -> None:
        key = self._key
        if key is None or not self.is_on or not key.isVisible():
            return
        if self._tip is None:
            self._tip = _RailTooltip(self._look, self._nav.window())
        self._tip.show_right_of(key, key.accessibleName() or key.property("text") or "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.Enter, QEvent.Type.FocusIn) and isinstance(watched, QWidget):
            self.hide()
            self._key = watched
            self._wait.start()
        elif (
            kind in (QEvent.Type.Leave, QEvent.Type.FocusOut, QEvent.Type.Hide) and watched is self._key
        ) or kind == QEvent.Type.MouseButtonPress:
            self.hide()
        return False


class _NavEntryButton(PaintedButton):
    """One line of a side list, or one key of a rail."""

    def __init__(self, look: Look, icon: str, text: str, *, height: float, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._icon, self._height = icon, height
        self._is_key = False
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_icon_only(self, is_key: bool) -> None:
        """Show the icon alone; a screen reader reads the word all the same."""
        self._is_key = is_key
        self.measure_again()

    def sizeHint(self) -> QSize:
        return QSize(self.look.large_px(RAIL_KEY) if self._is_key else self.look.px(160), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        # With large letters a long list gives up some of the room between its words.
        width = self.look.gap(RAIL_KEY) if self._is_key else self.look.px(80)
        return QSize(width, self.look.px(self._height - SPARE_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, on = Painter(self, self.look), self.look, self.isChecked()
        rect = QRectF(self.rect())
        if on:
            painter.draw_box(rect, 10, "soft", edge="primary" if look.theme.outlined else "")
        elif self.underMouse():
            painter.draw_box(rect, 10, "paper" if self._icon else "sunken")
        token = "on_soft" if on else "ink2" if self._icon else "ink"
        if self._is_key:
            side = look.px(RAIL_ICON)
            painter.draw_icon(self._icon, token, (self.width() - side) / 2, (self.height() - side) / 2, RAIL_ICON)
            return
        x = look.px(13 if self._icon else 16)
        if self._icon:
            painter.draw_icon(self._icon, token, x, (self.height() - look.px(20)) / 2, 20)
            x += look.px(33)
        room = QRectF(x, 0, self.width() - x - look.px(6), rect.height())
        # As large as when it is chosen: choosing must not change its size.
        px = largest_fitting_px(self.text(), room.width(), look.px(17), bold=True, least=look.px(SMALLEST_ENTRY))
        painter.draw_words_and_give_end_x(self.text(), look.font(px / look.scale.k, bold=on), token, room)


class SideNav(panels.Panel):
    """The manager's list of pages; without icons and brand, the set-up's narrower list. As a rail it shows icons, names
    at hover or keyboard focus, and for the foot a person's key (`person_wanted`)."""

    picked = Signal(str)
    person_wanted = Signal(QPoint)

    def __init__(
        self,
        look: Look,
        brand: str = "",
        *,
        width: float = LIST_WIDTH,
        plain: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "paper" if plain else "surface", edge="right", parent=parent)
        self._width, self._plain, self.is_rail = width, plain, False
        self._words = ("", "")
        self._entries: dict[str, _NavEntryButton] = {}
        self._always: list[Button] = []
        self._tips = _RailTooltipController(self, look)
        self._column = column = QVBoxLayout(self)
        column.setSpacing(0)
        if brand:
            self._head = head = QHBoxLayout()
            head.addWidget(BrandMark(look))
            self._brand = panels.Label(look, brand, px=17, bold=True)
            head.addWidget(self._brand, 1)
            column.addLayout(head)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        column.addStretch(1)
        self._keys = QVBoxLayout()
        panels.set_scaled_margins(look, self._keys, (0, 8, 0, 12), 8)
        column.addLayout(self._keys)
        self._mark = Pill(look, "", px=14, height=26)
        self._mark.hide()
        column.addWidget(self._mark)
        self._short_mark = panels.Label(look, px=13, bold=True, token="ink2", align=Qt.AlignmentFlag.AlignHCenter)
        self._short_mark.hide()
        column.addWidget(self._short_mark)
        self._ground = QWidget()
        self._foot = QVBoxLayout(self._ground)
        panels.set_scaled_margins(look, self._foot, (12, 0, 0, 0), 0)
        column.addWidget(self._ground)
        self.person = IconButton(look, "person", "", side=RAIL_KEY)
        self.person.hide()
        self.person.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.person.clicked.connect(self._emit_person_wanted)
        self._watch_rail_button(self.person)
        column.addWidget(self.person)
        self._apply_list_or_rail_size()

    def measure_again(self) -> None:
        super().measure_again()
        self._apply_list_or_rail_size()

    def _apply_list_or_rail_size(self) -> None:
        look, plain = self.look, self._plain
        self.setFixedWidth(look.large_px(RAIL_WIDTH if self.is_rail else self._width))
        sides = (8, 16, 8, 12) if self.is_rail else (10, 16, 10, 20) if plain else (14, 16, 14, 20)
        self._column.setContentsMargins(*(look.gap(one) for one in sides))
        if not plain:
            self._head.setContentsMargins(
                look.gap(9 if self.is_rail else 10), 0, 0, look.gap(12 if self.is_rail else 22)
            )
            self._head.setSpacing(look.gap(12))

    def set_rail_mode(self, is_rail: bool) -> None:
        if is_rail == self.is_rail:
            return
        self.is_rail = self._tips.is_on = is_rail
        self._tips.hide()
        # First what goes: what is shown beside it lays the window out at once.
        self._ground.setVisible(False)
        self._brand.setVisible(not is_rail)
        for entry in self._entries.values():
            entry.set_icon_only(is_rail)
        for button in self._always:
            button.set_icon_only(is_rail)
        self.person.setVisible(is_rail)
        self._show_demo_or_replay_mark()
        self._apply_list_or_rail_size()
        self._hide_foot_if_no_room()

    def set_entries(self, entries: Sequence[tuple[str, str, str]]) -> None:
        """Show (key, icon, text) entries; keep the current one, and all widgets if only words change."""
        if [key for key, _icon, _text in entries] == list(self._entries):
            for key, _icon, text in entries:
                self._entries[key].setText(text)
            return
        current = self.current_entry_key()
        for entry in self._entries.values():
            entry.hide()
            entry.deleteLater()
        self._entries = {}
        for key, icon, text in entries:
            entry = _NavEntryButton(self.look, "" if self._plain else icon, text, height=44)
            entry.setObjectName(key)
            entry.clicked.connect(self._emit_picked_entry)
            entry.set_icon_only(self.is_rail)
            self._watch_rail_button(entry)
            self._list.addWidget(entry)
            entry.show()  # By itself it would count, and move the foot away, only after the window has grown for it.
            self._entries[key] = entry
        if current:
            self.select_without_signal(current)
        self._hide_foot_if_no_room()

    def add_permanent_button(self, button: Button) -> None:
        """Add a permanent button above the foot."""
        self._always.append(button)
        button.set_icon_only(self.is_rail)
        self._watch_rail_button(button)
        self._keys.addWidget(button)

    def set_foot_lines(self, lines: Sequence[str], person: str = "") -> None:
        """Show small lines at the bottom: the hall and who is signed in; `person` says both in one for the rail."""
        self.person.setAccessibleName(person)
        while self._foot.count():
            item = self._foot.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for words in lines:
            label = panels.Label(self.look, words, px=S, token="ink2")
            self._foot.addWidget(label)
            label.show()
        self._hide_foot_if_no_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hide_foot_if_no_room()

    def _hide_foot_if_no_room(self) -> None:
        """Give up the foot where entries and keys need its room."""
        layout = self.layout()
        if layout is None:
            return
        self._ground.setVisible(not self.is_rail)
        self._ground.setVisible(not self.is_rail and layout.minimumSize().height() <= self.height())

    def set_quiet_mark(self, word: str, short: str = "") -> None:
        """Show a quiet word over the foot, the short one in a rail; "" for none. The set-up's list never shows it."""
        self._words = (word, short or word)
        self._show_demo_or_replay_mark()

    def _show_demo_or_replay_mark(self) -> None:
        (word, short), is_shown = self._words, bool(self._words[0]) and not self._plain
        self._mark.set_text_and_colors(word, tint="sunken", token="ink2")
        self._mark.setVisible(is_shown and not self.is_rail)
        self._short_mark.setText(short)
        self._short_mark.setVisible(is_shown and self.is_rail)

    def current_entry_key(self) -> str:
        return next((key for key, entry in self._entries.items() if entry.isChecked()), "")

    def select_without_signal(self, key: str) -> None:
        """Choose an entry without a signal."""
        if key in self._entries:
            self._entries[key].setChecked(True)

    def _emit_picked_entry(self) -> None:
        self._tips.hide()
        self.picked.emit(self.current_entry_key())

    def _emit_person_wanted(self) -> None:
        self.person_wanted.emit(self.person.mapToGlobal(QPoint(self.person.width(), 0)))

    # -- by keyboard ---------------------------------------------------------------------------------------------------

    def _watch_rail_button(self, key: QWidget) -> None:
        """Show the name of a key of the rail, and let the arrow keys lead past it."""
        self._tips.watch_key(key)
        if not self._plain:
            key.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            keys = [key for key in (*self._entries.values(), *self._always, self.person) if key.isVisible()]
            if step is not None and watched in keys:
                # Without opening the page: with each step another page would come.
                keys[(keys.index(watched) + step) % len(keys)].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def focus_current_entry(self) -> None:
        """Give the keyboard to the entry of the page that is shown."""
        for key in (self.current_entry_key(), *self._entries):
            if key in self._entries:
                self._entries[key].setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
