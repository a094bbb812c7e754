"""A window fills its screen from when it is opened until it is stopped, whatever becomes of the screens."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.app.station import hall_screen
from queuedesk.app.station.hall_screen import RESET_MS, ChildProcessAwakeHold, StationWindowPlacer, X11AwakeHold
from tests.app.wall import Wall
from tests.bounded import PATIENCE_S, until
from tests.stations.seen import timer_of


@pytest.fixture
def window(qapp: QGuiApplication) -> Iterator[QWidget]:
    made = QWidget()
    yield made
    made.close()


def sort_screens() -> None:
    """Let the screens be as if one had been plugged in."""
    screen = QGuiApplication.primaryScreen()
    screen.geometryChanged.emit(screen.geometry())


def test_a_window_comes_back_when_the_screens_change_and_stays_closed_once_it_was_closed(window, qtbot) -> None:
    place = StationWindowPlacer(window, "display", None)
    place.show_in_place()
    assert window.isFullScreen()
    window.showNormal()
    sort_screens()
    qtbot.waitUntil(window.isFullScreen)
    window.close()
    place.stop()
    sort_screens()
    QTest.qWait(hall_screen.SETTLE_MS * 2)
    assert not window.isVisible()


def test_of_two_on_one_screen_the_one_that_was_chosen_last_stays_in_front(qtbot: QtBot) -> None:
    windows = [QWidget() for _ in range(3)]
    first, second, other = windows
    places = [StationWindowPlacer(window, "display", None) for window in (first, second)]
    try:
        for place in places:
            place.show_in_place()
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


class Unheard(QObject):
    """Keeps from a window that it has the keyboard, or lost it."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return event.type() in (QEvent.Type.WindowActivate, QEvent.Type.WindowDeactivate)


def test_a_window_that_never_had_the_keyboard_takes_it(window: QWidget, qtbot: QtBot) -> None:
    """As where a system leaves it with the window from which this one was opened."""
    before, unheard = QWidget(), Unheard()
    qtbot.addWidget(before)
    place = StationWindowPlacer(window, "display", None)
    place.show_in_place()
    window.installEventFilter(unheard)
    before.show()
    before.activateWindow()
    qtbot.waitUntil(before.isActiveWindow)
    qtbot.waitUntil(window.isActiveWindow)
    place.stop()


ROOT = Path(__file__).resolve().parents[3]
# A session that says who asked it to stay awake, and when that one has left.
SESSION = """
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher, QDBusVirtualObject
app = QCoreApplication([])
class Saver(QDBusVirtualObject):
    def handleMessage(self, message, line):
        print(message.member(), *message.arguments(), flush=True)
        self.watcher = QDBusServiceWatcher(message.service(), line, QDBusServiceWatcher.WatchModeFlag.WatchForUnregistration)
        self.watcher.serviceUnregistered.connect(lambda _name: print("left", flush=True))
        line.send(message.createReply([7]))
        return True
    def introspect(self, path):
        return ""
bus, saver = QDBusConnection.sessionBus(), Saver()
bus.registerVirtualObject("/org/freedesktop/ScreenSaver", saver)
print(bus.registerService("org.freedesktop.ScreenSaver"), flush=True)
app.exec()
"""

# A station's side: nobody there at first, then held and given back.
STATION = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication
from queuedesk.app.station.hall_screen import SessionAwakeHold
app = QCoreApplication([])
print(SessionAwakeHold().try_keep_awake())
session = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, encoding="utf-8")
print(session.stdout.readline().strip())
hold = SessionAwakeHold()
print(hold.try_keep_awake())
print(session.stdout.readline().strip())
hold.release_hold()
print(session.stdout.readline().strip())
session.kill()
"""


@pytest.fixture
def wall() -> Iterator[Wall]:
    found = Wall()
    yield found
    found.stop()


def test_an_x_server_does_not_save_a_screen_that_is_held(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", wall.display)
    saver = wall.saver()
    wall.set_saver(2)
    until(lambda: saver.look()[1] > 1000)
    hold, began = X11AwakeHold(), time.monotonic()
    assert hold.try_keep_awake()
    until(lambda: saver.look()[1] <= 1000 * (time.monotonic() - began), "somebody to have been seen since")
    hold.renew_hold()
    assert not saver.look()[0]
    hold.release_hold()
    until(lambda: saver.look()[0])
    saver.close()


def test_a_session_is_asked_and_forgets_it_when_the_line_ends(tmp_path: Path) -> None:
    line = ["dbus-run-session", "--", sys.executable, "-c", STATION, SESSION]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(line, env=env, capture_output=True, encoding="utf-8", timeout=PATIENCE_S)
    said = ["False", "True", "True", "Inhibit QueueDesk Calls of the hall are shown here", "left"]
    assert done.stdout.splitlines() == said, done.stderr


def test_a_program_of_the_system_holds_until_it_is_let_go_and_without_server_bus_or_program_nothing(
    monkeypatch,
) -> None:
    hold = ChildProcessAwakeHold(["cat"])
    assert hold.try_keep_awake()
    child = hold._child
    assert child is not None and child.poll() is None
    hold.release_hold()
    hold.release_hold()
    assert child.poll() == 0
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    bus, system = hall_screen.SessionAwakeHold(), hall_screen.WindowsAwakeHold()
    programs = [ChildProcessAwakeHold([name]) for name in ("no-such-program", "false")]
    assert [hold.try_keep_awake() for hold in (bus, X11AwakeHold(), system, *programs)] == [False] * 5
    monkeypatch.setenv("DISPLAY", ":7919")
    assert not X11AwakeHold().try_keep_awake()


def test_what_holds_is_taken_once_and_given_back(qapp: QApplication) -> None:
    taken: list[str] = []

    class Way:
        def __init__(self, lets: bool) -> None:
            self.lets = lets

        def try_keep_awake(self) -> bool:
            taken.append("take")
            return self.lets

        def renew_hold(self) -> None:
            taken.append("again")

        def release_hold(self) -> None:
            taken.append("let go")

    awake = hall_screen.PcAwakeKeeper([Way(True), Way(False)])
    awake.start()
    awake.start()
    timer_of(awake, RESET_MS).timeout.emit()
    assert awake.names_of_holds == ["Way"]
    awake.stop()
    awake.stop()
    assert taken == ["take", "take", "again", "let go"]
    assert not timer_of(awake, RESET_MS).isActive()


def test_each_system_has_its_ways() -> None:
    ways = {
        "linux": ["SessionAwakeHold", "X11AwakeHold", "ChildProcessAwakeHold"],
        "win32": ["WindowsAwakeHold"],
        "darwin": ["ChildProcessAwakeHold"],
    }
    for system, names in ways.items():
        assert [type(way).__name__ for way in hall_screen.keep_awake_methods(system)] == names
