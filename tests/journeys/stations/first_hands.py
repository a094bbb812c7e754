"""Runs one station of a new PC through the program's own entry and touches it by clicks and keys alone; counts the
touches.

first_hands.py home|guide|counter LANGUAGE
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QElapsedTimer, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from queuedesk.app.main import main
from queuedesk.i18n import _
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.home.stations_view import StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.widgets.questions.guard import REPEAT_MS
from queuedesk.stations.window.frame import Frame
from tests.bounded import PATIENCE_S


class Touches:
    """Hands that wait as long as the guard against repeated presses asks, and count what they do."""

    def __init__(self) -> None:
        self.clicks = self.keys = 0
        self._timer = QElapsedTimer()
        self._timer.start()

    def until(self, done: Callable[[], bool], what: str) -> None:
        waited = QElapsedTimer()
        waited.start()
        while not done():
            QTest.qWait(5)
            if waited.elapsed() > PATIENCE_S * 1000:
                raise AssertionError(f"not seen in time: {what}")

    def page(self, kind: type[Any]) -> Any:
        """Return the page of the one window, once it is of this kind."""

        def shown() -> list[Any]:
            frames = [one for one in QApplication.topLevelWidgets() if isinstance(one, Frame) and one.isVisible()]
            return [page for page in (frame.page for frame in frames) if isinstance(page, kind)]

        self.until(lambda: bool(shown()), kind.__name__)
        (page,) = shown()
        return page

    def click(self, widget: QWidget) -> None:
        self.until(lambda: widget.isVisible() and widget.isEnabled(), f"something to press: {widget}")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
        self.clicks += 1
        QTest.qWait(REPEAT_MS + 20)

    def write(self, edit: QLineEdit, text: str) -> None:
        """Type over what stands in a field that has the keyboard."""
        self.click(edit)
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(edit, text)
        self.keys += 1 + len(text)

    def tell(self) -> None:
        """Say on standard output what was done."""
        done = {"clicks": self.clicks, "keys": self.keys, "seconds": round(self._timer.elapsed() / 1000, 1)}
        print(json.dumps(done), flush=True)


def home(hands: Touches) -> None:
    """Set a government hall up, with its own name, and open the front desk."""
    wizard = hands.page(WizardPage)
    hands.click(wizard.presets.cards["government"])
    hands.click(wizard.try_out)
    hands.click(wizard.next_button)
    name = wizard.hall.fields["name"].edit
    assert isinstance(name, QLineEdit)
    hands.write(name, "Nanhu")
    for _step in range(4):
        hands.click(wizard.next_button)
    stations = hands.page(StationsPage)
    hands.click(stations.cards["guide"])
    hands.tell()
    hands.click(stations.enter_button)


def guide(hands: Touches) -> None:
    """Sign in at the front desk and give the first ticket."""
    hands.click(hands.page(SignInView).tiles["G1"])
    page = hands.page(GuideView)
    hands.click(page.front.board.tiles["A"])
    hands.click(page.print_rail.print_button)
    hands.until(lambda: page.acts.toast.isVisible() or bool(page.state.tickets), "the ticket")
    hands.tell()
    QApplication.exit(0)


def counter(hands: Touches) -> None:
    """Open a window and call the first ticket."""
    page = hands.page(CounterView)
    hands.click(page.sign_in.windows["1"])
    hands.until(lambda: "C1" in page.sign_in.names, "the names")
    hands.click(page.sign_in.names["C1"])
    hands.click(page.stage.primary)
    hands.until(lambda: page.stage.primary.text() == _("Customer is here: start"), "the first call")
    hands.tell()
    QApplication.exit(0)


if __name__ == "__main__":
    deed = {"home": home, "guide": guide, "counter": counter}[sys.argv[1]]
    app = QApplication(sys.argv[:1])
    touches = Touches()

    def act() -> None:
        try:
            deed(touches)
        except (AssertionError, AttributeError, LookupError):
            traceback.print_exc()
            os._exit(9)  # a slot can't end the program by an exception

    QTimer.singleShot(0, act)
    sys.exit(main(["--lang", sys.argv[2], sys.argv[1]]))
