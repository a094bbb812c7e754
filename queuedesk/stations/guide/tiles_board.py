"""The first thing a guide sees: a tile for every service, and the items people come for most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import ceil

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.guide.choices import FAVOURITES_SHOWN, Choice
from queuedesk.stations.guide.figures import TileFacts
from queuedesk.stations.guide.hall_rail import EdgeButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import ItemTile, ServiceTile, TileText
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.widgets.panels import place_cells
from queuedesk.stations.window.style import Look

GAP, ITEM_GAP, HEAD_HEIGHT = 14, 12, 36
TILE_WIDTH, TILE_HEIGHT = 440, 150  # at least this large a tile is easy to read
TALLEST_TILE, LOWEST_TILE, NARROWEST_TILE = 400, 96, 190
NO_ROOM_FOR_WINDOWS = 120  # drawn px; a lower tile says its windows only where they stand beside the figures
ITEM_HEIGHTS = (66, 62, 54, 46)
ITEMS_IN_ROW, NARROW_BOARD = 3, 600
ITEM_FRAME = 74  # badge and margins beside an item's name


def best_columns(count: int, width: float, height: float) -> int:
    """Return how many tiles stand side by side so that `count` of them are easiest to read in `width` by `height` drawn
    px."""

    def ease(columns: int) -> float:
        rows = ceil(count / columns)
        wide = (width - (columns - 1) * GAP) / columns
        high = (height - (rows - 1) * GAP) / rows
        # What is too low collides; what is narrow only gets smaller.
        return min(1.0, wide / TILE_WIDTH) ** 1.5 * min(1.0, high / TILE_HEIGHT) ** 2

    wide_enough = [n for n in range(1, min(4, count) + 1) if (width - (n - 1) * GAP) / n >= NARROWEST_TILE] or [1]
    return max(wide_enough, key=lambda columns: (round(ease(columns), 3), -abs(columns - 2)))


class TilesBoard(Follows, QWidget):
    """Service tiles and favourite items; a tile's place follows from the set-up alone and never changes by itself."""

    chosen = Signal(object)
    more_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self.tiles: dict[str, ServiceTile] = {}
        self.items: list[ItemTile] = []
        self._favourites: list[tuple[Choice, str, str]] = []
        self._head = Label(look, px=16, bold=True, token="ink2", parent=self)
        self.more_button = EdgeButton(look, "", height=HEAD_HEIGHT - 4, px=16, parent=self)
        self.more_button.clicked.connect(self.more_wanted)
        self._away = False
        self._taken: set[str] = set()
        self._facts: list[TileFacts] = []
        self._is_low = False

    def set_head(self, text: str, more: str) -> None:
        """Set the words over the favourite items, and that for those which are not shown."""
        self._head.setText(text)
        self.more_button.setText(more)

    def unseen(self) -> list[Choice]:
        """Return the favourite items that have no tile."""
        seen = sum(not tile.isHidden() for tile in self.items)
        return [choice for choice, _letter, _name in self._favourites[seen:]]

    def set_tiles(self, facts: Sequence[TileFacts]) -> None:
        """Say the figures of every service; tiles are made anew only when the services themselves changed."""
        if list(self.tiles) != [one.service for one in facts]:
            for tile in self.tiles.values():
                tile.hide()
                tile.deleteLater()
            self.tiles = {one.service: self._tile(one) for one in facts}
            self._place()
        self._facts = list(facts)
        for one in facts:
            tile = self.tiles[one.service]
            tile.set_service(self._said(one))
            tile.setEnabled(one.can_give and self._free(one.service))

    def _said(self, facts: TileFacts) -> TileText:
        return replace(facts.said, second="") if self._is_low else facts.said

    def _tile(self, facts: TileFacts) -> ServiceTile:
        tile = ServiceTile(self.look, facts.letter, parent=self)
        tile.setObjectName(f"service-{facts.service}")
        tile.clicked.connect(partial(self.chosen.emit, Choice(facts.service)))
        tile.show()
        return tile

    def set_favourites(self, favourites: Sequence[tuple[Choice, str, str]], closed: set[str]) -> None:
        """Show favourite items as (choice, letter, name); those of `closed` services can't be pressed."""
        if list(favourites) != self._favourites:
            self._favourites = list(favourites)
            for tile in self.items:
                tile.hide()
                tile.deleteLater()
            self.items = [self._item(*one) for one in favourites[:FAVOURITES_SHOWN]]
            self._place()
        for tile, (choice, _letter, _name) in zip(self.items, self._favourites, strict=False):
            tile.setEnabled(choice.service not in closed and self._free(choice.service))

    def _free(self, service: str) -> bool:
        return not self._away and service not in self._taken

    def _item(self, choice: Choice, letter: str, name: str) -> ItemTile:
        tile = ItemTile(self.look, letter, name, parent=self)
        tile.setObjectName(f"item-{choice.item}")
        tile.clicked.connect(partial(self.chosen.emit, choice))
        tile.show()
        return tile

    def set_taken(self, services: set[str]) -> bool:
        """Show as not available what stands on the ticket already, from the next `set_tiles` on; return if that is
        new."""
        before, self._taken = self._taken, services
        return before != services

    def set_away(self, away: bool) -> None:
        """Show everything dashed while nothing can be issued; as `set_taken`, from the next `set_tiles` on."""
        self._away = away

    # -- placing ------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(894), self.look.px(580))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(320), self.look.px(240))

    def relook(self) -> None:
        super().relook()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        if self.width() <= 0 or self.height() <= 0 or not self.tiles:
            return
        k = self.look.scale.k
        width, height = self.width() / k, self.height() / k
        in_row = self._items_in_row(width)
        rows, headed, item_height = min(2, ceil(len(self.items) / in_row)), bool(self.items), ITEM_HEIGHTS[-1]
        for item_height in ITEM_HEIGHTS:
            tile_height, columns = self._tile_size(width, height, self._items_height(rows, item_height, headed))
            if tile_height >= TILE_HEIGHT:
                break
        # What a low board gives up first: the heading, then the second row of items.
        for fewer in (rows, min(rows, 1)):
            if tile_height >= LOWEST_TILE:
                break
            rows, headed = fewer, False
            tile_height, columns = self._tile_size(width, height, self._items_height(rows, item_height, headed))
        self._set_low(tile_height < NO_ROOM_FOR_WINDOWS)
        bottom = self._put_tiles(columns, min(tile_height, TALLEST_TILE))
        self._put_items(bottom, item_height, in_row, rows, headed)

    def _items_in_row(self, width: float) -> int:
        """Return three, or two where a narrow board would cut their names."""
        bold = self.look.font(18, bold=True)
        longest = max((width_of(bold, tile.text()) / self.look.scale.k for tile in self.items), default=0)
        cell = (width - 2 * ITEM_GAP) / ITEMS_IN_ROW
        return 2 if width < NARROW_BOARD and longest + ITEM_FRAME > cell else ITEMS_IN_ROW

    def _set_low(self, low: bool) -> None:
        if low != self._is_low:
            self._is_low = low
            for one in self._facts:
                self.tiles[one.service].set_service(self._said(one))

    @staticmethod
    def _items_height(rows: int, item_height: float, headed: bool) -> float:
        if not rows:
            return 0
        return GAP + (HEAD_HEIGHT if headed else 0) + rows * (item_height + ITEM_GAP) - ITEM_GAP

    def _tile_size(self, width: float, height: float, below: float) -> tuple[float, int]:
        count = len(self.tiles)
        columns = best_columns(count, width, height - below)
        rows = ceil(count / columns)
        return (height - below - (rows - 1) * GAP) / rows, columns

    def _put_tiles(self, columns: int, tile_height: float) -> int:
        area = QRect(0, 0, self.width(), self.height())
        cells = place_cells(area, len(self.tiles), columns, int(tile_height * self.look.scale.k), self.look.px(GAP))
        for tile, cell in zip(self.tiles.values(), cells, strict=True):
            tile.setGeometry(cell)
        return cells[-1].bottom() + 1 + self.look.px(GAP)

    def _put_items(self, top: int, item_height: float, in_row: int, rows: int, headed: bool) -> None:
        self._head.setVisible(headed)
        if headed:
            self._head.setGeometry(0, top, self.width(), self.look.px(HEAD_HEIGHT - 6))
            top += self.look.px(HEAD_HEIGHT)
        shown = self.items[: in_row * rows]
        for tile in self.items:
            tile.setVisible(tile in shown)
        more = headed and len(self._favourites) > len(shown)
        self.more_button.setVisible(more)
        if more:
            wide = self.more_button.sizeHint().width()
            high = self.look.px(HEAD_HEIGHT - 6)
            self.more_button.setGeometry(self.width() - wide, self._head.y(), wide, high)
        area, gap = QRect(0, top, self.width(), 0), self.look.px(ITEM_GAP)
        cells = place_cells(area, len(shown), in_row, self.look.px(item_height), gap, share_last=False)
        for tile, cell in zip(shown, cells, strict=True):
            tile.setGeometry(cell)
