"""A kept station comes back when it dies or hangs, and stays closed when somebody closed it: with real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from queuedesk.app.station.station_process import screen_is_there
from queuedesk.desk import looking
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.hall import Hall, hall_of_today

ROOT = Path(__file__).resolve().parents[3]
BACK_WITHIN_S = 2.0

# A keeper as the program runs it, but quicker to lose its patience; what it keeps is the same program.
KEEPER = """
import sys
from queuedesk.app.station import station_process as keeper
patience = keeper.Patience(hung=4, opening=30, longest=3, well=60, farewell=15)
sys.exit(keeper.Keeper(sys.argv[2:], sys.argv[1], patience).keep())
"""

# The same keeper, of a station whose window is closed while something else of it waits for ever.
CLOSED_BUT_THERE = r"""
import sys
from queuedesk.app.station import station_process as keeper
station = '''
import sys, time
from PySide6.QtCore import QTimer
from queuedesk.app.station import wiring
start = wiring.Station.start
def closed_soon(self):
    start(self)
    self._stops.append(lambda: time.sleep(600))
    QTimer.singleShot(500, self.window, self.window.close_anyway)
wiring.Station.start = closed_soon
from queuedesk.__main__ import main
sys.exit(main())
'''
keeper.program_words = lambda: [sys.executable, "-c", station]
patience = keeper.Patience(hung=4, opening=30, pause=0.2, longest=3, well=60, farewell=15)
sys.exit(keeper.Keeper(sys.argv[2:], sys.argv[1], patience).keep())
"""


class Kept:
    """A keeper's process. `starts` are the process numbers of its stations so far, from its log."""

    def __init__(self, home: Path, *words: str, script: str | None = None) -> None:
        own = {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(home), "APPDATA": str(home), "XDG_DATA_HOME": str(home)}
        start = [sys.executable, "-c", script, "station"] if script else [sys.executable, "-m", "queuedesk"]
        self.process = subprocess.Popen(
            [*start, *words],
            env={**os.environ, **own, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._log = home / "queuedesk" / "log"

    @property
    def told(self) -> list[str]:
        return [
            line for file in sorted(self._log.glob("*.keeper.log")) for line in file.read_text("utf-8").splitlines()
        ]

    @property
    def starts(self) -> list[int]:
        return [int(line.split("process ")[1].split()[0]) for line in self.told if " started" in line]

    def after(self, n: int) -> int:
        """Wait for the `n`th station and return its process."""
        until(lambda: len(self.starts) >= n)
        return self.starts[n - 1]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.communicate(timeout=PATIENCE_S)
        finally:
            self.process.kill()
            for station in self.starts:
                if is_alive(station):
                    os.kill(station, signal.SIGKILL)


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def causes(hall: Hall) -> list[tuple[str, str | None]]:
    return [(e.data["state"], e.data["cause"]) for e in looking.events_after(hall.desk, 0) if e.kind == "device"]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return hall_of_today(tmp_path)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Callable[..., Kept]]:
    running: list[Kept] = []

    def start(*words: str, script: str | None = None) -> Kept:
        running.append(Kept(tmp_path, *words, script=script))
        return running[-1]

    yield start
    for each in running:
        each.end()


@pytest.mark.journey
def test_a_display_that_is_killed_told_to_end_by_a_signal_of_its_own_or_hangs_comes_back(
    hall: Hall, kept: Callable[..., Kept]
) -> None:
    """Within two seconds where it was killed. The log says why it was down; ended by a signal to who keeps it, it stays
    ended, cleanly."""
    one = kept("--db", str(hall.path), "display", script=KEEPER)
    first = one.after(1)
    until(lambda: causes(hall) == [("up", None)])

    os.kill(first, signal.SIGKILL)
    with Stopwatch() as took:
        second = one.after(2)
    until(lambda: causes(hall)[1:] == [("down", "crashed"), ("up", None)])
    assert took.s < BACK_WITHIN_S
    time.sleep(5)
    assert one.starts == [first, second], "what answers is left alone"

    os.kill(second, signal.SIGTERM)
    third = one.after(3)
    until(lambda: causes(hall)[3:] == [("down", "stopped"), ("up", None)])

    os.kill(third, signal.SIGSTOP)
    fourth = one.after(4)
    until(lambda: len(causes(hall)) == 7)
    assert causes(hall)[5:] == [("down", "hung"), ("up", None)]

    one.process.terminate()
    assert one.process.wait(PATIENCE_S) == 0
    assert [station for station in (first, second, third, fourth) if is_alive(station)] == []
    assert causes(hall)[7:] == [("down", "stopped")]


@pytest.mark.journey
def test_a_refused_station_is_not_tried_again(hall: Hall, kept: Callable[..., Kept]) -> None:
    one = kept("--db", str(hall.path), "--lang", "en", "plate", "--window", "99", "--kept")
    _out, said = one.process.communicate(timeout=PATIENCE_S)

    assert (one.process.returncode, len(one.starts)) == (1, 1)
    assert "There is no window 99" in said


@pytest.mark.journey
def test_a_station_that_was_closed_and_does_not_end_is_not_opened_again(hall: Hall, kept: Callable[..., Kept]) -> None:
    """A printer that is slow, or a folder on a server that is away, can hold a process back long after its window has
    gone."""
    one = kept("--db", str(hall.path), "plate", "--window", "1", script=CLOSED_BUT_THERE)

    assert one.process.wait(PATIENCE_S) == 0
    (first,) = one.starts
    assert not is_alive(first)


@pytest.mark.journey
def test_a_station_that_dies_at_once_is_given_longer_and_longer_pauses(
    tmp_path: Path, kept: Callable[..., Kept]
) -> None:
    """A word that is none ends the process with 2, as a broken installation would, and nobody did that on purpose."""
    began = time.monotonic()
    one = kept("no-such-station", script=KEEPER)
    one.after(4)
    took_s = time.monotonic() - began
    one.process.send_signal(signal.SIGINT)

    assert one.process.wait(PATIENCE_S) == 0
    assert took_s > 0.5 + 1 + 2


def test_a_screen_server_that_is_gone_is_seen(tmp_path: Path) -> None:
    place = tmp_path / "wayland-7"
    desktop = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-7"}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        assert screen_is_there(desktop)

    assert not screen_is_there(desktop)
    assert not screen_is_there({"DISPLAY": ":7919"})
    assert screen_is_there({"DISPLAY": "far.example:0"}), "nobody can tell"
    assert screen_is_there({"DISPLAY": ":7919", "QT_QPA_PLATFORM": "offscreen"})
