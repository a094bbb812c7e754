"""What a hall may call its windows and tickets, as words to choose from."""

from __future__ import annotations

from queuedesk.i18n import _
from queuedesk.stations.window.menu import LANGUAGE_NAMES


def window_word(word: str) -> str:
    """Return the word that a hall has chosen for its windows, one of WORDS["window"]."""
    return {
        "window": _("Window (usual)", context="hall's word"),
        "room": _("Room", context="hall's word"),
        "desk": _("Desk", context="hall's word"),
        "counter": _("Counter", context="hall's word"),
    }[word]


def ticket_word(word: str) -> str:
    """Return the word that a hall has chosen for its tickets, one of WORDS["ticket"]."""
    return {
        "ticket": _("Ticket (usual)", context="hall's word"),
        "number": _("Number", context="hall's word"),
    }[word]


def language_word(lang: str) -> str:
    """Return a language's own name."""
    return LANGUAGE_NAMES[lang]
