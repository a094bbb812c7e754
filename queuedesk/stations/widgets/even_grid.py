"""A grid of equal cells: as many in a row as their words allow."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.window.style import Look


def place_cells(
    area: QRect, count: int, columns: int, row_height: int, gap: int, *, share_last: bool = True
) -> list[QRect]:
    """Return `count` cells in rows of `columns`; those of the last row share its whole width if wished."""
    cells = []
    rows = ceil(count / columns) if count else 0
    for row in range(rows):
        held = min(columns, count - row * columns)
        in_row = held if share_last else columns
        y = area.top() + row * (row_height + gap)
        for column in range(held):
            left = area.left() + round(column * (area.width() + gap) / in_row)
            right = area.left() + round((column + 1) * (area.width() + gap) / in_row) - gap
            cells.append(QRect(left, y, right - left, row_height))
    return cells


class EvenGrid(Follows, QWidget):
    """Widgets of one kind in equal cells of `height` drawn px, without one as high as they wish.

    Those of the last row share its whole width unless `share_last` is false, which keeps all cells equal.
    """

    def __init__(
        self,
        look: Look,
        *,
        height: float | None = None,
        gap: float = 12,
        share_last: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.follow(look)
        self._height, self._gap, self._share_last = height, gap, share_last
        self._cells: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Show exactly these; those shown before are hidden, not deleted."""
        for widget in self._cells:
            if widget not in widgets:
                widget.hide()
        self._cells = list(widgets)
        for widget in self._cells:
            widget.setParent(self)
            widget.show()
        self.relook()

    def set_height(self, height: float) -> None:
        """Give the cells another height in drawn px."""
        if height != self._height:
            self._height = height
            self.relook()

    def relook(self) -> None:
        super().relook()
        self._place()

    def columns(self, width: int) -> int:
        """Return how many fit into a row of `width`, each wide enough for the longest of their words."""
        gap = self.look.gap(self._gap)
        widest = max((cell.minimumSizeHint().width() for cell in self._cells), default=1)
        most = max(1, (width + gap) // (widest + gap))
        rows = ceil(len(self._cells) / most) if self._cells else 1
        return max(1, ceil(len(self._cells) / rows))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = ceil(len(self._cells) / self.columns(width)) if self._cells else 0
        gap = self.look.gap(self._gap)
        return max(0, rows * (self._cell_height(rows) + gap) - gap)

    def _cell_height(self, rows: int) -> int:
        if self._height is not None:
            return self.look.px(self._height)
        # Cells in more than one row give up a little each, for the sake of what stands below.
        hints = [c.sizeHint() if rows < 2 else c.minimumSizeHint() for c in self._cells]
        return max((hint.height() for hint in hints), default=0)

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 0 else self.look.wide(800)
        return QSize(self.look.wide(400), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        # Other words in a cell may want fewer columns, and so more rows.
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._place()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _place(self) -> None:
        if not self._cells or self.width() <= 0:
            return
        columns, gap = self.columns(self.width()), self.look.gap(self._gap)
        high = self._cell_height(ceil(len(self._cells) / columns))
        area = QRect(0, 0, self.width(), self.height())
        cells = place_cells(area, len(self._cells), columns, high, gap, share_last=self._share_last)
        for widget, cell in zip(self._cells, cells, strict=True):
            widget.setGeometry(cell)
