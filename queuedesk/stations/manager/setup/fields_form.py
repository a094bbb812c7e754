"""What the set-up's forms are made of: fields of a row by key as it declares them, choices, switches, a card that
shows at once what comes of them, and a row's dialog over the page."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.features import Wording
from queuedesk.core.setup import field_kinds
from queuedesk.core.setup.hall import LANGUAGES
from queuedesk.core.setup.rows import Setup, field_and_choice_languages
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.i18n import _, error_sentence, n_, wording_in_current_language
from queuedesk.i18n.names import service_letter_and_name
from queuedesk.stations.manager.parts.inputs import HeightGrowingTextEdit, TextArea
from queuedesk.stations.manager.setup.hours_text import hours_text
from queuedesk.stations.manager.setup_frame import draft as drafts
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.lists.tiles import TickBox, ToggleChoice
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField
from queuedesk.stations.window.frame import language_own_name
from queuedesk.stations.window.style import PAGE, Look

BESIDE_FROM, PREVIEW = 880, 372
EDGE = 24


class FormTabButton(ToggleChoice):
    """A tab: the chosen one has a thick edge and a bold word; a tick would mean that something is switched on."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, on = Painter(self, self.look), self.isChecked()
        self.paint_background(painter)
        font = self.look.font(16, bold=on)
        middle = Qt.AlignmentFlag.AlignHCenter
        painter.draw_words_and_give_end_x(self.text(), font, "on_soft" if on else "ink", QRectF(self.rect()), middle)


