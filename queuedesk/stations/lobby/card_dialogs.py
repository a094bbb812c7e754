"""The questions about contingency cards: which one to open, and what happened when it ends."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.cards import LONGEST_NOTE, CardRun
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, n_, named, time_hm
from queuedesk.i18n.talk.card_words import card_name
from queuedesk.stations.manager.parts.text_area import TextArea
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.pick_dialog import Answer, PickDialog
from queuedesk.stations.window.style import Look

NOTE_OF = "note:"
MOST_ENDED = 3


def which_card(host: QWidget, look: Look, setup: Setup, runs: Sequence[CardRun]) -> PickDialog:
    """Return the question which card to open; below are those of today that are over, for their notes: picked as "note:N"."""
    opened = {run.card: run for run in runs if run.is_open}
    answers = []
    for card in setup.cards.values():
        run = opened.get(card.code)
        second = n_("{n} step", "{n} steps", len(card.steps))
        if run is not None:
            second = _("open since {time}", time=time_hm(setup.local(run.started)))
        answers.append(Answer(card.code, named(card.name, card.name_en), second, open=run is None))
    over = sorted((run for run in runs if not run.is_open), key=lambda run: -run.seq)[:MOST_ENDED]
    for run in over:
        at = time_hm(setup.local(run.started))
        answers.append(Answer(f"{NOTE_OF}{run.seq}", _("Note: {card}", card=card_name(run)), _("of {time}", time=at)))
    return PickDialog(
        host,
        look,
        title=_("What has happened?"),
        effect=_("Every station shows the card's next step until somebody ends it."),
        answers=answers,
        no=_("Nothing", context="card"),
    )


class EndDialog(Dialog):
    """`done` gives what was written down, "" for nothing."""

    done = Signal(str)

    def __init__(self, host: QWidget, look: Look, run: CardRun) -> None:
        left = len(run.steps) - len(run.ticks)
        effect = (
            n_("{n} step is not ticked.", "{n} steps are not ticked.", left) if left else _("All steps are ticked.")
        )
        super().__init__(host, look, title=_("End {card}?", card=card_name(run)), effect=effect, width=680)
        self.body.addWidget(Label(self.look, _("What happened, and what to do better"), px=17, bold=True))
        self.note = TextArea(self.look, 4)
        self.note.setFont(self.look.font(17))
        self.note.setAccessibleName(_("What happened, and what to do better"))
        self.note.typed.connect(self._look_at)
        self.body.addWidget(self.note)
        self.body.addWidget(Label(self.look, _("It stands on the note; it may stay empty."), px=15, token="ink2"))
        self.no_button = SecondaryButton(self.look, _("Leave it open"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, _("End it", context="card"), height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._do)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.yes_button)

    def first_focus(self) -> QWidget:
        return self.note

    def _look_at(self, text: str) -> None:
        if len(text.strip()) > LONGEST_NOTE:
            self.yes_button.block(_("At most {n} characters", n=LONGEST_NOTE))
        else:
            self.yes_button.allow(_("End it", context="card"))

    def _do(self) -> None:
        self.close_dialog()
        self.done.emit(self.note.text().strip())
