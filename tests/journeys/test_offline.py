"""A display that works where there is no network at all, as a clerk does in stations/test_counter_by_keys.py."""

import os
import socket
import subprocess
import sys
import wave
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.desk.talk import announcing
from queuedesk.desk.talk.announcing import AnnouncementReport
from queuedesk.voice.engines import VoiceChain
from tests.bounded import PATIENCE_S
from tests.hall import hall_of_today
from tests.offline import ways
from tests.processes import ROOT

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
