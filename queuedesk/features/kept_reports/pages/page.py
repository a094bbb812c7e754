"""The reports that were written by themselves, and checking a printed sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.periods import DAY, WEEK
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import PUT_BACK, ClaimResult, SheetCheckResult
from queuedesk.features.kept_reports.pages.controller import KeptReport, KeptReportsController, KeptReportsList
from queuedesk.i18n import _, date_short, error_sentence, figure_range, n_
from queuedesk.i18n.moments import date_for_ticket
from queuedesk.i18n.preview_words import kept_reports_doctor_result, sheet_check_result_text
from queuedesk.stations.acts.printer_choice import printer_display_name
from queuedesk.stations.manager.figures.report_page import moment_text
from queuedesk.stations.manager.parts import inputs, page, page_controller
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.today.alert_words import automatic_report_trouble_row, trouble_sentence
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.paint import TEXT, FollowsLook, Painter
from queuedesk.stations.widgets.panels import Label, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog, FormField
from queuedesk.stations.widgets.questions.files import ask_file, open_folder_dialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

# -- checking a printed sheet ------------------------------------------------------------------------------------------

EXAMPLE = "4812-K7QM-…-9RCX"
SIGN, PAD = 22, 14


class SheetVerdictPanel(FollowsLook, QWidget):
    """The result for a sheet on a tinted ground: with a tick, or in red with a sign."""

    spoken_role = TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holds = True
        self._said = Label(look, px=17, bold=True, wrap=True)
        within = QVBoxLayout(self)
        set_scaled_margins(look, within, (PAD + SIGN + 12, PAD, PAD, PAD))
        within.addWidget(self._said)
        self.follow_look(look)
        self.hide()

    def verdict_text(self) -> str:
        return self._said.text()

    def show_verdict(self, text: str, *, holds: bool) -> None:
        """Show the result."""
        self._holds = holds
        self._said.set_color_token("ink" if holds else "red")
        self._said.setText(text)
        self.setAccessibleName(text)
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        ground, sign, token = ("paper", "check", "primary") if self._holds else ("redbg", "warning", "red")
        painter.draw_box(QRectF(self.rect()), 10, ground)
        painter.draw_icon(sign, token, look.px(PAD), look.px(PAD), SIGN)
        painter.end()


class ReportCheckDialog(Dialog):
    """`wanted` gives the path of a PDF or a check code as typed. It stays open until it is closed."""

    wanted = Signal(str)

    def __init__(self, host: QWidget, look: Look) -> None:
        effect = _(
            "Checks whether the log is still the one that a report was printed from. Anybody who kept a page can tell, even if somebody rewrote the hall's data so that everything fits together."
        )
        super().__init__(host, look, title=_("Check a sheet"), effect=effect, width=760)
        self.code = FormField(
            self.look, _("Check code"), hint=_("at the foot of every page, such as {example}", example=EXAMPLE)
        )
        self.file_button = SecondaryButton(self.look, _("Choose its PDF …"), icon="folder", height=48, px=17)
        self.file_button.clicked.connect(self._choose_pdf_to_check)
        line = QHBoxLayout()
        set_scaled_margins(self.look, line, spacing=16)
        line.addWidget(self.code, 1)
        line.addWidget(self.file_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        self._asked = ""
        self.verdict = SheetVerdictPanel(self.look)
        self.body.addWidget(self.verdict)
        self.add_answer_buttons(_("Close", context="dialog"), "", self._check_typed_code)
        self.code.edited.connect(self._reset_check)
        self._reset_check()

    def _reset_check(self) -> None:
        self._asked = ""
        self._set_busy(False)
        self.code.set_error("")
        self.verdict.hide()
        if self.code.value().strip():
            self.yes_button.enable_with_label(_("Check it", context="sheet"))
        else:
            self.yes_button.disable_with_reason(_("Type the code, or choose the PDF"))

    def _choose_pdf_to_check(self) -> None:
        ask_file(self, _("Which report?"), "PDF (*.pdf)", self.check_file)

    def check_file(self, path: str) -> None:
        """Compare a PDF with the hall's log."""
        self.code.set_value("")
        self._reset_check()
        self._request_sheet_check(str(Path(path).absolute()))

    def _check_typed_code(self) -> None:
        if text := self.code.value().strip():
            self._request_sheet_check(text)

    def _request_sheet_check(self, sheet: str) -> None:
        self.code.set_error("")
        self.verdict.hide()
        self._asked = sheet
        self._set_busy(True)
        self.wanted.emit(sheet)

    def show_check_result(self, sheet: str, held: Sequence[ClaimResult]) -> None:
        """Show the result for a sheet, unless another one was asked for meanwhile."""
        if sheet != self._asked:
            return
        self._set_busy(False)
        texts = dict.fromkeys(sheet_check_result_text(one.hall, one.standing, local=one.local) for one in held)
        self.verdict.show_verdict("\n".join(texts), holds=all(one.standing.is_claim_confirmed for one in held))

    def show_trouble(self, sheet: str, trouble: QueueDeskError) -> None:
        """Show why nothing could be read."""
        if sheet != self._asked:
            return
        self._set_busy(False)
        if trouble.code == "code_mistyped":
            self.code.set_error(error_sentence(trouble))
        else:
            self.verdict.show_verdict(error_sentence(trouble), holds=False)

    def _set_busy(self, busy: bool) -> None:
        for button in (self.yes_button, self.file_button):
            button.set_busy(busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._check_typed_code()
        else:
            super().keyPressEvent(event)

    def first_focus_widget(self) -> QWidget:
        return self.code.edit


# -- words -------------------------------------------------------------------------------------------------------------

KB, MB = 1_000, 1_000_000


def report_validity_word(standing: SheetCheckResult) -> str:
    """Return in a word or two whether a report is still valid."""
    if standing.is_claim_confirmed:
        return _("holds", context="kept report")
    return _("restored", context="kept report") if standing.word == PUT_BACK else _("changed", context="kept report")


def report_check_explanation(found: KeptReportsList, setup: Setup) -> tuple[str, str]:
    """Return the text before the way to check a sheet, and the token of its colour."""
    for_paper = _("Anyone who kept a report can see by its check code whether the log was changed since.")
    if not found.reports and not found.formers.others:
        return for_paper, "ink2"
    status, text = kept_reports_doctor_result(found.formers, setup)
    if status != "ok":
        return text, "red" if status == "failed" else "amber"
    return _("{one} {other}", context="sentences", one=text, other=for_paper), "ink2"


def report_dates_text(report: KeptReport) -> str:
    """Return a report's dates, with the year."""
    if report.period == DAY:
        return date_for_ticket(report.first)
    if report.period == WEEK:
        span = figure_range(date_short(report.first), date_short(report.last))
        return _("{dates} {year}", context="week", dates=span, year=report.last.year)
    return page_controller.period_button_text(report.period, report.first, report.last, report.last)


def file_size_text(size: int) -> str:
    """Return "80 kB"."""
    return f"{size / MB:.1f} MB" if size >= MB else f"{max(1, round(size / KB))} kB"


def no_reports_yet_hint(setup: Setup) -> str:
    """Return how the first report is made, if none is kept yet."""
    if setup.settings["reports"] == "off":
        return _("The rules of the set-up say which are written automatically.")
    if setup.hall.simulated:
        return _("“{button}” writes those of past days.", button=_("Write what is due"))
    return _("The first is written automatically when the first day is over.")


def report_rules_text(setup: Setup) -> str:
    """Return the hall's rules about reports in one or more sentences."""
    wanted = str(setup.settings["reports"])
    if setup.hall.simulated:
        return _("This hall is simulated: its reports are written only when somebody asks for them here.")
    if wanted == "off":
        return _("Reports are not written automatically in this hall.")
    told = [
        _("Each day's report is written automatically when the day is over.")
        if wanted == "days"
        else _("The report of each day, week, month, quarter and year is written automatically when it is over.")
    ]
    if setup.settings["report_print"] == "on":
        told.append(_("The newest day's is printed once."))
    keep = setup.setting_as_int("report_keep_days")
    told.append(
        n_("Those of days and weeks are kept for {n} day.", "Those of days and weeks are kept for {n} days.", keep)
        if keep
        else _("All are kept for good.")
    )
    text = told[0]
    for sentence in told[1:]:
        text = _("{one} {other}", context="sentences", one=text, other=sentence)
    return text


def report_printer_label_or_warning(setup: Setup, *, is_missing: bool, has_none: bool) -> str:
    """Return the text before the choice of a printer; if the hall wants paper and none is chosen, that nothing will be
    printed."""
    wants_paper = setup.settings["reports"] != "off" and setup.settings["report_print"] == "on"
    if wants_paper and is_missing and not setup.hall.simulated:
        return _("Nothing prints by itself on this PC: no printer for reports is chosen.")
    return _("This PC has no printer for reports.") if has_none else _("Printer for reports")


def due_reports_result_text(document: Mapping[str, Any]) -> str:
    """Return the result of writing what was due."""
    written, removed = len(document["written"]), len(document["removed"])
    if not written and not removed:
        return _("No report was due.")
    text = n_("{n} report written", "{n} reports written", written)
    if removed:
        gone = n_("{n} old one removed", "{n} old ones removed", removed)
        return _("{one}, {other}", context="reports", one=text, other=gone)
    return text


LOOK_AGAIN = timedelta(seconds=20)
ROW_HIGH, LEAST_ROWS = 44, 5


class KeptReportsPage(page.ManagerPage):
    """`kept_picked` gives the Subject of a report to show, `rules_wanted` leads to the set-up's rules."""

    kept_picked = Signal(object)
    rules_wanted = Signal()

    def __init__(self, look: Look, controller: KeptReportsController, parent: QWidget | None = None) -> None:
        self._controller = controller
        spec = page.PageSpec(
            title=lambda: _("Kept reports"),
            acts=(
                page.PageAct(
                    text=lambda: _("Write what is due"),
                    do=self._write_due_reports_now,
                    icon="save",
                    changes_hall=True,
                    offered=lambda: controller.can_write_due_reports,
                ),
                page.PageAct(text=lambda: _("Print"), do=self._print_chosen_report, icon="print"),
                page.PageAct(
                    text=lambda: _("Open", context="kept report"),
                    do=self._open_chosen_report,
                    icon="document",
                    is_main=True,
                ),
            ),
        )
        super().__init__(look, spec, parent)
        self.write_button, self.print_button, self.open_button = self.buttons
        self._looked: datetime | None = None
        self._refusal: QueueDeskError | None = None
        self.rules = Label(look, px=16, wrap=True)
        self.rules_button = TextButton(look, _("Rules of the set-up"), height=40, px=16)
        self.folder = Label(look, px=16, token="ink2", wrap=True)
        self.folder_button = TextButton(look, _("Another folder …"), icon="folder", height=40, px=16)
        self.home_button = TextButton(look, _("Beside the hall again"), height=40, px=16)
        self.paper = Label(look, px=16, token="ink2", wrap=True)
        self.printing = inputs.PrinterAndPagesChoice(controller.context)
        self.check = Label(look, px=16, token="ink2", wrap=True)
        self.check_button = TextButton(look, _("Check a sheet …"), icon="search", height=40, px=16)
        reports = RecordPageSpec[KeptReport](
            name=lambda: _("Kept reports"),
            icon="document",
            columns=self._report_columns,
            key=lambda report: report.file,
            tip=lambda report: str(report.file),
            chooses=True,
            row_height=ROW_HIGH,
        )
        self.list = RecordList(controller.context, reports)
        self.table, self.empty = self.list.table, self.list.empty
        self._lay_out_widgets()
        self._connect_signals()
        self._show_reports(KeptReportsList())

    def _lay_out_widgets(self) -> None:
        look = self._look
        about = QVBoxLayout()
        set_scaled_margins(look, about, spacing=0)
        for label, buttons in (
            (self.rules, (self.rules_button,)),
            (self.folder, (self.folder_button, self.home_button)),
            (self.check, (self.check_button,)),
            (self.paper, (self.printing,)),
        ):
            line = QHBoxLayout()
            set_scaled_margins(look, line, spacing=12)
            line.addWidget(label, 1, Qt.AlignmentFlag.AlignVCenter)
            for one in buttons:
                line.addWidget(one)
            about.addLayout(line)
        inner = QWidget()
        both = QVBoxLayout(inner)
        set_scaled_margins(look, both, spacing=12)
        both.addLayout(about)
        both.addWidget(self.list, 1)
        self.add_part(VerticalScrollArea(inner), 1)
        look.changed.connect(self._keep_room_for_rows)
        self._keep_room_for_rows()

    def _keep_room_for_rows(self) -> None:
        """Let the page scroll, rather than its list, where what is said above leaves too little room."""
        self.list.setMinimumHeight(self._look.px(ROW_HIGH * LEAST_ROWS))

    def _connect_signals(self) -> None:
        controller = self._controller
        self.check_button.clicked.connect(self.open_report_check_dialog)
        self.rules_button.clicked.connect(self.rules_wanted)
        self.printing.known.connect(self._show_rules_and_troubles)
        self.printing.failed.connect(self._show_refusal)
        self.folder_button.clicked.connect(self._ask_reports_folder)
        self.home_button.clicked.connect(partial(self.choose_folder, ""))
        self.table.opened.connect(self._open_picked_report)
        controller.listed.connect(self._show_reports_read)
        controller.written.connect(self._say_reports_written)
        controller.printed.connect(self._say_report_printed)
        controller.refused.connect(self._show_refusal)
        controller.busy_changed.connect(self.write_button.set_busy)

    def _report_columns(self, context: StationContext) -> list[TableColumn[KeptReport]]:
        setup = context.feed.setup
        year = setup.to_hall_time(context.clock()).year  # that need not be said

        def moment(when: datetime | None) -> str:
            return moment_text(setup, when, year) if when else "—"

        return [
            TableColumn(title=_("Report"), text=lambda one: page_controller.report_title(one.period), gives=True),
            TableColumn(title=_("Dates"), text=report_dates_text, bold=True),
            TableColumn(title=_("Edition"), text=lambda one: f"{one.edition:d}"),
            TableColumn(title=_("Written", context="report"), text=lambda one: moment(one.written)),
            TableColumn(title=_("Printed", context="report"), text=lambda one: moment(one.printed)),
            TableColumn(title=_("Log", context="report"), text=lambda one: report_validity_word(one.standing)),
            TableColumn(title=_("Size"), text=lambda one: file_size_text(one.size), is_right=True),
        ]

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, now: datetime) -> None:
        """Follow the folder, which is read from time to time, and the hall's rules."""
        self._show_rules_and_troubles()
        if self._looked is None or abs(now - self._looked) >= LOOK_AGAIN:
            self._looked = now
            self._controller.load_kept_reports()
            self.printing.look_up_printers()

    def _show_reports_read(self, found: KeptReportsList) -> None:
        if self._refusal is not None and self._refusal.code.startswith("database_"):
            self._refusal = None  # What reads them said so, and could read them now.
        self._show_reports(found)

    def _show_reports(self, found: KeptReportsList) -> None:
        self.list.show_rows(found.reports)
        for button in (self.open_button, self.print_button):
            button.setEnabled(bool(found.reports))
        self._show_rules_and_troubles()

    def _show_rules_and_troubles(self) -> None:
        found, setup = self._controller.found, self._controller.context.feed.setup
        self.rules.setText(report_rules_text(setup))
        self.list.set_empty_texts(_("No report is kept here yet"), no_reports_yet_hint(setup))
        self.folder.setText(_("Kept in {folder}", folder=found.folder) if found.folder else "")
        self.home_button.setVisible(found.is_own_choice)
        for part in (self.check, self.check_button):
            part.setVisible(self._controller.can_check_report_sheets)
        text, token = report_check_explanation(found, setup)
        self.check.set_color_token(token)
        self.check.setText(text)
        self.paper.setText(
            report_printer_label_or_warning(
                setup, is_missing=self.printing.has_pc_no_report_printer, has_none=self.printing.has_no_printer
            )
        )
        trouble = automatic_report_trouble_row(self._controller.context.services)
        text = error_sentence(self._refusal) if self._refusal else trouble_sentence(trouble) if trouble else ""
        if text:
            self.banner.set_alert_content("amber", text)
        self.banner.setVisible(bool(text))

    def state_to_restore(self) -> QueueDeskError | tuple[()] | None:
        return (self._refusal or ()) if not self.write_button.is_busy() else None

    def restore_state(self, left: QueueDeskError | tuple[()]) -> None:
        self._refusal = left or None
        self._show_reports(self._controller.found)

    # -- acts --------------------------------------------------------------------------------------------------------

    def _open_chosen_report(self) -> None:
        if (chosen := self.table.chosen_row()) is not None:
            self._open_picked_report(chosen)

    def _open_picked_report(self, report: KeptReport) -> None:
        self._looked = None  # It may be printed there.
        self.kept_picked.emit(report.subject)

    def open_report_check_dialog(self) -> ReportCheckDialog:
        """Ask for a sheet and show whether it is still valid."""
        dialog, controller = ReportCheckDialog(self, self._look), self._controller
        dialog.wanted.connect(controller.check_sheet)
        controller.checked.connect(dialog.show_check_result)
        controller.not_checked.connect(dialog.show_trouble)
        dialog.open_dialog()
        return dialog

    def _print_chosen_report(self) -> None:
        if (chosen := self.table.chosen_row()) is not None:
            self._clear_refusal()
            self._controller.print_report(chosen, self.printing.chosen_printer, self.printing.chosen_pages)

    def _say_report_printed(self, printer: str) -> None:
        self.said.emit(_("Sent to {printer}", printer=printer_display_name(printer)), "print")

    def _write_due_reports_now(self) -> None:
        self._clear_refusal()
        self._controller.write_due_reports_now()

    def _say_reports_written(self, document: dict[str, Any]) -> None:
        self._show_rules_and_troubles()
        if not document["failed"]:
            self.said.emit(due_reports_result_text(document), "check")

    def _ask_reports_folder(self) -> None:
        open_folder_dialog(self, _("Where are reports kept?"), self._controller.found.folder, self.choose_folder)

    def choose_folder(self, folder: str) -> None:
        """Keep this PC's reports in `folder`."""
        self._clear_refusal()
        self._controller.choose_folder(folder)

    def _clear_refusal(self) -> None:
        self._refusal = None
        self._show_rules_and_troubles()

    def _show_refusal(self, trouble: QueueDeskError) -> None:
        self._refusal = trouble
        self._show_rules_and_troubles()
