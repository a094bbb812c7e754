"""Starts what serves a hall with its PC, sharing or web pages: as a service of the system, else at log-in."""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from queuedesk.app.station.processes import environment_with_pythonpath, program_command
from queuedesk.app.this_pc import settings
from queuedesk.core.errors import OutsideError

HOST, WEB, HEALTH = settings.HOST, settings.WEB, settings.HEALTH
_SERVES = {HOST: "a hall shared with other PCs", WEB: "a hall's web pages", HEALTH: "a hall's health for a monitor"}
_MOST_FILES = 65_536
"""A page that shows what changes keeps a connection open, and so does each other PC."""
_ROOT = Path(__file__).resolve().parents[3]
_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME")
"""Where this PC's choices and halls are, where somebody says so: a service is not told by itself."""
_SYSTEMD_RUNS = Path("/run/systemd/system")
# In a unit's line a percent sign and a dollar are doubled; in double quotes a backslash and a quote are escaped as in
# C.
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%", "$": "$$"})


def has_systemd() -> bool:
    return sys.platform == "linux" and _SYSTEMD_RUNS.is_dir()


def add_to_autostart(words: Sequence[str], name: str = HOST, *, systemd: bool | None = None) -> Path:
    """Start HOST, or the web pages of a hall ("web-" and more), with the PC by the command `words`; return the file for
    it. Raises OutsideError "cannot_write"."""
    if has_systemd() if systemd is None else systemd:
        file, wanted = _systemd_unit_file(name), _systemd_wants_link(name)
        try:
            for folder in (file.parent, wanted.parent):
                folder.mkdir(parents=True, exist_ok=True)
            file.write_text(systemd_unit_text([*program_command(), *words], name, is_system=_is_root()), "utf-8")
            wanted.unlink(missing_ok=True)
            wanted.symlink_to(file)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(file)) from error
        if systemd is None:
            _reload_systemd_enable_linger()
        return file
    if sys.platform == "darwin":
        file = settings.autostart_file(name)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(launch_agent_plist_bytes([*program_command(), *words], name))
        except OSError as error:
            raise OutsideError("cannot_write", path=str(file)) from error
        return file
    settings.add_start_entry(name, words)
    return settings.autostart_file(name)


def remove_from_autostart(name: str = HOST, *, systemd: bool | None = None) -> None:
    """Stop starting it with the PC. Raises OutsideError "cannot_write"."""
    settings.remove_start_entry(name)
    file = _systemd_unit_file(name)
    if not file.exists():
        return
    try:
        _systemd_wants_link(name).unlink(missing_ok=True)
        file.unlink(missing_ok=True)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(file)) from error
    if systemd is None:
        _reload_systemd_enable_linger()


def entry(name: str = HOST) -> Path | None:
    return next((file for file in (_systemd_unit_file(name), settings.autostart_file(name)) if file.exists()), None)


def systemd_unit_text(command: Sequence[str], name: str = HOST, *, is_system: bool) -> str:
    """Return a systemd unit that runs a command, for the whole PC or for this user as soon as the PC runs."""
    line = " ".join(f'"{word.translate(_ESCAPES)}"' for word in command)
    own = {"PYTHONPATH": environment_with_pythonpath()["PYTHONPATH"].split(os.pathsep)[0]}
    own |= {name: os.environ[name] for name in _FOLDERS if os.environ.get(name)}
    return (
        f"[Unit]\nDescription=QueueDesk: {_SERVES[name.partition('-')[0]]}\nStartLimitIntervalSec=0\n"
        + ("Wants=network-online.target\nAfter=network-online.target\n" if is_system else "")
        + f"\n[Service]\nType=simple\nExecStart={line}\nWorkingDirectory={str(_ROOT).replace('%', '%%')}\n"
        + "".join(f'Environment="{name}={value.translate(_ESCAPES)}"\n' for name, value in own.items())
        # Only the host itself is told to end: it lets its server write everything first.
        + f"Restart=on-failure\nRestartSec=2\nKillMode=mixed\nTimeoutStopSec=90\nLimitNOFILE={_MOST_FILES}\n"
        + f"\n[Install]\nWantedBy={_systemd_target(is_system=is_system)}\n"
    )


def launch_agent_plist_bytes(command: Sequence[str], name: str = HOST) -> bytes:
    """Return a macOS launch agent: started at log-in, and again whenever it ends with an error."""
    return plistlib.dumps(
        {
            "Label": f"queuedesk-{name}",
            "ProgramArguments": list(command),
            "WorkingDirectory": str(_ROOT),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
        }
    )


def systemd_service_name(name: str) -> str:
    """Return what systemd calls it."""
    return f"queuedesk-{name}.service"


def _systemd_unit_file(name: str) -> Path:
    return _systemd_unit_folder() / systemd_service_name(name)


def _systemd_wants_link(name: str) -> Path:
    return _systemd_unit_folder() / f"{_systemd_target(is_system=_is_root())}.wants" / _systemd_unit_file(name).name


def _systemd_unit_folder() -> Path:
    if _is_root():
        return Path("/etc/systemd/system")
    return settings.autostart_folder("linux").with_name("systemd") / "user"


def _systemd_target(*, is_system: bool) -> str:
    return "multi-user.target" if is_system else "default.target"


def _is_root() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


def _reload_systemd_enable_linger() -> None:
    """Reload systemd and enable this user's services without a log-in; if that fails, the next start does it."""
    own = ["systemctl", "daemon-reload"] if _is_root() else ["systemctl", "--user", "daemon-reload"]
    for words in (own, *([] if _is_root() else [["loginctl", "enable-linger"]])):
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(words, check=False, capture_output=True, stdin=subprocess.DEVNULL, timeout=15)
