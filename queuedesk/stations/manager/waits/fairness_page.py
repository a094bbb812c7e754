"""Who was overtaken on a day, by whom and by which rule; the ledger and the order list on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.public_order import LedgerRead
from queuedesk.i18n import _, listing, say, time_hm
from queuedesk.i18n.figures.import_words import passing, rules, totals
from queuedesk.i18n.names import lettered
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.parts.page_head import DateKeys
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.manager.waits.fairness_controller import FairnessController
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, spread


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A ticket that others were called before: how often, and each of them with time and window."""

    label: str
    service: str
    times: str
    passed_by: str


def overtaken(read: LedgerRead) -> list[Overtaken]:
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
        found.append(Overtaken(row.ticket.label, service, str(len(row.passed_by)), listing(told)))
    return found


def columns() -> list[Column[Overtaken]]:
    return [
        Column(title=_("Ticket", context="report"), text=lambda one: one.label, bold=True),
        Column(title=_("Service", context="column"), text=lambda one: one.service),
        Column(title=_("Times", context="report"), text=lambda one: one.times),
        Column(
            title=_("Called first", context="report"),
            text=lambda one: one.passed_by,
            gives=True,
            least=160,
            grows=True,
        ),
    ]


TABLE = TableSpec[Overtaken](
    name=lambda: _("Who was overtaken, and by whom"),
    columns=columns,
    key=lambda one: one.label,
    tip=lambda one: f"{one.label} · {one.passed_by}",
    spoken=lambda one, _column: f"{one.label} · {one.passed_by}",
)
OVERTAKEN = "overtakes.tickets"
TICKETS = "tickets"


class FairnessPage(Page):
    """`place_wanted` leads to a ticket of today, `behind_wanted` to the tickets of a day's overtakes."""

    place_wanted = Signal(object)
    behind_wanted = Signal(str, object, object, str)

    def __init__(
        self, controller: ManagerController, fairness_controller: FairnessController, parent: QWidget | None = None
    ) -> None:
        self._controller, self._fairness_controller = controller, fairness_controller
        look = controller.context.look
        can_save, can_print = (lambda: fairness_controller.can_save), (lambda: fairness_controller.can_print)
        spec = PageSpec(
            title=lambda: _("Fairness", context="tab"),
            line=lambda: _("Who was overtaken, by whom and why"),
            acts=(
                Act(
                    text=lambda: _("Order list"),
                    tip=lambda: _("Who is next for each service, on paper"),
                    do=fairness_controller.print_order,
                    icon="print",
                    offered=can_save,
                ),
                Act(text=lambda: _("Save"), do=self._save, icon="save", offered=can_save),
                Act(text=lambda: _("Print"), do=self._print, icon="print", offered=can_print),
            ),
        )
        super().__init__(look, spec, parent)
        self.order_button, self.save_button, self.print_button = self.buttons
        self.day: date = controller.day
        self.dates = DateKeys(look, self)
        self.behind_button = SecondaryButton(look, "", icon="ticket")
        self.put_tools(*self.dates.widgets)
        self.totals = Label(look, px=18, wrap=True)
        self.rule = Label(look, px=15, token="ink2", wrap=True)
        self.meaning = Label(look, px=15, token="ink2", wrap=True)
        told = Card(look)
        inside = QVBoxLayout(told)
        spread(look, inside, (18, 12, 18, 12), 6)
        for label in (self.totals, self.rule, self.meaning):
            inside.addWidget(label)
        self.put(told)
        self.list: ListCard[Overtaken] = ListCard(look, TABLE, "people")
        self.table, self.empty = self.list.table, self.list.empty
        self.put(self.list, 1)
        self.dates.picked.connect(self.set_day)
        self.behind_button.clicked.connect(self._show_behind)
        self.table.opened.connect(self._open_ticket)
        fairness_controller.answered.connect(self._show)
        fairness_controller.failed.connect(self._fail)
        self.follow_papers(fairness_controller, *self.buttons)

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

    def _open_ticket(self, row: Overtaken) -> None:
        if self.day == self._controller.day:
            self.place_wanted.emit(Place(TICKETS, ticket=row.label))
        else:
            self._show_behind()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Follow the day shown; new events change only the current one."""
        self._show_day()
        found = self._fairness_controller.found
        if found is None or found.ledger.date != self.day or self.day == self._controller.day:
            self._fairness_controller.ask(self.day)

    def retranslate(self) -> None:
        super().retranslate()
        self.behind_button.setText(_("These tickets"))
        self.dates.retranslate()
        self.meaning.setText(
            _("Overtaken: called later than somebody who came later, by a window that could have served both.")
        )
        self.table.retranslate()
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
        self.list.show_rows(overtaken(read))
        self.list.say_empty(_("Nobody was overtaken on this day") if read.ledger.rows else _("No ticket yet"))
        self.behind_button.setEnabled(bool(read.ledger.overtaken))

    def _say_empty(self, text: str) -> None:
        self.list.say_empty(text)
        self.list.show_rows([])
        self.behind_button.setEnabled(False)

    def _fail(self, trouble: QueueDeskError) -> None:
        self._say_empty(say(trouble))

    def stop(self) -> None:
        self._fairness_controller.stop()
