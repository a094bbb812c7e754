"""The form of an item inside a service: names, minutes, search words, favourite, papers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.setup import Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.form_parts import Form, still
from queuedesk.stations.manager.set_up_draft import Draft
from queuedesk.stations.manager.set_up_words import read_minutes, read_words, row_name, target_text, words_text
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import DangerButton, IconButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.tiles import TickBox

PAPER_KEYS = ("name", "name_en", "note", "note_en")


class ItemForm(Form):
    """Shows the item at `at` of the draft's row; `back` leads to the service."""

    back = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.at = 0
        head = QHBoxLayout()
        spread(look, head, (0, 0, 0, 6), 12)
        self.back_button = SecondaryButton(look, "", icon="arrow-left", height=44, key="Esc")
        self._title = Label(look, px=20, bold=True)
        self.remove_button = DangerButton(look, "", icon="remove", height=44)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        head.addWidget(self.remove_button)
        self.column.addLayout(head)
        self.add_row("name", "name_en")
        self.add_row("minutes", "words", stretches=(1, 3))
        self.favourite = TickBox(look, "")
        self.column.addWidget(self.favourite)
        papers = QHBoxLayout()
        self._papers_title = Label(look, px=15, bold=True)
        self.add_paper = TextButton(look, "", icon="plus", height=36, px=16)
        papers.addWidget(self._papers_title, 1)
        papers.addWidget(self.add_paper)
        self.column.addLayout(papers)
        self._grid = QGridLayout()
        spread(look, self._grid, spacing=8)
        self._heads = [Label(look, px=15, token="ink2") for _key in PAPER_KEYS]
        for at, label in enumerate(self._heads):
            self._grid.addWidget(label, 0, at)
            self._grid.setColumnStretch(at, 1)
        self.column.addLayout(self._grid)
        self._error = Label(look, px=15, token="red", wrap=True)
        self.column.addWidget(self._error)
        self.column.addStretch(1)
        self.paper_edits: list[list[QLineEdit]] = []
        self._removes: list[IconButton] = []
        self.back_button.clicked.connect(self.back)
        self.remove_button.clicked.connect(self._remove)
        self.favourite.clicked.connect(self._tick)
        self.add_paper.clicked.connect(self._add_paper)
        look.changed.connect(self._dress)

    def retranslate(self) -> None:
        labels = {
            "name": (_("Name", context="field"), ""),
            "name_en": (_("English name", context="field"), ""),
            "minutes": (_("Usual minutes"), ""),
            "words": (_("Search words"), _("other names that customers use, with commas between")),
        }
        for key, (label, hint) in labels.items():
            self.fields[key].set_label(label)
            self.fields[key].set_hint(hint)
        self.back_button.setText(_("Back"))
        self.remove_button.setText(_("Remove"))
        self.favourite.setText(_("Favourite: stands on the front desk's first page"))
        self._papers_title.setText(_("Papers that the customer brings"))
        self.add_paper.setText(_("Add a paper"))
        heads = (_("Paper"), _("English"), _("Note", context="paper"), _("English note"))
        for head, word in zip(self._heads, heads, strict=True):
            head.setText(word)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def item(self) -> dict[str, Any] | None:
        items = self.draft.row.get("items") or [] if self.draft is not None else []
        return dict(items[self.at]) if self.at < len(items) else None

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        self.draft = draft
        item = self.item()
        if item is None:
            return
        own = f"items.{item['code']}."
        named = {key.removeprefix(own): text for key, text in problems.items() if key.startswith(own)}
        named |= {key.removeprefix("item."): text for key, text in problems.items() if key.startswith("item.")}
        super().show_draft(setup, draft, named, may_change=may_change)
        papers = [text for key, text in named.items() if key.startswith("papers")]
        self._error.setText(papers[0] if papers else "")

    def show_row(self, setup: Setup, draft: Draft) -> None:
        item = self.item()
        if item is None:
            return
        self._title.setText(row_name(item) or _("New item"))
        self.put("name", str(item.get("name") or ""))
        self.put("name_en", str(item.get("name_en") or ""))
        if "item.minutes" not in draft.unread:
            self.put("minutes", target_text(item.get("minutes")))
        self.put("words", words_text(item.get("words")))
        self.favourite.setChecked(bool(item.get("favourite")))
        still(self.favourite, self.may_change)
        self.remove_button.setVisible(self.may_change)
        self.add_paper.setVisible(self.may_change)
        self._show_papers(item.get("papers") or [])

    def _show_papers(self, papers: list[dict[str, Any]]) -> None:
        if len(papers) != len(self.paper_edits):
            self._build_papers(len(papers))
        for edits, paper in zip(self.paper_edits, papers, strict=True):
            for edit, key in zip(edits, PAPER_KEYS, strict=True):
                text = str(paper.get(key) or "")
                if not (edit.hasFocus() and edit.isModified()) and edit.text() != text:
                    edit.setText(text)
                    if not edit.hasFocus():
                        edit.setCursorPosition(0)
                edit.setReadOnly(not self.may_change)
        for label in self._heads:
            label.setVisible(bool(papers))
        for button in self._removes:
            button.setVisible(self.may_change)

    def _build_papers(self, count: int) -> None:
        for widget in (*(edit for edits in self.paper_edits for edit in edits), *self._removes):
            widget.hide()
            widget.deleteLater()
        self.paper_edits, self._removes = [], []
        for row in range(count):
            edits = []
            for column, key in enumerate(PAPER_KEYS):
                edit = QLineEdit()
                edit.setAccessibleName(self._heads[column].text())
                edit.textEdited.connect(partial(self._edit_paper, row, key))
                self._grid.addWidget(edit, row + 1, column)
                edit.show()  # at once, so that it can take the keyboard
                edits.append(edit)
            remove = IconButton(self.look, "remove", _("Remove"))
            remove.clicked.connect(partial(self._remove_paper, row))
            self._grid.addWidget(remove, row + 1, len(PAPER_KEYS))
            self.paper_edits.append(edits)
            self._removes.append(remove)
        self._dress()

    def _dress(self) -> None:
        for edits in self.paper_edits:
            for edit in edits:
                edit.setFont(self.look.font(16))

    # -- what is typed -----------------------------------------------------------------------------------------------

    def _write(self, **values: object) -> None:
        item = self.item()
        if item is not None and self.draft is not None:
            self.changed.emit(with_item(self.draft, self.at, {**item, **values}))

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        item = self.item()
        if item is None:
            return draft
        if key == "minutes":
            at = self.at

            def read(typed: str) -> dict[str, Any]:
                items = list(draft.row["items"])
                items[at] = {**items[at], **read_minutes("minutes", typed)}
                return {"items": items}

            return draft.read("item.minutes", text, read)
        value: object = read_words(text) if key == "words" else text.strip()
        return with_item(draft, self.at, {**item, key: value})

    def _tick(self, on: bool) -> None:
        self._write(favourite=on)

    def _papers(self) -> list[dict[str, Any]]:
        item = self.item()
        return [dict(paper) for paper in (item or {}).get("papers") or ()]

    def _edit_paper(self, row: int, key: str, text: str) -> None:
        papers = self._papers()
        papers[row][key] = text.strip()
        self._write(papers=papers)

    def _add_paper(self) -> None:
        self._write(papers=[*self._papers(), {"name": ""}])
        if self.paper_edits:
            self.paper_edits[-1][0].setFocus()

    def _remove_paper(self, row: int) -> None:
        papers = self._papers()
        self._write(papers=[*papers[:row], *papers[row + 1 :]])

    def _remove(self) -> None:
        if self.draft is not None:
            items = list(self.draft.row["items"])
            del items[self.at]
            draft = self.draft
            self.back.emit()
            self.changed.emit(draft.with_value("items", items))


def with_item(draft: Draft, at: int, item: dict[str, Any]) -> Draft:
    """Return the draft with another item at its place."""
    items = list(draft.row.get("items") or [])
    items[at] = item
    return draft.with_value("items", items)


def with_new_item(draft: Draft) -> Draft:
    """Return the draft with one more item, still without a name."""
    items = list(draft.row.get("items") or [])
    codes = {item["code"] for item in items}
    code = next(f"{draft.code}{n}" for n in range(1, len(items) + 2) if f"{draft.code}{n}" not in codes)
    return draft.with_value("items", [*items, {"code": code, "name": "", "favourite": False, "papers": []}])
