"""A page that shows a period in figures: which one, read beside the window and again while it goes on, each figure with
its tickets."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from queuedesk.core.figures.pictured import Pictured
from queuedesk.core.queue.overview import past_target
from queuedesk.i18n import _, time_hm
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.cards import FigureCard
from queuedesk.stations.manager.figures.figures_controller import FiguresController, Wanted
from queuedesk.stations.manager.figures.report_words import span_text
from queuedesk.stations.manager.figures.words import Behind, Told
from queuedesk.stations.manager.parts.page import Page, PageSpec
from queuedesk.stations.manager.parts.page_head import PeriodKeys
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.charts.figure_tiles import FigureTiles
from queuedesk.stations.widgets.lists.scrolled_body import ScrolledBody


class PicturedPage(Page):
    """`behind_wanted` gives path, first and last date and title of a figure whose tickets are asked for."""

    behind_wanted = Signal(str, object, object, str)

    def __init__(
        self, controller: ManagerController, figures_controller: FiguresController, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller.context.look, PageSpec(foot=0), parent)
        self._controller, self._figures_controller = controller, figures_controller
        look = self._look
        self.dates = PeriodKeys(look, self)
        self.head.put_controls(self.dates.widgets)
        self.tiles = FigureTiles(look)
        self.chart = ChartView(look)
        self.body = ScrolledBody(look)
        self.put(self.body, 1, inset=False)
        self._shown: Pictured | None = None
        self.dates.picked.connect(self._pick)
        self.dates.chosen.connect(self._choose_period)
        for one in (self.tiles, self.chart):
            one.picked.connect(self._lead)
        figures_controller.shown.connect(self._show)
        figures_controller.waiting_changed.connect(self._show_waiting)
        figures_controller.failed.connect(self.warn)

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def lead_from(self, cards: Sequence[FigureCard]) -> None:
        """Let cards lead to tickets as tiles and chart do."""
        for one in cards:
            one.picked.connect(self._lead)

    @abstractmethod
    def name(self) -> str:
        """Return what the page is called."""

    @abstractmethod
    def fill(self, told: Told) -> None:
        """Show what was read."""

    # -- what is looked at -------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> Wanted:
        return self._figures_controller.wanted

    def open(self) -> None:
        """Read what was looked at before, at first today."""
        if self._figures_controller.can_read:
            self._want(self.wanted)
        else:
            self.body.wait.set_texts(_("This program was started without reports."))
            self.body.show_parts(False)

    def refresh(self, _now: datetime) -> None:
        """Follow the hall, if the period is not over."""
        self._show_wanted()
        if self._shown is not None:
            self._figures_controller.follow()

    def _want(self, wanted: Wanted) -> None:
        self.banner.hide()
        self._figures_controller.want(wanted)
        self._show_wanted()

    def _pick(self, day: date) -> None:
        self._want(replace(self.wanted, day=day))

    def _choose_period(self) -> None:
        self._want(Wanted(self.dates.period, min(self.wanted.day, self._controller.day)))

    def _show_wanted(self) -> None:
        """Let the controls say what is looked at."""
        wanted, controller = self.wanted, self._controller
        self.dates.show_span(wanted.period, wanted.day, wanted.span, controller.first_day(), controller.day)
        self.head.fit()

    # -- what was read -----------------------------------------------------------------------------------------------

    def _show_waiting(self, waiting: bool) -> None:
        if waiting:
            name = span_text(self.wanted.period, *self.wanted.span, self._controller.day)
            self.body.wait.set_texts(_("Reading the figures: {period} …", period=name), _("Everything else goes on."))
            self.head.set_line("")
        self.body.show_parts(not waiting)

    def _show(self, found: Pictured) -> None:
        self.banner.hide()
        self._shown = found
        self._fill()

    def _fill(self) -> None:
        found = self._shown
        if found is None:
            return
        is_live = found.first <= self._controller.day <= found.last
        late = past_target(self._controller.state, found.now) if is_live else None
        told = Told(found, self._controller.context.feed.setup, late)
        self.head.set_line(_("live, {time}", time=time_hm(told.setup.local(found.now))) if is_live else "")
        self.fill(told)

    def _lead(self, behind: Behind) -> None:
        self.behind_wanted.emit(behind.path, behind.first, behind.last, behind.title)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        super().retranslate()
        self.dates.retranslate()
        self._show_wanted()
        if self._figures_controller.is_waiting:
            self._show_waiting(True)
        self._fill()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._figures_controller.forget()

    def stop(self) -> None:
        self._figures_controller.stop()
