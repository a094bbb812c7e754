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
from queuedesk.core.quality.case import case_of_call
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.hall import CALENDAR
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, day_staff, say, time_hm
from queuedesk.stations.acts.past_days import PastDays
from queuedesk.stations.acts.printer_choice import PrinterChoice
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.reporting import Reporting
from queuedesk.stations.manager.improvement.improve_section import ImproveSection
from queuedesk.stations.manager.pages import (
    EQUIPMENT,
    IMPROVE,
    NOTICES,
    QUALITY,
    REPORTS,
    SETUP,
    STAFF,
    TICKETS,
    TODAY,
    WAITS,
    CameTo,
    Controllers,
    DrilldownNavigation,
    LatePage,
    NavFoot,
    Pages,
    TabbedPages,
    add_pages_of_features,
    connect_wishes,
    for_readers,
    only_looks,
    ways_by_name,
)
from queuedesk.stations.manager.quality.quality_section import QualitySection
from queuedesk.stations.manager.sections import STAFFING, BesideAlerts, ManagerTalk, ReportsSection, WaitsSection
from queuedesk.stations.manager.setup_frame.draft import BACKUPS, PARTNERS, PCS, RULES, VOICE, parts_of
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.manager.tickets.history_page import CASE, INSPECTED, TicketActs, case_about
from queuedesk.stations.manager.today.alert_words import (
    CASES,
    INSPECTIONS,
    KEPT,
    NEW_CASE,
    WARNINGS,
    Place,
    is_there,
    unheard_text,
)
from queuedesk.stations.manager.today.day_acts import DayActs
from queuedesk.stations.manager.today.day_controller import DayController
from queuedesk.stations.manager.today.today_page import StaffSection, TodayPage, fill_today
from queuedesk.stations.manager.today.today_words import moment_line, window_cards
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.panels import Panel
from queuedesk.stations.widgets.topbar import SideNav
from queuedesk.stations.window.away import tell_away
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import MenuEntry, StationPage
from queuedesk.stations.window.style import NARROW_UNDER

if TYPE_CHECKING:
    from queuedesk.stations.manager.figures.report_page import ReportPage
    from queuedesk.stations.manager.quality.case_texts import CaseOpening
    from queuedesk.stations.manager.setup_frame.page import SetUpPage
    from queuedesk.stations.manager.tickets.tickets_page import TicketsPage
    from queuedesk.stations.manager.today.notices_page import NoticesPage

REFRESH_S = 5
BRAND = "QueueDesk"


