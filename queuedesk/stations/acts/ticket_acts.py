"""Acts on tickets shared by guide and manager, and a customer's thanks: words, questions, the message after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.quality.case import CLASSES
from queuedesk.core.quality.thanks import last_clerk_of
from queuedesk.core.queue import hallday
from queuedesk.core.queue.dispatch import people_ahead_in_document
from queuedesk.core.queue.ticket import NEEDS, OPEN_STATES, Ticket, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, error_sentence, n_, need_word
from queuedesk.i18n.names import service_letter_and_name, staff_name
from queuedesk.i18n.quality import comment_class_word
from queuedesk.i18n.queue.line_words import REASONS, reason_words
from queuedesk.stations.manager.parts.inputs import TextArea
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import BigNumberLabel, EqualCellGrid, FixedSizeKeeper
from queuedesk.stations.widgets.questions import dialogs
from queuedesk.stations.window.context import ServiceDocument, StationContext
from queuedesk.stations.window.frame import MenuEntry, station_page_of_widget
from queuedesk.stations.window.style import Look

ICONS = {"reinstate": "undo", "redirect": "redirect", "postpone": "arrow-down", "leave": "leave", "void": "void"}
"""The icon of every act, in the order in which they are offered."""


def act_word(verb: str) -> str:
    return {
        "reinstate": _("Back in line"),
        "redirect": _("Change line"),
        "postpone": _("Let one go first"),
        "leave": _("Customer left"),
        "void": _("Void this ticket"),
    }[verb]


def redirect_question(
    page: QWidget, look: Look, ticket: Ticket, answers: Sequence[dialogs.DialogChoice], *, in_column: bool = False
) -> dialogs.ChoiceButtonsDialog:
    """Ask for the right line of a ticket; an answer's key is the service. Says if a window loses its customer."""
    effect = _("It keeps the time at which the customer arrived.")
    if ticket.window:
        effect = _(
            "It leaves window {window} at once and keeps the time at which the customer arrived.", window=ticket.window
        )
    return dialogs.ChoiceButtonsDialog(
        page,
        look,
        title=_("Which line is right for {ticket}?", ticket=ticket.label),
        effect=effect,
        answers=answers,
        no=_("Leave it there", context="line"),
        in_column=in_column,
    )


def customer_left_confirm_dialog(page: QWidget, look: Look, label: str) -> dialogs.ConfirmDialog:
    return dialogs.ConfirmDialog(
        page,
        look,
        title=_("Has the customer of {ticket} left?", ticket=label),
        effect=_("The ticket leaves the line and will not be called."),
        safe=_("No, still here"),
        act=_("Customer left"),
    )


def void_ticket_reason_dialog(page: QWidget, look: Look, label: str) -> dialogs.ReasonDialog:
    return dialogs.ReasonDialog(
        page,
        look,
        title=_("Why void {ticket}?", ticket=label),
        effect=_("The ticket is not called any more; its number is not used again."),
        reasons=[(code, reason_words(code)) for code in REASONS["void"]],
        missing=_("Choose a reason first"),
        no=_("Don't void"),
        yes=_("Void {ticket}", ticket=label),
    )


def line_act_result_text(setup: Setup, verb: str, document: Mapping[str, Any]) -> str:
    label, ahead = document["ticket"], people_ahead_in_document(document)
    if verb == "reinstate":
        return n_("{ticket} is back in line, {n} ahead", "{ticket} is back in line, {n} ahead", ahead, ticket=label)
    if verb == "redirect":
        return n_(
            "{ticket} now waits for {service}, {n} ahead",
            "{ticket} now waits for {service}, {n} ahead",
            ahead,
            ticket=label,
            service=service_letter_and_name(setup, document["service"]),
        )
    if verb == "postpone":
        return n_("{ticket} lets one go first, {n} ahead", "{ticket} lets one go first, {n} ahead", ahead, ticket=label)
    if verb == "leave":
        return _("{ticket}: customer left, noted", ticket=label)
    return _("{ticket} is void now", ticket=label)


