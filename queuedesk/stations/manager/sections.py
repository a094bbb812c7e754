"""Several pages behind one row of tabs (order and waits, staff, reports, quality, improvement); and what belongs to no
page: messages, calls for help, the emergency, alerts that the log does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.sharing import SharedPc, silent_pcs_needing_attention
from queuedesk.core.queue.hallday import begin_of_day, business_date
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.talk.messages import MANAGER
from queuedesk.i18n import _
from queuedesk.i18n.quality import quality_pages_title
from queuedesk.stations.acts.feature_lines import FeatureMessageLines
from queuedesk.stations.acts.own_cases import OwnCasesController
from queuedesk.stations.manager import controller as manager_controller
from queuedesk.stations.manager import pages as manager_pages
from queuedesk.stations.manager.parts import page_controller
from queuedesk.stations.manager.quality.month_rows import THANKS
from queuedesk.stations.manager.today import alert_words
from queuedesk.stations.talk import HELP_KEY, MESSAGE_KEY, TalkController, TalkPresenter
from queuedesk.stations.widgets.buttons import DangerButton, SecondaryButton
from queuedesk.stations.widgets.topbar import SideNav
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import MenuEntry, StationPage

if TYPE_CHECKING:
    from queuedesk.stations.manager.figures.figures_page import FiguresPage
    from queuedesk.stations.manager.figures.report_page import ReportPage
    from queuedesk.stations.manager.quality.cases_page import CasesPage


STAFFING = "staffing"


class WaitsSection(manager_pages.TabbedPages):
    """What features tell of order and waits: the lobby, who was next and why, what was promised."""

    key = manager_pages.WAITS

    def __init__(self, controller: manager_controller.ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._add_feature_tabs()

    def page_name(self) -> str:
        return _("Order and waits")


# -- staff -------------------------------------------------------------------------------------------------------------

SHEETS = "sheets"


class StaffSection(manager_pages.TabbedPages):
    """`roster_wanted` asks for who is planned where."""

    key = manager_pages.STAFF
    roster_wanted = Signal()

    def __init__(self, controller: manager_controller.ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._add_feature_tabs()
        self.pages.rename(SHEETS, self._sheets_tab_title)
        self._waiting = 0

    def _page_signal_handlers(self, key: str) -> dict[str, Any]:
        return {**super()._page_signal_handlers(key), "roster_wanted": self.roster_wanted}

    def _sheets_tab_title(self) -> str:
        return _("Sheets, {n} to decide", n=self._waiting) if self._waiting else _("Sheets")

    def refresh(self, now: datetime) -> None:
        waiting = sum(one.is_open for one in self._controller.hall_state.disputes.values())
        if waiting != self._waiting:
            self._waiting = waiting
            self.name_and_show_tabs()
        super().refresh(now)

    def page_name(self) -> str:
        return _("Staff", context="page")


# -- reports -----------------------------------------------------------------------------------------------------------

FIGURES, PAPER = "figures", "on-paper"


class ReportsSection(manager_pages.TabbedPages):
    """Everything that is made of the hall's figures. `left` leads back to where a paper was opened, `rules_wanted` to
    the set-up's rules, from a tab's page too. A tab's page with `kept_wanted` leads to the kept reports, and
    `kept_picked` gives the one of them to show."""

    key = manager_pages.REPORTS
    left = Signal()
    rules_wanted = Signal()

    def __init__(
        self,
        controller: manager_controller.ManagerController,
        reporting: page_controller.ReportMaker,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(controller, parent)
        self._tab, self._kept_from = FIGURES, alert_words.KEPT
        self._reporting = reporting
        pages = self.pages
        pages.add_lazy_page(FIGURES, "", lambda: _("Figures", context="tab"), self._make_figures_page)
        pages.add_lazy_page(PAPER, "", lambda: _("On paper", context="tab"), self._make_report_page)
        self._add_feature_tabs()
        if manager_pages.is_reader_role(controller.context.who):
            pages.restrict_to_pages(FIGURES, PAPER, *manager_pages.reader_feature_page_keys(self.key))

    # Each page loads its module when it is made: the first frame waits for none of them.

    def _make_report_page(self) -> ReportPage:
        from queuedesk.stations.manager.figures.report_page import ReportPage

        page = ReportPage(self._controller.context.look, self._reporting, self._controller)
        page.set_today(self._controller.business_date)
        page.back.connect(self._close_kept_or_leave)
        return page

    def _make_figures_page(self) -> FiguresPage:
        from queuedesk.stations.manager.figures.figures_controller import FiguresController
        from queuedesk.stations.manager.figures.figures_page import FiguresPage

        return FiguresPage(self._controller, self._own(FiguresController, self._controller.context))

    def page_name(self) -> str:
        return _("Reports", context="page")

    def _page_signal_handlers(self, key: str) -> dict[str, Any]:
        return {
            **super()._page_signal_handlers(key),
            "kept_wanted": partial(self.open_tab, alert_words.KEPT),
            "kept_picked": partial(self._open_kept_reports, tab=key),
            "rules_wanted": self.rules_wanted,
        }

    # -- tabs --------------------------------------------------------------------------------------------------------

    def open_last_tab(self) -> None:
        """Show the tabs as they were left, the figures at first; a history opened from elsewhere is closed."""
        keys = [key for key, _icon, _word in self.pages.entries()]
        self._open_and_refresh_tab(self._tab if self._tab in keys else keys[0])

    def _open_and_refresh_tab(self, key: str) -> None:
        self._tab = key
        self._open_tab_page(key)
        page = self.pages.get_or_make_page(key)
        if key == PAPER:
            self.report_page.open_tab(self._controller.business_date)
        elif key == FIGURES:
            cast("FiguresPage", page).read_last_shown_period()
        else:
            self.pages.refresh(self._controller.context.clock())

    def _open_tab_page(self, key: str, *, alone: bool = False) -> None:
        self.name_and_show_tabs(shown=not alone)
        self.tabs.select_without_signal(key)
        self.pages.open_page(key)

    def open_target(self, place: alert_words.ButtonTarget) -> None:
        """Show what a case or a project cites, the kept reports, or the tab that was left."""
        if place.cites is None and place.page != alert_words.KEPT:
            self.open_last_tab()
            return
        self.open_tab(alert_words.KEPT if place.cites is None else FIGURES)
        if place.cites is not None:
            page: FiguresPage = self.pages.page_if_already_made(FIGURES)
            page.show_citation(place.citing_number, place.cites)

    # -- papers that are opened from elsewhere -----------------------------------------------------------------------

    def show_day_report(self, day: date) -> None:
        """Show the report of a day; its back button leads to where it was asked for."""
        self._open_tab_page(PAPER)
        self.report_page.open_day(day)

    def _open_kept_reports(self, subject: page_controller.ReportSubject, tab: str) -> None:
        self._kept_from = tab
        self._open_tab_page(PAPER)
        self.tabs.select_without_signal(tab)
        self.report_page.open_kept_report(subject)

    def return_from_stored_report(self) -> None:
        self.open_tab(self._kept_from)

    def _close_kept_or_leave(self) -> None:
        if self.report_page.is_kept_report:
            self.return_from_stored_report()
        else:
            self.left.emit()

    def show_ticket_history(self, day: date, label: str) -> None:
        self._open_tab_page(PAPER, alone=True)
        self.report_page.open_ticket_history(day, label)

    @property
    def report_page(self) -> ReportPage:
        """Return the page of papers: a period's report, a ticket's history."""
        return cast("ReportPage", self.pages.get_or_make_page(PAPER))

    @property
    def has_paper_with_way_back(self) -> bool:
        """Whether the paper in front leads back to where it was opened."""
        return self.pages.front_page_key() == PAPER and self.report_page.has_way_back

    def set_today_of_report_page(self, today: date) -> None:
        if self.pages.page_if_already_made(PAPER) is not None:
            self.report_page.set_today(today)

    def refresh_sheet_printer(self) -> None:
        if self.pages.page_if_already_made(PAPER) is not None:
            self.report_page.refresh_sheet_printer()


class HeadMessagesAndFootButtons(QObject):
    """What is told over the page's head, and the buttons above `nav`'s foot: own cases while there are some, and the
    emergency, for who may do something; `say` gets what was done, with an icon."""

    def __init__(self, page: StationPage, nav: SideNav, say: Callable[[str, str], None]) -> None:
        super().__init__(page)
        self._page, self._is_read_only_viewer = page, manager_pages.is_reader_role(page.context.who)
        self.talking = TalkPresenter(page, TalkController(page.context, lambda: MANAGER))
        self.talking.said.connect(say)
        self.feature_lines = FeatureMessageLines(page)
        self.feature_lines.said.connect(say)
        self.own_cases = OwnCasesController(page)
        self.own_cases.said.connect(say)
        self.own_cases.counted.connect(self._show_own_cases_count)
        self.cases_button = SecondaryButton(page.context.look, icon="star", height=44, px=15)
        self.cases_button.hide()
        self.cases_button.clicked.connect(self.own_cases.open_case_duties)
        nav.add_permanent_button(self.cases_button)
        self.emergency_button = DangerButton(page.context.look, icon="warning", height=44, px=16)
        nav.add_permanent_button(self.emergency_button)
        self.talking.add_buttons_disabled_when_away(self.cases_button, self.emergency_button)
        self.emergency_button.clicked.connect(self.talking.open_emergency_dialog)
        self.emergency_button.setHidden(self._is_read_only_viewer)
        keys = (
            ()
            if self._is_read_only_viewer
            else ((MESSAGE_KEY, self.open_message_dialog), (HELP_KEY, self.talking.open_help_dialog))
        )
        for key, act in keys:
            QShortcut(QKeySequence(key), page).activated.connect(act)

    def open_message_dialog(self) -> None:
        self.talking.open_message_dialog()

    def menu_entries(self) -> list[MenuEntry]:
        if self._is_read_only_viewer:
            return []
        enabled = not self.talking.is_away
        return [
            MenuEntry(_("Message", context="talk"), self.open_message_dialog, MESSAGE_KEY, enabled=enabled),
            MenuEntry(_("Call for help"), self.talking.open_help_dialog, HELP_KEY, enabled=enabled),
            *self.talking.own_menu_entries(),
        ]

    def _show_own_cases_count(self, n: int) -> None:
        self.cases_button.setVisible(n > 0)
        self.cases_button.setText(_("Your tasks: {n}", n=n))
        self.cases_button.setToolTip(self.own_cases.duty_counts_line)
        self.cases_button.setAccessibleName(self.own_cases.duty_counts_line)

    def refresh(self) -> None:
        self.own_cases.refresh()
        self.emergency_button.setText(_("Emergency notice"))
        self.feature_lines.refresh()
        self.talking.refresh()


# -- alerts that the hall's log does not hold: reports that can't be written, silent PCs, inspections ------------------

LOOK_AFTER = timedelta(seconds=15)
SETTLED_AFTER = timedelta(minutes=1)
"""PCs that could not reach the server either have given a sign by then, once it is back."""


class ExtraAlertReader(QObject):
    """Reads the hall's PCs, none in a hall of one PC, what inspections are short of, which low ratings wait and which
    warnings came on no paper, which effects fade and what projects ask of an admin, while alerts are asked for."""

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._pcs: Sequence[SharedPc] = ()
        self._told: datetime | None = None
        self._reading = page_controller.BackgroundReader(context, self)
        self._looked: datetime | None = None
        self._failed: datetime | None = None
        self.short, self.low = (
            manager_controller.MissingInspectionsReader(context, self),
            manager_controller.LowRatingsReader(context, self),
        )
        self.unprinted, self.fading = (
            manager_controller.WarningsLeftUnprintedReader(context, self),
            manager_controller.FadedEffectsReader(context, self),
        )
        self.asked = manager_controller.StandardRequestsReader(context, self)

    def alert_texts(self, state: HallState, now: datetime) -> list[alert_words.AlertText]:
        if page_controller.is_out_of_date(self._looked, now, LOOK_AFTER):
            self._start_reading_shared_pcs(now)
        self.short.refresh(now)
        trouble = self._alerts_about_automatic_reports()
        short = [alert_words.missing_inspections_alert(self.short.rows)] if self.short.rows else []
        self.low.refresh(now, (len(state.ratings), len(state.cases), len(state.read_comments)))
        low = alert_words.other_low_ratings_alerts(state, self.low.rows)
        self.unprinted.refresh(now)
        unprinted = alert_words.unprinted_warnings_alerts(self.unprinted.rows)
        projects = tuple(state.projects.values())
        self.fading.refresh(now, (self._context.feed.business_date, projects))
        self.asked.refresh(now, projects)
        fading = alert_words.fading_effect_alerts(set_up(state), self.fading.rows, self._context.who)
        asked = alert_words.standard_request_alerts(set_up(state), self.asked.rows, self._context.who)
        return [*trouble, *self._silent_pc_alerts(state, now), *unprinted, *low, *short, *asked, *fading]

    def _alerts_about_automatic_reports(self) -> list[alert_words.AlertText]:
        trouble = alert_words.automatic_report_trouble_row(self._context.services)
        return [] if trouble is None else [alert_words.report_trouble_alert(trouble)]

    def _silent_pc_alerts(self, state: HallState, now: datetime) -> list[alert_words.AlertText]:
        setup = set_up(state)
        if (
            self._told is None
            or setup.hall.simulated
            or not page_controller.is_out_of_date(self._failed, now, SETTLED_AFTER)
        ):
            return []
        is_working = any(window.state is not WindowState.CLOSED for window in state.windows.values())
        today = begin_of_day(setup, business_date(setup, now))
        # What was read before another page was opened says nothing of the signs that came since.
        missed = silent_pcs_needing_attention(self._pcs, self._told, is_working=is_working, today=today)
        if not missed:
            return []
        from queuedesk.stations.manager.network.words import silent_pcs_alert  # with all words of the set-up's PCs

        return [silent_pcs_alert(setup, missed, now)]

    def _start_reading_shared_pcs(self, now: datetime) -> None:
        sharing = self._context.services.sharing
        if sharing is not None and not self._reading.is_on:
            self._looked = now
            self._reading.read(sharing.pcs_of_hall, partial(self._keep_shared_pcs, now), self._forget_shared_pcs)

    def _keep_shared_pcs(self, asked: datetime, pcs: Sequence[SharedPc]) -> None:
        self._pcs, self._told = pcs, asked

    def _forget_shared_pcs(self, _trouble: QueueDeskError) -> None:
        # Nobody's signs are known now: that the server is away is said by the banner.
        self._pcs, self._failed = (), self._context.clock()


PROJECTS, PROJECT = "projects", "project"


class ImproveSection(manager_pages.TabbedPages):
    """Its pages call themselves Improve in their heads; their tabs tell them apart. `days_wanted` is behind_wanted with
    the dates that are left out."""

    key = manager_pages.IMPROVE
    days_wanted = Signal(str, object, object, str, tuple)

    def __init__(self, controller: manager_controller.ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._add_feature_tabs()

    def _page_signal_handlers(self, key: str) -> dict[str, Any]:
        return {**super()._page_signal_handlers(key), "back": self._return_to_projects, "days_wanted": self.days_wanted}

    def page_name(self) -> str:
        return _("Improve", context="page")

    # -- one project ---------------------------------------------------------------------------------------------------

    @property
    def project_page(self) -> Any:
        """The page of a project, which the feature of that name adds."""
        return self.pages.get_or_make_page(PROJECT)

    def open_project(self, number: int) -> None:
        self.name_and_show_tabs(shown=False)
        self.project_page.open_project(number)
        self.pages.open_page(PROJECT)

    def extra_page_routes(self) -> Mapping[str, Callable[[], None]]:
        going_on = [one.number for one in self._controller.hall_state.projects.values()]
        return {PROJECT: partial(self.open_project, max(going_on))} if going_on and self.pages.has_page(PROJECT) else {}

    def _return_to_projects(self) -> None:
        self.open_tab(PROJECTS)

    def open_tab(self, key: str) -> None:
        self.name_and_show_tabs()
        super().open_tab(key)

    def open_target(self, place: alert_words.ButtonTarget) -> None:
        if place.project:
            self.open_project(place.project)
        else:
            self.open_tab(PROJECTS)


CASES, WHY = "cases", "why"
MONTH = "month"


class QualitySection(manager_pages.TabbedPages):
    """Its pages call themselves Quality in their heads; their tabs tell them apart."""

    key = manager_pages.QUALITY

    def __init__(self, controller: manager_controller.ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self.pages.add_lazy_page(CASES, "", lambda: _("Cases"), self._make_cases_page)
        self._add_feature_tabs()

    def _page_signal_handlers(self, key: str) -> dict[str, Any]:
        of_month = {"case_wanted": self._open_case, "sheet_wanted": self._open_sheet, "tab_wanted": self.open_tab}
        return {**super()._page_signal_handlers(key), **(of_month if key == MONTH else {})}

    def _open_case(self, number: str) -> None:
        self.open_tab(CASES)
        self.pages.page_if_already_made(CASES).show_case(number)

    def _open_sheet(self, inspection: int) -> None:
        self.open_tab(alert_words.INSPECTIONS)
        self.pages.page_if_already_made(alert_words.INSPECTIONS).show_sheet(inspection)

    def _make_cases_page(self) -> CasesPage:
        # Loaded when it is made: the first frame waits for no page.
        from queuedesk.stations.manager.quality.cases_controller import CasesController
        from queuedesk.stations.manager.quality.cases_page import CasesPage

        return CasesPage(self._own(CasesController, self._controller.context))

    def open_target(self, place: alert_words.ButtonTarget) -> None:
        """Show the mystery visit that took a ticket, the inspections, the warnings, the reasons that a case cites, the
        records that a figure counts, or a case."""
        if place.page == alert_words.INSPECTIONS and place.day is not None:
            self.open_mystery_visit(place.day, place.ticket)
        elif place.page == alert_words.INSPECTIONS and place.inspection:
            self._open_sheet(place.inspection)
        elif place.page == alert_words.INSPECTIONS:
            self.open_tab(alert_words.INSPECTIONS)
        elif place.page == alert_words.WARNINGS:
            self.open_tab(THANKS)
        elif place.cites is not None:
            if self.pages.has_page(WHY):
                self.open_tab(WHY)
                self.pages.page_if_already_made(WHY).show_citation(place.citing_number, place.cites)
        elif place.figure and place.day is not None and place.last is not None:
            if self.pages.has_page(MONTH):
                self.open_tab(MONTH)
                self.pages.page_if_already_made(MONTH).show_figure(
                    place.figure, place.day, place.last, place.title, place.back
                )
        else:
            self.open_case(place.case)

    def open_mystery_visit(self, day: date, ticket: str) -> None:
        self.open_tab(alert_words.INSPECTIONS)
        self.pages.page_if_already_made(alert_words.INSPECTIONS).controller.show_visit(day, ticket)

    def open_case(self, number: str = "") -> None:
        self.open_tab(CASES)
        page: CasesPage = self.pages.page_if_already_made(CASES)
        page.show_case_or_overdue(number)

    def page_name(self) -> str:
        return quality_pages_title(self._controller.context.feed.setup.hall)
