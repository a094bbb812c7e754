"""Make resources/sounds from nothing but sines: chime, knock, tick and click (needs numpy; the WAV are committed)."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SOUNDS = Path(__file__).resolve().parent.parent / "resources" / "sounds"
RATE_HZ = 22050  # that of what a voice says: joined with it as it is, and no tone here comes near its limit
PEAK = 0.6  # of full scale: loud halls turn the speaker up, nothing may clip

Wave = NDArray[np.float64]


def tone(hertz: float, seconds: float, *, attack_s: float = 0.004, decay: float = 5.0, overtone: float = 0.0) -> Wave:
    """Return a sine that dies away; `decay` is how many times e it has fallen at its end."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    sound = np.sin(2 * np.pi * hertz * time) + overtone * np.sin(4 * np.pi * hertz * time)
    shape = np.minimum(1.0, time / attack_s) * np.exp(-decay * time / seconds)
    # The last milliseconds go to silence, else the end is heard as a click of its own.
    tail = np.minimum(1.0, (seconds - time) / min(0.01, seconds / 4))
    return np.asarray(sound * shape * tail, dtype=np.float64)


def chime() -> Wave:
    """Return the call's two tones, the second lower: 660 then 528 Hz, 0.6 s in all."""
    sound = np.zeros(round(0.6 * RATE_HZ))
    for start_s, hertz, seconds in ((0.0, 660.0, 0.42), (0.24, 528.0, 0.36)):
        part = tone(hertz, seconds, overtone=0.25)
        start = round(start_s * RATE_HZ)
        sound[start : start + len(part)] += part[: len(sound) - start]
    return sound


def sounds() -> dict[str, Wave]:
    """Return every sound by its file's name, as samples of any height."""
    return {
        "chime": chime(),
        "knock": tone(180, 0.08, attack_s=0.002, decay=6, overtone=0.4),
        "tick": tone(220, 0.12, decay=4),
        "click": tone(1000, 0.02, attack_s=0.001, decay=4),
    }


def write(path: Path, sound: Wave) -> None:
    """Write `sound` as 16 bit mono, its highest sample at PEAK."""
    samples = np.round(sound / np.max(np.abs(sound)) * PEAK * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())


def main() -> None:
    SOUNDS.mkdir(parents=True, exist_ok=True)
    for name, sound in sounds().items():
        write(SOUNDS / f"{name}.wav", sound)


if __name__ == "__main__":
    main()
