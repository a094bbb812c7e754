"""The words for the voice: by what a call was said, how late, and why nobody heard it."""

from __future__ import annotations

from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.talk.device_words import cause_words

_LINKS = {
    "clips": mark("recorded clips", context="voice"),
    "pyttsx3": mark("system voice", context="voice"),
    "espeak-ng": mark("espeak-ng", context="voice"),
    "chime": mark("chime alone", context="voice"),
    "none": mark("nothing", context="voice"),
}


def link_word(link: str | None, lang: str | None = None) -> str:
    """Return by what a call was said; a link without a word as it is, "" where none has reported."""
    return tr(lang or current(), _LINKS[link], context="voice") if link in _LINKS else link or ""


def seconds_text(ms: int | None, lang: str | None = None) -> str:
    """Return a length with one decimal and its unit: "8.2 s", "" of none."""
    return tr(lang or current(), "{n} s", context="voice", n=f"{ms / 1000:.1f}") if ms is not None else ""


def silence_text(cause: str | None, lang: str | None = None) -> str:
    """Return why a call stayed silent: "silent: too many calls at once"."""
    lang = lang or current()
    why = cause_words(cause, lang)
    return tr(lang, "silent: {cause}", context="voice", cause=why) if why else tr(lang, "silent", context="voice")
