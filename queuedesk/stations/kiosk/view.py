"""The kiosk's screen, upright or wide: the head, one page below it, and what lies over the page."""

from __future__ import annotations

from functools import partial
from math import pi

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.access.rows import LAST
from queuedesk.stations.kiosk.info_stage import FindStage, InfoStage
from queuedesk.stations.kiosk.keys import LEAST_PX, PlainKey, PlainText
from queuedesk.stations.kiosk.sheets import SheetLayer, SheetText
from queuedesk.stations.kiosk.stage import GAP, SIDE, KioskStage, columns
from queuedesk.stations.kiosk.stages import GreetingStage, TicketStage, WhereStage
from queuedesk.stations.kiosk.words_stage import WordsStage
from queuedesk.stations.widgets.paint import ELLIPSIS, CanvasWidget, Painter, width_of, wrap
from queuedesk.stations.widgets.spoken import GROUP
from queuedesk.stations.window.style import FINGER_MM, Look

# -- the strip while a page is read aloud ------------------------------------------------------------------------------

QUIETER, LOUDER, AGAIN, STOP = "quieter", "louder", "again", "stop"
NAMES = (QUIETER, LOUDER, AGAIN, STOP)
HIGH, WIDE_HIGH = 232.0, 124.0
KEY = 108.0
LEAST_STAGE = 760.0
"""Less high a wide page has no room for all of its keys, in canvas px."""


class StripText(Struct, frozen=True, kw_only=True):
    """The strip's text; `keys` by their names."""

    words: str
    keys: tuple[tuple[str, PlainText], ...]


class SoundStrip(KioskStage):
    """`pressed` gives the name of a key. These keys act at the first touch."""

    spoken_role = GROUP

    pressed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.said = StripText(words="", keys=())
        self.keys = {name: PlainKey(self.look, px=40, parent=self).allow_fast() for name in NAMES}
        for name, key in self.keys.items():
            key.clicked.connect(partial(self.pressed.emit, name))
        self.setProperty(LAST, True)
        self.hide()

    def show_strip(self, said: StripText) -> None:
        """Say this."""
        if said == self.said:
            return
        self.said = said
        for name, text in said.keys:
            self.keys[name].set_key(text)
        self.setAccessibleName(said.words)
        self.arrange()
        self.update()

    @staticmethod
    def height_of(*, wide: bool) -> float:
        """Return its height in canvas px."""
        return WIDE_HIGH if wide else HIGH

    def arrange(self) -> None:
        width, height = self.canvas_size()
        left = width * 0.4 if self._is_low() else SIDE
        room = QRectF(left, height - 12 - min(KEY, height - 20), width - SIDE - left, min(KEY, height - 20))
        for name, place in zip(NAMES, columns(room, len(NAMES), GAP), strict=True):
            self.put(self.keys[name], place)

    def _is_low(self) -> bool:
        return self.canvas_size()[1] <= WIDE_HIGH

    def paint_canvas(self, painter: Painter) -> None:
        width, height = self.canvas_size()
        beyond = self.origin().x() / self.k() + 1
        painter.fillRect(QRectF(-beyond, 0, width + 2 * beyond, height), self.unit.color("soft"))
        side = 56.0
        band = height - 12 - KEY if not self._is_low() else height
        painter.icon("ear", "on_soft", SIDE, (band - side) / 2, side)
        room = (width * 0.4 if self._is_low() else width - SIDE) - SIDE - side - 44
        font = self.unit.font(LEAST_PX)
        lines = wrap(font, self.said.words, room, 2)
        y = (band - 48 * len(lines)) / 2
        for line in lines:
            painter.words_in(line, font, "ink", QRectF(SIDE + side + 20, y, room, 48))
            y += 48


def strip_text(volume: str) -> StripText:
    """Return what the strip says; `volume` says how loud it is."""
    keys = (
        (QUIETER, PlainText(words=_("Quieter"), icon="minus")),
        (LOUDER, PlainText(words=_("Louder"), icon="plus")),
        (AGAIN, PlainText(words=_("Repeat"))),
        (STOP, PlainText(words=_("Stop reading"), icon="speaker-off")),
    )
    return StripText(words=volume + " · " + _("Touch once to hear, again to choose."), keys=keys)


# -- sizes on the real screen ------------------------------------------------------------------------------------------

READ_AT_MM = 600
# Of EN 301 549, 5.1.4: a capital is seen under at least 0.7 degrees.
CAPITAL_MM = 0.7 * pi * READ_AT_MM / 180
# Inter's capitals, as a share of the font's size.
CAPITAL_EM = 0.7275
LEAST_KEY_PX = 76.0
# What the pages can take: beyond it they would no longer hold their words.
MOST = 1.3


