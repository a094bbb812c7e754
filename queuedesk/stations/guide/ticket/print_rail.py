"""Beside the papers: the ticket about to be printed, what its holder is told, and the one button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import HeroLabel, Label, Run, RunsLabel
from queuedesk.stations.widgets.panels import Rule, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

LOW_RAIL = 600  # drawn px
WINDOWS_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RailText:
    """What stands beside the papers, finished. `rows` are (name, figure, unit); `refusal` "" while none."""

    number: str
    title: str
    rows: tuple[tuple[str, str, str], ...]
    refusal: str = ""


class FactRow(QWidget):
    """A name at the left, its figure with the unit at the right."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Label(look, px=20, token="ink2")
        self.figure = RunsLabel(look, align=Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        spread(look, row, (0, 0, 0, 0), 12)
        row.addWidget(self.name)
        row.addWidget(self.figure, 1)
        self.figure.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_fact(self, name: str, figure: str, unit: str) -> None:
        """Show another fact; a figure that is words alone is smaller."""
        self.name.setText(name)
        px = 28 if unit else 22
        runs = [Run(figure, px, True, tabular=False)]
        if unit:
            runs.append(Run(unit, 20, gap=6))
        self.figure.set_runs(runs)


class PrintRail(QWidget):
    """The number, three facts, "not ready", and print."""

    print_wanted = Signal()
    not_ready_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._caption = Label(look, px=16, bold=True, token="ink2")
        self.number = HeroLabel(look, px=110)
        self._title = Label(look, px=18, token="ink2", wrap=True)
        self._rule = Rule(look)
        self._facts = QVBoxLayout()
        self._rows: list[FactRow] = []
        self.refusal = ErrorLine(look)
        self.not_ready_button = SecondaryButton(look, "", height=76, px=18)
        self.not_ready_button.clicked.connect(self.not_ready_wanted)
        self.print_button = PrimaryButton(look, "", icon="print", height=104, px=28)
        self.print_button.clicked.connect(self.print_wanted)
        self._hint = Label(look, px=15, token="ink2", align=Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        spread(look, column, (24, 22, 24, 22), 0)
        column.addWidget(self._caption)
        top = QVBoxLayout()
        spread(look, top, (0, 10, 0, 14), 10)
        top.addWidget(self.number)
        top.addWidget(self._title)
        column.addLayout(top)
        column.addWidget(self._rule)
        spread(look, self._facts, (0, 22, 0, 0), 8)
        column.addLayout(self._facts)
        column.addStretch(1)
        foot = QVBoxLayout()
        spread(look, foot, (0, 0, 0, 0), 14)
        for widget in (self.refusal, self.not_ready_button, self.print_button, self._hint):
            foot.addWidget(widget)
        column.addLayout(foot)
        self._print_word = ""
        self._said: Sequence[tuple[str, str, str]] = ()
        look.changed.connect(self._fit)

    def retranslate(self) -> None:
        """Set the words that are the same for every ticket."""
        self._caption.setText(_("Next ticket"))
        self._print_word = _("Print ticket")
        self.print_button.setText(self._print_word)
        self.not_ready_button.setText(_("Not ready: print the list"))
        self.not_ready_button.set_second(_("no ticket, counted once"))
        self._hint.setText(_("Enter prints too"))

    def show_ticket(
        self, said: RailText, *, can_print: bool, has_papers: bool, busy: bool, all_the_same: bool = False
    ) -> None:
        """Show the ticket about to be printed; `all_the_same`: whatever speaks against it."""
        self.number.setText(said.number)
        self._title.setText(said.title)
        self._said = said.rows
        self._fit()
        self.refusal.setVisible(bool(said.refusal))
        self.refusal.say(said.refusal, refused=True)
        self.not_ready_button.setVisible(has_papers)
        self.not_ready_button.setEnabled(can_print)
        self.print_button.setText(_("Print all the same") if all_the_same else self._print_word)
        self.print_button.setEnabled(can_print)
        if busy != self.print_button.is_busy():
            self.print_button.set_busy(busy)
            self.not_ready_button.set_busy(busy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """Give up, in a low rail, what the stage beside it says anyway."""
        low = self.height() / self._look.scale.k < LOW_RAIL
        self.number.set_px(56 if low else 110)
        for spare in (self._caption, self._title, self._hint):
            spare.setVisible(not low)
        kept = [row for place, row in enumerate(self._said) if not low or place != WINDOWS_ROW]
        self._show_facts(kept)

    def _show_facts(self, rows: Sequence[tuple[str, str, str]]) -> None:
        while len(self._rows) < len(rows):
            row = FactRow(self._look)
            self._facts.addWidget(row)
            self._rows.append(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(rows))
            if place < len(rows):
                row.set_fact(*rows[place])
