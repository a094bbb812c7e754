"""Step 5: who works here, as what, and with which PIN if any."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.network.people import STAFF_ROLES
from queuedesk.i18n import _, named, role
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.home.wizard_steps import RowGrid, Step, mark_refused
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.widgets.buttons import IconButton, TextButton
from queuedesk.stations.widgets.panels import FixedSize, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

TEXTS = ("name", "name_en")


class PeopleStep(Step):
    """A row for each person of the preset, to be named after those who really work here."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.grid = RowGrid(look, (4, 4, 0, 0, 0))
        self.edits: dict[str, dict[str, QLineEdit]] = {}
        self.roles: dict[str, QComboBox] = {}
        self.pins: dict[str, QLineEdit] = {}
        self.removes: dict[str, IconButton] = {}
        self.error = ErrorLine(look)
        self.add_button = TextButton(look, "", icon="plus", height=44, px=17)
        self.column.addWidget(self.error)
        self.column.addWidget(self.grid)
        row = QHBoxLayout()
        spread(look, row, (-10, 0, 0, 0))
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self.add_button.clicked.connect(self._add)

    def words(self) -> tuple[str, str, str]:
        line = _("PINs are optional: whoever has one must type it at a station. Without any, names are simply chosen.")
        return _("People and PINs"), _("Who works here?"), line

    def retranslate(self) -> None:
        heads = (_("Name", context="person"), _("English name", context="person"), _("Role", context="field"))
        self.grid.set_heads((*heads, _("PIN", context="field"), ""))
        self.add_button.setText(_("Add a person"))
        for box in self.roles.values():
            now = box.currentIndex()
            box.blockSignals(True)
            for at, one in enumerate(STAFF_ROLES):
                box.setItemText(at, role(str(one)))
            box.setCurrentIndex(now)
            box.blockSignals(False)
        for code in self.edits:
            self._name(code)

    def _name(self, code: str) -> None:
        edits = self.edits[code]
        name = named(edits["name"].text(), edits["name_en"].text()) or code
        labels = (_("Name", context="person"), _("English name", context="person"), _("Role", context="field"))
        widgets = (edits["name"], edits["name_en"], self.roles[code], self.pins[code])
        for widget, label in zip(widgets, (*labels, _("PIN", context="field")), strict=True):
            widget.setAccessibleName(f"{label} · {name}")
        self.removes[code].setAccessibleName(_("Remove {name}", name=name))

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        rows = draft.rows("staff")
        if [str(row["code"]) for row in rows] != list(self.edits):
            self._build(draft)
        for row in rows:
            code = str(row["code"])
            wrong = {key: problems.get(f"staff.{code}.{key}", "") for key in (*TEXTS, "pin")}
            for key, edit in (*self.edits[code].items(), ("pin", self.pins[code])):
                text = draft.pins.get(code, "") if key == "pin" else str(row.get(key) or "")
                if not (edit.hasFocus() and edit.isModified()) and edit.text() != text:
                    edit.setText(text)
                    edit.setCursorPosition(0)
                mark_refused(edit, wrong[key])
            box = self.roles[code]
            box.blockSignals(True)
            box.setCurrentIndex(box.findData(str(row["role"])))
            box.blockSignals(False)
            self.grid.show_error(code, next((text for text in wrong.values() if text), ""))
            self._name(code)
        self._show_note(draft, problems)

    def _show_note(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        admins = [str(row["code"]) for row in draft.rows("staff") if row["role"] == "admin"]
        refusal = problems.get("staff", "")
        open_admin = bool(draft.pins) and not any(code in draft.pins for code in admins)
        hint = _("No admin has a PIN yet: anybody could change the set-up.") if open_admin else ""
        self.error.say(refusal or hint, refused=bool(refusal))
        self.error.setVisible(bool(refusal or hint))

    def first_field(self) -> QWidget | None:
        return next((edits["name"] for edits in self.edits.values()), None)

    def _build(self, draft: HallDraft) -> None:
        self.grid.clear()
        self.edits, self.roles, self.pins, self.removes = {}, {}, {}, {}
        for row in draft.rows("staff"):
            code = str(row["code"])
            self.edits[code] = {key: QLineEdit() for key in TEXTS}
            for key, edit in self.edits[code].items():
                edit.textEdited.connect(partial(self._edit, code, key))
            box = DropDown(self.look)
            for one in STAFF_ROLES:
                box.addItem(role(str(one)), str(one))
            FixedSize(self.look, box, width=150)
            box.currentIndexChanged.connect(partial(self._choose, code))
            pin = QLineEdit()
            pin.setEchoMode(QLineEdit.EchoMode.Password)
            FixedSize(self.look, pin, width=120)
            pin.textEdited.connect(partial(self._set_pin, code))
            remove = IconButton(self.look, "remove", "")
            remove.clicked.connect(partial(self._remove, code))
            self.roles[code], self.pins[code], self.removes[code] = box, pin, remove
            self.grid.add_row(code, (*self.edits[code].values(), box, pin, remove))

    def _edit(self, code: str, key: str, text: str) -> None:
        if self.draft is not None:
            self._give(self.draft.with_row("staff", code, **{key: text.strip()}))

    def _choose(self, code: str, _at: int) -> None:
        if self.draft is not None:
            self._give(self.draft.with_row("staff", code, role=str(self.roles[code].currentData())))

    def _set_pin(self, code: str, text: str) -> None:
        if self.draft is not None:
            self._give(self.draft.with_pin(code, text.strip()))

    def _add(self) -> None:
        if self.draft is not None:
            self._give(self.draft.added("staff"))
            self.edits[list(self.edits)[-1]]["name"].setFocus()

    def _remove(self, code: str) -> None:
        if self.draft is not None:
            self._give(self.draft.without("staff", code))