class FormTabs(panels.EqualCellGrid):
    """The tabs of a form, by key. `picked` gives the tab pressed."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, gap=6, parent=parent)
        self.tabs: dict[str, FormTabButton] = {}
        self._words: Mapping[str, str] = {}

    def set_tabs(self, words: Mapping[str, str], chosen: str) -> None:
        """Show tabs with these words by key; there may be none."""
        if list(words) != list(self.tabs):
            panels.remove_and_delete_widgets(self.tabs.values())
            self.tabs = {tab: FormTabButton(self.look, "", height=38, px=16) for tab in words}
            for tab, choice in self.tabs.items():
                choice.setObjectName(tab)
                choice.setAutoExclusive(True)
                choice.clicked.connect(self._emit_picked_tab)
            self.set_widgets(list(self.tabs.values()))
        self._words = words
        self.mark_problem_tabs({})
        if chosen in self.tabs:
            self.tabs[chosen].setChecked(True)

    def current_tab_key(self) -> str:
        return next((tab for tab, choice in self.tabs.items() if choice.isChecked()), field_kinds.BASICS)

    def mark_problem_tabs(self, wrong: Mapping[str, int]) -> None:
        """Say how many fields are to be fixed behind each tab."""
        for tab, choice in self.tabs.items():
            n = wrong.get(tab, 0)
            choice.setText(f"{self._words[tab]} · {n}" if n else self._words[tab])
            choice.setAccessibleDescription(n_("{n} thing to fix", "{n} things to fix", n) if n else "")
        self.measure_again()

    def _emit_picked_tab(self) -> None:
        self.picked.emit(self.current_tab_key())


class SetUpRowForm(panels.VerticalScrollArea):
    """A form for one kind of row. `changed` gives the draft after each change."""

    changed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        inner = QWidget()
        super().__init__(inner, parent=parent)
        self.look = look
        self.fields: dict[str, FormField] = {}
        self.languages: Sequence[str] = LANGUAGES
        self._lines: list[tuple[QHBoxLayout, Sequence[str]]] = []
        self.draft: drafts.SetUpRowDraft | None = None
        self.may_change = True
        self.column = QVBoxLayout(inner)
        panels.set_scaled_margins(look, self.column, (PAGE, 0, 20, 12), 6)

    def show_draft(
        self, setup: Setup, draft: drafts.SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool
    ) -> None:
        """Show a draft and its problems; people who may not change it see it read-only."""
        self.draft, self.may_change = draft, may_change
        self.show_row(setup, draft)
        for key, field in self.fields.items():
            field.set_error(problems.get(key, ""))
            if isinstance(field.edit, (QLineEdit, TextArea)):
                field.edit.setReadOnly(not may_change)
            else:
                set_control_changeable(field.edit, may_change)

    @abstractmethod
    def show_row(self, setup: Setup, draft: drafts.SetUpRowDraft) -> None:
        """Fill the fields; a field in which somebody is typing keeps its text."""

    def label_fields(self) -> None:
        """Name the fields in the hall's languages."""

    def add_heading(self, text: str) -> None:
        if self.column.count():
            self.column.addSpacing(12)
        self.column.addWidget(panels.Label(self.look, text, px=20, bold=True))

    def add_row(self, *keys: str, stretches: Sequence[int] = ()) -> None:
        """Put new fields side by side."""
        for key in keys:
            field = self.fields.setdefault(key, FormField(self.look, ""))
            field.edited.connect(partial(self.emit_edited_draft, key))
        self._add_row_of_fields(keys, stretches)

    def add_text_areas(self, *keys: str, rows: int = 3) -> None:
        for key in keys:
            self._add_text_area(key, TextArea(self.look, rows))
        self._add_row_of_fields(keys)

    def _add_row_of_fields(self, keys: Sequence[str], stretches: Sequence[int] = ()) -> None:
        line = QHBoxLayout()
        panels.set_scaled_margins(self.look, line, spacing=12)
        for at, key in enumerate(keys):
            line.addWidget(self.fields[key], stretches[at] if stretches else 1)
        self.column.addLayout(line)
        self._lines.append((line, keys))

    def _add_text_area(self, key: str, area: TextArea) -> None:
        self.fields[key] = FormField(self.look, "", edit=area)
        area.typed.connect(partial(self.emit_edited_draft, key))

    def apply_language_order(self, languages: Sequence[str]) -> None:
        """Put the text in the hall's first language before that in the other one, wherever a row has both; `fields`
        follow. A hall with one language has the plain field alone."""
        if tuple(languages) == tuple(self.languages):
            return
        self.languages = languages
        has_both = len(languages) > 1
        for line, keys in self._lines:
            for key in keys:
                pair = key, field_kinds.text_key_in_language(key, "en")
                if pair[1] in keys:
                    self._put_field_before(line, *(reversed(pair) if has_both and languages[0] == "en" else pair))
                    self.fields[pair[1]].setVisible(has_both)
        self.label_fields()

    def first_edit(self) -> QWidget:
        return next(iter(self.fields.values())).edit

    def _put_field_before(self, line: QHBoxLayout, first: str, second: str) -> None:
        one, other = self.fields[first], self.fields[second]
        line.insertWidget(line.indexOf(other), one, line.stretch(line.indexOf(one)))
        QWidget.setTabOrder(one.edit, other.edit)
        others = {second: first, first: second}
        keys = [others.get(key, key) for key in self.fields]
        self.fields = {key: self.fields[key] for key in keys}

    def fill_field_unless_typing(self, key: str, text: str) -> None:
        edit = self.fields[key].edit
        if isinstance(edit, TextArea):
            edit.set_text_unless_typing(text)
        elif not (edit.hasFocus() and isinstance(edit, QLineEdit) and edit.isModified()):
            self.fields[key].set_value(text)
            if isinstance(edit, QLineEdit) and not edit.hasFocus():
                edit.setCursorPosition(0)

    def emit_edited_draft(self, key: str, text: str) -> None:
        if self.draft is not None:
            self.changed.emit(self.draft_with_typed_text(self.draft, key, text))

    def draft_with_typed_text(self, draft: drafts.SetUpRowDraft, key: str, text: str) -> drafts.SetUpRowDraft:
        return draft.with_value(key, text.strip())

    def clear_modified_flags(self) -> None:
        """Show every field's value again, even where somebody typed: the row has changed, or is saved."""
        for field in self.fields.values():
            if isinstance(field.edit, QLineEdit):
                field.edit.setModified(False)
            elif isinstance(field.edit, TextArea):
                field.edit.document().setModified(False)


class ToggleWithTickRoom(ToggleChoice):
    """A choice that always has room for its tick beside the word."""

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(least.width() + self._tick_width(), least.height())


