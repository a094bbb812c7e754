"""Every ticket: the list with search and filters at the left, one ticket's story at the right."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.core.queue.hallday import split_ticket_label
from queuedesk.core.queue.overview import current_line_join_time, longest_wait_level, set_up
from queuedesk.core.queue.ticket import Ticket, TicketState, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_short, error_sentence, minutes_text, n_, names, ticket_state_word
from queuedesk.i18n.queue.line_words import reason_words, shortest_reason_words
from queuedesk.stations.acts.past_days import TodaysForecastFromPastDays
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.parts.page import MenuOpeningPage, PageHead
from queuedesk.stations.manager.parts.page_controller import TicketFileSaver, file_kind_name
from queuedesk.stations.manager.tickets.history_page import TicketHistoryPage
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.buttons import FilterPill, MoreButton, TextButton
from queuedesk.stations.widgets.lists.lists import TicketList, TicketRow
from queuedesk.stations.widgets.panels import DividerLine, EmptyState, EmptyStateCard, Label, Panel, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import SearchField
from queuedesk.stations.window.day_dialog import open_day_picker_dialog
from queuedesk.stations.window.style import TICKET_MARKS, Look

# -- search and filters ------------------------------------------------------------------------------------------------

NUMBER = re.compile(r"^([a-z]{0,3})-?(\d{1,4})$")
# The states a list can be narrowed to, in the order of a visit.
STATES = ("waiting", "called", "serving", "parked", "missed", "finished", "left", "void")
# What a ticket is marked by beside its own flags.
OVERTAKEN, REDIRECTED, RETURN = "overtaken", "redirected", "return_visit"
MARKS = (
    OVERTAKEN,
    REDIRECTED,
    "no_show",
    "corrected",
    "rating_excluded",
    "corrected_alone",
    "paper",
    RETURN,
    "repeat_papers",
    "kiosk",
    "deferred",
    "early_place",
    "start_assumed",
    "inaccurate",
    "day_end",
)


class TicketFilter(Struct, frozen=True):
    """Which tickets are shown: "" for any service, window, state, class or mark; `words` are the typed ones."""

    words: str = ""
    service: str = ""
    window: str = ""
    state: str = ""
    klass: str = ""
    mark: str = ""


def mark_word(mark: str) -> str:
    words: dict[str, Callable[[], str]] = {
        OVERTAKEN: lambda: _("Later ticket first", context="mark"),
        REDIRECTED: lambda: _("Wrong window", context="mark"),
        "no_show": lambda: _("Did not come", context="mark"),
        "corrected": lambda: _("Corrected", context="mark"),
        "rating_excluded": lambda: _("Rating not counted", context="mark"),
        "corrected_alone": lambda: _("Corrected by one person alone", context="mark"),
        "paper": lambda: _("From paper", context="mark"),
        RETURN: lambda: _("Returning visit", context="mark"),
        "repeat_papers": lambda: _("Again for papers", context="mark"),
        "kiosk": lambda: _("From the kiosk", context="mark"),
        "deferred": lambda: _("Put off to the next day", context="mark"),
        "early_place": lambda: _("Early place", context="mark"),
        "start_assumed": lambda: _("Start not pressed", context="mark"),
        "inaccurate": lambda: _("Never finished", context="mark"),
        "day_end": lambda: _("Ended by the day-end", context="mark"),
    }
    return words[mark]() if mark in words else mark


def ticket_mark_codes(ticket: Ticket) -> set[str]:
    marks = set(ticket.public_flags)
    if ticket.overtaken:
        marks.add(OVERTAKEN)
    if any(leg.end == "redirect" for leg in ticket.legs):
        marks.add(REDIRECTED)
    if ticket.return_of or ticket.ref:
        marks.add(RETURN)
    return marks


def marks_of_tickets_of_date(state: HallState, day: date) -> list[str]:
    """Return the marks that a date's tickets have, in order."""
    there = {mark for ticket in state.tickets.values() if ticket.date == day for mark in ticket_mark_codes(ticket)}
    return [mark for mark in MARKS if mark in there]


