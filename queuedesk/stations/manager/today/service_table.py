"""The services at a glance: who waits, how long the longest, the mean; a row leads to its tickets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.stations.manager.today.today_words import ServiceRowText
from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.lists.lists import LEVELS, ColumnHead, RowsArea
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of, wrap
from queuedesk.stations.widgets.panels import Card, discard, spread
from queuedesk.stations.window.fonts import font_of
from queuedesk.stations.window.style import Look

ROW, HEAD, HIGHEST_ROW = 38, 34, 48
LARGE_ROW, LARGE_HEAD = 26, 26
HEAD_PX, SMALL_HEAD_PX = 15, 13
RIGHT = Qt.AlignmentFlag.AlignRight
LEAST_ROWS = 4
NARROW = 340
MOST_ROWS = 10
UNBOUND = (1 << 24) - 1  # Qt's own largest height


def _heights(look: Look) -> tuple[int, int]:
    """Return the heights of a row and of the head: large text leaves them less air, so that more services are seen."""
    row, head = (LARGE_ROW, LARGE_HEAD) if look.scale.is_large else (ROW, HEAD)
    return look.px(row), look.px(head)


class Columns:
    """The right edges of the figures' columns, as wide as the widest of their words."""

    def __init__(self) -> None:
        self.words: list[str] = ["", "", ""]
        self.cells: list[list[str]] = [[], [], []]
        self.head_px = HEAD_PX

    def ends(self, look: Look, width: float) -> list[float]:
        """Return the right edges of waiting, longest and mean."""
        head, cell = look.font(self.head_px), look.font(16, bold=True, tabular=True)
        gap = look.gap(12)
        right, ends = width, []
        for at, (word, cells) in enumerate(zip(reversed(self.words), reversed(self.cells), strict=True)):
            if at == 0 and self.is_narrow(look, width):
                ends.append(0.0)
                continue
            ends.append(right)
            widest = max([width_of(head, word), *(width_of(cell, text) for text in cells)])
            right -= widest + gap
        return ends[::-1]

    def is_narrow(self, look: Look, width: float) -> bool:
        """Whether the means are left out, so that the names can be read."""
        return width < look.px(NARROW)

    def left(self, look: Look, width: float) -> float:
        """Return where the first column begins and names end."""
        head, cell = look.font(self.head_px), look.font(16, bold=True, tabular=True)
        widest = max([width_of(head, self.words[0]), *(width_of(cell, text) for text in self.cells[0])])
        return self.ends(look, width)[0] - widest - look.gap(10)


class _Head(ColumnHead):
    """The names of the columns."""

    def __init__(self, look: Look, columns: Columns) -> None:
        super().__init__(look)
        self._columns, self._title = columns, ""

    def set_title(self, title: str) -> None:
        self._title = title
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), _heights(self.look)[1])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        high, width = self.height() - 1, self.width() - self.inset
        left = self._columns.left(look, width)
        painter.words_in(self._title, look.font(17, bold=True), "ink", QRectF(0, 0, left, high))
        for end, word in zip(self._columns.ends(look, width), self._columns.words, strict=True):
            if not end:
                continue
            painter.words_in(word, look.font(self._columns.head_px), "ink2", QRectF(0, 0, end, high), RIGHT)
        painter.divider(QPointF(0, high), QPointF(self.width(), high))


