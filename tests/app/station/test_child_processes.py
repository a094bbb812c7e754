"""Stations of a live demo end with it, also when it is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from queuedesk.app.station.processes import LEAVES_TOO
from tests.bounded import PATIENCE_S
from tests.hall import make_hall

ROOT = Path(__file__).resolve().parents[3]
# Opens one station, says its process id and waits to be killed.
OPENER = """
import sys, time
from queuedesk.app.station.processes import open_station
print(open_station(["--db", sys.argv[1], "display"]).pid, flush=True)
time.sleep(120)
"""


@pytest.mark.journey
def test_a_station_ends_when_the_one_who_opened_it_is_killed(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", OPENER, str(hall.path)], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    ) as opener:
        assert opener.stdout is not None
        station = int(opener.stdout.readline())
        os.kill(station, 0)  # it runs
        opener.kill()
        # The station has the pipe too: this comes back only when both have gone.
        opener.communicate(timeout=PATIENCE_S)
        assert opener.returncode != 0
    assert LEAVES_TOO not in os.environ
