"""The whole line with its filters: who waits for what, who was missed, or which ticket stands in the wrong line."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import State
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, n_
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.stations.guide.line_rows import missed_rows, today, waiting_rows
from queuedesk.stations.guide.line_stage import EVERYONE, MISSED, LineStage
from queuedesk.stations.widgets.lists.lists import TicketRow
from queuedesk.stations.window.style import Look


class LinePage(QWidget):
    """Decides which rows the list shows. A row leads to its card, or, while `is_wrong`, to the question for its right
    line."""

    back = Signal()
    ticket_chosen = Signal(str)
    redirect_wanted = Signal(str)
    reinstate_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = LineStage(look)
        self.stage.back.connect(self.back)
        self.stage.filtered.connect(self._filter)
        self.stage.chosen.connect(self._choose)
        self.stage.acted.connect(self.reinstate_wanted)
        self._filter_now, self._away = EVERYONE, False
        self.is_wrong = False
        self._state: HallState | None = None
        self._now: datetime | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)

    def retranslate(self) -> None:
        self.stage.set_words(_("Back"))

    def open_line(self, filter_: str, *, wrong: bool) -> None:
        """Begin with a filter; `wrong` asks for the ticket that stands in the wrong line."""
        self._filter_now, self.is_wrong = filter_, wrong

    def refresh(self, state: HallState, now: datetime, *, away: bool) -> None:
        """Show the hall as it stands."""
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
            self._filter_now,
            self._rows(setup, self._state, self._now),
            empty=_("Nobody was missed") if self._filter_now == MISSED else _("Nobody is waiting"),
            away=self._away,
        )

    def _rows(self, setup: Setup, state: HallState, now: datetime) -> list[TicketRow]:
        if self._filter_now == MISSED:
            return [self._missed_row(setup, state, row.label, row.since) for row in missed_rows(state, now)]
        rows = waiting_rows(state, now)
        if self._filter_now == EVERYONE:
            return rows
        own = {t.label for t in state.waiting() if t.service == self._filter_now}
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
        self._filter_now = key
        self._show()

    def _choose(self, label: object) -> None:
        if self.is_wrong:
            self.redirect_wanted.emit(str(label))
        else:
            self.ticket_chosen.emit(str(label))
