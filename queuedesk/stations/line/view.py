"""The line of lamps as one painted bar: amber dots on black, one step of words at a time."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.line.dots import dots_of, pages_of, rows_for

WIDTH, HEIGHT = 1920, 120
GROUND, LIT, UNLIT = QColor("#060402"), QColor("#FFB21A"), QColor("#1D1304")
DOT_SHARE = 0.82
LEAST_SHAPE = 5  # a bar is at least so many times as wide as it is high; what the screen has beyond that stays black
MARGIN_DOTS = 4
BLINK_MS = 250  # half of a blink: 2 Hz
BLINKS = 6


class LineView(QWidget):
    """Shows one step. A call blinks, lit and unlit dots changed, then stands; `still` keeps them changed for as
    long."""

    menu_asked = Signal(object)
    resized = Signal()

    def __init__(self, *, still: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still, self._text, self._alarm = still, "", False
        self._blinks_left = 0
        self._drawn: dict[tuple[str, bool], QPixmap] = {}
        self._grids: dict[bool, QPixmap] = {}
        self._blinker = QTimer(self)
        self._blinker.setInterval(BLINK_MS)
        self._blinker.timeout.connect(self._blink)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def rows(self) -> int:
        bar = self._bar()
        return rows_for(bar.width(), bar.height())

    @property
    def columns(self) -> int:
        bar = self._bar()
        return int(bar.width() / (bar.height() / self.rows))

    def steps_of(self, text: str) -> list[str]:
        """Return `text` in the steps in which this line can show it."""
        return pages_of(text, self.rows, self.columns - 2 * MARGIN_DOTS)

    def text(self) -> str:
        """Return what is shown."""
        return self._text

    def is_inverse(self) -> bool:
        """Return whether lit and unlit dots are changed now: in a blink, or for an alarm."""
        blink = self._blinks_left > 0 and (self._still or self._blinks_left % 2 == 1)
        return self._alarm != blink

    def show_text(self, text: str, *, blink: bool = False, alarm: bool = False) -> None:
        """Show a step at once."""
        if blink:
            self._blinks_left = 2 * BLINKS
            self._blinker.start()
        if (text, alarm) != (self._text, self._alarm) or blink:
            self._text, self._alarm = text, alarm
            self.setAccessibleName(text)
            self.update()

    def stop(self) -> None:
        """End what runs."""
        self._blinker.stop()
        self._blinks_left = 0

    def _blink(self) -> None:
        self._blinks_left -= 1
        if self._blinks_left <= 0:
            self._blinker.stop()
        self.update()

    def _bar(self) -> QRectF:
        width, height = float(max(1, self.width())), float(max(1, self.height()))
        high = min(height, max(16.0, width / LEAST_SHAPE))
        return QRectF(0, (height - high) / 2, width, high)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drawn.clear()
        self._grids.clear()
        self.resized.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), GROUND)
        key = (self._text, self.is_inverse())
        if key not in self._drawn:
            if len(self._drawn) > 8:
                self._drawn.clear()
            self._drawn[key] = self._draw(*key)
        painter.drawPixmap(self._bar().topLeft(), self._drawn[key])

    def _draw(self, text: str, inverse: bool) -> QPixmap:
        rows, columns = self.rows, self.columns
        words = dots_of(text, rows, columns - 2 * MARGIN_DOTS)
        begins = (columns - len(words[0])) // 2
        pixmap = QPixmap(self._grid(inverse))
        painter = self._painter(pixmap, lit=not inverse)
        for y, row in enumerate(words):
            for at, on in enumerate(row):
                if on and 0 <= begins + at < columns:
                    self._dot(painter, begins + at, y)
        painter.end()
        return pixmap

    def _grid(self, lit: bool) -> QPixmap:
        """Return the bar with all its dots lit, or with none."""
        if lit not in self._grids:
            bar, dpr = self._bar(), self.devicePixelRatioF()
            pixmap = QPixmap(round(bar.width() * dpr), round(bar.height() * dpr))
            pixmap.setDevicePixelRatio(dpr)
            pixmap.fill(GROUND)
            painter = self._painter(pixmap, lit=lit)
            for y in range(self.rows):
                for column in range(self.columns):
                    self._dot(painter, column, y)
            painter.end()
            self._grids[lit] = pixmap
        return self._grids[lit]

    def _painter(self, pixmap: QPixmap, *, lit: bool) -> QPainter:
        """Return a painter whose unit is the distance of two dots."""
        bar, pitch = self._bar(), self._bar().height() / self.rows
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(LIT if lit else UNLIT)
        painter.translate((bar.width() - self.columns * pitch) / 2 + pitch / 2, pitch / 2)
        painter.scale(pitch, pitch)
        return painter

    def _dot(self, painter: QPainter, column: int, row: int) -> None:
        painter.drawEllipse(QPointF(column, row), DOT_SHARE / 2, DOT_SHARE / 2)
