"""A clerk's own month at the counter: own figures beside the team's median, nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from queuedesk.core.appraisal.dispute import is_untold
from queuedesk.core.appraisal.person_sheet import FEWEST_TOLD, MonthSheets
from queuedesk.core.appraisal.scheme import SATISFACTION
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, listing, n_, say
from queuedesk.i18n.appraisal import sheet_words as words
from queuedesk.i18n.moments import month_long, month_words
from queuedesk.i18n.names import service_name
from queuedesk.i18n.numerals import decimal
from queuedesk.stations.acts.dispute_questions import own_rows
from queuedesk.stations.manager.appraisal.sheet_parts import NoteBox
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import EvenGrid, GroundArea, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look, S

WIDTH = 1180
VISITS = 6
SHOWN = 4
"""So many answers have room; the latest stand there."""
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignVCenter


def own_disputes(setup: Setup, found: MonthSheets, staff: str) -> list[str]:
    """Return what was asked about rows of the own sheet, and the answers."""
    lines = []
    for one in sorted(found.rows.disputes, key=lambda each: each.seq, reverse=True):
        if one.staff == staff:
            what = one.name if one.is_told(staff) and one.name else _("a rating") if is_untold(one.item) else one.name
            said = words.dispute_words(setup, one, found.notes).replace("\n", " ")
            lines.append(f"{words.disputed_item(one.item)} · {what}: {said}")
    return lines[:SHOWN]


def todays_visits(setup: Setup, found: MonthSheets, staff: str, today: date) -> str:
    """Return whom the person served today, with what each took and what was taken out of it; "" in other months."""
    own = [one for one in found.rows.handled if (one.staff, one.day) == (staff, today)]
    if not own:
        return ""
    shown = []
    for one in reversed(own[-VISITS:]):
        took = _("{minutes} min", minutes=decimal(one.minutes)) if one.minutes is not None else _("no time")
        out = _("{minutes} min of systems out", minutes=decimal(one.stalled)) if one.stalled else ""
        shown.append(" ".join(part for part in (one.label, service_name(setup, one.service), took, out) if part))
    head = n_("Today, {n} visit", "Today, {n} visits", len(own))
    return f"{head}: {listing(shown)}"


class OwnMonthDialog(Dialog):
    """The sheet of a month, to be read, with today's visits apart. `turned` asks for another month by its first date,
    `disagreed` wants a row excluded, `saving` a file of it."""

    done = Signal()
    turned = Signal(object)
    disagreed = Signal()
    saving = Signal()

    def __init__(
        self, host: QWidget, look: Look, found: MonthSheets, staff: str, *, setup: Setup, today: date, saves: bool
    ) -> None:
        month, first = month_words(found.first), found.first
        stood = " · ".join(
            part
            for part in (
                words.scheme_words(found.stood.number, found.stood.since),
                words.closed_words(setup, found),
            )
            if part
        )
        title = _("My month: {month}", month=month if found.is_over else _("{month}, so far", month=month))
        super().__init__(host, look, title=title, effect=self._total(found, staff, stood), width=WIDTH)
        inside = QWidget()
        self.grid = QGridLayout(inside)
        spread(self.look, self.grid, (0, 4, 0, 4), 14)
        self.grid.setColumnStretch(0, 1)
        heads = (
            _("Item", context="sheet"),
            _("Weight", context="sheet"),
            _("Own", context="sheet"),
            _("Team median", context="sheet"),
            _("Difference", context="sheet"),
            _("Counted", context="sheet"),
            _("Points", context="sheet"),
        )
        for column, text in enumerate(heads):
            self._put(0, column, text, token="ink2")
        for row, item in enumerate(found.team.sheets[staff].items, start=1):
            usual = words.figure(item.code, item.median)
            points = decimal(item.points)
            said = words.verdict_chip(item) if item.value is not None else ""
            for column, text in enumerate(
                (words.item_word(item.code), f"{item.weight} %", words.own_figure(item), usual, said)
            ):
                self._put(row, column, text, bold=column in (0, 2))
            self._put(row, 5, self._counted(found, staff, item.code), token="ink2")
            self._put(row, 6, points, bold=True)
        self.area = GroundArea(inside, keys=True)
        self.body.addWidget(self.area)
        self.answers = NoteBox(self.look)
        self.answers.say("\n".join(own_disputes(setup, found, staff)))
        self.body.addWidget(self.answers)
        kept = _("Ratings are told in sum only, from {n} on. Nobody else's figures are here.", n=FEWEST_TOLD)
        self.body.addWidget(Label(self.look, kept, px=S, token="ink2", wrap=True))
        self.visits = Label(self.look, todays_visits(setup, found, staff, today), px=15, wrap=True)
        self.visits.setVisible(bool(self.visits.text()))
        self.body.insertWidget(1, self.visits)
        self.told = Label(self.look, px=15, token="ink2", wrap=True)
        self.told.hide()
        self.body.addWidget(self.told)
        before, after = first - timedelta(days=1), first + timedelta(days=31)
        self.earlier_button = self._button(month_long(before), "arrow-left", lambda: self._turn(before))
        self.later_button = self._button(month_long(after), "arrow-right", lambda: self._turn(after))
        self.disagree_button = self._button(_("I disagree with an item"), "edit", self._disagree)
        self.save_button = self._button(_("Take it home"), "save", self.saving.emit)
        acts = EvenGrid(self.look, gap=8)
        acts.set_widgets(
            [
                button
                for button, offered in (
                    (self.earlier_button, True),
                    (self.later_button, first < today.replace(day=1)),
                    (self.disagree_button, bool(own_rows(setup, found, staff))),
                    (self.save_button, saves),
                )
                if offered
            ]
        )
        for button in (self.later_button, self.disagree_button, self.save_button):
            button.setVisible(button.parent() is acts)
        self.body.addWidget(acts)
        self.put_answers(_("Back to window"), esc=_("Space"))

    def _button(self, text: str, icon: str, do: Callable[[], object]) -> SecondaryButton:
        button = SecondaryButton(self.look, text, icon=icon, height=56, px=16, parent=self)
        button.clicked.connect(do)
        return button

    def say_saved(self, file: Path) -> None:
        """Say where the file is: it is this person's to take along."""
        self.told.setText(_("Saved as {file}", file=str(file)))
        self.told.show()

    def say_trouble(self, trouble: QueueDeskError) -> None:
        self.told.setText(say(trouble))
        self.told.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.refuse()
        else:
            super().keyPressEvent(event)

    def _put(self, row: int, column: int, text: str, *, token: str = "ink", bold: bool = False) -> None:
        label = Label(self.look, text, px=16, bold=bold, token=token, wrap=column in (0, 5))
        self.grid.addWidget(label, row, column, RIGHT if column in (1, 2, 3, 6) else LEFT)

    @staticmethod
    def _total(found: MonthSheets, staff: str, stood: str) -> str:
        sheet = found.team.sheets[staff]
        total = _("Total {points} of 100", points=decimal(sheet.total))
        if sheet.low is None or sheet.high is None:
            return " · ".join((total, words.total_verdict(sheet), stood))
        between = _(
            "Team median {median}; chance alone allows {low} to {high}",
            median=decimal(sheet.median),
            low=decimal(sheet.low),
            high=decimal(sheet.high),
        )
        return " · ".join((total, between, words.total_verdict(sheet), stood))

    @staticmethod
    def _counted(found: MonthSheets, staff: str, code: str) -> str:
        sheet = found.team.sheets[staff]
        item = sheet.item(code)
        if code == SATISFACTION and item.value is not None:
            return n_("{n} rating", "{n} ratings", item.of)
        return words.counted(item)

    def _disagree(self) -> None:
        self.close_dialog()
        self.done.emit()
        self.disagreed.emit()

    def _turn(self, month: date) -> None:
        self.close_dialog()
        self.done.emit()
        self.turned.emit(month)
