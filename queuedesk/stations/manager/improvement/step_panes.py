"""The page of a project's step: its rows, what it is about, and the one thing to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.stations.manager.improvement.fact_list import Fact, FactList
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, EmptyState, GroundArea, spread
from queuedesk.stations.window.style import L, Look, S


class PaneHead(QWidget):
    """A pane's heading, a line of facts at its right, and a second act."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        spread(look, row, spacing=12)
        self.title = Label(look, px=L, bold=True, wrap=True)
        self.note = Label(look, px=S, token="ink2", wrap=True, align=Qt.AlignmentFlag.AlignRight)
        self.button = SecondaryButton(look, "", icon="plus", height=44, px=15)
        row.addWidget(self.title, 3, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.note, 2, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button)

    def say(self, title: str, note: str = "", act: str = "") -> None:
        self.title.setText(title)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.button.setText(act)
        self.button.setVisible(bool(act))


class StepPane(QWidget):
    """`wanted` is the primary act, `second_wanted` the act at the head's right; `picked` gives what a row leads to."""

    wanted = Signal()
    second_wanted = Signal()
    picked = Signal(object)

    def __init__(self, look: Look, icon: str) -> None:
        super().__init__()
        self.head = PaneHead(look)
        self.facts = FactList(look)
        self.hint = Label(look, px=S, token="ink2", wrap=True)
        self.act_button = PrimaryButton(look, "", height=56, px=17, key="Enter")
        self.empty = EmptyState(look, icon)
        inner, card = QWidget(), Card(look)
        rows = QVBoxLayout(inner)
        spread(look, rows, (16, 8, 16, 8))
        rows.addWidget(self.facts)
        rows.addWidget(self.empty)
        rows.addStretch(1)
        around = QVBoxLayout(card)
        spread(look, around, (1, 4, 1, 4))
        around.addWidget(GroundArea(inner))
        column = QVBoxLayout(self)
        spread(look, column, spacing=12)
        column.addWidget(self.head)
        column.addWidget(self.hint)
        column.addWidget(card, 1)
        column.addWidget(self.act_button)
        self.act_button.clicked.connect(self.wanted)
        self.head.button.clicked.connect(self.second_wanted)
        self.facts.picked.connect(self.picked)

    def show_facts(self, name: str, facts: list[Fact], empty: tuple[str, str]) -> None:
        """Show rows under a name, or the two sentences that stand where there are none."""
        self.facts.set_facts(name, facts)
        self.facts.setVisible(bool(facts))
        self.empty.set_texts(*empty)
        self.empty.setVisible(not facts)

    @property
    def buttons(self) -> tuple[SecondaryButton | PrimaryButton, ...]:
        return self.act_button, self.head.button
