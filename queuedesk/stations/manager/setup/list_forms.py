"""The forms of a priority class, a notice and a target."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.core.figures.targets import MEASURES, WAITS, measure_of
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.i18n.figures.target_words import measure_meaning, measure_word
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.form_parts import Form
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import read_figure, read_minutes, target_text
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look


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
    """What is measured, chosen from a list; the figure to be reached with its unit; from when."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.measure = DropDown(look)
        self.fields["measure"] = FormField(look, "", edit=self.measure)
        self.add_row("measure")
        self.add_row("value", "from")
        self.column.addStretch(1)

    def retranslate(self) -> None:
        self.fields["measure"].set_label(_("Measure", context="field"))
        self.fields["from"].set_label(_("From", context="field"))
        self.fields["from"].set_hint(_("such as 2026-11-20; empty: always"))
        self.measure.setPlaceholderText(_("Please choose", context="measure"))
        self._offer(str(self.measure.currentData() or ""))

    def show_row(self, setup: Setup, draft: Draft) -> None:
        for key in ("value", "from"):
            value = draft.row.get(key)
            self.put(key, "" if value is None else str(value))
        self._offer(str(draft.row.get("measure") or ""))

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        if key == "measure":
            return draft.with_value(key, str(self.measure.currentData() or ""))
        return draft.with_value(key, read_figure(text) if key == "value" else text.strip())

    def _offer(self, chosen: str) -> None:
        """Offer every measure, and one from when any text was taken where the row has it; say what is chosen and its
        unit."""
        known = measure_of(chosen)
        offered = [*MEASURES, *([chosen] if chosen and known is None else [])]
        words = [measure_word(measure) for measure in offered]
        self.measure.blockSignals(True)
        if words != [self.measure.itemText(at) for at in range(self.measure.count())]:
            self.measure.clear()
            for measure, word in zip(offered, words, strict=True):
                self.measure.addItem(word, measure)
        self.measure.setCurrentIndex(offered.index(known or chosen) if chosen else -1)
        self.measure.blockSignals(False)
        if known is None:
            told, unit, hint = _("what the hall promises"), _("Value", context="field"), ""
            if chosen:
                told = _("No report judges this; please choose a measure.")
        elif known in WAITS:
            told, unit = measure_meaning(known), _("Minutes, at most", context="target")
            hint = _("such as 15 or 12.5")
        else:
            told, unit = measure_meaning(known), _("Percent, at least", context="target")
            hint = _("such as 95 or 98.5")
        self.fields["measure"].set_hint(told)
        self.fields["value"].set_label(unit)
        self.fields["value"].set_hint(hint)
