"""Checks a table of counts and percentages: each one is recomputed, and what can't be right is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.targets import TargetVerdict
from queuedesk.features.table_check import words
from queuedesk.features.table_check.rules import audit as audits
from queuedesk.features.table_check.rules.reading import TableHints, absolute_month_number, parse_claimed_percent
from queuedesk.features.table_check.verbs import AuditTable, read_audit_table
from queuedesk.features.table_check.words import reading_choice_text, reading_texts
from queuedesk.i18n import _, current_language, name_in_language
from queuedesk.i18n.figures.figure_titles import AUDIT, figure_meaning, target_verdict_word
from queuedesk.i18n.names import UNKNOWN
from queuedesk.i18n.value_refusals import cell_readings_to_choose_from, shortened_cell_text
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import LatestRequest, PaperSaverAndPrinter
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.paint import GROUP
from queuedesk.stations.widgets.questions.dialogs import FormField
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import PAGE, Look


class AuditController(QObject):
    """`audited` gives a TableAudit, `failed` trouble with the file, `unsure` a cell that can be read in two ways,
    with the file's name."""

    audited = Signal(object)
    failed = Signal(object)
    unsure = Signal(object, str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.papers = PaperSaverAndPrinter(context, self)
        self.found: audits.TableAudit | None = None
        self._table: AuditTable | None = None
        self._said = TableHints()
        self._wanted: tuple[Path, audits.TableClaim, TableHints] | None = None
        self._last = LatestRequest(context, self)

    @property
    def table_path(self) -> Path | None:
        """The table's file, None if there is none."""
        return None if self._table is None else self._table.path

    def open_file(self, path: Path, asked: audits.TableClaim) -> None:
        """Read a file and audit it; the table before is shown until then."""
        self._audit_in_background(path, asked, TableHints())

    def reread_with_answer(self, choice: str) -> None:
        """Read the file that was last asked for again, with what was said of its numbers: one of the question's
        choices."""
        if self._wanted is not None:
            path, asked, said = self._wanted
            is_whole = choice.isdecimal()
            self._audit_in_background(
                path, asked, TableHints(said.decimal, int(choice)) if is_whole else TableHints(choice, said.whole)
            )

    def reread_with_other_decimal(self) -> None:
        """Read the table again with the other decimal sign."""
        if self._table is not None and self.found is not None and (other := self.found.other) is not None:
            self._audit_in_background(self._table.path, self.found.asked, other)

    def _audit_in_background(self, path: Path, asked: audits.TableClaim, said: TableHints) -> None:
        self._wanted = path, asked, said

        def read_and_audit() -> tuple[AuditTable, audits.TableAudit, TableHints]:
            table = read_audit_table(path)
            return table, audits.audit_typed_figure_table(table.lines, asked, table.header, said), said

        self._last.request_work(read_and_audit, self._accept_audit, self._report_unsure_or_failed)

    def audit_with_claim(self, asked: audits.TableClaim) -> None:
        """Audit the same table with another claim."""
        if (table := self._table) is not None:
            said = self._said
            self._last.request_work(
                lambda: (table, audits.audit_typed_figure_table(table.lines, asked, table.header, said), said),
                self._accept_audit,
                self.failed.emit,
            )

    def save_audit_pdf(self) -> None:
        """Write the page into the folder of reports, replacing an earlier one about the same file."""
        self._make_pdf_page(send=False)

    def print_audit(self) -> None:
        """Send the page to this PC's printer."""
        self._make_pdf_page(send=True)

    def _make_pdf_page(self, *, send: bool) -> None:
        table, found = self._table, self.found
        if table is None or found is None:
            return
        from queuedesk.features.table_check.papers import AuditedFile, write_audit_pdf

        hall, lang = self.context.feed.setup.hall, current_language()
        file = AuditedFile(
            audit=found,
            name=table.path.name,
            digest=table.digest,
            hall=name_in_language(hall.name, hall.name_en, lang),
            local_now=self.papers.local_now(),
            printed_by=self.papers.printed_by(),
        )
        self.papers.save_or_print(
            f"audit-{table.path.stem}.pdf", lambda path: write_audit_pdf(file, path, lang), send=send
        )

    def _report_unsure_or_failed(self, trouble: QueueDeskError) -> None:
        if trouble.code == "two_readings" and self._wanted is not None:
            self.unsure.emit(trouble, self._wanted[0].name)
        else:
            self.failed.emit(trouble)

    def _accept_audit(self, read: tuple[AuditTable, audits.TableAudit, TableHints]) -> None:
        self._table, self.found, self._said = read
        self.audited.emit(self.found)


# -- the page ----------------------------------------------------------------------------------------------------------


MOST_ROWS = 60
MONTH, SATISFIED, DISSATISFIED, STATED, TRUE, DIFFERENCE, INTERVAL, CLAIM = range(8)
"""The columns of the audited table; the last is there only where a claim is made."""


def _count_text(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"


def audit_columns(found: audits.TableAudit | None) -> list[TableColumn[audits.AuditedMonthRow]]:
    """Return the columns: each month stated, recomputed, the difference and the interval."""

    def red_if_wrong(row: audits.AuditedMonthRow) -> str:
        return "red" if row.is_wrong else "ink"

    shown: list[TableColumn[audits.AuditedMonthRow]] = [
        TableColumn(title=_("Month", context="audit"), text=lambda row: row.month, sample="2011-07"),
        TableColumn(
            title=_("Satisfied", context="audit"),
            text=lambda row: _count_text(row.satisfied),
            is_right=True,
            sample="4,150",
        ),
        TableColumn(
            title=_("Dissatisfied", context="audit"),
            text=lambda row: _count_text(row.dissatisfied),
            is_right=True,
            sample="1,800",
        ),
        TableColumn(
            title=_("Stated %"),
            text=words.stated_figure,
            is_right=True,
            token=red_if_wrong,
            ground=lambda row: "redbg" if row.is_wrong else "",
            sample="95.70",
        ),
        TableColumn(
            title=_("True %"),
            text=lambda row: words.percentage_text(row.true_percent),
            is_right=True,
            bold=True,
            sample="95.84",
        ),
        TableColumn(
            title=_("Difference"),
            text=words.stated_minus_true_text,
            is_right=True,
            bold=lambda row: row.is_wrong,
            token=red_if_wrong,
            sample="+0.36",
        ),
        TableColumn(
            title=_("95 % interval"),
            text=lambda row: words.rate_interval_text(row.true_rate),
            is_right=True,
            token="ink2",
            sample="93.53–97.35",
        ),
    ]
    if found is not None and found.asked.claim is not None:
        shown.append(_claim_verdict_column(found.asked, found.asked.claim))
    return shown


def _claim_verdict_column(asked: audits.TableClaim, claim: Decimal) -> TableColumn[audits.AuditedMonthRow]:
    def claim_verdict_text(row: audits.AuditedMonthRow) -> str:
        said = audits.claim_verdict_of_row(row, asked)
        return target_verdict_word(said) if said else ""

    def verdict_colour_token(row: audits.AuditedMonthRow) -> str:
        said = audits.claim_verdict_of_row(row, asked)
        return {TargetVerdict.MET: "primary", TargetVerdict.NOT_MET: "red"}.get(said, "ink2") if said else "ink2"

    longest = max((target_verdict_word(one) for one in TargetVerdict), key=len)
    title = _("Above {claim} %", claim=f"{claim:f}")
    return TableColumn(title=title, text=claim_verdict_text, is_right=True, token=verdict_colour_token, sample=longest)


# -- what was found ----------------------------------------------------------------------------------------------------


class _FindingCard(panels.Card):
    """One finding: what it is called, and its sentence."""

    def __init__(self, look: Look, title: str, text: str, token: str) -> None:
        super().__init__(look)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (14, 10, 14, 12), 2)
        column.addWidget(panels.Label(look, title, px=16, bold=True, token=token))
        self.text = panels.Label(look, text, px=15, wrap=True)
        column.addWidget(self.text)


class FindingsPanel(QWidget):
    """The findings, one card below the other, and what the answers together say."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._column = QVBoxLayout(self)
        panels.set_scaled_margins(look, self._column, spacing=10)
        self._column.addStretch(1)
        self.cards: list[QWidget] = []

    def show_audit(self, found: audits.TableAudit | None) -> None:
        """Show another audit's findings, or none."""
        panels.remove_and_delete_widgets(self.cards, self._column)
        self.cards = [] if found is None else self._finding_cards(found)
        for place, card in enumerate(self.cards):
            self._column.insertWidget(place, card)

    def finding_texts(self) -> list[str]:
        """Return the sentences shown."""
        return [card.text.text() for card in self.cards if isinstance(card, _FindingCard)]

    def _finding_cards(self, found: audits.TableAudit) -> list[QWidget]:
        look = self._look
        cards: list[QWidget] = [panels.Label(look, words.findings_summary(found), px=18, bold=True, wrap=True)]
        cards += [
            _FindingCard(look, words.finding_title(one.kind), words.finding_text(one), "red") for one in found.findings
        ]
        told: Sequence[str] = (words.pooled_rate_text(found.pooled), figure_meaning(AUDIT), words.open_questions_text())
        cards += [panels.Label(look, text, px=15, token="ink2", wrap=True) for text in told]
        return cards


ASK_AFTER_MS = 400
FINDINGS_LEAST = 260


class CellReadingQuestion(panels.Card):
    """One cell and its two values, each a button; `answered` gives the choice that was pressed, `left` that nobody
    wants to say."""

    spoken_role = GROUP

    answered = Signal(str)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._details: Mapping[str, object] | None = None
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (16, 12, 16, 16), 12)
        self.text = panels.Label(look, px=17, bold=True, wrap=True)
        self.why = panels.Label(look, px=15, token="ink2", wrap=True)
        column.addWidget(self.text)
        column.addWidget(self.why)
        row = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=12)
        self.buttons = [SecondaryButton(look, height=60) for _each in range(2)]
        for place, button in enumerate(self.buttons):
            button.clicked.connect(partial(self._emit_answer, place))
            row.addWidget(button)
        self.leave_button = TextButton(look, _("Leave it", context="table"))
        self.leave_button.clicked.connect(self.left)
        row.addWidget(self.leave_button)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    def ask_about_cell(self, details: Mapping[str, object], file: str) -> None:
        """Ask about the cell of a refusal "two_readings" of a file."""
        self._details = details
        text = str(details["text"])
        self.why.setText(
            _("{file}: the table does not show which it is; your answer applies to the whole file.", file=file)
        )
        self.text.setText(
            _(
                "What does {text} in the column {column} mean?",
                text=shortened_cell_text(text),
                column=str(details["column"]),
            )
        )
        self.setAccessibleName(self.text.text())
        for button, (choice, value) in zip(self.buttons, cell_readings_to_choose_from(details), strict=True):
            button.setText(value)
            button.set_second_line(reading_choice_text(choice, text))
        self.show()
        self.leave_button.setFocus()  # Enter, pressed too early, must say nothing of the numbers.

    def _emit_answer(self, place: int) -> None:
        if self._details is not None:
            self.answered.emit(cell_readings_to_choose_from(self._details)[place][0])


