"""A hall beside this one, asked for over the page: its kind, its code, its name."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.presets import PRESETS
from queuedesk.i18n import _, said
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look


@dataclass(frozen=True, slots=True)
class WantedHall:
    preset: str
    code: str
    name: str


class HallDialog(FieldsDialog):
    """`wanted` gives a WantedHall."""

    def __init__(self, host: QWidget, look: Look) -> None:
        super().__init__(
            host,
            look,
            title=_("A hall beside this one"),
            effect=_("It begins with the services, windows and people of its kind; change them at a PC that joins it."),
            width=700,
        )
        self.preset = DropDown(self.look)
        for preset, title in PRESETS.items():
            self.preset.addItem(said(title), preset)
        fields = {
            "name": FormField(self.look, _("Name", context="field")),
            "code": FormField(self.look, _("Code", context="hall"), hint=_("short, such as HB2; on reports and files")),
            "preset": FormField(self.look, _("Kind of hall"), edit=self.preset),
        }
        self.lay(fields, [("name",), ("code", "preset")], removable=False)

    def first_field(self) -> QWidget:
        return self.fields["name"].edit

    def typed(self) -> WantedHall | None:
        name, code = (self.fields[key].value().strip() for key in ("name", "code"))
        wrong = {key: _("Please fill this in.") for key, text in (("name", name), ("code", code)) if not text}
        if wrong:
            self.say_wrong(wrong)
            return None
        return WantedHall(str(self.preset.currentData()), code, name)
