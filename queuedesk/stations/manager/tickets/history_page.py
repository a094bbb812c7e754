"""One ticket's story, with promise against actual, every event and the check of the log; and what may be done to it."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.features import correction_question_reference
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import HELD, MISSED, SERVING, STALLED, WAIT, WAY, TicketHistory, visit_stretches
from queuedesk.core.quality.case import was_called_later_than_quoted
from queuedesk.core.quality.thanks import last_clerk_of
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.core.queue.ticket import MOVES, Ticket, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, minutes_seconds, n_, ticket_state_word
from queuedesk.i18n.line_breaks import glue_short_line_parts
from queuedesk.i18n.names import service_letter_and_name, ticket_service_item_class_text
from queuedesk.i18n.queue import event_words
from queuedesk.i18n.queue.line_words import quote_basis_sentence, why_not_called_now_sentence
from queuedesk.stations.acts import ticket_acts
from queuedesk.stations.acts.past_days import TodaysForecastFromPastDays, day_ribbon_content
from queuedesk.stations.acts.ticket_acts import ICON as THANKS_ICON
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import Button, DangerButton, IconButton, MoreButton, SecondaryButton, StatePill
from queuedesk.stations.widgets.charts import figures
from queuedesk.stations.widgets.charts.chart_view import DayRibbonView
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.questions.dialogs import Dialog, DialogChoice
from queuedesk.stations.window.frame import attach_messages_over_head
from queuedesk.stations.window.style import PAGE, TICKET_MARKS, Look

# -- acts on a ticket --------------------------------------------------------------------------------------------------

# In the order in which they are offered.
ACTS = ("reinstate", "redirect", "leave", ticket_acts.THANKS, ticket_acts.REPRINT, "void")

CASE, INSPECTED = "case", "inspected"


def case_number_of_ticket(state: HallState, ticket: Ticket) -> str:
    """Return the number of the last case about a ticket that is still followed, "" for none."""
    found = [one.number for one in state.cases.values() if (one.about_date, one.about) == ticket.id]
    return found[-1] if found else ""


def possible_ticket_acts(setup: Setup, ticket: Ticket) -> list[str]:
    own = {
        ticket_acts.REPRINT: ticket_acts.is_slip_still_useful(ticket),
        ticket_acts.THANKS: ticket_acts.can_note_thanks(ticket) and setup.has_feature("thanks"),
    }
    return [verb for verb in ACTS if own.get(verb, ticket.state in MOVES.get(verb, ()))]


class TicketActDialogs(QObject):
    """Asks over `page`, has the controller act, and reports in `toast`."""

    def __init__(self, page: QWidget, controller: ManagerController, toast: Toast) -> None:
        super().__init__(page)
        self._page, self._controller, self._toast = page, controller, toast
        self._look = controller.context.look
        # The question now open, if any.
        self.question: Dialog | None = None
        self._reprinting = ticket_acts.TicketReprinter(page, controller.context, toast)
        controller.done.connect(self._announce_ticket_act)

    def do_ticket_act(self, verb: str, ticket: Ticket) -> None:
        """Do the act of a button on a ticket's history, after a question if it can't be undone."""
        day, label = ticket.date, ticket.label
        if verb == "reinstate":
            self._controller.reinstate(day, label)
        elif verb == ticket_acts.REPRINT:
            self._reprinting.print_ticket_again(day, label)
        elif verb == ticket_acts.THANKS:
            self._open_thanks_dialog(ticket)
        elif verb == "redirect":
            self._ask_redirect(ticket)
        elif verb == "leave":
            self._confirm_customer_left(day, label)
        else:
            self._confirm_ticket_void(day, label)

    def _open_question(self, question: Dialog) -> None:
        self.question = question
        question.destroyed.connect(self._forget_closed_question)
        question.open_dialog()

    def _forget_closed_question(self, gone: QObject) -> None:
        if self.question is gone:
            self.question = None

    def _ask_redirect(self, ticket: Ticket) -> None:
        state, label = self._controller.hall_state, ticket.label
        setup = set_up(state)
        lines = {line.service: line for line in service_lines(state, self._controller.context.clock())}
        answers = [
            DialogChoice(
                code, service_letter_and_name(setup, code), n_("{n} waiting", "{n} waiting", lines[code].waiting)
            )
            for code in setup.services
            if code != ticket.service
        ]
        question = ticket_acts.redirect_question(self._page, self._look, ticket, answers, in_column=True)
        question.picked.connect(partial(self._controller.redirect, ticket.date, label))
        self._open_question(question)

    def _open_thanks_dialog(self, ticket: Ticket) -> None:
        setup, staff = set_up(self._controller.hall_state), last_clerk_of(ticket)
        if staff is not None:
            thank = partial(self._controller.record_thanks, ticket.date, ticket.label)
            self._open_question(
                ticket_acts.ThanksDialog(self._page, self._look, setup, [staff], thank, label=ticket.label)
            )

    def _confirm_customer_left(self, day: date, label: str) -> None:
        question = ticket_acts.customer_left_confirm_dialog(self._page, self._look, label)
        question.done.connect(partial(self._controller.leave, day, label))
        self._open_question(question)

    def _confirm_ticket_void(self, day: date, label: str) -> None:
        question = ticket_acts.void_ticket_reason_dialog(self._page, self._look, label)
        question.done.connect(partial(self._controller.void, day, label))
        self._open_question(question)

    def _announce_ticket_act(self, verb: str, document: dict[str, Any]) -> None:
        setup = set_up(self._controller.hall_state)
        if verb == ticket_acts.THANKS:
            self._toast.show_toast(ticket_acts.thanks_noted_text(setup, document["staff"]), icon=THANKS_ICON)
            return
        self._toast.show_toast(ticket_acts.line_act_result_text(setup, verb, document))


RESTED = "rested"
"""A fact: what the wait that was told rested on."""

# -- icons and colours -------------------------------------------------------------------------------------------------

PART_KINDS = {WAIT: "wait", WAY: "way", SERVING: "serving", HELD: "held", MISSED: "other", STALLED: "other"}
FACT_MARKS = {
    event_words.KEPT: ("check", "primary"),
    event_words.LATE: ("warning", "red"),
    event_words.NOT_TOLD: ("info", "ink2"),
    event_words.OVERTAKEN: ("people", "amber"),
    event_words.DAY_END: ("clock", "amber"),
    RESTED: ("info", "ink2"),
}
# The state that an event leads to lends it its mark.
_LEADS_TO = {
    "serve": "serving",
    "call": "called",
    "recall": "called",
    "start": "serving",
    "miss": "missed",
    "return": "waiting",
    "reinstate": "waiting",
    "postpone": "waiting",
    "leave": "left",
    "defer": "left",
    "void": "void",
    "finish": "finished",
    "reopen": "serving",
    "park": "parked",
    "unpark": "serving",
}
_OWN = {
    "issue": ("ticket", "ink"),
    event_words.TOLD: ("clock", "ink"),
    event_words.PASSED: ("people", "amber"),
    "add": ("plus", "ink"),
    "stall": ("hourglass", "violet"),
    "unstall": ("check", "primary"),
    "transfer": ("transfer", "ink"),
    "redirect": ("redirect", "amber"),
    "rate": ("star", "primary"),
    "reasons": ("star", "amber"),
    "correct": ("edit", "amber"),
    "thanks": (THANKS_ICON, "primary"),
    "alarm": ("bell", "amber"),
    "ack": ("check", "ink2"),
    "offer": ("arrow-right", "ink2"),
    "day-end": ("lock", "ink2"),
}


def ticket_story_events(state: HallState, setup: Setup, story: TicketHistory) -> list[figures.TicketStoryEvent]:
    found = []
    for line in event_words.ticket_history_lines(state, setup, story):
        icon, token = event_icon_and_colour(line.kind)
        found.append(
            figures.TicketStoryEvent(time=line.time, icon=icon, token=token, title=line.title, detail=line.detail)
        )
    return found


def event_icon_and_colour(kind: str) -> tuple[str, str]:
    if kind in _LEADS_TO:
        mark = TICKET_MARKS[_LEADS_TO[kind]]
        return mark.icon, "primary" if mark.token == "on_soft" else mark.token
    return _OWN.get(kind, ("info", "ink2"))


def visit_bar_parts(story: TicketHistory, now: datetime) -> list[figures.VisitStretch]:
    return [
        figures.VisitStretch(
            event_words.part_word(part.kind),
            minutes_seconds(part.seconds),
            max(1.0, part.seconds),
            PART_KINDS[part.kind],
        )
        for part in visit_stretches(story, now)
    ]


NUMBER_PX, RIBBON_PX, RIBBON_LEAST = 84, 208, 640
NARROW_PX, PRINT_PX, PRINT_LEAST, ACTS_LEAST, MESSAGE_LEAST = 560, 760, 108, 200, 320


class TicketHistoryPage(QWidget):
    """A ticket's history; it has a way back where it has the page to itself. `act_wanted` gives the verb of the button
    pressed, of which there is none where it `is_reader_role`; `correct` is one besides those of the queue, CASE, which
    leads to the ticket's case or asks for one, and INSPECTED, which leads to the mystery visit that it was."""

    act_wanted = Signal(str)

    def __init__(self, look: Look, more: MoreButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._more = look, more
        self.is_reader_role = False
        self._shown: tuple[object, ...] = ()
        self.back_button = IconButton(look, "arrow-left", _("Back to the list"), framed=True)
        self.back_button.hide()
        self.number = panels.BigNumberLabel(look, "", px=NUMBER_PX)
        self.state = StatePill(look, "waiting", "", px=16, height=28)
        self.line = panels.Label(look, px=18, wrap=True)
        self.ribbon = DayRibbonView(look, has_head=False)
        panels.FixedSizeKeeper(look, self.ribbon, height=RIBBON_PX)
        self.bar = figures.VisitPhasesBar(look)
        self.facts = [panels.TextRunsLabel(look) for _fact in range(4)]
        self.why = panels.Label(look, px=16, wrap=True)
        self._log_mark = panels.TextRunsLabel(look)
        self.log = panels.Label(look, px=15, token="ink2", wrap=True)
        self.rows: list[figures.TicketStoryEventRow] = []
        self.buttons: dict[str, Button] = {}
        self.print_button = SecondaryButton(look, "", icon="print")
        self.correct_button = SecondaryButton(look, _("Correct", context="story"), icon="edit")
        self.correct_button.clicked.connect(partial(self.act_wanted.emit, "correct"))
        self.case_button = SecondaryButton(look, "", icon="star")
        self.case_button.clicked.connect(partial(self.act_wanted.emit, CASE))
        self.visit_button = SecondaryButton(look, "", icon="search")
        self.visit_button.clicked.connect(partial(self.act_wanted.emit, INSPECTED))
        self.empty = panels.EmptyState(look, "ticket")
        self._nothing = panels.EmptyStateCard(look, self.empty, bare=True)
        self._build_layout()
        look.changed.connect(self._fit_facts_ribbon_and_words)
        self.show_no_ticket(True)
        for verb, button in self.buttons.items():
            if verb != ticket_acts.REPRINT:
                button.setText(
                    ticket_acts.thanks_act_label() if verb == ticket_acts.THANKS else ticket_acts.act_word(verb)
                )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        attach_messages_over_head(self, self._rect_beside_number)

    def _rect_beside_number(self) -> QRect:
        """Return the room beside the number, with the number where that is narrow."""
        place, gap = self.number.geometry(), self._look.px(12)
        if self.number.isHidden():
            place = QRect(self.contentsRect().left() + self._look.gap(PAGE), self._more.y(), 0, 0)
        right = min(key.x() for key in (self.print_button, self._more) if not key.isHidden()) - gap
        left = place.right() + gap
        if self.number.isHidden() or right - left < self._look.px(MESSAGE_LEAST):
            left = place.left()
        return QRect(left, place.top(), max(0, right - left), max(place.height(), self._more.height()))

    def _build_layout(self) -> None:
        look = self._look
        outer = QVBoxLayout(self)
        panels.set_scaled_margins(look, outer, (PAGE, 16, PAGE, 12), 0)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, (0, 0, 0, 6), 12)
        head.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.number)
        words = QVBoxLayout()
        panels.set_scaled_margins(look, words, spacing=4)
        words.addStretch(1)
        words.addWidget(self.state)
        words.addWidget(self.line)
        words.addStretch(1)
        head.addLayout(words, 1)
        for key in (self.print_button, self._more):
            head.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(head)
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        panels.set_scaled_margins(look, column, spacing=10)
        column.addWidget(self.ribbon)
        column.addWidget(self.bar)
        line = self._facts_line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, line, spacing=24)
        for fact in self.facts:
            line.addWidget(fact)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.why)
        column.addWidget(panels.DividerLine(look))
        inner = QWidget()
        self._timeline = QVBoxLayout(inner)
        self._timeline.setContentsMargins(0, 0, 0, 0)
        self._timeline.setSpacing(0)
        self._timeline.addStretch(1)
        column.addWidget(panels.VerticalScrollArea(inner, keys=True), 1)
        row = QWidget()
        acts = self._acts = QBoxLayout(QBoxLayout.Direction.LeftToRight, row)
        panels.set_scaled_margins(look, acts, spacing=12)
        row.setMinimumWidth(look.px(ACTS_LEAST))
        for verb in ACTS:
            kind = DangerButton if verb == "void" else SecondaryButton
            button = kind(
                look, "", icon=ticket_acts.ICONS.get(verb, THANKS_ICON if verb == ticket_acts.THANKS else "print")
            )
            button.clicked.connect(partial(self.act_wanted.emit, verb))
            self.buttons[verb] = button
            if verb != ticket_acts.REPRINT:
                acts.addWidget(button)
        acts.addWidget(self.case_button)
        acts.addWidget(self.visit_button)
        acts.addStretch(1)
        column.addWidget(row)
        log = QHBoxLayout()
        panels.set_scaled_margins(look, log, spacing=8)
        log.addWidget(self._log_mark, 0, Qt.AlignmentFlag.AlignTop)
        log.addWidget(self.log, 1)
        log.addWidget(self.buttons[ticket_acts.REPRINT])
        log.addWidget(self.correct_button)
        column.addLayout(log)
        self.hall_acts = (*self.buttons.values(), self.correct_button, self.case_button)
        outer.addWidget(self._body, 1)
        outer.addWidget(self._nothing, 1)

    def show_no_ticket(self, has_tickets: bool) -> None:
        self._shown = ()
        for widget in (self.number, self.state, self.line, self.print_button, self._body):
            widget.hide()
        none = _("A ticket's history is shown here, step by step")
        self.empty.set_texts(_("Choose a ticket to see its history") if has_tickets else none)
        self._nothing.show()

    def show_ticket_history(
        self,
        state: HallState,
        setup: Setup,
        story: TicketHistory,
        now: datetime,
        past: TodaysForecastFromPastDays | None = None,
    ) -> None:
        """Show the ticket's status in `state` with the events of `story`; `past` says what is usual and expected."""
        self.ribbon.show_day(day_ribbon_content(state, story.ticket.date, now, past, ticket=story.ticket.label))
        ticket = state.tickets.get(story.ticket.id, story.ticket)
        self.number.setText(ticket.label)
        self.state.set_state(ticket.state, ticket_state_word(ticket.state))
        self.line.setText(glue_short_line_parts(ticket_service_item_class_text(setup, ticket)))
        self.bar.set_parts(visit_bar_parts(story, now))
        known = event_words.facts_of_ticket_visit(state, ticket, now)
        if rested := quote_basis_sentence(ticket):
            known.append(event_words.VisitFact(RESTED, rested))
        for at, label in enumerate(self.facts):
            label.setVisible(at < len(known))
            if at < len(known):
                _show_fact_on_label(label, known[at])
        self._arrange_facts()
        self.why.setText(why_not_called_now_sentence(state, ticket, now))
        self.why.setVisible(ticket.state is TicketState.WAITING or bool(ticket.overtaken))
        icon, token = ("check", "ink2") if story.broken is None else ("warning", "red")
        self._log_mark.set_runs([panels.TextRun("", 15, token=token, icon=icon)])
        self.log.setText(event_words.log_check_sentence(story))
        self.log.set_color_token(token)
        self._show_story_events(ticket_story_events(state, setup, story))
        possible = possible_ticket_acts(setup, ticket)
        for verb, button in self.buttons.items():
            button.setVisible(verb in possible)
        self.correct_button.setVisible(bool(correction_question_reference()) and ticket.state in MOVES["correct"])
        known_as = case_number_of_ticket(state, ticket)
        self.case_button.setVisible(bool(known_as) or was_called_later_than_quoted(ticket))
        self.case_button.setText(_("Case {number}", number=known_as, context="story") if known_as else _("Open a case"))
        self.visit_button.setText(_("Mystery visit", context="inspection"))
        self.visit_button.setVisible(story.inspection is not None and setup.has_feature("inspections"))
        if self.is_reader_role:
            for button in (*self.hall_acts, self.visit_button):
                button.hide()
        self._nothing.hide()
        for widget in (self.number, self.state, self.line, self.print_button, self._body):
            widget.show()

    def _arrange_facts(self) -> None:
        """Put the facts beside each other, or one below the other where they would be cut."""
        shown = [fact.sizeHint().width() + self._look.gap(24) for fact in self.facts if not fact.isHidden()]
        beside = sum(shown) <= self.width() - 2 * self._look.gap(PAGE)
        panels.set_side_by_side_or_stacked(beside, self._facts_line)
        self._facts_line.setSpacing(self._look.gap(24 if beside else 2))

    def _show_story_events(self, wanted: list[figures.TicketStoryEvent]) -> None:
        if tuple(wanted) == self._shown:
            return
        self._shown = tuple(wanted)
        panels.remove_and_delete_widgets(self.rows)
        self.rows = []
        for at, moment in enumerate(wanted):
            row = figures.TicketStoryEventRow(self._look, moment, first=at == 0, last=at == len(wanted) - 1)
            self._timeline.insertWidget(at, row)
            self.rows.append(row)

    def set_busy(self, busy: bool) -> None:
        for button in self.buttons.values():
            button.set_busy(busy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_facts_ribbon_and_words()

    def _fit_facts_ribbon_and_words(self) -> None:
        self._arrange_facts()
        self.ribbon.setVisible(self.height() >= self._look.px(RIBBON_LEAST))
        self._shorten_buttons_if_narrow()

    def _shorten_buttons_if_narrow(self) -> None:
        """Where large text or a small window leaves little room, call the print buttons by few words; in a small window
        put the acts below each other."""
        is_large = self._look.scale.is_text_large
        again = self.buttons[ticket_acts.REPRINT]
        again.setText("" if is_large else _("Reprint"))
        again.setAccessibleName(_("Reprint"))
        again.setToolTip(_("Reprint") if is_large else "")
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(NARROW_PX), self._acts)
        is_narrow = self.width() < self._look.px(PRINT_PX)
        # The short word has its room at any width: a window that shows the long one can be made narrow.
        self.print_button.setMinimumWidth(self._look.px(PRINT_LEAST))
        self.print_button.setText(_("Print") if is_large or is_narrow else _("Print the history"))
        self.print_button.setAccessibleName(_("Print the history"))


def _show_fact_on_label(label: panels.TextRunsLabel, fact: event_words.VisitFact) -> None:
    icon, token = FACT_MARKS[fact.kind]
    label.set_runs([panels.TextRun("", 16, token=token, icon=icon), panels.TextRun(fact.text, 16, gap=2)])
