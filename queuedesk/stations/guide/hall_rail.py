"""Who waits and who was missed, always in sight, with the four acts on tickets that exist already."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.guide.edge_button import EdgeButton
from queuedesk.stations.guide.line_rows import MissedRow
from queuedesk.stations.guide.next_card import NextCard
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.lists import TicketList, TicketRow
from queuedesk.stations.widgets.lists.strips import StackedRow
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.widgets.panels import EmptyState, spread
from queuedesk.stations.window.style import Look

ROW_HEIGHT, LOW_ROW_HEIGHT = 45, 40
MISSED_HEIGHT, MISSED_SHOWN = 56, 2
DRAWN_HEIGHT, PER_MISSED = 712, 150  # a rail taller than drawn shows one more missed ticket for every so many px
LOW_RAIL = 680


class CutList(TicketList):
    """Rows cut to what fits: this list never scrolls, the whole one is a touch away."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, row_height=ROW_HEIGHT)
        self._all: list[TicketRow] = []
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_all(self, rows: Sequence[TicketRow]) -> None:
        """Show as many of `rows` as fit."""
        self._all = list(rows)
        self.cut()

    def cut(self) -> None:
        fit = max(1, self.viewport().height() // self.look.px(self.row_height))
        self.set_rows(self._all[:fit])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.cut()


class HallRail(QWidget):
    """Waiting in call order, missed with "back in line", find, reprint, wrong counter, undo."""

    all_wanted = Signal()
    missed_wanted = Signal()
    ticket_chosen = Signal(object)
    reinstate_wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._missed: list[MissedRow] = []
        self._waiting_count = 0
        self._back = ""
        self._away = False
        self._head = Label(look, px=16, bold=True, token="ink2")
        self.all_button = EdgeButton(look, "", height=32, px=16)
        self.all_button.clicked.connect(self.all_wanted)
        self.waiting = CutList(look)
        self.waiting.chosen.connect(self.ticket_chosen)
        self._empty = EmptyState(look, "waiting")
        self._missed_head = Label(look, px=16, bold=True, token="ink2")
        self.missed_all = EdgeButton(look, "", height=32, px=16)
        self.missed_all.clicked.connect(self.missed_wanted)
        self.rows: list[StackedRow] = []
        self.appointments = NextCard(look)
        self.find_button = SecondaryButton(look, "", icon="ticket", height=56, align="left")
        self.reprint_button = SecondaryButton(look, "", icon="print", height=56, align="left")
        self.redirect_button = SecondaryButton(look, "", icon="redirect", height=56, align="left")
        self.undo_button = SecondaryButton(look, "", icon="undo", height=56, align="left")
        self._build(look)
        look.changed.connect(self._fit)

    def _build(self, look: Look) -> None:
        column = QVBoxLayout(self)
        spread(look, column, (24, 12, 24, 16), 0)
        head = QHBoxLayout()
        head.addWidget(self._head, 1)
        head.addWidget(self.all_button)
        column.addLayout(head)
        column.addWidget(self.waiting, 1)
        column.addWidget(self._empty, 1)
        missed_head = QHBoxLayout()
        spread(look, missed_head, (0, 10, 0, 0), 0)
        missed_head.addWidget(self._missed_head, 1)
        missed_head.addWidget(self.missed_all)
        column.addLayout(missed_head)
        self._missed_rows = QVBoxLayout()
        self._missed_rows.setSpacing(0)
        column.addLayout(self._missed_rows)
        column.addWidget(self.appointments)
        acts = QGridLayout()
        spread(look, acts, (0, 16, 0, 0), 10)
        buttons = (self.find_button, self.reprint_button, self.redirect_button, self.undo_button)
        for place, button in enumerate(buttons):
            acts.addWidget(button, place // 2, place % 2)
        self._acts = acts
        column.addLayout(acts)

    def retranslate(self) -> None:
        """Set the words that stay."""
        self.all_button.setText(_("See all"))
        self.missed_all.setText(_("See all"))
        self._back = _("Back in line")
        self.waiting.setAccessibleName(_("Who is waiting"))
        self._empty.set_texts(_("Nobody is waiting"), _("Whoever takes a ticket stands here until called."))
        self.find_button.setText(_("Find a ticket"))
        self.reprint_button.setText(_("Reprint"))
        self.redirect_button.setText(_("Wrong counter"))
        self.undo_button.setText(_("Undo last"))
        self.appointments.retranslate()
        self._share_acts()
        self._show_missed()

    def _share_acts(self) -> None:
        """Give both columns of buttons the same width where their words allow it, else a share by their words."""
        left = max(self.find_button.sizeHint().width(), self.redirect_button.sizeHint().width())
        right = max(self.reprint_button.sizeHint().width(), self.undo_button.sizeHint().width())
        half = (self.width() - self._look.px(24 + 24 + 10)) // 2
        equal = max(left, right) <= half
        for column, share in enumerate((1, 1) if equal else (left, right)):
            self._acts.setColumnStretch(column, share)
            self._acts.setColumnMinimumWidth(column, half if equal else 0)

    def show_hall(
        self, *, head: str, missed_head: str, waiting: Sequence[TicketRow], missed: Sequence[MissedRow]
    ) -> None:
        """Show who waits and who was missed, as of now."""
        self._head.setText(head)
        self._missed_head.setText(missed_head)
        self._waiting_count = len(waiting)
        self.waiting.set_all(waiting)
        self.waiting.setVisible(bool(waiting))
        self._empty.setVisible(not waiting)
        self.all_button.setVisible(bool(waiting))
        if list(missed) != self._missed:
            self._missed = list(missed)
            self._show_missed()

    def set_away(self, away: bool) -> None:
        """Show what can't be done now dashed; looking at the lists goes on."""
        self._away = away
        for button in (self.find_button, self.reprint_button, self.redirect_button, self.undo_button):
            button.setEnabled(not away)
        self.appointments.set_away(away)
        self._show_missed()

    # -- missed -------------------------------------------------------------------------------------------------

    def missed_shown(self) -> int:
        """Return how many missed tickets there is room for."""
        height = self.height() / self._look.scale.k
        if height < DRAWN_HEIGHT * 0.75:
            return 1
        return MISSED_SHOWN + max(0, int((height - DRAWN_HEIGHT) // PER_MISSED))

    def _show_missed(self) -> None:
        shown = self._missed[: self.missed_shown()]
        while len(self.rows) < len(shown):
            row = StackedRow(self._look, height=MISSED_HEIGHT, accent=True)
            row.acted.connect(self._back_in_line)
            self._missed_rows.addWidget(row)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                one = shown[place]
                row.setObjectName(one.label)
                row.set_row("missed", one.label, self._since(one), self._back)
                row.button().setEnabled(not self._away)
        self._missed_head.setVisible(bool(shown))
        self.missed_all.setVisible(len(self._missed) > len(shown))

    def _since(self, row: MissedRow) -> str:
        """Return since when, without the word that stands above where there is no room for it."""
        look = self._look
        taken = look.px(19 * 3.2 + 20 + 32 + 10 + 28) + width_of(look.font(15, bold=True), self._back) + look.gap(48)
        return row.since if width_of(look.font(15), row.since) <= self.width() - taken else row.minutes

    def _back_in_line(self) -> None:
        row = self.sender()
        if row is not None:
            self.reinstate_wanted.emit(row.objectName())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        low = self.height() / self._look.scale.k < LOW_RAIL
        self.waiting.row_height = LOW_ROW_HEIGHT if low else ROW_HEIGHT
        self.waiting.relook()
        self.waiting.cut()
        self.appointments.set_low(low)
        self._share_acts()
        self._show_missed()
