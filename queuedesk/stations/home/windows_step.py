"""Step 4: how many windows there are, and which services each of them does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.i18n import _, named
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.home.step import RowGrid, Step
from queuedesk.stations.manager.setup.fields_form import Choice, still
from queuedesk.stations.widgets.buttons import IconButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import EvenGrid, spread
from queuedesk.stations.window.style import Look


class WindowsStep(Step):
    """A row for each window with a choice for each service."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.grid = RowGrid(look, (0, 1, 0))
        self.choices: dict[str, dict[str, Choice]] = {}
        self.removes: dict[str, IconButton] = {}
        self._names: dict[str, Label] = {}
        self._shown: tuple[object, ...] = ()
        self.add_button = TextButton(look, "", icon="plus", height=44, px=17)
        self.column.addWidget(self.grid)
        row = QHBoxLayout()
        spread(look, row, (-10, 0, 0, 0))
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self.add_button.clicked.connect(self._add)

    def words(self) -> tuple[str, str, str]:
        return (
            _("Windows", context="set-up"),
            _("Which window does what?"),
            _(
                "A ticket is called by any window that does its service. Two windows for each service keep the line moving."
            ),
        )

    def retranslate(self) -> None:
        self.add_button.setText(_("Add a window"))
        self.grid.set_heads(("", "", ""))
        self._shown = ()

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        kept = [row for row in draft.rows("services") if row["code"] not in draft.off]
        services = {str(row["code"]): f"{row['prefix']} {_name(row)}" for row in kept}
        windows = [str(row["code"]) for row in draft.rows("windows")]
        shown = (tuple(windows), tuple(services.items()))
        if shown != self._shown:
            self._build(windows, services)
            self._shown = shown
        for row in draft.rows("windows"):
            code = str(row["code"])
            serves = {one for one in row.get("services") or () if one in services}
            for service, choice in self.choices[code].items():
                choice.setChecked(service in serves)
            note = "" if serves else _("No service yet: this window calls nobody.")
            self.grid.show_error(code, problems.get(f"windows.{code}.services", note))
            self.removes[code].setVisible(len(windows) > 1)

    def first_field(self) -> QWidget | None:
        return next((one for choices in self.choices.values() for one in choices.values()), None)

    def _build(self, windows: list[str], services: Mapping[str, str]) -> None:
        self.grid.clear()
        self.choices, self.removes, self._names = {}, {}, {}
        for code in windows:
            name = Label(self.look, _("Window {window}", window=code), px=17, bold=True, elide=False)
            row = EvenGrid(self.look, gap=8, share_last=False)
            self.choices[code] = {}
            for service, word in services.items():
                choice = Choice(self.look, word, height=44, px=16)
                choice.setAccessibleName(_("Window {window} does {service}", window=code, service=word))
                choice.clicked.connect(partial(self._press, code, service))
                still(choice, True)
                self.choices[code][service] = choice
            row.set_widgets(list(self.choices[code].values()))
            remove = IconButton(self.look, "remove", _("Remove window {window}", window=code))
            remove.clicked.connect(partial(self._remove, code))
            self.removes[code], self._names[code] = remove, name
            self.grid.add_row(code, (name, row, remove))

    def _press(self, window: str, service: str) -> None:
        if self.draft is not None:
            self._give(self.draft.serving(window, service, self.choices[window][service].isChecked()))

    def _add(self) -> None:
        if self.draft is not None:
            self._give(self.draft.added("windows"))

    def _remove(self, code: str) -> None:
        if self.draft is not None:
            self._give(self.draft.without("windows", code))


def _name(row: Mapping[str, object]) -> str:
    return named(str(row.get("name") or ""), str(row.get("name_en") or ""))