def tickets_matching_filter(state: HallState, setup: Setup, day: date, wanted: TicketFilter) -> list[Ticket]:
    of_day = (t for t in state.tickets.values() if t.date == day)
    words = wanted.words.casefold().split()
    kept = [
        t
        for t in of_day
        if (not wanted.service or wanted.service in {leg.service for leg in t.legs})
        and (not wanted.window or _is_ticket_of_window(t, wanted.window))
        and (not wanted.state or t.state == wanted.state)
        and (not wanted.klass or t.klass == wanted.klass)
        and (not wanted.mark or wanted.mark in ticket_mark_codes(t))
        and (not words or _is_ticket_matching_words(setup, t, words))
    ]
    return sorted(kept, key=lambda t: (t.arrived, t.seq), reverse=True)


def _is_ticket_of_window(ticket: Ticket, window: str) -> bool:
    return window in {leg.window for leg in ticket.legs} or ticket.to_window == window


def _is_ticket_matching_words(setup: Setup, ticket: Ticket, words: list[str]) -> bool:
    """Whether every word is found somewhere in a ticket; its texts are made only for words that are no number of it."""
    left = [word for word in words if not _is_number_of_ticket(ticket, word)]
    if not left:
        return True
    windows = {(leg.window or "").casefold() for leg in ticket.legs}
    text = "\n".join(_searchable_texts(setup, ticket)).casefold()
    return all(word in windows or word in text for word in left)


def _is_number_of_ticket(ticket: Ticket, word: str) -> bool:
    if word in ticket.label.casefold():
        return True
    number = NUMBER.match(word)
    if number is None:
        return False
    prefix, digits = split_ticket_label(ticket.label) or ("", 0)
    return int(number[2]) == digits and number[1] in ("", prefix.casefold())


def _searchable_texts(setup: Setup, ticket: Ticket) -> list[str]:
    """Return the texts to search a ticket by: services, items, windows, people, state, class, marks, reference."""
    texts = [
        ticket_state_word(ticket.state),
        names.priority_class_name(setup, ticket.klass),
        ticket.ref or "",
        ticket.return_of or "",
    ]
    texts += [mark_word(mark) for mark in ticket_mark_codes(ticket)]
    for leg in ticket.legs:
        spec = setup.services.get(leg.service)
        texts += [names.service_letter_or_code(setup, leg.service), *((spec.name, spec.name_en) if spec else ())]
        if leg.item:
            texts.append(names.item_name(setup, leg.service, leg.item))
        if leg.window:
            texts.append(names.window_name(leg.window))
        person = setup.staff.get(leg.staff or "")
        texts += [leg.staff or "", *((person.name, person.name_en) if person else ())]
    if ticket.guide:
        texts.append(names.staff_name(setup, ticket.guide))
    return texts


# -- rows --------------------------------------------------------------------------------------------------------------


def ticket_rows(setup: Setup, tickets: list[Ticket], now: datetime) -> list[TicketRow]:
    """Return a row for each ticket: number, state with its mark, and its most important fact on the right."""
    return [_ticket_row(setup, ticket, now) for ticket in tickets]


def _ticket_row(setup: Setup, ticket: Ticket, now: datetime) -> TicketRow:
    mark = TICKET_MARKS[ticket.state]
    minutes = whole_seconds_between(current_line_join_time(ticket), now) // 60
    level = longest_wait_level(setup, [ticket], now) if ticket.state is TicketState.WAITING else ""
    return TicketRow(
        id=ticket.label,
        number=ticket.label,
        service=ticket_state_word(ticket.state),
        icon=mark.icon,
        token="primary" if mark.token == "on_soft" else mark.token,
        wait=_right_hand_fact(ticket, minutes),
        level=level,
        spoken=" ".join((ticket.label, names.service_name(setup, ticket.service), ticket_state_word(ticket.state))),
    )