class _Row(PaintedButton):
    """One service."""

    def __init__(self, look: Look, columns: Columns) -> None:
        super().__init__(look)
        self._columns = columns
        self._said: ServiceRowText | None = None
        self.high = 0  # what its card has for each row
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def name(self) -> str:
        return self._said.name if self._said is not None else ""

    def set_row(self, said: ServiceRowText) -> None:
        self._said = said
        words = self._columns.words
        figures = zip(words, (said.waiting, said.longest, said.mean), strict=True)
        self.setAccessibleName(f"{said.letter} {said.name}, " + ", ".join(f"{word} {value}" for word, value in figures))
        self.setToolTip(said.name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), max(self.high, _heights(self.look)[0]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self._said
        if said is None:
            return
        rect = QRectF(0, 0, self.width(), self.height() - 1)
        if self.underMouse() or self.isDown():
            painter.box(rect, 8, "soft" if self.isDown() else "paper")
        side = look.px(26)
        painter.badge(QRectF(0, (rect.height() - side) / 2, side, side), said.letter)
        x = side + look.px(9)
        left = self._columns.left(look, self.width())
        px = fit_px(said.name, left - x, look.px(16), bold=True, least=look.px(15))
        font = font_of(px, bold=True)
        lines = wrap(font, said.name, left - x, 2) if width_of(font, said.name) > left - x else [said.name]
        high = rect.height() / len(lines)
        for at, line in enumerate(lines):
            # Two lines stand close together in the middle of the row.
            y = at * high + (look.px(1) if at == 0 and len(lines) > 1 else 0)
            painter.words_in(line, font, "ink", QRectF(x, y, left - x, high))
        styles = (("ink", False), _style(said.level), _style(said.mean_level))
        ends = self._columns.ends(look, self.width())
        for end, text, (ink, heavy) in zip(ends, (said.waiting, said.longest, said.mean), styles, strict=True):
            if not end:
                continue
            font = look.font(16, bold=heavy, tabular=True)
            painter.words_in(text, font, ink, QRectF(0, 0, end, rect.height()), RIGHT)
        painter.divider(QPointF(0, rect.height()), QPointF(self.width(), rect.height()))


def _style(level: str) -> tuple[str, bool]:
    """Return the colour of a figure, and whether it is bold."""
    token, bold, _icon = LEVELS[level]
    return token if level else "ink", bold


class ServiceTable(Card):
    """`picked` gives the code of the service whose row was pressed."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._columns = Columns()
        self.rows: dict[str, _Row] = {}
        column = QVBoxLayout(self)
        spread(look, column, (18, 6, 18, 6), 0)
        self._head = _Head(look, self._columns)
        column.addWidget(self._head)
        self._area = RowsArea(look, self._head, gap=6)
        column.addWidget(self._area, 1)

    def set_words(self, *, title: str, waiting: str, longest: str, mean: str) -> None:
        self._columns.words = [waiting, longest, mean]
        self._head.set_title(title)

    def set_rows(self, rows: Sequence[ServiceRowText]) -> None:
        """Show these services; the rows are kept while the services are the same."""
        cells = [[row.waiting for row in rows], [row.longest for row in rows], [row.mean for row in rows]]
        if cells != self._columns.cells:
            self._columns.cells = cells
            self._head.update()
        if [row.code for row in rows] != list(self.rows):
            discard(self.rows.values())
            self.rows = {}
            for at, row in enumerate(rows):
                widget = _Row(self.look, self._columns)
                widget.clicked.connect(partial(self.picked.emit, row.code))
                self._area.column.insertWidget(at, widget)
                self.rows[row.code] = widget
        for row in rows:
            self.rows[row.code].set_row(row)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        """Let few rows fill the card."""
        room = self.height() - _heights(self.look)[1] - 2 * self.look.gap(6)
        high = min(room // max(1, len(self.rows)), self.look.px(HIGHEST_ROW))
        for row in self.rows.values():
            if row.high != high:
                row.high = high
                row.updateGeometry()

    def least_height(self, most: int = LEAST_ROWS) -> int:
        """Return the height that shows the first rows without scrolling."""
        rows = min(max(len(self.rows), 1), most)
        return self._height_of(rows)

    def set_small_head(self, small: bool) -> None:
        """Write the columns' names smaller, for a page that has little width beside the table."""
        self._columns.head_px = SMALL_HEAD_PX if small else HEAD_PX

    def wanted_width(self) -> int:
        """Return the width at which every name fits in one line beside all figures."""
        look, wide = self.look, UNBOUND
        figures = wide - self._columns.left(look, wide)
        names = [width_of(look.font(16, bold=True), row.name) for row in self.rows.values()]
        return round(figures + look.px(26 + 9) + max(names, default=0) + 2 * look.gap(18) + look.px(4))

    def _height_of(self, rows: int) -> int:
        row, head = _heights(self.look)
        return head + row * rows + 2 * self.look.gap(6)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(240), self._height_of(1))
