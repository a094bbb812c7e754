"""The words for the hall's equipment: what a device is called, and why it does not work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core.log.clocks import told_skew
from queuedesk.core.talk.device import BACKUP, CLOCK, DISPLAY, ENGINE, PLAYER, STATIONS, UP, VOICE
from queuedesk.core.talk.screen import apart
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import span_text

_DEVICES = {
    "display": mark("Display", context="device"),
    "kiosk": mark("Kiosk", context="device"),
    "plate": mark("Window plate", context="device"),
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
    "printer_refused": mark("takes no job", context="device"),
    "no_printer": mark("not found by the system", context="device"),
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
    "backup_none": mark("no proven one yet", context="device"),
    "backup_old": mark("the last good one is older than two days", context="device"),
    "crashed": mark("ended by a fault", context="device"),
    "died": mark("ended by itself and was replaced", context="device"),
    "hung": mark("did not react and was started again", context="device"),
}
COUNTER = "counter"
_AT_WINDOW = ("plate", "rating")


def device_kind(code: str, lang: str | None = None) -> str:
    """Return the word of a kind of device; a code without one as it is."""
    return tr(lang or current(), _DEVICES[code], context="device") if code in _DEVICES else code


def device_name(device: str, station: str, lang: str | None = None) -> str:
    """Return what a device is called: "Display", "Kiosk K1", "Rating screen of window 3", "Printer (Front desk)".

    Where figures of several halls stand together, a station is "HALL/STATION"; in a hall of several PCs "STATION@PC".
    """
    lang = lang or current()
    hall, slash, own = station.partition("/")
    if slash:
        return _numbered(device_name(device, own, lang), hall, lang)
    own, pc = apart(station)
    if pc:
        return of_pc(device_name(device, own, lang), pc, lang)
    kind = device_kind(device, lang)
    if device in STATIONS:
        return _station_name(kind, station.removeprefix(device).removeprefix("-"), lang, of_window=device in _AT_WINDOW)
    if device in (BACKUP, CLOCK) or (device in (VOICE, ENGINE, PLAYER) and station == DISPLAY):
        return kind
    return _numbered(kind, place_name(station, lang), lang)


def is_kind_named(station: str) -> bool:
    """Whether a station's name says what kind it is: "display-2" does, a kiosk's own "K1" does not."""
    return _kind_of(station) in _DEVICES


def place_name(station: str, lang: str | None = None) -> str:
    """Return where a printer or voice is: a station by its word, a kiosk by its own name."""
    lang = lang or current()
    own, pc = apart(station)
    if pc:
        return of_pc(place_name(own, lang), pc, lang)
    name, sign, n = station.partition("#")
    code, _dash, rest = name.partition("-")
    if code == COUNTER and rest:
        there = tr(lang, "Window {window}", window=rest)
        return _numbered(there, n, lang) if n else there
    return _station_name(device_kind(code, lang), f"{rest}{sign}{n}", lang, of_window=code in _AT_WINDOW)


def cause_words(cause: str | None, lang: str | None = None) -> str:
    """Return why a device is down; a code without words as it is, "" of one that works."""
    lang = lang or current()
    if (skew := told_skew(cause)) is not None:
        way, minutes = skew
        span = span_text(minutes, lang)
        if way == "ahead":
            return tr(lang, "{span} ahead, please set it right", context="clock", span=span)
        return tr(lang, "{span} behind, please set it right", context="clock", span=span)
    return tr(lang, _CAUSES[cause], context="device") if cause in _CAUSES else cause or ""


def device_event(data: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what an event tells of a device: "Display · no sign of life", "Kiosk K1 · works"."""
    lang = lang or current()
    works = tr(lang, "works", context="device")
    said = works if data["state"] == UP else cause_words(str(data["cause"]), lang)
    return f"{device_name(str(data['device']), str(data['station']), lang)} · {said}"


def _kind_of(station: str) -> str:
    return apart(station)[0].partition("#")[0].partition("-")[0]


def _station_name(kind: str, rest: str, lang: str, *, of_window: bool) -> str:
    """Return a kind with its window, its zone or its own name, and which of several it is: "#2" stands at the end."""
    name, _hash, n = rest.partition("#")
    if name:
        if of_window:
            kind = tr(lang, "{device} of window {window}", context="device", device=kind, window=name)
        else:
            kind = tr(lang, "{device} {name}", context="device", device=kind, name=name)
    return _numbered(kind, n, lang) if n else kind


def of_pc(name: str, pc: str, lang: str | None = None) -> str:
    """Return what a station of the PC called `pc`, or a device of it, is called: "Display on Door"; `name` alone where
    `pc` is ""."""
    return name if not pc else tr(lang or current(), "{name} on {pc}", context="device", name=name, pc=pc)


def _numbered(name: str, n: str, lang: str) -> str:
    return tr(lang, "{name} ({n})", context="device", name=name, n=n)
