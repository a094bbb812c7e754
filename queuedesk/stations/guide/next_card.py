"""The next appointments on the rail: time, name, service, and one touch when they are there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _, n_
from queuedesk.stations.appointments.words import NextUp
from queuedesk.stations.guide.edge_button import EdgeButton
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

SHOWN = 3
ROW_HEIGHT, LOW_ROW_HEIGHT = 48, 40


class NextRow(Follows, QWidget):
    """One appointment: time, name over service, and the button for who is there."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self.said: NextUp | None = None
        self.button = SecondaryButton(look, "", height=40, px=15, parent=self)
        self.button.ink = "primary"
        self._height = ROW_HEIGHT
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_next(self, said: NextUp, arrive: str, *, low: bool) -> None:
        """Show an appointment; a `low` row has no line for the service."""
        self.said = said
        self._height = LOW_ROW_HEIGHT if low else ROW_HEIGHT
        self.button.setText(arrive)
        self.button.setAccessibleName(f"{arrive}: {said.time}, {said.name}, {said.service}")
        self.setToolTip(f"{said.time} {said.name} · {said.service}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.look.px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        said, look, high = self.said, self.look, self.height()
        if said is None:
            return
        painter, bold = Painter(self, look), look.font(19, bold=True, tabular=True)
        token = "amber" if said.late else "ink"
        painter.words_in(said.time, bold, token, QRectF(0, 0, width_of(bold, said.time) + 2, high))
        left = width_of(bold, "00:00") + look.px(14)
        wide = self.button.x() - look.px(10) - left
        if self._height == LOW_ROW_HEIGHT:
            painter.words_in(said.name, look.font(16), "ink", QRectF(left, 0, wide, high))
            return
        half = high / 2
        painter.words_in(said.name, look.font(16), "ink", QRectF(left, look.px(2), wide, half))
        second = said.late or said.service
        second_token = "amber" if said.late else "ink2"
        painter.words_in(second, look.font(14), second_token, QRectF(left, half - look.px(2), wide, half))


class NextCard(QWidget):
    """The first few of today who are still expected; hidden on a day without appointments. `arrived` carries the
    appointment's number."""

    arrived = Signal(int)
    all_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._next: list[NextUp] = []
        # Low until the rail knows its height: what is too tall at first would make the window grow.
        self._low, self._away = True, False
        self._head = Label(look, px=16, bold=True, token="ink2")
        self.all_button = EdgeButton(look, "", height=32, px=16)
        self.all_button.clicked.connect(self.all_wanted)
        self.rows: list[NextRow] = []
        self._column = QVBoxLayout(self)
        spread(look, self._column, (0, 8, 0, 0), 2)
        head = QHBoxLayout()
        head.addWidget(self._head, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.all_button)
        self._column.addLayout(head)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def retranslate(self) -> None:
        self.all_button.setText(_("See all"))
        self.all_button.setAccessibleName(_("All appointments of today"))
        self._show()

    def set_next(self, expected: Sequence[NextUp], *, any_today: bool) -> None:
        """Show who is expected; a day on which some have come already still leads to its list."""
        if list(expected) != self._next or self.isHidden() == any_today:
            self._next = list(expected)
            self.setVisible(any_today)
            self._show()

    def set_low(self, low: bool) -> None:
        """On a low rail the next one alone is shown."""
        if low != self._low:
            self._low = low
            self._show()

    def set_away(self, away: bool) -> None:
        self._away = away
        self._show()

    def _show(self) -> None:
        count = len(self._next)
        self._head.setText(
            n_("{n} appointment to come", "{n} appointments to come", count) if count else _("Appointments")
        )
        shown = self._next[: 1 if self._low else SHOWN]
        while len(self.rows) < len(shown):
            row = NextRow(self._look)
            row.button.clicked.connect(self._press)
            self._column.addWidget(row)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                row.set_next(shown[place], _("Is here"), low=self._low)
                row.button.setEnabled(not self._away)

    def _press(self) -> None:
        pressed = self.sender()
        for row in self.rows:
            if row.button is pressed and row.said is not None:
                self.arrived.emit(row.said.number)
