"""Appointments: a time kept for somebody until they come, cancel or fail to come."""

from __future__ import annotations

import datetime as clock
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text

CLASS = "appointment"


class AppointmentState(StrEnum):
    """The states of an appointment."""

    BOOKED = "booked"
    CAME = "came"
    CANCELLED = "cancelled"
    GONE = "gone"


class Appointment(Struct, frozen=True, kw_only=True):
    """A time kept for one customer. `seq` is that of its first event and names it within the hall.

    `person` is the id of name and contact, which are kept outside the log, with a salted digest; `ticket` is a number
    of `date`.
    """

    seq: int
    date: clock.date
    at: datetime
    service: str
    item: str | None = None
    klass: str = CLASS
    ref: str | None = None
    person: str | None = None
    state: AppointmentState = AppointmentState.BOOKED
    ticket: str | None = None
    by: str = ""

    @property
    def person_id(self) -> str | None:
        return self.person.partition(":")[0] if self.person else None

    def freed_at(self, setup: Setup) -> datetime:
        """Return until when it is kept for a customer who is late."""
        return self.at + timedelta(minutes=setup.number("appointment_grace_minutes"))

    def eligible_at(self, setup: Setup) -> datetime:
        """Return when its ticket may be called at the earliest."""
        return self.at - timedelta(minutes=setup.number("appointment_early_minutes"))

    def came(self, ticket: str) -> Appointment:
        return replace(self, state=AppointmentState.CAME, ticket=ticket)


def clock_text_of(setup: Setup, at: datetime) -> str:
    """Return "10:30" on the hall's clock."""
    local = setup.local(at)
    return clock_text(local.hour * 60 + local.minute)
