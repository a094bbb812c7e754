"""Figures: any period in pictures whose every number and bar leads to the tickets behind it; today follows the hall."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.periods import DAY, MONTH, PERIODS, QUARTER, WEEK, YEAR
from queuedesk.core.pictured import BEFORE, LAST_YEAR, Pictured
from queuedesk.i18n import _, say, time_hm
from queuedesk.stations.day_dialog import DayDialog
from queuedesk.stations.manager import figures_bars as bars
from queuedesk.stations.manager import figures_measures as measures
from queuedesk.stations.manager import figures_tables as tables
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures_against import against
from queuedesk.stations.manager.figures_cards import BarsCard, CardRow, FigureCard, HeatCard, RatingsCard, TableCard
from queuedesk.stations.manager.figures_chart import heat_map, period_chart
from queuedesk.stations.manager.figures_desk import FiguresDesk, Wanted
from queuedesk.stations.manager.figures_tiles import tiles
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

NONE, OTHER_DATE = "", "date"
BESIDE_FROM, MOMENT = 800, 110
"""Cards stand side by side from this many drawn pixels on; what "live, 10:42" takes."""


class FiguresPage(QWidget):
    """`behind_wanted` gives path, first and last date and title of a figure whose tickets are asked for."""

    behind_wanted = Signal(str, object, object, str)
    menu_wanted = Signal(QPoint)

    def __init__(self, controller: ManagerController, desk: FiguresDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._desk = controller, desk
        look = self._look = controller.context.look
        self.periods, self.against_choice = DropDown(look), DropDown(look)
        for period in PERIODS:
            self.periods.addItem("", period)
        self.earlier = IconButton(look, "arrow-left", "", side=48, framed=True)
        self.day_button = SecondaryButton(look, "", icon="calendar")
        self.later = IconButton(look, "arrow-right", "", side=48, framed=True)
        self.against_label = Label(look, px=15, token="ink2", elide=False)
        self.moment = Label(look, px=15, token="ink2", align=Qt.AlignmentFlag.AlignRight)
        self.more = MoreButton(look)
        self.banner = Banner(look)
        self.banner.hide()
        self.tiles = FigureTiles(look)
        self.chart = PeriodChart(look)
        self.ratings = RatingsCard(look)
        self.compared, self.services = TableCard(look), TableCard(look)
        self.heat = HeatCard(look)
        self.windows, self.clerks = TableCard(look), TableCard(look)
        self.wrong, self.overtakes, self.outcomes = BarsCard(look), BarsCard(look), BarsCard(look)
        self.measures, self.targets, self.classes = TableCard(look), TableCard(look), TableCard(look)
        self.waits, self.pauses, self.equipment = TableCard(look), TableCard(look), TableCard(look)
        self.body = ScrolledBody(look)
        self._shown: Pictured | None = None
        self._build()
        self._connect()
        self._arrange()

    def _build(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        spread(look, column, (0, 10, 0, 0), 10)
        row = QHBoxLayout()
        spread(look, row, (32, 0, 32, 0), 10)
        self._controls = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self._controls, spacing=10)
        which, against_what = QHBoxLayout(), QHBoxLayout()
        for line, widgets in ((which, self._which), (against_what, (self.against_label, self.against_choice))):
            spread(look, line, spacing=10)
            for widget in widgets:
                line.addWidget(widget)
            self._controls.addLayout(line)
        which.addStretch(0)
        against_what.addWidget(self.moment, 1)
        row.addLayout(self._controls, 1)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        inset = QVBoxLayout()
        spread(look, inset, (32, 0, 32, 0), 0)
        inset.addWidget(self.banner)
        column.addLayout(inset)
        stack = self.body.stack
        aside = (self.targets, self.wrong, self.overtakes, self.outcomes, self.classes, self.pauses)
        self._rows = [
            CardRow(look, ((self.tiles,), 1)),
            CardRow(look, ((self.chart,), 63), ((self.ratings,), 37)),
            CardRow(look, ((self.compared,), 1)),
            CardRow(look, ((self.services,), 1)),
            CardRow(look, ((self.heat,), 1)),
            CardRow(look, ((self.windows,), 45), ((self.clerks,), 55)),
            CardRow(look, ((self.measures, self.waits, self.equipment), 50), (aside, 50)),
        ]
        for one in self._rows:
            stack.addLayout(one)
        stack.addStretch(1)
        column.addWidget(self.body, 1)
        for choice in (self.periods, self.against_choice):
            choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            choice.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToContents)

    @property
    def cards(self) -> list[FigureCard]:
        """The cards under the chart, in their order."""
        first = [self.ratings, self.compared, self.services, self.heat, self.windows, self.clerks, self.measures]
        rest = [self.targets, self.wrong, self.overtakes, self.waits, self.classes, self.outcomes, self.pauses]
        rest.append(self.equipment)
        return [*first, *rest]

    def _connect(self) -> None:
        desk = self._desk
        self.earlier.clicked.connect(partial(self._step, -1))
        self.later.clicked.connect(partial(self._step, 1))
        self.day_button.clicked.connect(self.choose_day)
        self.periods.activated.connect(self._choose_period)
        self.against_choice.activated.connect(self._choose_against)
        self.more.wanted.connect(self.menu_wanted)
        pointed: list[FigureTiles | PeriodChart | FigureCard] = [self.tiles, self.chart, *self.cards]
        for one in pointed:
            one.picked.connect(self._lead)
        desk.shown.connect(self._show)
        desk.waiting_changed.connect(self._show_waiting)
        desk.failed.connect(self._fail)
        self._look.changed.connect(self._arrange)

    # -- what is looked at -------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> Wanted:
        return self._desk.wanted

    def open(self) -> None:
        """Read what was looked at before, at first today."""
        if self._desk.can_read:
            self._want(self.wanted)
        else:
            self.body.wait.set_texts(_("This program was started without reports."))
            self.body.show_parts(False)

    def refresh(self, _now: datetime) -> None:
        """Follow the hall, if the period is not over."""
        self._show_wanted()
        if self._shown is not None:
            self._desk.follow()

    def _want(self, wanted: Wanted) -> None:
        self.banner.hide()
        self._desk.want(wanted)
        self._show_wanted()

    def _choose_period(self) -> None:
        period, today = str(self.periods.currentData()), self._controller.day
        known = (NONE, BEFORE) if period == YEAR else (NONE, BEFORE, LAST_YEAR)
        against = self.wanted.against if self.wanted.against in known else NONE
        self._want(Wanted(period, min(self.wanted.day, today), against))

    def _step(self, way: int) -> None:
        first, last = self.wanted.span
        day = first - timedelta(days=1) if way < 0 else last + timedelta(days=1)
        self._want(replace(self.wanted, day=day))

    def choose_day(self) -> None:
        """Ask for another date."""
        dialog = self._ask(_("Which day?"), self.wanted.day)
        dialog.picked.connect(lambda day: self._want(replace(self.wanted, day=day)))

    def _ask(self, title: str, chosen: date) -> DayDialog:
        dialog = DayDialog(
            self.window(),
            self._look,
            title=title,
            chosen=chosen,
            first=self._controller.first_day(),
            last=self._controller.day,
        )
        dialog.open_dialog()
        return dialog

    def _choose_against(self) -> None:
        choice = str(self.against_choice.currentData())
        if choice != OTHER_DATE:
            self._want(replace(self.wanted, against=choice))
            return
        dialog = self._ask(_("Against which day?"), self.wanted.span[0])
        dialog.picked.connect(lambda day: self._want(replace(self.wanted, against=day.isoformat())))
        self._show_wanted()

    def _show_wanted(self) -> None:
        """Let the controls say what is looked at."""
        wanted, today = self.wanted, self._controller.day
        first, last = wanted.span
        self.periods.setCurrentIndex(PERIODS.index(wanted.period))
        self.day_button.setText(span_text(wanted.period, first, last, today))
        self.earlier.setEnabled(first > self._controller.first_day())
        self.later.setEnabled(last < today)
        self._show_choices()
        at = self.against_choice.findData(wanted.against)
        chosen = at if at >= 0 else self.against_choice.findData(OTHER_DATE)
        self.against_choice.setCurrentIndex(chosen)
        for choice in (self.periods, self.against_choice):
            choice.setFont(self._look.font(17))
        self._arrange()

    # -- what was read -----------------------------------------------------------------------------------------------

    def _show_waiting(self, waiting: bool) -> None:
        if waiting:
            first, last = self.wanted.span
            name = span_text(self.wanted.period, first, last, self._controller.day)
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
        setup = self._controller.context.feed.setup
        told = Told(found, setup)
        self._show_moment(told)
        five = tiles(told)
        self.tiles.set_figures(
            _("Figures", context="tab"),
            [tile.figure for tile in five],
            [tile.point for tile in five],
            [tile.third for tile in five],
        )
        self.chart.set_chart(period_chart(told))
        self.ratings.show_ratings(bars.ratings(told), bars.rating_figures(told))
        self.compared.setVisible(found.versus is not None)
        if found.versus is not None:
            said = against(told, found.versus)
            self.compared.show_table(said.table, said.lines)
        self.services.show_table(tables.services(told))
        rows, columns, cells = heat_map(told)
        self.heat.show_map(_("Mean wait by weekday and half-hour, minutes"), rows, columns, cells)
        self.heat.setVisible(found.period != DAY and bool(cells))
        self.windows.show_table(tables.windows(told))
        self.clerks.show_table(tables.clerks(told))
        self.measures.show_table(measures.measures(told))
        self.targets.show_table(measures.targets(told))
        self.wrong.show_bars(bars.wrong_counter(told))
        self.overtakes.show_bars(bars.overtakes(told))
        self.waits.show_table(measures.longest_waits(told))
        self.pauses.show_table(measures.pauses(told))
        devices = measures.equipment(told)
        self.equipment.show_table(devices)
        self.equipment.setVisible(bool(devices.rows))
        self.classes.show_table(measures.classes(told))
        self.outcomes.show_bars(bars.outcomes(told))

    def _show_moment(self, told: Told) -> None:
        local = told.setup.local(told.found.now)
        is_live = told.found.first <= self._controller.day <= told.found.last
        time = time_hm(local)
        self.moment.setText(_("live, {time}", time=time) if is_live else "")

    def _lead(self, behind: Behind) -> None:
        self.behind_wanted.emit(behind.path, behind.first, behind.last, behind.title)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        for i, period in enumerate(PERIODS):
            self.periods.setItemText(i, period_name(period))
        self.periods.setAccessibleName(_("Period"))
        self.against_label.setText(_("Against", context="choice"))
        self.against_choice.setAccessibleName(_("Against", context="choice"))
        for button, name in ((self.earlier, _("Earlier")), (self.later, _("Later"))):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.more.retranslate()
        self._show_wanted()
        if self._desk.is_waiting:
            self._show_waiting(True)
        self._fill()

    def _show_choices(self) -> None:
        """Offer what the period can be held against, in its own words."""
        before = {
            DAY: _("a week before", context="against"),
            WEEK: _("the week before", context="against"),
            MONTH: _("the month before", context="against"),
            QUARTER: _("the quarter before", context="against"),
            YEAR: _("the year before", context="against"),
        }
        words = {NONE: _("nothing", context="against"), BEFORE: before[self.wanted.period]}
        if self.wanted.period != YEAR:
            words[LAST_YEAR] = _("a year before", context="against")
        words[OTHER_DATE] = _("another date …", context="against")
        offered = [(self.against_choice.itemData(at), self.against_choice.itemText(at)) for at in range(len(words))]
        if offered != list(words.items()) or self.against_choice.count() != len(words):
            self.against_choice.clear()
            for choice, word in words.items():
                self.against_choice.addItem(word, choice)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._desk.forget()

    def _arrange(self) -> None:
        """Put cards side by side, and the controls into one row, where that cuts no words."""
        look = self._look
        beside = self.width() >= look.px(BESIDE_FROM)
        for row in self._rows:
            row.lay(beside=beside)
        asked = [*self._which, self.against_label, self.against_choice, self.more]
        needed = sum(widget.sizeHint().width() + look.gap(10) for widget in asked) + look.px(MOMENT)
        ways = QBoxLayout.Direction
        one_row = needed <= self.width() - 2 * look.gap(32)
        self._controls.setDirection(ways.LeftToRight if one_row else ways.TopToBottom)
        self._controls.setStretch(1, int(one_row))

    @property
    def _which(self) -> tuple[QWidget, ...]:
        return (self.periods, self.earlier, self.day_button, self.later)

    def stop(self) -> None:
        self._desk.stop()
