"""The form of a contingency card: its names, and its steps in order, each with whose it is and both texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.cards import ANYONE, MOST_STEPS, STEP_ROLES
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.i18n.talk.card_words import role_of_step
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.form_parts import Form, still
from queuedesk.stations.manager.setup.sentence_list import Row, SentenceList, SentenceRow
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.window.style import Look

STEPS = "steps"
BESIDE_FROM_PX = 900


class StepRow(SentenceRow):
    """A step: whose it is stands before its texts. A chosen role is `edited` as "role"."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.role = DropDown(look).share_width()
        self.put_first(self.role)
        self.role.activated.connect(self._choose)

    def show_row(self, row: Row, place: int, count: int, *, may_change: bool) -> None:
        super().show_row(row, place, count, may_change=may_change)
        words = [role_of_step(code) for code in STEP_ROLES]
        if words != [self.role.itemText(at) for at in range(self.role.count())]:
            self.role.clear()
            for code, word in zip(STEP_ROLES, words, strict=True):
                self.role.addItem(word, code)
        self.role.setCurrentIndex(STEP_ROLES.index(row.get("role") or ANYONE))
        self.role.setAccessibleName(_("Whose step {n} is", n=place))
        still(self.role, may_change)

    def _choose(self, at: int) -> None:
        self.edited.emit("role", STEP_ROLES[at])


class StepList(SentenceList):
    """The steps of one card."""

    most = MOST_STEPS

    def retranslate(self) -> None:
        self.title.setText(_("Steps", context="card"))
        self.add_button.setText(_("Add a step"))
        self.add_button.setAccessibleName(f"{self.add_button.text()} · {self.title.text()}")

    def new_row(self) -> SentenceRow:
        return StepRow(self._look)


class CardForm(Form):
    """Names and steps."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.add_row("name", "name_en")
        self.steps = StepList(look, STEPS)
        self.column.addWidget(self.steps)
        self.column.addStretch(1)
        self.steps.edited.connect(self._type)
        self.steps.moved.connect(self._move)
        self.steps.removed.connect(self._remove)
        self.steps.added.connect(self._add)

    def retranslate(self) -> None:
        self.fields["name"].set_label(_("Name", context="field"))
        self.fields["name_en"].set_label(_("English name", context="field"))
        self.steps.retranslate()

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        self.steps.say(_("each stands in one line at the station of who does it"), problems)
        self.steps.measure_again()
        self.column.activate()

    def show_row(self, setup: Setup, draft: Draft) -> None:
        self.put("name", str(draft.row.get("name") or ""))
        self.put("name_en", str(draft.row.get("name_en") or ""))
        self.steps.show_rows(_rows(draft), usual=True, may_change=self.may_change)

    def settle(self) -> None:
        super().settle()
        self.steps.settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.steps.put_beside(self.width() >= self.look.px(BESIDE_FROM_PX))
        super().resizeEvent(event)

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def _type(self, place: int, key: str, text: str) -> None:
        if self.draft is not None:
            rows = _rows(self.draft)
            rows[place] = {**rows[place], key: text.strip()}
            self.changed.emit(self.draft.with_value(STEPS, rows).touched(f"{STEPS}.{place + 1}.{key}"))

    def _add(self) -> None:
        if self.draft is not None:
            self._with([*_rows(self.draft), {"text": "", "text_en": "", "role": ANYONE}])
            self.steps.rows[-1].edits["text"].setFocus()

    def _move(self, place: int, by: int) -> None:
        if self.draft is None:
            return
        rows = _rows(self.draft)
        if 0 <= place + by < len(rows):
            rows[place], rows[place + by] = rows[place + by], rows[place]
            self._with(rows)
            self.ensureWidgetVisible(self.steps.rows[place + by])

    def _remove(self, place: int) -> None:
        if self.draft is not None:
            rows = _rows(self.draft)
            del rows[place]
            if rows:
                self._with(rows)

    def _with(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if self.draft is not None:
            self.steps.settle()
            self.changed.emit(self.draft.with_value(STEPS, [dict(row) for row in rows]))


def _rows(draft: Draft) -> list[dict[str, str]]:
    """Return the steps, each with all its keys."""
    return [{"text": "", "text_en": "", "role": ANYONE, **row} for row in draft.row.get(STEPS) or ()]
