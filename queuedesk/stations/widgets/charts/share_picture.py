"""A share by month in columns: how much of the whole each holds, a month that is not complete drawn dashed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.window.style import Look

WIDEST, HEAD, FOOT = 64, 28, 26
MIDDLE = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class ShareColumn:
    """A month: its word, its share of 1 (None: nothing is known) and the same as text."""

    label: str
    share: float | None
    text: str
    point: Point
    is_short: bool = False


class SharePicture(Pointed):
    """Each column is a point that says its figures."""

    def __init__(self, look: Look, *, height: float = 240, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.columns: tuple[ShareColumn, ...] = ()
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_columns(self, title: str, columns: Sequence[ShareColumn]) -> None:
        """Show other figures, the earliest first."""
        self.columns = tuple(columns)
        self.set_points(title, "", [column.point for column in columns])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(380), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.px(self._height))

    def _places(self) -> list[QRectF]:
        slot = self._slot()
        return [QRectF(n * slot, 0, slot, self.height()) for n in range(len(self.columns))]

    def _slot(self) -> float:
        return min(self.width() / max(1, len(self.columns)), self.look.px(WIDEST) * 1.6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        slot, head, foot = self._slot(), look.px(HEAD), look.px(FOOT)
        high = self.height() - head - foot
        wide = min(look.px(WIDEST), slot * 0.72)
        figure = look.font(14, bold=True, tabular=True)
        small = max((width_of(figure, column.text) for column in self.columns), default=0.0) > slot
        for n, column in enumerate(self.columns):
            x = n * slot + (slot - wide) / 2
            whole = QRectF(x, head, wide, high)
            painter.box(whole, 4, "sunken", edge="amber" if column.is_short else "line", dashed=column.is_short)
            if column.share is not None:
                part = QRectF(x, head + high * (1 - column.share), wide, high * column.share)
                if part.height() >= 1:
                    painter.box(part, min(4, part.height() / 2), "primary")
            if not small or n == len(self.columns) - 1:
                # With little room only the last month's figure stands there; the others say theirs when pointed at.
                room = max(slot, width_of(figure, column.text))
                place = QRectF(n * slot + slot / 2 - room / 2, 0, room, head)
                place.moveRight(min(place.right(), self.width()))
                painter.words_in(column.text, figure, "amber" if column.is_short else "ink", place, MIDDLE)
            label = look.font(13.5, tabular=True)
            painter.words_in(column.label, label, "ink2", QRectF(n * slot, head + high + 2, slot, foot), MIDDLE)
        self.paint_pointed(painter)
