"""Flashes the screen's edge at a call, for people who can't hear: twice a second, never faster."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, QTimer, Signal

from queuedesk.stations.widgets.paint import Painter

HALF_MS = 250  # half of a flash: 2 Hz, where 3 Hz is the most that harms nobody
FLASHES = 6
FLASHES_UNHEARD = 16
EDGE_PX, EDGE_UNHEARD_PX, LINE_PX = 14.0, 20.0, 4.0
REACH_PX = EDGE_UNHEARD_PX + LINE_PX
"""So far from the border of the canvas nothing may stand: a flash would cover it."""


class EdgeFlash(QObject):
    """Flashes the screen's edge. With `still` it is lit steadily for as long as it would have flashed."""

    changed = Signal()

    def __init__(self, *, still: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_on = True
        """Whether calls flash at all: a hall may switch it off."""
        self._still, self._left, self._strong = still, 0, False
        self._timer = QTimer(self)
        self._timer.setInterval(HALF_MS)
        self._timer.timeout.connect(self._step)

    @property
    def is_lit(self) -> bool:
        return self._left > 0 and (self._still or self._left % 2 == 0)

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    @property
    def width_px(self) -> float:
        """The thickness of the edge: thicker for a call that nobody hears."""
        return EDGE_UNHEARD_PX if self._strong else EDGE_PX

    def start(self, *, heard: bool = True) -> None:
        """Flash for a call; one that is not `heard` flashes longer and thicker. A stronger flash that is running is not
        cut short."""
        if not self.is_on:
            return
        count = 2 * (FLASHES if heard else FLASHES_UNHEARD)
        self._strong = not heard or (self._strong and self._left > 0)
        self._left = max(count, self._left + self._left % 2)
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        self._timer.stop()
        self._left = 0

    def _step(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._timer.stop()
        if not self._still or self._left <= 0:
            self.changed.emit()

    def paint(self, painter: Painter, canvas: tuple[int, int]) -> None:
        """Draw the lit edge: amber with a white line inside, so that its shape is visible without its colour."""
        if not self.is_lit:
            return
        wide, color = self.width_px, painter.look.color("fresh")
        width, height = canvas
        for rect in self.sides(canvas):
            painter.fillRect(rect, color)
        line = painter.look.color("ink")
        inner = QRectF(wide, wide, width - 2 * wide, height - 2 * wide)
        for rect in (
            QRectF(inner.left(), inner.top(), inner.width(), LINE_PX),
            QRectF(inner.left(), inner.bottom() - LINE_PX, inner.width(), LINE_PX),
            QRectF(inner.left(), inner.top(), LINE_PX, inner.height()),
            QRectF(inner.right() - LINE_PX, inner.top(), LINE_PX, inner.height()),
        ):
            painter.fillRect(rect, line)

    def sides(self, canvas: tuple[int, int]) -> tuple[QRectF, ...]:
        """Return the four sides of the edge on a canvas."""
        wide, (width, height) = self.width_px, canvas
        return (
            QRectF(0, 0, width, wide),
            QRectF(0, height - wide, width, wide),
            QRectF(0, wide, wide, height - 2 * wide),
            QRectF(width - wide, wide, wide, height - 2 * wide),
        )
