"""Chooses an engine's voice for each language."""

from collections.abc import Iterable
from dataclasses import dataclass

from queuedesk.i18n import LANGUAGES

ESPEAK_VOICES = {"zh_CN": "sit/cmn-latn-pinyin", "en": "gmw/en"}
"""espeak-ng's own names. Its voice "cmn" (also given for "zh") spells out pinyin and tone numbers in English
letters."""

_PREFERRED_TAGS = {"zh_CN": ("zh-cn", "zh-hans-cn"), "en": ("en-us", "en-gb", "en")}


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as its engine lists it; `tags` are language tags such as "zh_CN" or "en-us"."""

    id: str
    tags: tuple[str, ...] = ()


def choose_voice(language: str, voices: Iterable[Voice]) -> str | None:
    """Return the id of the voice that speaks `language`, or None when there is none that does it rightly."""
    offered = list(voices)
    for voice in offered:
        if voice.id.lower() == ESPEAK_VOICES[language]:
            return voice.id
    # Other engines are chosen by tag; espeak-ng's remaining Chinese voices carry none of these.
    for wanted in _PREFERRED_TAGS[language]:
        for voice in offered:
            if wanted in {tag.lower().replace("_", "-") for tag in voice.tags}:
                return voice.id
    return None


def languages_of(voices: Iterable[Voice]) -> tuple[str, ...]:
    """Return the program's languages that `voices` can speak."""
    offered = list(voices)
    return tuple(language for language in LANGUAGES if choose_voice(language, offered))


def is_espeak(voices: Iterable[Voice]) -> bool:
    """Return whether `voices` are those of espeak-ng."""
    return any(voice.id.lower() in ESPEAK_VOICES.values() for voice in voices)
