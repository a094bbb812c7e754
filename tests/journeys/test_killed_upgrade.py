"""Bringing a hall up to date is killed, and it is whole all the same."""

from pathlib import Path

import pytest

from tests.every_day import SEES_ALL
from tests.journeys.killed_upgrade import is_whole
from tests.processes import ran

OLDEST, POINTS = "0001", 12 if SEES_ALL else 4


@pytest.mark.journey
def test_killed_before_any_statement_it_is_brought_up_to_date_the_next_time(tmp_path: Path) -> None:
    done = ran("-m", "tests.journeys.killed_upgrade", OLDEST, POINTS, tmp_path)
    halls = [Path(hall) for hall in done.stdout.splitlines()]
    assert len(halls) == POINTS, done.stderr
    assert [hall for hall in halls if not is_whole(hall, OLDEST)] == []
