"""The access journal in words, and the sentences for whoever reads what is not for them."""

from collections.abc import Mapping

from queuedesk.core.network.people import Read
from queuedesk.core.setup.values import Setup
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.names import staff_name

READ = "read-"
_READS = {
    Read.WORK: mark("Read the day's work", context="asked"),
    Read.NAMES: mark("Read names of appointments", context="asked"),
    Read.FIGURES: mark("Read reports and ratings", context="asked"),
    Read.LOG: mark("Read the log", context="asked"),
    Read.REFUSALS: mark("Read the access journal", context="asked"),
}
_ASKED = {
    "sign-in": mark("Sign in", context="asked"),
    "issue": mark("Give out a ticket", context="asked"),
    "call": mark("Call", context="asked"),
    "leave": mark("Let a ticket go", context="asked"),
    "void": mark("Void a ticket", context="asked"),
    "rate": mark("Rate", context="asked"),
    "correct": mark("Correct a ticket", context="asked"),
    "day-end": mark("End the day", context="asked"),
    "notice": mark("Put up a notice", context="asked"),
    "day-note": mark("Note on a day", context="asked"),
    "enter": mark("Put in a day on paper", context="asked"),
    "indicators": mark("Change indicators", context="asked"),
    "channels": mark("Change other channels", context="asked"),
    "roster": mark("Change the roster", context="asked"),
    "set-up": mark("Change the set-up", context="asked"),
    "people": mark("Change people and PINs", context="asked"),
    "share": mark("Share the hall", context="asked"),
    "halls": mark("Look at other halls", context="asked"),
    "backups": mark("Look at backups", context="asked"),
    "backup": mark("Make a backup", context="asked"),
    "restore": mark("Put a backup back", context="asked"),
    "export": mark("Export the log", context="asked"),
    "merge": mark("Merge a log", context="asked"),
    "clock-far": mark("State another time", context="asked"),
    "open": mark("Open a window", context="asked"),
    "book": mark("Keep an appointment", context="asked"),
}
_REFUSED = {
    "not_your_role": mark("the role may not do that", context="refused"),
    "not_your_window": mark("not their window", context="refused"),
    "not_for_you": mark("not for this role", context="refused"),
    "pin_needed": mark("has no PIN, so it may have been anybody", context="refused"),
    "wrong_pin": mark("wrong PIN", context="refused"),
    "who_are_you": mark("gave no name or no PIN", context="refused"),
}
_ACTORS = {
    "console": mark("Command line", context="actor"),
    "hall": mark("Locked station", context="actor"),
    "customer": mark("Customer", context="actor"),
}


def actor_words(setup: Setup, actor: str) -> str:
    """Return who asked: a person's name, what stands for nobody in particular, else the station as it calls itself."""
    if actor in _ACTORS:
        return tr(current(), _ACTORS[actor], context="actor")
    return staff_name(setup, actor) if actor in setup.staff else actor.removeprefix("station:")


def asked_words(verb: str) -> str:
    """Return what was asked for; what has no words here is called as commands call it."""
    read = verb.removeprefix(READ)
    said = _READS.get(Read(read)) if verb.startswith(READ) and read in set(Read) else _ASKED.get(verb)
    return tr(current(), said, context="asked") if said else verb


def refused_words(code: str) -> str:
    """Return why it was refused, in a few words."""
    return tr(current(), _REFUSED[code], context="refused") if code in _REFUSED else code


def not_for_you(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a message that goes elsewhere, or for reading what is for others."""
    if "seq" in details:
        return tr(lang, "Message {seq} goes to somebody else.", seq=details["seq"])
    if "hall" in details:
        return tr(lang, "Hall {hall} does not let you look on; please ask its manager.", hall=details["hall"])
    if details.get("read") == Read.NAMES:
        return tr(lang, "Names of appointments are for the front desk; please ask there.")
    if details.get("read") == Read.WORK:
        return tr(lang, "That is for the people who work here; please ask one.")
    return tr(lang, "Reports, ratings and the log are for managers; please ask one.")
