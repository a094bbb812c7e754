"""The sentence of a call in each language, as an engine reads it and as people read it."""

import re

from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.core.talk.announcement import Announcement, CallParts, apart, call_parts, hall_in, spoken_words, zone_in
from queuedesk.i18n import tr

USUAL = VoiceSpec()
"""The voice of a hall that chose nothing."""

_YI, _YAO = "\u4e00", "\u5e7a"
_PAUSES_IN_A_ROW = re.compile(r"[,;]\s*(?=[,;.!?])")
_BEFORE_A_PAUSE = re.compile(r"\s+(?=[,;.!?])")
_NOTHING_BEFORE = re.compile(r"^[\s,;.!?]+")
_SIGNS_IN_A_ROW = re.compile(r"[，、；,;]\s*(?=[，、；。,;.])")


def phrase(announcement: Announcement, language: str, spec: VoiceSpec = USUAL) -> str:
    """Return the call as an engine gets it: "Ticket B, 0 3 1, please go to window 3, left, area A."."""
    parts = _parts(announcement, language, spec)
    template = template_of(announcement, language, spec)
    if template and parts.window:
        hall = spoken_words(hall_in(announcement, chinese=is_chinese(language)), _digit_names(language, spec))
        return _fill_spoken(template, language, parts, hall)
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


def short_phrase(announcement: Announcement, language: str, spec: VoiceSpec = USUAL) -> str:
    """Return only number and window, for an announcement of several: "B, 0 3 1, window 3"."""
    parts = _parts(announcement, language, spec)
    fields = {"ticket": parts.ticket, "window": parts.window}
    if not parts.window:
        return tr(language, "Ticket {ticket}, the screen shows you the way.", context="spoken", **fields)
    if parts.is_numbered:
        return tr(language, "{ticket}, window {window}", context="spoken", **fields)
    return tr(language, "{ticket}, {window}", context="spoken", **fields)


def shown_phrase(announcement: Announcement, language: str, spec: VoiceSpec = USUAL) -> str:
    """Return the same call as it is shown: "Ticket B031, please go to window 3, left, area A."."""
    is_numbered = call_parts(announcement, chinese=is_chinese(language)).is_numbered
    zone = zone_in(announcement, chinese=is_chinese(language))
    fields = {"ticket": announcement.ticket, "window": announcement.window, "zone": zone}
    template = template_of(announcement, language, spec)
    if template:
        return _fill_shown(template, language, announcement, zone, is_numbered=is_numbered)
    if is_numbered and zone:
        return tr(language, "Ticket {ticket}, please go to window {window}, {zone}.", **fields)
    if is_numbered:
        return tr(language, "Ticket {ticket}, please go to window {window}.", **fields)
    if zone:
        return tr(language, "Ticket {ticket}, please go to {window}, {zone}.", **fields)
    return tr(language, "Ticket {ticket}, please go to {window}.", **fields)


def others_phrase(language: str) -> str:
    """Return the end of an announcement that could not say all numbers in time."""
    return tr(language, "For all other numbers please look at the screen.", context="spoken")


def shown_short(announcement: Announcement, language: str) -> str:
    """Return number and window as an announcement of several is shown: "B031, window 3"."""
    is_numbered = call_parts(announcement, chinese=is_chinese(language)).is_numbered
    fields = {"ticket": announcement.ticket, "window": announcement.window}
    if is_numbered:
        return tr(language, "{ticket}, window {window}", **fields)
    return tr(language, "{ticket}, {window}", **fields)


def words_phrase(text: str, language: str, spec: VoiceSpec = USUAL) -> str:
    """Return a sentence that people wrote as an engine gets it."""
    return spoken_words(text, _digit_names(language, spec))


def template_of(announcement: Announcement, language: str, spec: VoiceSpec) -> str:
    """Return the hall's own words for this call, or recall, in a language; empty if it has none."""
    recall = spec.recall.get(language, "") if announcement.recall else ""
    return recall or spec.call.get(language, "")


def is_chinese(language: str) -> bool:
    """Return whether a language of the program is Chinese."""
    return language.startswith("zh")


def _digit_names(language: str, spec: VoiceSpec) -> tuple[str, ...]:
    names = tuple(tr(language, "0 1 2 3 4 5 6 7 8 9", context="spoken").split())
    return tuple(_YAO if name == _YI else name for name in names) if spec.yao else names


def _parts(announcement: Announcement, language: str, spec: VoiceSpec) -> CallParts:
    return call_parts(announcement, chinese=is_chinese(language), digit_names=_digit_names(language, spec))


def _fill_spoken(template: str, language: str, parts: CallParts, hall: str) -> str:
    window = parts.window
    if parts.is_numbered:
        window = tr(language, "window {window}", context="spoken", window=window)
    zone = f", {parts.zone}" if parts.zone else ""
    # Spaces around what is put in: an engine changes the tone of a digit that stands right before a word.
    fields = {"ticket": f" {parts.ticket} ", "window": f" {window} ", "zone": zone, "hall": f" {hall} "}
    said = _BEFORE_A_PAUSE.sub("", apart(spoken_words(template).format(**fields)))
    return _NOTHING_BEFORE.sub("", _PAUSES_IN_A_ROW.sub("", " ".join(said.split())))


def _fill_shown(template: str, language: str, announcement: Announcement, zone: str, *, is_numbered: bool) -> str:
    window = announcement.window
    if is_numbered:
        window = tr(language, "window {window}", context="call", window=window)
    before_zone = "，" if is_chinese(language) else ", "
    fields = {
        "ticket": announcement.ticket,
        "window": window,
        "zone": f"{before_zone}{zone}" if zone else "",
        "hall": hall_in(announcement, chinese=is_chinese(language)),
    }
    shown = template.format(**fields)
    if is_chinese(language):
        shown = apart(shown)
    return _SIGNS_IN_A_ROW.sub("", " ".join(shown.split()))
