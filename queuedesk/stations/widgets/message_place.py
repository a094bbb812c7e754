"""The one place of a page of staff where messages come and go, and what it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum, auto
from functools import cache, partial
from weakref import WeakMethod

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QAccessible, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from queuedesk.i18n import _, n_
from queuedesk.stations.widgets import buttons
from queuedesk.stations.widgets.paint import ELLIPSIS, FollowsLook, Painter, announce_to_screen_reader, wrapped_lines
from queuedesk.stations.widgets.panels import KEPT_CLEAR
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look


class MessageRank(IntEnum):
    """What a message is about, the most important first."""

    EMERGENCY = auto()
    CLOCK = auto()
    AWAY = auto()
    HELP = auto()
    CARD = auto()
    WARNING = auto()
    TOO_FULL = auto()
    MESSAGE = auto()


class MessageButtonVerbAndWord(Struct, frozen=True):
    verb: str
    word: str


class StationMessage(Struct, frozen=True):
    """One message in `tint` ("red", "amber", "blue"): a fact, more about it, its buttons. `key` tells it from others of
    its rank, whatever its words."""

    tint: str
    icon: str
    fact: str
    more: str = ""
    presses: tuple[MessageButtonVerbAndWord, ...] = ()
    key: int = 0


Do = Callable[[str, int], object]
BUTTON, PX, TOP_PX = 40, 15, 56
LEFT, ICON, GAP, EDGE, LEAD = 14, 20, 10, 6, 16
LARGEST_PX, LEAST_PX, ROW, LEAST_ROOM = 16, 12, 1.22, 80


class WholeMessageDialog(Dialog):
    """A message whole, with its buttons and the way back. `done` gives the verb."""

    done = Signal(str)

    def __init__(self, host: QWidget, look: Look, told: StationMessage) -> None:
        super().__init__(host, look, title=told.fact, effect=told.more)
        self.add_answer_buttons(_("Back"))
        self.keys: dict[str, buttons.Button] = {}
        for at, press in enumerate(reversed(told.presses), start=1):
            kind = buttons.PrimaryButton if at == len(told.presses) else buttons.SecondaryButton
            key = self.keys[press.verb] = kind(self.look, press.word, height=56, px=18)
            key.clicked.connect(partial(self._close_and_emit_verb, press.verb))
            self.buttons.addWidget(key)

    def first_focus_widget(self) -> QWidget:
        return next(reversed(self.keys.values()), self.no_button)

    def _close_and_emit_verb(self, verb: str) -> None:
        self.close_dialog()
        self.done.emit(verb)


class _MessageTextButton(buttons.PaintedButton):
    """The words of a message: smaller letters before words are cut. An arrow says that a press shows more."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._told = StationMessage("amber", "", "")
        self._px, self._lines = float(LARGEST_PX), [(True, "")]
        self._left, self._leads = LEFT, False

    def fit_message(self, told: StationMessage, place: QRect, *, all_pressed: bool) -> int:
        """Take a place and return how much of the message is whole there: 3 all of it, 2 the fact, 1 the fact without
        its icon, else 0; without `all_pressed` some buttons have no room."""
        self._told = told
        self.setGeometry(place)
        self.setAccessibleName(" ".join(filter(None, (told.fact, told.more))))
        self.update()
        least = round(LEAST_PX / self.look.scale.text)
        for whole, more, icon in ((3, told.more, ICON + GAP), (2, "", ICON + GAP), (1, "", 0)):
            self._left, self._leads = LEFT + icon, not (all_pressed and more == told.more)
            if not self._set_lines_and_check_fit(least, more):
                continue  # What has no room in the smallest letters has none in larger ones.
            for px in range(LARGEST_PX, least - 1, -1):
                if self._set_lines_and_check_fit(px, more):
                    return whole
        self._leads = True
        self._set_lines_and_check_fit(least, "")
        return 0

    def _set_lines_and_check_fit(self, px: int, more: str) -> bool:
        """Set the fact, and `more`, in letters of `px`, and return whether nothing is cut."""
        look, self._px = self.look, px
        room = self.width() - look.px(self._left) - (look.px(LEAD) if self._leads else 0)
        most = max(1, int((self.height() - look.px(EDGE / 2)) / (px * ROW * look.scale.k)))
        texts = ((True, self._told.fact), (False, more)) if more else ((True, self._told.fact),)
        self._lines = [
            (bold, line) for bold, text in texts for line in wrapped_lines(look.font(px, bold=bold), text, room, most)
        ]
        cut = any(line.endswith(ELLIPSIS) for _bold, line in self._lines)
        return room >= look.px(LEAST_ROOM) and len(self._lines) <= most and not cut

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, told = Painter(self, self.look), self.look, self._told
        left, high = look.px(self._left), self._px * ROW * look.scale.k
        y = (self.height() - high * len(self._lines)) / 2
        for is_fact, line in self._lines:
            font, token = look.font(self._px, bold=is_fact), told.tint if is_fact else "ink"
            painter.draw_words_and_give_end_x(line, font, token, QRectF(left, y, self.width() - left + 1, high))
            y += high
        if self._left > LEFT:
            painter.draw_icon(told.icon, told.tint, look.px(LEFT), (self.height() - look.px(ICON)) / 2, ICON)
        if self._leads:
            side = look.px(LEAD)
            painter.draw_icon("arrow-right", told.tint, self.width() - side, (self.height() - side) / 2, LEAD)


