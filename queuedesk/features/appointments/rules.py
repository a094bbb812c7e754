"""How long an appointment is kept, its class, its time as typed, and the code on its slip."""

from __future__ import annotations

from datetime import date, datetime

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.appointment import CLASS, Appointment, AppointmentState, hall_time_text
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import parse_clock_minutes

MARK = "QA1"
"""What the code begins with."""


def require_appointment_not_over(one: Appointment, setup: Setup, now: datetime) -> None:
    """Raise RuleError "appointment_over" unless it is still kept at `now`."""
    if one.state is not AppointmentState.BOOKED or now > one.reserved_until(setup):
        state = AppointmentState.GONE if one.state is AppointmentState.BOOKED else one.state
        at = hall_time_text(setup, one.at)
        raise RuleError("appointment_over", appointment=one.seq, state=str(state), time=at, ticket=one.ticket)


def appointment_class(setup: Setup, code: str | None) -> str:
    """Return the class of an appointment: the named one, else the hall's class for appointments, else normal. Raises
    RuleError "unknown_class"."""
    if code is not None:
        return setup.class_by_code(code).code
    return CLASS if CLASS in setup.classes else "normal"


def parse_hall_moment(setup: Setup, day: str, time: str) -> datetime:
    """Return the moment of "2026-11-20" (also 2026/11/20) and "9:30" on the hall's clock. Raises RuleError
    "bad_value"."""
    parts = day.replace("/", "-").replace(".", "-").split("-")
    try:
        on = date(*(int(part) for part in parts))
    except (TypeError, ValueError):
        raise RuleError("bad_value", field="date", value=day[:20], why="not_a_date") from None
    try:
        return utc_moment_of_hall_minute(setup, on, parse_clock_minutes(time))
    except OverflowError:
        raise RuleError("bad_value", field="date", value=day[:20], why="not_a_date") from None
    except ValueError:
        raise RuleError("bad_value", field="time", value=time[:20], why="not_a_time") from None


def appointment_code_text(hall: str, day: date, number: int) -> str:
    """Return the text of an appointment's code, e.g. "QA1 H1 2026-11-20 12". Raises ValueError for a hall's code with a
    space."""
    if not hall or hall.split() != [hall]:
        raise ValueError(hall)
    return f"{MARK} {hall} {day.isoformat()} {number}"


def parse_appointment_code(text: str) -> tuple[str, date, int] | None:
    """Return hall, date and number of a scanned appointment; None for any other text."""
    parts = text.split()
    if len(parts) != 4 or parts[0] != MARK or not (parts[3].isascii() and parts[3].isdigit()):
        return None
    try:
        return parts[1], date.fromisoformat(parts[2]), int(parts[3])
    except ValueError:
        return None
