"""What becomes of appointments, and their refusals, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.hallday import hours_on
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import current, mark, n_, tr
from queuedesk.i18n.names import AddedWords

_STATES = {
    "booked": mark("Expected", context="appointment"),
    "came": mark("Came", context="appointment"),
    "cancelled": mark("Cancelled", context="appointment"),
    "gone": mark("Did not come", context="appointment"),
}


def state_word(code: str, lang: str | None = None) -> str:
    """Return the word for an appointment's state."""
    return tr(lang or current(), _STATES[code], context="appointment")


def moved(state: HallState, after: Setup, days: Sequence[date]) -> str:
    """Return how many appointments of these dates do not fit the hours of a set-up, "" for none."""
    kept = [one for one in state.appointments.values() if one.date in days and one.state is AppointmentState.BOOKED]
    n = sum(not _fits(after, one) for one in kept)
    return n_("{n} appointment to move", "{n} appointments to move", n) if n else ""


def _fits(setup: Setup, one: Appointment) -> bool:
    local, service = setup.local(one.at), setup.services.get(one.service)
    minute = local.hour * 60 + local.minute
    return service is None or any(start <= minute < end for start, end in hours_on(setup, service, local.date()))


def _over(lang: str, details: Mapping[str, object]) -> str:
    state, time = details["state"], details["time"]
    if state == "came":
        return tr(lang, "They came already and have number {ticket}.", ticket=details["ticket"])
    if state == "cancelled":
        return tr(lang, "This appointment for {time} was cancelled.", time=time)
    return tr(lang, "This appointment was kept for {time} and is free again; please give a new ticket.", time=time)


WORDS = AddedWords(
    refusals={
        "appointments_off": mark("This hall does not use appointments at the moment; please issue an ordinary ticket."),
        "appointment_past": mark("{time} has passed; please choose a later time."),
        "appointment_other_day": mark("This appointment is for {date}, {time}; please come then."),
        "appointment_over": _over,
        "already_booked": mark("{ref} has an appointment on {date} already."),
    },
)
