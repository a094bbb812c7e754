"""How this program is started again from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from queuedesk.core.errors import OutsideError


def program_words() -> list[str]:
    """Return the command that starts this program, without its words."""
    return [sys.executable, "-m", "queuedesk"]


def program_environment() -> dict[str, str]:
    """Return this process's environment, in which the program is found wherever it was started from."""
    root = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])}


def start_process(words: Sequence[str]) -> None:
    """Start another window of this program as a process of its own. Raises OutsideError "cannot_write" when the system refuses."""
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
