"""Shows one question at a time, over the page or beside the small bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, Dialog
from queuedesk.stations.window.own_words import OwnWordsDialog
from queuedesk.stations.window.style import Look


class Putting(QObject):
    """The one question on the screen. `host` gives what it stands over; `answered` says that none is left."""

    opened = Signal(object)
    answered = Signal()

    def __init__(self, parent: QObject, look: Look, host: Callable[[], QWidget]) -> None:
        super().__init__(parent)
        self.look, self.host = look, host
        self.dialog: Dialog | None = None

    def open(self, dialog: Dialog) -> None:
        """Ask."""
        self.dialog = dialog
        dialog.refused.connect(self._closed)
        dialog.done.connect(self._closed)  # type: ignore[attr-defined]
        dialog.open_dialog()
        self.opened.emit(dialog)

    def close(self) -> None:
        """Take the question away: what it was about is not so any more."""
        if self.dialog is not None:
            self.dialog.refuse()

    def ask_reason(self, kind: str, *, title: str, effect: str, no: str, yes: str, done: Callable[[str], None]) -> None:
        """Ask for one of the reasons of a kind, or a few words."""
        dialog = OwnWordsDialog(self.host(), self.look, kind=kind, title=title, effect=effect, no=no, yes=yes)
        dialog.done.connect(done)
        self.open(dialog)

    def confirm(self, *, title: str, effect: str, safe: str, act: str, done: Callable[[], None]) -> None:
        """Ask once more."""
        dialog = ConfirmDialog(self.host(), self.look, title=title, effect=effect, safe=safe, act=act)
        dialog.done.connect(done)
        self.open(dialog)

    def _closed(self, *_answer: object) -> None:
        # The answer itself may have opened the next question.
        if self.dialog is self.sender():
            self.dialog = None
            self.answered.emit()
