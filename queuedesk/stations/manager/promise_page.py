"""Promise: how good the waits were that people were told, by half-hour and service, each figure with its tickets behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.periods import PERIODS
from queuedesk.core.pictured import Pictured
from queuedesk.i18n import _, say, time_hm
from queuedesk.stations.day_dialog import DayDialog
from queuedesk.stations.manager import promise_words as words
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures_cards import TableCard
from queuedesk.stations.manager.figures_desk import FiguresDesk, Wanted
from queuedesk.stations.manager.figures_words import Behind, Told
from queuedesk.stations.manager.page_head import DropDown, MoreButton
from queuedesk.stations.manager.report_words import period_name, span_text
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton
from queuedesk.stations.widgets.figure_tiles import FigureTiles
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.period_chart import PeriodChart
from queuedesk.stations.widgets.scrolled_body import ScrolledBody
from queuedesk.stations.widgets.strips import Banner


class PromisePage(QWidget):
    """`behind_wanted` gives path, first and last date and title of a figure whose tickets are asked for."""

    behind_wanted = Signal(str, object, object, str)
    menu_wanted = Signal(QPoint)

    def __init__(self, controller: ManagerController, desk: FiguresDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._desk = controller, desk
        look = self._look = controller.context.look
        self.periods = DropDown(look)
        for period in PERIODS:
            self.periods.addItem("", period)
        self.earlier = IconButton(look, "arrow-left", "", side=48, framed=True)
        self.day_button = SecondaryButton(look, "", icon="calendar")
        self.later = IconButton(look, "arrow-right", "", side=48, framed=True)
        self.moment = Label(look, px=15, token="ink2", align=Qt.AlignmentFlag.AlignRight)
        self.more = MoreButton(look)
        self.banner = Banner(look)
        self.banner.hide()
        self.tiles = FigureTiles(look)
        self.chart = PeriodChart(look)
        self.services = TableCard(look)
        self.body = ScrolledBody(look)
        self._shown: Pictured | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        spread(look, column, (0, 10, 0, 0), 10)
        row = QHBoxLayout()
        spread(look, row, (32, 0, 32, 0), 10)
        for widget in (self.periods, self.earlier, self.day_button, self.later):
            row.addWidget(widget)
        row.addWidget(self.moment, 1)
        row.addWidget(self.more)
        column.addLayout(row)
        inset = QVBoxLayout()
        spread(look, inset, (32, 0, 32, 0), 0)
        inset.addWidget(self.banner)
        column.addLayout(inset)
        stack = self.body.stack
        for card in (self.tiles, self.chart, self.services):
            stack.addWidget(card)
        stack.addStretch(1)
        column.addWidget(self.body, 1)
        self.periods.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.periods.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToContents)

    def _connect(self) -> None:
        desk = self._desk
        self.earlier.clicked.connect(partial(self._step, -1))
        self.later.clicked.connect(partial(self._step, 1))
        self.day_button.clicked.connect(self.choose_day)
        self.periods.activated.connect(self._choose_period)
        self.more.wanted.connect(self.menu_wanted)
        for one in (self.tiles, self.chart, self.services):
            one.picked.connect(self._lead)
        desk.shown.connect(self._show)
        desk.waiting_changed.connect(self._show_waiting)
        desk.failed.connect(self._fail)

    # -- what is looked at -------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Read what is looked at, at first today; follow the hall if the period is not over."""
        if not self._desk.can_read:
            self.body.wait.set_texts(_("This program was started without reports."))
            self.body.show_parts(False)
            return
        self._show_wanted()
        if self._shown is not None:
            self._desk.follow()
        elif not self._desk.is_waiting:
            self._want(self._desk.wanted)

    def _want(self, wanted: Wanted) -> None:
        self.banner.hide()
        self._desk.want(wanted)
        self._show_wanted()

    def _choose_period(self) -> None:
        self._want(Wanted(str(self.periods.currentData()), min(self._desk.wanted.day, self._controller.day)))

    def _step(self, way: int) -> None:
        first, last = self._desk.wanted.span
        day = first - timedelta(days=1) if way < 0 else last + timedelta(days=1)
        self._want(replace(self._desk.wanted, day=day))

    def choose_day(self) -> None:
        """Ask for another date."""
        dialog = DayDialog(
            self.window(),
            self._look,
            title=_("Which day?"),
            chosen=self._desk.wanted.day,
            first=self._controller.first_day(),
            last=self._controller.day,
        )
        dialog.picked.connect(lambda day: self._want(replace(self._desk.wanted, day=day)))
        dialog.open_dialog()

    def _show_wanted(self) -> None:
        """Let the controls say what is looked at."""
        wanted, today = self._desk.wanted, self._controller.day
        first, last = wanted.span
        self.periods.setCurrentIndex(PERIODS.index(wanted.period))
        self.periods.setFont(self._look.font(17))
        self.day_button.setText(span_text(wanted.period, first, last, today))
        self.earlier.setEnabled(first > self._controller.first_day())
        self.later.setEnabled(last < today)

    # -- what was read -----------------------------------------------------------------------------------------------

    def _show_waiting(self, waiting: bool) -> None:
        if waiting:
            first, last = self._desk.wanted.span
            name = span_text(self._desk.wanted.period, first, last, self._controller.day)
            self.body.wait.set_texts(_("Reading the figures: {period} …", period=name), _("Everything else goes on."))
            self.moment.setText("")
        self.body.show_parts(not waiting)

    def _fail(self, trouble: QueueDeskError) -> None:
        self.banner.set_banner("amber", say(trouble))
        self.banner.show()

    def _show(self, found: Pictured) -> None:
        self.banner.hide()
        self._shown = found
        self._fill()

    def _fill(self) -> None:
        found = self._shown
        if found is None:
            return
        told = Told(found, self._controller.context.feed.setup)
        is_live = found.first <= self._controller.day <= found.last
        self.moment.setText(_("live, {time}", time=time_hm(told.setup.local(found.now))) if is_live else "")
        five = words.tiles(told)
        self.tiles.set_figures(
            self.name(), [tile.figure for tile in five], [tile.point for tile in five], [tile.third for tile in five]
        )
        self.chart.set_chart(words.half_hours(told))
        self.services.show_table(words.services(told), words.explained(told))

    def _lead(self, behind: Behind) -> None:
        self.behind_wanted.emit(behind.path, behind.first, behind.last, behind.title)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def name(self) -> str:
        return _("Promise", context="tab")

    def retranslate(self) -> None:
        for i, period in enumerate(PERIODS):
            self.periods.setItemText(i, period_name(period))
        self.periods.setAccessibleName(_("Period"))
        for button, name in ((self.earlier, _("Earlier")), (self.later, _("Later"))):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.more.retranslate()
        self._show_wanted()
        if self._desk.is_waiting:
            self._show_waiting(True)
        self._fill()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._desk.forget()

    def stop(self) -> None:
        self._desk.stop()
