"""Stations that work where there is no network at all."""

import os
import socket
import subprocess
import sys
import wave
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from queuedesk.desk.talk import announcing
from queuedesk.desk.talk.announcing import Announced
from queuedesk.i18n import _, n_
from queuedesk.stations.counter import station
from queuedesk.stations.counter.station import CounterView
from queuedesk.voice.engines import Chain
from tests.bounded import PATIENCE_S
from tests.every_day import walked_in
from tests.hall import hall_of_today, make_hall
from tests.journeys.hands import Hands, until
from tests.journeys.stations.talk import Talk, story_of
from tests.offline import ways
from tests.processes import ROOT


def hands(path: str, picture: str, lang: str) -> None:
    clerk = Hands(station, "counter", Path(path), lang=lang)
    page, press, click = clerk.page, clerk.press, clerk.click
    assert isinstance(page, CounterView)

    def shows(word: str) -> None:
        until(lambda: page.stage.primary.text() == word and not page.controller.busy, word)

    call, start, finish = _("Call next"), _("Customer is here: start"), _("Finish")
    click(page.sign_in.windows["3"])
    until(lambda: "C3" in page.sign_in.names, "the names")
    click(page.sign_in.names["C3"])
    shows(call)
    click(page.stage.primary)
    shows(start)
    recalled = n_("Recall · called once", "Recall · called {n} times", 2)
    press(Qt.Key.Key_F2)
    until(lambda: page.stage.buttons["recall"].text() == recalled, "the recall")
    press(Qt.Key.Key_Space)
    shows(finish)
    press(Qt.Key.Key_F4)
    until(lambda: page.asking.is_open, "the reasons")
    press(Qt.Key.Key_2)
    press(Qt.Key.Key_Return)
    shows(call)
    until(lambda: len(page.rail.rows) == 1, "the one set aside")
    click(next(iter(page.rail.rows.values())).button())
    shows(finish)
    press(Qt.Key.Key_F9)
    shows(start)
    press(Qt.Key.Key_Space)
    shows(finish)
    clerk.picture(Path(picture))
    press(Qt.Key.Key_Space)
    until(lambda: page.stage.primary.text() == _("Nobody to call now"), "no one waiting")
    press(Qt.Key.Key_F11)
    until(lambda: page.signing_in.active, "the sign-in")

    clerk.leave()


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
@pytest.mark.parametrize("lang", walked_in("en"))
def test_a_clerk_serves_two_customers_by_keys_and_clicks_without_a_network(tmp_path: Path, lang: str) -> None:
    hall = make_hall(tmp_path, time="10:40")
    hall.queue("A", "B")
    picture = tmp_path / "counter.png"

    with Talk(hands, hall.path, picture, lang, home=tmp_path, before=ways()[0]) as counter:
        counter.end()

    log = [e for e in hall.log() if e.actor == "C3"]
    assert story_of(log) == (
        "open, call A001, recall A001, start A001, park A001, unpark A001, finish A001, "
        "call B001, start B001, finish B001, close"
    )
    assert {e.window for e in log} == {"3"}
    assert log[4].data["reason"] == "copying"
    assert picture.stat().st_size > 10_000


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

    def announced(window: str) -> Callable[[], list[Announced]]:
        """Call somebody to `window` now; return what says what became of the call."""
        hall.clock.now = datetime.now(UTC)
        hall.call(window)
        seq = hall.log()[-1].seq
        return lambda: announcing.announced(hall.desk, seq)

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
    with Chain() as chain:
        voices = chain.available_languages()
    (note,) = second()
    assert (note.spoken is not None, note.is_silent) == (bool(voices), not voices)
    if voices:
        assert max(length_s(file) for file in heard.iterdir()) > SHORTEST_CALL_S
