"""Asks for the note with which a row of a sheet is disputed, or decided about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.appraisal.dispute import FAULTS, PRAISE
from queuedesk.core.appraisal.person_sheet import MonthSheets, row_of
from queuedesk.core.appraisal.scheme import CASES, HANDLING, ORDER, SATISFACTION, SHIFTS
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, say
from queuedesk.i18n.appraisal.sheet_words import disputed_item
from queuedesk.i18n.moments import date_short
from queuedesk.i18n.names import service_name
from queuedesk.stations.manager.parts.inputs import TextArea
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine, FormField
from queuedesk.stations.window.style import Look

ROWS = 3


class DisputeDialog(Dialog):
    """`wanted` gives the note and whether the row is to leave the figure; who asks always wants that. It stays open
    until `finished` or left."""

    wanted = Signal(str, bool)
    done = Signal()

    def __init__(self, host: QWidget, look: Look, row: str, said: str = "", *, decides: bool = False) -> None:
        """`row` says which one it is, `said` what was asked, for who `decides`."""
        title = _("Does this row count?") if decides else _("Ask to exclude this row?")
        super().__init__(host, look, title=title, effect=row, width=640)
        self._decides = decides
        self.choosing = QVBoxLayout()
        spread(self.look, self.choosing, spacing=8)
        self.body.addLayout(self.choosing)
        if said:
            self.body.addWidget(Label(self.look, said, px=16, wrap=True))
        self.text = TextArea(self.look, ROWS)
        label = _("Why") if decides else _("Why it is not about this person")
        self.body.addWidget(FormField(self.look, label, edit=self.text, has_line=False))
        told = _("A second person decides: neither whoever asks nor the person on the sheet. The row stays in print.")
        self.body.addWidget(Label(self.look, told, px=14, token="ink2", wrap=True))
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.put_answers(_("Back"), "", self._exclude)
        self.keep_button = SecondaryButton(self.look, _("It counts"), height=56, px=18)
        self.keep_button.clicked.connect(self._keep)
        self.keep_button.setVisible(decides)
        self.buttons.insertWidget(self.buttons.count() - 1, self.keep_button)
        self.text.typed.connect(self._show)
        self._show()

    def _show(self, _text: str = "") -> None:
        self.trouble.hide()
        has_words = bool(self.text.text().strip())
        self.keep_button.setEnabled(has_words)
        if not has_words:
            self.yes_button.block(_("Write why first"))
        else:
            self.yes_button.allow(_("Exclude it") if self._decides else _("Ask a second person"))

    def _exclude(self) -> None:
        self.wanted.emit(self.text.text().strip(), True)

    def _keep(self) -> None:
        self.wanted.emit(self.text.text().strip(), False)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Show why it was not done; everything typed stays."""
        self.trouble.refuse(say(trouble))
        self.trouble.show()

    def finished(self) -> None:
        """Close it: it was done."""
        self.close_dialog()
        self.done.emit()

    def first_focus(self) -> QWidget:
        return self.text


Rows = Mapping[str, Mapping[date, Mapping[str, str]]]
"""Rows of the own sheet that can be disputed: by item and date, each with its words."""


def own_rows(setup: Setup, found: MonthSheets, staff: str) -> Rows:
    """Return the rows of somebody's sheet. Which visits were rated is not told: any own visit can be named."""
    kept: dict[str, dict[date, dict[str, str]]] = {}

    def put(item: str, day: date, name: str, *words: str) -> None:
        kept.setdefault(item, {}).setdefault(day, {})[name] = " · ".join(words)

    for one in found.rows.handled:
        if one.staff == staff:
            for item in (SATISFACTION, HANDLING):
                put(item, one.day, row_of(one.day, one.label), one.label, service_name(setup, one.service))
    for call in found.rows.calls:
        if call.staff == staff and call.jumped:
            put(ORDER, call.day, row_of(call.day, call.label), call.label)
    for case in found.rows.cases:
        if case.owner == staff:
            put(CASES, case.due, case.number, _("case {number}", number=case.number))
    for shift in found.rows.shifts:
        if shift.staff == staff:
            put(SHIFTS, shift.day, shift.day.isoformat(), date_short(shift.day))
    for item, noted in ((PRAISE, found.rows.thanks), (FAULTS, found.rows.faults)):
        for each in noted:
            if each.staff == staff:
                put(item, each.day, str(each.seq), date_short(each.day))
    return kept


class OwnDisputeDialog(DisputeDialog):
    """Asks which row of the own sheet is not about oneself, and why; `row` is the item and name of one to begin with.
    `chosen` is its item and name."""

    def __init__(self, host: QWidget, look: Look, rows: Rows, row: tuple[str, str] | None = None) -> None:
        super().__init__(host, look, "")
        self._rows = rows
        self.item, self.day, self.row = (DropDown(self.look).share_width() for _n in range(3))
        labels = (_("Item", context="sheet"), _("Date"), _("Row", context="sheet"))
        for box, label in zip((self.item, self.day, self.row), labels, strict=True):
            self.choosing.addWidget(FormField(self.look, label, edit=box, has_line=False))
        known = row is not None and any(row[1] in names for names in rows.get(row[0], {}).values())
        begin = row if row is not None and known else (next(iter(rows), ""), "")
        self.item.show_choice(begin[0], {code: disputed_item(code) for code in rows})
        self.item.activated.connect(partial(self._offer, anew=True))
        self.day.activated.connect(partial(self._offer, anew=False))
        self._offer(anew=True, row=begin[1])

    @property
    def chosen(self) -> tuple[str, str]:
        return str(self.item.currentData()), str(self.row.currentData())

    def _offer(self, _at: int = 0, *, anew: bool, row: str = "") -> None:
        """Offer the dates of the item, and the rows of the date, that of `row` first."""
        days = {day.isoformat(): date_short(day) for day in sorted(self._rows[self.chosen[0]], reverse=True)}
        if anew:
            at = next((day.isoformat() for day, names in self._rows[self.chosen[0]].items() if row in names), "")
            self.day.show_choice(at or next(iter(days)), days)
        rows = self._rows[self.chosen[0]][date.fromisoformat(str(self.day.currentData()))]
        self.row.show_choice(row if row in rows else next(iter(rows)), rows)
