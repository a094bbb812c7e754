"""The question whose ticket it is, before the front desk issues one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.ticket import TicketState
from queuedesk.i18n import _, error_sentence
from queuedesk.stations.guide.drafting import TicketDraftController
from queuedesk.stations.guide.screen_keys import FieldKeyboard
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog, ErrorLine, FormField

LEAST_SIGNS = 6
"""What is shorter too many people share; the same at the kiosk."""


def ask_whose_ticket_if_rule_on(drafting: TicketDraftController) -> bool:
    """Ask whose ticket it is, where the hall has the rule; return whether it asks."""
    if drafting.controller.context.feed.setup.settings["one_number"] == "off":
        return False
    PhoneOrCardNumberDialog(drafting).open_dialog()
    return True


class PhoneOrCardNumberDialog(Dialog):
    """Stays open until the ticket is issued: a refusal says which number the person has, which can be printed again. A
    reason gives a ticket all the same, with or without a phone or card number."""

    def __init__(self, drafting: TicketDraftController) -> None:
        controller = drafting.controller
        effect = _("One ticket a person. The phone or card number is not stored.")
        super().__init__(
            drafting.page, controller.context.look, title=_("Whose ticket is it?"), effect=effect, width=880
        )
        self._drafting, self._controller, self._held = drafting, controller, ""
        self.person = FormField(
            self.look, _("Phone or card number", context="front desk"), hint=_("typed, or a card at the scanner")
        )
        self.reason = FormField(
            self.look, _("Or why a ticket all the same"), hint=_("without the number, or one more; the log keeps it")
        )
        line = QHBoxLayout()
        set_scaled_margins(self.look, line, spacing=16)
        line.addWidget(self.person, 1)
        line.addWidget(self.reason, 1)
        self.body.addLayout(line)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.keys = FieldKeyboard(self.look, self.person, self.reason)
        self.body.addWidget(self.keys)
        self.again_button = SecondaryButton(self.look, "", icon="print", height=56, px=18)
        self.again_button.clicked.connect(self._reprint_held_ticket)
        self.again_button.hide()
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button = PrimaryButton(self.look, "", height=56, px=18)
        self.yes_button.clicked.connect(self._issue_ticket)
        for button in (self.again_button, self.no_button, self.yes_button):
            self.buttons.addWidget(button)
        for field in (self.person, self.reason):
            self._line_edit_of_field(field).textChanged.connect(self._update_button)
        controller.issued.connect(self.close_dialog)
        controller.refused.connect(self._show_refusal)
        self._update_button()

    def first_focus_widget(self) -> QWidget:
        return self.person.edit

    @staticmethod
    def _line_edit_of_field(field: FormField) -> QLineEdit:
        assert isinstance(field.edit, QLineEdit)
        return field.edit

    def _update_button(self) -> None:
        signs = sum(sign.isalnum() for sign in self.person.value())
        self.trouble.hide()
        self.again_button.hide()
        if signs >= LEAST_SIGNS or (self.reason.value().strip() and not signs):
            self.yes_button.enable_with_label(
                _("Print ticket") if self._controller.paper.is_printer_set_up else _("Get a ticket")
            )
        else:
            self.yes_button.disable_with_reason(_("Enter the number"))

    def _issue_ticket(self) -> None:
        if self.yes_button.isEnabled() and not self._controller.busy:
            self._drafting.issue_draft(person=self.person.value().strip(), waive=self.reason.value().strip())

    def _show_refusal(self, verb: str, trouble: QueueDeskError) -> None:
        if verb != "issue":
            return
        self.trouble.show_refusal(error_sentence(trouble))
        if trouble.code == "has_number":
            self._held = str(trouble.details["ticket"])
            waits = trouble.details["state"] == TicketState.WAITING
            self.again_button.setText(_("Reprint ticket {ticket}", ticket=self._held))
            self.again_button.setVisible(waits and self._controller.paper.is_printer_set_up)
        self._fit_to_host()

    def _reprint_held_ticket(self) -> None:
        self._controller.reprint(self._held)
        self.close_dialog()
        self._drafting.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._issue_ticket()
        else:
            super().keyPressEvent(event)
