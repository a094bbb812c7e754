"""Forms with lists of sentences, the hall's ready sentences first of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.features import Wording
from queuedesk.core.setup import sentences as hall_sentences
from queuedesk.core.setup.field_kinds import fields_of_row_class, text_key_in_language
from queuedesk.core.setup.hall import LANGUAGES
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, current_hall_words, wording_in_current_language
from queuedesk.stations.manager.parts.inputs import HeightGrowingTextEdit
from queuedesk.stations.manager.setup.fields_form import FieldsForm
from queuedesk.stations.manager.setup_frame.draft import SetUpRowDraft
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.panels import Label, resize_row_list, set_scaled_margins, set_side_by_side_or_stacked
from queuedesk.stations.widgets.questions.dialogs import ErrorLine
from queuedesk.stations.window.frame import language_own_name
from queuedesk.stations.window.style import Look

# -- rows of sentences -------------------------------------------------------------------------------------------------

TEXTS = ("text", "text_en")
NUMBER_PX = 24
Row = Mapping[str, str]


class SentenceRow(QWidget):
    """A sentence in both languages. `edited` names the text; `moved` says by how many places, also by Alt with an arrow
    key; `removed` that it is to be removed."""

    edited = Signal(str, str)
    moved = Signal(int)
    removed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._may_change = look, True
        self._languages: Sequence[str] = LANGUAGES
        self._number = Label(look, px=15, token="ink2")
        self.edits = {key: HeightGrowingTextEdit(look) for key in TEXTS}
        self.up_button, self.down_button = IconButton(look, "arrow-up", ""), IconButton(look, "arrow-down", "")
        self.remove_button = IconButton(look, "remove", "")
        self.line = ErrorLine(look)
        self._texts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        row = QHBoxLayout()
        set_scaled_margins(look, row, spacing=4)
        self._number.setMinimumWidth(look.px(NUMBER_PX))
        row.addWidget(self._number, 0, Qt.AlignmentFlag.AlignVCenter)
        set_scaled_margins(look, self._texts, spacing=6)
        for key, edit in self.edits.items():
            self._texts.addWidget(edit, 1)
            edit.typed.connect(partial(self.edited.emit, key))
        row.addLayout(self._texts, 1)
        self._keys = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        set_scaled_margins(look, self._keys, spacing=4)
        for button in (self.up_button, self.down_button, self.remove_button):
            self._keys.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._keys)
        self.up_button.clicked.connect(lambda: self.moved.emit(-1))
        self.down_button.clicked.connect(lambda: self.moved.emit(1))
        self.remove_button.clicked.connect(self.removed)
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, spacing=2)
        column.addLayout(row)
        column.addWidget(self.line)
        look.changed.connect(self.apply_look)
        self.apply_look()

    def insert_widget_before_texts(self, widget: QWidget) -> None:
        """Put a widget before the texts, above them if they are one below the other."""
        self._texts.insertWidget(0, widget)

    def first_edit(self) -> HeightGrowingTextEdit:
        return self.edits[text_key_in_language(TEXTS[0], self._languages[0]) if len(self._languages) > 1 else TEXTS[0]]

    def apply_language_order(self, languages: Sequence[str]) -> None:
        """Put the text in the hall's first language before the other one; a hall with one language has one text."""
        if tuple(languages) == tuple(self._languages):
            return
        self._languages = languages
        first = self.first_edit()
        self.edits[TEXTS[1]].setVisible(len(languages) > 1)
        (second,) = (edit for edit in self.edits.values() if edit is not first)
        self._texts.removeWidget(first)
        self._texts.insertWidget(self._texts.indexOf(second), first, 1)
        QWidget.setTabOrder(first, second)

    def apply_look(self) -> None:
        for edit in self.edits.values():
            edit.setFont(self._look.font(17))
        self._number.setMinimumWidth(self._look.px(NUMBER_PX))

    def show_row(self, row: Row, place: int, count: int, *, may_change: bool, least: int = 1) -> None:
        """Show a sentence at its place, from 1, of at `least` so many; a text in which somebody is typing stays."""
        self._may_change = may_change
        self._number.setText(str(place))
        for key, edit in self.edits.items():
            edit.set_text_unless_typing(row[key])
            edit.setReadOnly(not may_change)
        uses = {self.up_button: place > 1, self.down_button: place < count, self.remove_button: count > least}
        for button, is_of_use in uses.items():
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(may_change)
            button.setSizePolicy(policy)
            button.setVisible(may_change and is_of_use)
        self._set_accessible_names(place)

    def _set_accessible_names(self, place: int) -> None:
        first = self.first_edit()
        (second,) = (edit for edit in self.edits.values() if edit is not first)
        whole, chinese = _("Sentence {n}", n=place), language_own_name("zh_CN")
        in_chinese = _("{field} in {language}", field=whole, language=chinese)
        first.setAccessibleName(whole)
        first.setPlaceholderText(_("In the hall's language") if len(self._languages) > 1 else "")
        is_english = self._languages[0] == "en"
        second.setAccessibleName(in_chinese if is_english else _("Sentence {n} in English", n=place))
        second.setPlaceholderText(chinese if is_english else _("In English"))
        names = {
            self.up_button: (_("Move sentence {n} up", n=place), "Alt+↑"),
            self.down_button: (_("Move sentence {n} down", n=place), "Alt+↓"),
            self.remove_button: (_("Remove sentence {n}", n=place), ""),
        }
        for button, (name, key) in names.items():
            button.setAccessibleName(name)
            button.setToolTip(f"{name} ({key})" if key else name)

    def show_errors(self, wrong: Mapping[str, str]) -> None:
        """Show what is wrong with either text, by its key."""
        for key, edit in self.edits.items():
            refused = bool(wrong.get(key))
            edit.setAccessibleDescription(wrong.get(key, ""))
            if bool(edit.property("refused")) != refused:
                edit.setProperty("refused", refused)
                # A changed property takes effect only when the style looks at the widget again.
                edit.style().unpolish(edit)
                edit.style().polish(edit)
        self.line.show_refusal("\n".join(wrong.values()))

    def clear_modified_flags(self) -> None:
        for edit in self.edits.values():
            edit.document().setModified(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier and self._may_change:
            self.moved.emit(step)
        else:
            super().keyPressEvent(event)

    def arrange_texts(self, is_beside: bool, *, is_narrow: bool) -> None:
        """Place both texts side by side, or one below the other; likewise the buttons if little width is left."""
        set_side_by_side_or_stacked(is_beside, self._texts)
        set_side_by_side_or_stacked(not is_narrow, self._keys)


class SentenceList(QWidget):
    """A list of sentences; `new` is a row to be filled in. `edited` gives place from 0, key and text; `moved` a place
    and by how many, `removed` a place."""

    edited = Signal(int, str, str)
    moved = Signal(int, int)
    removed = Signal(int)
    added = Signal()
    usual_wanted = Signal()
    most = hall_sentences.MOST_SENTENCES
    new: Row = MappingProxyType({"text": "", "text_en": ""})

    def __init__(self, look: Look, kind: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self.kind, self.least = look, kind, int(kind not in hall_sentences.MAY_BE_NONE)
        self._is_beside, self._is_narrow = True, False
        self._languages: Sequence[str] = LANGUAGES
        self.rows: list[SentenceRow] = []
        self.title = Label(look, title, px=17, bold=True)
        self.line = ErrorLine(look)
        self.add_button = SecondaryButton(look, self.add_button_label(), icon="plus", height=44)
        self.add_button.setAccessibleName(f"{self.add_button.text()} · {self.title.text()}")
        self.usual_button = TextButton(look, _("Restore the usual ones"), height=44, px=16)
        self.usual_button.setAccessibleName(f"{self.usual_button.text()} · {self.title.text()}")
        self.usual_button.hide()
        self.add_button.clicked.connect(self.added)
        self.usual_button.clicked.connect(self.usual_wanted)
        self._column = QVBoxLayout(self)
        set_scaled_margins(look, self._column, spacing=8)
        self._column.addWidget(self.title)
        self._column.addWidget(self.line)
        foot = QHBoxLayout()
        set_scaled_margins(look, foot, spacing=12)
        foot.addWidget(self.add_button)
        foot.addWidget(self.usual_button)
        foot.addStretch(1)
        self._column.addLayout(foot)

    def add_button_label(self) -> str:
        return _("Add a sentence")

    def show_rows(self, rows: Sequence[Row], *, usual: bool, may_change: bool) -> None:
        """Show the sentences of a draft; widgets on the screen keep their places."""
        resize_row_list(self.rows, len(rows), lambda: self._insert_new_row(len(self.rows)), self._column)
        for place, (widget, row) in enumerate(zip(self.rows, rows, strict=True), start=1):
            widget.show_row(row, place, len(rows), may_change=may_change, least=self.least)
        self.add_button.setVisible(may_change and len(rows) < self.most)
        self.usual_button.setVisible(may_change and not usual)

    def show_hint_and_errors(self, hint: str, problems: Mapping[str, str]) -> None:
        own = problems.get(self.kind, "")
        self.line.show_message(own or hint, refused=bool(own))
        for place, row in enumerate(self.rows, start=1):
            found = {key: problems.get(f"{self.kind}.{place}.{key}", "") for key in TEXTS}
            row.show_errors({key: text for key, text in found.items() if text})

    def arrange_texts(self, is_beside: bool, *, is_narrow: bool) -> None:
        """Place each row's texts side by side or one below the other; `is_narrow` stacks the buttons too."""
        self._is_beside, self._is_narrow = is_beside, is_narrow
        for row in self.rows:
            row.arrange_texts(is_beside, is_narrow=is_narrow)

    def invalidate_cached_sizes(self) -> None:
        """Forget cached sizes, from the rows outward: they still count what is hidden now."""
        for row in self.rows:
            row.updateGeometry()
        self.updateGeometry()

    def apply_language_order(self, languages: Sequence[str]) -> None:
        self._languages = languages
        for row in self.rows:
            row.apply_language_order(languages)

    def clear_modified_flags(self) -> None:
        for row in self.rows:
            row.clear_modified_flags()

    def new_row(self) -> SentenceRow:
        return SentenceRow(self._look)

    def _insert_new_row(self, place: int) -> SentenceRow:
        row = self.new_row()
        row.arrange_texts(self._is_beside, is_narrow=self._is_narrow)
        row.apply_language_order(self._languages)
        row.edited.connect(partial(self.edited.emit, place))
        row.moved.connect(partial(self.moved.emit, place))
        row.removed.connect(partial(self.removed.emit, place))
        self._column.insertWidget(2 + place, row)
        row.show()
        return row


LONG = ("announcements", "emergency")
"""Lists whose sentences are read from a display: they need the whole width."""
BESIDE_FROM_PX = 760
NARROW_PX = 420


class ListsForm(FieldsForm):
    """A form with lists of rows, one below the other, by the key of their field."""

    beside_from = BESIDE_FROM_PX

    def __init__(self, look: Look, row: type, lists: Sequence[SentenceList], tab: str = "") -> None:
        super().__init__(look, row)
        self.lists = {shown.kind: shown for shown in lists}
        if tab:
            self.lay_out_fields(tab)
        for kind, shown in self.lists.items():
            self.column.addWidget(shown)
            self.column.addSpacing(look.gap(16))
            shown.edited.connect(partial(self._change_sentence_text, kind))
            shown.moved.connect(partial(self._swap_with_neighbour, kind))
            shown.removed.connect(partial(self._remove_sentence, kind))
            shown.added.connect(partial(self._add_sentence, kind))
            shown.usual_wanted.connect(partial(self._restore_usual_sentences, kind))
        self.column.addStretch(1)
        look.changed.connect(self._arrange_by_width)
        self._arrange_by_width()

    def apply_language_order(self, languages: Sequence[str]) -> None:
        super().apply_language_order(languages)
        for shown in self.lists.values():
            shown.apply_language_order(languages)

    def show_draft(self, setup: Setup, draft: SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        for kind, shown in self.lists.items():
            shown.show_hint_and_errors(wording_in_current_language(Wording(self.declared[kind].hint)), problems)
        self._place_new_rows_at_once()

    def show_row(self, setup: Setup, draft: SetUpRowDraft) -> None:
        super().show_row(setup, draft)
        for kind, shown in self.lists.items():
            rows = [{**shown.new, **row} for row in draft.row.get(kind) or ()]
            shown.show_rows(rows, usual=self.has_default_rows(kind, rows), may_change=self.may_change)

    def has_default_rows(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> bool:
        return True

    def default_rows(self, kind: str) -> Sequence[Mapping[str, Any]]:
        return ()

    def clear_modified_flags(self) -> None:
        super().clear_modified_flags()
        for shown in self.lists.values():
            shown.clear_modified_flags()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange_by_width()
        super().resizeEvent(event)

    def _arrange_by_width(self) -> None:
        """Put short sentences beside their English where both can be read."""
        has_room = self.width() >= self.look.px(self.beside_from)
        is_narrow = self.width() < self.look.px(NARROW_PX)
        for kind, shown in self.lists.items():
            shown.arrange_texts(has_room and kind not in LONG, is_narrow=is_narrow)

    def _place_new_rows_at_once(self) -> None:
        """Give rows that have just come their places at once, not only when the next event says so."""
        for shown in self.lists.values():
            shown.invalidate_cached_sizes()
        self.column.activate()

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def _change_sentence_text(self, kind: str, place: int, key: str, text: str) -> None:
        if self.draft is not None:
            rows = list(self.draft.row.get(kind) or ())
            rows[place] = {**rows[place], key: text.strip()}
            fresh = f"{kind}.{place + 1}.{key}"
            self.changed.emit(self.draft.with_value(kind, rows).without_fresh_marks_of_rows(fresh))

    def _add_sentence(self, kind: str) -> None:
        if self.draft is None:
            return
        shown = self.lists[kind]
        self._replace_rows(kind, [*_rows_with_is_fresh(self.draft, kind), (shown.new, True)])
        shown.rows[-1].first_edit().setFocus()
        QTimer.singleShot(0, self, partial(self.ensureWidgetVisible, shown.add_button))

    def _swap_with_neighbour(self, kind: str, place: int, by: int) -> None:
        """Let a sentence change places with its neighbour; the keyboard goes with it."""
        if self.draft is None:
            return
        rows = _rows_with_is_fresh(self.draft, kind)
        if not 0 <= place + by < len(rows):
            return
        before, after = self.lists[kind].rows[place], self.lists[kind].rows[place + by]
        focus = QApplication.focusWidget()  # asked before the button under it may go
        rows[place], rows[place + by] = rows[place + by], rows[place]
        self._replace_rows(kind, rows)
        for one, others in (
            *((before.edits[key], (after.edits[key],)) for key in before.edits),
            (before.up_button, (after.up_button, after.down_button)),
            (before.down_button, (after.down_button, after.up_button)),
        ):
            if one is focus:
                next(other for other in others if other.isVisibleTo(after)).setFocus()
        self.ensureWidgetVisible(after)

    def _remove_sentence(self, kind: str, place: int) -> None:
        if self.draft is None:
            return
        rows = _rows_with_is_fresh(self.draft, kind)
        del rows[place]
        if len(rows) >= self.lists[kind].least:
            self._replace_rows(kind, rows)

    def _restore_usual_sentences(self, kind: str) -> None:
        self._replace_rows(kind, [(row, False) for row in self.default_rows(kind)])

    def _replace_rows(self, kind: str, rows: Sequence[tuple[Mapping[str, Any], bool]]) -> None:
        """Take other rows, each with whether it is still to be filled in."""
        if self.draft is None:
            return
        fresh = {key for key in self.draft.fresh if key.split(".")[0] != kind}
        fresh |= {_sentence_field_key(kind, place) for place, (_row, is_fresh) in enumerate(rows) if is_fresh}
        self.lists[kind].clear_modified_flags()
        draft = self.draft.with_value(kind, [dict(row) for row, _is_fresh in rows])
        self.changed.emit(replace(draft, fresh=frozenset(fresh)))


def _rows_with_is_fresh(draft: SetUpRowDraft, kind: str) -> list[tuple[Mapping[str, Any], bool]]:
    """Return a list's rows, each with whether nobody has typed in it yet."""
    return [
        (row, _sentence_field_key(kind, place) in draft.fresh) for place, row in enumerate(draft.row.get(kind) or ())
    ]


def _sentence_field_key(kind: str, place: int) -> str:
    return f"{kind}.{place + 1}.text"


class SentencesForm(ListsForm):
    """The hall's ready sentences; a list without sentences of its own shows the default ones."""

    def __init__(self, look: Look) -> None:
        declared = fields_of_row_class(hall_sentences.Sentences)
        super().__init__(
            look,
            hall_sentences.Sentences,
            [
                SentenceList(look, kind, wording_in_current_language(declared[kind].title))
                for kind in hall_sentences.LISTS
            ],
        )

    def has_default_rows(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> bool:
        return hall_sentences.sentence_rows_to_store(kind, rows) == []

    def default_rows(self, kind: str) -> Sequence[Mapping[str, Any]]:
        rows = hall_sentences.default_sentence_rows(kind, *current_hall_words())
        return (
            rows if len(self.languages) > 1 else hall_sentences.setup_reduced_to_one_language(rows, self.languages[0])
        )
