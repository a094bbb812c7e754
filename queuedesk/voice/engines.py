"""The engines that turn a text into a WAV file: pyttsx3 and espeak-ng, and their voice for each language."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from queuedesk.core.errors import OutsideError
from queuedesk.i18n import LANGUAGES
from queuedesk.voice import sound
from queuedesk.voice.sound import RATE_HZ, Program, Samples, Silence

# -- chooses an engine's voice for each language ---------------------------------------------------------------------

ESPEAK_VOICES = {"zh_CN": "sit/cmn-latn-pinyin", "en": "gmw/en"}
"""espeak-ng's own names. Its voice "cmn" (also given for "zh") spells out pinyin and tone numbers in English
letters."""

_PREFERRED_TAGS = {"zh_CN": ("zh-cn", "zh-hans-cn"), "en": ("en-us", "en-gb", "en")}


class Voice(Struct, frozen=True):
    """A voice as its engine lists it; `tags` are language tags such as "zh_CN" or "en-us"."""

    id: str
    tags: tuple[str, ...] = ()


def choose_voice(language: str, voices: Iterable[Voice]) -> str | None:
    """Return the id of the voice that speaks `language`, or None if none does so correctly."""
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
    return tuple(language for language in ESPEAK_VOICES if choose_voice(language, offered))


def is_espeak(voices: Iterable[Voice]) -> bool:
    """Return whether `voices` are those of espeak-ng."""
    return any(voice.id.lower() in ESPEAK_VOICES.values() for voice in voices)


LinkName = Literal["clips", "pyttsx3", "espeak-ng", "chime", "none"]
"""What a call went by, the best first; the last two are no voice."""

SPEED_WPM = 140
"""espeak-ng's usual speed; a call takes 4.6 s, slow enough for a noisy hall."""
USUAL_PCT = 100

_PROGRAM_S = 3.0
_FINISH_S = 1.0
_LOOK_S = 0.002
_ATTEMPTS = 3
_BARE_WAV_BYTES = 44


class Pyttsx3Engine:
    """pyttsx3 as far as it is reliable: one engine per process, one thread, one text per run, always into a file.

    Its say() reports success without a sound card, two texts in one run lose the first, and a second engine hangs the
    first one. So a child process that can be killed holds the only one, and produces nothing but wav files.
    """

    def __init__(self, folder: Path, speed_pct: int = USUAL_PCT) -> None:
        """Start the engine; a first text goes into `folder` and is thrown away.

        Raises:
            OutsideError: "no_engine", or whatever `save` raises.
        """
        try:
            # Imported here because only the child process may start an engine, and a missing library is no fault.
            import pyttsx3

            self._engine = pyttsx3.init()
        except (ImportError, OSError, RuntimeError) as error:
            raise OutsideError("no_engine", why=str(error)) from error
        self._completed = threading.Event()
        self._is_cancelled = False
        self._engine.connect("finished-utterance", self._finish)
        self.voices = tuple(
            Voice(str(voice.id), tuple(str(tag) for tag in voice.languages or () if tag))
            for voice in self._engine.getProperty("voices")
        )
        self._is_espeak = is_espeak(self.voices)
        self._usual_rate = SPEED_WPM if self._is_espeak else int(self._engine.getProperty("rate"))
        self._speed_pct = speed_pct
        voice = next((voice for voice in map(self._choose, ESPEAK_VOICES) if voice), "")
        for _attempt in range(_ATTEMPTS):
            if self._is_espeak or speed_pct != USUAL_PCT:
                self._engine.setProperty("rate", self._rate)
            # The first run after init may return before its file is written.
            self.save("0", voice, folder / "warm.wav", speed_pct)
            # A run that begins while espeak takes a new speed makes it forget it.
            if not self._is_espeak or self._engine.getProperty("rate") == self._rate:
                return
        raise OutsideError("no_engine", why="speed")

    @property
    def _rate(self) -> int:
        """The speed in the engine's own unit."""
        return self._usual_rate * self._speed_pct // USUAL_PCT

    def save(self, text: str, voice: str, path: Path, speed_pct: int | None = None) -> None:
        """Write `text` spoken by `voice` (an id of `voices`) to `path`; espeak keeps the speed that it began with.

        Raises:
            OutsideError: "no_voice" when the engine keeps another voice; "voice_silent" when no sound came out and
                "voice_hung" when it never said so: this engine is not to be used again.
        """
        if voice:
            self._engine.setProperty("voice", voice)
        if speed_pct is not None and speed_pct != self._speed_pct and not self._is_espeak:
            self._speed_pct = speed_pct
            self._engine.setProperty("rate", self._rate)
        if not any(self._run(text, path) for _attempt in range(_ATTEMPTS)):
            raise OutsideError("voice_silent", path=str(path))
        if sys.platform == "darwin":
            _convert_aiff(path)
        # A voice it does not know changes nothing, and only an event would say so.
        if voice and self._engine.getProperty("voice") != voice:
            raise OutsideError("no_voice", voice=voice)
        must_hold_sound(path)

    def _run(self, text: str, path: Path) -> bool:
        """Return whether the engine wrote the whole text.

        A run that begins while espeak's own thread is still busy cancels itself: it leaves a sound that is empty or cut
        short, and two events, completed and not.

        Raises:
            OutsideError: "voice_hung" when no end came: the text may still come out later, into another's file.
        """
        path.unlink(missing_ok=True)
        self._settle()
        self._completed.clear()
        self._is_cancelled = False
        self._engine.save_to_file(text, str(path))
        self._engine.runAndWait()
        # On Windows save_to_file itself waits, and no event is promised.
        if sys.platform != "win32" and not self._completed.wait(_FINISH_S):
            raise OutsideError("voice_hung")
        return not self._is_cancelled and _holds_sound(path)

    def _settle(self) -> None:
        """Wait until espeak's own thread rests: a run that begins before then ends it and itself.

        Raises:
            OutsideError: "voice_hung".
        """
        if self._is_espeak:
            from pyttsx3.drivers import _espeak

            deadline_s = time.monotonic() + _FINISH_S
            while _espeak.IsPlaying():
                if time.monotonic() > deadline_s:
                    raise OutsideError("voice_hung")
                time.sleep(_LOOK_S)

    def _choose(self, language: str) -> str | None:
        return choose_voice(language, self.voices)

    def _finish(self, completed: bool = True, **_event: object) -> None:
        if completed:
            self._completed.set()
        else:
            self._is_cancelled = True


