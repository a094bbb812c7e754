"""Fairness: how often somebody was overtaken on a day and why, the rule that stood, who it was, and both papers."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.ledger import LedgerRead
from queuedesk.i18n import _, listing, say, time_hm
from queuedesk.i18n.figures.ledger_words import passing, rules, totals
from queuedesk.i18n.names import lettered
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.parts.date_keys import DateKeys
from queuedesk.stations.manager.parts.page_head import PageHead
from queuedesk.stations.manager.parts.table_page import SayingPage
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.manager.today.equipment_rows import LineRows, LineTable
from queuedesk.stations.manager.today.equipment_words import Line
from queuedesk.stations.manager.waits.fairness_controller import FairnessController
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.panels import Card, EmptyState, spread

# The table of who was overtaken on a day: each ticket with those called first, where and when.


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


OVERTAKEN = "overtakes.tickets"
TICKETS = "tickets"


class FairnessPage(SayingPage):
    """`said` is a notice with its icon; `place_wanted` leads to a ticket of today, `behind_wanted` to the tickets
    behind a day's overtakes."""

    place_wanted = Signal(object)
    behind_wanted = Signal(str, object, object, str)

    def __init__(
        self, controller: ManagerController, fairness_controller: FairnessController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._fairness_controller = controller, fairness_controller
        look = self._look = controller.context.look
        self.day: date = controller.day
        self.head = PageHead(look)
        self.order_button = SecondaryButton(look, "", icon="print")
        self.save_button = SecondaryButton(look, "", icon="save")
        self.print_button = SecondaryButton(look, "", icon="print")
        self.dates = DateKeys(look, self)
        self.behind_button = SecondaryButton(look, "", icon="ticket")
        self.banner = Banner(look)
        self.banner.hide()
        self.totals = Label(look, px=18, wrap=True)
        self.rule = Label(look, px=15, token="ink2", wrap=True)
        self.meaning = Label(look, px=15, token="ink2", wrap=True)
        self.rows = LineRows(look, heads, sign=0)
        self.table = OvertakenTable(look, self.rows)
        self.empty = EmptyState(look, "people")
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        spread(look, column, (32, 8, 32, 20), 10)
        for button in (self.order_button, self.save_button, self.print_button):
            self.head.add_button(button)
        column.addWidget(self.head)
        which = QHBoxLayout()
        spread(look, which, spacing=10)
        for widget in self.dates.widgets:
            which.addWidget(widget)
        which.addStretch(1)
        which.addWidget(self.behind_button)
        column.addLayout(which)
        column.addWidget(self.banner)
        told = Card(look)
        inside = QVBoxLayout(told)
        spread(look, inside, (18, 12, 18, 12), 6)
        inside.addWidget(self.totals)
        inside.addWidget(self.rule)
        inside.addWidget(self.meaning)
        column.addWidget(told)
        card = Card(look)
        list_ = QVBoxLayout(card)
        spread(look, list_, (12, 8, 12, 8), 0)
        list_.addWidget(self.table, 1)
        list_.addWidget(self.empty, 1)
        column.addWidget(card, 1)

    def _connect(self) -> None:
        fairness_controller = self._fairness_controller
        self.dates.picked.connect(self.set_day)
        self.order_button.clicked.connect(fairness_controller.print_order)
        self.save_button.clicked.connect(self._save)
        self.print_button.clicked.connect(self._print)
        self.behind_button.clicked.connect(self._show_behind)
        self.table.pressed.connect(self._open_ticket)
        fairness_controller.answered.connect(self._show)
        fairness_controller.failed.connect(self._fail)
        fairness_controller.refused.connect(self._refuse)
        fairness_controller.saved.connect(self.say_saved)
        fairness_controller.printed.connect(self.say_printed)
        for button in (self.order_button, self.save_button, self.print_button):
            fairness_controller.busy_changed.connect(button.set_busy)

    # -- what is asked -----------------------------------------------------------------------------------------------

    def set_day(self, day: date) -> None:
        """Show another date."""
        self.day = day
        self._show_day()
        self._fairness_controller.ask(day)

    def _save(self) -> None:
        self._fairness_controller.save_ledger(self.day)

    def _print(self) -> None:
        self._fairness_controller.print_ledger(self.day)

    def _show_behind(self) -> None:
        self.behind_wanted.emit(OVERTAKEN, self.day, self.day, _("Tickets overtaken", context="figure title"))

    def _open_ticket(self, label: str) -> None:
        if self.day == self._controller.day:
            self.place_wanted.emit(Place(TICKETS, ticket=label))
        else:
            self._show_behind()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Follow the day that is shown; what comes to the log changes only the current one."""
        self._show_day()
        found = self._fairness_controller.found
        if found is None or found.ledger.date != self.day or self.day == self._controller.day:
            self._fairness_controller.ask(self.day)

    def retranslate(self) -> None:
        self.head.set_title(_("Fairness", context="tab"))
        self.head.set_line(_("Who was overtaken, by whom and why"))
        self.order_button.setText(_("Order list"))
        self.order_button.setToolTip(_("Who is next for each service, on paper"))
        self.save_button.setText(_("Save"))
        self.print_button.setText(_("Print"))
        self.behind_button.setText(_("These tickets"))
        self.dates.retranslate()
        self.table.setAccessibleName(_("Who was overtaken, and by whom"))
        self.meaning.setText(
            _("Overtaken: called later than somebody who came later, by a window that could have served both.")
        )
        self.table.retranslate()
        can_save, can_print = self._fairness_controller.can_save, self._fairness_controller.can_print
        self.order_button.setVisible(can_save)
        self.save_button.setVisible(can_save)
        self.print_button.setVisible(can_print)
        self._show_day()
        if self._fairness_controller.found is not None:
            self._show(self._fairness_controller.found)
        else:
            self._say_empty("")
            self._fairness_controller.ask(self.day)

    def _show_day(self) -> None:
        self.dates.show_day(self.day, (self._controller.first_day(), self._controller.day))

    def _show(self, read: LedgerRead) -> None:
        if read.ledger.date != self.day:
            return
        self.banner.hide()
        self.totals.setText("\n".join(totals(read.ledger)))
        self.rule.setText(_("Rule: {rule}.", rule=rules(read.ledger)))
        self.rows.show(lines(read))
        has_rows = bool(self.rows.lines)
        self.table.setVisible(has_rows)
        self.empty.setVisible(not has_rows)
        self.empty.set_texts(_("Nobody was overtaken on this day") if read.ledger.rows else _("No ticket yet"))
        self.behind_button.setEnabled(has_rows)

    def _say_empty(self, text: str) -> None:
        self.empty.set_texts(text)
        self.empty.show()
        self.table.hide()
        self.behind_button.setEnabled(False)

    def _fail(self, trouble: QueueDeskError) -> None:
        self._say_empty(say(trouble))

    def _refuse(self, trouble: QueueDeskError) -> None:
        self.banner.warn(say(trouble))

    def stop(self) -> None:
        self._fairness_controller.stop()
