"""Places widgets side by side in equal widths, in two rows where one has no room for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.style import Look
from queuedesk.stations.widgets.follow import Follows


class EvenRow(Follows, QWidget):
    """Cards of one kind; they keep their order and their height, the width is shared."""

    def __init__(self, look: Look, *, gap: float = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._gap = gap
        self._cells: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Show exactly these."""
        self._cells = list(widgets)
        for widget in self._cells:
            widget.setParent(self)
            widget.show()
        self.relook()

    def relook(self) -> None:
        super().relook()
        self._place()

    def columns(self, width: int) -> int:
        """Return how many stand in a row."""
        gap = self.look.gap(self._gap)
        least = max((cell.minimumSizeHint().width() for cell in self._cells), default=1)
        most = max(1, (width + gap) // (least + gap))
        rows = ceil(len(self._cells) / most) if self._cells else 1
        return max(1, ceil(len(self._cells) / rows))

    def _cell_height(self, rows: int) -> int:
        cells = self._cells
        one = max((c.sizeHint().height() for c in cells), default=0)
        # Two rows give up a little each, for the chart's sake.
        return one if rows < 2 else max((c.minimumSizeHint().height() for c in cells), default=0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = ceil(len(self._cells) / self.columns(width)) if self._cells else 0
        return max(0, rows * (self._cell_height(rows) + self.look.gap(self._gap)) - self.look.gap(self._gap))

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 0 else self.look.wide(800)
        return QSize(self.look.wide(400), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _place(self) -> None:
        if not self._cells or self.width() <= 0:
            return
        columns, gap = self.columns(self.width()), self.look.gap(self._gap)
        high = self._cell_height(ceil(len(self._cells) / columns))
        for at, cell in enumerate(self._cells):
            row, column = divmod(at, columns)
            left = round(column * (self.width() + gap) / columns)
            right = round((column + 1) * (self.width() + gap) / columns) - gap
            cell.setGeometry(left, row * (high + gap), right - left, high)
