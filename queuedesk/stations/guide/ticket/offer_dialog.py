"""Another way than waiting, offered to a customer: which one, and whether they take it, in one press."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import _
from queuedesk.i18n.talk.remark_words import channel
from queuedesk.stations.widgets.buttons import AccentButton, Button, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look


class OfferDialog(Dialog):
    """A row for each way; `answered` gives it and whether the customer takes it."""

    answered = Signal(str, bool)

    def __init__(self, host: QWidget, look: Look, what: str) -> None:
        effect = _("Counted for the day's report; no ticket is given or moved by it.")
        super().__init__(host, look, title=_("Another way for {service}", service=what), effect=effect, width=680)
        self.taken: dict[str, Button] = {}
        self.declined: dict[str, Button] = {}
        grid = QGridLayout()
        spread(self.look, grid, spacing=10)
        grid.setColumnStretch(0, 1)
        for row, code in enumerate(CHANNELS):
            word = channel(code)
            yes = AccentButton(self.look, _("Takes it", context="offer"), icon="check", height=56, px=17)
            no = SecondaryButton(self.look, _("Declines", context="offer"), height=56, px=17)
            for button, taken, told in ((yes, True, self.taken), (no, False, self.declined)):
                button.setAccessibleName(f"{word}, {button.text()}")
                button.clicked.connect(partial(self._answer, code, taken))
                told[code] = button
            grid.addWidget(Label(self.look, word, px=20, bold=True), row, 0)
            grid.addWidget(yes, row, 1)
            grid.addWidget(no, row, 2)
        self.body.addLayout(grid)
        self.no_button = SecondaryButton(self.look, _("Nothing offered"), key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def first_focus(self) -> QWidget:
        return next(iter(self.taken.values()))

    def _answer(self, code: str, taken: bool) -> None:
        self.close_dialog()
        self.answered.emit(code, taken)