class ToggleChoices(QObject):
    """Choices in a row under a title: windows of a service, services of a window, skills, roles."""

    pressed = Signal(str, bool)

    def __init__(self, look: Look, layout: QLayout, *, one: bool = False, in_boxes: bool = False) -> None:
        """`in_boxes`: each is a box to tick, two side by side at most, whose words may take two lines."""
        super().__init__(layout)
        self._look, self._one, self._in_boxes, self._may_change = look, one, in_boxes, True
        self.title = panels.Label(look, px=15, bold=True)
        self.line = ErrorLine(look)
        self.row = panels.EqualCellGrid(look, gap=8, share_last=False)
        self.row.set_maximum_columns(2 if in_boxes else None)
        self.choices: dict[str, ToggleWithTickRoom | TickBox] = {}
        for widget in (self.title, self.row, self.line):
            layout.addWidget(widget)

    def set_choices(self, words: Mapping[str, str], on: Iterable[str], *, may_change: bool) -> None:
        """Show these choices by code, some of them on."""
        if list(words) != list(self.choices):
            panels.remove_and_delete_widgets(self.choices.values())
            self.choices = {
                code: TickBox(self._look, word)
                if self._in_boxes
                else ToggleWithTickRoom(self._look, word, height=46, px=17)
                for code, word in words.items()
            }
            for code, choice in self.choices.items():
                choice.clicked.connect(partial(self._emit_press_if_change_allowed, code))
            self.row.set_widgets(list(self.choices.values()))
        self._may_change = may_change
        wanted = set(on)
        for code, choice in self.choices.items():
            if choice.text() != words[code]:
                choice.setText(words[code])
            choice.setChecked(code in wanted)
            set_control_changeable(choice, may_change)

    def set_title_and_hint(self, title: str, hint: str = "", error: str = "") -> None:
        self.title.setText(title)
        self.line.show_message(error or hint, refused=bool(error))
        self.line.setVisible(bool(error or hint))

    def set_group_visible(self, wanted: bool) -> None:
        """Show it, or leave it out where there is nothing to choose."""
        self.title.setVisible(wanted)
        self.row.setVisible(wanted)
        self.line.setVisible(wanted and bool(self.line.text()))

    def _emit_press_if_change_allowed(self, code: str) -> None:
        choice = self.choices[code]
        if not self._may_change:
            choice.setChecked(not choice.isChecked())
            return
        if self._one:
            choice.setChecked(True)
        self.pressed.emit(code, choice.isChecked())


def set_control_changeable(widget: QWidget, may_change: bool) -> None:
    """Make a control read-only: it keeps its looks, but presses and keys don't reach it."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not may_change)
    policy = Qt.FocusPolicy.StrongFocus if isinstance(widget, QComboBox) else Qt.FocusPolicy.TabFocus
    widget.setFocusPolicy(policy if may_change else Qt.FocusPolicy.NoFocus)


class FieldTextConversion(NamedTuple):
    """How a value of a kind is shown as text, and how a typed text changes a draft."""

    text: Callable[[Any], str]
    take: Callable[[drafts.SetUpRowDraft, str, str], drafts.SetUpRowDraft]


def _draft_changer_with_reader(
    reader: Callable[[str, str], dict[str, Any]],
) -> Callable[[drafts.SetUpRowDraft, str, str], drafts.SetUpRowDraft]:
    return lambda draft, key, text: draft.read(key, text, partial(reader, key))


SHOWN: Mapping[str, FieldTextConversion] = {
    field_kinds.TEXT: FieldTextConversion(
        lambda value: str(value or ""), lambda draft, key, text: draft.with_value(key, text.strip())
    ),
    field_kinds.LETTERS: FieldTextConversion(
        lambda value: str(value or ""), lambda draft, key, text: draft.with_value(key, text.strip().upper())
    ),
    field_kinds.COUNT: FieldTextConversion(
        lambda value: "" if value is None else str(value),
        _draft_changer_with_reader(drafts.parse_count_as_field_change),
    ),
    field_kinds.MINUTES: FieldTextConversion(
        drafts.target_minutes_text, _draft_changer_with_reader(drafts.parsed_minutes_by_field)
    ),
    field_kinds.TIME: FieldTextConversion(
        lambda value: clock_text(value) if isinstance(value, int) else drafts.clock_or_empty_text(value),
        _draft_changer_with_reader(drafts.parse_time_text),
    ),
    field_kinds.DAYS: FieldTextConversion(
        lambda value: ", ".join(value or ()),
        _draft_changer_with_reader(lambda key, text: {key: field_kinds.parse_typed_dates_to_iso(key, text)}),
    ),
    field_kinds.HOURS: FieldTextConversion(hours_text, _draft_changer_with_reader(drafts.parse_hours_into_field_dict)),
    field_kinds.WORDS: FieldTextConversion(
        drafts.joined_words_text, lambda draft, key, text: draft.with_value(key, drafts.split_typed_words(text))
    ),
}


def words_by_field_choice(field: field_kinds.SetupRowField) -> dict[str, str]:
    return {code: wording_in_current_language(words) for code, words in field.kind.choices.items()}


def lettered_service_names(setup: Setup) -> dict[str, str]:
    """Return the hall's services by code, each with its letter."""
    return {code: service_letter_and_name(setup, code) for code in setup.services}


