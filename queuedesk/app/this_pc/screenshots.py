"""Draws stations' pictures in one process: JSON command lines at its input; exits with the first failing status."""

from __future__ import annotations

import gc
import json
import sys

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from queuedesk.app.main import main


def draw_requested_pictures() -> int:
    """Carry out the command lines in turn, loading Qt, fonts and program once, most of a picture's time."""
    for words in json.load(sys.stdin):
        if status := main(words):
            return status
        delete_all_windows()
    return 0


def delete_all_windows() -> None:
    """Let the windows of a picture go before the next is drawn: dressing the program for it would dress them too."""
    for window in QApplication.topLevelWidgets():
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


if __name__ == "__main__":
    sys.exit(draw_requested_pictures())
