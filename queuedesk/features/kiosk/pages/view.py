"""The kiosk's screen, upright or wide: the head, one page below it, and what lies over the page."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from math import ceil

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.features.kiosk.pages.keys import (
    LEAST_PX,
    PlainKey,
    PlainKeyText,
    ServiceKey,
    ServiceText,
    canvas_growth,
    set_common_text_size,
)
from queuedesk.features.kiosk.pages.sheets import KioskSheetLayer, KioskSheetText
from queuedesk.features.kiosk.pages.stage import (
    GAP,
    KEY_HEIGHT,
    SIDE,
    FreeTextStage,
    InformationStage,
    KioskStage,
    SearchStage,
    equal_columns,
    equal_grid_cells,
)
from queuedesk.i18n import _
from queuedesk.printing.qr import QUIET_MODULES, qr_modules
from queuedesk.stations.access import LAST
from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.number_block import paint_character_boxes
from queuedesk.stations.widgets.panels import TextRun
from queuedesk.stations.window.style import TICKET_MARKS, Look

# In the order in which they stand; each row of the upright screen is one tuple.
ROWS = (("where", "case", "help"), ("info", "priority", "several"), ("listen", "large", "contrast", "language"))
# Two of them side by side in the rail of a wide screen.
RAIL_LINES = (
    ("where",),
    ("help",),
    ("info", "case"),
    *(("priority", "several"), ("listen", "large"), ("contrast", "language")),
)
RAIL = 500
MORE, TAKE, HELP = "more", "take", "help"
KEY_GAP = 24
TALLEST = 330.0
LOW_PAGE = 800.0
"""On a wide page less high, title and help leave room for large names of services and what stands under them."""
LEAST_SECOND = 240.0
"""So wide at least is a line beside the title."""
LARGE_TITLE_PX = 46.0
"""A wide page's title is no smaller only to leave room for a line that may stand below it."""


class GreetingText(Struct, frozen=True, kw_only=True):
    """The page in words.

    `short` is what `second` says where it has no room; `keys` by code, in their places; `sides` by their names in ROWS,
    those not wanted left out. With `take` (or `help`, in large text) one filled key below replaces the sides."""

    title: str
    second: str = ""
    short: str = ""
    back: str = ""
    keys: tuple[tuple[str, ServiceText], ...] = ()
    sides: tuple[tuple[str, PlainKeyText], ...] = ()
    more: PlainKeyText | None = None
    take: PlainKeyText | None = None
    help: PlainKeyText | None = None
    large: bool = False


