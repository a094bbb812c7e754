"""What is done about appointments over a page: the questions asked first, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.appointment import Booked
from queuedesk.i18n import _, day_staff, n_, say
from queuedesk.i18n.names import class_name
from queuedesk.i18n.queue.reasons import REASONS, reason_words
from queuedesk.stations.appointments.appointment_controller import AppointmentController
from queuedesk.stations.appointments.board import AppointmentBoard
from queuedesk.stations.appointments.card_dialog import AppointmentDialog
from queuedesk.stations.appointments.new_dialog import NewAppointmentDialog
from queuedesk.stations.appointments.words import clock_of, state_words, what_for
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from queuedesk.stations.window.day_dialog import ask_day

LOOK_BACK, LOOK_AHEAD = timedelta(days=400), timedelta(days=400)


class AppointmentActs(QObject):
    """Fills `board`, asks over `page` and has `desk` act. `arrive` is what gives a number to who is there; None where nobody comes.

    `said` carries a sentence and its icon, `not_taken` the refusal of a file.
    """

    said = Signal(str, str)
    not_taken = Signal(object)

    def __init__(
        self,
        page: QWidget,
        controller: AppointmentController,
        board: AppointmentBoard,
        arrive: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(page)
        self._page, self._controller, self._board, self._arrive = page, controller, board, arrive
        self._look = controller.context.look
        self.new_dialog: NewAppointmentDialog | None = None
        # The card that was opened last; it may be closed by now.
        self.card: AppointmentDialog | None = None
        board.day_wanted.connect(controller.show_day)
        board.day_list_wanted.connect(self._ask_day)
        board.chosen.connect(self.open_card)
        board.arrived.connect(self._arrived)
        controller.read.connect(self._read)
        controller.done.connect(self._done)
        controller.refused.connect(self._refused)
        controller.printed.connect(self._printed)

    def refresh(self) -> None:
        """Show the date's appointments as they stand now."""
        controller = self._controller
        day = controller.shown
        self._board.show_day(controller.setup, controller.rows(day), day, controller.today, controller.context.clock())

    def _read(self, day: date) -> None:
        if day == self._controller.shown:
            self.refresh()

    def _arrived(self, number: object) -> None:
        if self._arrive is not None and isinstance(number, int):
            self._arrive(number)

    # -- questions ----------------------------------------------------------------------------------------------

    def _ask_day(self) -> None:
        controller = self._controller
        first, last = controller.today - LOOK_BACK, controller.today + LOOK_AHEAD
        title = _("Appointments of which day?")
        ask_day(
            self._page, self._look, controller.show_day, title=title, chosen=controller.shown, first=first, last=last
        )

    def open_new(self) -> None:
        """Ask for a new appointment."""
        controller = self._controller
        dialog = NewAppointmentDialog(
            self._page,
            self._look,
            controller.setup,
            controller.context.clock(),
            controller.shown,
            can_print=controller.can_print,
        )
        dialog.wanted.connect(controller.book)
        dialog.refused.connect(self._forget_new)
        self.new_dialog = dialog
        dialog.open_dialog()

    def _forget_new(self) -> None:
        self.new_dialog = None

    def open_card(self, number: object) -> None:
        """Show one appointment with what may be done about it."""
        row = self._controller.find(number) if isinstance(number, int) else None
        if row is None:
            return
        setup, now = self._controller.setup, self._controller.context.clock()
        kept = row["state"] == Booked.BOOKED
        told = [
            (_("State"), state_words(row, now)),
            (_("Contact"), row["contact"]),
            (_("Reference"), row["ref"] or ""),
            (_("Class"), class_name(setup, row["class"])),
        ]
        day = date.fromisoformat(row["date"])
        name = row["name"] or _("Name not kept")
        card = AppointmentDialog(
            self._page,
            self._look,
            title=f"{clock_of(setup, row)} · {name}",
            effect=f"{day_staff(day)} · {what_for(setup, row)}",
            lines=[_("{what}: {text}", what=what, text=text) for what, text in told if text],
            arrive=_("Is here"),
            can_arrive=kept and self._arrive is not None,
            can_call_off=kept,
            can_print=kept and self._controller.can_print,
        )
        self.card = card
        card.arrived.connect(partial(self._arrived, number))
        card.off_wanted.connect(partial(self._ask_off, row))
        card.print_wanted.connect(partial(self._controller.print_slip, row["appointment"]))
        card.open_dialog()

    def _ask_off(self, row: dict[str, Any]) -> None:
        setup = self._controller.setup
        name = row["name"] or what_for(setup, row)
        question = ReasonDialog(
            self._page,
            self._look,
            title=_("Call off {time}, {name}?", time=clock_of(setup, row), name=name),
            effect=_("The time is free again; it stays in the list as called off."),
            reasons=[(code, reason_words(code)) for code in REASONS["appointment"]],
            missing=_("Choose a reason first"),
            no=_("Keep it"),
            yes=_("Call it off"),
        )
        question.done.connect(partial(self._controller.call_off, row["appointment"]))
        question.open_dialog()

    # -- what is said -------------------------------------------------------------------------------------------

    def _done(self, verb: str, document: dict[str, Any]) -> None:
        setup = self._controller.setup
        if verb == "book":
            if self.new_dialog is not None:
                if self.new_dialog.prints:
                    self._controller.print_slip(document["appointment"])
                self.new_dialog.close_dialog()
                self._forget_new()
            day = date.fromisoformat(document["date"])
            self.said.emit(_("Kept: {day}, {time}", day=day_staff(day), time=clock_of(setup, document)), "check")
            self._controller.show_day(day)
        elif verb == "call_off":
            self.said.emit(_("Called off: {time}", time=clock_of(setup, document)), "check")
        else:
            kept = len(document["booked"])
            self.said.emit(n_("{n} appointment kept.", "{n} appointments kept.", kept), "check")

    def _printed(self, done: dict[str, Any]) -> None:
        if done["printed"]:
            self.said.emit(_("The appointment is printed"), "print")
        else:
            self.said.emit(say(done["error"]), "warning")

    def _refused(self, verb: str, trouble: QueueDeskError) -> None:
        if verb == "book" and self.new_dialog is not None:
            self.new_dialog.show_trouble(trouble)
        elif verb == "import":
            self.not_taken.emit(trouble)
        elif verb != "read":  # while the hall's file is away the page says so itself
            self.said.emit(say(trouble), "warning")
