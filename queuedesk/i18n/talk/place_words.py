"""Names of places in the hall, for messages and calls for help."""

from queuedesk.core.talk.device import KIOSK
from queuedesk.core.talk.messages import ALL, CONSOLE, window_at
from queuedesk.i18n.catalogue import current, tr
from queuedesk.i18n.names import window_name
from queuedesk.i18n.talk.device_words import device_name, is_kind_named, place_name


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
