"""Asks on the page what a table's numbers mean where they can be read in two ways."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.i18n.figures.reading_words import cell_text, choice_text, choices
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.spoken import GROUP
from queuedesk.stations.window.style import Look


class ReadingQuestion(Card):
    """One cell and its two values, each a button; `answered` gives the choice that was pressed, `left` that nobody
    wants to say."""

    spoken_role = GROUP

    answered = Signal(str)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._details: Mapping[str, object] | None = None
        self._file = ""
        column = QVBoxLayout(self)
        spread(look, column, (16, 12, 16, 16), 12)
        self.text = Label(look, px=17, bold=True, wrap=True)
        self.why = Label(look, px=15, token="ink2", wrap=True)
        column.addWidget(self.text)
        column.addWidget(self.why)
        row = QHBoxLayout()
        spread(look, row, spacing=12)
        self.buttons = [SecondaryButton(look, height=60) for _each in range(2)]
        for place, button in enumerate(self.buttons):
            button.clicked.connect(partial(self._answer, place))
            row.addWidget(button)
        self.leave_button = TextButton(look)
        self.leave_button.clicked.connect(self.left)
        row.addWidget(self.leave_button)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    def ask(self, details: Mapping[str, object], file: str) -> None:
        """Ask about the cell of a refusal "two_readings" of a file."""
        self._details, self._file = details, file
        self.retranslate()
        self.show()
        self.leave_button.setFocus()  # Enter, pressed too early, must say nothing of the numbers.

    def retranslate(self) -> None:
        """Show the question in the current language."""
        self.leave_button.setText(_("Leave it", context="table"))
        if (details := self._details) is None:
            return
        text = str(details["text"])
        self.why.setText(
            _("{file}: the table does not show which it is; your answer applies to the whole file.", file=self._file)
        )
        self.text.setText(
            _("What does {text} in the column {column} mean?", text=cell_text(text), column=str(details["column"]))
        )
        self.setAccessibleName(self.text.text())
        for button, (choice, value) in zip(self.buttons, choices(details), strict=True):
            button.setText(value)
            button.set_second(choice_text(choice, text))

    def _answer(self, place: int) -> None:
        if self._details is not None:
            self.answered.emit(choices(self._details)[place][0])
