"""Finds texts by their English source string, in the language of the process.

A compiled catalogue's texts are found in its bytes when they are asked for."""

import gettext
import locale
import os
import struct
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from queuedesk.core.setup.hall_words import CHOICES, HALL, TICKET, WINDOW, chinese_word_for_hall, text_with_hall_words
from queuedesk.paths import resource_path

MAGIC = 0x950412DE
HEAD = struct.Struct("<7I")
PLACE = struct.Struct("<II")
PLURAL_FORMS = "plural-forms:"


class CompiledCatalogue(gettext.NullTranslations):
    """The catalogue of one language, as scripts/build_texts.py compiles it. From any thread. Python's own reader takes
    apart all of it: a window shows a few hundred of several thousand texts, and would start a hundredth of a second
    later for the others and hold them for days. Their ids are sorted, as the format wants them."""

    def __init__(self, content: bytes) -> None:
        """Raises ValueError, struct.error for what is no catalogue, or not a whole one."""
        super().__init__()
        magic, _revision, self._count, self._ids_at, self._texts_at, *_hashes = HEAD.unpack_from(content)
        if magic != MAGIC:
            raise ValueError("no compiled catalogue")
        self._content = content
        size, at = PLACE.unpack_from(content, self._texts_at + 8 * (self._count - 1))
        if len(content) < at + size:
            raise ValueError("not a whole catalogue")
        self._found: dict[str, str | None] = {}
        self._which = self._plural_rule()

    def gettext(self, message: str) -> str:
        found = self._translation_of(message)
        return message if found is None else found.partition("\0")[0]

    def pgettext(self, context: str, message: str) -> str:
        found = self._translation_of(f"{context}\4{message}")
        return message if found is None else found.partition("\0")[0]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._translation_for_count(msgid1, msgid1, msgid2, n)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self._translation_for_count(f"{context}\4{msgid1}", msgid1, msgid2, n)

    def _translation_for_count(self, id: str, one: str, many: str, n: int) -> str:
        found = self._translation_of(id)
        return (one if n == 1 else many) if found is None else found.split("\0")[self._which(n)]

    def _translation_of(self, id: str) -> str | None:
        """Return the translated forms behind an id, None if it has none. The plural in an id is no part of it."""
        try:
            return self._found[id]
        except KeyError:
            wanted = id.encode()
            place = bisect_left(range(self._count), wanted, key=self._id_at)
            is_there = place < self._count and self._id_at(place).partition(b"\0")[0] == wanted
            text = self._bytes_at(self._texts_at, place).decode(errors="replace") if is_there else None
            self._found[id] = text
            return text

    def _id_at(self, place: int) -> bytes:
        return self._bytes_at(self._ids_at, place)

    def _bytes_at(self, table: int, place: int) -> bytes:
        size, at = PLACE.unpack_from(self._content, table + 8 * place)
        return self._content[at : at + size]

    def _plural_rule(self) -> Callable[[int], int]:
        for line in (self._translation_of("") or "").splitlines():
            if line.lower().startswith(PLURAL_FORMS):
                rule: Callable[[int], int] = gettext.c2py(line.rpartition("plural=")[2].rstrip(";"))
                return rule
        raise ValueError("no rule for plurals")


LANGUAGES = ("zh_CN", "en")
"""Every language the program speaks; texts that nobody has asked for in a language are in the first."""

UNSAID_LANGUAGE = "en"
"""The language where neither the command line, this PC nor its system names one."""

_NO_LANGUAGE = ("", "c", "posix")
"""What a system says, before the dot of its character set, that nobody has given a language."""

_language = LANGUAGES[0]
_is_guessed = False
_words = (WINDOW, TICKET)
_hall = HALL


def choose_language(lang: str) -> None:
    """Make `lang` the language of this process from the next text on. Raises ValueError: `lang` is not one of
    LANGUAGES."""
    global _language, _is_guessed  # the language belongs to the process
    if lang not in LANGUAGES:
        raise ValueError(f"no texts in {lang!r}")
    _language, _is_guessed = lang, False