class GreetingStage(KioskStage):
    """Reports the key touched: `pressed` a service or group by its code, `chosen` one of the others by its name."""

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
            key.clicked.connect(partial(self._emit_named_key_chosen, name))
        self.take_key.clicked.connect(partial(self._emit_named_key_chosen, TAKE))
        self.help_key.clicked.connect(partial(self._emit_named_key_chosen, HELP))
        self.more_key.clicked.connect(self._show_next_key_page)

    def show_page(self, said: GreetingText) -> None:
        """Show this; the keys are kept while the services are the same."""
        codes = [code for code, _ in said.keys]
        if codes != [code for code, _ in self.said.keys] or said.large != self.said.large:
            self._page = 0
            for gone in [code for code in self.services if code not in codes]:
                key = self.services.pop(gone)
                self.place_or_hide_key(key, None)
                key.deleteLater()
        same = said == self.said
        self.said = said
        if not same:
            self.place_keys()
            self.update()

    # -- places --
    def place_keys(self) -> None:
        said = self.said
        self.set_title(said.title if said.back else "", said.back)
        for name, key in self.sides.items():
            self.place_or_hide_key(key, None)
            text = dict(said.sides).get(name)
            if text is not None:
                key.set_key(text)
        for key in (self.take_key, self.help_key, self.more_key):
            self.place_or_hide_key(key, None)
        self._place_service_keys(self._place_side_keys_and_give_room())
        for row in (ROWS[0], sum(ROWS[1:], ())):
            set_common_text_size([self.sides[name] for name in row if not self.sides[name].isHidden()])
        self.services = {code: self.services[code] for code, _text in said.keys if code in self.services}
        # Tab goes as the eye does: back, services, what stands beside or below.
        order = [self.back_key, *self.services.values(), self.more_key, self.take_key, self.help_key]
        order += list(self.sides.values())
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _keys_top_y(self) -> float:
        if self.said.back:
            return 40 + 108 + 34
        if self.said.large:
            return 152 if self._has_little_height() else 210
        return 156 if self.is_wide else 254

    def _has_little_height(self) -> bool:
        return self.is_wide and self.canvas_size()[1] < LOW_PAGE

    def _place_side_keys_and_give_room(self) -> QRectF:
        """Place what is no service; return the room that is left for services."""
        said, (width, height) = self.said, self.canvas_size()
        bottom = 48 if self.is_wide else 57
        if said.large or said.take is not None:
            key, text = (self.help_key, said.help) if said.take is None else (self.take_key, said.take)
            below = 0.0
            if text is not None:
                tall, gap = 196 if said.take is None and not self.is_wide else 160, 44
                if said.large and self._has_little_height():
                    tall, gap = KEY_HEIGHT, 32
                key.set_key(text)
                self.place_or_hide_key(key, QRectF(SIDE, height - bottom - tall, width - 2 * SIDE, tall))
                below = tall + gap
            return QRectF(SIDE, self._keys_top_y(), width - 2 * SIDE, height - bottom - below - self._keys_top_y())
        wanted = [[name for name in row if name in dict(said.sides)] for row in ROWS]
        rows = [row for row in wanted if row]
        if self.is_wide:
            return self._place_right_rail_and_give_left_rect(rows)
        top = height - bottom - len(rows) * KEY_HEIGHT - (len(rows) - 1) * GAP
        for number, row in enumerate(rows):
            places = equal_columns(
                QRectF(SIDE, top + number * (KEY_HEIGHT + GAP), width - 2 * SIDE, KEY_HEIGHT), len(row)
            )
            for name, place in zip(row, places, strict=True):
                self.place_or_hide_key(self.sides[name], place)
        return QRectF(SIDE, self._keys_top_y(), width - 2 * SIDE, top - 40 - self._keys_top_y())

    def _place_right_rail_and_give_left_rect(self, rows: list[list[str]]) -> QRectF:
        width, height = self.canvas_size()
        names = [name for row in rows for name in row]
        rail = [[name for name in line if name in names] for line in RAIL_LINES]
        lines = [line for line in rail if line]
        left, room = width - SIDE - RAIL, height - 96
        share = min(KEY_HEIGHT, (room - (len(lines) - 1) * 16) / max(1, len(lines)))
        for number, line in enumerate(lines):
            for name, place in zip(
                line, equal_columns(QRectF(left, 48 + number * (share + 16), RAIL, share), len(line)), strict=True
            ):
                self.place_or_hide_key(self.sides[name], place)
        return QRectF(SIDE, self._keys_top_y(), left - 48 - SIDE, height - 48 - self._keys_top_y())

    def _grid_columns_and_max_rows(self, count: int) -> tuple[int, int]:
        """Return columns and the most rows for `count` keys."""
        if self.said.large:
            return (2, 2) if self.is_wide else (1, 4)
        if self.is_wide:
            beside_rail = self.said.take is None and bool(self.said.sides)
            return (1, 4) if count <= (4 if beside_rail else 2) else (2, 4)
        return (1, 6) if count <= 6 else (2, 6)

    def _place_service_keys(self, room: QRectF) -> None:
        said = self.said
        across, most = self._grid_columns_and_max_rows(len(said.keys))
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
                self.place_or_hide_key(self.services[code], None)
        name_px = ServiceKey.common_name_px([text.name for _code, text in said.keys], wide, high, large=said.large)
        for place, (code, text) in enumerate(shown):
            if code not in self.services:
                key = ServiceKey(self.look, parent=self)
                key.clicked.connect(partial(self._emit_service_pressed, code))
                self.services[code] = key
            row, column = divmod(place, across)
            x, y = room.left() + column * (wide + KEY_GAP), room.top() + row * (high + KEY_GAP)
            self.services[code].set_service(text, large=said.large, name_px=name_px)
            self.place_or_hide_key(self.services[code], QRectF(x, y, wide, high))
        if pages > 1 and said.more is not None:
            x = room.left() + (across - 1) * (wide + KEY_GAP)
            self.more_key.set_key(said.more)
            self.place_or_hide_key(self.more_key, QRectF(x, room.top() + (most - 1) * (high + KEY_GAP), wide, high))

    def _show_next_key_page(self) -> None:
        self._page += 1
        self.place_keys()

    def _emit_service_pressed(self, code: str) -> None:
        self.pressed.emit(code)

    def _emit_named_key_chosen(self, name: str) -> None:
        self.chosen.emit(name)

    # -- painting --
    def paint_canvas(self, painter: paint.Painter) -> None:
        said, (width, _height) = self.said, self.canvas_size()
        right = width - SIDE
        if self.is_wide and not said.large and said.take is None:
            right -= RAIL + 48
        if said.back:
            self.paint_title(painter, right)
            return
        lines = paint.wrapped_lines(self.unit.font(48, bold=True), said.title, right - SIDE, 2)
        if len(lines) > 1 and not self.is_wide:  # a sentence, where nothing is open
            self.draw_paragraph(painter, said.title, QRectF(SIDE, 40, right - SIDE, 200), px=48, bold=True, most=2)
            return
        most = (76 if self._has_little_height() else 106) if said.large else 68 if self.is_wide else 78
        px = paint.largest_fitting_px(said.title, right - SIDE, most, bold=True, least=LEAST_PX)
        second, is_below = said.second, not self.is_wide
        if self.is_wide and second and not said.large:
            px, second, is_below = self._title_size_and_subtitle(px, right)
        top = 40.0 if self.is_wide and (self._has_little_height() or not said.large) else 52.0
        font = self.unit.font(px, bold=True)
        end = painter.draw_words_and_give_end_x(said.title, font, "ink", QRectF(SIDE, top, right - SIDE, px * 1.2))
        if second and not said.large:
            rect = QRectF(SIDE, top + px * 1.2 + (2 if self.is_wide else 14), right - SIDE, 52)
            if not is_below:
                rect = QRectF(end + 36, top + 6, right - end - 36, px * 1.2)
            if rect.width() >= LEAST_SECOND:
                self._paint_second_line(painter, second, rect)

    def _title_size_and_subtitle(self, px: float, right: float) -> tuple[float, str, bool]:
        """Return how large a wide page's title is, the line that goes with it, and whether that stands below it: beside
        it in two lines if a large title leaves room for them, else below a smaller one; shorter if neither has room."""
        said, least = self.said, LEAST_PX + 2
        large = self._title_px(px, said.second, right, LARGE_TITLE_PX if said.short else least)
        if self._has_subtitle_room_beside(large, said.second, right) or not said.short:
            return large, said.second, False
        if paint.width_of_text(self.unit.font(LEAST_PX), said.second) <= right - SIDE:
            return min(px, LARGE_TITLE_PX), said.second, True
        return self._title_px(px, said.short, right, least), said.short, False

    def _title_px(self, px: float, second: str, right: float, least: float) -> float:
        """Return the size of a title that leaves room for `second` beside it, `least` if none does."""
        while px > least and not self._has_subtitle_room_beside(px, second, right):
            px -= 2
        return px

    def _has_subtitle_room_beside(self, title_px: float, second: str, right: float) -> bool:
        room = right - SIDE - paint.width_of_text(self.unit.font(title_px, bold=True), self.said.title) - 36
        return room >= LEAST_SECOND and len(paint.wrapped_lines(self.unit.font(LEAST_PX), second, room, 3)) < 3

    def _paint_second_line(self, painter: paint.Painter, second: str, rect: QRectF) -> None:
        """Draw the line below the title, or beside it: whole, in two lines where one has no room."""
        most = LEAST_PX if self.is_wide else 40
        font = self.unit.font(paint.largest_fitting_px(second, rect.width(), most, least=LEAST_PX))
        if paint.width_of_text(font, second) <= rect.width():
            painter.draw_words_and_give_end_x(second, font, "ink2", rect)
            return
        top = rect.top() - (10 if self.is_wide else 16)
        room = QRectF(rect.left(), top, rect.width(), 2.5 * LEAST_PX)
        self.draw_paragraph(painter, second, room, px=LEAST_PX, token="ink2", most=2)