class FieldChoices(NamedTuple):
    """The choices for a field. `words` are the available codes with their words, `chosen` those that a value contains,
    `pressed` makes the new value once a code is switched on or off. `is_one`: exactly one is on."""

    words: Callable[[Setup], Mapping[str, str]]
    chosen: Callable[[Any, Sequence[str]], Iterable[str]]
    pressed: Callable[[Any, str, bool, Sequence[str]], Any]
    is_one: bool = False


def single_code_field_choices(
    words: Callable[[Setup], Mapping[str, str]], make: Callable[[str], Any] = str
) -> FieldChoices:
    """One code, of which `make` makes the value."""
    return FieldChoices(
        words, lambda value, _codes: [str(value)], lambda _value, code, _on, _codes: make(code), is_one=True
    )


def one_list_of_several_choices(words: Callable[[Setup], Mapping[str, str]]) -> FieldChoices:
    """One list of several: each code is a list separated by commas."""
    return FieldChoices(
        words,
        lambda value, _codes: [",".join(value or ())],
        lambda _value, code, _on, _codes: code.split(",") if code else [],
        is_one=True,
    )


def field_choices_of_several_values(words: Callable[[Setup], Mapping[str, str]]) -> FieldChoices:
    """Any number of codes, in the order offered."""
    return FieldChoices(words, lambda value, _codes: value or (), _codes_after_switch)


def multiple_choices_in_pressed_order(words: Callable[[Setup], Mapping[str, str]]) -> FieldChoices:
    """Any number of codes, in the order in which they were pressed."""
    return FieldChoices(
        words,
        lambda value, _codes: value or (),
        lambda value, code, on, _codes: [*(one for one in value or () if one != code), *([code] if on else [])],
    )


def choices_stored_as_exclusions(words: Callable[[Setup], Mapping[str, str]]) -> FieldChoices:
    """All codes except those in the value."""
    return FieldChoices(
        words,
        lambda value, codes: [code for code in codes if code not in (value or ())],
        lambda value, code, on, codes: _codes_after_switch(value, code, not on, codes),
    )


def _codes_after_switch(value: Sequence[str] | None, code: str, on: bool, codes: Sequence[str]) -> list[str]:
    have = [one for one in value or () if one != code] + ([code] if on else [])
    return sorted(have, key=lambda one: codes.index(one) if one in codes else len(codes))


