"""Bringing a hall up to date is killed, and it is whole all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.killed_upgrade import is_whole

ROOT = Path(__file__).resolve().parents[2]
OLDEST, POINTS = "0001", 8


@pytest.mark.journey
def test_killed_before_any_statement_it_is_brought_up_to_date_the_next_time(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "tests.journeys.killed_upgrade", OLDEST, str(POINTS), str(tmp_path)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=100)
    halls = [Path(hall) for hall in done.stdout.splitlines()]

    assert len(halls) == POINTS, done.stderr
    assert [hall for hall in halls if not is_whole(hall, OLDEST)] == []
