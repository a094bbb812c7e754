"""Runs the rating screen of a window in its real process and touches it as a customer does."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.app.config import Config
from queuedesk.app.wiring import Wish, build_station
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.rating.station import RatingPage
from queuedesk.stations.style import Look, apply
from queuedesk.stations.widgets.guard import RepeatGuard
from tests.hall import at
from tests.journeys.hands import fail, until


def main(path: str) -> None:
    app = QApplication([])
    i18n.use("en")
    look = Look()
    apply(app, look)
    RepeatGuard(app)
    station = build_station(
        Wish(name="rating", db=path, window="3", at=at("10:40")),
        config=Config(voice=False),
        look=look,
        preferences=Preferences(lambda _name, _value: None),
        on_bug=fail,
    )
    station.window.resize(1280, 800)
    station.window.show()
    station.start()
    page = station.window.page
    assert isinstance(page, RatingPage)
    print("ready", flush=True)

    def stage(wanted: str) -> None:
        until(lambda: str(page.controller.stage) == wanted, wanted)

    def touch(widget: QWidget, done: Callable[[], bool]) -> None:
        """Touch again and again, as people do with a screen that does not answer at once."""

        def is_done() -> bool:
            if not done():
                QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
            return done()

        until(is_done, "an answer to a touch")

    stage("asking")
    touch(page.view.faces[3], lambda: str(page.controller.stage) == "reasons")
    touch(page.view.reasons["waited_long"], lambda: page.controller.tags == ["waited_long"])
    touch(page.view.done_button, lambda: str(page.controller.stage) == "thanks")
    print("thanks", flush=True)
    stage("asking")
    touch(page.view.skip_button, lambda: str(page.controller.stage) == "idle")
    print("skipped", flush=True)
    stage("asking")
    touch(page.view.faces[0], lambda: str(page.controller.stage) == "thanks")
    station.window.close_anyway()
    station.stop()


if __name__ == "__main__":
    main(sys.argv[1])
