"""What this PC shows on its screens and opens at log-in, changed by commands and a page. What opens by itself is a file
for each station in the system's place."""

from __future__ import annotations

import os
import plistlib
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from queuedesk import paths
from queuedesk.app.station import screens
from queuedesk.app.station.own_hall import store_environment_password
from queuedesk.app.station.processes import program_command, start_detached_program_process
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import (
    HALL_SCREENS,
    KEYS,
    Monitor,
    ScreenSpec,
    ScreenState,
    parse_screen_row,
    screen_command_line,
    screen_size_mm,
    screen_spec_row,
    staff_stations,
)
from queuedesk.stations.home import this_pc_page
from queuedesk.stations.home.controller import ThisPcActions
from queuedesk.stations.window.context import StationServices

SCREENS = "screens"
"""The name under which all screens of this PC open."""
HOST = "host"
"""The name under which a shared hall opens: no station, and not to be put in place of one."""
WEB = "web"
"""The same for web pages, of each hall under a name of its own that begins so."""
HEALTH = "health"
"""The same for what tells a monitor whether all is well."""
_STEM = "queuedesk"
_ROOT = Path(__file__).resolve().parents[3]


def autostart_folder(platform: str = sys.platform) -> Path:
    """Return the folder that the system reads at log-in."""
    if platform == "win32":
        roaming = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
        return roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
    if platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents"
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return config / "autostart"


def autostart_file(name: str, platform: str = sys.platform) -> Path:
    """Return the file of a station; "" stands for the one that earlier versions wrote for any station."""
    ending = {"win32": ".cmd", "darwin": ".plist"}.get(platform, ".desktop")
    return autostart_folder(platform) / f"{'-'.join(filter(None, (_STEM, name)))}{ending}"


def names_opened_at_start(platform: str = sys.platform) -> list[str]:
    """Return the names of the stations that open with the PC; "" stands for one of an earlier version."""
    ending = autostart_file("", platform).suffix
    found = sorted(file.stem for file in autostart_folder(platform).glob(f"{_STEM}*{ending}"))
    names = [stem.removeprefix(_STEM).removeprefix("-") for stem in found]
    return [name for name in names if name.partition("-")[0] not in (HOST, WEB, HEALTH)]


def add_start_entry(name: str, words: Sequence[str], platform: str = sys.platform) -> None:
    """Open the command line `words` with the PC, under that name. Raises OutsideError "cannot_write"."""
    file = autostart_file(name, platform)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(start_entry_content([*program_command(), *words], name, platform))
    except OSError as error:
        raise OutsideError("cannot_write", path=str(file)) from error


def remove_start_entry(name: str, platform: str = sys.platform) -> None:
    """Stop opening it with the PC; nothing happens if it did not. Raises OutsideError "cannot_write"."""
    file = autostart_file(name, platform)
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(file)) from error


def start_entry_content(command: Sequence[str], name: str, platform: str) -> bytes:
    """Return the text of the file for a command; it runs from this program's place, installed or not."""
    if platform == "win32":
        # Outside of quotation marks "&" would begin another command.
        is_bare = re.compile(r"[^\s\"]*[&|<>^()][^\s\"]*").fullmatch
        words = (f'"{word}"' if is_bare(word) else subprocess.list2cmdline([word]) for word in command)
        lines = (f'@cd /d "{_ROOT}"', f'@start "" {" ".join(words)}')
        return _batch_file_bytes_of_lines(*(line.replace("%", "%%") for line in lines))
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


def _batch_file_bytes_of_lines(*lines: str) -> bytes:
    """Return a file of commands as cmd.exe reads it: in the code page of the system, or, where a folder's name has
    letters that this lacks, in UTF-8 after a line that says so."""
    try:
        return "".join(f"{line}\r\n" for line in lines).encode("oem")
    except (LookupError, UnicodeEncodeError):
        return "".join(f"{line}\r\n" for line in ("@chcp 65001 >nul", *lines)).encode()


PARTS = ("media", "clips")
"""Folders in the user's data folder: pictures and films for the display, recorded words for the voice."""


def connected_monitors() -> list[Monitor]:
    """Return the screens now, none where no window could be opened."""
    if not isinstance(QApplication.instance(), QApplication):
        return []
    return [
        Monitor(
            number=n,
            name=one.name(),
            width_px=round(one.geometry().width() * one.devicePixelRatio()),
            height_px=round(one.geometry().height() * one.devicePixelRatio()),
            said_mm=round(one.physicalSize().width()),
        )
        for n, one in enumerate(screens.screens_left_to_right(), start=1)
    ]


def screen_states(there: Sequence[Monitor] | None = None) -> list[ScreenState]:
    """Return every screen that is connected or configured, from left to right, those not connected last."""
    there = connected_monitors() if there is None else there
    rows = config.load_config().screens
    found = []
    for one in there:
        spec = next((spec for spec in rows if one.has_this_number_or_name(spec.screen)), None)
        found.append(ScreenState(monitor=one, spec=spec, size_mm=screen_size_in_mm(spec, one)))
    gone = [spec for spec in rows if not any(one.has_this_number_or_name(spec.screen) for one in there)]
    return [*found, *(ScreenState(monitor=None, spec=spec) for spec in gone)]


