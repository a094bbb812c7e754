"""A row of a table over the page: its fields, what is wrong with them, and the buttons to save it, to leave it and to
take it away."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.setup.field_kinds import TIME, Around, fields_of
from queuedesk.core.wording import Wording
from queuedesk.i18n import _, said, say
from queuedesk.stations.manager.setup_frame.words import read_time
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import ErrorLine, FormField
from queuedesk.stations.window.style import Look


class FieldsDialog(Dialog):
    """A dialog of fields. `wanted` gives what `typed` returns, `removal_wanted` says that the row is to be removed. It
    stays open until it is left or closed, or until `finished` says that it is `done`."""

    wanted = Signal(object)
    removal_wanted = Signal()
    done = Signal()

    def __init__(self, host: QWidget, look: Look, *, title: str, effect: str = "", width: float = 760) -> None:
        super().__init__(host, look, title=title, effect=effect, width=width)
        self.fields: dict[str, FormField] = {}
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.remove_button = TextButton(self.look, _("Remove it"), height=56, px=17)
        self.remove_button.clicked.connect(self._remove)
        self.buttons.insertWidget(0, self.remove_button)
        self.put_answers(_("Do not save"), _("Save", context="dialog"), self._do)

    def say_answers(self, no: str, yes: str) -> None:
        """Put other words on the buttons that leave and that save."""
        self.no_button.setText(no)
        self.yes_button.setText(yes)

    def finished(self) -> None:
        """Close it: what was asked for is done."""
        self.close_dialog()
        self.done.emit()

    def lay(
        self,
        fields: Mapping[str, FormField],
        rows: Sequence[Sequence[str]],
        shares: Mapping[str, int] | None = None,
        *,
        removable: bool,
    ) -> None:
        """Place the fields in rows, equally wide except for `shares`; fields in no row are kept but not shown."""
        self.fields = dict(fields)
        for names in rows:
            line = QHBoxLayout()
            spread(self.look, line, spacing=16)
            for name in names:
                line.addWidget(fields[name], (shares or {}).get(name, 1))
            self.body.addLayout(line)
        for name, field in fields.items():
            field.edited.connect(self._edited)
            if not any(name in names for names in rows):
                field.setParent(self.sheet)
                field.hide()
        self.body.addWidget(self.trouble)
        self.remove_button.setVisible(removable)

    def lay_declared(
        self, row: type, rows: Sequence[Sequence[str]], edits: Mapping[str, QWidget], *, removable: bool
    ) -> None:
        """Place fields that a row of the set-up declares, with their words; `edits` are custom controls."""
        declared = fields_of(row)
        fields = {
            key: FormField(
                self.look, said(declared[key].title), hint=said(Wording(declared[key].hint)), edit=edits.get(key)
            )
            for keys in rows
            for key in keys
        }
        self.lay(fields, rows, removable=removable)

    def read_declared(self, row: type, keys: Sequence[str]) -> dict[str, Any] | None:
        """Return what was typed in fields that a row of the set-up declares, None after saying at each what does not
        fit."""
        found: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for key in keys:
            kind, text = fields_of(row)[key].kind, self.fields[key].value()
            try:
                found[key] = read_time(key, text)[key] or "" if kind.form == TIME else kind.typed(key, text)
                kind.check(key, found[key], Around(found))
            except RuleError as refusal:
                wrong[key] = say(refusal)
        self.say_wrong(wrong)
        return None if wrong else found

    @abstractmethod
    def typed(self) -> object:
        """Return what was typed, or None after showing the mistake at its field."""

    def meant(self, trouble: QueueDeskError) -> str:
        """Return the field at which a refusal is shown, "" if it is shown below all of them."""
        return str(trouble.details.get("field", "")) if isinstance(trouble, RuleError) else ""

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Show at the right field why it was refused."""
        field = self.fields.get(self.meant(trouble))
        if field is not None and field.has_line and field.isVisible():
            field.set_error(say(trouble))
        else:
            self.trouble.refuse(say(trouble))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            if self.yes_button.isEnabled() and not self.yes_button.isHidden():
                self._do()
        else:
            super().keyPressEvent(event)

    def first_focus(self) -> QWidget:
        edit = self.first_field()
        if isinstance(edit, QLineEdit):
            edit.selectAll()
        return edit

    @abstractmethod
    def first_field(self) -> QWidget:
        """Return the widget that gets the focus when the dialog opens; the text of a line is selected."""

    def say_wrong(self, wrong: Mapping[str, str]) -> None:
        """Show at each field what is wrong there."""
        for name, text in wrong.items():
            self.fields[name].set_error(text)

    def _edited(self) -> None:
        for field in self.fields.values():
            field.set_error("")
        self.trouble.hide()

    def _do(self) -> None:
        found = self.typed()
        if found is not None:
            self.wanted.emit(found)

    def _remove(self) -> None:
        self.removal_wanted.emit()
