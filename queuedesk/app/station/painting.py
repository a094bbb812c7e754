"""A Qt application without a window, for slips, reports and pictures that a command draws."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def new_application() -> QApplication:
    """Return a new Qt application in the style of every window (stations/window/style.py). The style is named at
    creation: setting it later loads Qt's style class into Python, 4 ms of each start."""
    from PySide6.QtWidgets import QApplication

    from queuedesk.stations.window.style import IN_STYLE, STYLE

    app = QApplication(["queuedesk", "-style", STYLE])
    app.setProperty(IN_STYLE, True)
    return app


def ensure_offscreen_application() -> None:
    """Create a Qt application for drawing where no window is open; it needs no screen."""
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        keep_application_alive(new_application())


def keep_application_alive(application: object) -> None:
    """Keep an application as long as the process; Qt does not like to lose it earlier."""
    _kept.append(application)


_kept: list[object] = []
