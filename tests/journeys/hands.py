"""Runs one station's page in its real window with real lanes, and the hands that press keys and click there."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

from PySide6.QtCore import QElapsedTimer, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.desk.change import Desk
from queuedesk.stations.widgets.questions import scanner
from queuedesk.stations.widgets.questions.dialogs import REPEAT_MS, RepeatedPressFilter
from queuedesk.stations.window.context import HallFeed, StationContext, StationServices, StationTaskLanes
from queuedesk.stations.window.frame import Preferences, StationPage
from queuedesk.stations.window.shell import StationWindow
from queuedesk.stations.window.style import Look, apply_look_to_app
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S
from tests.hall import at


def fail(bug: BaseException) -> None:
    raise bug


def until(done: Callable[[], bool], what: str) -> None:
    """Let the window live until `done`; end the process when it takes too long."""
    timer = QElapsedTimer()
    timer.start()
    while not done():
        QTest.qWait(5)
        if timer.elapsed() > PATIENCE_S * 1000:
            sys.exit(f"not seen in time: {what}")


class Hands:
    """A station at 10:42 of the hall's day, its clock running; `guard_ms` keeps two presses apart."""

    def __init__(
        self,
        station: ModuleType,
        name: str,
        path: Path,
        services: Callable[[SlipAndReportPrinter], StationServices] = lambda _paper: StationServices(),
        *,
        lang: str = "en",
    ) -> None:
        self.app = QApplication([])
        # A reader types a code at its own speed; this one only as fast as a busy machine lets it.
        scanner.BETWEEN_MS = 5000
        i18n.use(lang)
        look = Look()
        apply_look_to_app(self.app, look)
        self._began = QElapsedTimer()
        self._began.start()
        desk = Desk(Database.open(path), 1)
        self._tasks = StationTaskLanes(fail)
        self._feed = HallFeed(desk, self.clock)
        lent = services(SlipAndReportPrinter(desk, self.clock))
        context = StationContext(desk, self._feed, self._tasks, look, self.clock, name, services=lent)
        self.guard_ms = 0
        RepeatedPressFilter(self.app, lambda: self.guard_ms)
        kept = Preferences(lambda _name, _value: None)
        self.window = StationWindow(context, station.build, station.ROLES, kept, chores=False)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        self.window.start()

    @property
    def page(self) -> StationPage:
        return self.window.page

    def clock(self) -> datetime:
        return at("10:42") + timedelta(milliseconds=self._began.elapsed())

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.guard_ms += REPEAT_MS
            QTest.keyClick(QApplication.focusWidget() or self.window.focusWidget() or self.page, key)

    def write(self, letters: str) -> None:
        for letter in letters:
            QTest.keyClick(self.window.windowHandle(), letter)

    def click(self, widget: QWidget | None) -> None:
        assert widget is not None
        until(widget.isVisible, f"something to press: {widget}")
        self.guard_ms += REPEAT_MS
        middle = QPoint(widget.width() // 2, widget.height() // 2)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=middle)

    def picture(self, file: Path) -> None:
        self.window.grab().save(str(file))

    def leave(self) -> None:
        self.window.close_without_asking()
        self._feed.stop()
        self._tasks.stop()
