"""The forms of a priority class, a notice and a target."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.core.setup import Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.form_parts import Form
from queuedesk.stations.manager.set_up_draft import Draft
from queuedesk.stations.manager.set_up_words import read_figure, read_minutes, target_text
from queuedesk.stations.style import Look


class ClassForm(Form):
    """Names and credit."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.add_row("name", "name_en")
        self.add_row("credit_minutes")
        self.column.addStretch(1)

    def retranslate(self) -> None:
        credit = _("A ticket of this class is called as if it had come so many minutes earlier; 0 to 120.")
        self.fields["name"].set_label(_("Name", context="field"))
        self.fields["name_en"].set_label(_("English name", context="field"))
        self.fields["credit_minutes"].set_label(_("Credit", context="field"))
        self.fields["credit_minutes"].set_hint(credit)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        self.put("name", str(draft.row.get("name") or ""))
        self.put("name_en", str(draft.row.get("name_en") or ""))
        if "credit_minutes" not in draft.unread:
            self.put("credit_minutes", target_text(int(draft.row.get("credit_minutes") or 0)))
        edit = self.fields["credit_minutes"].edit
        if isinstance(edit, QLineEdit):
            # Normal tickets are what the others are measured by.
            edit.setEnabled(draft.code != "normal")

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        if key == "credit_minutes":
            return draft.read(key, text, partial(read_minutes, key))
        return draft.with_value(key, text.strip())


class NoticeForm(Form):
    """A text for the displays, and from when to when."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.add_areas("text", "text_en", rows=4)
        self.add_row("from", "to")
        self.column.addStretch(1)

    def retranslate(self) -> None:
        labels = {
            "text": (_("Text", context="field"), _("shown on the hall's display")),
            "text_en": (_("English text", context="field"), ""),
            "from": (_("From", context="field"), _("such as 2026-11-20; empty: at once")),
            "to": (_("To", context="field"), _("that day too; empty: without end")),
        }
        for key, (label, hint) in labels.items():
            self.fields[key].set_label(label)
            self.fields[key].set_hint(hint)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        for key in ("text", "text_en", "from", "to"):
            self.put(key, str(draft.row.get(key) or ""))


class TargetForm(Form):
    """What is measured, the figure to be reached, from when."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.add_row("measure")
        self.add_row("value", "from")
        self.column.addStretch(1)

    def retranslate(self) -> None:
        labels = {
            "measure": (_("Measure", context="field"), _("what the hall promises, such as: satisfied, in percent")),
            "value": (_("Value", context="field"), _("a figure, such as 95 or 12.5")),
            "from": (_("From", context="field"), _("such as 2026-11-20; empty: always")),
        }
        for key, (label, hint) in labels.items():
            self.fields[key].set_label(label)
            self.fields[key].set_hint(hint)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        for key in ("measure", "value", "from"):
            value = draft.row.get(key)
            self.put(key, "" if value is None else str(value))

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        return draft.with_value(key, read_figure(text) if key == "value" else text.strip())