# -- who is fetched for their turn ---------------------------------------------------------------------------------


def fetch_when_called_label() -> str:
    return _("Fetch when called", context="act")


def fetch_reason_question(host: QWidget, look: Look, label: str) -> dialogs.ChoiceButtonsDialog:
    """Ask why a customer is fetched. An answer's key is the need, "" for none; `label` is "" before there is one."""
    title = _("Why does {ticket} need fetching?", ticket=label) if label else _("Why does this customer need fetching?")
    return dialogs.ChoiceButtonsDialog(
        host,
        look,
        title=title,
        effect=_("You will get a message when it is nearly their turn. Only staff see this; it is not on the ticket."),
        answers=[
            *(dialogs.DialogChoice(need, need_word(need)) for need in NEEDS),
            dialogs.DialogChoice("", _("Nobody to fetch")),
        ],
        no=_("Change nothing"),
    )


def customer_language_choice_dialog(host: QWidget, look: Look, setup: Setup) -> dialogs.ChoiceButtonsDialog:
    """Ask which further language a customer speaks; an answer's key is the language, "" for none."""
    return dialogs.ChoiceButtonsDialog(
        host,
        look,
        title=_("Which language does this customer speak?"),
        effect=_("Staff who speak it will see this and may call the ticket out of order for that reason."),
        answers=[
            *(dialogs.DialogChoice(one, one) for one in setup.staff_languages),
            dialogs.DialogChoice("", _("The hall's own")),
        ],
        no=_("Change nothing"),
    )


# -- printing a ticket again ---------------------------------------------------------------------------------------

REPRINT = "reprint"
SLOW_MS = 5000
NUMBER_PX = 130


def is_slip_still_useful(ticket: Ticket) -> bool:
    return ticket.state in OPEN_STATES


