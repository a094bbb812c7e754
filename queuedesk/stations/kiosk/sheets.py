"""Layers over the page: a sentence with answers, the question whether somebody is there, a manager's PIN."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.stations.kiosk.keys import LEAST_PX, PlainKey, PlainText
from queuedesk.stations.kiosk.stage import GAP, KioskStage, grid
from queuedesk.stations.widgets.follow import FocusBefore
from queuedesk.stations.widgets.paint import Painter, wrap
from queuedesk.stations.widgets.questions.dialogs import SCRIM
from queuedesk.stations.window.style import Look

WIDTH, PAD = 920, 64
KEY_TALL = 132
RING = 252
MOST_LINES, FEW_LINES = 26, 7
DOTS = 84
LEAST_PAD, TALLEST_PAD, WIDE_PAD, PAD_GAP = 72.0, 118.0, 96.0, 16.0
BROAD_GAP = 60.0
"""Between the words of a broad card and the pad beside them."""
TITLE_PX, TEXT_PX = 64.0, 42.0
PIN_DELETE = "delete"


class Answer(Struct, frozen=True, kw_only=True):
    """A key of a sheet; `filled` is the one that leads on."""

    code: str
    words: str
    filled: bool = False
    dashed: bool = False


class SheetText(Struct, frozen=True, kw_only=True):
    """A sheet in words: title, sentence, answers one below the other; Esc gives the last one. `ring` is (seconds left,
    of how many); `dots` how many digits were typed so far, with the pad to type them; -1 for none. They are hidden,
    unless `typed` has them to be read."""

    title: str
    sentence: str = ""
    answers: tuple[Answer, ...] = ()
    icon: str = ""
    ring: tuple[int, int] | None = None
    dots: int = -1
    typed: str | None = None


class _Way(Struct, frozen=True):
    """A way to lay a sheet out: without its picture if `is_tight`, its answers so many `across`; `is_broad` takes the
    width of the screen, with the pad beside the words."""

    is_tight: bool = False
    across: int = 1
    is_broad: bool = False


class SheetLayer(KioskStage):
    """Dims the page and holds the focus until an answer is given: `answered` its code, `digit` a key of the pad."""

    answered = Signal(str)
    digit = Signal(str)
    spoken_role = QAccessible.Role.Dialog

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.keys: dict[str, PlainKey] = {}
        self.pad: dict[str, PlainKey] = {}
        self.said = SheetText(title="")
        self._card = QRectF()
        self._way = _Way()
        self._before = FocusBefore(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def show_sheet(self, said: SheetText | None) -> None:
        """Show this sheet; None removes it and gives the focus back."""
        if said is None:
            self._leave()
            return
        opened = self.isHidden()
        fresh = opened or said.title != self.said.title or _codes(said) != _codes(self.said)
        changed = said != self.said
        self.said = said
        if fresh:
            if opened:
                self._before.remember()
            self._make_keys(said)
            self.setAccessibleName(f"{said.title} {said.sentence}".strip())
        for answer in said.answers:
            self.keys[answer.code].set_key(PlainText(words=answer.words, dashed=answer.dashed))
        if fresh or changed:
            self.arrange()
            self.update()
        if opened:
            self.show()
            self.raise_()
        if fresh:
            self.setFocus()

    def _leave(self) -> None:
        if self.isHidden():
            return
        self._drop_keys()
        self.said = SheetText(title="")  # a screen that is turned now has none of its keys to place
        self.hide()
        self._before.give_back()

    def _drop_keys(self) -> None:
        """Let go of all keys; of none that goes may the keyboard jump to the next one."""
        gone = [*self.keys.values(), *self.pad.values()]
        self.keys, self.pad = {}, {}
        self.setFocus()
        for key in gone:
            self.put(key, None)
            key.deleteLater()

    def _make_keys(self, said: SheetText) -> None:
        self._drop_keys()
        if said.dots >= 0:
            for name in (*"1234567890", PIN_DELETE):
                key = PlainKey(self.look, px=64, parent=self).allow_fast()
                key.set_key(PlainText(words="" if name == PIN_DELETE else name, icon=_icon(name), name=name))
                key.clicked.connect(partial(self.digit.emit, "" if name == PIN_DELETE else name))
                self.pad[name] = key
        for answer in said.answers:
            key = PlainKey(self.look, px=48 if answer.filled else 43, filled=answer.filled, parent=self)
            key.clicked.connect(partial(self.answered.emit, answer.code))
            self.keys[answer.code] = key

    # -- places --
    def lines(self) -> list[str]:
        """Return the sentence as broken on the card."""
        font = self.unit.font(self._text_px())
        return wrap(font, self.said.sentence, self._words_width(), MOST_LINES) if self.said.sentence else []

    def _is_long(self) -> bool:
        """Whether the sentence is a hall's own long message."""
        return len(wrap(self.unit.font(TEXT_PX), self.said.sentence, WIDTH - 2 * PAD, FEW_LINES + 1)) > FEW_LINES

    def _text_px(self) -> float:
        return LEAST_PX if self._is_long() else TEXT_PX

    def _width(self) -> float:
        """Return the card's width: a long message gets all that a wide screen has."""
        wide = self.canvas_size()[0]
        if self._way.is_broad:
            return wide - 64
        return wide - 160 if self._is_long() and self.is_wide else min(WIDTH, wide - 64)

    def _words_width(self) -> float:
        """Return how wide words and answers are."""
        room = self._width() - 2 * PAD
        return (room - BROAD_GAP) / 2 if self._is_beside() else room

    def _is_beside(self) -> bool:
        """Whether the pad stands beside the words."""
        return self._way.is_broad and self.said.dots >= 0

    def _titles(self) -> list[str]:
        return wrap(self.unit.font(TITLE_PX, bold=True), self.said.title, self._words_width(), 2)

    def arrange(self) -> None:
        said, (width, height) = self.said, self.canvas_size()
        for way in self._ways():
            self._way = way
            titles, lines = TITLE_PX * 1.25 * len(self._titles()), self._text_px() * 1.4 * len(self.lines())
            words: float = PAD + self._above() + titles + (16 + lines if lines else 0) + 44 + PAD
            key = 0.0
            if said.dots >= 0:
                words += DOTS if said.typed is not None or not lines else 0
                if self._is_beside():
                    key = min(TALLEST_PAD, (height - 16 - 2 * PAD - 3 * PAD_GAP) / 4)
                else:
                    words += 3 * PAD_GAP + 28
                    most = WIDE_PAD if self.is_wide else TALLEST_PAD
                    key = max(LEAST_PAD, min(most, (height - 16 - words - 112) / 4))
                    words += 4 * key
            rows = -(-len(said.answers) // way.across)
            tall = KEY_TALL if rows < 5 and said.dots < 0 else 112
            keys = rows * tall + max(0, rows - 1) * GAP
            high = words + keys
            if high <= height - 16:
                break
        wide, pad = self._width(), 4 * key + 3 * PAD_GAP
        if self._is_beside():
            high = max(high, pad + 2 * PAD)
        self._card = QRectF((width - wide) / 2, max(8.0, (height - high) / 2), wide, high)
        y = self._card.bottom() - PAD - keys
        room = QRectF(self._card.left() + PAD, y, self._words_width(), keys)
        for answer, cell in zip(said.answers, grid(room, way.across, rows), strict=False):
            self.put(self.keys[answer.code], cell)
        if said.dots < 0:
            return
        beside = QRectF(room.right() + BROAD_GAP, self._card.center().y() - pad / 2, room.width(), pad)
        below = QRectF(room.left() + 90, y - 28 - pad, room.width() - 180, pad)
        names = [*"123456789", "", "0", PIN_DELETE]
        for name, cell in zip(names, grid(beside if self._is_beside() else below, 3, 4, PAD_GAP), strict=True):
            if name:
                self.put(self.pad[name], cell)

    def _ways(self) -> list[_Way]:
        """Return the ways to lay a sheet out, roomiest first."""
        in_a_row = (1, 2) if len(self.said.answers) < 5 else (2,)
        ways = [_Way(is_tight, across) for is_tight in (False, True) for across in in_a_row]
        if not self.is_wide:
            return ways
        return ways + [_Way(True, across, True) for across in ((2,) if self.said.dots >= 0 else (2, 3, 4))]

    def _above(self) -> float:
        said = self.said
        return RING + 40.0 if said.ring else 150.0 if self._has_icon() else 0.0

    def _has_icon(self) -> bool:
        return bool(self.said.icon) and not self._way.is_tight and not (self.is_wide and self._is_long())

    # -- keyboard --
    def focusNextPrevChild(self, next_: bool) -> bool:
        stops: Sequence[QWidget] = [*self.pad.values(), *self.keys.values()]
        if not stops:
            return True
        now = QApplication.focusWidget()
        step = 1 if next_ else -1
        at = list(stops).index(now) + step if now is not None and now in stops else (0 if next_ else -1)
        stops[at % len(stops)].setFocus(Qt.FocusReason.TabFocusReason if next_ else Qt.FocusReason.BacktabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Escape and self.said.answers:
            self.answered.emit(self.said.answers[-1].code)
        elif self.said.dots >= 0 and event.text().isdecimal():
            self.digit.emit(event.text())
        elif self.said.dots >= 0 and event.key() == Qt.Key.Key_Backspace:
            self.digit.emit("")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            filled = [one.code for one in self.said.answers if one.filled and not one.dashed]
            if filled:
                self.answered.emit(filled[0])

    # -- painting --
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.unit)
        color = self.unit.color("scrim")
        color.setAlphaF(SCRIM)
        painter.fillRect(event.rect(), color)
        painter.translate(self.origin())
        painter.scale(self.k(), self.k())
        self.paint_canvas(painter)

    def paint_canvas(self, painter: Painter) -> None:
        said, card = self.said, self._card
        painter.box(card, 24, "surface", edge="ink" if self.unit.theme.outlined else "", width=3)
        y, x = card.top() + PAD, card.center().x()
        if said.ring is not None:
            self._paint_ring(painter, QRectF(x - RING / 2, y, RING, RING), *said.ring)
        elif self._has_icon():
            box = QRectF(x - 58, y, 116, 116)
            painter.box(box, 58, "soft", edge="primary" if self.unit.theme.outlined else "")
            painter.icon(said.icon, "on_soft", x - 33, y + 25, 66)
        y += self._above()
        left, room = card.left() + PAD, self._words_width()
        for line in self._titles():
            font = self.unit.font(TITLE_PX, bold=True)
            self.centred(painter, line, font, "ink", QRectF(left, y, room, TITLE_PX * 1.25))
            y += TITLE_PX * 1.25
        y += 16
        for line in self.lines():
            rect = QRectF(left, y, room, self._text_px() * 1.4)
            if self._is_long():
                painter.words_in(line, self.unit.font(self._text_px()), "ink2", rect)
            else:
                self.centred(painter, line, self.unit.font(self._text_px()), "ink2", rect)
            y += self._text_px() * 1.4
        if said.typed is not None:
            box = QRectF(left + 90, y + 14, room - 180, DOTS - 14)
            painter.box(box, 12, "surface", edge="edge", width=2)
            self.centred(painter, said.typed, self.unit.font(TEXT_PX, bold=True), "ink", box)
        elif said.dots >= 0 and not self.lines():
            self._paint_dots(painter, QRectF(left, y + 16, room, 44))

    def _paint_dots(self, painter: Painter, rect: QRectF) -> None:
        shown = max(4, self.said.dots)
        x = rect.center().x() - shown * 22
        for place in range(shown):
            box = QRectF(x + place * 44 + 8, rect.center().y() - 14, 28, 28)
            painter.box(box, 14, "ink" if place < self.said.dots else "surface", edge="edge", width=2)

    def _paint_ring(self, painter: Painter, rect: QRectF, left: int, of: int) -> None:
        inset = rect.adjusted(11, 11, -11, -11)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.unit.color("line"), 20))
        painter.drawEllipse(inset)
        pen = QPen(self.unit.color("primary"), 20)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(inset, 90 * 16, -round(360 * 16 * left / of))
        font = self.unit.font(88, bold=True)
        painter.words_in(str(left), font, "ink", rect.translated(QPointF(0, 0)), Qt.AlignmentFlag.AlignHCenter)


def _codes(said: SheetText) -> tuple[object, ...]:
    return (*((one.code, one.filled) for one in said.answers), said.dots >= 0)


def _icon(name: str) -> str:
    return "backspace" if name == PIN_DELETE else ""
