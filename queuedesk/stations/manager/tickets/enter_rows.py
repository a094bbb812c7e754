"""The table of a paper day: rows to type in, to paste into and to mend, each with what is wrong with it in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QStyledItemDelegate, QTableView, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, current, day_staff, listing, mark, n_, named, say, tr
from queuedesk.stations.manager.parts.table import table_style
from queuedesk.stations.manager.tickets.enter_controller import COLUMNS, FIRST_LINE
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.window.style import Look

if TYPE_CHECKING:
    from queuedesk.sim.paper import PaperDay

# -- words -------------------------------------------------------------------------------------------------------------

ACTIONS = {
    "issue": mark("Issued", context="event"),
    "call": mark("Call", context="event"),
    "start": mark("Start", context="event"),
    "finish": mark("Finished", context="event"),
    "rate": mark("Rating", context="event"),
    "recall": mark("Recall", context="event"),
    "miss": mark("Missed", context="event"),
    "leave": mark("Left", context="event"),
    "serve": mark("Served without a ticket", context="event"),
    "not-ready": mark("Came without papers", context="paper row"),
    "transfer": mark("Transfer", context="event"),
    "redirect": mark("Wrong window", context="event"),
    "add": mark("Add a service", context="event"),
    "return": mark("Put back in line", context="event"),
    "reinstate": mark("Back in line", context="event"),
    "postpone": mark("Let one go first", context="event"),
    "park": mark("Set aside", context="event"),
    "unpark": mark("Continue", context="event"),
    "stall": mark("Waiting for a system", context="event"),
    "unstall": mark("System is back", context="event"),
    "reopen": mark("Reopened", context="event"),
    "defer": mark("Put off to tomorrow", context="event"),
    "void": mark("Void", context="event"),
    "open": mark("Window opened", context="paper row"),
    "pause": mark("Window paused", context="paper row"),
    "resume": mark("Window resumes", context="paper row"),
    "close": mark("Window closed", context="paper row"),
    "day-end": mark("End of the day", context="event"),
}
_OWN = frozenset({"not-ready", "open", "pause", "resume", "close"})
MOST_NAMED = 12


def action_word(action: str) -> str:
    """Return the word for an action; anything else unchanged."""
    if action not in ACTIONS:
        return action
    return tr(current(), ACTIONS[action], context="paper row" if action in _OWN else "event")


def heads() -> list[str]:
    """Return the titles of the columns, the last one for a row's problem."""
    return [
        _("Time", context="paper row"),
        _("What happened", context="paper row"),
        _("Ticket", context="paper row"),
        _("Service", context="paper row"),
        _("Window", context="paper row"),
        _("Who", context="paper row"),
        _("Class", context="paper row"),
        _("Result", context="paper row"),
        _("Reason", context="paper row"),
        _("To fix", context="paper row"),
    ]


def choices(setup: Setup) -> dict[str, list[tuple[str, str]]]:
    """Return the possible values of a column, as (code, words), if they are known. "clerk" has the people who may open
    a window, "letter" the letter and code of each service that is alone in using its letter."""
    services, people = setup.services.values(), setup.staff.values()
    letters = [s.prefix for s in services]
    return {
        "clerk": [(p.code, f"{p.code} {named(p.name, p.name_en)}") for p in people if p.role != Role.GUIDE],
        "letter": [(s.prefix, s.code) for s in services if letters.count(s.prefix) == 1],
        "action": [(code, action_word(code)) for code in ACTIONS],
        "service": [(s.code, f"{s.code} {named(s.name, s.name_en)}") for s in setup.services.values()],
        "window": [(code, code) for code in setup.windows],
        "staff": [(p.code, f"{p.code} {named(p.name, p.name_en)}") for p in setup.staff.values()],
        "class": [(k.code, f"{named(k.name, k.name_en)}") for k in setup.classes.values()],
    }


def problems(trouble: QueueDeskError) -> dict[int, str]:
    """Return the problem of each bad line; problems of the whole are at line 0."""
    if trouble.code != "bad_rows":
        return {0: say(trouble)}
    lines: Sequence[tuple[int, QueueDeskError]] = trouble.details["lines"]  # type: ignore[assignment]
    said: dict[int, str] = {}
    for line, error in lines:
        told = say(_in_titles(error))
        said[line] = after(said[line], told) if line in said else told
    return said


