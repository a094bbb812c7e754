"""The base of home's pages, and the cards on them."""

from __future__ import annotations

import platform

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.stations.home.controller import HallThere, HomeController
from queuedesk.stations.widgets.lists.tiles import ChoiceCard
from queuedesk.stations.widgets.paint import Painter, wrap
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.widgets.topbar import TopItem
from queuedesk.stations.window.page import WindowPage
from queuedesk.stations.window.style import Look

NO_LIMIT_PX = (1 << 24) - 1
"""The largest width that Qt knows."""


def this_pc_item(hall: HallThere | None) -> TopItem:
    """Return this PC's name: the shared hall's for it, else its system's."""
    name = (hall.pc if hall is not None else "") or platform.node() or "—"
    return TopItem(_("This PC: {name}", name=name))


class HomePage(WindowPage):
    """A page without a hall's feed: it shows the controller's refusals in one line and runs nothing."""

    def __init__(self, look: Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.controller = look, controller
        self.refusal = ErrorLine(look)
        self._trouble: QueueDeskError | None = None
        controller.refused.connect(self.show_trouble)

    def retranslate(self) -> None:
        """Set all texts in the current language."""
        self.refusal.setVisible(self._trouble is not None)
        self.refusal.say(say(self._trouble) if self._trouble else "", refused=self._trouble is not None)

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Show what is wrong; None removes it."""
        self._trouble = trouble
        self.retranslate()

    def stop(self) -> None:
        """Disconnect from the controller, which lives longer."""
        self.controller.refused.disconnect(self.show_trouble)


# -- cards to choose from ------------------------------------------------------------------------------------------

TALL_PX, TALLEST_PX, FLAT_PX = 152, 220, 64
LOWEST_PX = 48
NARROW_PX = 190
PAD_PX, MOST_LINES = 8, 3
TITLE_PX, LINE_PX, TICK_PX = 25, 20, 40


class StationCard(ChoiceCard):
    """Icon above name and line; with less than TALL_PX of height the icon stands beside them.

    A `low` card is never high, and where it is lowest it has its name alone.
    """

    def __init__(self, look: Look, icon: str, *, low: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(look, icon, "", parent=parent)
        self._is_low, self._tallest = low, LOWEST_PX if low else TALLEST_PX
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._limit)
        self._limit()

    def _limit(self) -> None:
        self.setMaximumHeight(self.look.px(self._tallest))

    def set_tallest(self, px: int) -> None:
        """Let the card be at most so high."""
        self._tallest = px
        self._limit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return super().sizeHint().boundedTo(QSize(NO_LIMIT_PX, self.look.px(self._tallest)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120 if self._is_low else 160), self.look.px(LOWEST_PX if self._is_low else FLAT_PX))

    def flat_lines(self) -> tuple[list[str], list[str]]:
        """Return the name and the line as broken on a flat card: if not everything fits, only the first line is
        shown."""
        look = self.look
        left = self._left()
        room, wide = self.width() - left - look.px(TICK_PX), self.width() - left - look.px(12)
        title = wrap(look.font(19, bold=True), self._title, room, max_lines=2)
        high = self.height() - look.px(PAD_PX) - look.px(TITLE_PX) * len(title)
        most = min(MOST_LINES, high // look.px(LINE_PX))
        plain = look.font(15)
        if most < 1:
            return title, []
        lines = wrap(plain, " · ".join(self._lines), wide, max_lines=most)
        if lines[-1:] and lines[-1].endswith("…"):
            if self._is_low:
                return title, []
            lines = wrap(plain, self._lines[0], wide, max_lines=most)
        return title, lines

    def _left(self) -> int:
        """Return where the words of a flat card begin: a narrow one has room for them or for the icon."""
        return self.look.px(16 + 40 + 12) if self.width() >= self.look.px(NARROW_PX) else self.look.px(14)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.height() >= self.look.px(TALL_PX):
            super().paintEvent(event)
            return
        painter, look = Painter(self, self.look), self.look
        self.paint_ground(painter)
        pad, side = look.px(16), look.px(40)
        middle = self.height() / 2
        left = self._left()
        if left > pad:
            ground = QRectF(pad, middle - side / 2, side, side)
            painter.box(ground, 10, "soft", edge="ink" if look.theme.outlined else "")
            offset = (side - look.px(22)) / 2
            painter.icon(self._icon, self.ink("primary"), ground.left() + offset, ground.top() + offset, 22)
        wide = self.width() - left - look.px(12)
        high, leading = look.px(TITLE_PX), look.px(LINE_PX)
        bold, plain = look.font(19, bold=True), look.font(15)
        title, lines = self.flat_lines()
        y = middle - (high * len(title) + len(lines) * leading) / 2
        for words in title:
            painter.words_in(words, bold, self.ink(), QRectF(left, y, wide, high))
            y += high
        for words in lines:
            painter.words_in(words, plain, self.ink("ink2"), QRectF(left, y, wide, leading))
            y += leading
        if self.isChecked():
            tick = look.px(24)
            place = QRectF(self.width() - look.px(12) - tick, look.px(8), tick, tick)
            painter.box(place, 12, "primary")
            painter.icon("check", "on_primary", place.left() + look.px(4), place.top() + look.px(4), 16)
