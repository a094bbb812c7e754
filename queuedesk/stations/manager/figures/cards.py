"""Cards of the page of figures: a title, a line of words, and what is painted under them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.stations.manager.figures.bars import Bars
from queuedesk.stations.manager.figures.tables import Table
from queuedesk.stations.widgets.charts.bars import BarRows
from queuedesk.stations.widgets.charts.chart_view import Cell, HeatMap
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow, FigureTable
from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.window.style import Look


class FigureCard(Card):
    """`picked` gives where a point of it leads."""

    picked = Signal(object)

    def __init__(self, look: Look, *bodies: Pointed, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.title = Label(look, bold=True)
        self.line = Label(look, px=15, token="ink2", wrap=True)
        self.line.hide()
        self._column = column = QVBoxLayout(self)
        spread(look, column, (18, 10, 18, 12), 6)
        head = QHBoxLayout()
        head.addWidget(self.title)
        column.addLayout(head)
        column.addWidget(self.line)
        for body in bodies:
            column.addWidget(body)
            body.picked.connect(self.picked)
        column.addStretch(1)

    def say(self, title: str, line: str = "") -> None:
        self.title.setText(title)
        self.line.setText(line)
        self.line.setVisible(bool(line))


class TableCard(FigureCard):
    """A table under its title; sentences under it if there are any."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.table = FigureTable(look)
        super().__init__(look, self.table, parent=parent)

    def show_table(self, table: Table, lines: Sequence[str] = ()) -> None:
        self.say(table.title, "\n".join(lines) or table.line)
        self.table.set_table(table.title, table.name, table.columns, table.rows, table.empty)


class BarsCard(FigureCard):
    """Rows of bars under their title."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.bars = BarRows(look)
        super().__init__(look, self.bars, parent=parent)

    def show_bars(self, bars: Bars) -> None:
        self.say(bars.title, bars.line)
        self.bars.set_rows(bars.title, bars.rows, bars.empty)


class RatingsCard(FigureCard):
    """The levels as bars; under them the rate, its interval, who rated and who did not."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.bars, self.facts = BarRows(look), FigureTable(look, row_height=30)
        super().__init__(look, self.bars, self.facts, parent=parent)

    def show_ratings(self, bars: Bars, facts: Sequence[tuple[str, str, Point]]) -> None:
        self.say(bars.title, bars.line)
        self.bars.set_rows(bars.title, bars.rows)
        rows = [FigureRow(name, (FigureCell(value, point, bold=True),)) for name, value, point in facts]
        self.facts.set_table(bars.title, "", [""], rows)


class HeatCard(FigureCard):
    """The map of weekdays and half-hours."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.map = HeatMap(look)
        super().__init__(look, self.map, parent=parent)

    def show_map(self, title: str, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Cell]) -> None:
        self.say(title)
        self.map.set_map(title, rows, columns, cells)


class CardRow(QBoxLayout):
    """Cards side by side by their shares, or under each other where the width does not do; several of one place stand
    in a column."""

    def __init__(self, look: Look, *places: tuple[Sequence[QWidget], int]) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        spread(look, self, spacing=12)
        self._shares = [share for _cards, share in places]
        for cards, share in places:
            for card in cards:
                # Their shares decide, not their words.
                card.setMinimumWidth(1)
            if len(cards) == 1:
                self.addWidget(cards[0], share)
                continue
            column = QVBoxLayout()
            spread(look, column, spacing=12)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            self.addLayout(column, share)

    def lay(self, *, beside: bool) -> None:
        """Stand side by side or not."""
        ways = QBoxLayout.Direction
        self.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        for at, share in enumerate(self._shares):
            self.setStretch(at, share if beside else 0)
