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

from PySide6.QtCore import QElapsedTimer, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from queuedesk.app.main import main
from queuedesk.i18n import _, current
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.home.stations_view import RunningPage, StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.widgets.questions.dialogs import REPEAT_MS
from queuedesk.stations.window.frame import Frame
from tests.bounded import PATIENCE_S
from tests.journeys.stations.once_open import once_open


class Touches:
    """Hands that wait as long as the guard against repeated presses asks, and count what they do."""

    def __init__(self) -> None:
        self.clicks = self.fields = self.keys = 0
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
        """Click into a field and type over what is there."""
        self.click(edit)
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(edit, text)
        self.keys += 1 + len(text)

    def fill(self, edit: QWidget, text: str, *then: Qt.Key) -> None:
        """Type in the field that has the keyboard, as an input method gives it, then press keys that lead on."""
        self.until(edit.hasFocus, f"the keyboard in {edit.accessibleName()}")
        given = QInputMethodEvent()
        given.setCommitString(text)
        QApplication.sendEvent(edit, given)
        self.fields += 1
        self.keys += len(text) + len(then)
        for key in then:
            QTest.keyClick(QApplication.focusWidget() or edit, key)
            if key == Qt.Key.Key_Return:
                QTest.qWait(REPEAT_MS + 20)

    def pin(self, page: QWidget, text: str) -> None:
        """Type a PIN where one is asked for."""
        for digit in text:
            QTest.keyClick(page, Qt.Key(ord(digit)))
        self.fields += 1
        self.keys += len(text)

    def tell(self) -> None:
        """Say on standard output what was done."""
        done = {
            "clicks": self.clicks,
            "fields": self.fields,
            "keys": self.keys,
            "seconds": round(self._timer.elapsed() / 1000, 1),
        }
        print(json.dumps(done), flush=True)


PRESET = "library"
NAMES = {
    "en": (
        "Maple Street Library", ("Loans and returns", "Library cards", "Ask a librarian"),
        ("Ann Weber", "Tom Reed", "Eva Holm", "Jo Park", "Lee Moss"),
    ),
    "zh_CN": ("枫树街图书馆", ("借书还书", "办借书证", "问馆员"), ("王芳", "李伟", "张敏", "刘洋", "陈静")),
}  # fmt: skip
PINS = ("2468", "1357", "8642", "9753", "1470")


def home(hands: Touches) -> None:
    """Set a library up, with its own name, services, people and PINs, and open the front desk and a window."""
    hall, services, people = NAMES[current()]
    tab = Qt.Key.Key_Tab
    wizard = hands.page(WizardPage)
    hands.click(wizard.presets.cards[PRESET])
    hands.click(wizard.try_out)
    hands.click(wizard.next_button)
    wizard = hands.page(WizardPage)  # one that has the library's word for its windows
    hands.fill(wizard.hall.first_field(), hall)
    hands.click(wizard.next_button)
    wizard = hands.page(WizardPage)  # one that has its name
    for edits, name in zip(list(wizard.services.edits.values()), services, strict=False):
        hands.fill(edits["name"], name, *([Qt.Key.Key_Return] if name != services[-1] else []))
    while wizard.steps[wizard.at] is not wizard.people:
        hands.click(wizard.next_button)
    for code, name, pin in zip(list(wizard.people.edits), people, PINS, strict=False):
        is_admin, is_last = code == "AD", name == people[-1]
        hands.fill(wizard.people.edits[code], name, *([tab] if is_admin else [tab, tab]))
        hands.fill(wizard.people.pins[code], pin, *([] if is_last else [tab] if is_admin else [tab, tab]))
    hands.click(wizard.next_button)  # to what it uses
    hands.click(wizard.next_button)
    stations = hands.page(StationsPage)
    hands.click(stations.cards["guide"])
    hands.click(stations.enter_button)
    running = hands.page(RunningPage)
    hands.until(lambda: "1" in running.windows, "the hall's windows")
    hands.click(running.windows["1"])
    hands.click(running.enter_button)
    hands.tell()
    for station in ("counter", "guide"):  # the driven ones come in their place
        hands.until(lambda station=station: runs(running, station), station)  # type: ignore[misc]
        hands.until(lambda station=station: is_closed(running, station), station)  # type: ignore[misc]
    hands.page(StationsPage).window().close()


def runs(home: RunningPage, station: str) -> bool:
    """Whether home shows that a station is open and answers."""
    return any(one.station == station and one.state == "running" for one in home.controller.here)


def is_closed(home: RunningPage, station: str) -> bool:
    """Whether a station is closed; else ask it once more to close: home takes one order at a time."""
    row = next(row for row in home.rows if row.one.station == station)
    if runs(home, station) and row.close_button.isVisible():
        QTest.mouseClick(row.close_button, Qt.MouseButton.LeftButton)
        QTest.qWait(REPEAT_MS)
    return not runs(home, station)


def guide(hands: Touches) -> None:
    """Sign in at the front desk and give the first ticket."""
    sign_in = hands.page(SignInView)
    hands.click(sign_in.tiles["AD"])
    hands.until(sign_in.pad.isVisible, "the PIN pad")
    hands.pin(sign_in, PINS[0])
    hands.click(sign_in.pad.enter)
    page = hands.page(GuideView)
    hands.click(page.front.board.tiles["A"])
    hands.click(page.print_rail.print_button)
    hands.until(lambda: page.acts.toast.isVisible() or bool(page.state.tickets), "the ticket")
    hands.tell()
    QApplication.exit(0)


def counter(hands: Touches) -> None:
    """Sign in at the window that was opened and call the first ticket."""
    page = hands.page(CounterView)
    hands.until(lambda: "C1" in page.sign_in.names, "the names")
    hands.click(page.sign_in.names["C1"])
    hands.until(page.sign_in.pad.isVisible, "the PIN pad")
    hands.pin(page.sign_in, PINS[1])
    hands.click(page.sign_in.pad.enter)
    hands.click(page.stage.primary)
    hands.until(lambda: page.stage.primary.text() == _("Customer is here: start"), "the first call")
    hands.tell()
    QApplication.exit(0)


if __name__ == "__main__":
    deed = {"home": home, "guide": guide, "counter": counter}[sys.argv[1]]
    command = {"counter": ["counter", "--window", "1"]}.get(sys.argv[1], [sys.argv[1]])
    app = QApplication(sys.argv[:1])
    touches = Touches()

    def act() -> None:
        try:
            deed(touches)
        except (AssertionError, AttributeError, LookupError, RuntimeError):
            traceback.print_exc()
            os._exit(9)  # a slot can't end the program by an exception

    once_open(act)
    sys.exit(main(["--lang", sys.argv[2], *command]))
