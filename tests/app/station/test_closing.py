"""A station that is closed: its window goes at once, what it promised is done behind it, what only the window wanted to
know is left."""

import os
import time

import pytest

from tests.bounded import PATIENCE_S
from tests.cli.commands import ROOT
from tests.hall import make_hall
from tests.processes import Loaded

pytestmark = pytest.mark.waits

PROMISED_S, READING_S = 1.5, 300
STATION = f"""
import sys, time
from PySide6.QtCore import QTimer
from queuedesk.app.station import station_process
from queuedesk.app.main import main

build = station_process.build_station

def say(*words):
    print(time.monotonic(), *words, flush=True)

def promised():
    time.sleep({PROMISED_S})
    say("promised")

def built(*given, **named):
    station = build(*given, **named)
    window, lanes = station.window, station.context.tasks

    def hidden(event):
        say("hidden")
        type(window).hideEvent(window, event)

    def work():
        lanes.run_long(promised, print, print)
        lanes.run_aside(lambda: time.sleep({READING_S}), print, print, may_drop=True)
        QTimer.singleShot(300, close)

    def close():
        say("closing")
        window.close_anyway()

    window.hideEvent = hidden
    QTimer.singleShot(300, work)
    return station

station_process.build_station = built
sys.exit(main())
"""


def test_the_window_goes_at_once_and_what_was_promised_is_done(tmp_path):
    hall = make_hall(tmp_path)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    program = Loaded(["-c", STATION, "--db", hall.path, "guide"], environment)
    try:
        out, err = program.communicate(timeout=PATIENCE_S)
        ended = time.monotonic()
    finally:
        program.kill()
        program.wait()

    said = {words: float(when) for when, _blank, words in (line.partition(" ") for line in out.splitlines())}
    assert (program.returncode, err) == (0, "")
    assert list(said) == ["closing", "hidden", "promised"]
    assert said["hidden"] - said["closing"] < 0.3
    assert ended - said["promised"] < 30
