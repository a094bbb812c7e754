"""Replaces "window" and "ticket" in texts by the hall's own words, before fields are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

WINDOW, TICKET = "window", "ticket"

CHINESE = {"room": "诊室", "desk": "服务台", "counter": "柜台"}
"""Replacements of 窗口, by the hall's word for a window."""

HALL, BUSINESS_HALL = "服务厅", "营业厅"
"""The Chinese word for a hall, and that for a hall whose name has 营业厅: power, post and telecom halls do, clinics and
libraries do not."""

EVERY_WORDING = tuple((window, ticket) for window in (WINDOW, *CHINESE) for ticket in (TICKET, "number"))
"""All pairs of words for a window and a ticket."""

COMPUTER = frozenset(
    {
        "What the hall calls a window",
        "What the hall calls a ticket",
        "Close the window",
        "Close this window?",
        "Full window",
        "in a window",
        "The hall is shared now. This window opens again there.",
        "Windows can open.",
        "Who may read the hall's files is left to Windows and not checked.",
        "Windows cannot open here; libraries of the system may be missing.",
        "size of its window",
        "If this continues, close the window and open it again. This shows {time}.",
    }
)
"""Texts that stay: their windows are those of a computer or its system, or they ask for the word itself."""

CHOICES = "hall's word"
"""The context of the words to choose from, which also stay."""

AS_NUMBERS = {
    "The ticket becomes void; its number is not used again.": "The number becomes void and is not used again.",
    "The ticket is not called any more; its number is not used again.": "The number is neither called nor used again.",
    "The earlier ticket {ticket} is not found; please check its number and date.": (
        "The earlier number {ticket} is not found; please check it and its date."
    ),
    "No ticket of yours to print again; find it by its number": "No number of yours to print again; please look it up",
    "The newest tickets; type a number for any other": "The newest numbers; type any other",
    "Number of tickets": "How many numbers",
    "Ticket hours": "Hours for numbers",
    "One per line, named as customers call it. Ticket letters are assigned automatically.": (
        "One per line, named as customers call it. Letters are assigned automatically."
    ),
    "Type ticket by ticket as on the form, drop a table here, or paste cells into the table.": (
        "Type each number as on the form, drop a table here, or paste cells into the table."
    ),
    "There is no ticket {ticket} on {date}; please check the number.": (
        "There is no number {ticket} on {date}; please check it."
    ),
    "A window opens once voice, displays and ticket printers have been checked that day, or with a reason.": (
        "A window opens once voice, displays and slip printers have been checked that day, or with a reason."
    ),
    "To reprint a ticket, enter its number": "To reprint your slip, enter your number",
    "Ticket design": "Slip design",
}
"""Other sentences for English texts with both ticket and number, where tickets are called numbers."""

_PLACEHOLDERS = re.compile(r"(\{[^{}]*\})")
_ENGLISH_WORDS = {
    WINDOW: re.compile(r"(?<![\w-])(?:[Ww]indow|[Cc]ounter)(s?)(?![\w-])"),
    TICKET: re.compile(r"(?<![\w-])[Tt]icket(s?)(?![\w-])"),
}
_AT_ROOM = re.compile(r"\b(A|a)t (?=(?:(?:a|the|this|your|your own|the own|another|its) )?rooms?\b)")
# "Ticket number" is just "number" where tickets are called numbers.
_TICKET_NUMBER = (
    (re.compile(r"\b([Tt]ickets?)(?:'s|\u2019s)? numbers?\b"), r"\1"),
    (re.compile(r"\bthe number on (your|the|this) (ticket)\b"), r"\1 \2"),
    (re.compile(r"\bnumbered (tickets?)\b"), r"\1"),
)
# The paper itself is a slip there.
_TICKET_AS_PAPER = re.compile(
    r"\b(on(?: the| your| a| the earlier)?|displays?(?: and|,(?: kiosks and)?)|printed|sample|printer of) ticket(s?)\b",
    re.IGNORECASE,
)
# Longer phrases first; where the paper itself is meant the word becomes paper.
_NUMBER_SLIPS = (
    ("号票上的", "纸上的"),
    ("没有号票也", "没有纸也"),
    ("张号票", "个号"),
    (" 号票", " 号"),
    ("号票", "号码"),
    ("票号", "号码"),
    ("出票", "出号"),
)


@lru_cache(maxsize=4096)
def text_with_hall_words(lang: str, text: str, key: str, window: str, ticket: str) -> str:
    """Return `text` with the hall's own words for a window and a ticket; `key` is its English source. Call it before
    the placeholders are filled in."""
    if key in COMPUTER:
        return text
    if lang == "en" and ticket != TICKET:
        text = AS_NUMBERS.get(text, text)
        for pattern, shorter in _TICKET_NUMBER:
            text = pattern.sub(shorter, text)
        text = _TICKET_AS_PAPER.sub(r"\1 slip\2", text)
    parts = _PLACEHOLDERS.split(text)
    return "".join(
        part if i % 2 else _replace_window_and_ticket(lang, part, window, ticket) for i, part in enumerate(parts)
    )


def chinese_word_for_hall(name: str) -> str:
    """Return what Chinese texts call a hall with this Chinese name."""
    return BUSINESS_HALL if BUSINESS_HALL in name else HALL


def rows_with_hall_words(value: Any, window: str, ticket: str, *, field: str = "") -> Any:
    """Return a part of a set-up with its texts in the hall's words: English in fields that end in _en, Chinese in the
    others. Numbers, dates and flags stay."""
    if (window, ticket) == (WINDOW, TICKET):
        return value
    if isinstance(value, Mapping):
        return {key: rows_with_hall_words(inner, window, ticket, field=key) for key, inner in value.items()}
    if isinstance(value, str):
        return text_with_hall_words("en" if field.endswith("_en") else "zh_CN", value, value, window, ticket)
    if isinstance(value, list | tuple):
        return [rows_with_hall_words(inner, window, ticket, field=field) for inner in value]
    return value


def _replacement_of_matched_word(word: str, match: re.Match[str]) -> str:
    return _match_capital(match[0], word) + match[1]


def _replace_window_and_ticket(lang: str, text: str, window: str, ticket: str) -> str:
    if lang == "en":
        for word, other in ((WINDOW, window), (TICKET, ticket)):
            if other != word:
                text = _ENGLISH_WORDS[word].sub(partial(_replacement_of_matched_word, other), text)
        # One is served at a window, and in a room.
        return _AT_ROOM.sub(lambda match: _match_capital(match[0], "in") + " ", text) if window == "room" else text
    if window != WINDOW:
        text = text.replace("窗口", CHINESE[window])
    if ticket != TICKET:
        for usual, other in _NUMBER_SLIPS:
            text = text.replace(usual, other)
    return text


def _match_capital(original: str, word: str) -> str:
    return word.capitalize() if original[0].isupper() else word
