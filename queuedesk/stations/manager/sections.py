"""Lines of the side list that hold several pages behind one row of tabs: order and waits, and reports."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.reporting import KEPT, KeptController, Reporting, Subject
from queuedesk.stations.manager.pages import REPORTS, WAITS, TabbedPages, for_readers, only_looks
from queuedesk.stations.manager.today.alert_words import Place

if TYPE_CHECKING:
    from queuedesk.stations.manager.figures.figures_page import FiguresPage
    from queuedesk.stations.manager.figures.kept_page import KeptPage
    from queuedesk.stations.manager.figures.report_page import ReportPage

STAFFING = "staffing"


class WaitsSection(TabbedPages):
    """What features tell of order and waits: the lobby, who was next and why, what was promised."""

    key = WAITS

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._add_features()

    def name(self) -> str:
        return _("Order and waits")


# -- reports -----------------------------------------------------------------------------------------------------------

FIGURES, PAPER = "figures", "on-paper"


class ReportsSection(TabbedPages):
    """Everything that is made of the hall's figures.

    `left` leads back to where a paper was opened, `rules_wanted` to the set-up's rules. A tab's page with `kept_wanted`
    leads to the kept reports, and `kept_picked` gives the one of them to show.
    """

    key = REPORTS
    left = Signal()
    rules_wanted = Signal()

    def __init__(self, controller: ManagerController, reporting: Reporting, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._tab, self._kept_from = FIGURES, KEPT
        self._reporting = reporting
        self.kept_desk = KeptController(controller.context, parent=self)
        pages = self.pages
        pages.add_late(FIGURES, "", lambda: _("Figures", context="tab"), self._make_figures)
        pages.add_late(PAPER, "", lambda: _("On paper", context="tab"), self._make_report)
        pages.add_late(
            KEPT,
            "",
            lambda: _("Kept", context="tab"),
            self._make_kept,
            offered=lambda: self.kept_desk.can_list,
        )
        self._add_features()
        if only_looks(controller.context.who):
            pages.offer_only(FIGURES, PAPER, *for_readers(self.key))

    # Each page loads its module when it is made: the first frame waits for none of them.

    def _make_report(self) -> ReportPage:
        from queuedesk.stations.manager.figures.report_page import ReportPage

        page = ReportPage(self._controller.context.look, self._reporting, self._controller)
        page.show_today(self._controller.day)
        page.back.connect(self._go_back)
        return page

    def _make_figures(self) -> FiguresPage:
        from queuedesk.stations.manager.figures.figures_controller import FiguresController
        from queuedesk.stations.manager.figures.figures_page import FiguresPage

        return FiguresPage(self._controller, self._own(FiguresController, self._controller.context))

    def name(self) -> str:
        return _("Reports", context="page")

    def _connect(self, key: str, page: QWidget) -> None:
        super()._connect(key, page)
        for name, shows in (
            ("kept_wanted", partial(self.open_tab, KEPT)),
            ("kept_picked", partial(self._show_kept, tab=key)),
        ):
            if hasattr(page, name):
                getattr(page, name).connect(shows)

    # -- tabs --------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the tabs as they were left, the figures at first; a history opened from elsewhere is closed."""
        keys = [key for key, _icon, _word in self.pages.entries()]
        self._pick(self._tab if self._tab in keys else keys[0])

    def _pick(self, key: str) -> None:
        self._tab = key
        self._show(key)
        page = self.pages.page(key)
        if key == PAPER:
            self.report.open_tab(self._controller.day)
        elif key == FIGURES:
            cast("FiguresPage", page).open()
        else:
            self.pages.refresh(self._controller.context.clock())

    def _show(self, key: str, *, alone: bool = False) -> None:
        self.show_tabs(shown=not alone)
        self.tabs.set_current(key)
        self.pages.open(key)

    def go(self, place: Place) -> None:
        """Show what a case or a project cites, the kept reports, or the tab that was left."""
        if place.cites is None and place.page != KEPT:
            self.open()
            return
        self.open_tab(KEPT if place.cites is None else FIGURES)
        if place.cites is not None:
            page: FiguresPage = self.pages.made(FIGURES)
            page.show_cited(place.citing, place.cites)

    # -- papers that are opened from elsewhere -----------------------------------------------------------------------

    def show_day(self, day: date) -> None:
        """Show the report of a day; its back button leads to where it was asked for."""
        self._show(PAPER)
        self.report.open_day(day)

    def _make_kept(self) -> KeptPage:
        from queuedesk.stations.manager.figures.kept_page import KeptPage

        page = KeptPage(self._controller.context.look, self.kept_desk)
        page.opened.connect(self._show_kept)
        page.rules_wanted.connect(self.rules_wanted)
        return page

    def _show_kept(self, subject: Subject, tab: str = KEPT) -> None:
        self._kept_from = tab
        self._show(PAPER)
        self.tabs.set_current(tab)
        self.report.open_kept(subject)

    def close_kept(self) -> None:
        """Go back to the list from which a kept report was opened."""
        self.open_tab(self._kept_from)

    def _go_back(self) -> None:
        if self.report.is_kept:
            self.close_kept()
        else:
            self.left.emit()

    def show_story(self, day: date, label: str) -> None:
        """Show only a ticket's history, as it is printed."""
        self._show(PAPER, alone=True)
        self.report.open_story(day, label)

    @property
    def report(self) -> ReportPage:
        """Return the page of papers: a period's report, a ticket's history."""
        return cast("ReportPage", self.pages.page(PAPER))

    @property
    def shows_paper(self) -> bool:
        """Whether the paper in front leads back to where it was opened."""
        return self.pages.seen() == PAPER and self.report.leads_back

    def show_today(self, today: date) -> None:
        """Follow the business date."""
        if self.pages.made(PAPER) is not None:
            self.report.show_today(today)

    def follow_printer(self) -> None:
        """Note that another printer of tickets may be the usual one for sheets."""
        if self.pages.made(PAPER) is not None:
            self.report.follow_printer()
