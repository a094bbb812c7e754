"""Starts this program again as another process, a window or a command. A line at its standard input tells a process
when its opener has gone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from queuedesk.core.errors import OutsideError
from queuedesk.watch import WatchedThread

LEAVES_TOO = "QUEUEDESK_LEAVES_TOO"
"""In the environment of a process that was opened with such a line."""


def call_when_opener_exits(told: Callable[[], object]) -> None:
    """Call `told` on another thread once the process that opened this one has gone or let go of the line; never in one
    that was opened without it."""
    # Not handed on: what this process starts itself stays when it ends.
    if os.environ.pop(LEAVES_TOO, None) is not None:
        WatchedThread(partial(_call_when_stdin_ends, told), "company", again_s=None).start()


def _call_when_stdin_ends(told: Callable[[], object]) -> None:
    # Read without Python's buffer: its lock, held by a daemon thread, would hang the end of the interpreter.
    line = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
    try:
        while os.read(line, 64):
            pass
    finally:
        told()


def program_command() -> list[str]:
    """Return the command that starts this program, without its words; on Windows it opens no console beside it."""
    program = Path(sys.executable)
    without_console = program.with_stem(f"{program.stem.removesuffix('w')}w")
    is_there = sys.platform == "win32" and without_console.is_file()
    return [str(without_console) if is_there else sys.executable, "-m", "queuedesk"]


def environment_with_pythonpath() -> dict[str, str]:
    """Return this process's environment, extended so that the program is found from any working folder."""
    root = str(Path(__file__).resolve().parents[3])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])}


def start_detached_program_process(words: Sequence[str]) -> None:
    """Start another window of this program as its own process. Raises OutsideError "cannot_write" if refused."""
    try:
        subprocess.Popen(
            [*program_command(), *words],
            env=environment_with_pythonpath(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise OutsideError("cannot_write", path=sys.executable) from error


class BackgroundCommand:
    """A command of this program beside this process: without a window, not waited for, and it goes on when this process
    ends. With `has_line` it can tell that this happened, and that nobody wants it any more (`let_go`)."""

    def __init__(self, words: Sequence[str], *, has_line: bool = False) -> None:
        """Start it. Raises OutsideError "cannot_write" when the system refuses."""
        # A file takes whatever it prints; a pipe would hold it up.
        self._printed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
        try:
            self._process = subprocess.Popen(
                [*program_command(), *words],
                env=environment_with_pythonpath() | ({LEAVES_TOO: "1"} if has_line else {}),
                stdin=subprocess.PIPE if has_line else subprocess.DEVNULL,
                stdout=self._printed,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._printed.close()
            raise OutsideError("cannot_write", path=sys.executable) from error

    def output_if_ended(self) -> str | None:
        """Return what it printed once it has ended, None before; don't ask again after that."""
        if self._process.poll() is None:
            return None
        self.signal_unwanted()
        self._printed.seek(0)
        with self._printed as file:
            return file.read().decode("utf-8", errors="replace")

    def signal_unwanted(self) -> None:
        """Let it know that nobody waits for it any more."""
        if self._process.stdin is not None:
            self._process.stdin.close()


# -- stations that end with the demo that opened them --------------------------------------------------------------


def start_station_process(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """Open a station that ends when this process does, also when this one is killed."""
    return subprocess.Popen(
        [*program_command(), *words], env={**environment_with_pythonpath(), LEAVES_TOO: "1"}, stdin=subprocess.PIPE
    )
