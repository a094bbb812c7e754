"""Sounds: as files with their length and loudness, joined into one, and played by another program."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import threading
import wave
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from msgspec import Struct

from queuedesk.core.errors import OutsideError
from queuedesk.files.reading import LARGEST_SOUND, read_program_file
from queuedesk.files.writing import open_for_atomic_write

if TYPE_CHECKING:
    # At work only with the first sound of another rate or kind: 15 MB, and the voices and the chime have none of it.
    import numpy as np
    import numpy.typing as npt

Samples: TypeAlias = "array[int]"
"""A sound's samples of 16 bits, mono, at RATE_HZ."""
Wave: TypeAlias = "npt.NDArray[np.float64]"

RATE_HZ = 22050
"""The rate of what is joined: that of espeak-ng and of the Windows voices."""

_SAMPLE_BYTES = 2
_FULL_PCT = 100
_LOUDEST = 32767
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_OUR_SHAPE = (_PCM, 1, RATE_HZ, _SAMPLE_BYTES)
_FORMAT_BYTES, _EXTENSIBLE_BYTES = 16, 40
_RATES_HZ = range(4000, 400_000)
_MOST_CHANNELS = 8
_QUIET_SHARE = 0.01
"""What is below this share of a sound's loudest sample counts as silence."""


class PauseBetweenSounds(Struct, frozen=True):
    """A pause between two sounds."""

    length_s: float


def read_wav(path: Path) -> Samples:
    """Return a wav file as mono samples at RATE_HZ, whatever its rate, channels and depth. Raises OutsideError
    "sound_unreadable" when the file is missing, empty or of another kind."""
    try:
        body, shape = _wav_body_and_format(read_program_file(path, LARGEST_SOUND))
        samples = (
            _samples_from_wav_bytes(body)
            if shape == _OUR_SHAPE
            else _resample_to_program_rate(*_mix_channels(body, *shape))
        )
    except (OSError, ValueError, struct.error) as error:
        raise OutsideError("sound_unreadable", path=str(path)) from error
    if not samples:
        raise OutsideError("sound_unreadable", path=str(path))
    return samples


def write_wav(parts: Iterable[Samples | PauseBetweenSounds], path: Path) -> float:
    """Write the parts one after another as one wav file and return its length in seconds. Raises RuleError "own_file";
    OutsideError "cannot_write"."""
    joined = joined_samples(parts)
    with open_for_atomic_write(path, private=False) as raw, wave.open(raw, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_SAMPLE_BYTES)
        file.setframerate(RATE_HZ)
        file.writeframes(_samples_from_wav_bytes(joined.tobytes()).tobytes())
    return sound_length_s(joined)


def joined_samples(parts: Iterable[Samples | PauseBetweenSounds]) -> Samples:
    joined = samples_of_values()
    for part in parts:
        if isinstance(part, PauseBetweenSounds):
            joined.frombytes(bytes(round(part.length_s * RATE_HZ) * _SAMPLE_BYTES))
        else:
            joined.extend(part)
    return joined


def sound_length_s(samples: Samples) -> float:
    return len(samples) / RATE_HZ


def quieter_sound(samples: Samples, volume_pct: int) -> Samples:
    """Return a sound at `volume_pct` percent of its loudness."""
    if volume_pct == _FULL_PCT:
        return samples
    return samples_of_values([int(sample * volume_pct / _FULL_PCT) for sample in samples])


def without_silent_ends(samples: Samples, *, keep_s: float = 0.02) -> Samples:
    """Return a sound without the silence before and after it, except for `keep_s`."""
    loudest = peak_amplitude(samples)
    if not loudest:
        return samples[:0]
    quiet = loudest * _QUIET_SHARE
    first = next(at for at, sample in enumerate(samples) if abs(sample) > quiet)
    last = next(at for at in reversed(range(len(samples))) if abs(samples[at]) > quiet)
    keep = round(keep_s * RATE_HZ)
    return samples[max(0, first - keep) : last + keep + 1]