class EspeakCommand:
    """espeak-ng run once per text: it has no state that could go wrong, so it comes after the engine process."""

    name: LinkName = "espeak-ng"

    def __init__(self, command: str = "espeak-ng") -> None:
        self._command = command
        self._program = Program()
        self._languages: tuple[str, ...] | None = None

    def start(self) -> None:
        """Do nothing."""

    def languages(self) -> tuple[str, ...]:
        """Return the languages it can speak, none if it is not installed."""
        if self._languages is None:
            self._languages = languages_of(self._voices())
        return self._languages

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> None:
        """Write `text` to `path`. Raises OutsideError "no_voice" or "voice_silent"."""
        if language not in self.languages():
            raise OutsideError("no_voice", language=language)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:  # another program holds the file
            raise OutsideError("voice_silent", link=self.name) from error
        voice = ESPEAK_VOICES[language].partition("/")[2]
        status = self._program.run(
            [self._command, "-v", voice, "-s", str(SPEED_WPM * speed_pct // 100), "-w", str(path), "--", text],
            _PROGRAM_S,
        )
        if status != 0:
            raise OutsideError("voice_silent", link=self.name, status=status)
        must_hold_sound(path)  # it exits 0 even when the file could not be written

    def close(self) -> None:
        """Stop what runs; may be called from any thread."""
        self._program.kill()

    def _voices(self) -> list[Voice]:
        try:
            listed = subprocess.run(
                [self._command, "--voices"], capture_output=True, timeout=_PROGRAM_S, text=True, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return []
        return [Voice(columns[4]) for line in listed.stdout.splitlines() if len(columns := line.split()) > 4]


def must_hold_sound(path: Path) -> None:
    """Raise OutsideError "voice_silent" unless `path` is a file with more in it than a wav header."""
    if not _holds_sound(path):
        raise OutsideError("voice_silent", path=str(path))


def _holds_sound(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > _BARE_WAV_BYTES


def _convert_aiff(path: Path) -> None:
    """Make a wav of what the macOS engine wrote, which is AIFF whatever the file is called."""
    if path.is_file() and path.read_bytes()[:4] == b"FORM":
        aiff = path.replace(path.with_suffix(".aiff"))
        Program().run(["afconvert", "-f", "WAVE", "-d", "LEI16@22050", str(aiff), str(path)], _PROGRAM_S)
        aiff.unlink()


# A recorded sound faster or slower at the same pitch: for recorded words, which have no speed of their own.

_FRAME = round(0.03 * RATE_HZ) // 2 * 2
_STEP = _FRAME // 2
_REACH = round(0.008 * RATE_HZ)
"""How far a piece may be moved to fit what it follows: a little more than one swing of a deep voice."""


def at_speed(samples: Samples, speed_pct: int) -> Samples:
    """Return a sound at `speed_pct` percent of its speed: overlapping pieces moved closer or further apart, each where
    it fits best."""
    if speed_pct == USUAL_PCT or len(samples) <= 2 * _FRAME:
        return samples
    # At work only at another speed: 15 MB.
    import numpy as np

    source = np.concatenate([np.asarray(samples, np.float64), np.zeros(_FRAME + 2 * _REACH)])
    size = round(len(samples) * USUAL_PCT / speed_pct)
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
    return sound.of_wave(made[:size])


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
        """Do nothing."""

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
        """Do nothing."""


def units(text: str) -> Units:
    """Return the parts of a text, without punctuation and capitals: "A, 到 3 号" gives ("a", "到", "3", "号")."""
    return tuple(_UNIT.findall(unicodedata.normalize("NFC", text).casefold()))


def recordings(folder: Path) -> dict[Units, Path]:
    """Return a language's recordings by what they say; none if there is no such folder."""
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
    """Return the words that make up a number: "12" gives 十二, "23" gives ("20", "3"); other words unchanged."""
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
