"""Sounds as files: how long they are, and several joined into one."""

import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from queuedesk.core.errors import OutsideError

Samples = npt.NDArray[np.int16]

RATE_HZ = 22050
"""The rate of what is joined: that of espeak-ng and of the Windows voices."""

_SAMPLE_BYTES = 2
_FULL_PCT = 100


@dataclass(frozen=True, slots=True)
class Silence:
    """A pause between two sounds."""

    length_s: float


def read(path: Path) -> Samples:
    """Return a 16-bit wav file as mono samples at RATE_HZ.

    Raises:
        OutsideError: "sound_unreadable" when the file is missing, empty or of another kind.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != _SAMPLE_BYTES:
                raise OutsideError("sound_unreadable", path=str(path))
            channels, rate_hz = file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise OutsideError("sound_unreadable", path=str(path)) from error
    samples = np.frombuffer(frames, "<i2").reshape(-1, channels).mean(axis=1)
    if not samples.size:
        raise OutsideError("sound_unreadable", path=str(path))
    wanted = np.arange(round(samples.size * RATE_HZ / rate_hz)) * rate_hz / RATE_HZ
    return np.interp(wanted, np.arange(samples.size), samples).astype(np.int16)


def quieter(samples: Samples, volume_pct: int) -> Samples:
    """Return a sound at `volume_pct` percent of its loudness."""
    return (
        samples if volume_pct == _FULL_PCT else (samples.astype(np.float64) * volume_pct / _FULL_PCT).astype(np.int16)
    )


def write(parts: Iterable[Samples | Silence], path: Path) -> float:
    """Write the parts one after another as one wav file and return its length in seconds.

    Raises:
        OutsideError: "cannot_write".
    """
    joined = np.concatenate(
        [np.zeros(round(part.length_s * RATE_HZ), np.int16) if isinstance(part, Silence) else part for part in parts]
    )
    try:
        with path.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(_SAMPLE_BYTES)
            file.setframerate(RATE_HZ)
            file.writeframes(joined.astype("<i2").tobytes())
    except OSError as error:
        raise OutsideError("cannot_write", path=str(path)) from error
    return joined.size / RATE_HZ
