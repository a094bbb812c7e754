"""The whole line with its filters: who waits for what, who was missed, or which ticket stands in the wrong line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import State
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, n_
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.stations.guide.line_rows import missed_rows, today, waiting_rows
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.lists import TicketList, TicketRow
from queuedesk.stations.widgets.panels import Card, EmptyCard, EmptyState, spread
from queuedesk.stations.widgets.pills import FilterPill
from queuedesk.stations.window.style import Look

EVERYONE, MISSED = "", "missed"


class LineStage(QWidget):
    """A long list with filters. `chosen` gives the number of a row, `acted` that of a row whose button was pressed."""

    back = Signal()
    filtered = Signal(str)
    chosen = Signal(object)
    acted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.back_button = SecondaryButton(look, "", icon="arrow-left", height=52, px=16)
        self.back_button.clicked.connect(self.back)
        self._title = Label(look, px=28, bold=True)
        self.pills: dict[str, FilterPill] = {}
        self._group = QButtonGroup(self)
        self.rows = TicketList(look, row_height=52, inset=20)
        self.rows.chosen.connect(self.chosen)
        self.rows.acted.connect(self.acted)
        self._empty = EmptyState(look, "waiting")
        self._none = EmptyCard(look, self._empty, bare=True)
        column = QVBoxLayout(self)
        spread(look, column, (28, 18, 28, 28), 14)
        head = QHBoxLayout()
        spread(look, head, (0, 0, 0, 0), 16)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        column.addLayout(head)
        self._filters = QHBoxLayout()
        spread(look, self._filters, (0, 0, 0, 0), 8)
        self._filters.addStretch(1)
        column.addLayout(self._filters)
        card = Card(look)
        inside = QVBoxLayout(card)
        spread(look, inside, (1, 4, 1, 4), 0)
        inside.addWidget(self.rows, 1)
        inside.addWidget(self._none, 1)
        column.addWidget(card, 1)

    def set_words(self, back: str) -> None:
        self.back_button.setText(back)

    def show_line(
        self,
        title: str,
        filters: Sequence[tuple[str, str]],
        current: str,
        rows: Sequence[TicketRow],
        *,
        empty: str,
        away: bool,
    ) -> None:
        """Show the rows of the filter `current`; `filters` are (key, word)."""
        self._title.setText(title)
        self.rows.setAccessibleName(title)
        if list(self.pills) != [key for key, _word in filters]:
            self._make_pills(filters)
        for key, word in filters:
            self.pills[key].setText(word)
            self.pills[key].setChecked(key == current)
            self.pills[key].updateGeometry()
        self.rows.setEnabled(not away)
        self.rows.set_rows(rows)
        self.rows.setVisible(bool(rows))
        self._empty.set_texts(empty)
        self._none.setVisible(not rows)

    def _make_pills(self, filters: Sequence[tuple[str, str]]) -> None:
        for pill in self.pills.values():
            self._group.removeButton(pill)
            pill.hide()
            pill.deleteLater()
        self.pills = {}
        for place, (key, word) in enumerate(filters):
            pill = FilterPill(self._look, word, height=40)
            pill.setObjectName(key)
            pill.clicked.connect(self._filter)
            self._group.addButton(pill)
            self._filters.insertWidget(place, pill)
            self.pills[key] = pill

    def _filter(self) -> None:
        pill = self.sender()
        if pill is not None:
            self.filtered.emit(pill.objectName())


class LinePage(QWidget):
    """Chooses the rows of the list. A row leads to its card, or, while `is_wrong`, to the question for its right
    line."""

    back = Signal()
    ticket_chosen = Signal(str)
    redirect_wanted = Signal(str)
    reinstate_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = LineStage(look)
        self.stage.set_words(_("Back"))
        self.stage.back.connect(self.back)
        self.stage.filtered.connect(self._filter)
        self.stage.chosen.connect(self._choose)
        self.stage.acted.connect(self.reinstate_wanted)
        self.filter, self._away = EVERYONE, False
        self.is_wrong = False
        self._state: HallState | None = None
        self._now: datetime | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)

    def open_line(self, filter_: str, *, wrong: bool) -> None:
        """Open with a filter; `wrong` asks for the ticket in the wrong line."""
        self.filter, self.is_wrong = filter_, wrong

    def refresh(self, state: HallState, now: datetime, *, away: bool) -> None:
        """Show the hall as it is now."""
        self._state, self._now, self._away = state, now, away
        if self.isVisible() or not self.stage.pills:
            self._show()

    def showEvent(self, event: object) -> None:
        self._show()

    def _show(self) -> None:
        if self._state is None or self._now is None:
            return
        setup = set_up(self._state)
        waiting, missed = self._state.waiting(), self._state.in_state(State.MISSED)
        filters = [(EVERYONE, _("All {n}", n=len(waiting)))]
        for code in setup.services:
            own = sum(ticket.service == code for ticket in waiting)
            filters.append((code, f"{letter_of(setup, code)} {own}"))
        if not self.is_wrong:
            filters.append((MISSED, n_("{n} missed", "{n} missed", len(missed))))
        self.stage.show_line(
            _("Which ticket is in the wrong line?") if self.is_wrong else _("The whole line"),
            filters,
            self.filter,
            self._rows(setup, self._state, self._now),
            empty=_("No missed tickets") if self.filter == MISSED else _("Nobody is waiting"),
            away=self._away,
        )

    def _rows(self, setup: Setup, state: HallState, now: datetime) -> list[TicketRow]:
        if self.filter == MISSED:
            return [self._missed_row(setup, state, row.label, row.since) for row in missed_rows(state, now)]
        rows = waiting_rows(state, now)
        if self.filter == EVERYONE:
            return rows
        own = {t.label for t in state.waiting() if t.service == self.filter}
        return [row for row in rows if row.number in own]

    @staticmethod
    def _missed_row(setup: Setup, state: HallState, label: str, since: str) -> TicketRow:
        ticket = today(state, label)
        service = service_name(setup, ticket.service) if ticket else ""
        return TicketRow(
            id=label,
            number=label,
            service=service,
            wait=since,
            icon="missed",
            token="amber",
            button=_("Back in line"),
        )

    def _filter(self, key: str) -> None:
        self.filter = key
        self._show()

    def _choose(self, label: object) -> None:
        if self.is_wrong:
            self.redirect_wanted.emit(str(label))
        else:
            self.ticket_chosen.emit(str(label))
