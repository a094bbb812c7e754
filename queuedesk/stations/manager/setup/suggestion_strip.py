"""What a preset suggests of a service, in the set-up: a strip that says so, and the dialog that keeps or drops it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.setup.suggestions import DROP, KEEP, suggestions_of
from queuedesk.i18n import _
from queuedesk.i18n.suggestion_words import fact_text, fact_title, facts_text
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.manager.setup_frame.words import row_name
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import Card, GroundArea, IconBadge, Margins, Rule, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

Facts = Mapping[str, Mapping[str, Any]]
MOST_HIGH = 380


class SuggestionStrip(QWidget):
    """Names the suggestions of the service shown and leads to them; hidden where there are none. `said` is a notice
    with its icon."""

    said = Signal(str, str)

    def __init__(self, look: Look, controller: SetUpController, host: QWidget, margins: Margins = (0, 0, 0, 0)) -> None:
        super().__init__()
        self._look, self._controller, self._host = look, controller, host
        self._draft: Draft | None = None
        self.words = Label(look, px=15, wrap=True)
        self.button = SecondaryButton(look, height=44, px=16)
        self.button.clicked.connect(self.open_dialog)
        card = Card(look)
        row = QHBoxLayout(card)
        spread(look, row, (12, 8, 8, 8), 10)
        row.addWidget(IconBadge(look, "info", bare=True))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        spread(look, column, margins)
        column.addWidget(card)
        controller.decided.connect(self._decided)
        self.hide()

    def show_service(self, draft: Draft | None) -> None:
        """Show the open suggestions of a service; None for no service."""
        self._draft = draft
        self.button.setVisible(self._controller.may_change)
        self.setVisible(bool(self._facts()))
        self.retranslate()

    def retranslate(self) -> None:
        self.words.setText(_("Suggested, not shown to customers yet: {facts}", facts=facts_text(self._facts())))
        self.button.setText(_("Keep or drop"))

    def open_dialog(self) -> None:
        """Show the suggestions whole."""
        if self._draft is not None:
            dialog = SuggestionDialog(self._host, self._look, row_name(self._draft.row), self._facts())
            dialog.decided.connect(partial(self._controller.decide, self._draft.code))
            dialog.open_dialog()

    def _facts(self) -> Facts:
        return suggestions_of(self._draft.row) if self._draft is not None else {}

    def _decided(self) -> None:
        self.said.emit(_("Saved"), "check")


class _FactsArea(GroundArea):
    """Scrolls the facts where a window is too low for all of them."""

    def __init__(self, look: Look, inside: QWidget) -> None:
        super().__init__(inside)
        self._look, self._inside = look, inside
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        wide = max(self.width(), self._look.px(400))
        high = self._inside.heightForWidth(wide) if self._inside.hasHeightForWidth() else 0
        return QSize(wide, min(max(high, self._inside.sizeHint().height()), self._look.px(MOST_HIGH)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class SuggestionDialog(Dialog):
    """Each suggestion whole, with its two answers. `decided` gives the answers by fact."""

    decided = Signal(dict)

    def __init__(self, host: QWidget, look: Look, name: str, facts: Facts) -> None:
        super().__init__(
            host,
            look,
            title=_("Is this true of {name}?", name=name),
            effect=_("What you keep is shown on displays, kiosks and tickets from then on."),
            width=860,
        )
        self.choices: dict[str, dict[str, ToggleChoice]] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        spread(self.look, column, (0, 0, 12, 0), 8)
        for fact, fields in facts.items():
            self._add(column, fact, fields)
        self.body.addWidget(_FactsArea(self.look, inside))
        self.all_buttons = {KEEP: SecondaryButton(self.look, _("Keep all", context="suggestion"), height=56, px=17)}
        self.all_buttons[DROP] = SecondaryButton(self.look, _("Drop all", context="suggestion"), height=56, px=17)
        for at, (answer, button) in enumerate(self.all_buttons.items()):
            button.clicked.connect(partial(self._answer_all, answer))
            self.buttons.insertWidget(at, button)
        self.put_answers(_("Decide later"), _("Save", context="dialog"), self._do)
        self._show()

    def _add(self, column: QVBoxLayout, fact: str, fields: Mapping[str, Any]) -> None:
        title = fact_title(fact)
        words = {KEEP: _("Keep", context="suggestion"), DROP: _("Drop", context="suggestion")}
        head, texts = QHBoxLayout(), QVBoxLayout()
        spread(self.look, head, spacing=8)
        spread(self.look, texts, spacing=2)
        texts.addWidget(Label(self.look, title, px=15, bold=True, token="ink2"))
        texts.addWidget(Label(self.look, fact_text(fact, fields), px=16, wrap=True))
        head.addLayout(texts, 1)
        self.choices[fact] = {}
        for answer, word in words.items():
            choice = ToggleChoice(self.look, word, height=44, px=16)
            choice.setAccessibleName(f"{word} · {title}")
            choice.clicked.connect(partial(self._answer, fact, answer))
            head.addWidget(choice, 0, Qt.AlignmentFlag.AlignTop)
            self.choices[fact][answer] = choice
        column.addLayout(head)
        column.addWidget(Rule(self.look))

    def answers(self) -> dict[str, str]:
        """Return the facts that are answered."""
        return {
            fact: answer for fact, own in self.choices.items() for answer, choice in own.items() if choice.isChecked()
        }

    def first_focus(self) -> QWidget:
        return self.all_buttons[KEEP]

    def _answer(self, fact: str, answer: str) -> None:
        for own, choice in self.choices[fact].items():
            choice.setChecked(choice.isChecked() and own == answer)
        self._show()

    def _answer_all(self, answer: str) -> None:
        for own in self.choices.values():
            for key, choice in own.items():
                choice.setChecked(key == answer)
        self._show()

    def _show(self) -> None:
        if self.answers():
            self.yes_button.allow(_("Save", context="dialog"))
        else:
            self.yes_button.block(_("Nothing decided yet"))

    def _do(self) -> None:
        answers = self.answers()
        if answers:
            self.close_dialog()
            self.decided.emit(answers)
