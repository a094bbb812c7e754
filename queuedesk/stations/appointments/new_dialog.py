"""A new appointment: service, day and time of its hours, who comes; refusals stand at the field that is meant."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.hallday import clock_text, hours_on
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, day_staff, say
from queuedesk.i18n.names import lettered
from queuedesk.stations.appointments.appointment_controller import NewAppointment
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import ErrorLine, FormField
from queuedesk.stations.window.style import Look

DAYS_AHEAD, STEP_MINUTES, SEEN = 60, 15, 8
FIELDS = {
    "appointment_past": "time",
    "service_closed": "time",
    "already_booked": "ref",
    "unknown_service": "service",
}


class NewAppointmentDialog(Dialog):
    """`wanted` gives a NewAppointment; the dialog stays open until it is kept. `prints` says that its slip is wanted too."""

    wanted = Signal(object)

    def __init__(
        self, host: QWidget, look: Look, setup: Setup, now: datetime, day: date, *, can_print: bool = False
    ) -> None:
        effect = _("Name and contact are forgotten after {n} days.", n=setup.number("contact_days"))
        super().__init__(host, look, title=_("New appointment"), effect=effect, width=820)
        self._setup, self._now = setup, now
        self._codes = list(setup.services)
        self._days: list[date] = []
        self.fields = {
            "service": FormField(self.look, _("Service"), edit=QComboBox()),
            "date": FormField(self.look, _("Day"), edit=QComboBox()),
            "time": FormField(self.look, _("Time"), hint=_("such as 10:30"), edit=QComboBox()),
            "name": FormField(self.look, _("Who comes"), hint=_("may stay empty")),
            "contact": FormField(self.look, _("Telephone or address"), hint=_("may stay empty")),
            "ref": FormField(self.look, _("Reference"), hint=_("of a case or form")),
        }
        for name in ("service", "date", "time"):
            self._box(name).setMaxVisibleItems(SEEN)
        self._box("time").setEditable(True)
        line_edit = self._box("time").lineEdit()
        if line_edit is not None:
            line_edit.setAccessibleName(_("Time"))
        grid = QGridLayout()
        spread(self.look, grid, spacing=16)
        for place, field in enumerate(self.fields.values()):
            grid.addWidget(field, place // 3, place % 3)
            grid.setColumnStretch(place % 3, 1)
        self.body.addLayout(grid)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, "", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._do)
        self.prints = False
        self.print_button = SecondaryButton(self.look, _("Keep and print"), icon="print", height=56, px=18)
        self.print_button.clicked.connect(self._do_and_print)
        self.print_button.setVisible(can_print)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.print_button)
        self.buttons.addWidget(self.yes_button)
        self._box("service").addItems([lettered(setup, code) for code in self._codes])
        self._fill_days(day)
        self._box("service").currentIndexChanged.connect(self._service_changed)
        self._box("date").currentIndexChanged.connect(self._fill_times)
        for field in self.fields.values():
            field.edited.connect(self._show)
        self._show()

    def _box(self, name: str) -> QComboBox:
        edit = self.fields[name].edit
        assert isinstance(edit, QComboBox)
        return edit

    @property
    def service(self) -> str:
        """Return the code of the service chosen."""
        return self._codes[self._box("service").currentIndex()]

    def day(self) -> date | None:
        """Return the day chosen; None where the service has none."""
        place = self._box("date").currentIndex()
        return self._days[place] if 0 <= place < len(self._days) else None

    def choose(self, service: str, day: date, time: str) -> None:
        """Choose as a person would."""
        self._box("service").setCurrentIndex(self._codes.index(service))
        if day in self._days:
            self._box("date").setCurrentIndex(self._days.index(day))
        self._box("time").setEditText(time)

    def _service_changed(self) -> None:
        self._fill_days(self.day())

    def _fill_days(self, day: date | None) -> None:
        """Offer the days on which the service is open, `day` chosen where it is one."""
        service, today = self._setup.services[self.service], self._setup.local(self._now).date()
        coming = (today + timedelta(days=n) for n in range(DAYS_AHEAD))
        self._days = [one for one in coming if hours_on(self._setup, service, one)]
        box = self._box("date")
        box.blockSignals(True)
        box.clear()
        box.addItems([day_staff(one) for one in self._days])
        box.setCurrentIndex(self._days.index(day) if day in self._days else 0)
        box.blockSignals(False)
        self._fill_times()

    def _fill_times(self) -> None:
        """Offer the quarters of the service's hours that are still to come; any other time may be written."""
        box, day, written = self._box("time"), self.day(), self._box("time").currentText()
        local = self._setup.local(self._now)
        over = local.hour * 60 + local.minute if day == local.date() else -1
        spans = hours_on(self._setup, self._setup.services[self.service], day) if day else []
        times = [
            clock_text(minute) for start, end in spans for minute in range(start, end, STEP_MINUTES) if minute > over
        ]
        box.blockSignals(True)
        box.clear()
        box.addItems(times)
        box.setEditText(written if written in times else (times[0] if times else ""))
        box.blockSignals(False)
        self._show()

    def _show(self) -> None:
        for field in self.fields.values():
            field.set_error("")
        self.trouble.hide()
        if self.day() is None:
            self.yes_button.block(_("This service is not open"))
        elif not self._box("time").currentText().strip():
            self.yes_button.block(_("Choose a time first"))
        else:
            self.yes_button.allow(_("Keep this time"))
        self.print_button.setEnabled(self.yes_button.isEnabled())

    def _do(self) -> None:
        self.prints = False
        self._keep()

    def _do_and_print(self) -> None:
        self.prints = True
        self._keep()

    def _keep(self) -> None:
        day, time = self.day(), self._box("time").currentText().strip()
        if day is None or not time:
            return
        written = {name: self.fields[name].value().strip() for name in ("name", "contact", "ref")}
        self.wanted.emit(NewAppointment(service=self.service, day=day, time=time, **written))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._do()
        else:
            super().keyPressEvent(event)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Say at the field that is meant why the time was not kept."""
        name = FIELDS.get(trouble.code, str(trouble.details.get("field", "")))
        if name in self.fields:
            self.fields[name].set_error(say(trouble))
        else:
            self.trouble.say(say(trouble), refused=True)
            self.trouble.show()

    def first_focus(self) -> QWidget:
        return self.fields["service"].edit
