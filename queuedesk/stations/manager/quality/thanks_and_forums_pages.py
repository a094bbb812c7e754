"""Two lists of what customers said: forums, each issue with the case it became, and thanks to people who work here."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.half_width import half_width
from queuedesk.i18n import _, date_short, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.case_words import state_word
from queuedesk.stations.acts.thanks_question import ICON as THANKS_ICON
from queuedesk.stations.acts.thanks_question import ThanksDialog, thanks_said
from queuedesk.stations.manager.parts.page import Act, ListSpec, PageSpec, TablePage
from queuedesk.stations.manager.parts.table import Column
from queuedesk.stations.manager.quality.thanks_and_forums import ForumsController, Row, ThanksController
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.widgets.panels import FixedSize
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.services import Document
from queuedesk.stations.window.style import Look

ICON = "people"


class ForumDialog(FieldsDialog):
    """`wanted` gives the words of add_forum."""

    def __init__(self, host: QWidget, look: Look, today: date) -> None:
        effect = _("What customers said who were asked to come and talk. Each line of what was said can become a case.")
        super().__init__(host, look, title=_("A forum was held"), effect=effect)
        self.said = QPlainTextEdit()
        self.said.setTabChangesFocus(True)
        FixedSize(self.look, self.said, height=132)
        fields = {
            "day": FormField(self.look, _("Date"), hint=_("such as 2026-11-20")),
            "attendees": FormField(self.look, _("How many came")),
            "about": FormField(self.look, _("What it was about"), hint=_("may stay empty")),
            "said": FormField(self.look, _("What was said"), edit=self.said, hint=_("a line for each issue")),
        }
        self.lay(fields, [("day", "attendees"), ("about",), ("said",)], removable=False)
        self.fields["day"].set_value(today.isoformat())

    def first_field(self) -> QWidget:
        return self.fields["attendees"].edit

    def typed(self) -> dict[str, Any] | None:
        """Return what was typed, or None after showing the mistake at its field."""
        wrong = {}
        day, attendees = half_width(self.fields["day"].value()).strip(), half_width(self.fields["attendees"].value())
        try:
            held = date.fromisoformat(day)
        except ValueError:
            held, wrong["day"] = None, _("A date such as 2026-11-20")
        if not attendees.strip().isdecimal():
            wrong["attendees"] = _("A number of people")
        self.say_wrong(wrong)
        if wrong:
            return None
        lines = [line.strip() for line in self.said.toPlainText().splitlines()]
        return {
            "day": held,
            "attendees": int(attendees),
            "about": self.fields["about"].value().strip(),
            "issues": [line for line in lines if line],
        }


class ForumsPage(TablePage[Row]):
    """Each issue with its forum, the latest forum first."""

    def __init__(self, controller: ForumsController) -> None:
        self._controller = controller
        self._dialog: ForumDialog | None = None
        may = partial(controller.may, "forum")
        page = PageSpec(
            title=lambda: _("Quality", context="page"),
            line=lambda: _("Forums with customers"),
            acts=(
                Act(
                    text=lambda: _("Open a case"),
                    do=self.open_case,
                    icon="arrow-right",
                    changes_hall=True,
                    offered=may,
                ),
                Act(
                    text=lambda: _("Note a forum"),
                    do=self.ask,
                    icon=ICON,
                    is_main=True,
                    changes_hall=True,
                    offered=may,
                ),
            ),
        )
        table = ListSpec[Row](
            name=lambda: _("Forums", context="tab"),
            columns=self._columns,
            rows=lambda _now: controller.rows,
            key=lambda row: (row.forum, row.n),
            chooses=True,
            icon=ICON,
            empty=lambda: (
                _("No forum has been noted"),
                _("Note when customers were asked to come and talk, and what they said."),
            ),
        )
        super().__init__(controller.context.look, page, table)
        controller.setParent(self)
        controller.changed.connect(self._show)
        controller.done.connect(self._done)
        controller.refused.connect(self._refuse)
        self.table.selectionModel().selectionChanged.connect(self._hold_case)
        self._hold_case()

    def _columns(self) -> list[Column[Row]]:
        return [
            Column(title=_("Date"), text=lambda row: date_short(row.day)),
            Column(title=_("Came", context="forum"), text=lambda row: f"{row.attendees}", is_right=True),
            Column(title=_("About", context="forum"), text=lambda row: row.about or "–", gives=True),
            Column(title=_("What was said"), text=lambda row: row.words, bold=True, gives=True, grows=True),
            Column(title=_("Case", context="forum"), text=_case),
        ]

    def refresh(self, now: datetime) -> None:
        self._controller.look_again()
        super().refresh(now)

    def ask(self) -> None:
        """Ask what was said at a forum."""
        context = self._controller.context
        self._dialog = ForumDialog(self.host, context.look, context.feed.day)
        self._dialog.wanted.connect(self._controller.add)
        self._dialog.refused.connect(self._forget)
        self._dialog.open_dialog()

    def open_case(self) -> None:
        """Open a case of the chosen issue."""
        row = self.table.chosen()
        if row is not None and row.n and not row.case:
            self._controller.open_case(row)

    def _hold_case(self, *_said: object) -> None:
        """Let a case be opened of an issue that has none."""
        row = self.table.chosen()
        self.buttons[0].setEnabled(row is not None and bool(row.n) and not row.case)

    def _show(self) -> None:
        super().refresh(self._controller.context.clock())
        self._hold_case()

    def _done(self, document: Document) -> None:
        if self._dialog is not None:
            self._dialog.close_dialog()
            self._forget()
            self.said.emit(_("The forum is noted"), ICON)
        else:
            known = {row.case for row in self._controller.rows}
            number = next((one["case"] for one in document["issues"] if one["case"] not in (None, *known)), "")
            self.said.emit(_("Opened as case {number}", number=number), "check")

    def _forget(self) -> None:
        self._dialog = None

    def _refuse(self, _what: str, trouble: QueueDeskError) -> None:
        if self._dialog is not None:
            self._dialog.show_trouble(trouble)
        else:
            self.warn(trouble)


def _case(row: Row) -> str:
    return f"{row.case} · {state_word(row.state)}" if row.case and row.state else row.case or "–"


# -- thanks ------------------------------------------------------------------------------------------------------------


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
                    icon=THANKS_ICON,
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
            icon=THANKS_ICON,
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
        self.said.emit(thanks_said(self._controller.context.feed.setup, staff), THANKS_ICON)

    def _refuse(self, _what: str, trouble: QueueDeskError) -> None:
        self.warn(trouble)


def _read(row: Document) -> str:
    if row["seen"] is None:
        return _("not yet", context="thanks")
    seen, noted = datetime.fromisoformat(row["seen"]), datetime.fromisoformat(row["at"])
    return time_hm(seen) if seen.date() == noted.date() else date_short(seen.date())
