"""A page with its hall, and the hands that every station's tests have: pressing, following the log, finding a
question."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from tests.hall import Hall

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Hands:
    """`page` follows its hall; `until` waits for a claim to become true."""

    hall: Hall
    page: Any
    until: Callable[[Callable[[], bool]], None]

    def touch(self, widget: QWidget) -> None:
        """Press what can be seen and pressed."""
        assert widget.isVisible()
        QTest.mouseClick(widget, LEFT)
        self.follow()

    def follow(self) -> None:
        """Wait until the page shows all that is in the log."""
        last = self.hall.length()
        self.until(lambda: self.page.context.feed.state.now.seq >= last)

    def question(self, kind: type) -> Any:
        """Return the question that is open."""
        (shown,) = [one for one in self.page.findChildren(kind) if one.isVisible()]
        return shown

    def log(self, kind: str) -> list[Event]:
        return [event for event in looking.events_after(self.hall.desk, 0) if event.kind == kind]
