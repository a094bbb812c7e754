"""The card that says what is done on the PC that is to join, with the addresses to type there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.labels import FittedLabel, Label
from queuedesk.stations.widgets.numbered_steps import NumberedSteps
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.window.style import Look

ADDRESS_STEP = 2
MOST_ADDRESSES = 3


class StepsCard(Card):
    """The first address stands large under the step that asks for it, others smaller."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._title = Label(look, px=20, bold=True)
        self.addresses = [
            FittedLabel(look, px=28 if at == 0 else 17, bold=at == 0, token="ink" if at == 0 else "ink2", least=12)
            for at in range(MOST_ADDRESSES)
        ]
        self.steps = NumberedSteps(look, (ADDRESS_STEP, self.addresses))
        column = QVBoxLayout(self)
        spread(look, column, (20, 16, 20, 16), 10)
        column.addWidget(self._title)
        column.addWidget(self.steps)
        column.addStretch(1)

    def retranslate(self) -> None:
        self._title.setText(_("On the other PC"))

    def show_steps(self, steps: Sequence[str], addresses: Sequence[str]) -> None:
        """Show the steps, and the addresses by which this hall's main PC is reached."""
        self.steps.set_steps(steps)
        for at, label in enumerate(self.addresses):
            shown = addresses[at] if at < len(addresses) else ""
            label.setText(shown)
            label.setVisible(bool(shown))
