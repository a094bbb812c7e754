"""Where am I in line? A number pad with the hall's letters, and where that ticket stands; no name, no personal data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.stations.kiosk.keys import LEAST_PX, PlainKey, PlainText
from queuedesk.stations.kiosk.stage import GAP, SIDE, KioskStage, grid
from queuedesk.stations.widgets.labels import Run
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of
from queuedesk.stations.window.style import Look
from queuedesk.stations.window.theme import TICKET_MARKS

DELETE, CLEAR = "delete", "clear"
ROWS = ("123", "456", "789")
TOP = 40 + 108 + 36
# A card less high than this has no room for large words.
LOW = 520.0
HINT_PX, REASON_PX = 96.0, 152.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereText:
    """The page in words. Without a `state` the card says `sentence` only; with one also `facts`. A `reason` why it
    still waits stands in the hint's place."""

    title: str
    back: str
    number: str
    sentence: str
    hint: str
    letters: tuple[str, ...]
    delete: str
    clear: str
    state: str = ""
    state_word: str = ""
    facts: tuple[tuple[str, tuple[Run, ...]], ...] = ()
    reprint: PlainText | None = None
    reason: str = ""


class WhereStage(KioskStage):
    """Says which key of the pad was touched."""

    typed = Signal(str)
    deleted = Signal()
    cleared = Signal()
    reprint_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.pad: dict[str, PlainKey] = {}
        self.reprint_key = PlainKey(self.look, parent=self)
        self.reprint_key.clicked.connect(self.reprint_wanted)
        self.said = WhereText(title="", back="", number="", sentence="", hint="", letters=(), delete="", clear="")

    def show_page(self, said: WhereText) -> None:
        """Say this; the pad stays as it is while the letters stay the same."""
        if said == self.said:
            return
        if said.letters != self.said.letters or not self.pad:
            self._make_pad(said.letters)
        self.said = said
        self.pad[DELETE].set_key(PlainText(words=said.delete))
        self.pad[CLEAR].set_key(PlainText(words=said.clear))
        if said.reprint is not None:
            self.reprint_key.set_key(said.reprint)
        self.arrange()
        self.update()

    def _make_pad(self, letters: tuple[str, ...]) -> None:
        for key in self.pad.values():
            self.put(key, None)
            key.deleteLater()
        self.pad = {}
        for name in (*letters, *"1234567890", DELETE, CLEAR):
            key = PlainKey(self.look, px=44 if name in (DELETE, CLEAR) else 70, parent=self).allow_fast()
            key.set_key(PlainText(words=name))
            if name == DELETE:
                key.clicked.connect(self.deleted)
            elif name == CLEAR:
                key.clicked.connect(self.cleared)
            else:
                key.clicked.connect(partial(self.typed.emit, name))
            self.pad[name] = key

    # -- places --
    def _card(self) -> QRectF:
        width, height = self.canvas_size()
        if self.is_wide:
            bottom = height - 48 - (132 + GAP if self.said.reprint else 0)
            hint = self._hint_px() if bottom - TOP >= LOW else 0
            return QRectF(SIDE, TOP, width / 2 - 24 - SIDE, min(bottom - TOP - hint, 660))
        return QRectF(SIDE, TOP, width - 2 * SIDE, min(640, 0.36 * height))

    def _hint_px(self) -> float:
        return REASON_PX if self.said.reason else HINT_PX

    def arrange(self) -> None:
        said, (width, height) = self.said, self.canvas_size()
        self.set_title(said.title, said.back)
        bottom = height - (48 if self.is_wide else 57)
        if said.reprint is not None:
            left = QRectF(SIDE, bottom - 120, width / 2 - 24 - SIDE, 120)
            self.put(self.reprint_key, left if self.is_wide else QRectF(SIDE, bottom - 120, width - 2 * SIDE, 120))
        else:
            self.put(self.reprint_key, None)
        if self.is_wide:
            room = QRectF(width / 2 + 24, TOP, width / 2 - 24 - SIDE, bottom - TOP)
        else:
            top = self._card().bottom() + 34 + self._hint_px()
            used = 120 + 32 if said.reprint is not None else 0
            room = QRectF(SIDE, top, width - 2 * SIDE, bottom - used - top)
        self._place_pad(room)

    def _place_pad(self, room: QRectF) -> None:
        """Place letters at the left, digits as on a telephone, delete and clear beside the 0."""
        if not self.pad:
            return  # nothing was said yet
        letters = self.said.letters
        across = 3 + ceil(len(letters) / 4)
        cells = grid(room, across, 4)
        left = across - 3
        for place, letter in enumerate(letters):
            row, column = place % 4, place // 4
            self.put(self.pad[letter], cells[row * across + column])
        for row, digits in enumerate((*ROWS, "")):
            names = list(digits) if digits else [DELETE, "0", CLEAR]
            for column, name in enumerate(names):
                self.put(self.pad[name], cells[row * across + left + column])

    # -- painting --
    def paint_canvas(self, painter: Painter) -> None:
        said, card = self.said, self._card()
        self.paint_title(painter, self.canvas_size()[0] - SIDE)
        painter.box(card, 20, "surface", edge="primary" if said.state else "edge", width=3 if said.state else 2)
        high = 186.0 if self.is_wide else 230.0  # a wide page keeps its height for the facts
        if card.height() < LOW:
            high = min(high, 0.33 * card.height())
        self._paint_number(painter, QRectF(card.left() + 60, card.top() + 20, card.width() - 120, high))
        y = card.top() + high + 28
        painter.divider(QPointF(card.left() + 60, y), QPointF(card.right() - 60, y))
        y += 20
        if said.facts:
            high = min(108.0, (card.bottom() - 20 - y) / len(said.facts))
            for word, runs in said.facts:
                self.fact(painter, QRectF(card.left() + 60, y, card.width() - 120, high), word, runs)
                y += high
        else:
            rect = QRectF(card.left() + 60, y + 14, card.width() - 120, card.bottom() - y - 30)
            px = 44 if card.height() >= LOW else LEAST_PX
            self.paragraph(painter, said.sentence, rect, px=px, most=max(2, int(rect.height() / px / 1.35)))
        if self.is_wide and card.height() < LOW - self._hint_px():
            return
        words, most = (said.reason, 3) if said.reason else (said.hint, 2)
        hint = QRectF(card.left(), card.bottom() + (16 if self.is_wide else 20), card.width(), self._hint_px() + 10)
        self.paragraph(painter, words, hint, px=LEAST_PX, token="ink2", centre=True, most=most)

    def _paint_number(self, painter: Painter, room: QRectF) -> None:
        """Paint the number typed so far, with its state at the right."""
        said, look = self.said, self.unit
        pill = 0.0
        if said.state:
            mark = TICKET_MARKS[said.state]
            font = look.font(40, bold=True)
            pill = width_of(font, said.state_word) + 116
            box = QRectF(room.right() - pill, room.bottom() - 108, pill, 76)
            outlined = look.theme.outlined
            painter.box(box, 38, mark.tint, edge=mark.token if outlined else "", width=2)
            painter.icon(mark.icon, mark.token, box.left() + 28, box.center().y() - 22, 44)
            painter.words_in(said.state_word, font, mark.token, QRectF(box.left() + 86, box.top(), pill - 90, 76))
        words = said.number or "—"
        px = fit_px(words, room.width() - pill - 30, 0.78 * room.height(), bold=True, least=96)
        token = "ink" if said.number else "ink3"
        painter.words_in(
            words, look.font(px, bold=True), token, QRectF(room.left(), room.top(), room.width(), room.height() - 10)
        )
