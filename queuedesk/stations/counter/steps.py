"""The line under the customer on the stage: what else the visit needs."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.queue.ticket import Ticket
from queuedesk.i18n import _, n_, names
from queuedesk.stations.counter.scene import Scene
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.pills import Pill
from queuedesk.stations.window.style import Look

SHOWN = 3


class StepsLine(QWidget):
    """The next services of a visit as pills."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first, self._last = Label(look, px=18, token="ink2"), Label(look, px=18, token="ink2")
        self._pills = [Pill(look, "", px=16, height=30) for _n in range(SHOWN)]
        line = QHBoxLayout(self)
        spread(look, line, spacing=9)
        for part in (self._first, *self._pills, self._last):
            line.addWidget(part)
        line.addStretch(1)

    def show_steps(self, scene: Scene, ticket: Ticket) -> None:
        """Show the steps that are left of the ticket's visit."""
        self._first.setText(_("Also needs"))
        for place, pill in enumerate(self._pills):
            pill.setVisible(place < len(ticket.steps))
            if place < len(ticket.steps):
                code = ticket.steps[place]
                service = scene.setup.services.get(code)
                letter = service.prefix if service else code
                pill.setText(f"{letter} {names.service_name(scene.setup, code)}")
        more = len(ticket.steps) - len(self._pills)
        after = _("in line for it by itself after Finish")
        self._last.setText(n_("and {n} more", "and {n} more", more) if more > 0 else after)
