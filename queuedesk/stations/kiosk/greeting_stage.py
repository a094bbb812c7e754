"""The greeting: a key for every service or group, and what else a customer may want before a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import ceil

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.stations.kiosk.keys import LEAST_PX, PlainKey, PlainText, ServiceKey, ServiceText
from queuedesk.stations.kiosk.stage import GAP, KEY_HEIGHT, SIDE, KioskStage, columns
from queuedesk.stations.widgets.paint import Painter, fit_px, wrap
from queuedesk.stations.window.style import Look

# In the order in which they stand; each row of the upright screen is one tuple.
ROWS = (("where", "info"), ("priority", "several", "help"), ("listen", "large", "contrast", "language"))
# Two of them side by side in the rail of a wide screen.
PAIRS = (("priority", "several"), ("listen", "large"), ("contrast", "language"))
RAIL = 500
MORE, TAKE, HELP = "more", "take", "help"
KEY_GAP = 24
TALLEST = 330.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GreetingText:
    """The page in words. `keys` by code, in their places; `sides` by their names in ROWS, those not wanted left out.

    With `take` (or `help`, in large text) one filled key stands below instead of the sides.
    """

    title: str
    second: str = ""
    back: str = ""
    keys: tuple[tuple[str, ServiceText], ...] = ()
    sides: tuple[tuple[str, PlainText], ...] = ()
    more: PlainText | None = None
    take: PlainText | None = None
    help: PlainText | None = None
    large: bool = False


class GreetingStage(KioskStage):
    """Says which key was touched: `pressed` a service or group by its code, `chosen` one of the others by its name."""

    pressed = Signal(str)
    chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.services: dict[str, ServiceKey] = {}
        self.sides = {name: PlainKey(self.look, parent=self) for row in ROWS for name in row}
        self.take_key = PlainKey(self.look, px=52, filled=True, parent=self)
        self.help_key = PlainKey(self.look, px=68, filled=True, parent=self)
        self.more_key = PlainKey(self.look, parent=self)
        self.said = GreetingText(title="")
        self._page = 0
        for name, key in self.sides.items():
            key.clicked.connect(partial(self._choose, name))
        self.take_key.clicked.connect(partial(self._choose, TAKE))
        self.help_key.clicked.connect(partial(self._choose, HELP))
        self.more_key.clicked.connect(self._turn)

    def show_page(self, said: GreetingText) -> None:
        """Say this; keys of the same services stay the same keys."""
        codes = [code for code, _ in said.keys]
        if codes != [code for code, _ in self.said.keys] or said.large != self.said.large:
            self._page = 0
            for gone in [code for code in self.services if code not in codes]:
                key = self.services.pop(gone)
                self.put(key, None)
                key.deleteLater()
        same = said == self.said
        self.said = said
        if not same:
            self.arrange()
            self.update()

    # -- places --
    def arrange(self) -> None:
        said = self.said
        self.set_title(said.title if said.back else "", said.back)
        for name, key in self.sides.items():
            self.put(key, None)
            text = dict(said.sides).get(name)
            if text is not None:
                key.set_key(text)
        for key in (self.take_key, self.help_key, self.more_key):
            self.put(key, None)
        self._place_services(self._place_sides())
        self.services = {code: self.services[code] for code, _text in said.keys if code in self.services}
        # Tab goes as the eye does: back, services, what stands beside or below.
        order = [self.back_key, *self.services.values(), self.more_key, self.take_key, self.help_key]
        order += list(self.sides.values())
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _top(self) -> float:
        if self.said.back:
            return 40 + 108 + 34
        if self.said.large:
            return 210
        return 156 if self.is_wide else 254

    def _place_sides(self) -> QRectF:
        """Place what is no service; return the room that is left for services."""
        said, (width, height) = self.said, self.canvas_size()
        bottom = 48 if self.is_wide else 57
        if said.large or said.take is not None:
            key, text = (self.help_key, said.help) if said.take is None else (self.take_key, said.take)
            below = 0.0
            if text is not None:
                tall = 196 if said.take is None and not self.is_wide else 160
                key.set_key(text)
                self.put(key, QRectF(SIDE, height - bottom - tall, width - 2 * SIDE, tall))
                below = tall + 44
            return QRectF(SIDE, self._top(), width - 2 * SIDE, height - bottom - below - self._top())
        wanted = [[name for name in row if name in dict(said.sides)] for row in ROWS]
        rows = [row for row in wanted if row]
        if self.is_wide:
            return self._place_rail(rows)
        top = height - bottom - len(rows) * KEY_HEIGHT - (len(rows) - 1) * GAP
        for number, row in enumerate(rows):
            places = columns(QRectF(SIDE, top + number * (KEY_HEIGHT + GAP), width - 2 * SIDE, KEY_HEIGHT), len(row))
            for name, place in zip(row, places, strict=True):
                self.put(self.sides[name], place)
        return QRectF(SIDE, self._top(), width - 2 * SIDE, top - 40 - self._top())

    def _place_rail(self, rows: list[list[str]]) -> QRectF:
        width, height = self.canvas_size()
        names = [name for row in rows for name in row]
        lines: list[list[str]] = [[name] for name in ("where", "info", "help") if name in names]
        pairs = [[name for name in pair if name in names] for pair in PAIRS]
        lines += [pair for pair in pairs if pair]
        left, room = width - SIDE - RAIL, height - 96
        share = min(KEY_HEIGHT, (room - (len(lines) - 1) * 16) / max(1, len(lines)))
        for number, line in enumerate(lines):
            for name, place in zip(
                line, columns(QRectF(left, 48 + number * (share + 16), RAIL, share), len(line)), strict=True
            ):
                self.put(self.sides[name], place)
        return QRectF(SIDE, self._top(), left - 48 - SIDE, height - 48 - self._top())

    def _cells(self, count: int) -> tuple[int, int]:
        """Return columns and the most rows for `count` keys."""
        if self.said.large:
            return (2, 2) if self.is_wide else (1, 4)
        if self.is_wide:
            beside_rail = self.said.take is None and bool(self.said.sides)
            return (1, 4) if count <= (4 if beside_rail else 2) else (2, 4)
        return (1, 6) if count <= 6 else (2, 6)

    def _place_services(self, room: QRectF) -> None:
        said = self.said
        across, most = self._cells(len(said.keys))
        cells = across * most
        pages = 1 if len(said.keys) <= cells else ceil(len(said.keys) / (cells - 1))
        size = cells if pages == 1 else cells - 1
        self._page %= pages
        shown = said.keys[self._page * size : (self._page + 1) * size]
        rows = most if pages > 1 else ceil(len(shown) / across)
        high = (room.height() - (rows - 1) * KEY_GAP) / max(1, rows)
        high = min(high, 400.0 if self.is_wide else TALLEST)
        wide = (room.width() - (across - 1) * KEY_GAP) / across
        for code, _text in said.keys:
            if code in self.services and code not in dict(shown):
                self.put(self.services[code], None)
        name_px = ServiceKey.names_px([text.name for _code, text in said.keys], wide, high, large=said.large)
        for place, (code, text) in enumerate(shown):
            if code not in self.services:
                key = ServiceKey(self.look, parent=self)
                key.clicked.connect(partial(self._press, code))
                self.services[code] = key
            row, column = divmod(place, across)
            x, y = room.left() + column * (wide + KEY_GAP), room.top() + row * (high + KEY_GAP)
            self.services[code].set_service(text, large=said.large, name_px=name_px)
            self.put(self.services[code], QRectF(x, y, wide, high))
        if pages > 1 and said.more is not None:
            x = room.left() + (across - 1) * (wide + KEY_GAP)
            self.more_key.set_key(said.more)
            self.put(self.more_key, QRectF(x, room.top() + (most - 1) * (high + KEY_GAP), wide, high))

    def _turn(self) -> None:
        self._page += 1
        self.arrange()

    def _press(self, code: str) -> None:
        self.pressed.emit(code)

    def _choose(self, name: str) -> None:
        self.chosen.emit(name)

    # -- painting --
    def paint_canvas(self, painter: Painter) -> None:
        said, (width, _height) = self.said, self.canvas_size()
        right = width - SIDE
        if self.is_wide and not said.large and said.take is None:
            right -= RAIL + 48
        if said.back:
            self.paint_title(painter, right)
            return
        lines = wrap(self.unit.font(48, bold=True), said.title, right - SIDE, 2)
        if len(lines) > 1 and not self.is_wide:  # a sentence, where nothing is open
            self.paragraph(painter, said.title, QRectF(SIDE, 40, right - SIDE, 200), px=48, bold=True, most=2)
            return
        most = 106 if said.large else 68 if self.is_wide else 78
        px = fit_px(said.title, right - SIDE, most, bold=True, least=LEAST_PX)
        top = 40.0 if self.is_wide and not said.large else 52.0
        font = self.unit.font(px, bold=True)
        end = painter.words_in(said.title, font, "ink", QRectF(SIDE, top, right - SIDE, px * 1.2))
        if said.second and not said.large:
            rect = QRectF(SIDE, top + px * 1.2 + 14, right - SIDE, 52)
            if self.is_wide:
                rect = QRectF(end + 36, top + 6, right - end - 36, px * 1.2)
            if rect.width() < 240:
                return
            painter.words_in(said.second, self.unit.font(LEAST_PX if self.is_wide else 40), "ink2", rect)
