"""A page with its hall, and the hands of all stations' tests: pressing, following the log, finding a question."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from queuedesk import i18n
from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from queuedesk.printing.qr import ticket_code_text
from tests.hall import Hall

LEFT = Qt.MouseButton.LeftButton


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
