"""A short day of the long run: some stations at work, one of them killed (a display: test_equipment_day.py)."""

from pathlib import Path

import pytest

from tests.journeys.thirty_days import run


@pytest.mark.journey
def test_a_day_with_a_kill_passes_and_nothing_told_is_lost(tmp_path: Path) -> None:
    done = run(tmp_path, 1, stations=("guide", "counter-5"), has_display=False, seed=2, day_s=7.0, night_s=1.0, kills=1)
    assert done.lost == []
    assert (done.days, done.day_ends, done.reports, done.backups) == (1, 1, 1, 1)
    assert done.answers > done.tickets > 0
    assert set(done.kills) == {"guide"}
