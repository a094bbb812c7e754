"""The forms of a priority class and a target."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from queuedesk.core.figures.targets import MEASURES, WAITS, measure_of
from queuedesk.core.setup.fields import BASICS
from queuedesk.core.setup.values import PriorityClass, Setup, TargetRow
from queuedesk.i18n import _
from queuedesk.i18n.figures.target_words import measure_meaning, measure_word
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_form import FieldsForm
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import read_figure
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look


class ClassForm(FieldsForm):
    """Names and credit."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, PriorityClass, BASICS, parent)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        # Normal tickets are what the others are measured by.
        self.fields["credit_minutes"].edit.setEnabled(draft.code != "normal")


class TargetForm(FieldsForm):
    """What is measured, chosen from a list; the figure to be reached with its unit; from when."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, TargetRow, parent=parent)
        self.measure = DropDown(look)
        self.fields["measure"] = FormField(look, "", edit=self.measure)
        self.add_row("measure")
        self.add_row("value", "from")
        self.column.addStretch(1)

    def retranslate(self) -> None:
        super().retranslate()
        self.measure.setPlaceholderText(_("Please choose", context="measure"))
        self._offer(str(self.measure.currentData() or ""))

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        value = draft.row.get("value")
        self.put("value", "" if value is None else str(value))
        self._offer(str(draft.row.get("measure") or ""))

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        if key == "measure":
            return draft.with_value(key, str(self.measure.currentData() or ""))
        return draft.with_value(key, read_figure(text)) if key == "value" else super().take(draft, key, text)

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
