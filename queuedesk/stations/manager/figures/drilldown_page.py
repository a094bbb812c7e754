"""The tickets behind a figure: a table to sort and to save, with the ticket's story behind a row and Back; and the
menu of open cases and projects that may cite it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.comparing import COUNT, figure_kind
from queuedesk.core.figures.drilldown_rows import FigureDrilldown, FigureRowDetails
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.core.quality.figures import ticket_number_in_path
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, n_, time_hm
from queuedesk.i18n.figures import ribbon_words as words
from queuedesk.i18n.figures.figure_titles import date_range_or_period_name, dates_or_count_text
from queuedesk.i18n.quality import case_title_or_origin
from queuedesk.stations.manager.figures.figures_controller import CitingController, DrilldownController, FigureRequest
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.tickets.history_page import TicketHistoryPage
from queuedesk.stations.manager.today.alert_words import CASES, IMPROVE, PROJECT, ButtonTarget
from queuedesk.stations.widgets.buttons import FilterPill, MoreButton, SecondaryButton
from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import PAGE, Look


def citation_action(do: Callable[[], object], context: StationContext) -> PageAct:
    """Return the key that asks for the case or the project, for who takes steps in them."""
    return PageAct(
        text=lambda: _("Cite …", context="figure"),
        tip=lambda: _("In a case or a project") if context.feed.setup.has_feature("projects") else _("In a case"),
        do=do,
        icon="star",
        changes_hall=True,
        offered=lambda: context.who is None or context.who.may("case"),
    )


def target_of_citing_case_or_project(number: str) -> ButtonTarget:
    """Return the place of a case by its number, of a project by its number with PROJECT before it."""
    if number.startswith(PROJECT):
        return ButtonTarget(IMPROVE, project=int(number.removeprefix(PROJECT)))
    return ButtonTarget(CASES, case=number)


class CitationMenu(QObject):
    """Asks on a page which case or project is to cite something, and says there that it does."""

    def __init__(self, page: ManagerPage, citing: CitingController) -> None:
        super().__init__(page)
        self._page, self._citing = page, citing
        self._under: QWidget | None = None
        self._cite: Callable[[str], object] | None = None
        citing.open_read.connect(self._offer_cases_and_projects)
        citing.done.connect(self._say_cited)
        citing.refused.connect(self._warn_of_refusal)

    def ask_case_or_project(self, under: QWidget, cite: Callable[[str], object]) -> None:
        """Offer the open cases and projects under a button; `cite` gets the number, a project's after PROJECT."""
        self._under, self._cite = under, cite
        self._citing.read_open_cases_and_projects()

    def _offer_cases_and_projects(
        self, cases: Sequence[Mapping[str, Any]], projects: Sequence[Mapping[str, Any]]
    ) -> None:
        if self._under is None or self._cite is None:
            return
        if not cases and not projects:
            has_projects = self._citing.context.feed.setup.has_feature("projects")
            none = _("No case and no project is open") if has_projects else _("No case is open")
            self._page.said.emit(none, "info")
            return
        entries = []
        for one in projects:
            name = _("Project {number}: {title}", number=one["project"], title=one["title"])
            entries.append((name, partial(self._cite, f"{PROJECT}{one['project']}")))
        for one in cases:
            title = case_title_or_origin(one["title"], one.get("source"), one["ticket"])
            name = _("{number} {title}", context="case", number=one["number"], title=title)
            entries.append((name, partial(self._cite, one["number"])))
        self._page.open_menu(self._under, entries)

    def _warn_of_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        self._page.show_warning(trouble)

    def _say_cited(self, _verb: str, document: Mapping[str, Any]) -> None:
        if "project" in document:
            self._page.said.emit(_("Project {number} cites it", number=document["project"]), "check")
        else:
            self._page.said.emit(_("Case {number} cites it", number=document["number"]), "check")


SHORT = (words.DATE, words.RATING)
RIGHT = (words.WAITED, words.AMOUNT)
GIVING = (words.SERVICE, words.CLERK, words.OUTCOME, words.RATING)
"""The columns that are cut first where the words have no room, all by the same share."""


def drilldown_columns(found: FigureDrilldown | None, setup: Setup) -> list[TableColumn[FigureRowDetails]]:
    """Return the columns of the rows found; each can be sorted by, minutes with the largest first."""
    return [_drilldown_column(key, setup) for key in (words.drilldown_columns(found) if found else words.ALWAYS)]


