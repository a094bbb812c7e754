"""Turns announcements into playable sounds: each call or sentence in each language, volume and speed."""

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from queuedesk.core.errors import OutsideError
from queuedesk.voice import sound
from queuedesk.voice.engine_process import Chain
from queuedesk.voice.engines import LinkName
from queuedesk.voice.phrases import is_chinese, phrase, short_phrase, words_phrase
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


@dataclass(frozen=True, slots=True)
class Voiced:
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

    def without(self, places: Sequence[int]) -> "Voiced":
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
