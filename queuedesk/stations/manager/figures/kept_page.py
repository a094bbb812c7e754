"""Kept reports: what has written itself, to open and to print; where it lies, by which rules, and what is due now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import nlargest
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, say
from queuedesk.stations.acts.printer_choice import printer_word
from queuedesk.stations.manager.figures.kept_controller import KeptController, KeptList, KeptReport
from queuedesk.stations.manager.figures.kept_words import (
    cells,
    check_text,
    done_text,
    first_text,
    heads,
    paper_text,
    rules_text,
    trouble_sentence,
)
from queuedesk.stations.manager.figures.sheet_dialog import SheetDialog
from queuedesk.stations.manager.parts.page_head import PageHead
from queuedesk.stations.manager.parts.plain_table import PlainRows, PlainTable
from queuedesk.stations.manager.parts.print_choice import PrintChoice
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.widgets.panels import Card, EmptyState, spread
from queuedesk.stations.widgets.questions.file_asked import ask_folder
from queuedesk.stations.window.style import Look

# The table of kept reports: to read, to choose one, to open it.

ROW = 44
SIZES = (17, 16, 15, 14, 13, 12)
"""Of the letters; smaller ones where large text leaves the columns no room."""
DATES, SIZE = 1, 6
MEASURED = 5
_AT = QModelIndex | QPersistentModelIndex


class KeptRows(PlainRows):
    """A row for each report."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.reports: Sequence[KeptReport] = ()
        self.texts: list[list[str]] = []
        self.px = SIZES[0]

    def show(self, setup: Setup, reports: Sequence[KeptReport], year: int) -> None:
        """Show these; `year` is the one that need not be said."""
        self.beginResetModel()
        self.reports = reports
        self.texts = [cells(setup, report, year) for report in reports]
        self.endResetModel()

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.texts)

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(heads())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return heads()[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.texts[index.row()][column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(self.px, bold=column == DATES, tabular=True)
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(self.reports[index.row()].file)
        return None


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == SIZE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class KeptTable(PlainTable):
    """`opened` gives the report that was pressed twice, or on which Enter was pressed."""

    opened = Signal(object)

    def __init__(self, look: Look, model: KeptRows, parent: QWidget | None = None) -> None:
        self._rows = model
        super().__init__(look, model, height=ROW, sizes=SIZES, parent=parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda index: self.press(index.row()))

    def chosen(self) -> KeptReport | None:
        """Return the report that is chosen."""
        rows = self.selectionModel().selectedRows()
        return self._rows.reports[rows[0].row()] if rows else None

    def choose(self, report: KeptReport | None) -> None:
        """Choose the row of a report's file, else the first."""
        files = [one.file for one in self._rows.reports]
        row = files.index(report.file) if report is not None and report.file in files else 0
        if files:
            self.selectRow(row)

    def press(self, row: int) -> None:
        self.opened.emit(self._rows.reports[row])

    def retranslate(self) -> None:
        self.setAccessibleName(_("Kept reports"))
        super().retranslate()

    def needed(self, px: int) -> list[int]:
        look = self.look
        cell, head, pad = look.font(px, bold=True, tabular=True), look.font(px - 2), look.px(22)
        # Of hundreds of rows the texts with the most letters say how wide a column is.
        columns = zip(heads(), *self._rows.texts, strict=True)
        longest = [(title, nlargest(MEASURED, {*texts, ""}, key=len)) for title, *texts in columns]
        return [
            round(max(width_of(head, title), *(width_of(cell, text) for text in texts))) + pad
            for title, texts in longest
        ]


LOOK_AGAIN = timedelta(seconds=20)


class KeptPage(QWidget):
    """`said` is a notice with its icon, `opened` the Subject of a report to show, `rules_wanted` the way to the
    set-up's rules."""

    said = Signal(str, str)
    opened = Signal(object)
    rules_wanted = Signal()

    def __init__(self, look: Look, controller: KeptController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._controller = look, controller
        self._looked: datetime | None = None
        self._refusal: QueueDeskError | None = None
        self.head = PageHead(look)
        self.write_button = SecondaryButton(look, "", icon="save")
        self.print_button = SecondaryButton(look, "", icon="print")
        self.open_button = PrimaryButton(look, "", icon="document", height=48, px=17)
        self.rules = Label(look, px=16, wrap=True)
        self.rules_button = TextButton(look, "", height=40, px=16)
        self.folder = Label(look, px=16, token="ink2", wrap=True)
        self.folder_button = TextButton(look, "", icon="folder", height=40, px=16)
        self.home_button = TextButton(look, "", height=40, px=16)
        self.paper = Label(look, px=16, token="ink2", wrap=True)
        self.printing = PrintChoice(controller.context)
        self.check = Label(look, px=16, token="ink2", wrap=True)
        self.check_button = TextButton(look, "", icon="search", height=40, px=16)
        self.banner = Banner(look)
        self.banner.hide()
        self.rows = KeptRows(look)
        self.table = KeptTable(look, self.rows)
        self.empty = EmptyState(look, "document")
        self._build()
        self._connect()
        self._show(KeptList())

    def _build(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        spread(look, column, (32, 8, 32, 20), 12)
        for button in (self.write_button, self.print_button, self.open_button):
            self.head.add_button(button)
        column.addWidget(self.head)
        column.addWidget(self.banner)
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
        column.addLayout(about)
        self._card = Card(look)
        within = QVBoxLayout(self._card)
        spread(look, within, (8, 8, 8, 8))
        within.addWidget(self.table)
        column.addWidget(self._card, 1)
        column.addWidget(self.empty, 1)

    def _connect(self) -> None:
        controller = self._controller
        self.write_button.clicked.connect(self._write)
        self.check_button.clicked.connect(self.check_sheet)
        self.open_button.clicked.connect(self._open_chosen)
        self.print_button.clicked.connect(self._print)
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

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, now: datetime) -> None:
        """Follow the folder, looked into now and then, and the hall's rules."""
        self._show_words()
        if self._looked is None or abs(now - self._looked) >= LOOK_AGAIN:
            self._looked = now
            self._controller.list_reports()
            self.printing.look_up()

    def _show(self, found: KeptList) -> None:
        if found.reports != self.rows.reports:
            self._fill()
        self._card.setVisible(bool(found.reports))
        self.empty.setVisible(not found.reports)
        for button in (self.open_button, self.print_button):
            button.setEnabled(bool(found.reports))
        self._show_words()

    def _fill(self) -> None:
        chosen, context = self.table.chosen(), self._controller.context
        setup = context.feed.setup
        self.rows.show(setup, self._controller.found.reports, setup.local(context.clock()).year)
        self.table.fit()
        self.table.choose(chosen)

    def _show_words(self) -> None:
        found, setup = self._controller.found, self._controller.context.feed.setup
        self.rules.setText(rules_text(setup))
        self.empty.set_texts(_("No report is kept here yet"), first_text(setup))
        self.folder.setText(_("Kept in {folder}", folder=found.folder) if found.folder else "")
        self.home_button.setVisible(found.is_own_choice)
        self.write_button.setVisible(self._controller.can_write)
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
        self.head.set_title(_("Kept reports"))
        self.write_button.setText(_("Write what is due now"))
        self.check_button.setText(_("Check a sheet …"))
        self.print_button.setText(_("Print"))
        self.open_button.setText(_("Open", context="kept report"))
        self.rules_button.setText(_("Rules of the set-up"))
        self.folder_button.setText(_("Another folder …"))
        self.home_button.setText(_("Beside the hall again"))
        self.printing.retranslate()
        self._fill()
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
