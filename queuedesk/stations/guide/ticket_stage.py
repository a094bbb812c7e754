"""One ticket's card: how it stands, and every act that its state allows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.stations.acts.ticket_acts import ICONS as ACT_ICONS
from queuedesk.stations.guide.line_rows import TicketFacts
from queuedesk.stations.guide.ticket.print_rail import FactRow
from queuedesk.stations.widgets.buttons import AccentButton, Button, DangerButton, SecondaryButton
from queuedesk.stations.widgets.labels import HeroLabel, Label
from queuedesk.stations.widgets.panels import Card, EvenGrid, spread
from queuedesk.stations.widgets.pills import ClassPill, StatePill
from queuedesk.stations.window.style import Look

REPRINT, OFFER = "reprint", "offer"
LOW_STAGE, LOW_FACTS = 600, 3  # drawn px
_WAIT = slice(1, 2)
"""The one fact of who waits that the sentence below does not say: how long."""
ICONS = {REPRINT: "print", **ACT_ICONS, OFFER: "arrow-right"}


class TicketStage(QWidget):
    """The card. `acted` gives the verb of the button pressed."""

    back = Signal()
    acted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.facts: TicketFacts | None = None
        self.back_button = SecondaryButton(look, "", icon="arrow-left", height=52, px=16)
        self.back_button.clicked.connect(self.back)
        self.number = HeroLabel(look, px=150)
        self.state = StatePill(look, "waiting", "")
        self._class = ClassPill(look, "", px=17)
        self._title = Label(look, px=20, token="ink2", wrap=True)
        self.why = Label(look, px=17, wrap=True)
        self._rows: list[FactRow] = []
        self.buttons: dict[str, Button] = {}
        for verb, icon in ICONS.items():
            kind: type[Button] = {"void": DangerButton, "reinstate": AccentButton}.get(verb, SecondaryButton)
            button = kind(look, "", icon=icon, height=76, px=18)
            button.setObjectName(verb)
            button.clicked.connect(self._press)
            self.buttons[verb] = button
        self.acts = EvenGrid(look, height=76, gap=8)
        self._build(look)
        look.changed.connect(self._fit)

    def _build(self, look: Look) -> None:
        column = QVBoxLayout(self)
        spread(look, column, (28, 18, 28, 28), 16)
        head = QHBoxLayout()
        head.addWidget(self.back_button)
        head.addStretch(1)
        column.addLayout(head)
        card = Card(look)
        inside = QVBoxLayout(card)
        spread(look, inside, (28, 20, 28, 24), 8)
        line = QHBoxLayout()
        spread(look, line, (0, 0, 0, 0), 16)
        line.addWidget(self.number, 1)
        line.addWidget(self._class)
        line.addWidget(self.state)
        inside.addLayout(line)
        inside.addWidget(self._title)
        self._facts = QVBoxLayout()
        spread(look, self._facts, (0, 8, 0, 0), 6)
        inside.addLayout(self._facts)
        inside.addWidget(self.why)
        inside.addStretch(1)
        column.addWidget(card, 1)
        column.addWidget(self.acts)

    def set_words(self, back: str, acts: Mapping[str, str]) -> None:
        """Set the word of the way back and of every act by its verb."""
        self.back_button.setText(back)
        for verb, word in acts.items():
            self.buttons[verb].setText(word)

    def show_ticket(self, facts: TicketFacts, *, away: bool) -> None:
        """Show a ticket as it stands."""
        self.facts = facts
        self.number.setText(facts.label)
        self.state.set_state(facts.state, facts.word)
        self._class.setText(facts.class_text)
        self._class.setVisible(bool(facts.class_text))
        self._class.updateGeometry()
        self._title.setText(facts.title)
        self.why.setText(facts.why)
        self._fit()
        verbs = [*([REPRINT, OFFER] if facts.has_paper else []), *facts.acts]
        shown = [self.buttons[verb] for verb in ICONS if verb in verbs]
        self.acts.set_widgets(shown)
        for button in self.buttons.values():
            button.setEnabled(not away)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """Show the facts; in a low stage few of them, and of who waits the one that the sentence does not say."""
        low = self.height() / self._look.scale.k < LOW_STAGE
        self.number.set_px(44 if low else 150)
        self.acts.set_height(44 if low else 76)
        self.back_button.setFixedHeight(self._look.px(44 if low else 52))
        facts = self.facts.facts if self.facts else ()
        lowest = facts[_WAIT] if self.facts and self.facts.state == "waiting" else facts[:LOW_FACTS]
        shown = lowest if low else facts
        while len(self._rows) < len(shown):
            row = FactRow(self._look)
            self._facts.addWidget(row)
            self._rows.append(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                row.set_fact(*shown[place], "")

    def _press(self) -> None:
        button = self.sender()
        if button is not None:
            self.acted.emit(button.objectName())
