"""A window fills its screen from when it is opened until it is stopped, whatever becomes of the screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

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


def test_of_two_on_one_screen_the_one_that_was_chosen_last_stays_in_front(qtbot: QtBot) -> None:
    windows = [QWidget() for _ in range(3)]
    first, second, other = windows
    places = [HallScreen(window, "display", None) for window in (first, second)]
    try:
        for place in places:
            place.open()
            for timer in place.findChildren(QTimer):
                timer.setInterval(1)
        qtbot.waitUntil(second.isActiveWindow)
        for chosen in (first, second, first):
            chosen.activateWindow()
            qtbot.waitUntil(chosen.isActiveWindow)
            QTest.qWait(30)  # many times as long as the other one waits before it comes back
            assert chosen.isActiveWindow()

        other.show()
        other.activateWindow()
        qtbot.waitUntil(first.isActiveWindow)  # over what is no station it comes back
    finally:
        for place in places:
            place.stop()
        for window in windows:
            window.close()
