"""What the kiosk's pages share: a canvas of any shape, a title with the way back, keys that stay where they are."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.i18n.line_breaks import NEVER_FIRST
from queuedesk.stations.kiosk.keys import LEAST_PX, PlainKey, PlainText
from queuedesk.stations.widgets.labels import Run, paint_runs, runs_width
from queuedesk.stations.widgets.paint import CanvasWidget, Painter, fit_px, middle_baseline, width_of, wrap
from queuedesk.stations.window.style import Look

SIDE = 56
KEY_HEIGHT, GAP = 132, 20
BACK_HEIGHT = 108
# In a lower row the figures of two facts would run into one another.
LEAST_FACT = 72.0
LABEL_LEADING, LEAST_LABEL = 46, 26
_CENTRE = Qt.AlignmentFlag.AlignHCenter


class KioskStage(CanvasWidget):
    """One page below the head. Subclasses place their keys with `put` and paint words; `arrange` follows every change
    of shape."""

    back_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, 1080, 1789, parent=parent)
        self.back_key = PlainKey(self.look, px=40, parent=self)
        self.back_key.clicked.connect(self.back_wanted)
        self.title = ""
        self._back_width = 0.0

    @property
    def is_wide(self) -> bool:
        width, height = self.canvas_size()
        return width > height

    def set_shape(self, width: float, height: float) -> None:
        """Use this room, in canvas px."""
        if (width, height) != self.canvas_size():
            self.set_canvas(width, height)
            self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()  # anew: a key is whole px wide, which can decide whether its words fit

    def arrange(self) -> None:
        """Put every key in its place."""

    def put(self, key: QWidget, rect: QRectF | None) -> None:
        """Place `key` at `rect`, or hide it."""
        if rect is None:
            self.drop(key)
            key.hide()
        else:
            self.place(key, rect)

    def set_title(self, title: str, back: str) -> None:
        """Show a title; `back` is the label of the key before it, "" for none."""
        self.title = title
        self.back_key.set_key(PlainText(words=back, icon="arrow-left"))
        self._back_width = 0.0
        if back:
            self._back_width = 40 * 1.05 + 18 + width_of(self.unit.font(40, bold=True), back) + 56
            self.put(self.back_key, QRectF(SIDE, 40, self._back_width, BACK_HEIGHT))
        else:
            self.put(self.back_key, None)

    def paint_title(self, painter: Painter, right: float) -> None:
        """Paint the title beside the way back, up to x = `right`."""
        left = SIDE + (self._back_width + 28 if self._back_width else 0)
        room = right - left
        px = fit_px(self.title, room, 68, bold=True, least=44)
        font = self.unit.font(px, bold=True)
        lines = wrap(font, self.title, room, 2)
        y = 40 + BACK_HEIGHT / 2 - px * 0.58 * len(lines)
        for line in lines:
            painter.words_in(line, font, "ink", QRectF(left, y, room, px * 1.16))
            y += px * 1.16

    def centred(self, painter: Painter, words: str, font: QFont, token: str, rect: QRectF) -> None:
        """Centre a line in `rect`, ignoring the empty half of a full-width mark at its end."""
        half_empty = bool(words) and words[-1] in NEVER_FIRST and words[-1] > "\u2e7f"
        shift = font.pixelSize() / 4 if half_empty else 0
        painter.words_in(words, font, token, rect.translated(shift, 0), _CENTRE)

    def paragraph(
        self,
        painter: Painter,
        words: str,
        rect: QRectF,
        *,
        px: float = LEAST_PX,
        bold: bool = False,
        token: str = "ink",
        centre: bool = False,
        most: int = 6,
    ) -> float:
        """Paint lines from the top of `rect` down and return where they end."""
        font, y = self.unit.font(px, bold=bold), rect.top()
        for line in wrap(font, words, rect.width(), most):
            place = QRectF(rect.left(), y, rect.width(), px * 1.35)
            if centre:
                self.centred(painter, line, font, token, place)
            else:
                painter.words_in(line, font, token, place)
            y += px * 1.35
        return y

    def fact(self, painter: Painter, rect: QRectF, word: str, runs: tuple[Run, ...]) -> None:
        """Paint a word on the left and figures with their unit on the right of one line."""
        font = self.unit.font(48 if rect.height() > 84 else 40)
        width = runs_width(self.unit, runs)
        share = min(1.0, rect.width() * 0.72 / max(1.0, width), rect.height() / LEAST_FACT)
        baseline = middle_baseline(self.unit.font(64 * share), rect.top(), rect.height())
        if share < 1:
            runs = tuple(Run(r.text, r.px * share, r.bold, r.token, r.tabular, r.gap * share) for r in runs)
            width = runs_width(self.unit, runs)
        room = rect.width() - width - 24
        is_low = rect.height() < 2 * LABEL_LEADING  # two lines of a label would lie over the next row's
        if width_of(font, word) > room:
            font = self.unit.font(fit_px(word, room, LEAST_PX, least=LEAST_LABEL) if is_low else LEAST_PX)
        lines = wrap(font, word, room, 1 if is_low else 2)
        for place, line in enumerate(lines):
            y = rect.center().y() + LABEL_LEADING * (place - len(lines) / 2)
            painter.words_in(line, font, "ink2", QRectF(rect.left(), y, room, LABEL_LEADING))
        paint_runs(painter, runs, rect.right() - width, baseline)


def columns(room: QRectF, count: int, gap: float = GAP) -> list[QRectF]:
    """Return `count` rectangles of equal width side by side in `room`."""
    share = (room.width() - gap * (count - 1)) / max(1, count)
    return [QRectF(room.left() + n * (share + gap), room.top(), share, room.height()) for n in range(count)]


def grid(room: QRectF, across: int, down: int, gap: float = GAP) -> list[QRectF]:
    """Return cells of equal size in rows."""
    high = (room.height() - gap * (down - 1)) / max(1, down)
    rows = [QRectF(room.left(), room.top() + n * (high + gap), room.width(), high) for n in range(down)]
    return [cell for row in rows for cell in columns(row, across, gap)]
