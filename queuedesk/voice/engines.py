"""The sentence of a call in each language, and the engines, tried one after another, that turn it into a WAV file."""

from __future__ import annotations

import json
import queue
import re
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from msgspec import Struct

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.core.talk.announcement import (
    Announcement,
    SpokenCallParts,
    directions_in_language,
    hall_name_in_language,
    space_chinese_from_latin,
    spoken_call_parts,
    text_for_speech,
)
from queuedesk.i18n import LANGUAGES, tr
from queuedesk.voice import sound
from queuedesk.voice.sound import DIED, GRACE_S, HUNG, RATE_HZ, KillableProgram, PauseBetweenSounds, Samples
from queuedesk.watch import WatchedThread

# -- chooses an engine's voice for each language ---------------------------------------------------------------------

ESPEAK_VOICES = {"zh_CN": "sit/cmn-latn-pinyin", "en": "gmw/en"}
"""espeak-ng's own names. Its voice "cmn" (also given for "zh") spells out pinyin and tone numbers in English
letters."""

_PREFERRED_TAGS = {"zh_CN": ("zh-cn", "zh-hans-cn"), "en": ("en-us", "en-gb", "en")}


class VoiceListedByEngine(Struct, frozen=True):
    """A voice as its engine lists it; `tags` are language tags such as "zh_CN" or "en-us"."""

    id: str
    tags: tuple[str, ...] = ()


def voice_id_for_language(language: str, voices: Iterable[VoiceListedByEngine]) -> str | None:
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


def languages_with_voice(voices: Iterable[VoiceListedByEngine]) -> tuple[str, ...]:
    """Return the program's languages that `voices` can speak."""
    offered = list(voices)
    return tuple(language for language in ESPEAK_VOICES if voice_id_for_language(language, offered))


