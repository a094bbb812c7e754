"""What the manager does about the day: the questions asked first, and what is said afterwards."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.records import Rating
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.talk.remarks import DayNote
from queuedesk.i18n import _, say
from queuedesk.i18n.queue.reasons import REASONS, reason_words
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.tickets.correct_dialog import CorrectDialog
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.manager.today.day_controller import DayController
from queuedesk.stations.manager.today.note_dialog import NewNote, NotesDialog
from queuedesk.stations.manager.today.note_words import note_text
from queuedesk.stations.manager.today.notices_page import NoticesPage
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.questions.dialogs import Dialog, ReasonDialog


class DayActs(QObject):
    """Asks over `page`, has `desk` act, says what was done in `toast`; a refused dialog stays and says why.

    `corrected` says that a ticket's story was put right.
    """

    corrected = Signal()

    def __init__(
        self, page: QWidget, controller: ManagerController, day_controller: DayController, toast: Toast
    ) -> None:
        super().__init__(page)
        self._page, self._controller, self._day_controller = page, controller, day_controller
        self._notices: NoticesPage | None = None
        self._toast = toast
        self._look = controller.context.look
        # The dialog now open, if any.
        self.dialog: Dialog | None = None
        day_controller.done.connect(self._done)
        day_controller.refused.connect(self._refused)
        day_controller.pin_known.connect(self._know_pin)

    def serve(self, notices: NoticesPage) -> None:
        """Do what the page of announcements asks for."""
        self._notices = notices
        self._day_controller.busy_changed.connect(notices.set_busy)
        notices.push_wanted.connect(self._day_controller.push)
        notices.withdraw_wanted.connect(self._day_controller.withdraw)

    def see(self, alert: AlertText) -> None:
        """Note that somebody has seen an alert."""
        self._day_controller.acknowledge(
            alert.kind,
            service=alert.service,
            window=alert.window,
            ticket=alert.ticket,
            device=alert.device,
            station=alert.station,
        )

    def open_notes(self) -> None:
        """Show the day's notes, with room for another."""
        day = self._controller.day
        notes = [note for note in self._controller.state.day_notes if note.day == day]
        dialog = NotesDialog(self._page, self._look, notes)
        dialog.wanted.connect(self._add_note)
        dialog.removal_wanted.connect(self._ask_removal)
        self._open(dialog)

    def open_correction(self, ticket: Ticket, rating: Rating | None) -> None:
        """Ask what is to be put right in a ticket's story."""
        setup, who = set_up(self._controller.state), self._controller.context.who
        dialog = CorrectDialog(self._page, self._look, setup, ticket, rating, who=who.name if who is not None else "")
        dialog.wanted.connect(self._day_controller.correct)
        dialog.second_chosen.connect(self._day_controller.look_for_pin)
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.destroyed.connect(self._forget)
        dialog.open_dialog()

    def _forget(self, gone: QObject) -> None:
        if self.dialog is gone:
            self.dialog = None

    def _add_note(self, note: NewNote) -> None:
        self._day_controller.add_note(note.kind, note.text, note.start, note.end)

    def _ask_removal(self, note: DayNote) -> None:
        question = ReasonDialog(
            self._page,
            self._look,
            title=_("Take this note away?"),
            effect=note_text(note),
            reasons=[(code, reason_words(code)) for code in REASONS["note"]],
            missing=_("Choose a reason first"),
            no=_("Leave it there"),
            yes=_("Take it away"),
        )
        question.done.connect(partial(self._day_controller.remove_note, note.seq))
        self._open(question)

    def _know_pin(self, staff: str, needed: bool) -> None:
        if isinstance(self.dialog, CorrectDialog):
            self.dialog.need_pin(staff, needed)

    def _done(self, verb: str, document: dict[str, Any]) -> None:
        if verb in ("add_note", "correct") and self.dialog is not None:
            self.dialog.close_dialog()
        if verb == "push" and self._notices is not None:
            self._notices.start_over()
        if verb == "correct":
            self.corrected.emit()
        self._toast.show_toast(_done_words(verb, document))

    def _refused(self, verb: str, trouble: QueueDeskError) -> None:
        dialog = self.dialog
        if isinstance(dialog, NotesDialog | CorrectDialog):
            dialog.show_trouble(trouble)
        elif verb == "push" and self._notices is not None:
            self._notices.show_trouble(trouble)
        else:
            self._toast.show_toast(say(trouble), icon="warning")


def _done_words(verb: str, document: dict[str, Any]) -> str:
    return {
        "acknowledge": _("Noted that you have seen it"),
        "push": _("The notice will be on the displays at {time}", time=begins)
        if (begins := str(document.get("begins") or "")[11:16])
        else _("The notice is on the displays"),
        "withdraw": _("The notice is off the displays"),
        "add_note": _("Noted; it stands on the day's chart"),
        "remove_note": _("The note is taken away"),
        "correct": _("{ticket} is corrected", ticket=document.get("ticket", "")),
    }[verb]
