"""Quality: what customers say, and what the hall does about it, behind one row of tabs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.i18n.quality.case_words import quality_pages_title
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import QUALITY, TabbedPages
from queuedesk.stations.manager.quality.month_rows import THANKS
from queuedesk.stations.manager.today.alert_words import INSPECTIONS, WARNINGS, ButtonTarget

if TYPE_CHECKING:
    from queuedesk.stations.manager.quality.cases_page import CasesPage

CASES, WHY = "cases", "why"
MONTH = "month"


class QualitySection(TabbedPages):
    """Its pages call themselves Quality in their heads; their tabs tell them apart."""

    key = QUALITY

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self.pages.add_lazy_page(CASES, "", lambda: _("Cases"), self._make_cases_page)
        self._add_features()

    def _signal_handlers(self, key: str) -> dict[str, Any]:
        of_month = {"case_wanted": self._open_case, "sheet_wanted": self._open_sheet, "tab_wanted": self.open_tab}
        return {**super()._signal_handlers(key), **(of_month if key == MONTH else {})}

    def _open_case(self, number: str) -> None:
        self.open_tab(CASES)
        self.pages.made(CASES).show_case(number)

    def _open_sheet(self, inspection: int) -> None:
        self.open_tab(INSPECTIONS)
        self.pages.made(INSPECTIONS).show_sheet(inspection)

    def _make_cases_page(self) -> CasesPage:
        # Loaded when it is made: the first frame waits for no page.
        from queuedesk.stations.manager.quality.cases_controller import CasesController
        from queuedesk.stations.manager.quality.cases_page import CasesPage

        return CasesPage(self._own(CasesController, self._controller.context))

    def go(self, place: ButtonTarget) -> None:
        """Show the mystery visit that took a ticket, the inspections, the warnings, the reasons that a case cites, the
        records that a figure counts, or a case."""
        if place.page == INSPECTIONS and place.day is not None:
            self.open_mystery_visit(place.day, place.ticket)
        elif place.page == INSPECTIONS and place.inspection:
            self._open_sheet(place.inspection)
        elif place.page == INSPECTIONS:
            self.open_tab(INSPECTIONS)
        elif place.page == WARNINGS:
            self.open_tab(THANKS)
        elif place.cites is not None:
            if self.pages.has(WHY):
                self.open_tab(WHY)
                self.pages.made(WHY).show_citation(place.citing, place.cites)
        elif place.figure and place.day is not None and place.last is not None:
            if self.pages.has(MONTH):
                self.open_tab(MONTH)
                self.pages.made(MONTH).show_figure(place.figure, place.day, place.last, place.title, place.back)
        else:
            self.open_case(place.case)

    def open_mystery_visit(self, day: date, ticket: str) -> None:
        self.open_tab(INSPECTIONS)
        self.pages.made(INSPECTIONS).controller.show_visit(day, ticket)

    def open_case(self, number: str = "") -> None:
        self.open_tab(CASES)
        page: CasesPage = self.pages.made(CASES)
        page.show_case_or_overdue(number)

    def name(self) -> str:
        return quality_pages_title(self._controller.context.feed.setup.hall)
