"""Acts on appointments over a page: the question before, the message after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.queue.hallday import opening_spans_on
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.features.appointments.pages import board as boards
from queuedesk.features.appointments.pages.controller import AppointmentController, TypedAppointment
from queuedesk.i18n import _, date_for_staff, error_sentence, n_
from queuedesk.i18n.names import priority_class_name, service_letter_and_name
from queuedesk.i18n.queue.line_words import REASONS, reason_words
from queuedesk.stations.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField, ReasonDialog
from queuedesk.stations.window.day_dialog import open_day_picker_dialog
from queuedesk.stations.window.style import Look

# -- a new appointment ---------------------------------------------------------------------------------------------

DAYS_AHEAD, STEP_MINUTES, SEEN = 60, 15, 8
FIELDS = {"appointment_past": "time", "service_closed": "time", "already_booked": "ref", "unknown_service": "service"}


class NewAppointmentDialog(Dialog):
    """`wanted` gives a TypedAppointment; the dialog stays open until it is booked. `prints`: its slip is wanted too."""

    wanted = Signal(object)

    def __init__(
        self, host: QWidget, look: Look, setup: Setup, now: datetime, day: date, *, can_print: bool = False
    ) -> None:
        effect = n_(
            "Name and contact details are deleted after {n} day.",
            "Name and contact details are deleted after {n} days.",
            setup.setting_as_int("contact_days"),
        )
        super().__init__(host, look, title=_("New appointment"), effect=effect, width=820)
        self._setup, self._now = setup, now
        self._codes = list(setup.services)
        self._days: list[date] = []
        self.fields = {
            "service": FormField(self.look, _("Service"), edit=DropDown(self.look).set_minimum_letters()),
            "date": FormField(self.look, _("Day"), edit=DropDown(self.look).set_minimum_letters()),
            "time": FormField(
                self.look, _("Time"), hint=_("such as 10:30"), edit=DropDown(self.look).set_minimum_letters()
            ),
            "name": FormField(self.look, _("Who is coming"), hint=_("optional")),
            "contact": FormField(self.look, _("Telephone or address"), hint=_("optional")),
            "ref": FormField(self.look, _("Reference"), hint=_("of a case or form; kept for good, so no names")),
        }
        for name in ("service", "date", "time"):
            self._combo_box_of_field(name).setMaxVisibleItems(SEEN)
        self._combo_box_of_field("time").setEditable(True)
        line_edit = self._combo_box_of_field("time").lineEdit()
        if line_edit is not None:
            line_edit.setAccessibleName(_("Time"))
        grid = QGridLayout()
        set_scaled_margins(self.look, grid, spacing=16)
        for place, field in enumerate(self.fields.values()):
            grid.addWidget(field, place // 3, place % 3)
            grid.setColumnStretch(place % 3, 1)
        self.body.addLayout(grid)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, "", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._book_without_printing)
        self.prints = False
        self.print_button = SecondaryButton(self.look, _("Book and print"), icon="print", height=56, px=18)
        self.print_button.clicked.connect(self._book_and_print)
        self.print_button.setVisible(can_print)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.print_button)
        self.buttons.addWidget(self.yes_button)
        self._combo_box_of_field("service").addItems([service_letter_and_name(setup, code) for code in self._codes])
        self._fill_day_choices(day)
        self._combo_box_of_field("service").currentIndexChanged.connect(self._refill_days_for_service)
        self._combo_box_of_field("date").currentIndexChanged.connect(self._fill_time_choices)
        for field in self.fields.values():
            field.edited.connect(self._update_book_buttons)
        self._update_book_buttons()

    def _combo_box_of_field(self, name: str) -> QComboBox:
        edit = self.fields[name].edit
        assert isinstance(edit, QComboBox)
        return edit

    @property
    def chosen_service_code(self) -> str:
        """Return the code of the service chosen."""
        return self._codes[self._combo_box_of_field("service").currentIndex()]

    def chosen_day(self) -> date | None:
        """Return the day chosen; None if the service has none."""
        place = self._combo_box_of_field("date").currentIndex()
        return self._days[place] if 0 <= place < len(self._days) else None

    def choose_service_day_and_time(self, service: str, day: date, time: str) -> None:
        """Choose as a person would."""
        self._combo_box_of_field("service").setCurrentIndex(self._codes.index(service))
        if day in self._days:
            self._combo_box_of_field("date").setCurrentIndex(self._days.index(day))
        self._combo_box_of_field("time").setEditText(time)

    def _refill_days_for_service(self) -> None:
        self._fill_day_choices(self.chosen_day())

    def _fill_day_choices(self, day: date | None) -> None:
        """Offer the days on which the service is open, `day` chosen where it is one."""
        service, today = self._setup.services[self.chosen_service_code], self._setup.to_hall_time(self._now).date()
        coming = (today + timedelta(days=n) for n in range(DAYS_AHEAD))
        self._days = [one for one in coming if opening_spans_on(self._setup, service, one)]
        box = self._combo_box_of_field("date")
        box.blockSignals(True)
        box.clear()
        box.addItems([date_for_staff(one) for one in self._days])
        box.setCurrentIndex(self._days.index(day) if day in self._days else 0)
        box.blockSignals(False)
        self._fill_time_choices()

    def _fill_time_choices(self) -> None:
        """Offer the quarters of the service's hours that are still to come; any other time may be written."""
        box, day, written = (
            self._combo_box_of_field("time"),
            self.chosen_day(),
            self._combo_box_of_field("time").currentText(),
        )
        local = self._setup.to_hall_time(self._now)
        over = local.hour * 60 + local.minute if day == local.date() else -1
        spans = opening_spans_on(self._setup, self._setup.services[self.chosen_service_code], day) if day else []
        times = [
            clock_text(minute) for start, end in spans for minute in range(start, end, STEP_MINUTES) if minute > over
        ]
        box.blockSignals(True)
        box.clear()
        box.addItems(times)
        box.setEditText(written if written in times else (times[0] if times else ""))
        box.blockSignals(False)
        self._update_book_buttons()

    def _update_book_buttons(self) -> None:
        for field in self.fields.values():
            field.set_error("")
        self.trouble.hide()
        if self.chosen_day() is None:
            self.yes_button.disable_with_reason(_("This service is not open"))
        elif not self._combo_box_of_field("time").currentText().strip():
            self.yes_button.disable_with_reason(_("Choose a time first"))
        else:
            self.yes_button.enable_with_label(_("Book the appointment"))
        self.print_button.setEnabled(self.yes_button.isEnabled())

    def _book_without_printing(self) -> None:
        self.prints = False
        self._emit_new_appointment()

    def _book_and_print(self) -> None:
        self.prints = True
        self._emit_new_appointment()

    def _emit_new_appointment(self) -> None:
        day, time = self.chosen_day(), self._combo_box_of_field("time").currentText().strip()
        if day is None or not time:
            return
        written = {name: self.fields[name].value().strip() for name in ("name", "contact", "ref")}
        self.wanted.emit(TypedAppointment(service=self.chosen_service_code, day=day, time=time, **written))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._book_without_printing()
        else:
            super().keyPressEvent(event)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Show at the right field why the appointment was not booked."""
        name = FIELDS.get(trouble.code, str(trouble.details.get("field", "")))
        if name in self.fields:
            self.fields[name].set_error(error_sentence(trouble))
        else:
            self.trouble.show_message(error_sentence(trouble), refused=True)
            self.trouble.show()

    def first_focus_widget(self) -> QWidget:
        return self.fields["service"].edit


# -- one appointment, and what may be done about it ----------------------------------------------------------------


class AppointmentDialog(Dialog):
    """`arrived`, `off_wanted` and `print_wanted` are its acts; each is offered only while it is possible."""

    arrived = Signal()
    off_wanted = Signal()
    print_wanted = Signal()

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        effect: str,
        lines: Sequence[str],
        arrive: str,
        can_arrive: bool,
        can_call_off: bool,
        can_print: bool = False,
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=640)
        for line in lines:
            self.body.addWidget(Label(self.look, line, px=18, wrap=True))
        self.no_button = SecondaryButton(self.look, _("Close", context="dialog"), key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.off_button = DangerButton(self.look, _("Cancel …", context="appointment"), height=56, px=18)
        self.off_button.clicked.connect(self._cancel_appointment)
        self.arrive_button = PrimaryButton(self.look, arrive, height=56, px=18)
        self.arrive_button.clicked.connect(self._close_and_report_arrival)
        self.print_button = SecondaryButton(
            self.look, _("Print", context="appointment"), icon="print", height=56, px=18
        )
        self.print_button.clicked.connect(self._close_and_request_print)
        self.print_button.setVisible(can_print)
        self.buttons.insertWidget(0, self.off_button)
        self.buttons.addWidget(self.print_button)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.arrive_button)
        self.off_button.setVisible(can_call_off)
        self.arrive_button.setVisible(can_arrive)
        self._can_arrive = can_arrive

    def first_focus_widget(self) -> QWidget:
        return self.arrive_button if self._can_arrive else self.no_button

    def _cancel_appointment(self) -> None:
        self.close_dialog()
        self.off_wanted.emit()

    def _close_and_request_print(self) -> None:
        self.close_dialog()
        self.print_wanted.emit()

    def _close_and_report_arrival(self) -> None:
        self.close_dialog()
        self.arrived.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._can_arrive and not event.isAutoRepeat():
            self._close_and_report_arrival()
        else:
            super().keyPressEvent(event)


LOOK_BACK, LOOK_AHEAD = timedelta(days=400), timedelta(days=400)


class AppointmentBoardActions(QObject):
    """Fills `board` and asks over `host`. `arrive` issues a ticket to somebody who has come; None where
    nobody comes. `said` carries a sentence and its icon, `not_taken` the refusal of a file."""

    said = Signal(str, str)
    not_taken = Signal(object)

    def __init__(
        self,
        host: Callable[[], QWidget],
        controller: AppointmentController,
        board: boards.AppointmentBoard,
        arrive: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__()
        self._host, self._controller, self._board, self._arrive = host, controller, board, arrive
        self._look = controller.context.look
        self.new_dialog: NewAppointmentDialog | None = None
        # The card that was opened last; it may be closed by now.
        self.card: AppointmentDialog | None = None
        board.day_wanted.connect(controller.show_day)
        board.day_list_wanted.connect(self._ask_day)
        board.new_wanted.connect(self.ask_new_appointment)
        board.chosen.connect(self.open_appointment_dialog)
        board.arrived.connect(self._issue_ticket_for_appointment)
        controller.read.connect(self._refresh_if_day_is_shown)
        controller.done.connect(self._on_act_done)
        controller.refused.connect(self._on_act_refused)
        controller.printed.connect(self._say_appointment_print_result)

    def refresh(self) -> None:
        """Show the date's appointments as they are now."""
        controller = self._controller
        day = controller.shown_day
        self._board.show_day(
            controller.setup, controller.appointments_on_day(day), day, controller.today, controller.context.clock()
        )

    def _refresh_if_day_is_shown(self, day: date) -> None:
        if day == self._controller.shown_day:
            self.refresh()

    def _issue_ticket_for_appointment(self, number: object) -> None:
        if self._arrive is not None and isinstance(number, int):
            self._arrive(number)

    # -- questions ----------------------------------------------------------------------------------------------

    def _ask_day(self) -> None:
        controller = self._controller
        first, last = controller.today - LOOK_BACK, controller.today + LOOK_AHEAD
        title = _("Appointments for which day?")
        open_day_picker_dialog(
            self._host(),
            self._look,
            controller.show_day,
            title=title,
            chosen=controller.shown_day,
            first=first,
            last=last,
        )

    def ask_new_appointment(self) -> None:
        """Ask for a new appointment."""
        controller = self._controller
        dialog = NewAppointmentDialog(
            self._host(),
            self._look,
            controller.setup,
            controller.context.clock(),
            controller.shown_day,
            can_print=controller.can_print,
        )
        dialog.wanted.connect(controller.book_appointment)
        dialog.refused.connect(self._drop_closed_dialog_reference)
        self.new_dialog = dialog
        dialog.open_dialog()

    def _drop_closed_dialog_reference(self) -> None:
        self.new_dialog = None

    def open_appointment_dialog(self, number: object) -> None:
        """Show one appointment with its possible acts."""
        row = self._controller.find_appointment(number) if isinstance(number, int) else None
        if row is None:
            return
        setup, now = self._controller.setup, self._controller.context.clock()
        kept = row["state"] == AppointmentState.BOOKED
        told = [
            (_("State"), boards.appointment_state_text(row, now)),
            (_("Contact"), row["contact"]),
            (_("Reference"), row["ref"] or ""),
            (_("Class"), priority_class_name(setup, row["class"])),
        ]
        day = date.fromisoformat(row["date"])
        name = row["name"] or _("Name not kept")
        card = AppointmentDialog(
            self._host(),
            self._look,
            title=f"{boards.hall_clock_text(setup, row)} · {name}",
            effect=f"{date_for_staff(day)} · {boards.service_and_item_text(setup, row)}",
            lines=[_("{what}: {text}", what=what, text=text) for what, text in told if text],
            arrive=_("Has arrived"),
            can_arrive=kept and self._arrive is not None,
            can_call_off=kept,
            can_print=kept and self._controller.can_print,
        )
        self.card = card
        card.arrived.connect(partial(self._issue_ticket_for_appointment, number))
        card.off_wanted.connect(partial(self._open_cancel_appointment_dialog, row))
        card.print_wanted.connect(partial(self._controller.print_slip, row["appointment"]))
        card.open_dialog()

    def _open_cancel_appointment_dialog(self, row: dict[str, Any]) -> None:
        setup = self._controller.setup
        name = row["name"] or boards.service_and_item_text(setup, row)
        question = ReasonDialog(
            self._host(),
            self._look,
            title=_("Cancel {time}, {name}?", time=boards.hall_clock_text(setup, row), name=name),
            effect=_("The time becomes free again; the appointment stays in the list as cancelled."),
            reasons=[(code, reason_words(code)) for code in REASONS["appointment"]],
            missing=_("Choose a reason first"),
            no=_("Keep it"),
            yes=_("Cancel it"),
        )
        question.done.connect(partial(self._controller.cancel_appointment, row["appointment"]))
        question.open_dialog()

    # -- what is said -------------------------------------------------------------------------------------------

    def _on_act_done(self, verb: str, document: dict[str, Any]) -> None:
        setup = self._controller.setup
        if verb == "book":
            if self.new_dialog is not None:
                if self.new_dialog.prints:
                    self._controller.print_slip(document["appointment"])
                self.new_dialog.close_dialog()
                self._drop_closed_dialog_reference()
            day = date.fromisoformat(document["date"])
            self.said.emit(
                _("Booked: {day}, {time}", day=date_for_staff(day), time=boards.hall_clock_text(setup, document)),
                "check",
            )
            self._controller.show_day(day)
        elif verb == "call_off":
            self.said.emit(_("Cancelled: {time}", time=boards.hall_clock_text(setup, document)), "check")
        else:
            kept = len(document["booked"])
            self.said.emit(n_("{n} appointment made.", "{n} appointments made.", kept), "check")

    def _say_appointment_print_result(self, done: dict[str, Any]) -> None:
        if done["printed"]:
            self.said.emit(_("The appointment is printed"), "print")
        else:
            self.said.emit(error_sentence(done["error"]), "warning")

    def _on_act_refused(self, verb: str, trouble: QueueDeskError) -> None:
        if verb == "book" and self.new_dialog is not None:
            self.new_dialog.show_trouble(trouble)
        elif verb == "import":
            self.not_taken.emit(trouble)
        elif verb != "read":  # while the hall's file is away the page says so itself
            self.said.emit(error_sentence(trouble), "warning")
