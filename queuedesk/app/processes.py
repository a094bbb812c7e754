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


def start_process(words: Sequence[str]) -> None:
    """Start another window of this program as a process of its own. Raises OutsideError "cannot_write" when the system refuses."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        subprocess.Popen(
            [*program_words(), *words],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise OutsideError("cannot_write", path=sys.executable) from error