DELETE, CLEAR = "delete", "clear"
PAD_ROWS = ("123", "456", "789")
TOP = 40 + 108 + 36
# A card less high than this has no room for large words.
LOW = 520.0
HINT_PX, REASON_PX = 96.0, 152.0
TALLEST_BOX = 168.0


class LinePlacePageText(Struct, frozen=True, kw_only=True):
    """The page in words. `boxes` are the signs typed so far, "" for one to come. Without a `state` the card shows only
    `sentence`; with one also `facts`. A `reason` why it still waits replaces the hint."""

    title: str
    back: str
    number: str
    boxes: tuple[str, ...]
    sentence: str
    hint: str
    letters: tuple[str, ...]
    delete: str
    clear: str
    state: str = ""
    state_word: str = ""
    facts: tuple[tuple[str, tuple[TextRun, ...]], ...] = ()
    reprint: PlainKeyText | None = None
    postpone: PlainKeyText | None = None
    reason: str = ""


class LinePlaceStage(KioskStage):
    """Says which key of the pad was touched."""

    typed = Signal(str)
    deleted = Signal()
    cleared = Signal()
    reprint_wanted = Signal()
    postpone_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.pad: dict[str, PlainKey] = {}
        self.reprint_key = PlainKey(self.look, parent=self)
        self.reprint_key.clicked.connect(self.reprint_wanted)
        self.postpone_key = PlainKey(self.look, parent=self)
        self.postpone_key.clicked.connect(self.postpone_wanted)
        self.said = LinePlacePageText(
            title="", back="", number="", boxes=(), sentence="", hint="", letters=(), delete="", clear=""
        )

    def show_page(self, said: LinePlacePageText) -> None:
        """Show this; the pad stays as it is while the letters are the same."""
        if said == self.said:
            return
        if said.letters != self.said.letters or not self.pad:
            self._rebuild_number_pad_keys(said.letters)
        self.said = said
        self.pad[DELETE].set_key(PlainKeyText(words=said.delete))
        self.pad[CLEAR].set_key(PlainKeyText(words=said.clear))
        for key, words in self._foot_keys_and_texts():
            if words is not None:
                key.set_key(words)
        self.place_keys()
        self.update()

    def _foot_keys_and_texts(self) -> tuple[tuple[PlainKey, PlainKeyText | None], ...]:
        return (self.postpone_key, self.said.postpone), (self.reprint_key, self.said.reprint)

    @property
    def _has_foot(self) -> bool:
        return any(words is not None for _key, words in self._foot_keys_and_texts())

    def _rebuild_number_pad_keys(self, letters: tuple[str, ...]) -> None:
        for key in self.pad.values():
            self.place_or_hide_key(key, None)
            key.deleteLater()
        self.pad = {}
        for name in (*letters, *"1234567890", DELETE, CLEAR):
            key = PlainKey(self.look, px=44 if name in (DELETE, CLEAR) else 70, parent=self).allow_fast_presses()
            key.set_key(PlainKeyText(words=name))
            if name == DELETE:
                key.clicked.connect(self.deleted)
            elif name == CLEAR:
                key.clicked.connect(self.cleared)
            else:
                key.clicked.connect(partial(self.typed.emit, name))
            self.pad[name] = key

    # -- places --
    def _number_card_rect(self) -> QRectF:
        width, height = self.canvas_size()
        if self.is_wide:
            hint = self._hint_px() if self._has_hint() else 0
            return QRectF(SIDE, TOP, width / 2 - 24 - SIDE, min(self._card_with_hint_total_height() - hint, 660))
        return QRectF(SIDE, TOP, width - 2 * SIDE, min(640, 0.36 * height))

    def _card_with_hint_total_height(self) -> float:
        """Return how high card and hint may be together on a wide page."""
        return self.canvas_size()[1] - 48 - (132 + GAP if self._has_foot else 0) - TOP

    def _has_hint(self) -> bool:
        return not self.is_wide or self._card_with_hint_total_height() >= LOW

    def _hint_px(self) -> float:
        return REASON_PX if self.said.reason else HINT_PX

    def place_keys(self) -> None:
        said, (width, height) = self.said, self.canvas_size()
        self.set_title(said.title, said.back)
        bottom = height - (48 if self.is_wide else 57)
        foot = QRectF(SIDE, bottom - 120, (width / 2 - 24 if self.is_wide else width - SIDE) - SIDE, 120)
        shown = [key for key, words in self._foot_keys_and_texts() if words is not None]
        for key, _words in self._foot_keys_and_texts():
            place = shown.index(key) if key in shown else 0
            share = (foot.width() - GAP * (len(shown) - 1)) / max(1, len(shown))
            room = QRectF(foot.left() + place * (share + GAP), foot.top(), share, foot.height())
            self.place_or_hide_key(key, room if key in shown else None)
        if self.is_wide:
            room = QRectF(width / 2 + 24, TOP, width / 2 - 24 - SIDE, bottom - TOP)
        else:
            top = self._number_card_rect().bottom() + 34 + self._hint_px()
            used = 120 + 32 if self._has_foot else 0
            room = QRectF(SIDE, top, width - 2 * SIDE, bottom - used - top)
        self._place_number_pad(room)

    def _place_number_pad(self, room: QRectF) -> None:
        """Place letters at the left, digits as on a telephone, delete and clear beside the 0."""
        if not self.pad:
            return  # nothing was said yet
        letters = self.said.letters
        across = 3 + ceil(len(letters) / 4)
        cells = equal_grid_cells(room, across, 4)
        left = across - 3
        for place, letter in enumerate(letters):
            row, column = place % 4, place // 4
            self.place_or_hide_key(self.pad[letter], cells[row * across + column])
        for row, digits in enumerate((*PAD_ROWS, "")):
            names = list(digits) if digits else [DELETE, "0", CLEAR]
            for column, name in enumerate(names):
                self.place_or_hide_key(self.pad[name], cells[row * across + left + column])

    # -- painting --
    def paint_canvas(self, painter: paint.Painter) -> None:
        said, card = self.said, self._number_card_rect()
        self.paint_title(painter, self.canvas_size()[0] - SIDE)
        painter.draw_box(card, 20, "surface", edge="primary" if said.state else "edge", width=3 if said.state else 2)
        high = 186.0 if self.is_wide else 230.0  # a wide page keeps its height for the facts
        if card.height() < LOW:
            high = min(high, 0.33 * card.height())
        self._paint_number(painter, QRectF(card.left() + 60, card.top() + 20, card.width() - 120, high))
        y = card.top() + high + 28
        painter.draw_divider(QPointF(card.left() + 60, y), QPointF(card.right() - 60, y))
        y += 20
        if said.facts:
            high = min(108.0, (card.bottom() - 20 - y) / len(said.facts))
            for word, runs in said.facts:
                self.draw_fact(painter, QRectF(card.left() + 60, y, card.width() - 120, high), word, runs)
                y += high
        else:
            rect = QRectF(card.left() + 60, y + 14, card.width() - 120, card.bottom() - y - 30)
            px = 44 if card.height() >= LOW else LEAST_PX
            self.draw_paragraph(painter, said.sentence, rect, px=px, most=max(2, int(rect.height() / px / 1.35)))
        if not self._has_hint():
            return
        words, most = (said.reason, 3) if said.reason else (said.hint, 2)
        hint = QRectF(card.left(), card.bottom() + (16 if self.is_wide else 20), card.width(), self._hint_px() + 10)
        self.draw_paragraph(painter, words, hint, px=LEAST_PX, token="ink2", centre=True, most=most)

    def _paint_number(self, painter: paint.Painter, room: QRectF) -> None:
        """Paint the number typed so far, with its state at the right."""
        said, look = self.said, self.unit
        pill = 0.0
        if said.state:
            mark = TICKET_MARKS[said.state]
            font = look.font(40, bold=True)
            pill = paint.width_of_text(font, said.state_word) + 116
            box = QRectF(room.right() - pill, room.bottom() - 108, pill, 76)
            outlined = look.theme.outlined
            painter.draw_box(box, 38, mark.tint, edge=mark.token if outlined else "", width=2)
            painter.draw_icon(mark.icon, mark.token, box.left() + 28, box.center().y() - 22, 44)
            painter.draw_words_and_give_end_x(
                said.state_word, font, mark.token, QRectF(box.left() + 86, box.top(), pill - 90, 76)
            )
        if "" in said.boxes:
            high = min(TALLEST_BOX, room.height() - 32)
            paint_character_boxes(
                painter, QRectF(room.left(), room.center().y() - high / 2, room.width(), high), said.boxes
            )
            return
        px = paint.largest_fitting_px(said.number, room.width() - pill - 30, 0.78 * room.height(), bold=True, least=96)
        rect = QRectF(room.left(), room.top(), room.width(), room.height() - 10)
        painter.draw_words_and_give_end_x(said.number, look.font(px, bold=True), "ink", rect)