def are_espeak_voices(voices: Iterable[VoiceListedByEngine]) -> bool:
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
    """pyttsx3 as far as it is reliable: one engine per process, one thread, one text per run, always into a file. Its
    say() reports success without a sound card, two texts in one run lose the first, and a second engine hangs the first
    one. So a child process that can be killed holds the only one, and produces nothing but wav files."""

    def __init__(self, folder: Path, speed_pct: int = USUAL_PCT) -> None:
        """Start the engine; a first text goes into `folder` and is thrown away. Raises OutsideError "no_engine", or
        whatever `save` raises."""
        try:
            # Imported here because only the child process may start an engine, and a missing library is no fault.
            import pyttsx3

            self._engine = pyttsx3.init()
        except (ImportError, OSError, RuntimeError) as error:
            raise OutsideError("no_engine", why=str(error)) from error
        self._completed = threading.Event()
        self._is_cancelled = False
        self._engine.connect("finished-utterance", self._on_finished)
        self.voices = tuple(
            VoiceListedByEngine(str(voice.id), tuple(str(tag) for tag in voice.languages or () if tag))
            for voice in self._engine.getProperty("voices")
        )
        self._is_espeak = are_espeak_voices(self.voices)
        self._usual_rate = SPEED_WPM if self._is_espeak else int(self._engine.getProperty("rate"))
        self._speed_pct = speed_pct
        found = (voice_id_for_language(language, self.voices) for language in ESPEAK_VOICES)
        voice = next(filter(None, found), "")
        for _attempt in range(_ATTEMPTS):
            if self._is_espeak or speed_pct != USUAL_PCT:
                self._engine.setProperty("rate", self._engine_speed)
            # The first run after init may return before its file is written.
            self.save_speech("0", voice, folder / "warm.wav", speed_pct)
            # A run that begins while espeak takes a new speed makes it forget it.
            if not self._is_espeak or self._engine.getProperty("rate") == self._engine_speed:
                return
        raise OutsideError("no_engine", why="speed")

    @property
    def _engine_speed(self) -> int:
        """The speed in the engine's own unit."""
        return self._usual_rate * self._speed_pct // USUAL_PCT

    def save_speech(self, text: str, voice: str, path: Path, speed_pct: int | None = None) -> None:
        """Write `text` spoken by `voice` (an id of `voices`) to `path`; espeak keeps the speed that it began with.
        Raises OutsideError "no_voice" when the engine keeps another voice; "voice_silent" when no sound came out and
        "voice_hung" when it never said so: this engine is not to be used again."""
        if voice:
            self._engine.setProperty("voice", voice)
        if speed_pct is not None and speed_pct != self._speed_pct and not self._is_espeak:
            self._speed_pct = speed_pct
            self._engine.setProperty("rate", self._engine_speed)
        if not any(self._try_to_write_speech_file(text, path) for _attempt in range(_ATTEMPTS)):
            raise OutsideError("voice_silent", path=str(path))
        if sys.platform == "darwin":
            _convert_aiff_to_wav(path)
        # A voice it does not know changes nothing, and only an event would say so.
        if voice and self._engine.getProperty("voice") != voice:
            raise OutsideError("no_voice", voice=voice)
        check_file_holds_sound(path)

    def _try_to_write_speech_file(self, text: str, path: Path) -> bool:
        """Return whether the engine wrote the whole text. A run that begins while espeak's own thread is still busy
        cancels itself: it leaves a sound that is empty or cut short, and two events, completed and not. Raises
        OutsideError "voice_hung" when no end came: the text may still come out later, into another's file."""
        path.unlink(missing_ok=True)
        self._wait_for_espeak()
        self._completed.clear()
        self._is_cancelled = False
        self._engine.save_to_file(text, str(path))
        self._engine.runAndWait()
        # On Windows save_to_file itself waits, and no event is promised.
        if sys.platform != "win32" and not self._completed.wait(_FINISH_S):
            raise OutsideError("voice_hung")
        return not self._is_cancelled and _is_nonempty_sound_file(path)

    def _wait_for_espeak(self) -> None:
        """Wait until espeak's own thread rests: a run that begins before then ends it and itself. Raises OutsideError
        "voice_hung"."""
        if self._is_espeak:
            from pyttsx3.drivers import _espeak

            deadline_s = time.monotonic() + _FINISH_S
            while _espeak.IsPlaying():
                if time.monotonic() > deadline_s:
                    raise OutsideError("voice_hung")
                time.sleep(_LOOK_S)

    def _on_finished(self, completed: bool = True, **_event: object) -> None:
        if completed:
            self._completed.set()
        else:
            self._is_cancelled = True


