"""Words for equipment and voice, and for what a hall notes and sends: notes, places, messages, cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from queuedesk.core.log.state import skew_direction_and_minutes
from queuedesk.core.talk import device
from queuedesk.core.talk import messages as hall_messages
from queuedesk.core.talk import screen as screens
from queuedesk.core.talk.device import BACKUP, CLOCK, DISPLAY, ENGINE, KIOSK, PLAYER, STATIONS, UP, VOICE
from queuedesk.i18n.catalogue import current_language, mark, tr
from queuedesk.i18n.moments import list_text, minutes_in_largest_unit
from queuedesk.i18n.names import window_name
from queuedesk.i18n.queue.line_words import reason_words

_DEVICES = {
    "display": mark("Display", context="device"),
    "kiosk": mark("Kiosk", context="device"),
    "plate": mark("Window plate", context="device"),
    "web": mark("Web pages", context="device"),
    "line": mark("LED line", context="device"),
    "rating": mark("Rating screen", context="device"),
    "printer": mark("Printer", context="device"),
    "voice": mark("Voice", context="device"),
    "engine": mark("Voice engine", context="device"),
    "player": mark("Sound player", context="device"),
    "screen": mark("Monitor", context="device"),
    "media": mark("Pictures and films", context="device"),
    "backup": mark("Backups", context="device"),
    "clock": mark("Clock", context="device"),
    # Where printers stand.
    "guide": mark("Front desk", context="device"),
    "counter": mark("Counter", context="device"),
    "manager": mark("Duty manager", context="device"),
    "lobby": mark("Lobby board", context="device"),
}
_CAUSES = {
    "stopped": mark("switched off", context="device"),
    "lost": mark("no sign of life", context="device"),
    "out_of_paper": mark("out of paper", context="device"),
    "offline": mark("offline", context="device"),
    "paper_jam": mark("paper jammed", context="device"),
    "tray_missing": mark("paper tray missing", context="device"),
    "no_toner": mark("toner or ink used up", context="device"),
    "toner_low": mark("toner or ink nearly used up", context="device"),
    "output_full": mark("output tray full", context="device"),
    "paused": mark("queue paused", context="device"),
    "no_spooler": mark("print service off", context="device"),
    "printer_refused": mark("takes no job", context="device"),
    "no_printer": mark("not found by the system", context="device"),
    "narrow_paper": mark("its roll is too narrow", context="device"),
    "cannot_write": mark("its page can't be written", context="device"),
    "cover_open": mark("cover open", context="device"),
    "paper_low": mark("paper nearly used up", context="device"),
    "printer_error": mark("printer error", context="device"),
    "no_answer": mark("does not answer", context="device"),
    "slow": mark("very slow", context="device"),
    "no_voice": mark("nothing speaks the language", context="device"),
    "no_sound": mark("nothing can be heard", context="device"),
    "too_many": mark("too many calls at once", context="device"),
    "muted": mark("turned down to nothing at this hour", context="device"),
    "unplugged": mark("not connected", context="device"),
    "cannot_play": mark("a picture or film can't be shown", context="device"),
    "no_folder": mark("its folder is missing", context="device"),
    "backup_gone": mark("their folder is not there", context="device"),
    "backup_full": mark("their disk is full", context="device"),
    "backup_refused": mark("their folder takes no file", context="device"),
    "backup_no_room": mark("no room here to prove one", context="device"),
    "backup_unproven": mark("the last one did not give the hall back", context="device"),
    "backup_none": mark("none checked yet", context="device"),
    "backup_old": mark("the last good one is older than two days", context="device"),
    "crashed": mark("ended by a fault", context="device"),
    "died": mark("ended by itself and was replaced", context="device"),
    "hung": mark("did not react and was started again", context="device"),
}
_ADVICE = {
    "out_of_paper": mark("Put paper in."),
    "paper_jam": mark("Open the printer and take the stuck paper out."),
    "cover_open": mark("Close its cover."),
    "tray_missing": mark("Push its paper tray in."),
    "no_toner": mark("Replace the toner or ink."),
    "output_full": mark("Empty its output tray."),
    "printer_error": mark("Switch it off and on."),
    "offline": mark("Check that it is on and its cable is in."),
    "paused": mark("Resume it in its PC's printer settings."),
    "no_printer": mark("Choose another one: ⋯, Printer."),
    "no_spooler": mark("Restart its PC."),
}
COUNTER = "counter"
_AT_WINDOW = ("plate", "rating")


def device_kind_word(code: str, lang: str | None = None) -> str:
    """Return the word for a kind of device; an unknown code unchanged."""
    return tr(lang or current_language(), _DEVICES[code], context="device") if code in _DEVICES else code


def device_name(device: str, station: str, lang: str | None = None) -> str:
    """Return a device's name: "Display", "Kiosk K1", "Rating screen of window 3", "Printer (Front desk)". Where figures
    of several halls are combined, a station is "HALL/STATION"; in a hall of several PCs "STATION@PC"."""
    lang = lang or current_language()
    hall, slash, own = station.partition("/")
    if slash:
        return _device_and_number(device_name(device, own, lang), hall, lang)
    own, pc = screens.split_station_and_pc(station)
    if pc:
        return name_with_pc(device_name(device, own, lang), pc, lang)
    kind = device_kind_word(device, lang)
    if device in STATIONS:
        return _device_kind_with_place(
            kind, station.removeprefix(device).removeprefix("-"), lang, of_window=device in _AT_WINDOW
        )
    if device in (BACKUP, CLOCK) or (device in (VOICE, ENGINE, PLAYER) and station == DISPLAY):
        return kind
    return _device_and_number(kind, device_place_name(station, lang), lang)


def is_device_kind_in_name(station: str) -> bool:
    """Whether a station's name contains its kind: "display-2" does, a kiosk's own "K1" does not."""
    return screens.split_station_and_pc(station)[0].partition("#")[0].partition("-")[0] in _DEVICES


def device_place_name(station: str, lang: str | None = None) -> str:
    """Return the place of a printer or voice: a station by its word, a kiosk by its own name."""
    lang = lang or current_language()
    own, pc = screens.split_station_and_pc(station)
    if pc:
        return name_with_pc(device_place_name(own, lang), pc, lang)
    name, sign, n = station.partition("#")
    code, _dash, rest = name.partition("-")
    if code == COUNTER and rest:
        there = tr(lang, "Window {window}", window=rest)
        return _device_and_number(there, n, lang) if n else there
    return _device_kind_with_place(device_kind_word(code, lang), f"{rest}{sign}{n}", lang, of_window=code in _AT_WINDOW)


def device_down_cause_words(cause: str | None, lang: str | None = None) -> str:
    """Return why a device is down; an unknown code unchanged, "" for one that works."""
    lang = lang or current_language()
    if (skew := skew_direction_and_minutes(cause)) is not None:
        way, minutes = skew
        span = minutes_in_largest_unit(minutes, lang)
        if way == "ahead":
            return tr(lang, "{span} ahead, please set it right", context="clock", span=span)
        return tr(lang, "{span} behind, please set it right", context="clock", span=span)
    return tr(lang, _CAUSES[cause], context="device") if cause in _CAUSES else cause or ""


def printer_advice(cause: str | None, lang: str | None = None) -> str:
    """Return what to do with a printer that is down, "" where nothing is known."""
    return tr(lang or current_language(), _ADVICE[cause]) if cause in _ADVICE else ""


def device_event_text(data: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what an event says of a device: "Display · no sign of life", "Kiosk K1 · works"."""
    lang = lang or current_language()
    works = tr(lang, "works", context="device")
    said = works if data["state"] == UP else device_down_cause_words(str(data["cause"]), lang)
    return f"{device_name(str(data['device']), str(data['station']), lang)} · {said}"


