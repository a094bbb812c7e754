"""One appointment over the page: who, when, what for, and what may be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look


class AppointmentDialog(Dialog):
    """`arrived`, `off_wanted` and `print_wanted` are its acts; each is there only while it is possible."""

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
        self.off_button = DangerButton(self.look, _("Call off …", context="appointment"), height=56, px=18)
        self.off_button.clicked.connect(self._call_off)
        self.arrive_button = PrimaryButton(self.look, arrive, height=56, px=18)
        self.arrive_button.clicked.connect(self._arrive)
        self.print_button = SecondaryButton(
            self.look, _("Print", context="appointment"), icon="print", height=56, px=18
        )
        self.print_button.clicked.connect(self._print)
        self.print_button.setVisible(can_print)
        self.buttons.insertWidget(0, self.off_button)
        self.buttons.addWidget(self.print_button)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.arrive_button)
        self.off_button.setVisible(can_call_off)
        self.arrive_button.setVisible(can_arrive)
        self._can_arrive = can_arrive

    def first_focus(self) -> QWidget:
        return self.arrive_button if self._can_arrive else self.no_button

    def _call_off(self) -> None:
        self.close_dialog()
        self.off_wanted.emit()

    def _print(self) -> None:
        self.close_dialog()
        self.print_wanted.emit()

    def _arrive(self) -> None:
        self.close_dialog()
        self.arrived.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._can_arrive and not event.isAutoRepeat():
            self._arrive()
        else:
            super().keyPressEvent(event)
