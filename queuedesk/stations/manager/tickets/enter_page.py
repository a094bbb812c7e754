"""Paper days: a file dropped or rows typed, tried as one goes, put in by one button; paper to print for the next
one."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue import numbering
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, day_staff, n_, say
from queuedesk.i18n.names import lettered
from queuedesk.stations.manager.parts.page import Page, PageSpec
from queuedesk.stations.manager.tickets.enter_controller import EnterController
from queuedesk.stations.manager.tickets.enter_rows import (
    PROBLEM,
    PaperRows,
    PaperTable,
    after,
    bad_text,
    choices,
    entered_text,
    good_text,
    problems,
    row_text,
)
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine, FormField
from queuedesk.stations.window.day_dialog import ask_day
from queuedesk.stations.window.style import Look

if TYPE_CHECKING:
    from queuedesk.sim.paper import PaperDay

# -- paper tickets to print --------------------------------------------------------------------------------------------

COUNTS = (24, 48, 72, 96)


class PaperDialog(Dialog):
    """`wanted` gives a service, a count and the printer ("" for this PC's own; None: save the PDF in the folder of
    reports)."""

    wanted = Signal(str, int, object)

    def __init__(self, host: QWidget, look: Look, setup: Setup, *, can_print: bool) -> None:
        effect = _("Numbers that the hall hardly ever reaches, 24 to a page, and forms for writing down calls.")
        super().__init__(host, look, title=_("Print paper tickets"), effect=effect, width=560)
        self.service: QComboBox = DropDown(self.look)
        for code in setup.services:
            self.service.addItem(lettered(setup, code), code)
        self.count: QComboBox = DropDown(self.look)
        for count in COUNTS:
            self.count.addItem(str(count), count)
        for box, label in ((self.service, _("Service")), (self.count, _("Number of tickets", context="field"))):
            field = FormField(self.look, label, edit=box)
            field.set_label(label)
            self.body.addWidget(field)
        self.leave_button = SecondaryButton(self.look, _("Back"), height=52)
        self.save_button = SecondaryButton(self.look, _("Save as PDF"), icon="save", height=52)
        self.print_button = PrimaryButton(self.look, _("Print"), icon="print", height=52, px=17)
        for button in (self.leave_button, self.save_button, self.print_button):
            self.buttons.addWidget(button)
        self.print_button.setVisible(can_print)
        self.leave_button.clicked.connect(self.refuse)
        self.save_button.clicked.connect(lambda: self._want(None))
        self.print_button.clicked.connect(lambda: self._want(""))

    def first_focus(self) -> QWidget:
        return self.service

    def _want(self, printer: str | None) -> None:
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


class TicketStrip(QWidget):
    """`added` gives the rows of one ticket, each as cells by column."""

    added = Signal(list)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._grid = QGridLayout(self)
        spread(look, self._grid, spacing=6)
        self.heads = [Label(look, px=14, token="ink2") for _field in FIELDS]
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self._service_of: dict[str, str] = {}
        for field in FIELDS:
            box: QComboBox | QLineEdit = DropDown(look) if field in CHOSEN else QLineEdit()
            if isinstance(box, QComboBox):
                box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                box.setMinimumContentsLength(2)
            else:
                box.returnPressed.connect(self.add)
                box.textChanged.connect(self._show)
            box.setMinimumWidth(1)
            self.fields[field] = box
        self.add_button = SecondaryButton(look, "", icon="plus", height=40, px=16)
        self.add_button.clicked.connect(self.add)
        self.fields["ticket"].textEdited.connect(self._tell_service)  # type: ignore[union-attr]
        look.changed.connect(self._dress)
        self._dress()

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

    def retranslate(self) -> None:
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
        self.add_button.setText(_("Add", context="paper row"))
        self._show()

    def text(self, field: str) -> str:
        """Return a field's text; for a choice its code."""
        box = self.fields[field]
        return str(box.currentData() or "") if isinstance(box, QComboBox) else box.text().strip()

    @property
    def is_used(self) -> bool:
        """Whether anything stands in a field."""
        return any(self.text(field) for field in self.fields)

    def add(self) -> None:
        """Pass the rows on, and get ready for the next number."""
        rows = self._rows()
        if not rows:
            return
        self.added.emit(rows)
        label = self.text("ticket")
        for field, box in self.fields.items():
            if isinstance(box, QLineEdit) and field not in KEPT:
                box.clear()
        ticket = self.fields["ticket"]
        if isinstance(ticket, QLineEdit):
            ticket.setText(_next(label))
            ticket.setFocus()
            ticket.selectAll()

    def _rows(self) -> list[dict[str, str]]:
        text = partial(self.text)
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

    def _show(self) -> None:
        self.add_button.setEnabled(bool(self._rows()))

    def _tell_service(self, label: str) -> None:
        """Choose the service that the letter of the number names."""
        found = numbering.parts(label.strip().upper())
        box = self.fields["service"]
        if found and found[0] in self._service_of and isinstance(box, QComboBox):
            box.setCurrentIndex(box.findData(self._service_of[found[0]]))

    def _lay_out(self) -> None:
        """Put the fields in one row, or in rows that large text can be read in."""
        in_row = IN_LARGE_ROW if self._look.scale.is_large else len(FIELDS)
        for at, (field, head) in enumerate(zip(FIELDS, self.heads, strict=True)):
            row, column = divmod(at, in_row)
            self._grid.addWidget(head, 2 * row, column)
            self._grid.addWidget(self.fields[field], 2 * row + 1, column)
        for column in range(len(FIELDS)):
            self._grid.setColumnStretch(column, max(SHARES[column::in_row]) if column < in_row else 0)
        last = 2 * ((len(FIELDS) - 1) // in_row) + 1
        self._grid.addWidget(self.add_button, last, in_row)

    def _dress(self) -> None:
        look = self._look
        self._lay_out()
        for box in self.fields.values():
            box.setFont(look.font(16, tabular=True))
        pad, height = look.px(7), look.px(34)
        self.setStyleSheet(f"QLineEdit, QComboBox {{ padding: 0 {pad}px; min-height: {height}px; }}")


def _next(label: str) -> str:
    """Return the number after a ticket's, "" where it is none."""
    found = numbering.parts(label.upper())
    return numbering.label(found[0], found[1] + 1) if found else ""


CHECK_AFTER_MS = 500
KINDS = "CSV (*.csv *.txt)"


class EnterPage(Page):
    """Rows of a paper day, typed or read from a file, tried before they are entered."""

    def __init__(self, look: Look, controller: EnterController, host: QWidget, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: _("Paper days", context="page"),
            line=lambda: _("Enter what was kept on paper"),
        )
        super().__init__(look, spec, parent)
        self._controller, self._host = controller, host
        controller.setParent(self)
        self._file: Path | None = None  # what is shown, as long as nobody changes it
        self._checked: PaperDay | None = None
        self._setup: Setup | None = None
        self._told = ("", False)
        self.choose_button = SecondaryButton(look, "", icon="folder", height=44)
        self.day_button = SecondaryButton(look, "", icon="calendar", height=44)
        self.paper_button = SecondaryButton(look, "", icon="print", height=44)
        self.remove_button = TextButton(look, "", icon="remove", height=44, px=16)
        self.clear_button = TextButton(look, "", height=44, px=16)
        self.strip = TicketStrip(look)
        self.rows = PaperRows(look, controller.context.feed.day)
        self.table = PaperTable(look, self.rows)
        self.told = ErrorLine(look)
        self.enter_button = PrimaryButton(look, "", icon="check", height=52, px=18)
        self.hall_acts = (self.enter_button,)
        self._timer = QTimer(self, singleShot=True, interval=CHECK_AFTER_MS)
        self.take_files(self.open_file, KINDS)
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self._look
        self.put_tools(self.choose_button, self.day_button, right=[self.paper_button])
        card = Card(look)
        inside = QVBoxLayout(card)
        spread(look, inside, (12, 10, 12, 8), 8)
        inside.addWidget(self.strip)
        inside.addWidget(self.table)
        self.put(card, 1)
        foot = QHBoxLayout()
        spread(look, foot, spacing=12)
        foot.addWidget(self.told, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.remove_button)
        foot.addWidget(self.clear_button)
        foot.addWidget(self.enter_button)
        self.put(foot)

    def _connect(self) -> None:
        controller = self._controller
        self.choose_button.clicked.connect(self.ask_file)
        self.day_button.clicked.connect(self._ask_day)
        self.paper_button.clicked.connect(self._ask_paper)
        self.remove_button.clicked.connect(lambda: self.rows.remove(self.table.chosen_rows()))
        self.clear_button.clicked.connect(self.clear)
        self.enter_button.clicked.connect(self._enter)
        self.rows.edited.connect(self._edited)
        self.strip.added.connect(self._add)
        self.table.selectionModel().currentChanged.connect(self._tell_row)
        self._timer.timeout.connect(self._check_typed)
        controller.read.connect(self._show_file)
        controller.checked.connect(self._good)
        controller.refused.connect(self._bad)
        controller.entered.connect(self._entered)
        controller.failed.connect(self._failed)
        controller.saved.connect(self.say_saved)
        controller.printed.connect(lambda _printer: self.say_printed())
        controller.busy_changed.connect(self.enter_button.set_busy)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def is_changed(self) -> bool:
        """Whether there are rows that are not in the hall yet."""
        return bool(self.rows.rows)

    def retranslate(self) -> None:
        super().retranslate()
        self.choose_button.setText(_("Choose a file …"))
        self.paper_button.setText(_("Print paper tickets …"))
        self.remove_button.setText(_("Delete row"))
        self.clear_button.setText(_("Clear all"))
        self.table.retranslate()
        self.strip.retranslate()
        if self._setup is not None:
            self._offer(self._setup)
        self._show()

    def refresh(self, setup: Setup) -> None:
        """Follow the hall's set-up."""
        if setup is not self._setup:
            self._setup = setup
            self._offer(setup)

    def _offer(self, setup: Setup) -> None:
        known = choices(setup)
        self.table.set_choices(known)
        self.strip.set_choices(known)

    def _show(self) -> None:
        count = len(self.rows.rows)
        day = self.rows.day
        self.day_button.setText(_("Times of {day}", day=day_staff(day)))
        self.enter_button.setText(n_("Enter {n} row", "Enter {n} rows", count))
        self.enter_button.setEnabled(self._checked is not None)
        self.clear_button.setEnabled(bool(count))
        self.remove_button.setEnabled(bool(count))
        text, refused = self._told
        if not count and not text:
            text = _("Type ticket by ticket as on the form, drop a CSV file here, or paste cells into the table.")
        self.told.say(text, refused=refused)
        self.day_button.setToolTip(_("Times that you type belong to this date."))

    # -- rows --------------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a file and try its rows."""
        self._file = path
        self._controller.open_file(path)

    def clear(self) -> None:
        """Start over with nothing."""
        self._timer.stop()
        self._controller.forget()
        self._file, self._checked, self._told = None, None, ("", False)
        self.rows.set_rows([])
        self._show()

    def _show_file(self, rows: list[tuple[int, dict[str, str]]]) -> None:
        self._timer.stop()
        self._checked, self._told = None, ("", False)
        is_as_written = self.rows.set_rows(rows)
        self._show()
        if not is_as_written:
            self._edited()
        elif self._file is not None:
            self._controller.check_file(self._file)

    def _add(self, rows: list[dict[str, str]]) -> None:
        self.rows.add(rows)
        self.table.scrollToBottom()

    def _edited(self) -> None:
        self._file, self._checked, self._told = None, None, ("", False)
        self._controller.forget()
        self._timer.start()
        self._show()

    def _check_typed(self) -> None:
        if self.rows.rows:
            self._controller.check_rows(self.rows.rows)

    def _good(self, checked: PaperDay) -> None:
        self._checked, self._told = checked, (good_text(checked), False)
        self.rows.set_said({})
        self._show()

    def _bad(self, trouble: QueueDeskError) -> None:
        said = problems(trouble)
        self._checked, self._told = None, (bad_text(said), True)
        self.rows.set_said(said)
        self._show()
        bad = self.rows.first_bad()
        if bad is not None and not self.table.hasFocus():
            self.table.scrollTo(self.rows.index(bad, PROBLEM))
        self._tell_row()

    def _tell_row(self, *_now: object) -> None:
        """Say below the table what is wrong with the chosen row, else with the first bad one."""
        row: int | None = self.table.currentIndex().row()
        if row is None or row < 0 or not self.rows.problem(row):
            row = self.rows.first_bad() if self._told[1] else None
        if row is not None and self.rows.problem(row):
            line = row_text(self.rows.line(row), self.rows.problem(row))
            self.told.say(after(self._told[0], line), refused=True)

    def _failed(self, trouble: QueueDeskError) -> None:
        self._told = (say(trouble), True)
        self._show()

    def _enter(self) -> None:
        if self._checked is not None:
            self._controller.enter(self._checked)

    def _entered(self, document: dict[str, Any]) -> None:
        self.clear()
        self.said.emit(entered_text(document), "check")

    def stop(self) -> None:
        """Delete the typed rows' file."""
        self._controller.stop()

    def left_as(self) -> date | None:
        is_used = self.is_changed or bool(self._told[0]) or self.strip.is_used
        return None if is_used else self.rows.day

    def take_up(self, left: date) -> None:
        self.rows.move_to(left)

    # -- files, days, paper --------------------------------------------------------------------------------------------

    def _ask_day(self) -> None:
        today = self._controller.context.feed.day
        ask_day(
            self.window(),
            self._look,
            self._take_day,
            title=_("Times of which day?"),
            chosen=self.rows.day,
            first=today.replace(year=today.year - 1, day=1),
            last=today,
        )

    def _take_day(self, day: date) -> None:
        self.rows.move_to(day)
        self._show()

    def _ask_paper(self) -> None:
        if self._setup is None:
            return
        dialog = PaperDialog(self._host, self._look, self._setup, can_print=self._controller.can_print)
        dialog.wanted.connect(self._controller.make_tickets)
        dialog.open_dialog()
