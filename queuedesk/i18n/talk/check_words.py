"""The words for checking the hall's equipment before it opens: what is missing, what was found, what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from queuedesk.core.talk.device import DISPLAY, PRINTER, VOICE
from queuedesk.core.talk.opening_checks import FAILED, IS_DOWN, key_of
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import listing
from queuedesk.i18n.queue.reasons import reason_words
from queuedesk.i18n.talk.device_words import cause_words, device_kind, device_name

_QUESTIONS = {
    VOICE: mark("Can you hear it?", context="check"),
    DISPLAY: mark("Can you see it?", context="check"),
    PRINTER: mark("Did it come out?", context="check"),
}
_TRIES = {
    VOICE: mark("Say a test sentence", context="check"),
    DISPLAY: mark("Show test figures", context="check"),
    PRINTER: mark("Print a test slip", context="check"),
}
_TRIALS = {
    VOICE: mark("This is a test of the voice. Please go on waiting.", context="check"),
    DISPLAY: mark("Screen test: 0 1 2 3 4 5 6 7 8 9. Please go on waiting.", context="check"),
    PRINTER: mark("Test slip", context="check"),
}


def checked_name(device: str, station: str, lang: str | None = None) -> str:
    """Return what a checked device is called; the kind alone where none of it ever reported."""
    return device_name(device, station, lang) if station else device_kind(device, lang)


def question(device: str, lang: str | None = None) -> str:
    """Return what a person is asked once a device was tried."""
    return tr(lang or current(), _QUESTIONS[device], context="check")


def try_words(device: str, lang: str | None = None) -> str:
    """Return what the key says that tries a device."""
    return tr(lang or current(), _TRIES[device], context="check")


def trial_text(device: str, lang: str | None = None) -> str:
    """Return what a device says or shows when it is tried."""
    return tr(lang or current(), _TRIALS[device], context="check")


def lack_words(lack: str | None, cause: str | None, lang: str | None = None) -> str:
    """Return what keeps a device from counting as checked: "not checked yet", "failed: no paper", "out of order: no
    sign of life"."""
    lang = lang or current()
    if lack is None:
        return tr(lang, "checked", context="check")
    if lack == FAILED:
        return tr(lang, "failed: {cause}", context="check", cause=found_words(cause, lang))
    if lack == IS_DOWN:
        return tr(lang, "out of order: {cause}", context="check", cause=cause_words(cause, lang))
    return tr(lang, "not checked yet", context="check")


def found_words(cause: str | None, lang: str | None = None) -> str:
    """Return what a person found wrong with a device: one of the ready answers, or words of one's own."""
    return reason_words(cause_words(cause, lang), lang)


def missing_names(names: Iterable[str], lang: str | None = None) -> str:
    """Return devices by the words that the log names them with, as a list in a sentence."""
    lang = lang or current()
    return listing([checked_name(*key_of(name), lang) for name in names], lang)


def check_event(data: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what an event tells of a check: "Display · checked", "Voice · failed: hoarse", "Printer (Front desk) ·
    tried"."""
    lang = lang or current()
    if "trial" in data:
        said = tr(lang, "tried", context="check")
    else:
        said = lack_words(None if data["passed"] else FAILED, data.get("cause"), lang)
    return f"{checked_name(str(data['device']), str(data['station']), lang)} · {said}"


def checks_missing(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a window that can't open yet."""
    missing = details["missing"]
    assert isinstance(missing, (list, tuple))
    return tr(
        lang,
        "Window {window} can't open yet; still to be checked: {devices}. Check them, or waive it with a reason.",
        window=details["window"],
        devices=missing_names(missing, lang),
    )


def device_down(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a device that is said to work and is known not to."""
    return tr(
        lang,
        "{device} is known to be out of order ({cause}), so it can't pass; please mend it first.",
        device=checked_name(str(details["device"]), str(details["station"]), lang),
        cause=cause_words(str(details["cause"]), lang),
    )


def which_device(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a kind of which there are several."""
    stations = details["stations"]
    assert isinstance(stations, (list, tuple))
    return tr(
        lang,
        "There are several of them ({stations}); please name one with --station.",
        stations=listing(stations, lang),
    )


def unknown_device(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a device that never reported."""
    return tr(
        lang,
        "No {device} at {station} has ever reported; queuedesk device list shows them all.",
        device=device_kind(str(details["device"]), lang),
        station=details["station"],
    )