class ManagerView(StationPage):
    """Today, tickets, reports, staff, notices and the set-up behind a side list, and the pages of features."""

    today: LatePage[TodayPage] = LatePage(TODAY)
    tickets: LatePage[TicketsPage] = LatePage(TICKETS)
    notices: LatePage[NoticesPage] = LatePage(NOTICES)
    setup_page: LatePage[SetUpPage] = LatePage(SETUP)

    def __init__(
        self,
        context: StationContext,
        controller: ManagerController,
        reporting: Reporting,
        desk: SetUpController,
        day_desk: DayController,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        look = context.look
        self.controller, self.reporting, self.set_up_desk = controller, reporting, desk
        for helper in (controller, reporting, desk, day_desk):
            helper.setParent(self)
        self.ways = Navigation(self)
        self._away_since: datetime | None = None
        self._shown_at: datetime | None = None
        self._follows = True
        # Before the list follows the look: the words of a long list may be higher than the window.
        look.changed.connect(self._fit_list)
        self.nav = SideNav(look, BRAND)
        self._foot = NavFoot(self, self.nav)
        self.stack = pages = Pages(context)
        self.own = Controllers(self)
        # The pages of the side list, in its order.
        pages.add_late(TODAY, "chart", lambda: _("Today", context="page"), partial(_today_page, self), self._show_today)
        pages.add_late(TICKETS, "ticket", lambda: _("Tickets", context="page"), partial(_tickets_page, self))
        self.quality = pages.add_section("star", QualitySection(controller))
        self.waits = pages.add_section("hourglass", WaitsSection(controller))
        self.reports = pages.add_section("document", ReportsSection(controller, reporting))
        self.improve = pages.add_section("arrow-up", ImproveSection(controller))
        self._beside = BesideAlerts(context, self)
        self.past = PastDays(context, self)
        self.staff = pages.add_section("people", StaffSection(controller))
        sections: tuple[TabbedPages, ...] = self.quality, self.waits, self.reports, self.improve, self.staff
        self._tabbed = {section.key: section for section in sections}
        pages.add_late(
            NOTICES, "screen", lambda: _("Announce", context="page"), partial(_notices_page, self), self._show_notices
        )
        pages.add_late(
            SETUP,
            "gear",
            lambda: _("Set-up"),
            partial(_set_up_page, self),
            lambda _now: self.setup_page.refresh(self._setup),
        )
        self.behind = DrilldownNavigation(pages, context, self.open_page, self)
        add_pages_of_features(pages, controller, self.own, self.show_list)
        self._build()
        self.toast = Toast(look, self)
        self.acts = TicketActs(self, controller, self.toast)
        self.day_acts = DayActs(self, controller, day_desk, self.toast)
        self.printer_choice = PrinterChoice(self, context)
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for tabbed in sections:
            tabbed.name_tabs()
        if only_looks(context.who):
            pages.offer_only(REPORTS, *for_readers())
            pages.open(REPORTS)
            self.reports.open()
        else:
            pages.open(TODAY)
        self.show_list()
        self.talk.refresh()
        self.refresh()
        self.nav.set_current(pages.seen())
        self.show_away(context.feed.away_since)
        controller.look_for_unheard()

    def _build(self) -> None:
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
        self.talk = ManagerTalk(self, self.nav, self._say)

    def _lead_from(self, key: str, page: QWidget) -> None:
        """Let a page that a feature brings along lead to the tickets of a figure, and to places."""
        if key in {at.own_key for at in pages_in("")}:
            connect_wishes(page, {"behind_wanted": self.behind.show, "place_wanted": self.ways.go})

    def _connect(self) -> None:
        feed, controller = self.context.feed, self.controller
        feed.changed.connect(self._changed)
        feed.replaced.connect(self._replaced)
        self.nav.picked.connect(self._pick)
        self.stack.said.connect(self._say)
        self.stack.menu_wanted.connect(self.menu_wanted)
        self.reports.left.connect(self.leave_report)
        self.reports.rules_wanted.connect(partial(self.ways.open_part, RULES))
        self.staff.roster_wanted.connect(self.ways.open_roster)
        self.stack.built.connect(self._lead_from)
        for tabbed in self._tabbed.values():
            tabbed.behind_wanted.connect(self.behind.show)
            tabbed.place_wanted.connect(self.ways.go)
        self.improve.days_wanted.connect(self.behind.show)
        self.past.changed.connect(self.refresh)
        self.behind.act_wanted.connect(self.act)
        self.behind.print_wanted.connect(self.show_story)
        self.printer_choice.said.connect(self._say)
        self.printer_choice.chosen.connect(self.reports.follow_printer)
        controller.unheard_changed.connect(self._show_unheard)
        controller.refused.connect(self._say_refusal)
        QShortcut(QKeySequence(Qt.Key.Key_F6), self).activated.connect(self._step_over)

    @property
    def state(self) -> HallState:
        return self.controller.state

    @property
    def report(self) -> ReportPage:
        """Return the page of papers: a period's report, a ticket's history."""
        return self.reports.report

    @cached_property
    def case_opening(self) -> CaseOpening:
        from queuedesk.stations.manager.quality.case_texts import CaseOpening

        opening = CaseOpening(self.context, lambda: self, self)
        opening.said.connect(self._say)
        return opening

    @property
    def _set_up_page(self) -> SetUpPage | None:
        return self.stack.made(SETUP)

    @property
    def _setup(self) -> Setup:
        return set_up(self.state)

    # -- StationPage ---------------------------------------------------------------------------------------------------

    def make_anew(self) -> bool:
        self.stack.make_anew()
        self.talk.refresh()
        self.show_list()
        tell_away(self.messages, self.context.feed, self._away_since)
        self.refresh()
        return True

    def tick(self, now: datetime) -> None:
        self._show_moment(now)
        if self._shown_at is None or abs((now - self._shown_at).total_seconds()) >= REFRESH_S:
            self.controller.look_for_unheard()
            self.refresh()
        elif self.stack.seen() == TODAY:
            self.today.set_windows(window_cards(self.state, now))
        self.reports.show_today(self.controller.day)
        if self.isVisible():
            # Once the first frame stands, which waits for nothing that past days say. Last, since it may refresh.
            self.past.read(now)

    def show_away(self, since: datetime | None) -> None:
        self._away_since = since
        tell_away(self.messages, self.context.feed, since)
        self.stack.set_away(since is not None)
        self._show_moment(self.context.clock())

    def menu_entries(self) -> list[MenuEntry]:
        entries = [*self.talk.entries(), *self.printer_choice.menu_entries()]
        page = self._set_up_page
        if page is not None and self.stack.currentWidget() is page and page.may_remove:
            remove = _("Remove {name}", name=page.title.text())
            entries.insert(0, MenuEntry(remove, page.ask_remove, enabled=self._away_since is None))
        return entries

    def may_close(self) -> bool:
        return not (self._set_up_is_changed or self.stack.unsaved())

    def may_sign_out(self) -> bool:
        return self.may_close()

    @property
    def _set_up_is_changed(self) -> bool:
        return self._set_up_page is not None and self._set_up_page.is_changed

    def seen(self) -> str:
        return self.ways.seen()

    def help_key(self) -> str:
        key = self.stack.seen()
        tab = self._tabbed[key].pages.seen() if key in self._tabbed else ""
        return f"manager/{tab or self.seen().replace(' ', '-')}"

    def see(self, what: str) -> None:
        self.ways.see(what)

    def pages(self) -> Mapping[str, Callable[[], None]]:
        known = parts_of(self._setup.hall)
        parts = {f"{SETUP}-{part}": partial(self.ways.open_part, part) for part in known}
        return ways_by_name(self.stack, self.open_page, self._tabbed, self.tickets.show_longest) | parts

    def closing_effect(self) -> str:
        if self._set_up_is_changed:
            return _("What you typed in the set-up is not saved yet.")
        return self.stack.unsaved()

    def stop(self) -> None:
        # What ends somebody's time here is told to this page too, and nobody is there to ask for anything any more.
        self._follows = False
        self.reporting.stop()
        self.stack.stop()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        now = self._shown_at = self.context.clock()
        self.stack.refresh(now)

    def _show_notices(self, now: datetime) -> None:
        self.notices.refresh(self.state, now, self.controller.day)

    def _show_today(self, now: datetime) -> None:
        self._show_moment(now)
        fill_today(self.today, self.state, self.controller.day, now, self._beside.texts(self.state, now))
        self.today.day.show(self.state, self.controller.day, now)
        self._show_unheard()

    def _show_unheard(self) -> None:
        calls = self.controller.unheard
        if self.stack.made(TODAY) is not None:
            self.today.set_unheard(unheard_text(self._setup, calls) if calls else None)

    def _show_moment(self, now: datetime) -> None:
        if self.stack.made(TODAY) is None:
            return
        local = self._setup.local(now)
        live = _("live")
        if self._away_since is not None:
            live = _("stopped at {time}", time=time_hm(self._away_since))
        self.today.head.set_line(moment_line(day_staff(local.date()), local, live))

    def _changed(self, events: list[Event]) -> None:
        if not self._follows:
            return
        if tickets := self.stack.made(TICKETS):
            tickets.follow(events)
        self.behind.follow(events)
        if any(event.kind == "set-up" for event in events):
            self._follow_setup()
        self.refresh()

    def _follow_setup(self) -> None:
        """Name everything as the set-up does now. Its own page follows by itself: somebody may be typing there."""
        self.stack.make_anew(but=SETUP, at_once=False)
        self.show_list()

    def show_list(self) -> None:
        self.nav.set_entries(self.stack.entries())
        self._leave_what_went()
        self._foot.tell(self._setup, self.context.who)

    def _leave_what_went(self) -> None:
        """Open the first page if the hall no longer uses what the page in front belongs to."""
        section = self._tabbed.get(self.stack.seen())
        if not self.stack.has_front or (section is not None and not section.has_front):
            self.open_page(self._first)

    @property
    def _first(self) -> str:
        return self.stack.entries()[0][0]

    def _replaced(self) -> None:
        if not self._follows:
            return
        if tickets := self.stack.made(TICKETS):
            tickets.start_over()
        if self.context.feed.was_put_back is False:  # another day has come, of the same hall
            self.show_list()
            self.refresh()
        else:
            self.make_anew()

    # -- pages ---------------------------------------------------------------------------------------------------------

    def _pick(self, key: str) -> None:
        page = self._set_up_page
        if page is not None and self.stack.currentWidget() is page and not page.may_leave(key):
            self.nav.set_current(SETUP)
            return
        self.open_page(key)

    def open_page(self, key: str) -> None:
        """Show one of the pages of the side list; the first if the hall no longer uses what it belongs to."""
        key = key if self.stack.has(key) else self._first
        self.nav.set_current(key)
        if key == TICKETS:
            # Filled before it is seen: rows that were there already do not come in one by one.
            self.tickets.refresh(self.context.clock())
        self.stack.open(key)
        if key in self._tabbed:
            self._tabbed[key].open()
        self.refresh()
        self.setFocus()
        if isinstance(page := self.stack.currentWidget(), CameTo):
            page.came_to()

    def show_report(self) -> None:
        self.nav.set_current(REPORTS)
        self.stack.open(REPORTS)
        self.reports.show_day(self.controller.day)

    def show_story(self, ticket: Ticket) -> None:
        """Show a ticket's history as it is printed; the back button leads to the list, as it was."""
        self.behind.note_story()
        self.stack.open(REPORTS)
        self.reports.show_story(ticket.date, ticket.label)

    def leave_report(self) -> None:
        """Go back to the page from which a report or a history was opened."""
        if self.report.is_kept:
            self.reports.close_kept()
            return
        if not (self.report.is_story and self.behind.back_from_story()):
            self.open_page(TICKETS if self.report.is_story else TODAY)

    def act(self, verb: str, ticket: Ticket, state: HallState | None = None) -> None:
        if verb == CASE:
            self.ways.open_case_of(ticket)
        elif verb == INSPECTED:
            self.ways.go(Place(INSPECTIONS, ticket=ticket.label, day=ticket.date))
        elif verb == "correct":
            self.day_acts.open_correction(ticket, (state or self.tickets.state).ratings.get(ticket.id))
        else:
            self.acts.do(verb, ticket)

    # -- the list at the side ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_list()

    def _fit_list(self) -> None:
        self.nav.set_rail(self.width() < self.context.look.wide(NARROW_UNDER))

    def _step_over(self) -> None:
        """Take the keyboard from the list to the page, or back."""
        focused = QApplication.focusWidget()
        if focused is None or not self.nav.isAncestorOf(focused):
            self.nav.take_focus()
            return
        page = self.stack.currentWidget()
        keys = page.findChildren(QWidget) if page is not None else []
        first = next((key for key in keys if key.focusPolicy() & Qt.FocusPolicy.TabFocus and key.isVisible()), self)
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- saying --------------------------------------------------------------------------------------------------------

    def _say(self, text: str, icon: str) -> None:
        self.toast.show_toast(text, icon=icon)

    def _say_refusal(self, verb: str, trouble: QueueDeskError) -> None:
        self.toast.show_toast(say(trouble), icon="warning")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.stack.seen() == REPORTS and self.reports.shows_paper:
            self.leave_report()
        elif event.key() == Qt.Key.Key_Escape and self.behind.is_seen:
            self.behind.page.go_back()
        elif self.stack.seen() == TICKETS and event.text().isprintable() and event.text().strip():
            self.tickets.search_for(event.text())
        else:
            super().keyPressEvent(event)


# -- pages that are made when they are first asked for -----------------------------------------------------------------
# Each loads its module then: the first frame, Today, waits for none of them.


def _today_page(view: ManagerView) -> TodayPage:
    page = TodayPage(view.context.look, view.past)
    page.behind_wanted.connect(view.behind.show_today)
    page.report_wanted.connect(view.show_report)
    page.place_wanted.connect(view.ways.go)
    page.unheard_noted.connect(view.controller.note_unheard)
    page.alert_seen.connect(view.day_acts.see)
    page.notes_wanted.connect(view.day_acts.open_notes)
    return page


def _tickets_page(view: ManagerView) -> TicketsPage:
    from queuedesk.stations.manager.tickets.tickets_page import TicketsPage

    page = TicketsPage(view.context.look, view.controller)
    page.past = view.past
    page.print_wanted.connect(view.show_story)
    page.act_wanted.connect(view.act)
    page.noted.connect(view.stack.said)
    view.day_acts.corrected.connect(page.read_again)
    return page


def _notices_page(view: ManagerView) -> NoticesPage:
    from queuedesk.stations.display.station import DisplayPreview
    from queuedesk.stations.manager.today.notices_page import NoticesPage

    page = NoticesPage(view.context.look, DisplayPreview(view.context))
    page.message_wanted.connect(view.talk.open_message)
    page.case_wanted.connect(view.ways.open_case_of_call)
    view.day_acts.serve(page)
    return page


def _set_up_page(view: ManagerView) -> SetUpPage:
    from queuedesk.stations.manager.setup_frame.page import SetUpPage

    page = SetUpPage(view.context.look, view.set_up_desk, view, view.own)
    page.left.connect(view.open_page)
    page.place_wanted.connect(view.ways.go)
    return page


# -- from one page to another ------------------------------------------------------------------------------------------


class Navigation:
    def __init__(self, view: ManagerView) -> None:
        self._view = view

    def go(self, place: Place) -> None:
        view = self._view
        if not is_there(set_up(view.state), place):
            return  # It was switched off while the button was there.
        if place.page == TICKETS:
            view.tickets.show_place(place)
            view.open_page(TICKETS)
        elif place.page == SETUP:
            self.open_part("services", place.service)
        elif place.page in (STAFF, EQUIPMENT):
            view.open_page(place.page)
        elif place.page in (PCS, BACKUPS, PARTNERS, VOICE):
            self.open_part(place.page)
        elif place.page == CALENDAR and place.day is not None:
            self.open_part(CALENDAR)
            if (calendar := view.setup_page.own.made(CALENDAR)) is not None:
                calendar.go(place.day)
        elif place.page in (KEPT, REPORTS):
            view.open_page(REPORTS)
            view.reports.go(place)
        elif place.page == NEW_CASE and place.day is not None:
            view.case_opening.ask_about_rating(place.ticket, place.day)
        elif place.page == IMPROVE:
            view.open_page(IMPROVE)
            view.improve.go(place)
        elif place.page in (CASES, INSPECTIONS, WARNINGS, QUALITY):
            view.open_page(QUALITY)
            view.quality.go(place)

    def open_case_of(self, ticket: Ticket) -> None:
        """Show the case about a ticket, or ask for one."""
        if number := case_about(self._view.state, ticket):
            self.go(Place(CASES, case=number))
        else:
            self._view.case_opening.ask_about_wait(ticket)

    def open_case_of_call(self, seq: int) -> None:
        state = self._view.state
        if number := case_of_call(state.cases.values(), seq):
            self.go(Place(CASES, case=number))
        elif seq in state.help_calls:
            self._view.case_opening.ask_about_help(state.help_calls[seq])

    def open_part(self, part: str, code: str = "") -> None:
        """Show a part of the set-up, and optionally a row: before the page comes, which shows its first part else."""
        if code:
            self._view.setup_page.open_row(part, code)
        else:
            self._view.setup_page.open_part(part)
        self._view.open_page(SETUP)

    def open_roster(self) -> None:
        self._view.open_page(WAITS)
        self._view.waits.open_tab(STAFFING)

    def seen(self) -> str:
        """Return the visible page, and for the set-up its part, so that a rebuilt page can show it again."""
        key = self._view.stack.seen()
        return f"{key} {self._view.setup_page.part}" if key == SETUP else key

    def see(self, what: str) -> None:
        key, _, part = what.partition(" ")
        if part:
            self.open_part(part)
        elif key in [each for each, _icon, _word in self._view.stack.entries()]:
            self._view.open_page(key)


ROLES = ("manager", "admin", "reader")


def build(context: StationContext) -> StationPage:
    """Return the manager's page for the hall and person of `context`."""
    return ManagerView(
        context, ManagerController(context), Reporting(context), SetUpController(context), DayController(context)
    )
