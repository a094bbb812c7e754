"""The manager's page: the side list, the page it leads to, and what happens between the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import pages_in
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.quality.case import case_number_of_help_call
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.hall import CALENDAR
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_for_staff, error_sentence, time_hm
from queuedesk.stations.acts.past_days import TodaysForecastFromPastDays
from queuedesk.stations.acts.printer_choice import PrinterChooser
from queuedesk.stations.manager import pages as manager_pages
from queuedesk.stations.manager import sections as page_sections
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.parts.page_controller import ReportMaker
from queuedesk.stations.manager.setup_frame.draft import (
    BACKUPS,
    PARTNERS,
    PCS,
    RULES,
    VOICE,
    SetUpController,
    used_setup_part_names,
)
from queuedesk.stations.manager.tickets.history_page import CASE, INSPECTED, TicketActDialogs, case_number_of_ticket
from queuedesk.stations.manager.today import alert_words, day_acts, today_page, today_words
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.panels import Panel
from queuedesk.stations.widgets.topbar import SideNav
from queuedesk.stations.window import away, frame, style
from queuedesk.stations.window.context import StationContext

if TYPE_CHECKING:
    from queuedesk.stations.manager.figures.report_page import ReportPage
    from queuedesk.stations.manager.quality.case_texts import CaseOpeningDialogs
    from queuedesk.stations.manager.setup_frame.page import SetUpPage
    from queuedesk.stations.manager.tickets.tickets_page import TicketsPage
    from queuedesk.stations.manager.today.notices_page import NoticesPage

REFRESH_S = 5
BRAND = "QueueDesk"


class ManagerView(frame.StationPage):
    """Today, tickets, reports, staff, notices and the set-up behind a side list, and the pages of features."""

    today: manager_pages.LazyPageAttribute[today_page.TodayPage] = manager_pages.LazyPageAttribute(manager_pages.TODAY)
    tickets: manager_pages.LazyPageAttribute[TicketsPage] = manager_pages.LazyPageAttribute(manager_pages.TICKETS)
    notices: manager_pages.LazyPageAttribute[NoticesPage] = manager_pages.LazyPageAttribute(manager_pages.NOTICES)
    setup_page: manager_pages.LazyPageAttribute[SetUpPage] = manager_pages.LazyPageAttribute(manager_pages.SETUP)

    def __init__(
        self,
        context: StationContext,
        controller: ManagerController,
        reporting: ReportMaker,
        desk: SetUpController,
        day_desk: day_acts.AlertNoticeAndNoteController,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        look = context.look
        self.controller, self.reporting, self.set_up_desk = controller, reporting, desk
        for helper in (controller, reporting, desk, day_desk):
            helper.setParent(self)
        self.ways = ManagerNavigation(self)
        self._away_since: datetime | None = None
        self._shown_at: datetime | None = None
        self._follows = True
        # Before the list follows the look: the words of a long list may be higher than the window.
        look.changed.connect(self._fit_list_to_width)
        self.nav = SideNav(look, BRAND)
        self._foot = manager_pages.NavigationFooter(self, self.nav)
        self.stack = pages = manager_pages.ManagerPages(context)
        self.own = manager_pages.ControllerCache(self)
        # The pages of the side list, in its order.
        pages.add_lazy_page(
            manager_pages.TODAY,
            "chart",
            lambda: _("Today", context="page"),
            partial(_create_today_page, self),
            self._refresh_today,
        )
        pages.add_lazy_page(
            manager_pages.TICKETS, "ticket", lambda: _("Tickets", context="page"), partial(_create_tickets_page, self)
        )
        self.quality = pages.add_section("star", page_sections.QualitySection(controller))
        self.waits = pages.add_section("hourglass", page_sections.WaitsSection(controller))
        self.reports = pages.add_section("document", page_sections.ReportsSection(controller, reporting))
        self.improve = pages.add_section("arrow-up", page_sections.ImproveSection(controller))
        self._beside = page_sections.ExtraAlertReader(context, self)
        self.past = TodaysForecastFromPastDays(context, self)
        self.staff = pages.add_section("people", page_sections.StaffSection(controller))
        sections: tuple[manager_pages.TabbedPages, ...] = (
            self.quality,
            self.waits,
            self.reports,
            self.improve,
            self.staff,
        )
        self._tabbed = {section.key: section for section in sections}
        pages.add_lazy_page(
            manager_pages.NOTICES,
            "screen",
            lambda: _("Announce", context="page"),
            partial(_create_notices_page, self),
            self._refresh_notices,
        )
        pages.add_lazy_page(
            manager_pages.SETUP,
            "gear",
            lambda: _("Set-up"),
            partial(_create_set_up_page, self),
            lambda _now: self.setup_page.refresh(self._hall_setup),
        )
        self.behind = manager_pages.DrilldownNavigation(pages, context, self.open_page, self)
        manager_pages.add_feature_pages(pages, controller, self.own, self.refresh_page_list)
        self._build_layout()
        self.toast = Toast(look, self)
        self.acts = TicketActDialogs(self, controller, self.toast)
        self.day_acts = day_acts.DayActDialogs(self, controller, day_desk, self.toast)
        self.printer_choice = PrinterChooser(self, context)
        self._connect_signals()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for tabbed in sections:
            tabbed.refresh_tab_names()
        if manager_pages.is_reader_role(context.who):
            pages.restrict_to_pages(manager_pages.REPORTS, *manager_pages.reader_feature_page_keys())
            pages.open_page(manager_pages.REPORTS)
            self.reports.open_last_tab()
        else:
            pages.open_page(manager_pages.TODAY)
        self.refresh_page_list()
        self.talk.refresh()
        self.refresh()
        self.nav.select_without_signal(pages.front_page_key())
        self.show_hall_away(context.feed.away_since)
        controller.refresh_unannounced_ticket_calls()

    def _build_layout(self) -> None:
        look = self.context.look
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.nav)
        ground = Panel(look)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        row.addWidget(ground, 1)
        self.talk = page_sections.HeadMessagesAndFootButtons(self, self.nav, self._show_said_toast)

    def _connect_feature_page_links(self, key: str, page: QWidget) -> None:
        """Let a page that a feature brings along lead to the tickets of a figure, and to places."""
        if key in {at.key_in_section for at in pages_in("")}:
            manager_pages.connect_signals_by_name(
                page, {"behind_wanted": self.behind.show_figure, "place_wanted": self.ways.open_target}
            )

    def _connect_signals(self) -> None:
        feed, controller = self.context.feed, self.controller
        feed.changed.connect(self._follow_events)
        feed.replaced.connect(self._on_state_replaced)
        self.nav.picked.connect(self._open_page_if_may_leave)
        self.stack.said.connect(self._show_said_toast)
        self.stack.menu_wanted.connect(self.menu_wanted)
        self.reports.left.connect(self.return_from_report)
        self.reports.rules_wanted.connect(partial(self.ways.open_set_up_part, RULES))
        self.staff.roster_wanted.connect(self.ways.open_roster)
        self.stack.built.connect(self._connect_feature_page_links)
        for tabbed in self._tabbed.values():
            tabbed.behind_wanted.connect(self.behind.show_figure)
            tabbed.place_wanted.connect(self.ways.open_target)
        self.improve.days_wanted.connect(self.behind.show_figure)
        self.past.changed.connect(self.refresh)
        self.behind.act_wanted.connect(self.do_ticket_act)
        self.behind.print_wanted.connect(self.show_ticket_history)
        self.printer_choice.said.connect(self._show_said_toast)
        self.printer_choice.chosen.connect(self.reports.refresh_sheet_printer)
        controller.unheard_changed.connect(self._refresh_unheard_strip)
        controller.refused.connect(self._show_refusal_toast)
        QShortcut(QKeySequence(Qt.Key.Key_F6), self).activated.connect(self._toggle_list_and_page_focus)

    @property
    def hall_state(self) -> HallState:
        return self.controller.hall_state

    @property
    def report_page(self) -> ReportPage:
        """Return the page of papers: a period's report, a ticket's history."""
        return self.reports.report_page

    @cached_property
    def case_opening_dialogs(self) -> CaseOpeningDialogs:
        from queuedesk.stations.manager.quality.case_texts import CaseOpeningDialogs

        opening = CaseOpeningDialogs(self.context, lambda: self, self)
        opening.said.connect(self._show_said_toast)
        return opening

    @property
    def _setup_page_if_made(self) -> SetUpPage | None:
        return self.stack.page_if_already_made(manager_pages.SETUP)

    @property
    def _hall_setup(self) -> Setup:
        return set_up(self.hall_state)

    # -- StationPage ---------------------------------------------------------------------------------------------------

    def remake_contents(self) -> bool:
        self.stack.remake_contents()
        self.talk.refresh()
        self.refresh_page_list()
        away.show_or_clear_hall_away_message(self.messages, self.context.feed, self._away_since)
        self.refresh()
        return True

    def tick(self, now: datetime) -> None:
        self._show_time_and_liveness(now)
        if self._shown_at is None or abs((now - self._shown_at).total_seconds()) >= REFRESH_S:
            self.controller.refresh_unannounced_ticket_calls()
            self.refresh()
        elif self.stack.front_page_key() == manager_pages.TODAY:
            self.today.set_windows(today_words.card_texts_by_window(self.hall_state, now))
        self.reports.set_today_of_report_page(self.controller.business_date)
        if self.isVisible():
            # Once the first frame stands, which waits for nothing that past days say. Last, since it may refresh.
            self.past.read(now)

    def show_hall_away(self, since: datetime | None) -> None:
        self._away_since = since
        away.show_or_clear_hall_away_message(self.messages, self.context.feed, since)
        self.stack.set_hall_away(since is not None)
        self._show_time_and_liveness(self.context.clock())

    def menu_entries(self) -> list[frame.MenuEntry]:
        entries = [*self.talk.menu_entries(), *self.printer_choice.menu_entries()]
        page = self._setup_page_if_made
        if page is not None and self.stack.currentWidget() is page and page.may_remove_row:
            remove = _("Remove {name}", name=page.title.text())
            entries.insert(0, frame.MenuEntry(remove, page.ask_row_removal, enabled=self._away_since is None))
        return entries

    def may_close(self) -> bool:
        return not self.stack.unsaved_text()

    def may_sign_out(self) -> bool:
        return self.may_close()

    def visible_page_key(self) -> str:
        return self.ways.visible_page_key()

    def help_key(self) -> str:
        key = self.stack.front_page_key()
        tab = self._tabbed[key].pages.front_page_key() if key in self._tabbed else ""
        return f"manager/{tab or self.visible_page_key().replace(' ', '-')}"

    def show_page_by_key(self, what: str) -> None:
        self.ways.show_page_by_key(what)

    def page_openers(self) -> Mapping[str, Callable[[], None]]:
        known = used_setup_part_names(self._hall_setup.hall)
        parts = {f"{manager_pages.SETUP}-{part}": partial(self.ways.open_set_up_part, part) for part in known}
        return (
            manager_pages.page_openers_by_name(
                self.stack, self.open_page, self._tabbed, self.tickets.open_longest_waited_served_ticket
            )
            | parts
        )

    def closing_effect_text(self) -> str:
        return self.stack.unsaved_text()

    def stop(self) -> None:
        # What ends somebody's time here is told to this page too, and nobody is there to ask for anything any more.
        self._follows = False
        self.reporting.stop()
        self.stack.stop()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        now = self._shown_at = self.context.clock()
        self.stack.refresh(now)

    def _refresh_notices(self, now: datetime) -> None:
        self.notices.refresh(self.hall_state, now, self.controller.business_date)

    def _refresh_today(self, now: datetime) -> None:
        self._show_time_and_liveness(now)
        today_page.fill_today_page(
            self.today,
            self.hall_state,
            self.controller.business_date,
            now,
            self._beside.alert_texts(self.hall_state, now),
        )
        self.today.day.show_day(self.hall_state, self.controller.business_date, now)
        self._refresh_unheard_strip()

    def _refresh_unheard_strip(self) -> None:
        calls = self.controller.unheard
        if self.stack.page_if_already_made(manager_pages.TODAY) is not None:
            self.today.set_unheard_calls_alert(
                alert_words.unheard_calls_alert_text(self._hall_setup, calls) if calls else None
            )

    def _show_time_and_liveness(self, now: datetime) -> None:
        if self.stack.page_if_already_made(manager_pages.TODAY) is None:
            return
        local = self._hall_setup.to_hall_time(now)
        live = _("live")
        if self._away_since is not None:
            live = _("stopped at {time}", time=time_hm(self._away_since))
        self.today.head.set_subtitle(today_words.date_time_live_text(date_for_staff(local.date()), local, live))

    def _follow_events(self, events: list[Event]) -> None:
        if not self._follows:
            return
        if tickets := self.stack.page_if_already_made(manager_pages.TICKETS):
            tickets.follow_events(events)
        self.behind.follow_events(events)
        if any(event.kind == "set-up" for event in events):
            self._rebuild_for_set_up()
        self.refresh()

    def _rebuild_for_set_up(self) -> None:
        """Name everything as the set-up does now. Its own page follows by itself: somebody may be typing there."""
        self.stack.remake_contents(but=manager_pages.SETUP, at_once=False)
        self.refresh_page_list()

    def refresh_page_list(self) -> None:
        self.nav.set_entries(self.stack.entries())
        self._leave_unused_page()
        self._foot.tell(self._hall_setup, self.context.who)

    def _leave_unused_page(self) -> None:
        """Open the first page if the hall no longer uses what the page in front belongs to."""
        section = self._tabbed.get(self.stack.front_page_key())
        if not self.stack.is_front_page_allowed or (section is not None and not section.is_front_page_allowed):
            self.open_page(self._first_page_key)

    @property
    def _first_page_key(self) -> str:
        return self.stack.entries()[0][0]

    def _on_state_replaced(self) -> None:
        if not self._follows:
            return
        if tickets := self.stack.page_if_already_made(manager_pages.TICKETS):
            tickets.reset_page()
        if self.context.feed.was_put_back is False:  # another day has come, of the same hall
            self.refresh_page_list()
            self.refresh()
        else:
            self.remake_contents()

    # -- pages ---------------------------------------------------------------------------------------------------------

    def _open_page_if_may_leave(self, key: str) -> None:
        page = self._setup_page_if_made
        if page is not None and self.stack.currentWidget() is page and not page.may_leave(key):
            self.nav.select_without_signal(manager_pages.SETUP)
            return
        self.open_page(key)

    def open_page(self, key: str) -> None:
        """Show one of the pages of the side list; the first if the hall no longer uses what it belongs to."""
        key = key if self.stack.has_page(key) else self._first_page_key
        self.nav.select_without_signal(key)
        if key == manager_pages.TICKETS:
            # Filled before it is seen: rows that were there already do not come in one by one.
            self.tickets.refresh(self.context.clock())
        self.stack.open_page(key)
        if key in self._tabbed:
            self._tabbed[key].open_last_tab()
        self.refresh()
        self.setFocus()
        if isinstance(page := self.stack.currentWidget(), manager_pages.PageOpenedListener):
            page.on_page_opened()

    def show_todays_report(self) -> None:
        self.nav.select_without_signal(manager_pages.REPORTS)
        self.stack.open_page(manager_pages.REPORTS)
        self.reports.show_day_report(self.controller.business_date)

    def show_ticket_history(self, ticket: Ticket) -> None:
        """Show a ticket's history as it is printed; the back button leads to the list, as it was."""
        self.behind.remember_history_origin()
        self.stack.open_page(manager_pages.REPORTS)
        self.reports.show_ticket_history(ticket.date, ticket.label)

    def return_from_report(self) -> None:
        """Go back to the page from which a report or a history was opened."""
        if self.report_page.is_kept_report:
            self.reports.return_from_stored_report()
            return
        if not (self.report_page.is_ticket_history_shown and self.behind.go_back_to_history_origin_if_due()):
            self.open_page(manager_pages.TICKETS if self.report_page.is_ticket_history_shown else manager_pages.TODAY)

    def do_ticket_act(self, verb: str, ticket: Ticket, state: HallState | None = None) -> None:
        if verb == CASE:
            self.ways.open_or_ask_case_of_ticket(ticket)
        elif verb == INSPECTED:
            self.ways.open_target(
                alert_words.ButtonTarget(alert_words.INSPECTIONS, ticket=ticket.label, day=ticket.date)
            )
        elif verb == "correct":
            self.day_acts.open_ticket_correction(ticket, (state or self.tickets.hall_state).ratings.get(ticket.id))
        else:
            self.acts.do_ticket_act(verb, ticket)

    # -- the list at the side ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_list_to_width()

    def _fit_list_to_width(self) -> None:
        self.nav.set_rail_mode(self.width() < self.context.look.large_px(style.NARROW_UNDER))

    def _toggle_list_and_page_focus(self) -> None:
        """Take the keyboard from the list to the page, or back."""
        focused = QApplication.focusWidget()
        if focused is None or not self.nav.isAncestorOf(focused):
            self.nav.focus_current_entry()
            return
        page = self.stack.currentWidget()
        keys = page.findChildren(QWidget) if page is not None else []
        first = next((key for key in keys if key.focusPolicy() & Qt.FocusPolicy.TabFocus and key.isVisible()), self)
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- saying --------------------------------------------------------------------------------------------------------

    def _show_said_toast(self, text: str, icon: str) -> None:
        self.toast.show_toast(text, icon=icon)

    def _show_refusal_toast(self, verb: str, trouble: QueueDeskError) -> None:
        self.toast.show_toast(error_sentence(trouble), icon="warning")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() == Qt.Key.Key_Escape
            and self.stack.front_page_key() == manager_pages.REPORTS
            and self.reports.has_paper_with_way_back
        ):
            self.return_from_report()
        elif event.key() == Qt.Key.Key_Escape and self.behind.is_in_front:
            self.behind.drilldown_page.go_back()
        elif (
            self.stack.front_page_key() == manager_pages.TICKETS and event.text().isprintable() and event.text().strip()
        ):
            self.tickets.search_for(event.text())
        else:
            super().keyPressEvent(event)


