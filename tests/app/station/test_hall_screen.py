"""A window fills its screen from when it is opened until it is stopped, whatever becomes of the screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.app.station.hall_screen import SETTLE_MS, HallScreen


@pytest.fixture
def window(qapp: QGuiApplication) -> Iterator[QWidget]:
    made = QWidget()
    yield made
    made.close()


def sort_screens() -> None:
    """Let the screens be as if one had been plugged in, and wait until that has settled."""
    screen = QGuiApplication.primaryScreen()
    screen.geometryChanged.emit(screen.geometry())
    QTest.qWait(SETTLE_MS * 2)


def test_a_window_comes_back_when_the_screens_change(window: QWidget) -> None:
    place = HallScreen(window, "display", None)
    place.open()
    assert window.isFullScreen()
    window.showNormal()
    sort_screens()

    assert window.isFullScreen()
    place.stop()


def test_a_window_that_was_closed_stays_closed_when_the_screens_change(window: QWidget) -> None:
    place = HallScreen(window, "display", None)
    place.open()
    window.close()
    place.stop()
    sort_screens()

    assert not window.isVisible()
