"""The hands of a journey: somebody before a window who presses what can be seen and types where the focus is."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.stations.manager.pages import QUALITY
from queuedesk.stations.window.context import StationContext
from tests.hall import SHANGHAI, Hall

LEFT, ENTER, DOWN, TAB = Qt.MouseButton.LeftButton, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Tab
PIN = "2468"


@dataclass
class Hands:
    hall: Hall
    window: Any
    bot: QtBot
    context: StationContext

    @property
    def page(self) -> Any:
        return self.window.current_page

    def press(self, widget: QWidget | None) -> None:
        assert widget is not None
        assert widget.isVisible() and widget.isEnabled()
        QTest.mouseClick(widget, LEFT)
        self.follow()
        self.must_speak_one_language()

    def focused(self) -> QWidget:
        self.window.activateWindow()
        self.bot.waitUntil(self.window.isActiveWindow)
        return QApplication.focusWidget() or self.page

    def key(self, *keys: Qt.Key) -> None:
        for one in keys:
            QTest.keyClick(self.focused(), one)
        self.follow()

    def say(self, text: str) -> None:
        """Type into the field with the focus, Chinese as an input method writes it."""
        field = self.focused()
        if text.isascii():
            QTest.keyClicks(field, text)
        else:
            typed = QInputMethodEvent()
            typed.setCommitString(text)
            QApplication.sendEvent(field, typed)

    def follow(self) -> None:
        self.bot.waitUntil(lambda: not self.hall.log(self.context.feed.state.now.seq))

    def must_speak_one_language(self) -> None:
        """Assert that no English stands in a Chinese window."""
        if i18n.current_language() == "zh_CN":
            shown = [*self.window.findChildren(QLabel), *self.window.findChildren(QAbstractButton)]
            words = {one.text() for one in shown if one.isVisible() and re.search("[A-Za-z]{3,}", one.text())}
            assert words <= {"Enter", "Esc", "English", "QueueDesk"}


class Office(Hands):
    """The manager's station, where somebody signs in each morning."""

    def on(self, month: int, day: int, time: str = "9:00", *, who: str = "M1") -> None:
        hour, minute = map(int, time.split(":"))
        self.hall.clock.now = datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)
        self.hall.do("end-due")
        self.follow()
        if self.context.who is not None:
            self.window.sign_out()
            self.follow()
        self.sign_in(who)

    def sign_in(self, who: str) -> None:
        self.bot.waitUntil(lambda: bool(self.page.tiles[who].isVisible()))
        self.press(self.page.tiles[who])
        if self.context.who is None:
            QTest.keyClicks(self.page, PIN)
            self.key(ENTER)

    def go(self, key: str) -> None:
        self.press(self.page.nav.findChild(QWidget, key))

    def tab(self, key: str) -> Any:
        self.go(QUALITY)
        self.press(self.page.quality.tabs.findChild(QWidget, f"tab-{key}"))
        found = self.page.quality.pages.get_or_make_page(key)
        found.refresh(self.hall.clock())
        return found

    def open_row(self, table: Any, entry: int | None = None) -> list[str]:
        """Press Enter on the first row of a table, and choose an entry of its menu."""
        table.setFocus()
        self.key(DOWN, ENTER) if table.currentIndex().row() < 0 else self.key(ENTER)
        menu = next(one for one in self.page.findChildren(QMenu) if one.isVisible())
        words = [one.text() for one in menu.actions()]
        if entry is None:
            menu.close()
        else:
            self.choose(entry)
        return words

    def write(self, text: str) -> None:
        """Type in place of what stands in the field with the focus."""
        QTest.keyClick(self.focused(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.say(text)

    def choose(self, at: int) -> None:
        menu = next(one for one in self.page.findChildren(QMenu) if one.isVisible())
        for _n in range(at + 1):
            QTest.keyClick(menu, DOWN)
        QTest.keyClick(menu, ENTER)
        self.follow()
