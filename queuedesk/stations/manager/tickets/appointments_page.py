"""Appointments of a date on the manager's station: kept, come to, called off; one more, or a table of them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.stations.appointments.acts import AppointmentActs
from queuedesk.stations.appointments.appointment_controller import AppointmentController
from queuedesk.stations.appointments.board import AppointmentBoard
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import GroundArea, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

KINDS = "CSV (*.csv *.txt)"
LINES_SEEN, NARROW_UNDER = 320, 1000  # drawn px


class RefusedFileDialog(Dialog):
    """Why a table was refused: every line with its problem; nothing was booked."""

    def __init__(self, host: QWidget, look: Look, trouble: QueueDeskError) -> None:
        title, *lines = say(trouble).split("\n")
        super().__init__(host, look, title=_("Nothing was imported from the file"), effect=title, width=760)
        inner = QWidget()
        column = QVBoxLayout(inner)
        spread(self.look, column, spacing=6)
        self.lines = [Label(self.look, line, px=17, wrap=True) for line in lines]
        for label in self.lines:
            column.addWidget(label)
        column.addStretch(1)
        area = GroundArea(inner, keys=True)
        area.setAccessibleName(_("Lines with a fault"))
        area.setFixedHeight(min(self.look.px(LINES_SEEN), self.look.px(34 * max(1, len(lines)))))
        area.setVisible(bool(lines))
        self.body.addWidget(area)
        self.put_answers(_("Close", context="dialog"))

    def first_focus(self) -> QWidget:
        return self.no_button


class AppointmentsPage(Page):
    """The appointments of a date, as the guide has them, but no tickets are issued here."""

    def __init__(
        self, look: Look, controller: AppointmentController, host: QWidget, parent: QWidget | None = None
    ) -> None:
        self.board = AppointmentBoard(look, arrives=False)
        self.acts = AppointmentActs(host, controller, self.board)
        spec = PageSpec(
            title=lambda: _("Appointments"),
            acts=(
                Act(text=lambda: _("Import a table …"), do=self.ask_file, icon="folder", changes_hall=True),
                Act(
                    text=lambda: _("New appointment"),
                    do=self.acts.open_new,
                    icon="plus",
                    is_main=True,
                    changes_hall=True,
                ),
            ),
        )
        super().__init__(look, spec, parent)
        self._controller, self._host = controller, host
        for helper in (controller, self.acts):
            helper.setParent(self)
        self.import_button, self.new_button = self.buttons
        self.acts.said.connect(self.said)
        self.acts.not_taken.connect(self._show_refused)
        controller.busy_changed.connect(self.import_button.set_busy)
        self.take_files(self.take_file, KINDS)
        self.put(self.board, 1)

    def retranslate(self) -> None:
        super().retranslate()
        self.board.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Large letters leave its words no room beside the title.
        self.import_button.set_lone(self._look.scale.is_large and self.width() < self._look.wide(NARROW_UNDER))

    def open_page(self) -> None:
        """Read the list again and make typing search it."""
        self._controller.read_again()
        self.board.take_keys()

    def refresh(self, _now: datetime) -> None:
        """Bring the page up to now."""
        self.acts.refresh()

    def set_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        self.board.set_away(away)

    def left_as(self) -> tuple[date, str] | None:
        is_asking = self.acts.new_dialog is not None or bool(self.board.search.text())
        return None if is_asking else (self._controller.shown, self.board.filter)

    def take_up(self, left: tuple[date, str]) -> None:
        day, self.board.filter = left
        self._controller.show_day(day)

    def take_file(self, path: Path) -> None:
        """Book every row of a table, or none and show why."""
        self._controller.import_file(path)

    def _show_refused(self, trouble: QueueDeskError) -> None:
        RefusedFileDialog(self._host, self._look, trouble).open_dialog()