def change_screen_choices(screen: str, changes: Mapping[str, Any]) -> ScreenSpec:
    """Change only the named choices of a screen. Raises RuleError "bad_value", OutsideError "cannot_write"."""
    rows = config.load_config().screens
    before = next((spec for spec in rows if spec.screen == screen), None)
    after = parse_screen_row({**(screen_spec_row(before) if before is not None else {}), **changes, "screen": screen})
    kept = tuple(after if spec is before else spec for spec in rows) if before is not None else (*rows, after)
    config.update_config({"screens": kept})
    return after


def stop_using_screen(screen: str) -> None:
    """Stop showing anything of the hall there; the station that fills it now leaves. Raises RuleError "bad_value",
    OutsideError "cannot_write"."""
    spec = _required_spec_of_named_screen(screen)
    screens.announce_screen_claim(spec.screen, "")
    config.update_config(
        {"screens": tuple(each for each in config.load_config().screens if each is not spec and each != spec)}
    )


def open_configured_screens(before: Sequence[str], screen: str | None = None) -> list[ScreenSpec]:
    """Open what the screens show, each in a watched process; return what was opened. `before` are words that name the
    hall. A PC without configured screens shows the display on its first. Raises RuleError "bad_value", OutsideError
    "cannot_write"."""
    specs = [_required_spec_of_named_screen(screen)] if screen is not None else list(config.load_config().screens)
    for spec in specs:
        start_detached_program_process([*before, *screen_command_line(spec)])
    if not specs:
        start_detached_program_process([*before, "display", "--kept"])
    return specs


def screen_size_in_mm(spec: ScreenSpec | None, monitor: Monitor) -> tuple[float, float] | None:
    """Return a screen's measured size, else its own information where that is plausible; None where nobody knows."""
    measured = screen_size_mm(spec.size, monitor.width_px, monitor.height_px) if spec is not None else None
    if measured is None and monitor.said_mm in screens.LIKELY_WIDTHS_MM:
        return float(monitor.said_mm), monitor.said_mm * monitor.height_px / monitor.width_px
    return measured


def media_or_clips_folder(part: str) -> Path:
    """Return the folder of pictures and films ("media") or recorded words ("clips")."""
    chosen: str = getattr(config.load_config(), f"{part}_folder")
    return Path(chosen) if chosen else paths.data_folder() / part


def set_open_at_start(name: str, words: Sequence[str] | None) -> None:
    """Open a station with the PC, or stop doing so (None). Raises OutsideError "cannot_write". All screens and a single
    station of the hall would share a monitor, so the last request replaces the other. The password of a server that the
    words name is stored where the database's driver looks for it, and in no file that opens programs."""
    if words is None:
        remove_start_entry(name)
        return
    store_environment_password(words)
    stems = {each: each.partition("-")[0] for each in names_opened_at_start()}
    for other, stem in stems.items():
        if (name == SCREENS and stem in HALL_SCREENS) or (stem == SCREENS and name.partition("-")[0] in HALL_SCREENS):
            remove_start_entry(other)
    add_start_entry(name, words)


def replace_autostart_stations(stations: Sequence[Sequence[str]]) -> None:
    """Let these stations, given as command lines, open with the PC instead of those before them; the PC's screens stay
    as they are. Raises OutsideError."""
    for name in names_opened_at_start():
        if name != SCREENS:
            remove_start_entry(name)
    for words in stations:
        set_open_at_start(_autostart_name(words), words)


def autostart_names() -> list[str]:
    return names_opened_at_start()


def screen_documents(setup: Setup | None = None) -> list[dict[str, Any]]:
    """Return every screen as a document: monitor, what it shows, and its reach in the hall of `setup`."""
    return [_screen_document(one, setup) for one in screen_states()]


def _screen_document(one: ScreenState, setup: Setup | None) -> dict[str, Any]:
    monitor, spec = one.monitor, one.spec
    row: dict[str, Any] = dict.fromkeys(KEYS) if spec is None else screen_spec_row(spec)
    size = one.size_mm
    far = (
        this_pc_page.reading_distance_m(spec, monitor, size, setup)
        if spec is not None and monitor is not None and size
        else None
    )
    return {
        **row,
        "screen": one.screen_number_or_name,
        "name": monitor.name if monitor is not None else None,
        "pixels": f"{monitor.width_px}x{monitor.height_px}" if monitor is not None else None,
        "width_mm": round(size[0]) if size else None,
        "readable_m": round(far, 1) if far is not None else None,
    }


def this_pc_settings_functions() -> ThisPcActions:
    from queuedesk.app.services import printers

    return ThisPcActions(
        shown=screen_states,
        change=change_screen_choices,
        remove=stop_using_screen,
        open=open_configured_screens,
        opening=autostart_names,
        open_at_start=set_open_at_start,
        folder=lambda part: str(media_or_clips_folder(part)),
        choose_folder=lambda part, path: config.update_config({f"{part}_folder": path}),
        printer=lambda: config.load_config().printer,
        services=StationServices(printers=printers, folder=config.ensure_data_folder),
    )


def _autostart_name(words: Sequence[str]) -> str:
    """Return the name under which a station's command line opens with the PC."""
    station = next(word for word in words if word in (*staff_stations(), *HALL_SCREENS, SCREENS))
    place = next((words[words.index(each) + 1] for each in ("--window", "--screen") if each in words), "")
    return f"{station}-{place}" if place else station


def _required_spec_of_named_screen(screen: str) -> ScreenSpec:
    rows = config.load_config().screens
    for spec in rows:
        if spec.screen == screen:
            return spec
    raise RuleError("bad_value", field="screen", value=screen, why="not_a_choice", limit=[spec.screen for spec in rows])