def peak_amplitude(samples: Samples) -> int:
    """Return how loud a sound's loudest sample is, 0 for silence."""
    return max(max(samples, default=0), -min(samples, default=0))


def samples_of_values(values: Iterable[int] = ()) -> Samples:
    """Return these values as samples. Raises OverflowError for what does not fit into 16 bits."""
    return array("h", values)


def _samples_from_wav_bytes(content: bytes) -> Samples:
    """Return samples in the order of bytes of a wav file as this PC's, or the other way round."""
    samples = samples_of_values()
    samples.frombytes(content[: len(content) // _SAMPLE_BYTES * _SAMPLE_BYTES])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _wav_body_and_format(content: bytes) -> tuple[bytes, tuple[int, int, int, int]]:
    """Return the sound in a wav file, and its shape as `_read_format` does. Raises ValueError, struct.error."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise ValueError("not a wav file")
    shape: tuple[int, int, int, int] | None = None
    at = 12
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        body = content[at + 8 : at + 8 + size]
        if name == b"fmt ":
            shape = _read_format(body)
        elif name == b"data" and shape is not None:
            return body, shape
        at += 8 + size + size % 2
    raise ValueError("no sound in it")


def _read_format(body: bytes) -> tuple[int, int, int, int]:
    """Return kind, channels, rate and bytes a sample of a "fmt " chunk. Raises ValueError for what nobody records."""
    kind, channels, rate_hz, _per_second, _block, bits = struct.unpack_from("<HHIIHH", body)
    if kind == _EXTENSIBLE and len(body) >= _EXTENSIBLE_BYTES:
        (kind,) = struct.unpack_from("<H", body, 24)
    is_known = (kind == _PCM and bits in (8, 16, 24, 32)) or (kind == _FLOAT and bits == 32)
    if not is_known or not 1 <= channels <= _MOST_CHANNELS or rate_hz not in _RATES_HZ:
        raise ValueError("a wav file of another kind")
    return kind, channels, rate_hz, bits // 8


def _mix_channels(body: bytes, kind: int, channels: int, rate_hz: int, width: int) -> tuple[Wave, int]:
    """Return samples with all channels mixed, and their rate."""
    import numpy as np

    whole = body[: len(body) // (channels * width) * channels * width]
    if kind == _FLOAT:
        flat = np.frombuffer(whole, "<f4").astype(np.float64) * _LOUDEST
    elif width == 1:
        flat = (np.frombuffer(whole, np.uint8).astype(np.float64) - 128) * 256
    elif width == 3:
        bytes_each = np.frombuffer(whole, np.uint8).reshape(-1, 3)
        # The upper two bytes are the sample at 16 bits.
        flat = np.ascontiguousarray(bytes_each[:, 1:]).view("<i2").ravel().astype(np.float64)
    else:
        flat = np.frombuffer(whole, f"<i{width}").astype(np.float64) / (1 if width == _SAMPLE_BYTES else 65536)
    return flat.reshape(-1, channels).mean(axis=1), rate_hz


def _resample_to_program_rate(samples: Wave, rate_hz: int) -> Samples:
    """Return samples of another rate at RATE_HZ, without what would fold into what is heard."""
    import numpy as np

    if rate_hz != RATE_HZ and samples.size:
        size = max(1, round(samples.size * RATE_HZ / rate_hz))
        spectrum = np.fft.rfft(samples)
        fitted = np.zeros(size // 2 + 1, complex)
        kept = min(spectrum.size, fitted.size)
        fitted[:kept] = spectrum[:kept]
        samples = np.fft.irfft(fitted, size) * (size / samples.size)
    return samples_from_wave(samples)


def samples_from_wave(wave: Wave) -> Samples:
    """Return samples that were worked out, each as the nearest that 16 bits can hold."""
    import numpy as np

    samples = samples_of_values()
    samples.frombytes(np.clip(np.round(wave), -_LOUDEST - 1, _LOUDEST).astype(np.int16).tobytes())
    return samples


class KillableProgram:
    """Runs one program at a time; `kill` ends it and every later one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._is_killed = False

    def run(self, command: Sequence[str], timeout_s: float) -> int | None:
        """Return the exit status, or None when it could not be started, took longer than `timeout_s` or was killed."""
        with self._lock:
            if self._is_killed:
                return None
            try:
                running = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            except OSError:
                return None
            self._running = running
        try:
            status = running.wait(timeout_s)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            return None
        return None if self._is_killed else status

    def kill(self) -> None:
        """Kill the running program and let no other start."""
        with self._lock:
            self._is_killed = True
            if self._running is not None and self._running.poll() is None:
                self._running.kill()


DIED, HUNG = "died", "hung"
"""How a program that worked before went wrong: it ended in the middle, or gave no sign any more."""
GRACE_S = 3.0
"""What a player may take beyond the length of its sound before it counts as hung."""

COMMANDS: tuple[tuple[str, ...], ...] = (
    (("afplay",),) if sys.platform == "darwin" else (("paplay",), ("aplay", "-q"), ("pw-play",))
)


class SoundPlayer(Protocol):
    """Plays one wav at a time; only `stop` may come from another thread."""

    @property
    def name(self) -> str | None: ...

    def play(self, path: Path, length_s: float) -> bool: ...

    def stop(self) -> None: ...


class WavPlayer:
    """Plays one sound at a time by the first program of `commands` that succeeds. `stop` may come from any thread."""

    def __init__(self, commands: Sequence[Sequence[str]] = COMMANDS, *, grace_s: float = GRACE_S) -> None:
        self._commands = [tuple(command) for command in commands]
        self._grace_s = grace_s
        self._program = KillableProgram()
        self._fault: str | None = None
        self._worked: set[str] = set()

    def take_fault(self) -> str | None:
        """Return once how a program that had worked before failed, "died" or "hung"; None if none did."""
        fault, self._fault = self._fault, None
        return fault

    @property
    def name(self) -> str | None:
        """The first program that is installed, or None when there is none."""
        return next((command[0] for command in self._commands if shutil.which(command[0])), None)

    def play(self, path: Path, length_s: float) -> bool:
        """Play a wav of `length_s` seconds to its end; return whether a program reported that it did. After a
        killed program it plays once more from the beginning. After one that refuses at once (no server, no device) the
        next one is tried, but not after one that hung or was stopped: the hall would wait as long again."""
        for command in self._commands:
            if not shutil.which(command[0]):
                continue
            status = self._program.run([*command, str(path)], length_s + self._grace_s)
            if status is not None and status < 0:
                self._fault = DIED
                status = self._program.run([*command, str(path)], length_s + self._grace_s)
            if status is None:
                self._fault = HUNG
                return False
            if status == 0:
                self._worked.add(command[0])
                return True
            if command[0] in self._worked:
                self._fault = DIED
        return False

    def stop(self) -> None:
        """Stop what is playing; nothing can be played afterwards."""
        self._program.kill()


CARDS = Path("/dev/snd")
"""Where Linux has a file for each output of a sound card."""


def can_this_pc_play_sounds() -> bool:
    """Whether this PC has a program that plays sounds, or on Windows none is needed, and an output to play them on."""
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.winmm.waveOutGetNumDevs())
    return WavPlayer().name is not None and _has_sound_output()


def _has_sound_output() -> bool:
    """Whether there is a sound card, or somebody has set up another place to which a sound server sends its sounds; a
    server takes them without either, and plays them to nobody."""
    if not sys.platform.startswith("linux"):
        return True
    return any(CARDS.glob("pcm*p")) or any(name.startswith("PULSE_") for name in os.environ)
