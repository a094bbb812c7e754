"""Lets people hear how a call will sound, and says which words must be recorded for it."""

import contextlib
import re
import string
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.voice import VoiceSpec
from queuedesk.core.talk.announcement import Announcement, call_parts, hall_in
from queuedesk.i18n import LANGUAGES, tr
from queuedesk.paths import resource
from queuedesk.voice import sound
from queuedesk.voice.engine_process import Chain
from queuedesk.voice.engines import ENDING, LinkName, joined, recordings, units
from queuedesk.voice.phrases import is_chinese, others_phrase, phrase, shown_phrase, words_phrase
from queuedesk.voice.saying import AFTER_CHIME, BETWEEN
from queuedesk.voice.sound import Samples, Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The result of a try; each mapping is by language, in the order spoken."""

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

    Takes some seconds if an engine hangs: don't call it on the GUI thread. `languages` are the hall's own, for a `spec`
    that names none. Nothing is written if nothing speaks. Raises OutsideError "cannot_write".
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
                with contextlib.suppress(OutsideError):  # an unreadable sound counts as not spoken
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


# -- which words a hall must record so that all its calls can be joined from them ------------------------------------

_FIELD = re.compile(r"\{[^{}]*\}")
_PAUSE = re.compile("[,.;:!?，。；：！？、]+")
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_LONGEST_NAME = 60
_ENGLISH_NUMBERS = (*range(21), *range(30, 100, 10))
_CHINESE_NUMBERS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百")
_YAO = "幺"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipsFound:
    """How complete a folder is in one language."""

    there: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Names of which neither a recording nor parts to join it of are there."""
    unreadable: tuple[str, ...] = ()
    """Files that are no wav of a kind that can be played."""


def clip_names(language: str, spec: VoiceSpec, calls: Iterable[Announcement] = ()) -> tuple[str, ...]:
    """Return the names of the recordings that all calls need; a name is what the recording says. `calls` are one for
    each window: their names and directions are recorded whole. Digits and letters serve every number."""
    texts = [
        tr(language, "Ticket {ticket}, please go to window {window}.", context="spoken", ticket="{}", window="{}"),
        tr(language, "Ticket {ticket}, please go to {window}.", context="spoken", ticket="{}", window="{}"),
        tr(language, "Ticket {ticket}, the screen shows you the way.", context="spoken", ticket="{}"),
        tr(language, "{ticket}, window {window}", context="spoken", ticket="{}", window="{}"),
        others_phrase(language),
        *(template.get(language, "") for template in (spec.call, spec.recall)),
    ]
    for call in calls:
        parts = call_parts(call, chinese=is_chinese(language))
        texts += [parts.zone, "" if parts.is_numbered else parts.window]
        if any("{hall}" in text for text in texts):
            texts.append(hall_in(call, chinese=is_chinese(language)))
    names = [piece for text in texts for field in _FIELD.split(text) for piece in _PAUSE.split(field)]
    counted = _CHINESE_NUMBERS if is_chinese(language) else tuple(str(n) for n in _ENGLISH_NUMBERS)
    names += [*counted, *((_YAO,) if spec.yao and is_chinese(language) else ()), *string.ascii_uppercase]
    found: dict[tuple[str, ...], str] = {}
    for name in names:
        if units(name):
            found.setdefault(units(name), _NOT_IN_A_NAME.sub(" ", " ".join(name.split()))[:_LONGEST_NAME].strip())
    return tuple(found.values())


def look_over(folder: Path, language: str, spec: VoiceSpec, calls: Sequence[Announcement] = ()) -> ClipsFound:
    """Return which recordings in a language a folder has and lacks."""
    files = recordings(folder / language)
    there: list[str] = []
    missing: list[str] = []
    for name in clip_names(language, spec, calls):
        (there if _is_there(name, files, language) else missing).append(name)
    return ClipsFound(there=tuple(there), missing=tuple(missing), unreadable=tuple(_unreadable(files)))


def write_starter(
    folder: Path, languages: Sequence[str], spec: VoiceSpec, calls: Sequence[Announcement], chain: Chain
) -> dict[str, int]:
    """Write the missing recordings of each language, spoken by an engine; return how many by language.

    An existing file is never overwritten: it may be somebody's voice. Raises OutsideError "voice_silent",
    "cannot_write".
    """
    written = {}
    with tempfile.TemporaryDirectory(prefix="queuedesk-voice-") as place:
        said = Path(place) / "said.wav"
        for language in languages:
            target = folder / language
            try:
                target.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutsideError("cannot_write", path=str(target)) from error
            names = look_over(folder, language, spec, calls).missing
            for name in names:
                if chain.synthesise(name, language, said) is None:
                    raise OutsideError("voice_silent", language=language)
                sound.write([sound.trimmed(sound.read(said))], target / f"{name}{ENDING}")
            written[language] = len(names)
    return written


def _is_there(name: str, files: Mapping[tuple[str, ...], Path], language: str) -> bool:
    with contextlib.suppress(OutsideError):
        return bool(list(joined(units(name), files, language)))
    return False


def _unreadable(files: Mapping[tuple[str, ...], Path]) -> Iterable[str]:
    for file in files.values():
        try:
            sound.read(file)
        except OutsideError:
            yield file.name
