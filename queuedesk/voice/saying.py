"""Turns announcements into playable sounds, and lets people hear beforehand how a call will sound.

Each call or sentence is said in each language, volume and speed; which words must be recorded for it is known here too.
"""

from __future__ import annotations

import contextlib
import re
import string
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.core.talk.announcement import Announcement, call_parts, hall_in
from queuedesk.i18n import LANGUAGES, tr
from queuedesk.paths import resource
from queuedesk.voice import sound
from queuedesk.voice.engine_process import Chain
from queuedesk.voice.engines import ENDING, LinkName, joined, recordings, units
from queuedesk.voice.phrases import is_chinese, others_phrase, phrase, short_phrase, shown_phrase, words_phrase
from queuedesk.voice.sound import Samples, Silence
from queuedesk.voice.spoken import Manner
from queuedesk.voice.waiting_calls import Item, Lengths, Pace

AFTER_CHIME = Silence(0.25)
BETWEEN = Silence(0.4)
MERGED_PCT = 125
"""How much faster several calls in one announcement are spoken than a single one."""

_FASTEST_PCT = 150
_FULL_PCT = 100
_LONGEST_PIECE = {True: 40, False: 120}
"""Letters of a notice that are said without looking whether a call waits: about ten seconds of Chinese, of English."""
_SENTENCE_END = re.compile(r"(?<=[.!?;。！？；])\s*")
_CLAUSE_END = re.compile(r"(?<=[,，、:：])\s*")


class Voiced(Struct, frozen=True):
    """What is said in one language: a sound for each call in order, each followed by a pause."""

    language: str
    link: LinkName
    sounds: tuple[Samples, ...]

    def parts(self) -> list[Samples | Silence]:
        return [part for each in self.sounds for part in (each, BETWEEN)]

    @property
    def length_s(self) -> float:
        return joined_s(self.parts())

    def item_s(self, place: int) -> float:
        """Return how long one call takes, including the pause after it."""
        return sound.length_s(self.sounds[place]) + BETWEEN.length_s

    def starts_s(self) -> list[float]:
        """Return when each call begins, from the beginning of the first one."""
        starts, at_s = [], 0.0
        for place in range(len(self.sounds)):
            starts.append(at_s)
            at_s += self.item_s(place)
        return starts

    def without(self, places: Sequence[int]) -> Voiced:
        """Return it without the calls at these indexes."""
        kept = tuple(each for place, each in enumerate(self.sounds) if place not in places)
        return Voiced(self.language, self.link, kept)


