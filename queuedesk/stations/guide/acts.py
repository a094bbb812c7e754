"""Acts on existing tickets at the front desk: the question before, the message after."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.i18n import _, time_hm
from queuedesk.i18n.names import lettered
from queuedesk.stations.acts.ticket_acts import (
    ICONS,
    act_word,
    leave_question,
    moved_text,
    redirect_question,
    void_question,
)
from queuedesk.stations.guide.choices import Choice, full_title
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.figures import wait_facts
from queuedesk.stations.guide.line_rows import TicketFacts, latest_of
from queuedesk.stations.guide.ticket.printing import Slip
from queuedesk.stations.guide.ticket_stage import OFFER, REPRINT
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.questions.dialogs import Answer, ConfirmDialog, PickDialog

REPRINTS_OFFERED = 4
MOST_OFFERED = 5


class Acts(QObject):
    """Asks over `page`, has the controller act, and says what was done in a toast at the page's foot.

    `offer_wanted` asks for another way for a ticket's service, with its number.
    """

    offer_wanted = Signal(str, str)

    def __init__(self, page: QWidget, controller: GuideController) -> None:
        super().__init__(page)
        self._page, self._controller = page, controller
        self._look = controller.context.look
        self.toast = Toast(self._look, page)
        self.toast.undone.connect(self._undo_said)
        self._undoable = ""
        controller.moved.connect(self._say_moved)

    def words(self) -> dict[str, str]:
        """Return the word of every act on a ticket's card by its verb."""
        return {
            REPRINT: _("Reprint"),
            **{verb: act_word(verb) for verb in ICONS},
            OFFER: _("Offer another way"),
        }

    def do(self, verb: str, facts: TicketFacts) -> None:
        """Do what a button of a ticket's card says, after a question where it can't be taken back."""
        label = facts.label
        if verb == REPRINT:
            self._controller.reprint(label)
        elif verb == OFFER:
            self.offer_wanted.emit(facts.service, label)
        elif verb == "reinstate":
            self._controller.reinstate(label)
        elif verb == "postpone":
            self._controller.postpone(label)
        elif verb == "redirect":
            self.ask_redirect(label)
        elif verb == "leave":
            self._ask_leave(label)
        elif verb == "void":
            self._ask_void(label)

    # -- questions ----------------------------------------------------------------------------------------------

    def ask_redirect(self, label: str) -> None:
        """Ask which line is the right one for a ticket."""
        state, ticket = self._controller.state, self._controller.ticket(label)
        if ticket is None or not self._controller.may("redirect", ticket):
            return
        setup = set_up(state)
        lines = {line.service: line for line in service_lines(state, self._controller.context.clock())}
        answers = [
            Answer(
                code,
                lettered(setup, code),
                wait_facts(lines[code].waiting, lines[code].wait),
                open=code != ticket.service,
            )
            for code in setup.services
        ]
        question = redirect_question(self._page, self._look, ticket, answers)
        question.picked.connect(partial(self._controller.redirect, label))
        question.open_dialog()

    def ask_reprint(self) -> None:
        """Ask which ticket to print again, the last one first."""
        state, who = self._controller.state, self._controller.context.who
        missing = self._controller.paper.missing()
        latest = [ticket for label in missing if (ticket := self._controller.ticket(label)) is not None]
        latest += [one for one in (latest_of(state, who.name, REPRINTS_OFFERED) if who else ()) if one not in latest]
        latest = latest[: max(REPRINTS_OFFERED, min(len(missing), MOST_OFFERED))]
        if not latest:
            self.say(_("No ticket of yours to print again; find it by its number"), icon="info")
            return
        setup = set_up(state)
        answers = [
            Answer(
                ticket.label,
                ticket.label,
                (_("not printed yet") + " · " if ticket.label in missing else "")
                + f"{time_hm(setup.local(ticket.arrived))} {full_title(setup, Choice(ticket.service, ticket.item))}",
            )
            for ticket in latest
        ]
        question = PickDialog(
            self._page,
            self._look,
            title=_("Print which ticket again?"),
            answers=answers,
            no=_("None", context="reprint"),
            more=_("Another one"),
            in_column=True,
        )
        question.picked.connect(self._reprint_picked)
        question.open_dialog()

    def _reprint_picked(self, label: str) -> None:
        if label:
            self._controller.reprint(label)
        else:
            self._page.find_number()  # type: ignore[attr-defined]

    def ask_undo(self) -> None:
        """Ask whether the last ticket is to be taken back."""
        last = self._controller.last_ticket()
        if last is None:
            self.say(_("You have issued no ticket today"), icon="info")
            return
        if self._controller.undoable() is None:
            return
        question = ConfirmDialog(
            self._page,
            self._look,
            title=_("Undo {ticket}?", ticket=last.label),
            effect=_("The ticket becomes void; its number is not used again."),
            safe=_("Keep it"),
            act=_("Undo {ticket}", ticket=last.label),
        )
        question.done.connect(partial(self._controller.undo, last.label))
        question.open_dialog()

    def undo_by_key(self) -> None:
        """Take the last ticket back at once while its notice stands, else ask first."""
        if self.toast.isVisible() and self._undoable:
            self.toast.undo()
        else:
            self.ask_undo()

    def _ask_leave(self, label: str) -> None:
        question = leave_question(self._page, self._look, label)
        question.done.connect(partial(self._controller.leave, label))
        question.open_dialog()

    def _ask_void(self, label: str) -> None:
        question = void_question(self._page, self._look, label)
        question.done.connect(partial(self._controller.void, label))
        question.open_dialog()

    # -- what is said -------------------------------------------------------------------------------------------

    def say(self, text: str, icon: str = "check") -> None:
        """Say something at the page's foot for a while."""
        self._undoable = ""
        self.toast.show_toast(text, icon=icon)

    def say_printed(self, slip: Slip) -> None:
        """Say what was printed; a new ticket can be taken back from there."""
        if not slip.label:
            self.say(_("List printed"), icon="print")
        elif slip.reprint:
            self.say(_("Printed {ticket} again", ticket=slip.label), icon="print")
        else:
            self._undoable = slip.label
            self.toast.show_toast(_("Printed {ticket}", ticket=slip.label), undo=_("Undo"), icon="print")

    def _undo_said(self) -> None:
        label, self._undoable = self._undoable, ""
        if label:
            self._controller.undo(label)

    def _say_moved(self, verb: str, document: dict[str, Any]) -> None:
        self.say(moved_text(set_up(self._controller.state), verb, document))
