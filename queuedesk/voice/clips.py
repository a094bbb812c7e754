"""Recorded words joined into calls: a folder of sounds, each named by what is said in it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from queuedesk.core.errors import OutsideError
from queuedesk.i18n import LANGUAGES
from queuedesk.voice import sound
from queuedesk.voice.engines import USUAL_PCT, LinkName
from queuedesk.voice.sound import RATE_HZ, Samples, Silence

# A recorded sound faster or slower at the same pitch: for recorded words, which have no speed of their own.

_FRAME = round(0.03 * RATE_HZ) // 2 * 2
_STEP = _FRAME // 2
_REACH = round(0.008 * RATE_HZ)
"""How far a piece may be moved to fit what it follows: a little more than one swing of a deep voice."""


def at_speed(samples: Samples, speed_pct: int) -> Samples:
    """Return a sound at `speed_pct` percent of its speed: overlapping pieces laid closer or wider, each where it fits
    best."""
    if speed_pct == USUAL_PCT or samples.size <= 2 * _FRAME:
        return samples
    source = np.concatenate([samples.astype(np.float64), np.zeros(_FRAME + 2 * _REACH)])
    size = round(samples.size * USUAL_PCT / speed_pct)
    made = np.zeros(size + 2 * _FRAME)
    fade = np.hanning(_FRAME + 1)[:_FRAME]
    first = np.concatenate([np.ones(_STEP), fade[_STEP:]])
    at = 0
    for place in range(0, size, _STEP):
        made[place : place + _FRAME] += source[at : at + _FRAME] * (fade if place else first)
        # What would have followed in the source, and the piece nearest to it around the place whose turn it is.
        following = source[at + _STEP : at + _STEP + _FRAME]
        wanted = round((place + _STEP) * speed_pct / USUAL_PCT)
        begin = min(max(0, wanted - _REACH), source.size - _FRAME - 2 * _REACH)
        around = source[begin : begin + _FRAME + 2 * _REACH]
        if following.size < _FRAME or around.size < _FRAME:
            break
        at = begin + int(np.correlate(around, following, "valid").argmax())
    return np.clip(np.round(made[:size]), -32768, 32767).astype(np.int16)


Units = tuple[str, ...]

ENDING = ".wav"
BETWEEN_WORDS = Silence(0.04)
AT_A_PAUSE = Silence(0.25)

_PAUSE = re.compile("[,.;:!?，。；：！？、]+")
# One Chinese letter, one word in letters, one number: what a recording can be named by.
_UNIT = re.compile("[\u3400-\u9fff\uf900-\ufaff]|[^\\W\\d_\u3400-\u9fff\uf900-\ufaff]+(?:'[a-z]+)?|[0-9]+")
_HAN_DIGITS = "零一二三四五六七八九"
_TENS, _HUNDREDS = "十", "百"


class Clips:
    """The first link where a hall has recorded words: `folder` holds a folder for each language.

    The folder is looked at for each text, so that a new recording is heard in the next call.
    """

    name: LinkName = "clips"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self) -> None:
        """Nothing to prepare."""

    def languages(self) -> tuple[str, ...]:
        """Return the languages of which there is any recording."""
        return tuple(language for language in LANGUAGES if recordings(self._folder / language))

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> None:
        """Write `text`, joined of recordings, to `path`.

        Raises:
            OutsideError: "no_clip" when a word of it was never recorded; "sound_unreadable", "cannot_write".
        """
        there = recordings(self._folder / language)
        parts: list[Samples | Silence] = []
        for spoken in _PAUSE.split(text):
            for clip in joined(units(spoken), there, language):
                parts += [sound.trimmed(sound.read(clip)), BETWEEN_WORDS]
            if parts:
                parts[-1] = AT_A_PAUSE
        if not parts:
            raise OutsideError("no_clip", text=text)
        sound.write([at_speed(sound.join(parts[:-1]), speed_pct)], path)

    def close(self) -> None:
        """Nothing to end."""


def units(text: str) -> Units:
    """Return what a text is made of, without signs and capitals: "A, 到 3 号" gives ("a", "到", "3", "号")."""
    return tuple(_UNIT.findall(unicodedata.normalize("NFC", text).casefold()))


def recordings(folder: Path) -> dict[Units, Path]:
    """Return a language's recordings by what they say; none when there is no such folder."""
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return {}
    return {units(file.stem): file for file in files if file.suffix.lower() == ENDING and units(file.stem)}


def joined(words: Units, there: Mapping[Units, Path], language: str) -> Iterator[Path]:
    """Yield the recordings that say `words`, the longest that fits first. Raises OutsideError "no_clip"."""
    longest = max(map(len, there), default=0)
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + longest), at, -1):
            if words[at:end] in there:
                yield there[words[at:end]]
                at = end
                break
        else:
            counted = number_units(words[at], language)
            if counted == (words[at],):
                raise OutsideError("no_clip", text=words[at])
            yield from joined(counted, there, language)
            at += 1


def number_units(word: str, language: str) -> Units:
    """Return a number in the words of which it is joined: "12" gives 十二, "23" gives ("20", "3"); other words
    themselves."""
    if not (word.isascii() and word.isdecimal()):
        return (word,)
    n = int(word)
    if language.startswith("zh"):
        return tuple(_han_number(n) if len(word) <= 3 and not word.startswith("0") else _han_digits(word))
    if word != str(n) or n >= 100:
        return tuple(word)
    return (str(n // 10 * 10), str(n % 10)) if n > 20 and n % 10 else (word,)


def _han_digits(word: str) -> str:
    return "".join(_HAN_DIGITS[int(digit)] for digit in word)


def _han_number(n: int) -> str:
    """Return a number below a thousand as it is read: 12 is 十二, 105 is 一百零五."""
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    read = f"{_HAN_DIGITS[hundreds]}{_HUNDREDS}" if hundreds else ""
    if tens:
        read += (_HAN_DIGITS[tens] if tens > 1 or hundreds else "") + _TENS
    elif hundreds and ones:
        read += _HAN_DIGITS[0]
    return read + (_HAN_DIGITS[ones] if ones or not n else "")
