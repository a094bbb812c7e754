"""A clerk's morning from sign-in to sign-out without the mouse and without any network, read back from the log."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from queuedesk.app.main import main
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.i18n import _
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.widgets.questions.dialogs import REPEAT_MS
from tests.bounded import MOST_S
from tests.every_day import walked_in
from tests.hall import at, make_hall
from tests.journeys.stations.once_open import once_open
from tests.journeys.stations.test_first_call import Touches, done_by, windows_for_service
from tests.offline import ways
from tests.processes import at_home

Key = Qt.Key


class Keys(Touches):
    """Presses keys where the keyboard is; `named` sees that a screen reader could say every control."""

    view: CounterView

    @property
    def focus(self) -> QWidget:
        """What has the keyboard; a platform without screens forgets the active window when a menu closes."""
        compact = self.view.compact
        window = compact.bar if compact.on and compact.bar else self.view.window()
        held = QApplication.activePopupWidget() or QApplication.focusWidget() or window.focusWidget()
        return held or (window if compact.on else self.view)

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self._guard_ms += REPEAT_MS
            QTest.keyClick(self.focus, key, modifier)
            self.named()

    def named(self) -> None:
        """End the process where a control on the screen has no name."""
        for window in QApplication.topLevelWidgets():
            for control in (*window.findChildren(QAbstractButton), *window.findChildren(QLineEdit)):
                read = QAccessible.queryAccessibleInterface(control)
                if control.isVisible() and not read.text(QAccessible.Text.Name):
                    raise AssertionError(f"a control without a name: {control} in {window}")

    def tab_to(self, wanted: QWidget) -> None:
        self.until(wanted.isVisible, "something to reach")
        for _stop in range(40):
            if self.focus is wanted:
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"Tab never reached {wanted}")

    def shows(self, word: str) -> None:
        page = self.view
        self.until(lambda: page.stage.primary.text() == word and not page.controller.is_busy, word)

    def asked(self) -> None:
        self.until(lambda: self.view.asking.is_open, "a question")


def morning(keys: Keys) -> None:
    page = keys.view = keys.page(CounterView)
    press, shows, until = keys.press, keys.shows, keys.until
    call, start, finish = _("Call next"), _("Customer is here: start"), _("Finish")

    press(Key.Key_3)  # window 3
    until(lambda: "C3" in page.sign_in.names, "the names")
    press(Key.Key_3)  # the third name, who has a PIN
    until(lambda: page.signing_in.step == "pin", "the PIN")
    press(Key.Key_4, Key.Key_0, Key.Key_0, Key.Key_1, Key.Key_Return)
    shows(call)
    press(Key.Key_Space)
    shows(start)
    press(Key.Key_F2)
    until(lambda: page.controller.scene.ticket.round_calls == 2, "the recall")  # type: ignore[union-attr]
    press(Key.Key_Space)
    shows(finish)
    press(Key.Key_M, modifier=Qt.KeyboardModifier.AltModifier)  # ⋯: the third line counts what was done
    until(lambda: QApplication.activePopupWidget() is not None, "the menu")
    press(Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Return)
    keys.asked()
    press(Key.Key_1, Key.Key_2, Key.Key_Return)
    press(Key.Key_F4)
    keys.asked()
    press(Key.Key_2, Key.Key_Return)
    shows(call)
    until(lambda: len(page.rail.rows) == 1, "the one set aside")
    keys.tab_to(next(iter(page.rail.rows.values())).button())
    press(Key.Key_Return)
    shows(finish)
    press(Key.Key_F9)
    shows(start)
    if page.compact.is_possible:
        press(Key.Key_F12)  # the small bar
        until(lambda: page.compact.bar is not None and page.compact.bar.isVisible(), "the small bar")
    press(Key.Key_Space)
    shows(finish)
    press(Key.Key_Space)
    until(lambda: page.controller.scene.ticket is None, "the finish")  # type: ignore[union-attr]
    if page.compact.is_possible:
        press(Key.Key_F12)
    until(page.isVisible, "the full window")
    press(Key.Key_F10)
    keys.asked()
    press(Key.Key_1, Key.Key_Return)  # one still waits and no other window is open: the question says so
    shows(_("I am back"))
    press(Key.Key_Space)
    shows(call)
    press(Key.Key_F11)
    keys.asked()
    press(Key.Key_2, Key.Key_Return)
    until(lambda: page.signing_in.active, "the sign-in")
    press(Key.Key_Escape)
    until(lambda: page.signing_in.step == "window", "the windows")
    QApplication.exit(0)


def hands(path: str, lang: str) -> None:
    """Work at a counter of the hall of a file, as the program opens it."""
    _app, keys = QApplication(sys.argv[:1]), Keys()
    once_open(partial(done_by, keys, morning))
    sys.exit(main(["--db", path, "--lang", lang, "counter", "--at", at("10:42").isoformat()]))


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_a_morning_by_keys_alone(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:40")
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C3", "4001")
    hall.queue("A", "B", "A")
    line = [*ways()[0], sys.executable, *windows_for_service(hands, hall.path, lang)]
    done = subprocess.run(line, env=at_home(tmp_path), capture_output=True, encoding="utf-8", timeout=MOST_S)
    assert done.returncode == 0, done.stderr
    log = [e for e in hall.log() if e.actor == "C3"]
    assert ", ".join(" ".join(filter(None, (e.kind, e.ticket))) for e in log) == (
        "open, call A001, recall A001, start A001, park A001, unpark A001, finish A001, "
        "call B001, start B001, finish B001, pause, resume, close"
    )
    assert {e.window for e in log} == {"3"}
    assert log[4].data["reason"] == "copying"
    assert log[6].data["delivered"] == ["A", "B"]
    assert log[-1].data["left_to"] == "@manager"