def _in_titles(error: QueueDeskError) -> QueueDeskError:
    """Return what is said of a row with its column as the page calls it."""
    column = error.details.get("column")
    if not isinstance(error, RuleError) or column not in COLUMNS:
        return error
    return RuleError(error.code, **{**error.details, "column": heads()[COLUMNS.index(str(column))]})


def good_text(checked: PaperDay) -> str:
    """Return the message for good rows."""
    tickets = n_("{n} ticket", "{n} tickets", len(checked.lines))
    rows = n_("{n} row", "{n} rows", checked.rows, context="file")
    return _("{day}: {tickets} from {rows}, all good.", day=day_staff(checked.day), tickets=tickets, rows=rows)


def bad_text(said: Mapping[int, str]) -> str:
    """Return the message for rows of which some are bad."""
    if 0 in said:
        return said[0]
    if 1 in said:
        return said[1]
    return n_("{n} row to fix; nothing was entered.", "{n} rows to fix; nothing was entered.", len(said))


def after(one: str, two: str) -> str:
    """Return two sentences, one after the other."""
    return _("{one} {two}", context="sentences", one=one, two=two)


def row_text(line: int, problem: str) -> str:
    """Return what is wrong with one row."""
    return _("Line {line}: {problem}", line=line, problem=problem)


def entered_text(document: Mapping[str, Any]) -> str:
    """Return the message once rows are in the hall."""
    told = [_("{tickets} entered", tickets=n_("{n} ticket", "{n} tickets", document["tickets"]))]
    if document["waiting"]:
        told.append(_("now waiting: {tickets}", tickets=_some(document["waiting"])))
    if document["parked"]:
        told.append(_("set aside: {tickets}", tickets=_some(document["parked"])))
    return _(", ", context="clauses").join(told)


def _some(labels: Sequence[str]) -> str:
    rest = len(labels) - MOST_NAMED
    return listing([*labels[:MOST_NAMED], *([n_("{n} more", "{n} more", rest)] if rest > 0 else [])])


