"""The chart of the day, which keeps the waits readable where large text leaves it little height."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent

from queuedesk.stations.widgets.charts import BarAndLineChart, _Panel, axis_top
from queuedesk.stations.widgets.paint import Painter, width_of

BOTH_FROM = 270
HEAD, FOOT = 46, 36
MIDDLE = Qt.AlignmentFlag.AlignHCenter


class DayChart(BarAndLineChart):
    """Under BOTH_FROM drawn px one panel is left: the waits, which say whether customers wait too long."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.height() >= self.look.px(BOTH_FROM) or self._data.empty:
            super().paintEvent(event)
            return
        painter, look, data = Painter(self, self.look), self.look, self._data
        rect = QRectF(self.rect())
        painter.box(rect, 12, "surface", edge="edge" if look.theme.outlined else "line")
        pad, small = look.gap(20), look.font(13.5)
        title = QRectF(pad, look.px(8), rect.width() - 2 * pad, look.px(28))
        painter.words_in(data.line_title, look.font(17, bold=True), "ink", title)
        left = pad + width_of(small, "000") + look.px(10)
        place = QRectF(left, look.px(HEAD), rect.right() - look.px(30) - left, 0)
        place.setBottom(rect.bottom() - look.px(FOOT))
        waits = [value for value in data.line if value is not None]
        top, step = axis_top(max([*waits, data.target or 0, 1]))
        panel = _Panel(place, top, step, max(len(data.line), 1))
        self._paint_grid(painter, panel, pad)
        if data.now is not None:
            painter.fillRect(QRectF(round(panel.x(data.now)), place.top(), 1.5, place.height()), look.color("ink"))
        self._paint_target(painter, panel)
        self._paint_line(painter, panel)
        free_from = 0.0
        for edge, text in data.labels:
            width = width_of(small, text) + 4
            x = panel.x(edge) - width / 2
            if x >= free_from:
                free_from = x + width + look.px(6)
                below = QRectF(x, place.bottom() + look.px(4), width, look.px(22))
                painter.words_in(text, small, "ink2", below, MIDDLE)
