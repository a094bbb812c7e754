"""A question with fields."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import say
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import ErrorLine, FormField
from queuedesk.stations.window.style import Look

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FormDialog(Dialog):
    """A question with fields, a line for what is refused, and Enter as its answer. It stays open until it is left, or
    until `finished` says that it is done."""

    wanted = Signal(object)
    done = Signal()

    def __init__(self, host: QWidget, look: Look, *, title: str, effect: str = "", width: float = 600) -> None:
        super().__init__(host, look, title=title, effect=effect, width=width)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()

    def finish(self, no: str, yes: str) -> None:
        self.body.addWidget(self.trouble)
        self.put_answers(no, yes, self._do)

    def row(self, *fields: FormField) -> None:
        """Put fields side by side."""
        line = QHBoxLayout()
        spread(self.look, line, spacing=16)
        for field in fields:
            line.addWidget(field, 1)
        self.body.addLayout(line)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Say why it was not done; everything typed stays."""
        self.trouble.refuse(say(trouble))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.isAutoRepeat():
            if self.yes_button.isEnabled() and not self.yes_button.isHidden():
                self._do()
            event.accept()
            return
        super().keyPressEvent(event)

    def _do(self) -> None:
        self.wanted.emit(self.answer())

    def finished(self) -> None:
        """Close it: what was asked for is done."""
        self.close_dialog()
        self.done.emit()

    @abstractmethod
    def answer(self) -> dict[str, Any]:
        """Return what was filled in, by the names that a controller takes."""