class Reach(Struct, frozen=True, kw_only=True):
    """What a screen offers: the smallest key and capital in mm, and the distance from which that capital can be
    read."""

    key_mm: float
    capital_mm: float
    read_at_mm: int

    @property
    def is_enough(self) -> bool:
        """Whether a finger can hit every key, and letters can be read where people stand."""
        return self.key_mm >= FINGER_MM - 0.05 and self.capital_mm >= CAPITAL_MM - 0.05


def growth(mm_per_px: float) -> float:
    """Return the factor by which everything is enlarged if a px of the usual canvas is that many mm, 0 if unknown."""
    if mm_per_px <= 0:
        return 1.0
    wanted = max(CAPITAL_MM / (LEAST_PX * CAPITAL_EM * mm_per_px), FINGER_MM / (LEAST_KEY_PX * mm_per_px))
    return min(MOST, max(1.0, wanted))


def reach(mm_per_px: float) -> Reach:
    """Return the reach if a canvas px, growth included, is that many mm."""
    capital = LEAST_PX * CAPITAL_EM * mm_per_px
    return Reach(
        key_mm=LEAST_KEY_PX * mm_per_px, capital_mm=capital, read_at_mm=round(capital / CAPITAL_MM * READ_AT_MM)
    )


UPRIGHT, WIDE = (1080, 1920), (1920, 1080)
HEAD, WIDE_HEAD = 131, 110
AWAY_SIZES, AWAY_LEADING, MOST_AWAY_LINES = (36, 32, 28, 25), 1.2, 4


class HeadText(Struct, frozen=True, kw_only=True):
    """The bar at the top: the hall and its clock; in large text what it is, and the key that leads back."""

    place: str
    clock: str = ""
    normal: str = ""