class AuditPage(ManagerPage):
    """The claims above a table, the table recomputed, and the findings."""

    def __init__(self, look: Look, controller: AuditController, parent: QWidget | None = None) -> None:
        self._controller = controller
        spec = PageSpec(
            title=lambda: _("Check a table"),
            line=lambda: _("Counts and percentages, recomputed"),
            acts=(
                PageAct(text=lambda: _("Choose a file …"), do=self.ask_file, icon="folder"),
                PageAct(text=lambda: _("Save"), do=controller.save_audit_pdf, icon="save"),
                PageAct(text=lambda: _("Print"), do=controller.print_audit, icon="print"),
            ),
        )
        super().__init__(look, spec, parent)
        self.choose_button, self.save_button, self.print_button = self.buttons
        self.name = panels.Label(look, px=17, bold=True)
        self.readings = panels.Label(look, px=15, token="ink2", wrap=True)
        self.otherwise = TextButton(look, _("Read it the other way"), height=40, px=15)
        self.question = CellReadingQuestion(look)
        self.claim = FormField(look, _("Claimed above, %"))
        self.first = FormField(look, _("From month"))
        self.last = FormField(look, _("To month"))
        self.headline = FormField(look, _("Headline for the whole, %"))
        rows = RecordPageSpec[audits.AuditedMonthRow](
            name=lambda: _("The table, recomputed"),
            icon="document",
            columns=lambda _context: audit_columns(controller.found),
            row_height=36,
            rows_seen=(0, MOST_ROWS),
        )
        self.list = RecordList(controller.context, rows)
        self.table = self.list.table
        self.findings = FindingsPanel(look)
        self.empty = panels.EmptyState(look, "document")
        self.empty.set_texts(
            _("Drop a CSV or Excel file here"),
            _("It needs the columns month, satisfied, dissatisfied and percentage, in Chinese or English."),
            _("Choose a file …"),
        )
        self._body = QStackedWidget()
        self._timer = QTimer(self, singleShot=True, interval=ASK_AFTER_MS)
        self._build_layout()
        self.accept_files(self.open_file)
        self.empty.acted.connect(self.ask_file)
        for field in self._claim_fields:
            field.edited.connect(self._timer.start)
        self._timer.timeout.connect(self._audit_typed_claim)
        controller.audited.connect(self._show_audit_result)
        controller.failed.connect(self._show_failure)
        controller.unsure.connect(self._show_question_about_cell)
        self.question.answered.connect(controller.reread_with_answer)
        self.question.left.connect(self.question.hide)
        self.otherwise.clicked.connect(controller.reread_with_other_decimal)
        self.connect_paper_signals(controller.papers, self.save_button, self.print_button)
        look.changed.connect(self._arrange_findings)
        self._show_audit(self._controller.found)

    def _build_layout(self) -> None:
        look = self._look
        self._asks = QWidget()
        row = QHBoxLayout(self._asks)
        panels.set_scaled_margins(look, row, spacing=16)
        for field, share in ((self.claim, 3), (self.first, 2), (self.last, 2), (self.headline, 3)):
            row.addWidget(field, share)
        body = QWidget()
        inside = QVBoxLayout(body)
        panels.set_scaled_margins(look, inside, (0, 0, 12, 8), 10)
        inside.addWidget(self.name)
        told = QHBoxLayout()
        panels.set_scaled_margins(look, told, spacing=16)
        told.addWidget(self.readings, 1)
        told.addWidget(self.otherwise, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(told)
        inside.addWidget(self._asks)
        self._beside = beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, beside, spacing=20)
        beside.addWidget(self.list, 7, Qt.AlignmentFlag.AlignTop)
        beside.addWidget(self.findings, 4)
        inside.addLayout(beside)
        inside.addStretch(1)
        self.area = panels.VerticalScrollArea(body, keys=True)
        self.add_part(self.question)
        self._body.addWidget(panels.EmptyStateCard(look, self.empty))
        self._body.addWidget(self.area)
        self.add_part(self._body, 1)

    @property
    def _claim_fields(self) -> tuple[FormField, ...]:
        return self.claim, self.first, self.last, self.headline

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _show_audit(self, found: audits.TableAudit | None) -> None:
        self.list.show_rows([*found.rows, *found.summaries] if found else [])
        self.findings.show_audit(found)
        self._arrange_findings()
        self._body.setCurrentIndex(int(found is not None))
        self.name.setText(self._controller.table_path.name if self._controller.table_path else "")
        told = reading_texts(found) if found is not None else []
        self.readings.setText("\n".join(told))
        self.readings.setVisible(bool(told))
        self.otherwise.setVisible(found is not None and found.other is not None)
        self.save_button.setEnabled(found is not None)
        self.print_button.setEnabled(found is not None and self._controller.papers.can_print)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_findings()

    def _arrange_findings(self) -> None:
        """Put the findings beside the table, or under it where both have no room."""
        look = self._look
        room = self.width() - 2 * look.gap(PAGE) - look.gap(64)
        needed = sum(self.table.column_widths_needed(16)) + 2 * look.gap(8) + look.px(4)
        fits = room >= needed + look.px(FINDINGS_LEAST)
        self.list.setMinimumWidth(needed if fits else 0)
        panels.set_side_by_side_or_stacked(fits, self._beside)
        self.table.fit_columns_to_width()

    def open_file(self, path: Path) -> None:
        """Read a file and show what it holds."""
        self._timer.stop()
        self.banner.hide()
        self.question.hide()
        self._controller.open_file(path, self._typed_claim() or audits.TableClaim())

    def _show_question_about_cell(self, trouble: QueueDeskError, file: str) -> None:
        self.banner.hide()
        self.question.ask_about_cell(trouble.details, file)

    def _show_failure(self, trouble: QueueDeskError) -> None:
        self.question.hide()
        self.show_warning(trouble)

    def _show_audit_result(self, found: audits.TableAudit) -> None:
        self.banner.hide()
        self.question.hide()
        self._show_audit(found)

    # -- the claim ---------------------------------------------------------------------------------------------------

    def _audit_typed_claim(self) -> None:
        asked = self._typed_claim()
        if asked is not None:
            self._controller.audit_with_claim(asked)

    def _typed_claim(self) -> audits.TableClaim | None:
        """Return what is claimed, None while a field says nothing that can be understood."""
        typed = [field.value().strip() for field in self._claim_fields]
        claim, headline = (parse_claimed_percent(text) if text else None for text in (typed[0], typed[3]))
        first, last = (absolute_month_number(text) if text else None for text in (typed[1], typed[2]))
        figure, month = _("A percentage, such as 98"), _("A month, such as 2012-05")
        for field, text, value, hint in zip(
            self._claim_fields, typed, (claim, first, last, headline), (figure, month, month, figure), strict=True
        ):
            field.set_error(hint if text and value is None else "")
        if first is not None and last is not None and first > last:
            self.last.set_error(_("This is before the first month."))
        if any(field.error() for field in self._claim_fields):
            return None
        return audits.TableClaim(claim, audits.MonthRange(first, last), headline)

    def stop(self) -> None:
        """Delete what was made for the printer."""
        self._controller.papers.stop()

    def state_to_restore(self) -> list[str] | None:
        return [field.value() for field in self._claim_fields] if self.question.isHidden() else None

    def restore_state(self, left: list[str]) -> None:
        for field, typed in zip(self._claim_fields, left, strict=True):
            field.set_value(typed)


def audit_page(controller: ManagerController, own: ControllerCache) -> AuditPage:
    """Return the page with the section's controller."""
    context = controller.context
    return AuditPage(context.look, own(AuditController, context))
