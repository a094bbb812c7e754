"""Appointments of a date on the manager's station: made, come to, cancelled; one more, or a table of them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from PySide6.QtGui import QResizeEvent

from queuedesk.core.errors import QueueDeskError
from queuedesk.features.appointments.pages.acts import AppointmentBoardActions
from queuedesk.features.appointments.pages.board import AppointmentBoard
from queuedesk.features.appointments.pages.controller import AppointmentController
from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.table import RefusedFileDialog
from queuedesk.stations.window.style import Look

NARROW_UNDER = 1000  # drawn px


def make_appointments_page(controller: ManagerController, own: ControllerCache) -> AppointmentsPage:
    """Return the page for the manager's side list."""
    return AppointmentsPage(controller.context.look, own(AppointmentController, controller.context))


class AppointmentsPage(ManagerPage):
    """The appointments of a date, as the front desk has them, but no tickets are issued here."""

    def __init__(self, look: Look, controller: AppointmentController) -> None:
        self.board = AppointmentBoard(look, arrives=False)
        self.acts = AppointmentBoardActions(lambda: self.host_widget, controller, self.board)
        spec = PageSpec(
            title=lambda: _("Appointments"),
            acts=(
                PageAct(text=lambda: _("Import a table …"), do=self.ask_file, icon="folder", changes_hall=True),
                PageAct(
                    text=lambda: _("New appointment"),
                    do=self.acts.ask_new_appointment,
                    icon="plus",
                    is_main=True,
                    changes_hall=True,
                ),
            ),
        )
        super().__init__(look, spec)
        self._controller = controller
        self.acts.setParent(self)
        self.import_button, self.new_button = self.buttons
        self.acts.said.connect(self.said)
        self.acts.not_taken.connect(self._show_file_refusal)
        controller.busy_changed.connect(self.import_button.set_busy)
        self.accept_files(self.book_rows_of_file)
        self.add_part(self.board, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Large letters leave its words no room beside the title.
        self.import_button.set_icon_only(
            self._look.scale.is_text_large and self.width() < self._look.large_px(NARROW_UNDER)
        )

    def on_page_opened(self) -> None:
        """Read the list again and make typing search it."""
        self._controller.reread_appointments()
        self.board.focus_search_field()

    def refresh(self, _now: datetime) -> None:
        """Bring the page up to now."""
        self.acts.refresh()

    def set_hall_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        self.board.set_hall_away(away)

    def state_to_restore(self) -> tuple[date, str] | None:
        return None if self.acts.new_dialog is not None else (self._controller.shown_day, self.board.filter)

    def restore_state(self, left: tuple[date, str]) -> None:
        day, self.board.filter = left
        self._controller.show_day(day)

    def book_rows_of_file(self, path: Path) -> None:
        """Book every row of a table, or none and show why."""
        self._controller.import_appointments_file(path)

    def _show_file_refusal(self, trouble: QueueDeskError) -> None:
        RefusedFileDialog(self.host_widget, self._look, trouble).open_dialog()
