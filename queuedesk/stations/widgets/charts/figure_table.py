"""A table of figures of which each can be pointed at and pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.text import ELLIPSIS, elide, wrap
from queuedesk.stations.window.style import Look

ROW, HEAD, GAP, AIR = 34, 30, 14, 36
NAME_LEAST, NAME_MOST = 110, 240
RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure as it stands in the table; one without a point says nothing more."""

    text: str
    point: Point | None = None
    token: str = "ink"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row: its badge (""), its name, its figures; `is_sum` stands bold under a line."""

    name: str
    cells: tuple[FigureCell, ...]
    letter: str = ""
    is_sum: bool = False


def _in_two(font: QFont, word: str) -> list[str]:
    """Return a column's word in at most two lines, as narrow as they may be without cutting it."""
    whole = width_of(font, word)
    for share in (0.5, 0.58, 0.66, 0.75, 0.85):
        lines = wrap(font, word, whole * share)
        if not any(line.endswith(ELLIPSIS) for line in lines):
            return lines
    return [word]


class FigureTable(Pointed):
    """Names at the left, figures right-aligned under their columns; columns that have no room go, the last first."""

    def __init__(self, look: Look, *, row_height: float = ROW, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._columns: tuple[str, ...] = ()
        self.table: tuple[FigureRow, ...] = ()
        self._name, self._empty, self._row = "", "", row_height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_table(
        self, title: str, name: str, columns: Sequence[str], rows: Sequence[FigureRow], empty: str = ""
    ) -> None:
        """Show other figures; `name` heads the names, `empty` is said in place of no rows."""
        self._columns, self.table, self._name, self._empty = tuple(columns), tuple(rows), name, empty
        self._refill(title)

    def _refill(self, title: str) -> None:
        self.set_points(title, self._empty if not self.table else "", [point for _r, _c, point in self._pointed()])

    def _pointed(self) -> list[tuple[int, int, Point]]:
        return [
            (r, c, cell.point)
            for r, row in enumerate(self.table)
            for c, cell in enumerate(row.cells)
            if cell.point is not None
        ]

    # -- sizes -------------------------------------------------------------------------------------------------------

    def _head_lines(self) -> list[list[str]]:
        """Return the words of each column in one line, or in two where there is no room for all in one."""
        font = self.look.font(14)
        needed = sum(self._widths([[word] for word in self._columns])) + self.look.gap(GAP) * len(self._columns)
        if needed + self._names_need() <= self.width():
            return [[word] for word in self._columns]
        return [_in_two(font, word) for word in self._columns]

    def _names_need(self) -> float:
        """Return the width of the names, of long ones only a part."""
        font, bold = self.look.font(15), self.look.font(15, bold=True)
        names = [width_of(bold if row.is_sum else font, row.name) for row in self.table]
        wide = max([width_of(self.look.font(14), self._name), *names], default=0.0)
        badge = self.look.px(32) if any(row.letter for row in self.table) else 0
        return min(wide, self.look.px(NAME_MOST)) + badge

    def _head_height(self) -> int:
        if not self.table or not any([self._name, *self._columns]):
            return 0
        lines = max((len(lines) for lines in self._head_lines()), default=1)
        return self.look.px(HEAD) if lines < 2 else self.look.px(46)

    def _widths(self, heads: Sequence[Sequence[str]]) -> list[float]:
        head, bold = self.look.font(14), self.look.font(15, bold=True, tabular=True)
        found = []
        for c, lines in enumerate(heads):
            cells = [row.cells[c].text for row in self.table if c < len(row.cells)]
            found.append(max([*(width_of(head, line) for line in lines), *(width_of(bold, text) for text in cells)]))
        return found

    def widths(self) -> list[float]:
        """Return the width that each column needs."""
        return self._widths(self._head_lines())

    def ends(self) -> list[float]:
        """Return the right edge of each column, 0 for one that has no room."""
        look, gap = self.look, float(self.look.gap(GAP))
        widths = self.widths()
        room = self.width() - look.px(NAME_LEAST)
        shown = len(widths)
        while shown > 1 and sum(widths[:shown]) + gap * shown > room:
            shown -= 1
        if shown:
            spare = self.width() - self._names_need() - sum(widths[:shown]) - gap * shown
            gap += max(0.0, min(spare / shown, look.gap(AIR)))
        ends, right = [0.0] * len(widths), float(self.width())
        for c in range(shown - 1, -1, -1):
            ends[c] = right
            right -= widths[c] + gap
        return ends

    def sizeHint(self) -> QSize:
        wide = sum(self.widths()) + self.look.gap(GAP) * len(self._columns) + self.look.px(150)
        return QSize(round(wide), self._head_height() + self.look.px(self._row) * max(1, len(self.table)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(NAME_LEAST + 80), self.sizeHint().height())

    def _places(self) -> list[QRectF]:
        ends, widths, gap = self.ends(), self.widths(), self.look.gap(GAP)
        top, high = self._head_height(), self.look.px(self._row)
        places = []
        for r, c, _point in self._pointed():
            wide = widths[c] + gap * 0.8 if ends[c] else 0.0
            places.append(QRectF(ends[c] - wide + gap * 0.3, top + r * high, wide, high if ends[c] else 0.0))
        return places

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        ends, widths, gap = self.ends(), self.widths(), look.gap(GAP)
        head = self._head_height()
        shown = [c for c, end in enumerate(ends) if end]
        names = ends[shown[0]] - widths[shown[0]] - gap if shown else float(self.width())
        if head:
            place = QRectF(0, head - look.px(26), names, look.px(24))
            painter.words_in(self._name, look.font(14), "ink2", place)
            for c, lines in enumerate(self._head_lines()):
                for n, line in enumerate(reversed(lines)):
                    y = head - look.px(26) - n * look.px(18)
                    if ends[c]:
                        painter.words_in(line, look.font(14), "ink2", QRectF(0, y, ends[c], look.px(24)), RIGHT)
            painter.divider(QPointF(0, head - 1), QPointF(self.width(), head - 1))
        if not self.table:
            place = QRectF(0, head, self.width(), look.px(self._row))
            painter.words_in(self._empty, look.font(15), "ink2", place)
        for r, row in enumerate(self.table):
            self._paint_row(painter, r, row, names, ends)
        self.paint_pointed(painter)

    def _paint_row(self, painter: Painter, r: int, row: FigureRow, names: float, ends: Sequence[float]) -> None:
        look, high = self.look, self.look.px(self._row)
        y = float(self._head_height() + r * high)
        x = 0.0
        if row.letter:
            side = look.px(24)
            painter.badge(QRectF(0, y + (high - side) / 2, side, side), row.letter)
            x = side + look.px(8)
        font = look.font(15, bold=row.is_sum)
        painter.words_in(elide(font, row.name, names - x), font, "ink", QRectF(x, y, names - x, high))
        for cell, end in zip(row.cells, ends, strict=False):
            if end:
                bold = look.font(15, bold=cell.bold or row.is_sum, tabular=True)
                painter.words_in(cell.text, bold, cell.token, QRectF(0, y, end, high), RIGHT)
        if r < len(self.table) - 1:
            painter.divider(QPointF(0, y + high - 1), QPointF(self.width(), y + high - 1))
