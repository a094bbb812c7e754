"""One indicator of one year, over the page: its score on its scale, what was stated with it, or that nobody reported it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.half_width import half_width
from queuedesk.core.indicator import Indicator
from queuedesk.i18n import _, say
from queuedesk.i18n import indicator_words as words
from queuedesk.sim.indicators import UNREPORTED, figure_of
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.dialogs import Dialog
from queuedesk.stations.widgets.forms import ErrorLine, FormField
from queuedesk.stations.widgets.panels import spread

FIGURES = ("score", "scale", "change", "weight")


@dataclass(frozen=True, slots=True)
class TypedIndicator:
    """What was typed: figures by name, None where nobody reported one."""

    name: str
    year: int
    figures: Mapping[str, Decimal | None]
    source: str


class IndicatorDialog(Dialog):
    """`wanted` gives a TypedIndicator, `removal_wanted` says that it is to be taken out. It stays open until it is closed."""

    wanted = Signal(object)
    removal_wanted = Signal()

    def __init__(self, host: QWidget, look: Look, known: Indicator, *, is_new: bool, asks_name: bool) -> None:
        title = _("Add an indicator") if asks_name else f"{known.name} · {known.year}"
        effect = _("As it was reported. A figure that nobody reported stays empty.")
        super().__init__(host, look, title=title, effect=effect, width=760)
        self._known, self._asks_name = known, asks_name
        self.fields: dict[str, FormField] = {
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
        values = {name: getattr(known, "top" if name == "scale" else name) for name in FIGURES}
        for name, value in values.items():
            self.fields[name].set_value("" if value is None else words.plain(value))
        self.fields["source"].set_value(known.source)
        self.fields["name"].set_value(known.name)
        self.fields["year"].set_value(str(known.year))
        rows = [("score", "scale", "change", "weight"), ("source",)]
        for names in [("name", "year"), *rows] if asks_name else rows:
            line = QHBoxLayout()
            spread(self.look, line, spacing=16)
            for name in names:
                line.addWidget(self.fields[name], 3 if name == "name" else 1)
            self.body.addLayout(line)
        if not asks_name:
            for name in ("name", "year"):
                self.fields[name].setParent(self.sheet)
                self.fields[name].hide()
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.remove_button = TextButton(self.look, _("Take it out of {year}", year=known.year), height=56, px=17)
        self.no_button = SecondaryButton(self.look, _("Do not save"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, _("Save", context="dialog"), key="", height=56, px=18)
        self.remove_button.setVisible(not is_new)
        self.remove_button.clicked.connect(self._remove)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._do)
        self.buttons.insertWidget(0, self.remove_button)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.yes_button)
        for field in self.fields.values():
            field.edited.connect(self._edited)

    def _edited(self) -> None:
        for field in self.fields.values():
            field.set_error("")
        self.trouble.hide()

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

    def _do(self) -> None:
        found = self.typed()
        if found is not None:
            self.wanted.emit(found)

    def _remove(self) -> None:
        self.close_dialog()
        self.removal_wanted.emit()

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Say at the field that is meant why it was not taken."""
        field = self.fields.get(str(trouble.details.get("field", ""))) if isinstance(trouble, RuleError) else None
        if field is not None and field.isVisible():
            field.set_error(say(trouble))
        else:
            self.trouble.say(say(trouble), refused=True)
            self.trouble.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._do()
        else:
            super().keyPressEvent(event)

    def first_focus(self) -> QWidget:
        edit = self.fields["name" if self._asks_name else "score"].edit
        if hasattr(edit, "selectAll"):
            edit.selectAll()
        return edit
