"""Which paper tickets to print: for what service, how many."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.i18n.names import lettered
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

COUNTS = (24, 48, 72, 96)


class PaperDialog(Dialog):
    """`wanted` gives a service, a count and the printer ("" for this PC's own; None: leave the PDF in the folder of
    reports)."""

    wanted = Signal(str, int, object)

    def __init__(self, host: QWidget, look: Look, setup: Setup, *, can_print: bool) -> None:
        effect = _("Numbers that the hall itself hardly reaches, 24 to a page, and forms to write down calls.")
        super().__init__(host, look, title=_("Print paper tickets"), effect=effect, width=560)
        self.service: QComboBox = DropDown(self.look)
        for code in setup.services:
            self.service.addItem(lettered(setup, code), code)
        self.count: QComboBox = DropDown(self.look)
        for count in COUNTS:
            self.count.addItem(str(count), count)
        for box, label in ((self.service, _("Service")), (self.count, _("Number of tickets", context="field"))):
            field = FormField(self.look, label, edit=box)
            field.set_label(label)
            self.body.addWidget(field)
        self.leave_button = SecondaryButton(self.look, _("Back"), height=52)
        self.save_button = SecondaryButton(self.look, _("Save as PDF"), icon="save", height=52)
        self.print_button = PrimaryButton(self.look, _("Print"), icon="print", height=52, px=17)
        for button in (self.leave_button, self.save_button, self.print_button):
            self.buttons.addWidget(button)
        self.print_button.setVisible(can_print)
        self.leave_button.clicked.connect(self.refuse)
        self.save_button.clicked.connect(lambda: self._want(None))
        self.print_button.clicked.connect(lambda: self._want(""))

    def first_focus(self) -> QWidget:
        return self.service

    def _want(self, printer: str | None) -> None:
        service, count = str(self.service.currentData()), int(self.count.currentData())
        self.close_dialog()
        self.wanted.emit(service, count, printer)
