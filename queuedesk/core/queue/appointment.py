"""Appointments: a time reserved for a customer until the customer comes, cancels or fails to come."""

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
    BOOKED = "booked"
    CAME = "came"
    CANCELLED = "cancelled"
    GONE = "gone"


class Appointment(Struct, frozen=True, kw_only=True):
    """A time reserved for one customer. `seq` is that of its first event and identifies it within the hall. `person` is
    the id and salted digest of name and contact, which are kept outside the log; `ticket` is a number of `date`."""

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

    def reserved_until(self, setup: Setup) -> datetime:
        """Return until when the time is reserved for a customer who is late."""
        return self.at + timedelta(minutes=setup.setting_as_int("appointment_grace_minutes"))

    def earliest_call_at(self, setup: Setup) -> datetime:
        """Return the earliest time at which its ticket may be called."""
        return self.at - timedelta(minutes=setup.setting_as_int("appointment_early_minutes"))

    def with_ticket_of_arrival(self, ticket: str) -> Appointment:
        return replace(self, state=AppointmentState.CAME, ticket=ticket)


def hall_time_text(setup: Setup, at: datetime) -> str:
    """Format a time on the hall's clock, "10:30"."""
    local = setup.to_hall_time(at)
    return clock_text(local.hour * 60 + local.minute)
