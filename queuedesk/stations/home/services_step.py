"""Step 3: which services the hall has, their letters, names and hours."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from queuedesk.i18n import _, named
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.home.step import RowGrid, Step, mark_refused
from queuedesk.stations.manager.setup.hours_text import hours_text
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.panels import FixedSize, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

KEYS = ("prefix", "name", "name_en", "hours")


class ServicesStep(Step):
    """A row for each service of the preset, ticked; more can be added."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.grid = RowGrid(look, (0, 0, 3, 4, 5))
        self.ticks: dict[str, TickBox] = {}
        self.edits: dict[str, dict[str, QLineEdit]] = {}
        self.error = ErrorLine(look)
        self.add_button = TextButton(look, "", icon="plus", height=44, px=17)
        self.column.addWidget(self.grid)
        row = QHBoxLayout()
        spread(look, row, (-10, 0, 0, 0))
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.error)
        self.column.addStretch(1)
        self.add_button.clicked.connect(self._add)
        self.any_hour = False

    def words(self) -> tuple[str, str, str]:
        line = _(
            "Tick what the hall does. The letter starts the ticket's number; items and papers come with each service."
        )
        return _("Services"), _("What do people come for?"), line

    def retranslate(self) -> None:
        heads = ("", _("Letter", context="field"), _("Name", context="field"), _("English name", context="field"))
        self.grid.set_heads((*heads, _("Ticket hours", context="field")))
        self.add_button.setText(_("Add another service"))
        for code in self.ticks:
            self._name(code)

    def _name(self, code: str) -> None:
        edits = self.edits[code]
        name = named(edits["name"].text(), edits["name_en"].text()) or code
        self.ticks[code].setAccessibleName(_("{service} is done here", service=name))
        labels = (_("Letter", context="field"), _("Name", context="field"), _("English name", context="field"))
        for key, label in zip(KEYS, (*labels, _("Ticket hours", context="field")), strict=True):
            edits[key].setAccessibleName(f"{label} · {name}")

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        rows = draft.rows("services")
        if [str(row["code"]) for row in rows] != list(self.ticks):
            self._build(draft)
        for row in rows:
            code = str(row["code"])
            on = code not in draft.off
            self.ticks[code].setChecked(on)
            hours = draft.unread.get(code, hours_text(row.get("hours")))
            texts = {**{key: str(row.get(key) or "") for key in KEYS}, "hours": hours}
            if self.any_hour:
                texts["hours"] = _("any hour (try-out)")
            wrong = {key: problems.get(f"services.{code}.{key}", "") for key in KEYS}
            for key, edit in self.edits[code].items():
                if not (edit.hasFocus() and edit.isModified()) and edit.text() != texts[key]:
                    edit.setText(texts[key])
                    edit.setCursorPosition(0)
                edit.setEnabled(on and not (key == "hours" and self.any_hour))
                mark_refused(edit, wrong[key])
            self.grid.show_error(code, next((text for text in wrong.values() if text), ""))
            self._name(code)
        self.error.say(problems.get("services", ""), refused="services" in problems)
        self.error.setVisible("services" in problems)

    def first_field(self) -> QWidget | None:
        return next((edits["name"] for edits in self.edits.values()), None)

    def _build(self, draft: HallDraft) -> None:
        self.grid.clear()
        self.ticks, self.edits = {}, {}
        for row in draft.rows("services"):
            code = str(row["code"])
            tick = TickBox(self.look, "")
            FixedSize(self.look, tick, width=34)
            tick.clicked.connect(partial(self._tick, code))
            edits = {key: QLineEdit() for key in KEYS}
            FixedSize(self.look, edits["prefix"], width=72)
            edits["prefix"].setMaxLength(3)
            for key, edit in edits.items():
                edit.textEdited.connect(partial(self._edit, code, key))
            self.ticks[code], self.edits[code] = tick, edits
            self.grid.add_row(code, (tick, *edits.values()))

    def _tick(self, code: str) -> None:
        if self.draft is not None:
            self._give(self.draft.with_service(code, self.ticks[code].isChecked()))

    def _edit(self, code: str, key: str, text: str) -> None:
        if self.draft is None:
            return
        if key == "hours":
            self._give(self.draft.with_hours(code, text))
        elif key == "prefix":
            self._give(self.draft.with_prefix(code, text.strip().upper()))
        else:
            self._give(self.draft.with_row("services", code, **{key: text.strip()}))

    def _add(self) -> None:
        if self.draft is not None:
            self._give(self.draft.added("services"))
            self.edits[list(self.edits)[-1]]["name"].setFocus()
