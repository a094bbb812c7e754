"""What a place of the hall is called where people write to each other and call for help."""

from queuedesk.core.place import ALL, CONSOLE, window_at
from queuedesk.i18n.catalogue import current, tr
from queuedesk.i18n.device_words import place_name
from queuedesk.i18n.names import window_name


def place_words(place: str, lang: str | None = None) -> str:
    """Return where somebody is, or whom a message goes to: "Window 3", "Front desk", "Kiosk 2", "Everybody"."""
    lang = lang or current()
    if place == ALL:
        return tr(lang, "Everybody", context="place")
    if place == CONSOLE:
        return tr(lang, "Command line", context="place")
    window = window_at(place)
    return window_name(window, lang) if window is not None else place_name(place, lang)