# -- pages that are made when they are first asked for -----------------------------------------------------------------
# Each loads its module then: the first frame, Today, waits for none of them.


def _create_today_page(view: ManagerView) -> today_page.TodayPage:
    page = today_page.TodayPage(view.context.look, view.past)
    page.behind_wanted.connect(view.behind.show_todays_figure)
    page.report_wanted.connect(view.show_todays_report)
    page.place_wanted.connect(view.ways.open_target)
    page.unheard_noted.connect(view.controller.dismiss_unheard_calls)
    page.alert_seen.connect(view.day_acts.acknowledge_alert)
    page.notes_wanted.connect(view.day_acts.open_day_notes)
    return page


def _create_tickets_page(view: ManagerView) -> TicketsPage:
    from queuedesk.stations.manager.tickets.tickets_page import TicketsPage

    page = TicketsPage(view.context.look, view.controller)
    page.past = view.past
    page.print_wanted.connect(view.show_ticket_history)
    page.act_wanted.connect(view.do_ticket_act)
    page.noted.connect(view.stack.said)
    view.day_acts.corrected.connect(page.reread_shown_day)
    return page


def _create_notices_page(view: ManagerView) -> NoticesPage:
    from queuedesk.stations.display.station import DisplayPreview
    from queuedesk.stations.manager.today.notices_page import NoticesPage

    page = NoticesPage(view.context.look, DisplayPreview(view.context))
    page.message_wanted.connect(view.talk.open_message_dialog)
    page.case_wanted.connect(view.ways.open_or_ask_case_of_help_call)
    view.day_acts.connect_notices_page(page)
    return page


