"""The form of the hall's rules: each with what it does, its unit, and what it usually is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.setup.values import SETTING_CHOICES, SETTINGS, Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_form import Form, still
from queuedesk.stations.manager.setup.hours_text import clock
from queuedesk.stations.manager.setup.rule_words import GROUPS, choice_word, group_word, rule_text, usual_text
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.words import read_rule
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import FixedSize, Rule, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

FIELD_PX = 190


class RuleRow(QWidget):
    """A rule: name and effect at the left, its field with the unit at the right."""

    def __init__(self, look: Look, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.name = Label(look, px=17, bold=True, wrap=True)
        self.line = ErrorLine(look)
        self.usual = Label(look, px=15, token="ink2", wrap=True)
        self.edit: QLineEdit | DropDown = DropDown(look) if key in SETTING_CHOICES else QLineEdit()
        words = QVBoxLayout()
        spread(look, words, spacing=2)
        words.addWidget(self.name)
        words.addWidget(self.line)
        words.addStretch(1)
        self._field = QWidget()
        right = QVBoxLayout(self._field)
        spread(look, right, spacing=2)
        right.addWidget(self.edit)
        right.addWidget(self.usual)
        right.addStretch(1)
        FixedSize(look, self._field, width=FIELD_PX)
        line = QHBoxLayout(self)
        spread(look, line, (0, 6, 0, 6), 24)
        line.addLayout(words, 1)
        line.addWidget(self._field)

    def retranslate(self) -> None:
        text = rule_text(self.key)
        self.name.setText(text.name)
        self.edit.setAccessibleName(f"{text.name} {text.unit}".strip())
        self.usual.setText(usual_text(SETTINGS[self.key], text.unit))
        if isinstance(self.edit, QComboBox):
            now = self.edit.currentIndex()
            self.edit.blockSignals(True)
            self.edit.clear()
            for choice in SETTING_CHOICES[self.key]:
                self.edit.addItem(choice_word(choice), choice)
            self.edit.setCurrentIndex(max(0, now))
            self.edit.blockSignals(False)

    def show_error(self, error: str) -> None:
        """Say in place of the effect what has to be put right."""
        effect = rule_text(self.key).effect
        self.line.say(error or effect, refused=bool(error))
        self.edit.setAccessibleDescription(error or effect)
        if bool(self.edit.property("refused")) != bool(error):
            self.edit.setProperty("refused", bool(error))
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)


class RulesForm(Form):
    """All rules of the hall, in groups."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._heads: dict[str, Label] = {}
        self.rows: dict[str, RuleRow] = {}
        for group, keys in GROUPS:
            if self._heads:
                self.column.addSpacing(8)
            self._heads[group] = Label(look, px=20, bold=True)
            self.column.addWidget(self._heads[group])
            for at, key in enumerate(keys):
                if at:
                    self.column.addWidget(Rule(look))
                row = self.rows[key] = RuleRow(look, key)
                self.column.addWidget(row)
                if isinstance(row.edit, QComboBox):
                    row.edit.currentIndexChanged.connect(partial(self._choose, key))
                else:
                    row.edit.textEdited.connect(partial(self.edited, key))
        self.column.addStretch(1)
        look.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        for row in self.rows.values():
            row.edit.setFont(self.look.font(17))

    def retranslate(self) -> None:
        for group, head in self._heads.items():
            head.setText(group_word(group))
        for row in self.rows.values():
            row.retranslate()

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        for key, row in self.rows.items():
            row.show_error(problems.get(key, ""))
            if isinstance(row.edit, QLineEdit):
                row.edit.setReadOnly(not may_change)
            else:
                still(row.edit, may_change)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        for key, row in self.rows.items():
            value, edit = draft.row.get(key, SETTINGS[key]), row.edit
            if isinstance(edit, QComboBox):
                edit.blockSignals(True)
                edit.setCurrentIndex(edit.findData(value))
                edit.blockSignals(False)
            elif not (edit.hasFocus() and edit.isModified()) and key not in draft.unread:
                edit.setText(_rule_value(key, value))
                if not edit.hasFocus():
                    edit.setCursorPosition(0)

    def settle(self) -> None:
        for row in self.rows.values():
            if isinstance(row.edit, QLineEdit):
                row.edit.setModified(False)

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        return draft.read(key, text, partial(read_rule, key))

    def _choose(self, key: str, _at: int) -> None:
        edit = self.rows[key].edit
        if self.draft is not None and isinstance(edit, QComboBox):
            self.changed.emit(self.draft.with_value(key, str(edit.currentData())))


def _rule_value(key: str, value: object) -> str:
    if key == "day_end":
        return clock(str(value))
    unit = rule_text(key).unit
    return _("{value} {unit}", value=value, unit=unit) if unit else str(value)
