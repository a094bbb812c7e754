"""Runs one station's page in its real window with real lanes, for the hands that press keys there."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

from PySide6.QtCore import QElapsedTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.desk.change import Desk
from queuedesk.stations.widgets.questions.dialogs import RepeatedPressFilter
from queuedesk.stations.window.context import HallFeed, StationContext, StationTaskLanes
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


def windows_for_service(hands: Callable[..., None], *words: object) -> list[str]:
    """Return what stands behind "python" to do a module's `hands` with these words."""
    name = hands.__name__
    return ["-c", f"import sys; from {hands.__module__} import {name}; {name}(*sys.argv[1:])", *map(str, words)]


class Hands:
    """A station at 10:42 of the hall's day, its clock running; `guard_ms` keeps two presses apart."""

    def __init__(self, station: ModuleType, name: str, path: Path, *, lang: str) -> None:
        self.app = QApplication([])
        i18n.choose_language(lang)
        look = Look()
        apply_look_to_app(self.app, look)
        self._began = QElapsedTimer()
        self._began.start()
        desk = Desk(Database.open(path), 1)
        self._tasks = StationTaskLanes(fail)
        self._feed = HallFeed(desk, self.clock)
        context = StationContext(desk, self._feed, self._tasks, look, self.clock, name)
        self.guard_ms = 0
        RepeatedPressFilter(self.app, lambda: self.guard_ms)
        kept = Preferences(lambda _name, _value: None)
        self.window = StationWindow(context, station.build_station_page, station.ROLES, kept, chores=False)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        self.window.start()

    @property
    def page(self) -> StationPage:
        return self.window.current_page

    def clock(self) -> datetime:
        return at("10:42") + timedelta(milliseconds=self._began.elapsed())

    def leave(self) -> None:
        self.window.close_without_asking()
        self._feed.stop()
        self._tasks.stop()
