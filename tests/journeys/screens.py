"""Screens that stand alone in the hall, built as their own program builds them, and the fingers that touch them."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.app.station.wiring import Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc.config import Config
from queuedesk.stations.acts import hold_to_confirm
from queuedesk.stations.widgets.questions.dialogs import RepeatedPressFilter
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.style import Look, apply_look_to_app
from tests.hall import at
from tests.journeys.hands import fail, until

AGAIN_MS = 1700


class Ahead(QElapsedTimer):
    """A steady clock that fingers move on where people would wait."""

    moved_ms = 0

    def elapsed(self) -> int:
        return super().elapsed() + self.moved_ms


class Screen:
    """A station at 10:40 of the hall's day, or now by the real clock (`time` None), that nobody signs in at, silent."""

    def __init__(
        self,
        name: str,
        path: str,
        lang: str,
        *,
        size: tuple[int, int],
        window: str | None = None,
        kiosk: str = "K1",
        time: str | None = "10:40",
    ) -> None:
        self.app = QApplication([])
        i18n.use(lang)
        look = Look()
        apply_look_to_app(self.app, look)
        pytest.MonkeyPatch().setattr(hold_to_confirm, "QElapsedTimer", Ahead)
        RepeatedPressFilter(self.app, hold_to_confirm.monotonic_ms_clock())
        wish = StationBuildRequest(name=name, db=path, window=window, at=None if time is None else at(time))
        own = Config(voice=False, kiosk=kiosk)
        kept = Preferences(lambda _name, _value: None)
        self.station: Station = open_hall_and_build_station(wish, config=own, look=look, preferences=kept, on_bug=fail)
        self.station.window.resize(*size)
        self.station.window.show()
        self.station.window.activateWindow()
        self.station.start()

    @property
    def page(self) -> Any:
        return self.station.window.page

    def touch(self, widget: QWidget, done: Callable[[], bool]) -> None:
        """Touch again and again, as people do, each time long after the page came and the touch before."""
        since = QElapsedTimer()

        def is_done() -> bool:
            if not done() and widget.isVisible() and (not since.isValid() or since.elapsed() > AGAIN_MS):
                since.start()
                Ahead.moved_ms += AGAIN_MS
                QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
            return done()

        until(is_done, "an answer to a touch")

    def scan(self, text: str) -> None:
        """Type `text` and Enter as a reader of codes does: into the window, a sign every few milliseconds."""
        for sign in text:
            QTest.keyClick(self.station.window.windowHandle(), sign, delay=2)
        QTest.keyClick(self.station.window.windowHandle(), Qt.Key.Key_Return, delay=2)

    def leave(self) -> None:
        self.station.window.close_without_asking()
        self.station.stop()
