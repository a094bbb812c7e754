"""Announced calls: the parts of their sentences in each language, and whether they were shown and heard."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec import Struct

DIGIT_NAMES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_RUNS = re.compile(r"[A-Za-z]+|[0-9]+|[^\W_A-Za-z0-9]+")
_LABEL = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,3}[0-9]{2,4}(?![A-Za-z0-9])")
_HALF_WIDTH = str.maketrans(
    dict(zip("，、；：。！？（）", (", ", ", ", "; ", ", ", ". ", "! ", "? ", ", ", ", "), strict=True))
)
_LONGEST_ABBREVIATION = 3


class Announcement(Struct, frozen=True):
    """One call or recall of a ticket to a window."""

    seq: int
    """The call's place in the hall's log."""
    ticket: str
    window: str
    """Number or name, as on the sign above the window."""
    zone: str | None
    """The way to the window in the hall's own language, as in "left, area A"."""
    recall: int
    """0 for the call itself, 1 for the first recall, and so on."""
    time: datetime
    """When it was called, UTC."""
    zone_en: str | None = None
    hall: str = ""
    """The hall's own name, for templates that say it."""
    hall_en: str = ""


class SpokenCallParts(Struct, frozen=True):
    """The parts of a call's sentence in one language, in the form that a speech engine reads correctly."""

    ticket: str
    window: str
    """Empty when the window's name can't be spoken in this language."""
    is_numbered: bool
    """Whether `window` is a number or a short code ("window 3") and no name ("Cashier")."""
    zone: str
    """Empty when the window has none in this language."""


def spoken_ticket(label: str, digit_names: tuple[str, ...] = DIGIT_NAMES) -> str:
    """Return a ticket's label spelled out: "B031" gives "B, 0 3 1". Letters are separated by commas, or an engine reads
    "A" as an article and "VIP" as a word; digits by spaces, or "017" becomes seventeen."""
    runs: list[str] = []
    for run in _RUNS.findall(label):
        if run.isdecimal():
            runs.append(" ".join(digit_names[int(digit)] for digit in run))
        elif run.isascii():
            runs.extend(run.upper())
        else:
            runs.append(run)
    return ", ".join(runs)


def spoken_window(window: str) -> str:
    """Return a window's number or name for speech: "12" stays a number, "A12" gives "A, 12", names stay words."""
    if not _is_number_or_short_code(window):
        return " ".join(window.split())
    return ", ".join(part for run in _RUNS.findall(window) for part in (list(run) if run.isupper() else [run]))


def spoken_directions(zone: str) -> str:
    """Return directions for speech: letters apart from Chinese, no full stop, no lone "A" before a word."""
    text = re.sub(r"\b([A-Z])(?= [A-Za-z])", r"\1,", space_chinese_from_latin(zone))
    return " ".join(text.split()).strip(" ,.;，。；、")


def space_chinese_from_latin(text: str) -> str:
    """Return `text` with spaces between Chinese and letters or digits, which an engine would run together."""
    return re.sub(f"(?<=[{_HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[{_HAN}])", " ", text)


def text_for_speech(text: str, digit_names: tuple[str, ...] = DIGIT_NAMES) -> str:
    """Return a sentence in the form that an engine reads correctly: half-width pauses, ticket numbers spelled out."""
    text = text.translate(_HALF_WIDTH)
    text = _LABEL.sub(lambda label: f" {spoken_ticket(label[0], digit_names)} ", text)
    return " ".join(space_chinese_from_latin(text).split())


def has_chinese(text: str) -> bool:
    # Not a pattern: with 27,000 characters it takes 1.5 ms to compile.
    return any("\u3400" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff" for sign in text)


def directions_in_language(announcement: Announcement, *, chinese: bool) -> str:
    """Return the directions in Chinese, or in letters that an English voice can read; "" without any."""
    if chinese:
        return announcement.zone or ""
    if announcement.zone_en:
        return announcement.zone_en
    return "" if has_chinese(announcement.zone or "") else announcement.zone or ""


def hall_name_in_language(announcement: Announcement, *, chinese: bool) -> str:
    """Return the hall's name in Chinese, or in letters that an English voice can read; "" without one."""
    if chinese:
        return announcement.hall
    if announcement.hall_en:
        return announcement.hall_en
    return "" if has_chinese(announcement.hall) else announcement.hall


def spoken_call_parts(
    announcement: Announcement, *, chinese: bool, digit_names: tuple[str, ...] = DIGIT_NAMES
) -> SpokenCallParts:
    """Return the parts of a call as an engine gets them; `digit_names` are the ten digits in its language."""
    window = announcement.window.strip()
    is_readable = chinese or not has_chinese(window)
    return SpokenCallParts(
        ticket=spoken_ticket(announcement.ticket, digit_names),
        window=spoken_window(window) if is_readable else "",
        is_numbered=_is_number_or_short_code(window),
        zone=spoken_directions(directions_in_language(announcement, chinese=chinese)),
    )


def _is_number_or_short_code(window: str) -> bool:
    runs = _RUNS.findall(window)
    return bool(runs) and all(
        run.isdecimal() or (run.isascii() and run.isupper() and len(run) <= _LONGEST_ABBREVIATION) for run in runs
    )


# -- announcement outcomes -------------------------------------------------------------------------------------------

SILENT = "none"
"""The link of a voice that tried and failed."""


class AnnouncementRecord(Struct, frozen=True, kw_only=True):
    """A call, recall or spoken notice of the log: `station` is the voice that tried, None where none has reported.
    `text` took `sound_ms` to say, starting `delay_ms` after the picture; `cause` is why a voice stayed silent (`link`
    "none")."""

    seq: int
    kind: str
    time: datetime
    ticket: str | None
    window: str | None
    shown: datetime | None = None
    spoken: datetime | None = None
    station: str | None = None
    link: str | None = None
    text: str | None = None
    sound_ms: int | None = None
    delay_ms: int | None = None
    cause: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether a voice tried and failed."""
        return self.spoken is None and self.link == SILENT
