"""The words for what a hall notes and sends: kinds of notes, places, contingency cards."""

from __future__ import annotations

from queuedesk.core.setup.cards import ANYONE, CardRun
from queuedesk.core.setup.values import Setup
from queuedesk.core.talk.device import KIOSK
from queuedesk.core.talk.messages import ALL, CONSOLE, window_at
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import time_hm
from queuedesk.i18n.names import window_name
from queuedesk.i18n.talk.device_words import device_name, is_kind_named, place_name
from queuedesk.i18n.words import named, role

# The words for what a hall notes beside its tickets: kinds of notes, where customers may be sent, what became of
# appointments.

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


# Contingency cards in words: whose a step is, and the one line that every station shows while a card is open.


def role_of_step(code: str, lang: str | None = None) -> str:
    """Return whose a step is; a step for anyone is nobody's in particular."""
    lang = lang or current()
    return tr(lang, "Anyone", context="step") if code == ANYONE else role(code, lang)


def card_name(run: CardRun, lang: str | None = None) -> str:
    return named(run.name, run.name_en, lang)


def card_line(setup: Setup, run: CardRun, for_role: str, lang: str | None = None) -> str:
    """Return the card that is open, since when, and what is next for somebody of `for_role`."""
    lang = lang or current()
    time, name = time_hm(setup.local(run.started)), card_name(run, lang)
    number = run.next_for(for_role)
    if number is None:
        return tr(lang, "{card} since {time}: nothing more for you", card=name, time=time)
    step = run.steps[number - 1]
    return tr(
        lang, "{card} since {time}. Next: {step}", card=name, time=time, step=named(step.text, step.text_en, lang)
    )


# Names of places in the hall, for messages and calls for help.


def place_words(place: str, lang: str | None = None) -> str:
    """Return where somebody is, or whom a message goes to: "Window 3", "Front desk", "Kiosk 2", "Everybody"."""
    lang = lang or current()
    if place == ALL:
        return tr(lang, "Everybody", context="place")
    if place == CONSOLE:
        return tr(lang, "Command line", context="place")
    window = window_at(place)
    if window is not None:
        return window_name(window, lang)
    # Only a kiosk has a name of its own without its kind before it, which says nothing to whoever is called there.
    return place_name(place, lang) if is_kind_named(place) else device_name(KIOSK, place, lang)
