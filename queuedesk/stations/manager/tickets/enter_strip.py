"""One line of the paper form: a ticket typed as it stands on the sheet becomes the rows of what happened to it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from queuedesk.core.queue import numbering
from queuedesk.i18n import _
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

FIELDS = ("ticket", "service", "came", "called", "window", "staff", "started", "finished", "rating", "remarks")
SHARES = (10, 14, 9, 9, 9, 13, 9, 9, 8, 16)
CHOSEN = ("service", "window", "staff")
KEPT = ("service", "window", "staff")
"""What the next ticket probably has too."""
LARGE_TEXT, IN_LARGE_ROW = 1.4, 5
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
        """Offer these codes; what is chosen stays where it still is one. "letter" has the services that a letter names by itself."""
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
            _("Clerk", context="paper ticket"),
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
        """Return what stands in a field; of a choice its code."""
        box = self.fields[field]
        return str(box.currentData() or "") if isinstance(box, QComboBox) else box.text().strip()

    def add(self) -> None:
        """Give the rows on, and get ready for the next number."""
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
        in_row = IN_LARGE_ROW if self._look.scale.text >= LARGE_TEXT else len(FIELDS)
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
