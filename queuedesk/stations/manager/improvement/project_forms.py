"""The questions of a project: fields declared by name, each a line of text, a date, a number or a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from msgspec import Struct
from PySide6.QtWidgets import QComboBox, QWidget

from queuedesk.core.imports.half_width import half_width
from queuedesk.core.improvement.following import MOST_MINUTES
from queuedesk.i18n import _
from queuedesk.stations.manager.parts.form_dialog import FormDialog
from queuedesk.stations.widgets.panels import FixedSize
from queuedesk.stations.widgets.questions.forms import DropDown, FormField
from queuedesk.stations.window.style import Look


class Kind(StrEnum):
    """What a field takes. A SHARE is typed in percent."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    VALUE = "value"
    CHOICE = "choice"


class Asked(Struct, frozen=True, kw_only=True):
    """A field: the name that its answer goes by, its label, and what stands in it; `needed` ones may not be empty.
    `beside` stands in the row of the field before it."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    value: str = ""
    hint: str = ""
    choices: Mapping[str, str] | None = None
    needed: bool = True
    beside: bool = False


class AskDialog(FormDialog):
    """Asks for up to seven fields. Days are answered as dates, numbers as whole numbers, values as any number; an empty
    one that is not needed as None."""

    def __init__(
        self, host: QWidget, look: Look, *, title: str, yes: str, asked: Sequence[Asked], effect: str = ""
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=680)
        self._asked = tuple(asked)
        self.fields = {one.name: self._field(one) for one in asked}
        row: list[FormField] = []
        for one in asked:
            if row and not one.beside:
                self.row(*row)
                row = []
            row.append(self.fields[one.name])
        if row:
            self.row(*row)
        self.finish(_("Leave it", context="project"), yes)

    def _field(self, one: Asked) -> FormField:
        hint = one.hint or (_("such as 2026-11-20") if one.kind is Kind.DAY else "")
        if one.kind is Kind.CHOICE:
            box = DropDown(self.look).share_width(10)
            choices = one.choices or {}
            first = next(iter(choices), "") if one.needed else ""
            box.show_choice(one.value or first, choices)
            FixedSize(self.look, box, height=44)
            return FormField(self.look, one.label, hint=hint, edit=box)
        field = FormField(self.look, one.label, hint=hint)
        field.set_value(one.value)
        return field

    def first_focus(self) -> QWidget:
        return next((field.edit for field in self.fields.values()), self.yes_button)

    def _do(self) -> None:
        checked = [self._check(one) for one in self._asked]  # all of them, so that all troubles are said
        if all(checked):
            super()._do()

    def _check(self, one: Asked) -> bool:
        """Say in red what is wrong with a field; return whether nothing is."""
        field = self.fields[one.name]
        text = self._text(one)
        trouble = ""
        if not text:
            trouble = _("This is needed") if one.needed else ""
        else:
            try:
                self._read(one, text)
            except ValueError:
                trouble = {
                    Kind.DAY: _("A date such as 2026-11-20"),
                    Kind.NUMBER: _("A whole number"),
                    Kind.VALUE: _("A number such as 12.5"),
                }.get(one.kind, "")
        field.set_error(trouble)
        return not trouble

    def _text(self, one: Asked) -> str:
        edit = self.fields[one.name].edit
        if isinstance(edit, QComboBox):
            return str(edit.currentData() or "")
        text = self.fields[one.name].value().strip()
        return text if one.kind is Kind.TEXT else half_width(text).strip()

    def _read(self, one: Asked, text: str) -> Any:
        if one.kind is Kind.DAY:
            return date.fromisoformat(text)
        if one.kind is Kind.NUMBER:
            return int(text)
        if one.kind is Kind.VALUE:
            value = float(text.removesuffix("%").strip())
            if not 0 <= value <= MOST_MINUTES:
                raise ValueError(text)
            return value
        return text

    def answer(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in self._asked:
            text = self._text(one)
            is_plain = one.kind in (Kind.TEXT, Kind.CHOICE)
            found[one.name] = self._read(one, text) if text else ("" if is_plain else None)
        return found
