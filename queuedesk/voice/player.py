"""Plays a sound by another program and trusts its exit status alone; any thread may end it at once."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class Program:
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
        """End the program that runs and let no other begin."""
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


class Player:
    """Plays one sound at a time by the first program of `commands` that succeeds. `stop` may come from any thread."""

    def __init__(self, commands: Sequence[Sequence[str]] = COMMANDS, *, grace_s: float = GRACE_S) -> None:
        self._commands = [tuple(command) for command in commands]
        self._grace_s = grace_s
        self._program = Program()
        self._fault: str | None = None
        self._worked: set[str] = set()

    def take_fault(self) -> str | None:
        """Return once how a program that had played before went wrong, "died" or "hung"; None when none did."""
        fault, self._fault = self._fault, None
        return fault

    @property
    def name(self) -> str | None:
        """The first program that is installed, or None when there is none."""
        return next((command[0] for command in self._commands if shutil.which(command[0])), None)

    def play(self, path: Path, length_s: float) -> bool:
        """Play a wav of `length_s` seconds to its end; return whether a program said that it did.

        A program that somebody killed plays once more from the beginning. One that refuses at once (no server, no
        device) makes room for the next one. One that hung or was stopped does not: the hall would wait as long again.
        """
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
        """End what is playing; nothing can be played afterwards."""
        self._program.kill()


def has_player() -> bool:
    """Whether this PC can play sounds: by a program, or on Windows by itself."""
    return sys.platform == "win32" or Player().name is not None
