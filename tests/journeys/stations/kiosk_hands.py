"""Runs the kiosk in its real process and touches it as customers do; `lang` is the hall's language."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.app.station.wiring import Wish, build_station
from queuedesk.app.this_pc.config import Config
from queuedesk.stations.kiosk.station import KioskPage
from queuedesk.stations.widgets.questions.dialogs import REPEAT_MS, RepeatGuard
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import Look, apply
from tests.hall import at
from tests.journeys.hands import fail, until

UNHURRIED_MS = 900
TITLES = {"en": "Please take your ticket", "zh_CN": "请取号票"}


class Fingers:
    """Touches what can be seen, each touch long after the one before."""

    def __init__(self, page: KioskPage, guard_ms: list[int]) -> None:
        self.page, self.guard_ms = page, guard_ms
        self.touches = 0

    def touch(self, widget: QWidget) -> None:
        until(widget.isVisible, f"something to touch: {widget}")
        until(lambda: self.page.controller.patience.is_settled, "a page that has stood a moment")
        until(lambda: self.page.controller.holding.drumming.quiet_ms() > UNHURRIED_MS, "a moment to look")
        self.guard_ms[0] += REPEAT_MS
        self.touches += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def until(self, done: Callable[[], bool], what: str) -> None:
        until(done, what)


def main(path: str, lang: str) -> None:
    app = QApplication([])
    i18n.use(lang)
    look = Look()
    apply(app, look)
    guard_ms = [0]
    RepeatGuard(app, lambda: guard_ms[0])
    station = build_station(
        Wish(name="kiosk", db=path, at=at("10:42")),
        config=Config(voice=False, kiosk="K2"),
        look=look,
        preferences=Preferences(lambda _name, _value: None),
        on_bug=fail,
    )
    station.window.resize(540, 960)
    station.window.show()
    station.start()
    page = station.window.page
    assert isinstance(page, KioskPage)
    fingers, view, does = Fingers(page, guard_ms), page.view, page.controller
    greeting = view.greeting

    def ticket() -> str:
        """Wait for the ticket with its slip, leave it, and return its number."""
        until(lambda: str(does.stage) == "ticket" and view.ticket.said.title == TITLES[i18n.current()], "a ticket")
        label = view.ticket.label
        fingers.touch(view.ticket.done_key)
        until(lambda: str(does.stage) == "greeting", "the greeting")
        return label

    # A group, then its service: two touches.
    fingers.touch(next(key for code, key in greeting.services.items() if code.startswith("group ")))
    fingers.touch(greeting.services["A"])
    touches = fingers.touches
    print("two touches", touches, ticket(), flush=True)
    # The next customer is there at once and says so; two services on one ticket, as an elderly person.
    fingers.touch(greeting.sides["priority"])
    fingers.touch(view.sheet.keys["class elderly"])
    fingers.touch(greeting.sides["several"])
    fingers.touch(greeting.services["C"])
    fingers.touch(greeting.services["B"])
    fingers.touch(greeting.take_key)
    until(lambda: str(does.sheet) == "another", "the question whether it is for somebody else")
    fingers.touch(view.sheet.keys["go"])
    second = ticket()
    print("several", second, flush=True)
    # Where am I in line?
    fingers.touch(greeting.sides["where"])
    for key in second:
        fingers.touch(view.where.pad[key])
    until(lambda: view.where.said.state == "waiting", "the place in line")
    fingers.touch(view.where.back_key)
    # Papers of an item, printed, in the other language; then large text and help.
    fingers.touch(greeting.sides["language"])
    fingers.touch(greeting.sides["info"])
    for letter in "gmgh":
        fingers.touch(view.search.letters[letter])
    fingers.touch(view.search.rows[0])
    fingers.touch(view.info.print_key)
    until(lambda: str(does.info_paper.said) == "printed", "the list on paper")
    fingers.touch(view.info.back_key)
    fingers.touch(view.search.back_key)
    fingers.touch(greeting.sides["large"])
    fingers.touch(greeting.help_key)
    fingers.touch(view.sheet.keys["ok"])
    fingers.touch(greeting.services["D"])
    until(lambda: str(does.sheet) == "another", "the question whether it is for somebody else")
    fingers.touch(view.sheet.keys["go"])
    print("large", ticket(), i18n.current(), flush=True)
    # The way out is locked: Ctrl+Shift+H asks for a manager's PIN.
    gone: list[str] = []
    station.window.home_wanted.connect(lambda: gone.append("home"))
    station.window.activateWindow()
    QTest.keyClick(view, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    until(lambda: str(does.sheet) == "pin", "the question for a PIN")
    assert not gone
    for digit in "4711":
        fingers.touch(view.sheet.pad[digit])
    fingers.touch(view.sheet.keys["go"])
    until(lambda: gone == ["home"], "the way home")
    station.window.close()
    assert not station.window.isVisible()
    station.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
