"""Promise: how good the waits were that people were told, by half-hour and service, each figure with its tickets behind
it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.cards import TableCard
from queuedesk.stations.manager.figures.figures_controller import FiguresController
from queuedesk.stations.manager.figures.pictured_page import PicturedPage
from queuedesk.stations.manager.figures.words import Told
from queuedesk.stations.manager.waits import promise_words as words


class PromisePage(PicturedPage):
    """Tiles, a chart of half-hours and a table of services."""

    def __init__(
        self, controller: ManagerController, figures_controller: FiguresController, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, figures_controller, parent)
        look = self._look
        self.services = TableCard(look)
        self.lead_from([self.services])
        stack = self.body.stack
        for card in (self.tiles, self.chart, self.services):
            stack.addWidget(card)
        stack.addStretch(1)

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

    def name(self) -> str:
        return _("Promise", context="tab")
