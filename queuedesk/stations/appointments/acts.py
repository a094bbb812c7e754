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
from queuedesk.stations.appointments.appointment_controller import AppointmentDesk
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
        desk: AppointmentDesk,
        board: AppointmentBoard,
        arrive: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(page)
        self._page, self._desk, self._board, self._arrive = page, desk, board, arrive
        self._look = desk.context.look
        self.new_dialog: NewAppointmentDialog | None = None
        # The card that was opened last; it may be closed by now.
        self.card: AppointmentDialog | None = None
        board.day_wanted.connect(desk.show_day)
        board.day_list_wanted.connect(self._ask_day)
        board.chosen.connect(self.open_card)
        board.arrived.connect(self._arrived)
        desk.read.connect(self._read)
        desk.done.connect(self._done)
        desk.refused.connect(self._refused)
        desk.printed.connect(self._printed)

    def refresh(self) -> None:
        """Show the date's appointments as they stand now."""
        desk = self._desk
        day = desk.shown
        self._board.show_day(desk.setup, desk.rows(day), day, desk.today, desk.context.clock())

    def _read(self, day: date) -> None:
        if day == self._desk.shown:
            self.refresh()

    def _arrived(self, number: object) -> None:
        if self._arrive is not None and isinstance(number, int):
            self._arrive(number)

    # -- questions ----------------------------------------------------------------------------------------------

    def _ask_day(self) -> None:
        desk = self._desk
        first, last = desk.today - LOOK_BACK, desk.today + LOOK_AHEAD
        title = _("Appointments of which day?")
        ask_day(self._page, self._look, desk.show_day, title=title, chosen=desk.shown, first=first, last=last)

    def open_new(self) -> None:
        """Ask for a new appointment."""
        desk = self._desk
        dialog = NewAppointmentDialog(
            self._page, self._look, desk.setup, desk.context.clock(), desk.shown, can_print=desk.can_print
        )
        dialog.wanted.connect(desk.book)
        dialog.refused.connect(self._forget_new)
        self.new_dialog = dialog
        dialog.open_dialog()

    def _forget_new(self) -> None:
        self.new_dialog = None

    def open_card(self, number: object) -> None:
        """Show one appointment with what may be done about it."""
        row = self._desk.find(number) if isinstance(number, int) else None
        if row is None:
            return
        setup, now = self._desk.setup, self._desk.context.clock()
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
            can_print=kept and self._desk.can_print,
        )
        self.card = card
        card.arrived.connect(partial(self._arrived, number))
        card.off_wanted.connect(partial(self._ask_off, row))
        card.print_wanted.connect(partial(self._desk.print_slip, row["appointment"]))
        card.open_dialog()

    def _ask_off(self, row: dict[str, Any]) -> None:
        setup = self._desk.setup
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
        question.done.connect(partial(self._desk.call_off, row["appointment"]))
        question.open_dialog()

    # -- what is said -------------------------------------------------------------------------------------------

    def _done(self, verb: str, document: dict[str, Any]) -> None:
        setup = self._desk.setup
        if verb == "book":
            if self.new_dialog is not None:
                if self.new_dialog.prints:
                    self._desk.print_slip(document["appointment"])
                self.new_dialog.close_dialog()
                self._forget_new()
            day = date.fromisoformat(document["date"])
            self.said.emit(_("Kept: {day}, {time}", day=day_staff(day), time=clock_of(setup, document)), "check")
            self._desk.show_day(day)
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
