"""Step 2: what the hall is called, when it is open, what it calls its windows and tickets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from zoneinfo import available_timezones

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.setup.values import WORDS
from queuedesk.i18n import _
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.home.step import Step
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_form import Toggles
from queuedesk.stations.manager.setup.hours_text import clock
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.hall_words import ticket_word, window_word
from queuedesk.stations.window.style import Look

ROWS = (("name", "name_en"), ("phone", "timezone"), ("opens", "closes"))


class HallStep(Step):
    """Fields of the hall itself."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.zone = DropDown(look)
        self.zone.addItems(sorted(available_timezones()))
        self.zone.setMaxVisibleItems(12)
        self.zone.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.zone.setMinimumContentsLength(8)
        self.fields = {key: FormField(look, "") for row in ROWS for key in row if key != "timezone"}
        self.fields["timezone"] = FormField(look, "", edit=self.zone)
        for keys in ROWS:
            row = QHBoxLayout()
            spread(look, row, spacing=16)
            for key in keys:
                row.addWidget(self.fields[key], 1)
                self.fields[key].edited.connect(partial(self._edit, key))
            self.column.addLayout(row)
        words = QHBoxLayout()
        spread(look, words, spacing=32)
        self._words: dict[str, Toggles] = {}
        for what, stretch in (("window", 2), ("ticket", 1)):
            place = QVBoxLayout()
            spread(look, place, spacing=6)
            words.addLayout(place, stretch)
            self._words[what] = Toggles(look, place, one=True)
            self._words[what].pressed.connect(partial(self._call, what))
        self.column.addLayout(words)
        self.column.addStretch(1)

    def words(self) -> tuple[str, str, str]:
        return (
            _("Name and hours"),
            _("What is the hall called?"),
            _("Shown on displays, tickets and reports. Everything here can be changed later."),
        )

    def retranslate(self) -> None:
        labels = {
            "name": (_("Name", context="field"), ""),
            "name_en": (_("English name", context="field"), ""),
            "phone": (_("Phone", context="field"), _("printed on the ticket")),
            "timezone": (_("Time zone", context="field"), _("that of this computer")),
            "opens": (_("Opening time", context="field"), _("such as 8:30")),
            "closes": (_("Closing time", context="field"), _("hours of the services follow")),
        }
        for key, (label, hint) in labels.items():
            self.fields[key].set_label(label)
            self.fields[key].set_hint(hint)
        self._words["window"].say(_("What the hall calls a window"))
        self._words["ticket"].say(_("What the hall calls a ticket"))
        if self.draft is not None:
            self._show_words(self.draft)

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        hall = draft.hall
        for key, field in self.fields.items():
            field.set_error(problems.get(f"hall.{key}", ""))
            edit = field.edit
            if isinstance(edit, QLineEdit) and not (edit.hasFocus() and edit.isModified()):
                text = str(hall.get(key) or "")
                field.set_value(clock(text) if key in ("opens", "closes") else text)
                if not edit.hasFocus():
                    edit.setCursorPosition(0)
        zone = str(hall.get("timezone") or "Asia/Shanghai")
        self.zone.blockSignals(True)
        if self.zone.findText(zone) < 0:
            self.zone.insertItem(0, zone)
        self.zone.setCurrentText(zone)
        self.zone.blockSignals(False)
        self._show_words(draft)

    def first_field(self) -> QWidget:
        return self.fields["name"].edit

    def _show_words(self, draft: HallDraft) -> None:
        chosen = draft.hall.get("words") or {}
        for what, word_of in (("window", window_word), ("ticket", ticket_word)):
            choices = {word: word_of(word) for word in WORDS[what]}
            self._words[what].set_choices(choices, [chosen.get(what) or WORDS[what][0]], may_change=True)

    def _edit(self, key: str, text: str) -> None:
        if self.draft is not None:
            self._give(self.draft.with_hall(**{key: text.replace("：", ":").strip()}))

    def _call(self, what: str, word: str, _on: bool) -> None:
        if self.draft is not None:
            self._give(self.draft.with_hall(words={**(self.draft.hall.get("words") or {}), what: word}))
