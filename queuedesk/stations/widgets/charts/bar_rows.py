"""Rows of word, bar and number: ratings by level, reasons, counters; another period's bar behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.window.style import Look

WORDS_SHARE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRow:
    """One row: its word, the bar's length, the finished number behind it, its colour, the other period's length (None:
    there is none)."""

    word: str
    value: float
    number: str
    point: Point
    token: str = "chart"
    past: float | None = None


class BarRows(Pointed):
    """Each row is a point; the longest bar fills what words and numbers leave. `empty` is said in place of no rows."""

    def __init__(self, look: Look, *, row_height: float = 28, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._rows: tuple[BarRow, ...] = ()
        self._row, self._empty = row_height, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_rows(self, title: str, rows: Sequence[BarRow], empty: str = "") -> None:
        self._rows, self._empty = tuple(rows), empty
        told = ", ".join(f"{row.word} {row.number}" for row in rows)
        self.set_points(title, told or empty, [row.point for row in rows])

    @property
    def rows(self) -> tuple[BarRow, ...]:
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(320), self.look.px(self._row) * max(1, len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.sizeHint().height())

    def _places(self) -> list[QRectF]:
        high = self.look.px(self._row)
        return [QRectF(0, n * high, self.width(), high) for n in range(len(self._rows))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        font, bold = look.font(15), look.font(15, bold=True, tabular=True)
        high = look.px(self._row)
        if not self._rows:
            painter.words_in(self._empty, font, "ink2", QRectF(0, 0, self.width(), high))
            return
        words = max(width_of(font, row.word) for row in self._rows)
        numbers = max(width_of(bold, row.number) for row in self._rows)
        left = min(words, self.width() * WORDS_SHARE) + look.px(10)
        room = max(look.px(10), self.width() - left - numbers - look.px(14))
        most = max(max(row.value, row.past or 0) for row in self._rows)
        for n, row in enumerate(self._rows):
            y, thick = n * high, look.px(12)
            painter.words_in(row.word, font, "ink2", QRectF(0, y, left - look.px(8), high))
            width = row.value / most * room if most else 0.0
            top = round(y + (high - thick) / 2)
            if row.value:
                painter.box(QRectF(left, top, max(width, look.px(3)), thick), 2, row.token)
            if row.past is not None:
                x = left + (row.past / most * room if most else 0.0)
                painter.fillRect(QRectF(x, top - look.px(3), look.px(2.4), thick + look.px(6)), look.color("ink2"))
                width = max(width, x - left)
            place = QRectF(left + width + look.px(10), y, numbers + 2, high)
            painter.words_in(row.number, bold, "ink", place)
        self.paint_pointed(painter)
