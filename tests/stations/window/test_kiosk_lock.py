"""Nobody leaves a full screen without a manager's PIN, while one has a PIN; what it shows goes on."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk.core.network.roles import station
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.display.station import build as display
from queuedesk.stations.window.help import HelpPanel
from queuedesk.stations.window.shell import ASKED_MS, GRANTED_MS, Guard, PinStrip
from tests.hall import make_hall
from tests.stations.seen import texts_of, timer_of

WAYS = [
    (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_F10, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier),
]


def with_pins(folder):
    """Return a hall where a manager and a clerk have PINs."""
    hall = make_hall(folder)
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "M1", "4711")
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C1", "1234")
    return hall


pytestmark = pytest.mark.hall(make=with_pins)


@pytest.fixture
def wall(opened):
    def open_(build=display, name="display", size=(1366, 768)):
        window = opened(build, (), name, who=station(name))
        window.resize(*size)
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window)
        return window

    return open_


def strip(window):
    return window.findChild(PinStrip)


def type_pin(window, digits):
    for digit in digits:
        QTest.keyClick(strip(window), digit)
    QTest.keyClick(strip(window), Qt.Key.Key_Return)


def test_every_key_that_might_lead_out_only_asks_for_the_pin_and_escape_leaves_the_question(wall):
    window = wall()
    homes = []
    window.home_wanted.connect(lambda: homes.append(1))

    for key, held in WAYS:
        QTest.keyClick(window, key, held)
        assert (window.isVisible(), strip(window).isVisible()) == (True, True), (key, held)
        assert (homes, window.findChildren(HelpPanel), QApplication.activePopupWidget()) == ([], [], None), (key, held)

        QTest.keyClick(strip(window), Qt.Key.Key_Escape)
        assert not strip(window).isVisible()


def test_closing_asks_and_a_managers_pin_closes(wall):
    window = wall()
    gone = []
    window.gone.connect(lambda: gone.append(1))
    window.close()
    assert (window.isVisible(), gone) == (True, [])

    type_pin(window, "1234")
    assert gone == []
    assert "That PIN does not match; please enter it again." in texts_of(strip(window))
    type_pin(window, "4711")

    assert gone == [1]


def test_the_context_menu_comes_after_the_pin(wall, qapp):
    window = wall()
    QApplication.sendEvent(
        window.page.view,
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(9, 9), window.mapToGlobal(QPoint(9, 9))),
    )
    assert QApplication.activePopupWidget() is None

    for digit in "4711":
        QTest.mouseClick(strip(window).keys[digit], Qt.MouseButton.LeftButton)
    QTest.mouseClick(strip(window).enter_button, Qt.MouseButton.LeftButton)

    menu = QApplication.activePopupWidget()
    assert "Close this screen" in [action.text() for action in menu.actions()]
    menu.close()
    assert not strip(window).isVisible()


def test_a_question_nobody_answers_goes_and_what_was_unlocked_is_locked_again(wall):
    window = wall()
    guard = window.findChild(Guard)
    asked, granted = timer_of(guard, ASKED_MS), timer_of(guard, GRANTED_MS)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert asked.remainingTime() > ASKED_MS - 5000
    asked.timeout.emit()
    assert (strip(window).isVisible(), guard.is_open()) == (False, False)

    QTest.keyClick(window, Qt.Key.Key_F1)
    type_pin(window, "4711")
    assert (guard.is_open(), granted.remainingTime() > GRANTED_MS - 5000) == (True, True)
    assert len(window.findChildren(HelpPanel)) == 1

    granted.timeout.emit()
    QApplication.processEvents()

    assert (guard.is_open(), [p for p in window.findChildren(HelpPanel) if p.isVisible()]) == (False, [])


@pytest.mark.hall(make=make_hall)
def test_where_no_manager_has_a_pin_escape_shows_the_menu(wall):
    window = wall()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()

    window.close()

    assert not window.isVisible()


def test_the_question_fits_under_a_low_screen_and_covers_no_call(opened, hall):
    window = opened(display, (), "display", who=station("display"))
    for width, height in ((1920, 480), (1366, 768), (1080, 1920), (1920, 120)):
        window.resize(width, height)
        QTest.keyClick(window, Qt.Key.Key_Escape)
        shown = strip(window).geometry()
        assert window.rect().contains(shown), (width, height)
        assert height <= 480 or shown.height() < height / 3
        for key in strip(window).keys.values():
            assert strip(window).rect().contains(key.geometry()), (width, height)
            assert key.height() >= 30
        QTest.keyClick(strip(window), Qt.Key.Key_Escape)
