"""Thanks of customers to people who work here: a list, and one step to note another."""

from __future__ import annotations

from datetime import date, datetime

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, date_short, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.stations.acts.thanks_question import ICON, ThanksDialog, thanks_said
from queuedesk.stations.manager.parts.page import Act, ListSpec, PageSpec, TablePage
from queuedesk.stations.manager.parts.table import Column
from queuedesk.stations.manager.quality.thanks_and_forums import ThanksController
from queuedesk.stations.window.services import Document


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