CARD_SIDE, ROW_HEIGHT = 72, 108.0
NUMBER_TALL = 560.0
MOST_LINES = 4
DONE_TALL = 136
CODE_SHARE = 0.48
"""Of the number's room, what the code for a phone takes."""


class TicketPageText(Struct, frozen=True, kw_only=True):
    """The page in words; `facts` are words with their figures. `to_note` says that there is no slip to take, `code` is
    then what a phone may read, with the sentence `scan`."""

    title: str
    label: str
    service: str
    facts: tuple[tuple[str, tuple[TextRun, ...]], ...]
    last: str
    done: PlainKeyText
    fetch: PlainKeyText | None = None
    to_note: bool = False
    is_ready: bool = True
    code: str = ""
    scan: str = ""


class TicketStage(KioskStage):
    """Shows one ticket; `finished` when the customer is done, `fetch_wanted` when they ask to be fetched."""

    finished = Signal()
    fetch_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.done_key = PlainKey(self.look, px=48, parent=self)
        self.done_key.clicked.connect(self.finished)
        self.fetch_key = PlainKey(self.look, px=44, parent=self)
        self.fetch_key.clicked.connect(self.fetch_wanted)
        self.said = TicketPageText(title="", label="", service="", facts=(), last="", done=PlainKeyText(words=""))
        self._modules: tuple[tuple[bool, ...], ...] = ()

    @property
    def ticket_label(self) -> str:
        return self.said.label

    def show_page(self, said: TicketPageText) -> None:
        """Say this."""
        changed = said != self.said
        if said.code != self.said.code:
            self._modules = qr_modules(said.code) if said.code else ()
        self.said = said
        self.done_key.set_key(said.done)
        if said.fetch is not None:
            self.fetch_key.set_key(said.fetch)
        if changed:
            self.place_keys()
            self.update()

    def place_keys(self) -> None:
        width, height = self.canvas_size()
        fetch: QRectF | None = None
        if self.is_wide:
            done = QRectF(width / 2 + 24, height - 48 - DONE_TALL, width / 2 - 24 - SIDE, DONE_TALL)
            fetch = QRectF(SIDE, done.top(), done.width(), DONE_TALL)
        else:
            done = QRectF(CARD_SIDE, height - 57 - DONE_TALL, width - 2 * CARD_SIDE, DONE_TALL)
            if self.said.fetch is not None:
                half = (done.width() - GAP) / 2
                fetch = QRectF(done.left(), done.top(), half, DONE_TALL)
                done = QRectF(done.left() + half + GAP, done.top(), half, DONE_TALL)
        self.place_or_hide_key(self.done_key, done)
        self.place_or_hide_key(self.fetch_key, fetch if self.said.fetch is not None else None)

    def paint_canvas(self, painter: paint.Painter) -> None:
        said, (width, height) = self.said, self.canvas_size()
        px = 42.0 if width < 1200 else 38.0
        wide = width / 2 - 24 - SIDE if self.is_wide else width - 2 * CARD_SIDE
        done = height - (48 if self.is_wide else 57) - DONE_TALL
        last = px * 1.35 * len(paint.wrapped_lines(self.unit.font(px), said.last, wide, MOST_LINES)) + 2 * 36
        free = done - last - 56 - (30 if self.is_wide else max(NUMBER_TALL, height * 0.33))
        count = max(1, len(said.facts))
        high = min(ROW_HEIGHT, free / count)
        top = done - last - high * count - 56
        if self.is_wide:
            card = QRectF(width / 2 + 24, min(60.0, top), wide, high * count + 56)
            below = DONE_TALL + GAP if said.fetch is not None else 0
            self._paint_number(painter, QRectF(SIDE, 30, wide, height - 60 - below))
        else:
            card = QRectF(CARD_SIDE, min(height * 0.46, top), wide, high * count + 56)
            self._paint_number(painter, QRectF(SIDE, 50, width - 2 * SIDE, card.top() - 70))
        painter.draw_box(card, 20, "surface", edge="line")
        y = card.top() + 28
        for number, (word, runs) in enumerate(said.facts):
            rect = QRectF(card.left() + 48, y, card.width() - 96, high)
            self.draw_fact(painter, rect, word, runs)
            if number:
                painter.draw_divider(rect.topLeft(), rect.topRight())
            y += high
        rect = QRectF(card.left(), card.bottom() + 36, card.width(), 200)
        self.draw_paragraph(painter, said.last, rect, px=px, centre=not self.is_wide, most=MOST_LINES)

    def _paint_number(self, painter: paint.Painter, room: QRectF) -> None:
        """Paint mark, title, number and service in the middle of `room`."""
        said, x = self.said, room.center().x()
        mark, title_px = 66.0, 68.0
        if self._modules:
            self._paint_code_title_and_number(painter, room)
            return
        titles = paint.largest_fitting_px(said.title, room.width(), title_px, bold=True, least=48)
        number_px = paint.largest_fitting_px(said.label, room.width() - 40, 304, bold=True, least=120)
        service_px = paint.largest_fitting_px(said.service, room.width(), 48, least=LEAST_PX)
        lines = 2 if self.unit.font(service_px) and len(said.service) * service_px * 0.5 > room.width() else 1
        number_px = min(number_px, (room.height() - 2 * mark - 34 - titles * 1.3 - service_px * 1.35 * lines) / 1.06)
        needed = 2 * mark + 34 + titles * 1.3 + number_px * 1.06 + service_px * 1.35 * lines
        y = room.top() + max(0.0, (room.height() - needed) / 2)
        self._paint_mark(painter, QPointF(x, y + mark), mark)
        y += 2 * mark + 34
        y = self.draw_paragraph(
            painter, said.title, QRectF(room.left(), y, room.width(), 200), px=titles, bold=True, centre=True, most=2
        )
        font = self.unit.font(number_px, bold=True)
        place = QRectF(room.left(), y, room.width(), number_px * 1.06)
        painter.draw_words_and_give_end_x(said.label, font, "ink", place, Qt.AlignmentFlag.AlignHCenter)
        rect = QRectF(room.left(), place.bottom(), room.width(), 200)
        self.draw_paragraph(painter, said.service, rect, px=service_px, token="ink2", centre=True, most=2)

    def _paint_code_title_and_number(self, painter: paint.Painter, room: QRectF) -> None:
        """Paint the code for a phone, title and number."""
        said = self.said
        side = min(CODE_SHARE * room.height(), room.width())
        painter.code(QRectF(room.center().x() - side / 2, room.top(), side, side), self._modules, QUIET_MODULES)
        y = room.top() + side + 12
        for words, px, is_bold in ((said.scan, 36.0, False), (said.title, 44.0, True)):
            size = paint.largest_fitting_px(words, room.width(), px, bold=is_bold, least=LEAST_PX)
            rect = QRectF(room.left(), y, room.width(), 200)
            y = self.draw_paragraph(painter, words, rect, px=size, bold=is_bold, centre=True, most=2) + 8
        service_px = paint.largest_fitting_px(said.service, room.width(), 40, least=LEAST_PX)
        number_px = paint.largest_fitting_px(said.label, room.width() - 40, 240, bold=True, least=96)
        number_px = min(number_px, (room.bottom() - y - service_px * 1.35) / 1.06)
        place = QRectF(room.left(), y, room.width(), number_px * 1.06)
        painter.draw_words_and_give_end_x(
            said.label, self.unit.font(number_px, bold=True), "ink", place, Qt.AlignmentFlag.AlignHCenter
        )
        rect = QRectF(room.left(), place.bottom(), room.width(), service_px * 1.35)
        painter.draw_words_and_give_end_x(
            said.service, self.unit.font(service_px), "ink2", rect, Qt.AlignmentFlag.AlignHCenter
        )

    def _paint_mark(self, painter: paint.Painter, centre: QPointF, radius: float) -> None:
        """Paint the tick of a slip that came out, the amber pencil of a number to note, the grey printer before."""
        said = self.said
        if said.to_note or not said.is_ready:
            tint, token = ("amberbg", "amber") if said.to_note else ("sunken", "ink2")
            box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
            painter.draw_box(box, radius, tint, edge="amber" if said.to_note else "edge", width=2)
            side = radius * 1.1
            icon = "edit" if said.to_note else "print"
            painter.draw_icon(icon, token, centre.x() - side / 2, centre.y() - side / 2, side)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.unit.color("primary"))
        painter.drawEllipse(centre, radius, radius)
        round_pen = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(QPen(self.unit.color("on_primary"), radius * 0.15, *round_pen))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        k = radius / 66
        points = [(-25, 3), (-9, 19), (25, -16)]
        painter.drawPolyline([QPointF(centre.x() + dx * k, centre.y() + dy * k) for dx, dy in points])


