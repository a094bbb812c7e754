"""Staff: who worked where today, and a month of each person's work, behind one row of tabs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import STAFF, TabbedPages

if TYPE_CHECKING:
    from queuedesk.stations.manager.today.staff_page import StaffPage

TODAY, SHEETS = "staff-today", "sheets"


class StaffSection(TabbedPages):
    """`roster_wanted` asks for who is planned where."""

    key = STAFF
    roster_wanted = Signal()

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self.pages.add_late(TODAY, "", lambda: _("Today", context="page"), self._make_today, self._show_today)
        self._add_features()
        self.pages.rename(SHEETS, self._sheets_name)
        self._waiting = 0

    # Each loads its module when it is made: the first frame waits for none of them.

    def _make_today(self) -> StaffPage:
        from queuedesk.stations.manager.today.staff_page import StaffPage

        feed = self._controller.context.feed
        page = StaffPage(self._controller.context.look, lambda: feed.setup.uses("windows_needed"))
        page.roster_wanted.connect(self.roster_wanted)
        return page

    def _show_today(self, now: datetime) -> None:
        self.today.refresh(self._controller.state, self._controller.day, now)

    def _sheets_name(self) -> str:
        return _("Sheets, {n} to decide", n=self._waiting) if self._waiting else _("Sheets")

    def refresh(self, now: datetime) -> None:
        waiting = sum(one.is_open for one in self._controller.state.disputes.values())
        if waiting != self._waiting:
            self._waiting = waiting
            self.show_tabs()
        super().refresh(now)

    @property
    def today(self) -> StaffPage:
        return cast("StaffPage", self.pages.page(TODAY))

    def name(self) -> str:
        return _("Staff", context="page")