class FieldsForm(SetUpRowForm):
    """A form for a kind of row. Subclasses handle fields other than the declared ones. It shows and changes what
    `inside` takes from the page's draft, and `outside` puts that back: the draft itself, or a row inside it."""

    def __init__(self, look: Look, row: type, tab: str = "", parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.declared = dict(field_kinds.fields_of_row_class(row))
        self.ticks: dict[str, TickBox] = {}
        self.drop_downs: dict[str, DropDown] = {}
        self.choices: dict[str, tuple[FieldChoices, ToggleChoices]] = {}
        if tab:
            self.lay_out_fields(tab)
            self.column.addStretch(1)

    def label_fields(self) -> None:
        for key in self._declared_field_keys():
            field, part = self._field_and_part_of_key(key)
            in_one = bool(part) and len(self.languages) == 1
            title = Wording(field.label, "field") if in_one else field.title
            label = (
                wording_in_current_language(title, language=language_own_name(part))
                if part
                else wording_in_current_language(title)
            )
            if (other := self._field_key_in_other_language(key)) is not None and tuple(self.languages) == (
                "en",
                "zh_CN",
            ):
                field = self.declared[other]
                in_chinese = _("{field} in {language}", field=label, language=language_own_name("zh_CN"))
                label = wording_in_current_language(field.title) if key.endswith("_en") else in_chinese
            self.fields[key].set_label(label)
            self.fields[key].set_hint(wording_in_current_language(Wording(field.hint)))
        for key, drop_down in self.drop_downs.items():
            self.show_choice(key, str(drop_down.currentData() or ""))
        for key, tick in self.ticks.items():
            tick.setText(wording_in_current_language(self.declared[key].title))

    def lay_out_fields(
        self,
        tab: str,
        *,
        behind: Mapping[str, str] | None = None,
        shares: Mapping[str, int] | None = None,
        leave: Collection[str] = (),
    ) -> None:
        """Place the declared fields of a tab one below the other, but for those to `leave`; `behind` names custom
        fields that follow one of them, `shares` their widths."""
        lines: list[list[str]] = []
        for key, field in sorted(self.declared.items(), key=lambda one: one[1].rank):
            if field.tab != tab or key in leave or field.kind.form not in (field_kinds.FLAG, *SHOWN):
                continue
            if not (field.beside and lines):
                lines.append([])
            lines[-1] += [key, *([behind[key]] if behind and key in behind else [])]
        for keys in lines:
            first = self.declared[keys[0]]
            for key in keys:
                if key in self.declared and self.declared[key].kind.form == field_kinds.HOURS:
                    self._add_text_area(key, HeightGrowingTextEdit(self.look))
            if first.kind.form == field_kinds.FLAG:
                self.add_tick_box(keys[0])
            elif first.lines > 1:
                self.add_text_areas(*keys, rows=first.lines)
            else:
                widths = {**{key: field.share for key, field in self.declared.items()}, **(shares or {})}
                self.add_row(*keys, stretches=[widths[key] for key in keys])

    def add_tick_box(self, key: str) -> TickBox:
        """Add a switch at the bottom."""
        tick = self.ticks[key] = TickBox(self.look, "")
        self.column.addWidget(tick)
        tick.clicked.connect(lambda: self.write(key, tick.isChecked()))
        return tick

    def add_choices(self, key: str, choices: FieldChoices, *, in_boxes: bool = False) -> ToggleChoices:
        toggles = ToggleChoices(self.look, self.column, one=choices.is_one, in_boxes=in_boxes)
        self.choices[key] = choices, toggles
        toggles.pressed.connect(partial(self._write_pressed_choice, key))
        return toggles

    def make_drop_down(self, key: str) -> DropDown:
        """Return the drop-down for a field with many choices; `add_row` places it."""
        drop_down = self.drop_downs[key] = DropDown(self.look)
        self.fields[key] = FormField(self.look, "", edit=drop_down)
        return drop_down

    def choices_of_field(self, key: str) -> Mapping[str, str]:
        return words_by_field_choice(self.declared[key])

    def show_choice(self, key: str, value: str) -> None:
        """Show the chosen value of a drop-down, whose words may have changed."""
        self.drop_downs[key].show_choice(value, self.choices_of_field(key))

    # -- what is shown -----------------------------------------------------------------------------------------------

    def part_of_draft(self, draft: drafts.SetUpRowDraft) -> drafts.SetUpRowDraft:
        return draft

    def draft_with_part(
        self, draft: drafts.SetUpRowDraft, inside: drafts.SetUpRowDraft, key: str
    ) -> drafts.SetUpRowDraft:
        """Return the draft with the form's part put back after a change of a field."""
        return inside

    def _field_key_in_other_language(self, key: str) -> str | None:
        """Return the field of the same text in the other language, if there is one."""
        plain = key.removesuffix("_en")
        other = field_kinds.text_key_in_language(plain, "en") if key == plain else plain
        return other if other in self.fields else None

    def show_draft(
        self, setup: Setup, draft: drafts.SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool
    ) -> None:
        self.apply_language_order(field_and_choice_languages(setup))
        row = self.part_of_draft(draft).row
        # What either language may fill in is missed where the hall's first one stands.
        first = self.languages[0] if len(self.languages) > 1 else LANGUAGES[0]
        missed = {
            key: field_kinds.text_key_in_language(key, first)
            for key in problems
            if key in self._declared_field_keys() and not row.get(key)
        }
        problems = {missed.get(key, key) if missed.get(key) in self.fields else key: problems[key] for key in problems}
        super().show_draft(setup, draft, problems, may_change=may_change)
        for key, (_choices, toggles) in self.choices.items():
            field = self.declared[key]
            toggles.set_title_and_hint(
                wording_in_current_language(field.title), self.choice_hint(key, draft), problems.get(key, "")
            )

    def choice_hint(self, key: str, draft: drafts.SetUpRowDraft) -> str:
        """Return the hint below a choice without a problem."""
        return wording_in_current_language(Wording(self.declared[key].hint))

    def show_row(self, setup: Setup, draft: drafts.SetUpRowDraft) -> None:
        row, unread = self.part_of_draft(draft).row, self.part_of_draft(draft).unread
        for key in self._declared_field_keys():
            form = self._field_and_part_of_key(key)[0].kind.form
            if key not in unread and form in SHOWN:
                self.fill_field_unless_typing(key, SHOWN[form].text(self._row_value_or_usual(row, key)))
        for key in self.drop_downs:
            self.show_choice(key, str(self._row_value_or_usual(row, key) or ""))
        for key, tick in self.ticks.items():
            tick.setChecked(bool(self._row_value_or_usual(row, key)))
            set_control_changeable(tick, self.may_change)
        for key, (choices, toggles) in self.choices.items():
            words = choices.words(setup)
            toggles.set_choices(
                words, choices.chosen(self._row_value_or_usual(row, key), list(words)), may_change=self.may_change
            )

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def draft_with_typed_text(self, draft: drafts.SetUpRowDraft, key: str, text: str) -> drafts.SetUpRowDraft:
        inside, (field, part) = self.part_of_draft(draft), self._field_and_part_of_key(key)
        if key in self.drop_downs:
            return self.draft_with_part(
                draft, inside.with_value(key, str(self.drop_downs[key].currentData() or "")), key
            )
        if part:
            return self.draft_with_part(draft, self._draft_with_field_value(inside, key, text.strip()), key)
        return self.draft_with_part(draft, SHOWN[field.kind.form].take(inside, key, text), key)

    def write(self, key: str, value: object) -> None:
        if self.draft is not None:
            self.changed.emit(
                self.draft_with_part(
                    self.draft, self._draft_with_field_value(self.part_of_draft(self.draft), key, value), key
                )
            )

    def _draft_with_field_value(self, inside: drafts.SetUpRowDraft, key: str, value: object) -> drafts.SetUpRowDraft:
        name, _dot, part = key.partition(".")
        return inside.with_value(name, {**(inside.row.get(name) or {}), part: value} if part else value)

    def _write_pressed_choice(self, key: str, code: str, on: bool) -> None:
        if self.draft is not None:
            choices, toggles = self.choices[key]
            value = self._row_value_or_usual(self.part_of_draft(self.draft).row, key)
            self.write(key, choices.pressed(value, code, on, list(toggles.choices)))

    def _declared_field_keys(self) -> list[str]:
        """Return the keys of the fields here that are declared, "call.en" where a field has parts."""
        return [key for key in self.fields if key.partition(".")[0] in self.declared]

    def _field_and_part_of_key(self, key: str) -> tuple[field_kinds.SetupRowField, str]:
        name, _dot, part = key.partition(".")
        return self.declared.get(key) or self.declared[name], part

    def _row_value_or_usual(self, row: Mapping[str, Any], key: str) -> Any:
        """Return the value of a row, the usual one where it has none."""
        name, _dot, part = key.partition(".")
        value = (row.get(name) or {}).get(part) if part else row.get(name)
        return self._field_and_part_of_key(key)[0].usual if value is None else value


class _PreviewCard(panels.Card):
    """The card, which tells when what stands on it wants other room: beside the fields no layout gives it any."""

    grew = Signal()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.grew.emit()
        return done


class PreviewForm(FieldsForm):
    """A form with a preview: `preview` is the card, which a subclass fills. Beside the fields it stays visible while
    they scroll; with less room it stands among them, below the first `lead`."""

    lead = 0

    def __init__(self, look: Look, row: type, parent: QWidget | None = None) -> None:
        super().__init__(look, row, parent=parent)
        self.preview = _PreviewCard(look, parent=self)
        self.preview.grew.connect(self._arrange_if_preview_beside)
        self._is_beside = True
        look.changed.connect(self.arrange)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def _arrange_if_preview_beside(self) -> None:
        if self._is_beside:
            self.arrange()

    def arrange(self) -> None:
        wide = self.look.large_px(PREVIEW)
        high = self._preview_height_at(wide)
        is_beside = self.width() >= self.look.large_px(BESIDE_FROM) and high <= self.height()
        if is_beside != self._is_beside:
            self._is_beside = is_beside
            if is_beside:
                self.column.removeWidget(self.preview)
                self.preview.setParent(self)
            else:
                self.column.insertWidget(self.lead, self.preview)
            self.preview.show()
        edge = self.look.gap(EDGE)
        self.setViewportMargins(0, 0, wide + edge if is_beside else 0, 0)
        if is_beside:
            self.preview.setGeometry(self.width() - wide - edge, 0, wide, high)

    def _preview_height_at(self, width: int) -> int:
        layout = self.preview.layout()
        if layout is None:
            return 0
        return layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()


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
        self.remove_button.clicked.connect(self._emit_removal_wanted)
        self.buttons.insertWidget(0, self.remove_button)
        self.add_answer_buttons(_("Do not save"), _("Save", context="dialog"), self._emit_typed_if_valid)

    def set_answer_labels(self, no: str, yes: str) -> None:
        self.no_button.setText(no)
        self.yes_button.setText(yes)

    def close_as_done(self) -> None:
        self.close_dialog()
        self.done.emit()

    def lay_out_fields(
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
            panels.set_scaled_margins(self.look, line, spacing=16)
            for name in names:
                line.addWidget(fields[name], (shares or {}).get(name, 1))
            self.body.addLayout(line)
        for name, field in fields.items():
            field.edited.connect(self._clear_errors)
            if not any(name in names for names in rows):
                field.setParent(self.sheet)
                field.hide()
        self.body.addWidget(self.trouble)
        self.remove_button.setVisible(removable)

    def place_declared_fields(
        self, row: type, rows: Sequence[Sequence[str]], edits: Mapping[str, QWidget], *, removable: bool
    ) -> None:
        """Place fields that a row of the set-up declares, with their words; `edits` are custom controls."""
        declared = field_kinds.fields_of_row_class(row)
        fields = {
            key: FormField(
                self.look,
                wording_in_current_language(declared[key].title),
                hint=wording_in_current_language(Wording(declared[key].hint)),
                edit=edits.get(key),
            )
            for keys in rows
            for key in keys
        }
        self.lay_out_fields(fields, rows, removable=removable)

    def read_declared_fields(self, row: type, keys: Sequence[str]) -> dict[str, Any] | None:
        """Return what was typed in declared fields; None if any is wrong, after saying so at each."""
        found: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for key in keys:
            kind, text = field_kinds.fields_of_row_class(row)[key].kind, self.fields[key].value()
            try:
                found[key] = (
                    drafts.parse_time_text(key, text)[key] or ""
                    if kind.form == field_kinds.TIME
                    else kind.typed(key, text)
                )
                kind.check(key, found[key], field_kinds.CheckContext(found))
            except RuleError as refusal:
                wrong[key] = error_sentence(refusal)
        self.show_field_errors(wrong)
        return None if wrong else found

    @abstractmethod
    def read_typed_values(self) -> object:
        """Return what was typed, or None after showing the mistake at its field."""

    def field_of_refusal(self, trouble: QueueDeskError) -> str:
        """Return the field at which a refusal is shown, "" if it is shown below all of them."""
        return str(trouble.details.get("field", "")) if isinstance(trouble, RuleError) else ""

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Show at the right field why it was refused."""
        field = self.fields.get(self.field_of_refusal(trouble))
        if field is not None and field.has_line and field.isVisible():
            field.set_error(error_sentence(trouble))
        else:
            self.trouble.show_refusal(error_sentence(trouble))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            if self.yes_button.isEnabled() and not self.yes_button.isHidden():
                self._emit_typed_if_valid()
        else:
            super().keyPressEvent(event)

    def first_focus_widget(self) -> QWidget:
        edit = self.first_field()
        if isinstance(edit, QLineEdit):
            edit.selectAll()
        return edit

    @abstractmethod
    def first_field(self) -> QWidget:
        """Return the widget that gets the focus when the dialog opens; the text of a line is selected."""

    def show_field_errors(self, wrong: Mapping[str, str]) -> None:
        for name, text in wrong.items():
            self.fields[name].set_error(text)

    def _clear_errors(self) -> None:
        for field in self.fields.values():
            field.set_error("")
        self.trouble.hide()

    def _emit_typed_if_valid(self) -> None:
        found = self.read_typed_values()
        if found is not None:
            self.wanted.emit(found)

    def _emit_removal_wanted(self) -> None:
        self.removal_wanted.emit()
