"""The strip over a page that is read aloud: how it is used, and keys for the volume, once more, and the end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.access.rows import LAST
from queuedesk.stations.kiosk.keys import LEAST_PX, PlainKey, PlainText
from queuedesk.stations.kiosk.stage import GAP, SIDE, KioskStage, columns
from queuedesk.stations.widgets.paint import Painter, wrap
from queuedesk.stations.window.style import Look

QUIETER, LOUDER, AGAIN, STOP = "quieter", "louder", "again", "stop"
NAMES = (QUIETER, LOUDER, AGAIN, STOP)
HIGH, WIDE_HIGH = 232.0, 124.0
KEY = 108.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StripText:
    """What the strip says; `keys` by their names."""

    words: str
    keys: tuple[tuple[str, PlainText], ...]


class SoundStrip(KioskStage):
    """`pressed` gives the name of a key. These keys act at the first touch."""

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
        """Return how high it stands, in canvas px."""
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
        (AGAIN, PlainText(words=_("Say again"))),
        (STOP, PlainText(words=_("Stop reading"), icon="speaker-off")),
    )
    return StripText(words=volume + " · " + _("Once to hear, again to choose."), keys=keys)