def _device_kind_with_place(kind: str, rest: str, lang: str, *, of_window: bool) -> str:
    """Return a kind with its window, its zone or its own name, and which of several it is: "#2" stands at the end."""
    name, _hash, n = rest.partition("#")
    if name:
        if of_window:
            kind = tr(lang, "{device} of window {window}", context="device", device=kind, window=name)
        else:
            kind = tr(lang, "{device} {name}", context="device", device=kind, name=name)
    return _device_and_number(kind, n, lang) if n else kind


def name_with_pc(name: str, pc: str, lang: str | None = None) -> str:
    """Return the name of a station, or one of its devices, at the PC `pc`: "Display on Door"; `name` alone where `pc`
    is ""."""
    return name if not pc else tr(lang or current_language(), "{name} on {pc}", context="device", name=name, pc=pc)


def _device_and_number(name: str, n: str, lang: str) -> str:
    return tr(lang, "{name} ({n})", context="device", name=name, n=n)


# The words for checking the hall's equipment before it opens: what is missing, what was found.


def checked_device_name(device: str, station: str, lang: str | None = None) -> str:
    """Return the name of a checked device; only its kind where none ever reported."""
    return device_name(device, station, lang) if station else device_kind_word(device, lang)


def device_check_lack_words(lack: str | None, cause: str | None, lang: str | None = None) -> str:
    """Return why a device does not count as checked: "not checked yet", "failed: no paper", "out of order: no sign of
    life"."""
    lang = lang or current_language()
    if lack is None:
        return tr(lang, "checked", context="check")
    if lack == device.FAILED:
        return tr(lang, "failed: {cause}", context="check", cause=device_finding_words(cause, lang))
    if lack == device.IS_DOWN:
        return tr(lang, "out of order: {cause}", context="check", cause=device_down_cause_words(cause, lang))
    return tr(lang, "not checked yet", context="check")


def device_finding_words(cause: str | None, lang: str | None = None) -> str:
    """Return what a person found wrong with a device: one of the ready answers, or their own words."""
    return reason_words(device_down_cause_words(cause, lang), lang)


