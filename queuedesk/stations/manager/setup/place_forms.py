"""The forms of a window and of a person."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.network.people import STAFF_ROLES
from queuedesk.core.setup.fields import BASICS
from queuedesk.core.setup.values import ARROWS, Setup, StaffMember, WindowSpec
from queuedesk.i18n import _, role
from queuedesk.i18n.names import lettered
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_form import FieldsForm, one_of, several_of
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import arrow_word
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look


class WindowForm(FieldsForm):
    """Number, way, zone in both languages, the services that the window may serve."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, WindowSpec, parent=parent)
        self.arrow = DropDown(look)
        self.fields["arrow"] = FormField(look, "", edit=self.arrow)
        self.add_row("code", "arrow")
        self.lay(BASICS)
        self.services = self.add_choices("services", several_of(_lettered))
        self.column.addStretch(1)

    def retranslate(self) -> None:
        super().retranslate()
        now = self.arrow.currentIndex()
        self.arrow.blockSignals(True)
        self.arrow.clear()
        for arrow in ARROWS:
            self.arrow.addItem(arrow_word(arrow), arrow)
        self.arrow.setCurrentIndex(max(0, now))
        self.arrow.blockSignals(False)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        self.arrow.blockSignals(True)
        self.arrow.setCurrentIndex(ARROWS.index(draft.row.get("arrow") or ""))
        self.arrow.blockSignals(False)

    def choice_hint(self, key: str, draft: Draft) -> str:
        return "" if draft.row.get(key) else _("No service yet: this window calls nobody.")

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        code = self.fields["code"].edit
        if isinstance(code, QLineEdit):
            # The number names the window in the log: only a new one may be given.
            code.setEnabled(draft.new)

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        if key == "arrow":
            return draft.with_value("arrow", str(self.arrow.currentData() or ""))
        return super().take(draft, key, text)


class StaffForm(FieldsForm):
    """Names, role, skills, PIN. `pin_removal_wanted` when the PIN is to go."""

    pin_removal_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, StaffMember, parent=parent)
        self._has_pin: bool | None = None
        self.add_row("name", "name_en")
        self.roles = self.add_choices("role", one_of(lambda _setup: {str(one): role(str(one)) for one in STAFF_ROLES}))
        self.skills = self.add_choices("skills", several_of(_lettered))
        pin = QLineEdit()
        pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.fields["pin"] = FormField(look, "", edit=pin)
        self.add_row("pin")
        self.remove_pin = SecondaryButton(look, "", icon="remove", height=46)
        row = QHBoxLayout()
        spread(look, row, spacing=12)
        row.addWidget(self.remove_pin)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self.remove_pin.clicked.connect(self.pin_removal_wanted)

    def retranslate(self) -> None:
        super().retranslate()
        self.remove_pin.setText(_("Remove the PIN"))
        self._show_pin()

    def set_has_pin(self, has: bool | None) -> None:
        """Show whether the person has a PIN; None while it is not known."""
        self._has_pin = has
        self._show_pin()

    def _show_pin(self) -> None:
        has = self._has_pin
        self.fields["pin"].set_label(_("New PIN") if has else _("PIN", context="field"))
        state = _("A PIN is set. Type a new one to replace it.") if has else _("No PIN: anybody can choose this name.")
        self.fields["pin"].set_hint(state if has is not None else "")
        self.remove_pin.setVisible(bool(has) and self.may_change)
        self.fields["pin"].edit.setVisible(self.may_change)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        self.put("pin", draft.pin)
        self._show_pin()

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        is_clerk = draft.row["role"] == "clerk"
        for widget in (self.skills.title, self.skills.row):
            widget.setVisible(is_clerk)
        self.skills.line.setVisible(is_clerk and bool(self.choice_hint("skills", draft)))

    def choice_hint(self, key: str, draft: Draft) -> str:
        if key == "role":
            return _role_hint(str(draft.row["role"]))
        return "" if draft.row.get(key) else _("None chosen means every service.")

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        return draft.with_pin(text.strip()) if key == "pin" else super().take(draft, key, text)


def _lettered(setup: Setup) -> dict[str, str]:
    """Return the hall's services by code, each with its letter."""
    return {code: lettered(setup, code) for code in setup.services}


def _role_hint(code: str) -> str:
    return {
        "guide": _("Issues and moves tickets at the front desk; calls nobody."),
        "clerk": _("Serves at the own window."),
        "manager": _("Does what guide and clerk may, and sees everything of the hall."),
        "admin": _("Also changes the set-up and people."),
    }[code]
