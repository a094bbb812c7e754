"""Papers as rows of four fields: name and note in both languages, each row with its way out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import IconButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

LARGE_TEXT, LARGE_COLUMNS = 1.4, 2
PAPER_KEYS = ("name", "name_en", "note", "note_en")
Paper = dict[str, Any]


class PaperGrid(QWidget):
    """`changed` gives all papers after what was just typed, added or removed, with the place of the paper typed in, -1
    for none."""

    changed = Signal(list, int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._may_change = True
        self._papers: list[Paper] = []
        self.edits: list[list[QLineEdit]] = []
        self._removes: list[IconButton] = []
        head = QHBoxLayout()
        self._title = Label(look, px=15, bold=True)
        self.add_button = TextButton(look, "", icon="plus", height=36, px=16)
        head.addWidget(self._title, 1)
        head.addWidget(self.add_button)
        self._grid = QGridLayout()
        spread(look, self._grid, spacing=8)
        self._heads = [Label(look, px=15, token="ink2") for _key in PAPER_KEYS]
        for at, label in enumerate(self._heads):
            self._grid.addWidget(label, 0, at)
            self._grid.setColumnStretch(at, 1 if at < LARGE_COLUMNS else 0)
        self._columns = len(PAPER_KEYS)
        self._error = Label(look, px=15, token="red", wrap=True)
        column = QVBoxLayout(self)
        spread(look, column, spacing=6)
        column.addLayout(head)
        column.addLayout(self._grid)
        column.addWidget(self._error)
        self.add_button.clicked.connect(self._add)
        look.changed.connect(self._dress)

    def retranslate(self) -> None:
        self._title.setText(_("Papers that the customer brings"))
        self.add_button.setText(_("Add a paper"))
        heads = (_("Paper"), _("English"), _("Note", context="paper"), _("English note"))
        for at, (head, word) in enumerate(zip(self._heads, heads, strict=True)):
            head.setText(word)
            for number, edits in enumerate(self.edits):
                edits[at].setPlaceholderText(word)
                edits[at].setAccessibleName(f"{word} {number + 1}")

    def show_papers(self, papers: Sequence[Paper], error: str, *, may_change: bool) -> None:
        """Show these papers and what is wrong with one of them."""
        self._papers, self._may_change = [dict(paper) for paper in papers], may_change
        columns = LARGE_COLUMNS if self.look.scale.text >= LARGE_TEXT else len(PAPER_KEYS)
        if len(papers) != len(self.edits) or columns != self._columns:
            self._columns = columns
            self._build(len(papers))
        for edits, paper in zip(self.edits, papers, strict=True):
            for edit, key in zip(edits, PAPER_KEYS, strict=True):
                text = str(paper.get(key) or "")
                if not (edit.hasFocus() and edit.isModified()) and edit.text() != text:
                    edit.setText(text)
                    if not edit.hasFocus():
                        edit.setCursorPosition(0)
                edit.setReadOnly(not may_change)
        for label in self._heads:
            label.setVisible(bool(papers) and columns == len(PAPER_KEYS))
        for button in self._removes:
            button.setVisible(may_change)
        self.add_button.setVisible(may_change)
        self._error.setText(error)
        self._error.setVisible(bool(error))

    def _build(self, count: int) -> None:
        for widget in (*(edit for edits in self.edits for edit in edits), *self._removes):
            widget.hide()
            widget.deleteLater()
        self.edits, self._removes = [], []
        lines = len(PAPER_KEYS) // self._columns
        for at in range(LARGE_COLUMNS, len(PAPER_KEYS)):
            self._grid.setColumnStretch(at, 1 if lines == 1 else 0)
        for row in range(count):
            edits = []
            for column, key in enumerate(PAPER_KEYS):
                edit = QLineEdit()
                edit.setAccessibleName(f"{self._heads[column].text()} {row + 1}")
                edit.setPlaceholderText(self._heads[column].text())
                edit.textEdited.connect(partial(self._edit, row, key))
                at = column * lines // len(PAPER_KEYS)
                self._grid.addWidget(edit, 1 + row * lines + at, column % self._columns)
                edit.show()  # at once, so that it can take the keyboard
                edits.append(edit)
            remove = IconButton(self.look, "remove", _("Remove"))
            remove.clicked.connect(partial(self._remove, row))
            self._grid.addWidget(remove, 1 + row * lines, self._columns)
            self.edits.append(edits)
            self._removes.append(remove)
        self._dress()

    def _dress(self) -> None:
        for edits in self.edits:
            for edit in edits:
                edit.setFont(self.look.font(16))

    def _edit(self, row: int, key: str, text: str) -> None:
        papers = [dict(paper) for paper in self._papers]
        papers[row][key] = text.strip()
        self.changed.emit(papers, row if key == "name" else -1)

    def _add(self) -> None:
        self.changed.emit([*self._papers, {"name": ""}], -1)
        if self.edits:
            self.edits[-1][0].setFocus()

    def _remove(self, row: int) -> None:
        self.changed.emit([*self._papers[:row], *self._papers[row + 1 :]], -1)


def fresh_papers(owner: str, before: Sequence[Paper], papers: Sequence[Paper], typed: int) -> tuple[set[str], set[str]]:
    """Return the keys of papers still to be named, and of those that are so no longer; `owner` leads every key."""
    keys = {f"{owner}papers.{at + 1}" for at in range(max(len(before), len(papers)))}
    if len(papers) < len(before):
        return {f"{owner}papers.{at + 1}" for at, paper in enumerate(papers) if not paper.get("name")}, keys
    if len(papers) > len(before):
        return {f"{owner}papers.{len(papers)}"}, set()
    return set(), {f"{owner}papers.{typed + 1}"} if typed >= 0 else set()