def use_fallback_language() -> None:
    """Use UNSAID_LANGUAGE until a hall says its own: nothing on this PC names a language."""
    global _is_guessed  # noqa: PLW0603  # as above
    choose_language(UNSAID_LANGUAGE)
    _is_guessed = True


def is_language_guessed() -> bool:
    return _is_guessed


def current_language() -> str:
    """Return the language of this process, one of LANGUAGES."""
    return _language


def use_hall_words(window: str = WINDOW, ticket: str = TICKET, *, hall: str = "") -> None:
    """Use the hall's words for windows and tickets (WORDS of core/setup/hall.py) in every text of this process from now
    on, and in Chinese ones that of its name `hall` for itself."""
    global _words, _hall  # the hall belongs to the process
    _words, _hall = (window, ticket), chinese_word_for_hall(hall)


def current_hall_words() -> tuple[str, str]:
    """Return this process's words for a window and a ticket."""
    return _words


@contextmanager
def using_hall_words(window: str, ticket: str) -> Iterator[None]:
    """Use another hall's words for windows and tickets meanwhile."""
    global _words  # noqa: PLW0603  # as above
    before, _words = _words, (window, ticket)
    try:
        yield
    finally:
        _words = before


@contextmanager
def using_language(lang: str) -> Iterator[None]:
    """Use another language meanwhile."""
    global _language  # noqa: PLW0603  # as above
    before, _language = _language, lang
    try:
        yield
    finally:
        _language = before


def are_hall_words(window: str, ticket: str, *, hall: str) -> bool:
    """Return whether these are the words that use_hall_words() was given last."""
    return _words == (window, ticket) and _hall == chinese_word_for_hall(hall)


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
    """Return `text` in the current language with its named fields filled in. `text` is a literal, never built from
    parts: scripts/build_texts.py finds it by reading the source. `context` tells two Chinese meanings of one English
    text apart and is never shown."""
    return tr(_language, text, context=context, **fields)


def n_(one: str, many: str, n: int, /, *, context: str = "", **fields: object) -> str:
    """Return `one` or `many` in the current language, with `{n}` filled in."""
    return ntr(_language, one, many, n, context=context, **fields)


def tr(lang: str, text: str, /, *, context: str = "", **fields: object) -> str:
    """Return `text` in `lang`; like `_`, from any thread, for what is spoken or printed in two languages."""
    found = _load_translations(lang).pgettext(context, text) if context else _load_translations(lang).gettext(text)
    return (found if context == CHOICES else hall_worded_text(lang, found, text)).format(**fields)


def ntr(lang: str, one: str, many: str, n: int, /, *, context: str = "", **fields: object) -> str:
    """Return `one` or `many` in `lang`; like `n_`, from any thread."""
    texts = _load_translations(lang)
    found = texts.npgettext(context, one, many, n) if context else texts.ngettext(one, many, n)
    return hall_worded_text(lang, found, one).format(n=n, **fields)


def hall_worded_text(lang: str, found: str, key: str) -> str:
    """Return a text in `lang` with this process's words of the hall; `key` is its English source."""
    words, hall = _words, _hall
    if hall != HALL and lang == "zh_CN":
        found = found.replace(HALL, hall)
    return found if words == (WINDOW, TICKET) else text_with_hall_words(lang, found, key, *words)


def mark(text: str, *, context: str = "") -> str:
    """Return `text` unchanged: marks a text of a table that goes through `tr` (same context) when it is shown."""
    return text


@lru_cache(maxsize=len(LANGUAGES))
def _load_translations(lang: str) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    try:
        return CompiledCatalogue(resource_path("locale", lang, "LC_MESSAGES", "queuedesk.mo").read_bytes())
    except (OSError, ValueError, struct.error):
        return gettext.NullTranslations()  # Without its catalogue the program goes on in English; doctor says why.
