"""Rows of dots with their intervals, which can be pointed at and pressed."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy

from queuedesk.core.charts.chart import Rect
from queuedesk.core.charts.layout import Layout
from queuedesk.features.low_ratings.rules import DotPanel, DotRow, dot_points, dots_height, lay_out_dots
from queuedesk.stations.widgets.charts.chart_view import ChartView, Screen
from queuedesk.stations.widgets.charts.figures import LEAST_WIDE
from queuedesk.stations.window.style import Look


class DotRows(ChartView):
    """Each row's word and each dot is a point."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, is_fixed=True, is_bare=True)
        self.panels: tuple[DotPanel, ...] = ()
        self.rows: tuple[DotRow, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_rows(self, title: str, panels: Sequence[DotPanel], rows: Sequence[DotRow]) -> None:
        """Show other rows; each has a dot, or None, for each of `panels`."""
        self.panels, self.rows, self._layout = tuple(panels), tuple(rows), None
        self.set_points(title, ", ".join(f"{row.word} {row.number}" for row in rows), dot_points(rows))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ceil(dots_height(self.panels, self.rows, Screen(self.look), width))

    def sizeHint(self) -> QSize:
        wide = self.look.wide(LEAST_WIDE)
        return QSize(wide, self.heightForWidth(max(wide, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(LEAST_WIDE), self.heightForWidth(max(self.look.wide(LEAST_WIDE), self.width())))

    def _lay_out(self, screen: Screen, room: Rect) -> Layout:
        return lay_out_dots(self.panels, self.rows, screen, room)
