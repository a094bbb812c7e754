"""What the manager does to a ticket: the question asked first, and what is said afterwards."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.core.queue.ticket import MOVES, Ticket
from queuedesk.i18n import n_
from queuedesk.i18n.names import lettered
from queuedesk.stations.acts.reprinting import REPRINT, Reprinting, may_reprint
from queuedesk.stations.acts.ticket_acts import leave_question, moved_text, redirect_question, void_question
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.pick_dialog import Answer

# In the order in which they are offered.
ACTS = ("reinstate", "redirect", "leave", REPRINT, "void")


def acts_of(ticket: Ticket) -> list[str]:
    """Return what may be done to a ticket by a manager now."""
    return [verb for verb in ACTS if (may_reprint(ticket) if verb == REPRINT else ticket.state in MOVES[verb])]


class TicketActs(QObject):
    """Asks over `page`, has the controller act, says what was done in `toast`."""

    def __init__(self, page: QWidget, controller: ManagerController, toast: Toast) -> None:
        super().__init__(page)
        self._page, self._controller, self._toast = page, controller, toast
        self._look = controller.context.look
        # The question now open, if any.
        self.question: Dialog | None = None
        self._reprinting = Reprinting(page, controller.context, toast)
        controller.done.connect(self._say_moved)

    def do(self, verb: str, ticket: Ticket) -> None:
        """Do what a button of a ticket's story says, after a question where it can't be taken back."""
        day, label = ticket.date, ticket.label
        if verb == "reinstate":
            self._controller.reinstate(day, label)
        elif verb == REPRINT:
            self._reprinting.print(day, label)
        elif verb == "redirect":
            self._ask_redirect(ticket)
        elif verb == "leave":
            self._ask_leave(day, label)
        else:
            self._ask_void(day, label)

    def _open(self, question: Dialog) -> None:
        self.question = question
        question.destroyed.connect(self._forget)
        question.open_dialog()

    def _forget(self, gone: QObject) -> None:
        if self.question is gone:
            self.question = None

    def _ask_redirect(self, ticket: Ticket) -> None:
        state, label = self._controller.state, ticket.label
        setup = set_up(state)
        lines = {line.service: line for line in service_lines(state, self._controller.context.clock())}
        answers = [
            Answer(code, lettered(setup, code), n_("{n} waiting", "{n} waiting", lines[code].waiting))
            for code in setup.services
            if code != ticket.service
        ]
        question = redirect_question(self._page, self._look, ticket, answers, in_column=True)
        question.picked.connect(partial(self._controller.redirect, ticket.date, label))
        self._open(question)

    def _ask_leave(self, day: date, label: str) -> None:
        question = leave_question(self._page, self._look, label)
        question.done.connect(partial(self._controller.leave, day, label))
        self._open(question)

    def _ask_void(self, day: date, label: str) -> None:
        question = void_question(self._page, self._look, label)
        question.done.connect(partial(self._controller.void, day, label))
        self._open(question)

    def _say_moved(self, verb: str, document: dict[str, Any]) -> None:
        self._toast.show_toast(moved_text(set_up(self._controller.state), verb, document))
