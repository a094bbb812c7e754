"""People to touch: a tile each, as many side by side as leave every name whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from queuedesk.stations.widgets.lists.tiles import Tile
from queuedesk.stations.widgets.paint import CapStyle, Painter, cap_size, fit_px, wrap
from queuedesk.stations.window.style import Look, M

MOST_IN_ROW = 3
GAP = 16  # drawn px between two tiles
ONE_LINE_PX, TWO_LINES_PX, SMALLEST_PX = 26, 22, 15
LEADING = 1.25


class PersonTile(Tile):
    """A person's name, whole, with the role below; pressing it signs in."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, width=400, height=132, parent=parent)
        self._name = self._role = self._key = ""

    def set_person(self, name: str, role_name: str) -> None:
        """Show another person."""
        self._name, self._role = name, role_name
        self.setText(name)
        self.setAccessibleName(f"{name}, {role_name}")
        self.update()

    def set_key(self, key: str) -> None:
        """Show the key that does the same; "" for none."""
        self._key = key
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        self.paint_ground(painter)
        side, pad = _badge(look), look.gap(20)
        fill = "soft" if self.isEnabled() else "line"
        badge = QRectF(pad, round((self.height() - side) / 2), side, side)
        painter.badge(badge, self._name[:1], token=self.ink("primary"), fill=fill)
        left, room = pad + side + look.gap(18), _room(look, self.width())
        lines, px = _lines(look, self._name, room)
        high, low = look.px(px * LEADING), look.px(M * 1.5)
        top = (self.height() - high * len(lines) - low) / 2
        for place, words in enumerate(lines):
            line = QRectF(left, top + high * place, room, high)
            painter.words_in(words, look.font(px, bold=True), self.ink(), line)
        below = QRectF(left, top + high * len(lines), room, low)
        painter.words_in(self._role, look.font(M), self.ink("ink2"), below)
        if self._key and self.isEnabled():
            style = CapStyle()
            size = cap_size(look, self._key, style)
            corner = QPointF(self.width() - size.width() - look.gap(8), look.gap(8))
            painter.key_cap(QRectF(corner, size), self._key, style)


def arrange(grid: QGridLayout, tiles: Sequence[QWidget], columns: int) -> None:
    """Place `tiles` in rows of `columns` equal cells at the top of `grid`."""
    for tile in tiles:
        grid.removeWidget(tile)
    for place, tile in enumerate(tiles):
        grid.addWidget(tile, place // columns, place % columns)
    for column in range(max(columns, grid.columnCount())):
        grid.setColumnStretch(column, 1 if column < columns else 0)
    rows = -(-len(tiles) // columns)
    for row in range(max(rows + 1, grid.rowCount())):
        grid.setRowStretch(row, 1 if row == rows else 0)


def columns_for(look: Look, names: Sequence[str], width: int) -> int:
    """Return how many tiles stand side by side in `width` px so that each name is whole in two lines of good size."""
    for columns in range(MOST_IN_ROW, 1, -1):
        room = _room(look, (width - look.gap(GAP) * (columns + 1)) // columns)
        if all(_fits(look, name, room) for name in names):
            return columns
    return 1


def _fits(look: Look, name: str, room: int) -> bool:
    lines, px = _lines(look, name, room)
    return px >= TWO_LINES_PX and "".join(lines).replace(" ", "") == name.replace(" ", "")


def _lines(look: Look, name: str, room: int) -> tuple[list[str], float]:
    """Return a name in one line, or in two smaller ones, or in two as small as it must be, with the size in drawn
    px."""
    px: float
    for px in (ONE_LINE_PX, TWO_LINES_PX):
        lines = wrap(look.font(px, bold=True), name, room, 1 if px == ONE_LINE_PX else 2)
        if "".join(lines).replace(" ", "") == name.replace(" ", ""):
            return lines, px
    longest = max(name.split() or [name], key=len)
    smallest = look.px(SMALLEST_PX)
    px = fit_px(longest, room, look.px(TWO_LINES_PX), bold=True, least=smallest) / look.scale.k
    return wrap(look.font(px, bold=True), name, room, 2), px


def _badge(look: Look) -> int:
    return look.wide(72)


def _room(look: Look, width: int) -> int:
    """Return the width that a tile of `width` px has for its name."""
    return max(1, width - _badge(look) - look.gap(20) - look.gap(18) - look.gap(16))