def device_list_text_from_log_words(names: Iterable[str], lang: str | None = None) -> str:
    """Return devices, given by their words in the log, as a list in a sentence."""
    lang = lang or current_language()
    return list_text([checked_device_name(*device.device_and_station_of_log_name(name), lang) for name in names], lang)


def device_check_event_text(data: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what an event says of a check: "Display · checked", "Voice · failed: hoarse", "Printer (Front desk) ·
    tried"."""
    lang = lang or current_language()
    if "trial" in data:
        said = tr(lang, "tried", context="check")
    else:
        said = device_check_lack_words(None if data["passed"] else device.FAILED, data.get("cause"), lang)
    return f"{checked_device_name(str(data['device']), str(data['station']), lang)} · {said}"


def checks_missing_text(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a window that can't open yet."""
    missing = details["missing"]
    assert isinstance(missing, (list, tuple))
    return tr(
        lang,
        "Window {window} can't open yet; still to be checked: {devices}. Check them, or waive it with a reason.",
        window=details["window"],
        devices=device_list_text_from_log_words(missing, lang),
    )


def device_still_down_text(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a device that is down although somebody says it works."""
    return tr(
        lang,
        "{device} is known to be out of order ({cause}), so it can't pass; please have it fixed first.",
        device=checked_device_name(str(details["device"]), str(details["station"]), lang),
        cause=device_down_cause_words(str(details["cause"]), lang),
    )


def which_device_text(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a kind of which there are several."""
    stations = details["stations"]
    assert isinstance(stations, (list, tuple))
    return tr(
        lang,
        "There are several of them ({stations}); please name one with --station.",
        stations=list_text(stations, lang),
    )


def device_never_reported_text(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a device that never reported."""
    return tr(
        lang,
        "No {device} at {station} has ever reported; queuedesk device list shows them all.",
        device=device_kind_word(str(details["device"]), lang),
        station=details["station"],
    )


# -- the words for the voice: by what a call was said, how late, and why nobody heard it -----------------------------

_LINKS = {
    "clips": mark("recorded clips", context="voice"),
    "pyttsx3": mark("system voice", context="voice"),
    "espeak-ng": mark("espeak-ng", context="voice"),
    "chime": mark("chime alone", context="voice"),
    "none": mark("nothing", context="voice"),
}


def call_spoken_by_word(link: str | None, lang: str | None = None) -> str:
    """Return what a call was spoken by; an unknown link unchanged, "" where none has reported."""
    return tr(lang or current_language(), _LINKS[link], context="voice") if link in _LINKS else link or ""


def milliseconds_as_seconds_text(ms: int | None, lang: str | None = None) -> str:
    """Return a length with one decimal and its unit: "8.2 s", "" without one."""
    return tr(lang or current_language(), "{n} s", context="voice", n=f"{ms / 1000:.1f}") if ms is not None else ""


def silent_call_text(cause: str | None, lang: str | None = None) -> str:
    """Return why a call stayed silent: "silent: too many calls at once"."""
    lang = lang or current_language()
    why = device_down_cause_words(cause, lang)
    return tr(lang, "silent: {cause}", context="voice", cause=why) if why else tr(lang, "silent", context="voice")


# The words for what a hall notes beside its tickets: kinds of notes, where customers may be sent.

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
    "shop": mark("Shop", context="channel"),
    "online": mark("Online", context="channel"),
    "other_hall": mark("Another hall", context="channel"),
}


def day_note_kind_word(code: str, lang: str | None = None) -> str:
    """Return the word for a day note's kind; an unknown code unchanged."""
    return tr(lang or current_language(), _NOTES[code], context="day note") if code in _NOTES else code


def other_channels_sentence(channels: Sequence[str], lang: str | None = None) -> str:
    """Return in which other ways something can be done, "" without any."""
    lang = lang or current_language()
    ways = list_text([offered_channel_word(code, lang) for code in channels], lang)
    return tr(lang, "Also possible: {ways}", ways=ways) if channels else ""


def offered_channel_word(code: str, lang: str | None = None) -> str:
    """Return the word for a channel offered to customers; an unknown code unchanged."""
    return tr(lang or current_language(), _CHANNELS[code], context="channel") if code in _CHANNELS else code


# -- names of places in the hall, for messages and calls for help ----------------------------------------------------


def place_words(place: str, lang: str | None = None) -> str:
    """Return a place, or a message's address: "Window 3", "Front desk", "Kiosk 2", "Everybody"."""
    lang = lang or current_language()
    if place == hall_messages.ALL:
        return tr(lang, "Everybody", context="place")
    if place == hall_messages.CONSOLE:
        return tr(lang, "Command line", context="place")
    if place == hall_messages.PHONE:
        return tr(lang, "Customer's phone", context="place")
    window = hall_messages.window_of_place(place)
    if window is not None:
        return window_name(window, lang)
    # Only a kiosk has a name of its own without its kind before it, which says nothing to whoever is called there.
    return device_place_name(place, lang) if is_device_kind_in_name(place) else device_name(KIOSK, place, lang)
