"""Dialogs that choose a business date the log can hold, or a reason whose last choice is typed in a few words."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from queuedesk.i18n import _, weekday_short
from queuedesk.i18n.moments import month_and_year
from queuedesk.i18n.queue.line_words import REASONS, reason_words
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.questions.dialogs import Dialog, ReasonDialog
from queuedesk.stations.window.style import Look

CELL_WIDTH, CELL_HEIGHT = 60, 46
MONDAY = date(2024, 1, 1)
CENTRE = Qt.AlignmentFlag.AlignHCenter


class _DayButton(buttons.PaintedButton):
    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(CELL_WIDTH), self.look.px(CELL_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = paint.Painter(self, self.look), self.look, QRectF(self.rect())
        if self.isChecked():
            painter.draw_box(rect, 10, "soft", edge="primary", width=3)
        elif self.isEnabled() and (self.underMouse() or self.isDown()):
            painter.draw_box(rect, 10, "paper", edge="edge")
        token = "on_soft" if self.isChecked() else "ink" if self.isEnabled() else "ink3"
        painter.draw_words_and_give_end_x(
            self.text(), look.font(17, bold=self.isEnabled(), tabular=True), token, rect, CENTRE
        )


class DayPickerDialog(Dialog):
    """`picked` gives the date pressed. Days before `first` and after `last` can't be chosen."""

    picked = Signal(object)

    def __init__(self, host: QWidget, look: Look, *, title: str, chosen: date, first: date, last: date) -> None:
        super().__init__(host, look, title=title, width=540)
        self._chosen, self._first, self._last = chosen, first, last
        self._month = chosen.replace(day=1)
        head = QHBoxLayout()
        panels.set_scaled_margins(self.look, head, spacing=8)
        self.before = buttons.IconButton(self.look, "arrow-left", _("Month before"), framed=True)
        self.after = buttons.IconButton(self.look, "arrow-right", _("Month after"), framed=True)
        self._name = panels.Label(self.look, px=20, bold=True, align=CENTRE)
        for widget, stretch in ((self.before, 0), (self._name, 1), (self.after, 0)):
            head.addWidget(widget, stretch)
        self.body.addLayout(head)
        grid = QGridLayout()
        panels.set_scaled_margins(self.look, grid, spacing=4)
        for column in range(7):
            word = weekday_short(MONDAY.replace(day=column + 1))
            grid.addWidget(panels.Label(self.look, word, px=15, token="ink2", align=CENTRE), 0, column)
        self.days = [_DayButton(self.look) for _number in range(42)]
        for number, day in enumerate(self.days):
            grid.addWidget(day, 1 + number // 7, number % 7)
            day.clicked.connect(partial(self._close_and_emit_day, number))
        self.body.addLayout(grid)
        self.no_button = buttons.SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)
        self.before.clicked.connect(partial(self._turn_month, -1))
        self.after.clicked.connect(partial(self._turn_month, 1))
        self._show_month()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turns = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if event.key() in turns:
            self._turn_month(turns[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _turn_month(self, step: int) -> None:
        at = self._month.year * 12 + self._month.month - 1 + step
        month = date(at // 12, at % 12 + 1, 1)
        if self._first.replace(day=1) <= month <= self._last.replace(day=1):
            self._month = month
            self._show_month()

    def _show_month(self) -> None:
        month = self._month
        self._name.setText(month_and_year(month))
        lead, length = calendar.monthrange(month.year, month.month)
        for number, day in enumerate(self.days):
            n = number - lead + 1
            inside = 1 <= n <= length
            day.setVisible(inside)
            if inside:
                one = month.replace(day=n)
                day.setText(str(n))
                day.setAccessibleName(one.isoformat())
                day.setEnabled(self._first <= one <= self._last)
                day.setChecked(one == self._chosen)
        self.before.setEnabled(month > self._first.replace(day=1))
        self.after.setEnabled(month < self._last.replace(day=1))
        self._lead = lead

    def _close_and_emit_day(self, number: int) -> None:
        day = self._month.replace(day=number - self._lead + 1)
        self.close_dialog()
        self.picked.emit(day)


def open_day_picker_dialog(
    host: QWidget,
    look: Look,
    picked: Callable[[date], object] | SignalInstance,
    *,
    chosen: date,
    first: date,
    last: date,
    title: str = "",
) -> None:
    dialog = DayPickerDialog(host, look, title=title or _("Which day?"), chosen=chosen, first=first, last=last)
    dialog.picked.connect(picked)
    dialog.open_dialog()


OTHER = "other"
LONGEST_REASON = 80


class ReasonOrOwnWordsDialog(ReasonDialog):
    """A reason dialog whose last choice opens a line for a few words; without words it stays "other"."""

    def __init__(self, host: QWidget, look: Look, *, kind: str, title: str, effect: str, no: str, yes: str) -> None:
        super().__init__(
            host,
            look,
            title=title,
            effect=effect,
            reasons=[(code, reason_words(code)) for code in REASONS[kind]],
            missing=_("Choose a reason first"),
            no=no,
            yes=yes,
        )
        self.line = QLineEdit()
        self.line.setMaxLength(LONGEST_REASON)
        self.line.setPlaceholderText(_("In a few words, if you like"))
        self.line.setAccessibleName(_("In a few words, if you like"))
        panels.FixedFontSizeKeeper(self.look, self.line, 17)
        self.line.hide()
        self.body.addWidget(self.line)

    def reason(self) -> str:
        code = super().reason()
        return (self.line.text().strip() or OTHER) if code == OTHER else code

    def pick_reason(self, code: str) -> None:
        super().pick_reason(code)
        if code == OTHER:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _update_for_picked_reason(self) -> None:
        super()._update_for_picked_reason()
        wanted = ReasonDialog.reason(self) == OTHER
        self.line.setVisible(wanted)
        if not wanted and self.line.hasFocus():
            self.setFocus()