# -- the strip while a page is read aloud ------------------------------------------------------------------------------

QUIETER, LOUDER, AGAIN, STOP = "quieter", "louder", "again", "stop"
NAMES = (QUIETER, LOUDER, AGAIN, STOP)
HIGH, WIDE_HIGH = 232.0, 124.0
KEY = 108.0
LEAST_STAGE = 760.0
"""Less high a wide page has no room for all of its keys, in canvas px."""


class SoundStripText(Struct, frozen=True, kw_only=True):
    """The strip's text; `keys` by their names."""

    words: str
    keys: tuple[tuple[str, PlainKeyText], ...]


class SoundStrip(KioskStage):
    """`pressed` gives the name of a key. These keys act at the first touch."""

    spoken_role = paint.GROUP

    pressed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.said = SoundStripText(words="", keys=())
        self.keys = {name: PlainKey(self.look, px=40, parent=self).allow_fast_presses() for name in NAMES}
        for name, key in self.keys.items():
            key.clicked.connect(partial(self.pressed.emit, name))
        self.setProperty(LAST, True)
        self.hide()

    def show_strip(self, said: SoundStripText) -> None:
        """Say this."""
        if said == self.said:
            return
        self.said = said
        for name, text in said.keys:
            self.keys[name].set_key(text)
        self.setAccessibleName(said.words)
        self.place_keys()
        self.update()

    @staticmethod
    def sound_strip_height(*, wide: bool) -> float:
        """Return its height in canvas px."""
        return WIDE_HIGH if wide else HIGH

    def place_keys(self) -> None:
        width, height = self.canvas_size()
        left = width * 0.4 if self._has_little_height() else SIDE
        room = QRectF(left, height - 12 - min(KEY, height - 20), width - SIDE - left, min(KEY, height - 20))
        for name, place in zip(NAMES, equal_columns(room, len(NAMES), GAP), strict=True):
            self.place_or_hide_key(self.keys[name], place)

    def _has_little_height(self) -> bool:
        return self.canvas_size()[1] <= WIDE_HIGH

    def paint_canvas(self, painter: paint.Painter) -> None:
        width, height = self.canvas_size()
        beyond = self.canvas_origin().x() / self.canvas_scale() + 1
        painter.fillRect(QRectF(-beyond, 0, width + 2 * beyond, height), self.unit.color("soft"))
        side = 56.0
        band = height - 12 - KEY if not self._has_little_height() else height
        painter.draw_icon("ear", "on_soft", SIDE, (band - side) / 2, side)
        room = (width * 0.4 if self._has_little_height() else width - SIDE) - SIDE - side - 44
        font = self.unit.font(LEAST_PX)
        lines = paint.wrapped_lines(font, self.said.words, room, 2)
        y = (band - 48 * len(lines)) / 2
        for line in lines:
            painter.draw_words_and_give_end_x(line, font, "ink", QRectF(SIDE + side + 20, y, room, 48))
            y += 48


