"""A Qt application without a window, for slips, reports and pictures that a command draws."""

from __future__ import annotations

import os


def prepare_painting() -> None:
    """Give Qt an application to draw with where no window is open; it needs no screen for that."""
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        keep_application(QApplication(["queuedesk"]))


def keep_application(application: object) -> None:
    """Let an application live as long as the process; Qt does not like to lose it earlier."""
    _kept.append(application)


_kept: list[object] = []