def _create_set_up_page(view: ManagerView) -> SetUpPage:
    from queuedesk.stations.manager.setup_frame.page import SetUpPage

    page = SetUpPage(view.context.look, view.set_up_desk, view, view.own)
    page.left.connect(view.open_page)
    page.place_wanted.connect(view.ways.open_target)
    return page


# -- from one page to another ------------------------------------------------------------------------------------------


class ManagerNavigation:
    def __init__(self, view: ManagerView) -> None:
        self._view = view

    def open_target(self, place: alert_words.ButtonTarget) -> None:
        view = self._view
        if not alert_words.has_target_page(set_up(view.hall_state), place):
            return  # It was switched off while the button was there.
        if place.page == manager_pages.TICKETS:
            view.tickets.show_tickets_of_target(place)
            view.open_page(manager_pages.TICKETS)
        elif place.page == manager_pages.SETUP:
            self.open_set_up_part("services", place.service)
        elif place.page in (manager_pages.STAFF, manager_pages.EQUIPMENT):
            view.open_page(place.page)
        elif place.page in (PCS, BACKUPS, PARTNERS, VOICE):
            self.open_set_up_part(place.page)
        elif place.page == CALENDAR and place.day is not None:
            self.open_set_up_part(CALENDAR)
            if (calendar := view.setup_page.own.page_if_already_made(CALENDAR)) is not None:
                calendar.choose_date_or_ask_to_discard(place.day)
        elif place.page in (alert_words.KEPT, manager_pages.REPORTS):
            view.open_page(manager_pages.REPORTS)
            view.reports.open_target(place)
        elif place.page == alert_words.NEW_CASE and place.day is not None:
            view.case_opening_dialogs.ask_case_for_rating(place.ticket, place.day)
        elif place.page == manager_pages.IMPROVE:
            view.open_page(manager_pages.IMPROVE)
            view.improve.open_target(place)
        elif place.page in (alert_words.CASES, alert_words.INSPECTIONS, alert_words.WARNINGS, manager_pages.QUALITY):
            view.open_page(manager_pages.QUALITY)
            view.quality.open_target(place)

    def open_or_ask_case_of_ticket(self, ticket: Ticket) -> None:
        """Show the case about a ticket, or ask for one."""
        if number := case_number_of_ticket(self._view.hall_state, ticket):
            self.open_target(alert_words.ButtonTarget(alert_words.CASES, case=number))
        else:
            self._view.case_opening_dialogs.ask_case_for_long_wait(ticket)

    def open_or_ask_case_of_help_call(self, seq: int) -> None:
        state = self._view.hall_state
        if number := case_number_of_help_call(state.cases.values(), seq):
            self.open_target(alert_words.ButtonTarget(alert_words.CASES, case=number))
        elif seq in state.help_calls:
            self._view.case_opening_dialogs.ask_case_for_help_call(state.help_calls[seq])

    def open_set_up_part(self, part: str, code: str = "") -> None:
        """Show a part of the set-up, and optionally a row: before the page comes, which shows its first part else."""
        if code:
            self._view.setup_page.open_row(part, code)
        else:
            self._view.setup_page.open_set_up_part(part)
        self._view.open_page(manager_pages.SETUP)

    def open_roster(self) -> None:
        self._view.open_page(manager_pages.WAITS)
        self._view.waits.open_tab(page_sections.STAFFING)

    def visible_page_key(self) -> str:
        """Return the visible page, and for the set-up its part, so that a rebuilt page can show it again."""
        key = self._view.stack.front_page_key()
        return f"{key} {self._view.setup_page.part}" if key == manager_pages.SETUP else key

    def show_page_by_key(self, what: str) -> None:
        key, _, part = what.partition(" ")
        if part:
            self.open_set_up_part(part)
        elif key in [each for each, _icon, _word in self._view.stack.entries()]:
            self._view.open_page(key)


ROLES = ("manager", "admin", "reader")


def build_station_page(context: StationContext) -> frame.StationPage:
    """Return the manager's page for the hall and person of `context`."""
    return ManagerView(
        context,
        ManagerController(context),
        ReportMaker(context),
        SetUpController(context),
        day_acts.AlertNoticeAndNoteController(context),
    )
