"""Runs another program to its end; any thread may end it at once."""

import subprocess
import threading
from collections.abc import Sequence


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
