"""The engines that turn a text into a WAV file: pyttsx3 and espeak-ng, and their voice for each language."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from queuedesk.core.errors import OutsideError
from queuedesk.voice.player import Program

# Chooses an engine's voice for each language.

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
    """pyttsx3 as far as it can be trusted: one engine per process, one thread, one text per run, always into a file.

    Its say() reports success without a sound card, two texts in one run lose the first, and a second engine hangs the
    first one. So there is one of these in a child process that can be killed, and nothing but wav files leave it.
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
    """espeak-ng run once per text: no state that could go wrong, so it stands behind the engine process."""

    name: LinkName = "espeak-ng"

    def __init__(self, command: str = "espeak-ng") -> None:
        self._command = command
        self._program = Program()
        self._languages: tuple[str, ...] | None = None

    def start(self) -> None:
        """Nothing to prepare."""

    def languages(self) -> tuple[str, ...]:
        """Return the languages it can speak, none when it is not installed."""
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
        """End what runs; may come from any thread."""
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
