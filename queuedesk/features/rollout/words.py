"""What is said of a PC's file: its faults, and what differs from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.talk.screen import all_stations
from queuedesk.features.rollout.rules import (
    ADDRESS,
    AT_LOGIN,
    LANGUAGE,
    PRINTER,
    SCREENS,
    STATION,
    WINDOW,
    FileFault,
    PcDifference,
)
from queuedesk.i18n import _, error_sentence, listing, mark, tr
from queuedesk.i18n.catalogue import ntr
from queuedesk.i18n.names import FeatureWords
from queuedesk.i18n.talk import device_kind_word


def _faults_text(lang: str, details: Mapping[str, object]) -> str:
    faults, path = details["faults"], details["path"]
    assert isinstance(faults, list)
    first = ntr(
        lang,
        "{n} thing in {path} can't be used; nothing was changed.",
        "{n} things in {path} can't be used; nothing was changed.",
        len(faults),
        path=path,
    )
    return "\n".join([first, *(_fault_text(lang, fault) for fault in faults)])


BAD_LINES = {
    "form": mark('this is no line of TOML; a line is such as station = "counter".'),
    "secret": mark("a code or password belongs in no file; the join code is typed at the PC."),
    "unknown_key": mark("there is no such key; there are {known}."),
    "text": mark('this has to be a text between quotation marks, such as "counter".'),
    "yes_no": mark("this has to be true or false."),
    "name": mark("this can't be a PC's name; \"{name}\" can."),
    "choice": mark("this has to be one of {known}."),
    "window": mark("a window goes with the station {known} only."),
    "opens_nothing": mark("without a station or a screen there is nothing to open."),
    "screens": mark("a screen begins with [[screens]] and has texts and numbers below."),
    "screen_twice": mark("screen {screen} is there already."),
}


def _fault_text(lang: str, fault: FileFault) -> str:
    problem = (
        error_sentence(fault.error, lang)
        if isinstance(fault.error, QueueDeskError)
        else tr(lang, BAD_LINES[fault.error.why], **_listed(lang, fault.error.details))
    )
    if not fault.line:
        return tr(lang, "{key}: {problem}", key=fault.key, problem=problem)
    if not fault.key:
        return tr(lang, "Line {line}: {problem}", line=fault.line, problem=problem)
    return tr(lang, "Line {line}, {key}: {problem}", line=fault.line, key=fault.key, problem=problem)


def _listed(lang: str, details: Mapping[str, Any]) -> dict[str, Any]:
    return {key: listing(value, lang) if isinstance(value, list) else value for key, value in details.items()}


WORDS = FeatureWords(
    refusals={
        "pc_file_faults": _faults_text,
        "pc_file_window_unknown": mark("The hall has no window {window}; it has {known}."),
        "pc_file_not_here": mark(
            "This PC joined as another kind: {station} does not open here. Make a join code for its kind."
        ),
    }
)


def differs_word(key: str) -> str:
    """Return what a key of the file is called."""
    part, _space, screen = key.partition(" ")
    if part == SCREENS:
        return _("Screen {number}", number=screen)
    return {
        ADDRESS: _("Main PC"),
        LANGUAGE: _("Language"),
        PRINTER: _("Printer"),
        STATION: _("Station", context="field"),
        WINDOW: _("Window", context="field"),
        AT_LOGIN: _("Opens at log-in"),
    }[key]


def difference_text(one: PcDifference) -> str:
    """Return a difference in one line."""
    what, now, wanted = differs_word(one.key), _in_words(one.now), _in_words(one.wanted)
    if not now:
        return _("{what}: {wanted}", what=what, wanted=wanted)
    if not wanted:
        return _("{what}: nothing in place of {now}", what=what, now=now)
    return _("{what}: {wanted} in place of {now}", what=what, wanted=wanted, now=now)


def differences_text(found: Sequence[PcDifference]) -> str:
    """Return differences in one sentence."""
    return listing([difference_text(one) for one in found])


def _in_words(value: str) -> str:
    """Return a value with the stations in it by their names."""
    parts = []
    for part in value.split(", "):
        first, blank, rest = part.partition(" ")
        station, dash, window = first.partition("-")
        if station in all_stations():
            first = f"{device_kind_word(station)} {window}" if dash else device_kind_word(station)
        elif part == SCREENS:
            first = _("Screens of this PC")
        parts.append(f"{first}{blank}{rest}")
    return ", ".join(parts)
