"""The times at which somebody may book by the web: what hours, calendar, roster and quota leave beside walk-ins."""

from __future__ import annotations

import datetime as clock
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.hallday import (
    last_ticket_minute_on,
    minute_of_day,
    opening_spans_on,
    utc_moment_of_hall_minute,
)
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.staffing.roster import shifts_planned_on

SLOT_MIN = 30
DAYS_AHEAD = 21
"""So many days from today on can be booked."""
BOOKED_SHARE = 0.5
"""The share of its windows' time that a service gives to appointments; walk-ins keep the rest."""
USUAL_MIN = 10
"""Minutes of a visit to a service without a handling target."""
MOST_OPEN = 2
"""So many appointments in the future one contact may have."""
_COUNTED = (AppointmentState.BOOKED, AppointmentState.CAME)


class BookingSlot(Struct, frozen=True):
    """A time that can be booked, unless it is full."""

    at: datetime
    minute: int
    is_free: bool


def slots_on(
    setup: Setup, service: Service, day: clock.date, booked: Iterable[Appointment], now: datetime
) -> list[BookingSlot]:
    """Return the times of a date that are still to come; `booked` are all appointments of that date. A slot is full
    when the appointments at windows of this service would take more than BOOKED_SHARE of their time, and all are when
    the date has as many appointments as the service gives tickets."""
    if service.message:
        return []
    counted = [one for one in booked if one.state in _COUNTED]
    is_over_quota = service.quota is not None and sum(one.service == service.code for one in counted) >= service.quota
    last = last_ticket_minute_on(setup, service, day)
    slots = []
    for start, end in opening_spans_on(setup, service, day):
        for minute in range(-(-start // SLOT_MIN) * SLOT_MIN, end - SLOT_MIN + 1, SLOT_MIN):
            at = utc_moment_of_hall_minute(setup, day, minute)
            windows = _windows_at(setup, service.code, day, minute)
            if windows and at > now and (last is None or minute < last):
                is_free = not is_over_quota and _has_room(setup, service, minute, windows, counted)
                slots.append(BookingSlot(at, minute, is_free))
    return slots


def days_to_book(setup: Setup, now: datetime) -> list[clock.date]:
    today = setup.local(now).date()
    return [today + timedelta(days=n) for n in range(DAYS_AHEAD)]


def _windows_at(setup: Setup, service: str, day: clock.date, minute: int) -> frozenset[str]:
    """Return the windows that serve a service then: those of the roster where there is one for that date."""
    serving = {code for code, spec in setup.windows.items() if service in spec.services}
    shifts = shifts_planned_on(setup.roster, day, setup.calendar)
    if not shifts:
        return frozenset(serving)
    return frozenset(
        shift.window
        for shift in shifts
        if shift.window in serving
        and shift.is_there(minute)
        and (shift.staff not in setup.staff or setup.staff[shift.staff].can(service))
    )


def _has_room(
    setup: Setup, service: Service, minute: int, windows: Collection[str], counted: Iterable[Appointment]
) -> bool:
    """Return whether one more fits: the first always does."""
    shared = {code for window in windows for code in setup.windows[window].services}
    taken = sum(
        _minutes_of(setup.services[one.service])
        for one in counted
        if one.service in shared
        and one.service in setup.services
        and minute <= minute_of_day(setup, one.at) < minute + SLOT_MIN
    )
    return not taken or taken + _minutes_of(service) <= BOOKED_SHARE * SLOT_MIN * len(windows)


def _minutes_of(service: Service) -> int:
    return service.handling_target or USUAL_MIN
