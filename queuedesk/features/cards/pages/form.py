"""The form of a contingency card in the set-up: its names, and its steps in order."""

from __future__ import annotations

from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.field_kinds import BASICS, fields_of_row_class
from queuedesk.core.setup.sentences import ANYONE, MOST_STEPS, STEP_ROLES, ContingencyCard
from queuedesk.features.cards.words import step_role_text
from queuedesk.i18n import _, wording_in_current_language
from queuedesk.stations.manager.setup.fields_form import set_control_changeable
from queuedesk.stations.manager.setup.sentences_form import ListsForm, Row, SentenceList, SentenceRow
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.style import Look

STEPS = "steps"
BESIDE_FROM_PX, ROLE_LETTERS = 900, 10


class StepRow(SentenceRow):
    """A step: its role precedes its texts. A chosen role is `edited` as "role"."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.role = DropDown(look).set_minimum_letters(ROLE_LETTERS)
        self.insert_widget_before_texts(self.role)
        self.role.activated.connect(lambda at: self.edited.emit("role", STEP_ROLES[at]))

    def show_row(self, row: Row, place: int, count: int, *, may_change: bool, least: int = 1) -> None:
        super().show_row(row, place, count, may_change=may_change, least=least)
        words = [step_role_text(code) for code in STEP_ROLES]
        if words != [self.role.itemText(at) for at in range(self.role.count())]:
            self.role.clear()
            for code, word in zip(STEP_ROLES, words, strict=True):
                self.role.addItem(word, code)
        self.role.setCurrentIndex(STEP_ROLES.index(row["role"] or ANYONE))
        self.role.setAccessibleName(_("Who does step {n}", n=place))
        set_control_changeable(self.role, may_change)


class StepList(SentenceList):
    """The steps of a card."""

    most = MOST_STEPS
    new = MappingProxyType({"text": "", "text_en": "", "role": ANYONE})

    def add_button_label(self) -> str:
        return _("Add a step")

    def new_row(self) -> SentenceRow:
        return StepRow(self._look)


class CardForm(ListsForm):
    """A contingency card: its names, and its steps in order."""

    beside_from = BESIDE_FROM_PX

    def __init__(self, look: Look) -> None:
        steps = StepList(look, STEPS, wording_in_current_language(fields_of_row_class(ContingencyCard)[STEPS].title))
        super().__init__(look, ContingencyCard, [steps], BASICS)
        self.steps = self.lists[STEPS]
