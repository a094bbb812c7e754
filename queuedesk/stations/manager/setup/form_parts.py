"""What the set-up's forms are made of: fields by key, toggles by code, all of them to be looked at only where
needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.setup.values import Setup
from queuedesk.stations.manager.parts.text_area import TextArea
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.widgets.even_grid import EvenGrid
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.forms import ErrorLine, FormField
from queuedesk.stations.window.style import Look


class Form(GroundArea):
    """A form for one kind of row. `changed` gives the draft as it stands after what was just typed or pressed."""

    changed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        inner = QWidget()
        super().__init__(inner, parent=parent)
        self.look = look
        self.fields: dict[str, FormField] = {}
        self.draft: Draft | None = None
        self.may_change = True
        self.column = QVBoxLayout(inner)
        spread(look, self.column, (32, 0, 32, 12), 6)

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        """Show a draft and what is wrong with it; who may not change it sees the same without being able to."""
        self.draft, self.may_change = draft, may_change
        self.show_row(setup, draft)
        for key, field in self.fields.items():
            field.set_error(problems.get(key, ""))
            if isinstance(field.edit, (QLineEdit, TextArea)):
                field.edit.setReadOnly(not may_change)
            else:
                still(field.edit, may_change)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        """Fill the fields; a field that the person is typing in keeps what was typed."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Set every label anew."""
        raise NotImplementedError

    def add_row(self, *keys: str, stretches: Sequence[int] = ()) -> None:
        """Put new fields side by side."""
        row = QHBoxLayout()
        spread(self.look, row, spacing=16)
        for at, key in enumerate(keys):
            field = self.fields.setdefault(key, FormField(self.look, ""))
            field.edited.connect(partial(self.edited, key))
            row.addWidget(field, stretches[at] if stretches else 1)
        self.column.addLayout(row)

    def add_areas(self, *keys: str, rows: int = 3) -> None:
        """Put new fields of several lines side by side."""
        for key in keys:
            area = TextArea(self.look, rows)
            self.fields[key] = FormField(self.look, "", edit=area)
            area.typed.connect(partial(self.edited, key))
        line = QHBoxLayout()
        spread(self.look, line, spacing=16)
        for key in keys:
            line.addWidget(self.fields[key], 1)
        self.column.addLayout(line)

    def put(self, key: str, text: str) -> None:
        """Show a value in a field, unless somebody is typing in it."""
        edit = self.fields[key].edit
        if isinstance(edit, TextArea):
            edit.put(text)
        elif not (edit.hasFocus() and isinstance(edit, QLineEdit) and edit.isModified()):
            self.fields[key].set_value(text)
            if isinstance(edit, QLineEdit) and not edit.hasFocus():
                edit.setCursorPosition(0)

    def edited(self, key: str, text: str) -> None:
        """Take what was typed in a field."""
        if self.draft is not None:
            self.changed.emit(self.take(self.draft, key, text))

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        """Return the draft with a typed text."""
        return draft.with_value(key, text.strip())

    def settle(self) -> None:
        """Let every field show its value again, also where somebody typed: the row is another one, or saved."""
        for field in self.fields.values():
            if isinstance(field.edit, QLineEdit):
                field.edit.setModified(False)
            elif isinstance(field.edit, TextArea):
                field.edit.document().setModified(False)


class Choice(ToggleChoice):
    """A choice that always has room for its tick beside the word."""

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(least.width() + self._mark(), least.height())


class Toggles(QObject):
    """Choices in a row under a title: windows of a service, services of a window, skills, roles."""

    pressed = Signal(str, bool)

    def __init__(self, look: Look, layout: QLayout, *, one: bool = False) -> None:
        super().__init__(layout)
        self._look, self._one, self._may_change = look, one, True
        self.title = Label(look, px=15, bold=True)
        self.line = ErrorLine(look)
        self.row = EvenGrid(look, gap=8, share_last=False)
        self.choices: dict[str, Choice] = {}
        for widget in (self.title, self.row, self.line):
            layout.addWidget(widget)

    def set_choices(self, words: Mapping[str, str], on: Iterable[str], *, may_change: bool) -> None:
        """Show these choices by code, some of them on."""
        if list(words) != list(self.choices):
            for old in self.choices.values():
                old.hide()
                old.deleteLater()
            self.choices = {code: Choice(self._look, word, height=46, px=17) for code, word in words.items()}
            for code, choice in self.choices.items():
                choice.clicked.connect(partial(self._press, code))
            self.row.set_widgets(list(self.choices.values()))
        self._may_change = may_change
        wanted = set(on)
        for code, choice in self.choices.items():
            if choice.text() != words[code]:
                choice.setText(words[code])
            choice.setChecked(code in wanted)
            still(choice, may_change)

    def say(self, title: str, hint: str = "", error: str = "") -> None:
        self.title.setText(title)
        self.line.say(error or hint, refused=bool(error))
        self.line.setVisible(bool(error or hint))

    def _press(self, code: str) -> None:
        choice = self.choices[code]
        if not self._may_change:
            choice.setChecked(not choice.isChecked())
            return
        if self._one:
            choice.setChecked(True)
        self.pressed.emit(code, choice.isChecked())


def still(widget: QWidget, may_change: bool) -> None:
    """Let a control be looked at only: it keeps its looks, but no press and no key reaches it."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not may_change)
    policy = Qt.FocusPolicy.StrongFocus if isinstance(widget, QComboBox) else Qt.FocusPolicy.TabFocus
    widget.setFocusPolicy(policy if may_change else Qt.FocusPolicy.NoFocus)
