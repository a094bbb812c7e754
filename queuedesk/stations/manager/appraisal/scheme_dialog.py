"""The scheme of the person's sheets, changed by an admin: what each item weighs, from what to what it earns points."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from queuedesk.core.appraisal.scheme import ITEMS, WHOLE, Scheme, scheme_row
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.setup.field_kinds import fields_of
from queuedesk.i18n import _, say
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.window.style import Look

DEPOSIT = ("deposit", "deposit_full")
ROWS = [("satisfaction", "handling"), ("order", "cases", "shifts"), DEPOSIT]


class SchemeDialog(FieldsDialog):
    """`wanted` gives the changed keys of the scheme. It can't be saved until the weights are the whole."""

    def __init__(self, host: QWidget, look: Look, scheme: Scheme) -> None:
        effect = _(
            "Each item is weight / from / full, such as 40 / 90 / 98: 40 % of the whole, nothing at 90, all of it at 98. What you save applies from this month on; past months keep theirs."
        )
        super().__init__(host, look, title=_("Scheme of the sheets"), effect=effect, width=760)
        self.lay_declared(Scheme, ROWS, {}, removable=False)
        self._known = scheme_row(scheme)
        for key, field in self.fields.items():
            value = self._known[key]
            field.set_value(" / ".join(str(part) for part in value.values()) if key in ITEMS else str(value))
            field.edited.connect(self._show_left)
        self.trouble.show()
        self._show_left()

    def _show_left(self, _text: str = "") -> None:
        """Say what of the weights is still to give, and hold the save until nothing is."""
        try:
            left = WHOLE - sum(int(self._weight(key)["weight"]) for key in ITEMS)
        except RuleError:
            return  # The field says so once it is saved.
        self.yes_button.setEnabled(left == 0)
        text = _("The weights add up to 100 %.") if not left else say(RuleError("weights_left", left=left))
        self.trouble.say(text, refused=bool(left))
        self.trouble.show()

    def _weight(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = fields_of(Scheme)[key].kind.typed(key, self.fields[key].value())
        return found

    def typed(self) -> dict[str, Any] | None:
        """Return what was changed, or None after showing the mistake at its field."""
        found = self.read_declared(Scheme, (*ITEMS, *DEPOSIT))
        if found is None:
            return None
        return {key: value for key, value in found.items() if value != self._known[key]}

    def meant(self, trouble: QueueDeskError) -> str:
        field = str(trouble.details.get("field", "")) if isinstance(trouble, RuleError) else ""
        return field.removeprefix("scheme.").partition(".")[0]

    def first_field(self) -> QWidget:
        return self.fields[ITEMS[0]].edit
