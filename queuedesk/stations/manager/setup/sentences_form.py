"""Forms with lists of sentences: the hall's ready sentences, and the steps of a contingency card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.core.setup.cards import ANYONE, MOST_STEPS, STEP_ROLES, Card
from queuedesk.core.setup.fields import BASICS, Wording
from queuedesk.core.setup.sentences import LISTS, Sentences, own_rows, usual_rows
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, said
from queuedesk.i18n.talk.talk_words import role_of_step
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_form import FieldsForm, still
from queuedesk.stations.manager.setup.sentence_list import Row, SentenceList, SentenceRow
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.window.style import Look

LONG = ("announcements", "emergency")
"""Lists whose sentences are read from a display: they need the whole width."""
STEPS = "steps"
BESIDE_FROM_PX, STEPS_BESIDE_FROM_PX = 760, 900


class ListsForm(FieldsForm):
    """A form with lists of rows, each below the other, by the key of their field."""

    beside_from = BESIDE_FROM_PX

    def __init__(self, look: Look, row: type, lists: Sequence[SentenceList], tab: str = "") -> None:
        super().__init__(look, row)
        self.lists = {shown.kind: shown for shown in lists}
        if tab:
            self.lay(tab)
        for kind, shown in self.lists.items():
            self.column.addWidget(shown)
            self.column.addSpacing(look.gap(16))
            shown.edited.connect(partial(self._type, kind))
            shown.moved.connect(partial(self._move, kind))
            shown.removed.connect(partial(self._remove, kind))
            shown.added.connect(partial(self._add, kind))
            shown.usual_wanted.connect(partial(self._go_back, kind))
        self.column.addStretch(1)
        look.changed.connect(self._arrange)
        self._arrange()

    def retranslate(self) -> None:
        super().retranslate()
        for kind, shown in self.lists.items():
            shown.retranslate(said(self.declared[kind].title))

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        for kind, shown in self.lists.items():
            shown.say(said(Wording(self.declared[kind].hint)), problems)
        self._lay_out()

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        for kind, shown in self.lists.items():
            rows = [{**shown.new, **row} for row in draft.row.get(kind) or ()]
            shown.show_rows(rows, usual=self.is_usual(kind, rows), may_change=self.may_change)

    def is_usual(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether a list is the one that a hall has unless it says otherwise; most have none."""
        return True

    def usual(self, kind: str) -> Sequence[Mapping[str, Any]]:
        """Return the rows to go back to."""
        return ()

    def settle(self) -> None:
        super().settle()
        for shown in self.lists.values():
            shown.settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        """Put short sentences beside their English where both can be read."""
        has_room = self.width() >= self.look.px(self.beside_from)
        for kind, shown in self.lists.items():
            shown.put_beside(has_room and kind not in LONG)

    def _lay_out(self) -> None:
        """Give rows that have just come their places at once, not only when the next event says so."""
        for shown in self.lists.values():
            shown.measure_again()
        self.column.activate()

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def _type(self, kind: str, place: int, key: str, text: str) -> None:
        if self.draft is not None:
            rows = list(self.draft.row.get(kind) or ())
            rows[place] = {**rows[place], key: text.strip()}
            fresh = f"{kind}.{place + 1}.{key}"
            self.changed.emit(self.draft.with_value(kind, rows).touched(fresh))

    def _add(self, kind: str) -> None:
        if self.draft is None:
            return
        shown = self.lists[kind]
        self._with_rows(kind, [*_marked(self.draft, kind), (shown.new, True)])
        shown.rows[-1].edits["text"].setFocus()
        QTimer.singleShot(0, self, partial(self.ensureWidgetVisible, shown.add_button))

    def _move(self, kind: str, place: int, by: int) -> None:
        """Let a sentence change places with its neighbour; the keyboard goes with it."""
        if self.draft is None:
            return
        rows = _marked(self.draft, kind)
        if not 0 <= place + by < len(rows):
            return
        before, after = self.lists[kind].rows[place], self.lists[kind].rows[place + by]
        focus = QApplication.focusWidget()  # asked before the button under it may go
        rows[place], rows[place + by] = rows[place + by], rows[place]
        self._with_rows(kind, rows)
        for one, others in (
            *((before.edits[key], (after.edits[key],)) for key in before.edits),
            (before.up_button, (after.up_button, after.down_button)),
            (before.down_button, (after.down_button, after.up_button)),
        ):
            if one is focus:
                next(other for other in others if other.isVisibleTo(after)).setFocus()
        self.ensureWidgetVisible(after)

    def _remove(self, kind: str, place: int) -> None:
        if self.draft is None:
            return
        rows = _marked(self.draft, kind)
        del rows[place]
        if rows:
            self._with_rows(kind, rows)

    def _go_back(self, kind: str) -> None:
        self._with_rows(kind, [(row, False) for row in self.usual(kind)])

    def _with_rows(self, kind: str, rows: Sequence[tuple[Mapping[str, Any], bool]]) -> None:
        """Take other rows, each with whether it is still to be filled in."""
        if self.draft is None:
            return
        fresh = {key for key in self.draft.fresh if key.split(".")[0] != kind}
        fresh |= {_text_key(kind, place) for place, (_row, is_fresh) in enumerate(rows) if is_fresh}
        self.lists[kind].settle()
        draft = self.draft.with_value(kind, [dict(row) for row, _is_fresh in rows])
        self.changed.emit(replace(draft, fresh=frozenset(fresh)))


def _marked(draft: Draft, kind: str) -> list[tuple[Mapping[str, Any], bool]]:
    """Return a list's rows, each with whether nobody has typed in it yet."""
    return [(row, _text_key(kind, place) in draft.fresh) for place, row in enumerate(draft.row.get(kind) or ())]


def _text_key(kind: str, place: int) -> str:
    return f"{kind}.{place + 1}.text"


class SentencesForm(ListsForm):
    """The hall's ready sentences; the usual ones stand in a list that the hall has none of its own for."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Sentences, [SentenceList(look, kind) for kind in LISTS])

    def is_usual(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> bool:
        return not own_rows(kind, rows)

    def usual(self, kind: str) -> Sequence[Mapping[str, Any]]:
        return usual_rows(kind)


class StepRow(SentenceRow):
    """A step: whose it is stands before its texts. A chosen role is `edited` as "role"."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.role = DropDown(look).share_width()
        self.put_first(self.role)
        self.role.activated.connect(lambda at: self.edited.emit("role", STEP_ROLES[at]))

    def show_row(self, row: Row, place: int, count: int, *, may_change: bool) -> None:
        super().show_row(row, place, count, may_change=may_change)
        words = [role_of_step(code) for code in STEP_ROLES]
        if words != [self.role.itemText(at) for at in range(self.role.count())]:
            self.role.clear()
            for code, word in zip(STEP_ROLES, words, strict=True):
                self.role.addItem(word, code)
        self.role.setCurrentIndex(STEP_ROLES.index(row["role"] or ANYONE))
        self.role.setAccessibleName(_("Whose step {n} is", n=place))
        still(self.role, may_change)


class StepList(SentenceList):
    """The steps of a card."""

    most = MOST_STEPS
    new = MappingProxyType({"text": "", "text_en": "", "role": ANYONE})

    def add_word(self) -> str:
        return _("Add a step")

    def new_row(self) -> SentenceRow:
        return StepRow(self._look)


class CardForm(ListsForm):
    """A contingency card: its names, and its steps in order."""

    beside_from = STEPS_BESIDE_FROM_PX

    def __init__(self, look: Look) -> None:
        super().__init__(look, Card, [StepList(look, STEPS)], BASICS)
        self.steps = self.lists[STEPS]
