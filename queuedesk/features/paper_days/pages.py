"""Paper days: a file dropped or rows typed, tried as one goes, put in by one button; paper to print for the next
one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue import hallday
from queuedesk.core.setup.rows import Setup
from queuedesk.features.paper_days import words as paper_day_texts
from queuedesk.features.paper_days.verbs import CheckedPaperDay, check_paper_file, enter_paper_day, read_paper_file
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, current_language, date_for_staff, error_sentence, n_
from queuedesk.i18n.names import service_letter_and_name
from queuedesk.sim.player import ACTION_COLUMNS, ACTION_NAMES
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts import page_controller
from queuedesk.stations.manager.parts.page import ManagerPage, PageSpec
from queuedesk.stations.manager.parts.table import table_style_sheet
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField
from queuedesk.stations.window.context import SingleCommandRunner, StationContext
from queuedesk.stations.window.day_dialog import open_day_picker_dialog
from queuedesk.stations.window.style import Look

# -- reads, tries and enters the rows, and prints paper tickets, all beside the window ---------------------------------

FIRST_LINE = 2


class PaperDayController(SingleCommandRunner):
    """`read` gives a file's rows as (line, cells); `checked` good rows that were tried, `refused` the problems of the
    rows; `entered` the answer of the hall; `failed` other trouble."""

    read = Signal(list)
    checked = Signal(object)
    entered = Signal(dict)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.papers = page_controller.PaperSaverAndPrinter(context, self)
        self._last = page_controller.LatestRequest(context, self)

    def open_file(self, path: Path) -> None:
        """Read a file's rows; check_file then tries them."""

        def numbered_rows_of_file() -> list[tuple[int, dict[str, str]]]:
            return [
                (row.line, dict(row.cells)) for row in read_paper_file(path, paper_day_texts.actions_by_word()).rows
            ]

        self.context.tasks.run_in_long_work_lane(numbered_rows_of_file, self.read.emit, self.failed.emit, may_drop=True)

    def check_file(self, path: Path) -> None:
        """Try the rows of an unchanged file."""
        self._check_in_background(
            lambda: check_paper_file(self.context.desk, path, self.context.clock(), paper_day_texts.actions_by_word())
        )

    def check_rows(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Try rows that were typed or changed; the first one is line 2, as in a file."""
        file = self.papers.passing.path / "rows.csv"
        typed = [dict(row) for row in rows]

        def write_and_check_rows() -> CheckedPaperDay:
            table = io.StringIO(newline="")
            writer = csv.writer(table)
            writer.writerow(ACTION_COLUMNS)
            writer.writerows([" ".join(row.get(name, "").split()) for name in ACTION_COLUMNS] for row in typed)
            write_file(file, table.getvalue().encode())
            return check_paper_file(self.context.desk, file, self.context.clock(), paper_day_texts.actions_by_word())

        self._check_in_background(write_and_check_rows)

    def drop_check_request(self) -> None:
        """Drop the request under way."""
        self._last.drop_request()

    def enter_rows(self, checked: CheckedPaperDay) -> None:
        """Enter good rows into the hall."""
        self.start_unless_busy(
            "enter-day", partial(enter_paper_day, self.context.desk, self.context.new_ask(), checked), self.entered.emit
        )

    def print_or_save_paper_tickets(self, service: str, count: int, printer: str | None) -> None:
        """Make paper tickets and forms: print them on `printer` ("" for the system's default), or with None save them
        in the folder of reports."""
        from queuedesk.features.paper_days import papers

        setup, lang, now = self.context.feed.setup, current_language(), self.context.clock()
        sheets = self.context.services.sheet_printer
        if sheets is None:
            return
        name = f"paper-{service}.pdf"

        def write_tickets_file(file: Path) -> Path:
            papers.write_paper_tickets(setup, service, file, count=count, first=None, lang=lang, now=now)
            return file

        if printer is None:
            page_controller.start_writing_to_reports_folder(
                self.context, name, write_tickets_file, self.papers.saved.emit, self.failed.emit
            )
            return
        file = self.papers.passing.path / f"{setup.hall.code}-{name}"
        self.context.tasks.run_in_long_work_lane(
            lambda: sheets.print_pdf(write_tickets_file(file), printer),
            lambda _sent: self.papers.printed.emit(),
            self.failed.emit,
        )

    def _check_in_background(self, work: Callable[[], CheckedPaperDay]) -> None:
        self._last.request_work(work, self.checked.emit, partial(self.refused.emit, "check"))


# -- the rows ----------------------------------------------------------------------------------------------------------

PROBLEM = len(ACTION_COLUMNS)
SAMPLES = ("00:00:00", "", "A0000", "AA", "00", "C00", "elderly", "000000", "0000000")
ACTION_WIDTH = 138
"""What a column has room for at least, besides its title; the rest of the width is for what is wrong."""
ROW = 38
_CLOCK = re.compile(r"(\d{1,2})[:：.]?(\d{2})(?:[:：](\d{2}))?")
_ON_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2}(?::\d{2})?)(?:[.+Z-].*)?")
_AT = QModelIndex | QPersistentModelIndex


class PaperRows(QAbstractTableModel):
    """Rows of a paper day and an empty one to type in. `edited` says that somebody changed them."""

    edited = Signal()

    def __init__(self, look: Look, day: date) -> None:
        super().__init__()
        self._look = look
        self.day = day
        """The date that a time of day is completed with."""
        self.rows: list[dict[str, str]] = []
        self._lines: list[int] = []
        self._said: Mapping[int, str] = {}

    def set_rows(self, rows: Sequence[tuple[int, Mapping[str, str]]]) -> bool:
        """Show the rows of a file, each with its line, and return whether they are exactly as written there. Times
        of day without a date are on the page's day; such rows are numbered anew, like the file that will be made of
        them."""
        self.beginResetModel()
        self.rows = [{name: cells.get(name, "") for name in ACTION_COLUMNS} for _line, cells in rows]
        self._lines = [line for line, _cells in rows]
        self._said = {}
        first = next((found for row in self.rows if (found := _ON_DAY.fullmatch(row["time"]))), None)
        with suppress(ValueError):
            self.day = date.fromisoformat(first[1]) if first else self.day
        times = [row["time"] for row in self.rows]
        for row in self.rows:
            row["time"] = self._completed_cell("time", row["time"])
        is_as_written = times == [row["time"] for row in self.rows]
        if not is_as_written:
            self._number_rows_as_in_file()
        self.endResetModel()
        return is_as_written

    def move_to_day(self, day: date) -> None:
        """Use another date for times of day; what was typed on the page's day moves with it."""
        was, self.day = self.day.isoformat(), day
        rows = [{**row, "time": row["time"].replace(f"{was} ", f"{day.isoformat()} ", 1)} for row in self.rows]
        if rows != self.rows:
            self._replace_rows(rows)

    def set_row_problems(self, said: Mapping[int, str]) -> None:
        """Show the problems of rows, by line."""
        self._said = said
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, PROBLEM))

    def row_problem(self, row: int) -> str:
        return self._said.get(self._lines[row], "") if row < len(self.rows) else ""

    def file_line_of_row(self, row: int) -> int:
        """Return the line of a row in its file."""
        return self._lines[row]

    def first_row_with_problem(self) -> int | None:
        return next((row for row in range(len(self.rows)) if self.row_problem(row)), None)

    def append_rows(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Append rows."""
        new = [{name: self._completed_cell(name, row.get(name, "")) for name in ACTION_COLUMNS} for row in rows]
        self._replace_rows([*self.rows, *new])

    def remove_rows(self, rows: Sequence[int]) -> None:
        """Take rows away."""
        gone = {row for row in rows if row < len(self.rows)}
        if gone:
            self._replace_rows([row for at, row in enumerate(self.rows) if at not in gone])

    def paste_cells(self, at: int, column: int, text: str) -> None:
        """Insert cells of a spreadsheet from a cell on, without a header that names our columns."""
        lines = [line.split("\t") for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
        named = zip([cell.strip().lower() for cell in lines[0]] if lines else [], ACTION_COLUMNS[:2], strict=False)
        if lines and all(cell in (name, *ACTION_NAMES[name]) for cell, name in named):
            lines = lines[1:]
        rows = [dict(row) for row in self.rows]
        for offset, cells in enumerate(lines):
            while len(rows) <= at + offset:
                rows.append(dict.fromkeys(ACTION_COLUMNS, ""))
            for name, cell in zip(ACTION_COLUMNS[column:], cells, strict=False):
                rows[at + offset][name] = self._completed_cell(name, cell)
        self._replace_rows(rows)

    def _replace_rows(self, rows: list[dict[str, str]]) -> None:
        self.beginResetModel()
        self.rows, self._said = rows, {}
        self._number_rows_as_in_file()
        self.endResetModel()
        self.edited.emit()

    def _number_rows_as_in_file(self) -> None:
        """Number the rows as the file is that will be made of them."""
        self._lines = list(range(FIRST_LINE, FIRST_LINE + len(self.rows)))

    def _completed_cell(self, name: str, text: str) -> str:
        said = " ".join(text.split())
        if name == "action":
            return paper_day_texts.actions_by_word().get(said.lower(), said)
        if name == "time" and (found := _CLOCK.fullmatch(said)):
            hour, minute, second = found[1], found[2], found[3]
            return f"{self.day.isoformat()} {int(hour):02d}:{minute}" + (f":{second}" if second else "")
        return said

    def _displayed_cell(self, name: str, text: str) -> str:
        """Return a cell as it is read: an action in words, of a time on the page's day only the time."""
        if name == "action":
            return paper_day_texts.action_word(text)
        found = _ON_DAY.fullmatch(text) if name == "time" else None
        return found[2] if found and found[1] == self.day.isoformat() else text

    # -- Qt's model ----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows) + 1

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else PROBLEM + 1

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        problem = self.row_problem(row)
        if role == Qt.ItemDataRole.BackgroundRole and problem:
            return self._look.color("redbg")
        if role == Qt.ItemDataRole.ForegroundRole and column == PROBLEM:
            return self._look.color("red")
        if role == Qt.ItemDataRole.ToolTipRole and problem:
            return problem
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return None
        if column == PROBLEM:
            return problem
        text = self.rows[row][ACTION_COLUMNS[column]] if row < len(self.rows) else ""
        return text if role == Qt.ItemDataRole.EditRole else self._displayed_cell(ACTION_COLUMNS[column], text)

    def setData(self, index: _AT, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, name = index.row(), ACTION_COLUMNS[index.column()]
        text = self._completed_cell(name, str(value))
        if text == (self.rows[row][name] if row < len(self.rows) else ""):
            return False
        if row == len(self.rows):
            self.beginInsertRows(QModelIndex(), row + 1, row + 1)
            self.rows.append(dict.fromkeys(ACTION_COLUMNS, ""))
            self._number_rows_as_in_file()
            self.endInsertRows()
        self.rows[row][name] = text
        self._number_rows_as_in_file()
        self.dataChanged.emit(self.index(row, 0), self.index(row, PROBLEM))
        self.edited.emit()
        return True

    def flags(self, index: _AT) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if index.column() == PROBLEM else flags | Qt.ItemFlag.ItemIsEditable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return list(paper_day_texts.paper_column_titles().values())[section]
        return str(self._lines[section]) if section < len(self.rows) else "+"


class _ChoiceCellDelegate(QStyledItemDelegate):
    """A cell whose value is one of a few: chosen by key or arrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.choices: dict[str, list[tuple[str, str]]] = {}

    def createEditor(self, parent: QWidget, option: Any, index: _AT) -> QWidget:
        known = self.choices.get(ACTION_COLUMNS[index.column()])
        if known is None:
            return super().createEditor(parent, option, index)
        box = QComboBox(parent)
        box.addItem("", "")
        for code, words in known:
            box.addItem(words, code)
        if box.findData(text := str(index.data(Qt.ItemDataRole.EditRole))) < 0:
            box.addItem(text, text)  # What stands in a file stays until somebody chooses.
        box.view().setMinimumWidth(box.view().sizeHintForColumn(0) + 40)
        return box

    def setEditorData(self, editor: QWidget, index: _AT) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(index.data(Qt.ItemDataRole.EditRole))))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _AT) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
        else:
            super().setModelData(editor, model, index)


class PaperTable(QTableView):
    """The rows as a table: type into a cell, Delete removes the chosen rows, Ctrl+V pastes cells of a spreadsheet."""

    def __init__(self, look: Look, model: PaperRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._rows = look, model
        self._delegate = _ChoiceCellDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setTabKeyNavigation(False)  # Tab leaves the table; inside a cell that is edited it goes to the next one.
        self.setWordWrap(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setHighlightSections(False)
        look.changed.connect(self._apply_look)
        self._apply_look()
        self.setAccessibleName(_("Rows of the paper day"))

    def set_choices(self, choices: dict[str, list[tuple[str, str]]]) -> None:
        self._delegate.choices = choices

    def chosen_row_numbers(self) -> list[int]:
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            at = self.currentIndex()
            text = QGuiApplication.clipboard().text()
            self._rows.paste_cells(max(0, at.row()), min(max(0, at.column()), PROBLEM - 1), text)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._rows.remove_rows(self.chosen_row_numbers())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_column_widths()

    def _apply_look(self) -> None:
        look = self._look
        self.verticalHeader().setFont(look.font(14))
        self.verticalHeader().setDefaultSectionSize(look.px(ROW))
        self.horizontalHeader().setMinimumHeight(look.px(ROW))
        self._fit_column_widths()
        self._rows.layoutChanged.emit()

    def _fit_column_widths(self) -> None:
        """Give each column its width: with less air and smaller letters where not all would be seen."""
        look, titles = self._look, list(paper_day_texts.paper_column_titles().values())
        for px, pads in ((16, 4), (15, 3), (14, 2), (13, 2)):
            cell, head = look.font(px, tabular=True), look.font(min(14, px))
            rooms = [paint.width_of_text(cell, text) for text in SAMPLES]
            widths = [
                ceil(max(room, paint.width_of_text(head, title))) + pads * look.px(6)
                for room, title in zip(rooms, titles, strict=False)
            ]
            last = ceil(paint.width_of_text(head, titles[PROBLEM])) + 2 * look.px(6)
            if sum(widths) + last <= self.viewport().width():
                break
        self.setFont(cell)
        self.horizontalHeader().setFont(head)
        sheet = table_style_sheet(look, min(14, px))  # what it says of a head's letters is drawn
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
        self.setColumnWidth(PROBLEM, last)
        for column, (sample, width) in enumerate(zip(SAMPLES, widths, strict=True)):
            spare = self.viewport().width() - sum(widths) - last
            wanted = width if sample else max(width, look.large_px(ACTION_WIDTH))
            self.setColumnWidth(column, min(wanted, width + max(0, spare)))


# -- paper tickets to print --------------------------------------------------------------------------------------------

COUNTS = (24, 48, 72, 96)


class PrintPaperTicketsDialog(Dialog):
    """`wanted` gives a service, a count and the printer ("" for this PC's own; None: save the PDF in the folder of
    reports)."""

    wanted = Signal(str, int, object)

    def __init__(self, host: QWidget, look: Look, setup: Setup, *, can_print: bool) -> None:
        effect = _("Numbers that the hall hardly ever reaches, 24 to a page, and forms for writing down calls.")
        super().__init__(host, look, title=_("Print paper tickets"), effect=effect, width=560)
        self.service: QComboBox = DropDown(self.look)
        for code in setup.services:
            self.service.addItem(service_letter_and_name(setup, code), code)
        self.count: QComboBox = DropDown(self.look)
        for count in COUNTS:
            self.count.addItem(str(count), count)
        for box, label in ((self.service, _("Service")), (self.count, _("Number of tickets", context="field"))):
            field = FormField(self.look, label, edit=box)
            field.set_label(label)
            self.body.addWidget(field)
        self.leave_button = buttons.SecondaryButton(self.look, _("Back"), height=52)
        self.save_button = buttons.SecondaryButton(self.look, _("Save as PDF"), icon="save", height=52)
        self.print_button = buttons.PrimaryButton(self.look, _("Print"), icon="print", height=52, px=17)
        for button in (self.leave_button, self.save_button, self.print_button):
            self.buttons.addWidget(button)
        self.print_button.setVisible(can_print)
        self.leave_button.clicked.connect(self.refuse)
        self.save_button.clicked.connect(lambda: self._close_and_emit_wanted(None))
        self.print_button.clicked.connect(lambda: self._close_and_emit_wanted(""))

    def first_focus_widget(self) -> QWidget:
        return self.service

    def _close_and_emit_wanted(self, printer: str | None) -> None:
        service, count = str(self.service.currentData()), int(self.count.currentData())
        self.close_dialog()
        self.wanted.emit(service, count, printer)


# -- one line of the paper form ----------------------------------------------------------------------------------------

FIELDS = ("ticket", "service", "came", "called", "window", "staff", "started", "finished", "rating", "remarks")
SHARES = (10, 14, 9, 9, 9, 13, 9, 9, 8, 16)
CHOSEN = ("service", "window", "staff")
KEPT = ("service", "window", "staff")
"""What the next ticket probably has too."""
IN_LARGE_ROW = 5
"""From this text size on the fields stand in rows of so many."""


class PaperTicketEntryStrip(QWidget):
    """`added` gives the rows of one ticket, each as cells by column."""

    added = Signal(list)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._grid = QGridLayout(self)
        panels.set_scaled_margins(look, self._grid, spacing=6)
        self.heads = [panels.Label(look, px=14, token="ink2") for _field in FIELDS]
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self._service_of: dict[str, str] = {}
        for field in FIELDS:
            box: QComboBox | QLineEdit = DropDown(look) if field in CHOSEN else QLineEdit()
            if isinstance(box, QComboBox):
                box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                box.setMinimumContentsLength(2)
            else:
                box.returnPressed.connect(self.emit_ticket_rows)
                box.textChanged.connect(self._update_add_button)
            box.setMinimumWidth(1)
            self.fields[field] = box
        self.add_button = buttons.SecondaryButton(look, _("Add", context="paper row"), icon="plus", height=40, px=16)
        self.add_button.clicked.connect(self.emit_ticket_rows)
        self.fields["ticket"].textEdited.connect(self._choose_service_by_letter)  # type: ignore[union-attr]
        look.changed.connect(self._apply_look)
        self._apply_look()
        words = (
            _("Ticket", context="paper ticket"),
            _("Service", context="paper row"),
            _("Came", context="paper ticket"),
            _("Called", context="paper ticket"),
            _("Window", context="paper ticket"),
            _("Staff", context="paper ticket"),
            _("Started", context="paper ticket"),
            _("Finished", context="paper ticket"),
            _("Rating", context="paper ticket"),
            _("Remarks", context="paper ticket"),
        )
        for head, box, word in zip(self.heads, self.fields.values(), words, strict=True):
            head.setText(word)
            box.setAccessibleName(word)
        self._update_add_button()

    def set_choices(self, choices: dict[str, list[tuple[str, str]]]) -> None:
        """Offer these codes; the chosen one stays if it is among them. "letter" has the services that are alone in
        using a letter."""
        self._service_of = dict(choices["letter"])
        for field in CHOSEN:
            box = self.fields[field]
            if isinstance(box, QComboBox):
                chosen = box.currentData()
                box.clear()
                box.addItem("", "")
                for code, words in choices["clerk" if field == "staff" else field]:
                    box.addItem(words, code)
                box.setCurrentIndex(max(0, box.findData(chosen)))
                box.view().setMinimumWidth(box.view().sizeHintForColumn(0) + 40)

    def field_text(self, field: str) -> str:
        """Return a field's text; for a choice its code."""
        box = self.fields[field]
        return str(box.currentData() or "") if isinstance(box, QComboBox) else box.text().strip()

    @property
    def has_typed_text(self) -> bool:
        """Whether anything stands in a field."""
        return any(self.field_text(field) for field in self.fields)

    def emit_ticket_rows(self) -> None:
        """Pass the rows on, and get ready for the next number."""
        rows = self._typed_action_rows()
        if not rows:
            return
        self.added.emit(rows)
        label = self.field_text("ticket")
        for field, box in self.fields.items():
            if isinstance(box, QLineEdit) and field not in KEPT:
                box.clear()
        ticket = self.fields["ticket"]
        if isinstance(ticket, QLineEdit):
            ticket.setText(_following_ticket_number(label))
            ticket.setFocus()
            ticket.selectAll()

    def _typed_action_rows(self) -> list[dict[str, str]]:
        text = partial(self.field_text)
        if not text("ticket"):
            return []
        at = {"window": text("window"), "staff": text("staff")}
        steps = (
            ("issue", text("came"), {"service": text("service")}),
            ("call", text("called"), {**at, "reason": text("remarks")}),
            ("start", text("started"), at),
            ("finish", text("finished"), at),
            ("rate", text("finished") if text("rating") else "", {"value": text("rating")}),
        )
        return [
            {"time": time, "action": action, "ticket": text("ticket"), **cells} for action, time, cells in steps if time
        ]

    def _update_add_button(self) -> None:
        self.add_button.setEnabled(bool(self._typed_action_rows()))

    def _choose_service_by_letter(self, label: str) -> None:
        """Choose the service that the letter of the number names."""
        found = hallday.split_ticket_label(label.strip().upper())
        box = self.fields["service"]
        if found and found[0] in self._service_of and isinstance(box, QComboBox):
            box.setCurrentIndex(box.findData(self._service_of[found[0]]))

    def _arrange_fields(self) -> None:
        """Put the fields in one row, or in rows that large text can be read in."""
        in_row = IN_LARGE_ROW if self._look.scale.is_text_large else len(FIELDS)
        for at, (field, head) in enumerate(zip(FIELDS, self.heads, strict=True)):
            row, column = divmod(at, in_row)
            self._grid.addWidget(head, 2 * row, column)
            self._grid.addWidget(self.fields[field], 2 * row + 1, column)
        for column in range(len(FIELDS)):
            self._grid.setColumnStretch(column, max(SHARES[column::in_row]) if column < in_row else 0)
        last = 2 * ((len(FIELDS) - 1) // in_row) + 1
        self._grid.addWidget(self.add_button, last, in_row)

    def _apply_look(self) -> None:
        look = self._look
        self._arrange_fields()
        for box in self.fields.values():
            box.setFont(look.font(16, tabular=True))
        pad, height = look.px(7), look.px(34)
        self.setStyleSheet(f"QLineEdit, QComboBox {{ padding: 0 {pad}px; min-height: {height}px; }}")


def _following_ticket_number(label: str) -> str:
    """Return the number after a ticket's, "" where it is none."""
    found = hallday.split_ticket_label(label.upper())
    return hallday.ticket_label_text(found[0], found[1] + 1) if found else ""


CHECK_AFTER_MS = 500


class PaperDayPage(ManagerPage):
    """Rows of a paper day, typed or read from a file, tried before they are entered."""

    def __init__(self, look: Look, controller: PaperDayController, parent: QWidget | None = None) -> None:
        spec = PageSpec(title=lambda: _("Paper days", context="page"), line=lambda: _("Enter what was kept on paper"))
        super().__init__(look, spec, parent)
        self._controller = controller
        controller.setParent(self)
        self._file: Path | None = None  # what is shown, as long as nobody changes it
        self._checked: CheckedPaperDay | None = None
        self._offered: Setup | None = None
        self._told = ("", False)
        self.choose_button = buttons.SecondaryButton(look, _("Choose a file …"), icon="folder", height=44)
        self.day_button = buttons.SecondaryButton(look, "", icon="calendar", height=44)
        self.paper_button = buttons.SecondaryButton(look, _("Print paper tickets …"), icon="print", height=44)
        self.remove_button = buttons.TextButton(look, _("Delete row"), icon="remove", height=44, px=16)
        self.clear_button = buttons.TextButton(look, _("Clear all"), height=44, px=16)
        self.strip = PaperTicketEntryStrip(look)
        self.rows = PaperRows(look, controller.context.feed.business_date)
        self.table = PaperTable(look, self.rows)
        self.told = ErrorLine(look)
        self.enter_button = buttons.PrimaryButton(look, "", icon="check", height=52, px=18)
        self.hall_acts = (self.enter_button,)
        self._timer = QTimer(self, singleShot=True, interval=CHECK_AFTER_MS)
        self.accept_files(self.open_file)
        self._build_layout()
        self._connect_signals()
        self._fill_choices_from_setup()
        self._update_page_texts()

    def _build_layout(self) -> None:
        look = self._look
        self.add_tools(self.choose_button, self.day_button, right=[self.paper_button])
        card = panels.Card(look)
        inside = QVBoxLayout(card)
        panels.set_scaled_margins(look, inside, (12, 10, 12, 8), 8)
        inside.addWidget(self.strip)
        inside.addWidget(self.table)
        self.add_part(card, 1)
        foot = QHBoxLayout()
        panels.set_scaled_margins(look, foot, spacing=12)
        foot.addWidget(self.told, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.remove_button)
        foot.addWidget(self.clear_button)
        foot.addWidget(self.enter_button)
        self.add_part(foot)

    def _connect_signals(self) -> None:
        controller = self._controller
        self.choose_button.clicked.connect(self.ask_file)
        self.day_button.clicked.connect(self._ask_day)
        self.paper_button.clicked.connect(self._open_paper_ticket_print_dialog)
        self.remove_button.clicked.connect(lambda: self.rows.remove_rows(self.table.chosen_row_numbers()))
        self.clear_button.clicked.connect(self.clear)
        self.enter_button.clicked.connect(self._enter_checked_day)
        self.rows.edited.connect(self._invalidate_and_schedule_check)
        self.strip.added.connect(self._append_rows)
        self.table.selectionModel().currentChanged.connect(self._show_row_problem)
        self._timer.timeout.connect(self._check_typed_rows)
        controller.read.connect(self._show_and_check_file_rows)
        controller.checked.connect(self._accept_checked_day)
        controller.refused.connect(self._show_bad_rows)
        controller.entered.connect(self._clear_and_announce_entry)
        controller.failed.connect(self._show_failure)
        controller.papers.saved.connect(self.show_saved_file)
        controller.papers.printed.connect(self.say_printed)
        controller.busy_changed.connect(self.enter_button.set_busy)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def unsaved_text(self) -> str:
        return _("The rows of the paper day are not entered yet.") if self.rows.rows else ""

    def refresh(self, _now: datetime) -> None:
        """Follow the hall's set-up."""
        if self._controller.context.feed.setup is not self._offered:
            self._fill_choices_from_setup()

    def _fill_choices_from_setup(self) -> None:
        self._offered = self._controller.context.feed.setup
        known = paper_day_texts.cell_choices_by_column(self._offered)
        self.table.set_choices(known)
        self.strip.set_choices(known)

    def _update_page_texts(self) -> None:
        count = len(self.rows.rows)
        day = self.rows.day
        self.day_button.setText(_("Times of {day}", day=date_for_staff(day)))
        self.enter_button.setText(n_("Enter {n} row", "Enter {n} rows", count))
        self.enter_button.setEnabled(self._checked is not None)
        self.clear_button.setEnabled(bool(count))
        self.remove_button.setEnabled(bool(count))
        text, refused = self._told
        if not count and not text:
            text = _("Type ticket by ticket as on the form, drop a table here, or paste cells into the table.")
        self.told.show_message(text, refused=refused)
        self.day_button.setToolTip(_("Times that you type belong to this date."))

    # -- rows --------------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a file and try its rows."""
        self._file = path
        self._controller.open_file(path)

    def clear(self) -> None:
        """Start over with nothing."""
        self._timer.stop()
        self._controller.drop_check_request()
        self._file, self._checked, self._told = None, None, ("", False)
        self.rows.set_rows([])
        self._update_page_texts()

    def _show_and_check_file_rows(self, rows: list[tuple[int, dict[str, str]]]) -> None:
        self._timer.stop()
        self._checked, self._told = None, ("", False)
        is_as_written = self.rows.set_rows(rows)
        self._update_page_texts()
        if not is_as_written:
            self._invalidate_and_schedule_check()
        elif self._file is not None:
            self._controller.check_file(self._file)

    def _append_rows(self, rows: list[dict[str, str]]) -> None:
        self.rows.append_rows(rows)
        self.table.scrollToBottom()

    def _invalidate_and_schedule_check(self) -> None:
        self._file, self._checked, self._told = None, None, ("", False)
        self._controller.drop_check_request()
        self._timer.start()
        self._update_page_texts()

    def _check_typed_rows(self) -> None:
        if self.rows.rows:
            self._controller.check_rows(self.rows.rows)

    def _accept_checked_day(self, checked: CheckedPaperDay) -> None:
        self._checked, self._told = (
            checked,
            (paper_day_texts.rows_good_message(checked.day, len(checked.lines), checked.rows), False),
        )
        self.rows.set_row_problems({})
        self._update_page_texts()

    def _show_bad_rows(self, _verb: str, trouble: QueueDeskError) -> None:
        said = paper_day_texts.problems_by_line(trouble)
        self._checked, self._told = None, (paper_day_texts.rows_bad_message(said), True)
        self.rows.set_row_problems(said)
        self._update_page_texts()
        bad = self.rows.first_row_with_problem()
        if bad is not None and not self.table.hasFocus():
            self.table.scrollTo(self.rows.index(bad, PROBLEM))
        self._show_row_problem()

    def _show_row_problem(self, *_now: object) -> None:
        """Say below the table what is wrong with the chosen row, else with the first bad one."""
        row: int | None = self.table.currentIndex().row()
        if row is None or row < 0 or not self.rows.row_problem(row):
            row = self.rows.first_row_with_problem() if self._told[1] else None
        if row is not None and self.rows.row_problem(row):
            line = paper_day_texts.row_problem_text(self.rows.file_line_of_row(row), self.rows.row_problem(row))
            self.told.show_message(paper_day_texts.two_sentences_joined(self._told[0], line), refused=True)

    def _show_failure(self, trouble: QueueDeskError) -> None:
        self._told = (error_sentence(trouble), True)
        self._update_page_texts()

    def _enter_checked_day(self) -> None:
        if self._checked is not None:
            self._controller.enter_rows(self._checked)

    def _clear_and_announce_entry(self, document: dict[str, Any]) -> None:
        self.clear()
        self.said.emit(paper_day_texts.rows_entered_message(document), "check")

    def stop(self) -> None:
        """Delete the typed rows' file."""
        self._controller.papers.stop()

    def state_to_restore(self) -> date | None:
        is_used = bool(self.rows.rows) or bool(self._told[0]) or self.strip.has_typed_text
        return None if is_used else self.rows.day

    def restore_state(self, left: date) -> None:
        self._switch_to_day(left)

    # -- files, days, paper --------------------------------------------------------------------------------------------

    def _ask_day(self) -> None:
        today = self._controller.context.feed.business_date
        open_day_picker_dialog(
            self.window(),
            self._look,
            self._switch_to_day,
            title=_("Times of which day?"),
            chosen=self.rows.day,
            first=today.replace(year=today.year - 1, day=1),
            last=today,
        )

    def _switch_to_day(self, day: date) -> None:
        self.rows.move_to_day(day)
        self._update_page_texts()

    def _open_paper_ticket_print_dialog(self) -> None:
        context = self._controller.context
        dialog = PrintPaperTicketsDialog(
            self.window(), self._look, context.feed.setup, can_print=self._controller.papers.can_print
        )
        dialog.wanted.connect(self._controller.print_or_save_paper_tickets)
        dialog.open_dialog()


def paper_days_page(controller: ManagerController, _own: ControllerCache) -> PaperDayPage:
    """Return the page for the manager's side list."""
    context = controller.context
    return PaperDayPage(context.look, PaperDayController(context))
