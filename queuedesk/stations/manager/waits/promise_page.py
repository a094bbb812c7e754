"""Promise: how good the waits were that people were told, by half-hour and service, each figure with its tickets behind
it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.cards import TableCard
from queuedesk.stations.manager.figures.figures_controller import FiguresController
from queuedesk.stations.manager.figures.pictured_page import MOMENT, PicturedPage
from queuedesk.stations.manager.figures.words import Told
from queuedesk.stations.manager.waits import promise_words as words
from queuedesk.stations.widgets.panels import spread


class PromisePage(PicturedPage):
    """Tiles, a chart of half-hours and a table of services."""

    def __init__(
        self, controller: ManagerController, figures_controller: FiguresController, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, figures_controller, parent)
        look = self._look
        self.services = TableCard(look)
        row = QHBoxLayout()
        spread(look, row, (32, 0, 32, 0), 10)
        for widget in self.dates.widgets:
            row.addWidget(widget)
        row.addWidget(self.moment, 1)
        row.addWidget(self.more)
        self.lay(row, [self.services])
        stack = self.body.stack
        for card in (self.tiles, self.chart, self.services):
            stack.addWidget(card)
        stack.addStretch(1)
        look.changed.connect(self._fit)

    def refresh(self, now: datetime) -> None:
        """Read what is looked at, at first today; follow the hall if the period is not over."""
        super().refresh(now)
        if self._shown is None and not self._figures_controller.is_waiting:
            self.open()

    def fill(self, told: Told) -> None:
        five = words.tiles(told)
        self.tiles.set_figures(
            self.name(), [tile.figure for tile in five], [tile.point for tile in five], [tile.third for tile in five]
        )
        self.chart.set_chart(words.half_hours(told).chart())
        self.services.show_table(words.services(told), words.explained(told))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out the moment of the figures where the date needs its room."""
        look = self._look
        needed = sum(widget.sizeHint().width() + look.gap(10) for widget in [*self.dates.widgets, self.more])
        self.moment.setVisible(needed + look.px(MOMENT) <= self.width() - 2 * look.gap(32))

    def name(self) -> str:
        return _("Promise", context="tab")
