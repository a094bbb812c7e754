"""Rows that scroll under the names of their columns, which end where the rows do."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.window.style import Look


class ColumnHead(Follows, QWidget):
    """The names of the columns; `inset` px at the right are left free, where the scroll bar of the rows stands."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow(look)
        self.inset = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_inset(self, inset: int) -> None:
        self.inset = inset
        self.update()


class RowsArea(GroundArea):
    """Takes rows from above into `column`, and keeps `head` as wide as they are. A scroll bar stands `gap` drawn px
    beside them."""

    def __init__(self, look: Look, head: ColumnHead, *, gap: float = 0) -> None:
        inner = QWidget()
        super().__init__(inner)
        self._look, self._head, self._gap = look, head, gap
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addStretch(1)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)

    def bar_width(self) -> int:
        """Return what a scroll bar takes, in px, whether there is one or not."""
        return self.verticalScrollBar().sizeHint().width()

    def _make_room(self, least: int, most: int) -> None:
        scrolls, gap = most > least, self._look.gap(self._gap)
        self.column.setContentsMargins(0, 0, gap if scrolls else 0, 0)
        self._head.set_inset(self.bar_width() + gap if scrolls else 0)
