"""The backups and copies that can be put back, a row each, and the page on which one is looked at first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.network.backups_words import FileText, LookText
from queuedesk.stations.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, Rule, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

SHOWN = 4
LINES = 3
MARGIN = 32


class FileList(Card):
    """`wanted` gives the path of the file whose button was pressed. The newest are shown, all of them where that is
    asked for."""

    wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._grid = QGridLayout(self)
        spread(look, self._grid, (18, 8, 12, 8), 4)
        self._grid.setColumnStretch(0, 1)
        self._files: list[FileText] = []
        self._is_whole = self._may = False
        self._widgets: list[QWidget] = []
        self.buttons: dict[Path, SecondaryButton] = {}
        self.all_button = TextButton(look, "", height=40, px=16)
        self.all_button.clicked.connect(self._show_all)

    def show_files(self, files: Sequence[FileText], *, may: bool) -> None:
        """Show these; `may`: with the button that puts one back."""
        if (list(files), may) != (self._files, self._may):
            self._files, self._may = list(files), may
            self._lay_out()

    def retranslate(self) -> None:
        self._lay_out()

    def _show_all(self) -> None:
        self._is_whole = True
        self._lay_out()

    def _lay_out(self) -> None:
        self._grid.removeWidget(self.all_button)
        self.all_button.hide()
        for widget in self._widgets:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets, self.buttons = [], {}
        shown = self._files if self._is_whole else self._files[:SHOWN]
        for at, file in enumerate(shown):
            self._add_row(at, file)
        if len(shown) < len(self._files):
            self.all_button.setText(_("Show all {n}", n=len(self._files)))
            self._grid.addWidget(self.all_button, LINES * len(shown), 0, Qt.AlignmentFlag.AlignLeft)
            self.all_button.show()

    def _add_row(self, at: int, file: FileText) -> None:
        look = self.look
        title, second = Label(look, file.title, px=17, bold=True), Label(look, file.second, px=15, token="ink2")
        second.setToolTip(file.tip)
        parts: list[QWidget] = [title, second]
        if at:
            rule = Rule(look)
            self._grid.addWidget(rule, LINES * at, 0, 1, 2)
            parts.append(rule)
        self._grid.addWidget(title, LINES * at + 1, 0)
        self._grid.addWidget(second, LINES * at + 2, 0)
        if self._may:
            word = _("Put back …")
            button = SecondaryButton(look, word, height=40, px=16)
            button.setAccessibleName(f"{word} {file.title}")
            button.clicked.connect(partial(self.wanted.emit, file.path))
            self._grid.addWidget(button, LINES * at + 1, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
            self.buttons[file.path] = button
            parts.append(button)
        self._widgets += parts


class LookPage(QWidget):
    """What a file would change, with the buttons to do it and to leave it; then what it did, with the way back."""

    left = Signal()
    wanted = Signal()
    back_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._back: Path | None = None
        self.title = Label(look, px=20, bold=True, wrap=True)
        self.error = ErrorLine(look)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        spread(look, self._list, (MARGIN, 0, MARGIN, 8), 10)
        self._list.addStretch(1)
        self.lines: list[QWidget] = []
        self.safe_button = SecondaryButton(look, "", height=48)
        self.back_button = SecondaryButton(look, "", icon="undo", height=48)
        self.act_button = PrimaryButton(look, "", height=48, px=17)
        self.danger_button = DangerButton(look, "", icon="undo", height=48)
        column = QVBoxLayout(self)
        spread(look, column, (0, 4, 0, 16), 12)
        head = QHBoxLayout()
        spread(look, head, (MARGIN, 0, MARGIN, 0))
        head.addWidget(self.title)
        column.addLayout(head)
        column.addWidget(GroundArea(inner, keys=True), 1)
        foot = QVBoxLayout()
        spread(look, foot, (MARGIN, 0, MARGIN, 0), 8)
        foot.addWidget(self.error)
        acts = self._acts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, acts, spacing=12)
        acts.addStretch(1)
        for button in (self.back_button, self.danger_button, self.act_button, self.safe_button):
            acts.addWidget(button)
        foot.addLayout(acts)
        column.addLayout(foot)
        self.safe_button.clicked.connect(self.left)
        self.act_button.clicked.connect(self.wanted)
        self.danger_button.clicked.connect(self.wanted)
        self.back_button.clicked.connect(self._go_back)

    def show_look(self, text: LookText, *, busy: bool, refusal: str) -> None:
        """Show a file that is looked at, or was dealt with."""
        self.title.setText(text.title)
        self.error.say(refusal, refused=bool(refusal))
        self.error.setVisible(bool(refusal))
        self._show_lines([*((note, True) for note in text.notes), *((line, False) for line in text.lines)])
        self.safe_button.setText(text.safe)
        self.safe_button.setEnabled(not busy)
        for button, is_own in ((self.act_button, not text.danger), (self.danger_button, text.danger)):
            button.setText(text.act)
            button.setVisible(bool(text.act) and is_own)
            button.set_busy(busy)
        self._back = text.back
        self.back_button.setText(_("Take it back …"))
        self.back_button.setVisible(text.back is not None)
        self.back_button.set_busy(busy)

    def _show_lines(self, texts: Sequence[tuple[str, bool]]) -> None:
        while self.lines:
            gone = self.lines.pop()
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, (text, is_note) in enumerate(texts):
            if is_note:
                line: Label = ErrorLine(self._look)
                line.say(text, refused=True)  # type: ignore[attr-defined]
            else:
                line = Label(self._look, text, px=17, wrap=True)
            self._list.insertWidget(at, line)
            self.lines.append(line)

    def _go_back(self) -> None:
        if self._back is not None:
            self.back_wanted.emit(self._back)
