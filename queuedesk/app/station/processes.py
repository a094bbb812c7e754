"""Starts this program again as another process: another window, or a command."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from queuedesk.core.errors import OutsideError


def program_words() -> list[str]:
    """Return the command that starts this program, without its words."""
    return [sys.executable, "-m", "queuedesk"]


def program_environment() -> dict[str, str]:
    """Return this process's environment, in which the program is found wherever it was started from."""
    root = str(Path(__file__).resolve().parents[3])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])}


def start_process(words: Sequence[str]) -> None:
    """Start another window of this program as a process of its own. Raises OutsideError "cannot_write" when the system
    refuses."""
    try:
        subprocess.Popen(
            [*program_words(), *words],
            env=program_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise OutsideError("cannot_write", path=sys.executable) from error


class Background:
    """A command of this program beside this process: no window, nobody waits for it, and it goes on when this process
    ends."""

    def __init__(self, words: Sequence[str]) -> None:
        """Start it. Raises OutsideError "cannot_write" when the system refuses."""
        # A file takes whatever it prints; a pipe would hold it up.
        self._printed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
        try:
            self._process = subprocess.Popen(
                [*program_words(), *words],
                env=program_environment(),
                stdin=subprocess.DEVNULL,
                stdout=self._printed,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._printed.close()
            raise OutsideError("cannot_write", path=sys.executable) from error

    def answer(self) -> str | None:
        """Return what it printed once it has ended, None before; ask no more after that."""
        if self._process.poll() is None:
            return None
        self._printed.seek(0)
        with self._printed as file:
            return file.read().decode("utf-8", errors="replace")
