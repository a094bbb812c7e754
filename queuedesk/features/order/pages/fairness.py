"""Who was overtaken on a day, by whom and by which rule; the ledger and the order list on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.overview import wait_level
from queuedesk.core.queue.ticket import seconds
from queuedesk.features.order import verbs
from queuedesk.features.order.rules import LedgerRead
from queuedesk.features.order.words import passing_reason, rules
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, current, minutes_text, n_, say, time_hm
from queuedesk.i18n.names import lettered
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers
from queuedesk.stations.manager.parts.page import Act, DateKeys, Page, PageSpec
from queuedesk.stations.manager.parts.page_controller import OneReading, PaperController
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.charts.figures import FigureStrip
from queuedesk.stations.widgets.lists.strips import Figure
from queuedesk.stations.widgets.panels import Label, spread
from queuedesk.stations.window.context import StationContext


class Overtaken(Struct, frozen=True):
    """Somebody called first before the ticket `label`: who, when, why and where. `again` says that the row above is of
    the same ticket, whose own cells then stay empty; `level` ("", "amber", "red") colours its wait."""

    label: str
    seq: int
    service: str
    came: str
    called: str
    waited: str
    level: str
    by: str
    why: str
    window: str
    again: bool = False


def overtaken(read: LedgerRead) -> list[Overtaken]:
    """Return a row for each time that a ticket was passed, in the order of the tickets."""
    setup = read.setup
    windows = {call.seq: call.window for call in read.state.calls}
    by = {t.label: t for t in read.state.tickets.values() if t.date == read.ledger.date}
    found = []
    for row in sorted(read.ledger.overtaken, key=lambda one: one.ticket.seq):
        leg = row.ticket.legs[0]
        minutes = seconds(leg.joined, leg.called) // 60 if leg.called is not None else None
        for at, one in enumerate(row.passed_by):
            found.append(
                Overtaken(
                    label=row.ticket.label,
                    seq=one.seq,
                    service=lettered(setup, leg.service),
                    came=time_hm(setup.local(row.ticket.arrived)),
                    called=time_hm(setup.local(leg.called)) if leg.called is not None else UNKNOWN,
                    waited=minutes_text(minutes) if minutes is not None else UNKNOWN,
                    level=wait_level(setup, minutes) if minutes is not None else "",
                    by=_("{ticket} at {time}", ticket=one.by, time=time_hm(setup.local(one.time)), context="called"),
                    why=passing_reason(setup, one, by.get(one.by)),
                    window=windows.get(one.seq, UNKNOWN),
                    again=at > 0,
                )
            )
    return found


UNKNOWN = "—"


def _once(text: Callable[[Overtaken], str]) -> Callable[[Overtaken], str]:
    return lambda one: "" if one.again else text(one)


def _by_ticket(one: Overtaken) -> tuple[bool, str, int]:
    return False, one.label, one.seq


def columns() -> list[Column[Overtaken]]:
    return [
        Column(
            title=_("Ticket", context="report"),
            key="ticket",
            text=_once(lambda one: one.label),
            bold=True,
            sort=_by_ticket,
        ),
        Column(
            title=_("Service", context="column"),
            text=_once(lambda one: one.service),
            gives=True,
            least=120,
        ),
        Column(title=_("Came", context="column"), text=_once(lambda one: one.came), is_right=True),
        Column(title=_("Called", context="column"), text=_once(lambda one: one.called), is_right=True),
        Column(
            title=_("Waited", context="column"),
            text=_once(lambda one: one.waited),
            is_right=True,
            token=lambda one: one.level or "ink",
            bold=lambda one: bool(one.level),
        ),
        Column(title=_("Called first", context="report"), text=lambda one: one.by),
        Column(title=_("Why", context="report"), text=lambda one: one.why, gives=True, least=140, grows=True),
        Column(title=_("Window", context="column"), text=lambda one: one.window, is_right=True),
    ]


def _spoken(one: Overtaken, _column: object = None) -> str:
    told = (one.label, one.service, one.came, one.called, one.waited, one.by, one.why, one.window)
    return " · ".join(told)


TABLE = TableSpec[Overtaken](
    name=lambda: _("Which later tickets went first"),
    columns=columns,
    key=lambda one: (one.label, one.seq),
    tip=_spoken,
    spoken=_spoken,
    row_height=46,
)


def tiles(read: LedgerRead) -> list[Figure]:
    """Return the day's five figures of order."""
    ledger = read.ledger
    most = next((row for row in ledger.overtaken if len(row.passed_by) == ledger.most), None)
    passed, skilled, held = len(ledger.overtaken), len(ledger.skilled), sum(ledger.held_back.values())
    return [
        Figure(
            _("Later ticket first", context="figure"),
            str(passed),
            n_("ticket", "tickets", passed, context="unit"),
            _("of {n} · {times} times in all", n=len(ledger.rows), times=ledger.overtakes),
            short_second=_("of {n}", n=len(ledger.rows)),
        ),
        Figure(
            _("Most for one"),
            str(ledger.most),
            n_("time", "times", ledger.most, context="unit"),
            most.ticket.label if most is not None else _("nobody"),
        ),
        Figure(
            _("Ahead by priority", context="figure"),
            str(ledger.jumps),
            n_("of {n} call", "of {n} calls", ledger.calls, context="jumps"),
            _("before an earlier place"),
            short_second=_("before others"),
        ),
        Figure(
            _("Held back by the rule"),
            str(held),
            n_("time", "times", held, context="unit"),
            _("priority calls not made"),
            short_title=_("Held back"),
            short_second=_("not made", context="jumps"),
        ),
        Figure(
            _("Passed by other lines"),
            str(skilled),
            n_("ticket", "tickets", skilled, context="unit"),
            _("no turn was lost"),
            short_title=_("By other lines"),
        ),
    ]


