"""Stations of a PC: each on its own of several monitors, and one that shows and speaks where there is no network."""

import os
import shutil
import socket
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.desk import looking
from queuedesk.desk.talk import announcing, devices
from queuedesk.desk.talk.announcing import AnnouncementReport
from queuedesk.voice.engines import VoiceChain
from tests.app.wall import LEFT, RIGHT, Wall
from tests.bounded import PATIENCE_S, until
from tests.hall import Hall, hall_of_today
from tests.offline import ways
from tests.processes import ROOT, Loaded, ran

ON_THE_LEFT, ON_THE_RIGHT = (0, 0, 1280, 720), (1280, 0, 1280, 720)


class Pc:
    """A PC with two monitors; `run` is a command on it that ends by itself, `open` one that stays."""

    def __init__(self, hall: Hall, home: Path) -> None:
        self.hall, self.wall = hall, Wall()
        self.wall.plug("LEFT", LEFT, "screen")
        self.wall.plug("RIGHT", RIGHT)
        self._own = {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home), "PYTHONPATH": str(ROOT)}
        self._own |= {**self.wall.environment, "DBUS_SESSION_BUS_ADDRESS": ""}
        self._opened: list[Loaded] = []
        self._log = home / "queuedesk" / "log"

    def _line(self, words: tuple[str, ...]) -> list[object]:
        return ["-m", "queuedesk", "--db", self.hall.path, "--lang", "en", *words]

    def run(self, *words: str) -> str:
        done = ran(*self._line(words), **self._own)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def open(self, *words: str) -> Loaded:
        self._opened.append(Loaded(self._line(words), {**os.environ, **self._own}))
        return self._opened[-1]

    def known(self) -> dict[str, str]:
        """Return how each device of the hall stands: "up", or why it does not."""
        rows = devices.device_rows(self.hall.desk)
        return {f"{row['device']} {row['station']}": row["cause"] or "up" for row in rows}

    def stop(self) -> None:
        for each in self._opened:
            if each.poll() is None:
                each.terminate()
        for each in self._opened:
            each.communicate()
        self.wall.stop()


@pytest.fixture
def pc(tmp_path: Path) -> Iterator[Pc]:
    found = Pc(hall_of_today(tmp_path), tmp_path / "home")
    yield found
    found.stop()


@pytest.mark.journey
def test_each_station_stays_on_its_monitor_and_goes_and_comes_with_it_until_another_takes_it_over(pc: Pc) -> None:
    assert "2  RIGHT  1280x720  Display" in pc.run("screen", "set", "2", "size=55")
    display = pc.open("display", "--screen", "2")
    pc.open("plate", "--window", "1", "--screen", "1")
    until(lambda: pc.wall.windows("Hall display") == [ON_THE_RIGHT])
    until(lambda: pc.wall.windows("Window plate") == [ON_THE_LEFT])
    until(lambda: pc.known() == {"display display-2": "up", "plate plate-1": "up"})
    pc.wall.unplug("RIGHT")
    until(lambda: pc.wall.windows("Hall display") == [])
    until(lambda: pc.known().get("screen display-2") == "unplugged")
    assert pc.known()["display display-2"] == "up", "it waits for its monitor"
    pc.wall.plug("RIGHT", RIGHT)
    until(lambda: pc.wall.windows("Hall display") == [ON_THE_RIGHT])
    until(lambda: pc.known()["screen display-2"] == "up")
    pc.open("plate", "--window", "2", "--screen", "RIGHT")
    assert display.wait() == 0
    until(lambda: sorted(pc.wall.windows("Window plate")) == [ON_THE_LEFT, ON_THE_RIGHT])
    until(lambda: pc.wall.windows("Hall display") == [])
    assert pc.known()["display display-2"] == "stopped"


@pytest.mark.journey
def test_a_hall_that_is_not_there_yet_is_waited_for(pc: Pc, tmp_path: Path) -> None:
    """As after a power cut, when the disk or the network comes later than the screen."""
    away = tmp_path / "away.sqlite"
    pc.hall.desk.db.dispose()
    shutil.move(pc.hall.path, away)
    pc.open("display", "--screen", "2")
    until(lambda: pc.wall.windows("Hall display") == [ON_THE_RIGHT])
    shutil.move(away, pc.hall.path)
    until(lambda: pc.known() == {"display display-2": "up"})
    # Not at once: what looks for windows finds none where one goes meanwhile, here the one that waited.
    until(lambda: pc.wall.windows("Hall display") == [ON_THE_RIGHT])
    assert looking.setup_of_hall(pc.hall.desk).hall.code


CONNECT = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)"
NULL_PLAYER = '#!/bin/sh\ncp "$1" "{heard}/$(basename "$1")"\n'
SHORTEST_CALL_S = 2.0


def length_s(file: Path) -> float:
    with wave.open(str(file), "rb") as sound:
        return sound.getnframes() / sound.getframerate()


@pytest.mark.parametrize("way", ways(), ids=lambda way: Path(way[0]).name)
def test_nothing_gets_through(way: Sequence[str]) -> None:
    """A door that stands open on this PC is found without the cut and not found behind it."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        command = [sys.executable, "-c", CONNECT, str(door.getsockname()[1])]
        assert subprocess.run(command, timeout=PATIENCE_S).returncode == 0
        cut = subprocess.run([*way, *command], capture_output=True, encoding="utf-8", timeout=PATIENCE_S)
    assert cut.returncode == 1
    assert "OSError: [Errno" in cut.stderr or "socket.gaierror" in cut.stderr


@pytest.mark.journey
def test_a_display_shows_and_speaks_without_a_network(tmp_path: Path, qtbot: QtBot) -> None:
    """Its player plays into files: what was said is there, as far as this PC has voices."""
    hall = hall_of_today(tmp_path)
    hall.open("2", "C2")
    hall.open("3", "C3")
    hall.queue("A", "A")
    config, heard, player = tmp_path / "config", tmp_path / "heard", tmp_path / "bin" / "paplay"
    heard.mkdir()
    player.parent.mkdir()
    player.write_text(NULL_PLAYER.format(heard=heard), encoding="utf-8")
    player.chmod(0o755)
    own = {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(config), "QT_QPA_PLATFORM": "offscreen"}
    path = {"PATH": os.pathsep.join([str(player.parent), os.environ["PATH"]])}
    command = [*ways()[0], sys.executable, "-m", "queuedesk", "--db", str(hall.path), "display"]

    def announced(window: str) -> Callable[[], list[AnnouncementReport]]:
        """Call somebody to `window` now; return what says what became of the call."""
        hall.clock.now = datetime.now(UTC)
        hall.call(window)
        seq = hall.log()[-1].seq
        return lambda: announcing.announcement_reports_of_call(hall.desk, seq)

    display = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own, **path})
    try:
        # Only what is called after the voice is there is spoken; a call that is shown then proves that it is.
        qtbot.waitUntil(lambda: bool(list(config.glob("*/voice.lock"))))
        first = announced("2")
        qtbot.waitUntil(lambda: any(note.shown for note in first()))
        second = announced("3")
        qtbot.waitUntil(lambda: any(note.shown and note.link for note in second()))
    finally:
        display.terminate()
        status = display.wait(timeout=PATIENCE_S)

    assert status == 0
    with VoiceChain() as chain:
        voices = chain.available_languages()
    (note,) = second()
    assert (note.spoken is not None, note.is_silent) == (bool(voices), not voices)
    if voices:
        assert max(length_s(file) for file in heard.iterdir()) > SHORTEST_CALL_S
