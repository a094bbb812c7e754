"""Stations of a live demo end with it, also when it is killed; what counts beside a station stops with it."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from queuedesk.app.station.processes import LEAVES_TOO, call_when_opener_exits
from tests.bounded import PATIENCE_S
from tests.hall import make_hall
from tests.processes import at_home

ROOT = Path(__file__).resolve().parents[3]
# Opens one station, says its process id and waits to be killed.
OPENER = """
import sys, time
from queuedesk.app.station.processes import start_station_process
print(start_station_process(["--db", sys.argv[1], "display"]).pid, flush=True)
time.sleep(120)
"""


@pytest.mark.journey
def test_a_station_ends_when_the_one_who_opened_it_is_killed(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    env, line = at_home(tmp_path, QT_QPA_PLATFORM="offscreen"), [sys.executable, "-c", OPENER, str(hall.path)]
    with subprocess.Popen(line, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as opener:
        station = int(opener.stdout.readline())
        os.kill(station, 0)  # it runs
        opener.kill()
        # The station has the pipe too: this comes back only when both have gone.
        opener.communicate(timeout=PATIENCE_S)
        assert opener.returncode != 0
    assert LEAVES_TOO not in os.environ


def test_without_a_line_an_empty_input_means_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LEAVES_TOO, raising=False)
    told: list[bool] = []
    call_when_opener_exits(lambda: told.append(True))
    assert told == []
    assert not [one for one in threading.enumerate() if one.name == "company"]
