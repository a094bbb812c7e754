"""One indicator of one year, over the page: its score on its scale, what was stated with it, or that nobody reported
it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from queuedesk.core.imports.half_width import half_width
from queuedesk.core.imports.indicator import Indicator
from queuedesk.i18n import _
from queuedesk.i18n.figures import indicator_words as words
from queuedesk.sim.imports import UNREPORTED, figure_of
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

FIGURES = ("score", "scale", "change", "weight")


@dataclass(frozen=True, slots=True)
class TypedIndicator:
    """What was typed: figures by name, None where nobody reported one."""

    name: str
    year: int
    figures: Mapping[str, Decimal | None]
    source: str


class IndicatorDialog(FieldsDialog):
    """`wanted` gives a TypedIndicator. It closes when its indicator is to be taken out."""

    def __init__(self, host: QWidget, look: Look, known: Indicator, *, is_new: bool, asks_name: bool) -> None:
        title = _("Add an indicator") if asks_name else f"{known.name} · {known.year}"
        effect = _("As it was reported. A figure that nobody reported stays empty.")
        super().__init__(host, look, title=title, effect=effect, width=760)
        self._known, self._asks_name = known, asks_name
        fields = {
            "name": FormField(self.look, _("Indicator", context="column")),
            "year": FormField(self.look, _("Year", context="field")),
            "score": FormField(self.look, _("Score", context="field"), hint=_("empty: not reported")),
            "scale": FormField(self.look, _("Scale", context="field"), hint=_("the score that all would give")),
            "change": FormField(
                self.look, _("Change as stated", context="field"), hint=_("such as +3, if one was stated")
            ),
            "weight": FormField(self.look, _("Weight", context="field"), hint=_("in the overall score, if known")),
            "source": FormField(self.look, _("Source", context="field"), hint=_("who measured or published it")),
        }
        rows = [("score", "scale", "change", "weight"), ("source",)]
        self.lay(fields, [("name", "year"), *rows] if asks_name else rows, {"name": 3}, removable=not is_new)
        self.remove_button.setText(_("Take it out of {year}", year=known.year))
        values = {name: getattr(known, "top" if name == "scale" else name) for name in FIGURES}
        for name, value in values.items():
            self.fields[name].set_value("" if value is None else words.plain(value))
        self.fields["source"].set_value(known.source)
        self.fields["name"].set_value(known.name)
        self.fields["year"].set_value(str(known.year))

    def typed(self) -> TypedIndicator | None:
        """Return what was typed, None after saying at a field why it is no figure."""
        figures: dict[str, Decimal | None] = {}
        is_right = True
        for name in FIGURES:
            text = half_width(self.fields[name].value()).strip()
            figures[name] = None if not text or text in UNREPORTED else figure_of(text)
            if text.endswith("%") and name != "weight":
                self.fields[name].set_error(_("No percentage, such as 85"))
                is_right = False
            elif text and text not in UNREPORTED and figures[name] is None:
                self.fields[name].set_error(_("A figure, such as 85"))
                is_right = False
        year = half_width(self.fields["year"].value()).strip().removesuffix("年")
        if not year.isdecimal() or len(year) != 4:
            self.fields["year"].set_error(_("A year, such as 2026"))
            is_right = False
        name = " ".join(self.fields["name"].value().split())
        if not name:
            self.fields["name"].set_error(_("What is it called?"))
            is_right = False
        return TypedIndicator(name, int(year), figures, self.fields["source"].value().strip()) if is_right else None

    def _remove(self) -> None:
        self.close_dialog()
        super()._remove()

    def first_field(self) -> QWidget:
        return self.fields["name" if self._asks_name else "score"].edit
