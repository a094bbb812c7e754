"""Improve, projects: the list of the hall's improvement projects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, date_short
from queuedesk.i18n.improvement.project_words import step_word
from queuedesk.i18n.improvement.sample import sample_document
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.improvement.project_forms import AskDialog, Asked, Kind
from queuedesk.stations.manager.improvement.project_texts import stand_word
from queuedesk.stations.manager.improvement.projects_controller import ProjectsController
from queuedesk.stations.manager.improvement.sample_dialog import SampleDialog
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec

Document = Mapping[str, Any]


class ProjectsPage(Page):
    """`project_wanted` gives the number of the project that was pressed or made."""

    project_wanted = Signal(int)

    def __init__(self, controller: ProjectsController, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: _("Improve", context="page"),
            acts=(
                Act(
                    text=lambda: _("Sample"), do=self.open_sample, icon="book", tip=lambda: _("Open the sample project")
                ),
                Act(
                    text=lambda: _("New project"),
                    do=self.ask_new,
                    icon="plus",
                    changes_hall=True,
                    offered=lambda: controller.may_act,
                ),
            ),
        )
        look = controller.context.look
        super().__init__(look, spec, parent)
        self.controller, self.context = controller, controller.context
        self._dialog: AskDialog | None = None
        table = TableSpec[Document](
            name=lambda: _("Projects", context="tab"),
            columns=self._columns,
            key=lambda row: row["project"],
            by_one_press=True,
            wraps=True,
        )
        self.list: ListCard[Document] = ListCard(look, table, "arrow-up")
        self.put(self.list, 1)
        self.list.table.opened.connect(lambda row: self.project_wanted.emit(row["project"]))
        self.list.empty.acted.connect(self.open_sample)
        controller.listed.connect(self._show)
        controller.failed.connect(self.warn)
        controller.done.connect(self._done)
        controller.refused.connect(self._refused)

    def _columns(self) -> list[Column[Document]]:
        setup = self.context.feed.setup
        return [
            Column(title=_("No.", context="project"), text=lambda row: str(row["project"]), is_right=True),
            Column(
                title=_("Title", context="project"), text=lambda row: row["title"], bold=True, gives=True, grows=True
            ),
            Column(title=_("Led by"), text=lambda row: staff_name(setup, row["leader"]) or row["leader"]),
            Column(title=_("Since", context="project"), text=lambda row: date_short(date.fromisoformat(row["date"]))),
            Column(
                title=_("Causes judged"),
                text=lambda row: f"{row['judged_count']} / {row['cause_count']}",
                is_right=True,
            ),
            Column(title=step_word("measures"), text=lambda row: str(row["measure_count"]), is_right=True),
            Column(
                title=_("Step", context="project"),
                text=stand_word,
                token=lambda row: "ink2" if row["ended"] else "primary",
                icon=lambda row: "check" if row["ended"] else "",
            ),
        ]

    def retranslate(self) -> None:
        super().retranslate()
        self.list.table.retranslate()
        self.list.say_empty(
            _("No project yet"),
            _(
                "A project goes from a finding to its causes, and from measures to their effect, judged by the log's own data."
            ),
            _("Open the sample project"),
        )

    def refresh(self, now: datetime) -> None:
        """Read the list anew; what is shown stays until then."""
        self.controller.look()

    def _show(self, rows: list[Document]) -> None:
        self.list.show_rows(rows)

    def left_as(self) -> list[Document] | None:
        return self.list.table.rows.rows if self._dialog is None else None

    def take_up(self, left: list[Document]) -> None:
        self._show(left)

    def open_sample(self) -> None:
        """Show a published project, step by step."""
        dialog = SampleDialog(self.host, self._look, self.context.feed.setup, sample_document())
        dialog.open_dialog()

    # -- a new one -----------------------------------------------------------------------------------------------------

    def ask_new(self) -> None:
        """Ask for the title and the leader of a new project."""
        setup, who = self.context.feed.setup, self.context.ask().who
        people = {code: staff_name(setup, code) for code in setup.staff}
        asked = [
            Asked(name="title", label=_("Title", context="project"), hint=_("in a few words, as on the report")),
            Asked(
                name="leader",
                label=_("Led by"),
                kind=Kind.CHOICE,
                value=who.name if who.name in people else "",
                choices=people,
            ),
        ]
        dialog = AskDialog(self.host, self._look, title=_("A new project"), yes=_("Start it"), asked=asked)
        dialog.wanted.connect(lambda answer: self.controller.do("open", answer["title"], answer["leader"]))
        dialog.refused.connect(self._forget)
        self._dialog = dialog
        dialog.open_dialog()

    def _forget(self) -> None:
        self._dialog = None

    def _done(self, verb: str, document: Document) -> None:
        if self._dialog is not None:
            self._dialog.finished()
            self._dialog = None
        self.controller.look()
        if verb == "open":
            self.project_wanted.emit(document["project"])

    def _refused(self, _verb: str, trouble: QueueDeskError) -> None:
        if self._dialog is not None:
            self._dialog.refuse_with(trouble)
        else:
            self.warn(trouble)