PROBLEM = len(COLUMNS)
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
        self.rows = [{name: cells.get(name, "") for name in COLUMNS} for _line, cells in rows]
        self._lines = [line for line, _cells in rows]
        self._said = {}
        first = next((found for row in self.rows if (found := _ON_DAY.fullmatch(row["time"]))), None)
        with suppress(ValueError):
            self.day = date.fromisoformat(first[1]) if first else self.day
        times = [row["time"] for row in self.rows]
        for row in self.rows:
            row["time"] = self._completed("time", row["time"])
        is_as_written = times == [row["time"] for row in self.rows]
        if not is_as_written:
            self._number()
        self.endResetModel()
        return is_as_written

    def move_to(self, day: date) -> None:
        """Use another date for times of day; what was typed on the page's day moves with it."""
        was, self.day = self.day.isoformat(), day
        rows = [{**row, "time": row["time"].replace(f"{was} ", f"{day.isoformat()} ", 1)} for row in self.rows]
        if rows != self.rows:
            self._change(rows)

    def set_said(self, said: Mapping[int, str]) -> None:
        """Show the problems of rows, by line."""
        self._said = said
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, PROBLEM))

    def problem(self, row: int) -> str:
        return self._said.get(self._lines[row], "") if row < len(self.rows) else ""

    def line(self, row: int) -> int:
        """Return the line of a row in its file."""
        return self._lines[row]

    def first_bad(self) -> int | None:
        """Return the first row with a problem."""
        return next((row for row in range(len(self.rows)) if self.problem(row)), None)

    def add(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Append rows."""
        new = [{name: self._completed(name, row.get(name, "")) for name in COLUMNS} for row in rows]
        self._change([*self.rows, *new])

    def remove(self, rows: Sequence[int]) -> None:
        """Take rows away."""
        gone = {row for row in rows if row < len(self.rows)}
        if gone:
            self._change([row for at, row in enumerate(self.rows) if at not in gone])

    def paste(self, at: int, column: int, text: str) -> None:
        """Insert cells of a spreadsheet from a cell on, without a header that names our columns."""
        lines = [line.split("\t") for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
        if lines and [cell.strip().lower() for cell in lines[0]][:2] == list(COLUMNS[:2]):
            lines = lines[1:]
        rows = [dict(row) for row in self.rows]
        for offset, cells in enumerate(lines):
            while len(rows) <= at + offset:
                rows.append(dict.fromkeys(COLUMNS, ""))
            for name, cell in zip(COLUMNS[column:], cells, strict=False):
                rows[at + offset][name] = self._completed(name, cell)
        self._change(rows)

    def _change(self, rows: list[dict[str, str]]) -> None:
        self.beginResetModel()
        self.rows, self._said = rows, {}
        self._number()
        self.endResetModel()
        self.edited.emit()

    def _number(self) -> None:
        """Number the rows as the file is that will be made of them."""
        self._lines = list(range(FIRST_LINE, FIRST_LINE + len(self.rows)))

    def _completed(self, name: str, text: str) -> str:
        said = " ".join(text.split())
        if name == "time" and (found := _CLOCK.fullmatch(said)):
            hour, minute, second = found[1], found[2], found[3]
            return f"{self.day.isoformat()} {int(hour):02d}:{minute}" + (f":{second}" if second else "")
        return said

    def _shown(self, name: str, text: str) -> str:
        """Return a cell as it is read: an action in words, of a time on the page's day only the time."""
        if name == "action":
            return action_word(text)
        found = _ON_DAY.fullmatch(text) if name == "time" else None
        return found[2] if found and found[1] == self.day.isoformat() else text

    # -- Qt's model ----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows) + 1

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else PROBLEM + 1

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        problem = self.problem(row)
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
        text = self.rows[row][COLUMNS[column]] if row < len(self.rows) else ""
        return text if role == Qt.ItemDataRole.EditRole else self._shown(COLUMNS[column], text)

    def setData(self, index: _AT, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, name = index.row(), COLUMNS[index.column()]
        text = self._completed(name, str(value))
        if text == (self.rows[row][name] if row < len(self.rows) else ""):
            return False
        if row == len(self.rows):
            self.beginInsertRows(QModelIndex(), row + 1, row + 1)
            self.rows.append(dict.fromkeys(COLUMNS, ""))
            self._number()
            self.endInsertRows()
        self.rows[row][name] = text
        self._number()
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
            return heads()[section]
        return str(self._lines[section]) if section < len(self.rows) else "+"


class _Choice(QStyledItemDelegate):
    """A cell whose value is one of a few: chosen by key or arrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.choices: dict[str, list[tuple[str, str]]] = {}

    def createEditor(self, parent: QWidget, option: Any, index: _AT) -> QWidget:
        known = self.choices.get(COLUMNS[index.column()])
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
        self._delegate = _Choice(self)
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
        look.changed.connect(self._dress)
        self._dress()

    def set_choices(self, choices: dict[str, list[tuple[str, str]]]) -> None:
        self._delegate.choices = choices

    def retranslate(self) -> None:
        self.setAccessibleName(_("Rows of the paper day"))
        self._rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, PROBLEM)
        self._dress()

    def chosen_rows(self) -> list[int]:
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            at = self.currentIndex()
            text = QGuiApplication.clipboard().text()
            self._rows.paste(max(0, at.row()), min(max(0, at.column()), PROBLEM - 1), text)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._rows.remove(self.chosen_rows())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _dress(self) -> None:
        look = self._look
        self.verticalHeader().setFont(look.font(14))
        self.verticalHeader().setDefaultSectionSize(look.px(ROW))
        self.horizontalHeader().setMinimumHeight(look.px(ROW))
        self.setStyleSheet(table_style(look))
        self._fit()
        self._rows.layoutChanged.emit()

    def _fit(self) -> None:
        """Give each column its width: with less air and smaller letters where not all would be seen."""
        look, titles = self._look, heads()
        for px, pads in ((16, 4), (15, 3), (14, 2), (13, 2)):
            cell, head = look.font(px, tabular=True), look.font(min(14, px))
            rooms = [width_of(cell, text) for text in SAMPLES]
            widths = [
                round(max(room, width_of(head, title))) + pads * look.px(6)
                for room, title in zip(rooms, titles, strict=False)
            ]
            last = round(width_of(head, titles[PROBLEM])) + 2 * look.px(6)
            if sum(widths) + last <= self.viewport().width():
                break
        self.setFont(cell)
        self.horizontalHeader().setFont(head)
        self.setColumnWidth(PROBLEM, last)
        for column, (sample, width) in enumerate(zip(SAMPLES, widths, strict=True)):
            spare = self.viewport().width() - sum(widths) - last
            wanted = width if sample else max(width, look.wide(ACTION_WIDTH))
            self.setColumnWidth(column, min(wanted, width + max(0, spare)))
