"""Halls: those that the manager may look at side by side, live, and the day of the one that was pressed, to look at only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import set_up
from queuedesk.i18n import _, day_staff, n_, named, time_hm
from queuedesk.stations.manager.figures.halls_controller import HallsController
from queuedesk.stations.manager.figures.halls_rows import HallList
from queuedesk.stations.manager.figures.halls_words import hall_text
from queuedesk.stations.manager.pages import Pages
from queuedesk.stations.manager.parts.page_head import PageHead
from queuedesk.stations.manager.today.alert_words import alert_texts
from queuedesk.stations.manager.today.today_filling import fill_today
from queuedesk.stations.manager.today.today_page import TodayPage
from queuedesk.stations.manager.today.today_words import moment_line, window_needs
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.context import StationContext

HALLS = "halls"


class HallsPage(QStackedWidget):
    """The list, and in its place the day of one hall. `said` is a notice with its icon."""

    said = Signal(str, str)
    menu_wanted = Signal(QPoint)

    def __init__(self, controller: HallsController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        look = self._look = controller.context.look
        self.head = PageHead(look)
        self.halls = HallList(look)
        self._list = QWidget()
        column = QVBoxLayout(self._list)
        spread(look, column, (32, 8, 32, 24), 12)
        column.addWidget(self.head)
        column.addWidget(self.halls, 1)
        column.addStretch(0)
        self.addWidget(self._list)
        self.day: TodayPage | None = None
        self.back_button = SecondaryButton(look, "", icon="arrow-left", key="Esc")
        self.back_button.hide()
        self.back_button.setParent(self)
        self._code = ""
        self.head.more.wanted.connect(self.menu_wanted)
        self.halls.picked.connect(self.open)
        self.back_button.clicked.connect(self.go_back)
        controller.looked.connect(self._show)
        controller.failed.connect(self._show_line)

    # -- one hall ----------------------------------------------------------------------------------------------------

    def open(self, code: str) -> None:
        """Show the day of a hall; it follows the hall as the list does."""
        self._code = code
        if self.day is None:
            self.day = self._make_day()
        self._show()
        self.setCurrentWidget(self.day)
        self.back_button.setFocus()

    def go_back(self) -> None:
        """Show the list again, at the hall that was looked at."""
        self.setCurrentWidget(self._list)
        row = self.halls.rows.get(self._code)
        self._code = ""
        if row is not None:
            row.setFocus()

    def _make_day(self) -> TodayPage:
        """Return the page of a day without what is done there: it is done at that hall's own stations."""
        day = TodayPage(self._look)
        for button in (day.note_button, day.report_button):
            button.hide()
        day.head.add_button(self.back_button)
        self.back_button.show()
        day.head.more.wanted.connect(self.menu_wanted)
        for asked in (day.place_wanted, day.alert_seen, day.notes_wanted, day.unheard_noted, day.behind_wanted):
            asked.connect(self._say_look_only)
        self.addWidget(day)
        day.retranslate()
        return day

    def _say_look_only(self, *_asked: object) -> None:
        self.said.emit(_("Here you look on only; this hall's own stations have the rest."), "info")

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Read at once; while the page is seen it is read every second anyway."""
        self._controller.look()

    def retranslate(self) -> None:
        self.head.set_title(_("Halls"))
        self.halls.setAccessibleName(_("Halls"))
        self.back_button.setText(_("All halls"))
        if self.day is not None:
            self.day.retranslate()
        self._show()

    def _show(self) -> None:
        context = self._controller.context
        now = context.clock()
        states = ((one, self._controller.state_of(one.code)) for one in self._controller.rows)
        self.halls.set_halls([hall_text(one, state, context.feed.setup, now) for one, state in states if state])
        self._show_line()
        if self._code:
            self._show_day(now)

    def _show_day(self, now: datetime) -> None:
        state = self._controller.state_of(self._code)
        if self.day is None or state is None:  # It may be looked at no longer.
            self.go_back()
            return
        setup = set_up(state)
        fill_today(self.day, state, business_date(setup, now), now)
        # Without kind and button nothing is offered to be done about them.
        self.day.set_alerts([replace(text, kind="", button="") for text in alert_texts(state, now)])
        self.day.set_window_needs(*window_needs(setup))
        self.day.head.set_title(named(setup.hall.name, setup.hall.name_en))
        self.day.head.set_line(self._moment(setup.local(now)))

    def _show_line(self, _trouble: object = None) -> None:
        count = n_("{n} hall", "{n} halls", len(self._controller.rows))
        local = self._controller.context.feed.setup.local(self._controller.context.clock())
        self.head.set_line(f"{count} · {self._moment(local)}")

    def _moment(self, local: datetime) -> str:
        since = self._controller.context.feed.away_since
        live = _("live") if since is None else _("stopped at {time}", time=time_hm(since))
        return moment_line(day_staff(local.date()), local, live)

    # -- seen or not -------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._controller.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._controller.watch(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._code:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        self._controller.stop()


class HallsWay(QObject):
    """Has the page in the side list as soon as somebody is here who may look at several halls; `offered` is then called."""

    def __init__(
        self, pages: Pages, context: StationContext, offered: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.controller = HallsController(context, parent=self)
        pages.add_late(
            HALLS,
            "building",
            lambda: _("Halls"),
            lambda: HallsPage(self.controller),
            offered=lambda: self.controller.are_several,
        )
        self.controller.several.connect(offered)
        # Not before the station is built: who asks at once may be answered at once.
        QTimer.singleShot(0, self, self.controller.start)
