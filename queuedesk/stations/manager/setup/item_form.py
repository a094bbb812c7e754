"""The form of an item inside a service: names, minutes, search words, favourite, papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.setup.fields import BASICS, blank_row, still_empty
from queuedesk.core.setup.values import Item, Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.parts.inputs import PaperGrid, fresh_papers
from queuedesk.stations.manager.setup.favourites_words import favourites_text
from queuedesk.stations.manager.setup.fields_form import FieldsForm
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import row_name
from queuedesk.stations.widgets.buttons import DangerButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

UNREAD = "item."
"""Before the key of an item's field whose typed text says no value."""


class ItemForm(FieldsForm):
    """Shows the item at `at` of the draft's row; `back` leads to the service."""

    back = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Item, parent=parent)
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
        self.lay(BASICS)
        self._shown_line = Label(look, px=15, token="ink2", wrap=True)
        self.column.addWidget(self._shown_line)
        self.papers = PaperGrid(look)
        self.column.addWidget(self.papers)
        self.column.addStretch(1)
        self.back_button.clicked.connect(self.back)
        self.remove_button.clicked.connect(self._remove)
        self.papers.changed.connect(self._take_papers)

    def retranslate(self) -> None:
        super().retranslate()
        self.back_button.setText(_("Back"))
        self.remove_button.setText(_("Remove"))
        self.papers.retranslate()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def item(self) -> dict[str, Any] | None:
        items = self.draft.row.get("items") or [] if self.draft is not None else []
        return dict(items[self.at]) if self.at < len(items) else None

    def inside(self, draft: Draft) -> Draft:
        unread = {key.removeprefix(UNREAD): error for key, error in draft.unread.items() if key.startswith(UNREAD)}
        return replace(draft, row=draft.row["items"][self.at], unread=unread)

    def outside(self, draft: Draft, inside: Draft, key: str) -> Draft:
        """Return the service with this item; a text that says no value is kept beside those of the service."""
        others = {one: error for one, error in draft.unread.items() if not one.startswith(UNREAD)}
        unread = {f"{UNREAD}{one}": error for one, error in inside.unread.items()}
        changed = with_item(draft.touched(f"items.{inside.row['code']}.{key}"), self.at, inside.row)
        return replace(changed, unread=others | unread)

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        self.draft = draft
        item = self.item()
        if item is None:
            return
        own = f"items.{item['code']}."
        named = {key.removeprefix(own): text for key, text in problems.items() if key.startswith(own)}
        named |= {key.removeprefix(UNREAD): text for key, text in problems.items() if key.startswith(UNREAD)}
        super().show_draft(setup, draft, named, may_change=may_change)
        wrong = [text for key, text in named.items() if key.startswith("papers")]
        self.papers.show_papers(item.get("papers") or [], wrong[0] if wrong else "", may_change=may_change)
        shown = favourites_text(setup, draft)
        self._shown_line.setText(shown)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        self._title.setText(row_name(self.inside(draft).row) or _("New item"))
        self.remove_button.setVisible(self.may_change)

    # -- what is typed -----------------------------------------------------------------------------------------------

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        return super().take(draft, key, text) if self.item() is not None else draft

    def _take_papers(self, papers: list[dict[str, Any]], typed: int) -> None:
        item = self.item()
        if item is not None and self.draft is not None:
            owner = f"items.{item['code']}."
            fresh, touched = fresh_papers(owner, item.get("papers") or [], papers, typed)
            draft = replace(self.draft, fresh=(self.draft.fresh - touched) | fresh)
            self.changed.emit(with_item(draft, self.at, {**item, "papers": papers}))

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
    item = {**blank_row(Item), "code": code}
    draft = replace(draft, fresh=draft.fresh | {f"items.{code}.{key}" for key in still_empty(Item, item)})
    return draft.with_value("items", [*items, item])
