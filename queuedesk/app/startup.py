"""What opens by itself when this PC starts: one file where the system looks for it."""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from queuedesk.app.processes import program_words
from queuedesk.core.errors import OutsideError


def startup_file(platform: str = sys.platform) -> Path:
    """Return the file that the system reads at log-in."""
    if platform == "win32":
        roaming = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
        return roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup" / "queuedesk.cmd"
    if platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / "queuedesk.plist"
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return config / "autostart" / "queuedesk.desktop"


def open_at_start(words: Sequence[str] | None, platform: str = sys.platform) -> None:
    """Let the command line `words` open with the PC; None takes it away. Raises OutsideError "cannot_write"."""
    file = startup_file(platform)
    try:
        if words is None:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content([*program_words(), *words], platform))
    except OSError as error:
        raise OutsideError("cannot_write", path=str(file)) from error


def content(command: Sequence[str], platform: str) -> bytes:
    """Return what the file holds for a command."""
    if platform == "win32":
        return f'@start "" {subprocess.list2cmdline(command)}\r\n'.encode()
    if platform == "darwin":
        return plistlib.dumps({"Label": "queuedesk", "ProgramArguments": list(command), "RunAtLoad": True})
    # In a desktop entry a percent sign is doubled and a backslash escaped once more.
    line = shlex.join(command).replace("\\", "\\\\").replace("%", "%%")
    return f"[Desktop Entry]\nType=Application\nName=QueueDesk\nExec={line}\n".encode()
