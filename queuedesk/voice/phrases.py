"""The sentence of a call in each language: as an engine reads it rightly, and as people read it."""

from queuedesk.core.announcement import Announcement, call_parts, zone_in
from queuedesk.i18n import tr


def phrase(announcement: Announcement, language: str) -> str:
    """Return the call as it is given to an engine: "Ticket B, 0 3 1, please go to window 3, left, area A."."""
    digit_names = tuple(tr(language, "0 1 2 3 4 5 6 7 8 9", context="spoken").split())
    parts = call_parts(announcement, chinese=_is_chinese(language), digit_names=digit_names)
    fields = {"ticket": parts.ticket, "window": parts.window, "zone": parts.zone}
    if not parts.window:
        return tr(language, "Ticket {ticket}, the screen shows you the way.", context="spoken", **fields)
    if parts.is_numbered and parts.zone:
        return tr(language, "Ticket {ticket}, please go to window {window}, {zone}.", context="spoken", **fields)
    if parts.is_numbered:
        return tr(language, "Ticket {ticket}, please go to window {window}.", context="spoken", **fields)
    if parts.zone:
        return tr(language, "Ticket {ticket}, please go to {window}, {zone}.", context="spoken", **fields)
    return tr(language, "Ticket {ticket}, please go to {window}.", context="spoken", **fields)


def shown_phrase(announcement: Announcement, language: str) -> str:
    """Return the same call as it is shown: "Ticket B031, please go to window 3, left, area A."."""
    is_numbered = call_parts(announcement, chinese=_is_chinese(language)).is_numbered
    zone = zone_in(announcement, chinese=_is_chinese(language))
    fields = {"ticket": announcement.ticket, "window": announcement.window, "zone": zone}
    if is_numbered and zone:
        return tr(language, "Ticket {ticket}, please go to window {window}, {zone}.", **fields)
    if is_numbered:
        return tr(language, "Ticket {ticket}, please go to window {window}.", **fields)
    if zone:
        return tr(language, "Ticket {ticket}, please go to {window}, {zone}.", **fields)
    return tr(language, "Ticket {ticket}, please go to {window}.", **fields)


def no_voice_text(language: str, *, missing: str) -> str:
    """Return, in `language`, that this PC has no voice for the language `missing`."""
    if _is_chinese(missing):
        return tr(language, "No Chinese voice on this PC")
    return tr(language, "No English voice on this PC")


def _is_chinese(language: str) -> bool:
    return language.startswith("zh")
