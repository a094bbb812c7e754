"""Checks a printed sheet, by its PDF or check code, against the hall's log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.upkeep.check_code import Held
from queuedesk.i18n import _, say
from queuedesk.i18n.upkeep.sheet_words import standing_text
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.file_asked import ask_file
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

EXAMPLE = "4812-K7QM-…-9RCX"
SIGN, PAD = 22, 14


class Verdict(Follows, QWidget):
    """What became of a sheet, on a ground of its own: with a tick, or in red with a sign."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holds = True
        self._said = Label(look, px=17, bold=True, wrap=True)
        within = QVBoxLayout(self)
        spread(look, within, (PAD + SIGN + 12, PAD, PAD, PAD))
        within.addWidget(self._said)
        self.follow(look)
        self.hide()

    def text(self) -> str:
        return self._said.text()

    def give(self, text: str, *, holds: bool) -> None:
        """Say it."""
        self._holds = holds
        self._said.set_token("ink" if holds else "red")
        self._said.setText(text)
        self.setAccessibleName(text)
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        ground, sign, token = ("paper", "check", "primary") if self._holds else ("redbg", "warning", "red")
        painter.box(QRectF(self.rect()), 10, ground)
        painter.icon(sign, token, look.px(PAD), look.px(PAD), SIGN)
        painter.end()


class SheetDialog(Dialog):
    """`wanted` gives the path of a PDF or a check code as it was typed. It stays open until it is closed."""

    wanted = Signal(str)

    def __init__(self, host: QWidget, look: Look) -> None:
        effect = _(
            "Whether the log is still the one that a report was printed from. Anybody who kept a sheet can tell, even where somebody rewrote the hall so that everything fits together."
        )
        super().__init__(host, look, title=_("Check a sheet"), effect=effect, width=760)
        self.code = FormField(
            self.look, _("Check code"), hint=_("at the foot of every page, such as {example}", example=EXAMPLE)
        )
        self.file_button = SecondaryButton(self.look, _("Choose its PDF …"), icon="folder", height=48, px=17)
        self.file_button.clicked.connect(self._choose)
        line = QHBoxLayout()
        spread(self.look, line, spacing=16)
        line.addWidget(self.code, 1)
        line.addWidget(self.file_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        self._asked = ""
        self.verdict = Verdict(self.look)
        self.body.addWidget(self.verdict)
        self.no_button = SecondaryButton(self.look, _("Close", context="dialog"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, "", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._check)
        for button in (self.no_button, self.yes_button):
            self.buttons.addWidget(button)
        self.code.edited.connect(self._forget)
        self._forget()

    def _forget(self) -> None:
        self._asked = ""
        self._set_busy(False)
        self.code.set_error("")
        self.verdict.hide()
        if self.code.value().strip():
            self.yes_button.allow(_("Check it", context="sheet"))
        else:
            self.yes_button.block(_("Type the code, or choose the PDF"))

    def _choose(self) -> None:
        ask_file(self, _("Which report?"), "PDF (*.pdf)", self.check_file)

    def check_file(self, path: str) -> None:
        """Hold a PDF against the hall."""
        self.code.set_value("")
        self._forget()
        self._ask(str(Path(path).absolute()))

    def _check(self) -> None:
        if text := self.code.value().strip():
            self._ask(text)

    def _ask(self, sheet: str) -> None:
        self.code.set_error("")
        self.verdict.hide()
        self._asked = sheet
        self._set_busy(True)
        self.wanted.emit(sheet)

    def show_outcome(self, sheet: str, held: Sequence[Held]) -> None:
        """Say what became of a sheet, unless another one is asked for meanwhile."""
        if sheet != self._asked:
            return
        self._set_busy(False)
        texts = dict.fromkeys(standing_text(one.hall, one.standing, local=one.local) for one in held)
        self.verdict.give("\n".join(texts), holds=all(one.standing.holds for one in held))

    def show_trouble(self, sheet: str, trouble: QueueDeskError) -> None:
        """Say why nothing could be read."""
        if sheet != self._asked:
            return
        self._set_busy(False)
        if trouble.code == "code_mistyped":
            self.code.set_error(say(trouble))
        else:
            self.verdict.give(say(trouble), holds=False)

    def _set_busy(self, busy: bool) -> None:
        for button in (self.yes_button, self.file_button):
            button.set_busy(busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._check()
        else:
            super().keyPressEvent(event)

    def first_focus(self) -> QWidget:
        return self.code.edit
