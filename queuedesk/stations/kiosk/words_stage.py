"""A few words for the manager, written at the kiosk with keys on the screen or a keyboard."""

from __future__ import annotations

from functools import partial

from msgspec import Struct
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.core.quality.case import LONGEST_TYPED
from queuedesk.stations.kiosk.info_stage import DELETE, FIND_TOP, KEY, KEY_GAP, LETTERS
from queuedesk.stations.kiosk.keys import LEAST_PX, PlainKey, PlainText
from queuedesk.stations.kiosk.stage import KEY_HEIGHT, SIDE, KioskStage, columns
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.words_field import WordsField
from queuedesk.stations.window.style import Look

SPACE, CLEAR = " ", "clear"
ROWS = (tuple("1234567890"), *map(tuple, LETTERS[:2]), (*LETTERS[2], DELETE), (CLEAR, ",", SPACE, ".", "?"))
SHARES = {DELETE: 1.65, CLEAR: 2.4, SPACE: 4.0}
FIELD_PX, SECOND_HIGH, TALLEST_FIELD = 44, 160, 420


class WordsText(Struct, frozen=True, kw_only=True):
    """The page in words. `written` stands in the field, `count` says how much that is of what is allowed; `give` hands
    it over."""

    title: str
    back: str
    second: str
    name: str
    written: str
    count: str
    give: PlainText
    none: str
    delete: str
    clear: str
    space: str


class WordsStage(KioskStage):
    """`written` gives what stands in the field, `give_wanted` and `none_wanted` are the two answers."""

    written = Signal(str)
    give_wanted = Signal()
    none_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.field = WordsField(LONGEST_TYPED, self)
        self.field.written.connect(self.written)
        self.field.entered.connect(self.give_wanted)
        self.keys: dict[str, PlainKey] = {}
        self.none_key, self.give_key = PlainKey(self.look, parent=self), PlainKey(self.look, parent=self)
        self.none_key.clicked.connect(self.none_wanted)
        self.give_key.clicked.connect(self.give_wanted)
        self.said: WordsText | None = None

    def show_page(self, said: WordsText) -> None:
        """Say this, and hold what was written so far."""
        if said == self.said:
            return
        self.said = said
        if not self.keys:
            self._make_keys()  # The kiosk's first frame waits for none of them.
        for name, words in ((CLEAR, said.clear), (SPACE, said.space)):
            self.keys[name].set_key(PlainText(words=words))
        self.keys[DELETE].set_key(PlainText(words="", icon="backspace", name=said.delete))
        self.none_key.set_key(PlainText(words=said.none))
        self.give_key.set_key(said.give)
        self.field.setAccessibleName(said.name)
        self.field.put(said.written)
        self.arrange()
        self.update()

    def _make_keys(self) -> None:
        for name in (name for row in ROWS for name in row):
            key = PlainKey(self.look, px=50 if len(name.strip()) == 1 else 40, parent=self).allow_fast()
            key.set_key(PlainText(words=name))
            key.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a touch leaves the keyboard's place in the field
            key.clicked.connect(partial(self._press, name))
            self.keys[name] = key

    # -- places --
    def _answers(self) -> QRectF:
        end = self.canvas_size()[1] - (48 if self.is_wide else 57)
        return QRectF(SIDE, end - KEY_HEIGHT, self._second().width(), KEY_HEIGHT)

    def _keyboard(self) -> QRectF:
        """Return where the keys stand: on a wide page beside all else, where fingers have the whole height."""
        width, height = self.canvas_size()
        most = len(ROWS) * (KEY + KEY_GAP) - KEY_GAP
        if self.is_wide:
            return QRectF(width / 2 + 24, FIND_TOP, width / 2 - 24 - SIDE, min(most, height - 48 - FIND_TOP))
        end = self._answers().top() - 36
        tall = min(most, (end - FIND_TOP) * 0.58)
        return QRectF(SIDE, end - tall, width - 2 * SIDE, tall)

    def _second(self) -> QRectF:
        width = self.canvas_size()[0]
        return QRectF(SIDE, FIND_TOP, (width / 2 - 24 if self.is_wide else width - SIDE) - SIDE, SECOND_HIGH)

    def _field(self) -> QRectF:
        second = self._second()
        end = self._answers().top() if self.is_wide else self._keyboard().top()
        high = min(TALLEST_FIELD, end - 36 - second.bottom())
        return QRectF(second.left(), second.bottom(), second.width(), high)

    def arrange(self) -> None:
        if self.said is None:
            return
        self.set_title(self.said.title, self.said.back)
        self.put(self.field, self._field())
        room = self._keyboard()
        unit, tall = (room.width() - 9 * KEY_GAP) / 10, (room.height() + KEY_GAP) / len(ROWS) - KEY_GAP
        for number, row in enumerate(ROWS):
            used = sum(SHARES.get(name, 1.0) * unit for name in row) + KEY_GAP * (len(row) - 1)
            x, y = room.left() + (room.width() - used) / 2, room.top() + number * (tall + KEY_GAP)
            for name in row:
                wide = SHARES.get(name, 1.0) * unit
                self.put(self.keys[name], QRectF(x, y, wide, tall))
                x += wide + KEY_GAP
        for key, place in zip((self.none_key, self.give_key), columns(self._answers(), 2), strict=True):
            self.put(key, place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        font = self.unit.font(FIELD_PX)
        font.setPixelSize(max(1, round(FIELD_PX * self.k())))
        self.field.setFont(font)

    # -- writing --
    def _press(self, name: str) -> None:
        if name == DELETE:
            self.field.delete_last()
        elif name == CLEAR:
            self.field.clear()
        else:
            self.field.insertPlainText(name)

    # -- painting --
    def paint_canvas(self, painter: Painter) -> None:
        if self.said is None:
            return
        self.paint_title(painter, self.canvas_size()[0] - SIDE)
        place = self._second()
        end = self.paragraph(painter, self.said.second, place, token="ink2", most=2)
        font = self.unit.font(LEAST_PX)
        painter.words_in(self.said.count, font, "ink2", QRectF(place.left(), end, place.width(), LEAST_PX * 1.35))