class EspeakCommandEngine:
    """espeak-ng run once per text: it has no state that could go wrong, so it comes after the engine process."""

    name: LinkName = "espeak-ng"

    def __init__(self, command: str = "espeak-ng") -> None:
        self._command = command
        self._program = KillableProgram()
        self._languages: tuple[str, ...] | None = None

    def start(self) -> None:
        """Do nothing."""

    def languages(self) -> tuple[str, ...]:
        """Return the languages it can speak, none if it is not installed."""
        if self._languages is None:
            self._languages = languages_with_voice(self._voices())
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
        check_file_holds_sound(path)  # it exits 0 even when the file could not be written

    def close(self) -> None:
        """Stop what runs; may be called from any thread."""
        self._program.kill()

    def _voices(self) -> list[VoiceListedByEngine]:
        try:
            listed = subprocess.run(
                [self._command, "--voices"], capture_output=True, timeout=_PROGRAM_S, text=True, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return []
        return [
            VoiceListedByEngine(columns[4]) for line in listed.stdout.splitlines() if len(columns := line.split()) > 4
        ]


def check_file_holds_sound(path: Path) -> None:
    """Raise OutsideError "voice_silent" unless `path` is a file with more in it than a wav header."""
    if not _is_nonempty_sound_file(path):
        raise OutsideError("voice_silent", path=str(path))


def _is_nonempty_sound_file(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > _BARE_WAV_BYTES


def _convert_aiff_to_wav(path: Path) -> None:
    """Make a wav of what the macOS engine wrote, which is AIFF whatever the file is called."""
    if path.is_file() and path.read_bytes()[:4] == b"FORM":
        aiff = path.replace(path.with_suffix(".aiff"))
        KillableProgram().run(["afconvert", "-f", "WAVE", "-d", "LEI16@22050", str(aiff), str(path)], _PROGRAM_S)
        aiff.unlink()


# A recorded sound faster or slower at the same pitch: for recorded words, which have no speed of their own.

_FRAME = round(0.03 * RATE_HZ) // 2 * 2
_STEP = _FRAME // 2
_REACH = round(0.008 * RATE_HZ)
"""How far a piece may be moved to fit what it follows: a little more than one swing of a deep voice."""


def samples_at_speed(samples: Samples, speed_pct: int) -> Samples:
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
    return sound.samples_from_wave(made[:size])


Units = tuple[str, ...]

ENDING = ".wav"
BETWEEN_WORDS = PauseBetweenSounds(0.04)
AT_A_PAUSE = PauseBetweenSounds(0.25)

_PAUSE = re.compile("[,.;:!?，。；：！？、]+")
# One Chinese letter, one word in letters, one number: what a recording can be named by.
_UNIT = re.compile("[\u3400-\u9fff\uf900-\ufaff]|[^\\W\\d_\u3400-\u9fff\uf900-\ufaff]+(?:'[a-z]+)?|[0-9]+")
_HAN_DIGITS = "零一二三四五六七八九"
_TENS, _HUNDREDS = "十", "百"


class RecordedClips:
    """The first link where a hall has recorded words: `folder` holds a folder for each language. The folder is looked
    at for each text, so that a new recording is heard in the next call."""

    name: LinkName = "clips"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self) -> None:
        """Do nothing."""

    def languages(self) -> tuple[str, ...]:
        """Return the languages of which there is any recording."""
        return tuple(language for language in LANGUAGES if recording_paths_by_spoken_units(self._folder / language))

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> None:
        """Write `text`, joined of recordings, to `path`. Raises OutsideError "no_clip" when a word of it was never
        recorded; "sound_unreadable", "cannot_write"."""
        there = recording_paths_by_spoken_units(self._folder / language)
        parts: list[Samples | PauseBetweenSounds] = []
        for spoken in _PAUSE.split(text):
            for clip in clips_for_words(spoken_units(spoken), there, language):
                parts += [sound.without_silent_ends(sound.read_wav(clip)), BETWEEN_WORDS]
            if parts:
                parts[-1] = AT_A_PAUSE
        if not parts:
            raise OutsideError("no_clip", text=text)
        sound.write_wav([samples_at_speed(sound.joined_samples(parts[:-1]), speed_pct)], path)

    def close(self) -> None:
        """Do nothing."""


def spoken_units(text: str) -> Units:
    """Return the parts of a text, without punctuation and capitals: "A, 到 3 号" gives ("a", "到", "3", "号")."""
    return tuple(_UNIT.findall(unicodedata.normalize("NFC", text).casefold()))


def recording_paths_by_spoken_units(folder: Path) -> dict[Units, Path]:
    """Return a language's recordings by what they say; none if there is no such folder."""
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return {}
    return {
        spoken_units(file.stem): file for file in files if file.suffix.lower() == ENDING and spoken_units(file.stem)
    }


def clips_for_words(words: Units, there: Mapping[Units, Path], language: str) -> Iterator[Path]:
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
            counted = spoken_number_words(words[at], language)
            if counted == (words[at],):
                raise OutsideError("no_clip", text=words[at])
            yield from clips_for_words(counted, there, language)
            at += 1


def spoken_number_words(word: str, language: str) -> Units:
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


USUAL = VoiceSpec()
"""The voice of a hall that chose nothing."""

_YI, _YAO = "\u4e00", "\u5e7a"
_PAUSES_IN_A_ROW = re.compile(r"[,;]\s*(?=[,;.!?])")
_BEFORE_A_PAUSE = re.compile(r"\s+(?=[,;.!?])")
_NOTHING_BEFORE = re.compile(r"^[\s,;.!?]+")
_SIGNS_IN_A_ROW = re.compile(r"[，、；,;]\s*(?=[，、；。,;.])")


def spoken_call_phrase(announcement: Announcement, language: str, spec: VoiceSpec = USUAL) -> str:
    """Return the call as an engine gets it: "Ticket B, 0 3 1, please go to window 3, left, area A."."""
    parts = _spoken_call_parts(announcement, language, spec)
    template = call_template(announcement, language, spec)
    if template and parts.window:
        hall = text_for_speech(
            hall_name_in_language(announcement, chinese=is_chinese(language)), _spoken_digit_names(language, spec)
        )
        return _fill_spoken_template(template, language, parts, hall)
    fields = {"ticket": parts.ticket, "window": parts.window, "zone": parts.zone}
    if not parts.window:
        return tr(language, "Ticket {ticket}, the screen shows you the way.", context="spoken", **fields)
    if parts.is_numbered and parts.zone:
        return tr(language, "Ticket {ticket}, please go to window {window}, {zone}.", context="spoken", **fields)
    if parts.is_numbered:
        return tr(language, "Ticket {ticket}, please go to window {window}.", context="spoken", **fields)
    if parts.zone:
        return tr(language, "Ticket {ticket}, please go to {window}, {zone}.", context="spoken", **fields)
    return tr(language, "Ticket {ticket}, please go to {window}.", context="spoken", **fields)


def spoken_short_call_phrase(announcement: Announcement, language: str, spec: VoiceSpec = USUAL) -> str:
    """Return only number and window, for an announcement of several: "B, 0 3 1, window 3"."""
    parts = _spoken_call_parts(announcement, language, spec)
    fields = {"ticket": parts.ticket, "window": parts.window}
    if not parts.window:
        return tr(language, "Ticket {ticket}, the screen shows you the way.", context="spoken", **fields)
    if parts.is_numbered:
        return tr(language, "{ticket}, window {window}", context="spoken", **fields)
    return tr(language, "{ticket}, {window}", context="spoken", **fields)


def displayed_call_phrase(announcement: Announcement, language: str, spec: VoiceSpec = USUAL) -> str:
    """Return the same call as it is shown: "Ticket B031, please go to window 3, left, area A."."""
    is_numbered = spoken_call_parts(announcement, chinese=is_chinese(language)).is_numbered
    zone = directions_in_language(announcement, chinese=is_chinese(language))
    fields = {"ticket": announcement.ticket, "window": announcement.window, "zone": zone}
    template = call_template(announcement, language, spec)
    if template:
        return _fill_displayed_template(template, language, announcement, zone, is_numbered=is_numbered)
    if is_numbered and zone:
        return tr(language, "Ticket {ticket}, please go to window {window}, {zone}.", **fields)
    if is_numbered:
        return tr(language, "Ticket {ticket}, please go to window {window}.", **fields)
    if zone:
        return tr(language, "Ticket {ticket}, please go to {window}, {zone}.", **fields)
    return tr(language, "Ticket {ticket}, please go to {window}.", **fields)


def look_at_screen_phrase(language: str) -> str:
    """Return the end of an announcement that could not say all numbers in time."""
    return tr(language, "For all other numbers please look at the screen.", context="spoken")


def displayed_short_call(announcement: Announcement, language: str) -> str:
    """Return number and window as an announcement of several is shown: "B031, window 3"."""
    is_numbered = spoken_call_parts(announcement, chinese=is_chinese(language)).is_numbered
    fields = {"ticket": announcement.ticket, "window": announcement.window}
    if is_numbered:
        return tr(language, "{ticket}, window {window}", **fields)
    return tr(language, "{ticket}, {window}", **fields)


def spoken_notice_text(text: str, language: str, spec: VoiceSpec = USUAL) -> str:
    """Return a sentence that people wrote as an engine gets it."""
    return text_for_speech(text, _spoken_digit_names(language, spec))


def call_template(announcement: Announcement, language: str, spec: VoiceSpec) -> str:
    """Return the hall's own words for this call, or recall, in a language; empty if it has none."""
    recall = spec.recall.get(language, "") if announcement.recall else ""
    return recall or spec.call.get(language, "")


def is_chinese(language: str) -> bool:
    return language.startswith("zh")


def _spoken_digit_names(language: str, spec: VoiceSpec) -> tuple[str, ...]:
    names = tuple(tr(language, "0 1 2 3 4 5 6 7 8 9", context="spoken").split())
    return tuple(_YAO if name == _YI else name for name in names) if spec.yao else names


def _spoken_call_parts(announcement: Announcement, language: str, spec: VoiceSpec) -> SpokenCallParts:
    return spoken_call_parts(
        announcement, chinese=is_chinese(language), digit_names=_spoken_digit_names(language, spec)
    )


def _fill_spoken_template(template: str, language: str, parts: SpokenCallParts, hall: str) -> str:
    window = parts.window
    if parts.is_numbered:
        window = tr(language, "window {window}", context="spoken", window=window)
    zone = f", {parts.zone}" if parts.zone else ""
    # Spaces around what is put in: an engine changes the tone of a digit that stands right before a word.
    fields = {"ticket": f" {parts.ticket} ", "window": f" {window} ", "zone": zone, "hall": f" {hall} "}
    said = _BEFORE_A_PAUSE.sub("", space_chinese_from_latin(text_for_speech(template).format(**fields)))
    return _NOTHING_BEFORE.sub("", _PAUSES_IN_A_ROW.sub("", " ".join(said.split())))


def _fill_displayed_template(
    template: str, language: str, announcement: Announcement, zone: str, *, is_numbered: bool
) -> str:
    window = announcement.window
    if is_numbered:
        window = tr(language, "window {window}", context="call", window=window)
    before_zone = "，" if is_chinese(language) else ", "
    fields = {
        "ticket": announcement.ticket,
        "window": window,
        "zone": f"{before_zone}{zone}" if zone else "",
        "hall": hall_name_in_language(announcement, chinese=is_chinese(language)),
    }
    shown = template.format(**fields)
    if is_chinese(language):
        shown = space_chinese_from_latin(shown)
    return _SIGNS_IN_A_ROW.sub("", " ".join(shown.split()))


COMMAND = (sys.executable, "-m", "queuedesk.voice.process")
REPLY_S = 2.5
"""How long an answer may take before the process counts as hung; the next link needs the rest of 3 s."""
START_S = 10.0
"""How long a start may take on a slow PC; until then calls go to the next link and the process is left alone."""
RETRY_S = 60.0
"""How long an engine that could not be started, or died twice without a word between, is left alone."""

_DEATHS_IN_A_ROW = 2

Answers = queue.SimpleQueue[dict[str, Any] | None]


class EngineProcess:
    """The first link of the chain. Used by one thread; only `close` may come from any."""

    name: LinkName = "pyttsx3"
    plays = sys.platform == "win32"
    """Whether the child plays too: winsound has no program of its own."""

    def __init__(self, command: Sequence[str] = COMMAND, *, reply_s: float = REPLY_S) -> None:
        self._command = tuple(command)
        self._reply_s = reply_s
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_closed = False
        self._answers: Answers = queue.SimpleQueue()
        self._voices: tuple[VoiceListedByEngine, ...] = ()
        self._is_ready = False
        self._is_slow = False
        self._started_s = 0.0
        self._deaths = 0
        self._rests_until_s = 0.0
        self._request_id = 0
        self._speed_pct = USUAL_PCT
        self.restarts = 0
        """How often it died or hung and was replaced."""
        self._fault: str | None = None

    def take_fault(self) -> str | None:
        """Return once how an engine that had worked before failed, "died" or "hung"; None if it did not."""
        fault, self._fault = self._fault, None
        return fault

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the child unless it runs or pauses after a failure; returns at once, before it is ready."""
        with self._lock:
            if self._is_closed or self._child is not None or time.monotonic() < self._rests_until_s:
                return
            try:
                command = (*self._command, *((str(self._speed_pct),) if self._speed_pct != USUAL_PCT else ()))
                self._child = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    bufsize=0,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError:
                self._rests_until_s = time.monotonic() + RETRY_S
                return
            self._is_ready = self._is_slow = False
            self._started_s = time.monotonic()
            self._answers = queue.SimpleQueue()
            heard = partial(_forward_lines, self._child, self._answers)
            WatchedThread(heard, f"voice {self._child.pid}", again_s=None).start()

    def languages(self) -> tuple[str, ...]:
        """Return the languages it can speak, none if it is not there; waits for the start, at most the reply time."""
        try:
            self._start_and_await_ready(time.monotonic() + self._reply_s)
        except OutsideError:
            return ()
        return languages_with_voice(self._voices)

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> None:
        """Write `text` to `path`. Raises OutsideError "no_engine", "no_voice", "voice_hung" or "voice_silent". A change
        of speed restarts espeak's process, because a running one does not change it safely."""
        if speed_pct != self._speed_pct:
            self._speed_pct = speed_pct
            if are_espeak_voices(self._voices):
                self._end_child()
        deadline_s = time.monotonic() + self._reply_s
        self._start_and_await_ready(deadline_s)
        voice = voice_id_for_language(language, self._voices)
        if voice is None:
            raise OutsideError("no_voice", language=language)
        self._send_request({"text": text, "voice": voice, "path": str(path), "speed": speed_pct}, deadline_s)

    def play(self, path: Path, length_s: float) -> bool:
        """Play a wav in the child (Windows only); return whether it was played."""
        try:
            self._start_and_await_ready(time.monotonic() + self._reply_s)
            self._send_request({"play": str(path)}, time.monotonic() + length_s + GRACE_S)
        except OutsideError:
            return False
        return True

    def stop(self) -> None:
        """Stop what is playing, and the child with it."""
        self.close()

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            if self._child is not None:
                _end_process(self._child)

    def _start_and_await_ready(self, deadline_s: float) -> None:
        self.start()
        if self._child is None:
            raise OutsideError("no_engine")
        if self._is_ready:
            return
        try:
            # Waited for once; afterwards only looked at, or every text of every call would wait again.
            answer = self._next_answer(0.0 if self._is_slow else deadline_s)
        except queue.Empty:
            self._is_slow = True
            if time.monotonic() - self._started_s > START_S:
                self._replace_child()
            raise OutsideError("voice_hung") from None
        if answer is None or "voices" not in answer:
            self._deaths = _DEATHS_IN_A_ROW
            self._replace_child()
            raise OutsideError("no_engine")
        self._voices = tuple(VoiceListedByEngine(name, tuple(tags)) for name, tags in answer["voices"])
        self._is_ready = True

    def _send_request(self, request: dict[str, Any], deadline_s: float) -> None:
        self._request_id += 1
        child = self._child
        if child is None or child.stdin is None:
            raise OutsideError("no_engine")
        try:
            child.stdin.write(json.dumps({"id": self._request_id, **request}).encode() + b"\n")
            answer = self._next_answer(deadline_s)
        except queue.Empty:
            self._fault = HUNG
            self._replace_child()
            raise OutsideError("voice_hung") from None
        except (OSError, ValueError) as error:  # the child has ended, or was closed by another thread just now
            self._fault = DIED
            self._replace_child()
            raise OutsideError("no_engine") from error
        if answer is None or answer.get("id") != self._request_id:
            self._fault = DIED
            self._replace_child()
            raise OutsideError("no_engine")
        if answer["code"] is None:
            self._deaths = 0
            return
        if answer["code"] != "no_voice":  # an engine that went wrong once is not asked again
            self._fault = HUNG if answer["code"] == "voice_hung" else DIED
            self._replace_child()
        raise OutsideError(answer["code"], link=self.name)

    def _next_answer(self, deadline_s: float) -> dict[str, Any] | None:
        """Return the child's next line, None when it has ended. Raises queue.Empty at the deadline."""
        return self._answers.get(timeout=max(0.0, deadline_s - time.monotonic()))

    def _end_child(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            _end_process(child)

    def _replace_child(self) -> None:
        """Kill the child, wait for its end, and start the next one unless it keeps dying."""
        self._end_child()
        self.restarts += 1
        self._deaths += 1
        if self._deaths >= _DEATHS_IN_A_ROW:
            self._deaths = 0
            self._rests_until_s = time.monotonic() + RETRY_S
        self.start()


def _forward_lines(child: subprocess.Popen[bytes], answers: Answers) -> None:
    """Pass on every line of the child; None stands for its end."""
    assert child.stdout is not None
    try:
        with child.stdout as lines:
            for line in lines:
                answers.put(json.loads(line))
    finally:  # Also of a child that says what is no answer: it is replaced.
        answers.put(None)


def _end_process(child: subprocess.Popen[bytes]) -> None:
    """Kill the child, also one that is stopped or hangs, and wait for its end."""
    child.kill()
    child.wait()
    if child.stdin is not None:
        child.stdin.close()


# -- the chain of engines that can speak, tried in order until one gives a sound -------------------------------------


class SpeechLink(Protocol):
    """One way to turn a text into a wav file."""

    @property
    def name(self) -> LinkName: ...

    def start(self) -> None: ...

    def languages(self) -> tuple[str, ...]: ...

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> None: ...

    def close(self) -> None: ...


class VoiceChain:
    """Recorded words where there are any, pyttsx3 in its process, then espeak-ng. Used by one thread; only `close` may
    come from any."""

    def __init__(self, links: Sequence[SpeechLink] | None = None, *, clips: Path | None = None) -> None:
        """`clips` is the folder of recordings; it may come to be later."""
        recorded = (RecordedClips(clips),) if clips is not None else ()
        self._links: tuple[SpeechLink, ...] = (
            (*recorded, EngineProcess(), EspeakCommandEngine()) if links is None else (*recorded, *links)
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def links(self) -> tuple[SpeechLink, ...]:
        return self._links

    def start(self) -> None:
        """Start the links that need a start; returns at once."""
        for link in self._links:
            link.start()

    def available_languages(self) -> tuple[str, ...]:
        """Return the languages that at least one link can speak."""
        spoken = {language for link in self._links for language in link.languages()}
        return tuple(language for language in LANGUAGES if language in spoken)

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> LinkName | None:
        """Write `text` to `path` and return the name of the link that spoke, None when none could."""
        for link in self._links:
            try:
                link.synthesise(text, language, path, speed_pct)
            except OutsideError:
                continue
            return link.name
        return None

    @property
    def restarts(self) -> int:
        """How often an engine's process died or hung and was replaced."""
        return sum(link.restarts for link in self._links if isinstance(link, EngineProcess))

    def take_fault(self) -> str | None:
        """Return once how an engine's process that had worked before failed; None if none did."""
        faults = [link.take_fault() for link in self._links if isinstance(link, EngineProcess)]
        return next((fault for fault in faults if fault), None)

    def link_position(self, name: LinkName) -> int:
        """Return a link's position in the chain, 0 for the preferred one."""
        return [link.name for link in self._links].index(name)

    def close(self) -> None:
        for link in self._links:
            link.close()


def write_call_sound_and_get_voice(
    announcement: Announcement, language: str, path: Path, chain: VoiceChain
) -> LinkName:
    """Write a call as one wav, spoken once and not played; return the name of the link that spoke. Raises OutsideError
    "voice_silent" when no link speaks `language`; no file is left then."""
    link = chain.synthesise(spoken_call_phrase(announcement, language), language, path)
    if link is None:
        path.unlink(missing_ok=True)
        raise OutsideError("voice_silent", language=language)
    return link
