"""A Qt application without a window, for slips, reports and pictures that a command draws."""

from __future__ import annotations

import builtins
import os


def load_qt() -> None:
    """Load Qt and let Python import what follows as it did before: PySide6 would read the source of each module once
    more, to see whether it asks for other styles of names, a sixth of the time that loading a station takes, and keep
    20 MB of it."""
    plain = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = plain


def prepare_painting() -> None:
    """Create a Qt application for drawing where no window is open; it needs no screen."""
    load_qt()
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        keep_application(QApplication(["queuedesk"]))


def keep_application(application: object) -> None:
    """Keep an application as long as the process; Qt does not like to lose it earlier."""
    _kept.append(application)


_kept: list[object] = []
