"""A page with its hall, and the hands of all stations' tests and of journeys: pressing, following the log, typing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from queuedesk.printing.qr import ticket_code_text
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS
from queuedesk.stations.manager.pages import QUALITY
from queuedesk.stations.window.context import StationContext
from tests.hall import SHANGHAI, Hall

LEFT = Qt.MouseButton.LeftButton
UNHURRIED_MS = 1000  # As people press who read what is there.


def pick(box: QComboBox, word: str) -> None:
    index = box.findText(word)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def open_menu(page: QWidget) -> QMenu:
    (menu,) = (one for one in page.findChildren(QMenu) if one.isVisible())
    return menu


def is_as_near_as_the_screen_allows(menu: QMenu, place: QPoint) -> bool:
    screen = menu.screen().availableGeometry()
    left, top = screen.right() + 1 - menu.width(), screen.bottom() + 1 - menu.height()
    return menu.pos() == QPoint(min(place.x(), left), min(place.y(), top))


def take_entry(page: QWidget, words: str) -> str:
    """Take the entry of the open menu that begins with some words; return all of it."""
    menu = open_menu(page)
    menu.close()
    entry = next(one for one in menu.actions() if one.text().startswith(words))
    entry.trigger()
    return entry.text()


def code_of(hall: Hall, label: str, day: date | None = None, *, hall_code: str = "") -> str:
    found = hall.ticket(label, day)
    return ticket_code_text(hall_code or looking.setup_of_hall(hall.desk).hall.code, found.date, label, found.token)


def drop_file(page: QWidget, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(9, 9), copy, mime, LEFT, none))


@dataclass
class Hands:
    """`page` follows its hall; `until` waits for a claim to become true."""

    hall: Hall
    page: Any
    until: Callable[[Callable[[], bool]], None]

    def touch(self, *widgets: QWidget) -> None:
        """Press what can be seen and pressed, one after the other."""
        for widget in widgets:
            assert widget.isVisible()
            QTest.mouseClick(widget, LEFT)
            self.follow()

    def follow(self) -> None:
        """Wait until the page shows all that is in the log."""
        last = self.hall.length()
        self.until(lambda: self.page.context.feed.state.now.seq >= last)

    def meanwhile(self, verb: str, *args: Any, **words: Any) -> Any:
        """Let something happen in the hall, and the page follow; return the answer."""
        done = self.hall.do(verb, *args, **words)
        self.follow()
        return done

    def speak(self, language: str) -> None:
        i18n.choose_language(language)
        self.page.retranslate()

    def pass_time(self, **span: float) -> None:
        self.hall.clock.move(**span)
        self.page.tick(self.hall.clock())

    def question(self, kind: type) -> Any:
        (shown,) = [one for one in self.page.findChildren(kind) if one.isVisible()]
        return shown

    def log(self, kind: str) -> list[Event]:
        return [event for event in self.hall.log() if event.kind == kind]


ENTER, DOWN, TAB = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Tab
PIN = "2468"


class UnhurriedHands(Hands):
    """Before a screen for customers, which lets a press take effect after a moment; tests move its steady clock."""

    ms: list[int]

    def touch(self, *widgets: QWidget, settled: bool = True) -> Any:
        """Press what can be seen; `settled` is long after the page came, otherwise at once."""
        for widget in widgets:
            assert widget.isVisible(), widget
            if settled:
                self.ms[0] += UNHURRIED_MS
            QTest.mouseClick(widget, LEFT)
            self.wait_quietly()

    def wait_quietly(self) -> None:
        """Let what was pressed take effect."""
        holding = self.page.controller.holding
        if holding.has_waiting_act:
            self.ms[0] += HOLD_MS
            holding.do_waiting_act_if_quiet()


@dataclass
class JourneyHands:
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


class JourneyOffice(JourneyHands):
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
