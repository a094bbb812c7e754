"""The PCs of a hall, each with its state, its kind, when it was seen last, and the way to let it in no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from queuedesk.core.network.sharing import PcState, SharedPc, pc_state
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.network.sharing_words import STATES, kind_word, seen_text, state_word
from queuedesk.stations.widgets.buttons import DangerButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, Rule, spread
from queuedesk.stations.widgets.pills import StatePill
from queuedesk.stations.window.style import Look

WIDE_FROM, BUTTON_BESIDE_FROM = 480, 300
Place = tuple[int, int, int]
WIDE: tuple[Place, ...] = ((0, 0, 1), (0, 1, 1), (0, 2, 1), (0, 3, 1))
NARROW: tuple[Place, ...] = ((1, 0, 1), (0, 0, 1), (2, 0, 1), (0, 1, 3))
STACKED: tuple[Place, ...] = ((1, 0, 1), (0, 0, 1), (2, 0, 1), (3, 0, 1))
"""Where a PC's state, names, last sign and button stand: line and column among its own, and over how many lines."""
LINES = 5


@dataclass
class PcRow:
    """The widgets of one PC."""

    pill: StatePill
    name: Label
    kind: Label
    seen: Label
    button: DangerButton
    names: QWidget

    def widgets(self) -> tuple[QWidget, ...]:
        """Return what a layout has of it, in the order of the places."""
        return (self.pill, self.names, self.seen, self.button)

    def show(self, setup: Setup, pc: SharedPc, now: datetime, *, may_withdraw: bool) -> None:
        """Show how the PC stands."""
        state = pc_state(pc, now)
        self.pill.set_state(STATES[state], state_word(state))
        self.name.setText(pc.name)
        self.name.set_token("ink2" if state is PcState.WITHDRAWN else "ink")
        self.kind.setText(kind_word(pc.kind))
        self.seen.setText(seen_text(setup, pc, now))
        self.button.setText(_("Withdraw"))
        self.button.setAccessibleName(_("Withdraw {name}", name=pc.name))
        self.button.setVisible(may_withdraw and state is not PcState.WITHDRAWN)


class PcList(Card):
    """`withdraw_wanted` gives the SharedPc whose button was pressed. Rows stay while the PCs are the same and in the same order."""

    withdraw_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.rows: dict[str, PcRow] = {}
        self._pcs: dict[str, SharedPc] = {}
        self._grid = QGridLayout(self)
        self._places = WIDE
        spread(look, self._grid, (18, 8, 12, 8), 5)
        # After the layout has taken its own spacing anew.
        look.changed.connect(self._space)
        self._space()
        self._widgets: list[QWidget] = []
        self._rules: list[Rule] = []

    def show_pcs(self, setup: Setup, pcs: Sequence[SharedPc], now: datetime, *, own: str, may_withdraw: bool) -> None:
        """Show these PCs; the one with the role `own` is this PC, which withdraws others."""
        if [pc.role for pc in pcs] != list(self.rows):
            self._lay_out([pc.role for pc in pcs])
        self._pcs = {pc.role: pc for pc in pcs}
        for role, pc in self._pcs.items():
            row = self.rows[role]
            row.show(setup, pc, now, may_withdraw=may_withdraw and role != own)
            if role == own:
                row.seen.setText(_("this PC"))

    def _lay_out(self, roles: Sequence[str]) -> None:
        for widget in self._widgets:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.rows = {role: self._new_row(role) for role in roles}
        self._rules = [Rule(self.look) for _role in roles[1:]]
        self._widgets = [*self._rules, *(widget for row in self.rows.values() for widget in row.widgets())]
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px, width = self.look.px, self.width()
        places = WIDE if width >= px(WIDE_FROM) else NARROW if width >= px(BUTTON_BESIDE_FROM) else STACKED
        if places != self._places:
            self._places = places
            self._place()

    def _space(self) -> None:
        self._grid.setHorizontalSpacing(self.look.px(16))

    def _place(self) -> None:
        """Lay the rows out for the room there is."""
        is_wide, middle = self._places == WIDE, Qt.AlignmentFlag.AlignVCenter
        for column in range(2):
            self._grid.setColumnStretch(column, int(column == is_wide))
        for at, row in enumerate(self.rows.values()):
            for widget, (line, column, lines) in zip(row.widgets(), self._places, strict=True):
                side = Qt.AlignmentFlag.AlignLeft if widget is row.pill else Qt.AlignmentFlag(0)
                self._grid.addWidget(widget, LINES * at + line, column, lines, 1, middle | side)
            self._grid.setRowMinimumHeight(LINES * at, self.look.px(52) if is_wide else 0)
        columns = 1 + max(column for _line, column, _lines in self._places)
        for at, rule in enumerate(self._rules):
            self._grid.addWidget(rule, LINES * (at + 1) - 1, 0, 1, columns)

    def _new_row(self, role: str) -> PcRow:
        look, names = self.look, QWidget()
        row = PcRow(
            StatePill(look, "idle", "", px=15, height=30),
            Label(look, px=17, bold=True),
            Label(look, px=15, token="ink2"),
            Label(look, px=15, token="ink2", tabular=True),
            DangerButton(look, "", height=44, px=16),
            names,
        )
        row.button.clicked.connect(partial(self._want, role))
        column = QVBoxLayout(names)
        spread(look, column)
        column.addWidget(row.name)
        column.addWidget(row.kind)
        return row

    def _want(self, role: str) -> None:
        self.withdraw_wanted.emit(self._pcs[role])
