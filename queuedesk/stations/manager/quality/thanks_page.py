"""Thanks of customers to people who work here: a list, and one step to note another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.desk.change import Document
from queuedesk.desk.quality import thanking
from queuedesk.i18n import _, date_short, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.stations.acts.thanks_question import ICON, ThanksDialog, thanks_said
from queuedesk.stations.manager.parts.page import Act, ListSpec, PageSpec, TablePage
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.parts.table import Column
from queuedesk.stations.window.context import StationContext


class ThanksController(PageController[list[Document]]):
    """Reads the thanks of the last 30 days and notes others. `noted` gives who was thanked."""

    noted = Signal(str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.rows: list[Document] = []

    def _reader(self) -> Callable[[], list[Document]]:
        who = self.context.who
        if who is None:
            return list
        return partial(thanking.thanks_of, self.context.desk, who, self.context.clock())

    def _take(self, read: list[Document]) -> None:
        if read != self.rows:
            self.rows = read
            self.changed.emit()

    def thank(self, staff: str, words: str) -> None:
        """Note thanks to somebody."""
        work = partial(thanking.thank, self.context.desk, self.context.ask(), staff, words=words)
        self._run("thanks", work, self._noted)

    def _noted(self, document: Document) -> None:
        self.noted.emit(document["staff"])
        self.look()


class ThanksPage(TablePage[Document]):
    """The thanks of the last 30 days, the latest first."""

    def __init__(self, controller: ThanksController) -> None:
        self._controller = controller
        context = controller.context
        page = PageSpec(
            title=lambda: _("Quality", context="page"),
            line=lambda: _("Thanks of the last 30 days"),
            acts=(
                Act(
                    text=lambda: _("Note thanks"),
                    do=self.ask,
                    icon=ICON,
                    is_main=True,
                    changes_hall=True,
                    offered=lambda: controller.may("thanks"),
                ),
            ),
        )
        table = ListSpec[Document](
            name=lambda: _("Thanks", context="tab"),
            columns=self._columns,
            rows=lambda _now: controller.rows,
            key=lambda row: row["thanks"],
            icon=ICON,
            empty=lambda: (
                _("Nobody was thanked in the last 30 days"),
                _("Front desk and manager note thanks here, or at a ticket."),
            ),
        )
        super().__init__(context.look, page, table)
        controller.setParent(self)
        controller.changed.connect(self._show)
        controller.noted.connect(self._say_noted)
        controller.refused.connect(self._refuse)

    def _columns(self) -> list[Column[Document]]:
        setup = self._controller.context.feed.setup
        return [
            Column(title=_("Date"), text=lambda row: date_short(date.fromisoformat(row["date"]))),
            Column(title=_("To", context="thanks"), text=lambda row: staff_name(setup, row["staff"]), bold=True),
            Column(title=_("What the customer said"), text=lambda row: row["words"] or "–", gives=True, grows=True),
            Column(title=_("Ticket"), text=lambda row: row["ticket"] or "–"),
            Column(title=_("Noted by"), text=lambda row: staff_name(setup, row["by"])),
            Column(title=_("Read", context="thanks"), text=_read),
        ]

    def refresh(self, now: datetime) -> None:
        self._controller.look_again()
        super().refresh(now)

    def ask(self) -> None:
        """Ask whom a customer thanked."""
        context = self._controller.context
        setup, own = context.feed.setup, context.who.name if context.who is not None else ""
        people = [code for code in setup.staff if code != own]
        if people:
            ThanksDialog(self.host, context.look, setup, people, self._controller.thank).open_dialog()

    def _show(self) -> None:
        super().refresh(self._controller.context.clock())

    def _say_noted(self, staff: str) -> None:
        self.said.emit(thanks_said(self._controller.context.feed.setup, staff), ICON)

    def _refuse(self, _what: str, trouble: QueueDeskError) -> None:
        self.warn(trouble)


def _read(row: Document) -> str:
    if row["seen"] is None:
        return _("not yet", context="thanks")
    seen, noted = datetime.fromisoformat(row["seen"]), datetime.fromisoformat(row["at"])
    return time_hm(seen) if seen.date() == noted.date() else date_short(seen.date())