def _drilldown_column(key: str, setup: Setup) -> TableColumn[FigureRowDetails]:
    def sort(row: FigureRowDetails) -> tuple[object, ...]:
        said = words.row_sort_key(row, key, setup)
        # Every row has a date and an arrival.
        return (False, *said) if key in (words.DATE, words.ARRIVED) else said

    return TableColumn(
        key=key,
        title=words.column_title(key),
        text=lambda row: words.drilldown_cell_text(row, key, setup),
        short=(lambda row: words.drilldown_cell_text(row, key, setup, short=True)) if key in SHORT else None,
        is_right=key in RIGHT,
        bold=key == words.NUMBER,
        sort=sort,
        largest_first=key in RIGHT,
        gives=key in GIVING,
    )


class DrilldownPage(QWidget):
    """`back` leads to the figure's page; `said` is a notice with its icon; `act_wanted` a verb and the ticket whose
    history is shown, `print_wanted` the ticket whose history is to be printed, `menu_wanted` the place of the ⋯
    menu."""

    back = Signal()
    said = Signal(str, str)
    menu_wanted = Signal(QPoint)
    act_wanted = Signal(str, object)
    print_wanted = Signal(object)

    def __init__(self, look: Look, controller: DrilldownController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._controller = look, controller
        self._found: FigureDrilldown | None = None
        self._read_at: datetime | None = None
        self._story: TicketHistory | None = None
        self.state: HallState | None = None
        save = PageAct(
            text=lambda: _("Save as CSV"),
            do=controller.save_tickets_file,
            icon="save",
            offered=lambda: controller.can_save,
        )
        cite = citation_action(
            lambda: self._cases.ask_case_or_project(self.cite_button, controller.cite_shown_figure), controller.context
        )
        self.page = ManagerPage(look, PageSpec(acts=(save, cite)))
        self.head = self.page.head
        self._cases = CitationMenu(self.page, controller.citing)
        self.save_button, self.cite_button = self.page.buttons
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc")
        self.sort_button = SecondaryButton(look, "", icon="chevron-down")
        self.parts = [FilterPill(look, "", height=36) for _part in range(3)]
        self.count = Label(look, px=16, token="ink2", elide=True)
        rows = RecordPageSpec[FigureRowDetails](
            name=lambda: _("Tickets behind the figure"),
            icon="ticket",
            columns=lambda _context: drilldown_columns(self._found, self._hall_setup),
            spoken=lambda row, column: f"{row.ticket} {column.title} {column.text(row)}".strip(),
            by_one_press=True,
            row_height=36,
        )
        self.list = RecordList(controller.context, rows)
        self.table = self.list.table
        self._more = MoreButton(look, _("More"))
        self.story = TicketHistoryPage(look, self._more)
        self.story_back = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc")
        self.hall_acts = (*self.story.hall_acts, self.cite_button)
        self._lay_out_page()
        self._connect_signals()
        self._show_figure_and_counts()

    def _lay_out_page(self) -> None:
        look = self._look
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        whole.addWidget(self.stack)
        self.page.add_tools(self.back_button, *self.parts, self.count, right=[self.sort_button], grow=self.count)
        self.page.add_part(self.list, 1)
        self._one = QWidget()
        down = QVBoxLayout(self._one)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        top = QHBoxLayout()
        set_scaled_margins(look, top, (PAGE, 12, PAGE, 0), 12)
        top.addWidget(self.story_back)
        top.addStretch(1)
        down.addLayout(top)
        down.addWidget(self.story, 1)
        self.stack.addWidget(self.page)
        self.stack.addWidget(self._one)

    def _connect_signals(self) -> None:
        self.list.empty.acted.connect(self.go_back)
        controller = self._controller
        self.page.said.connect(self.said)
        self.back_button.clicked.connect(self.back)
        self.story_back.clicked.connect(self.leave_ticket_history)
        self.sort_button.clicked.connect(self._open_sort_menu)
        self.table.opened.connect(self._open_history_of_row)
        self.table.sorted.connect(self._update_sort_button_text)
        for at, pill in enumerate(self.parts):
            pill.clicked.connect(partial(self._pick_share_part, at))
        self.head.more.wanted.connect(self.menu_wanted)
        self._more.wanted.connect(self.menu_wanted)
        self.story.act_wanted.connect(self._request_ticket_act)
        self.story.print_button.clicked.connect(self._request_history_print)
        controller.shown.connect(self._show_found_tickets)
        controller.story_read.connect(self._show_ticket_history)
        controller.saved.connect(self.page.show_saved_file)
        controller.failed.connect(self._warn_of_failed_reading)
        self._look.changed.connect(self._update_sort_button_text)

    @property
    def _hall_setup(self) -> Setup:
        return set_up(self._controller.context.feed.state)

    # -- the list ----------------------------------------------------------------------------------------------------

    def open_tickets_of_figure(
        self, path: str, first: date, last: date, title: str = "", without: tuple[date, ...] = ()
    ) -> None:
        """Show the tickets that make up a figure of the dates from `first` to `last` but those of `without`; `title` is
        the figure's name where it was pressed."""
        self.stack.setCurrentWidget(self.page)
        self._clear_and_request_tickets(FigureRequest(path, first, last, title, without))
        self.table.setFocus()

    def _clear_and_request_tickets(self, asked: FigureRequest) -> None:
        self.page.banner.hide()
        self._found, self._read_at = None, self._controller.context.clock()
        self.list.show_rows([])
        self._controller.asked = asked
        self._show_figure_and_counts()
        self._controller.read_tickets(asked)

    def _show_found_tickets(self, found: FigureDrilldown) -> None:
        self._found = found
        self.list.show_rows(found.rows)
        self._show_figure_and_counts()
        if found.rows and ticket_number_in_path(found.path) is not None:
            self._open_history_of_row(found.rows[0])
        elif found.rows:
            self.table.setCurrentIndex(self.table.rows.index(0, 0))

    def _show_figure_and_counts(self) -> None:
        """Say which figure it is, of when, what it comes to, and how many tickets stand there."""
        asked, found = self._controller.asked, self._found
        if asked is None:
            return
        shares = asked.part_paths_of_share
        self.head.set_title(asked.figure_name or words.figure_name(asked.path, self._hall_setup))
        self.head.set_subtitle(" · ".join(self._dates_and_value_words(asked, found)))
        for pill, text, path in zip(self.parts, self._share_part_labels(), shares or ("", "", ""), strict=True):
            pill.setText(text)
            pill.setVisible(shares is not None)
            pill.setChecked(path == asked.path or (path == (shares or ("",))[0] and asked.path not in (shares or ())))
        self.count.setText(self._ticket_count_words(found))
        has_rows = found is not None and bool(found.rows)
        self.sort_button.setEnabled(has_rows)
        self.save_button.setEnabled(has_rows)
        # What is cited is of all dates of a span.
        self.cite_button.setEnabled(found is not None and found.has_tickets and not asked.without)
        self._update_sort_button_text()
        if found is None:
            self.list.set_empty_texts(_("Looking for the tickets …"))
        elif not found.has_tickets:
            self.list.set_empty_texts(
                _("No tickets are behind this figure"), _("This is about windows, equipment or rules."), _("Back")
            )
        else:
            self.list.set_empty_texts(_("No ticket"), _("Nothing was counted here in this time."), _("Back"))

    def _dates_and_value_words(self, asked: FigureRequest, found: FigureDrilldown | None) -> Sequence[str]:
        today = self._controller.context.feed.business_date
        facts = [date_range_or_period_name(asked.first, asked.last)]
        if asked.without:
            facts.append(_("without {dates}", context="drilldown", dates=dates_or_count_text(asked.without)))
        if self._read_at is not None and asked.first <= today <= asked.last:
            facts.append(_("as of {time}", time=time_hm(self._hall_setup.to_hall_time(self._read_at))))
        if asked.note_beside_value:
            facts.insert(0, asked.note_beside_value)
        if found is not None and (value := self._figure_value_if_no_count(asked, found)):
            facts.insert(0, value)
        return facts

    def _figure_value_if_no_count(self, asked: FigureRequest, found: FigureDrilldown) -> str:
        """Return the figure itself, "" where the number of rows says it."""
        kind = figure_kind(asked.part_paths_of_share[0] if asked.part_paths_of_share else asked.path, found.value)
        return "" if kind == COUNT else words.figure_value_text(asked.path, found.value)

    def _ticket_count_words(self, found: FigureDrilldown | None) -> str:
        if found is None or not found.has_tickets:
            return ""
        if found.total > len(found.rows):
            shown, total = f"{len(found.rows):,}", f"{found.total:,}"
            if found.by_amount:
                return _("the {shown} longest of {total}", shown=shown, total=total)
            return _("the first {shown} of {total}", shown=shown, total=total)
        numbers = {(row.day, row.ticket) for row in found.rows if row.ticket}
        if not numbers:
            return n_("{n} person", "{n} people", found.total) if found.total else ""
        if len(numbers) == found.total:
            return n_("{n} ticket", "{n} tickets", found.total)
        # A visit may have several steps that count, or have been passed several times.
        tickets = n_("{n} ticket", "{n} tickets", len(numbers))
        return n_("{n} time, {tickets}", "{n} times, {tickets}", found.total, tickets=tickets)

    def _share_part_labels(self) -> tuple[str, str, str]:
        return (_("Counted in", context="share"), _("Not counted in", context="share"), _("All", context="share"))

    def _pick_share_part(self, at: int) -> None:
        asked = self._controller.asked
        if asked is not None and asked.part_paths_of_share is not None:
            self._clear_and_request_tickets(replace(asked, path=asked.part_paths_of_share[at]))

    # -- sorting -----------------------------------------------------------------------------------------------------

    def _open_sort_menu(self) -> None:
        rows, sort_by = self.table.rows, self.table.sort_by
        self.page.open_menu(
            self.sort_button,
            [(one.title, partial(sort_by, one.key)) for one in rows.columns],
            ticked=[one.key for one in rows.columns].index(rows.sorted_by) if rows.sorted_by else None,
        )

    def _update_sort_button_text(self) -> None:
        """Say on the button what the rows are sorted by; with large text only the column's head has room for that."""
        rows, is_large = self.table.rows, self._look.scale.is_text_large
        text = _("Sort", context="table")
        if rows.sorted_by and not is_large:
            column = rows.column(rows.sorted_by).title
            text = _("Sorted by {column} {arrow}", column=column, arrow=rows.sort_arrow)
        self.sort_button.setText(text)

    # -- one ticket --------------------------------------------------------------------------------------------------

    @property
    def is_history_shown(self) -> bool:
        return self.stack.currentWidget() is self._one

    def _open_history_of_row(self, row: FigureRowDetails) -> None:
        if not row.ticket:
            return
        self._story = None
        self.story.show_no_ticket(True)
        self.stack.setCurrentWidget(self._one)
        self.story_back.setFocus()
        self._controller.read_ticket_history(row.day, row.ticket)

    def _show_ticket_history(self, state: HallState, story: TicketHistory) -> None:
        self.state, self._story = state, story
        self.story.show_ticket_history(state, self._hall_setup, story, self._controller.context.clock())

    def leave_ticket_history(self) -> None:
        """Go back to the table, at the row that was opened; from a ticket that was asked for, to where that was."""
        if self._found is not None and ticket_number_in_path(self._found.path) is not None:
            self.back.emit()
            return
        self.stack.setCurrentWidget(self.page)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_back(self) -> None:
        if self.is_history_shown:
            self.leave_ticket_history()
        else:
            self.back.emit()

    def follow_events(self, events: Sequence[Event]) -> None:
        story = self._story
        if story is not None and self.isVisible() and self.is_history_shown:
            day, label = story.ticket.id
            if any(e.ticket == label and e.date == day for e in events):
                self._controller.read_ticket_history(day, label)

    def shown_ticket(self) -> Ticket | None:
        if self._story is None or self.state is None:
            return None
        return self.state.tickets.get(self._story.ticket.id, self._story.ticket)

    def _request_ticket_act(self, verb: str) -> None:
        ticket = self.shown_ticket()
        if ticket is not None:
            self.act_wanted.emit(verb, ticket)

    def _request_history_print(self) -> None:
        ticket = self.shown_ticket()
        if ticket is not None:
            self.print_wanted.emit(ticket)

    def state_to_restore(self) -> tuple[Any, ...]:
        return self._found, self._read_at, self.state, self._story, self.is_history_shown

    def restore_state(self, left: tuple[Any, ...]) -> None:
        self._found, self._read_at, state, story, is_history_shown = left
        self.list.show_rows(self._found.rows if self._found is not None else [])
        self._show_figure_and_counts()
        if story is not None and state is not None:
            self._show_ticket_history(state, story)
        if is_history_shown:
            self.stack.setCurrentWidget(self._one)
        self._look_again_for_refused_tickets()

    def set_hall_away(self, away: bool) -> None:
        if not away:
            self._look_again_for_refused_tickets()

    def _look_again_for_refused_tickets(self) -> None:
        if self._found is None and self._controller.asked is not None:
            self._clear_and_request_tickets(self._controller.asked)

    # -- saying ------------------------------------------------------------------------------------------------------

    def _warn_of_failed_reading(self, trouble: QueueDeskError) -> None:
        self.page.show_warning(trouble)
        if self._found is None:
            self.list.set_empty_texts(_("The tickets could not be read."))