class Voicing:
    """Makes the sounds to be played with a chain, in a folder of its own. Used by one thread."""

    def __init__(self, chain: Chain, folder: Path, chime: Path) -> None:
        self._chain, self._folder, self._chime = chain, folder, chime
        self._pace = Pace()
        self._chime_sound: Samples | None = None

    def lengths(self, manner: Manner) -> Lengths:
        """Return how long calls will take at the current speed."""
        full_pct = manner.spec.at(manner.minute).speed_pct
        return self._pace.lengths(
            manner.languages,
            chime_s=joined_s(self.chime(manner)),
            full_pct=full_pct,
            short_pct=_merged_pct(full_pct),
            pause_s=BETWEEN.length_s,
        )

    def chime(self, manner: Manner, *, volume_pct: int | None = None) -> list[Samples | Silence]:
        """Return the sound before a call; nothing if the hall wants none, or there is none: a voice without a chime is
        still a voice."""
        if not manner.spec.chime:
            return []
        if self._chime_sound is None:
            with contextlib.suppress(OutsideError):
                self._chime_sound = sound.read(self._chime)
        if self._chime_sound is None:
            return []
        loud_pct = manner.spec.at(manner.minute).volume_pct if volume_pct is None else volume_pct
        return [sound.quieter(self._chime_sound, loud_pct), AFTER_CHIME]

    def calls(self, items: Sequence[Item], manner: Manner) -> list[Voiced]:
        """Return the sounds of calls in every language that has a voice: whole sentences for one, number and window for
        several."""
        is_merged = len(items) > 1
        hours = manner.spec.at(manner.minute)
        speed_pct = _merged_pct(hours.speed_pct) if is_merged else hours.speed_pct
        say = short_phrase if is_merged else phrase
        voiced = []
        for language in manner.languages:
            made = [self._made(say(each.announcement, language, manner.spec), language, speed_pct) for each in items]
            sounds = [samples for one in made if one is not None for _link, samples in [one]]
            if len(sounds) < len(items):  # a language that can't say them all would leave numbers out
                continue
            if is_merged:
                sounds = [sound.trimmed(samples) for samples in sounds]
            for samples in sounds:
                self._pace.learn(language, sound.length_s(samples), speed_pct, is_short=is_merged)
            link = max((link for one in made if one is not None for link, _samples in [one]), key=self._chain.place)
            voiced.append(Voiced(language, link, tuple(sound.quieter(each, hours.volume_pct) for each in sounds)))
        return voiced

    def words(self, text: str, language: str, manner: Manner, *, volume_pct: int) -> Voiced | None:
        """Return the sound of one piece of a notice, None if nothing speaks the language."""
        hours = manner.spec.at(manner.minute)
        made = self._made(words_phrase(text, language, manner.spec), language, hours.speed_pct)
        return Voiced(language, made[0], (sound.quieter(made[1], volume_pct),)) if made is not None else None

    def place(self, link: LinkName) -> int:
        """Return a link's position in the chain."""
        return self._chain.place(link)

    def write(self, parts: Sequence[Samples | Silence]) -> tuple[Path, float]:
        """Write what is played next and return the file and its length. Raises OutsideError "cannot_write"."""
        path = self._file("call")
        return path, sound.write(parts, path)

    def _made(self, text: str, language: str, speed_pct: int) -> tuple[LinkName, Samples] | None:
        path = self._file(language)
        link = self._chain.synthesise(text, language, path, speed_pct)
        if link is not None:
            with contextlib.suppress(OutsideError):  # an unreadable sound counts as not spoken
                return link, sound.read(path)
        return None

    def _file(self, name: str) -> Path:
        with contextlib.suppress(OSError):  # systems clear their temporary folders while a hall is quiet
            self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / f"{name}.wav"


def joined_s(parts: Iterable[Samples | Silence]) -> float:
    """Return how long parts take one after another."""
    return sum(part.length_s if isinstance(part, Silence) else sound.length_s(part) for part in parts)


def pieces_of(texts: Mapping[str, str], languages: Sequence[str]) -> list[tuple[str, str]]:
    """Return a notice as (language, piece) in the order of speaking: sentences, long ones cut at their commas. A notice
    without any of the hall's languages is read in those it has."""
    chosen = [each for each in languages if texts.get(each)] or [each for each, text in texts.items() if text]
    return [(language, piece) for language in chosen for piece in _pieces(texts[language], is_chinese(language))]


def _pieces(text: str, chinese: bool) -> list[str]:
    longest = _LONGEST_PIECE[chinese]
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        clauses = [sentence] if len(sentence) <= longest else _CLAUSE_END.split(sentence)
        begins_anew = True
        for clause in clauses:
            if not clause.strip():
                continue
            if not begins_anew and len(pieces[-1]) + len(clause) <= longest:
                pieces[-1] = f"{pieces[-1]}{'' if chinese else ' '}{clause}"
            else:
                pieces.append(clause)
            begins_anew = False
    return [piece.strip() for piece in pieces]


def _merged_pct(speed_pct: int) -> int:
    return min(_FASTEST_PCT, speed_pct * MERGED_PCT // _FULL_PCT)


# -- hearing it beforehand ---------------------------------------------------------------------------------------------


class Tried(Struct, frozen=True, kw_only=True):
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


# -- which words a hall must record so that all its calls can be joined from them --------------------------------------

_FIELD = re.compile(r"\{[^{}]*\}")
_PAUSE = re.compile("[,.;:!?，。；：！？、]+")
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_LONGEST_NAME = 60
_ENGLISH_NUMBERS = (*range(21), *range(30, 100, 10))
_CHINESE_NUMBERS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百")
_YAO = "幺"


class ClipsFound(Struct, frozen=True, kw_only=True):
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
