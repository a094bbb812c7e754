"""The words for what a hall notes beside its tickets: kinds of notes, where customers may be sent, what became of
appointments."""

from queuedesk.i18n.catalogue import current, mark, tr

_NOTES = {
    "outage": mark("Outage", context="day note"),
    "weather": mark("Weather", context="day note"),
    "event": mark("Event", context="day note"),
    "other": mark("Other", context="day note"),
}
_CHANNELS = {
    "self_service": mark("Self-service", context="channel"),
    "bank": mark("Bank", context="channel"),
    "post_office": mark("Post office", context="channel"),
    "online": mark("Online", context="channel"),
    "other_hall": mark("Another hall", context="channel"),
}
_APPOINTMENTS = {
    "booked": mark("Expected", context="appointment"),
    "came": mark("Came", context="appointment"),
    "cancelled": mark("Called off", context="appointment"),
    "gone": mark("Did not come", context="appointment"),
}


def note_kind(code: str, lang: str | None = None) -> str:
    """Return the word of a day note's kind; a code without one as it is."""
    return tr(lang or current(), _NOTES[code], context="day note") if code in _NOTES else code


def channel(code: str, lang: str | None = None) -> str:
    """Return the word of a channel that customers are offered; a code without one as it is."""
    return tr(lang or current(), _CHANNELS[code], context="channel") if code in _CHANNELS else code


def appointment_state(code: str, lang: str | None = None) -> str:
    """Return the word for what became of an appointment."""
    return tr(lang or current(), _APPOINTMENTS[code], context="appointment")
