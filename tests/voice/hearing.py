"""A sound card of our own that can be listened to, and finding a known sound in what was heard."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import numpy as np
from msgspec.structs import replace

from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.core.talk.announcement import Announcement
from queuedesk.voice.saying import SpeakingResult, VoiceManner
from queuedesk.voice.sound import RATE_HZ, Samples, samples_of_values
from tests.bounded import PATIENCE_S, until

# Without norewinds and with a long latency the monitor loses the first second of what is played.
SERVER = (
    *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes"),
    *("-L", "module-native-protocol-unix"),
    *("-L", "module-null-sink sink_name=hall rate=44100 channels=1 norewinds=true"),
    *("-L", "module-null-sink sink_name=office rate=44100 channels=1 norewinds=true"),
)
RECORDER = ("parec", "--latency-msec=50", "--raw", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1 norewinds=true")
DONE = (sys.executable, "-c", "")
REFUSES = (sys.executable, "-c", "raise SystemExit(1)")
HANGS = (sys.executable, "-c", "import threading; threading.Event().wait()")


def call(seq: int = 1, ticket: str = "B031", window: str = "3", recall: int = 0) -> Announcement:
    """Return a call with the way in both languages."""
    return replace(short_call(seq, ticket, window, recall), zone="左侧 A 区", zone_en="left, area A")


def short_call(seq: int = 1, ticket: str = "B031", window: str = "3", recall: int = 0) -> Announcement:
    """Return a call without a way."""
    return Announcement(seq, ticket, window, None, recall, datetime(2026, 3, 2, 1, 30, tzinfo=UTC))


def manner(*languages: str, gap_s: float = 20.0, minute: int = 600, **spec: Any) -> Callable[[], VoiceManner]:
    """Return what asks how to speak: these languages, and whatever a hall has chosen."""
    chosen = VoiceManner(languages=languages, spec=VoiceSpec(**spec), minute=minute, gap_s=gap_s)
    return lambda: chosen


class Reports:
    """Collects reports and lets a test wait for a number of them."""

    def __init__(self, wanted: int) -> None:
        self.so_far: list[SpeakingResult] = []
        self._wanted = wanted
        self._all = threading.Event()

    def __call__(self, spoken: SpeakingResult) -> None:
        self.so_far.append(spoken)
        if len(self.so_far) == self._wanted:
            self._all.set()

    def wait(self) -> list[SpeakingResult]:
        """Return the reports once there are as many as wanted."""
        assert self._all.wait(PATIENCE_S), self.so_far
        return self.so_far


@contextmanager
def sound_card(folder: Path) -> Iterator[None]:
    """Give this process and its children a sound card without a speaker."""
    folder.chmod(0o700)
    with (
        patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)),
        subprocess.Popen(SERVER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server,
    ):
        try:
            while subprocess.run(("pactl", "info"), capture_output=True).returncode:
                assert server.poll() is None, "the sound server did not start"
                time.sleep(0.05)
            yield
        finally:
            server.terminate()


class Recording:
    """Collects what a sound card is given, from now until `end`."""

    def __init__(self, sink: str) -> None:
        line = (*RECORDER, "-d", f"{sink}.monitor")
        self._recorder = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._given = cast(BufferedReader, self._recorder.stdout)
        self._heard = bytearray(self._given.read(2))  # it runs once it gives its first sample
        self._began_s = time.monotonic()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    @property
    def length_s(self) -> float:
        return len(self._heard) // 2 / RATE_HZ

    def since(self, start_s: float) -> Samples:
        """Return what was heard from `start_s` on until now: a busy machine hands on later what was played."""
        now_s = time.monotonic() - self._began_s
        until(lambda: self.length_s >= now_s)
        return self._so_far(start_s)

    def _so_far(self, start_s: float) -> Samples:
        first = round(start_s * RATE_HZ) * 2
        return samples_of_values(np.frombuffer(bytes(self._heard[first : len(self._heard) // 2 * 2]), "<i2").tolist())

    def end(self) -> Samples:
        self.since(0.0)
        with self._recorder:
            self._recorder.terminate()
            self._listener.join()
        return self._so_far(0.0)

    def _listen(self) -> None:
        while some := self._given.read1(65536):
            self._heard.extend(some)


@dataclass(frozen=True)
class Match:
    """A place where a sound was heard; `likeness` is 1 for the very same sound at any loudness."""

    likeness: float
    start_s: float
    end_s: float


def likeness(sound: Samples, heard: Samples) -> np.ndarray:
    """Return the normalised cross-correlation of `sound` with `heard` at every place where it could begin."""
    there, wanted = np.asarray(heard, float), np.asarray(sound, float)
    size = 1 << (there.size + wanted.size).bit_length()
    product = np.fft.irfft(np.fft.rfft(there, size) * np.fft.rfft(wanted, size).conj(), size)
    energy = np.concatenate([[0.0], np.cumsum(there**2)])
    around = energy[wanted.size :] - energy[: -wanted.size]
    found: np.ndarray = product[: around.size] / np.sqrt(np.maximum(around, 1.0) * (wanted**2).sum())
    return found


def find_all(sound: Samples, heard: Samples, *, at_least: float = 0.9) -> list[Match]:
    """Return where `sound` was heard, in order of time."""
    alike = likeness(sound, heard)
    places = np.flatnonzero(alike >= at_least)
    groups = np.split(places, np.flatnonzero(np.diff(places) > len(sound) // 2) + 1) if places.size else []
    starts = [int(group[alike[group].argmax()]) for group in groups]
    return [Match(float(alike[at]), at / RATE_HZ, (at + len(sound)) / RATE_HZ) for at in starts]