OVERTAKEN = "overtakes.tickets"
TICKETS = "tickets"


class FairnessController(PaperController):
    """`answered` gives the ledger last asked for, `failed` why there is none."""

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.found: LedgerRead | None = None
        self._reading = OneReading(context, self)

    @property
    def can_save(self) -> bool:
        """Whether there is a folder to save in."""
        return self.context.services.folder is not None

    @property
    def can_print(self) -> bool:
        return self.can_save and super().can_print

    def ask(self, day: date) -> None:
        """Read a date's ledger, unless it was read and the log has not grown since."""
        wanted = (day, self.context.feed.state.now.seq)
        work = partial(verbs.read_ledger, self.context.desk, self.context.clock(), day)
        self._reading.read_once(wanted, work, self._take, self.failed.emit)

    def _take(self, found: LedgerRead) -> None:
        self.found = found
        self.answered.emit(found)

    def save_ledger(self, day: date) -> None:
        """Write a day's ledger into the folder of reports."""
        self._make_ledger(day, send=False)

    def print_ledger(self, day: date) -> None:
        """Send a day's ledger to this PC's printer."""
        self._make_ledger(day, send=True)

    def print_order(self) -> None:
        """Print the list of who is next on this PC's printer, or save it in the folder of reports if there is none."""
        from queuedesk.features.order.papers import order_pdf

        desk, now, lang = self.context.desk, self.context.clock(), current()
        self._make(
            "order.pdf",
            lambda path: write_file(path, order_pdf(verbs.read_order(desk, now), lang)),
            send=self.can_print,
        )

    def _make_ledger(self, day: date, *, send: bool) -> None:
        from queuedesk.features.order.papers import ledger_pdf

        desk, now, lang = self.context.desk, self.context.clock(), current()
        self._make(
            f"ledger-{day.isoformat()}.pdf",
            lambda path: write_file(path, ledger_pdf(verbs.read_ledger(desk, now, day), lang, now=now)),
            send=send,
        )


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
            line=lambda: _("Which later tickets went first, and why"),
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
        self.put_tools(*self.dates.widgets)
        self.totals = FigureStrip(look, height=96)
        self.put(self.totals)
        self.list: ListCard[Overtaken] = ListCard(look, TABLE, "people")
        self.table, self.empty = self.list.table, self.list.empty
        self.put(self.list, 1)
        self.rule = Label(look, px=15, token="ink2", wrap=True)
        self.meaning = Label(
            look,
            _(
                "A later ticket went first: it was called before an earlier one by a window that could have served both."
            ),
            px=15,
            token="ink2",
            wrap=True,
        )
        self.behind_button = SecondaryButton(look, _("These tickets"), icon="ticket", height=44)
        told, words = QHBoxLayout(), QVBoxLayout()
        spread(look, told, spacing=24)
        spread(look, words, spacing=2)
        words.addWidget(self.rule)
        words.addWidget(self.meaning)
        told.addLayout(words, 1)
        told.addWidget(self.behind_button)
        self.list.put_foot(told)
        self.dates.picked.connect(self.set_day)
        self.empty.acted.connect(self.dates.choose_day)
        self.behind_button.clicked.connect(self._show_behind)
        self.table.opened.connect(self._open_ticket)
        fairness_controller.answered.connect(self._show)
        fairness_controller.failed.connect(self._fail)
        self.follow_papers(fairness_controller, *self.buttons)
        self._begin()

    def _begin(self) -> None:
        """Show what was read of the date, or ask for it."""
        self._show_day()
        if self._fairness_controller.found is not None:
            self._show(self._fairness_controller.found)
        else:
            self._say_empty("")
            self._fairness_controller.ask(self.day)

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
        self.behind_wanted.emit(
            OVERTAKEN, self.day, self.day, _("Tickets with a later one first", context="figure title")
        )

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

    def _show_day(self) -> None:
        self.dates.show_day(self.day, (self._controller.first_day(), self._controller.day))

    def _show(self, read: LedgerRead) -> None:
        if read.ledger.date != self.day:
            return
        self.banner.hide()
        self.totals.set_figures(tiles(read))
        self.rule.setText(_("Rule: {rule}.", rule=rules(read.ledger)))
        self.list.show_rows(overtaken(read))
        none = _("No later ticket went first on this day") if read.ledger.rows else _("No ticket yet")
        self.list.say_empty(none, act=_("Choose another day"))
        n = len(read.ledger.overtaken)
        self.behind_button.setText(n_("This {n} ticket", "These {n} tickets", n) if n else _("These tickets"))
        self.behind_button.setEnabled(bool(n))

    def _say_empty(self, text: str) -> None:
        self.list.say_empty(text)
        self.list.show_rows([])
        self.behind_button.setEnabled(False)

    def _fail(self, trouble: QueueDeskError) -> None:
        self._say_empty(say(trouble))

    def stop(self) -> None:
        self._fairness_controller.stop()

    def left_as(self) -> date:
        return self.day

    def take_up(self, left: date) -> None:
        self.day = left
        self._begin()


def fairness_page(controller: ManagerController, own: Controllers) -> FairnessPage:
    """Return the page for the tabs of order and waits."""
    return FairnessPage(controller, own(FairnessController, controller.context))
