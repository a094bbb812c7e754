"""Finds texts by their English source string, in the language of the process."""

import gettext
import locale
import os
import re
import struct
from collections.abc import Mapping
from functools import lru_cache, partial

from queuedesk.paths import resource

# -- replaces "window" and "ticket" in texts by the hall's own words, before fields are filled -----------------------

WINDOW, TICKET = "window", "ticket"

CHINESE = {"room": "诊室", "desk": "席位", "counter": "柜台"}
"""What stands for 窗口 in a hall with these."""

COMPUTER = frozenset(
    {
        "Window (usual)",
        "Ticket (usual)",
        "What the hall calls a window",
        "What the hall calls a ticket",
        "Close the window",
        "Close this window?",
        "Full window",
        "Windows can open.",
        "Windows cannot open here; libraries of the system may be missing.",
        "size of its window",
        "If this stays, close the window and open it again. This shows {time}.",
    }
)
"""Texts whose windows are those of a computer, and the usual words as what is renamed: they stay."""

AS_NUMBERS = {
    "The ticket becomes void; its number is not used again.": "The number becomes void and is not used again.",
    "The ticket is not called any more; its number is not used again.": "The number is neither called nor used again.",
    "The earlier ticket {ticket} is not found; please check its number and date.": (
        "The earlier number {ticket} is not found; please check it and its date."
    ),
    "No ticket of yours to print again; find it by its number": "No number of yours to print again; please look it up",
    "The newest tickets; type a number for any other": "The newest numbers; type any other",
    "Number of tickets": "How many numbers",
    "Or hold the code on your ticket": "Or hold the code on your slip",
    "Or hold the code on your ticket in front of the scanner": "Or hold the code on your slip in front of the scanner",
}
"""English texts that say ticket and number already: where tickets are called numbers they are other sentences."""

_FIELDS = re.compile(r"(\{[^{}]*\})")
_ENGLISH = {
    WINDOW: re.compile(r"(?<![\w-])[Ww]indow(s?)(?![\w-])"),
    TICKET: re.compile(r"(?<![\w-])[Tt]icket(s?)(?![\w-])"),
}
_AT_A_ROOM = re.compile(r"\b(A|a)t (?=(?:(?:a|the|this|your|your own|the own|another|its) )?rooms?\b)")
# A ticket's number is the number itself where tickets are called numbers.
_ITS_NUMBER = (
    (re.compile(r"\b([Tt]ickets?)(?:'s|\u2019s)? numbers?\b"), r"\1"),
    (re.compile(r"\bthe number on (your|the|this) (ticket)\b"), r"\1 \2"),
    (re.compile(r"\bnumbered (tickets?)\b"), r"\1"),
)
# The longer ones first; where the paper itself is meant it becomes paper.
_NUMBER_SLIPS = (
    ("号票上的", "纸上的"),
    ("没有号票也", "没有纸也"),
    ("张号票", "张号"),
    (" 号票", " 号"),
    ("号票", "号码"),
    ("票号", "号码"),
    ("出票", "出号"),
)


@lru_cache(maxsize=4096)
def renamed(lang: str, text: str, key: str, window: str, ticket: str) -> str:
    """Return `text` with the hall's own words for a window and a ticket; `key` is the English source, `text` not yet
    filled in."""
    if key in COMPUTER:
        return text
    if lang == "en" and ticket != TICKET:
        text = AS_NUMBERS.get(text, text)
        for pattern, shorter in _ITS_NUMBER:
            text = pattern.sub(shorter, text)
    parts = _FIELDS.split(text)
    return "".join(part if i % 2 else _said(lang, part, window, ticket) for i, part in enumerate(parts))


def _instead(other: str, found: re.Match[str]) -> str:
    return _like(found[0], other) + found[1]


def _said(lang: str, text: str, window: str, ticket: str) -> str:
    if lang == "en":
        for word, other in ((WINDOW, window), (TICKET, ticket)):
            if other != word:
                text = _ENGLISH[word].sub(partial(_instead, other), text)
        # One is served at a window, and in a room.
        return _AT_A_ROOM.sub(lambda found: _like(found[0], "in") + " ", text) if window == "room" else text
    if window != WINDOW:
        text = text.replace("窗口", CHINESE[window])
    if ticket != TICKET:
        for said, other in _NUMBER_SLIPS:
            text = text.replace(said, other)
    return text


