"""The table of who was overtaken on a day: each ticket with those called first, where and when."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent

from queuedesk.core.queue.ledger import LedgerRead
from queuedesk.i18n import _, listing, time_hm
from queuedesk.i18n.figures.ledger_words import passing
from queuedesk.i18n.names import lettered
from queuedesk.stations.manager.today.equipment_rows import LineTable
from queuedesk.stations.manager.today.equipment_words import Line


def heads() -> list[str]:
    """Return the titles of the columns."""
    return [
        _("Ticket", context="report"),
        _("Service", context="column"),
        _("Times", context="report"),
        _("Called first", context="report"),
    ]


def lines(read: LedgerRead) -> list[Line]:
    """Return a row for each ticket that was passed, most often first."""
    windows = {call.seq: call.window for call in read.state.calls}
    by = {t.label: t for t in read.state.tickets.values() if t.date == read.ledger.date}
    found = []
    for row in read.ledger.overtaken:
        told = [
            _(
                "{passing} {time} window {window}",
                passing=passing(read.setup, one, by.get(one.by)),
                time=time_hm(read.setup.local(one.time)),
                window=windows.get(one.seq, "—"),
            )
            for one in row.passed_by
        ]
        service = lettered(read.setup, row.ticket.legs[0].service)
        cells = (row.ticket.label, service, str(len(row.passed_by)), listing(told))
        found.append(Line(row.ticket.label, cells, tip=f"{row.ticket.label} · {cells[3]}"))
    return found


class OvertakenTable(LineTable):
    """`pressed` gives the number of the row on which Enter was pressed or that was pressed twice."""

    pressed = Signal(str)

    def press(self, row: int) -> None:
        self.pressed.emit(str(self._rows.lines[row].key))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.press(index.row())
