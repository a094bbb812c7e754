"""What home's pages have in common with every page of a window."""

from __future__ import annotations

import platform

from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.stations.home.controller import HallThere, HomeController
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.widgets.topbar import TopItem
from queuedesk.stations.window.page import WindowPage
from queuedesk.stations.window.style import Look

NO_LIMIT_PX = (1 << 24) - 1
"""The largest width that Qt knows."""


def this_pc_item(hall: HallThere | None) -> TopItem:
    """Return how this PC is called: by the hall that it shares with others, else by its system."""
    name = (hall.pc if hall is not None else "") or platform.node() or "—"
    return TopItem(_("This PC: {name}", name=name))


class HomePage(WindowPage):
    """A page without a hall's feed: it shows the controller's refusals in one line and has nothing that runs."""

    def __init__(self, look: Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.controller = look, controller
        self.refusal = ErrorLine(look)
        self._trouble: QueueDeskError | None = None
        controller.refused.connect(self.show_trouble)

    def retranslate(self) -> None:
        """Set every text anew."""
        self.refusal.setVisible(self._trouble is not None)
        self.refusal.say(say(self._trouble) if self._trouble else "", refused=self._trouble is not None)

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Say what stands in the way; None takes it away."""
        self._trouble = trouble
        self.retranslate()

    def stop(self) -> None:
        """Hear no more of the controller, which lives longer."""
        self.controller.refused.disconnect(self.show_trouble)
