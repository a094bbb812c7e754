"""Reads, makes, cancels and imports appointments for a station, and gives tickets for them; no widgets and no
sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.core.log.event import Event
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Document
from queuedesk.features.appointments import verbs
from queuedesk.features.appointments.rules import parse_appointment_code, parse_hall_moment
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.window.context import SingleCommandRunner, StationContext


class TypedAppointment(Struct, frozen=True, kw_only=True):
    """An appointment as typed: `time` on the hall's clock ("10:30"), the rest "" if empty."""

    service: str
    day: date
    time: str
    name: str = ""
    contact: str = ""
    ref: str = ""


class AppointmentController(SingleCommandRunner):
    """Holds the appointments of today and of one more date, with the names that are kept outside the log.

    `read` says which date's rows are new; `printed` the result for a slip; `done` gives the verb ("book", "call_off",
    "import") and its document; `refused` the verb and the error."""

    read = Signal(object)
    printed = Signal(dict)

    def __init__(
        self, context: StationContext, parent: QObject | None = None, *, prints: Callable[[], bool] = lambda: True
    ) -> None:
        """`prints` tells whether this PC has a printer for slips."""
        super().__init__(context, parent)
        self._prints = prints
        self._rows: dict[date, list[Document]] = {}
        self._shown: date | None = None
        context.feed.changed.connect(self._read_again_after_bookings)
        context.feed.replaced.connect(self.reread_appointments)
        context.feed.back.connect(self.reread_appointments)

    @property
    def setup(self) -> Setup:
        return self.context.feed.setup

    @property
    def is_feature_used(self) -> bool:
        return self.setup.has_feature("appointments")

    @property
    def today(self) -> date:
        """Return the business date, also before its first event."""
        day = business_date(self.setup, self.context.clock())
        return max(day, self.context.feed.state.now.date or day)

    @property
    def shown_day(self) -> date:
        """Return the date of the list: today unless another was chosen."""
        return self._shown or self.today

    def show_day(self, day: date) -> None:
        """Show the list of another date."""
        self._shown = None if day == self.today else day
        self._read_day_in_background(day)

    def appointments_on_day(self, day: date) -> list[Document]:
        """Return a date's appointments by time as last read, none before that or where the hall does not use them."""
        return self._rows.get(day, []) if self.is_feature_used else []

    def find_appointment(self, number: int) -> Document | None:
        """Return an appointment of the dates that are held here."""
        return next((row for rows in self._rows.values() for row in rows if row["appointment"] == number), None)

    def reread_appointments(self) -> None:
        """Read today's appointments, and those of the date that is shown."""
        self._rows = {day: rows for day, rows in self._rows.items() if day in (self.today, self.shown_day)}
        for day in dict.fromkeys((self.today, self.shown_day)):
            self._read_day_in_background(day)

    def _read_again_after_bookings(self, events: list[Event]) -> None:
        if any(event.kind in ("book", "unbook", "set-up") or "appointment" in event.data for event in events):
            self.reread_appointments()

    def _read_day_in_background(self, day: date) -> None:
        desk = self.context.desk
        if not self.is_feature_used:
            return
        self.context.tasks.run(
            lambda: verbs.appointments_between_dates(desk, day),
            partial(self._store_rows_of_day, day),
            partial(self.refused.emit, "read"),
        )

    def _store_rows_of_day(self, day: date, rows: list[Document]) -> None:
        if self._rows.get(day) != rows:
            self._rows[day] = rows
            self.read.emit(day)
        elif day == self.shown_day:
            self.read.emit(day)

    # -- acts ---------------------------------------------------------------------------------------------------

    def book_appointment(self, new: TypedAppointment) -> None:
        ask, desk, setup = self.context.new_ask(), self.context.desk, self.setup

        def book_typed_appointment() -> Document:
            wish = verbs.AppointmentRequest(
                service=new.service,
                at=parse_hall_moment(setup, new.day.isoformat(), new.time),
                ref=new.ref or None,
                name=new.name,
                contact=new.contact,
            )
            return verbs.book_appointment(desk, ask, wish)

        self.start_unless_busy("book", book_typed_appointment)

    @property
    def can_print(self) -> bool:
        return self.context.services.paper is not None and self._prints()

    def print_slip(self, number: int) -> None:
        """Print an appointment for the customer to take home."""
        if (paper := self.context.services.paper) is not None:
            desk, now = self.context.desk, self.context.clock()

            def print_appointment_slip() -> Mapping[str, Any]:
                from queuedesk.features.appointments.papers import appointment_slip  # draws: of no use before

                return paper.print_slip(appointment_slip(desk, now, number))

            self.context.tasks.run_in_long_work_lane(
                print_appointment_slip, self.printed.emit, partial(self.refused.emit, "print")
            )

    def cancel_appointment(self, number: int, reason: str) -> None:
        """Cancel an appointment."""
        ask, desk = self.context.new_ask(), self.context.desk
        self.start_unless_busy("call_off", lambda: verbs.cancel_appointment(desk, ask, number, reason=reason))

    def import_appointments_file(self, path: Path) -> None:
        """Book every row of a table, or none."""
        ask, desk, setup = self.context.new_ask(), self.context.desk, self.setup

        self.start_unless_busy(
            "import",
            lambda: verbs.book_all_or_none(desk, ask, verbs.read_appointments_file(path, setup), path=path.name),
        )


# -- who comes, at the front desk --------------------------------------------------------------------------------------


def issue_ticket_for_appointment(desk: GuideController, number: int) -> None:
    """Issue a ticket to a customer who comes to an appointment, then print it."""
    ask = desk.context.new_ask()
    desk.issue_and_print("arrive", lambda: verbs.issue_ticket_on_arrival(desk.context.desk, ask, number))


def handle_scanned_code(desk: GuideController, text: str) -> bool:
    """Issue the ticket of a scanned slip; return whether it is one of this hall's."""
    kept = parse_appointment_code(text)
    if kept is None or kept[0] != desk.hall_code:
        return False
    issue_ticket_for_appointment(desk, kept[2])
    return True
