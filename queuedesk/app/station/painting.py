"""A Qt application without a window, for slips, reports and pictures that a command draws."""

from __future__ import annotations

import os


def prepare_painting() -> None:
    """Create a Qt application for drawing where no window is open; it needs no screen."""
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        keep_application(QApplication(["queuedesk"]))


def keep_application(application: object) -> None:
    """Keep an application as long as the process; Qt does not like to lose it earlier."""
    _kept.append(application)


_kept: list[object] = []
