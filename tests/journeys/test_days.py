"""A short day of each long run: stations, voice, player, printer and display are killed, and nothing that was told is
lost.
"""

from pathlib import Path

import pytest

from tests.journeys import equipment_run, thirty_days


@pytest.mark.journey
def test_a_day_with_a_kill_passes_and_nothing_told_is_lost(tmp_path: Path) -> None:
    done = thirty_days.run(
        tmp_path, 1, stations=("guide", "counter-5"), has_display=False, seed=2, day_s=7.0, night_s=1.0, kills=1
    )
    assert done.lost == []
    assert (done.days, done.day_ends, done.reports, done.backups) == (1, 1, 1, 1)
    assert done.answers > done.tickets > 0
    assert set(done.kills) == {"guide"}


CALLS = 5
OUTAGES = {("engine", "died"), ("engine", "hung"), ("player", "died"), ("printer", "offline")}
OUTAGES |= {("display", "crashed"), ("voice", "crashed")}


@pytest.mark.journey
@pytest.mark.usefixtures("qapp")
def test_what_is_killed_comes_back_and_nothing_is_lost(tmp_path: Path) -> None:
    done = equipment_run.run(tmp_path, CALLS)
    assert done.lost == []
    assert (done.calls, done.shown, done.printed) == (CALLS, CALLS, CALLS)
    assert done.said + done.silent == CALLS
    assert done.told > 0
    assert set(done.outages) >= OUTAGES
