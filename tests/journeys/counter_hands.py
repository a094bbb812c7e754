"""Runs the counter's page in its real window with real lanes, and serves two customers by keys and clicks alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.desk.change import Desk
from queuedesk.stations.context import StationContext
from queuedesk.stations.counter import station
from queuedesk.stations.counter.view import CounterView
from queuedesk.stations.feed_bridge import HallFeed
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.shell import StationWindow
from queuedesk.stations.style import Look, apply
from queuedesk.stations.tasks import Tasks
from queuedesk.stations.widgets.guard import REPEAT_MS, RepeatGuard
from queuedesk.store.database import Database
from tests.hall import at

PATIENCE_MS = 10_000


def fail(bug: BaseException) -> None:
    raise bug


def until(done: Callable[[], bool], what: str) -> None:
    """Let the window live until `done`; end the process when it takes too long."""
    timer = QElapsedTimer()
    timer.start()
    while not done():
        QApplication.processEvents()
        QTest.qWait(2)
        if timer.elapsed() > PATIENCE_MS:
            sys.exit(f"not seen in time: {what}")


def main(path: Path, picture: Path) -> None:
    app = QApplication([])
    i18n.use("en")
    look = Look()
    apply(app, look)
    began = QElapsedTimer()
    began.start()

    def clock():  # type: ignore[no-untyped-def]
        return at("10:42") + timedelta(milliseconds=began.elapsed())

    desk = Desk(Database.open(path), 1)
    tasks = Tasks(fail)
    context = StationContext(desk, HallFeed(desk, clock), tasks, look, clock, "counter")
    guard_ms = [0]
    RepeatGuard(app, lambda: guard_ms[0])
    window = StationWindow(context, station.build, station.ROLES, Preferences(lambda _name, _value: None), chores=False)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    window.start()
    page = window.page
    assert isinstance(page, CounterView)

    def press(key: Qt.Key) -> None:
        guard_ms[0] += REPEAT_MS
        QTest.keyClick(QApplication.focusWidget() or page, key)

    def click(widget: QWidget) -> None:
        guard_ms[0] += REPEAT_MS
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))

    def shows(word: str) -> None:
        until(lambda: page.stage.primary.text() == word and not page.controller.busy, word)

    click(page.sign_in.windows["3"])
    until(lambda: "C3" in page.sign_in.names, "the names")
    click(page.sign_in.names["C3"])
    shows("Call next")
    click(page.stage.primary)
    shows("Customer is here: start")
    press(Qt.Key.Key_F2)
    until(lambda: page.stage.buttons["recall"].text() == "Recall · called 2 times", "the recall")
    press(Qt.Key.Key_Space)
    shows("Finish")
    press(Qt.Key.Key_F4)
    until(lambda: page.asking.is_open, "the reasons")
    press(Qt.Key.Key_2)
    press(Qt.Key.Key_Return)
    shows("Call next")
    until(lambda: len(page.rail.rows) == 1, "the one set aside")
    click(next(iter(page.rail.rows.values())).button())
    shows("Finish")
    press(Qt.Key.Key_F9)
    shows("Customer is here: start")
    press(Qt.Key.Key_Space)
    shows("Finish")
    window.grab().save(str(picture))
    press(Qt.Key.Key_Space)
    until(lambda: page.stage.primary.text() == "Nobody to call now", "nobody waits")
    press(Qt.Key.Key_F11)
    until(lambda: page.signing_in.active, "the sign-in")

    window.close_anyway()
    context.feed.stop()
    tasks.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
