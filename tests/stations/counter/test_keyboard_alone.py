"""From sign-in to sign-out without the mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.desk import looking
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.counter.station import CounterView, build
from queuedesk.stations.widgets.questions.guard import RepeatGuard
from queuedesk.stations.window.context import StationContext
from tests.hall import Hall


def test_the_keyboard_alone_signs_in_serves_and_signs_out(hall: Hall, context: StationContext, qtbot: QtBot):
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C3", "4711")
    hall.open("5", "C5")
    hall.issue("A")
    context.feed.state = looking.hall_now(hall.desk, hall.clock())
    context.feed.start()
    view = build(context)
    assert isinstance(view, CounterView)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()

    def press(*keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or view.focusWidget() or view, key)
            QApplication.processEvents()
            qtbot.waitUntil(lambda: not view.signing_in.busy and not view.controller.busy)

    key = Qt.Key
    press(key.Key_3)  # window 3
    press(key.Key_3)  # the third name: Wang Fang
    press(key.Key_4, key.Key_7, key.Key_1, key.Key_1, key.Key_Return)
    press(key.Key_Space, key.Key_Space, key.Key_Space)
    press(key.Key_F11)
    qtbot.waitUntil(lambda: view.signing_in.active)
    press(key.Key_Escape)

    assert view.signing_in.step == "window"
    at_three = [(e.kind, e.actor) for e in looking.events_after(hall.desk, 0) if e.window == "3"]
    assert at_three == [(kind, "C3") for kind in ("open", "call", "start", "finish", "close")]
    view.stop()


def test_tab_and_enter_reach_every_window_and_name(hall: Hall, context: StationContext, qtbot: QtBot):
    context.feed.start()
    view = build(context)
    assert isinstance(view, CounterView)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    QTest.keyClick(QApplication.focusWidget() or view.focusWidget() or view, Qt.Key.Key_Tab)
    QTest.keyClick(QApplication.focusWidget() or view.focusWidget() or view, Qt.Key.Key_Tab)
    reached = QApplication.focusWidget() or view.focusWidget()
    assert reached is view.sign_in.windows["2"]

    QTest.keyClick(reached, Qt.Key.Key_Return)

    assert (view.signing_in.step, view.signing_in.window) == ("name", "2")
    view.stop()


def test_no_digit_of_a_pin_is_lost(hall: Hall, context: StationContext, qtbot: QtBot, qapp: QApplication):
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C3", "40017")
    context.feed.start()
    guard = RepeatGuard(qapp, lambda: 0)  # every press comes at once after the one before
    view = build(context)
    assert isinstance(view, CounterView)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    view.signing_in.begin("3")
    view.signing_in.choose_name("C3")
    view.sign_in.setFocus()

    QTest.keyClick(view.sign_in, Qt.Key.Key_4)
    view.bar.more_button.setFocus(
        Qt.FocusReason.TabFocusReason
    )  # where ⋯ leaves the keyboard when it was reached by Tab
    QTest.keyClick(view.bar.more_button, Qt.Key.Key_0)
    view.retranslate()
    view.sign_in.setFocus()
    QTest.keyClick(view.sign_in, Qt.Key.Key_0, Qt.KeyboardModifier.KeypadModifier)
    QTest.keyClick(view.sign_in, Qt.Key.Key_0, Qt.KeyboardModifier.KeypadModifier)

    assert view.sign_in.pad.pin == "4000"
    qapp.removeEventFilter(guard)
    guard.deleteLater()
    view.stop()