class UnprintedTicketNumberNotice(dialogs.Dialog):
    """A number whose slip was not printed, as large as possible; `again` asks for another try."""

    again = Signal()

    def __init__(self, host: QWidget, look: Look, label: str, sentence: str) -> None:
        super().__init__(host, look, title=_("No slip came out"), effect=sentence)
        self.number = BigNumberLabel(self.look, px=NUMBER_PX)
        self.number.setText(label)
        self.body.addWidget(self.number)
        self.again_button = SecondaryButton(self.look, _("Print again"), icon="print", height=56, px=18)
        self.done_button = PrimaryButton(
            self.look, _("Noted, continue"), key=_("Enter", context="key"), height=56, px=18
        )
        self.again_button.clicked.connect(self._close_and_print_again)
        self.done_button.clicked.connect(self.refuse)
        for button in (self.again_button, self.done_button):
            self.buttons.addWidget(button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.refuse()
        super().keyPressEvent(event)

    def _close_and_print_again(self) -> None:
        self.close_dialog()
        self.again.emit()


class TicketReprinter(QObject):
    """Reprints tickets over `page` and says at its foot how that went."""

    def __init__(self, page: QWidget, context: StationContext, toast: Toast | None = None) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self._toast = toast or Toast(context.look, page)
        self._label = ""
        self._late = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._late.timeout.connect(self._say_printer_slow)

    def menu_entries(self, ticket: Ticket | None) -> list[MenuEntry]:
        if ticket is None or not is_slip_still_useful(ticket) or self._context.services.paper is None:
            return []
        text = _("Print {ticket} again", ticket=ticket.label)
        return [MenuEntry(text, partial(self.print_ticket_again, ticket.date, ticket.label))]

    def print_ticket_again(self, day: date, label: str) -> None:
        """Print a ticket as it is now, in the background."""
        paper = self._context.services.paper
        if paper is None:
            self._show_number_to_write_down(day, label, OutsideError("no_printer"))
            return
        self._label = label
        self._late.start()
        answered, failed = (
            partial(self._on_print_answer, day, label),
            partial(self._show_number_to_write_down, day, label),
        )
        self._context.tasks.run_in_long_work_lane(partial(paper.print_ticket, day, label, True), answered, failed)

    def _on_print_answer(self, day: date, label: str, answer: ServiceDocument) -> None:
        if not answer.get("printed"):
            self._show_number_to_write_down(day, label, answer.get("error") or OutsideError("no_printer"))
            return
        self._late.stop()
        self._toast.show_toast(_("Printed {ticket} again", ticket=label), icon="print")

    def _show_number_to_write_down(self, day: date, label: str, trouble: QueueDeskError) -> None:
        self._late.stop()
        sentence = error_sentence(type(trouble)(trouble.code, **{**trouble.details, "ticket": label}))
        dialog = UnprintedTicketNumberNotice(self._page, self._context.look, label, sentence)
        dialog.again.connect(partial(self.print_ticket_again, day, label))
        dialog.open_dialog()

    def _say_printer_slow(self) -> None:
        text = _("The printer is slow. {ticket} is valid without its slip; the slip follows.", ticket=self._label)
        self._toast.show_toast(text, icon="hourglass")


THANKS, ICON = "thanks", "star"
LONGEST = 200
Wanted = Callable[[str, str], object]


def can_note_thanks(ticket: Ticket) -> bool:
    return ticket.state is TicketState.FINISHED and last_clerk_of(ticket) is not None


def thanks_act_label() -> str:
    return _("Thanks", context="act")


def thanks_noted_text(setup: Setup, staff: str) -> str:
    return _("Noted: thanks to {name}", name=staff_name(setup, staff))


class ThanksDialog(dialogs.Dialog):
    """Asks for thanks to one of `people`, by code; the words may stay empty. `wanted` gets the code and the words."""

    def __init__(
        self,
        host: QWidget,
        look: Look,
        setup: Setup,
        people: Sequence[str],
        wanted: Wanted,
        *,
        label: str = "",
        effect: str = "",
    ) -> None:
        self._wanted = wanted
        title = _("Who did a customer thank?")
        if len(people) == 1:
            name = staff_name(setup, people[0])
            title = _("Thanks to {name} for {ticket}?", name=name, ticket=label)
        told = _("They are notified at their station and read it there; otherwise only managers do.")
        super().__init__(host, look, title=title, effect=effect or told)
        self.whom = dialogs.DropDown(look)
        for code in people:
            self.whom.addItem(staff_name(setup, code), code)
        if len(people) != 1:
            FixedSizeKeeper(look, self.whom, height=48)
            self.body.addWidget(dialogs.FormField(look, _("Who is thanked"), edit=self.whom, has_line=False))
        else:
            self.whom.hide()
        self.words = QLineEdit()
        self.words.setMaxLength(LONGEST)
        self.words.returnPressed.connect(self._close_and_give_thanks)
        title = _("What they will read") if effect else _("What the customer said")
        self.body.addWidget(dialogs.FormField(look, title, hint=_("optional"), edit=self.words))
        self.add_answer_buttons(_("Don't note it"), _("Note the thanks"), self._close_and_give_thanks)

    def first_focus_widget(self) -> QWidget:
        return self.words if self.whom.count() == 1 else self.whom

    def _close_and_give_thanks(self) -> None:
        self.close_dialog()
        self._wanted(str(self.whom.currentData()), self.words.text().strip())


ROWS = 3


class SpokenCommentDialog(dialogs.Dialog):
    """`wanted` gives the words, what they are, and a ticket's number or "". It stays open until it is noted: `done`."""

    wanted = Signal(str, str, str)
    done = Signal()

    def __init__(self, host: QWidget, look: Look, ticket: str = "") -> None:
        super().__init__(
            host,
            look,
            title=_("What does the customer say?"),
            effect=_("Only managers read it. Please leave out names and ID numbers."),
            width=640,
        )
        self.text = TextArea(self.look, ROWS)
        self.body.addWidget(dialogs.FormField(self.look, _("In the customer's words"), edit=self.text, has_line=False))
        self.kinds: dict[str, ToggleChoice] = {}
        grid = EqualCellGrid(self.look, gap=8)
        for klass in CLASSES:
            choice = ToggleChoice(self.look, comment_class_word(klass), height=52, px=17)
            choice.setAutoExclusive(True)
            choice.clicked.connect(self._update_note_button)
            self.kinds[klass] = choice
        grid.set_widgets(list(self.kinds.values()))
        self.body.addWidget(grid)
        self.ticket = dialogs.FormField(self.look, _("The ticket's number"), hint=_("optional"))
        self.ticket.set_value(ticket)
        self.body.addWidget(self.ticket)
        self.trouble = dialogs.ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_answer_buttons(_("Don't note it"), "", self._emit_comment_and_ticket)
        self.text.typed.connect(self._update_note_button)
        self.ticket.edited.connect(self._update_note_button)
        self._update_note_button()

    def chosen_kind(self) -> str:
        return next((code for code, choice in self.kinds.items() if choice.isChecked()), "")

    def _update_note_button(self, _edited: object = None) -> None:
        self.trouble.hide()
        if not self.text.text().strip():
            self.yes_button.disable_with_reason(_("Write a few words first"))
        elif not self.chosen_kind():
            self.yes_button.disable_with_reason(_("Choose what kind it is first"))
        else:
            self.yes_button.enable_with_label(_("Note it for the manager"))

    def _emit_comment_and_ticket(self) -> None:
        typed = self.ticket.value().strip().upper()
        found = hallday.split_ticket_label(typed) if len(typed) <= 12 else None
        self.wanted.emit(
            self.text.text().strip(), self.chosen_kind(), hallday.ticket_label_text(*found) if found else typed
        )

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.show_refusal(error_sentence(trouble))
        self.trouble.show()

    def first_focus_widget(self) -> QWidget:
        return self.text


Note = Callable[[tuple[str, str, str], Callable[[], None], Callable[[QueueDeskError], None]], None]
"""Notes words, what they are, and a number or ""; then calls the one or the other."""


class SpokenCommentAsker(QObject):
    """Asks over `page`'s station and notes the answer; `said` is what was done, with an icon."""

    said = Signal(str, str)

    def __init__(
        self,
        page: QWidget,
        look: Look,
        note: Note,
        *,
        host: Callable[[], QWidget] | None = None,
        put: Callable[[dialogs.Dialog], None] = dialogs.Dialog.open_dialog,
    ) -> None:
        """`host` gives what the question stands over, `put` opens it where the page has one at a time."""
        super().__init__(page)
        self._look, self._note_down, self._put = look, note, put
        self._host = host or (lambda: station_page_of_widget(page) or page.window())
        self.dialog: SpokenCommentDialog | None = None

    def open_dialog(self, ticket: str = "") -> None:
        """Ask what the customer says; `ticket` stands in the field of the number."""
        dialog = SpokenCommentDialog(self._host(), self._look, ticket)
        dialog.wanted.connect(self._record_spoken_comment)
        dialog.destroyed.connect(self._forget_comment_dialog)
        self.dialog = dialog
        self._put(dialog)

    def _forget_comment_dialog(self) -> None:
        self.dialog = None

    def _record_spoken_comment(self, text: str, klass: str, ticket: str) -> None:
        self._note_down((text, klass, ticket), self._close_and_say_noted, self._show_note_refusal)

    def _close_and_say_noted(self) -> None:
        if self.dialog is not None:
            dialog = self.dialog
            dialog.close_dialog()
            dialog.done.emit()
        self.said.emit(_("Noted for the manager."), "check")

    def _show_note_refusal(self, trouble: QueueDeskError) -> None:
        if self.dialog is not None:
            self.dialog.show_trouble(trouble)
        else:
            self.said.emit(error_sentence(trouble), "warning")
