"""What opens by itself when somebody logs in at this PC: a file for each station, where the system looks for them."""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from queuedesk.app.station.processes import program_words
from queuedesk.core.errors import OutsideError

SCREENS = "screens"
"""The name under which all screens of this PC open."""
HOST = "host"
"""The name under which a shared hall opens: no station, and not to be put in place of one."""
_STEM = "queuedesk"
_ROOT = Path(__file__).resolve().parents[3]


def entry_folder(platform: str = sys.platform) -> Path:
    """Return the folder that the system reads at log-in."""
    if platform == "win32":
        roaming = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
        return roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
    if platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents"
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return config / "autostart"


def entry_file(name: str, platform: str = sys.platform) -> Path:
    """Return the file of a station; "" stands for the one that earlier versions wrote for any station."""
    ending = {"win32": ".cmd", "darwin": ".plist"}.get(platform, ".desktop")
    return entry_folder(platform) / f"{_STEM}-{name}{ending}" if name else entry_folder(platform) / f"{_STEM}{ending}"


def names(platform: str = sys.platform) -> list[str]:
    """Return the names of the stations that open with the PC; "" stands for one of an earlier version."""
    ending = entry_file("", platform).suffix
    found = sorted(file.stem for file in entry_folder(platform).glob(f"{_STEM}*{ending}"))
    return [name for stem in found if (name := stem.removeprefix(_STEM).removeprefix("-")) != HOST]


def add(name: str, words: Sequence[str], platform: str = sys.platform) -> None:
    """Open the command line `words` with the PC, under that name. Raises OutsideError "cannot_write"."""
    file = entry_file(name, platform)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content([*program_words(), *words], name, platform))
    except OSError as error:
        raise OutsideError("cannot_write", path=str(file)) from error


def remove(name: str, platform: str = sys.platform) -> None:
    """Stop opening it with the PC; nothing happens if it did not. Raises OutsideError "cannot_write"."""
    file = entry_file(name, platform)
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(file)) from error


def content(command: Sequence[str], name: str, platform: str) -> bytes:
    """Return the text of the file for a command; it runs from this program's place, installed or not."""
    if platform == "win32":
        return f'@cd /d "{_ROOT}"\r\n@start "" {subprocess.list2cmdline(command)}\r\n'.encode()
    if platform == "darwin":
        agent = {
            "Label": f"{_STEM}-{name}",
            "ProgramArguments": list(command),
            "WorkingDirectory": str(_ROOT),
            "RunAtLoad": True,
            # What the command has started goes on when it ends.
            "AbandonProcessGroup": True,
        }
        return plistlib.dumps(agent)
    # In a desktop entry a percent sign is doubled and a backslash escaped once more.
    line = shlex.join(command).replace("\\", "\\\\").replace("%", "%%")
    return f"[Desktop Entry]\nType=Application\nName=QueueDesk {name}\nPath={_ROOT}\nExec={line}\n".encode()
