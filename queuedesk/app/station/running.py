"""The stations that run on this PC: each leaves a note of itself under a lock, and does what home orders.

Notes, locks and orders are files in a folder beside this PC's settings. The lock says whether the station runs, however
it ended; its note stays for the rest of the day, so that home can open it again."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from PySide6.QtCore import QObject

from queuedesk.app.station import screens
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.core.talk.screen import AWAY, CLOSED, RUNNING, RunningStation
from queuedesk.files.reading import parse_json_safely, read_program_file
from queuedesk.files.writing import FileLock, write_private_file
from queuedesk.stations.widgets.panels import repeating_timer, screen_under_widget
from queuedesk.stations.window.frame import OnePageWindow
from queuedesk.store.engine.address import is_server_address, url_without_password

FRONT, CLOSE = "front", "close"
HOME = "home"
LOOK_MS = 300
MOST_OF_A_NAME = 20
ASKED_S, STEP_S = 0.3, 0.05
"""Whoever asks whether a station runs holds its lock for a moment; so long a station that begins tries again."""
KEPT_FOR = timedelta(hours=20)
"""A closed station is listed until the next day."""


class RunningWindowNote(QObject):
    """One window's note, for as long as it runs. `start` and `stop` are for the GUI thread. `facts()` gives what the
    note says besides: fields of RunningStation. An order to close is a person's press on the window's own cross: a
    counter that serves asks first."""

    def __init__(
        self,
        frame: OnePageWindow,
        name: str,
        hall: tuple[str, str | None],
        facts: Callable[[], Mapping[str, Any]],
        clock: Callable[[], datetime],
    ) -> None:
        """`name` is the station's, `hall` the address or path of its database and the hall's code."""
        super().__init__(frame)
        self._frame, self._facts, self._clock = frame, facts, clock
        place = _place_without_password(hall[0])
        self._fixed = {"place": place, "pid": os.getpid(), "opened": clock().isoformat()}
        self._stem = f"{crc32('|'.join((place, hall[1] or '', name)).encode()):08x}"
        self._lock: FileLock | None = None
        self._key, self._said = "", ""
        self._missing, self._since = "", clock().isoformat()
        self._timer = repeating_timer(self, LOOK_MS, self.write_note_and_obey_order)

    def start(self, *, only: bool = False) -> bool:
        """Announce the window; return whether it is the first of its name. With `only` no other is noted."""
        for n in range(1, 2 if only else MOST_OF_A_NAME):
            key = f"{self._stem}-{n}"
            lock = FileLock(_note_file(key, "lock"))
            try:
                is_free = _try_repeatedly_to_take_lock(lock)
            except OSError:  # Where nothing can be written, home knows of no station.
                return True
            if is_free:
                self._key, self._lock = key, lock
                _note_file(key, "order").unlink(missing_ok=True)
                self._write_note_if_changed()
                self._timer.start()
                return n == 1
        return False

    def stop(self) -> None:
        """Say that the window was closed; asked twice it does nothing more."""
        self._timer.stop()
        if self._lock is not None:
            self._write_note_if_changed(closed=self._clock().isoformat())
            self._lock.release()
            self._lock = None

    def write_note_and_obey_order(self) -> None:
        """Say what is other than before, and do what was ordered."""
        self._write_note_if_changed()
        order = _note_file(self._key, "order")
        try:
            wanted = read_program_file(order).decode()
            order.unlink()
        except (OSError, ValueError):
            return
        self._frame.bring_to_front()
        if wanted == CLOSE:
            self._frame.close()

    def _write_note_if_changed(self, **more: str) -> None:
        facts = self._facts()
        if facts.get("missing", "") != self._missing:
            self._missing, self._since = facts["missing"], self._clock().isoformat()
        note = json.dumps({**self._fixed, "since": self._since, **facts, **more}, ensure_ascii=False)
        if note != self._said:
            self._said = note
            with suppress(OutsideError):
                write_private_file(_note_file(self._key, "json"), note.encode())


def stations_that_ran_here_today(place: str, now: datetime) -> list[RunningStation]:
    """Return the stations of a database that run on this PC or did so today, as they were opened."""
    found, place = [], _place_without_password(place)
    for file in _note_folder().glob("*.json"):
        note = _read_json_note(file)
        if note is None:
            continue
        runs = _is_station_running(file.stem)
        since = _parse_moment(note.get("since"))
        if not runs:
            fell = "closed" not in note
            since = _parse_moment(note.get("closed")) or datetime.fromtimestamp(file.stat().st_mtime, now.tzinfo)
            if now - since > KEPT_FOR:
                with suppress(OSError):
                    file.unlink()
                continue
        if note.get("place") != place or note.get("station") == HOME:
            continue
        missing = str(note.get("missing", ""))
        one = RunningStation(
            key=file.stem,
            station=str(note.get("station", "")),
            window=str(note.get("window", "")),
            words=tuple(str(word) for word in note.get("words", ())),
            state=CLOSED if not runs else AWAY if missing else RUNNING,
            who=str(note.get("who", "")),
            screen=str(note.get("screen", "")),
            is_full=bool(note.get("is_full")),
            missing=missing,
            since=since,
            fell=not runs and fell,
        )
        found.append((str(note.get("opened", "")), one))
    return [one for _opened, one in sorted(found, key=lambda each: (each[0], each[1].key))]


def write_front_or_close_order(key: str, what: str) -> None:
    """Bring a station to the front (FRONT), or close it (CLOSE): an order to close that it has not read yet stands.
    Raises OutsideError "cannot_write"."""
    note = _read_json_note(_note_file(key, "json"))
    if note is not None and sys.platform == "win32":
        import ctypes

        # The system lets a window come forward only for whom the one in front allows it.
        ctypes.windll.user32.AllowSetForegroundWindow(int(note.get("pid", 0)))
    if what == CLOSE or not _note_file(key, "order").exists():
        write_private_file(_note_file(key, "order"), what.encode())


def bring_home_to_front(place: str) -> bool:
    """Bring the home of a database to the front; whether there is one."""
    place = _place_without_password(place)
    for file in _note_folder().glob("*.json"):
        note = _read_json_note(file)
        if (
            note is not None
            and note.get("station") == HOME
            and note.get("place") == place
            and _is_station_running(file.stem)
        ):
            with suppress(OutsideError):
                write_front_or_close_order(file.stem, FRONT)
                return True
    return False


def monitor_number_under_window_text(frame: OnePageWindow) -> str:
    """Return the number of the monitor that a window stands on, "" on a PC of one."""
    there = screens.screens_left_to_right()
    on = screen_under_widget(frame)
    return str(there.index(on) + 1) if len(there) > 1 and on in there else ""


def _place_without_password(place: str) -> str:
    """Return a database's address without its password, or its file's whole path."""
    return url_without_password(place) if is_server_address(place) else str(Path(place).absolute())


def _note_folder() -> Path:
    return config.config_file().with_name("running")


def _note_file(key: str, ending: str) -> Path:
    return _note_folder() / f"{key}.{ending}"


def _read_json_note(file: Path) -> dict[str, Any] | None:
    try:
        found = parse_json_safely(read_program_file(file))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _is_station_running(key: str) -> bool:
    return FileLock(_note_file(key, "lock")).is_taken()


def _try_repeatedly_to_take_lock(lock: FileLock) -> bool:
    until = time.monotonic() + ASKED_S
    while not lock.try_to_take():
        if time.monotonic() >= until:
            return False
        time.sleep(STEP_S)
    return True


def _parse_moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
