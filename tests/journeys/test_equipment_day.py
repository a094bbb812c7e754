"""A hall whose voice, player, printer and display are killed in turn loses no call, no slip and no outage."""

from pathlib import Path

import pytest

from tests.journeys.equipment_run import run

CALLS = 5
OUTAGES = {("engine", "died"), ("engine", "hung"), ("player", "died"), ("printer", "offline")}
OUTAGES |= {("display", "crashed"), ("voice", "crashed")}


@pytest.mark.journey
@pytest.mark.usefixtures("qapp")
def test_what_is_killed_comes_back_and_nothing_is_lost(tmp_path: Path) -> None:
    done = run(tmp_path, CALLS)
    assert done.lost == []
    assert (done.calls, done.shown, done.printed) == (CALLS, CALLS, CALLS)
    assert done.said + done.silent == CALLS
    assert done.told > 0
    assert set(done.outages) >= OUTAGES