class StationMessageBar(FollowsLook, QWidget):
    """The one place for messages on a page: over its top bar or head, where nothing is pressed, so that nothing moves
    when one comes or goes. Of all that is told at once the most important is shown, among equals the first; the key at
    the end says how many more there are and shows the next. A new one that is more important than what is shown comes
    to the front. Where not all words or buttons have room, a press on the words opens the whole of it, with `put`."""

    spoken_role = QAccessible.Role.AlertMessage

    def __init__(self, look: Look, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self.put: Callable[[Dialog], object] = Dialog.open_dialog
        self._over: QWidget | None = None
        self._middle: Callable[[], QRect] = self._top_strip_rect
        self._heads: list[WeakMethod[Callable[[], QRect]]] = []
        """The middles of what it lay over, the last one at the end."""
        self._gone = QTimer(self, singleShot=True)  # its own: what waits for another outlives the page
        self._gone.timeout.connect(self._attach_to_last_visible_bar)
        self._told: dict[MessageRank, tuple[StationMessage, ...]] = {}
        self._do: dict[MessageRank, Do] = {}
        self._front: tuple[MessageRank, int] | None = None
        self.words = _MessageTextButton(look, self)
        self.next_key = buttons.TextButton(look, height=BUTTON, px=PX, parent=self)
        self.next_key.ink = "ink2"
        self._buttons: dict[str, buttons.Button] = {}
        self.words.clicked.connect(self._open_whole_message_dialog)
        self.next_key.clicked.connect(self._show_next_message)
        self.setProperty(KEPT_CLEAR, True)
        self.follow_look(look)
        self.hide()

    # -- what is told --------------------------------------------------------------------------------------------------

    def tell(self, rank: MessageRank, *told: StationMessage, do: Do | None = None) -> None:
        """Replace the messages of that rank; `do` gets the verb and the message's key when a button is pressed."""
        if do is not None:
            self._do[rank] = do
        if told == self._told.get(rank, ()):
            return
        before = self._message_of_each_rank_and_key()
        self._told[rank] = told
        names = self._message_of_each_rank_and_key()
        fresh = [name for name in names if name not in before]
        if self._front not in names:
            self._front = next(iter(names), None)
        elif fresh and fresh[0][0] < self._front[0]:
            self._front = fresh[0]
        self._show_front_message()
        for name in fresh:
            announce_to_screen_reader(self, names[name].fact, names[name].more)

    def _message_of_each_rank_and_key(self) -> dict[tuple[MessageRank, int], StationMessage]:
        return {(rank, one.key): one for rank in MessageRank for one in self._told.get(rank, ())}

    def shown_message(self) -> StationMessage | None:
        return self._message_of_each_rank_and_key().get(self._front) if self._front is not None else None

    def spoken_text(self) -> str:
        return self.words.accessibleName() if self._front is not None else ""

    def visible_buttons(self) -> dict[str, buttons.Button]:
        return {verb: button for verb, button in self._buttons.items() if not button.isHidden()}

    def _show_next_message(self) -> None:
        names = list(self._message_of_each_rank_and_key())
        if self._front is not None:
            self._front = names[(names.index(self._front) + 1) % len(names)]
        self._show_front_message()

    def _show_front_message(self) -> None:
        """Show what is in front; the keyboard is never left on a button that goes."""
        told, more = self.shown_message(), len(self._message_of_each_rank_and_key()) - 1
        held = QApplication.focusWidget()
        presses = told.presses if told is not None else ()
        for verb in [verb for verb in self._buttons if verb not in [press.verb for press in presses]]:
            button = self._buttons.pop(verb)
            button.hide()
            button.deleteLater()
        last: QWidget = self.words
        for press in presses:
            if press.verb not in self._buttons:
                button = self._buttons[press.verb] = buttons.SecondaryButton(
                    self.look, height=BUTTON, px=PX, parent=self
                )
                button.setObjectName(f"message-{press.verb}")
                button.clicked.connect(partial(self._act_on_front_message, press.verb))
            self._buttons[press.verb].setText(press.word)
            QWidget.setTabOrder(last, self._buttons[press.verb])
            last = self._buttons[press.verb]
        QWidget.setTabOrder(last, self.next_key)
        self.next_key.setText(f"+{more}" if more > 0 else "")
        self.next_key.setVisible(more > 0)
        self.next_key.setAccessibleName(n_("{n} more message", "{n} more messages", more))
        self.next_key.setToolTip(self.next_key.accessibleName())
        self.setVisible(told is not None)
        self._fit_words_and_buttons()
        self.setAccessibleName(self.spoken_text())
        if held is not None and self.isAncestorOf(held) and not held.isVisible():
            (self.words if told is not None else self._page).setFocus()

    # -- what is pressed -----------------------------------------------------------------------------------------------

    def _act_on_front_message(self, verb: str) -> None:
        if self._front is not None:
            self._do_verb_of_message(self._front, verb)

    def _do_verb_of_message(self, name: tuple[MessageRank, int], verb: str) -> None:
        rank, key = name
        if rank in self._do:
            self._do[rank](verb, key)

    def _open_whole_message_dialog(self) -> None:
        if self._front is not None:
            dialog = WholeMessageDialog(self._page, self.look, self._message_of_each_rank_and_key()[self._front])
            dialog.done.connect(partial(self._do_verb_of_message, self._front))
            self.put(dialog)

    # -- where it lies -------------------------------------------------------------------------------------------------

    def attach_over_bar(self, bar: QWidget, middle: Callable[[], QRect]) -> None:
        """Lie over a bar or head, within the `middle` that it gives, and stay there as it changes. When that goes and
        nothing else asks for it, it goes back to the last one that is seen."""
        self._heads = [head for head in self._heads if head() not in (None, middle)] + [WeakMethod(middle)]
        if self._over is not bar:
            if self._over is not None:
                self._over.removeEventFilter(self)
            self._over, self._middle = bar, middle
            bar.installEventFilter(self)
            self.setParent(bar)
            self.setVisible(self._front is not None)
        self.raise_()
        self._place_in_bar_middle()

    def detach_from_part(self, part: QWidget) -> None:
        """Leave a part of the page that goes, if it lies over that."""
        if self._over is not None and (part is self._over or part.isAncestorOf(self._over)):
            self._over.removeEventFilter(self)
            self._over, self._middle = None, self._top_strip_rect
            self.setParent(self._page)
            self.setVisible(self._front is not None)
            self._attach_to_last_visible_bar()

    def _top_strip_rect(self) -> QRect:
        return QRect(0, 0, self._page.width(), self.look.px(TOP_PX))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._place_in_bar_middle()
        elif event.type() == QEvent.Type.Hide:
            self._gone.start()
        return False

    def _attach_to_last_visible_bar(self) -> None:
        if self._over is not None and self._over.isVisible():
            return
        for head in reversed(self._heads):
            middle = head()
            bar = getattr(middle, "__self__", None)
            if middle is not None and isinstance(bar, QWidget) and isValid(bar) and bar.isVisible():
                self.attach_over_bar(bar, middle)
                return

    def _place_in_bar_middle(self) -> None:
        if self._front is not None:
            if self._over is not None and (layout := self._over.layout()) is not None:
                layout.activate()  # Else its parts are still where they were.
            self.setGeometry(self._middle())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_words_and_buttons()

    def measure_again(self) -> None:
        super().measure_again()
        self._fit_words_and_buttons()

    def _fit_words_and_buttons(self) -> None:
        """Give the words room beside as many buttons as there can be, from the first on."""
        told = self.shown_message()
        if told is None:
            return
        self._place_in_bar_middle()
        verbs = [press.verb for press in told.presses]
        forms = [verbs[:n] for n in range(len(verbs), -1, -1)]
        whole = cache(lambda n: self._place_buttons_and_words(told, forms[n]))
        shown = next((form for least in (3, 2, 1) for n, form in enumerate(forms) if whole(n) >= least), [])
        self._place_buttons_and_words(told, shown)
        for verb, button in self._buttons.items():
            button.setVisible(verb in shown)
        self.update()

    def _place_buttons_and_words(self, told: StationMessage, shown: Sequence[str]) -> int:
        """Place the buttons of these verbs and the words; return how much of the words is whole."""
        look, right = self.look, self.width() - self.look.px(EDGE)
        if not self.next_key.isHidden():
            right -= self._place_button_and_return_width(self.next_key, right)
        for verb in reversed(shown):
            right -= self._place_button_and_return_width(self._buttons[verb], right) + look.px(GAP)
        place = QRect(0, 0, max(1, right - look.px(GAP)), self.height())
        return self.words.fit_message(told, place, all_pressed=len(shown) == len(told.presses))

    def _place_button_and_return_width(self, button: buttons.Button, right: int) -> int:
        """Put a button's right edge there and return its width."""
        size = button.sizeHint()
        height = min(size.height(), self.height() - 2)
        button.setGeometry(right - size.width(), (self.height() - height) // 2, size.width(), height)
        return size.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        told = self.shown_message()
        if told is not None:
            Painter(self, self.look).draw_box(QRectF(self.rect()), 10, f"{told.tint}bg", edge=told.tint, width=2)
