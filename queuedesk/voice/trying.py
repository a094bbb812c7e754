"""Lets people hear how a call or notice will sound: the words, the voice, the sound as a file."""

import contextlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.voice import VoiceSpec
from queuedesk.core.talk.announcement import Announcement
from queuedesk.i18n import LANGUAGES
from queuedesk.paths import resource
from queuedesk.voice import sound
from queuedesk.voice.chain import Chain
from queuedesk.voice.engines import LinkName
from queuedesk.voice.phrases import phrase, shown_phrase, words_phrase
from queuedesk.voice.saying import AFTER_CHIME, BETWEEN
from queuedesk.voice.sound import Samples, Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a try; each mapping is by language, in the order in which they are spoken."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """As it is shown."""
    spoken: Mapping[str, str] = field(default_factory=dict)
    """As an engine is given it."""
    links: Mapping[str, LinkName] = field(default_factory=dict)
    """What spoke; a language that nothing speaks here is missing."""
    link: LinkName = "none"
    """The weakest link that was needed; "none" when nothing speaks."""
    sound_ms: int = 0
    """Length of the file; 0 when there is none."""


def try_call(
    spec: VoiceSpec,
    announcement: Announcement,
    minute: int,
    path: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    chain: Chain | None = None,
) -> Tried:
    """Write a call to `path` as it would sound at `minute` of the hall's day: the chime, then each language once.

    Takes up to some seconds where an engine hangs: for a thread beside the GUI's. `languages` are the hall's own, for a
    `spec` that names none. Nothing is written when nothing speaks. Raises OutsideError "cannot_write".
    """
    chosen = spec.languages or tuple(languages)
    words = Tried(
        texts={language: shown_phrase(announcement, language, spec) for language in chosen},
        spoken={language: phrase(announcement, language, spec) for language in chosen},
    )
    return _try(words, spec, minute, path, chain)


def try_words(
    spec: VoiceSpec,
    texts: Mapping[str, str],
    minute: int,
    path: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    chain: Chain | None = None,
) -> Tried:
    """Write a notice, given by language, to `path` as it would sound at `minute`; otherwise like `try_call`."""
    chosen = [language for language in spec.languages or tuple(languages) if texts.get(language)]
    words = Tried(
        texts={language: texts[language] for language in chosen},
        spoken={language: words_phrase(texts[language], language, spec) for language in chosen},
    )
    return _try(words, spec, minute, path, chain)


def _try(words: Tried, spec: VoiceSpec, minute: int, path: Path, chain: Chain | None) -> Tried:
    manner = spec.at(minute)
    links: dict[str, LinkName] = {}
    parts: list[Samples | Silence] = []
    with contextlib.ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="queuedesk-voice-")))
        if chain is None:
            chain = ends.enter_context(Chain())
            chain.available_languages()  # an engine that still starts is waited for
        for language, text in words.spoken.items():
            said = folder / f"{language}.wav"
            link = chain.synthesise(text, language, said, manner.speed_pct)
            if link is not None:
                with contextlib.suppress(OutsideError):  # what can't be read is as good as not spoken
                    parts += [sound.read(said), BETWEEN]
                    links[language] = link
        if not links:
            return words
        weakest = max(links.values(), key=chain.place)
    if spec.chime:
        with contextlib.suppress(OutsideError):
            parts = [sound.read(resource("sounds", "chime.wav")), AFTER_CHIME, *parts]
    length_s = sound.write(
        [part if isinstance(part, Silence) else sound.quieter(part, manner.volume_pct) for part in parts], path
    )
    return replace(words, links=links, link=weakest, sound_ms=round(length_s * 1000))
