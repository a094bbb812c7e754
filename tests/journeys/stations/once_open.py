"""Hands that wait for the page behind which a station was opening: until then another loop runs."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from queuedesk.stations.window.first_frame import OpeningPage
from queuedesk.stations.window.frame import OnePageWindow

LOOK_MS = 5


def once_open(act: Callable[[], None]) -> None:
    """Do `act` in the event loop of the first window of this process that shows its page; `main` opens it."""
    timer = QTimer(QApplication.instance())
    timer.setInterval(LOOK_MS)

    def look() -> None:
        frames = [one for one in QApplication.topLevelWidgets() if isinstance(one, OnePageWindow) and one.isVisible()]
        if any(one.findChild(OpeningPage) is None for one in frames):
            timer.stop()
            act()

    timer.timeout.connect(look)
    timer.start()
