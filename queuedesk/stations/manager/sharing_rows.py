"""The PCs of a hall, each with its state, its kind, when it was seen last, and the way to let it in no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from queuedesk.core.setup import Setup
from queuedesk.core.sharing import PcState, SharedPc, pc_state
from queuedesk.i18n import _
from queuedesk.stations.manager.sharing_words import STATES, kind_word, seen_text, state_word
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import DangerButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, Rule, spread
from queuedesk.stations.widgets.pills import StatePill


@dataclass
class PcRow:
    """The widgets of one PC."""

    pill: StatePill
    name: Label
    kind: Label
    seen: Label
    button: DangerButton

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
        self._grid.setColumnStretch(1, 1)
        spread(look, self._grid, (18, 8, 12, 8), 5)
        self._grid.setHorizontalSpacing(look.px(16))
        self._widgets: list[QWidget] = []

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
        self.rows, self._widgets = {}, []
        for at, role in enumerate(roles):
            self._add(2 * at, role)
            if at:
                rule = Rule(self.look)
                self._grid.addWidget(rule, 2 * at - 1, 0, 1, 4)
                self._widgets.append(rule)

    def _add(self, at: int, role: str) -> None:
        look = self.look
        row = PcRow(
            StatePill(look, "idle", "", px=15, height=30),
            Label(look, px=17, bold=True),
            Label(look, px=15, token="ink2"),
            Label(look, px=15, token="ink2", tabular=True),
            DangerButton(look, "", height=44, px=16),
        )
        row.button.clicked.connect(partial(self._want, role))
        names = QWidget()
        column = QVBoxLayout(names)
        spread(look, column)
        column.addWidget(row.name)
        column.addWidget(row.kind)
        middle = Qt.AlignmentFlag.AlignVCenter
        for place, widget in enumerate((row.pill, names, row.seen, row.button)):
            self._grid.addWidget(widget, at, place, middle)
            self._widgets.append(widget)
        self._grid.setRowMinimumHeight(at, look.px(52))
        self.rows[role] = row

    def _want(self, role: str) -> None:
        self.withdraw_wanted.emit(self._pcs[role])
