"""Appointments at the front desk: who comes next in its rail, and the list of a day on a stage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.features.appointments.pages.board import AppointmentBoard, rail_rows_of_expected_customers
from queuedesk.features.appointments.pages.controller import AppointmentController, issue_ticket_for_appointment
from queuedesk.i18n import _, n_
from queuedesk.stations.guide.head_and_rail import FlushRightTextButton, UrgentPeopleCard
from queuedesk.stations.guide.texts import RailPersonRow
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

if TYPE_CHECKING:
    from queuedesk.features.appointments.pages.acts import AppointmentBoardActions
    from queuedesk.stations.guide.station import GuideView


class NextCustomerCard(UrgentPeopleCard):
    """The next customers expected today; hidden on a day without appointments. `acted` carries the appointment's
    number."""

    all_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._next: list[RailPersonRow] = []
        self._head = Label(look, px=16, bold=True, token="ink2")
        self.all_button = FlushRightTextButton(look, _("See all"), height=32, px=16)
        self.all_button.setAccessibleName(_("All appointments of today"))
        self.all_button.clicked.connect(self.all_wanted)
        head = QHBoxLayout()
        head.addWidget(self._head, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.all_button)
        self._column.addLayout(head)
        self.refresh()

    def set_expected_customers(self, expected: Sequence[RailPersonRow], *, any_today: bool) -> None:
        """Show the expected customers; a day on which some have come already still leads to its list."""
        if list(expected) != self._next or self.isHidden() == any_today:
            self._next = list(expected)
            self.setVisible(any_today)
            self.refresh()

    def refresh(self) -> None:
        count = len(self._next)
        self._head.setText(
            n_("{n} appointment still to come", "{n} appointments still to come", count) if count else _("Appointments")
        )
        self.show_rows(self._next, _("Has arrived"))


class AppointmentsStage(QWidget):
    """The board under a head with the ways back and on."""

    back = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", height=52, px=16)
        self.back_button.clicked.connect(self.back)
        self._title = Label(look, _("Appointments"), px=28, bold=True)
        self.new_button = SecondaryButton(look, _("New appointment"), icon="plus", height=52, px=17)
        self.board = AppointmentBoard(look, arrives=True)
        self.board.left.connect(self.back)
        self.setFocusProxy(self.board.search.edit)
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, (28, 18, 28, 28), 14)
        head = QHBoxLayout()
        set_scaled_margins(look, head, (0, 0, 0, 0), 16)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        head.addWidget(self.new_button)
        column.addLayout(head)
        column.addWidget(self.board, 1)
        self._fit_new_button()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_new_button()

    def _fit_new_button(self) -> None:
        """Show the sign alone of a new appointment where large letters leave its words no room beside the title."""
        look, parts = self._title.look, (self.back_button, self._title, self.new_button)
        self.new_button.set_icon_only(False)
        beside = sum(part.sizeHint().width() for part in parts) + look.gap(2 * 28 + 2 * 16)
        self.new_button.set_icon_only(beside > self.width() and look.scale.is_text_large)

    def set_hall_away(self, away: bool) -> None:
        self.new_button.setEnabled(not away)
        self.board.set_hall_away(away)


class FrontDeskAppointments(QObject):
    """What the front desk's view has of appointments."""

    def __init__(self, view: GuideView) -> None:
        super().__init__(view)
        self._view, desk = view, view.controller
        self.controller = AppointmentController(view.context, parent=self, prints=lambda: desk.paper.is_printer_set_up)
        self.card = NextCustomerCard(view.context.look)
        self.card.acted.connect(partial(issue_ticket_for_appointment, desk))
        self.card.all_wanted.connect(self.open_stage)
        self.controller.read.connect(self.refresh)
        self.controller.reread_appointments()

    # Made when they are first asked for: a start waits for none of them.

    @cached_property
    def stage(self) -> AppointmentsStage:
        stage = self._view.add_feature_stage(AppointmentsStage(self._view.context.look))
        stage.back.connect(self._view.go_back)
        stage.set_hall_away(self._view.is_hall_away)
        return stage

    @cached_property
    def board_actions(self) -> AppointmentBoardActions:
        from queuedesk.features.appointments.pages.acts import AppointmentBoardActions

        view = self._view
        acts = AppointmentBoardActions(
            lambda: view, self.controller, self.stage.board, partial(issue_ticket_for_appointment, view.controller)
        )
        acts.setParent(self)
        acts.said.connect(view.acts.say_in_toast)
        self.stage.new_button.clicked.connect(acts.ask_new_appointment)
        return acts

    def open_stage(self) -> None:
        """Show today's appointments."""
        self.stage.board.clear_search_and_filter()
        self.controller.show_day(self.controller.today)
        self.board_actions.refresh()
        self._view.show_stage(self.stage)

    def refresh(self) -> None:
        """Show who is expected today, and the list where it is open; nothing once the hall has no appointments."""
        desk, view = self.controller, self._view
        rows = desk.appointments_on_day(desk.today)
        self.card.set_expected_customers(
            rail_rows_of_expected_customers(desk.setup, rows, view.now()), any_today=bool(rows)
        )
        if isinstance(view.stage.currentWidget(), AppointmentsStage):
            self.board_actions.refresh()
            # A form that is open stays: what was typed in it is not lost.
            if not desk.is_feature_used and not any(one.isVisible() for one in view.window().findChildren(Dialog)):
                view.show_tiles_and_reset()

    def is_own_stage(self, stage: QWidget | None) -> bool:
        return "stage" in vars(self) and self.stage is stage

    def set_hall_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        if "stage" in vars(self):
            self.stage.set_hall_away(away)
