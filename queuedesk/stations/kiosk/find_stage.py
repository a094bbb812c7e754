"""What can be read without a ticket: services and items to browse, or to find by letters on the screen's own keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.stations.kiosk.keys import LEAST_PX, PlainKey, PlainText, RowKey, RowText
from queuedesk.stations.kiosk.stage import GAP, SIDE, KioskStage, columns
from queuedesk.stations.widgets.paint import Painter, wrap
from queuedesk.stations.window.style import Look

LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
DELETE = "delete"
TOP = 40 + 108 + 32
BOX, ROW, KEY, KEY_GAP = 116, 124, 122, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FindText:
    """The page in words. `rows` are in their order; `empty` is said where there are none."""

    title: str
    back: str
    query: str
    hint: str
    rows: tuple[RowText, ...]
    empty: str
    delete: str
    earlier: str
    later: str
    page: str


class FindStage(KioskStage):
    """`taken` gives the place of a row; `typed` a letter, "" for the last one taken back."""

    taken = Signal(int)
    typed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.rows: list[RowKey] = []
        self.letters: dict[str, PlainKey] = {}
        for name in (*"".join(LETTERS), DELETE):
            key = PlainKey(self.look, px=50 if name != DELETE else 40, parent=self).allow_fast()
            key.set_key(PlainText(words=name.upper() if name != DELETE else ""))
            key.clicked.connect(partial(self.typed.emit, "" if name == DELETE else name))
            self.letters[name] = key
        self.earlier_key, self.later_key = (
            PlainKey(self.look, px=40, parent=self),
            PlainKey(self.look, px=40, parent=self),
        )
        self.earlier_key.clicked.connect(partial(self._turn, -1))
        self.later_key.clicked.connect(partial(self._turn, 1))
        self._page = 0
        self.said = FindText(
            title="", back="", query="", hint="", rows=(), empty="", delete="", earlier="", later="", page=""
        )

    def show_page(self, said: FindText) -> None:
        """Say this; other rows begin at the first page."""
        if said == self.said:
            return
        if [row.name for row in said.rows] != [row.name for row in self.said.rows]:
            self._page = 0
        self.said = said
        self.letters[DELETE].set_key(PlainText(words="", icon="backspace", name=said.delete))
        self.arrange()
        self.update()

    # -- places --
    def _list_room(self) -> QRectF:
        width, height = self.canvas_size()
        if self.is_wide:
            return QRectF(SIDE, TOP, width / 2 - 24 - SIDE, height - 48 - TOP)
        top = TOP + BOX + 24
        return QRectF(SIDE, top, width - 2 * SIDE, self._keyboard().top() - 36 - top)

    def _box(self) -> QRectF:
        """Return where the letters typed so far stand: on a wide page above their keys."""
        width = self.canvas_size()[0]
        left = width / 2 + 24 if self.is_wide else SIDE
        return QRectF(left, TOP, width - SIDE - left, BOX)

    def _keyboard(self) -> QRectF:
        width, height = self.canvas_size()
        tall: float = 3 * KEY + 2 * KEY_GAP
        if self.is_wide:
            tall = min(tall, height - 48 - TOP - BOX - 24)
            return QRectF(width / 2 + 24, TOP + BOX + 24, width / 2 - 24 - SIDE, tall)
        return QRectF(SIDE, height - 57 - tall, width - 2 * SIDE, tall)

    def arrange(self) -> None:
        said = self.said
        self.set_title(said.title, said.back)
        self._place_letters()
        room = self._list_room()
        fits = max(1, int((room.height() + GAP) // (ROW + GAP)))
        paged = len(said.rows) > fits
        size = max(1, fits - 1) if paged else fits
        pages = max(1, -(-len(said.rows) // size))
        self._page = min(self._page, pages - 1)
        shown = range(self._page * size, min(len(said.rows), (self._page + 1) * size))
        while len(self.rows) < len(said.rows):
            key = RowKey(self.look, parent=self)
            key.clicked.connect(partial(self.taken.emit, len(self.rows)))
            self.rows.append(key)
        for place, key in enumerate(self.rows):
            if place in shown:
                key.set_row(said.rows[place])
                top = room.top() + (place - shown.start) * (ROW + GAP)
                self.put(key, QRectF(room.left(), top, room.width(), ROW))
            else:
                self.put(key, None)
        below = columns(QRectF(room.left(), room.top() + size * (ROW + GAP), room.width(), ROW), 2)
        self.earlier_key.set_key(PlainText(words=said.earlier, icon="arrow-up", dashed=self._page == 0))
        self.later_key.set_key(PlainText(words=said.later, icon="arrow-down", dashed=self._page == pages - 1))
        self.put(self.earlier_key, below[0] if paged else None)
        self.put(self.later_key, below[1] if paged else None)

    def _place_letters(self) -> None:
        room = self._keyboard()
        unit, tall = (room.width() - 9 * KEY_GAP) / 10, (room.height() - 2 * KEY_GAP) / 3
        for number, row in enumerate(LETTERS):
            extra = 1.65 if number == len(LETTERS) - 1 else 0.0
            used = len(row) * (unit + KEY_GAP) - KEY_GAP + (extra * unit + KEY_GAP if extra else 0)
            x = room.left() + (room.width() - used) / 2
            y = room.top() + number * (tall + KEY_GAP)
            for letter in row:
                self.put(self.letters[letter], QRectF(x, y, unit, tall))
                x += unit + KEY_GAP
            if extra:
                self.put(self.letters[DELETE], QRectF(x, y, extra * unit, tall))

    def _turn(self, step: int) -> None:
        self._page = max(0, self._page + step)
        self.arrange()

    # -- painting --
    def paint_canvas(self, painter: Painter) -> None:
        said, look, (width, height) = self.said, self.unit, self.canvas_size()
        self.paint_title(painter, width - SIDE)
        box = self._box()
        painter.box(box, 18, "surface", edge="ink" if said.query else "edge", width=3 if said.query else 2)
        painter.icon("search", "ink2", box.left() + 32, box.center().y() - 24, 48)
        room = box.adjusted(108, 0, -32, 0)
        if said.query:
            font = look.font(50, bold=True)
            end = painter.words_in(said.query.upper(), font, "ink", room)
            painter.box(QRectF(end + 6, box.center().y() - 30, 4, 60), 0, "primary")
        else:
            lines = wrap(look.font(LEAST_PX), said.hint, room.width(), 2)
            for place, line in enumerate(lines):
                y = room.center().y() + 46 * (place - len(lines) / 2)
                painter.words_in(line, look.font(LEAST_PX), "ink2", QRectF(room.left(), y, room.width(), 46))
        if not said.rows:
            rect = self._list_room().adjusted(0, 24, 0, 0)
            self.paragraph(painter, said.empty, rect, px=44, most=4)
        if self.is_wide:
            keyboard = self._keyboard()
            hint = QRectF(keyboard.left(), keyboard.bottom() + 36, keyboard.width(), 160)
            if said.page and hint.bottom() <= height:
                self.paragraph(painter, said.page, hint, token="ink2", most=3)
