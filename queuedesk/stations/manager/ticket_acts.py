"""What the manager does to a ticket: the question asked first, and what is said afterwards."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.overview import service_lines, set_up
from queuedesk.core.ticket import MOVES, Ticket
from queuedesk.i18n import _, n_
from queuedesk.i18n.names import lettered
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.dialogs import ConfirmDialog, Dialog, ReasonDialog
from queuedesk.stations.widgets.strips import Toast

# In the order in which they are offered.
ACTS = ("reinstate", "redirect", "leave", "void")
ICONS = {"reinstate": "undo", "redirect": "redirect", "leave": "leave", "void": "void"}


def acts_of(ticket: Ticket) -> list[str]:
    """Return what may be done to a ticket by a manager now; who is being served is the window's own."""
    possible = [verb for verb in ACTS if ticket.state in MOVES[verb]]
    return [verb for verb in possible if not (verb == "redirect" and ticket.state != "waiting")]


def act_word(verb: str) -> str:
    return {
        "reinstate": _("Back in line"),
        "redirect": _("Wrong counter"),
        "leave": _("Customer left"),
        "void": _("Void this ticket"),
    }[verb]


class ServiceDialog(Dialog):
    """Which line is right: one button for each other service, picked by press or digit."""

    picked = Signal(str)

    def __init__(
        self, host: QWidget, look: Look, *, title: str, effect: str, no: str, answers: list[tuple[str, str, str]]
    ):
        super().__init__(host, look, title=title, effect=effect)
        self.answers: dict[str, SecondaryButton] = {}
        for number, (code, word, second) in enumerate(answers, start=1):
            key = str(number) if number <= 9 else ""
            button = SecondaryButton(self.look, word, second=second, key=key, height=66, px=20)
            button.clicked.connect(partial(self._pick, code))
            self.answers[code] = button
            self.body.addWidget(button)
        self.no_button = SecondaryButton(self.look, no, key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def keyPressEvent(self, event: Any) -> None:
        codes, digit = list(self.answers), event.text()
        if digit.isdecimal() and 1 <= int(digit) <= min(9, len(codes)):
            self._pick(codes[int(digit) - 1])
        else:
            super().keyPressEvent(event)

    def _pick(self, code: str) -> None:
        self.close_dialog()
        self.picked.emit(code)


class TicketActs(QObject):
    """Asks over `page`, has the controller act, says what was done in `toast`."""

    def __init__(self, page: QWidget, controller: ManagerController, toast: Toast) -> None:
        super().__init__(page)
        self._page, self._controller, self._toast = page, controller, toast
        self._look = controller.context.look
        # The question now open, if any.
        self.question: Dialog | None = None
        controller.moved.connect(self._say_moved)

    def do(self, verb: str, ticket: Ticket) -> None:
        """Do what a button of a ticket's story says, after a question where it can't be taken back."""
        day, label = ticket.date, ticket.label
        if verb == "reinstate":
            self._controller.reinstate(day, label)
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
            (code, lettered(setup, code), n_("{n} waiting", "{n} waiting", lines[code].waiting))
            for code in setup.services
            if code != ticket.service
        ]
        question = ServiceDialog(
            self._page,
            self._look,
            title=_("Which line is right for {ticket}?", ticket=label),
            effect=_("It keeps the time at which the customer arrived."),
            no=_("Leave it there"),
            answers=answers,
        )
        question.picked.connect(partial(self._controller.redirect, ticket.date, label))
        self._open(question)

    def _ask_leave(self, day: date, label: str) -> None:
        question = ConfirmDialog(
            self._page,
            self._look,
            title=_("Has the customer of {ticket} left?", ticket=label),
            effect=_("The ticket leaves the line and is not called any more."),
            safe=_("No, still here"),
            act=_("Customer left"),
        )
        question.done.connect(partial(self._controller.leave, day, label))
        self._open(question)

    def _ask_void(self, day: date, label: str) -> None:
        question = ReasonDialog(
            self._page,
            self._look,
            title=_("Why void {ticket}?", ticket=label),
            effect=_("The ticket is not called any more; its number is not used again."),
            reasons=[
                ("issued_twice", _("Issued twice")),
                ("wrong_service", _("Wrong service chosen")),
                ("test_print", _("Test print")),
                ("other", _("Other reason")),
            ],
            missing=_("Choose a reason first"),
            no=_("Don't void"),
            yes=_("Void {ticket}", ticket=label),
        )
        question.done.connect(partial(self._controller.void, day, label))
        self._open(question)

    def _say_moved(self, verb: str, document: dict[str, Any]) -> None:
        label, ahead = document["ticket"], int(document["ahead"] or 0)
        setup = set_up(self._controller.state)
        if verb == "reinstate":
            text = n_("{ticket} is back in line, {n} ahead", "{ticket} is back in line, {n} ahead", ahead, ticket=label)
        elif verb == "redirect":
            text = n_(
                "{ticket} now waits for {service}, {n} ahead",
                "{ticket} now waits for {service}, {n} ahead",
                ahead,
                ticket=label,
                service=lettered(setup, document["service"]),
            )
        elif verb == "leave":
            text = _("{ticket}: customer left, noted", ticket=label)
        else:
            text = _("{ticket} is void now", ticket=label)
        self._toast.show_toast(text)