def sound_strip_text(volume: str) -> SoundStripText:
    """Return what the strip says; `volume` says how loud it is."""
    keys = (
        (QUIETER, PlainKeyText(words=_("Quieter"), icon="minus")),
        (LOUDER, PlainKeyText(words=_("Louder"), icon="plus")),
        (AGAIN, PlainKeyText(words=_("Repeat"))),
        (STOP, PlainKeyText(words=_("Stop reading"), icon="speaker-off")),
    )
    return SoundStripText(words=volume + " · " + _("Touch once to hear, again to choose."), keys=keys)


UPRIGHT, WIDE = (1080, 1920), (1920, 1080)
HEAD, WIDE_HEAD = 131, 110
AWAY_SIZES, AWAY_LEADING, MOST_AWAY_LINES = (36, 32, 28, 25), 1.2, 4


class KioskHeadText(Struct, frozen=True, kw_only=True):
    """The bar at the top: the hall and its clock; in large text what it is, and the key that leads back."""

    place: str
    clock: str = ""
    normal: str = ""


class KioskView(paint.CanvasWidget):
    """Shows one stage at a time. `letter_typed` gives a key of the keyboard ("" for backspace), `menu_asked` the place
    where staff ask for the menu."""

    letter_typed = Signal(str)
    escaped = Signal()
    normal_wanted = Signal()
    menu_asked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, *UPRIGHT, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._head, self.away = KioskHeadText(place=""), ""
        self._screen_mm = 0.0
        self._listens = False
        self.greeting, self.ticket = GreetingStage(look, self), TicketStage(look, self)
        self.where, self.search, self.info = (
            LinePlaceStage(look, self),
            SearchStage(look, self),
            InformationStage(look, self),
        )
        self.words, self.case = FreeTextStage(look, self), FreeTextStage(look, self)
        self.stages: tuple[KioskStage, ...] = (
            *(self.greeting, self.ticket, self.where, self.search),
            *(self.info, self.words, self.case),
        )
        for stage in self.stages:
            stage.hide()
        self.stage: KioskStage = self.greeting
        self.normal_key = PlainKey(self.look, parent=self)
        self.normal_key.clicked.connect(self.normal_wanted)
        self.strip = SoundStrip(look, self)
        self.sheet = KioskSheetLayer(look, self)
        self._arrange_strip_and_stages()

    # -- what is shown --
    def show_stage(self, stage: KioskStage, *, fresh: bool) -> None:
        """Show this page; a `fresh` one takes the focus, so that nothing of the one before seems chosen."""
        changed = stage is not self.stage or stage.isHidden()
        self.stage = stage
        if changed:
            self._arrange_strip_and_stages()
        if (changed or fresh) and self.sheet.isHidden():
            self.setFocus()

    def show_head(self, said: KioskHeadText) -> None:
        """Say this at the top."""
        if said == self._head:
            return
        self._head = said
        if said.normal:
            self.normal_key.set_key(PlainKeyText(words=said.normal, icon="arrow-left"))
        self._position_normal_text_button()
        self.update()

    def head_text(self) -> str:
        """Return what the head says."""
        return f"{self._head.place} {self._head.clock}".strip()

    def show_hall_away(self, words: str) -> None:
        """Show in the head, in place of the hall's name, that the hall's file is away; "" removes it."""
        if words != self.away:
            self.away = words
            self.update()

    def show_strip(self, said: SoundStripText | None) -> None:
        """Show the strip of a page that is read aloud; None removes it."""
        listens = said is not None
        if said is not None:
            self.strip.show_strip(said)
        if listens is not self._listens:
            self._listens = listens
            if not listens:
                self.forget_child(self.strip)
                self.strip.hide()
            self._take_fitting_canvas()
            self._arrange_strip_and_stages()
        if self.sheet.isVisible():
            self.sheet.raise_()

    def show_sheet(self, said: KioskSheetText | None) -> None:
        """Show this sheet over the page; None removes it."""
        self.sheet.show_sheet(said)

    # -- places --
    @property
    def is_wide(self) -> bool:
        width, height = self.canvas_size()
        return width > height

    def head_height(self) -> int:
        return WIDE_HEAD if self.is_wide else HEAD

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._take_fitting_canvas()
        super().resizeEvent(event)
        self._arrange_strip_and_stages()

    def set_screen_width_mm(self, width_mm: float) -> None:
        """Set the screen's width, 0 if nobody measured it: what would be too small for a finger or the eye is
        enlarged."""
        self._screen_mm = width_mm
        self._take_fitting_canvas()
        self._arrange_strip_and_stages()

    def mm_per_px(self) -> float:
        """Return how many millimetres a px of the canvas is on this screen, 0 if unknown."""
        return self._screen_mm / max(1, self.width()) * self.canvas_scale()

    def _take_fitting_canvas(self) -> None:
        """Take the canvas that fits the screen's shape: a smaller one, drawn larger, where the screen is small."""
        width, height = WIDE if self.width() > self.height() else UPRIGHT
        k = min(self.width() / width, self.height() / height)
        grown = canvas_growth(self._screen_mm / max(1, self.width()) * k)
        if self._listens and width > height:
            # Below the strip as much room has to be left as the keys need to be whole.
            grown = min(grown, height / (WIDE_HEAD + WIDE_HIGH + LEAST_STAGE))
        self.set_canvas_size(width / grown, height / grown)

    def _arrange_strip_and_stages(self) -> None:
        width, height = self.canvas_size()
        top: float = self.head_height()
        if self._listens:
            high = SoundStrip.sound_strip_height(wide=self.is_wide)
            self.strip.set_stage_size(width, high)
            self.place_child(self.strip, QRectF(0, top, width, high))
            top += high
        for stage in self.stages:
            if stage is self.stage:
                stage.set_stage_size(width, height - top)
                self.place_child(stage, QRectF(0, top, width, height - top))
            else:
                self.forget_child(stage)
                stage.hide()
        self._position_normal_text_button()
        self.sheet.setGeometry(self.rect())
        self.sheet.set_stage_size(width, height)
        self.sheet.raise_()

    def _position_normal_text_button(self) -> None:
        if not self._head.normal:
            self.forget_child(self.normal_key)
            self.normal_key.hide()
            return
        width = paint.width_of_text(self.unit.font(43, bold=True), self._head.normal) + 130
        high = self.head_height()
        self.place_child(self.normal_key, QRectF(self.canvas_size()[0] - SIDE - width, 14, width, high - 28))

    # -- painting --
    def paint_canvas(self, painter: paint.Painter) -> None:
        look, head, (width, _height) = self.unit, self._head, self.canvas_size()
        # The bar reaches over the whole screen, also where that is wider than the canvas.
        beyond, above = (
            self.canvas_origin().x() / self.canvas_scale() + 1,
            self.canvas_origin().y() / self.canvas_scale() + 1,
        )
        bar = QRectF(0, 0, width, self.head_height())
        ground, edge = ("amberbg", "amber") if self.away else ("surface", "line")
        painter.fillRect(bar.adjusted(-beyond, -above, beyond, 0), look.color(ground))
        painter.draw_divider(QPointF(-beyond, bar.bottom()), QPointF(width + beyond, bar.bottom()), edge)
        right = width - SIDE
        if head.clock and not (self.away and head.normal):
            font = look.font(51, bold=True)
            used = paint.width_of_text(look.font(51, bold=True), head.clock)
            painter.draw_words_and_give_end_x(head.clock, font, "ink", QRectF(right - used, 0, used + 2, bar.height()))
            right -= used + 40
        left = float(SIDE)
        if self.away:
            right -= self.normal_key.width() / self.canvas_scale() + 28 if head.normal else 0
            self._paint_offline_notice(painter, QRectF(left, 0, right - left, bar.height()))
            return
        if not head.normal:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("primary"))
            for x, radius in ((12, 12.0), (33, 6.4), (45.5, 2.9)):
                painter.drawEllipse(QPointF(left + x, bar.center().y()), radius, radius)
            left += 65
        else:
            right -= self.normal_key.width() / self.canvas_scale() + 28
        font = look.font(51 if head.normal else 38, bold=True)
        painter.draw_words_and_give_end_x(head.place, font, "ink", QRectF(left, 0, right - left, bar.height()))

    def _paint_offline_notice(self, painter: paint.Painter, head: QRectF) -> None:
        painter.draw_icon("away", "amber", head.left(), head.center().y() - 24, 48)
        room = head.adjusted(72, 0, 0, 0)
        for px in AWAY_SIZES:
            font, high = self.unit.font(px, bold=True), px * AWAY_LEADING
            lines = paint.wrapped_lines(font, self.away, room.width(), MOST_AWAY_LINES)
            if high * len(lines) <= head.height() and not lines[-1].endswith(paint.ELLIPSIS):
                break
        room.setHeight(high)
        room.moveTop(head.center().y() - high * len(lines) / 2)
        for line in lines:
            painter.draw_words_and_give_end_x(line, font, "amber", room)
            room.translate(0, high)

    # -- keyboard --
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let letters and digits do what the keys on the screen do, if the page has any."""
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.escaped.emit()
        elif event.key() == Qt.Key.Key_Backspace:
            self.letter_typed.emit("")
        elif event.text().isprintable() and event.text():
            self.letter_typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the menu only by keyboard or on the head: a finger resting on a key does not ask for it."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        if by_key or self.point_to_canvas(QPointF(event.pos())).y() < self.head_height():
            self.menu_asked.emit(event.globalPos())
