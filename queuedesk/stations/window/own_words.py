"""A dialog of reasons whose last choice is typed in a few words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.i18n import _
from queuedesk.i18n.queue.line_words import REASONS, reason_words
from queuedesk.stations.widgets.panels import FixedLetters
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from queuedesk.stations.window.style import Look

OTHER = "other"
LONGEST_REASON = 80


class OwnWordsDialog(ReasonDialog):
    """A reason dialog whose last choice opens a line for a few words; without words it stays "other"."""

    def __init__(self, host: QWidget, look: Look, *, kind: str, title: str, effect: str, no: str, yes: str) -> None:
        super().__init__(
            host,
            look,
            title=title,
            effect=effect,
            reasons=[(code, reason_words(code)) for code in REASONS[kind]],
            missing=_("Choose a reason first"),
            no=no,
            yes=yes,
        )
        self.line = QLineEdit()
        self.line.setMaxLength(LONGEST_REASON)
        self.line.setPlaceholderText(_("In a few words, if you like"))
        self.line.setAccessibleName(_("In a few words, if you like"))
        FixedLetters(self.look, self.line, 17)
        self.line.hide()
        self.body.addWidget(self.line)

    def reason(self) -> str:
        """Return the chosen code, or the words typed for "other"."""
        code = super().reason()
        return (self.line.text().strip() or OTHER) if code == OTHER else code

    def pick(self, code: str) -> None:
        super().pick(code)
        if code == OTHER:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_choice(self) -> None:
        super()._show_choice()
        wanted = ReasonDialog.reason(self) == OTHER
        self.line.setVisible(wanted)
        if not wanted and self.line.hasFocus():
            self.setFocus()
