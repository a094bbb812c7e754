"""Kept reports: what has written itself, to open and to print; where it lies, by which rules, and what is due now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.stations.acts.printer_choice import printer_word
from queuedesk.stations.manager.figures.kept_controller import KeptController, KeptList, KeptReport
from queuedesk.stations.manager.figures.kept_words import (
    check_text,
    dates_text,
    done_text,
    first_text,
    moment_text,
    paper_text,
    rules_text,
    size_text,
    standing_word,
    trouble_sentence,
)
from queuedesk.stations.manager.figures.report_words import report_title
from queuedesk.stations.manager.figures.sheet_dialog import SheetDialog
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.parts.print_choice import PrintChoice
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.file_asked import ask_folder
from queuedesk.stations.window.style import Look

LOOK_AGAIN = timedelta(seconds=20)


class KeptPage(Page):
    """`opened` gives the Subject of a report to show, `rules_wanted` leads to the set-up's rules."""

    opened = Signal(object)
    rules_wanted = Signal()

    def __init__(self, look: Look, controller: KeptController, parent: QWidget | None = None) -> None:
        self._controller = controller
        spec = PageSpec(
            title=lambda: _("Kept reports"),
            acts=(
                Act(
                    text=lambda: _("Write what is due now"),
                    do=self._write,
                    icon="save",
                    offered=lambda: controller.can_write,
                ),
                Act(text=lambda: _("Print"), do=self._print, icon="print"),
                Act(text=lambda: _("Open", context="kept report"), do=self._open_chosen, icon="document", is_main=True),
            ),
        )
        super().__init__(look, spec, parent)
        self.write_button, self.print_button, self.open_button = self.buttons
        self._looked: datetime | None = None
        self._refusal: QueueDeskError | None = None
        self.rules = Label(look, px=16, wrap=True)
        self.rules_button = TextButton(look, "", height=40, px=16)
        self.folder = Label(look, px=16, token="ink2", wrap=True)
        self.folder_button = TextButton(look, "", icon="folder", height=40, px=16)
        self.home_button = TextButton(look, "", height=40, px=16)
        self.paper = Label(look, px=16, token="ink2", wrap=True)
        self.printing = PrintChoice(controller.context)
        self.check = Label(look, px=16, token="ink2", wrap=True)
        self.check_button = TextButton(look, "", icon="search", height=40, px=16)
        table = TableSpec[KeptReport](
            name=lambda: _("Kept reports"),
            columns=self._columns,
            key=lambda report: report.file,
            tip=lambda report: str(report.file),
            chooses=True,
            row_height=44,
        )
        self.list: ListCard[KeptReport] = ListCard(look, table, "document")
        self.table, self.empty = self.list.table, self.list.empty
        self._build()
        self._connect()
        self._show(KeptList())

    def _build(self) -> None:
        look = self._look
        about = QVBoxLayout()
        spread(look, about, spacing=0)
        for label, buttons in (
            (self.rules, (self.rules_button,)),
            (self.folder, (self.folder_button, self.home_button)),
            (self.check, (self.check_button,)),
            (self.paper, (self.printing,)),
        ):
            line = QHBoxLayout()
            spread(look, line, spacing=12)
            line.addWidget(label, 1, Qt.AlignmentFlag.AlignVCenter)
            for one in buttons:
                line.addWidget(one)
            about.addLayout(line)
        self.put(about)
        self.put(self.list, 1)

    def _connect(self) -> None:
        controller = self._controller
        self.check_button.clicked.connect(self.check_sheet)
        self.rules_button.clicked.connect(self.rules_wanted)
        self.printing.known.connect(self._show_words)
        self.printing.failed.connect(self._refuse)
        self.folder_button.clicked.connect(self._ask_where)
        self.home_button.clicked.connect(self._go_home)
        self.table.opened.connect(self._open)
        controller.listed.connect(self._show)
        controller.written.connect(self._written)
        controller.printed.connect(self._printed)
        controller.refused.connect(self._refuse)
        controller.busy_changed.connect(self.write_button.set_busy)

    def _columns(self) -> list[Column[KeptReport]]:
        context = self._controller.context
        setup = context.feed.setup
        year = setup.local(context.clock()).year  # that need not be said

        def moment(when: datetime | None) -> str:
            return moment_text(setup, when, year) if when else "—"

        return [
            Column(title=_("Report"), text=lambda one: report_title(one.period)),
            Column(title=_("Dates"), text=dates_text, bold=True),
            Column(title=_("Edition"), text=lambda one: f"{one.edition:d}"),
            Column(title=_("Written", context="report"), text=lambda one: moment(one.written)),
            Column(title=_("Printed", context="report"), text=lambda one: moment(one.printed)),
            Column(title=_("Log", context="report"), text=lambda one: standing_word(one.standing)),
            Column(title=_("Size"), text=lambda one: size_text(one.size), is_right=True),
        ]

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, now: datetime) -> None:
        """Follow the folder, looked into now and then, and the hall's rules."""
        self._show_words()
        if self._looked is None or abs(now - self._looked) >= LOOK_AGAIN:
            self._looked = now
            self._controller.list_reports()
            self.printing.look_up()

    def _show(self, found: KeptList) -> None:
        self.list.show_rows(found.reports)
        for button in (self.open_button, self.print_button):
            button.setEnabled(bool(found.reports))
        self._show_words()

    def _show_words(self) -> None:
        found, setup = self._controller.found, self._controller.context.feed.setup
        self.rules.setText(rules_text(setup))
        self.list.say_empty(_("No report is kept here yet"), first_text(setup))
        self.folder.setText(_("Kept in {folder}", folder=found.folder) if found.folder else "")
        self.home_button.setVisible(found.is_own_choice)
        for part in (self.check, self.check_button):
            part.setVisible(self._controller.can_check)
        text, token = check_text(found, setup)
        self.check.set_token(token)
        self.check.setText(text)
        self.paper.setText(paper_text(setup, is_missing=self.printing.is_missing))
        trouble = self._controller.trouble()
        text = say(self._refusal) if self._refusal else trouble_sentence(trouble) if trouble else ""
        if text:
            self.banner.set_banner("amber", text)
        self.banner.setVisible(bool(text))

    def retranslate(self) -> None:
        super().retranslate()
        self.check_button.setText(_("Check a sheet …"))
        self.rules_button.setText(_("Rules of the set-up"))
        self.folder_button.setText(_("Another folder …"))
        self.home_button.setText(_("Beside the hall again"))
        self.printing.retranslate()
        self.table.retranslate()
        self._show_words()

    # -- acts --------------------------------------------------------------------------------------------------------

    def _open_chosen(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self._open(chosen)

    def _open(self, report: KeptReport) -> None:
        self._looked = None  # It may be printed there.
        self.opened.emit(report.subject)

    def check_sheet(self) -> SheetDialog:
        """Ask for a sheet and say whether it still holds."""
        dialog, controller = SheetDialog(self, self._look), self._controller
        dialog.wanted.connect(controller.check)
        controller.checked.connect(dialog.show_outcome)
        controller.not_checked.connect(dialog.show_trouble)
        dialog.open_dialog()
        return dialog

    def _print(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self._forget()
            self._controller.print_(chosen, self.printing.printer, wall_only=self.printing.wall_only)

    def _printed(self, printer: str) -> None:
        self.said.emit(_("Sent to {printer}", printer=printer_word(printer)), "print")

    def _write(self) -> None:
        self._forget()
        self._controller.write_now()

    def _written(self, document: dict[str, Any]) -> None:
        self._show_words()
        if not document["failed"]:
            self.said.emit(done_text(document), "check")

    def _ask_where(self) -> None:
        ask_folder(self, _("Where are reports kept?"), self._controller.found.folder, self.choose_folder)

    def choose_folder(self, folder: str) -> None:
        """Keep this PC's reports in `folder`."""
        self._forget()
        self._controller.choose_folder(folder)

    def _go_home(self) -> None:
        self.choose_folder("")

    def _forget(self) -> None:
        self._refusal = None
        self._show_words()

    def _refuse(self, trouble: QueueDeskError) -> None:
        self._refusal = trouble
        self._show_words()