def _like(found: str, word: str) -> str:
    """Return `word` with a capital where what was found has one."""
    return word.capitalize() if found[0].isupper() else word


LANGUAGES = ("zh_CN", "en")
"""Every language the program speaks; the first is the one taken where nothing else is known."""

_NO_LANGUAGE = ("", "c", "posix")
"""What a system says, before the dot of its character set, that nobody has given a language."""

_language = LANGUAGES[0]
_words = (WINDOW, TICKET)


def use(lang: str) -> None:
    """Make `lang` the language of this process from the next text on.

    Raises:
        ValueError: `lang` is not one of LANGUAGES.
    """
    global _language  # noqa: PLW0603  # the language belongs to the process
    if lang not in LANGUAGES:
        raise ValueError(f"no texts in {lang!r}")
    _language = lang


def current() -> str:
    """Return the language of this process, one of LANGUAGES."""
    return _language


def use_words(window: str = WINDOW, ticket: str = TICKET) -> None:
    """Use the hall's words for windows and tickets (WORDS of core/setup/rows.py) in every text of this process from now
    on."""
    global _words  # noqa: PLW0603  # the hall belongs to the process
    _words = (window, ticket)


def current_words() -> tuple[str, str]:
    """Return this process's words for a window and a ticket."""
    return _words


def system_language(environ: Mapping[str, str] = os.environ) -> str:
    """Return the language of this PC's system, English for one that the program does not speak; "" if it says none."""
    name = next((environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(key)), "")
    if not name and os.name == "nt":
        name = locale.getlocale()[0] or ""
    language = name.partition(".")[0].lower()
    if language in _NO_LANGUAGE:
        return ""
    if language.startswith("chinese"):  # as Windows says it
        return "zh_CN"
    return next((one for one in LANGUAGES if language.startswith(one.partition("_")[0])), "en")


def _(text: str, /, *, context: str = "", **fields: object) -> str:
    """Return `text` in the current language with its named fields filled in.

    `text` is a literal, never built from parts: scripts/build_texts.py finds it by reading the source. `context` tells
    two Chinese meanings of one English text apart and is never shown.
    """
    return tr(_language, text, context=context, **fields)


def n_(one: str, many: str, n: int, /, *, context: str = "", **fields: object) -> str:
    """Return `one` or `many` in the current language, with `{n}` filled in."""
    return ntr(_language, one, many, n, context=context, **fields)


def tr(lang: str, text: str, /, *, context: str = "", **fields: object) -> str:
    """Return `text` in `lang`; like `_`, from any thread, for what is spoken or printed in two languages."""
    found = _texts(lang).pgettext(context, text) if context else _texts(lang).gettext(text)
    return _in_words(lang, found, text).format(**fields)


def ntr(lang: str, one: str, many: str, n: int, /, *, context: str = "", **fields: object) -> str:
    """Return `one` or `many` in `lang`; like `n_`, from any thread."""
    texts = _texts(lang)
    found = texts.npgettext(context, one, many, n) if context else texts.ngettext(one, many, n)
    return _in_words(lang, found, one).format(n=n, **fields)


def _in_words(lang: str, found: str, key: str) -> str:
    words = _words
    return found if words == (WINDOW, TICKET) else renamed(lang, found, key, *words)


def mark(text: str, *, context: str = "") -> str:
    """Return `text` unchanged: marks a text of a table that goes through `tr` (same context) when it is shown."""
    return text


@lru_cache(maxsize=len(LANGUAGES))
def _texts(lang: str) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    try:
        with resource("locale", lang, "LC_MESSAGES", "queuedesk.mo").open("rb") as compiled:
            return gettext.GNUTranslations(compiled)
    except (OSError, ValueError, struct.error):
        return gettext.NullTranslations()  # Without its catalogue the program goes on in English; doctor says why.