def _right_hand_fact(ticket: Ticket, minutes: int) -> str:
    leg = ticket.current_leg
    if ticket.state is TicketState.WAITING:
        return minutes_text(minutes)
    if ticket.state is TicketState.MISSED:
        return n_("called once", "called {n}×", leg.calls)
    if ticket.state is TicketState.VOID:
        return reason_words(ticket.reason or "")
    if ticket.state is TicketState.PARKED:
        return shortest_reason_words(ticket.reason or "")
    if ticket.state is TicketState.LEFT:
        if "no_show" in ticket.flags:
            return _("did not come")
        return _("after {minutes} min", minutes=whole_seconds_between(ticket.arrived, leg.ended) // 60)
    return names.window_name(leg.window) if leg.window else ""


ENDINGS = ("xlsx", "csv")
LIST_WIDTH, NARROW_LIST, NARROW_UNDER = 366, 304, 1000


class TicketsPage(MenuOpeningPage):
    """`act_wanted` gives a verb and its ticket; `print_wanted` the ticket whose history is to be printed; `noted` a
    notice with its icon, `menu_wanted` the place where ⋯ was pressed."""

    menu_wanted = Signal(QPoint)
    act_wanted = Signal(str, object)
    print_wanted = Signal(object)
    noted = Signal(str, str)

    def __init__(self, look: Look, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        saving = TicketFileSaver(controller.context, parent=self)
        self._look, self._controller, self._saving = look, controller, saving
        self.past: TodaysForecastFromPastDays | None = None
        self._filter = TicketFilter()
        self._day: date | None = None  # None: today, followed live
        self._earlier: HallState | None = None
        self._label = ""
        self._story: TicketHistory | None = None
        self._keep = ""
        self._shows_story = False
        self.more = MoreButton(look, _("More"))
        self.head = PageHead(look)
        self.head.set_title(_("Tickets", context="page"))
        self.search = SearchField(look, height=48, px=17)
        self.search.set_texts(_("Number, service, person, mark"))
        self.service_pill = FilterPill(look, "")
        self.state_pill = FilterPill(look, "")
        self.day_pill = FilterPill(look, "")
        self.class_pill = FilterPill(look, "")
        self.mark_pill = FilterPill(look, "")
        self.save_button = TextButton(look, _("Save", context="tickets"), icon="save", height=32, px=15)
        self.count = Label(look, px=16, token="ink2", elide=False)
        self.list = TicketList(look, row_height=48, number_px=20, inset=20, selectable=True)
        self.list.setAccessibleName(_("Tickets", context="page"))
        self._empty = EmptyState(look, "ticket")
        self._nothing = EmptyStateCard(look, self._empty, bare=True)
        for more in (self.more, self.head.more):  # the story's, and the list's where it stands alone
            more.wanted.connect(self.menu_wanted)
        self.story = TicketHistoryPage(look, self.more)
        self.hall_acts = self.story.hall_acts
        self._build_layout()
        self.save_button.setVisible(saving.can_save)
        self._fit_list_to_width()
        self.search.typed.connect(self._filter_by_typed_words)
        self.search.entered.connect(self._open_first_match)
        self.list.chosen.connect(self.open_ticket)
        self.story.back_button.clicked.connect(self.leave_ticket_history)
        self.service_pill.clicked.connect(self._open_service_and_window_menu)
        self.state_pill.clicked.connect(self._open_state_menu)
        self.day_pill.clicked.connect(self._ask_ticket_date)
        self.class_pill.clicked.connect(self._open_class_filter_menu)
        self.mark_pill.clicked.connect(self._open_mark_filter_menu)
        self.save_button.clicked.connect(self._open_save_menu)
        saving.saved.connect(self._say_saved)
        saving.failed.connect(self._say_failed)
        self.story.act_wanted.connect(self._request_ticket_act)
        self.story.ribbon.picked.connect(self.show_ticket)
        self.story.print_button.clicked.connect(self._request_history_print)
        controller.story_read.connect(self._on_history_read)
        controller.day_read.connect(self._switch_to_day)
        controller.busy_changed.connect(self.story.set_busy)
        self._refresh_filter_pills()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_list_to_width()

    def _fit_list_to_width(self) -> None:
        """Show the list beside the story, or in large letters one of both where there is no room for two."""
        look, narrow = self._look, self.width() < self._look.large_px(NARROW_UNDER)
        alone = narrow and look.scale.is_text_large
        self._left.setMinimumWidth(0)
        self._left.setMaximumWidth(self.width() if alone else look.large_px(NARROW_LIST if narrow else LIST_WIDTH))
        if not alone:
            self._left.setMinimumWidth(self._left.maximumWidth())
        self.story.back_button.setVisible(alone)
        self.head.setVisible(alone)  # Beside the story's head the list needs none.
        # What goes goes first: for both the window would grow.
        for part, seen in sorted(
            ((self._left, not (alone and self._shows_story)), (self.story, not alone or self._shows_story)),
            key=lambda one: one[1],
        ):
            part.setVisible(seen)

    def _build_layout(self) -> None:
        look = self._look
        line = QHBoxLayout(self)
        set_scaled_margins(look, line)
        left = Panel(look, "surface", edge="right")
        self._left = left
        look.changed.connect(self._fit_list_to_width)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        set_scaled_margins(look, head, (16, 16, 16, 12), 10)
        head.addWidget(self.head)
        head.addWidget(self.search)
        pills = QHBoxLayout()
        set_scaled_margins(look, pills, spacing=8)
        for pill in (self.service_pill, self.state_pill, self.day_pill):
            pills.addWidget(pill)
        pills.addStretch(1)
        pills.addWidget(self.count)
        head.addLayout(pills)
        more = QHBoxLayout()
        set_scaled_margins(look, more, spacing=8)
        for pill in (self.class_pill, self.mark_pill):
            more.addWidget(pill)
        more.addStretch(1)
        more.addWidget(self.save_button)
        head.addLayout(more)
        column.addLayout(head)
        column.addWidget(DividerLine(look))
        column.addWidget(self.list, 1)
        column.addWidget(self._nothing, 1)
        line.addWidget(left)
        line.addWidget(self.story, 1)
        self._nothing.hide()
        self._empty.acted.connect(self._clear_filter_or_ask_date)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def hall_state(self) -> HallState:
        return self._earlier if self._earlier is not None else self._controller.hall_state

    @property
    def _hall_setup(self) -> Setup:
        return set_up(self._controller.hall_state)

    @property
    def shown_day(self) -> date:
        return self._day or self._controller.business_date

    def shown_ticket(self) -> Ticket | None:
        return self.hall_state.tickets.get((self.shown_day, self._label)) if self._label else None

    def refresh(self, now: datetime) -> None:
        tickets = tickets_matching_filter(self.hall_state, self._hall_setup, self.shown_day, self._filter)
        self.list.set_rows(ticket_rows(self._hall_setup, tickets, now))
        self.count.setText(n_("{n}", "{n}", len(tickets), context="tickets listed"))
        self.list.setVisible(bool(tickets))
        self._nothing.setVisible(not tickets)
        if not self._label and tickets:
            self.show_ticket(tickets[0].label)
        else:
            self.list.select(self._label)
        self._show_ticket_history(now)

    def _show_ticket_history(self, now: datetime) -> None:
        ticket, story = self.shown_ticket(), self._story
        if ticket is None or story is None or story.ticket.id != ticket.id:
            self.story.show_no_ticket(bool(self.hall_state.tickets))
            return
        self.story.show_ticket_history(self.hall_state, self._hall_setup, story, now, self.past)

    def show_ticket(self, label: object) -> None:
        self._label = str(label)
        self.list.select(self._label)
        self._read_shown_story()

    def open_ticket(self, label: object) -> None:
        """Show a ticket's history, in place of the list where there is no room for both."""
        self._shows_story = True
        self._fit_list_to_width()
        self.show_ticket(label)

    def leave_ticket_history(self) -> None:
        """Go back to the list, where there is room for one of both."""
        self._shows_story = False
        self._fit_list_to_width()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._left.isHidden():
            self.leave_ticket_history()
        else:
            super().keyPressEvent(event)

    def open_longest_waited_served_ticket(self) -> None:
        """Show who waited longest of those who were served."""
        served = [ticket for ticket in self.hall_state.tickets.values() if ticket.current_leg.finished]
        waited = {one.label: (one.legs[0].called or one.arrived) - one.arrived for one in served}
        if waited:
            self.open_ticket(max(waited, key=lambda label: waited[label]))

    def state_to_restore(self) -> tuple[Any, ...]:
        return self._filter, self._label, self._story, self._shows_story, self._day, self._earlier

    def restore_state(self, left: tuple[Any, ...]) -> None:
        self._filter, self._label, self._story, self._shows_story, self._day, self._earlier = left
        self._refresh_filter_pills()
        self._fit_list_to_width()
        self._read_shown_story()

    def set_hall_away(self, away: bool) -> None:
        if not away:
            self._read_shown_story()  # What was asked for meanwhile was refused.

    def follow_events(self, events: Sequence[Event]) -> None:
        if self._label and self._day is None and any(self._is_event_of_shown_ticket(event) for event in events):
            self._read_shown_story()

    def _is_event_of_shown_ticket(self, event: Event) -> bool:
        return event.ticket == self._label or self._label in event.data.get("passed", ()) or event.kind == "day-end"

    def _read_shown_story(self) -> None:
        if self.shown_ticket() is not None:
            first = min(t.seq for t in self.hall_state.tickets.values() if t.date == self.shown_day)
            self._controller.read_ticket_history(self.shown_day, self._label, first)

    def _on_history_read(self, story: TicketHistory) -> None:
        if story.ticket.id == (self.shown_day, self._label):
            self._story = story
            self._show_ticket_history(self._controller.context.clock())

    # -- search and filters ------------------------------------------------------------------------------------------

    def show_tickets_of_target(self, place: ButtonTarget) -> None:
        """Show the target of a strip of today: one ticket, or a service's or window's tickets."""
        self._day, self._earlier = None, None
        self._filter = TicketFilter(service=place.service, window=place.window)
        if not place.window and not place.ticket:
            self._filter = replace(self._filter, state="waiting")
        self.search.clear()
        self._label, self._story = place.ticket, None
        self._shows_story = bool(place.ticket)
        self._fit_list_to_width()
        self._refresh_filter_pills()
        if place.day is not None and place.day != self._controller.business_date:
            self._keep = place.ticket
            self._controller.read_hall_state_in_background(place.day)
        elif place.ticket:
            self._read_shown_story()

    def search_for(self, text: str) -> None:
        """Continue typing in the search: somebody typed on the page."""
        self.search.edit.setFocus()
        self.search.edit.setText(self.search.text() + text)

    def reread_shown_day(self) -> None:
        """Read an earlier day again after a correction. Today's tickets follow the log by themselves."""
        if self._day is not None:
            self._keep = self._label
            self._controller.read_hall_state_in_background(self._day)

    def reset_page(self) -> None:
        self._label, self._story, self._day, self._earlier = "", None, None, None
        self._refresh_filter_pills()

    def _filter_by_typed_words(self, text: str) -> None:
        self._set_filter(replace(self._filter, words=text))

    def _open_first_match(self) -> None:
        listed = self.list.tickets.rows()
        if listed:
            self.open_ticket(listed[0].id)

    def _set_filter(self, wanted: TicketFilter) -> None:
        self._filter = wanted
        self._refresh_filter_pills()
        self.refresh(self._controller.context.clock())

    def _refresh_filter_pills(self) -> None:
        wanted = self._filter
        if wanted.window:
            place = names.window_name(wanted.window)
        elif wanted.service:
            place = _("Service {letter}", letter=names.service_letter_or_code(self._hall_setup, wanted.service))
        else:
            place = _("Service", context="filter")
        state = ticket_state_word(wanted.state) if wanted.state else _("State", context="filter")
        day = _("Today", context="filter") if self._day is None else date_short(self._day)
        klass = (
            names.priority_class_name(self._hall_setup, wanted.klass) if wanted.klass else _("Class", context="filter")
        )
        mark = mark_word(wanted.mark) if wanted.mark else _("Mark", context="filter")
        for pill, text, on in (
            (self.service_pill, place, bool(wanted.service or wanted.window)),
            (self.state_pill, state, bool(wanted.state)),
            (self.day_pill, day, self._day is not None),
            (self.class_pill, klass, bool(wanted.klass)),
            (self.mark_pill, mark, bool(wanted.mark)),
        ):
            pill.setText(text)
            pill.setChecked(on)
        if wanted != TicketFilter():
            self._empty.set_texts(_("No ticket matches"), act=_("Show all tickets"))
        else:
            issued = _("Issue one at the front desk: it appears here at once.") if self._day is None else ""
            self._empty.set_texts(_("No ticket on this day"), issued, _("Choose another day"))

    def _clear_filter_or_ask_date(self) -> None:
        """Lead from an empty list to tickets: without search and filters, or on another day."""
        if self._filter == TicketFilter():
            self._ask_ticket_date()
            return
        self.search.clear()
        self._set_filter(TicketFilter())

    def _open_filter_menu(self, pill: FilterPill, entries: list[tuple[str, TicketFilter]]) -> None:
        self._refresh_filter_pills()  # a press must not tick the pill: what is chosen does
        ticked = next((at for at, (_text, wanted) in enumerate(entries) if wanted == self._filter), None)
        self.open_menu(pill, [(text, partial(self._set_filter, wanted)) for text, wanted in entries], ticked=ticked)

    def _open_service_and_window_menu(self) -> None:
        base = replace(self._filter, service="", window="")
        services = [
            (names.service_letter_and_name(self._hall_setup, code), replace(base, service=code))
            for code in self._hall_setup.services
        ]
        windows = [(names.window_name(code), replace(base, window=code)) for code in self._hall_setup.windows]
        self._open_filter_menu(self.service_pill, [(_("All services"), base), *services, *windows])

    def _open_state_menu(self) -> None:
        states = [(ticket_state_word(state), replace(self._filter, state=state)) for state in STATES]
        self._open_filter_menu(self.state_pill, [(_("All states"), replace(self._filter, state="")), *states])

    def _open_class_filter_menu(self) -> None:
        classes = [
            (names.priority_class_name(self._hall_setup, c), replace(self._filter, klass=c))
            for c in self._hall_setup.classes
        ]
        self._open_filter_menu(self.class_pill, [(_("All classes"), replace(self._filter, klass="")), *classes])

    def _open_mark_filter_menu(self) -> None:
        marks = [
            (mark_word(mark), replace(self._filter, mark=mark))
            for mark in marks_of_tickets_of_date(self.hall_state, self.shown_day)
        ]
        self._open_filter_menu(self.mark_pill, [(_("With or without a mark"), replace(self._filter, mark="")), *marks])

    # -- as a file -----------------------------------------------------------------------------------------------------

    def _open_save_menu(self) -> None:
        saves = [(file_kind_name(ending), partial(self._saving.save, self.shown_day, ending)) for ending in ENDINGS]
        self.open_menu(self.save_button, saves)

    def _say_saved(self, file: object) -> None:
        self.noted.emit(_("Saved as {file}", file=str(file)), "check")

    def _say_failed(self, trouble: QueueDeskError) -> None:
        self.noted.emit(error_sentence(trouble), "warning")

    def _ask_ticket_date(self) -> None:
        self._refresh_filter_pills()
        first, last = self._controller.first_logged_date(), self._controller.business_date
        open_day_picker_dialog(self.window(), self._look, self.open_day, chosen=self.shown_day, first=first, last=last)

    def open_day(self, day: date) -> None:
        self._label, self._story = "", None
        if day == self._controller.business_date:
            self.reset_page()
            self.refresh(self._controller.context.clock())
        else:
            self._controller.read_hall_state_in_background(day)

    def _switch_to_day(self, day: date, state: HallState) -> None:
        self._day, self._earlier = day, state
        self._label, self._story, self._keep = self._keep, None, ""
        self._refresh_filter_pills()
        self.refresh(self._controller.context.clock())
        if self._label:
            self._read_shown_story()

    # -- acts --------------------------------------------------------------------------------------------------------

    def _request_ticket_act(self, verb: str) -> None:
        ticket = self.shown_ticket()
        if ticket is not None:
            self.act_wanted.emit(verb, ticket)

    def _request_history_print(self) -> None:
        ticket = self.shown_ticket()
        if ticket is not None:
            self.print_wanted.emit(ticket)
