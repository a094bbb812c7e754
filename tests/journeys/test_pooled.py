"""Two counters and a lobby board behind PgBouncer, for some customers (long: `python -m tests.journeys.pooled_run`)."""

from pathlib import Path

import pytest

from tests.journeys.pooled_run import MODES, SEEN_WITHIN_S, run

# Each statement that a customer needs is sent more often than the driver waits before it has it prepared.
CUSTOMERS = 8


@pytest.mark.journey
@pytest.mark.parametrize("mode", MODES)
def test_stations_work_behind_a_pooler(tmp_path: Path, mode: str) -> None:
    hall = run(mode, tmp_path, lambda served: served < CUSTOMERS, processes=1)
    assert max(hall.waits_s) < SEEN_WITHIN_S + hall.late_s()
