"""The appointments of a day at the front desk: who is expected, who came, and a new one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.appointments.board import AppointmentBoard
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look


class AppointmentsStage(QWidget):
    """The board under a head with the ways back and on."""

    back = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back_button = SecondaryButton(look, "", icon="arrow-left", height=52, px=16)
        self.back_button.clicked.connect(self.back)
        self._title = Label(look, px=28, bold=True)
        self.new_button = SecondaryButton(look, "", icon="plus", height=52, px=17)
        self.board = AppointmentBoard(look, arrives=True)
        self.board.left.connect(self.back)
        column = QVBoxLayout(self)
        spread(look, column, (28, 18, 28, 28), 14)
        head = QHBoxLayout()
        spread(look, head, (0, 0, 0, 0), 16)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        head.addWidget(self.new_button)
        column.addLayout(head)
        column.addWidget(self.board, 1)

    def retranslate(self) -> None:
        self.back_button.setText(_("Back"))
        self._title.setText(_("Appointments"))
        self.new_button.setText(_("New appointment"))
        self.board.retranslate()

    def set_away(self, away: bool) -> None:
        self.new_button.setEnabled(not away)
        self.board.set_away(away)
