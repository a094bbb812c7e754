"""A page with its hall, and the hands that every station's tests have: pressing, following the log, finding a
question."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from queuedesk import i18n
from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from tests.hall import Hall

LEFT = Qt.MouseButton.LeftButton


def pick(box: QComboBox, word: str) -> None:
    """Choose an entry as a person does."""
    index = box.findText(word)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def take_entry(page: QWidget, words: str) -> str:
    """Take the entry of the open menu that begins with some words; return all of it."""
    (menu,) = (one for one in page.findChildren(QMenu) if one.isVisible())
    menu.close()
    entry = next(one for one in menu.actions() if one.text().startswith(words))
    entry.trigger()
    return entry.text()


def drop_file(page: QWidget, path: Path) -> None:
    """Drop a file onto a page."""
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
        """Let a page for customers speak another language."""
        i18n.use(language)
        self.page.retranslate()

    def pass_time(self, **span: float) -> None:
        """Let so much time pass at the page."""
        self.hall.clock.move(**span)
        self.page.tick(self.hall.clock())

    def question(self, kind: type) -> Any:
        """Return the question that is open."""
        (shown,) = [one for one in self.page.findChildren(kind) if one.isVisible()]
        return shown

    def log(self, kind: str) -> list[Event]:
        return [event for event in looking.events_after(self.hall.desk, 0) if event.kind == kind]
