"""A Qt application without a window, for slips, reports and pictures that a command draws."""

from __future__ import annotations

import os
import sys


def load_qt() -> None:
    """Load Qt, and spare it the source of each module that is imported afterwards: PySide6 reads it to see whether the
    module may ask for other styles of names, 10 MB and a twelfth of a station's start. It takes each for one that may.

    Its own import stays: without it libshiboken goes to a null pointer until a module that it saw imported has used Qt.
    """
    import PySide6.QtCore  # noqa: F401

    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None:  # Not for us to rely on: a PySide6 without it only starts a station more slowly.
        vars(feature)["_mod_uses_pyside"] = lambda _module: True


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