class KioskView(CanvasWidget):
    """Shows one stage at a time. `letter_typed` gives a key of the keyboard ("" for backspace), `menu_asked` the place
    where staff ask for the menu."""

    letter_typed = Signal(str)
    escaped = Signal()
    normal_wanted = Signal()
    menu_asked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, *UPRIGHT, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._head, self.away = HeadText(place=""), ""
        self._screen_mm = 0.0
        self._listens = False
        self.greeting, self.ticket = GreetingStage(look, self), TicketStage(look, self)
        self.where, self.search, self.info = WhereStage(look, self), FindStage(look, self), InfoStage(look, self)
        self.words = WordsStage(look, self)
        self.stages: tuple[KioskStage, ...] = (
            *(self.greeting, self.ticket, self.where, self.search),
            *(self.info, self.words),
        )
        for stage in self.stages:
            stage.hide()
        self.stage: KioskStage = self.greeting
        self.normal_key = PlainKey(self.look, parent=self)
        self.normal_key.clicked.connect(self.normal_wanted)
        self.strip = SoundStrip(look, self)
        self.sheet = SheetLayer(look, self)
        self._arrange_all()

    # -- what is shown --
    def show_stage(self, stage: KioskStage, *, fresh: bool) -> None:
        """Show this page; a `fresh` one takes the focus, so that nothing of the one before seems chosen."""
        changed = stage is not self.stage or stage.isHidden()
        self.stage = stage
        if changed:
            self._arrange_all()
        if (changed or fresh) and self.sheet.isHidden():
            self.setFocus()

    def show_head(self, said: HeadText) -> None:
        """Say this at the top."""
        if said == self._head:
            return
        self._head = said
        if said.normal:
            self.normal_key.set_key(PlainText(words=said.normal, icon="arrow-left"))
        self._place_head()
        self.update()

    def place_words(self) -> str:
        """Return what the head says."""
        return f"{self._head.place} {self._head.clock}".strip()

    def show_away(self, words: str) -> None:
        """Show in the head, in place of the hall's name, that the hall's file is away; "" removes it."""
        if words != self.away:
            self.away = words
            self.update()

    def show_strip(self, said: StripText | None) -> None:
        """Show the strip of a page that is read aloud; None removes it."""
        listens = said is not None
        if said is not None:
            self.strip.show_strip(said)
        if listens is not self._listens:
            self._listens = listens
            if not listens:
                self.drop(self.strip)
                self.strip.hide()
            self._reshape()
            self._arrange_all()
        if self.sheet.isVisible():
            self.sheet.raise_()

    def show_sheet(self, said: SheetText | None) -> None:
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
        self._reshape()
        super().resizeEvent(event)
        self._arrange_all()

    def set_screen_mm(self, width_mm: float) -> None:
        """Set the screen's width, 0 if nobody measured it: what would be too small for a finger or the eye is
        enlarged."""
        self._screen_mm = width_mm
        self._reshape()
        self._arrange_all()

    def mm_per_px(self) -> float:
        """Return how many millimetres a px of the canvas is on this screen, 0 if unknown."""
        return self._screen_mm / max(1, self.width()) * self.k()

    def _reshape(self) -> None:
        """Take the canvas that fits the screen's shape: a smaller one, drawn larger, where the screen is small."""
        width, height = WIDE if self.width() > self.height() else UPRIGHT
        k = min(self.width() / width, self.height() / height)
        grown = growth(self._screen_mm / max(1, self.width()) * k)
        if self._listens and width > height:
            # Below the strip as much room has to be left as the keys need to be whole.
            grown = min(grown, height / (WIDE_HEAD + WIDE_HIGH + LEAST_STAGE))
        self.set_canvas(width / grown, height / grown)

    def _arrange_all(self) -> None:
        width, height = self.canvas_size()
        top: float = self.head_height()
        if self._listens:
            high = SoundStrip.height_of(wide=self.is_wide)
            self.strip.set_shape(width, high)
            self.place(self.strip, QRectF(0, top, width, high))
            top += high
        for stage in self.stages:
            if stage is self.stage:
                stage.set_shape(width, height - top)
                self.place(stage, QRectF(0, top, width, height - top))
            else:
                self.drop(stage)
                stage.hide()
        self._place_head()
        self.sheet.setGeometry(self.rect())
        self.sheet.set_shape(width, height)
        self.sheet.raise_()

    def _place_head(self) -> None:
        if not self._head.normal:
            self.drop(self.normal_key)
            self.normal_key.hide()
            return
        width = width_of(self.unit.font(43, bold=True), self._head.normal) + 130
        high = self.head_height()
        self.place(self.normal_key, QRectF(self.canvas_size()[0] - SIDE - width, 14, width, high - 28))

    # -- painting --
    def paint_canvas(self, painter: Painter) -> None:
        look, head, (width, _height) = self.unit, self._head, self.canvas_size()
        # The bar reaches over the whole screen, also where that is wider than the canvas.
        beyond, above = self.origin().x() / self.k() + 1, self.origin().y() / self.k() + 1
        bar = QRectF(0, 0, width, self.head_height())
        ground, edge = ("amberbg", "amber") if self.away else ("surface", "line")
        painter.fillRect(bar.adjusted(-beyond, -above, beyond, 0), look.color(ground))
        painter.divider(QPointF(-beyond, bar.bottom()), QPointF(width + beyond, bar.bottom()), edge)
        right = width - SIDE
        if head.clock and not (self.away and head.normal):
            font = look.font(51, bold=True)
            used = width_of(look.font(51, bold=True), head.clock)
            painter.words_in(head.clock, font, "ink", QRectF(right - used, 0, used + 2, bar.height()))
            right -= used + 40
        left = float(SIDE)
        if self.away:
            right -= self.normal_key.width() / self.k() + 28 if head.normal else 0
            self._paint_away(painter, QRectF(left, 0, right - left, bar.height()))
            return
        if not head.normal:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("primary"))
            for x, radius in ((12, 12.0), (33, 6.4), (45.5, 2.9)):
                painter.drawEllipse(QPointF(left + x, bar.center().y()), radius, radius)
            left += 65
        else:
            right -= self.normal_key.width() / self.k() + 28
        font = look.font(51 if head.normal else 38, bold=True)
        painter.words_in(head.place, font, "ink", QRectF(left, 0, right - left, bar.height()))

    def _paint_away(self, painter: Painter, head: QRectF) -> None:
        painter.icon("away", "amber", head.left(), head.center().y() - 24, 48)
        room = head.adjusted(72, 0, 0, 0)
        for px in AWAY_SIZES:
            font, high = self.unit.font(px, bold=True), px * AWAY_LEADING
            lines = wrap(font, self.away, room.width(), MOST_AWAY_LINES)
            if high * len(lines) <= head.height() and not lines[-1].endswith(ELLIPSIS):
                break
        room.setHeight(high)
        room.moveTop(head.center().y() - high * len(lines) / 2)
        for line in lines:
            painter.words_in(line, font, "amber", room)
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
        if by_key or self.to_canvas(QPointF(event.pos())).y() < self.head_height():
            self.menu_asked.emit(event.globalPos())
