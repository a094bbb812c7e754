"""What the first start asks of services beyond their rows: which one is called first, an emergency for example, and the
step on what customers read: facts of the preset, to keep or to drop service by service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.setup.presets import DROP, KEEP
from queuedesk.core.setup.rows import MOST_CREDIT
from queuedesk.i18n import _, n_
from queuedesk.i18n.suggestion_words import fact_text, fact_title
from queuedesk.stations.home.hall_draft import CLASSES, OF_THE_HALL, REASONS, HallDraft
from queuedesk.stations.home.wizard_steps import Step
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import Card, FixedSize, put_beside, spread
from queuedesk.stations.widgets.questions.forms import DropDown
from queuedesk.stations.window.style import Look

# -- who is called first -------------------------------------------------------------------------------------------

NAME_LETTERS = 14


class FirstChoice(QWidget):
    """The choice among the named services; `picked` gives a service's code, "" for none."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = Label(look, _("Called first", context="set-up"), px=16, token="ink2", elide=False)
        self.box = DropDown(look).share_width(NAME_LETTERS)
        self.box.setAccessibleName(_("Called first", context="set-up"))
        line = QHBoxLayout(self)
        spread(look, line, spacing=10)
        line.addWidget(self._label, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.box)
        self.box.currentIndexChanged.connect(lambda _at: self.picked.emit(str(self.box.currentData() or "")))

    def show_draft(self, draft: HallDraft) -> None:
        """Offer the services that have a name, where there are two or more to choose among."""
        names = {str(row["code"]): draft.name_of(row) for row in draft.services()}
        self.setVisible(len(names) > 1)
        self.box.show_choice(draft.goes_first, {"": _("Nobody: all in turn"), **names})


def note_of(draft: HallDraft) -> str:
    """Return what the choice does and that it can be changed, "" where all wait in turn."""
    if not draft.goes_first:
        return ""
    name, n = draft.name_of(draft.row("services", draft.goes_first)), draft.jump_every
    if n <= 1:
        return _(
            "Each {service} ticket is called as if it had come {minutes} min earlier. The last ticket is given at closing time. You can change both later in Set-up.",
            service=name,
            minutes=MOST_CREDIT,
        )
    return _(
        "{service} is called as if it had come {minutes} min earlier, at most one call in {n} ahead of its turn. The last ticket is given at closing time. You can change both later in Set-up.",
        service=name,
        minutes=MOST_CREDIT,
        n=n,
    )


# -- step 4: what customers read -----------------------------------------------------------------------------------

TITLE_PX, BESIDE_PX = 190, 720


class ServiceFacts(Card):
    """The facts that are suggested for one service, each with its title and in each language of the hall, and the two
    answers."""

    def __init__(self, look: Look, name: str, facts: Mapping[str, Mapping[str, Any]], languages: Sequence[str]) -> None:
        super().__init__(look)
        self.name = name
        self.choices = {answer: ToggleChoice(look, "", height=44, px=16) for answer in (KEEP, DROP)}
        head = QHBoxLayout()
        spread(look, head, spacing=8)
        head.addWidget(Label(look, name, px=18, bold=True), 1)
        for choice in self.choices.values():
            head.addWidget(choice)
        column = QVBoxLayout(self)
        spread(look, column, (18, 12, 14, 14), 8)
        column.addLayout(head)
        self._lines: list[QBoxLayout] = []
        for fact, fields in facts.items():
            title = Label(look, fact_title(fact), px=15, bold=True, token="ink2")
            FixedSize(look, title, width=TITLE_PX)
            line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            spread(look, line, spacing=8)
            line.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
            texts = dict.fromkeys(fact_text(fact, fields, lang) for lang in languages)
            line.addWidget(Label(look, "\n".join(texts), px=16, wrap=True), 1)
            self._lines.append(line)
            column.addLayout(line)
        for answer, word in ((KEEP, _("Keep", context="suggestion")), (DROP, _("Drop", context="suggestion"))):
            self.choices[answer].setText(word)
            self.choices[answer].setAccessibleName(f"{word} · {self.name}")

    def show_answer(self, answer: str) -> None:
        for own, choice in self.choices.items():
            choice.setChecked(own == answer)

    def make_room(self, wide: int) -> None:
        """Put the titles above their texts where both have no room side by side."""
        put_beside(wide >= self.look.px(BESIDE_PX), *self._lines)


class FactsStep(Step):
    """A card for each service of which the preset knows something that customers could read, then for the hall."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "facts", parent)
        self.cards: dict[str, ServiceFacts] = {}
        self._shown: object = None
        self._state = Label(look, px=17, bold=True, wrap=True)
        words = {KEEP: _("Keep all", context="suggestion"), DROP: _("Drop all", context="suggestion")}
        self.all_buttons = {answer: SecondaryButton(look, word, height=44, px=16) for answer, word in words.items()}
        line = QHBoxLayout()
        spread(look, line, (0, 0, 0, 10), 8)
        line.addWidget(self._state, 1)
        for answer, button in self.all_buttons.items():
            button.clicked.connect(partial(self._answer_all, answer))
            line.addWidget(button)
        self._list = QVBoxLayout()
        spread(look, self._list, spacing=10)
        self.column.addLayout(line)
        self.column.addLayout(self._list)
        self.column.addStretch(1)

    def words(self) -> tuple[str, str, str, str]:
        return (
            _("Public texts"),
            _("Is this right for your hall?"),
            _("Examples from other halls. Only what you keep is shown on displays, kiosks and tickets."),
            _("Next: public texts"),
        )

    def note(self) -> str:
        return _("Anything you leave undecided waits in Set-up. Customers do not see it.")

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        found = draft.suggestions()
        names = {
            code: f"{row['prefix']} {draft.name_of(row)}"
            for code in found
            if code not in OF_THE_HALL
            for row in [draft.row("services", code)]
        }
        names |= {
            CLASSES: _("Priority"),
            REASONS: _("Low ratings"),
            "announcements": _("Announcements", context="sentences"),
            "emergency": _("Emergency", context="sentences"),
        }
        if self._shown != (names, found, draft.languages):
            self._build(names, found, draft.languages)
            self._shown = names, found, draft.languages
        for code, card in self.cards.items():
            card.show_answer(draft.answers.get(code, ""))
        left = sum(code not in draft.answers for code in found)
        self._state.setText(n_("{n} to decide", "{n} to decide", left) if left else _("Everything is decided."))

    def _build(
        self, names: Mapping[str, str], found: Mapping[str, Mapping[str, Any]], languages: Sequence[str]
    ) -> None:
        for card in self.cards.values():
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {code: ServiceFacts(self.look, names[code], facts, languages) for code, facts in found.items()}
        for code, card in self.cards.items():
            for answer, choice in card.choices.items():
                choice.clicked.connect(partial(self._answer, code, answer))
            self._list.addWidget(card)
            card.make_room(self.viewport().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for card in self.cards.values():
            card.make_room(self.viewport().width())

    def first_field(self) -> QWidget:
        return self.all_buttons[KEEP]

    def _answer(self, code: str, answer: str) -> None:
        """Take an answer; the same one pressed again is taken back."""
        if self.draft is not None:
            on = self.cards[code].choices[answer].isChecked()
            self._give(self.draft.with_answer(answer if on else "", code))

    def _answer_all(self, answer: str) -> None:
        if self.draft is not None:
            self._give(self.draft.with_answer(answer))
