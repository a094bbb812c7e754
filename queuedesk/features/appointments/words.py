"""What becomes of appointments, and their refusals, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.hallday import opening_spans_on
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import current_language, mark, n_, tr
from queuedesk.i18n.names import FeatureWords

_STATES = {
    "booked": mark("Expected", context="appointment"),
    "came": mark("Came", context="appointment"),
    "cancelled": mark("Cancelled", context="appointment"),
    "gone": mark("Did not come", context="appointment"),
}


def appointment_state_word(code: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _STATES[code], context="appointment")


def appointments_to_move_text(state: HallState, after: Setup, days: Sequence[date]) -> str:
    """Return how many appointments of these dates do not fit the hours of a set-up, "" for none."""
    kept = [one for one in state.appointments.values() if one.date in days and one.state is AppointmentState.BOOKED]
    n = sum(not _fits_opening_hours(after, one) for one in kept)
    return n_("{n} appointment to move", "{n} appointments to move", n) if n else ""


def _fits_opening_hours(setup: Setup, one: Appointment) -> bool:
    local, service = setup.to_hall_time(one.at), setup.services.get(one.service)
    minute = local.hour * 60 + local.minute
    return service is None or any(
        start <= minute < end for start, end in opening_spans_on(setup, service, local.date())
    )


def _appointment_over_sentence(lang: str, details: Mapping[str, object]) -> str:
    state, time = details["state"], details["time"]
    if state == "came":
        return tr(lang, "They came already and have number {ticket}.", ticket=details["ticket"])
    if state == "cancelled":
        return tr(lang, "This appointment for {time} was cancelled.", time=time)
    return tr(lang, "This appointment was kept for {time} and is free again; please give a new ticket.", time=time)


WORDS = FeatureWords(
    refusals={
        "appointments_off": mark("This hall does not use appointments at the moment; please issue an ordinary ticket."),
        "appointment_past": mark("{time} has passed; please choose a later time."),
        "appointment_other_day": mark("This appointment is for {date}, {time}; please come then."),
        "appointment_over": _appointment_over_sentence,
        "already_booked": mark("{ref} has an appointment on {date} already."),
    }
)
